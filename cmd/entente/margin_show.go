package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"entente/act"
	"entente/internal/api"
	"entente/internal/national"
	"entente/text"
)

// showMargin prints the margin of an element, or of a whole group.
func (m *Main) showMargin(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		path, err := c.marginPath(ctx, group, ref)
		if err != nil {
			return err
		}
		var out api.MarginPage
		if err := c.get(ctx, path, &out); err != nil {
			return instead(err, "You sit in no delegation of this party there, and its margin is for the delegation alone. Nothing was done. Say for whom you act: --as PERSON")
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) { printMargin(w, out, langs) })
	})
}

func printMargin(w io.Writer, out api.MarginPage, langs []text.Lang) {
	where := "the whole group"
	if out.Element != "" {
		where = out.Element.Display()
	}
	fmt.Fprintf(w, "National margin of %s. For your delegation alone.\n", where)
	for _, x := range out.Crossings {
		fmt.Fprintf(w, "  ! %s\n", crossing(x))
	}
	empty := len(out.Crossings) == 0
	for _, s := range []struct {
		title string
		list  []national.Kept
	}{{"Instructions", out.Instructions}, {"Fallback positions", out.Fallbacks}, {"Red lines", out.RedLines}, {"Discussion", out.Notes}, {"Observations that are not shared", out.Readings},
		{"Why brackets are kept", out.Reasons}, {"Never said", out.NeverSay}, {"Draft", out.Drafts}, {"Released, not used yet", out.Releases}, {"Releasing officers", out.Officers}} {
		if len(s.list) == 0 {
			continue
		}
		empty = false
		fmt.Fprintf(w, "%s\n", s.title)
		for _, k := range s.list {
			printEntry(w, k, langs, "")
		}
	}
	if len(out.Clearances) > 0 {
		empty = false
		fmt.Fprintln(w, "Clearances")
		for _, n := range out.Clearances {
			printEntry(w, n.Kept, langs, clearanceState(n, out.Draft != nil))
		}
	}
	for _, b := range out.Beside {
		empty = false
		fmt.Fprintf(w, "  %-10s %s  %d entries, %d red lines crossed\n", b.Element.Display(), shortened(b.Title.Best(langs...).Text, 40), b.Entries, len(b.Crossings))
	}
	if empty {
		fmt.Fprintln(w, "  Nothing yet. Begin with:  entente margin note REF WORDS")
	}
}

func clearanceState(n national.Need, drafted bool) string {
	switch {
	case n.Given != nil:
		return fmt.Sprintf("cleared by %s, text %s", n.Given.By, n.Given.Draft.Short())
	case len(n.Lapsed) > 0 && drafted:
		return "lapsed: the text has changed"
	case drafted:
		return "awaited"
	}
	return "no draft yet"
}

// printEntry prints an entry with who wrote it and when.
func printEntry(w io.Writer, k national.Kept, langs []text.Lang, more string) {
	var parts []string
	for _, s := range []string{string(k.Reason), string(k.Of), string(k.Person), k.Role, lineWords(k.Line, langs), more} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if k.Reading != nil && k.Source != nil {
		parts = append(parts, readingWords(k.Reading, k.Source))
	}
	if t := k.Title.Best(langs...).Text; t != "" {
		parts = append(parts, oneLine.Replace(t))
	}
	if t := k.Words.Best(langs...).Text; t != "" {
		parts = append(parts, following(t))
	}
	edited := ""
	if k.Revision > 1 {
		edited = fmt.Sprintf(", changed %d times", k.Revision-1)
	}
	fmt.Fprintf(w, "  %d  %s\n     %s, %s%s\n", k.Number, strings.Join(parts, " · "), k.By, k.At.Format("2006-01-02 15:04 MST"), edited)
}

// readingWords is an observation in few words.
func readingWords(r *act.Reading, from *act.Citation) string {
	s := fmt.Sprintf("%s %s %s %s on %s", r.Quantity, r.Sign, r.Value, r.Unit, r.AsOf)
	if !r.Grade.IsZero() {
		s += ", graded " + r.Grade.String()
	}
	return oneLine.Replace(s + ": " + from.Title)
}

// lineWords says in few words where a red line runs.
func lineWords(l *national.RedLine, langs []text.Lang) string {
	if l == nil {
		return ""
	}
	switch l.Kind {
	case national.InRange:
		which := strings.Join(l.Units, ", ")
		if l.Position > 0 {
			which = fmt.Sprintf("number %d", l.Position)
		}
		return strings.TrimSpace(fmt.Sprintf("%s %s", which, rangeWords(l.Min, l.Max)))
	case national.ByRule:
		return oneLine.Replace(l.Rule)
	}
	return fmt.Sprintf("%s “%s”", strings.ReplaceAll(string(l.Kind), "-", " "), oneLine.Replace(l.Phrase.Best(langs...).Text))
}

func rangeWords(least, most string) string {
	switch {
	case least == "":
		return "at most " + most
	case most == "":
		return "at least " + least
	}
	return "from " + least + " to " + most
}
