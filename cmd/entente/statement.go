package main

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
	"entente/plan"
	"entente/text"
)

func (m *Main) statementCommand() *cobra.Command {
	var group string
	c := &cobra.Command{Use: "statement", Short: "Public texts that the plan answers to: list, show, import, mark, aside.", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return m.statements(c.Context(), group) }}
	c.PersistentFlags().StringVar(&group, "group", "", "the group, by its number")
	show := &cobra.Command{Use: "show REF", Short: "paragraphs, marked passages and what answers to them", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.showStatement(c.Context(), group, args[0]) }}
	var title, body, source, saidBy, aside []string
	var saidOn string
	imp := &cobra.Command{Use: "import FILE", Short: "puts a text on the table as a statement; empty lines part paragraphs", Args: cobra.MaximumNArgs(1),
		Example: "  entente statement import speech.txt --title \"Remarks on a new strategy\" --said-by \"The President\" --said-on 2017-10-13",
		RunE: func(c *cobra.Command, args []string) error {
			for _, f := range args {
				body = append(body, "@"+f)
			}
			ask := &api.Ask{Act: "table", Kind: act.Statement.String(), SaidOn: &saidOn}
			return m.proposeWords(c.Context(), group, ask, map[*api.Words][]string{&ask.Title: title, &ask.Text: body, &ask.Source: source, &ask.SaidBy: saidBy})
		}}
	imp.Flags().StringArrayVar(&title, "title", nil, "heading; again for other languages")
	imp.Flags().StringArrayVar(&body, "text", nil, "the words in another language: --text he=@speech.he.txt")
	imp.Flags().StringArrayVar(&source, "source", nil, "where the text comes from")
	imp.Flags().StringArrayVar(&saidBy, "said-by", nil, "who said it")
	imp.Flags().StringVar(&saidOn, "said-on", "", "the day it was said")
	var paragraph uint32
	var quote string
	mark := &cobra.Command{Use: "mark STATEMENT --paragraph N --quote WORDS", Short: "marks a passage; --aside says why no goal follows from it", Args: cobra.ExactArgs(1),
		Example: "  entente statement mark S-1 --paragraph 4 --quote \"deny the regime all paths to a nuclear weapon\"",
		RunE: func(c *cobra.Command, args []string) error {
			ask := &api.Ask{Act: "table", Kind: act.Passage.String(), Parent: &args[0], Paragraph: &paragraph, Quote: &quote}
			return m.proposeWords(c.Context(), group, ask, map[*api.Words][]string{&ask.Aside: aside})
		}}
	mark.Flags().Uint32Var(&paragraph, "paragraph", 0, "number of the paragraph, from 1")
	mark.Flags().StringVar(&quote, "quote", "", "the words, exactly as they stand there")
	mark.Flags().StringArrayVar(&aside, "aside", nil, "set aside: why no goal follows")
	c.AddCommand(show, imp, mark)
	return c
}

// proposeWords reads the words that were given for the fields of a request, and sends it.
func (m *Main) proposeWords(ctx context.Context, group string, ask *api.Ask, fields map[*api.Words][]string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.oneGroup(ctx, group)
		if err != nil {
			return err
		}
		for into, flags := range fields {
			if *into, err = c.words(ctx, flags); err != nil {
				return err
			}
		}
		return m.send(ctx, c, group, *ask)
	})
}

func (m *Main) statements(ctx context.Context, group string) error {
	return m.with(ctx, func(c *client) error {
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		out := map[string][]plan.StatementSummary{}
		for _, h := range handles {
			var list struct{ Statements []plan.StatementSummary }
			if err := c.get(ctx, "/v1/g/"+url.PathEscape(h)+"/statements", &list); err != nil {
				return err
			}
			out[h] = list.Statements
		}
		return m.result(out, func(w io.Writer) {
			for _, h := range handles {
				for _, s := range out[h] {
					fmt.Fprintf(w, "%s  %-5s %s\n", h, s.Display, oneLine.Replace(s.Title.Best(langs...).Text))
				}
			}
		})
	})
}

func (m *Main) showStatement(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ref)
		if err != nil {
			return err
		}
		r, err := api.ParseRef(ref)
		if err != nil {
			return err
		}
		var cov plan.Coverage
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/s/"+url.PathEscape(string(r)), &cov); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(cov, func(w io.Writer) { printCoverage(w, cov, langs) })
	})
}

func printCoverage(w io.Writer, c plan.Coverage, langs []text.Lang) {
	fmt.Fprintf(w, "%s  %s\n%d passages: %d lead to the plan, %d set aside, %d not covered\n", c.Display, oneLine.Replace(c.Title.Best(langs...).Text),
		c.Counts.Passages, c.Counts.Leads, c.Counts.Aside, c.Counts.Uncovered)
	for _, p := range c.Words {
		fmt.Fprintf(w, "\n%3d  %s\n", p.Number, p.Text.Best(langs...).Text)
		for _, x := range p.Passages {
			what := "not covered"
			switch x.State {
			case plan.Leads:
				what = "→"
				for _, i := range x.LeadsTo {
					what += " " + i.Display
				}
			case plan.SetAside:
				what = "set aside: " + oneLine.Replace(x.Aside.Best(langs...).Text)
			}
			fmt.Fprintf(w, "       %s “%s” %s\n", x.Display, oneLine.Replace(x.Quote), what)
		}
	}
	if c.WithoutOne > 0 {
		fmt.Fprintf(w, "\n%d goals answer to no passage.\n", c.WithoutOne)
	}
}
