package plan

import (
	"strconv"
	"strings"

	"entente/act"
)

// NextRef is the next free reference for a new element: below W-1.2, an action is, or the
// first number after it that no element has. References are permanent: one that was removed or
// withdrawn is not free.
func (s *State) NextRef(kind act.ElementKind, parent act.Ref) act.Ref {
	prefix := kind.Letter() + "-"
	if prefix == "-" {
		return ""
	}
	n := len(s.roots.kids)
	if _, numbers, ok := strings.Cut(string(parent), "-"); ok {
		if below := prefix + numbers + "."; s.fits(below) {
			prefix = below
			n = len(s.Children(parent))
		}
	}
	if n > 0 {
		n = s.startAt(prefix, n)
	}
	for {
		n++
		ref := act.Ref(prefix + strconv.Itoa(n))
		if _, err := act.ParseRef(string(ref)); err != nil {
			return ""
		}
		if s.elements[ref] == nil {
			return ref
		}
	}
}

// fits reports whether references may be made of the prefix and a number.
func (s *State) fits(prefix string) bool {
	_, err := act.ParseRef(prefix + "999999")
	return err == nil
}

// startAt finds a number from which on to look: the first gap at the end, found by halving, of
// at most n numbers that are taken without a gap.
func (s *State) startAt(prefix string, n int) int {
	taken := func(i int) bool { return s.elements[act.Ref(prefix+strconv.Itoa(i))] != nil }
	if !taken(1) {
		return 0
	}
	low, high := 1, n+1 // low is taken
	for low+1 < high {
		if mid := (low + high) / 2; taken(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}
