package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"entente/act"
	"entente/party"
	"entente/text"
)

// The states of a round of talks.
const (
	RoundPlanned = "planned"
	RoundOpen    = "open"
	RoundClosed  = "closed"
)

// MaxRounds is how many rounds one page lists, the latest.
const MaxRounds = 100

// A Round is one round of talks: what was planned, and what became of it.
//
// A round is opened by the first of the acts that open it, and closed by the first that closes it
// of those that come after that: first in the order in which causes come before effects, and which is
// the same at every node. Where two parties open one round without knowing of each other, both acts
// stand in their logs, and one of them counts.
type Round struct {
	Item
	Number int          `json:"number"` // the N of R-N
	Agenda text.Texts   `json:"agenda,omitempty"`
	Opens  act.Date     `json:"opens"` // as planned
	Closes act.Date     `json:"closes,omitempty"`
	State  string       `json:"state"`
	Opened *Sitting     `json:"opened,omitempty"`
	Closed *Sitting     `json:"closed,omitempty"`
	Sat    []act.Seated `json:"sat,omitempty"` // everybody who sat, as either act says
}

// A Sitting is the act by which a round was opened or closed.
type Sitting struct {
	Stamp
	Step    act.SitStep  `json:"step"`
	Present []act.Seated `json:"present,omitempty"`
	Cut     Cut          `json:"cut"` // the text as it stood: this act, and what it had seen
}

// Rounds lists the rounds of the group by reference; at most the last MaxRounds, and how many there are.
func (s *State) Rounds() ([]Round, int) {
	from, to := s.roots.firstOf(act.Round)
	var list []*Element
	for _, e := range s.roots.kids[from:to] {
		if e.status != Withdrawn && e.status != Removed || len(s.table.sittings[e]) > 0 {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, (*Element).compare)
	out := []Round{}
	for _, e := range tail(list, MaxRounds) {
		out = append(out, s.round(e))
	}
	return out, len(list)
}

// Round finds one round.
func (s *State) Round(ref act.Ref) (Round, bool) {
	e := s.elements[ref]
	if e == nil || e.kind != act.Round {
		return Round{}, false
	}
	return s.round(e), true
}

func (s *State) round(e *Element) Round {
	c := s.Content(e.shown)
	r := Round{Item: s.itemOf(e), Number: numberOf(e.Ref()), Agenda: c.Text, Opens: c.Opens, Closes: c.Closes, State: RoundPlanned}
	for _, x := range ordered(s.table.sittings[e]) {
		a := s.Act(x.Place)
		b, ok := a.Body.(act.Sit)
		switch {
		case !ok:
		case b.Step == act.RoundOpens && r.Opened == nil:
			r.Opened, r.State = s.sitting(x, &a, b), RoundOpen
		case b.Step == act.RoundCloses && r.Opened != nil && r.Closed == nil:
			r.Closed, r.State = s.sitting(x, &a, b), RoundClosed
		}
	}
	r.Sat = s.sat(r.Opened, r.Closed)
	return r
}

func (s *State) sitting(x entry, a *act.Act, b act.Sit) *Sitting {
	return &Sitting{Stamp: s.stamp(x.Place, a), Step: b.Step, Present: b.Present, Cut: s.CutAt(x.Place)}
}

// sat are the persons that either act names, parties in order of joining.
func (s *State) sat(sittings ...*Sitting) []act.Seated {
	var out []act.Seated
	for _, x := range sittings {
		if x != nil {
			out = append(out, x.Present...)
		}
	}
	place := func(c party.Code) int { p, _ := s.charter.Ordinal(c); return int(p) }
	slices.SortFunc(out, func(a, b act.Seated) int {
		return cmp.Or(cmp.Compare(place(a.Party), place(b.Party)), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Person, b.Person))
	})
	return slices.Compact(out)
}

// numberOf is the first number of a reference.
func numberOf(ref act.Ref) int {
	_, numbers, _ := strings.Cut(string(ref), "-")
	first, _, _ := strings.Cut(numbers, ".")
	n, _ := strconv.Atoi(first)
	return n
}
