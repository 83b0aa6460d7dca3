package compliance

import "slices"

// A bout is an episode as it is found: points of the view by their days.
type bout struct {
	before, from, to, back Day // before and back: minDay for none
	first, last            int // points of the view, where the rule is asked point by point; else -1
	readings               int
}

// bouts finds the times in which an obligation was not kept, up to the day of the sight. One goes on
// until a reading says that it was kept again; what cannot be told ends none and begins none.
func (b *Book) bouts(a *account, w *watch, s *sight) []bout {
	c := w.ready()
	if c.rule == nil {
		return nil
	}
	v := b.own(a, w, s)
	if w.plain(c, v) {
		return boutsOf(w, c, v, s.on)
	}
	var out []bout
	open, kept := false, minDay
	for _, day := range b.turns(a, w, s) {
		switch r := b.judgeOwn(a, w, s.at(day)); r.verdict {
		case Exceeded:
			if !open {
				out = append(out, bout{before: kept, from: day, back: minDay, first: -1, last: -1})
				open = true
			}
			x := &out[len(out)-1]
			x.to, x.readings = day, x.readings+1
		case Within, Near:
			if open {
				out[len(out)-1].back, open = day, false
			}
			kept = day
		}
	}
	return out
}

// plain reports whether each point of the view decides by itself.
func (w *watch) plain(c *compiled, v *view) bool {
	return c.byLatest && w.sources <= 1 && v.sides == nil && v.lesser == nil
}

// boutsOf finds the episodes of a limit on the latest reading, point by point.
func boutsOf(w *watch, c *compiled, v *view, on Day) (out []bout) {
	t := &v.track
	from, to := 0, t.upTo(on)
	if w.from != 0 {
		from = t.upTo(w.from - 1)
	}
	if w.to != 0 {
		to = min(to, t.upTo(w.to))
	}
	open, kept := false, minDay
	bound := c.limit.Bound
	for i := from; i < to; i++ {
		if low, high := t.Low[i], t.High[i]; low > bound.Low && high < bound.High {
			if open {
				out[len(out)-1].back, open = t.Days[i], false
			}
			kept = t.Days[i]
			continue
		}
		switch t.At(i).within(bound) {
		case Broken:
			if !open {
				out = append(out, bout{before: kept, from: t.Days[i], back: minDay, first: i})
				open = true
			}
			x := &out[len(out)-1]
			x.to, x.last, x.readings = t.Days[i], i, x.readings+1
		case Holds:
			if open {
				out[len(out)-1].back, open = t.Days[i], false
			}
			kept = t.Days[i]
		}
	}
	return out
}

// Bounds of the days on which a history asks again: the latest.
const (
	maxTurns  = 4_000
	leastTurn = 8
	maxLooks  = 200_000_000 // readings looked at again for one page
	someLooks = 10_000_000  // and for one history of one obligation
)

// most is how many days a history of an obligation asks again: fewer where each asks for many readings.
func (b *Book) most(a *account, w *watch, s *sight, v *view) int {
	c, each := w.ready(), 1
	if w.sources > 1 {
		each += v.track.upTo(s.on) - v.track.upTo(w.window(s.on)-1)
	}
	if c.rule != nil && !c.byLatest {
		looks := v.track.Len()
		for _, t := range b.tracks(a, w, s, c.rule, &v.track) {
			looks = max(looks, t.Len())
		}
		each += min(c.rule.cost, maxRuleNodes*looks) * (1 + len(v.sides))
	}
	n := min(max(someLooks/each, leastTurn), max(*s.purse/each, leastTurn), maxTurns)
	*s.purse -= n * each
	return n
}

// turns lists the days up to the sight's on which a verdict can become another.
func (b *Book) turns(a *account, w *watch, s *sight) []Day {
	c := w.ready()
	most := b.most(a, w, s, b.own(a, w, s))
	var days []Day
	put := func(d Day) {
		if d <= s.on {
			days = append(days, d)
		}
	}
	add := func(v *view) {
		for _, list := range [][]Day{v.track.Days, v.lowDays, v.odd} {
			list = list[:upTo(list, s.on)]
			for _, d := range list[max(0, len(list)-most):] {
				put(d)
				if w.Fresh > 0 {
					put(d + Day(w.Fresh) + 1)
				}
				if c.isLimit && c.limit.Days > 0 {
					put(d + Day(c.limit.Days))
				}
				if c.form.follows() {
					put(d + Day(c.form.Days) + 1)
				}
			}
		}
	}
	add(b.own(a, w, s))
	if c.rule != nil {
		for _, name := range c.rule.names {
			if name != w.Quantity {
				add(b.view(a, w.conv, name, w.unitOf(name), w.Grade, s))
			}
		}
	}
	if w.from != 0 {
		put(w.from)
	}
	if w.to != 0 {
		put(w.to + 1)
	}
	if by, ok := c.form.due(); ok {
		put(by + 1)
	}
	for i := range w.cases {
		put(w.cases[i].on)
		if w.cases[i].closed != 0 {
			put(w.cases[i].closed)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	return days[max(0, len(days)-most):]
}

func upTo(days []Day, on Day) int {
	t := Track{Days: days}
	return t.upTo(on)
}

// history tells on which days the verdict became another, up to the sight's.
func (b *Book) history(a *account, w *watch, s *sight) (out []Change) {
	for _, day := range b.turns(a, w, s) {
		r := b.judge(a, w, s.at(day))
		if n := len(out); n == 0 || out[n-1].Verdict != r.verdict {
			out = append(out, Change{On: day.Date(), Verdict: r.verdict, Why: r.why})
		}
	}
	return out[max(0, len(out)-MaxChanges):]
}
