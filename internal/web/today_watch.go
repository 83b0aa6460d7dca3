package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// What Today says of what is watched: verdicts that changed within the last days, and what is exceeded;
// disputes whose clock runs; reports that are overdue.

// A watchToday is what is watched in one group, as far as it needs somebody.
type watchToday struct {
	Turned   []turnedVerdict       `json:"turned,omitempty"` // exceeded, or another verdict than some days ago
	All      int                   `json:"all"`              // how many there are of them
	Disputes []compliance.Dispute  `json:"disputes,omitempty"`
	Overdue  []compliance.Expected `json:"overdue,omitempty"`
	Ahead    []compliance.Expected `json:"ahead,omitempty"` // reports that are expected soon
	Late     int                   `json:"late"`            // how many are overdue
}

// A turnedVerdict is a verdict that somebody should know of.
type turnedVerdict struct {
	Ref     act.Ref             `json:"ref"`
	Title   text.Texts          `json:"title"`
	Verdict act.Verdict         `json:"verdict"`
	Was     act.Verdict         `json:"was,omitempty"` // some days ago; none where it is the same
	Because compliance.Sentence `json:"because"`
	On      act.Date            `json:"on,omitempty"`
}

const (
	turnedDays    = 7       // how far back a change of a verdict is news
	aheadDays     = 31      // and how far ahead a report is a date of Today
	maxLookedBack = 200_000 // readings in a group up to which Today looks back: more are told on the monitor
)

// A watchKept is what was found for one state of a group and one day.
type watchKept struct {
	at  uint64
	day act.Date
	watchToday
}

// watchedToday is what Today says of a group; it is computed anew when the group has changed, or the day.
func (s *Server) watchedToday(g *chancery.Group) watchToday {
	at, today := g.Version()+1, act.Date(s.now().UTC().Format(time.DateOnly))
	if k, ok := s.watched.Load(g.ID()); ok && k.(watchKept).at == at && k.(watchKept).day == today {
		return k.(watchKept).watchToday
	}
	k := watchKept{at: at, day: today}
	g.Watch(func(p *plan.State, b *compliance.Book) { k.watchToday = watchOf(p, b, today) })
	s.watched.Store(g.ID(), k)
	return k.watchToday
}

func watchOf(p *plan.State, b *compliance.Book, today act.Date) (out watchToday) {
	if len(b.Agreements()) == 0 {
		return out
	}
	m := compliance.Today(today)
	back := dayAfter(today, -turnedDays)
	then := compliance.Moment{On: back, Known: compliance.KnownEntered, By: back}
	for _, ref := range b.Agreements() {
		was := map[act.Ref]act.Verdict{}
		if b.Readings() <= maxLookedBack {
			for _, f := range b.Verdicts(ref, then) {
				was[f.Element] = f.Verdict
			}
		}
		for _, f := range b.Verdicts(ref, m) {
			before, known := was[f.Element]
			if f.Verdict == act.Exceeded || known && before != f.Verdict && !calmed(before, f.Verdict) {
				out.Turned = append(out.Turned, turnedVerdict{Ref: f.Element, Verdict: f.Verdict, Was: before})
			}
		}
	}
	out.All = len(out.Turned)
	slices.SortStableFunc(out.Turned, func(x, y turnedVerdict) int { return cmp.Compare(gravity(x.Verdict), gravity(y.Verdict)) })
	out.Turned = out.Turned[:min(len(out.Turned), todayItems)]
	for i := range out.Turned {
		out.Turned[i].tell(p, b, m)
	}
	out.Disputes = b.Disputes(p, m)
	out.expected(b.Calendar(p, m), today)
	return out
}

// calmed reports whether a change of a verdict only says that more is known, and all is well.
func calmed(before, now act.Verdict) bool {
	return (before == act.CannotTell || before == act.NotYetDue) && (now == act.Within || now == act.NotYetDue || now == act.Expired)
}

// tell fills in what is said of a verdict.
func (x *turnedVerdict) tell(p *plan.State, b *compliance.Book, m compliance.Moment) {
	if x.Was == x.Verdict {
		x.Was = 0
	}
	if f, ok := b.Finding(p, x.Ref, m); ok {
		x.Because, x.On = f.Because, f.On
	}
	if row, ok := p.Row(x.Ref); ok {
		x.Title = row.Title
	}
}

// expected parts the calendar of reports into those that are late and those that are expected soon.
func (w *watchToday) expected(list []compliance.Expected, today act.Date) {
	for _, e := range list {
		switch {
		case e.Overdue > 0:
			if w.Late++; len(w.Overdue) < todayItems {
				w.Overdue = append(w.Overdue, e)
			}
		case e.On <= dayAfter(today, aheadDays) && len(w.Ahead) < todayItems/2:
			w.Ahead = append(w.Ahead, e)
		}
	}
}

// gravity is in which order verdicts need somebody.
func gravity(v act.Verdict) int {
	return slices.Index([]act.Verdict{act.Exceeded, act.Disputed, act.Near, act.CannotTell, act.Within, act.NotYetDue, act.Expired}, v)
}

// dayAfter is the day so many days after another.
func dayAfter(d act.Date, days int) act.Date {
	t := noon(d)
	if t.IsZero() {
		return d
	}
	return act.Date(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// A watchDate is a day on which a stage of a dispute ends, or a report is expected.
type watchDate struct {
	at    time.Time
	href  string
	words string
	title text.Texts
	sc    scene
}

// watchDates are the days of what is watched in a group.
func (g todayGroup) watchDates(ctx context.Context) (out []watchDate) {
	for _, x := range g.Watched.Disputes {
		for _, st := range x.Stages {
			if st.State == compliance.StageRunning && st.End != "" {
				out = append(out, watchDate{noon(st.End), watchHref(g.sc, x.Obligation), locale.F(ctx, "today.stageends", locale.Args{"Stage": g.sc.best(st.Name).Text, "Ref": x.Obligation.Display()}), x.Title, g.sc})
			}
		}
	}
	for _, e := range g.Watched.Ahead {
		out = append(out, watchDate{noon(e.On), watchHref(g.sc, e.Obligation), locale.F(ctx, "today.report", locale.Args{"Ref": e.Obligation.Display()}), e.Title, g.sc})
	}
	return out
}

// turnedIcon is the sign of a verdict.
func turnedIcon(v act.Verdict) ui.Icon {
	if v == act.Within {
		return ui.IconOk
	}
	if i := cellIcon(v); i != "" {
		return i
	}
	return ui.IconClock
}

// watchedAll counts what Today says of what is watched.
func (d todayData) watchedAll() (n int) {
	for _, g := range d.Groups {
		n += g.Watched.All + len(g.Watched.Disputes) + g.Watched.Late
	}
	return n
}
