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
	t := b.teller(p, a, s)
	seen := t.seen(p)
	out.SightingsAll = len(seen)
	out.Hypotheses = b.hypotheses(p, a, seen)
	out.Headline = headlineOf(&out, seen)
	for _, x := range seen[:min(len(seen), MaxSightings)] {
		out.Sightings = append(out.Sightings, t.sighting(x))
	}
	return out, true
}

// A glimpse is a sighting before it is told: the entries of one point, and what they bear on.
type glimpse struct {
	quantity string
	group    []*entry
	bears    []Bear
}

// seen lists all readings that are known and stand, the latest first.
func (t *teller) seen(p *plan.State) (out []glimpse) {
	for quantity, c := range t.a.columns {
		groups, _ := t.groups(c)
		for _, g := range groups {
			out = append(out, glimpse{quantity, g, t.bearsOn(p, g)})
		}
	}
	slices.SortStableFunc(out, func(x, y glimpse) int {
		e, o := x.group[0], y.group[0]
		if e.day != o.day || x.quantity != y.quantity {
			return cmp.Or(cmp.Compare(o.day, e.day), cmp.Compare(x.quantity, y.quantity))
		}
		return cmp.Or(cmp.Compare(e.amount().String(), o.amount().String()), cmp.Compare(t.b.unitCode(e.unit), t.b.unitCode(o.unit)))
	})
	return out
}

// sighting tells of one, in the unit of what watches its quantity.
func (t *teller) sighting(x glimpse) Sighting {
	w, unit := &watch{}, t.a.units[x.quantity]
	for _, o := range t.a.watches {
		if o.Quantity == x.quantity {
			w = o
			break
		}
	}
	if w.ref == "" {
		w.meets = grades(act.Grade{})
		unit = t.b.unitCode(t.a.columns[x.quantity].entries[0].unit)
	}
	fresh := x.group[0].day >= w.window(t.s.on)
	return Sighting{Point: t.point(x.group, w, t.b.scales(t.a.conv, unit), fresh, nil), Quantity: x.quantity, Bears: x.bears}
}

// bearsOn gathers what the entries of a point bear on, by hypothesis and party. What one party says of a
// hypothesis in several entries of one point counts once, the strongest.
func (t *teller) bearsOn(p *plan.State, group []*entry) (out []Bear) {
	type key struct {
		of    act.Ref
		party uint8
	}
	var at map[key]int
	for _, e := range group {
		for _, bear := range t.bears(e) {
			k := key{bear.Hypothesis, e.party}
			i, had := at[k]
			switch weight := int(bear.Weight); {
			case !had:
				if at == nil {
					at = map[key]int{}
				}
				at[k] = len(out)
				out = append(out, Bear{Hypothesis: bear.Hypothesis, Weight: weight, Party: p.Charter().Code(e.party)})
			case max(weight, -weight) > max(out[i].Weight, -out[i].Weight):
				out[i].Weight = weight
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
func (b *Book) hypotheses(p *plan.State, a *account, seen []glimpse) (out []Hypothesis) {
	type sum struct{ with, against, n int }
	sums := map[act.Ref]sum{}
	for _, x := range seen {
		for i, bear := range x.bears { // by hypothesis
			s := sums[bear.Hypothesis]
			s.with, s.against = s.with+max(bear.Weight, 0), s.against+max(-bear.Weight, 0)
			if i == 0 || x.bears[i-1].Hypothesis != bear.Hypothesis {
				s.n++
			}
			sums[bear.Hypothesis] = s
		}
	}
	for _, e := range p.Children(a.ref) {
		if s := e.Status(); e.Kind() != act.Hypothesis || s == plan.Withdrawn || s == plan.Removed {
			continue
		}
		c, s := p.Content(e.Shown(len(p.Parties()))), sums[e.Ref()]
		out = append(out, Hypothesis{Ref: e.Ref(), Display: e.Ref().Display(), Title: c.Title, Text: c.Text, Status: e.Status(),
			For: s.with, Against: s.against, N: s.n, Joint: b.joint(p, e.Ref())})
	}
	slices.SortStableFunc(out, func(x, y Hypothesis) int {
		return cmp.Or(cmp.Compare(x.Against, y.Against), cmp.Compare(y.For, x.For), x.Ref.Compare(y.Ref))
	})
	return out
}

func headlineOf(x *Programme, seen []glimpse) Sentence {
	weighed := 0
	for i := range seen {
		if len(seen[i].bears) > 0 {
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
	case len(seen) == 0:
		return say("programme.none")
	case weighed == 0 || len(x.Hypotheses) == 0:
		return say("programme.seen", "N", count(len(seen)))
	case tied > 1:
		return say("programme.tie", "N", count(tied))
	}
	return say("programme.lead", "Title", textsArg(x.Hypotheses[0].Title), "N", count(weighed))
}
