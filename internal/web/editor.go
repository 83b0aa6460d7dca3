package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/api"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// words are what a person is writing: the fields of an element, as the form has them.
type words struct {
	langs                 []text.Lang
	title, text           map[text.Lang]string
	source, unit          map[text.Lang]string
	due, amount           string
	lead, support         []string
	cites                 string
	stays                 map[text.Lang]string // what is said of a language that is not changed: stays…
	counters, locked      bool                 // another text is there; the group accepts none with a language behind
	withText, withHeading bool
}

// What is said of a language whose words are not changed where another's are.
const (
	staysSame  = "same"  // it says the same already
	staysLater = "later" // it follows the text before, and will be changed later
)

func texts(t text.Texts) map[text.Lang]string {
	out := map[text.Lang]string{}
	for _, v := range t {
		out[v.Lang] = v.Text
	}
	return out
}

// wordsOfContent begins a form with a text that is there.
func wordsOfContent(sc scene, c act.Content) *words {
	w := &words{langs: sc.langs(), title: texts(c.Title), text: texts(c.Text), source: texts(c.Source), unit: texts(c.Unit),
		due: string(c.Due), amount: c.Amount, stays: map[text.Lang]string{},
		counters: c.Kind != 0 && c.Kind != act.Statement && len(sc.langs()) > 1, locked: sc.charter.InStep}
	for _, p := range c.Lead {
		w.lead = append(w.lead, string(p))
	}
	for _, p := range c.Support {
		w.support = append(w.support, string(p))
	}
	var cites []string
	for _, ref := range c.Cites {
		cites = append(cites, string(ref))
	}
	w.cites = strings.Join(cites, ", ")
	return w
}

// wordsOfForm reads a form; what it does not have stays as in the text it began with.
func wordsOfForm(sc scene, f url.Values, base act.Content) *words {
	w := wordsOfContent(sc, base)
	for _, l := range w.langs {
		for _, x := range []struct {
			name string
			into map[text.Lang]string
		}{{"title-", w.title}, {"text-", w.text}, {"source-", w.source}, {"unit-", w.unit}} {
			if name := x.name + string(l); f.Has(name) {
				x.into[l] = strings.TrimSpace(text.Clean(f.Get(name)))
			}
		}
		if said := f.Get("stays-" + string(l)); said == staysSame || said == staysLater && w.text[l] != "" {
			w.stays[l] = said
		}
	}
	if f.Has("due") {
		w.due = strings.TrimSpace(f.Get("due"))
	}
	if f.Has("amount") {
		w.amount = strings.TrimSpace(f.Get("amount"))
	}
	if f.Has("cites") {
		w.cites = f.Get("cites")
	}
	if f.Has("parties") { // the form has the boxes of lead and support
		w.lead, w.support = f["lead"], f["support"]
	}
	return w
}

// against compares what is written with the text it began with, in each language.
func (w *words) against(sc scene, base act.Content) []plan.LangSpans {
	var out []plan.LangSpans
	for _, l := range w.langs {
		was, _ := base.Text.Get(l)
		if was != "" || w.text[l] != "" {
			out = append(out, plan.LangSpans{Lang: l, Dir: l.Dir(), Spans: text.Diff(was, w.text[l])})
		}
	}
	return out
}

// check says what is wrong with what was written: a language left out, one left behind, nothing
// changed. Whether it may be sent is not for it to say.
func (w *words) check(r *http.Request, sc scene, base act.Content) (out []ui.Problem) {
	p := locale.From(r.Context())
	published := base.Kind == act.Statement // it is in the languages in which it was said
	if !published {
		out = w.missing(p)
	}
	out = append(out, w.hidden(p)...)
	changed, silent := w.changed(base)
	if len(out) == 0 && base.Kind != 0 && !published && !caughtUp(changed, base) {
		for _, l := range silent {
			out = append(out, ui.Problem{Field: w.firstField(l), Words: p.F("problem.behind", locale.Args{
				"Changed": locale.Name(string(changed[0])), "Language": locale.Name(string(l))})})
		}
	}
	if len(out) == 0 && base.Kind != 0 && w.unchanged(base) {
		out = append(out, ui.Problem{Field: w.firstField(w.langs[0]), Words: p.T("problem.unchanged")})
	}
	if w.due != "" {
		if _, err := act.ParseDate(w.due); err != nil {
			out = append(out, ui.Problem{Field: "due", Words: p.T("problem.date")})
		}
	}
	for _, code := range w.lead {
		if slices.Contains(w.support, code) {
			out = append(out, ui.Problem{Field: "parties", Words: p.F("problem.leadsupport", locale.Args{"Party": sc.name(party.Code(code))})})
		}
	}
	return out
}

