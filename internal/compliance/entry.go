package compliance

import (
	"cmp"
	"slices"
	"strconv"
	"sync"

	"entente/act"
	"entente/plan"
)

// An entry is one reading as a column keeps it: what verdicts need. Its words are in the act.
type entry struct {
	low, high float64
	at        int64 // when it was entered, in milliseconds since 1970 by the clock of who did
	day       Day
	reported  Day    // 0 where it is not said
	ordinal   uint32 // of the act, along its party's log; of a reading of the margin, among those handed in
	source    uint32 // interned: one for each different source
	unit      uint32 // interned
	nth       uint16 // among the readings of its act
	party     uint8
	grade     uint8 // see packGrade; 0 for none
	ends      Ends
	flags     uint8
}

// The flags of an entry.
const (
	ofMargin uint8 = 1 << iota // it is of the national margin
	doubted                    // something of its party replaces it or takes its batch back
)

func (e *entry) amount() Amount {
	return Amount{Low: e.low, High: e.high, LowOpen: e.ends&LowOpen != 0, HighOpen: e.ends&HighOpen != 0}
}

func (e *entry) place() plan.Place { return plan.Place{Party: e.party, Ordinal: e.ordinal} }

// compare orders entries by what they say, and only where they say the same by where they stand: the
// order in which readings were entered changes nothing.
func (e *entry) compare(o *entry) int {
	if e.day != o.day {
		return cmp.Compare(e.day, o.day)
	}
	return cmp.Or(
		cmp.Compare(e.low, o.low), cmp.Compare(e.high, o.high), cmp.Compare(e.ends, o.ends),
		cmp.Compare(e.unit, o.unit), cmp.Compare(e.party, o.party), cmp.Compare(e.grade, o.grade),
		cmp.Compare(e.reported, o.reported), cmp.Compare(e.flags&ofMargin, o.flags&ofMargin),
		cmp.Compare(e.ordinal, o.ordinal), cmp.Compare(e.nth, o.nth))
}

// entryOf makes an entry of a reading, from the source of that number; false where its day or its number is none, which the door does
// not let in.
func (b *Book) entryOf(r *act.Reading, source uint32) (e entry, ok bool) {
	day, ok := DayOf(r.AsOf)
	v, err := strconv.ParseFloat(r.Value, 64)
	if !ok || err != nil {
		return e, false
	}
	a := AmountOf(r.Sign, v)
	e = entry{low: a.Low, high: a.High, day: day, grade: packGrade(r.Grade), source: source, unit: b.unit(r.Unit)}
	e.reported = dayOf(r.Reported)
	if a.LowOpen {
		e.ends |= LowOpen
	}
	if a.HighOpen {
		e.ends |= HighOpen
	}
	return e, true
}

// packGrade writes a grade as a number from 1 to 36; 0 for none.
func packGrade(g act.Grade) uint8 {
	if g.IsZero() {
		return 0
	}
	return (g.Source-'A')*6 + g.Info
}

func unpackGrade(n uint8) act.Grade {
	if n == 0 {
		return act.Grade{}
	}
	return act.Grade{Source: 'A' + (n-1)/6, Info: (n-1)%6 + 1}
}

// grades says for each packed grade whether it meets a need.
func grades(need act.Grade) (meets [37]bool) {
	for n := range meets {
		meets[n] = unpackGrade(uint8(n)).Meets(need)
	}
	return meets
}

// A column holds all readings of one quantity of one agreement, those that stand no more too, by day.
type column struct {
	entries []entry
	version int // counts what has changed in it
	mu      sync.Mutex
	views   map[viewKey]*view // of what stands now; under mu
}

// changed forgets what was derived of the entries.
func (c *column) changed() {
	c.version++
	c.views = nil
}

// put takes new entries in, in any order.
func (c *column) put(fresh []entry) {
	if len(fresh) == 0 {
		return
	}
	slices.SortFunc(fresh, func(a, b entry) int { return a.compare(&b) })
	n := len(c.entries)
	c.entries = append(c.entries, fresh...)
	c.changed()
	if n == 0 || c.entries[n-1].compare(&fresh[0]) < 0 {
		return
	}
	i, j := n-1, len(fresh)-1 // merge from the back; fresh itself is apart
	for k := len(c.entries) - 1; j >= 0; k-- {
		if i >= 0 && c.entries[i].compare(&fresh[j]) > 0 {
			c.entries[k] = c.entries[i]
			i--
		} else {
			c.entries[k] = fresh[j]
			j--
		}
	}
}

// ofDay are the entries of one day: from..to.
func (c *column) ofDay(d Day) (from, to int) {
	at := func(d Day) int {
		i, _ := slices.BinarySearchFunc(c.entries, d, func(e entry, d Day) int { return cmp.Compare(e.day, d) })
		return i
	}
	return at(d), at(d + 1)
}

// dayOf is a date as a number; 0 for the empty date and for what is none.
func dayOf(d act.Date) Day {
	day, ok := DayOf(d)
	if !ok {
		return 0
	}
	return day
}
