package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// numbered shows a table's rows with their numbers: "1:a|b 3:c".
func numbered(t *Table) string {
	var out []string
	for _, r := range t.Rows {
		out = append(out, fmt.Sprintf("%d:%s", r.Number, strings.Join(r.Cells, "|")))
	}
	return strings.Join(out, " ")
}

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func utf16be(s string) string {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return string(out)
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct {
		name, src, want, sep, encoding string
	}{
		{"commas", "a,b\n1,2\n", "1:a|b 2:1|2", ",", "UTF-8"},
		{"semicolons with decimal commas", "a;b\n1,5;2,5\n3,5;4\n", "1:a|b 2:1,5|2,5 3:3,5|4", ";", "UTF-8"},
		{"tabs", "a\tb\n1, and more\t2\n", "1:a|b 2:1, and more|2", "\t", "UTF-8"},
		{"a byte order mark", "\xef\xbb\xbfa,b\n", "1:a|b", ",", "UTF-8"},
		{"little end first", utf16le("é;𝄞\r\n1;2\r\n"), "1:é|𝄞 2:1|2", ";", "UTF-16LE"},
		{"big end first", utf16be("é\t2\n"), "1:é|2", "\t", "UTF-16BE"},
		{"the separator named", "sep=;\r\na,b;c\r\n", "2:a,b|c", ";", "UTF-8"},
		{"blank lines count", "a,b\n\n\n1,2\n,\n3,4\n", "1:a|b 4:1|2 6:3|4", ",", "UTF-8"},
		{"a cell of two lines is one row", "a,b\n\"x\r\ny\",2\n\n3,4\n", "1:a|b 2:x\ny|2 4:3|4", ",", "UTF-8"},
		{"ragged", "a,b,c\n1\n1,2,3,4\n", "1:a|b|c 2:1 3:1|2|3|4", ",", "UTF-8"},
		{"trailing empty cells", "a,b,,\n", "1:a|b", ",", "UTF-8"},
		{"one column", "a\n1\n", "1:a 2:1", ",", "UTF-8"},
		{"nothing", "", "", ",", "UTF-8"},
		{"quoted separators", "\"a;b\",c\n\"d;e\",f\n", "1:a;b|c 2:d;e|f", ",", "UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read([]byte(c.src), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if numbered(got) != c.want || got.Separator != c.sep || got.Encoding != c.encoding {
				t.Errorf("read %q by %q in %s; want %q by %q in %s", numbered(got), got.Separator, got.Encoding, c.want, c.sep, c.encoding)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, src string
		o         Options
		want      string
	}{
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Options{}, "an old (.xls) or encrypted workbook"},
		{"PDF", "%PDF-1.7\n", Options{}, "a PDF, not a table"},
		{"Latin-1", "a,b\ncaf\xe9,2\n", Options{}, "line 2: a character is not in UTF-8"},
		{"zero byte", "a,b\nc,\x00\n", Options{}, "line 2: the file is no text"},
		{"half a character", "\xff\xfea\x00b", Options{}, "cut off in the middle"},
		{"lone surrogate", "\xff\xfea\x00\x00\xd8", Options{}, "half a character is missing"},
		{"unknown separator", "a|b\n", Options{Separator: '|'}, "'|' does not part fields"},
		{"open quotation mark", "a,b\n\n1,\"2\n3,4\n", Options{}, "row 3: the quotation mark that opens on line 3 is never closed"},
		{"quotation mark inside", "a,b\n1,2\"3\n", Options{}, "row 2: a quotation mark stands inside a field"},
		{"long cell", "a,b\n1," + strings.Repeat("x", MaxCell+1) + "\n", Options{}, "row 2, column B: the cell has 32769 bytes"},
		{"many columns", "a\n" + strings.Repeat("x,", MaxColumns) + "x\n", Options{}, "row 2, column IW: there are more than 256 columns"},
		{"cut off workbook", "PK\x03\x04rubbish", Options{}, "damaged or cut off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read([]byte(c.src), c.o)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Nothing was taken") {
				t.Errorf("got %v; want it to say %q", err, c.want)
			}
		})
	}
	if _, err := Read(make([]byte, MaxBytes+1), Options{}); err == nil || !strings.Contains(err.Error(), "more than 67108864") {
		t.Errorf("a file past the bound gives %v", err)
	}
}

