package compliance

import (
	"math"

	"entente/act"
)

// An Outcome is what a rule, or one comparison in it, comes to.
type Outcome uint8

// The outcomes.
const (
	Undecided Outcome = iota
	Holds
	Broken
)

// String is the outcome in one word.
func (o Outcome) String() string { return [...]string{"undecided", "holds", "broken"}[min(o, Broken)] }

// not turns an outcome round.
func (o Outcome) not() Outcome {
	switch o {
	case Holds:
		return Broken
	case Broken:
		return Holds
	}
	return Undecided
}

// An Amount is what is known of a number: the number itself, or the interval that it lies in. An end
// that is open does not belong to the interval; one that is infinite is none. The zero Amount is 0.
type Amount struct {
	Low, High         float64
	LowOpen, HighOpen bool
}

// Value is an amount that is known exactly.
func Value(v float64) Amount { return Amount{Low: v, High: v} }

// AmountOf is what a reading says: a value or a bound.
func AmountOf(sign act.Sign, v float64) Amount {
	switch sign {
	case act.Below:
		return Amount{Low: math.Inf(-1), High: v, HighOpen: true}
	case act.AtMost:
		return Amount{Low: math.Inf(-1), High: v}
	case act.AtLeast:
		return Amount{Low: v, High: math.Inf(1)}
	case act.Above:
		return Amount{Low: v, High: math.Inf(1), LowOpen: true}
	}
	return Value(v)
}

// IsValue reports whether the amount is one number.
func (a Amount) IsValue() bool { return a.Low == a.High }

// String writes the amount as a person would: "130", "<130", ">=5", "120..130"; empty where nothing is
// known.
func (a Amount) String() string {
	below, above := !math.IsInf(a.Low, -1), !math.IsInf(a.High, 1)
	switch {
	case a.IsValue():
		return FormatFloat(a.Low)
	case below && above:
		return FormatFloat(a.Low) + ".." + FormatFloat(a.High)
	case above && a.HighOpen:
		return "<" + FormatFloat(a.High)
	case above:
		return "<=" + FormatFloat(a.High)
	case below && a.LowOpen:
		return ">" + FormatFloat(a.Low)
	case below:
		return ">=" + FormatFloat(a.Low)
	}
	return ""
}

// empty reports whether no number lies in the interval.
func (a Amount) empty() bool {
	return a.Low > a.High || a.Low == a.High && (a.LowOpen || a.HighOpen)
}

// both is what two amounts of one thing say together; empty where they cannot both be true.
func (a Amount) both(b Amount) Amount {
	switch {
	case b.Low > a.Low:
		a.Low, a.LowOpen = b.Low, b.LowOpen
	case b.Low == a.Low:
		a.LowOpen = a.LowOpen || b.LowOpen
	}
	switch {
	case b.High < a.High:
		a.High, a.HighOpen = b.High, b.HighOpen
	case b.High == a.High:
		a.HighOpen = a.HighOpen || b.HighOpen
	}
	return a
}

// hull is all that lies in one of two amounts or between them.
func (a Amount) hull(b Amount) Amount {
	switch {
	case b.Low < a.Low:
		a.Low, a.LowOpen = b.Low, b.LowOpen
	case b.Low == a.Low:
		a.LowOpen = a.LowOpen && b.LowOpen
	}
	switch {
	case b.High > a.High:
		a.High, a.HighOpen = b.High, b.HighOpen
	case b.High == a.High:
		a.HighOpen = a.HighOpen && b.HighOpen
	}
	return a
}

// max is the greater of two amounts, and min the lesser, whichever that is.
func (a Amount) max(b Amount) Amount {
	switch {
	case b.Low > a.Low:
		a.Low, a.LowOpen = b.Low, b.LowOpen
	case b.Low == a.Low:
		a.LowOpen = a.LowOpen || b.LowOpen
	}
	switch {
	case b.High > a.High:
		a.High, a.HighOpen = b.High, b.HighOpen
	case b.High == a.High:
		a.HighOpen = a.HighOpen && b.HighOpen
	}
	return a
}

func (a Amount) min(b Amount) Amount { return a.negated().max(b.negated()).negated() }

func (a Amount) negated() Amount {
	return Amount{Low: 0 - a.High, High: 0 - a.Low, LowOpen: a.HighOpen, HighOpen: a.LowOpen}
}

// less compares two amounts: a < b.
func (a Amount) less(b Amount) Outcome {
	switch {
	case a.High < b.Low, a.High == b.Low && (a.HighOpen || b.LowOpen):
		return Holds
	case a.Low >= b.High:
		return Broken
	}
	return Undecided
}

// atMost compares two amounts: a <= b.
func (a Amount) atMost(b Amount) Outcome { return b.less(a).not() }

// equals compares two amounts: a == b.
func (a Amount) equals(b Amount) Outcome {
	switch {
	case a.less(b) == Holds, b.less(a) == Holds:
		return Broken
	case a.IsValue() && b.IsValue():
		return Holds
	}
	return Undecided
}

// compare asks one comparison, by its operator.
func (a Amount) compare(op string, b Amount) Outcome {
	switch op {
	case "<":
		return a.less(b)
	case "<=":
		return a.atMost(b)
	case ">":
		return b.less(a)
	case ">=":
		return b.atMost(a)
	case "==":
		return a.equals(b)
	}
	return a.equals(b).not() // "!="
}

// within reports whether the number lies in an interval: Holds where it must, Broken where it cannot.
func (a Amount) within(b Amount) Outcome {
	if a.both(b).empty() {
		return Broken
	}
	low := a.Low > b.Low || a.Low == b.Low && (a.LowOpen || !b.LowOpen)
	high := a.High < b.High || a.High == b.High && (a.HighOpen || !b.HighOpen)
	if low && high {
		return Holds
	}
	return Undecided
}

// plus and minus are the sum and the difference of two amounts.
func (a Amount) plus(b Amount) Amount {
	return Amount{add(a.Low, b.Low), add(a.High, b.High), a.LowOpen || b.LowOpen, a.HighOpen || b.HighOpen}.tame()
}

func (a Amount) minus(b Amount) Amount { return a.plus(b.negated()) }

// times is the amount multiplied by a number.
func (a Amount) times(n float64) Amount {
	switch {
	case n == 0:
		return Value(0)
	case n < 0:
		return a.negated().times(-n)
	}
	return Amount{multiply(a.Low, n), multiply(a.High, n), a.LowOpen, a.HighOpen}.tame()
}

// over is the amount divided by a number, which is not 0.
func (a Amount) over(n float64) Amount {
	if n < 0 {
		return a.negated().over(-n)
	}
	return Amount{divide(a.Low, n), divide(a.High, n), a.LowOpen, a.HighOpen}.tame()
}

// tame keeps an interval one when its ends have left the range of numbers: an end that is too large
// becomes the largest number, which the true one lies beyond.
func (a Amount) tame() Amount {
	if math.IsInf(a.Low, 1) {
		a.Low, a.LowOpen = math.MaxFloat64, true
	}
	if math.IsInf(a.High, -1) {
		a.High, a.HighOpen = -math.MaxFloat64, true
	}
	a.LowOpen = a.LowOpen && !math.IsInf(a.Low, -1)
	a.HighOpen = a.HighOpen && !math.IsInf(a.High, 1)
	return a
}
