package compliance

import (
	"math/big"
	"strings"

	"entente/act"
)

// A Unit is a unit of measure, as the Unified Code for Units of Measure writes them (ucum.org), in the
// part of it that is needed here: letters and %, each perhaps with a whole exponent and an annotation in
// braces, joined by full stops and strokes: t, kg{U}, m3/d, %, {centrifuge}, 1. What a unit is in
// another is never guessed from its letters: only what an agreement states is applied ([Converter]).
// Units are the same where they are written alike.
type Unit struct{ code string }

// ScoreUnit is the unit of a commitment that is scored: 0 not begun, 1 minimal, 2 intermediate, 3
// complete, as the Peace Accords Matrix does.
const ScoreUnit = "{score}"

// maxScore is the highest score.
const maxScore = "3"

// One is the unit of plain numbers.
const One = "1"

// ParseUnit reads a unit.
func ParseUnit(code string) (Unit, error) {
	if code == "" || len(code) > act.MaxUnit {
		return Unit{}, fault(FaultUnit, 0, "A unit has 1 to %d letters; this has %d. Examples: t, kg{U}, m3/d, %%, {centrifuge}, 1.", act.MaxUnit, len(code))
	}
	rest := strings.TrimPrefix(code, "/")
	for {
		part, ok := cutPart(rest)
		if !ok {
			return Unit{}, fault(FaultUnit, len(code)-len(rest)+1, "%q is no unit. Letters and %%, with digits for a power and {notes} in braces, joined by . and /: t, kg{U}, m3/d, %%, {centrifuge}, 1.", code)
		}
		if rest = rest[part:]; rest == "" {
			return Unit{code}, nil
		}
		rest = rest[1:] // what joins
	}
}

// cutPart finds where the first part of a unit ends: at the end, or before what joins it to the next.
func cutPart(s string) (int, bool) {
	i := 0
	span := func(is func(c byte) bool) int {
		from := i
		for i < len(s) && is(s[i]) {
			i++
		}
		return i - from
	}
	name := span(func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '%' })
	digits := s[i:]
	power := span(func(c byte) bool { return c >= '0' && c <= '9' })
	if power > 0 && digits[0] == '0' { // neither a power nor a factor begins with 0
		return 0, false
	}
	note := 0
	if i < len(s) && s[i] == '{' {
		i++
		if note = span(func(c byte) bool { return c > ' ' && c <= '~' && c != '{' && c != '}' }); note == 0 || i == len(s) || s[i] != '}' {
			return 0, false
		}
		i++
	}
	if name+power+note == 0 {
		return 0, false
	}
	return i, i == len(s) || (s[i] == '.' || s[i] == '/') && i+1 < len(s)
}

// String is the unit's code.
func (u Unit) String() string { return u.code }

// Bounds of conversions.
const (
	maxSteps = 3 // conversions that are applied one after the other
)

// A Converter converts amounts by what an agreement states, in both directions, and by nothing else.
type Converter struct {
	factors map[string]map[string]*big.Rat // from, to: what 1 of from is in to
}

// NewConverter checks an agreement's conversions. Two of them that say different things of the same
// units are refused, whether at once or by way of others.
func NewConverter(stated []act.Conversion) (*Converter, error) {
	c := &Converter{map[string]map[string]*big.Rat{}}
	for _, s := range stated {
		factor, err := factorOf(s)
		if err != nil {
			return nil, err
		}
		if have, ok := c.factor(s.Unit, s.In, len(stated)); ok && have.Cmp(factor) != 0 {
			return nil, fault(FaultConversion, 0, "The agreement's conversions contradict each other: %s %s equals %s %s, and by what is stated before, %s.",
				s.Amount, s.Unit, s.Equals, s.In, ShowDecimal(new(big.Rat).Mul(have, rat(s.Amount))))
		}
		c.put(s.Unit, s.In, factor)
		c.put(s.In, s.Unit, new(big.Rat).Inv(factor))
	}
	return c, nil
}

func (c *Converter) put(from, to string, factor *big.Rat) {
	if c.factors[from] == nil {
		c.factors[from] = map[string]*big.Rat{}
	}
	c.factors[from][to] = factor
}

func rat(s string) *big.Rat {
	r, err := ParseDecimal(s)
	if err != nil {
		return new(big.Rat)
	}
	return r
}

// factorOf checks one conversion, and says what 1 of its unit is in the other.
func factorOf(s act.Conversion) (*big.Rat, error) {
	for _, code := range []string{s.Unit, s.In} {
		if _, err := ParseUnit(code); err != nil {
			return nil, err
		}
	}
	if s.Unit == s.In {
		return nil, fault(FaultConversion, 0, "A conversion is between two units; this has %s twice.", s.Unit)
	}
	amount, err := positive(s.Amount)
	if err != nil {
		return nil, err
	}
	equals, err := positive(s.Equals)
	if err != nil {
		return nil, err
	}
	return new(big.Rat).Quo(equals, amount), nil
}

// factor finds what 1 of a unit is in another, by the fewest conversions; all ways agree.
func (c *Converter) factor(from, to string, steps int) (*big.Rat, bool) {
	if from == to {
		return big.NewRat(1, 1), true
	}
	if c == nil {
		return nil, false
	}
	reach := map[string]*big.Rat{from: big.NewRat(1, 1)}
	edge := []string{from}
	for range steps {
		var next []string
		for _, at := range edge {
			for unit, factor := range c.factors[at] {
				if _, seen := reach[unit]; !seen {
					reach[unit] = new(big.Rat).Mul(reach[at], factor)
					next = append(next, unit)
				}
			}
		}
		if factor, ok := reach[to]; ok {
			return factor, true
		}
		edge = next
	}
	return nil, false
}

// Can reports whether amounts in one unit can be converted to another.
func (c *Converter) Can(from, to string) bool {
	_, ok := c.factor(from, to, maxSteps)
	return ok
}

// Convert says what a decimal number of one unit is in another, exactly.
func (c *Converter) Convert(value, from, to string) (*big.Rat, error) {
	r, err := ParseDecimal(value)
	if err != nil {
		return nil, err
	}
	factor, ok := c.factor(from, to, maxSteps)
	if !ok {
		return nil, fault(FaultConversion, 0, "%s %s cannot be told in %s: the agreement states no conversion between them. Give the amount in %s, or add a conversion to the agreement.", value, from, to, to)
	}
	return r.Mul(r, factor), nil
}

// Number is what Convert says, as the nearest float.
func (c *Converter) Number(value, from, to string) (float64, error) {
	r, err := c.Convert(value, from, to)
	if err != nil {
		return 0, err
	}
	v, _ := r.Float64()
	return v, nil
}
