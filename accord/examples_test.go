package accord

import (
	"slices"
	"testing"

	"entente/act"
)

// The counter-examples that have killed simpler rules. Each is told once and judged twice: by
// the simpler rule, which must be caught at what the example says, and by the rule itself.

// A tale is a history that is easy to write down.
type tale struct{ *world }

func newTale(parties int) tale { return tale{newWorld(parties)} }

// says adds an entry; seen gives, for each party, how much of its log the writer names; 0 for
// no more than before.
func (w tale) says(p uint8, kind act.Kind, r act.Hash, seen ...int) {
	m := Move{Kind: kind, Element: theElement, Revision: r}
	for q, n := range seen {
		if n > 0 {
			m.Seen = append(m.Seen, w.at(uint8(q), n))
		}
	}
	w.write(p, m)
}

// positionAt is what the party holds after so many entries, whatever it held before.
func (w tale) positionAt(p uint8, count int) (held act.Hash) {
	for _, m := range w.logs[p][:count] {
		switch m.Kind {
		case act.KindTable, act.KindAccept:
			held = m.Revision
		case act.KindWithdraw:
			held = act.Hash{}
		}
	}
	return held
}

// words lists, in the order of the party's log, the revisions that the party has come to or
// confirmed while the prefixes that the entry itself names (or the entries before it, where it
// names none) show everybody else holding them. Going back, not being closed and coming back
// are all allowed: this is the rule without its clauses.
func (w tale) words(p uint8, count int) (out []act.Hash) {
	seen := make([]int, len(w.logs))
	for i, m := range w.logs[p][:count] {
		for _, n := range m.Seen {
			seen[n.Party], _, _ = w.all().Prefix(n.Party, n.Epoch, n.Size)
		}
		held := w.positionAt(p, i+1)
		all := !held.IsZero() && m.Kind != act.KindSee
		for q, n := range seen {
			all = all && (q == int(p) || w.positionAt(uint8(q), n) == held)
		}
		if all {
			out = append(out, held)
		}
	}
	return out
}

// adoptedBare is what the rule without its clauses adopts, in the order in which the party has it.
func (w tale) adoptedBare(p uint8) []act.Hash {
	return slices.DeleteFunc(w.words(p, len(w.logs[p])), func(r act.Hash) bool {
		for q := range w.logs {
			if !slices.Contains(w.words(uint8(q), len(w.logs[q])), r) {
				return true
			}
		}
		return false
	})
}

func (w tale) adopted(have ...int) []act.Hash {
	v := w.all()
	if len(have) > 0 {
		v.have = have
	}
	if e := fold(v).Element(theElement); e != nil {
		return ids(e.Adopted())
	}
	return nil
}

func (w tale) wantVoid(t *testing.T, p uint8, ordinal int, why Reason) {
	t.Helper()
	if got := fold(w.all()).Void(p, ordinal); got != why {
		t.Errorf("entry %d:%d is %v, not %v", p, ordinal, got, why)
	}
}

// "Adopted when every party's latest word is the same": an adoption is undone by a withdrawal
// that was already on its way.
func TestLatestWordIsNotEnough(t *testing.T) {
	w := newTale(2)
	r := revisionOf(0, 0)
	w.says(0, act.KindTable, r)
	w.says(1, act.KindAccept, r, 1)
	w.says(0, act.KindWithdraw, act.Hash{}) // crosses the acceptance
	latest := func(have ...int) bool { return w.positionAt(0, have[0]) == r && w.positionAt(1, have[1]) == r }
	if !latest(1, 1) || latest(2, 1) {
		t.Error("the example does not undo an adoption under the simpler rule")
	}
	if len(w.adopted(1, 1))+len(w.adopted(2, 1)) > 0 {
		t.Error("adopted without a word of the first party")
	}
}

