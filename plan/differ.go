package plan

import (
	"strconv"
	"strings"

	"entente/act"
	"entente/party"
	"entente/text"
)

// A Difference is a field, other than title and text, on which positions differ.
type Difference struct {
	Field  string  `json:"field"` // "parent", "lead", "support", "due", "cites", "amount" and so on
	Values []Value `json:"values"`
}

// A Value is what some parties' text says in a field.
type Value struct {
	Parties []party.Code `json:"parties"`
	Value   string       `json:"value"` // "" for nothing
}

// A field is one field of a content, as one line.
type field struct {
	name string
	of   func(*act.Content) string
}

var fields = [...]field{
	{"kind", func(c *act.Content) string { return c.Kind.String() }},
	{"parent", func(c *act.Content) string { return string(c.Parent) }},
	{"struck", func(c *act.Content) string { return flag(c.Struck) }},
	{"lead", func(c *act.Content) string { return join(c.Lead) }},
	{"support", func(c *act.Content) string { return join(c.Support) }},
	{"due", func(c *act.Content) string { return string(c.Due) }},
	{"cites", func(c *act.Content) string { return join(c.Cites) }},
	{"source", func(c *act.Content) string { return oneLine(c.Source) }},
	{"marking", markingOf},
	{"order", func(c *act.Content) string { return number(c.Order) }},
	{"said-by", func(c *act.Content) string { return oneLine(c.SaidBy) }},
	{"said-on", func(c *act.Content) string { return string(c.SaidOn) }},
	{"paragraph", func(c *act.Content) string { return number(c.Paragraph) }},
	{"quote", func(c *act.Content) string { return c.Quote }},
	{"aside", func(c *act.Content) string { return oneLine(c.Aside) }},
	{"amount", func(c *act.Content) string { return c.Amount }},
	{"unit", func(c *act.Content) string { return oneLine(c.Unit) }},
	{"contains", containsOf},
	{"bound", func(c *act.Content) string { return termsOf(c).bound() }},
	{"conversions", func(c *act.Content) string { return termsOf(c).conversions() }},
	{"procedure", func(c *act.Content) string { return termsOf(c).procedure() }},
	{"place", func(c *act.Content) string { return watchOf(c).Paragraph }},
	{"owes", func(c *act.Content) string { return oneLine(watchOf(c).Owes) }},
	{"quantity", func(c *act.Content) string { return watchOf(c).Quantity }},
	{"measure", func(c *act.Content) string { return watchOf(c).Unit }},
	{"rule", func(c *act.Content) string { return watchOf(c).Rule }},
	{"near", func(c *act.Content) string { return watchOf(c).Near }},
	{"applies", func(c *act.Content) string { return span(watchOf(c).From, watchOf(c).To) }},
	{"verified", func(c *act.Content) string { return oneLine(watchOf(c).Verified) }},
	{"every", func(c *act.Content) string { return number(watchOf(c).Every) }},
	{"fresh", func(c *act.Content) string { return number(watchOf(c).Fresh) }},
	{"sources", func(c *act.Content) string { return number(uint32(watchOf(c).Sources)) }},
	{"grade", func(c *act.Content) string { return watchOf(c).Grade.String() }},
	{"baseline", func(c *act.Content) string { return dayed(watchOf(c).Baseline, watchOf(c).BaselineOn) }},
	{"target", func(c *act.Content) string { return dayed(watchOf(c).Target, watchOf(c).TargetOn) }},
	{"verdict", func(c *act.Content) string { return worded(uint8(judged(c).Verdict), judged(c).Verdict) }},
	{"likelihood", func(c *act.Content) string { return worded(uint8(judged(c).Likelihood), judged(c).Likelihood) }},
	{"confidence", func(c *act.Content) string { return worded(uint8(judged(c).Confidence), judged(c).Confidence) }},
	{"as-of", func(c *act.Content) string { return string(judged(c).AsOf) }},
	{"extends", extendsOf},
}

func flag(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func number(n uint32) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

func join[T ~string](list []T) string {
	var b strings.Builder
	for i, x := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(x))
	}
	return b.String()
}

// oneLine writes all versions of a short text, with the languages named where there are several.
func oneLine(t text.Texts) string {
	if len(t) == 1 {
		return t[0].Text
	}
	var b strings.Builder
	for i, v := range t {
		if i > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(string(v.Lang) + ": " + v.Text)
	}
	return b.String()
}

func markingOf(c *act.Content) string {
	if c.Marking == nil {
		return ""
	}
	return c.Marking.String()
}

func containsOf(c *act.Content) string {
	var b strings.Builder
	for i, x := range c.Contains {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(x.Element) + " " + x.Revision.Short())
	}
	return b.String()
}

// differences are the fields on which the readings differ.
func differences(b *bracketer) []Difference {
	if len(b.readings) < 2 {
		return nil
	}
	var out []Difference
	for _, f := range fields {
		first, differ := f.of(&b.readings[0].content), false
		for i := range b.readings[1:] {
			differ = differ || f.of(&b.readings[1+i].content) != first
		}
		if differ {
			out = append(out, Difference{f.name, b.values(f)})
		}
	}
	return out
}

func (b *bracketer) values(f field) []Value {
	var out []Value
next:
	for i := range b.readings {
		x := &b.readings[i]
		v := f.of(&x.content)
		var codes []party.Code
		for _, p := range x.who {
			codes = append(codes, b.s.charter.Code(p))
		}
		for j := range out {
			if out[j].Value == v {
				out[j].Parties = append(out[j].Parties, codes...)
				continue next
			}
		}
		out = append(out, Value{codes, v})
	}
	return out
}

// changed names what differs between two contents: "title", "text" and the other fields.
func changed(a, b *act.Content) []string {
	var out []string
	if !a.Title.Equal(b.Title) {
		out = append(out, "title")
	}
	if !a.Text.Equal(b.Text) {
		out = append(out, "text")
	}
	for _, f := range fields {
		if f.of(a) != f.of(b) {
			out = append(out, f.name)
		}
	}
	return out
}
