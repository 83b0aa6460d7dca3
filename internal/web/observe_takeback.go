package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// takeBackData is the page on which a batch of observations is taken back.
type takeBackData struct {
	Batch    string             `json:"batch"`
	N        int                `json:"n"` // readings in it
	Readings []compliance.Point `json:"readings"`
	o        obligationData
	words    wordsField
	problems []ui.Problem
}

// takingBack finds the batch, which is this party's own and stands.
func (s *Server) takingBack(r *http.Request, v visit, batch string) (d takeBackData, err error) {
	if d.o, err = s.obligation(r, v, api.AskMonitor{}); err != nil {
		return d, err
	}
	d.Batch = batch
	d.words = wordsField{name: "words", label: "takeback.words", hint: "deed.words.hint", langs: d.o.sc.langs(), area: true}
	if !d.o.sc.powers.Has(act.MayRemark) {
		return d, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopowers")}
	}
	id, err := act.ParseHash(batch)
	if err != nil {
		return d, chancery.ErrWithheld
	}
	for _, p := range d.o.Points {
		for _, e := range p.Entries {
			if e.ID.Batch == id && e.Party == d.o.sc.code() && !e.Margin {
				d.Readings = append(d.Readings, p)
				break
			}
		}
	}
	if len(d.Readings) == 0 {
		return d, chancery.ErrWithheld
	}
	v.group.View(func(p *plan.State) {
		for _, at := range p.Accounts(d.o.Obligation.Agreement) {
			if b, ok := p.Act(at).Body.(act.Report); ok && p.LeafHash(at) == id {
				d.N = len(b.Readings)
			}
		}
	})
	return d, nil
}

// takeBackPage says what taking back does, before it is done.
func (s *Server) takeBackPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.takingBack(r, v, r.URL.Query().Get("batch"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return takeBackView(f, d) })
}

// takeBackSent takes the batch back.
func (s *Server) takeBackSent(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.takingBack(r, v, r.PostFormValue("batch"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	words, problems := d.words.read(r)
	if d.problems = problems; len(problems) == 0 {
		_, err = api.Send(r.Context(), v.group, v.who, api.Ask{Act: "take-back", Element: string(d.o.Obligation.Agreement), Batches: []string{d.Batch}, Text: api.WordsOf(words)})
		if err == nil {
			goTo(w, r, d.o.at("?told=takenback"))
			return
		}
		if d.problems, _ = s.wrongOf(r, err, nil); d.problems == nil {
			s.fail(w, r, v, err)
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return takeBackView(f, d) })
}

// faultWords is what the interface that commands and pages share has against a request, in the
// reader's language where it has the words.
func faultWords(ctx context.Context, err error) (string, bool) {
	var wrong *api.Fault
	if errors.As(err, &wrong) && wrong.Status < http.StatusInternalServerError {
		return houseSaid(locale.From(ctx), wrong.Message), true
	}
	return "", false
}
