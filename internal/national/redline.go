package national

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"entente/act"
	"entente/party"
	"entente/text"
)

// A LineKind says how a red line is checked.
type LineKind string

// The kinds of red line.
const (
	InRange LineKind = "number"   // a number of the text stays within bounds
	Must    LineKind = "must"     // a phrase stands in the text
	MustNot LineKind = "must-not" // a phrase stands nowhere in it
	ByRule  LineKind = "rule"     // a rule in CEL is true of it
)

// A RedLine is where a text must not go.
type RedLine struct {
	Kind     LineKind    `json:"kind"`
	Langs    []text.Lang `json:"langs,omitempty"`    // the languages it is checked in; none for all
	Units    []string    `json:"units,omitempty"`    // number: the words or signs after it, any of them
	Position int         `json:"position,omitempty"` // number: or which of the text's numbers, from 1
	Min      string      `json:"min,omitempty"`      // number: the least that is allowed, in decimal
	Max      string      `json:"max,omitempty"`      // number: the most that is allowed
	Phrase   text.Texts  `json:"phrase,omitempty"`   // must, must-not
	Rule     string      `json:"rule,omitempty"`     // rule
}

// Check reports the first thing that is wrong with a red line. A rule is compiled, and refused if it
// is not one or could cost too much.
func (l RedLine) Check() error {
	if len(l.Langs) > text.MaxLangs {
		return refuse("language", "A red line is checked in at most %d languages, or in all.", text.MaxLangs)
	}
	for _, lang := range l.Langs {
		if !lang.Known() {
			return refuse("language", "%q is no language that this program knows.", string(lang))
		}
	}
	number := len(l.Units) > 0 || l.Position != 0 || l.Min != "" || l.Max != ""
	for _, x := range []struct {
		here, meant bool
		what        string
	}{{number, l.Kind == InRange, "a unit, a position or a bound"}, {len(l.Phrase) > 0, l.Kind == Must || l.Kind == MustNot, "a phrase"}, {l.Rule != "", l.Kind == ByRule, "a rule"}} {
		if x.here && !x.meant {
			return refuse("red-line", "A red line of the kind %s has no place for %s.", l.Kind, x.what)
		}
	}
	switch l.Kind {
	case InRange:
		return l.checkRange()
	case Must, MustNot:
		return l.checkPhrase()
	case ByRule:
		_, err := compile(l.Rule)
		return err
	}
	return refuse("red-line", "%.20q is no kind of red line: number, must, must-not or rule.", string(l.Kind))
}

func (l RedLine) checkRange() error {
	if (len(l.Units) > 0) == (l.Position != 0) || l.Position < 0 || l.Position > MaxPosition || len(l.Units) > MaxUnits {
		return refuse("number", "Say which number is meant: by its unit, or by its position from 1 to %d.", MaxPosition)
	}
	for _, u := range l.Units {
		if strings.TrimSpace(u) == "" || len(u) > MaxPhrase || text.Check(u) != nil || len(words(u)) > unitWords {
			return refuse("unit", "A unit is one to %d words or a sign, such as days, per cent or %%.", unitWords)
		}
	}
	least, most, err := l.bounds()
	if err != nil || l.Min == "" && l.Max == "" {
		return refuse("number", "Say the least or the most that is allowed, as a decimal number.")
	}
	if least > most {
		return refuse("number", "The least that is allowed, %s, is more than the most, %s.", l.Min, l.Max)
	}
	return nil
}

func (l RedLine) bounds() (least, most float64, err error) {
	least, most = math.Inf(-1), math.Inf(1)
	for _, x := range []struct {
		from string
		into *float64
	}{{l.Min, &least}, {l.Max, &most}} {
		if x.from == "" {
			continue
		}
		if strings.Trim(x.from, "0123456789.-") != "" || len(x.from) > 40 {
			return 0, 0, fmt.Errorf("%.40q is no decimal number", x.from)
		}
		if *x.into, err = strconv.ParseFloat(x.from, 64); err != nil {
			return 0, 0, err
		}
	}
	return least, most, nil
}

func (l RedLine) checkPhrase() error {
	if err := l.Phrase.Check(); err != nil {
		return refuse("phrase", "The phrase cannot be kept: %v.", err)
	}
	for _, v := range l.Phrase {
		if len(v.Text) > MaxPhrase || len(words(v.Text)) == 0 {
			return refuse("phrase", "A phrase is one to %d bytes of words.", MaxPhrase)
		}
	}
	if len(l.Phrase) == 0 {
		return refuse("phrase", "Say the phrase.")
	}
	return nil
}

