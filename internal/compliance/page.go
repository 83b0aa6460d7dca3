package compliance

import (
	"slices"

	"entente/act"
	"entente/plan"
)

// Cards are at most n obligations of an agreement, in the order of its Board, from the given place on:
// those agreed ones that have a verdict, or all of them where it is Unjudged. All is how many there are.
// A Board holds the first MaxCards; this is how the others are reached.
func (b *Book) Cards(p *plan.State, agreement act.Ref, m Moment, only Verdict, from, n int) (out []Card, all int) {
	a := b.accounts[agreement]
	if a == nil {
		return nil, 0
	}
	s := sightOf(m)
	agreed, proposed := b.findings(a, s)
	list := slices.Concat(agreed, proposed)
	if only != Unjudged {
		list = slices.DeleteFunc(agreed, func(f act.Finding) bool { return f.Verdict != only })
	}
	from = min(max(from, 0), len(list))
	for _, f := range list[from:min(from+max(n, 0), len(list))] {
		out = append(out, b.card(p, a, a.byRef[f.Element], s))
	}
	return out, len(list)
}
