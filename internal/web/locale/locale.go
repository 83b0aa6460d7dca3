// Package locale is what the pages say, in the reader's language: sentences by
// key, counts with their plural, names of months, and deadlines in the zones of
// the parties' capitals. What the parties wrote is not here; that is package text.
//
// The sentences are the files beside this one, en.json (the model), he.json and
// so on: flat keys, "area.what", each a sentence or its plural forms; {{.Name}}
// marks a place to fill. A key that a page uses and a file lacks, or that no page
// uses, fails the tests; so does a key that is not written as a literal. The
// Hebrew, Arabic and French are working drafts and need a native reader; each
// file says so under "_note".
//
// A page never passes a language about: the server puts a Printer into the
// context of the request (With), and a page asks with that context.
//
//	locale.T(ctx, "nav.plan")                                   Plan
//	locale.N(ctx, "state.brackets", 2)                          2 brackets
//	locale.F(ctx, "turn.sent", locale.Args{"Party": "Israel"})  It is Israel’s turn.
//	locale.Deadline(ctx, t)                                     14 Dec, 18:00 Jerusalem · 11:00 Washington
//
// A Printer does not change after it is made and may be used by many requests.
package locale

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed *.json
var sentences embed.FS

// Key names a sentence. It is always written as a literal, so that a test can
// find every use.
type Key string

// Args fills the places of a sentence by name.
type Args map[string]any

// Zone is a capital whose time is shown.
type Zone struct {
	City     Key            // "zone.jerusalem"
	Location *time.Location // IANA zone, with its daylight rules
}

// Printer speaks one language, for a reader at one moment.
type Printer struct {
	tag   string
	lang  language.Tag
	said  map[Key]sentence
	model map[Key]sentence
	house map[string]string
	zones []Zone
	now   time.Time
}

// Book holds the sentences of every language; it is read once, at start.
type Book struct {
	langs []string
	said  map[string]map[Key]sentence
	house map[string]map[string]string
}

// Model is the language every key exists in.
const Model = "en"

// Open reads the embedded files.
func Open() (*Book, error) {
	b := &Book{said: map[string]map[Key]sentence{}}
	house, err := readHouse()
	if err != nil {
		return nil, fmt.Errorf("locale: %w", err)
	}
	b.house = house
	names, err := fs.Glob(sentences, "*.json")
	if err != nil {
		return nil, fmt.Errorf("locale: %w", err)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := b.read(name); err != nil {
			return nil, fmt.Errorf("locale: %s: %w", name, err)
		}
	}
	return b, nil
}

// read takes in one file.
func (b *Book) read(name string) error {
	raw, err := sentences.ReadFile(name)
	if err != nil {
		return err
	}
	file, err := i18n.ParseMessageFileBytes(raw, name, map[string]i18n.UnmarshalFunc{"json": json.Unmarshal})
	if err != nil {
		return err
	}
	said := make(map[Key]sentence, len(file.Messages))
	for _, m := range file.Messages {
		if said[Key(m.ID)], err = ready(m); err != nil {
			return err
		}
	}
	tag := strings.TrimSuffix(name, path.Ext(name))
	b.said[tag] = said
	b.langs = append(b.langs, tag)
	return nil
}

// Languages lists the languages the pages can speak, the model first.
func (b *Book) Languages() []string {
	out := []string{Model}
	for _, l := range b.langs {
		if l != Model {
			out = append(out, l)
		}
	}
	return out
}

// Has says whether the pages can speak a language.
func (b *Book) Has(tag string) bool { _, ok := b.said[tag]; return ok }

// Match picks the first language of an Accept-Language header that the pages
// can speak, else the model.
func (b *Book) Match(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err == nil {
		for _, t := range tags {
			base, _ := t.Base()
			if b.Has(base.String()) {
				return base.String()
			}
		}
	}
	return Model
}

// Printer makes a printer. Zones are listed in the order they are to be shown,
// the reader's own capital first; now is the moment ages are counted from.
func (b *Book) Printer(tag string, now time.Time, zones ...Zone) *Printer {
	if !b.Has(tag) {
		tag = Model
	}
	return &Printer{tag: tag, lang: language.Make(tag), said: b.said[tag], model: b.said[Model], house: b.house[tag], zones: zones, now: now}
}

// Tag is the language as in <html lang>.
func (p *Printer) Tag() string { return p.tag }

// Dir is the direction as in <html dir>.
func (p *Printer) Dir() string { return Dir(p.tag) }

// Dir gives the direction a language is written in: "rtl" or "ltr".
func Dir(tag string) string {
	switch tag {
	case "he", "ar", "fa", "ur", "yi", "dv", "ps", "sd", "ug":
		return "rtl"
	}
	return "ltr"
}

// Name gives a language's own name ("English", "עברית").
func Name(tag string) string {
	switch tag {
	case "en":
		return "English"
	case "he":
		return "עברית"
	case "ar":
		return "العربية"
	case "fr":
		return "Français"
	}
	return tag
}

// Short gives the letters a language goes by on a switch ("EN", "עב").
func Short(tag string) string {
	switch tag {
	case "he":
		return "עב"
	case "ar":
		return "ع"
	}
	return strings.ToUpper(tag)
}

// find gives a sentence, in the model's language where this one lacks it.
func (p *Printer) find(key Key) (sentence, language.Tag, bool) {
	if s, ok := p.said[key]; ok {
		return s, p.lang, true
	}
	s, ok := p.model[key]
	return s, language.English, ok
}

// T gives a sentence. A key that no file has comes out as ⟦key⟧, which the
// tests of every page look for.
func (p *Printer) T(key Key) string { return p.F(key, nil) }

// F gives a sentence with its places filled. Values are plain text; the
// template that shows the result escapes it.
func (p *Printer) F(key Key, args Args) string {
	s, _, ok := p.find(key)
	if !ok {
		return "⟦" + string(key) + "⟧"
	}
	return s.say(plural.Other, "", args)
}

// N gives a sentence in the plural form that n asks for; n stands at {{.N}}.
func (p *Printer) N(key Key, n int) string { return p.NF(key, n, nil) }

// NF is N with further places to fill.
func (p *Printer) NF(key Key, n int, args Args) string {
	s, tag, ok := p.find(key)
	if !ok {
		return "⟦" + string(key) + "⟧"
	}
	return s.say(formOf(tag, n), Int(n), args)
}

type printerKey struct{}

// With puts a printer into a context.
func With(ctx context.Context, p *Printer) context.Context {
	return context.WithValue(ctx, printerKey{}, p)
}

// From takes the printer out again. It panics where none was put: that is a
// page served round the server's own corridor, which no test would let by.
func From(ctx context.Context) *Printer {
	p, ok := ctx.Value(printerKey{}).(*Printer)
	if !ok {
		panic("locale: no printer in this context; serve the page through web.Server")
	}
	return p
}

// T gives a sentence in the reader's language.
func T(ctx context.Context, key Key) string { return From(ctx).T(key) }

// N gives a sentence with a count in the reader's language.
func N(ctx context.Context, key Key, n int) string { return From(ctx).N(key, n) }

// NF gives a sentence with a count and further places filled.
func NF(ctx context.Context, key Key, n int, args Args) string { return From(ctx).NF(key, n, args) }

// F gives a sentence with its places filled.
func F(ctx context.Context, key Key, args Args) string { return From(ctx).F(key, args) }
