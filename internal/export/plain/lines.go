package plain

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"entente/text"
)

// A line is one line of the source without what was skipped.
type line struct {
	words  string // "" for an empty line
	number int32
	indent int32    // columns before the words
	marks  [2]int32 // its brackets, in reader.marks
	title  int32    // of a heading its level, from 1
	hard   bool     // the next line is not joined to it
	top    bool     // first of a page
}

// A bracketMark is a bracket in the words that are kept.
type bracketMark struct {
	at   int32 // in the source, in bytes
	line int32
	mate int32 // in reader.marks; -1 if none
	c    byte  // [ or ]
}

// A reader is the state of one Read.
type reader struct {
	src    string
	opt    Options
	draft  *Draft
	lines  []line
	marks  []bracketMark
	links  []string // names of link targets
	linkAt []int    // where links may be
	refs   []refMarks
	store  []block // room for blocks
	open   []int32 // room for count
}

// skip notes what is in no element.
func (r *reader) skip(from, to, number int, what SkipKind) {
	if to <= from {
		return
	}
	if n := len(r.draft.Skips); n > 0 && r.draft.Skips[n-1].To == from && r.draft.Skips[n-1].What == what {
		r.draft.Skips[n-1].To = to
		return
	}
	r.draft.Skips = append(r.draft.Skips, Skip{From: from, To: to, Line: number, What: what})
}

// next cuts the line at byte at of the source: its end, and where the next begins.
func (r *reader) next(at int) (end, after int) {
	n := strings.IndexByte(r.src[at:], '\n')
	if n < 0 {
		return len(r.src), len(r.src)
	}
	end = at + n
	if end > at && r.src[end-1] == '\r' {
		return end - 1, end + 1
	}
	return end, end + 1
}

// indentOf counts the columns before the words of s, and its bytes there.
func indentOf(s string) (columns, bytes int) {
	for bytes < len(s) {
		switch s[bytes] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns, bytes
		}
		bytes++
	}
	return columns, bytes
}

// add appends the line src[from:end], whose words are kept as they are or, with
// Markdown, without its signs.
func (r *reader) add(from, end, number int, markdown bool) {
	l := line{number: int32(number)}
	indent, n := indentOf(r.src[from:end])
	l.indent = int32(indent)
	from += n
	for end > from && (r.src[end-1] == ' ' || r.src[end-1] == '\t') {
		end--
	}
	l.marks[0] = int32(len(r.marks))
	if markdown {
		l.words, l.hard = r.clean(from, end, number)
	} else {
		l.words = r.src[from:end]
		r.noteMarks(from, end, number)
	}
	l.marks[1] = int32(len(r.marks))
	if !simple(l.words) {
		l.words = r.allowed(l.words, number)
	}
	r.lines = append(r.lines, l)
}

// noteMarks notes the brackets of src[from:end].
func (r *reader) noteMarks(from, end, number int) {
	for i := from; i < end; i++ {
		if c := r.src[i]; c == '[' || c == ']' {
			r.marks = append(r.marks, bracketMark{at: int32(i), line: int32(number), mate: -1, c: c})
		}
	}
}

// form settles which form the source has.
func form(src string, f Form) Form {
	if f != Auto {
		return f
	}
	if strings.IndexByte(src, '\f') >= 0 {
		return Layout
	}
	if strings.HasPrefix(src, "---\n") || strings.HasPrefix(src, "#") || strings.Contains(src, "\n#") || strings.Contains(src, "**") {
		return Markdown
	}
	return Layout
}

// simple reports whether s has no character that a text might not hold.
func simple(s string) bool {
	// Eight bytes at a time: none over 0x7E, none under a space.
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for len(s) >= 8 {
		v := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if (v|(v+ones)|(v-ones*' '))&high != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

// maxRefused is how many characters of one line are written out one by one; of a
// line with more of them, all that is not ASCII is.
const maxRefused = 64

// allowed returns s with the characters that no text may hold written out, as
// <U+202E>.
func (r *reader) allowed(s string, number int) string {
	if text.Check(s) == nil {
		return s
	}
	s = text.Clean(s)
	var b strings.Builder
	for n := 0; s != ""; {
		part := s
		if len(part) > text.MaxText {
			part, _ = splitText(part)
		}
		err := text.Check(part)
		if err == nil {
			b.WriteString(part)
			s = s[len(part):]
			continue
		}
		var bad *text.CharError
		if !errors.As(err, &bad) || n == maxRefused {
			spellOut(&b, s)
			break
		}
		n++
		_, size := utf8.DecodeRuneInString(part[bad.Index:])
		fmt.Fprintf(&b, "%s<U+%04X>", part[:bad.Index], bad.Rune)
		s = s[bad.Index+size:]
		r.problem(number, 1, fmt.Sprintf("the character U+%04X is written out: it %s", bad.Rune, bad.Why))
	}
	return b.String()
}

// spellOut writes s with all that is not ASCII written out.
func spellOut(b *strings.Builder, s string) {
	for _, r := range s {
		if r < ' ' || r > '~' {
			fmt.Fprintf(b, "<U+%04X>", r)
		} else {
			b.WriteRune(r)
		}
	}
}
