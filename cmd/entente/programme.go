package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"entente/internal/api"
	"entente/internal/compliance"
	"entente/text"
)

func (m *Main) programmeCommand() *cobra.Command {
	var group string
	var f asKnown
	c := &cobra.Command{
		Use: "programme [REF]", Short: "What is followed outside of any agreement: milestones, sightings, hypotheses.", Args: cobra.MaximumNArgs(1),
		Long: `A programme is something outside of the agreements that the group follows: its milestones are watched
as obligations are, sightings are graded, and each bears on hypotheses that compete. The hypothesis
that is contradicted least stands first; how likely it is, the group judges together.`,
		Example: "  entente programme\n  entente programme F-1\n  entente observe F-1 1 --quantity workshop --unit {event} --as-of 2017-11-15 --source \"A broadcast\" --grade C3 --bears H-1=2",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return m.programmes(c.Context(), group, f)
			}
			return m.programme(c.Context(), group, args[0], f)
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	f.register(c.Flags())
	return c
}

func (m *Main) programmes(ctx context.Context, group string, f asKnown) error {
	return m.with(ctx, func(c *client) error {
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		out := map[string]api.ProgrammeList{}
		none := true
		for _, h := range handles {
			var list api.ProgrammeList
			if err := c.get(ctx, groupPath(h, "/programmes"+f.query()), &list); err != nil {
				return err
			}
			out[h], none = list, none && len(list.Programmes) == 0
		}
		return m.result(out, func(w io.Writer) {
			if none {
				fmt.Fprintln(w, "No programme is followed here yet. Begin with:  entente propose --kind programme --title …")
			}
			for _, h := range handles {
				for _, p := range out[h].Programmes {
					fmt.Fprintf(w, "Group %s  %-6s %-50s %s\n", h, p.Display, shortened(best(p.Title, langs), 50), p.Headline)
				}
			}
		})
	})
}

func (m *Main) programme(ctx context.Context, group, ref string, f asKnown) error {
	return m.with(ctx, func(c *client) error {
		r, err := api.ParseRef(ref)
		if err != nil {
			return err
		}
		if group, err = c.groupOf(ctx, group, string(r)); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		var p compliance.Programme
		if err := c.get(ctx, groupPath(group, "/programmes/"+url.PathEscape(string(r))+f.query()), &p); err != nil {
			return instead(err, "%s is no programme that is followed. Nothing was done. What is followed:  entente programme", r.Display())
		}
		return m.result(p, func(w io.Writer) { printProgramme(w, p, langs) })
	})
}

func printProgramme(w io.Writer, p compliance.Programme, langs []text.Lang) {
	fmt.Fprintf(w, "%s  %s  %s\n  %s\n", p.Display, best(p.Title, langs), momentWords(p.Moment), p.Headline)
	if len(p.Milestones) > 0 {
		fmt.Fprintln(w, "Milestones")
	}
	for _, c := range p.Milestones {
		printCard(w, c, langs)
	}
	if len(p.Hypotheses) > 0 {
		fmt.Fprintln(w, "Hypotheses, the least contradicted first")
	}
	for _, h := range p.Hypotheses {
		fmt.Fprintf(w, "  %-6s %-50s against %d, for %d, of %d sightings (%s)\n", h.Display, shortened(best(h.Title, langs), 50), h.Against, h.For, h.N, mark(h.Status, 0))
		for _, j := range h.Joint {
			printJoint(w, j, langs)
		}
	}
	for _, j := range p.Joint {
		printJoint(w, j, langs)
	}
	if len(p.Sightings) > 0 {
		fmt.Fprintln(w, "Sightings, the latest first")
	}
	for _, s := range p.Sightings {
		printSighting(w, s)
	}
	if more := p.SightingsAll - len(p.Sightings); more > 0 {
		fmt.Fprintf(w, "  and %d earlier ones\n", more)
	}
}

func printSighting(w io.Writer, s compliance.Sighting) {
	var bears []string
	for _, b := range s.Bears {
		bears = append(bears, fmt.Sprintf("%s %+d (%s)", b.Hypothesis.Display(), b.Weight, b.Party))
	}
	fmt.Fprintf(w, "  %s  %-20s %-12s %-3s %s\n", s.Day, s.Quantity, inUnit(s.Value, s.Unit), s.Grade, strings.Join(bears, ", "))
	for _, e := range s.Entries {
		words := e.Source.Title
		if e.Note != "" {
			words += ": " + e.Note
		}
		if e.Margin {
			words += " (your national margin)"
		}
		fmt.Fprintf(w, "              %-4s %s\n", e.Party, oneLine.Replace(words))
	}
}
