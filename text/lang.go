package text

import (
	"fmt"
	"slices"
	"strings"
)

// Lang is a language: a BCP 47 primary subtag of two or three lower-case
// letters, from the closed list of those whose direction and name this program
// knows. The zero Lang is no language.
type Lang string

// language is what is known about one Lang.
type language struct {
	code    Lang
	autonym string
	rtl     bool
}

// languages is the closed list, sorted by code. A new row is a change of the
// protocol: a party whose program does not have it refuses texts in it.
var languages = [...]language{
	{"am", "አማርኛ", false},
	{"ar", "العربية", true},
	{"az", "azərbaycanca", false},
	{"be", "беларуская", false},
	{"bg", "български", false},
	{"bn", "বাংলা", false},
	{"bs", "bosanski", false},
	{"ca", "català", false},
	{"ckb", "کوردیی ناوەندی", true},
	{"cs", "čeština", false},
	{"cy", "Cymraeg", false},
	{"da", "dansk", false},
	{"de", "Deutsch", false},
	{"dv", "ދިވެހި", true},
	{"el", "Ελληνικά", false},
	{"en", "English", false},
	{"es", "español", false},
	{"et", "eesti", false},
	{"fa", "فارسی", true},
	{"fi", "suomi", false},
	{"fr", "français", false},
	{"ga", "Gaeilge", false},
	{"he", "עברית", true},
	{"hi", "हिन्दी", false},
	{"hr", "hrvatski", false},
	{"hu", "magyar", false},
	{"hy", "հայերեն", false},
	{"id", "Bahasa Indonesia", false},
	{"is", "íslenska", false},
	{"it", "italiano", false},
	{"ja", "日本語", false},
	{"ka", "ქართული", false},
	{"kk", "қазақ тілі", false},
	{"km", "ខ្មែរ", false},
	{"ko", "한국어", false},
	{"ku", "kurdî", false},
	{"ky", "кыргызча", false},
	{"lt", "lietuvių", false},
	{"lv", "latviešu", false},
	{"mk", "македонски", false},
	{"mn", "монгол", false},
	{"ms", "Bahasa Melayu", false},
	{"mt", "Malti", false},
	{"my", "မြန်မာ", false},
	{"nb", "norsk bokmål", false},
	{"ne", "नेपाली", false},
	{"nl", "Nederlands", false},
	{"pl", "polski", false},
	{"ps", "پښتو", true},
	{"pt", "português", false},
	{"ro", "română", false},
	{"ru", "русский", false},
	{"si", "සිංහල", false},
	{"sk", "slovenčina", false},
	{"sl", "slovenščina", false},
	{"so", "Soomaali", false},
	{"sq", "shqip", false},
	{"sr", "српски", false},
	{"sv", "svenska", false},
	{"sw", "Kiswahili", false},
	{"syr", "ܣܘܪܝܝܐ", true},
	{"ta", "தமிழ்", false},
	{"tg", "тоҷикӣ", false},
	{"th", "ไทย", false},
	{"ti", "ትግርኛ", false},
	{"tk", "türkmençe", false},
	{"tr", "Türkçe", false},
	{"uk", "українська", false},
	{"ur", "اردو", true},
	{"uz", "oʻzbekcha", false},
	{"vi", "Tiếng Việt", false},
	{"yi", "ייִדיש", true},
	{"zh", "中文", false},
}

// ParseLang reads a language code exactly as it is stored, for example "he".
func ParseLang(s string) (Lang, error) {
	if l := Lang(s); l.Known() {
		return l, nil
	}
	return "", fmt.Errorf("%q is not a language that this program knows: give a code such as en, he, ar or fr", s)
}

// AllLangs returns every language that ParseLang knows, sorted by code.
func AllLangs() []Lang {
	out := make([]Lang, len(languages))
	for i, row := range languages {
		out[i] = row.code
	}
	return out
}

// Known reports whether l is on the closed list.
func (l Lang) Known() bool { return l.row() != nil }

// RTL reports whether l is written from right to left.
func (l Lang) RTL() bool {
	row := l.row()
	return row != nil && row.rtl
}

// Dir returns "rtl" or "ltr", the value of a dir attribute.
func (l Lang) Dir() string {
	if l.RTL() {
		return "rtl"
	}
	return "ltr"
}

// Autonym returns the name of the language in that language, for example
// "עברית"; of an unknown language, its code.
func (l Lang) Autonym() string {
	if row := l.row(); row != nil {
		return row.autonym
	}
	return string(l)
}

// row returns what is known about l, or nil. Codes of two letters, which almost all are, are found
// without a search: every text of every act is asked for its language when a group is opened.
func (l Lang) row() *language {
	if len(l) == 2 && l[0]-'a' < letters && l[1]-'a' < letters {
		if n := pairs[l[0]-'a'][l[1]-'a']; n > 0 {
			return &languages[n-1]
		}
		return nil
	}
	i, ok := slices.BinarySearchFunc(languages[:], l, func(row language, l Lang) int {
		return strings.Compare(string(row.code), string(l))
	})
	if !ok {
		return nil
	}
	return &languages[i]
}

const letters = 26

// pairs gives, for the two letters of a code, its place in languages, from 1; 0 for none.
var pairs = func() (out [letters][letters]uint8) {
	for i, row := range languages {
		if len(row.code) == 2 {
			out[row.code[0]-'a'][row.code[1]-'a'] = uint8(i + 1)
		}
	}
	return out
}()
