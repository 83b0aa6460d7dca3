package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Skeleton maps a name to the shape that a reader sees at a glance: two names
// with one skeleton could be taken for one another. It follows the method of
// UTS #39 section 4 (decompose, replace each character by its prototype,
// decompose again) with a short table of its own for Latin, Greek, Cyrillic,
// Armenian, Hebrew and Arabic letters and digits, and goes further where names
// are read by people in a hurry: it takes no notice of case, accents and points,
// of the kind and number of spaces, nor of the difference between i, l, I, 1
// and |, or between o, O and 0.
//
// A skeleton is for comparing only: never shown, stored or signed.
func Skeleton(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.Is(unicode.M, r), unicode.Is(unicode.Cf, r), r == '\u0640':
			continue
		case unicode.Is(unicode.Z, r), r == '\n', r == '\t', r == '_':
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteString(prototype(r))
	}
	return pairsAlike(b.String())
}

// LooksAlike reports whether a reader could take a for b. A name looks like
// itself.
func LooksAlike(a, b string) bool { return Skeleton(a) == Skeleton(b) }

// pairsAlike replaces pairs of letters that look like one.
func pairsAlike(s string) string {
	s = strings.ReplaceAll(s, "rn", "m")
	return strings.ReplaceAll(s, "vv", "w")
}

// prototype returns what stands for all characters that look like r.
func prototype(r rune) string {
	if p, ok := lookalike(r); ok {
		return p
	}
	lower := unicode.ToLower(r)
	if p, ok := lookalike(lower); ok {
		return p
	}
	return string(lower)
}

// lookalike looks r up in the table, capitals as capitals: the Cyrillic "В"
// looks like a Latin letter and "в" does not.
func lookalike(r rune) (string, bool) {
	for i := range lookalikes {
		if strings.ContainsRune(lookalikes[i].all, r) {
			return lookalikes[i].as, true
		}
	}
	return "", false
}

// lookalikes is the table: each character of all is read as as. Selected by
// hand from the kinds of pairs that UTS #39 (confusables, Unicode 15.0) lists
// for the scripts named above.
var lookalikes = [...]struct{ as, all string }{
	{"l", "iIl1|ıΙιІіӀӏІїΪΊ׀וןا١۱ⅠⅼǀƖ∣"},
	{"o", "oO0ΟοσОоՕօסه٥۵०০๐０ⲟഠ"},
	{"a", "ΑАаαɑ"},
	{"b", "ΒВЬьƄ"},
	{"c", "СсϹϲⅽ"},
	{"d", "ԁⅾ"},
	{"e", "ΕЕеё℮ҽ"},
	{"f", "ϜſƒՖ"},
	{"g", "ɡցԌ"},
	{"h", "ΗНһҺհ"},
	{"j", "ЈјϳJյ"},
	{"k", "ΚКкκ"},
	{"m", "ΜМⅿ"},
	{"n", "ΝηпՈոռ"},
	{"p", "ΡРрρ"},
	{"q", "ԛԚզ"},
	{"r", "гᴦ"},
	{"s", "ЅѕՏ"},
	{"t", "ΤТтτ"},
	{"u", "υԱՍսцʋ"},
	{"v", "νѵѴט٧۷ⅴ"},
	{"w", "ωԜԝѡա"},
	{"x", "ΧХхχⅹ×"},
	{"y", "ΥУуγүҮ"},
	{"z", "ΖᴢȤ"},
	{"3", "ЗзӠЭƷʒ"},
	{"5", "Ƽ"},
	{"6", "б"},
	{"-", "‐‑–—−־ـ﹘"},
	{"'", "’‘ʼ׳י′`´"},
	{"\"", "”“״„″"},
	{".", "٠۰․·‧"},
	{",", "،‚"},
	{":", "׃։ː∶"},
	{"/", "⁄∕"},
}
