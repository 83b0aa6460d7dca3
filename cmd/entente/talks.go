package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/internal/api"
	"entente/plan"
)

// silenceCommand puts a text under silence, breaks a silence, or shows how one stands.
func (m *Main) silenceCommand() *cobra.Command {
	var group, until string
	var broken []string
	c := &cobra.Command{
		Use: "silence REF", Short: "Puts a text under silence, breaks a silence, or shows how one stands.", Args: cobra.ExactArgs(1),
		Long: `Puts the text that you hold under silence until a time: it is adopted then, unless a party breaks
the silence. Only a co-chair may ask for it, for kinds of element and periods that the group's
rules allow. Each party's own server gives the silent consent, and only if its own log shows that
it had the text for the whole period. Breaking silence stops adoption for everyone; the reason
goes to all. Without --until and --break it shows how the silence stands.`,
		Example: "  entente silence A-1.1.2 --until 2017-12-14T18:00+02:00\n  entente silence A-1.1.2 --break \"We need the Agency’s view first.\"\n  entente silence A-1.1.2",
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case until != "" && broken != nil:
				return usagef("Put the text under silence, or break the silence: not both. Nothing was sent.")
			case until != "":
				return m.act(c.Context(), group, api.Ask{Act: "counter", Element: args[0], Until: until}, nil)
			case broken != nil:
				return m.act(c.Context(), group, api.Ask{Act: "object", Element: args[0]}, broken)
			}
			return m.showSilence(c.Context(), group, args[0])
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringVar(&until, "until", "", "the end, with its zone: 2017-12-14T18:00+02:00")
	c.Flags().StringArrayVar(&broken, "break", nil, "break the silence, with the reason")
	return c
}

// showSilence tells how the silences about an element stand: their action sheets.
func (m *Main) showSilence(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ref)
		if err != nil {
			return err
		}
		var out api.SilenceList
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/e/"+url.PathEscape(ref)+"/silences", &out); err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			if len(out.Silences) == 0 {
				fmt.Fprintf(w, "No text of %s was put under silence.\n", ref)
			}
			for _, s := range out.Silences {
				printSilence(w, s)
			}
		})
	})
}

func printSilence(w io.Writer, s plan.Silence) {
	fmt.Fprintf(w, "rev %d · %s, put under silence by %s until %s\n  %s\n", s.Revision.Number, s.Revision.Short, s.Revision.Party, instant(s.Until), s.Sentence())
	for _, p := range s.Parties {
		line := p.State
		if p.Receipt != nil {
			line += ", received " + instant(p.Receipt.At)
		}
		if p.Answer != nil {
			line += ", accepted " + instant(p.Answer.At)
		}
		fmt.Fprintf(w, "  %-8s %s\n", p.Party, line)
	}
	if s.Held != "" {
		fmt.Fprintf(w, "  %s\n", s.Held)
	}
	for _, b := range s.Breaks[min(1, len(s.Breaks)):] { // the sentence tells of the first
		fmt.Fprintf(w, "  %s broke it %s: %s\n", b.Party, instant(b.At), cmp.Or(b.Text.Best().Text, b.How))
	}
}

func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05 UTC") }

// certifyCommand is a legal adviser's word that language versions mean the same.
func (m *Main) certifyCommand() *cobra.Command {
	var group, of string
	c := &cobra.Command{
		Use: "certify REF", Short: "Says that the language versions of a text mean the same: a legal adviser's word.", Args: cobra.ExactArgs(1),
		Example: "  entente certify A-1.1.2 --of IL",
		RunE: func(c *cobra.Command, args []string) error {
			return m.act(c.Context(), group, api.Ask{Act: "certify", Element: args[0], Of: of}, nil)
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringVar(&of, "of", "", "whose text, where several are on the table")
	return c
}

// packageCommand makes a package of texts that are on the table.
func (m *Main) packageCommand() *cobra.Command {
	var group, reference string
	var title []string
	c := &cobra.Command{
		Use: "package REF[:PARTY]…", Short: "Proposes texts that stand or fall together.", Args: cobra.MinimumNArgs(1),
		Long: `Proposes a package: texts that are on the table and stand or fall together. Of each it takes the
text that the party named behind the colon holds, or the one that is being asked about. You
accept what is not yours with it; none of it is agreed before all parties hold all of it.`,
		Example: "  entente package --group 1 --title \"Assessments and stocktaking\" A-1.1.2:IL A-1.1.3:US",
		RunE: func(c *cobra.Command, args []string) error {
			ask := api.Ask{Act: "package", Element: reference}
			for _, a := range args {
				ref, of, _ := strings.Cut(a, ":")
				ask.Members = append(ask.Members, api.AskMember{Element: ref, Of: of})
			}
			return m.with(c.Context(), func(cl *client) error {
				g, err := cl.oneGroup(c.Context(), group)
				if err != nil {
					return err
				}
				if ask.Title, err = cl.words(c.Context(), title); err != nil {
					return err
				}
				return m.send(c.Context(), cl, g, ask)
			})
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringVar(&reference, "as", "", "its reference, such as K-1; the next free one by itself")
	c.Flags().StringArrayVar(&title, "title", nil, "its heading; again for other languages: --title he=…")
	return c
}

// holidaysCommand says on which days one's capital does not work.
func (m *Main) holidaysCommand() *cobra.Command {
	var group string
	var rest, days []string
	c := &cobra.Command{
		Use: "holidays", Short: "Says on which days your capital does not work: no silence ends on one.", Args: cobra.NoArgs,
		Long: `Gives the days of the week and the holidays on which your capital does not work, in place of those
given before. It is your party's word, and the others see it: no silence may end on such a day.`,
		Example: "  entente holidays --group 1 --rest friday,saturday --day 2018-03-01=Purim",
		RunE: func(c *cobra.Command, args []string) error {
			ask := api.Ask{Act: "calendar", Rest: rest}
			return m.with(c.Context(), func(cl *client) error {
				for _, d := range days {
					on, name, _ := strings.Cut(d, "=")
					h := api.AskHoliday{On: on}
					var err error
					if name != "" {
						if h.Name, err = cl.words(c.Context(), []string{name}); err != nil {
							return err
						}
					}
					ask.Holidays = append(ask.Holidays, h)
				}
				g, err := cl.oneGroup(c.Context(), group)
				if err != nil {
					return err
				}
				return m.sendUnread(c.Context(), cl, url.PathEscape(g), ask)
			})
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringSliceVar(&rest, "rest", nil, "days of the week: friday,saturday")
	c.Flags().StringArrayVar(&days, "day", nil, "a holiday: 2018-03-01 or 2018-03-01=Purim")
	return c
}
