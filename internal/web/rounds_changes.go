package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
)

// changesData is the page Changes: what changed between two moments, and by whom.
type changesData struct {
	Since plan.Moment `json:"since"`
	Until plan.Moment `json:"until"`
	plan.Between
	Party string `json:"party,omitempty"`

	sc       scene
	moments  []plan.Moment // to choose from
	problems []ui.Problem
	asked    bool
}

// changesPage tells what changed between two moments.
func (s *Server) changesPage(w http.ResponseWriter, r *http.Request, v visit) {
	f := r.URL.Query()
	d := changesData{sc: s.scene(r, v), Party: f.Get("party"), asked: f.Has("from")}
	d.Rows, d.Sums = []plan.ElementChange{}, []plan.PartyDeeds{}
	v.group.View(func(p *plan.State) { d.moments = p.Course() })
	d.Since.Name, d.Until.Name = f.Get("from"), f.Get("to")
	if !d.asked { // since the moment before now, if there is one
		d.Since.Name = d.moments[max(0, len(d.moments)-2)].Name
		d.asked = len(d.moments) > 1
	}
	if d.Until.Name == "" {
		d.Until.Name = "now"
	}
	status := http.StatusOK
	if d.asked {
		offset, _ := strconv.Atoi(f.Get("offset"))
		q := plan.BetweenQuery{Party: party.Code(d.Party), Offset: offset}
		err := v.group.Then(r.Context(), []string{d.Since.Name, d.Until.Name}, func(_ *plan.State, then []chancery.Then) {
			d.Since, d.Until, d.Between = then[0].Moment, then[1].Moment, then[0].Plan.Changed(then[1].Plan, q)
		})
		if field, wrong := momentWrong(err, d.Since.Name); wrong {
			status = http.StatusUnprocessableEntity
			d.problems = []ui.Problem{{Field: field, Words: locale.T(r.Context(), "moment.wrong")}}
		} else if err != nil {
			s.fail(w, r, v, err)
			return
		}
	}
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return changesView(f, d) })
}

// momentWrong says which field names no moment.
func momentWrong(err error, from string) (field string, wrong bool) {
	var e *plan.MomentError
	if !errors.As(err, &e) {
		return "", false
	}
	if e.Name == from {
		return "from", true
	}
	return "to", true
}

// at is the address of the page with something changed.
func (d changesData) at(change ...string) string {
	q := url.Values{"from": {d.Since.Name}, "to": {d.Until.Name}}
	if d.Party != "" {
		q.Set("party", d.Party)
	}
	for i := 0; i+1 < len(change); i += 2 {
		if q.Del(change[i]); change[i+1] != "" {
			q.Set(change[i], change[i+1])
		}
	}
	return d.sc.base + "/changes?" + q.Encode()
}

// partyTabs are the parties by whose acts the rows are filtered.
func (d changesData) partyTabs(p *locale.Printer) []ui.Tab {
	out := []ui.Tab{{Href: d.at("party", ""), Words: p.T("open.all"), Here: d.Party == ""}}
	if len(d.sc.charter.Parties) > partyColours {
		return out
	}
	for _, m := range d.sc.charter.Parties {
		out = append(out, ui.Tab{Href: d.at("party", string(m.Code)), Words: p.F("changes.by", locale.Args{"Party": d.sc.name(m.Code)}), Here: d.Party == string(m.Code)})
	}
	return out
}

// momentWords names a moment in a line.
func momentWords(ctx context.Context, m plan.Moment) string { return momentSaid(ctx, m, locale.Moment) }

// momentSaid names a moment, with its time as given by hour.
func momentSaid(ctx context.Context, m plan.Moment, hour func(context.Context, time.Time) string) string {
	switch {
	case m.Round != "" && m.Step == act.RoundOpens.String():
		return locale.F(ctx, "moment.opened", locale.Args{"Ref": m.Round.Display(), "When": hour(ctx, when(m.At))})
	case m.Round != "":
		return locale.F(ctx, "moment.closed", locale.Args{"Ref": m.Round.Display(), "When": hour(ctx, when(m.At))})
	case m.Now && m.At == 0:
		return locale.T(ctx, "moment.now")
	case m.By != nil:
		return locale.F(ctx, "moment.act", locale.Args{"Party": string(m.By.Party), "N": locale.Int(int(m.By.Place.Ordinal) + 1), "When": hour(ctx, when(m.At))})
	}
	return locale.Deadline(ctx, when(m.At))
}

// didKey names what somebody did to an element.
func didKey(d plan.Deed) locale.Key {
	if d.What == plan.DidReserve && d.Sort == act.Scrutiny.String() {
		return "did.scrutiny"
	}
	if key, ok := didKeys[d.What]; ok {
		return key
	}
	return "did.reworded"
}

var didKeys = map[string]locale.Key{
	plan.DidAdd: "did.added", plan.DidReword: "did.reworded", plan.DidCounter: "did.countered", plan.DidOffer: "did.offered", plan.DidReopen: "did.reopened",
	plan.DidRemoval: "did.removal", plan.DidAccept: "did.accepted", plan.DidAgree: "did.agreed", plan.DidStrike: "did.removed", plan.DidWithdraw: "did.withdrawn",
	plan.DidReserve: "did.reserved", plan.DidLift: "did.lifted", plan.DidRefer: "did.referred", plan.DidCertify: "did.certified", plan.DidReport: "did.reported",
	plan.DidOpenRound: "did.opened", plan.DidEndRound: "did.closed", plan.DidObserve: "did.observed", plan.DidDispute: "did.disputed",
}

// bracketsMoved says how the number of brackets changed.
func bracketsMoved(p *locale.Printer, r plan.ElementChange) string {
	switch a, b := r.Brackets[0], r.Brackets[1]; {
	case a == b:
		return ""
	case a < b:
		return p.N("changes.more", b-a)
	default:
		return p.N("changes.fewer", a-b)
	}
}

// The moment of a page of the plan: the text as it stood.

// A thenData is the moment that a page was asked for; Moment is nil for now.
type thenData struct {
	Moment *plan.Moment `json:"moment,omitempty"`
}

// past reports whether the page shows another moment than now.
func (d thenData) past() bool { return d.Moment != nil }

// momentAsked is the moment that a query names at “at”, if that is not the reference of an element.
func momentAsked(f url.Values) string {
	at := f.Get("at")
	if _, err := act.ParseRef(at); err == nil || at == "now" {
		return ""
	}
	return at
}

// viewAt calls f with the plan as it stood at a moment, or as it is where none is named.
func viewAt(r *http.Request, v visit, moment string, f func(*plan.State)) (thenData, error) {
	if moment == "" {
		v.group.View(f)
		return thenData{}, nil
	}
	var d thenData
	err := v.group.Then(r.Context(), []string{moment}, func(_ *plan.State, then []chancery.Then) {
		d.Moment = &then[0].Moment
		f(then[0].Plan)
	})
	var wrong *plan.MomentError
	if errors.As(err, &wrong) {
		err = chancery.ErrWithheld
	}
	return d, err
}

// otherMoments are the ends of rounds, latest first, and now: where else a page of the past leads.
func otherMoments(v visit) (out []plan.Moment) {
	v.group.View(func(p *plan.State) { out = p.Course() })
	slices.Reverse(out)
	return out
}
