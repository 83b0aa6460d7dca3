// Package marking holds how narrowly a text may travel: a Traffic Light
// Protocol level, and the parties it may be released to.
//
// It is not an access check. It says which of two labels is the narrower, and
// whom a label admits; who asks, and what is withheld, is decided elsewhere.
//
// # Form
//
// A label is written as it stands on a page:
//
//	TLP:AMBER
//	TLP:AMBER+STRICT REL IL, US
//
// The levels are those of TLP 2.0 (FIRST, August 2022), from the widest to the
// narrowest: CLEAR, GREEN, AMBER, AMBER+STRICT, RED. "REL" and a list in
// alphabetical order name the only parties that may be given the text; without
// it, every party of the group may.
//
// # Invariants
//
// Labels form a lattice: [Label.Dominates] is a partial order, [Join] is the
// least upper bound under it, and the zero Label is the bottom. Whoever is
// refused by a label is refused by every label that dominates it. What parses
// is written again as the same bytes.
//
// Two labels may admit no party in common; then their join admits nobody. Such
// a label can be computed with, so that nothing is released by it, but
// [Label.Check] refuses it, so that it is never written into a record.
package marking

import (
	"fmt"
	"slices"
	"strings"

	"entente/party"
)

// MaxReleasable is the longest list of parties on one label.
const MaxReleasable = 40

// Label says how narrowly a text may travel. The zero Label is TLP:CLEAR, to
// every party of the group.
type Label struct {
	TLP        TLP
	Releasable []party.Code // in alphabetical order; nil is every party of the group
}

// New makes a label, its list put in order. Without codes it is releasable to
// every party of the group.
func New(tlp TLP, releasable ...party.Code) Label {
	if len(releasable) == 0 {
		return Label{TLP: tlp}
	}
	list := slices.Clone(releasable)
	slices.Sort(list)
	return Label{tlp, slices.Compact(list)}
}

// Dominates says whether l is at least as narrow as o: no level wider, and no
// party admitted that o does not admit.
func (l Label) Dominates(o Label) bool {
	if l.TLP < o.TLP {
		return false
	}
	if o.Releasable == nil {
		return true
	}
	if l.Releasable == nil {
		return false
	}
	for _, c := range l.Releasable {
		if !slices.Contains(o.Releasable, c) {
			return false
		}
	}
	return true
}

// Join is the narrower of both: the narrower level, and only the parties that
// both admit. It is the label of a page that shows texts under both.
func Join(a, b Label) Label {
	j := Label{TLP: max(a.TLP, b.TLP)}
	switch {
	case a.Releasable == nil:
		j.Releasable = slices.Clone(b.Releasable)
	case b.Releasable == nil:
		j.Releasable = slices.Clone(a.Releasable)
	default:
		j.Releasable = []party.Code{} // not nil: nobody is not everybody
		for _, c := range a.Releasable {
			if slices.Contains(b.Releasable, c) {
				j.Releasable = append(j.Releasable, c)
			}
		}
	}
	return j
}

// ReleasableTo says whether the label admits a party of the group.
func (l Label) ReleasableTo(c party.Code) bool {
	return l.Releasable == nil || slices.Contains(l.Releasable, c)
}

// Equal says whether two labels are the same.
func (l Label) Equal(o Label) bool {
	return l.TLP == o.TLP && (l.Releasable == nil) == (o.Releasable == nil) &&
		slices.Equal(l.Releasable, o.Releasable)
}

// Check says whether the label may stand in a record: a known level, and a
// list that is missing or names 1 to MaxReleasable parties in order.
func (l Label) Check() error {
	if l.TLP > Red {
		return fmt.Errorf("there is no marking level %d", l.TLP)
	}
	if l.Releasable == nil {
		return nil
	}
	if len(l.Releasable) == 0 {
		return fmt.Errorf("a label that is releasable to nobody cannot be kept: name at least one party, or leave the list out")
	}
	if len(l.Releasable) > MaxReleasable {
		return fmt.Errorf("a label names at most %d parties; this names %d", MaxReleasable, len(l.Releasable))
	}
	for i, c := range l.Releasable {
		if _, err := party.ParseCode(string(c)); err != nil {
			return err
		}
		if i > 0 && l.Releasable[i-1] >= c {
			return fmt.Errorf("the parties on a label stand in alphabetical order, each once; %s stands after %s", c, l.Releasable[i-1])
		}
	}
	return nil
}

const (
	relWord = " REL "
	nobody  = "nobody" // small letters: no party's code
)

// String writes the label as it stands on a page.
func (l Label) String() string {
	if l.Releasable == nil {
		return l.TLP.String()
	}
	if len(l.Releasable) == 0 {
		return l.TLP.String() + relWord + nobody
	}
	codes := make([]string, len(l.Releasable))
	for i, c := range l.Releasable {
		codes[i] = string(c)
	}
	return l.TLP.String() + relWord + strings.Join(codes, ", ")
}

// Parse reads exactly what [Label.String] writes, if the label passes
// [Label.Check].
func Parse(s string) (Label, error) {
	level, list, listed := strings.Cut(s, relWord)
	tlp, err := ParseTLP(level)
	if err != nil {
		return Label{}, err
	}
	l := Label{TLP: tlp}
	if !listed {
		return l, nil
	}
	words := strings.SplitN(list, ", ", MaxReleasable+1)
	if len(words) > MaxReleasable {
		return Label{}, fmt.Errorf("a label names at most %d parties", MaxReleasable)
	}
	for _, w := range words {
		c, err := party.ParseCode(w)
		if err != nil {
			return Label{}, fmt.Errorf("the list after REL is codes with a comma and a space between them: %w", err)
		}
		l.Releasable = append(l.Releasable, c)
	}
	if err := l.Check(); err != nil {
		return Label{}, err
	}
	return l, nil
}

// MarshalText writes the label as String does.
func (l Label) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Label) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err == nil {
		*l = v
	}
	return err
}
