package plan

import (
	"slices"
	"strings"

	"entente/accord"
	"entente/act"
	"entente/party"
	"entente/text"
)

// # Ad referendum
//
// A party may accept a text ad referendum: subject to confirmation by its capital, within a time.
// That is its word and moves no position. An ordinary acceptance of the same text confirms it; where
// none comes in time, it has lapsed and the text stands in brackets as before. A referral is over as
// soon as its party tables, accepts or withdraws on the element.

// A Referral is one party's acceptance ad referendum that nothing of its own has followed.
type Referral struct {
	Stamp                 // of the act; the party that awaits its capital
	Revision *RevisionRef `json:"revision"`
	Until    int64        `json:"until"` // milliseconds since 1970
	Role     text.Texts   `json:"role"`  // whose confirmation is awaited
	Lapsed   bool         `json:"lapsed,omitempty"`
}

// Referrals are the acceptances ad referendum that stand or have lapsed, in order of joining: at
// most one a party. now is in milliseconds since 1970; where it is 0, none has lapsed.
func (s *State) Referrals(ref act.Ref, now int64) []Referral {
	e := s.elements[ref]
	if e == nil {
		return nil
	}
	var out []Referral
	for p := range s.rule.Parties() {
		if r, b, at := s.referral(e, uint8(p)); r != nil {
			out = append(out, Referral{Stamp: s.Stamp(at), Revision: s.RevisionRef(r), Until: b.Until, Role: b.Role, Lapsed: now >= b.Until})
		}
	}
	return out
}

// Referral is the one of the given party that stands at that time.
func (s *State) Referral(ref act.Ref, party uint8, now int64) (act.Refer, bool) {
	if e := s.elements[ref]; e != nil {
		if r, b, _ := s.referral(e, party); r != nil && now < b.Until {
			return b, true
		}
	}
	return act.Refer{}, false
}

// referral finds the party's last referral, where it still is its last word on the element: of a
// text that it had seen, has never held, and could accept.
func (s *State) referral(e *Element, p uint8) (*accord.Revision, act.Refer, Place) {
	var last *entry
	for i, x := range s.table.referrals[e] {
		if x.Party == p && int32(x.Ordinal) > e.moves[p].last && (last == nil || x.Ordinal > last.Ordinal) {
			last = &s.table.referrals[e][i]
		}
	}
	if last == nil {
		return nil, act.Refer{}, Place{}
	}
	b, _ := s.Act(last.Place).Body.(act.Refer)
	r := s.rule.Revision(b.Revision)
	if r == nil || r.Element != e.Ref() || r.IsAdopted() || r.EverHeldBy(p) || !s.hadSeen(last.Place, r) {
		return nil, act.Refer{}, Place{}
	}
	return r, b, last.Place
}

// hadSeen reports whether the act at a place had seen the revision tabled.
func (s *State) hadSeen(at Place, r *accord.Revision) bool {
	if r.Party == at.Party {
		return r.Ordinal < int(at.Ordinal)
	}
	return r.Ordinal < s.rule.SawAt(at.Party, int(at.Ordinal), r.Party)
}

// AdReferendum is the text that all parties hold or have accepted ad referendum at that time, at
// least one of them so, and until when the first of these stands; nil where there is none.
func (s *State) AdReferendum(ref act.Ref, now int64) (*RevisionRef, int64) {
	e := s.elements[ref]
	if e == nil || len(s.table.referrals[e]) == 0 {
		return nil, 0
	}
	var all *accord.Revision
	until := int64(0)
	for p := range s.rule.Parties() {
		r := e.Position(uint8(p))
		if to, b, _ := s.referral(e, uint8(p)); to != nil && now < b.Until {
			if r = to; until == 0 || b.Until < until {
				until = b.Until
			}
		}
		if r == nil || all != nil && r != all {
			return nil, 0
		}
		all = r
	}
	if until == 0 {
		return nil, 0
	}
	return s.RevisionRef(all), until
}

// SameRole reports whether two names of a role agree in some language.
func SameRole(a, b text.Texts) bool {
	return slices.ContainsFunc(a, func(v text.Version) bool {
		w, ok := b.Get(v.Lang)
		return ok && strings.EqualFold(strings.TrimSpace(w), strings.TrimSpace(v.Text))
	})
}

// A Deadline is the end of a silence procedure, or of a time for confirming ad referendum.
type Deadline struct {
	Item
	What     string       `json:"what"`  // "silence", "referral"
	Until    int64        `json:"until"` // milliseconds since 1970
	Party    party.Code   `json:"party"` // who asked for silence; whose capital has yet to confirm
	Revision *RevisionRef `json:"revision"`
	Role     text.Texts   `json:"role,omitempty"`
	Own      bool         `json:"own,omitempty"` // of the viewer: its silence would accept, or its capital has to confirm
}
