package api

import (
	"slices"
	"strings"

	"entente/act"
	"entente/text"
)

// alongside sees to it that no authentic language is changed alone without somebody saying what
// that means for the others: each that is given no words of its own says the same already (Same), or
// stays behind and follows the text before (Behind), which the revision then tells. before is the
// revision from which the counter begins. A statement stands in the languages in which it was said.
func (d *drafter) alongside(c *act.Content, base act.Content, before act.Hash) error {
	same, err := parseLangs(d.ask.Same)
	if err != nil {
		return err
	}
	behind, err := parseLangs(d.ask.Behind)
	if err != nil {
		return err
	}
	if len(d.ask.Title)+len(d.ask.Text) == 0 {
		if len(same)+len(behind) > 0 {
			return badRequest("No words are given that another language could say as well, or follow. Nothing was sent.")
		}
		return nil
	}
	if base.Kind != act.Statement {
		if err := d.everyLanguage(base, append(slices.Clone(same), behind...)); err != nil {
			return err
		}
	}
	c.Follows = slices.DeleteFunc(slices.Clone(c.Follows), func(f act.Following) bool {
		_, given := d.ask.Text[string(f.Lang)]
		return given || slices.Contains(same, f.Lang)
	})
	for _, l := range behind {
		_, has := base.Text.Get(l)
		_, given := d.ask.Text[string(l)]
		if !has || given || slices.Contains(same, l) {
			return badRequest("%s cannot stay behind: it has no text in %s, or is given one here. Nothing was sent.", l, d.ref.Display())
		}
		if !slices.ContainsFunc(c.Follows, func(f act.Following) bool { return f.Lang == l }) {
			c.Follows = append(c.Follows, act.Following{Lang: l, Revision: before})
		}
	}
	slices.SortFunc(c.Follows, func(a, b act.Following) int { return strings.Compare(string(a.Lang), string(b.Lang)) })
	return nil
}

// everyLanguage refuses words in some languages where the text has others, of which nothing is said.
func (d *drafter) everyLanguage(base act.Content, said []text.Lang) error {
	for _, x := range []struct {
		what  string
		now   text.Texts
		given Words
	}{{"text", base.Text, d.ask.Text}, {"title", base.Title, d.ask.Title}} {
		if len(x.given) == 0 {
			continue
		}
		for _, v := range x.now {
			if _, given := x.given[string(v.Lang)]; given || slices.Contains(said, v.Lang) {
				continue
			}
			return refuse("languages", "The %s of %s is given without the one in %s, and both are equally authentic. Nothing was sent. Give it too; or say that it says the same already (same: [%q]), or that it stays behind for now (behind: [%q]).",
				x.what, d.ref.Display(), v.Lang.Autonym(), v.Lang, v.Lang)
		}
	}
	return nil
}

func parseLangs(list []string) (out []text.Lang, err error) {
	for _, s := range list {
		l, err := text.ParseLang(s)
		if err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
		out = append(out, l)
	}
	return out, nil
}
