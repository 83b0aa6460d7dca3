package plan

import (
	"cmp"
	"slices"

	"entente/act"
)

// allowedParent is the parent an element stands under: the one its shown revision names, if that
// is here and stands above it, else none. Since every parent is smaller by (level, reference),
// there are no cycles.
func (s *State) allowedParent(e *Element) act.Ref {
	up := s.elements[e.parent]
	if up == nil || e.parent == "" {
		return ""
	}
	a, b := levels[up.kind], levels[e.kind]
	if a < b || a == b && up.Ref().Compare(e.Ref()) < 0 {
		return e.parent
	}
	return ""
}

// place puts an element under a parent, or anew under the same one where its order changed.
func (s *State) place(e *Element, parent act.Ref) {
	if e.inTree {
		list := s.children[e.placed]
		last := list[len(list)-1]
		list[e.at], last.at = last, e.at
		s.children[e.placed] = list[:len(list)-1]
		s.unsorted[e.placed] = true
	}
	e.inTree, e.placed, e.at = true, parent, len(s.children[parent])
	s.children[parent] = append(s.children[parent], e)
	s.unsorted[parent] = true
	if e.parent != parent {
		s.waiting[e.parent] = append(s.waiting[e.parent], e)
	}
}

// gather takes in the elements that named e as their parent before it could be that, and lets go
// those below it of which it no longer can.
func (s *State) gather(e *Element) {
	waiting := s.waiting[e.Ref()]
	delete(s.waiting, e.Ref())
	for _, o := range append(waiting, s.children[e.Ref()]...) {
		if to := s.allowedParent(o); o.parent == e.Ref() && o.placed != to {
			s.place(o, to)
		} else if o.parent == e.Ref() && to != o.parent {
			s.waiting[o.parent] = append(s.waiting[o.parent], o)
		}
	}
}

func (s *State) sortChildren() {
	for parent := range s.unsorted {
		list := s.children[parent]
		slices.SortFunc(list, func(a, b *Element) int {
			return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.order, b.order), a.Ref().Compare(b.Ref()))
		})
		for i, e := range list {
			e.at = i
		}
		delete(s.unsorted, parent)
	}
}

// rank puts roots of different kinds in the order of the joint document: clauses before goals.
func (e *Element) rank() int {
	switch e.kind {
	case act.Statement:
		return 0
	case act.Clause:
		return 1
	}
	return 1 + levels[e.kind]
}