func TestProgress(t *testing.T) {
	src := strings.Repeat("1,2\n", 3500)
	var said []Progress
	if _, err := Read([]byte(src), Options{Progress: func(p Progress) error { said = append(said, p); return nil }}); err != nil {
		t.Fatal(err)
	}
	if len(said) != 4 || said[0].Rows != 1000 || said[3] != (Progress{3500, len(src), len(src)}) {
		t.Errorf("progress was %v", said)
	}
	stop := errors.New("enough")
	if _, err := Read([]byte(src), Options{Progress: func(Progress) error { return stop }}); !errors.Is(err, stop) {
		t.Errorf("stopping gives %v", err)
	}
}

func TestColumnNames(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 255: "IV", 701: "ZZ", 702: "AAA"} {
		if got := ColumnName(i); got != want {
			t.Errorf("column %d is %s, not %s", i, got, want)
		}
	}
	for i := range MaxColumns {
		if got, err := ParseColumn(ColumnName(i)); err != nil || got != i {
			t.Fatalf("%s is read as %d, %v", ColumnName(i), got, err)
		}
	}
	for _, s := range []string{"", "a", "1", "IW", "A1", "AAAAAAAAAAAAAAAA"} {
		if n, err := ParseColumn(s); err == nil {
			t.Errorf("%q is read as column %d", s, n)
		}
	}
}

func TestNeutral(t *testing.T) {
	for s, want := range map[string]string{
		"":  "",
		"a": "a", "=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "+1": "+1", "-12.5": "-12.5", "-12,5": "-12,5",
		"+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-2+3": "'-2+3", "-": "'-", "\tx": "'\tx", "\rx": "'\rx",
		"'": "'", "'quoted'": "'quoted'", "'=1": "''=1", "''=1": "'''=1", "＝1": "'＝1", "-1.2.3": "'-1.2.3", "2017-12-19": "2017-12-19",
	} {
		if got := Neutral(s); got != want {
			t.Errorf("Neutral(%q) is %q, not %q", s, got, want)
		}
	}
}

func TestNeutralProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`['=+@\-\t0-9.a＝]{0,6}`).Draw(t, "cell")
		n := Neutral(s)
		if Original(n) != s {
			t.Fatalf("%q is written %q and comes back %q", s, n, Original(n))
		}
		if isFormula(n) {
			t.Fatalf("%q is written %q, a formula", s, n)
		}
	})
}

// TestWriteReadBack: what WriteCSV writes is read back as it was.
func TestWriteReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-z"',;=+\-@ 0-9é\n]{0,8}[a-z0-9]`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 5), 1, 8).Draw(t, "rows")
		var b bytes.Buffer
		if err := WriteCSV(&b, rows); err != nil {
			t.Fatal(err)
		}
		got, err := Read(b.Bytes(), Options{Separator: ',', Ours: true})
		if err != nil {
			t.Fatalf("%v in %q", err, b.String())
		}
		var back [][]string
		for i, r := range got.Rows {
			if r.Number != i+1 {
				t.Fatalf("row %d has the number %d", i+1, r.Number)
			}
			back = append(back, r.Cells)
		}
		if !reflect.DeepEqual(back, rows) {
			t.Fatalf("wrote %q, read %q", rows, back)
		}
	})
}

// FuzzRead: whatever bytes come, Read answers, and what it gives keeps the bounds and is in order.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "sep=;\na;b\n", "\xff\xfea\x00", "\"a\nb\",c\n\nd,e", "\xef\xbb\xbfé"} {
		f.Add([]byte(s))
	}
	f.Add(workbook(f, "sheet"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Read(b, Options{})
		if err != nil {
			return
		}
		last := 0
		for _, r := range got.Rows {
			if r.Number <= last || len(r.Cells) == 0 || len(r.Cells) > got.Columns || got.Columns > MaxColumns {
				t.Fatalf("row %d after row %d with %d of %d cells", r.Number, last, len(r.Cells), got.Columns)
			}
			last = r.Number
		}
		h := got.Suggest()
		if h.First > h.Last || len(h.Columns) != got.Columns {
			t.Fatalf("the head is %v", h)
		}
		got.Body(h)
	})
}