// "An acceptance counts when sent, a withdrawal when received", with free switching: two parties
// that concede to each other's text at the same moment adopt two different texts.
func TestCrossedConcessions(t *testing.T) {
	w := newTale(2)
	r, q := revisionOf(0, 0), revisionOf(1, 0)
	w.says(0, act.KindTable, r)
	w.says(1, act.KindTable, q)
	w.says(0, act.KindAccept, q, 0, 1)
	w.says(1, act.KindAccept, r, 1)
	if mine, yours := w.words(0, 2), w.words(1, 2); !slices.Equal(mine, []act.Hash{q}) || !slices.Equal(yours, []act.Hash{r}) {
		t.Errorf("the simpler rule does not give each the other's text: %v %v", mine, yours)
	}
	if len(w.adopted()) > 0 {
		t.Error("crossed letters adopt")
	}
	e := fold(w.all()).Element(theElement)
	if e.Position(0).ID != q || e.Position(1).ID != r || e.Ripe(0) != nil || e.Ripe(1) != nil {
		t.Error("crossed letters do not leave each with the other's text")
	}
}

// `seen` that may go back: a withdrawal is acknowledged, and the text adopted all the same.
func TestSeenMayNotGoBack(t *testing.T) {
	w := newTale(2)
	r := revisionOf(0, 0)
	w.says(0, act.KindTable, r)
	w.says(1, act.KindAccept, r, 1)         // a confirmation in itself
	w.says(1, act.KindWithdraw, act.Hash{}) //
	w.says(0, act.KindSee, act.Hash{}, 0, 2)
	w.says(0, act.KindConfirm, r, 0, 1)
	if !slices.Contains(w.adoptedBare(0), r) {
		t.Error("the simpler rule does not adopt")
	}
	w.wantVoid(t, 0, 2, SeenBack)
	if len(w.adopted()) > 0 {
		t.Error("adopted after the withdrawal was seen")
	}
}

// `seen` that need not be closed: the same by way of a third.
func TestSeenMustBeClosed(t *testing.T) {
	w := newTale(3)
	r := revisionOf(0, 0)
	w.says(0, act.KindTable, r)
	w.says(1, act.KindAccept, r, 1)
	w.says(2, act.KindAccept, r, 1, 1)
	w.says(1, act.KindConfirm, r, 0, 0, 1)
	w.says(1, act.KindWithdraw, act.Hash{})
	w.says(2, act.KindSee, act.Hash{}, 0, 3) // the third has seen the withdrawal
	w.says(0, act.KindConfirm, r, 0, 2, 2)   // the first has seen that word of the third
	w.says(0, act.KindSee, act.Hash{}, 0, 2) // still open, though it names nothing new
	w.says(0, act.KindSee, act.Hash{}, 0, 3) // closed again
	w.says(0, act.KindConfirm, r)            // and now too late
	if !slices.Contains(w.adoptedBare(0), r) {
		t.Error("the simpler rule does not adopt")
	}
	for i, why := range []Reason{Good, SeenOpen, SeenOpen, Good, OthersNot} {
		w.wantVoid(t, 0, i, why)
	}
	if len(w.adopted()) > 0 {
		t.Error("adopted after the withdrawal was known by way of the third")
	}
}

// A party that may come back to a revision it has left: two parties confirm the same two
// revisions in opposite orders.
func TestNobodyComesBack(t *testing.T) {
	w := newTale(2)
	r0, r1 := revisionOf(0, 0), revisionOf(0, 1)
	w.says(0, act.KindTable, r0)
	w.says(0, act.KindTable, r1)
	w.says(1, act.KindAccept, r0, 1)
	w.says(1, act.KindAccept, r1, 2)
	w.says(0, act.KindConfirm, r1, 0, 2)
	w.says(1, act.KindAccept, r0)       // comes back
	w.says(0, act.KindAccept, r0, 0, 3) // comes back too
	if a, b := w.adoptedBare(0), w.adoptedBare(1); !slices.Equal(a, []act.Hash{r1, r0}) || !slices.Equal(b[:2], []act.Hash{r0, r1}) {
		t.Errorf("the simpler rule does not adopt in opposite orders: %v %v", a, b)
	}
	w.wantVoid(t, 1, 2, Again)
	w.wantVoid(t, 0, 3, Again)
	if got := w.adopted(); !slices.Equal(got, []act.Hash{r1}) {
		t.Errorf("adopted %v", got)
	}
}

