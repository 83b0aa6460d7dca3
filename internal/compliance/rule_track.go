package compliance

import (
	"slices"
	"time"

	"entente/act"
)

// A Day is a calendar day in UTC: days since 1970-01-01.
type Day int32

const secondsADay = 86_400

// DayOf is a date as a number; false for the empty date and for what is none.
func DayOf(d act.Date) (Day, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	return Day(t.Unix() / secondsADay), err == nil && t.Year() >= 1000
}

// Date is the day as a date.
func (d Day) Date() act.Date { return act.Date(d.time().Format(time.DateOnly)) }

func (d Day) time() time.Time { return time.Unix(int64(d)*secondsADay, 0).UTC() }

// Ends says which ends of a reading's interval do not belong to it.
type Ends uint8

// The ends.
const (
	LowOpen  Ends = 1
	HighOpen Ends = 2
)

// A Track is what a rule sees of one quantity: its readings in columns, sorted by day. Those of one
// day may stand in any order. Open may be nil where all ends belong to their intervals.
type Track struct {
	Days      []Day
	Low, High []float64
	Open      []Ends
}

// Add puts a reading at the end. Its day is none before the last.
func (t *Track) Add(d Day, a Amount) {
	var ends Ends
	if a.LowOpen {
		ends |= LowOpen
	}
	if a.HighOpen {
		ends |= HighOpen
	}
	if t.Open == nil && ends != 0 {
		t.Open = make([]Ends, len(t.Days), len(t.Days)+1)
	}
	if t.Open != nil {
		t.Open = append(t.Open, ends)
	}
	t.Days, t.Low, t.High = append(t.Days, d), append(t.Low, a.Low), append(t.High, a.High)
}

// Len is how many readings there are.
func (t *Track) Len() int { return len(t.Days) }

// At is one reading.
func (t *Track) At(i int) Amount {
	a := Amount{Low: t.Low[i], High: t.High[i]}
	if t.Open != nil {
		a.LowOpen, a.HighOpen = t.Open[i]&LowOpen != 0, t.Open[i]&HighOpen != 0
	}
	return a
}

// upTo is how many readings are of a day or before it.
func (t *Track) upTo(d Day) int {
	if n := len(t.Days); n == 0 || t.Days[n-1] <= d {
		return n
	}
	i, _ := slices.BinarySearchFunc(t.Days, d, func(have, want Day) int {
		if have <= want {
			return -1
		}
		return 1
	})
	return i
}

// oneDay is what the readings from..to, all of one day, say of it: what they have in common or, where
// they have nothing, all that lies between them.
func (t *Track) oneDay(from, to int) Amount {
	inter := t.At(from)
	if to == from+1 {
		return inter
	}
	hull := inter
	for i := from + 1; i < to; i++ {
		inter, hull = inter.both(t.At(i)), hull.hull(t.At(i))
	}
	if inter.empty() {
		return hull
	}
	return inter
}

// Latest is what is read of the last day with a reading, not after on; false where there is none.
func (t *Track) Latest(on Day) (Day, Amount, bool) {
	to := t.upTo(on)
	if to == 0 {
		return 0, Amount{}, false
	}
	from := to - 1
	for from > 0 && t.Days[from-1] == t.Days[to-1] {
		from--
	}
	return t.Days[from], t.oneDay(from, to), true
}

// eachDay hands over every day with a reading in (after, upTo], in turn, until it is told to stop.
func (t *Track) eachDay(after, upTo Day, f func(Day, Amount) bool) {
	from, end := t.upTo(after), t.upTo(upTo)
	for from < end {
		to := from + 1
		for to < end && t.Days[to] == t.Days[from] {
			to++
		}
		if !f(t.Days[from], t.oneDay(from, to)) {
			return
		}
		from = to
	}
}

// extreme is the highest (or lowest) reading of a window of days that ends with on.
func (t *Track) extreme(on Day, days int, pick func(a, b Amount) Amount) (out Amount, found bool) {
	t.eachDay(on-Day(days), on, func(_ Day, a Amount) bool {
		if found {
			a = pick(out, a)
		}
		out, found = a, true
		return true
	})
	return out, found
}

