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

// shownReadings is how many readings of an obligation are printed; --all and --json have every one.
const shownReadings = 12

func (m *Main) verdictCommand() *cobra.Command {
	var group string
	var send, all bool
	var f asKnown
	c := &cobra.Command{
		Use: "verdict REF", Short: "The verdict on one obligation, with all that it rests on; or sends your verdicts to the others.", Args: cobra.ExactArgs(1),
		Long: `The verdict on an obligation or a milestone: in a sentence, with the rule in words and in CEL, the
readings, the arithmetic, what each party found, what is missing and what would change it.

With --send and an agreement (or a programme) it sends your party's verdicts on everything in it, as
your server computes them. The other servers compute them again from what yours had seen, and say
whether they come out the same. Readings of your national margin never count in what is sent.`,
		Example: "  entente verdict O-8\n  entente verdict O-8 --as-of 2016-11-10\n  entente verdict O-8 --as-of 2016-12-01 --known 2016-12-01 --by reported\n  entente verdict T-1 --send",
		RunE: func(c *cobra.Command, args []string) error {
			if send {
				return m.sendVerdicts(c.Context(), group, args[0], f.on)
			}
			return m.verdict(c.Context(), group, args[0], f, all)
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().BoolVar(&send, "send", false, "send your party's verdicts on the whole agreement")
	c.Flags().BoolVar(&all, "all", false, "print every reading")
	f.register(c.Flags())
	c.Flags().StringVar(&f.on, "as-of", "", "the same as --on")
	return c
}

// watched asks for something that is watched, in the group that has it.
func (c *client) watched(ctx context.Context, group, ref, below, query string, into any) (string, error) {
	r, err := api.ParseRef(ref)
	if err != nil {
		return "", err
	}
	if group, err = c.groupOf(ctx, group, string(r)); err != nil {
		return "", err
	}
	err = c.get(ctx, groupPath(group, below+"/"+url.PathEscape(string(r))+query), into)
	return group, instead(err, "Nothing is watched at %s. Nothing was done. What is watched:  entente monitor, entente programme", r.Display())
}

func (m *Main) verdict(ctx context.Context, group, ref string, f asKnown, all bool) error {
	return m.with(ctx, func(c *client) error {
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		var o compliance.Obligation
		if _, err := c.watched(ctx, group, ref, "/monitor", f.query(), &o); err != nil {
			return err
		}
		return m.result(o, func(w io.Writer) { printVerdict(w, o, langs, all) })
	})
}

// sendVerdicts sends the party's verdicts on an agreement.
func (m *Main) sendVerdicts(ctx context.Context, group, ref, on string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ref)
		if err != nil {
			return err
		}
		return m.post(ctx, c, group, "/attest", api.AskAttest{Element: ref, On: on})
	})
}

// post sends what is one party's word on what is watched, and says what came of it.
func (m *Main) post(ctx context.Context, c *client, group, below string, ask any) error {
	var out api.SentActs
	if err := c.post(ctx, groupPath(group, below), ask, &out); err != nil {
		return err
	}
	return m.sent(group, out.Sent[0], out.Crossed)
}

func printVerdict(w io.Writer, o compliance.Obligation, langs []text.Lang, all bool) {
	parts := []string{best(o.Title, langs)}
	if o.Paragraph != "" {
		parts = append(parts, oneLine.Replace(o.Paragraph))
	}
	if owes := best(o.Owes, langs); owes != "" {
		parts = append(parts, "owed by "+owes)
	}
	fmt.Fprintf(w, "%s  %s\n", o.Display, strings.Join(parts, " · "))
	if !o.Agreed {
		fmt.Fprintln(w, "  Proposed, and not agreed: it counts nowhere yet.")
	}
	because := o.Headline // it begins with the reason
	if because.IsZero() {
		because = o.Because
	}
	fmt.Fprintf(w, "  %s, %s. %s\n", compliance.Said(o.Verdict), momentWords(o.Moment), because)
	if words := best(o.Text, langs); words != "" {
		fmt.Fprintf(w, "  “%s”\n", words)
	}
	printRule(w, o)
	printReadings(w, o, all)
	for _, e := range o.Episodes {
		fmt.Fprintf(w, "Not kept:  %s\n", episodeWords(e, o.Unit))
	}
	printSides(w, o, langs)
	if o.Dispute != nil {
		printDispute(w, *o.Dispute, langs)
	}
	if o.Trend != nil {
		fmt.Fprintf(w, "Trend:     %s %s\n", o.Trend.Said, o.Trend.Method)
	} else if !o.NoTrend.IsZero() {
		fmt.Fprintf(w, "Trend:     none. %s\n", o.NoTrend)
	}
	for _, g := range o.Gaps {
		fmt.Fprintf(w, "Missing:   %s\n", g.Said)
	}
	for _, s := range o.WouldBe {
		fmt.Fprintf(w, "To change: %s\n", s)
	}
}

