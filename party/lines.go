package party

import (
	"encoding/base64"
	"strings"
)

// lines walks a small text file of "word value" lines. Whoever uses it writes
// the result again and compares, so it need not notice what is left over.
type lines struct{ rest string }

func newLines(b []byte) *lines { return &lines{string(b)} }

// peek returns the next line without taking it.
func (l *lines) peek() string {
	line, _, _ := strings.Cut(l.rest, "\n")
	return line
}

// is takes the next line and says whether it is want.
func (l *lines) is(want string) bool {
	var line string
	line, l.rest, _ = strings.Cut(l.rest, "\n")
	return line == want
}

// has says whether the next line begins with word and a space.
func (l *lines) has(word string) bool { return strings.HasPrefix(l.peek(), word+" ") }

// value takes the next line if it begins with word, and returns what follows;
// else it takes nothing and returns "".
func (l *lines) value(word string) string {
	if !l.has(word) {
		return ""
	}
	var line string
	line, l.rest, _ = strings.Cut(l.rest, "\n")
	return line[len(word)+1:]
}

// decode32 reads 32 bytes of padded base64.
func decode32(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return b, err == nil && len(b) == 32
}
