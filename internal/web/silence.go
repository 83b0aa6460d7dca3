package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
)

// elapsed is how much of a silence is over, in hundredths, for its bar.
func elapsed(x plan.Silence, now time.Time) string {
	all, gone := x.Until-x.Revision.At, now.UnixMilli()-x.Revision.At
	if all <= 0 || gone > all {
		return "100"
	}
	return strconv.FormatInt(max(gone, 0)*100/all, 10)
}

// asked is how long a silence was asked for, in milliseconds, with the moments that the sending took
// rounded away.
func asked(ms int64) time.Duration {
	d := time.Duration(ms) * time.Millisecond
	if d > 24*time.Hour {
		return d.Round(time.Hour)
	}
	return d.Round(time.Minute)
}

// lastBroken is the last silence of the element, where it was broken and the text still stands in
// brackets for it.
func (d elementData) lastBroken() (plan.Silence, bool) {
	if len(d.Silences) == 0 || d.Status != plan.InBrackets || d.past() {
		return plan.Silence{}, false
	}
	x := d.Silences[len(d.Silences)-1]
	return x, x.Outcome == plan.SilenceBroken && len(x.Breaks) > 0
}

// silenceOutcome says in one sentence how a silence stands or ended.
func silenceOutcome(ctx context.Context, sc scene, x plan.Silence) string {
	args := locale.Args{"Until": locale.Deadline(ctx, when(x.Until)), "Parties": ""}
	if len(x.Breaks) > 0 {
		args["Party"], args["Time"] = sc.name(x.Breaks[0].Party), locale.Deadline(ctx, when(x.Breaks[0].At))
	}
	switch x.Outcome {
	case plan.SilenceRuns:
		return locale.F(ctx, "outcome.running", args)
	case plan.SilenceAdopted:
		return locale.F(ctx, "outcome.adopted", args)
	case plan.SilenceBroken:
		return locale.F(ctx, "outcome.broken", args)
	case plan.SilenceWithdrawn:
		return locale.F(ctx, "outcome.withdrawn", args)
	case plan.SilenceAwaiting:
		return locale.F(ctx, "outcome.awaiting", args)
	case plan.SilenceNotDelivered:
		args["Parties"] = names(sc, x.NotDelivered)
		return locale.F(ctx, "outcome.notdelivered", args)
	}
	return locale.F(ctx, "outcome.void", args)
}

// names lists parties by name.
func names(sc scene, codes []party.Code) string {
	out := ""
	for i, c := range codes {
		if i > 0 {
			out += ", "
		}
		out += sc.name(c)
	}
	return out
}

// silenceKeys say where a party stands in a silence.
var silenceKeys = map[string]locale.Key{
	plan.SilentAsked: "silent.asked", plan.SilentReceived: "silent.received", plan.SilentLate: "silent.late", plan.SilentUnknown: "silent.unknown",
	plan.SilentAccepted: "silent.accepted", plan.SilentGiven: "silent.given", plan.SilentBroke: "silent.broke",
}

// silenceAgainst says what stands against the end of a silence that is typed: too soon, or a day on
// which some capital does not work.
func (s *Server) silenceAgainst(ctx context.Context, v visit, sc scene, i instant) (out []string) {
	t, ok := i.time()
	if !ok {
		return nil
	}
	if least := sc.charter.Silence.Least; t.Sub(sc.now) < least+least/100 {
		out = append(out, locale.F(ctx, "silence.soon", locale.Args{"Least": left(ctx, least)}))
	}
	v.group.View(func(p *plan.State) {
		for q, m := range sc.charter.Parties {
			loc, err := time.LoadLocation(m.Zone)
			if err != nil {
				continue
			}
			c, local := p.Calendar(uint8(q)), t.In(loc)
			on := act.Date(local.Format(time.DateOnly))
			if c.Rest.Has(local.Weekday()) || slices.ContainsFunc(c.Days, func(h act.Holiday) bool { return h.On == on }) {
				out = append(out, locale.F(ctx, "silence.rest", locale.Args{"Party": sc.name(m.Code)}))
			}
		}
	})
	return out
}

// silenceChip says in a word how a silence stands that does not run.
func silenceChip(outcome string) locale.Key {
	if outcome == plan.SilenceNotDelivered {
		return "chip.notdelivered"
	}
	return "chip.ended"
}

// silenceData is the action sheet of an element's silence procedures, the latest first.
type silenceData struct {
	plan.Item
	Silences []plan.Silence `json:"silences"`
	sc       scene
	data     elementData
}

// silenceRoutes are the action sheets.
func (s *Server) silenceRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/e/{ref}/silence", s.silencePage)
}

// silencePage shows what came of every silence on an element: who had received the text, by whose
// clock, who broke it and why.
func (s *Server) silencePage(w http.ResponseWriter, r *http.Request, v visit) {
	e, err := s.dossier(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := silenceData{Item: e.Item, Silences: slices.Clone(e.Silences), sc: e.sc, data: e}
	if d.Silences == nil {
		d.Silences = []plan.Silence{}
	}
	slices.Reverse(d.Silences)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return silenceView(f, d) })
}

// breakKey says how a silence was broken.
func breakKey(how string) locale.Key {
	switch how {
	case "counter":
		return "break.counter"
	case "other":
		return "break.other"
	case "withdrawal":
		return "break.withdrawal"
	}
	return "break.objection"
}

// hushedNow is what is under silence at that time.
func hushedNow(p *plan.State, now time.Time) map[act.Ref]bool {
	out := map[act.Ref]bool{}
	for _, x := range p.RunningSilences(now.UnixMilli()) {
		if x.Outcome == plan.SilenceRuns {
			out[x.Ref] = true
		}
	}
	return out
}

// mark is how a paragraph of the joint document is marked: one under silence by half.
func (d docData) mark(p plan.Paragraph) ui.TextState {
	if p.Mark == plan.MarkBracket && d.hush[p.Ref] {
		return ui.StateSilence
	}
	return markState(p.Mark)
}
