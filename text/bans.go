package text

import "unicode"

// Ban is one rule about what a text may not hold.
type Ban struct {
	Name   string // what is refused, in a few words
	Points string // the code points, for people: "U+202A–202E, U+2066–2069"
	Why    string // the sentence that a person reads in a CharError
	Danger string // what could be done with it
}

// Bans returns every rule that Check applies, in the order in which they are
// tried. It is the source of the table in docs/THREATS.md.
func Bans() []Ban {
	out := make([]Ban, 0, len(charBans)+len(placeBans))
	for _, b := range charBans {
		out = append(out, b.Ban)
	}
	return append(out, placeBans[:]...)
}

// span is a range of code points, both ends included.
type span struct{ lo, hi rune }

// charBan is a rule about single characters: those in spans, and those for
// which also (when not nil) holds.
type charBan struct {
	Ban
	spans []span
	also  func(rune) bool
}

// charBans refuse a character wherever it stands. The frozen table in
// tables.go says the same faster; a test compares them for every code point.
var charBans = [...]charBan{
	{
		Ban: Ban{"bidirectional controls", "U+202A–202E, U+2066–2069, U+200E, U+200F, U+061C",
			"changes the order in which letters are shown",
			"the text shown could differ from the text signed: \"30\" from \"03\", a clause from its opposite (UTR #36)"},
		spans: []span{{0x202A, 0x202E}, {0x2066, 0x2069}, {0x200E, 0x200F}, {0x061C, 0x061C}},
	},
	{
		Ban: Ban{"control characters", "U+0000–001F except line feed and tab, U+007F–009F",
			"is a control character; only line feed and tab may stand in a text",
			"terminals and printers obey them: a screen could be rewritten"},
		spans: []span{{0, 8}, {0x0B, 0x1F}, {0x7F, 0x9F}},
	},
	{
		Ban: Ban{"line and paragraph separators", "U+2028, U+2029",
			"breaks a line where other programs do not; use a line feed",
			"two programs could count different lines"},
		spans: []span{{0x2028, 0x2029}},
	},
	{
		Ban: Ban{"soft hyphen", "U+00AD",
			"is a hyphen that mostly does not show",
			"two texts that look the same could differ"},
		spans: []span{{0xAD, 0xAD}},
	},
	{
		Ban: Ban{"variation selectors", "U+FE00–FE0F, U+E0100–E01EF, U+180B–180D, U+180F",
			"changes the shape of a letter without showing itself",
			"two texts that look the same could differ; data can be hidden in long runs of them"},
		spans: []span{{0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}, {0x180B, 0x180D}, {0x180F, 0x180F}},
	},
	{
		Ban: Ban{"tag characters", "U+E0000–E0FFF",
			"does not show at all",
			"whole sentences can be hidden in them"},
		spans: []span{{0xE0000, 0xE00FF}, {0xE01F0, 0xE0FFF}},
	},
	{
		Ban: Ban{"characters without a shape", "U+200B, U+2060–206F, U+FEFF, U+034F, U+115F, U+1160, U+3164, U+FFA0, U+17B4, U+17B5, U+2800 and all other default ignorables",
			"does not show",
			"two texts that look the same could differ; words can be split so that a search does not find them"},
		spans: []span{{0x200B, 0x200B}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0x034F, 0x034F}, {0x2800, 0x2800}},
		also:  func(r rune) bool { return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) },
	},
	{
		Ban: Ban{"format characters", "general category Cf, except zero width joiner and non-joiner",
			"steers the layout and is not itself a letter",
			"the text shown could differ from the text signed"},
		also: func(r rune) bool { return r != zwnj && r != zwj && unicode.Is(unicode.Cf, r) },
	},
	{
		Ban: Ban{"uncommon spaces", "general category Zs, except U+0020, U+00A0, U+202F and U+3000",
			"cannot be told from an ordinary space",
			"two texts that look the same could differ"},
		also: func(r rune) bool {
			return unicode.Is(unicode.Zs, r) && r != ' ' && r != 0xA0 && r != 0x202F && r != 0x3000
		},
	},
	{
		Ban: Ban{"overlays and enclosing marks", "U+0334–0338, U+20D0–20FF where they overlay or enclose, general category Me",
			"is drawn over the letter before it",
			"\"shall\" could be shown struck out and still count, or the reverse"},
		spans: []span{{0x0334, 0x0338}, {0x20D2, 0x20D3}, {0x20D8, 0x20DA}, {0x20E5, 0x20E6}, {0x20EA, 0x20EB}, {0x1D167, 0x1D169}},
		also:  func(r rune) bool { return unicode.Is(unicode.Me, r) },
	},
	{
		Ban: Ban{"placeholders", "U+FFFC, U+FFFD",
			"stands for something that has been lost",
			"a text that was damaged on its way could be agreed"},
		spans: []span{{0xFFFC, 0xFFFD}},
	},
	{
		Ban: Ban{"private characters", "general category Co",
			"has no meaning that all parties share",
			"each side could see another shape"},
		also: func(r rune) bool { return unicode.Is(unicode.Co, r) },
	},
	{
		Ban: Ban{"characters that are not assigned", "what Unicode 15.0.0 does not assign, noncharacters, surrogates",
			"is not a character of Unicode 15.0",
			"its shape, order and normal form are not settled"},
		also: func(r rune) bool {
			return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co)
		},
	},
}

// The rules that look at more than one character.
const (
	banLong = iota
	banUTF8
	banForm
	banJoiner
	banBare
	banPile
)

// placeBans refuse a text for where its characters stand.
var placeBans = [...]Ban{
	banLong: {"length", "more than 32,768 bytes in one language",
		"is past the greatest length of a text, 32,768 bytes",
		"an entry would not fit its log"},
	banUTF8: {"broken UTF-8", "bytes that are not UTF-8",
		"is not UTF-8",
		"each program would show something else"},
	banForm: {"other normal forms", "whatever is not in normalisation form C",
		"is not in normalisation form C",
		"the same letters could be stored as different bytes and get different numbers"},
	banJoiner: {"stray joiners", "U+200C, U+200D except between two letters of one Arabic, Syriac or Indic script",
		"is a joiner that does not stand between two letters that it can join",
		"it does not show there; two texts that look the same could differ"},
	banBare: {"marks without a letter", "a combining mark at the start of a line or after a space or tab",
		"is a mark that has no letter before it",
		"it would be drawn on what stands before the text, for example a bracket"},
	banPile: {"piles of marks", "more than 8 combining marks on one letter",
		"is one mark too many on one letter; 8 may stand there",
		"tall piles cover the lines above and below"},
}

// charWhy returns the reason for which r may not stand in a text at all.
func charWhy(r rune) string {
	for i := range charBans {
		if charBans[i].holds(r) {
			return charBans[i].Why
		}
	}
	return charBans[len(charBans)-1].Why
}

// holds reports whether the rule refuses r.
func (b *charBan) holds(r rune) bool {
	for _, s := range b.spans {
		if s.lo <= r && r <= s.hi {
			return true
		}
	}
	return b.also != nil && b.also(r)
}
