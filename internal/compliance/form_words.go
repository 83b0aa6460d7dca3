package compliance

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"entente/text"
)

// ruleEnglish are the English forms of what is said of rules. {Of} is what the obligation is called, or
// the quantity's name where it is called nothing.
var ruleEnglish = map[string]string{
	"rule.amount":         "{Value} {Unit}",
	"rule.at-most":        "{Of} stays at or below {Value}.",
	"rule.below":          "{Of} stays below {Value}.",
	"rule.at-least":       "{Of} stays at or above {Value}.",
	"rule.above":          "{Of} stays above {Value}.",
	"rule.between":        "{Of} stays between {Value} and {High}.",
	"rule.exactly":        "{Of}: the reading is {Value}.",
	"rule.none":           "{Of}: none is observed.",
	"rule.score":          "{Of}: scored at least {Value} of 3 ({Degree}).",
	"rule.score.0":        "not begun",
	"rule.score.1":        "minimal",
	"rule.score.2":        "intermediate",
	"rule.score.3":        "complete",
	"rule.done":           "{Of}: done by {By}.",
	"rule.target":         "{Of} comes up to {Value} by {By}.",
	"rule.target-down":    "{Of} comes down to {Value} by {By}.",
	"rule.followed":       "{Of}: each is followed by {Other} within {N} days.",
	"rule.followed.one":   "{Of}: each is followed by {Other} within a day.",
	"rule.sum-at-most":    "{Of}: at most {Value} in all in any {N} days.",
	"rule.sum-at-least":   "{Of}: at least {Value} in all in any {N} days.",
	"rule.count-at-most":  "{Of}: at most {Value} readings in any {N} days.",
	"rule.count-at-least": "{Of}: at least {Value} readings in any {N} days.",
	"rule.max-at-most":    "{Of} stays at or below {Value} at every reading of the last {N} days.",
	"rule.min-at-least":   "{Of} stays at or above {Value} at every reading of the last {N} days.",
	"rule.cel":            "{Of}: kept while {Rule} is true.",
	"rule.near":           "It is near its limit from {Value}.",
	"rule.near.down":      "It is near its limit from {Value} down.",
	"rule.near.both":      "It is near its limits from {Value} up and from {Low} down.",
	"rule.near.day":       "It is near its day from {From}.",
	"rule.near.cel":       "It is near while {Rule} is true.",
	"rule.both":           "{A} {B}",

	// A translation says what sort of thing is wrong, and at which character {At} of the rule.
	"fault.size":       "{Detail}",
	"fault.syntax":     "{Detail}",
	"fault.word":       "{Detail}",
	"fault.name":       "{Detail}",
	"fault.type":       "{Detail}",
	"fault.constant":   "{Detail}",
	"fault.cost":       "{Detail}",
	"fault.unit":       "{Detail}",
	"fault.conversion": "{Detail}",
}

// ruleSay makes a sentence on a rule.
func ruleSay(key string, args map[string]Arg) Sentence {
	s := Sentence{Key: key, Args: args}
	s.English = s.in(ruleEnglish)
	return s
}

// amountArg is a number with its unit.
func amountArg(value, unit string) Arg {
	return phrase(ruleSay("rule.amount", map[string]Arg{"Value": number(value), "Unit": unitArg(unit)}))
}

// RuleWords says a rule and what counts as near it (nil: nothing) in words. Of is what the obligation is
// called; where it is called nothing, the quantity's name stands. A rule without a plain form is told as
// it is written.
func RuleWords(rule, near *Rule, of text.Texts) Sentence {
	form, ok := rule.Shape()
	var said, close Sentence
	if ok {
		said = form.Words(of, rule.Unit(form.Quantity))
	} else {
		said = ruleSay("rule.cel", map[string]Arg{"Of": called(of, rule.names[0]), "Rule": word(rule.canonical)})
	}
	if near == nil {
		return said
	}
	if with, plain := form.WithNear(near); ok && plain {
		close = with.NearWords(rule.Unit(form.Quantity))
	} else {
		close = ruleSay("rule.near.cel", map[string]Arg{"Rule": word(near.canonical)})
	}
	return ruleSay("rule.both", map[string]Arg{"A": phrase(said), "B": phrase(close)})
}

func called(of text.Texts, quantity string) Arg {
	if len(of) > 0 {
		return textsArg(of)
	}
	return word(quantity)
}

// Words says the form's rule in words.
func (f Form) Words(of text.Texts, unit string) Sentence {
	args := map[string]Arg{"Of": called(of, f.Quantity)}
	value, high, days, by, other, _ := f.Kind.Uses()
	if f.Kind == FormScore || f.Kind == FormCountAtMost || f.Kind == FormCountAtLeast {
		unit = One
	}
	if value {
		args["Value"] = amountArg(f.Value, unit)
	}
	if high {
		args["Value"], args["High"] = number(f.Value), amountArg(f.High, unit)
	}
	if days {
		args["N"] = count(f.Days)
	}
	if by {
		args["By"] = dayArg(f.By)
	}
	if other {
		args["Other"] = word(f.Other)
	}
	if f.Kind == FormScore {
		args["Degree"] = phrase(ruleSay("rule.score."+f.Value, nil))
	}
	s := ruleSay("rule."+f.Kind.String(), args)
	s.English = asSubject(s.English, ruleEnglish[s.Key], of)
	return s
}

// NearWords says what counts as near in words; the zero Sentence where nothing does.
func (f Form) NearWords(unit string) Sentence {
	if f.Kind == FormScore || f.Kind == FormCountAtMost || f.Kind == FormCountAtLeast {
		unit = One
	}
	_, _, _, by, _, _ := f.Kind.Uses()
	switch {
	case by && f.NearDays > 0:
		return ruleSay("rule.near.day", map[string]Arg{"From": dayArg(f.nearFrom())})
	case f.Near != "" && f.NearLow != "":
		return ruleSay("rule.near.both", map[string]Arg{"Value": amountArg(f.Near, unit), "Low": amountArg(f.NearLow, unit)})
	case f.NearLow != "":
		return ruleSay("rule.near.down", map[string]Arg{"Value": amountArg(f.NearLow, unit)})
	case f.Near == "":
		return Sentence{}
	case f.Kind == FormBetween || f.Kind.upper():
		return ruleSay("rule.near", map[string]Arg{"Value": amountArg(f.Near, unit)})
	}
	return ruleSay("rule.near.down", map[string]Arg{"Value": amountArg(f.Near, unit)})
}

// asSubject gives a title that begins an English sentence as its subject an article, where it plainly
// is a noun without one: “Stock of heavy water” becomes “The stock of heavy water”.
func asSubject(sentence, form string, of text.Texts) string {
	title := of.Best("en")
	first, rest, _ := strings.Cut(title.Text, " ")
	second, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(first, unicode.IsUpper))
	plain := len(of) > 0 && title.Lang == "en" && strings.HasPrefix(form, "{Of} ") && strings.HasPrefix(sentence, title.Text)
	if !plain || !strings.HasPrefix(rest, "of ") || !unicode.IsLower(second) || utf8.RuneCountInString(first) < 2 {
		return sentence
	}
	letter, size := utf8.DecodeRuneInString(sentence)
	return "The " + string(unicode.ToLower(letter)) + sentence[size:]
}
