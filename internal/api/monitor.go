package api

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/national"
	"entente/plan"
)

// AskMonitor says of which day verdicts are asked for, and what counts as known.
type AskMonitor struct {
	On    string `json:"on,omitempty" doc:"the day that the verdicts are of; none for today"`
	Known string `json:"known,omitempty" doc:"only what was known by the end of this day counts; none for all that is known now"`
	By    string `json:"by,omitempty" doc:"known in which sense: entered (by the clock of who entered it) or reported; none for entered"`
	At    string `json:"at,omitempty" doc:"as the plan stood at a moment: R-2.closed, a time such as 2017-12-12T10:00, an act such as US:12"`
}

// A MonitorDesk is what is watched, as pages and commands see it: with the readings of the national
// margin, for who is seated in this party's delegation.
type MonitorDesk struct {
	Chancery *chancery.Chancery
	Margins  *national.Margins // nil where there is none
}

// Moment reads of which day verdicts are asked for.
func (d MonitorDesk) Moment(ask AskMonitor) (m compliance.Moment, err error) {
	m.On = act.Date(d.Chancery.Now().UTC().Format(time.DateOnly))
	if ask.On != "" {
		if m.On, err = act.ParseDate(ask.On); err != nil {
			return m, badRequest("%v.", err)
		}
	}
	if ask.Known == "" {
		if ask.By != "" && ask.By != compliance.KnownNow.String() {
			return m, badRequest("Say by which day it was known: known=2016-12-01.")
		}
		return m, nil
	}
	if m.By, err = act.ParseDate(ask.Known); err != nil {
		return m, badRequest("%v.", err)
	}
	m.Known = compliance.KnownEntered
	if ask.By != "" {
		if m.Known, err = compliance.ParseKnown(ask.By); err != nil {
			return m, badRequest("%v.", err)
		}
	}
	return m, nil
}

// Look calls f with the plan, with the book of what is observed in it, and with the moment asked for.
// The book has the readings of the national margin in it for who may see them. As with View, f takes
// copies of what it needs.
func (d MonitorDesk) Look(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskMonitor, f func(*plan.State, *compliance.Book, compliance.Moment)) error {
	m, err := d.Moment(ask)
	if err != nil {
		return err
	}
	kept := d.kept(g, who)
	if ask.At == "" {
		g.Watch(func(p *plan.State, b *compliance.Book) { f(p, d.with(g, p, b, kept), m) })
		return nil
	}
	err = g.Then(ctx, []string{ask.At}, func(_ *plan.State, then []chancery.Then) {
		p := then[0].Plan
		f(p, d.with(g, p, compliance.NewBook(p), nil), m)
	})
	return momentFault(err)
}

// kept lists the readings of the national margin that the person may see.
func (d MonitorDesk) kept(g *chancery.Group, who chancery.Who) []national.Entry {
	if d.Margins == nil || !g.Seats(who) {
		return nil
	}
	return d.Margins.Readings(g.ID())
}

// with puts readings of the margin beside those of a book.
func (d MonitorDesk) with(g *chancery.Group, p *plan.State, b *compliance.Book, kept []national.Entry) *compliance.Book {
	var extra []compliance.Extra
	for _, e := range kept {
		if ref := watchedBy(p, e.Element); ref != "" {
			extra = append(extra, compliance.Extra{Agreement: ref, Party: g.Self(), By: e.By, At: e.At.UnixMilli(), Reading: *e.Reading, Source: *e.Source})
		}
	}
	if len(extra) == 0 {
		return b
	}
	return b.With(extra)
}

// watchedBy is the agreement or the programme that an element is, or stands under; none where it is
// neither.
func watchedBy(p *plan.State, ref act.Ref) act.Ref {
	for range 2 {
		e := p.Element(ref)
		if e == nil {
			return ""
		}
		if k := e.Kind(); k == act.Agreement || k == act.Programme {
			return ref
		}
		ref = e.Parent()
	}
	return ""
}

// Boards tell how it stands with every agreement of a group.
func (d MonitorDesk) Boards(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskMonitor) (out []compliance.Board, err error) {
	err = d.Look(ctx, g, who, ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) { out = b.Boards(p, m, g.Self()) })
	return out, err
}

// Board tells how it stands with one agreement.
func (d MonitorDesk) Board(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskMonitor) (out compliance.Board, err error) {
	here := false
	err = d.Look(ctx, g, who, ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) { out, here = b.Board(p, ref, m, g.Self()) })
	return out, withheld(err, here)
}

// Obligation tells all about an obligation, or a milestone.
func (d MonitorDesk) Obligation(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskMonitor) (out compliance.Obligation, err error) {
	here := false
	err = d.Look(ctx, g, who, ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		out, here = b.Obligation(p, ref, m, g.Self())
	})
	return out, withheld(err, here)
}

// Programmes tell how it stands with every programme that a group follows.
func (d MonitorDesk) Programmes(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskMonitor) (out []compliance.Programme, err error) {
	err = d.Look(ctx, g, who, ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) { out = b.Programmes(p, m, g.Self()) })
	return out, err
}

// Programme tells all about a programme that is followed.
func (d MonitorDesk) Programme(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskMonitor) (out compliance.Programme, err error) {
	here := false
	err = d.Look(ctx, g, who, ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		out, here = b.Programme(p, ref, m, g.Self())
	})
	return out, withheld(err, here)
}

