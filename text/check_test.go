package text

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestCheckAccepts(t *testing.T) {
	for _, s := range []string{
		"", "a", "The Parties shall meet.", "two\nlines\tand a tab",
		"within thirty (30) days — “as reported” …", "l’économie : 1 000 €",
		"הצדדים יחליפו ביניהם הערכות כתובות על כל דוח של הסוכנות.",
		"ארבעה־עשר (14) ימים; ארה״ב, צה\"ל", "בְּרֵאשִׁ֖ית בָּרָ֣א", "ייִדיש",
		"الإعلان العالمي لحقوق الإنسان", "لمّا كان الاعترافُ", "قدمًا",
		"می\u200cخواهم", "क्\u200dष", "শ্রী", "ශ්\u200dරී", "မြန်မာ", "한국어", "日本語　中文",
		"Tiếng Việt", "é è ç ñ ü", "oʻzbekcha", "§ 12 ¶ 3", "≤ 3,67 %", "🙂",
		strings.Repeat("a", MaxText),
	} {
		if err := Check(s); err != nil {
			t.Errorf("%.40q: %v", s, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, c := range []struct {
		s     string
		index int
		why   string // part of the reason
	}{
		{"abc\u202Edef", 3, "order"}, {"\u202A", 0, "order"}, {"a\u2066", 1, "order"}, {"a\u2069", 1, "order"},
		{"a\u200E", 1, "order"}, {"a\u200F", 1, "order"}, {"a\u061C", 1, "order"},
		{"a\r\nb", 1, "control"}, {"a\x00", 1, "control"}, {"twelve bytes\x1B[2J", 12, "control"},
		{"a\x7F", 1, "control"}, {"12345678\x7F", 8, "control"}, {"a\u0085", 1, "control"},
		{"a\u2028", 1, "line"}, {"a\u2029", 1, "line"},
		{"co\u00ADoperate", 2, "hyphen"}, {"a\uFE0F", 1, "shape"}, {"a\U000E0100", 1, "shape"},
		{"a\U000E0041", 1, "show"}, {"a\u200Bb", 1, "show"}, {"a\u2060b", 1, "show"}, {"\uFEFFa", 0, "show"},
		{"a\u034F", 1, "show"}, {"a\u3164", 1, "show"}, {"a\u2800", 1, "show"}, {"a\u115F", 1, "show"},
		{"a\u2003b", 1, "space"}, {"a\u0600", 1, "layout"},
		{"a\u0336", 1, "drawn over"}, {"a\u20DD", 1, "drawn over"}, {"a\u20E0", 1, "drawn over"},
		{"a\uFFFD", 1, "lost"}, {"a\uFFFC", 1, "lost"}, {"a\uE000", 1, "no meaning"}, {"a\U000F0000", 1, "no meaning"},
		{"a\u0378", 1, "not a character"}, {"a\uFDD0", 1, "not a character"}, {"a\U0010FFFF", 1, "not a character"},
		{"a\xFF", 1, "UTF-8"}, {"a\xC3", 1, "UTF-8"}, {"a\xED\xA0\x80", 1, "UTF-8"}, {"a\xC0\x80", 1, "UTF-8"},
		{"cafe\u0301", 4, "normalisation form"}, {"\u212B", 0, "normalisation form"}, {"\uFB21 \uFB2A", 4, "normalisation form"},
		{"ש\u05C1\u05BC", 2, "normalisation form"},
		{"a\u200Db", 1, "joiner"}, {"a\u200C", 1, "joiner"}, {"\u200Cم", 0, "joiner"}, {"م\u200C م", 2, "joiner"}, {"م\u200C\u200Cم", 2, "joiner"},
		{"א\u200Dב", 2, "joiner"},
		{"\u05B0א", 0, "no letter"}, {"a \u0327", 2, "no letter"}, {"a\n\u0327", 2, "no letter"}, {"a\u00A0\u0327", 3, "no letter"}, {"a\t\u0327", 2, "no letter"},
		{"x" + strings.Repeat("\u0323", 9), 1 + 2*8, "too many"},
		{strings.Repeat("a", MaxText+1), MaxText, "greatest length"},
		{strings.Repeat("a", MaxText-1) + "é", MaxText - 1, "greatest length"},
	} {
		err := Check(c.s)
		var ce *CharError
		if !errors.As(err, &ce) {
			t.Errorf("%.40q: %v, want a CharError about %q", c.s, err, c.why)
			continue
		}
		if ce.Index != c.index || !strings.Contains(ce.Why, c.why) {
			t.Errorf("%.40q: %v, want byte %d and %q", c.s, err, c.index, c.why)
		}
		if r, _ := utf8.DecodeRuneInString(c.s[ce.Index:]); r != ce.Rune {
			t.Errorf("%.40q: the error names U+%04X, there stands U+%04X", c.s, ce.Rune, r)
		}
		if Check(err.Error()) != nil {
			t.Errorf("%.40q: the error itself is not a text: %q", c.s, err)
		}
	}
}

// TestBans: the list for people is whole, and every rule of it can be broken.
func TestBans(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range Bans() {
		if b.Name == "" || b.Points == "" || b.Why == "" || b.Danger == "" || seen[b.Name] {
			t.Errorf("rule %+v has a gap or a double", b)
		}
		seen[b.Name] = true
	}
	hit := map[string]bool{}
	for r := rune(0); r <= maxRune; r++ {
		if classOf(r) == classForbidden {
			hit[charWhy(r)] = true
		}
	}
	for _, b := range charBans {
		if !hit[b.Why] {
			t.Errorf("no character breaks the rule %q", b.Name)
		}
	}
}

// someText draws texts out of characters that are easily got wrong.
func someText() *rapid.Generator[string] {
	pool := []rune("aZ09 .,;:!()[]\\'\"-\n\téÅשבּן־״׳אםلمٱأىةـ\u0301\u0323\u05B0\u05C1\u0651\u064E\u200C\u200D\u202E\u00AD\u2028\r\u00A0я日한ㅏक्ष🙂\uFFFD\u0000")
	return rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.SampledFrom(pool), 0, 40).Draw(t, "runes"))
	})
}

