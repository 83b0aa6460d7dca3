package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entente/act"
	"entente/internal/api"
	"entente/internal/compliance"
	"entente/party"
	"entente/text"
)

// asKnown is of which day verdicts are asked for, and what counts as known.
type asKnown struct{ on, known, by, at string }

func (f *asKnown) register(p *pflag.FlagSet) {
	p.StringVar(&f.on, "on", "", "the day that the verdicts are of: 2016-12-01 (today)")
	p.StringVar(&f.known, "known", "", "count only what was known by the end of this day")
	p.StringVar(&f.by, "by", "", "known in which sense: entered (the default) or reported")
	p.StringVar(&f.at, "at", "", "as the plan stood: R-2.closed, 2017-12-12T10:00, US:12")
}

// query is the same for the API.
func (f *asKnown) query() string {
	q := url.Values{}
	for name, v := range map[string]string{"on": f.on, "known": f.known, "by": f.by, "at": f.at} {
		if v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (m *Main) monitorCommand() *cobra.Command {
	var group string
	var calendar bool
	var f asKnown
	c := &cobra.Command{
		Use: "monitor", Short: "How it stands with the agreements that are watched: every obligation with its verdict.", Args: cobra.NoArgs,
		Long: `Every obligation of the agreements that are watched, with its verdict, the reading that decides it and
the grade of that. A verdict is computed here, from what all parties entered, and comes out the same
on every server that holds the same entries.

With --on it is the verdict of a past day, by all that is known today; with --known only what had
been entered by then counts (or reported by then, with --by reported): what did we know on that day?`,
		Example: "  entente monitor --group 1\n  entente monitor --on 2016-12-01 --known 2016-12-01\n  entente monitor --calendar",
		RunE: func(c *cobra.Command, _ []string) error {
			if calendar {
				return m.monitorCalendar(c.Context(), group, f)
			}
			return m.monitor(c.Context(), group, f)
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().BoolVar(&calendar, "calendar", false, "the reports that are expected, and the disputes that run")
	f.register(c.Flags())
	return c
}

func (m *Main) monitor(ctx context.Context, group string, f asKnown) error {
	return m.with(ctx, func(c *client) error {
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		var self api.Card
		if err := c.get(ctx, "/v1/server", &self); err != nil {
			return err
		}
		out := map[string]api.BoardsPage{}
		for _, h := range handles {
			var page api.BoardsPage
			if err := c.get(ctx, groupPath(h, "/monitor"+f.query()), &page); err != nil {
				return err
			}
			out[h] = page
		}
		return m.result(out, func(w io.Writer) {
			none := true
			for _, h := range handles {
				for _, b := range out[h].Boards {
					none = false
					printBoardOf(w, h, b, langs, self.Code)
				}
			}
			if none {
				fmt.Fprintln(w, "No agreement is watched here yet. Begin with:  entente propose --kind agreement --title …")
			}
		})
	})
}

// printBoardOf prints how it stands with one agreement.
func printBoardOf(w io.Writer, group string, b compliance.Board, langs []text.Lang, self party.Code) {
	fmt.Fprintf(w, "Group %s  %s  %s  %s\n", group, b.Display, shortened(best(b.Title, langs), 50), momentWords(b.Moment))
	fmt.Fprintf(w, "  %s\n", b.Headline)
	var counts []string
	for _, t := range b.Counts {
		if t.N > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", t.Verdict, t.N))
		}
	}
	if len(counts) > 0 {
		fmt.Fprintf(w, "  %s\n", strings.Join(counts, ", "))
	}
	for _, c := range b.Cards {
		printCard(w, c, langs)
	}
	if more := b.Total - len(b.Cards); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
	for _, d := range b.Disputes {
		fmt.Fprintf(w, "  ! Dispute about %s: %s\n", d.Obligation.Display(), d.Said)
	}
	if b.Next != nil {
		fmt.Fprintf(w, "  Next report: %s, as of %s\n", b.Next.Obligation.Display(), b.Next.On)
	}
	for _, a := range b.Attested {
		if a.Party == self {
			fmt.Fprintf(w, "  You sent your verdicts as of %s.\n", a.On)
			continue
		}
		fmt.Fprintf(w, "  %s, as of %s: %s\n", a.Party, a.On, a.Said)
	}
}

// printCard prints one obligation, or milestone, on a line.
func printCard(w io.Writer, c compliance.Card, langs []text.Lang) {
	verdict := compliance.Said(c.Verdict).String()
	if !c.Agreed {
		verdict = "(proposed) " + verdict
	}
	of := ""
	if c.On != "" {
		of = "as of " + string(c.On)
	}
	figure := c.Figure.String()
	if figure == compliance.Said(c.Verdict).String() {
		figure = ""
	}
	fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("  %-8s %-38s %-14s %-22s %-16s %-3s %s", c.Display, shortened(best(c.Title, langs), 38), verdict, shortened(figure, 22), of, c.Grade, oneLine.Replace(c.Paragraph)), " "))
}

// momentWords says of which day verdicts are, and what is counted.
func momentWords(m compliance.Moment) string {
	s := "on " + dayWords(m.On)
	switch m.Known {
	case compliance.KnownEntered:
		s += ", as entered by " + dayWords(m.By)
	case compliance.KnownReported:
		s += ", as reported by " + dayWords(m.By)
	}
	return s
}

// dayWords is a day as it is written in a sentence: 5 November 2017.
func dayWords(d act.Date) string {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return day.Format("2 January 2006")
}

// best is a text in the language that is shown, on one line.
func best(t text.Texts, langs []text.Lang) string { return oneLine.Replace(t.Best(langs...).Text) }

func (m *Main) monitorCalendar(ctx context.Context, group string, f asKnown) error {
	return m.with(ctx, func(c *client) error {
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		out := map[string]api.MonitorCalendar{}
		for _, h := range handles {
			var page api.MonitorCalendar
			if err := c.get(ctx, groupPath(h, "/monitor/calendar"+f.query()), &page); err != nil {
				return err
			}
			out[h] = page
		}
		return m.result(out, func(w io.Writer) {
			for _, h := range handles {
				if c := out[h]; len(c.Expected)+len(c.Disputes) > 0 {
					printCalendar(w, h, c, langs)
				}
			}
		})
	})
}

func printCalendar(w io.Writer, group string, c api.MonitorCalendar, langs []text.Lang) {
	fmt.Fprintf(w, "Group %s  %s\n", group, momentWords(c.Moment))
	for _, e := range c.Expected {
		late := ""
		if e.Overdue > 0 {
			late = fmt.Sprintf("  %d days overdue", e.Overdue)
		}
		fmt.Fprintf(w, "  %s  %-8s %s%s\n", e.On, e.Obligation.Display(), shortened(best(e.Title, langs), 50), late)
	}
	for _, d := range c.Disputes {
		fmt.Fprintf(w, "  %s  %-8s dispute: %s\n", or(string(d.Ends), "no end    "), d.Obligation.Display(), d.Said)
	}
}