// A MonitorCalendar tells which reports are expected in a group, and which disputes run.
type MonitorCalendar struct {
	Moment   compliance.Moment     `json:"moment"`
	Expected []compliance.Expected `json:"expected"`
	Disputes []compliance.Dispute  `json:"disputes"`
}

// Calendar tells what is expected and what runs.
func (d MonitorDesk) Calendar(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskMonitor) (out MonitorCalendar, err error) {
	err = d.Look(ctx, g, who, ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		out = MonitorCalendar{m, b.Calendar(p, m), []compliance.Dispute{}}
		for _, x := range b.Disputes(p, m) {
			if x.Runs {
				out.Disputes = append(out.Disputes, x)
			}
		}
	})
	return out, err
}

// AskTry is a rule to be tried on the readings that there are, before it is proposed.
type AskTry struct {
	Parent string    `json:"parent" doc:"the agreement or the programme"`
	Watch  *AskWatch `json:"watch"`
	AskMonitor
}

// Try tells what a rule would give. Nothing is sent, and nothing is kept.
func (d MonitorDesk) Try(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskTry) (out compliance.Trial, err error) {
	ref, err := ParseRef(ask.Parent)
	if err != nil {
		return out, err
	}
	if ask.Watch == nil {
		return out, badRequest("Say what is watched, and by which rule. Nothing was done.")
	}
	w, err := ask.Watch.watch()
	if err != nil {
		return out, err
	}
	bad := error(nil)
	err = d.Look(ctx, g, who, ask.AskMonitor, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		e := p.Element(ref)
		if e == nil || e.Kind() != act.Agreement && e.Kind() != act.Programme {
			bad = chancery.ErrWithheld
			return
		}
		kind := act.Obligation
		if e.Kind() == act.Programme {
			kind = act.Milestone
		}
		if out, bad = b.Try(p, ref, p.NextRef(kind, ref), act.Content{Kind: kind, Parent: ref, Watch: w}, m); bad != nil {
			bad = refuse("rule", "The rule cannot be tried: %s Nothing was sent.", bad.Error())
		}
	})
	if err == nil {
		err = bad
	}
	return out, err
}

// withheld is the answer to what is not here, where nothing else went wrong.
func withheld(err error, here bool) error {
	if err == nil && !here {
		return chancery.ErrWithheld
	}
	return err
}

// monitorDesk is what is watched on this server.
func (s *Server) monitorDesk() MonitorDesk { return MonitorDesk{s.Chancery, s.Margin} }

// A BoardsPage tells how it stands with every agreement of a group.
type BoardsPage struct {
	Boards []compliance.Board `json:"boards"`
}

func (s *Server) monitor(r *http.Request, v visit, ask AskMonitor) (out BoardsPage, err error) {
	out.Boards, err = s.monitorDesk().Boards(r.Context(), v.group, v.who, ask)
	return out, err
}

// AskAgreementPage says which part of an agreement's obligations to show.
type AskAgreementPage struct {
	AskMonitor
	Verdict string `json:"verdict,omitempty" doc:"only agreed obligations with this verdict: exceeded, cannot tell and so on"`
	Window
}

// An AgreementPage tells how it stands with one agreement, and with a part of its obligations.
type AgreementPage struct {
	compliance.Board
	Listed int `json:"listed"` // obligations that were asked for, also those that are not shown
}

// Agreement tells how it stands with one agreement, and with the obligations asked for.
func (d MonitorDesk) Agreement(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskAgreementPage) (out AgreementPage, err error) {
	only := compliance.Unjudged
	if ask.Verdict != "" {
		if only, err = act.ParseVerdict(strings.ReplaceAll(ask.Verdict, "-", " ")); err != nil {
			return out, badRequest("%v.", err)
		}
	}
	here := false
	err = d.Look(ctx, g, who, ask.AskMonitor, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		if out.Board, here = b.Board(p, ref, m, g.Self()); here {
			out.Cards, out.Listed = b.Cards(p, ref, m, only, ask.Offset, min(cmp.Or(ask.Limit, plan.DefaultRows), plan.MaxRows))
		}
	})
	return out, withheld(err, here)
}

func (s *Server) agreement(r *http.Request, v visit, ask AskAgreementPage) (out AgreementPage, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	return s.monitorDesk().Agreement(r.Context(), v.group, v.who, ref, ask)
}

func (s *Server) obligation(r *http.Request, v visit, ask AskMonitor) (out compliance.Obligation, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	return s.monitorDesk().Obligation(r.Context(), v.group, v.who, ref, ask)
}

// A ProgrammeList tells how it stands with the programmes that a group follows.
type ProgrammeList struct {
	Programmes []compliance.Programme `json:"programmes"`
}

func (s *Server) programmes(r *http.Request, v visit, ask AskMonitor) (out ProgrammeList, err error) {
	out.Programmes, err = s.monitorDesk().Programmes(r.Context(), v.group, v.who, ask)
	return out, err
}

func (s *Server) programme(r *http.Request, v visit, ask AskMonitor) (out compliance.Programme, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	return s.monitorDesk().Programme(r.Context(), v.group, v.who, ref, ask)
}

func (s *Server) monitorCalendar(r *http.Request, v visit, ask AskMonitor) (MonitorCalendar, error) {
	return s.monitorDesk().Calendar(r.Context(), v.group, v.who, ask)
}

func (s *Server) try(r *http.Request, v visit, ask AskTry) (compliance.Trial, error) {
	return s.monitorDesk().Try(r.Context(), v.group, v.who, ask)
}
