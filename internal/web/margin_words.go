package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"entente/internal/api"
	"entente/internal/national"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/text"
)

type textsOf = text.Texts

// heading names the page of the margin.
func (m *besideData) heading(ctx context.Context) string {
	if m.ref == "" {
		return locale.F(ctx, "margin.title.group", locale.Args{"Group": m.title})
	}
	return locale.F(ctx, "margin.title", locale.Args{"Ref": m.ref.Display()})
}

func (m *besideData) crumbs(ctx context.Context) []ui.Crumb {
	if m.ref == "" {
		return []ui.Crumb{{Href: m.sc.base + "/negotiation", Words: locale.T(ctx, "nav.negotiation")}, {Words: locale.T(ctx, "margin.name")}}
	}
	return []ui.Crumb{{Href: m.sc.base + "/negotiation", Words: locale.T(ctx, "nav.negotiation")}, {Href: m.sc.href(m.ref, ""), Words: m.ref.Display() + " " + m.title},
		{Href: m.sc.base + "/margin", Words: locale.T(ctx, "margin.name")}, {Words: m.ref.Display()}}
}

// lastNotes are the notes that are shown: on a page beside, the last few.
func (m *besideData) lastNotes() []national.Kept {
	return m.Notes[max(0, len(m.Notes)-shownNotes):]
}

// value is what was typed into a form that was refused.
func (m *besideData) value(name, field, unless string) string {
	if m.typed["field"] == field && (m.typed["number"] == "" || m.changing != nil) {
		return m.typed[name]
	}
	return unless
}

// typedIn is what stands in an entry in the reader's language, to be changed.
func (m *besideData) typedIn(k national.Kept) string {
	s, _ := k.Words.Get(m.sc.lang)
	return s
}

// lineOf is the red line of that number, if it stands here and can be changed.
func (m *besideData) lineOf(number string) *national.Kept {
	i := slices.IndexFunc(m.RedLines, func(k national.Kept) bool {
		return k.Element == m.ref && !k.Ended && k.Line != nil && strconv.FormatUint(k.Number, 10) == number
	})
	if i < 0 {
		return nil
	}
	return &m.RedLines[i]
}

// typedLine is a red line as the form has it.
func (m *besideData) typedLine(k national.Kept) map[string]string {
	l := k.Line
	out := map[string]string{"field": string(k.Field), "number": strconv.FormatUint(k.Number, 10), "kind": string(l.Kind),
		"units": strings.Join(l.Units, ", "), "min": l.Min, "max": l.Max, "rule": l.Rule, "words": m.typedIn(k)}
	if l.Position > 0 {
		out["position"] = strconv.Itoa(l.Position)
	}
	for _, v := range l.Phrase {
		out["phrase-"+string(v.Lang)] = v.Text
	}
	return out
}

// changeable reports whether the words of such an entry may be changed by a form of words alone.
func changeable(f national.Field) bool {
	return f == national.Instruction || f == national.Fallback || f == national.Note
}

// whose is the person or the role that an entry names.
func (m *besideData) whose(e national.Entry) string {
	if e.Person != "" {
		return m.name(e.Person)
	}
	return e.Role
}

func (m *besideData) needs(n national.Need) string { return m.whose(n.Entry) }

// needSaid says how a clearance stands.
func needSaid(ctx context.Context, m *besideData, n national.Need) string {
	switch {
	case n.Given != nil:
		return locale.F(ctx, "margin.cleared", locale.Args{"Person": m.name(n.Given.By), "When": locale.Ago(ctx, n.Given.At)})
	case len(n.Lapsed) > 0:
		return locale.T(ctx, "margin.lapsed")
	case m.Draft != nil:
		return locale.F(ctx, "margin.asked", locale.Args{"When": locale.Ago(ctx, m.Draft.At)})
	}
	return locale.T(ctx, "margin.notasked")
}

