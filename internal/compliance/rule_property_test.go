package compliance

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
)

// aNumber draws a decimal of few digits, as a float.
func aNumber(t *rapid.T) float64 {
	return float64(rapid.IntRange(-300, 300).Draw(t, "m")) / math.Pow10(rapid.IntRange(0, 2).Draw(t, "k"))
}

// anAmount draws a value, a bound or an interval.
func anAmount(t *rapid.T) Amount {
	switch a, b := aNumber(t), aNumber(t); {
	case rapid.Bool().Draw(t, "value"):
		return Value(a)
	case a < b && rapid.Bool().Draw(t, "interval"):
		return Amount{a, b, rapid.Bool().Draw(t, "low open"), rapid.Bool().Draw(t, "high open")}
	default:
		return AmountOf(act.Sign(rapid.IntRange(0, 4).Draw(t, "sign")), a)
	}
}

// inside draws a number of an amount.
func inside(t *rapid.T, a Amount) float64 {
	low, high := max(a.Low, -1000), min(a.High, 1000)
	mid := float64(low+high) / 2
	picks := []float64{mid}
	if !a.LowOpen || math.IsInf(a.Low, -1) {
		picks = append(picks, low)
	}
	if !a.HighOpen || math.IsInf(a.High, 1) {
		picks = append(picks, high)
	}
	return rapid.SampledFrom(picks).Draw(t, "inside")
}

// TestAmountsAreSound has what is said of amounts true of every number in them.
func TestAmountsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anAmount(t), anAmount(t)
		x, y := inside(t, a), inside(t, b)
		for _, op := range []string{"<", "<=", ">", ">=", "==", "!="} {
			said, is := a.compare(op, b), Value(x).compare(op, Value(y))
			if said != Undecided && said != is {
				t.Fatalf("%v %s %v is said to be %v, but of %v and %v it is %v", a, op, b, said, x, y, is)
			}
		}
		if said := a.within(b); said == Broken && x >= b.Low && x <= b.High && b.within(Value(x)) == Holds {
			t.Fatalf("%v within %v is %v, but %v is in both", a, b, said, x)
		} else if o := Value(x).within(b); said != Undecided && said != o {
			t.Fatalf("%v within %v is %v, but %v is %v", a, b, said, x, o)
		}
		n := aNumber(t)
		for name, c := range map[string]struct {
			of Amount
			is float64
		}{
			"plus": {a.plus(b), add(x, y)}, "minus": {a.minus(b), add(x, -y)}, "times": {a.times(n), multiply(x, n)},
			"max": {a.max(b), max(x, y)}, "min": {a.min(b), min(x, y)}, "hull": {a.hull(b), x}, "hull of the other": {b.hull(a), x},
		} {
			if Value(c.is).within(c.of) != Holds {
				t.Fatalf("%s of %v and %v (or %v) is %v, which has not %v in it (of %v and %v)", name, a, b, n, c.of, c.is, x, y)
			}
		}
		if both := a.both(b); both.within(a) == Undecided && !both.empty() || (Value(x).within(b) == Holds) != (Value(x).within(both) == Holds) {
			t.Fatalf("%v and %v together are %v", a, b, both)
		}
		if n != 0 && Value(divide(x, n)).within(a.over(n)) != Holds {
			t.Fatalf("%v over %v is %v", a, n, a.over(n))
		}
	})
}

// TestArithmeticIsOfDecimals compares with exact arithmetic.
func TestArithmeticIsOfDecimals(t *testing.T) {
	exactly := func(v float64) *big.Rat { return rat(FormatFloat(v)) }
	rapid.Check(t, func(t *rapid.T) {
		a, b := aNumber(t), aNumber(t)
		for name, c := range map[string]struct {
			got  float64
			want *big.Rat
		}{
			"sum": {add(a, b), new(big.Rat).Add(exactly(a), exactly(b))}, "product": {multiply(a, b), new(big.Rat).Mul(exactly(a), exactly(b))},
		} {
			if want, _ := c.want.Float64(); c.got != want {
				t.Fatalf("%s of %v and %v: %v, want %v", name, a, b, c.got, want)
			}
		}
		if b != 0 {
			if want, _ := new(big.Rat).Quo(exactly(a), exactly(b)).Float64(); divide(a, b) != want {
				t.Fatalf("%v / %v: %v, want %v", a, b, divide(a, b), want)
			}
		}
		var all tally
		sum := new(big.Rat)
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			v := aNumber(t)
			all.add(v)
			sum.Add(sum, exactly(v))
		}
		if want, _ := sum.Float64(); all.sum() != want {
			t.Fatalf("a sum is %v, want %v", all.sum(), want)
		}
	})
}

