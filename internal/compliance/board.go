package compliance

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"entente/act"
	"entente/plan"
)

// Boards tells how it stands with every agreement and programme.
func (b *Book) Boards(p *plan.State, m Moment, self uint8) (out []Board) {
	for _, ref := range b.order {
		if x, ok := b.Board(p, ref, m, self); ok {
			out = append(out, x)
		}
	}
	return out
}

// Board tells how it stands with one agreement; false where there is none of that reference.
func (b *Book) Board(p *plan.State, agreement act.Ref, m Moment, _ uint8) (Board, bool) {
	a := b.accounts[agreement]
	if a == nil {
		return Board{}, false
	}
	s := sightOf(m)
	out := Board{Agreement: a.ref, Display: a.ref.Display(), Title: a.content.Title, Moment: m, Counts: make([]Tally, verdicts-1)}
	if a.content.Terms != nil {
		out.Bound = a.content.Terms.Bound
	}
	for i := range out.Counts {
		out.Counts[i].Verdict = Verdict(i + 1)
	}
	agreed, proposed := b.findings(a, s)
	for _, f := range agreed {
		out.Counts[f.Verdict-1].N++
	}
	out.Total = len(agreed) + len(proposed)
	out.Digest = DigestOf(p.Group(), a.ref, m.On, agreed)
	for _, f := range slices.Concat(agreed, proposed) {
		if len(out.Cards) < MaxCards {
			out.Cards = append(out.Cards, b.card(p, a, a.byRef[f.Element], s))
		}
	}
	out.Calendar = b.calendar(a, s)
	for i := range out.Calendar {
		if out.Calendar[i].Overdue == 0 {
			out.Next = &out.Calendar[i]
			break
		}
	}
	for _, w := range a.watches {
		for _, d := range b.disputes(p, a, w, s) {
			if d.Runs {
				out.Disputes = append(out.Disputes, d)
			}
		}
	}
	out.Attested = b.attested(p, a, s, out.Digest)
	out.Headline = out.say()
	return out, true
}

// findings are the verdicts on agreed and on proposed obligations, by reference.
func (b *Book) findings(a *account, s *sight) (agreed, proposed []act.Finding) {
	for _, w := range a.watches {
		f := act.Finding{Element: w.ref, Verdict: b.judge(a, w, s).verdict}
		if w.agreed && a.agreed {
			agreed = append(agreed, f)
		} else {
			proposed = append(proposed, f)
		}
	}
	return agreed, proposed
}

func (x *Board) say() Sentence {
	n := func(v Verdict) int { return x.Counts[v-1].N }
	var parts []Sentence
	if k := n(Exceeded); k > 0 {
		parts = append(parts, say("board.over", "N", count(k)))
	}
	if k := n(Near); k > 0 {
		parts = append(parts, say("board.near", "N", count(k)))
	}
	if k := n(Disputed); k > 0 {
		parts = append(parts, say("board.open", "N", count(k)))
	}
	switch {
	case x.Total == 0:
		return say("board.empty")
	case len(parts) == 0:
		return say("board.quiet")
	}
	return list(parts)
}

// calendar lists the reports that an agreement's obligations expect, by day.
func (b *Book) calendar(a *account, s *sight) (out []Expected) {
	for _, w := range a.watches {
		if e := b.expected(a, w, s); e != nil {
			out = append(out, *e)
		}
	}
	return sortExpected(out)
}

func sortExpected(out []Expected) []Expected {
	slices.SortStableFunc(out, func(x, y Expected) int {
		return cmp.Or(cmp.Compare(x.On, y.On), x.Obligation.Compare(y.Obligation))
	})
	return out[:min(len(out), MaxExpected)]
}

// Calendar lists the reports that are expected, of all agreements and programmes, by day.
func (b *Book) Calendar(p *plan.State, m Moment) (out []Expected) {
	s := sightOf(m)
	for _, ref := range b.order {
		out = append(out, b.calendar(b.accounts[ref], s)...)
	}
	return sortExpected(out)
}

// DigestOf is the number of a list of verdicts: SHA-256 of lines that name the group, the agreement, the
// day and then each obligation with its verdict, in the order of acts: bytewise, so that O-10 comes before
// O-2.
//
//	entente verdicts v1
//	<group, hexadecimal> T-1 2017-12-12
//	O-1 within
//	O-2 cannot tell
func DigestOf(group act.Hash, agreement act.Ref, on act.Date, findings []act.Finding) act.Hash {
	var t strings.Builder
	fmt.Fprintf(&t, "entente verdicts v1\n%s %s %s\n", group, agreement, on)
	for _, f := range asInActs(findings) {
		fmt.Fprintf(&t, "%s %s\n", f.Element, f.Verdict)
	}
	return sha256.Sum256([]byte(t.String()))
}
