package compliance

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"entente/act"
	"entente/text"
)

// A Sentence is something to be told to a person, as data: which sentence it is and what stands in its
// places, so that pages can say it in other languages; and the same in English.
type Sentence struct {
	Key     string         `json:"key"`
	Args    map[string]Arg `json:"args,omitempty"`
	English string         `json:"english"`
}

// What an Arg can be.
const (
	IsNumber = "number" // a decimal number as it was given: "114.4"
	IsCount  = "count"  // a whole number; where it is named N, the sentence is inflected by it
	IsUnit   = "unit"   // a code of a unit: "kg{U}"
	IsDay    = "day"    // "2017-11-05"
	IsWord   = "word"   // a grade, a code of a party, a reference, a quantity: the same in all languages
	IsTexts  = "texts"  // words of the parties, in their languages
	IsPhrase = "phrase" // a sentence within the sentence
)

// An Arg is what stands in one place of a sentence.
type Arg struct {
	Is     string     `json:"is"`
	Value  string     `json:"value,omitempty"`
	Texts  text.Texts `json:"texts,omitempty"`
	Phrase *Sentence  `json:"phrase,omitempty"`
}

// String is the sentence in English.
func (s Sentence) String() string { return s.English }

// IsZero reports whether nothing is said.
func (s Sentence) IsZero() bool { return s.Key == "" }

// String is what stands in the place, in English.
func (a Arg) String() string {
	switch a.Is {
	case IsDay:
		return englishDay(act.Date(a.Value))
	case IsUnit:
		return unitWords(a.Value)
	case IsTexts:
		return strings.ReplaceAll(a.Texts.Best("en").Text, "\n", " ⏎ ") // a sentence is one line, whoever wrote its words
	case IsPhrase:
		return a.Phrase.English
	}
	return a.Value
}

func number(s string) Arg       { return Arg{Is: IsNumber, Value: s} }
func count(n int) Arg           { return Arg{Is: IsCount, Value: strconv.Itoa(n)} }
func unitArg(s string) Arg      { return Arg{Is: IsUnit, Value: s} }
func dayArg(d act.Date) Arg     { return Arg{Is: IsDay, Value: string(d)} }
func word(s string) Arg         { return Arg{Is: IsWord, Value: s} }
func textsArg(t text.Texts) Arg { return Arg{Is: IsTexts, Texts: t} }
func phrase(s Sentence) Arg     { return Arg{Is: IsPhrase, Phrase: &s} }

// say makes a sentence: a key, then names of places and what stands in them in turn. A key that is not
// in the tables is said as itself, which a test refuses.
func say(key string, places ...any) Sentence {
	s := Sentence{Key: key}
	for i := 0; i+1 < len(places); i += 2 {
		if s.Args == nil {
			s.Args = make(map[string]Arg, len(places)/2)
		}
		s.Args[places[i].(string)] = places[i+1].(Arg)
	}
	s.English = s.in(english)
	return s
}

// in says the sentence by a table of forms. A form with the ending ".one" is for a count of one.
func (s Sentence) in(table map[string]string) string {
	form, ok := table[s.Key]
	if n := s.Args["N"]; n.Is == IsCount && n.Value == "1" {
		if one, has := table[s.Key+".one"]; has {
			form, ok = one, true
		}
	}
	if !ok {
		return s.Key
	}
	b := ""
	for form != "" {
		before, rest, found := strings.Cut(form, "{")
		if before != "" && strings.Contains(".,;)", before[:1]) {
			b = strings.TrimRight(b, " ") // what a place with nothing in it leaves
		}
		b += before
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		if a, has := s.Args[name]; has {
			b += a.String()
		}
		form = after
	}
	return strings.Join(strings.Fields(b), " ")
}

// Phrases lists the English forms of all sentences that this package says, by their keys: what a
// translation must have. {Name} is a place; a form whose key ends in ".one" is for N = 1.
func Phrases() map[string]string {
	out := maps.Clone(english)
	maps.Copy(out, ruleEnglish)
	return out
}

// list joins sentences to one.
func list(parts []Sentence) Sentence {
	parts = slices.DeleteFunc(parts, Sentence.IsZero)
	switch len(parts) {
	case 0:
		return Sentence{}
	case 1:
		return parts[0]
	}
	out := parts[0]
	for _, p := range parts[1:] {
		out = say("join", "A", phrase(out), "B", phrase(p))
	}
	return out
}

var months = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

// englishDay is "5 November 2017".
func englishDay(d act.Date) string {
	if len(d) != len("2017-11-05") {
		return string(d)
	}
	m, err := strconv.Atoi(string(d[5:7]))
	if err != nil || m < 1 || m > len(months) {
		return string(d)
	}
	return strings.TrimPrefix(string(d[8:]), "0") + " " + months[m-1] + " " + string(d[:4])
}

// unitWords is a unit's code without the marks of annotations: "kg U" for "kg{U}".
func unitWords(code string) string {
	switch code {
	case "", "1":
		return ""
	}
	return strings.TrimSpace(strings.NewReplacer("{", " ", "}", " ").Replace(code))
}
