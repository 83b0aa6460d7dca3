package plan

import (
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
)

// A roll is an ordered list that acts add to and take from.
type roll[T comparable] struct {
	items   []T
	put     []T
	drop    []T
	compare func(a, b T) int
}

// fewChanges is up to how many changes are made one by one; more are made by sorting anew.
const fewChanges = 32

func (l *roll[T]) settle() {
	if len(l.put)+len(l.drop) <= fewChanges {
		for _, x := range l.drop {
			if i, ok := slices.BinarySearchFunc(l.items, x, l.compare); ok {
				l.items = slices.Delete(l.items, i, i+1)
			}
		}
		for _, x := range l.put {
			i, _ := slices.BinarySearchFunc(l.items, x, l.compare)
			l.items = slices.Insert(l.items, i, x)
		}
	} else {
		gone := make(map[T]bool, len(l.drop))
		for _, x := range l.drop {
			gone[x] = true
		}
		if len(gone) > 0 {
			l.items = slices.DeleteFunc(l.items, func(x T) bool { return gone[x] })
		}
		n := len(l.items)
		l.items = append(l.items, l.put...)
		merge(l.items, n, l.compare)
	}
	clear(l.put)
	clear(l.drop)
	l.put, l.drop = l.put[:0], l.drop[:0]
}

// merge puts a list in order of which the first items are in order already, with few comparisons
// where the others are few. It says from where on anything has moved.
func merge[T any](list []T, sorted int, compare func(a, b T) int) (from int) {
	late := list[sorted:]
	slices.SortFunc(late, compare)
	if sorted == 0 || len(late) == 0 {
		return sorted
	}
	if len(late) > sorted/4 {
		slices.SortFunc(list, compare)
		return 0
	}
	late = slices.Clone(late)
	end := sorted
	for n := len(late); n > 0; n-- { // the last of them goes behind all that is not after it
		at, _ := slices.BinarySearchFunc(list[:end], late[n-1], compare)
		copy(list[at+n:], list[at:end])
		list[at+n-1], end = late[n-1], at
	}
	return end
}

// byReference sorts elements by reference. Of many the keys are taken out first, so that not every
// comparison goes to two elements.
func byReference(list []*Element) {
	if len(list) <= fewChanges {
		slices.SortFunc(list, (*Element).compare)
		return
	}
	type keyed struct {
		key uint64
		*Element
	}
	keys := make([]keyed, len(list))
	for i, e := range list {
		keys[i] = keyed{e.key, e}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return a.Ref().Compare(b.Ref())
	})
	for i, k := range keys {
		list[i] = k.Element
	}
}

// lists are the elements that pages ask for together.
type lists struct {
	open    roll[*Element]   // in brackets, by reference
	turns   []roll[*Element] // per party, where the next word is its, by reference
	turned  int              // elements where it is anybody's turn
	due     roll[dated]      // paragraphs that stand and have a due date, by date
	adopted roll[adoption]   // every adoption, causes first
}

type dated struct {
	due act.Date
	of  *Element
}

// An adoption is a revision that was adopted, and the confirmation that completed it: of the
// parties' confirmations the one with the most past.
type adoption struct {
	entry
	rev *accord.Revision
	of  *Element
}

func newLists(parties int) lists {
	byRef := func(a, b *Element) int { return a.compare(b) }
	l := lists{open: roll[*Element]{compare: byRef}, turns: make([]roll[*Element], parties)}
	for p := range l.turns {
		l.turns[p].compare = byRef
	}
	l.due.compare = func(a, b dated) int { return cmp.Or(cmp.Compare(a.due, b.due), a.of.compare(b.of)) }
	l.adopted.compare = func(a, b adoption) int { return cmp.Or(a.entry.compare(b.entry), a.of.compare(b.of)) }
	return l
}

func (l *lists) settle() {
	l.open.settle()
	for p := range l.turns {
		l.turns[p].settle()
	}
	l.due.settle()
	l.adopted.settle()
}

// An entry is the place of an act, with how many entries of all logs were its past, itself
// included. An act comes after every act of its past, so that this orders acts with causes first,
// the same at every node.
type entry struct {
	Place
	past uint64
}

func (x entry) compare(y entry) int {
	return cmp.Or(cmp.Compare(x.past, y.past), cmp.Compare(x.Party, y.Party), cmp.Compare(x.Ordinal, y.Ordinal))
}
