package party

import (
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
)

// Shape of a number: six groups of five decimal digits, 30 digits in all
// (about 99.6 bits).
const (
	NumberGroups = 6
	GroupDigits  = 5
	groupBase    = 100_000 // 10^GroupDigits
)

// Number is what two people compare by voice: of a party's keys, or of a
// document. It is comparable with ==, and the zero Number is that of nothing.
type Number struct {
	groups [NumberGroups]uint32 // most significant first, each below groupBase
}

// NumberOf makes the number of a SHA-256 sum: the sum as a big-endian
// integer, modulo 10^30.
func NumberOf(sum [32]byte) Number {
	var n Number
	for _, b := range sum {
		carry := uint32(b)
		for i := NumberGroups - 1; i >= 0; i-- {
			v := n.groups[i]<<8 + carry
			n.groups[i], carry = v%groupBase, v/groupBase
		}
	}
	return n
}

// Groups returns the six groups of five digits, in reading order.
func (n Number) Groups() [NumberGroups]string {
	var g [NumberGroups]string
	for i, v := range n.groups {
		g[i] = fmt.Sprintf("%0*d", GroupDigits, v)
	}
	return g
}

// Last returns the last group, which a person types after comparing all six.
func (n Number) Last() string { return n.Groups()[NumberGroups-1] }

// String writes the number as it is read aloud:
// "61180 29937 05514 88246 41790 37702".
func (n Number) String() string {
	g := n.Groups()
	return strings.Join(g[:], " ")
}

// IsZero says whether n is the number of nothing.
func (n Number) IsZero() bool { return n == Number{} }

// Equal compares two numbers in constant time.
func (n Number) Equal(o Number) bool {
	return subtle.ConstantTimeCompare(n.bytes(), o.bytes()) == 1
}

func (n Number) bytes() []byte {
	b := make([]byte, 0, 4*NumberGroups)
	for _, v := range n.groups {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// ParseNumber reads exactly what String writes.
func ParseNumber(s string) (Number, error) {
	n, err := ReadNumber(s)
	if err == nil && n.String() != s {
		err = fmt.Errorf("%s is not written as a number is: six groups of five digits with one space between them", quote(s))
	}
	if err != nil {
		return Number{}, err
	}
	return n, nil
}

// ReadNumber reads a number that a person typed: the digits may be European,
// Arabic or Persian, and may be parted by spaces, line breaks, "-" or "/", in
// any way.
func ReadNumber(s string) (Number, error) {
	var n Number
	digits := 0
	for _, r := range s {
		if strings.ContainsRune(" \t\r\n-/\u00a0\u2009\u202f", r) {
			continue
		}
		v, ok := digitValue(r)
		if !ok {
			return Number{}, fmt.Errorf("%s is not a number: %+q is not a digit", quote(s), r)
		}
		if digits < NumberGroups*GroupDigits {
			g := &n.groups[digits/GroupDigits]
			*g = *g*10 + v
		}
		digits++
	}
	if digits != NumberGroups*GroupDigits {
		return Number{}, fmt.Errorf("a number has %d digits, in six groups of five; this has %d", NumberGroups*GroupDigits, digits)
	}
	return n, nil
}

func digitValue(r rune) (uint32, bool) {
	for _, zero := range [...]rune{'0', '٠', '۰'} {
		if r >= zero && r <= zero+9 {
			return uint32(r - zero), true
		}
	}
	return 0, false
}

// MarshalText writes the number as String does.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (n *Number) UnmarshalText(b []byte) error {
	v, err := ParseNumber(string(b))
	if err == nil {
		*n = v
	}
	return err
}
