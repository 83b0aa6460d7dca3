package plan

import (
	"slices"

	"entente/act"
)

// A VoidEntry is an entry of a log that counts for nothing, with the reason.
type VoidEntry struct {
	Stamp
	Kind    string  `json:"kind,omitempty"` // "" where the entry is no act at all
	Element act.Ref `json:"element,omitempty"`
	Void    string  `json:"void"`
	Why     string  `json:"why"`
}

// Voids lists the latest void entries, latest first, and says how many there are.
func (s *State) Voids(limit int) ([]VoidEntry, int) {
	_, limit = page(0, limit)
	out := []VoidEntry{}
	for _, x := range slices.Backward(s.lastVoids(s.voids, limit)) {
		a := s.Act(x.Place)
		why := s.rule.Void(x.Party, int(x.Ordinal))
		v := VoidEntry{Stamp: s.stamp(x.Place, &a), Element: act.About(a.Body), Void: why.String(), Why: why.Sentence()}
		if a.Body != nil {
			v.Kind = a.Body.Kind().String()
		}
		out = append(out, v)
	}
	return out, len(s.voids)
}
