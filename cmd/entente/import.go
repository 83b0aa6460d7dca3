package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

// maxDraft is how many bytes of a draft are read.
const maxDraft = 4 << 20

// toldProblems is how many lines about what was not understood are printed; --json has all.
const toldProblems = 20

func (m *Main) importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Takes in what was written elsewhere: a draft of a text, or a table of observations.", Args: cobra.NoArgs}
	var group string
	var ask api.AskImport
	var dry bool
	var with []string
	draft := &cobra.Command{
		Use: "draft FILE", Short: "a draft in Markdown or plain text: articles, brackets and options become elements of the plan", Args: cobra.ExactArgs(1),
		Long: `Reads a draft in Markdown, or in plain text as pdftotext -layout writes it. Articles, paragraphs and
sub-paragraphs become clauses, C-1, C-1.1 and so on; brackets and options become data. What could
not be understood is told with its line and column, and stays in the text as it stands.

Without --own it is a co-chair's text, which no party holds by it. It goes in batches of at most
512 elements, each tabled whole or not at all, after all of them have been looked at. Where it
breaks off, the same command with the same --first goes on; nothing is tabled twice.`,
		Example: `  entente import draft text.md --group 1 --dry-run
  entente import draft text.md --group 1 --source "Co-chairs' text of 23 October"
  entente import draft ours.txt --with he=ours.he.txt --group 1 --own --first 12`,
		RunE: func(c *cobra.Command, args []string) (err error) {
			if ask.With, err = versions(with); err != nil {
				return err
			}
			return m.importDraft(c.Context(), group, args[0], ask, dry)
		},
	}
	f := draft.Flags()
	f.StringVar(&group, "group", "", "the group, by its number")
	f.BoolVar(&dry, "dry-run", false, "say what it would put on the table, and send nothing")
	f.BoolVar(&ask.Own, "own", false, "as your party's own text")
	f.StringVar(&ask.Lang, "lang", "", "the draft's language; without it the group's first")
	f.StringArrayVar(&with, "with", nil, "the same draft in another language of the group: he=FILE; again for others")
	f.StringVar(&ask.Form, "form", "", "markdown or layout; without it told by the text")
	f.IntVar(&ask.First, "first", 0, "the number of the first article; without it the next that is free")
	f.StringVar(&ask.Source, "source", "", "where the draft comes from")
	c.AddCommand(draft, m.importObservations())
	return c
}

// versions reads the drafts in further languages: he=FILE.
func versions(with []string) (out []api.AskVersion, err error) {
	for _, w := range with {
		lang, name, ok := strings.Cut(w, "=")
		if !ok {
			return nil, usagef("%.40q: give the language and the file, as in --with he=draft.he.md. Nothing was sent.", w)
		}
		words, err := readDraft(name)
		if err != nil {
			return nil, err
		}
		out = append(out, api.AskVersion{Lang: lang, Text: words})
	}
	return out, nil
}

// readDraft reads a draft's file.
func readDraft(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("the draft could not be read, and nothing was sent: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxDraft+1))
	if err != nil {
		return "", fmt.Errorf("the draft could not be read, and nothing was sent: %w", err)
	}
	if len(b) > maxDraft {
		return "", usagef("%s has more than %d bytes. Nothing was sent. Import it in parts.", name, maxDraft)
	}
	return string(b), nil
}

func (m *Main) importDraft(ctx context.Context, group, name string, ask api.AskImport, dry bool) (err error) {
	if ask.Text, err = readDraft(name); err != nil {
		return err
	}
	return m.with(ctx, func(c *client) error {
		group, err := c.oneGroup(ctx, group)
		if err != nil {
			return err
		}
		path := "/v1/g/" + url.PathEscape(group) + "/import"
		var out api.Import
		if err := c.post(ctx, path+"/read", ask, &out); err != nil {
			return err
		}
		if !dry {
			ask.First = out.First // asked for again after a break, it is the same
			if err := c.post(ctx, path, ask, &out); err != nil {
				return fmt.Errorf("%w\nThe same with --first %d goes on where it ended.", err, out.First)
			}
		}
		return m.result(out, func(w io.Writer) { printImport(w, out, dry) })
	})
}

func printImport(w io.Writer, d api.Import, dry bool) {
	if d.Title != "" {
		fmt.Fprintf(w, "%s\n", d.Title)
	}
	for _, a := range d.Articles {
		fmt.Fprintf(w, "  %-8s %-44.44s %4d elements %5d brackets %4d options\n", a.Ref.Display(), a.Title, a.Elements, a.Count.Brackets, a.Count.Options)
	}
	fmt.Fprintf(w, "%d elements. Brackets: %d opened, %d closed, at most %d deep; options: %d.\n", d.Acts, d.Source.Open, d.Source.Close, d.Source.Depth, d.Source.Options)
	for _, s := range d.Skips {
		fmt.Fprintf(w, "Left out: %s, %d times, first in line %d.\n", s.What, s.Times, s.Line)
	}
	for _, l := range d.Missing {
		fmt.Fprintf(w, "It is missing in %s, and cannot be put on the table without: --with %s=FILE\n", l.Autonym(), l)
	}
	for _, p := range d.Problems[:min(len(d.Problems), toldProblems)] {
		fmt.Fprintf(w, "Not understood, and kept as it stands: line %d, column %d: %s\n", p.Line, p.Column, p.What)
	}
	if n := len(d.Problems) - toldProblems + d.Untold; n > 0 && len(d.Problems) > toldProblems {
		fmt.Fprintf(w, "and %d more (--json)\n", n)
	}
	switch {
	case dry:
		fmt.Fprintf(w, "Nothing was sent. It would go in %d batches, as C %d and on.\n", d.Batches, d.First)
	case d.Sent == 0:
		fmt.Fprintf(w, "All of it stands already. Nothing was sent.\n")
	default:
		fmt.Fprintf(w, "Sent: %d elements, from %s.\n", d.Sent, d.Root.Display())
	}
}
