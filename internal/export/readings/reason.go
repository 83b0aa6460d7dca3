package readings

import (
	"fmt"
	"strings"

	"entente/internal/export/sheet"
)

// A Reason says why no reading could be made of a cell. Pages translate it.
type Reason string

// The reasons.
const (
	NoValue         Reason = "no value"
	NoNumber        Reason = "no number"
	AmbiguousNumber Reason = "ambiguous number" // 1,234
	BadGroups       Reason = "bad groups"       // 12,34,567
	LongNumber      Reason = "long number"
	Vague           Reason = "vague" // “about 130”; Detail: the word
	Range           Reason = "range" // 100–130
	BadSign         Reason = "bad sign"
	TwoSigns        Reason = "two signs" // the sign's own column says another
	NoUnit          Reason = "no unit"
	BadUnit         Reason = "bad unit"
	TwoUnits        Reason = "two units" // beside the value stands another; Detail: the other
	NoQuantity      Reason = "no quantity"
	BadQuantity     Reason = "bad quantity"
	NoDay           Reason = "no day"
	BadDay          Reason = "bad day"
	AmbiguousDay    Reason = "ambiguous day" // 3/4/2017
	ShortYear       Reason = "short year"    // 3/4/17
	BadGrade        Reason = "bad grade"
	HalfGrade       Reason = "half grade"
	NoSource        Reason = "no source"
	BadText         Reason = "bad text"  // Detail: what is wrong, in English
	LongText        Reason = "long text" // Detail: the bytes that it may have
	Fault           Reason = "fault"     // a formula that gave no value
	Beyond          Reason = "beyond"    // a cell to the right of the head's last
	NoWords         Reason = "no words"  // a draft of an obligation needs some
	Repeat          Reason = "repeat"    // Detail: the row that says the same
)

// Reasons are all reasons, for whoever translates them.
func Reasons() []Reason {
	return []Reason{NoValue, NoNumber, AmbiguousNumber, BadGroups, LongNumber, Vague, Range, BadSign, TwoSigns, NoUnit, BadUnit, TwoUnits,
		NoQuantity, BadQuantity, NoDay, BadDay, AmbiguousDay, ShortYear, BadGrade, HalfGrade, NoSource, BadText, LongText, Fault, Beyond, NoWords, Repeat}
}

// English says a reason in English; what it says of Detail stands in the form %s.
func (r Reason) English() string {
	switch r {
	case NoValue:
		return "there is no value"
	case NoNumber:
		return "this is no number"
	case AmbiguousNumber:
		return "this may be read as a thousand or as a fraction: say which mark is decimal"
	case BadGroups:
		return "its digits are not in threes, or its decimal mark is another than the one stated"
	case LongNumber:
		return "the number has more digits than an observation holds (20)"
	case Vague:
		return "“%s” makes it neither a value nor a bound: write a value, or a bound such as ≤300"
	case Range:
		return "this is a range: write its upper or its lower end as a bound, such as ≤130"
	case BadSign:
		return "this is no sign: =, <, <=, >= or >"
	case TwoSigns:
		return "the value has a sign of its own, and the column of signs says another"
	case NoUnit:
		return "there is no unit, neither in a column nor beside the value"
	case BadUnit:
		return "this is no unit's code: give it one, such as t, kg{U} or %%"
	case TwoUnits:
		return "beside the value stands another unit: %s"
	case NoQuantity:
		return "nothing says which quantity it is of"
	case BadQuantity:
		return "this is no name of a quantity: give it one of a to z, 0 to 9 and _"
	}
	return r.more()
}

func (r Reason) more() string {
	switch r {
	case NoDay:
		return "there is no day"
	case BadDay:
		return "this names no day: write it like 2017-02-18"
	case AmbiguousDay:
		return "this may be read as two days: say whether the day or the month comes first"
	case ShortYear:
		return "the year needs four digits"
	case BadGrade:
		return "this is no grade: a letter A to F for the source, a number 1 to 6 for the information"
	case HalfGrade:
		return "a grade needs both its parts: the source's letter and the information's number"
	case NoSource:
		return "nothing says where it comes from"
	case BadText:
		return "the text cannot be kept: %s"
	case LongText:
		return "the text is longer than %s bytes"
	case Fault:
		return "the spreadsheet's formula gave no value"
	case Beyond:
		return "the row has more cells than the head has columns: perhaps a separator stands inside a value"
	case NoWords:
		return "it has no words in a language of the group"
	case Repeat:
		return "row %s says the same: one of the two would be lost. Add a column that tells them apart, or leave one out"
	}
	return string(r)
}

// fault is a reason and what it speaks of.
type fault struct {
	reason Reason
	detail string
}

// says is the reason in English.
func (f *fault) says() string {
	form := f.reason.English()
	if strings.Contains(form, "%s") {
		return fmt.Sprintf(form, f.detail)
	}
	return strings.ReplaceAll(form, "%%", "%")
}

// place is where something stands, as a spreadsheet names it.
func place(row, column int) string {
	if column < 0 {
		return fmt.Sprintf("row %d", row)
	}
	return fmt.Sprintf("%s%d", sheet.ColumnName(column), row)
}
