package compliance

import (
	"fmt"
	"strconv"

	"entente/act"
)

// A FormKind is a plain shape that an obligation can have.
type FormKind uint8

// The kinds. What a kind uses of a [Form] beside the quantity stands beside it.
const (
	FormAtMost       FormKind = iota + 1 // Value: the latest reading stays at or below it
	FormBelow                            // Value: … below it
	FormAtLeast                          // Value: … at or above it
	FormAbove                            // Value: … above it
	FormBetween                          // Value, High: … between them, both allowed
	FormExactly                          // Value: the latest reading is this
	FormNone                             // nothing is observed: the latest reading is 0
	FormScore                            // Value, 0 to 3: a commitment is scored at least this; unit ScoreUnit
	FormDone                             // By: a thing is done (1) by a day; unit One
	FormTarget                           // Value, By: an indicator has come up to a value by a day
	FormTargetDown                       // Value, By: … has come down to it
	FormFollowed                         // Other, Days: each event is followed by another within so many days
	FormSumAtMost                        // Value, Days: what adds up in a window of days
	FormSumAtLeast                       // Value, Days
	FormCountAtMost                      // Value, Days: how many readings stand in a window of days
	FormCountAtLeast                     // Value, Days
	FormMaxAtMost                        // Value, Days: the highest reading of a window of days
	FormMinAtLeast                       // Value, Days: the lowest reading of a window of days
	formKinds
)

var formNames = [...]string{"", "at-most", "below", "at-least", "above", "between", "exactly", "none", "score", "done", "target", "target-down",
	"followed", "sum-at-most", "sum-at-least", "count-at-most", "count-at-least", "max-at-most", "min-at-least"}

// String is the kind's name: "at-most".
func (k FormKind) String() string {
	if k >= formKinds {
		return ""
	}
	return formNames[k]
}

// ParseFormKind reads a kind's name.
func ParseFormKind(s string) (FormKind, error) {
	for k := FormAtMost; k < formKinds; k++ {
		if formNames[k] == s {
			return k, nil
		}
	}
	return 0, fault(FaultWord, 0, "%.40q is no form of an obligation.", s)
}

