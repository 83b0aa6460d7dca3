package accord

import (
	"slices"
	"testing"

	"entente/act"
)

// The exhaustive check goes through every history of a few acts, on the production code.
//
// A history is a set of logs: entries with all that they can have seen. The check visits each
// once, in the least of the orders in which its entries can be judged, and tries at each every
// next entry that the rule does not call void: every kind, every revision, every closed choice
// of what its writer may have seen. Which party comes first makes no difference, so the first
// entry is party 0's. At every history G and for every next entry a it checks
//
//   - invariant 2, no going back: what is adopted in G begins what is adopted in G and a. Every
//     part of a history that can be here without the rest (every cut) is a history too, and the
//     rest comes to it one entry at a time, so that this goes for all cuts;
//   - invariant 1, one order: every party has confirmed what is adopted, in that order;
//   - invariants 4 and 6: at a confirmation every other party's position, found by reading the
//     prefixes that the entry has seen, is the revision; a text that was left in that part of a
//     log is never confirmed; and nobody's adoption is without its own act of holding it;
//   - invariant 3, same logs, same plan: for every two next entries a and b of different
//     parties, G and a and b is the same state as G and b and a. Any order in which a set of
//     entries may come is made from any other by such exchanges.
//
// Invariant 5 needs no check: times do not reach the rule.
type exhaustive struct {
	t      testing.TB
	w      *world
	view   *view
	s      *State
	size   int  // acts at most
	texts  int  // revisions at most
	ties   bool // with texts that are only offered, and acts that are tied
	tabled int
	line   []place        // the entries in the order in which they were judged
	words  [][]act.Hash   // per party, what it confirmed, in order
	counts map[string]int // what was gone through
	byLen  []int
}

// toModel is up to how many acts each history is compared with the second implementation too.
const toModel = 4

const theElement = act.Ref("A-1")

// A choice is one entry that could come next.
type choice struct {
	party uint8
	m     Move
	seen  [4]int
}

func newExhaustive(t testing.TB, parties, size, texts int) *exhaustive {
	w := newWorld(parties)
	return &exhaustive{t: t, w: w, view: w.all(), s: New(parties), size: size, texts: texts,
		words: make([][]act.Hash, parties), counts: map[string]int{}, byLen: make([]int, size+1)}
}

// visit goes on from the history that the state is in.
func (x *exhaustive) visit() {
	x.byLen[len(x.line)]++
	if n := len(x.line); n > 0 && n <= toModel {
		if diff := newModel(x.view).compare(x.s); diff != "" {
			x.t.Fatalf("%s\n%s", diff, x.w)
		}
	}
	if len(x.line) == x.size {
		return
	}
	choices := x.choices()
	for i := range choices {
		c := &choices[i]
		if len(x.line) == 0 && c.party > 0 {
			break
		}
		old := x.save()
		x.do(c)
		if x.leads(c) {
			x.visit()
		}
		x.undo(c, old)
	}
	if len(x.line)+2 <= x.size {
		x.exchange(choices)
	}
}

// choices are all entries that could come next and are not void.
func (x *exhaustive) choices() []choice {
	var out []choice
	for p := range uint8(len(x.w.logs)) {
		x.sights(p, 0, choice{party: p}, &out)
	}
	return out
}

// sights chooses what the party may have seen, one log after another, then what it does.
func (x *exhaustive) sights(p uint8, q int, c choice, out *[]choice) {
	if q == len(x.w.logs) {
		x.kinds(c, out)
		return
	}
	if q == int(p) {
		x.sights(p, q+1, c, out)
		return
	}
	for n := x.s.SeenBy(p, uint8(q)); n <= x.s.Count(uint8(q)); n++ {
		with := c
		with.seen[q] = n
		if n > x.s.SeenBy(p, uint8(q)) {
			with.m.Seen = append(slices.Clip(c.m.Seen), x.w.at(uint8(q), n))
		}
		x.sights(p, q+1, with, out)
	}
}

func (x *exhaustive) kinds(c choice, out *[]choice) {
	c.m.Element = theElement
	if x.tabled < x.texts {
		c.m.Kind, c.m.Revision = act.KindTable, revisionOf(c.party, x.s.Count(c.party))
		x.offer(c, out)
		if x.ties {
			c.m.Offered = true
			x.offer(c, out)
			c.m.Offered, c.m.Tied = false, true
			x.offer(c, out)
			c.m.Tied = false
		}
	}
	c.m.Kind, c.m.Revision = act.KindWithdraw, act.Hash{}
	x.offer(c, out)
	if len(c.m.Seen) > 0 {
		c.m.Kind = act.KindSee
		x.offer(c, out)
	}
	e := x.s.Element(theElement)
	if e == nil {
		return
	}
	for _, r := range e.Revisions() {
		c.m.Revision = r.ID
		c.m.Kind = act.KindAccept
		x.offer(c, out)
		if x.ties {
			c.m.Tied = true
			x.offer(c, out)
			c.m.Tied = false
		}
		c.m.Kind = act.KindConfirm
		x.offer(c, out)
	}
}

func (x *exhaustive) offer(c choice, out *[]choice) {
	v, here := x.s.look(x.view, c.party, &c.m)
	if !here {
		x.t.Fatal("the past of what could come next is not here")
	}
	if x.s.judge(c.party, &c.m, &v).Void == Good {
		*out = append(*out, c)
	}
}