// aTrack draws readings of the days 0 to 40, at most one of a day.
func aTrack(t *rapid.T) *Track {
	out := &Track{}
	for d := range Day(40) {
		if rapid.IntRange(0, 4).Draw(t, "read") == 0 {
			out.Add(d, anAmount(t))
		}
	}
	return out
}

// aRule draws a rule over the quantities a and b, as somebody could write it.
func aRule(t *rapid.T, depth int) string {
	amount := func() string {
		return rapid.SampledFrom([]string{"a.latest()", "b.latest()", "a.max(7)", "b.min(9)", "a.sum(20)", "b.count(10)", "a.age()", "b.age()"}).Draw(t, "amount")
	}
	num := func() string { return FormatFloat(aNumber(t)) }
	if depth > 0 {
		x, y := func() string { return aRule(t, depth-1) }, func() string { return "(" + aRule(t, depth-1) + ")" }
		switch rapid.IntRange(0, 6).Draw(t, "shape") {
		case 0:
			return y() + "&&" + y()
		case 1:
			return x() + " || " + x()
		case 2:
			return "!" + y()
		case 3:
			return y() + " ? " + y() + " : " + x()
		}
	}
	op := rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "op")
	switch rapid.IntRange(0, 8).Draw(t, "leaf") {
	case 0:
		return num() + op + amount()
	case 1:
		return amount() + op + amount()
	case 2:
		return fmt.Sprintf("a.%s(%s, date('1970-01-%02d'))", rapid.SampledFrom([]string{"by", "down_by"}).Draw(t, "by"), num(), rapid.IntRange(1, 31).Draw(t, "day"))
	case 3:
		return fmt.Sprintf("a.each_followed(b, %d)", rapid.IntRange(1, 9).Draw(t, "days"))
	case 4:
		return "now" + op + "date('1970-01-20')"
	case 5:
		return amount() + " " + rapid.SampledFrom([]string{"+", "-"}).Draw(t, "plus") + " " + amount() + "*" + num() + op + num()
	case 6:
		return num() + "-(" + amount() + "+" + num() + ")" + op + amount() + "/3"
	}
	return amount() + op + num()
}

var ab = []Quantity{{"a", "1"}, {"b", "t"}}

// TestRules has the canonical form of any rule mean the same and be its own; what is decided of bounds
// be decided the same whatever the numbers turn out to be; and readings that are still to come change
// nothing.
func TestRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := aRule(t, 2)
		rule, err := CompileNear(written, ab)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		again, err := CompileNear(rule.Canonical(), ab)
		if err != nil || again.Canonical() != rule.Canonical() || !slices.Equal(again.names, rule.names) {
			t.Fatalf("%s became %s and then %v: %v", written, rule.Canonical(), again, err)
		}
		tracks := map[string]*Track{"a": aTrack(t), "b": aTrack(t)}
		of := func(r *Rule, change func(*Track) *Track) (out []*Track) {
			for _, n := range r.names {
				out = append(out, change(tracks[n]))
			}
			return out
		}
		on := Day(rapid.IntRange(-1, 45).Draw(t, "on"))
		same := func(x *Track) *Track { return x }
		got := rule.Eval(on, of(rule, same))
		if other := again.Eval(on, of(again, same)); other != got {
			t.Fatalf("%s gives %v, and %s %v", written, got, again.Canonical(), other)
		}
		if early := rule.Eval(on, of(rule, func(x *Track) *Track { n := x.upTo(on); return x.cut(n) })); early != got {
			t.Fatalf("%s: without what is still to come it is %v, not %v", written, early, got)
		}
		sure := rule.Eval(on, of(rule, func(x *Track) *Track {
			out := &Track{}
			for i, d := range x.Days {
				out.Add(d, Value(inside(t, x.At(i))))
			}
			return out
		}))
		if got.Outcome != Undecided && sure.Outcome != got.Outcome {
			t.Fatalf("%s on day %d is %v, but of numbers within the bounds %v", rule.Canonical(), on, got, sure)
		}
		if (got.Outcome == Undecided) != (got.Why != Decided) || got.Why == WhyFailed {
			t.Fatalf("%s: %v", written, got)
		}
	})
}

// cut is the first readings of a track.
func (t *Track) cut(n int) *Track {
	out := &Track{}
	for i := range n {
		out.Add(t.Days[i], t.At(i))
	}
	return out
}

