package plan

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"entente/act"
	"entente/group"
	"entente/party"
)

// A Cut is a part of the group's logs that ends somewhere: for each party how many entries of its
// log, over all epochs. What the plan was at a cut is what those entries amount to.
//
// A cut is closed where it holds whatever its entries had seen. Every cut that a State gives is.
type Cut []int

// Equal reports whether two cuts end at the same entries.
func (c Cut) Equal(o Cut) bool { return slices.Equal(c, o) }

// Within reports whether everything before the cut is before the other one too.
func (c Cut) Within(o Cut) bool {
	for p, n := range c {
		if p >= len(o) || n > o[p] {
			return false
		}
	}
	return true
}

// Holds reports whether the act at a place is before the cut.
func (c Cut) Holds(p Place) bool { return int(p.Party) < len(c) && int(p.Ordinal) < c[p.Party] }

// String writes the cut as numbers with commas, in order of joining: a key for what is kept of it.
func (c Cut) String() string {
	b := make([]byte, 0, 8*len(c))
	for i, n := range c {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(b)
}

// Now is the cut that holds everything that has been judged.
func (s *State) Now() Cut {
	c := make(Cut, s.rule.Parties())
	for p := range c {
		c[p] = s.rule.Count(uint8(p))
	}
	return c
}

// CutAt is the cut of an act that has been judged: itself, and what it had seen. It is exact: it
// does not rest on anybody's clock.
func (s *State) CutAt(p Place) Cut {
	c := make(Cut, s.rule.Parties())
	for q := range c {
		if q == int(p.Party) {
			c[q] = int(p.Ordinal) + 1
		} else {
			c[q] = s.rule.SawAt(p.Party, int(p.Ordinal), uint8(q))
		}
	}
	return s.Closed(c)
}

// CutAsOf is the cut of a moment, in milliseconds since 1970: of each log as much as was written no
// later by its own party's clock. It is testimony: a clock may have been wrong, or somebody may have
// written another time than it showed.
func (s *State) CutAsOf(at int64) Cut {
	c := s.Now()
	for p := range c {
		for o := range c[p] {
			leaf, _ := s.logs.Leaf(uint8(p), o)
			if a := act.Envelope(leaf); a.At > at {
				c[p] = o
				break
			}
		}
	}
	return s.Closed(c)
}

// Closed is the greatest closed cut within one: of each log, what had seen nothing beyond it.
func (s *State) Closed(c Cut) Cut {
	out := s.Now()
	for p := range out {
		if p < len(c) {
			out[p] = min(out[p], max(c[p], 0))
		} else {
			out[p] = 0
		}
	}
	for again := true; again; {
		again = false
		for p := range out {
			beyond := func(o int) bool {
				for q := range out {
					if q != p && s.rule.SawAt(uint8(p), o, uint8(q)) > out[q] {
						return true
					}
				}
				return false
			}
			if n := out[p]; n > 0 && beyond(n-1) { // along a log, what was seen only grows
				out[p], again = sort.Search(n, beyond), true
			}
		}
	}
	return out
}

// At is the plan as it stood at a cut: a State of its own, folded from the logs this one stands on.
// Every page can be made of it. It costs what the acts before the cut cost to fold; whoever asks
// again keeps it.
func (s *State) At(c Cut) *State {
	r := s.Retell(c)
	for !r.Some(1 << 20) {
	}
	return r.State
}

// A Retelling folds the acts before a cut a part at a time, so that whoever holds a lock on the logs
// can let go of it in between.
type Retelling struct {
	State *State // as far as it has come
	logs  *cutLogs
}

// Retell begins to fold the acts before a cut.
func (s *State) Retell(c Cut) *Retelling { return Retell(s.charter, s.logs, s.Closed(c)) }

// Retell begins to fold the acts of a group before a closed cut.
func Retell(charter group.Charter, logs Logs, c Cut) *Retelling {
	v := &cutLogs{Logs: logs, cut: slices.Clone(c), here: make([]int, len(charter.Parties))}
	v.cut = append(v.cut, make([]int, max(0, len(v.here)-len(v.cut)))...)
	return &Retelling{New(charter, v), v}
}

// Some folds about so many more entries, and reports whether all before the cut are folded.
func (r *Retelling) Some(n int) (whole bool) {
	v, whole := r.logs, true
	share := max(1, n/len(v.here))
	for p := range v.here {
		v.here[p] = min(v.here[p]+share, v.cut[p])
		whole = whole && v.here[p] == v.cut[p]
	}
	r.State.Advance()
	return whole
}

// Extend goes on to a later closed cut. It reports false, and does nothing, where that does not hold
// all of this one.
func (r *Retelling) Extend(c Cut) bool {
	if len(c) != len(r.logs.cut) || !Cut(r.logs.cut).Within(c) {
		return false
	}
	r.logs.cut = slices.Clone(c)
	return true
}

// cutLogs shows of the logs what is before a cut, as far as it is to be folded yet.
type cutLogs struct {
	Logs
	cut, here []int
}

// Leaf is Logs's.
func (v *cutLogs) Leaf(p uint8, ordinal int) (string, bool) {
	if ordinal >= v.here[p] {
		return "", false
	}
	return v.Logs.Leaf(p, ordinal)
}

// Prefix is Logs's. An act before a closed cut that names more than is before it has named a root
// that is wrong: else the cut would hold that too. To say so there needs nothing of what it named.
func (v *cutLogs) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	count, root, here := v.Logs.Prefix(p, epoch, size)
	switch {
	case !here:
		return 0, act.Hash{}, false
	case count > v.cut[p]:
		return 0, root, true
	case count > v.here[p]:
		return 0, act.Hash{}, false
	}
	return count, root, true
}

