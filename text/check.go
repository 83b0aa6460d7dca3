package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The two zero-width characters that some scripts are not written without.
const (
	zwnj = '\u200C'
	zwj  = '\u200D'
)

// maxMarks is the greatest number of combining marks on one letter. Pointed and
// accented Hebrew needs four, Burmese seven.
const maxMarks = 8

// CharError says which character may not stand in a text, where and why.
type CharError struct {
	Index int    // byte offset in the text
	Rune  rune   // the character; utf8.RuneError for a byte that is not UTF-8
	Why   string // the rest of the sentence "U+202E at byte 17 …"
}

// Error names the character by its number, never by itself: it may be one that
// would spoil the line it is printed in.
func (e *CharError) Error() string {
	return fmt.Sprintf("U+%04X at byte %d %s", e.Rune, e.Index, e.Why)
}

// Check reports whether s may stand as one language version of a text. The
// error is a *CharError at the first offending character; Bans lists the rules.
// The empty string passes.
//
// Check is called for every text when a group is opened: it takes ASCII eight
// bytes at a time and looks every other character up in one frozen table.
func Check(s string) error {
	if len(s) > MaxText {
		i := MaxText
		for i > 0 && !utf8.RuneStart(s[i]) {
			i--
		}
		r, _ := utf8.DecodeRuneInString(s[i:])
		return &CharError{Index: i, Rune: r, Why: placeBans[banLong].Why}
	}
	i := plainASCII(s)
	if i == len(s) {
		return nil
	}
	return checkFrom(s, i)
}

// plainASCII returns how many bytes at the start of s it has seen to be
// printable ASCII, line feed or tab.
func plainASCII(s string) int {
	const high, low, del = 0x8080808080808080, 0x2020202020202020, 0x7F7F7F7F7F7F7F7F
	const ones = 0x0101010101010101
	i := 0
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		d := x ^ del
		// A byte's high bit is set in the sum where the byte is not ASCII, is
		// below a space, or is DEL; carries can only add alarms, never lose one.
		if (x|(x-low)|(d-ones))&high != 0 && !plainBytes(b) {
			return i
		}
	}
	for ; i < len(s); i++ {
		if !plainByte(s[i]) {
			return i
		}
	}
	return i
}

// plainBytes reports whether every byte of b is plain.
func plainBytes(b string) bool {
	for i := range len(b) {
		if !plainByte(b[i]) {
			return false
		}
	}
	return true
}

// plainByte reports whether c is printable ASCII, line feed or tab.
func plainByte(c byte) bool { return c-' ' < 0x7F-' ' || c == '\n' || c == '\t' }

// checkFrom checks s from byte i on; what is before i is plain ASCII.
func checkFrom(s string, i int) error {
	normal := true // no character so far makes normal form a question
	marks := 0     // combining marks just before i
	for i < len(s) {
		if n := plainRun(s[i:]); n > 0 {
			marks = 0
			i += n
			continue
		}
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return &CharError{Index: i, Rune: utf8.RuneError, Why: placeBans[banUTF8].Why}
			}
		}
		switch c := classOf(r); {
		case c == classPlain:
			marks = 0
		case c == classForbidden:
			return &CharError{Index: i, Rune: r, Why: charWhy(r)}
		case r == zwnj || r == zwj:
			marks = 0
			if !joins(s, i) {
				return &CharError{Index: i, Rune: r, Why: placeBans[banJoiner].Why}
			}
		default:
			if c == classCompose || marks > 0 {
				normal = false
			}
			if ban := markBan(s, i, r, &marks); ban >= 0 {
				return &CharError{Index: i, Rune: r, Why: placeBans[ban].Why}
			}
		}
		i += size
	}
	if normal || norm.NFC.IsNormalString(s) {
		return nil
	}
	return formError(s)
}

// plainRun returns how many bytes at the start of s it has seen to be plain:
// printable ASCII, or letters of two bytes (Latin, Greek, Cyrillic, Hebrew,
// Arabic). It is the loop that reading Hebrew spends its time in.
func plainRun(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if !plainByte(c) {
				break
			}
			i++
			continue
		}
		if c-0xC2 >= 0xE0-0xC2 || i+1 == len(s) || s[i+1]&0xC0 != 0x80 {
			break
		}
		r := uint32(c&0x1F)<<6 | uint32(s[i+1]&0x3F)
		if class(classData[uint32(classIndex[r>>8])<<6|r&0xFF>>2]>>(r&3<<1))&3 != classPlain {
			break
		}
		i += 2
	}
	return i
}

// markBan counts the combining mark r at byte i of s and returns the rule it
// breaks, or -1. Characters that compose but are not marks end the count.
func markBan(s string, i int, r rune, marks *int) int {
	if !unicode.Is(unicode.M, r) {
		*marks = 0
		return -1
	}
	if *marks == 0 {
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if i == 0 || before == '\n' || before == '\t' || unicode.Is(unicode.Zs, before) {
			return banBare
		}
	}
	if *marks++; *marks > maxMarks {
		return banPile
	}
	return -1
}

// joins reports whether the joiner at byte i of s stands between two letters
// (or marks on letters) of one script in which joiners have a meaning.
func joins(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+len(string(zwnj)):])
	for _, script := range joiningScripts {
		if unicode.Is(script, before) && unicode.Is(script, after) {
			return unicode.In(before, unicode.L, unicode.M) && unicode.Is(unicode.L, after)
		}
	}
	return false
}

// joiningScripts are the scripts whose letters change shape at a joiner.
var joiningScripts = [...]*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
	unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
}

// formError points at the first character that normalisation form C changes.
func formError(s string) error {
	n := norm.NFC.String(s)
	at := 0
	for at < len(s) && at < len(n) && s[at] == n[at] {
		at++
	}
	if at == len(s) {
		at--
	}
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	r, size := utf8.DecodeRuneInString(s[at:])
	for classOf(r) == classPlain && at+size < len(s) { // the letter is sound, what follows it is not
		at += size
		r, size = utf8.DecodeRuneInString(s[at:])
	}
	return &CharError{Index: at, Rune: r, Why: placeBans[banForm].Why}
}

// Clean brings text from a form into the shape in which it is stored: line
// feeds for line ends, normalisation form C, no spaces or tabs at the end of a
// line, no empty lines at the end of the text. It never takes out a character
// that Check forbids: a person must hear of it.
func Clean(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	s = norm.NFC.String(s)
	if strings.Contains(s, " \n") || strings.Contains(s, "\t\n") {
		lines := strings.Split(s, "\n")
		for i, line := range lines {
			lines[i] = strings.TrimRight(line, " \t")
		}
		s = strings.Join(lines, "\n")
	}
	return strings.TrimRight(s, " \t\n")
}
