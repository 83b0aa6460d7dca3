package readings

import (
	"strings"

	"entente/act"
)

// amount is what a cell of values says: a value or a bound, and the unit that may stand after it.
type amount struct {
	sign   act.Sign
	signed bool // the cell says so itself
	value  string
	unit   string // as written; empty where none is
}

// signWords are the ways to write a sign, as they stand before a number, longest first among those
// that begin alike.
var signWords = []struct {
	words string
	sign  act.Sign
}{
	{"<=", act.AtMost}, {"=<", act.AtMost}, {"≤", act.AtMost}, {"⩽", act.AtMost}, {"≦", act.AtMost},
	{">=", act.AtLeast}, {"=>", act.AtLeast}, {"≥", act.AtLeast}, {"⩾", act.AtLeast}, {"≧", act.AtLeast},
	{"<", act.Below}, {">", act.Above}, {"=", act.Exactly},
	{"did not exceed", act.AtMost}, {"does not exceed", act.AtMost}, {"do not exceed", act.AtMost}, {"not exceeding", act.AtMost},
	{"not more than", act.AtMost}, {"no more than", act.AtMost}, {"at most", act.AtMost}, {"up to", act.AtMost},
	{"not above", act.AtMost}, {"not over", act.AtMost}, {"maximum of", act.AtMost}, {"maximum", act.AtMost}, {"max.", act.AtMost}, {"max", act.AtMost},
	{"not less than", act.AtLeast}, {"no less than", act.AtLeast}, {"not fewer than", act.AtLeast}, {"no fewer than", act.AtLeast},
	{"at least", act.AtLeast}, {"not below", act.AtLeast}, {"not under", act.AtLeast}, {"minimum of", act.AtLeast}, {"minimum", act.AtLeast}, {"min.", act.AtLeast}, {"min", act.AtLeast},
	{"below", act.Below}, {"less than", act.Below}, {"fewer than", act.Below}, {"under", act.Below},
	{"above", act.Above}, {"more than", act.Above}, {"greater than", act.Above}, {"over", act.Above}, {"exceeded", act.Above}, {"exceeding", act.Above}, {"exceeds", act.Above},
	{"equal to", act.Exactly}, {"equals", act.Exactly}, {"exactly", act.Exactly},
}

// vague are the words before a number that make it neither a value nor a bound.
var vague = []string{"~", "≈", "±", "about", "approximately", "approx", "around", "circa", "ca.", "ca ", "c.", "nearly", "almost", "some ", "roughly"}

// parseSign reads a cell that holds a sign alone; empty for none.
func parseSign(s string) (sign act.Sign, signed, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return act.Exactly, false, true
	}
	for _, w := range signWords {
		if s == w.words {
			return w.sign, true, true
		}
	}
	return 0, false, false
}

// cutSign takes a sign off the front.
func cutSign(s string) (rest string, sign act.Sign, signed bool) {
	if s[0] >= '0' && s[0] <= '9' || s[0] == '-' {
		return s, act.Exactly, false
	}
	low := strings.ToLower(s)
	if len(low) != len(s) {
		return s, act.Exactly, false // lower letters of another length: no words of ours
	}
	for _, w := range signWords {
		if strings.HasPrefix(low, w.words) {
			rest := s[len(w.words):]
			if last := w.words[len(w.words)-1]; last >= 'a' && last <= 'z' && rest != "" && rest[0] >= 'A' {
				continue // “overall”, “maximal”
			}
			return strings.TrimSpace(rest), w.sign, true
		}
	}
	return s, act.Exactly, false
}

// parseAmount reads a cell of values. Decimal is the mark that the mapping names, or empty;
// point says that a full stop with three digits after it is a decimal mark all the same, as in
// numbers that this program has written itself.
func parseAmount(s, decimal string, point bool) (amount, *fault) {
	s = strings.TrimSpace(s)
	if act.DecimalOK(s) && plainPoint(s, decimal, point) {
		return amount{value: s}, nil
	}
	s = strings.TrimSpace(westernDigits(s))
	switch strings.ToLower(s) {
	case "", "-", "—", "..", "...", "…", "n/a", "n.a.":
		return amount{}, &fault{NoValue, ""}
	}
	for _, w := range vague {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
			return amount{}, &fault{Vague, strings.TrimSpace(w)}
		}
	}
	var a amount
	s, a.sign, a.signed = cutSign(s)
	number, unit := cutNumber(s)
	if number == "" {
		return amount{}, &fault{NoNumber, ""}
	}
	if between(unit) {
		return amount{}, &fault{Range, ""}
	}
	if unit != "." { // of a sentence
		a.unit = unit
	}
	var f *fault
	a.value, f = parseNumber(number, decimal, point)
	return a, f
}

// plainPoint reports whether a number in canonical form can be taken as it stands.
func plainPoint(s, decimal string, point bool) bool {
	i := strings.IndexByte(s, '.')
	return i < 0 || decimal == "." || decimal == "" && (point || len(s)-i-1 != 3)
}