// A Said is a text that red lines are checked against.
type Said struct {
	What     string     `json:"what"`            // "text", "title", "remark" …
	Party    party.Code `json:"party,omitempty"` // whose it is
	Revision act.Hash   `json:"revision,omitzero"`
	Texts    text.Texts `json:"-"`
}

// A Crossing is a red line that a text crosses: which, in which language, where.
type Crossing struct {
	Number uint64     `json:"number"` // of the red line's entry
	Kind   LineKind   `json:"kind"`
	Says   text.Texts `json:"says,omitempty"` // the red line in its owner's words
	Said
	Lang     text.Lang `json:"lang"`
	At       int       `json:"at"`              // byte of the text in that language, where Words stand
	Words    string    `json:"words,omitempty"` // what crosses it; none where something is missing
	Why      string    `json:"why"`             // as a sentence
	Unjudged bool      `json:"unjudged,omitempty"`
}

// maxCrossings is how many crossings of one red line by one text are told.
const maxCrossings = 8

// cross finds where a text crosses a red line. read gives a rule compiled.
func (l *RedLine) cross(element act.Ref, s Said, read func(string) (program, error)) (out []Crossing) {
	for _, v := range s.Texts {
		if len(l.Langs) > 0 && !slices.Contains(l.Langs, v.Lang) {
			continue
		}
		var found []Crossing
		switch {
		case l.Kind == InRange && s.What != "title":
			found = l.crossRange(v.Text)
		case l.Kind == MustNot:
			found = l.crossPhrase(v.Text)
		case l.Kind == Must && s.What == "text":
			found = l.crossMissing(v)
		case l.Kind == ByRule && s.What == "text":
			found = l.crossRule(element, v, read)
		}
		for _, c := range found[:min(len(found), maxCrossings)] {
			c.Kind, c.Said, c.Lang = l.Kind, s, v.Lang
			out = append(out, c)
		}
	}
	return out
}

func (l *RedLine) crossRange(t string) (out []Crossing) {
	least, most, err := l.bounds()
	if err != nil {
		return []Crossing{{Why: err.Error(), Unjudged: true}}
	}
	for _, n := range numbers(t) {
		meant := n.Position == l.Position || slices.ContainsFunc(l.Units, n.counts)
		beyond := slices.ContainsFunc(n.Values, func(v float64) bool { return v < least || v > most })
		if meant && beyond {
			out = append(out, Crossing{At: n.At, Words: n.Words, Why: fmt.Sprintf("%s is outside of %s.", n.Words, l.rangeWords())})
		}
	}
	return out
}

func (l *RedLine) rangeWords() string {
	switch {
	case l.Min == "":
		return "at most " + l.Max
	case l.Max == "":
		return "at least " + l.Min
	}
	return l.Min + " to " + l.Max
}

func (l *RedLine) crossPhrase(t string) (out []Crossing) {
	list := words(t)
	for _, v := range l.Phrase {
		phrase := words(v.Text)
		for i := find(list, phrase, 0); i >= 0 && len(out) < maxCrossings; i = find(list, phrase, i+len(phrase)) {
			at, end := list[i].at, list[i+len(phrase)-1].end
			out = append(out, Crossing{At: at, Words: t[at:end], Why: fmt.Sprintf("“%s” must not stand in it.", v.Text)})
		}
	}
	return out
}

// crossMissing finds a phrase missing in the language that it is given in.
func (l *RedLine) crossMissing(v text.Version) []Crossing {
	phrase, given := l.Phrase.Get(v.Lang)
	if !given || find(words(v.Text), words(phrase), 0) >= 0 {
		return nil
	}
	return []Crossing{{Why: fmt.Sprintf("“%s” must stand in it, and does not.", phrase)}}
}

func (l *RedLine) crossRule(element act.Ref, v text.Version, read func(string) (program, error)) []Crossing {
	p, err := read(l.Rule)
	if err != nil {
		return []Crossing{{Why: err.Error(), Unjudged: true}}
	}
	kept, err := p.keeps(element, v)
	switch {
	case err != nil:
		return []Crossing{{Why: fmt.Sprintf("The rule could not be judged: %v.", err), Unjudged: true}}
	case !kept:
		return []Crossing{{Why: "The rule is not true of it."}}
	}
	return nil
}
