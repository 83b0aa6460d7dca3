package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// The steps of a dispute that have a page; an extension is proposed, and agreed like any other text.
const (
	disputeStart  = "start"
	disputeReply  = "reply"
	disputeClose  = "close"
	disputeExtend = "extend"
)

// disputeData is the page of a step of a dispute: what it does, before it is done.
type disputeData struct {
	Step    string              `json:"step"`
	Dispute *compliance.Dispute `json:"dispute,omitempty"` // reply, close, extend

	o        obligationData
	on       string
	by       wordsField
	words    wordsField
	stage    string
	days     string
	problems []ui.Problem
}

// disputeRoutes are the steps of a dispute.
func (s *Server) disputeRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/monitor/{ref}/dispute", s.disputePage)
	m.HandleFunc("POST /g/{g}/monitor/{ref}/dispute", s.inGroup(s.disputeSent))
}

// disputing finds the step that an address names, if it can be taken now.
func (s *Server) disputing(r *http.Request, v visit, step string) (d disputeData, err error) {
	if d.o, err = s.obligation(r, v, api.AskMonitor{}); err != nil {
		return d, err
	}
	if d.Step = step; step == "" {
		d.Step = disputeStart
	}
	if d.o.programme() {
		return d, chancery.ErrWithheld
	}
	if !d.o.sc.powers.Has(act.MayPropose) {
		return d, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopowers")}
	}
	d.on = string(s.today(v.group))
	d.by = wordsField{name: "by", label: "dispute.by", hint: "dispute.by.hint", langs: d.o.sc.langs()}
	d.words = wordsField{name: "words", label: "dispute.words", hint: "deed.words.hint", langs: d.o.sc.langs(), area: true, must: d.Step != disputeExtend}
	switch d.Step {
	case disputeStart:
	case disputeReply, disputeClose, disputeExtend:
		d.Dispute = d.o.Dispute
		if d.Dispute == nil || !d.Dispute.Runs {
			return d, &chancery.Refused{Rule: "dispute", Sentence: locale.T(r.Context(), "dispute.gone")}
		}
		if d.Step == disputeExtend && !extendable(*d.Dispute) {
			return d, &chancery.Refused{Rule: "dispute", Sentence: locale.T(r.Context(), "dispute.fixed")}
		}
	default:
		return d, chancery.ErrWithheld
	}
	return d, nil
}

// extendable reports whether some stage can be given more days.
func extendable(x compliance.Dispute) bool {
	for _, st := range x.Stages {
		if mayExtend(st) {
			return true
		}
	}
	return false
}

func mayExtend(st compliance.Running) bool {
	return !st.Fixed && st.Days > 0 && (st.State == compliance.StageRunning || st.State == compliance.StageAhead)
}

func (s *Server) disputePage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.disputing(r, v, r.URL.Query().Get("step"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return disputeView(f, d) })
}