// TestLimitsAreRules has the comparison without CEL come to what CEL comes to.
func TestLimitsAreRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]string{"latest()", "max(9)", "min(9)", "sum(9)", "count(9)", "age()"}).Draw(t, "measure")
		written := "a." + m + rapid.SampledFrom([]string{" < ", " <= ", " > ", " >= ", " == "}).Draw(t, "op") + FormatFloat(aNumber(t))
		if rapid.Bool().Draw(t, "range") {
			written = "a." + m + " >= " + FormatFloat(aNumber(t)) + " && a." + m + rapid.SampledFrom([]string{" < ", " <= "}).Draw(t, "upper") + FormatFloat(aNumber(t))
		}
		rule, err := Compile(written, ab)
		if err != nil {
			t.Fatal(err)
		}
		limit, ok := rule.Limit()
		if !ok {
			if lone := !rule.tree.is("&&"); lone {
				t.Fatalf("%s is no limit", written)
			}
			return // a range that nothing lies in
		}
		track, on := aTrack(t), Day(rapid.IntRange(-1, 45).Draw(t, "on"))
		native, cel := limit.Eval(on, track), rule.Eval(on, []*Track{track})
		if native != cel {
			t.Fatalf("%s on day %d: %v natively, %v by CEL", written, on, native, cel)
		}
	})
}

// TestReadingsOfOneDay has their order make no difference.
func TestReadingsOfOneDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var amounts []Amount
		for range rapid.IntRange(1, 5).Draw(t, "n") {
			amounts = append(amounts, anAmount(t))
		}
		one, other := &Track{}, &Track{}
		for _, a := range amounts {
			one.Add(3, a)
		}
		for _, a := range rapid.Permutation(amounts).Draw(t, "order") {
			other.Add(3, a)
		}
		for _, rule := range []string{"a.latest() <= 1.5", "a.max(3) > 1.0", "a.sum(3) >= 4.0", "a.by(2.0, date('1970-01-02'))", "a.each_followed(a, 1)"} {
			r, err := Compile(rule, ab)
			if err != nil {
				t.Fatal(err)
			}
			if x, y := r.Eval(5, []*Track{one}), r.Eval(5, []*Track{other}); x != y {
				t.Fatalf("%s of %v: %v or %v", rule, amounts, x, y)
			}
		}
	})
}

// aForm draws a form that may be one.
func aForm(t *rapid.T) Form {
	f := Form{Kind: rapid.SampledFrom(FormKinds()).Draw(t, "kind"), Quantity: "a"}
	value, high, days, by, other, near := f.Kind.Uses()
	num := func() string { return FormatFloat(aNumber(t)) }
	if value {
		f.Value = num()
	}
	if f.Kind == FormScore {
		f.Value = fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "score"))
	}
	if high {
		f.High = num()
	}
	if days {
		f.Days = rapid.IntRange(1, act.MaxDays).Draw(t, "days")
	}
	if by {
		f.By, f.NearDays = Day(rapid.IntRange(0, 40_000).Draw(t, "by")).Date(), rapid.IntRange(0, 400).Draw(t, "near days")
	}
	if other {
		f.Other = "b"
	}
	if near && !by && rapid.Bool().Draw(t, "near") {
		f.Near = num()
	}
	return f
}

// TestFormsComeBack has every form recognised again in the rule that it writes.
func TestFormsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := aForm(t)
		written, err := f.Rule()
		if err != nil {
			return
		}
		unit := "t"
		if f.Kind == FormScore {
			unit = ScoreUnit
		} else if f.Kind == FormDone {
			unit = One
		}
		quantities := []Quantity{{"a", unit}, {"b", "1"}}
		rule, err := Compile(written, quantities)
		if err != nil || rule.Canonical() != written {
			t.Fatalf("%v writes %s: %v", f, written, err)
		}
		var near *Rule
		if cel, err := f.NearRule(); err != nil {
			t.Fatal(err)
		} else if cel != "" {
			if near, err = CompileNear(cel, quantities); err != nil || near.Canonical() != cel {
				t.Fatalf("%v is near at %s: %v", f, cel, err)
			}
		}
		back, ok := rule.Shape()
		if ok {
			back, ok = back.WithNear(near)
		}
		if f.Kind == FormExactly && f.Value == "0" {
			f.Kind, f.Value = FormNone, ""
		}
		if !ok || back != f {
			t.Fatalf("%v wrote %s and came back as %v", f, written, back)
		}
	})
}

// TestConversionsGoBothWays converts there and back, exactly.
func TestConversionsGoBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount, equals := fmt.Sprint(rapid.IntRange(1, 9999).Draw(t, "amount")), fmt.Sprint(rapid.IntRange(1, 9999).Draw(t, "equals"))
		c, err := NewConverter([]act.Conversion{conversion(amount, "x", equals, "y")})
		if err != nil {
			t.Fatal(err)
		}
		value := FormatFloat(aNumber(t))
		there, err := c.Convert(value, "x", "y")
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := FormatDecimal(there); ok {
			if back, err := c.Convert(s, "y", "x"); err != nil || back.Cmp(rat(value)) != 0 {
				t.Fatalf("%s x are %s y, and back %v", value, s, back)
			}
		}
	})
}
