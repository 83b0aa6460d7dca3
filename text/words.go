package text

import (
	"unicode"
	"unicode/utf8"
)

// Kind tells what a Token is.
type Kind uint8

const (
	Word  Kind = iota // letters and digits, with what joins them: "twenty-one", "l’accord", "3.67", "ארבעה־עשר"
	Space             // a run of spaces or tabs, or one line feed
	Mark              // one punctuation mark or symbol with its combining marks
)

// Token is a piece of a text that is never split.
type Token struct {
	Kind Kind
	Text string
}

// Words cuts s into words, spaces and punctuation marks. The texts of the
// tokens, joined, are s, whatever s is: bytes that are not UTF-8 come out as
// marks.
//
// A word is a run of letters, digits and combining marks of any script. An
// apostrophe, hyphen, maqaf, geresh or gershayim between two letters or digits
// does not end it, nor does a point, comma, colon or slash between two digits,
// nor a quotation mark between two Hebrew letters (צה"ל). In scripts written
// without spaces between words each ideograph or kana is a word of its own.
func Words(s string) []Token {
	tokens := make([]Token, 0, len(s)/4+1)
	for i := 0; i < len(s); {
		n, kind := next(s[i:])
		tokens = append(tokens, Token{Kind: kind, Text: s[i : i+n]})
		i += n
	}
	return tokens
}

// next returns the length and kind of the first token of s, which is not empty.
func next(s string) (int, Kind) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case r == '\n':
		return 1, Space
	case blank(r):
		return size + run(s[size:], blank), Space
	case solitary(r):
		return size + run(s[size:], tail), Word
	case wordRune(r):
		return wordLen(s), Word
	default:
		return size + run(s[size:], tail), Mark
	}
}

// run returns how many bytes at the start of s are characters for which in holds.
func run(s string, in func(rune) bool) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !in(r) {
			break
		}
		n += size
	}
	return n
}

// wordLen returns the length of the word at the start of s.
func wordLen(s string) int {
	var last rune
	n := 0
	for n < len(s) {
		r, size := rune(s[n]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[n:])
		}
		if (!wordRune(r) || solitary(r)) && !tail(r) {
			after, _ := utf8.DecodeRuneInString(s[n+size:])
			if !joint(last, r, after) {
				break
			}
		}
		if !tail(r) {
			last = r
		}
		n += size
	}
	return n
}

// joint reports whether r, between before and after, is part of their word.
func joint(before, r, after rune) bool {
	if !wordRune(before) || !wordRune(after) || solitary(after) {
		return false
	}
	switch r {
	case '\'', '’', 'ʼ', '-', '‐', '‑', '־', '׳', '״', '_', '·':
		return true
	case '.', ',', ':', '/', '٫', '٬':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	case '"':
		return unicode.Is(unicode.Hebrew, before) && unicode.Is(unicode.Hebrew, after)
	}
	return false
}

// wordRune reports whether r is a letter, a digit or part of one.
func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// tail reports whether r belongs to the character before it.
func tail(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.IsMark(r) || r == zwnj || r == zwj)
}

// blank reports whether r is white space within a line.
func blank(r rune) bool {
	return r == ' ' || r == '\t' || r >= utf8.RuneSelf && unicode.Is(unicode.Zs, r)
}

// solitary reports whether r is a word of its own: ideographs and kana.
func solitary(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