// do lets the entry happen, in the world and in the state, and checks what came of it.
func (x *exhaustive) do(c *choice) {
	p := c.party
	if c.m.Kind == act.KindTable {
		x.tabled++
	}
	before := 0
	if e := x.s.Element(theElement); e != nil {
		before = len(e.adopted)
	}
	x.line = append(x.line, place{p, len(x.w.logs[p])})
	x.w.logs[p] = append(x.w.logs[p], c.m)
	x.view.have[p]++
	confirmed := false
	if !x.s.step(x.view, p, func(j Judged) {
		if j.Void != Good {
			x.t.Fatalf("%v\n%s", j.Void, x.w)
		}
		if j.Revision == nil {
			return
		}
		confirmed = j.Revision.ConfirmedBy(p) && (len(x.words[p]) == 0 || !slices.Contains(x.words[p], j.Revision.ID))
		if confirmed {
			x.words[p] = append(x.words[p], j.Revision.ID)
			x.confirmation(c, j.Revision.ID)
		}
	}) {
		x.t.Fatalf("held\n%s", x.w)
	}
	x.counts["entries judged"]++
	if e := x.s.Element(theElement); e != nil && len(e.adopted) != before {
		x.adoption(e, before)
	} else if confirmed && x.confirmedByAll(x.words[p][len(x.words[p])-1]) {
		x.t.Fatalf("confirmed by all and not adopted\n%s", x.w)
	}
}

// adoption checks invariants 1, 2 and 6 where the list of adopted revisions has changed.
func (x *exhaustive) adoption(e *Element, before int) {
	x.counts["adoptions"]++
	if len(e.adopted) != before+1 || !x.confirmedByAll(e.InForce().ID) {
		x.t.Fatalf("%d adopted, then %d\n%s", before, len(e.adopted), x.w)
	}
	for p, words := range x.words {
		at := 0
		for _, id := range words {
			if at < len(e.adopted) && e.adopted[at].ID == id {
				at++
			}
		}
		if at != len(e.adopted) {
			x.t.Fatalf("party %d has not confirmed what is adopted in that order\n%s", p, x.w)
		}
	}
}

func (x *exhaustive) confirmedByAll(id act.Hash) bool {
	return !slices.ContainsFunc(x.words, func(words []act.Hash) bool { return !slices.Contains(words, id) })
}

// confirmation checks invariants 4 and 6 by reading the logs themselves: the writer, and in the
// prefixes that it had seen every other party, had come to the revision and not left it.
func (x *exhaustive) confirmation(c *choice, id act.Hash) {
	x.counts["confirmations"]++
	for q, log := range x.w.logs {
		if q != int(c.party) {
			log = log[:c.seen[q]]
		}
		var held act.Hash
		for i := range log {
			switch log[i].Kind {
			case act.KindTable, act.KindAccept:
				if !log[i].Offered {
					held = log[i].Revision
				}
			case act.KindWithdraw:
				held = act.Hash{}
			}
		}
		if held != id {
			x.t.Fatalf("party %d is bound by what it does not hold\n%s", q, x.w)
		}
	}
}

// leads: the line with the entry at its end is the least of the orders of this history, the
// order of the parties deciding.
func (x *exhaustive) leads(c *choice) bool {
	for i := len(x.line) - 2; i >= 0; i-- {
		y := x.line[i]
		if y.party == c.party || y.at < c.seen[y.party] {
			return true
		}
		if y.party > c.party {
			return false
		}
	}
	return true
}

// exchange checks invariant 3 for every two next entries of different parties.
func (x *exhaustive) exchange(choices []choice) {
	var one, two [96]uint64
	for i := range choices {
		a := &choices[i]
		for k := i + 1; k < len(choices); k++ {
			b := &choices[k]
			if b.party == a.party || (a.m.Kind == act.KindTable && b.m.Kind == act.KindTable && x.tabled+2 > x.texts) {
				continue
			}
			x.counts["exchanges"]++
			if n, m := x.both(a, b, &one), x.both(b, a, &two); n != m || one != two {
				x.t.Fatalf("%v\n%v\nin this order and the other differ after\n%s", a, b, x.w)
			}
		}
	}
}

// both is the state after two more entries, in numbers that do not depend on the order in which
// revisions came.
func (x *exhaustive) both(a, b *choice, out *[96]uint64) int {
	old := x.save()
	x.do(a)
	then := x.save()
	x.do(b)
	n := x.sum(out)
	x.undo(b, then)
	x.undo(a, old)
	return n
}

// TestEveryTiedHistory goes likewise through those in which a text may be offered only, and a table
// or accept act tied: of two parties to seven acts and of three parties to five, with two revisions.
func TestEveryTiedHistory(t *testing.T) {
	sizes := [][3]int{{2, 7, 2}, {3, 5, 2}}
	if testing.Short() || raceDetector {
		sizes = [][3]int{{2, 5, 2}, {3, 4, 2}}
	}
	for _, size := range sizes {
		x := newExhaustive(t, size[0], size[1], size[2])
		x.ties = true
		x.visit()
		t.Logf("%d parties to %d acts, %d revisions: %v, %v", size[0], size[1], size[2], x.byLen[1:], x.counts)
	}
}

// TestEveryHistory goes through all histories of two parties to nine acts with three revisions,
// of three parties to seven acts and of four parties to five with two.
func TestEveryHistory(t *testing.T) {
	sizes := [][3]int{{2, 9, 3}, {3, 7, 2}, {4, 5, 2}}
	if testing.Short() || raceDetector {
		sizes = [][3]int{{2, 6, 3}, {3, 4, 2}}
	}
	for _, size := range sizes {
		x := newExhaustive(t, size[0], size[1], size[2])
		x.visit()
		all := 0
		for _, n := range x.byLen[1:] {
			all += n
		}
		t.Logf("%d parties to %d acts, %d revisions: %d histories %v, %v", size[0], size[1], size[2], all, x.byLen[1:], x.counts)
	}
}
