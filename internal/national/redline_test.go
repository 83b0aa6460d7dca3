package national

import (
	"errors"
	"strings"
	"testing"

	"entente/text"
)

func en(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

func TestNumbersAreRead(t *testing.T) {
	for _, c := range []struct {
		text  string
		unit  string
		value []float64
	}{
		{"within thirty (30) days of the request", "days", []float64{30}},
		{"within 30 days", "day", []float64{30}},
		{"up to 3.67 per cent", "per cent", []float64{3.67}},
		{"up to 3,67 %", "%", []float64{3.67}},
		{"no more than 9\u202f210 centrifuges", "centrifuges", []float64{9210}},
		{"no more than 1.250 tonnes", "tonnes", []float64{1.25, 1250}},
		{"no more than 1,250.5 tonnes", "tonnes", []float64{1250.5}},
		{"no more than 1.250,5 tonnes", "tonnes", []float64{1250.5}},
		{"no more than 1,250,000 tonnes", "tonnes", []float64{1250000}},
		{"at −5 degrees", "degrees", []float64{-5}},
		{"בתוך 21 ימים", "ימים", []float64{21}},
		{"خلال ٣٠ يوما", "يوما", []float64{30}},
		{"15 January 2018, 40 days", "days", []float64{40}},
		{"at 10:30 hours", "hours", nil},
		{"30. Days pass", "days", nil}, // another sentence
		{"30 days and 40 days", "years", nil},
	} {
		var got []float64
		for _, n := range numbers(c.text) {
			if n.counts(c.unit) {
				got = append(got, n.Values...)
			}
		}
		if len(got) != len(c.value) {
			t.Errorf("%q: %v, want %v", c.text, got, c.value)
			continue
		}
		for i := range got {
			if got[i] != c.value[i] {
				t.Errorf("%q: %v, want %v", c.text, got, c.value)
			}
		}
	}
}

func TestARedLineSaysWhere(t *testing.T) {
	words := text.Texts{{Lang: "en", Text: "The Parties may exchange data within sixty (60) days."}, {Lang: "he", Text: "הצדדים רשאים להחליף נתונים בתוך 60 ימים."}}
	for _, c := range []struct {
		name string
		line RedLine
		lang []text.Lang
		what string
	}{
		{"a number by its unit", RedLine{Kind: InRange, Units: []string{"day", "ימים"}, Max: "45"}, []text.Lang{"en", "he"}, "60"},
		{"in one language", RedLine{Kind: InRange, Units: []string{"day", "ימים"}, Max: "45", Langs: []text.Lang{"he"}}, []text.Lang{"he"}, "60"},
		{"a number by its place", RedLine{Kind: InRange, Position: 1, Min: "61"}, []text.Lang{"en", "he"}, "60"},
		{"within its range", RedLine{Kind: InRange, Position: 1, Min: "60", Max: "60"}, nil, ""},
		{"a place that is not there", RedLine{Kind: InRange, Position: 2, Max: "1"}, nil, ""},
		{"a phrase that must not stand", RedLine{Kind: MustNot, Phrase: en("parties MAY")}, []text.Lang{"en"}, "Parties may"},
		{"a phrase that must stand", RedLine{Kind: Must, Phrase: en("shall")}, []text.Lang{"en"}, ""},
		{"one that does", RedLine{Kind: Must, Phrase: en("sixty 60 days")}, nil, ""},
		{"one of a language that is not there", RedLine{Kind: Must, Phrase: text.Texts{{Lang: "fr", Text: "devront"}}}, nil, ""},
		{"a rule", RedLine{Kind: ByRule, Rule: `lang != "en" || numbers.all(n, n.unit != "days" || n.value <= 30)`}, []text.Lang{"en"}, ""},
		{"a rule that is kept", RedLine{Kind: ByRule, Rule: `element == "A-1" && numbers.size() == 1 && text.size() > 10`}, nil, ""},
	} {
		if err := c.line.Check(); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := c.line.cross("A-1", Said{What: "text", Texts: words}, compile)
		if len(got) != len(c.lang) {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		for i, x := range got {
			body, _ := words.Get(x.Lang)
			if x.Lang != c.lang[i] || x.Words != c.what || x.Why == "" || x.Unjudged || !strings.HasPrefix(body[x.At:], x.Words) {
				t.Errorf("%s: %+v", c.name, x)
			}
		}
	}
}

func TestRedLinesThatAreRefused(t *testing.T) {
	nested := "numbers.all(a, numbers.all(b, numbers.all(c, a.value + b.value + c.value > 0.0)))"
	for _, c := range []struct {
		name string
		line RedLine
		says string
	}{
		{"no kind", RedLine{}, "no kind"},
		{"a number without bounds", RedLine{Kind: InRange, Units: []string{"days"}}, "least or the most"},
		{"a number that is not said", RedLine{Kind: InRange, Max: "3"}, "which number"},
		{"a number said twice", RedLine{Kind: InRange, Max: "3", Position: 1, Units: []string{"days"}}, "which number"},
		{"bounds the wrong way", RedLine{Kind: InRange, Position: 1, Min: "3", Max: "2"}, "more than the most"},
		{"no number", RedLine{Kind: InRange, Position: 1, Min: "NaN"}, "decimal number"},
		{"a far number", RedLine{Kind: InRange, Position: MaxPosition + 1, Max: "2"}, "position"},
		{"an empty unit", RedLine{Kind: InRange, Units: []string{" "}, Max: "2"}, "unit"},
		{"a phrase of nothing", RedLine{Kind: Must, Phrase: en("—")}, "words"},
		{"no phrase", RedLine{Kind: MustNot}, "phrase"},
		{"a rule for a phrase", RedLine{Kind: Must, Phrase: en("a"), Rule: "true"}, "no place for a rule"},
		{"no rule", RedLine{Kind: ByRule, Rule: "  "}, "bytes"},
		{"a long rule", RedLine{Kind: ByRule, Rule: strings.Repeat("true || ", 400) + "true"}, "bytes"},
		{"a rule that is none", RedLine{Kind: ByRule, Rule: "text contains 'x'"}, "cannot be read"},
		{"a rule that shows otherwise than it is", RedLine{Kind: ByRule, Rule: "text.contains('a\u202eb')"}, "cannot be kept"},
		{"too many languages", RedLine{Kind: MustNot, Phrase: en("a"), Langs: text.AllLangs()}, "at most 16"},
		{"a rule with another name", RedLine{Kind: ByRule, Rule: "keys == 'x'"}, "cannot be read"},
		{"a rule of no truth", RedLine{Kind: ByRule, Rule: "text.size()"}, "true or false"},
		{"a costly rule", RedLine{Kind: ByRule, Rule: nested}, "too many steps"},
		{"a deep rule", RedLine{Kind: ByRule, Rule: strings.Repeat("(", 200) + "true" + strings.Repeat(")", 200)}, "cannot be read"},
		{"a growing rule", RedLine{Kind: ByRule, Rule: "numbers.map(a, numbers.map(b, text + text)).size() > 0"}, "too many steps"},
		{"a hostile pattern", RedLine{Kind: ByRule, Rule: `text.matches("((a{100}){10}){10}")`}, "cannot be read"},
		{"a large pattern", RedLine{Kind: ByRule, Rule: `text.matches("(a{50}){9}")`}, "cannot be read"},
		{"a pattern out of the text", RedLine{Kind: ByRule, Rule: `text.matches(text)`}, "too many steps"},
		{"a language of nowhere", RedLine{Kind: MustNot, Phrase: en("a"), Langs: []text.Lang{"xx"}}, "language"},
	} {
		var refused *Refused
		if err := c.line.Check(); !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "Nothing was written") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestAnyRuleEnds judges rules that were taken on the longest text.
func TestAnyRuleEnds(t *testing.T) {
	long := strings.Repeat("30 days, or 40 weeks; ", text.MaxText/22)
	for _, rule := range []string{
		`numbers.all(n, n.unit != "days" || n.value <= 30)`, `numbers.exists(n, n.position == 500)`, `text.matches("thirty .* days")`,
		`!text.contains("forty")`, `numbers.all(a, a.value > 0.0 && text.startsWith("30"))`, `numbers.filter(n, n.unit == "days").size() < 1000`,
	} {
		l := RedLine{Kind: ByRule, Rule: rule}
		if err := l.Check(); err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		for _, c := range l.cross("A-1", Said{What: "text", Texts: en(long)}, compile) {
			if c.Unjudged {
				t.Errorf("%s: %s", rule, c.Why)
			}
		}
	}
}

func TestARuleThatFailsIsToldAsUnjudged(t *testing.T) {
	l := RedLine{Kind: ByRule, Rule: `numbers[3].value > 1.0`}
	if err := l.Check(); err != nil {
		t.Fatal(err)
	}
	got := l.cross("A-1", Said{What: "text", Texts: en("30 days")}, compile)
	if len(got) != 1 || !got[0].Unjudged || !strings.Contains(got[0].Why, "could not be judged") {
		t.Fatalf("%+v", got)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`numbers.all(n, n.value <= 30.0)`, "30 days")
	f.Add(`text.matches("a+b*") || lang == "en"`, "aab")
	f.Add(`[1,2,3].exists(x, x > numbers.size())`, "")
	f.Fuzz(func(t *testing.T, rule, words string) {
		p, err := compile(rule)
		if err != nil {
			return
		}
		_, _ = p.keeps("A-1", text.Version{Lang: "en", Text: words})
	})
}

func FuzzNumbers(f *testing.F) {
	f.Add("within thirty (30) days, 1.250,5 t and 9 210")
	f.Fuzz(func(t *testing.T, s string) {
		for i, n := range numbers(s) {
			if n.Position != i+1 || len(n.Values) == 0 || !strings.HasPrefix(s[n.At:], n.Words) {
				t.Fatalf("%+v", n)
			}
		}
	})
}
