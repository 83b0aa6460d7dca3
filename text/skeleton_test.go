package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLooksAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"Israel", "lsrael"}, {"Israel", "1srael"}, {"Israel", "israel"}, {"US", "us"},
		{"France", "Frаnce"}, // Cyrillic а
		{"SCOPE", "ЅСОРЕ"},   // all Cyrillic
		{"OMAN", "ΟΜΑΝ"},     // all Greek
		{"P0", "PO"}, {"A1", "AI"}, {"A1", "Al"}, {"modern", "modem"}, {"vvest", "west"},
		{"Perú", "Peru"}, {"d.reyes", "d.rеyes"}, {"United  States", "United States"},
		{"United\u00A0States", "United_States"}, {"ישׂראל", "ישראל"},
		{"o", "ס"}, {"l", "ו"}, {"ארה״ב", "ארה\"ב"}, {"ＵＳ", "US"},
	} {
		if !LooksAlike(pair[0], pair[1]) {
			t.Errorf("%q and %q: skeletons %q and %q differ", pair[0], pair[1], Skeleton(pair[0]), Skeleton(pair[1]))
		}
	}
	for _, pair := range [][2]string{
		{"US", "UK"}, {"IL", "IR"}, {"Israel", "Iran"}, {"d.reyes", "n.amar"}, {"North", "South"},
		{"ישראל", "ארצות הברית"}, {"مصر", "قطر"}, {"Working group 2", "Working group 3"}, {"", "a"},
	} {
		if LooksAlike(pair[0], pair[1]) {
			t.Errorf("%q and %q look alike: %q", pair[0], pair[1], Skeleton(pair[0]))
		}
	}
}

// TestLookalikesTable: no character has two prototypes, and a prototype stands
// for itself.
func TestLookalikesTable(t *testing.T) {
	seen := map[rune]string{}
	for _, row := range lookalikes {
		for _, r := range row.all {
			if as, ok := seen[r]; ok && as != row.as {
				t.Errorf("%q stands for %q and for %q", r, as, row.as)
			}
			seen[r] = row.as
		}
		if Skeleton(row.as) != row.as {
			t.Errorf("the prototype %q has the skeleton %q", row.as, Skeleton(row.as))
		}
	}
}

func TestSkeletonProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(someText(), rapid.String()).Draw(t, "s")
		once := Skeleton(s)
		if again := Skeleton(once); again != once {
			t.Fatalf("%q: skeleton %q, of that %q", s, once, again)
		}
		if !LooksAlike(s, strings.ToLower(s)) && isASCII(s) {
			t.Fatalf("%q does not look like itself in lower case: %q, %q", s, once, Skeleton(strings.ToLower(s)))
		}
	})
}

// isASCII reports whether s is ASCII.
func isASCII(s string) bool {
	_, ok := foldASCII(s)
	return ok
}
