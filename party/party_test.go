package party

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	codeForm   = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,7}$`)
	personForm = regexp.MustCompile(`^[a-z][a-z0-9.-]{0,39}$`)
)

func TestParseCode(t *testing.T) {
	for _, s := range []string{"US", "IL", "UNICEF", "G7", "A1234567"} {
		if c, err := ParseCode(s); err != nil || string(c) != s {
			t.Errorf("ParseCode(%q) = %q, %v", s, c, err)
		}
	}
	for _, s := range []string{"", "U", "us", "Us", "7G", "ABCDEFGHI", "U S", "US\n", "\uff35\uff33", "ИЛ", "U-S", "U\x00"} {
		if c, err := ParseCode(s); err == nil {
			t.Errorf("ParseCode(%q) = %q, want a refusal", s, c)
		}
	}
}

func TestNamesAreExactlyTheirForm(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("AZaz09.-_ é")), 0, 45, -1)
	rapid.Check(t, func(t *rapid.T) {
		s := letters.Draw(t, "s")
		c, err := ParseCode(s)
		if (err == nil) != codeForm.MatchString(s) || (err == nil && string(c) != s) {
			t.Fatalf("ParseCode(%q) = %q, %v", s, c, err)
		}
		p, err := ParsePerson(s)
		if (err == nil) != personForm.MatchString(s) || (err == nil && string(p) != s) {
			t.Fatalf("ParsePerson(%q) = %q, %v", s, p, err)
		}
	})
}

func TestParsePerson(t *testing.T) {
	for _, s := range []string{"d.reyes", "n.amar", "a", "x-1", strings.Repeat("a", 40)} {
		if p, err := ParsePerson(s); err != nil || string(p) != s {
			t.Errorf("ParsePerson(%q) = %q, %v", s, p, err)
		}
	}
	for _, s := range []string{"", ".a", "-a", "1a", "D.Reyes", "d reyes", "d/reyes", "..", strings.Repeat("a", 41)} {
		if p, err := ParsePerson(s); err == nil {
			t.Errorf("ParsePerson(%q) = %q, want a refusal", s, p)
		}
	}
}

func TestRefusalsRepeatNothingDangerous(t *testing.T) {
	for _, s := range []string{"\u202eLI", "\x1b[31mUS", strings.Repeat("é", 5000)} {
		_, err := ParseCode(s)
		if err == nil {
			t.Fatalf("ParseCode(%q) was not refused", s)
		}
		msg := err.Error()
		if len(msg) > 600 || strings.ContainsAny(msg, "\u202e\x1b") {
			t.Errorf("the refusal of %.20q repeats it raw or whole: %q", s, msg)
		}
	}
}

func TestLooksAlike(t *testing.T) {
	for _, c := range []struct {
		a, b Code
		want bool
	}{
		{"US", "U5", true}, {"O7", "07", true}, {"IL", "1L", true}, {"IL", "I1", true}, {"SO", "S0", true},
		{"B2", "8Z", true}, {"OSCE", "05CE", true},
		{"US", "US", false}, {"US", "UN", false}, {"US", "USA", false},
		// Codes of states stand beside one another in one group.
		{"IT", "LT", false}, {"SI", "SL", false}, {"CI", "CL", false}, {"MO", "MQ", false},
	} {
		if got := LooksAlike(c.a, c.b); got != c.want {
			t.Errorf("LooksAlike(%s, %s) = %v, want %v", c.a, c.b, got, c.want)
		}
		if LooksAlike(c.a, c.b) != LooksAlike(c.b, c.a) {
			t.Errorf("LooksAlike(%s, %s) depends on the order", c.a, c.b)
		}
	}
}

func TestLettersAloneNeverLookAlike(t *testing.T) {
	letter := rapid.StringMatching(`[A-Z]{2,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := Code(letter.Draw(t, "a")), Code(letter.Draw(t, "b"))
		if LooksAlike(a, b) {
			t.Fatalf("%s and %s are said to look alike", a, b)
		}
	})
}

func TestBadges(t *testing.T) {
	shapes := []string{"circle", "diamond", "triangle", "square", "pentagon", "cross"}
	lines := []string{"solid", "dashed", "dotted", "double", "wavy", "solid"}
	seen := map[string]bool{}
	for i := -12; i < 40; i++ {
		n := (i + 12) % 6
		if Shape(i) != shapes[n] || Line(i) != lines[n] {
			t.Errorf("party %d has a %s %s, want a %s %s", i, Line(i), Shape(i), lines[n], shapes[n])
		}
		seen[Glyph(i)] = true
	}
	if len(seen) != 6 {
		t.Errorf("there are %d glyphs, want 6", len(seen))
	}
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"US", "us", "", "UNICEF", "U\x00", "É1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCode(s); (err == nil) != codeForm.MatchString(s) || (err == nil && string(c) != s) {
			t.Fatalf("ParseCode(%q) = %q, %v", s, c, err)
		}
		if p, err := ParsePerson(s); (err == nil) != personForm.MatchString(s) || (err == nil && string(p) != s) {
			t.Fatalf("ParsePerson(%q) = %q, %v", s, p, err)
		}
	})
}
