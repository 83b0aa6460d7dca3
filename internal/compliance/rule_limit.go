package compliance

import "entente/act"

// A Measure is what is asked of a quantity's readings to get one amount.
type Measure uint8

// The measures. All but the latest reading and its age look at a window: so many days that end with the
// day that is asked about.
const (
	MeasureLatest Measure = iota // what is read of the last day with a reading
	MeasureMax                   // the highest of the days in the window
	MeasureMin                   // the lowest of the days in the window
	MeasureSum                   // all readings in the window added up
	MeasureCount                 // how many readings stand in the window
	MeasureAge                   // how many days old the latest reading is
)

var measureNames = [...]string{"latest", "max", "min", "sum", "count", "age"}

// String is the measure's name, as rules have it.
func (m Measure) String() string { return measureNames[min(int(m), len(measureNames)-1)] }

// Measure asks the track for one amount; false where there is no reading to tell it by. Days is the
// window; the measures without one do not look at it.
func (t *Track) Measure(m Measure, on Day, days int) (Amount, bool) {
	switch m {
	case MeasureMax:
		return t.extreme(on, days, Amount.max)
	case MeasureMin:
		return t.extreme(on, days, Amount.min)
	case MeasureSum:
		return t.sum(on, days)
	case MeasureCount:
		return t.count(on, days), true
	}
	d, a, ok := t.Latest(on)
	if m == MeasureAge {
		a = Value(float64(on - d))
	}
	return a, ok
}

// A Limit is a rule that compares one measure of one quantity with constants: it holds while the
// measure lies in Bound. Such a rule is asked without CEL, with the same result.
type Limit struct {
	Quantity string
	Of       Measure
	Days     int // of the window; 0 where the measure has none
	Bound    Amount
}

// Judge asks the limit about an amount.
func (l Limit) Judge(a Amount) Outcome { return a.within(l.Bound) }

// Eval asks the limit about a track on a day.
func (l Limit) Eval(on Day, t *Track) Result {
	a, ok := t.Measure(l.Of, on, l.Days)
	if !ok {
		return Result{Why: WhyNoReading, Quantity: l.Quantity}
	}
	if o := l.Judge(a); o != Undecided {
		return Result{Outcome: o}
	}
	return Result{Why: WhyBound, Quantity: l.Quantity}
}

// limit recognises a comparison with a constant, and two of them that make a range.
func (n *node) limit() (Limit, bool) {
	if n.is("&&") && len(n.args) == 2 {
		a, ok := n.args[0].limit()
		b, too := n.args[1].limit()
		if !ok || !too || a.Quantity != b.Quantity || a.Of != b.Of || a.Days != b.Days {
			return Limit{}, false
		}
		a.Bound = a.Bound.both(b.Bound)
		return a, !a.Bound.empty()
	}
	if n.kind != nodeOp || n.level() != levelCompare || n.word == "!=" || n.args[0].kind != nodeCall || n.args[1].kind != nodeNumber {
		return Limit{}, false
	}
	call, v := n.args[0], n.args[1].num
	for m, name := range measureNames {
		if name == call.word {
			l := Limit{Quantity: call.args[0].word, Of: Measure(m), Bound: AmountOf(boundOf(n.word), v)}
			if len(call.args) > 1 {
				l.Days = int(call.args[1].days)
			}
			return l, true
		}
	}
	return Limit{}, false
}

// boundOf is the sign of the bound that a comparison with a constant sets.
func boundOf(op string) act.Sign {
	sign, _ := act.ParseSign(op)
	if op == "==" {
		return act.Exactly
	}
	return sign
}
