package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
	"entente/internal/compliance"
	"entente/text"
)

func (m *Main) disputeCommand() *cobra.Command {
	var group string
	c := &cobra.Command{
		Use: "dispute", Short: "The dispute procedure of an agreement: start, answer, extend and close one.", Args: cobra.NoArgs,
		Long: `A dispute about an obligation runs through the stages of its agreement's procedure, each so many days
long. To start it, to answer and to close it is one party's word; who started it closes it. More days
for a stage are agreed by all like any other text, and not at all where the agreement fixes its days.`,
		Example: "  entente dispute start O-3 \"The report of 8 November is above the limit.\"\n  entente dispute reply O-3 \"The excess has been sold.\"\n  entente dispute extend O-3 --stage 1 --days 10 \"The samples are still being read.\"\n  entente dispute close O-3 \"It is settled.\"\n  entente dispute show O-3",
	}
	c.PersistentFlags().StringVar(&group, "group", "", "the group, by its number")
	c.AddCommand(m.disputeStep(&group, act.DisputeStarts, "starts a dispute about an obligation; days count from today, or from --on"),
		m.disputeStep(&group, act.DisputeReply, "answers a dispute that runs"), m.disputeStep(&group, act.DisputeCloses, "closes a dispute that your party started"),
		m.extendCommand(&group),
		&cobra.Command{Use: "show REF", Short: "the disputes about an obligation: stages, days, what was said", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error { return m.showDisputes(c.Context(), group, args[0]) }})
	return c
}

// disputeStep is one party's step in a dispute.
func (m *Main) disputeStep(group *string, step act.DisputeStep, short string) *cobra.Command {
	var by []string
	ask := api.AskDispute{Step: step.String()}
	c := &cobra.Command{Use: step.String() + " REF WORDS…", Short: short, Args: cobra.MinimumNArgs(2),
		Example: "  entente dispute " + step.String() + " O-3 \"In these words.\"",
		RunE: func(c *cobra.Command, args []string) error {
			ask.Element = args[0]
			return m.with(c.Context(), func(cl *client) error {
				g, err := cl.groupOf(c.Context(), *group, ask.Element)
				if err != nil {
					return err
				}
				if ask.By, err = cl.words(c.Context(), by); err != nil {
					return err
				}
				if ask.Text, err = cl.words(c.Context(), joinWords(args[1:])); err != nil {
					return err
				}
				return m.post(c.Context(), cl, g, "/dispute", ask)
			})
		}}
	c.Flags().StringVar(&ask.On, "on", "", "the day from which days count, 2017-12-12 (today)")
	c.Flags().StringArrayVar(&by, "by", nil, "who did it, where it is not your party; again for other languages")
	if step != act.DisputeStarts {
		c.Flags().StringVar(&ask.Dispute, "dispute", "", "which, by the id of the act that started it, where several run")
	}
	return c
}

// extendCommand proposes more days for a stage of a dispute.
func (m *Main) extendCommand(group *string) *cobra.Command {
	var x api.AskExtends
	c := &cobra.Command{Use: "extend REF WORDS…", Short: "proposes more days for a stage; they count when all parties have agreed to them", Args: cobra.MinimumNArgs(2),
		Example: "  entente dispute extend O-3 --stage 1 --days 10 \"The samples are still being read.\"",
		RunE: func(c *cobra.Command, args []string) error {
			return m.with(c.Context(), func(cl *client) error {
				var o compliance.Obligation
				g, err := cl.watched(c.Context(), *group, args[0], "/monitor", "", &o)
				if err != nil {
					return err
				}
				if x.Dispute == "" {
					if x.Dispute, err = onlyDispute(o); err != nil {
						return err
					}
				}
				parent := string(o.Ref)
				ask := api.Ask{Act: "table", Kind: act.Extension.String(), Parent: &parent, Extends: &x}
				if ask.Text, err = cl.words(c.Context(), joinWords(args[1:])); err != nil {
					return err
				}
				return m.send(c.Context(), cl, g, ask)
			})
		}}
	c.Flags().Uint8Var(&x.Stage, "stage", 0, "which stage, from 1")
	c.Flags().Uint32Var(&x.Days, "days", 0, "how many days more")
	c.Flags().StringVar(&x.Dispute, "dispute", "", "which, by the id of the act that started it, where several run")
	return c
}

// onlyDispute is the one dispute that runs about an obligation.
func onlyDispute(o compliance.Obligation) (string, error) {
	var ids []string
	for _, d := range o.Disputes {
		if d.Runs {
			ids = append(ids, d.ID.String())
		}
	}
	switch len(ids) {
	case 0:
		return "", usagef("No dispute about %s runs. Nothing was sent. Start one:  entente dispute start %s WORDS", o.Display, o.Ref)
	case 1:
		return ids[0], nil
	}
	return "", usagef("%d disputes about %s run. Nothing was sent. Say which, by its id: --dispute %s", len(ids), o.Display, strings.Join(ids, " or --dispute "))
}

func (m *Main) showDisputes(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		var o compliance.Obligation
		if _, err := c.watched(ctx, group, ref, "/monitor", "", &o); err != nil {
			return err
		}
		out := struct {
			Disputes  []compliance.Dispute `json:"disputes"`
			Procedure []compliance.Running `json:"procedure,omitempty"`
		}{slices.Clip(o.Disputes), o.Procedure}
		return m.result(out, func(w io.Writer) {
			if len(out.Disputes) == 0 {
				fmt.Fprintf(w, "There has been no dispute about %s.\n", o.Display)
				for _, s := range out.Procedure {
					printStage(w, s, langs)
				}
			}
			for _, d := range out.Disputes {
				printDispute(w, d, langs)
			}
		})
	})
}

func printDispute(w io.Writer, d compliance.Dispute, langs []text.Lang) {
	who := string(d.Stamp.Party)
	if by := best(d.By, langs); by != "" {
		who = by + " (written by " + who + ")"
	}
	fmt.Fprintf(w, "Dispute:   started by %s on %s. %s  id %s\n", who, d.On, d.Said, d.ID)
	fmt.Fprintf(w, "           “%s”\n", best(d.Text, langs))
	for _, s := range d.Stages {
		printStage(w, s, langs)
	}
	for _, s := range d.Steps {
		if s.Step == "extend" {
			fmt.Fprintf(w, "  %s  stage %d has %d days more\n", s.On, s.Stage, s.Days)
			continue
		}
		fmt.Fprintf(w, "  %s  %s by %s: “%s”\n", s.On, s.Step, s.Stamp.Party, best(s.Text, langs))
	}
}

// printStage prints a stage of a procedure, with its days where a dispute runs.
func printStage(w io.Writer, s compliance.Running, langs []text.Lang) {
	line := fmt.Sprintf("  %d. %-40s", s.N, shortened(best(s.Name, langs), 40))
	if s.Days > 0 {
		line += fmt.Sprintf(" %d days", s.Days)
	} else {
		line += " no time is set"
	}
	if s.Beside {
		line += ", beside the one before"
	}
	if s.Fixed {
		line += ", cannot be extended"
	}
	if s.Start != "" {
		line += fmt.Sprintf(", %s to %s, %s", s.Start, or(string(s.End), "no end"), s.State)
	}
	if s.State == compliance.StageRunning && s.End != "" {
		line += fmt.Sprintf(", %d left", s.Left)
	}
	if then := best(s.Then, langs); then != "" {
		line += ". Then: " + then
	}
	fmt.Fprintln(w, line)
}