// A Moment is a cut as a person names it.
type Moment struct {
	Name  string  `json:"name"`
	Cut   Cut     `json:"cut"`
	Exact bool    `json:"exact"`           // the cut rests on what acts had seen; false: on clocks
	Now   bool    `json:"now,omitempty"`   // it is all there is
	Round act.Ref `json:"round,omitempty"` // of a round that opened or closed
	Step  string  `json:"step,omitempty"`  // "opens", "closes"
	By    *Stamp  `json:"by,omitempty"`    // the act it names
	At    int64   `json:"at,omitempty"`    // the time it names, or that of the act it names; milliseconds since 1970
}

// The ends of a moment's name that say when in a round.
const (
	roundOpened = ".opened"
	roundClosed = ".closed"
)

// momentForms are the ways to write a time; without a zone it is UTC.
var momentForms = [...]string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"}

// A MomentError says why a name of a moment leads nowhere.
type MomentError struct {
	Name, Why string
}

// Error is a sentence for a person.
func (e *MomentError) Error() string {
	return fmt.Sprintf("%.40q is no moment here: %s", e.Name, e.Why)
}

// Moment finds the cut of a name: "now" or nothing; "R-2.opened" or "R-2.closed"; a time such as
// "2017-12-12T10:00" (UTC unless it names a zone), or a day, which ends at midnight UTC; or the
// party and number of an act, such as "US:12", counted along its log from 1.
func (s *State) Moment(name string) (Moment, error) {
	m := Moment{Name: name}
	switch {
	case name == "" || name == "now":
		m.Name, m.Cut, m.Exact, m.Now = "now", s.Now(), true, true
		return m, nil
	case strings.HasSuffix(name, roundOpened), strings.HasSuffix(name, roundClosed):
		return s.roundMoment(m)
	}
	if code, number, ok := strings.Cut(name, ":"); ok && !strings.Contains(code, "-") {
		return s.actMoment(m, party.Code(code), number)
	}
	if at, ok := instant(name); ok {
		m.At, m.Cut = at, s.CutAsOf(at)
		m.Now = m.Cut.Equal(s.Now())
		return m, nil
	}
	return m, &MomentError{name, "write a round such as R-2.opened or R-2.closed, a time such as 2017-12-12T10:00 (UTC), an act such as US:12, or now"}
}

func instant(name string) (ms int64, ok bool) {
	if t, err := time.Parse(time.DateOnly, name); err == nil {
		return t.AddDate(0, 0, 1).UnixMilli() - 1, t.Year() >= 1970
	}
	for _, form := range momentForms {
		if t, err := time.Parse(form, name); err == nil {
			return t.UnixMilli(), t.Year() >= 1970
		}
	}
	return 0, false
}

func (s *State) roundMoment(m Moment) (Moment, error) {
	opened := strings.HasSuffix(m.Name, roundOpened)
	ref := act.Ref(strings.TrimSuffix(strings.TrimSuffix(m.Name, roundOpened), roundClosed))
	r, ok := s.Round(ref)
	if !ok {
		return m, &MomentError{m.Name, "there is no such round in this group"}
	}
	sat, why := r.Closed, "that round has not been closed"
	if opened {
		sat, why = r.Opened, "that round has not been opened"
	}
	if sat == nil {
		return m, &MomentError{m.Name, why}
	}
	m.Round, m.Step, m.By, m.At, m.Cut, m.Exact = ref, sat.Step.String(), &sat.Stamp, sat.At, sat.Cut, true
	return m, nil
}

func (s *State) actMoment(m Moment, code party.Code, number string) (Moment, error) {
	p, ok := s.charter.Ordinal(code)
	n, err := strconv.ParseUint(number, 10, 31)
	if !ok || err != nil || n == 0 || int(n) > s.rule.Count(p) {
		return m, &MomentError{m.Name, "there is no such act in this group"}
	}
	at := Place{p, uint32(n - 1)}
	by := s.Stamp(at)
	m.By, m.At, m.Cut, m.Exact = &by, by.At, s.CutAt(at), true
	return m, nil
}
