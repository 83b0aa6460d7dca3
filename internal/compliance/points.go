package compliance

import (
	"cmp"
	"math"
	"slices"

	"entente/act"
	"entente/plan"
)

// A teller tells of entries in the words of the acts that they come from. It decodes each act once.
type teller struct {
	b    *Book
	p    *plan.State
	a    *account
	s    *sight
	acts map[plan.Place]*act.Act
}

func (b *Book) teller(p *plan.State, a *account, s *sight) *teller {
	return &teller{b, p, a, s, map[plan.Place]*act.Act{}}
}

// entered tells who entered an entry, and from which source.
func (t *teller) entered(e *entry) Entered {
	out := Entered{Party: t.p.Charter().Code(e.party), Grade: unpackGrade(e.grade).String()}
	if e.reported != 0 {
		out.Reported = e.reported.Date()
	}
	if e.flags&ofMargin != 0 {
		x := &t.b.margin[e.ordinal]
		out.Margin, out.Source, out.Note, out.Marking, out.Replaces = true, x.Source, x.Reading.Note, x.Marking, x.Reading.Replaces
		out.Stamp = plan.Stamp{Party: out.Party, By: x.By, At: x.At}
		return out
	}
	at := e.place()
	x := t.acts[at]
	if x == nil {
		got := t.p.Act(at)
		x, t.acts[at] = &got, &got
	}
	out.ID = act.ReadingID{Batch: t.p.LeafHash(at), Nth: e.nth}
	out.Stamp = t.p.Stamp(at)
	if r, ok := x.Body.(act.Report); ok && int(e.nth) < len(r.Readings) {
		reading := &r.Readings[e.nth]
		out.Note, out.Replaces, out.Marking = reading.Note, reading.Replaces, r.Marking
		if int(reading.Source) < len(r.Sources) {
			out.Source = r.Sources[reading.Source]
		}
	}
	return out
}

// bears is what a sighting bears on.
func (t *teller) bears(e *entry) []act.Bearing {
	if e.flags&ofMargin != 0 {
		return t.b.margin[e.ordinal].Reading.Bears
	}
	return t.a.doers.bears[sighted{e.place(), e.nth}]
}

// dot draws an amount.
func dot(d Day, a Amount, v Verdict) Dot {
	out := Dot{Day: d.Date(), Verdict: v}
	if !math.IsInf(a.Low, 0) {
		low := a.Low
		out.Low = &low
	}
	if !math.IsInf(a.High, 0) {
		high := a.High
		out.High = &high
	}
	return out
}

// sameWords reports whether two entries of a day are one point: the same value in the same unit.
func sameWords(e, o *entry) bool {
	return e.day == o.day && e.low == o.low && e.high == o.high && e.ends == o.ends && e.unit == o.unit
}

// groups are the readings of a column that are known and stand, up to the day, those together that are
// one point; and those that stand no more, MaxPoints of them at most.
func (t *teller) groups(c *column) (groups [][]*entry, gone []Entered) {
	if c == nil {
		return nil, nil
	}
	for i := range c.entries {
		e := &c.entries[i]
		if e.day > t.s.on || !t.s.knows(e) {
			continue
		}
		if how := t.a.gone(e, t.s); how != "" {
			if len(gone) < MaxPoints {
				x := t.entered(e)
				x.Gone, x.Value, x.Day = how, e.amount().String(), e.day.Date()
				gone = append(gone, x)
			}
			continue
		}
		if n := len(groups); n > 0 && sameWords(groups[n-1][0], e) {
			groups[n-1] = append(groups[n-1], e)
		} else {
			groups = append(groups, []*entry{e})
		}
	}
	return groups, gone
}

// points tells of the readings of a column that are known and stand, and of those that stand no more:
// the latest limit points up to the day. judge is the verdict on a point by itself, or nil.
func (t *teller) points(c *column, w *watch, unit string, limit int, judge func(Amount, Day) Verdict) (out []Point, all int, gone []Entered) {
	scale := t.b.scales(t.a.conv, unit)
	from := w.window(t.s.on)
	groups, gone := t.groups(c)
	all = len(groups)
	for _, g := range groups[max(0, all-limit):] {
		out = append(out, t.point(g, w, scale, g[0].day >= from, judge))
	}
	return out, all, gone
}

func (t *teller) point(group []*entry, w *watch, scale *scales, fresh bool, judge func(Amount, Day) Verdict) Point {
	e := group[0]
	raw := e.amount()
	x := Point{Value: raw.String(), Unit: t.b.unitCode(e.unit), Fresh: fresh}
	amount := raw
	can := scale.can(e.unit)
	if can {
		amount = scale.convert(e.unit, raw)
		x.Shown = amount.String()
	}
	x.Dot = dot(e.day, amount, Unjudged)
	if can && judge != nil {
		x.Verdict = judge(amount, e.day)
	}
	var best uint8
	var reported Day
	told := map[uint8]int{}
	for _, e := range group {
		if told[e.party]++; told[e.party] <= MaxEntered {
			x.Entries = append(x.Entries, t.entered(e))
		} else {
			x.More++
		}
		x.Counts = x.Counts || can && w.meets[e.grade]
		if e.grade != 0 && (best == 0 || e.grade < best) {
			best = e.grade
		}
		if e.reported != 0 && (reported == 0 || e.reported < reported) {
			reported = e.reported
		}
	}
	slices.SortStableFunc(x.Entries, func(a, b Entered) int {
		return cmp.Or(cmp.Compare(a.Stamp.Place.Party, b.Stamp.Place.Party), cmp.Compare(a.Stamp.Place.Ordinal, b.Stamp.Place.Ordinal), cmp.Compare(a.ID.Nth, b.ID.Nth))
	})
	x.Grade = unpackGrade(best).String()
	if reported != 0 {
		x.Reported = reported.Date()
	}
	return x
}