// A withdrawal that crosses a confirmation comes too late, for everybody alike.
func TestWithdrawalThatCrosses(t *testing.T) {
	w := newTale(2)
	r := revisionOf(0, 0)
	w.says(0, act.KindTable, r)
	w.says(1, act.KindAccept, r, 1)
	w.says(0, act.KindConfirm, r, 0, 1)
	w.says(1, act.KindWithdraw, act.Hash{}) // has not seen the confirmation
	for _, have := range [][]int{{2, 1}, {2, 2}} {
		if !slices.Equal(w.adopted(have...), []act.Hash{r}) {
			t.Errorf("not adopted with %v", have)
		}
	}
	e := fold(w.all()).Element(theElement)
	if e.InForce().ID != r || e.Position(1) != nil || e.Open() {
		t.Error("the late withdrawal has changed what is in force, or reopened it")
	}
}

// An acceptance that has seen all the others hold the text is a confirmation in itself.
func TestAcceptanceThatConfirms(t *testing.T) {
	w := newTale(2)
	r := revisionOf(0, 0)
	w.says(0, act.KindTable, r)
	w.says(1, act.KindAccept, r, 1)
	w.says(1, act.KindConfirm, r)
	w.wantVoid(t, 1, 1, Confirmed)
	if e := fold(w.all()).Element(theElement); e.Ripe(0) == nil || e.Ripe(1) != nil || len(e.Adopted()) > 0 {
		t.Error("it is the first party's turn to confirm")
	}
}

// A group of one party adopts at once.
func TestGroupOfOne(t *testing.T) {
	w := newTale(1)
	w.says(0, act.KindTable, revisionOf(0, 0))
	w.says(0, act.KindTable, revisionOf(0, 1))
	w.says(0, act.KindWithdraw, act.Hash{})
	if got := w.adopted(); !slices.Equal(got, []act.Hash{revisionOf(0, 0), revisionOf(0, 1)}) {
		t.Errorf("adopted %v", got)
	}
	w.says(0, act.KindConfirm, revisionOf(0, 1))
	w.wantVoid(t, 0, 3, NotHeld)
}

// Letters that cross bear the same number; a later one bears a greater.
func TestNumbers(t *testing.T) {
	w := newTale(2)
	w.says(0, act.KindTable, revisionOf(0, 0))
	w.says(1, act.KindTable, revisionOf(1, 0))
	w.says(1, act.KindTable, revisionOf(1, 1), 1)
	w.says(0, act.KindTable, revisionOf(0, 1), 0, 1)
	w.says(0, act.KindTable, revisionOf(0, 2), 0, 2)
	s := fold(w.all())
	for r, want := range map[act.Hash]int{revisionOf(0, 0): 1, revisionOf(1, 0): 1, revisionOf(1, 1): 2, revisionOf(0, 1): 2, revisionOf(0, 2): 3} {
		if got := s.Revision(r).Number; got != want {
			t.Errorf("%s has number %d, not %d", nameOf(s.Revision(r)), got, want)
		}
	}
}

// Whatever bears the id of a revision that there is already makes no other.
func TestTabledTwice(t *testing.T) {
	w := newTale(2)
	r := revisionOf(0, 0)
	w.says(0, act.KindTable, r)
	w.says(0, act.KindTable, r)
	w.wantVoid(t, 0, 1, Again)
}

// An offer that was adopted stands no more, though an offer made before it is in force by now.
func TestAdoptedOfferIsGone(t *testing.T) {
	w := newTale(2)
	first, second := revisionOf(0, 0), revisionOf(0, 1)
	w.write(0, Move{Kind: act.KindTable, Element: theElement, Revision: first, Offered: true})
	w.write(0, Move{Kind: act.KindTable, Element: theElement, Revision: second, Offered: true})
	if e := fold(w.all()).Element(theElement); e.Offer() == nil || e.Offer().ID != second || !e.Open() || e.Position(0) != nil {
		t.Error("the later of two offers does not stand, or is held")
	}
	for i, r := range []act.Hash{second, first} {
		w.says(0, act.KindAccept, r, 0, i)
		w.says(1, act.KindAccept, r, 3+2*i)
		w.says(0, act.KindConfirm, r, 0, i+1)
	}
	e := fold(w.all()).Element(theElement)
	if !slices.Equal(w.adopted(), []act.Hash{second, first}) || e.Offer() != nil || e.Open() {
		t.Errorf("adopted %v, offer %s", w.adopted(), nameOf(e.Offer()))
	}
}
