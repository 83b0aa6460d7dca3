package story

import (
	"regexp"
	"slices"
	"strings"

	"entente/marking"
	"entente/party"
	"entente/text"
)

// Limits of a content, in bytes of one language version. They are those of the act format.
const (
	maxTitle  = 400
	maxSource = 1000
	maxUnit   = 200 // also who said a statement
)

// letters are the kinds of element and the letter that their references begin with.
var letters = map[string]string{"goal": "G", "way": "W", "action": "A", "means": "M", "clause": "C", "statement": "S", "passage": "P",
	"package": "K", "round": "R", "agreement": "T", "obligation": "O", "programme": "F", "milestone": "L", "hypothesis": "H", "assessment": "V"}

var amountForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]{0,4}[1-9])?$`)

func (r *reader) content(at string, w *wireContent) *Content {
	c := &Content{Kind: w.Kind, Order: w.Order, Due: r.day(at+": due", w.Due), SaidOn: r.day(at+": said_on", w.SaidOn),
		Paragraph: w.Paragraph, Quote: w.Quote, Amount: w.Amount}
	c.Title, c.Source = r.texts(at+": title", w.Title, true), r.texts(at+": source", w.Source, true)
	c.Text = r.texts(at+": text", w.Text, w.Kind != "statement" && w.Kind != "passage")
	c.Lead, c.Support = r.codes(at+": lead", w.Lead), r.codes(at+": support", w.Support)
	c.SaidBy, c.Aside, c.Unit = r.texts(at+": said_by", w.SaidBy, false), r.texts(at+": aside", w.Aside, false), r.texts(at+": unit", w.Unit, false)
	if w.Parent != "" {
		c.Parent = r.ref(at+": parent", w.Parent)
	}
	for _, ref := range w.Cites {
		c.Cites = append(c.Cites, r.ref(at+": cites", ref))
	}
	if w.Marking != "" {
		l := parsed(r, at+": marking", w.Marking, marking.Parse)
		c.Marking = &l
	}
	if len(w.Body) > 0 {
		c.Body = r.body(at+": body", w.Body)
		c.Text = join(r.langs, c.Body)
	}
	if err := text.Check(c.Quote); err != nil {
		r.fail(at+": quote", "%v", err)
	}
	r.contained(at, c, w)
	r.contentFits(at, c, w)
	return c
}

// contentFits asks for what each kind cannot do without, and for nothing where it means nothing.
func (r *reader) contentFits(at string, c *Content, w *wireContent) {
	need := func(name string, there, wanted bool) {
		if there != wanted {
			r.fail(at, "a %s is wrong about “%s”: it is there where the kind does not have it, or missing", c.Kind, name)
		}
	}
	if _, ok := letters[c.Kind]; !ok {
		r.fail(at, "%.20q is no kind of element", c.Kind)
	}
	need("said_by", c.SaidBy != nil, c.Kind == "statement")
	need("said_on", c.SaidOn != "", c.Kind == "statement")
	need("body", c.Body != nil, c.Kind == "statement")
	need("paragraph", c.Paragraph != 0, c.Kind == "passage")
	need("quote", c.Quote != "", c.Kind == "passage")
	need("amount", c.Amount != "", c.Kind == "means")
	need("unit", c.Unit != nil, c.Kind == "means")
	need("contains", len(c.Contains) > 0, c.Kind == "package")
	need("opens", c.Opens != "", c.Kind == "round")
	need("closes", c.Closes != "", c.Kind == "round")
	if c.Kind == "statement" || c.Kind == "passage" {
		need("text", len(w.Text) > 0, false)
	}
	if c.Kind != "passage" {
		need("aside", c.Aside != nil, false)
	}
	if c.Kind == "action" {
		need("lead", len(c.Lead) > 0, true)
		need("due", c.Due != "", true)
	}
	if c.Amount != "" && !amountForm.MatchString(c.Amount) {
		r.fail(at, "%.20q is no amount", c.Amount)
	}
	r.lists(at, c)
	for _, t := range []struct {
		name  string
		of    text.Texts
		limit int
	}{{"title", c.Title, maxTitle}, {"source", c.Source, maxSource}, {"unit", c.Unit, maxUnit}, {"said_by", c.SaidBy, maxUnit}} {
		for _, v := range t.of {
			if len(v.Text) > t.limit {
				r.fail(at+": "+t.name, "the %s text has %d bytes; %d is the limit", v.Lang, len(v.Text), t.limit)
			}
		}
	}
}

// lists must be in order, as they stand in an act.
func (r *reader) lists(at string, c *Content) {
	if !slices.IsSorted(c.Lead) || !slices.IsSorted(c.Support) || !slices.IsSorted(c.Cites) {
		r.fail(at, "lead, support and cites stand in alphabetical order")
	}
	if len(slices.Compact(slices.Clone(c.Cites))) != len(c.Cites) {
		r.fail(at, "a passage is cited twice")
	}
	if slices.ContainsFunc(c.Lead, func(p party.Code) bool { return slices.Contains(c.Support, p) }) {
		r.fail(at, "a party leads or supports, not both")
	}
}

// body reads a statement's paragraphs: as many in every language of the story.
func (r *reader) body(at string, w map[string][]string) []text.Texts {
	n := len(w[string(r.langs[0])])
	for _, l := range r.langs {
		if len(w[string(l)]) != n || n == 0 {
			r.fail(at, "there are %d paragraphs in %s and %d in %s", n, r.langs[0], len(w[string(l)]), l)
			return nil
		}
	}
	if len(w) > len(r.langs) {
		r.fail(at, "there is a text in a language that is not one of the story's")
	}
	out := make([]text.Texts, n)
	for i := range out {
		one := wireTexts{}
		for l, paragraphs := range w {
			if i < len(paragraphs) {
				one[l] = paragraphs[i]
			}
			if strings.Contains(one[l], "\n") {
				r.fail(at, "paragraph %d in %s is broken by a line end", i+1, l)
			}
		}
		out[i] = r.texts(at, one, true)
	}
	return out
}

// join makes one text of paragraphs, with a blank line between.
func join(langs []text.Lang, body []text.Texts) text.Texts {
	var t text.Texts
	for _, l := range langs {
		var list []string
		for _, p := range body {
			s, _ := p.Get(l)
			list = append(list, s)
		}
		t = t.With(l, strings.Join(list, "\n\n"))
	}
	return t
}
