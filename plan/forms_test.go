package plan

import (
	"slices"
	"testing"
)

// alike reports whether a word of a query finds a word of a text.
func alike(query, word string) bool {
	var m stemmer
	q, w := m.of(query, fewestStem), m.of(word, fewestBehind)
	return q.stem == w.stem || slices.Contains(w.behind, q.stem) || slices.Contains(q.behind, w.stem)
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		query, word string
		last, want  bool
	}{
		{"report", "reports", false, true}, {"reports", "report", false, true}, {"reports", "reporting", true, true}, {"reported", "report", false, true}, {"reporting", "reported", false, true}, {"verify", "verified", false, true}, {"verifies", "verifying", false, true}, {"agreement", "agreements", false, true}, {"report", "reporting", true, true},
		{"party", "parties", false, true}, {"parties", "party", false, true}, {"breach", "breaches", false, true}, {"breaches", "breach", false, true},
		{"access", "acces", false, false}, {"is", "i", false, false}, {"2017", "2017s", false, false}, {"part", "parties", false, false},
		{"דוח", "הדוח", false, true}, {"דוח", "בדוח", false, true}, {"דוח", "ובדוח", false, true}, {"הדוח", "דוח", false, true}, {"דוח", "דוחות", false, true}, {"דוחות", "דוח", false, true}, {"דוח", "ובדוחות", false, true}, {"מדינה", "המדינות", false, true}, {"תוכנית", "תוכניות", false, true}, {"גרעיני", "הגרעינית", false, true}, {"שר", "שרימ", false, true}, {"מדינה", "דין", false, false}, {"הסכמ", "הסכמימ", false, true},
		{"דוח", "הדוחות", true, true}, {"של", "של", false, true}, {"הר", "ר", false, false}, {"ד", "הד", false, false},
		{"تقرير", "التقرير", false, true}, {"التقرير", "تقرير", false, true}, {"تقرير", "والتقرير", false, true}, {"تقرير", "للتقرير", false, true},
	} {
		s := sought{word: c.query, found: map[string]bool{c.word: alike(c.query, c.word)}}
		if got := s.is(c.word, c.last); got != c.want {
			t.Errorf("%q finds %q: %v, as the last word: %v", c.query, c.word, got, c.last)
		}
	}
}
