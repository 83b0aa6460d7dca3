package compliance

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Bounds of decimal numbers.
const (
	maxDigits   = 40 // of a decimal number that is read, places included
	maxRepeated = 12 // decimal places of a number that has no end, when it is shown
)

// ParseDecimal reads a decimal number exactly, in its one form: no exponent, no needless zero, no sign
// but a minus, and no minus before zero.
func ParseDecimal(s string) (*big.Rat, error) {
	if !decimalOK(s) {
		return nil, fault(FaultConstant, 0, "%.60q is no decimal number: write it like 130, 0.5 or -12.25, with at most %d digits.", s, maxDigits)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fault(FaultConstant, 0, "%.60q is no decimal number.", s)
	}
	return r, nil
}

func decimalOK(s string) bool {
	bare, minus := strings.CutPrefix(s, "-")
	if bare == "" || len(bare) > maxDigits || minus && bare == "0" {
		return false
	}
	whole, places, point := strings.Cut(bare, ".")
	if whole == "" || len(whole) > 1 && whole[0] == '0' || point && (places == "" || strings.HasSuffix(places, "0")) {
		return false
	}
	for i := range len(bare) {
		if c := bare[i]; (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	return !strings.Contains(places, ".")
}

// FormatDecimal writes a number as ParseDecimal reads it; false where it has more than maxDigits digits
// or no last one.
func FormatDecimal(r *big.Rat) (string, bool) {
	places, ok := r.FloatPrec()
	if !ok || places > maxDigits {
		return "", false
	}
	s := r.FloatString(places)
	return s, decimalOK(s)
}

// ShowDecimal writes a number for a person: exactly where it has an end, else to the nearest of
// maxRepeated decimal places.
func ShowDecimal(r *big.Rat) string {
	if s, ok := FormatDecimal(r); ok {
		return s
	}
	s := r.FloatString(maxRepeated)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// FormatFloat writes the shortest decimal that is nearest to a float, without an exponent: "130",
// "0.1". What is no number is empty.
func FormatFloat(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return ""
	case v == 0:
		return "0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Rounded writes a number for the eye: as FormatFloat does, but where a conversion has made it long, with
// seven digits. Nothing is decided by it.
func Rounded(v float64) string {
	s := FormatFloat(v)
	if len(strings.TrimLeft(s, "-0.")) <= maxForEye {
		return s
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digitsForEye, 64), 64)
	if err != nil {
		return s
	}
	return FormatFloat(short)
}

// How long a number may be before it is rounded, and to how many digits.
const (
	maxForEye    = 11 // of its digits and its point
	digitsForEye = 7
)

// ParseFloat reads a decimal number as the float nearest to it.
func ParseFloat(s string) (float64, error) {
	r, err := ParseDecimal(s)
	if err != nil {
		return 0, err
	}
	v, _ := r.Float64()
	return v, nil
}

// positive reads a decimal number above 0.
func positive(s string) (*big.Rat, error) {
	r, err := ParseDecimal(s)
	if err == nil && r.Sign() <= 0 {
		return nil, fault(FaultConversion, 0, "A conversion is of an amount above 0; this has %.60s.", s)
	}
	return r, err
}
