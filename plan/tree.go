package plan

import (
	"cmp"
	"slices"
	"strings"

	"entente/act"
)

// levels orders the kinds of paragraph from ends to means.
var levels = [...]int{act.Goal: 1, act.Way: 2, act.Action: 3, act.Means: 4, act.Clause: 5}

// MaxDepth is the greatest depth of the tree: five kinds, and in each as many levels as a
// reference has numbers.
const MaxDepth = 30

// MayStandUnder reports whether an element of that reference and kind can stand under another:
// one of a kind above it (goal, way, action, means, clause), or of the same kind with a reference
// of fewer numbers. A passage stands under a statement, what is watched under its agreement or its
// programme; statements, documents and those stand alone.
func MayStandUnder(ref act.Ref, kind act.ElementKind, up act.Ref, upKind act.ElementKind) bool {
	if int(kind) < len(holders) && len(holders[kind]) > 0 {
		return slices.Contains(holders[kind], upKind)
	}
	a, b := level(upKind), level(kind)
	return a > 0 && b > 0 && (a < b || a == b && strings.Count(string(up), ".") < strings.Count(string(ref), "."))
}

// holders are the kinds under which an element that is no paragraph may stand.
var holders = [...][]act.ElementKind{
	act.Passage: {act.Statement}, act.Obligation: {act.Agreement}, act.Milestone: {act.Programme}, act.Hypothesis: {act.Programme},
	act.Assessment: {act.Agreement, act.Programme, act.Obligation, act.Milestone, act.Hypothesis}, act.Extension: {act.Obligation, act.Milestone},
}

// above lists the kinds under which one of a kind that is no paragraph can stand, at any depth, in
// their order among siblings.
func above(k act.ElementKind) (out []act.ElementKind) {
	for _, up := range holders[k] {
		out = append(out, up)
		for _, top := range above(up) {
			if !slices.Contains(out, top) {
				out = append(out, top)
			}
		}
	}
	slices.SortFunc(out, func(a, b act.ElementKind) int { return ranks[a] - ranks[b] })
	return out
}

func level(k act.ElementKind) int {
	if int(k) >= len(levels) {
		return 0
	}
	return levels[k]
}

// allowedParent is the element that e stands under: the one its shown revision names, if that is
// here and may be that, else none.
func (s *State) allowedParent(e *Element) *Element {
	if up := s.find(e.above); up != nil && MayStandUnder(e.Ref(), e.kind, up.Ref(), up.kind) {
		return up
	}
	return nil
}

// place puts an element under a parent, or anew under the same one where its order changed.
func (s *State) place(e, parent *Element) {
	if e.inTree {
		b := s.branchOf(e)
		s.disturb(b)
		b.sorted = min(b.sorted, e.at)
		last := b.kids[len(b.kids)-1]
		b.kids[e.at], last.at = last, e.at
		b.kids[len(b.kids)-1] = nil
		b.kids = b.kids[:len(b.kids)-1]
		s.liftInto(e.up, (&tally{}).minus(&e.sum))
	}
	e.inTree, e.up = true, parent
	if parent != nil && parent.kids == nil {
		parent.kids = &branch{}
	}
	b := s.branchOf(e)
	s.disturb(b)
	e.at = int32(len(b.kids))
	b.kids = append(b.kids, e)
	s.liftInto(parent, e.sum)
}

// liftInto adds counts that come from a child of the element, or from a root.
func (s *State) liftInto(e *Element, d tally) {
	if e == nil {
		s.roots.rows += d[cRows]
		s.sum.add(&d)
		return
	}
	s.lift(e, d, true)
}

func (s *State) disturb(b *branch) {
	if !b.dirty {
		b.dirty, b.sorted = true, int32(len(b.kids))
		s.unsorted = append(s.unsorted, b)
	}
}

// wait remembers under which reference an element would stand if it could. What it waited for
// before stays in its list until that is gathered, and counts for nothing there.
func (s *State) wait(e *Element) {
	want := e.parent
	if e.up != nil {
		want = ""
	}
	if e.waits != want && want != "" {
		s.waiting[want] = append(s.waiting[want], e)
	}
	e.waits = want
}

// release lets go the children of e that cannot stand under it any more, now that its kind has
// changed. It goes before e itself is placed: else e could be put under one of its own.
func (s *State) release(e *Element) {
	if e.kids == nil {
		return
	}
	for _, o := range slices.Clone(e.kids.kids) {
		if s.allowedParent(o) != e {
			s.place(o, nil)
			s.wait(o)
		}
	}
}

// gather takes in the elements that named e as their parent before it could be that.
func (s *State) gather(e *Element) {
	var list []*Element
	if len(s.waiting) > 0 {
		list = s.waiting[e.Ref()]
		delete(s.waiting, e.Ref())
	}
	for _, o := range list {
		if o.waits != e.Ref() {
			continue
		}
		o.waits = ""
		if s.allowedParent(o) == e {
			s.place(o, e)
		}
		s.wait(o)
	}
}

// settle puts in order what the acts of one Advance have disturbed.
func (s *State) settle() {
	for _, b := range s.unsorted {
		b.settle()
	}
	s.unsorted = s.unsorted[:0]
	s.lists.settle()
	s.settleVigil()
	s.index.settle(s)
}

// ranks put siblings of different kinds in the order of the joint document: clauses before goals.
var ranks = [...]int{act.Statement: 0, act.Passage: 1, act.Clause: 2, act.Goal: 3, act.Way: 4, act.Action: 5, act.Means: 6, act.Document: 7, act.Package: 8, act.Round: 9,
	act.Agreement: 10, act.Obligation: 11, act.Programme: 12, act.Milestone: 13, act.Hypothesis: 14, act.Assessment: 15, act.Extension: 16}

func (e *Element) rank() int { return ranks[e.kind] }

// firstOf finds where the children of a kind begin and end.
func (b *branch) firstOf(kind act.ElementKind) (from, to int) {
	find := func(rank int) int {
		i, _ := slices.BinarySearchFunc(b.kids, rank, func(e *Element, r int) int { return cmp.Compare(e.rank(), r) })
		return i
	}
	return find(ranks[kind]), find(ranks[kind] + 1)
}

// A reference's key orders references as far as it goes: two letters, the first two numbers, and
// the third as far as fourteen bits hold it.
func keyOf(ref act.Ref) uint64 {
	letters, numbers, _ := strings.Cut(string(ref), "-")
	key, group := uint64(0), [3]uint64{}
	for i := range 2 {
		key <<= 5
		if i < len(letters) {
			key |= uint64(letters[i]-'A') + 1
		}
	}
	n := 0
	for i := 0; i < len(numbers) && n < len(group); i++ {
		if numbers[i] == '.' {
			n++
			continue
		}
		group[n] = group[n]*10 + uint64(numbers[i]-'0')
	}
	return key<<54 | group[0]<<34 | group[1]<<14 | min(group[2], 1<<14-1)
}

// compare orders elements by reference.
func (e *Element) compare(o *Element) int {
	if e.key != o.key {
		return cmp.Compare(e.key, o.key)
	}
	return e.Ref().Compare(o.Ref())
}
