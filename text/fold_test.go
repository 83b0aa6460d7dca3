package text

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, c := range [][2]string{
		{"", ""}, {"Agency", "agency"}, {"AGENCY 30", "agency 30"},
		{"Économie", "economie"}, {"Straße", "strasse"}, {"ΣΟΦΟΣ", "σοφοσ"}, {"σοφός", "σοφοσ"}, {"ПУТЬ", "путь"},
		{"İstanbul", "istanbul"}, {"ırmak", "irmak"},
		{"שָׁלוֹם", "שלומ"}, {"שלום", "שלומ"}, {"ארה״ב", "ארה\"ב"}, {"ארבעה־עשר", "ארבעה-עשר"}, {"ץףןםך", "צפנמכ"},
		{"أَحْمَد", "احمد"}, {"إسرائيل", "اسراييل"}, {"آمن", "امن"}, {"ٱلله", "الله"}, {"مـــصر", "مصر"}, {"مدرسة", "مدرسه"}, {"على", "علي"},
		{"٣٠ يومًا", "30 يوما"}, {"۱۴", "14"}, {"می\u200cخواهم", "ميخواهم"}, {"کتاب", "كتاب"},
		{"l’accord “A”", "l'accord \"a\""}, {"co‐operation", "co-operation"}, {"1\u00A0000", "1 000"},
		{"हिन्दी", "हिन्दी"}, {"が", "が"}, {"한국", "한국"}, {"ﬁne", "fine"},
	} {
		if got := Fold(c[0]); got != c[1] {
			t.Errorf("Fold(%q) = %q (%+q), want %q (%+q)", c[0], got, got, c[1], c[1])
		}
	}
}

func TestFoldProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(someText(), rapid.String()).Draw(t, "s")
		once := Fold(s)
		if again := Fold(once); again != once {
			t.Fatalf("%q: folded once %q, twice %q", s, once, again)
		}
		if utf8.ValidString(s) && !utf8.ValidString(once) {
			t.Fatalf("%q: folded to %q", s, once)
		}
	})
}
