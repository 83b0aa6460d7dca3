package api

import (
	"errors"
	"slices"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// Words is a text in a request: words by language.
type Words map[string]string

// Texts checks the words. Line ends and composed characters are put right; a character that is
// not allowed is refused, never removed.
func (w Words) Texts() (text.Texts, error) {
	var out text.Texts
	for l, s := range w {
		lang, err := text.ParseLang(l)
		if err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
		s = text.Clean(s)
		if err := text.Check(s); err != nil {
			return nil, refuse("characters", "The %s text cannot be sent: %v. Nothing was sent. Remove that character, or type it anew.", lang.Autonym(), plainly(err))
		}
		out = out.With(lang, s)
	}
	return out, nil
}

func plainly(err error) error {
	var c *text.CharError
	if errors.As(err, &c) {
		return c
	}
	return err
}

// over lays words over a text: languages that are given replace, the others stay.
func (w Words) over(base text.Texts) (text.Texts, error) {
	t, err := w.Texts()
	if err != nil {
		return nil, err
	}
	out := base
	for l := range w {
		lang := text.Lang(l)
		s, _ := t.Get(lang)
		out = out.With(lang, s)
	}
	return out, nil
}

func parseCodes(list []string) ([]party.Code, error) {
	var out []party.Code
	for _, s := range list {
		c, err := party.ParseCode(s)
		if err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
		out = append(out, c)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func parseRefs(list []string) ([]act.Ref, error) {
	var out []act.Ref
	for _, s := range list {
		r, err := ParseRef(s)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// ParseRef reads a reference as people type it: "A-1.1.2" or "A 1.1.2".
func ParseRef(s string) (act.Ref, error) {
	b := []byte(s)
	for i, c := range b {
		if c == ' ' && i > 0 {
			b[i] = '-'
		}
	}
	r, err := act.ParseRef(string(b))
	if err != nil {
		return "", badRequest("%v. Nothing was done.", err)
	}
	return r, nil
}

func parseDate(s string) (act.Date, error) {
	if s == "" {
		return "", nil
	}
	d, err := act.ParseDate(s)
	if err != nil {
		return "", badRequest("%v. Nothing was sent.", err)
	}
	return d, nil
}

func parseMarking(s string) (*marking.Label, error) {
	if s == "" {
		return nil, nil
	}
	l, err := marking.Parse(s)
	if err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	return &l, nil
}
