package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// saveAs is what to do with a file in an encoding that is not read.
const saveAs = "Save it from the spreadsheet as “CSV UTF-8”."

// separators are the characters that may part fields, the likeliest first.
var separators = []rune{',', ';', '\t'}

// arenaCells is how many cells are set aside at a time.
const arenaCells = 8192

// readCSV reads a file of fields parted by separators.
func readCSV(b []byte, o Options) (*Table, error) {
	src, encoding, err := decode(b)
	if err != nil {
		return nil, err
	}
	src, sep, skipped, err := separator(src, o.Separator)
	if err != nil {
		return nil, err
	}
	t := &Table{Form: CSV, Separator: string(sep), Encoding: encoding}
	c := &csvReader{Table: t, o: o, r: csv.NewReader(bytes.NewReader(src)), src: src, line: 1, number: skipped}
	c.r.Comma, c.r.FieldsPerRecord, c.r.ReuseRecord = sep, -1, true
	return t, c.read()
}

// decode gives a file's text in UTF-8, without a byte order mark, and what it was in.
func decode(b []byte) (src []byte, encoding string, err error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		src, err = fromUTF16(b[2:], binary.LittleEndian)
		encoding = "UTF-16LE"
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		src, err = fromUTF16(b[2:], binary.BigEndian)
		encoding = "UTF-16BE"
	default:
		src, encoding = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), "UTF-8"
	}
	if err != nil {
		return nil, "", err
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return nil, "", &Error{Column: -1, Line: lineOf(src, i), What: "the file is no text: it holds a zero byte", Next: saveAs}
	}
	if !utf8.Valid(src) {
		return nil, "", &Error{Column: -1, Line: lineOf(src, firstInvalid(src)), What: "a character is not in UTF-8", Next: saveAs}
	}
	return src, encoding, nil
}

// fromUTF16 turns UTF-16 into UTF-8 and refuses halves of characters.
func fromUTF16(b []byte, order binary.ByteOrder) ([]byte, error) {
	if len(b)%2 != 0 {
		return nil, wrong(saveAs, "the file is cut off in the middle of a character")
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i += 2 {
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			var low rune
			if i += 2; i < len(b) {
				low = rune(order.Uint16(b[i:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return nil, &Error{Column: -1, Line: lineOf(out, len(out)), What: "half a character is missing", Next: saveAs}
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// lineOf is the line that byte i stands in, as an editor counts.
func lineOf(b []byte, i int) int { return 1 + bytes.Count(b[:i], []byte("\n")) }

// separator says what parts the fields, and how many lines said so and are no part of the table.
func separator(src []byte, asked rune) (rest []byte, sep rune, skipped int, err error) {
	first, after, _ := bytes.Cut(src, []byte("\n"))
	if named, ok := bytes.CutPrefix(bytes.TrimSuffix(first, []byte("\r")), []byte("sep=")); ok && utf8.RuneCount(named) == 1 {
		r, _ := utf8.DecodeRune(named)
		src, skipped = after, 1
		if asked == 0 {
			asked = r
		}
	}
	if asked == 0 {
		return src, guess(src), skipped, nil
	}
	for _, known := range separators {
		if asked == known {
			return src, asked, skipped, nil
		}
	}
	return nil, 0, 0, wrong("Name comma, semicolon or tab.", "%q does not part fields", asked)
}

// Of the first headLines lines, at most headBytes, the separator is told.
const (
	headLines = 25
	headBytes = 64 << 10
)

// guess tells the separator that divides the first lines into the most fields evenly: the
// number of fields that most lines have, times the lines that have it.
func guess(src []byte) rune {
	head := src
	if len(head) > headBytes {
		head = head[:headBytes]
		if i := bytes.LastIndexByte(head, '\n'); i >= 0 {
			head = head[:i]
		}
	}
	best, most := separators[0], 0
	for _, sep := range separators {
		r := csv.NewReader(bytes.NewReader(head))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = sep, -1, true, true
		seen := map[int]int{}
		for range headLines {
			rec, err := r.Read()
			if err != nil {
				break
			}
			if len(rec) > 1 {
				seen[len(rec)]++
			}
		}
		for fields, lines := range seen {
			if score := (fields - 1) * lines * lines; score > most {
				best, most = sep, score
			}
		}
	}
	return best
}

// csvReader reads records and numbers them as a spreadsheet would.
type csvReader struct {
	*Table
	o      Options
	r      *csv.Reader
	src    []byte
	taken  int      // bytes of it
	line   int      // of the file, where the next record is due
	number int      // of the last row
	cells  int      // so far
	arena  []string // what cells are cut from
}

func (c *csvReader) read() error {
	for {
		rec, err := c.r.Read()
		if errors.Is(err, io.EOF) {
			return c.o.tell(Progress{len(c.Rows), len(c.src), len(c.src)})
		}
		if err != nil {
			return c.refused(err)
		}
		start, _ := c.r.FieldPos(0)
		c.number += 1 + start - c.line // the package passes over blank lines without a word
		now := int(c.r.InputOffset())
		c.line += bytes.Count(c.src[c.taken:now], []byte("\n"))
		c.taken = now
		if err := c.add(c.number, c.keep(rec), &c.cells); err != nil {
			return err
		}
		if len(c.Rows)%progressEvery == 0 {
			if err := c.o.tell(Progress{len(c.Rows), now, len(c.src)}); err != nil {
				return err
			}
		}
	}
}

// keep copies a record's fields: the package uses their list again.
func (c *csvReader) keep(rec []string) []string {
	if len(rec) > len(c.arena) {
		c.arena = make([]string, max(arenaCells, len(rec)))
	}
	kept := c.arena[:len(rec):len(rec)]
	c.arena = c.arena[len(rec):]
	copy(kept, rec)
	if c.o.Ours {
		for i := range kept {
			kept[i] = Original(kept[i])
		}
	}
	return kept
}

// refused says where a record cannot be read.
func (c *csvReader) refused(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return wrong("", "the file cannot be read: %v", err)
	}
	what := "a quotation mark stands inside a field that does not begin with one"
	if errors.Is(p.Err, csv.ErrQuote) {
		what = fmt.Sprintf("the quotation mark that opens on line %d is never closed rightly", p.StartLine)
	}
	return &Error{Row: c.number + 1 + p.StartLine - c.line, Column: -1, Line: p.Line, What: what,
		Next: fmt.Sprintf("Look at line %d, character %d: a quotation mark inside a field is written twice.", p.Line, p.Column)}
}
