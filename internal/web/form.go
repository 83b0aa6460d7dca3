package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/proof"
	"entente/text"
)

// What forms of several pages have in common: words in several languages, and refusals told beside
// the field that they are about.

// A wordsField is a text of a form in each of several languages: one input a language, named
// "name.en", "name.he".
type wordsField struct {
	name  string
	label locale.Key
	hint  locale.Key
	langs []text.Lang
	must  bool // it is needed in at least the first language
	whole bool // it is needed in all of them
	area  bool
	some  bool // which of the languages are needed is chosen in the same form
	typed map[text.Lang]string
}

// read takes what was typed and checks it.
func (f *wordsField) read(r *http.Request) (text.Texts, []ui.Problem) {
	var out text.Texts
	var wrong []ui.Problem
	f.typed = map[text.Lang]string{}
	for _, l := range f.langs {
		id := f.name + "." + string(l)
		typed := r.PostFormValue(id)
		f.typed[l] = typed
		s := strings.TrimSpace(text.Clean(typed))
		if err := text.Check(s); err != nil {
			wrong = append(wrong, ui.Problem{Field: id, Words: locale.F(r.Context(), "form.characters", locale.Args{"Why": charWords(err)})})
			continue
		}
		if s != "" {
			out = out.With(l, s)
		}
	}
	if len(wrong) == 0 && (f.must && len(out) == 0 || f.whole && len(out) > 0 && len(out) < len(f.langs)) {
		for _, l := range f.langs {
			if _, there := out.Get(l); !there {
				wrong = append(wrong, ui.Problem{Field: f.name + "." + string(l),
					Words: locale.F(r.Context(), "form.missing", locale.Args{"What": locale.T(r.Context(), f.label), "Language": l.Autonym()})})
				break
			}
		}
	}
	return out, wrong
}

// readIn is read in some of the languages; what was typed in the others is kept in the form, and left out.
func (f *wordsField) readIn(r *http.Request, langs []text.Lang) (text.Texts, []ui.Problem) {
	one := *f
	one.langs = langs
	out, wrong := one.read(r)
	f.typed = map[text.Lang]string{}
	for _, l := range f.langs {
		f.typed[l] = r.PostFormValue(f.name + "." + string(l))
	}
	return out, wrong
}

// show fills the fields with a text that is stored.
func (f *wordsField) show(t text.Texts) {
	f.typed = map[text.Lang]string{}
	for _, v := range t {
		f.typed[v.Lang] = v.Text
	}
}

// fields are the inputs.
func (f *wordsField) fields(ctx context.Context) []ui.Field {
	var out []ui.Field
	for i, l := range f.langs {
		label := locale.T(ctx, f.label)
		if len(f.langs) > 1 {
			label = locale.F(ctx, "form.inlanguage", locale.Args{"What": label, "Language": l.Autonym()})
		}
		one := ui.Field{Name: f.name + "." + string(l), Label: label, Value: f.typed[l], Lang: string(l), Record: f.area, Required: f.must && !f.some && (f.whole || i == 0)}
		if f.area {
			one.Kind = "area"
		}
		if i == 0 && f.hint != "" {
			one.Hint = locale.T(ctx, f.hint)
		}
		out = append(out, one)
	}
	return out
}

func charWords(err error) string {
	var c *text.CharError
	if errors.As(err, &c) {
		return c.Error()
	}
	return err.Error()
}

// problemAt turns what the door refused into a problem beside the field that it is about: fields
// maps rules to fields. Anything but a refusal is not a problem of the form: ok is false.
func problemAt(ctx context.Context, err error, fields map[string]string) (list []ui.Problem, ok bool) {
	var refused *chancery.Refused
	var held *chancery.HeldBack
	switch {
	case errors.As(err, &refused):
		return []ui.Problem{{Field: fields[refused.Rule], Words: refusal(ctx, refused)}}, true
	case errors.As(err, &held):
		return []ui.Problem{{Words: houseSaid(locale.From(ctx), held.Why)}}, true
	}
	return nil, false
}

// refusal is a refusal in the reader's language: the door's own sentence with its particulars, or
// else one that goes for its rule.
func refusal(ctx context.Context, e *chancery.Refused) string {
	p := locale.From(ctx)
	places := make([]string, len(e.Args))
	for i, a := range e.Args {
		places[i] = particular(p, a)
	}
	if s, ok := p.House(e.Form, places...); ok {
		return s
	}
	if p.Tag() != locale.Model {
		if s := p.T(locale.Key("refused." + e.Rule)); !strings.HasPrefix(s, "⟦") {
			return s
		}
	}
	return e.Sentence
}

// closedSaid is why a server may not write or take, in the reader's language.
func closedSaid(p *locale.Printer, e *chancery.Closed) string {
	places := make([]string, len(e.Args))
	for i, a := range e.Args {
		places[i] = particular(p, a)
	}
	if s, ok := p.House(e.Form, places...); ok && e.Form != "" {
		return s
	}
	return houseSaid(p, e.Why)
}

// particular says in the reader's language what stands in a place of a sentence of the house, where
// it is a word of the system's and not a name, a number or what somebody wrote.
func particular(p *locale.Printer, a any) string {
	switch x := a.(type) {
	case act.ElementKind:
		return p.T(kindKey(x))
	case act.Verdict:
		return p.T(ui.VerdictKey(x))
	case national.Field:
		return p.T(fieldOfMargin(x))
	case proof.Count:
		form := "%d " + x.Many
		if x.N == 1 {
			form = "1 " + x.One
		}
		if s, ok := p.House(form, locale.Int(x.N)); ok {
			return s
		}
	case string:
		return houseSaid(p, x)
	}
	return fmt.Sprint(a)
}

// detailSaid is what a check of a proof found, and whether it is said in the reader's language.
func detailSaid(p *locale.Printer, c proof.Check) (said string, ok bool) {
	if c.Form == "" || fmt.Sprintf(c.Form, c.Args...) != c.Detail {
		return sentenceSaid(p, c.Detail)
	}
	places := make([]string, len(c.Args))
	for i, a := range c.Args {
		places[i] = particular(p, a)
	}
	if s, ok := p.House(c.Form, places...); ok {
		return s, true
	}
	return c.Detail, p.Tag() == locale.Model
}

// sentenceSaid is houseSaid, and whether it is said in the reader's language.
func sentenceSaid(p *locale.Printer, sentence string) (said string, ok bool) {
	if s, ok := p.House(sentence); ok {
		return s, true
	}
	return sentence, p.Tag() == locale.Model
}

// houseSaid says sentences of the house that have no places: as many of the first as are known, and
// what follows them as it stands.
func houseSaid(p *locale.Printer, sentence string) string {
	if s, ok := p.House(sentence); ok {
		return s
	}
	for end := len(sentence); end > 0; {
		end = strings.LastIndex(sentence[:end], ". ")
		if end < 0 {
			break
		}
		if s, ok := p.House(sentence[:end+2]); ok {
			return s + sentence[end+2:]
		}
	}
	return sentence
}