// lineSaid says what a red line asks for.
func lineSaid(ctx context.Context, m *besideData, k national.Kept) string {
	l := k.Line
	if l == nil {
		return ""
	}
	var out string
	switch l.Kind {
	case national.InRange:
		units := make([]string, len(l.Units))
		for i, u := range l.Units {
			units[i] = "\u2068" + u + "\u2069" // each in its own direction
		}
		what := strings.Join(units, ", ")
		if l.Position > 0 {
			what = locale.F(ctx, "margin.line.position", locale.Args{"N": locale.Int(l.Position)})
		}
		args := locale.Args{"What": what, "Min": l.Min, "Max": l.Max}
		switch {
		case l.Min == "":
			out = locale.F(ctx, "margin.line.most", args)
		case l.Max == "":
			out = locale.F(ctx, "margin.line.least", args)
		default:
			out = locale.F(ctx, "margin.line.between", args)
		}
	case national.Must:
		out = locale.F(ctx, "margin.line.must", locale.Args{"Phrase": m.sc.best(l.Phrase).Text})
	case national.MustNot:
		out = locale.F(ctx, "margin.line.mustnot", locale.Args{"Phrase": m.sc.best(l.Phrase).Text})
	default:
		out = locale.F(ctx, "margin.line.rule", locale.Args{"Rule": l.Rule})
	}
	for _, lang := range l.Langs {
		out += " · " + locale.Name(string(lang))
	}
	return out
}

// crossingSaid says how a text crosses a red line.
func crossingSaid(ctx context.Context, c national.Crossing) string {
	args := locale.Args{"Words": c.Words, "Language": locale.Name(string(c.Lang)), "N": locale.Int(int(c.Number))}
	switch {
	case c.Unjudged:
		return locale.F(ctx, "margin.cross.unjudged", args)
	case c.Kind == national.InRange:
		return locale.F(ctx, "margin.cross.number", args)
	case c.Kind == national.MustNot:
		return locale.F(ctx, "margin.cross.mustnot", args)
	case c.Kind == national.Must:
		return locale.F(ctx, "margin.cross.must", args)
	}
	return locale.F(ctx, "margin.cross.rule", args)
}

// besideSaid sums up what stands beside an element.
func besideSaid(ctx context.Context, b api.MarginElement) string {
	parts := []string{locale.N(ctx, "margin.entries", b.Entries)}
	if b.Waiting {
		parts = append(parts, locale.T(ctx, "margin.reason.waiting"))
	}
	if len(b.Crossings) > 0 {
		parts = append(parts, locale.N(ctx, "margin.crossings", len(b.Crossings)))
	}
	if len(b.Uncleared) > 0 {
		parts = append(parts, locale.F(ctx, "margin.uncleared", locale.Args{"Who": strings.Join(b.Uncleared, ", ")}))
	}
	return strings.Join(parts, " · ")
}

// reasonKey names a reason for a bracket.
func reasonKey(r national.Reason) locale.Key {
	switch r {
	case national.Contentious:
		return "margin.reason.contentious"
	case national.Tactical:
		return "margin.reason.tactical"
	case national.Waiting:
		return "margin.reason.waiting"
	case national.Weary:
		return "margin.reason.weary"
	}
	return "margin.reason.alternative"
}

// fieldOfMargin names a field of the margin.
func fieldOfMargin(f national.Field) locale.Key {
	switch f {
	case national.Instruction:
		return "margin.instruction"
	case national.Fallback:
		return "margin.fallback"
	case national.RedLines:
		return "margin.redlines"
	case national.Clearance, national.Cleared:
		return "margin.clearances"
	case national.Bracket:
		return "margin.reasons"
	case national.NeverSay:
		return "margin.neversay"
	case national.Drafted:
		return "margin.draft"
	case national.Released:
		return "margin.releases"
	case national.Officer:
		return "margin.officers"
	}
	return "margin.notes"
}

func partyPerson(id string) party.Person { return party.Person(id) }