// sum adds up all readings of a window of days that ends with on, each of one day for itself.
func (t *Track) sum(on Day, days int) (Amount, bool) {
	from, to := t.upTo(on-Day(days)), t.upTo(on)
	if from == to {
		return Amount{}, false
	}
	var low, high tally
	var out Amount
	for i := from; i < to; i++ {
		a := t.At(i)
		low.add(a.Low)
		high.add(a.High)
		out.LowOpen, out.HighOpen = out.LowOpen || a.LowOpen, out.HighOpen || a.HighOpen
	}
	out.Low, out.High = low.sum(), high.sum()
	return out.tame(), true
}

// count is how many readings stand in a window of days that ends with on.
func (t *Track) count(on Day, days int) Amount {
	return Value(float64(t.upTo(on) - t.upTo(on-Day(days))))
}

// by asks whether the quantity had come to a target by a day. Before the end of that day it is not yet
// due; after it, a reading of that day or later must say that it had not: a target that was reached
// late was not reached by then.
func (t *Track) by(on Day, target Amount, day Day, reached func(a, target Amount) Outcome) (Outcome, Why) {
	out := Broken
	t.eachDay(minDay, min(on, day), func(_ Day, a Amount) bool {
		switch reached(a, target) {
		case Holds:
			out = Holds
		case Undecided:
			out = Undecided
		}
		return out != Holds
	})
	switch {
	case out == Holds:
		return Holds, Decided
	case on <= day:
		return Undecided, WhyNotDue
	case out == Undecided:
		return Undecided, WhyBound
	case t.upTo(on) == t.upTo(day-1):
		return Undecided, WhyNoReading
	}
	return Broken, Decided
}

// followed asks whether each event is followed by another within so many days. A reading is an event
// unless it is certainly 0. Nothing written down of the other is no proof that it did not happen: a
// reading of it from the last of those days on is needed for that.
func (t *Track) followed(on Day, other *Track, days int) (Outcome, Why) {
	if t.upTo(on) == 0 {
		return Undecided, WhyNoReading
	}
	out, why := Holds, Decided
	sure, perhaps := seeker{track: other, is: Broken}, seeker{track: other, is: Undecided}
	t.eachDay(minDay, on, func(d Day, a Amount) bool {
		event := a.equals(Value(0)).not()
		if event == Broken {
			return true
		}
		last := d + Day(days)
		o, w := other.answers(on, last, sure.from(d) <= min(on, last), perhaps.from(d) <= min(on, last))
		if o == Broken && event == Undecided {
			o, w = Undecided, WhyBound
		}
		if o == Broken || o == Undecided && (out == Holds || w < why) {
			out, why = o, w
		}
		return out != Broken
	})
	return out, why
}

// answers says what it amounts to that something, or perhaps something, was read of a track until a
// day.
func (t *Track) answers(on, last Day, sure, perhaps bool) (Outcome, Why) {
	switch {
	case sure:
		return Holds, Decided
	case on <= last:
		return Undecided, WhyNotDue
	case perhaps:
		return Undecided, WhyBound
	case t.upTo(on) == t.upTo(last-1):
		return Undecided, WhyNoReading
	}
	return Broken, Decided
}

// A seeker finds the first day, from ever later days on, whose reading is (Broken), or may be
// (Undecided), something else than 0.
type seeker struct {
	track *Track
	next  int
	is    Outcome
}

// from is the first such day that is not before d; maxDay where there is none.
func (s *seeker) from(d Day) Day {
	for s.next < len(s.track.Days) {
		to := s.next + 1
		for to < len(s.track.Days) && s.track.Days[to] == s.track.Days[s.next] {
			to++
		}
		if s.track.Days[s.next] >= d && s.track.oneDay(s.next, to).equals(Value(0)) == s.is {
			return s.track.Days[s.next]
		}
		s.next = to
	}
	return maxDay
}

// The days beyond all others.
const (
	minDay Day = -1 << 30
	maxDay Day = 1 << 30
)
