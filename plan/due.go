package plan

import (
	"entente/accord"
	"entente/act"
)

// # Packages
//
// The revisions that a package contains stand or fall together. The rule of agreement knows nothing
// of that: a party's server holds its confirmations back until every party holds the package and
// each revision in it, and then writes them all in one commit. Acceptances that are made of a
// package are tied, so that none confirms by itself. Nothing of a package is then adopted unless
// each party's server has, in one commit, confirmed all of it: whatever crosses that commit comes
// too late for everybody alike, and what came before it prevents all of it.
//
// In a group whose charter says that nothing is agreed until everything is, all that is open stands
// together in the same way.

// Due lists the confirmations that the party's server ought to write now, after acts about the
// given elements: what the rule calls ripe, without what is held back.
func (s *State) Due(party uint8, touched []act.Ref) []act.Confirm {
	var out []act.Confirm
	if s.charter.Whole && !s.everything() {
		return nil
	}
	bound := s.knots()
	for _, e := range s.considered(touched) {
		if r := e.Ripe(party); r != nil && !bound.heldBack(r) {
			out = append(out, act.Confirm{Element: e.Ref(), Revision: r.ID})
		}
	}
	return out
}

// considered lists, each once, the elements touched and those that stand with them.
func (s *State) considered(touched []act.Ref) []*Element {
	if s.charter.Whole && len(touched) > 0 {
		return s.lists.open.items
	}
	var out []*Element
	known := make(map[*Element]bool, len(touched))
	add := func(e *Element) {
		if e != nil && !known[e] {
			known[e] = true
			out = append(out, e)
		}
	}
	for _, ref := range touched {
		add(s.elements[ref])
	}
	told := map[*accord.Revision]bool{}                      // packages whose texts are in the list
	for n := 0; n < len(out) && len(s.table.tied) > 0; n++ { // what is added is looked at in its turn
		for _, k := range s.packagesAbout(out[n]) {
			if told[k] {
				continue
			}
			told[k] = true
			add(s.elements[k.Element])
			for _, c := range s.Content(k).Contains {
				add(s.elements[c.Element])
			}
		}
	}
	return out
}

// packagesAbout lists the packages that stand and contain a text of the element and, of one that is a
// package, all there have been: what was in one that is left waits for it no more.
func (s *State) packagesAbout(e *Element) []*accord.Revision {
	var out []*accord.Revision
	for _, r := range e.Revisions() {
		if e.kind == act.Package {
			out = append(out, r)
		}
		out = append(out, s.Packages(r.ID)...)
	}
	return out
}

// Packages lists the packages that stand and contain a revision: some party holds them.
func (s *State) Packages(revision act.Hash) []*accord.Revision {
	var out []*accord.Revision
	for _, k := range s.table.packages[revision] {
		if s.stillHeld(k) {
			out = append(out, k)
		}
	}
	return out
}

// stillHeld reports whether some party holds the revision and it is not yet adopted.
func (s *State) stillHeld(r *accord.Revision) bool {
	for p := range s.rule.Parties() {
		if !r.IsAdopted() && s.elements[r.Element].Position(uint8(p)) == r {
			return true
		}
	}
	return false
}

// HeldBack reports whether a revision that all parties hold waits for others that stand or fall
// with it.
func (s *State) HeldBack(r *accord.Revision) bool {
	return s.charter.Whole && !s.everything() || s.knots().heldBack(r)
}

// everything reports whether the parties hold the same text of all that is open.
func (s *State) everything() bool {
	for _, e := range s.lists.open.items {
		if !s.held(e.Element, e.Position(0)) {
			return false
		}
	}
	return true
}

// knots finds what stands or falls together. Packages with a text in common wait for each other, so
// that all that hang together by their texts are one knot; each is looked at once.
type knots struct {
	*State
	held map[*accord.Revision]bool // by package: whether its knot is held back
}

func (s *State) knots() *knots { return &knots{s, map[*accord.Revision]bool{}} }

// heldBack reports whether a revision is part of a knot of which not every party holds all.
func (n *knots) heldBack(r *accord.Revision) bool {
	first := n.tiedBy(r)
	if len(first) == 0 {
		return false
	}
	if held, known := n.held[first[0]]; known {
		return held
	}
	held, seen, list := false, map[*accord.Revision]bool{}, []*accord.Revision{}
	add := func(r *accord.Revision) {
		if r == nil || seen[r] {
			return
		}
		seen[r] = true
		for _, k := range n.tiedBy(r) {
			if _, known := n.held[k]; !known {
				n.held[k], list = false, append(list, k)
			}
		}
	}
	add(r)
	for i := 0; i < len(list); i++ { // what is added is looked at in its turn
		held = held || !n.together(list[i])
		for _, c := range n.Content(list[i]).Contains {
			add(n.rule.Revision(c.Revision))
		}
	}
	for _, k := range list {
		n.held[k] = held
	}
	return held
}

// tiedBy lists the packages that stand and contain the revision, and the revision itself where it is
// a package; none where it is adopted.
func (n *knots) tiedBy(r *accord.Revision) []*accord.Revision {
	if r.IsAdopted() {
		return nil
	}
	out := n.Packages(r.ID)
	if n.elements[r.Element].kind == act.Package {
		out = append(out, r)
	}
	return out
}

// together reports whether every party holds the package and all that is in it, or it was adopted.
func (s *State) together(k *accord.Revision) bool {
	if !s.held(s.elements[k.Element].Element, k) {
		return false
	}
	for _, c := range s.Content(k).Contains {
		r := s.rule.Revision(c.Revision)
		if r == nil || r.Element != c.Element || !r.IsAdopted() && !s.held(s.elements[c.Element].Element, r) {
			return false
		}
	}
	return true
}

// held reports whether every party holds the revision.
func (s *State) held(e *accord.Element, r *accord.Revision) bool {
	for p := range s.rule.Parties() {
		if r == nil || e.Position(uint8(p)) != r {
			return false
		}
	}
	return true
}
