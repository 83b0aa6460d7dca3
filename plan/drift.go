package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
	"entente/text"
)

// # Languages in step
//
// A revision says which of its language versions still follow an earlier one: these are behind. Each
// party's legal adviser may certify that the versions of a revision mean the same nevertheless. A
// revision is in step when no version is behind, or when every party has certified it. Where the
// charter locks agreement to that, no text is accepted that is not in step.

// A Drift is how the language versions of a revision stand to each other.
type Drift struct {
	Revision  *RevisionRef `json:"revision"`
	Behind    []Behind     `json:"behind,omitempty"`
	Certified []Stamp      `json:"certified,omitempty"` // who said that they mean the same: the first of each party
	InStep    bool         `json:"inStep"`
	Locked    bool         `json:"locked,omitempty"` // the charter forbids to accept it as it is
}

// A Behind is a language version that follows an earlier revision.
type Behind struct {
	Lang    text.Lang    `json:"lang"`
	Follows act.Hash     `json:"follows"`
	Earlier *RevisionRef `json:"earlier,omitempty"` // the same, where it is a revision of the element
}

// Drift tells how the language versions of a revision stand to each other.
func (s *State) Drift(revision act.Hash) (Drift, bool) {
	r := s.rule.Revision(revision)
	if r == nil {
		return Drift{}, false
	}
	c := s.Content(r)
	return s.drift(r, &c), true
}

func (s *State) drift(r *accord.Revision, c *act.Content) Drift {
	d := Drift{Revision: s.RevisionRef(r)}
	for _, f := range c.Follows {
		d.Behind = append(d.Behind, s.behindOf(r, f))
	}
	certified := s.certified(r)
	for _, x := range certified {
		d.Certified = append(d.Certified, s.Stamp(x.Place))
	}
	d.InStep = len(c.Follows) == 0 || len(certified) == s.rule.Parties()
	d.Locked = s.charter.InStep && !d.InStep
	return d
}

func (s *State) behindOf(r *accord.Revision, f act.Following) Behind {
	b := Behind{Lang: f.Lang, Follows: f.Revision}
	if was := s.rule.Revision(f.Revision); was != nil && was.Element == r.Element {
		b.Earlier = s.RevisionRef(was)
	}
	return b
}

// InStep reports whether no language version of the revision is behind, or every party has certified
// that they mean the same.
func (s *State) InStep(r *accord.Revision) bool {
	c := s.Content(r)
	return len(c.Follows) == 0 || len(s.certified(r)) == s.rule.Parties()
}

// certified lists, in order of joining, the first certificate of each party for exactly the revision.
func (s *State) certified(r *accord.Revision) []entry {
	e := s.elements[r.Element]
	first := make([]*entry, s.rule.Parties())
	list := s.table.certificates[e]
	for i, x := range list {
		if was := first[x.Party]; was != nil && was.Ordinal < x.Ordinal {
			continue
		}
		if b, ok := s.Act(x.Place).Body.(act.Certify); ok && b.Revision == r.ID && s.hadSeen(x.Place, r) {
			first[x.Party] = &list[i]
		}
	}
	var out []entry
	for _, x := range first {
		if x != nil {
			out = append(out, *x)
		}
	}
	return out
}

// CertifiedBy reports whether the party has certified the revision.
func (s *State) CertifiedBy(r *accord.Revision, party uint8) bool {
	return slices.ContainsFunc(s.certified(r), func(x entry) bool { return x.Party == party })
}