// changed lists the languages whose words are not those the form began with, and those of which
// nothing is said although their words are.
func (w *words) changed(base act.Content) (changed, silent []text.Lang) {
	for _, l := range w.langs {
		was, _ := base.Text.Get(l)
		old, _ := base.Title.Get(l)
		if was != w.text[l] || old != w.title[l] {
			changed = append(changed, l)
		} else if w.stays[l] == "" {
			silent = append(silent, l)
		}
	}
	return changed, silent
}

// caughtUp reports whether only languages were changed that were behind: the others say already what
// these now say. So it does where none was changed.
func caughtUp(changed []text.Lang, base act.Content) bool {
	return !slices.ContainsFunc(changed, func(l text.Lang) bool { return !follows(base, l) })
}

// follows reports whether the words of a language are those of an earlier text.
func follows(c act.Content, l text.Lang) bool {
	return slices.ContainsFunc(c.Follows, func(f act.Following) bool { return f.Lang == l })
}

// wrongField reports whether something is wrong with a field.
func wrongField(list []ui.Problem, name string) bool {
	return slices.ContainsFunc(list, func(p ui.Problem) bool { return p.Field == name })
}

// missing asks for every language of a text that is written in some, and for some text at all.
func (w *words) missing(p *locale.Printer) (out []ui.Problem) {
	titled, texted := anyWords(w.title), anyWords(w.text)
	for _, l := range w.langs {
		args := locale.Args{"Language": locale.Name(string(l))}
		if titled && w.title[l] == "" {
			out = append(out, ui.Problem{Field: "title-" + string(l), Words: p.F("problem.title", args)})
		}
		if texted && w.text[l] == "" {
			out = append(out, ui.Problem{Field: "text-" + string(l), Words: p.F("problem.text", args)})
		}
	}
	if !titled && !texted {
		out = append(out, ui.Problem{Field: "title-" + string(w.langs[0]), Words: p.T("problem.nothing")})
	}
	return out
}

func anyWords(m map[text.Lang]string) bool {
	for _, s := range m {
		if s != "" {
			return true
		}
	}
	return false
}

func (w *words) firstField(l text.Lang) string {
	if !anyWords(w.text) {
		return "title-" + string(l)
	}
	return "text-" + string(l)
}

// unchanged reports whether the form says what the text it began with says.
func (w *words) unchanged(base act.Content) bool {
	was := &words{title: texts(base.Title), text: texts(base.Text), source: texts(base.Source), unit: texts(base.Unit)}
	for _, l := range w.langs {
		if w.title[l] != was.title[l] || w.text[l] != was.text[l] || w.source[l] != was.source[l] || w.unit[l] != was.unit[l] {
			return false
		}
	}
	return w.due == string(base.Due) && w.amount == base.Amount && sameList(w.lead, base.Lead) && sameList(w.support, base.Support) &&
		slices.Equal(w.citeList(), refStrings(base.Cites)) && !base.Struck
}

func sameList[T ~string](a []string, b []T) bool {
	a = slices.Sorted(slices.Values(a))
	return slices.EqualFunc(a, b, func(x string, y T) bool { return x == string(y) })
}

func refStrings(list []act.Ref) (out []string) {
	for _, r := range list {
		out = append(out, string(r))
	}
	return out
}

// citeList is the list of passages as typed.
func (w *words) citeList() []string {
	var out []string
	for _, s := range strings.FieldsFunc(w.cites, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// ask makes the request for an act of what was written; base is the text that the form began with.
// A language that follows later, or follows an earlier text still, is given no words: those before stay.
func (w *words) ask(name string, base act.Content) api.Ask {
	a := api.Ask{Act: name, Title: api.Words{}, Text: api.Words{}, Source: api.Words{}, Unit: api.Words{}}
	changed, _ := w.changed(base)
	for _, l := range w.langs {
		a.Source[string(l)], a.Unit[string(l)] = w.source[l], w.unit[l]
		if !slices.Contains(changed, l) && (w.stays[l] == staysLater || w.stays[l] == "" && follows(base, l)) {
			if len(changed) > 0 {
				a.Behind = append(a.Behind, string(l))
			}
			continue
		}
		a.Title[string(l)], a.Text[string(l)] = w.title[l], w.text[l]
	}
	cites := w.citeList()
	a.Due, a.Amount, a.Lead, a.Support, a.Cites = &w.due, &w.amount, &w.lead, &w.support, &cites
	return a
}
