package compliance

import (
	"entente/act"
	"entente/plan"
)

// Check reads what an obligation, a milestone, an agreement or a programme says, before it is tabled. It
// gives the content back with its rules in canonical form; a [Fault] says what is wrong with it. What is
// none of these is given back as it is.
func (b *Book) Check(c act.Content) (act.Content, error) {
	if c.Terms != nil {
		if _, err := NewConverter(c.Terms.Conversions); err != nil {
			return c, err
		}
	}
	if c.Watch == nil {
		return c, nil
	}
	w := *c.Watch
	c.Watch = &w
	if w.Unit != "" {
		if _, err := ParseUnit(w.Unit); err != nil {
			return c, err
		}
	}
	if w.Quantity != "" && Reserved(w.Quantity) {
		return c, fault(FaultName, 0, "%s is a word of the language of rules, so that no quantity can be called by it.", w.Quantity)
	}
	if w.Rule == "" {
		return c, nil
	}
	quantities := b.quantities(c.Parent, &w)
	rule, err := Compile(w.Rule, quantities)
	if err != nil {
		return c, err
	}
	if rule.Unit(w.Quantity) == "" {
		return c, fault(FaultName, 0, "The rule does not look at %s, which is what is measured here.", w.Quantity)
	}
	w.Rule = rule.Canonical()
	if w.Near != "" {
		near, err := CompileNear(w.Near, quantities)
		if err != nil {
			return c, err
		}
		w.Near = near.Canonical()
	}
	return c, nil
}

// quantities are what a rule under an agreement may name: what the obligation itself measures, and what
// the others there do.
func (b *Book) quantities(agreement act.Ref, w *act.Watch) []Quantity {
	a := b.accounts[agreement]
	if a == nil {
		a = &account{}
	}
	return a.named(w)
}

// Try tells what an obligation would give under an agreement, on the readings that there are, before it
// is tabled. Nothing is kept. The error is that of Check.
func (b *Book) Try(p *plan.State, agreement act.Ref, ref act.Ref, c act.Content, m Moment) (Trial, error) {
	c.Parent = agreement
	c, err := b.Check(c)
	if err != nil {
		return Trial{}, err
	}
	a := b.accounts[agreement]
	if a == nil || c.Watch == nil {
		return Trial{}, fault(FaultName, 0, "There is no agreement %s here to try it under.", agreement)
	}
	w := a.ready(&watch{ref: ref, agreed: true, content: c, Watch: *c.Watch})
	s := sightOf(m)
	out := Trial{Canonical: w.Rule, NearRule: w.Watch.Near, InWords: w.inWords(), Card: b.card(p, a, w, s), Episodes: b.episodes(a, w, s), History: b.history(a, w, s)}
	out.Card.Agreed = false
	t := b.teller(p, a, s)
	out.Points, _, _ = t.points(a.columns[w.Quantity], w, w.Unit, MaxPoints, b.byThemselves(a, w, s))
	return out, nil
}
