package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold maps s to what a search should find it by: lower case; no accents, no
// Hebrew points, no Arabic vowel signs or tatweel, no joiners; one form of alef,
// of yeh, of heh and of kaf; no final letters; ASCII digits, hyphens and quotation
// marks; a plain space for every space. Fold(Fold(s)) is Fold(s). The result is for comparing only: never shown,
// stored or signed.
func Fold(s string) string {
	if lower, ok := foldASCII(s); ok {
		return lower
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(lowerByte(byte(r)))
		case dropped(r):
		default:
			b.WriteString(foldRune(r))
		}
	}
	return norm.NFC.String(b.String())
}

// foldASCII folds s if it is ASCII.
func foldASCII(s string) (string, bool) {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return "", false
		}
	}
	return strings.ToLower(s), true
}

// lowerByte is c in lower case.
func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lastKept is the highest combining class whose marks are part of the letter
// in scripts that a search must keep them for: nukta, kana voicing, virama.
const lastKept = 9

// dropped reports whether Fold leaves r out: accents, points, vowel signs that
// are optional in writing, tatweel, joiners and what does not show.
func dropped(r rune) bool {
	if r == '\u0640' || unicode.Is(unicode.Cf, r) {
		return true
	}
	return unicode.Is(unicode.Mn, r) && norm.NFC.PropertiesString(string(r)).CCC() > lastKept
}

// foldRune maps one character that is left after decomposition.
func foldRune(r rune) string {
	if to, ok := foldSame(r); ok {
		return to
	}
	if unicode.Is(unicode.Zs, r) {
		return " "
	}
	if d, ok := digit(r); ok {
		return string('0' + d)
	}
	// Upper case first: some letters have two small forms (Greek sigma).
	return string(unicode.ToLower(unicode.ToUpper(r)))
}

// digit returns the value of a decimal digit of the scripts of our languages.
func digit(r rune) (rune, bool) {
	for _, zero := range [...]rune{0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0x17E0, 0x1040} {
		if zero <= r && r <= zero+9 {
			return r - zero, true
		}
	}
	return 0, false
}

// foldSame maps letters and marks that readers take for one another when they
// search. Letters with hamza or madda have lost those by decomposition.
func foldSame(r rune) (string, bool) {
	switch r {
	case 'ך':
		return "כ", true
	case 'ם':
		return "מ", true
	case 'ן':
		return "נ", true
	case 'ף':
		return "פ", true
	case 'ץ':
		return "צ", true
	case 'ٱ':
		return "ا", true
	case 'ى', 'ی':
		return "ي", true
	case 'ة', 'ہ', 'ە':
		return "ه", true
	case 'ک':
		return "ك", true
	case 'ß', 'ẞ':
		return "ss", true
	case 'ı':
		return "i", true
	case 'ʼ', '‘', '’', '׳':
		return "'", true
	case '“', '”', '„', '״':
		return "\"", true
	case '‐', '‑', '–', '־':
		return "-", true
	}
	return "", false
}
