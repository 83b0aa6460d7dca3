package web

import (
	"net/http"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// attestData is the page on which a person sends what this server has computed: the verdicts of today
// on all that is agreed, as a signed act that the others compare with their own.
type attestData struct {
	Agreement act.Ref      `json:"agreement"`
	Display   string       `json:"display"`
	Title     text.Texts   `json:"title"`
	On        act.Date     `json:"on"`
	Digest    act.Hash     `json:"digest"`
	Findings  []attestLine `json:"findings"`

	sc       scene
	problems []ui.Problem
}

// An attestLine is one verdict that would be sent.
type attestLine struct {
	act.Finding
	Title text.Texts `json:"title"`
}

// attestPage shows which verdicts would be sent.
func (s *Server) attestPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.attestOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return attestView(f, d) })
}

// attestOf computes what would be sent now. What the margin holds is not in it.
func (s *Server) attestOf(r *http.Request, v visit) (attestData, error) {
	ref, err := pathRef(r)
	d := attestData{sc: s.scene(r, v), Agreement: ref, Display: ref.Display(), On: s.today(v.group), Findings: []attestLine{}}
	if err != nil {
		return d, err
	}
	if !d.sc.may(act.MayRemark) {
		return d, &chancery.Refused{Rule: "powers", Sentence: orElse(d.sc.held, locale.T(r.Context(), "act.nopowers"))}
	}
	found := false
	v.group.Watch(func(p *plan.State, b *compliance.Book) {
		a, ok := b.Attest(p, ref, d.On)
		if found = ok; !ok {
			return
		}
		d.Digest = a.Digest
		if row, ok := p.Row(ref); ok {
			d.Title = row.Title
		}
		for _, f := range a.Findings {
			line := attestLine{Finding: f}
			if row, ok := p.Row(f.Element); ok {
				line.Title = row.Title
			}
			d.Findings = append(d.Findings, line)
		}
	})
	if !found {
		return d, chancery.ErrWithheld
	}
	return d, nil
}

// attestForm sends the verdicts, if they are still those that the person saw.
func (s *Server) attestForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.attestOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	status := http.StatusConflict
	if r.PostFormValue("digest") != d.Digest.String() || r.PostFormValue("on") != string(d.On) {
		d.problems = []ui.Problem{{Words: locale.T(r.Context(), "attest.moved")}}
	} else {
		_, err := api.Send(r.Context(), v.group, v.who, api.Ask{Act: "attest", Element: string(d.Agreement), On: string(d.On)})
		if err == nil {
			goTo(w, r, d.sc.base+"/monitor?told=attested")
			return
		}
		f := s.faultOf(r, err)
		d.problems, status = []ui.Problem{{Words: f.Message}}, f.status
	}
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return attestView(f, d) })
}

// orElse is the first of two sentences that says anything.
func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