// between reports whether what follows a number is the other end of a range.
func between(s string) bool {
	for _, w := range []string{"to ", "and ", "-", ".."} {
		if rest, ok := strings.CutPrefix(strings.ToLower(s), w); ok {
			rest = strings.TrimSpace(rest)
			return rest != "" && rest[0] >= '0' && rest[0] <= '9'
		}
	}
	return false
}

// cutNumber parts a number, with the marks in it, from what follows.
func cutNumber(s string) (number, rest string) {
	i, last := 0, 0
	for i < len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			last = i + 1
		case i == 0 && (c == '-' || c == '+'):
		case (c == 'e' || c == 'E') && last == i && last > 0 && exponent(s[i+1:]) > 0:
			i += exponent(s[i+1:])
			return s[:i+1], strings.TrimSpace(s[i+1:])
		case c == '.' || c == ',' || c == '\'' || c == ' ':
		default:
			return strings.TrimSpace(s[:last]), strings.TrimSpace(s[last:])
		}
		i++
	}
	return s[:last], strings.TrimSpace(s[last:])
}

// exponent is the length of an exponent after its letter, or 0 where it is none.
func exponent(s string) int {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	from := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == from || i-from > 3 || i < len(s) && s[i] != ' ' {
		return 0
	}
	return i
}

// parseNumber brings a number into canonical form.
func parseNumber(s, decimal string, point bool) (string, *fault) {
	bare, minus := strings.CutPrefix(s, "-")
	bare = strings.TrimPrefix(bare, "+")
	power := 0
	if i := strings.IndexAny(bare, "eE"); i >= 0 {
		for _, c := range strings.TrimLeft(bare[i+1:], "+-") {
			power = 10*power + int(c-'0')
		}
		if strings.HasPrefix(bare[i+1:], "-") {
			power = -power
		}
		bare, decimal = bare[:i], "."
	}
	whole, fraction, f := split(bare, decimal, point)
	if f != nil {
		return "", f
	}
	whole, fraction = shift(whole, fraction, power)
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	out := whole
	if fraction != "" {
		out += "." + fraction
	}
	if minus && out != "0" {
		out = "-" + out
	}
	if !act.DecimalOK(out) {
		return "", &fault{LongNumber, ""}
	}
	return out, nil
}

// shift moves the decimal mark by a power of ten.
func shift(whole, fraction string, power int) (string, string) {
	for ; power > 0 && len(whole) <= act.MaxAmount; power-- {
		if fraction == "" {
			whole += "0"
		} else {
			whole, fraction = whole+fraction[:1], fraction[1:]
		}
	}
	for ; power < 0 && len(fraction) <= act.MaxAmount+len(whole); power++ {
		if whole == "" {
			fraction = "0" + fraction
		} else {
			whole, fraction = whole[:len(whole)-1], whole[len(whole)-1:]+fraction
		}
	}
	return whole, fraction
}

// split parts a number at its decimal mark and takes the marks between threes of digits out.
func split(s, decimal string, point bool) (whole, fraction string, f *fault) {
	mark := decimalMark(s, decimal, point)
	switch mark {
	case '?':
		return "", "", &fault{AmbiguousNumber, ""}
	case 0:
		whole = s
	default:
		i := strings.LastIndexByte(s, byte(mark))
		whole, fraction = s[:i], s[i+1:]
		if !digits(fraction) && fraction != "" || whole == "" && fraction == "" {
			return "", "", &fault{NoNumber, ""}
		}
	}
	whole, ok := ungroup(whole, mark)
	if !ok {
		return "", "", &fault{BadGroups, ""}
	}
	return whole, fraction, nil
}

// decimalMark says which character is a number's decimal mark: 0 for none, '?' where it could
// be read both ways.
func decimalMark(s, decimal string, point bool) rune {
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	if decimal != "" {
		if strings.Contains(s, decimal) {
			return rune(decimal[0])
		}
		return 0
	}
	switch {
	case points == 0 && commas == 0:
		return 0
	case points > 0 && commas > 0:
		if strings.LastIndexByte(s, '.') > strings.LastIndexByte(s, ',') {
			return '.'
		}
		return ','
	case points > 1 || commas > 1:
		return 0
	}
	mark := byte(',')
	if points == 1 {
		mark = '.'
	}
	i := strings.IndexByte(s, mark)
	before, after := s[:i], s[i+1:]
	switch {
	case mark == '.' && point, strings.ContainsAny(before, " '"):
		return rune(mark)
	case len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before[0] != '0':
		return '?'
	}
	return rune(mark)
}

// ungroup takes one sort of mark out of between threes of digits.
func ungroup(s string, decimal rune) (string, bool) {
	if digits(s) || s == "" {
		return s, true
	}
	for _, mark := range []string{" ", "'", ",", "."} {
		if rune(mark[0]) == decimal || !strings.Contains(s, mark) {
			continue
		}
		groups := strings.Split(s, mark)
		for i, g := range groups {
			if !digits(g) || len(g) > 3 || i > 0 && len(g) != 3 {
				return "", false
			}
		}
		return strings.Join(groups, ""), true
	}
	return "", false
}