// printRule prints the rule in words and as it is agreed, and how the verdict comes of it.
func printRule(w io.Writer, o compliance.Obligation) {
	if o.Rule == "" {
		fmt.Fprintln(w, "Rule:      none: nothing that is measured tells it.")
		return
	}
	fmt.Fprintf(w, "Rule:      %s\n           %s\n", o.InWords, o.Rule)
	if o.NearRule != "" {
		fmt.Fprintf(w, "  near:    %s\n", o.NearRule)
	}
	fmt.Fprintf(w, "  needs:   %s\n", o.Needs.Said)
	if g := o.Weighing; g != nil && g.Holds != "" {
		steps := strings.Join(g.Steps, "; ")
		if steps != "" {
			steps += "; "
		}
		fmt.Fprintf(w, "  comes:   %sthe rule %s (%d readings count, %d do not)\n", steps, or(map[string]string{"holds": "holds", "broken": "is broken", "undecided": "does not decide"}[g.Holds], g.Holds), g.Reads, g.Skipped)
	}
}

// printReadings prints the latest readings, the newest first.
func printReadings(w io.Writer, o compliance.Obligation, all bool) {
	if len(o.Points) == 0 {
		return
	}
	fmt.Fprintf(w, "Readings of %s:\n", o.Quantity)
	for n := range o.Points {
		if n == shownReadings && !all {
			break
		}
		printPoint(w, o.Points[len(o.Points)-1-n])
	}
	if more := o.PointsAll - min(len(o.Points), shownReadings); more > 0 && !all {
		fmt.Fprintf(w, "  and %d earlier ones (--all)\n", more)
	}
	for _, s := range o.Others {
		fmt.Fprintf(w, "Readings of %s:\n", s.Quantity)
		for n := range min(len(s.Points), shownReadings) {
			printPoint(w, s.Points[len(s.Points)-1-n])
		}
	}
}

// printPoint prints what was read for a day, with who entered it from where.
func printPoint(w io.Writer, p compliance.Point) {
	value := inUnit(p.Value, p.Unit)
	if p.Shown != "" && p.Shown != p.Value {
		value += " = " + p.Shown
	}
	mark := ""
	if !p.Counts {
		mark = "  (does not count)"
	}
	fmt.Fprintf(w, "  %s  %-20s %-3s %s%s\n", p.Day, value, p.Grade, compliance.Said(p.Verdict), mark)
	for _, e := range p.Entries {
		source := e.Source.Title
		for _, more := range []string{e.Source.Document, e.Source.Place} {
			if more != "" {
				source += ", " + more
			}
		}
		if e.Reported != "" {
			source += ", reported " + string(e.Reported)
		}
		if e.Margin {
			source += " (your national margin)"
		}
		fmt.Fprintf(w, "              %-4s %s\n", e.Party, oneLine.Replace(source))
	}
}

// inUnit is a value with its unit as it is read aloud: "96.7 kg U"; plain numbers have none.
func inUnit(value, unit string) string {
	if unit == compliance.One {
		return value
	}
	return value + " " + strings.TrimSpace(strings.NewReplacer("{", " ", "}", " ").Replace(unit))
}

// episodeWords tells from when to when an obligation was not kept.
func episodeWords(e compliance.Episode, unit string) string {
	s := string(e.From)
	if e.To != e.From {
		s += " to " + string(e.To)
	}
	if e.Peak != "" {
		s += ", as far as " + inUnit(e.Peak, unit)
	}
	if e.Excess != "" {
		s += ", beyond by " + e.Excess
	}
	if e.Back != "" {
		return s + "; kept again " + string(e.Back)
	}
	return s + "; it goes on"
}

// printSides prints what each party found, and what was judged jointly.
func printSides(w io.Writer, o compliance.Obligation, langs []text.Lang) {
	for _, p := range o.Parties {
		switch {
		case p.Own:
			fmt.Fprintf(w, "Found:     %s: %s, computed here.\n", p.Party, compliance.Said(p.Verdict))
		case p.Missing:
			fmt.Fprintf(w, "Found:     %s has sent no verdict.\n", p.Party)
		case p.Same:
			fmt.Fprintf(w, "Found:     %s: %s, as of %s; it comes out the same here.\n", p.Party, compliance.Said(p.Verdict), p.On)
		default:
			fmt.Fprintf(w, "Found:     %s: %s, as of %s; here it comes out as: %s.\n", p.Party, compliance.Said(p.Verdict), p.On, compliance.Said(p.Here))
		}
	}
	for _, j := range o.Joint {
		printJoint(w, j, langs)
	}
}

// printJoint prints a joint verdict, or estimate.
func printJoint(w io.Writer, j compliance.Joint, langs []text.Lang) {
	var says []string
	if j.Verdict != 0 {
		says = append(says, compliance.Said(j.Verdict).String())
	}
	if j.Likelihood != "" {
		says = append(says, j.Likelihood)
	}
	if j.Confidence != "" {
		says = append(says, j.Confidence+" confidence")
	}
	fmt.Fprintf(w, "Jointly:   %s (%s): %s, as of %s. %s\n", j.Display, mark(j.Status, 0), strings.Join(says, ", "), j.AsOf, best(j.Text, langs))
}
