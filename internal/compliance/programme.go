package compliance

import (
	"cmp"
	"slices"

	"entente/act"
	"entente/plan"
)

// # Programmes
//
// A programme is followed by sightings: readings that may bear on hypotheses, from -2 (rules it out) to
// 2 (speaks strongly for it). Hypotheses are told with the least contradicted first, as in the analysis
// of competing hypotheses (Heuer, Psychology of Intelligence Analysis, 1999, chapter 8): a sighting that
// speaks for many explanations says little, one that contradicts an explanation says much. The sums
// order what is to be looked at; they are no probability. What the parties hold to be likely, and how
// well founded that is, they say apart, in assessments.

// Programmes tells of every programme that is followed.
func (b *Book) Programmes(p *plan.State, m Moment, self uint8) (out []Programme) {
	for _, ref := range b.order {
		if x, ok := b.Programme(p, ref, m, self); ok {
			out = append(out, x)
		}
	}
	return out
}

// Programme is the page of one programme; false where there is none of that reference.
func (b *Book) Programme(p *plan.State, ref act.Ref, m Moment, self uint8) (Programme, bool) {
	a := b.accounts[ref]
	if a == nil || !a.programme {
		return Programme{}, false
	}
	s := sightOf(m)
	out := Programme{Ref: ref, Display: ref.Display(), Title: a.content.Title, Text: a.content.Text, Moment: m, Joint: b.joint(p, ref), Calendar: b.calendar(a, s)}
	for _, w := range a.watches {
		if len(out.Milestones) < MaxCards {
			out.Milestones = append(out.Milestones, b.card(p, a, w, s))
		}
	}
	out.Sightings = b.sightings(p, a, s)
	out.SightingsAll = len(out.Sightings)
	out.Hypotheses = b.hypotheses(p, a, out.Sightings)
	out.Headline = headlineOf(&out)
	out.Sightings = out.Sightings[:min(len(out.Sightings), MaxSightings)]
	return out, true
}

// sightings tells of all readings that are known and stand, the latest first.
func (b *Book) sightings(p *plan.State, a *account, s *sight) (out []Sighting) {
	t := b.teller(p, a, s)
	for quantity, c := range a.columns {
		w, unit := &watch{}, a.units[quantity]
		for _, x := range a.watches {
			if x.Quantity == quantity {
				w = x
				break
			}
		}
		if w.ref == "" {
			w.meets = grades(act.Grade{})
			unit = b.unitCode(c.entries[0].unit)
		}
		points, _, _ := t.points(c, w, unit, len(c.entries), nil)
		for _, x := range points {
			out = append(out, Sighting{Point: x, Quantity: quantity, Bears: b.bearsOn(p, a, c, t, x)})
		}
	}
	slices.SortStableFunc(out, func(x, y Sighting) int {
		return cmp.Or(cmp.Compare(y.Day, x.Day), cmp.Compare(x.Quantity, y.Quantity), cmp.Compare(x.Value, y.Value), cmp.Compare(x.Unit, y.Unit))
	})
	return out
}

// bearsOn gathers what the entries of a point bear on, by hypothesis and party. What one party says of a
// hypothesis in several entries of one point counts once, the strongest.
func (b *Book) bearsOn(p *plan.State, a *account, c *column, t *teller, x Point) (out []Bear) {
	day, _ := DayOf(x.Day)
	from, to := c.ofDay(day)
	for i := from; i < to; i++ {
		e := &c.entries[i]
		if e.amount().String() != x.Value || b.unitCode(e.unit) != x.Unit || !t.s.knows(e) || a.gone(e, t.s) != "" {
			continue
		}
		for _, bear := range t.bears(e) {
			n := Bear{Hypothesis: bear.Hypothesis, Weight: int(bear.Weight), Party: p.Charter().Code(e.party)}
			at := slices.IndexFunc(out, func(o Bear) bool { return o.Hypothesis == n.Hypothesis && o.Party == n.Party })
			switch {
			case at < 0:
				out = append(out, n)
			case max(n.Weight, -n.Weight) > max(out[at].Weight, -out[at].Weight):
				out[at] = n
			}
		}
	}
	slices.SortFunc(out, func(x, y Bear) int {
		return cmp.Or(x.Hypothesis.Compare(y.Hypothesis), cmp.Compare(x.Party, y.Party))
	})
	return out
}

// hypotheses sums up what the sightings say, the least contradicted hypothesis first. Where parties
// weigh a sighting differently, each counts.
func (b *Book) hypotheses(p *plan.State, a *account, sightings []Sighting) (out []Hypothesis) {
	for _, e := range p.Children(a.ref) {
		if s := e.Status(); e.Kind() != act.Hypothesis || s == plan.Withdrawn || s == plan.Removed {
			continue
		}
		c := p.Content(e.Shown(len(p.Parties())))
		h := Hypothesis{Ref: e.Ref(), Display: e.Ref().Display(), Title: c.Title, Text: c.Text, Status: e.Status(), Joint: b.joint(p, e.Ref())}
		for i := range sightings {
			bears := false
			for _, x := range sightings[i].Bears {
				if x.Hypothesis == h.Ref {
					h.For, h.Against, bears = h.For+max(x.Weight, 0), h.Against+max(-x.Weight, 0), true
				}
			}
			if bears {
				h.N++
			}
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(x, y Hypothesis) int {
		return cmp.Or(cmp.Compare(x.Against, y.Against), cmp.Compare(y.For, x.For), x.Ref.Compare(y.Ref))
	})
	return out
}

func headlineOf(x *Programme) Sentence {
	weighed := 0
	for i := range x.Sightings {
		if len(x.Sightings[i].Bears) > 0 {
			weighed++
		}
	}
	tied := 0
	for _, h := range x.Hypotheses {
		if h.Against == x.Hypotheses[0].Against {
			tied++
		}
	}
	switch {
	case len(x.Sightings) == 0:
		return say("programme.none")
	case weighed == 0 || len(x.Hypotheses) == 0:
		return say("programme.seen", "N", count(len(x.Sightings)))
	case tied > 1:
		return say("programme.tie", "N", count(tied))
	}
	return say("programme.lead", "Title", textsArg(x.Hypotheses[0].Title), "N", count(weighed))
}
