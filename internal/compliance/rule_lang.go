package compliance

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/functions"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"entente/act"
)

// The types of the language of rules beside bool, double, int and timestamp.
var (
	seriesType = cel.OpaqueType("series")
	amountType = cel.OpaqueType("amount")
)

// ruleEnv is the language of rules without its quantities, made once. Of CEL's own library only the
// connectives are taken: each function of the library has one binding for all its overloads, so that
// comparisons and arithmetic, which are asked of amounts here, have to be declared anew.
var ruleEnv = sync.OnceValues(func() (*cel.Env, error) {
	connectives := env.NewLibrarySubset().SetDisableMacros(true).AddIncludedFunctions(
		&env.Function{Name: operators.LogicalAnd}, &env.Function{Name: operators.LogicalOr},
		&env.Function{Name: operators.LogicalNot}, &env.Function{Name: operators.Conditional})
	return cel.NewCustomEnv(slices.Concat([]cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(connectives)),
		cel.ParserExpressionSizeLimit(act.MaxRule), cel.ParserRecursionLimit(maxRuleDepth), cel.ExpressionNodeLimit(2 * maxRuleNodes),
		cel.Variable("now", cel.TimestampType),
		cel.Function("date", cel.Overload("date_string", []*cel.Type{cel.StringType}, cel.TimestampType, cel.UnaryBinding(dateOf))),
	}, seriesFunctions(), amountComparisons(), amountArithmetic())...)
})

// seriesFunctions are what a series is asked.
func seriesFunctions() (out []cel.EnvOption) {
	ask := func(name string, result *cel.Type, args []*cel.Type, f func(s *seriesVal, args []ref.Val) ref.Val) {
		call := func(vals ...ref.Val) ref.Val {
			s, ok := vals[0].(*seriesVal)
			if !ok {
				return types.NoSuchOverloadErr()
			}
			return f(s, vals[1:])
		}
		out = append(out, cel.Function(name, cel.MemberOverload(overloadID(name, args), append([]*cel.Type{seriesType}, args...), result, bound(1+len(args), call))))
	}
	ask("latest", amountType, nil, func(s *seriesVal, _ []ref.Val) ref.Val { return s.measure(MeasureLatest, 0) })
	ask("age", amountType, nil, func(s *seriesVal, _ []ref.Val) ref.Val { return s.measure(MeasureAge, 0) })
	for _, m := range []Measure{MeasureMax, MeasureMin, MeasureSum, MeasureCount} {
		ask(m.String(), amountType, []*cel.Type{cel.IntType}, func(s *seriesVal, args []ref.Val) ref.Val {
			return s.measure(m, int(args[0].(types.Int)))
		})
	}
	reached := func(a, target Amount) Outcome { return target.atMost(a) }
	for name, test := range map[string]func(a, target Amount) Outcome{"by": reached, "down_by": Amount.atMost} {
		for _, number := range []*cel.Type{cel.DoubleType, cel.IntType} {
			ask(name, cel.BoolType, []*cel.Type{number, cel.TimestampType}, func(s *seriesVal, args []ref.Val) ref.Val {
				if !s.spend(s.track.Len()) {
					return unknown(WhyFailed, s.name)
				}
				target, _ := amountIn(args[0])
				return s.answer(s.track.by(s.on, target, dayIn(args[1]), test))
			})
		}
	}
	ask("each_followed", cel.BoolType, []*cel.Type{seriesType, cel.IntType}, func(s *seriesVal, args []ref.Val) ref.Val {
		other, ok := args[0].(*seriesVal)
		if !ok {
			return types.NoSuchOverloadErr()
		}
		if !s.spend(s.track.Len() + other.track.Len()) {
			return unknown(WhyFailed, s.name)
		}
		return s.answer(s.track.followed(s.on, other.track, int(args[1].(types.Int))))
	})
	return out
}

// overloadID is what CEL calls a function with certain arguments by.
func overloadID(name string, args []*cel.Type) string {
	id := "series_" + name
	for _, a := range args {
		id += "_" + a.String()
	}
	return id
}

// bound binds a function by how many values it takes: CEL calls those of one and two apart.
func bound(n int, f functions.FunctionOp) cel.OverloadOpt {
	switch n {
	case 1:
		return cel.UnaryBinding(func(a ref.Val) ref.Val { return f(a) })
	case 2:
		return cel.BinaryBinding(func(a, b ref.Val) ref.Val { return f(a, b) })
	}
	return cel.FunctionBinding(f)
}

// amountComparisons are <, <=, >, >=, == and != between amounts, an amount and a number, and days.
// That a number stands first, and !=, are declared only to be read: in the canonical form numbers stand
// last, and what is not equal is !(… == …). CEL asks == of the value that stands first, whatever is
// bound here, and takes what is not known to be equal for unequal.
func amountComparisons() (out []cel.EnvOption) {
	for _, op := range []string{operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals, operators.Equals, operators.NotEquals} {
		sign := signOf[op]
		compare := cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			x, ok := a.(*amountVal)
			y, isToo := amountIn(b)
			if !ok || !isToo {
				return types.NoSuchOverloadErr()
			}
			return x.outcome(x.compare(sign, y), b)
		})
		order := cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			return types.Bool(Value(float64(dayIn(a))).compare(sign, Value(float64(dayIn(b)))) == Holds)
		})
		var overloads []cel.FunctionOpt
		for _, pair := range pairs(amountType, cel.DoubleType, cel.IntType) {
			overloads = append(overloads, cel.Overload(op+pair.name, pair.args, cel.BoolType, compare))
		}
		overloads = append(overloads, cel.Overload(op+"_days", []*cel.Type{cel.TimestampType, cel.TimestampType}, cel.BoolType, order))
		out = append(out, cel.Function(op, overloads...))
	}
	return out
}