// disputeSent takes the step.
func (s *Server) disputeSent(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.disputing(r, v, r.PostFormValue("step"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	ask := d.read(r)
	if len(d.problems) == 0 {
		var sent []api.Sent
		if sent, err = api.Send(r.Context(), v.group, v.who, ask); err == nil {
			if d.Step == disputeExtend {
				goTo(w, r, d.o.sc.href(sent[0].Element, "?told=sent"))
				return
			}
			goTo(w, r, d.o.at("?told="+disputeTold[d.Step]+"#dispute"))
			return
		}
		if d.problems, _ = s.wrongOf(r, err, map[string]string{"day": "on", "stage": "stage", "fixed": "stage", "stage-over": "stage"}); d.problems == nil {
			s.fail(w, r, v, err)
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return disputeView(f, d) })
}

var disputeTold = map[string]string{disputeStart: "started", disputeReply: "replied", disputeClose: "closed"}

// read takes what was typed, and makes the request of it.
func (d *disputeData) read(r *http.Request) api.Ask {
	p := locale.From(r.Context())
	words, wrong := d.words.read(r)
	d.problems = append(d.problems, wrong...)
	if d.Step == disputeExtend {
		return d.readExtension(r, words)
	}
	by, wrong := d.by.read(r)
	d.problems = append(d.problems, wrong...)
	d.on = strings.TrimSpace(r.PostFormValue("on"))
	if _, err := act.ParseDate(d.on); err != nil {
		d.problems = append(d.problems, ui.Problem{Field: "on", Words: p.T("problem.date")})
	}
	ask := api.Ask{Act: "dispute", Element: string(d.o.Ref), Step: d.Step, On: d.on, By: api.WordsOf(by), Text: api.WordsOf(words)}
	if d.Dispute != nil {
		ask.Dispute = d.Dispute.ID.String()
	}
	return ask
}

// readExtension makes the request for a stage to be given more days: a text that both have to accept.
func (d *disputeData) readExtension(r *http.Request, words text.Texts) api.Ask {
	p := locale.From(r.Context())
	d.stage, d.days = r.PostFormValue("stage"), strings.TrimSpace(r.PostFormValue("days"))
	stage, err := strconv.ParseUint(d.stage, 10, 8)
	var name text.Texts
	for _, st := range d.Dispute.Stages {
		if err == nil && st.N == int(stage) && mayExtend(st) {
			name = st.Name
		}
	}
	if len(name) == 0 {
		d.problems = append(d.problems, ui.Problem{Field: "stage", Words: p.T("dispute.problem.stage")})
	}
	days, err := strconv.ParseUint(d.days, 10, 32)
	if err != nil || days == 0 || days > act.MaxDays {
		d.problems = append(d.problems, ui.Problem{Field: "days", Words: p.T("dispute.problem.days")})
	}
	parent := string(d.o.Ref)
	title := api.Words{}
	for _, l := range d.o.sc.langs() {
		if n, ok := name.Get(l); ok {
			title[string(l)] = n
		}
	}
	return api.Ask{Act: "table", Kind: act.Extension.String(), Parent: &parent, Title: title, Text: api.WordsOf(words),
		Extends: &api.AskExtends{Dispute: d.Dispute.ID.String(), Stage: uint8(stage), Days: uint32(days)}}
}

// stageOptions are the stages that can be given more days.
func (d disputeData) stageOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, st := range d.Dispute.Stages {
		if mayExtend(st) {
			n := strconv.Itoa(st.N)
			label := n + ". " + d.o.sc.best(st.Name).Text
			if st.End != "" {
				label += ", " + fullDay(locale.From(ctx), string(st.End))
			}
			out = append(out, ui.Option{Value: n, Label: label, On: d.stage == n})
		}
	}
	return out
}

// heading names the step.
func (d disputeData) heading(p *locale.Printer) string {
	switch d.Step {
	case disputeReply:
		return p.T("dispute.reply")
	case disputeClose:
		return p.T("dispute.close")
	case disputeExtend:
		return p.T("dispute.extend")
	}
	return p.T("dispute.start")
}

// effect says what the step does.
func (d disputeData) effect(p *locale.Printer) string {
	switch d.Step {
	case disputeReply:
		return p.T("dispute.reply.effect")
	case disputeClose:
		return p.T("dispute.close.effect")
	case disputeExtend:
		return p.T("dispute.extend.effect")
	}
	return p.T("dispute.start.effect")
}

// button says the act and its effect.
func (d disputeData) button(p *locale.Printer) string {
	args := locale.Args{"Ref": alongLine(p, d.o.Display)}
	switch d.Step {
	case disputeReply:
		return p.F("dispute.reply.button", args)
	case disputeClose:
		return p.F("dispute.close.button", args)
	case disputeExtend:
		return p.F("dispute.extend.button", args)
	}
	return p.F("dispute.start.button", args)
}

// firstEnd is when the first stage would end, if the dispute began on the day that is typed: by the
// clocks of both capitals.
func (d disputeData) firstEnd() (compliance.Running, time.Time, bool) {
	if d.Step != disputeStart || len(d.o.Procedure) == 0 || d.o.Procedure[0].Days == 0 {
		return compliance.Running{}, time.Time{}, false
	}
	on, err := time.Parse(time.DateOnly, d.on)
	return d.o.Procedure[0], on.AddDate(0, 0, d.o.Procedure[0].Days+1), err == nil
}