// slowCheck judges as the rules are written: one character after the other.
func slowCheck(s string) bool {
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || len(s) > MaxText {
		return false
	}
	for _, r := range s {
		for i := range charBans {
			if charBans[i].holds(r) {
				return false
			}
		}
	}
	return true
}

func TestCheckProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someText().Draw(t, "s")
		err := Check(s)
		if err == nil && !slowCheck(s) {
			t.Fatalf("%q passes the fast check only", s)
		}
		var ce *CharError
		if err != nil && slowCheck(s) && (!errors.As(err, &ce) || !placeRule(ce.Why)) {
			t.Fatalf("%q: only the fast check says %v", s, err)
		}
	})
}

// placeRule reports whether why belongs to a rule about joiners or marks,
// which slowCheck does not know.
func placeRule(why string) bool {
	return why == placeBans[banJoiner].Why || why == placeBans[banBare].Why || why == placeBans[banPile].Why
}

func TestClean(t *testing.T) {
	for _, c := range [][2]string{
		{"", ""}, {"a", "a"}, {"a\r\nb\rc\n", "a\nb\nc"}, {"a \t\n b \n\n", "a\n b"}, {"cafe\u0301", "café"},
		{"  a", "  a"}, {"a\u202Eb", "a\u202Eb"}, {"a\u00ADb\u200B", "a\u00ADb\u200B"}, {"a \u0301", "a \u0301"},
	} {
		if got := Clean(c[0]); got != c[1] {
			t.Errorf("Clean(%q) = %q, want %q", c[0], got, c[1])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := someText().Draw(t, "s")
		once := Clean(s)
		if again := Clean(once); again != once {
			t.Fatalf("%q: cleaned once %q, twice %q", s, once, again)
		}
		if forbidden(s) != forbidden(once) {
			t.Fatalf("%q: Clean took out a forbidden character: %q", s, once)
		}
	})
}

// forbidden counts the characters of s that may stand in no text, line ends
// apart.
func forbidden(s string) int {
	n := 0
	for _, r := range s {
		if r != '\r' && classOf(r) == classForbidden {
			n++
		}
	}
	return n
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "plain", "שָׁלוֹם", "لمّا", "a\u202Eb", "e\u0301", "می\u200cخواهم", "\xFF", "x\u0323\u0323", "12345678\x7F", "ab\n", "\xf4Ȯ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		err := Check(s)
		if err == nil && !slowCheck(s) {
			t.Fatalf("%q passes the fast check only", s)
		}
		var ce *CharError
		if err != nil {
			if !errors.As(err, &ce) || ce.Index < 0 || ce.Index >= len(s) || ce.Why == "" {
				t.Fatalf("%q: %v", s, err)
			}
			if slowCheck(s) && !placeRule(ce.Why) {
				t.Fatalf("%q: only the fast check says %v", s, err)
			}
		}
		if c := Clean(s); Clean(c) != c {
			t.Fatalf("%q: Clean is not settled after one go", s)
		}
		if c := Fold(s); Fold(c) != c {
			t.Fatalf("%q: Fold is not settled after one go: %q, %q", s, c, Fold(c))
		}
	})
}

const (
	floorASCII  = 100.0 // ns for 300 bytes
	floorHebrew = 600.0 // ns for 300 bytes
)

func BenchmarkCheckASCII(b *testing.B) {
	s := strings.Repeat("The Parties shall exchange their written assessments of each report. ", 5)[:300]
	benchmarkCheck(b, s, floorASCII)
}

func BenchmarkCheckHebrew(b *testing.B) {
	s := strings.Repeat("הצדדים יחליפו ביניהם הערכות כתובות על כל דוח של הסוכנות. ", 5)[:300]
	benchmarkCheck(b, strings.ToValidUTF8(s, ""), floorHebrew)
}

func BenchmarkCheckPointed(b *testing.B) {
	s := strings.Repeat("לمّا كان الاعترافُ بِالكرامة ", 12)[:300]
	benchmarkCheck(b, strings.ToValidUTF8(s, ""), 4*floorHebrew)
}

// benchmarkCheck reports how many times the floor one Check takes; below 1 is
// within the target.
func benchmarkCheck(b *testing.B, s string, floor float64) {
	if err := Check(s); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if Check(s) != nil {
			b.Fatal("refused")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/floor, "x-floor")
}