// amountArithmetic are + and - between amounts and numbers, * and / of an amount by a number.
func amountArithmetic() (out []cel.EnvOption) {
	for op, f := range map[string]func(a, b Amount) Amount{
		operators.Add: Amount.plus, operators.Subtract: Amount.minus,
		operators.Multiply: func(a, b Amount) Amount { return a.times(b.Low) },
		operators.Divide:   func(a, b Amount) Amount { return a.over(b.Low) },
	} {
		byNumber := op == operators.Multiply || op == operators.Divide
		apply := cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			x, ok := amountIn(a)
			y, isToo := amountIn(b)
			if !ok || !isToo || byNumber && (!y.IsValue() || op == operators.Divide && y.Low == 0) {
				return types.NoSuchOverloadErr()
			}
			return &amountVal{Amount: f(x, y), of: quantityIn(a, b)}
		})
		var overloads []cel.FunctionOpt
		for _, pair := range pairs(amountType, cel.DoubleType, cel.IntType) {
			both, back := pair.args[0] == pair.args[1], pair.args[1] == amountType && pair.args[0] != amountType
			if byNumber && both || op == operators.Divide && back {
				continue
			}
			overloads = append(overloads, cel.Overload(op+pair.name, pair.args, amountType, apply))
		}
		out = append(out, cel.Function(op, overloads...))
	}
	return out
}

type pair struct {
	name string
	args []*cel.Type
}

// pairs are an amount with itself and with each sort of number, either way round.
func pairs(amount *cel.Type, numbers ...*cel.Type) []pair {
	out := []pair{{"_amounts", []*cel.Type{amount, amount}}}
	for _, n := range numbers {
		out = append(out, pair{"_amount_" + n.String(), []*cel.Type{amount, n}}, pair{"_" + n.String() + "_amount", []*cel.Type{n, amount}})
	}
	return out
}

// dateOf is date("2017-12-19").
func dateOf(v ref.Val) ref.Val {
	s, _ := v.(types.String)
	d, ok := DayOf(act.Date(s))
	if !ok {
		return types.NewErr("%.20q is no day", string(s))
	}
	return types.Timestamp{Time: d.time()}
}

// dayIn is the day of a timestamp.
func dayIn(v ref.Val) Day {
	t, _ := v.(types.Timestamp)
	return Day(t.Unix() / secondsADay)
}

// amountIn is what a value says of a number.
func amountIn(v ref.Val) (Amount, bool) {
	switch v := v.(type) {
	case *amountVal:
		return v.Amount, true
	case types.Double:
		return Value(float64(v)), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	case types.Int:
		return Value(float64(v)), true
	}
	return Amount{}, false
}

func quantityIn(vals ...ref.Val) string {
	for _, v := range vals {
		if a, ok := v.(*amountVal); ok {
			return a.of
		}
	}
	return ""
}

// unknown is CEL's word for what cannot be told, which && and || carry through. The reason stands where
// CEL has the number of an expression.
func unknown(why Why, quantity string) ref.Val {
	return types.NewUnknown(int64(why), types.NewAttributeTrail(quantity))
}

// A seriesVal is a quantity in a rule that is asked.
type seriesVal struct {
	opaque
	name  string
	track *Track
	on    Day
	left  *int // readings that may still be looked at while the rule is asked
}

// spend takes readings from what may be looked at.
func (s *seriesVal) spend(n int) bool {
	*s.left -= n
	return *s.left >= 0
}

// Type is ref.Val's.
func (s *seriesVal) Type() ref.Type { return seriesType }

// Value is ref.Val's.
func (s *seriesVal) Value() any { return s }

// Equal is ref.Val's. No rule compares two series.
func (s *seriesVal) Equal(ref.Val) ref.Val { return types.NoSuchOverloadErr() }

func (s *seriesVal) measure(m Measure, days int) ref.Val {
	if days > 0 && !s.spend(s.track.Len()) {
		return unknown(WhyFailed, s.name)
	}
	a, ok := s.track.Measure(m, s.on, days)
	if !ok {
		return unknown(WhyNoReading, s.name)
	}
	return &amountVal{Amount: a, of: s.name}
}

func (s *seriesVal) answer(o Outcome, why Why) ref.Val {
	if o == Undecided {
		return unknown(why, s.name)
	}
	return types.Bool(o == Holds)
}

// An amountVal is an amount in a rule that is asked, and the first quantity that it comes from.
type amountVal struct {
	opaque
	Amount
	of string
}

// Type is ref.Val's.
func (a *amountVal) Type() ref.Type { return amountType }

// Value is ref.Val's.
func (a *amountVal) Value() any { return a.Amount }

// Equal is ref.Val's: true, false or unknown.
func (a *amountVal) Equal(other ref.Val) ref.Val {
	b, ok := amountIn(other)
	if !ok {
		return types.NoSuchOverloadErr()
	}
	return a.outcome(a.equals(b), other)
}

// outcome is true, false, or unknown because of a bound.
func (a *amountVal) outcome(o Outcome, other ref.Val) ref.Val {
	if o != Undecided {
		return types.Bool(o == Holds)
	}
	if b, ok := other.(*amountVal); ok && a.IsValue() {
		return unknown(WhyBound, b.of)
	}
	return unknown(WhyBound, a.of)
}

// opaque is what values of the language are not: anything else.
type opaque struct{}

// ConvertToNative is ref.Val's.
func (opaque) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a quantity is no %s", t)
}

// ConvertToType is ref.Val's.
func (opaque) ConvertToType(ref.Type) ref.Val { return types.NoSuchOverloadErr() }