// MarshalText writes the kind's name.
func (k FormKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a kind's name; empty for none.
func (k *FormKind) UnmarshalText(b []byte) (err error) {
	if *k = 0; len(b) > 0 {
		*k, err = ParseFormKind(string(b))
	}
	return err
}

// FormKinds lists the kinds in the order in which a page offers them.
func FormKinds() []FormKind {
	var out []FormKind
	for k := FormAtMost; k < formKinds; k++ {
		out = append(out, k)
	}
	return out
}

// A Form is an obligation as a person fills it in. It writes the rule in CEL, which is what is agreed;
// and is recognised again from the rule. Numbers are decimals as ParseDecimal reads them.
type Form struct {
	Kind     FormKind `json:"kind"`
	Quantity string   `json:"quantity"`
	Value    string   `json:"value,omitempty"`
	High     string   `json:"high,omitempty"`
	Days     int      `json:"days,omitempty"`
	By       act.Date `json:"by,omitempty"`
	Other    string   `json:"other,omitempty"`

	// What counts as near; all empty for never.
	Near     string `json:"near,omitempty"`     // from this value on: up for an upper limit, down for a lower one
	NearLow  string `json:"nearLow,omitempty"`  // FormBetween: from this value down; Near is of the upper end
	NearDays int    `json:"nearDays,omitempty"` // with By: so many days before it
}

// A comparison is what kinds with a limit ask.
type comparison struct {
	measure Measure
	op      string
}

var comparisonOf = [formKinds]comparison{
	FormAtMost: {MeasureLatest, "<="}, FormBelow: {MeasureLatest, "<"}, FormAtLeast: {MeasureLatest, ">="}, FormAbove: {MeasureLatest, ">"},
	FormExactly: {MeasureLatest, "=="}, FormNone: {MeasureLatest, "=="}, FormScore: {MeasureLatest, ">="},
	FormSumAtMost: {MeasureSum, "<="}, FormSumAtLeast: {MeasureSum, ">="}, FormCountAtMost: {MeasureCount, "<="}, FormCountAtLeast: {MeasureCount, ">="},
	FormMaxAtMost: {MeasureMax, "<="}, FormMinAtLeast: {MeasureMin, ">="},
}

// Uses reports which parts of a Form its kind uses.
func (k FormKind) Uses() (value, high, days, by, other, near bool) {
	c := comparisonOf[min(k, formKinds-1)]
	value = c.op != "" && k != FormNone || k == FormBetween || k == FormTarget || k == FormTargetDown
	days = c.measure != MeasureLatest || k == FormFollowed
	by = k == FormDone || k == FormTarget || k == FormTargetDown
	return value, k == FormBetween, days, by, k == FormFollowed, by || value && k != FormExactly
}

// upper reports whether the kind is a limit from above.
func (k FormKind) upper() bool {
	op := comparisonOf[k].op
	return op == "<=" || op == "<"
}

// Rule writes the rule in its canonical form.
func (f Form) Rule() (string, error) {
	if err := f.check(); err != nil {
		return "", err
	}
	switch f.Kind {
	case FormBetween:
		return f.compare(MeasureLatest, ">=", f.Value) + " && " + f.compare(MeasureLatest, "<=", f.High), nil
	case FormNone:
		return f.compare(MeasureLatest, "==", "0"), nil
	case FormDone:
		return f.reach("by", "1"), nil
	case FormTarget:
		return f.reach("by", f.Value), nil
	case FormTargetDown:
		return f.reach("down_by", f.Value), nil
	case FormFollowed:
		return fmt.Sprintf("%s.each_followed(%s, %d)", f.Quantity, f.Other, f.Days), nil
	}
	c := comparisonOf[f.Kind]
	return f.compare(c.measure, c.op, f.Value), nil
}

// NearRule writes what counts as near, in canonical form; empty for never.
func (f Form) NearRule() (string, error) {
	if err := f.check(); err != nil {
		return "", err
	}
	_, _, _, by, _, _ := f.Kind.Uses()
	m := comparisonOf[f.Kind].measure
	switch {
	case by && f.NearDays > 0:
		return `now >= date("` + string(f.nearFrom()) + `")`, nil
	case f.Kind == FormBetween && f.Near != "" && f.NearLow != "":
		return f.compare(m, "<=", f.NearLow) + " || " + f.compare(m, ">=", f.Near), nil
	case f.Kind == FormBetween && f.NearLow != "":
		return f.compare(m, "<=", f.NearLow), nil
	case f.Near == "":
		return "", nil
	case f.Kind == FormBetween || f.Kind.upper():
		return f.compare(m, ">=", f.Near), nil
	}
	return f.compare(m, "<=", f.Near), nil
}

// nearFrom is the day from which a deadline is near.
func (f Form) nearFrom() act.Date {
	d, _ := DayOf(f.By)
	return (d - Day(f.NearDays)).Date()
}

func (f Form) compare(m Measure, op, value string) string {
	window := ""
	if f.Days > 0 {
		window = strconv.Itoa(f.Days)
	}
	v, _ := ParseFloat(value)
	return f.Quantity + "." + m.String() + "(" + window + ") " + op + " " + celNumber(v)
}

func (f Form) reach(how, value string) string {
	v, _ := ParseFloat(value)
	return f.Quantity + "." + how + "(" + celNumber(v) + `, date("` + string(f.By) + `"))`
}

// check finds what is missing or wrong in a form, and what its kind has no use for.
func (f Form) check() error {
	if f.Kind < FormAtMost || f.Kind >= formKinds {
		return fault(FaultWord, 0, "Choose what form the obligation has.")
	}
	for _, q := range []string{f.Quantity, f.Other} {
		if (q != "" || q == f.Quantity) && (!act.QuantityOK(q) || Reserved(q)) {
			return fault(FaultName, 0, "%.60q is no name of a quantity: small letters, digits and _, at most %d, and no word of the language of rules.", q, act.MaxQuantity)
		}
	}
	value, high, days, by, other, near := f.Kind.Uses()
	for _, part := range []struct {
		name       string
		used, have bool
		needed     bool
	}{
		{"a number", value, f.Value != "", true}, {"an upper number", high, f.High != "", true}, {"a number of days", days, f.Days != 0, true},
		{"a day", by, f.By != "", true}, {"what has to follow", other, f.Other != "", true}, {"a number from which it is near", near && !by, f.Near != "", false},
		{"a lower number from which it is near", high, f.NearLow != "", false}, {"days before which it is near", by, f.NearDays != 0, false},
	} {
		switch {
		case part.used && part.needed && !part.have:
			return fault(FaultConstant, 0, "The obligation needs %s.", part.name)
		case !part.used && part.have:
			return fault(FaultConstant, 0, "An obligation of this form has no use for %s.", part.name)
		}
	}
	return f.checkNumbers()
}

// checkNumbers checks what is given for what it can be.
func (f Form) checkNumbers() error {
	for _, n := range []string{f.Value, f.High, f.Near, f.NearLow} {
		if n == "" {
			continue
		}
		if _, err := ParseDecimal(n); err != nil {
			return err
		}
	}
	for _, n := range []int{f.Days, f.NearDays} {
		if n < 0 || n > act.MaxDays {
			return fault(FaultConstant, 0, "A number of days is a whole number from 1 to %d.", act.MaxDays)
		}
	}
	if f.By != "" {
		if _, err := act.ParseDate(string(f.By)); err != nil {
			return fault(FaultConstant, 0, "%.40q is no day that exists: write it like 2017-12-19.", string(f.By))
		}
		if _, err := act.ParseDate(string(f.nearFrom())); err != nil {
			return fault(FaultConstant, 0, "%d days before %s there was no calendar.", f.NearDays, f.By)
		}
	}
	value, high, near, low := rat(f.Value), rat(f.High), rat(f.Near), rat(f.NearLow)
	switch {
	case f.Kind == FormScore && (!value.IsInt() || value.Sign() < 0 || value.Cmp(rat(maxScore)) > 0):
		return fault(FaultConstant, 0, "A score is 0 (not begun), 1 (minimal), 2 (intermediate) or 3 (complete).")
	case f.Kind == FormBetween && high.Cmp(value) < 0:
		return fault(FaultConstant, 0, "The upper number, %s, is below the lower one, %s.", f.High, f.Value)
	case f.Kind == FormBetween && (f.Near != "" && (near.Cmp(high) > 0 || near.Cmp(value) < 0) || f.NearLow != "" && (low.Cmp(high) > 0 || low.Cmp(value) < 0)):
		return fault(FaultConstant, 0, "What counts as near lies between %s and %s.", f.Value, f.High)
	case f.Near != "" && f.Kind.upper() && near.Cmp(value) > 0:
		return fault(FaultConstant, 0, "It is near an upper limit of %s from a number below it, not from %s.", f.Value, f.Near)
	case f.Near != "" && !f.Kind.upper() && f.Kind != FormBetween && near.Cmp(value) < 0:
		return fault(FaultConstant, 0, "It is near a lower limit of %s from a number above it, not from %s.", f.Value, f.Near)
	}
	return nil
}
