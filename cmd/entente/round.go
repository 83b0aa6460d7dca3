package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// roundCommand is about rounds of talks.
func (m *Main) roundCommand() *cobra.Command {
	var group string
	c := &cobra.Command{Use: "round", Short: "Rounds of talks: agenda, who sat, the text as it stood, what moved.",
		Long: `A round of talks is proposed with its days and agenda. A co-chair, or who may convene, opens it and
closes it; the text as it stood then can be read at any later time:

  entente plan --at R-1.opened        the plan as the round opened
  entente plan changes R-1.opened R-1.closed

A moment is a round that opened or closed, a time such as 2017-12-12T10:00 (UTC unless it names a
zone), an act such as US:12 (the twelfth entry of that party's log), or now. Rounds and acts are
exact: they rest on what each act had seen. Times are what each party's own clock said.`,
		Example: "  entente round propose --group 1 --title \"First round\" --agenda \"1. Sites\" --opens 2017-12-12 --closes 2017-12-13\n  entente round open R-1 --present US:d.reyes,IL:n.amar\n  entente round close R-1\n  entente round show R-1"}
	c.PersistentFlags().StringVar(&group, "group", "", "the group, by its number")
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "the rounds, and how much was open at each", Args: cobra.NoArgs,
			RunE: func(c *cobra.Command, _ []string) error { return m.listRounds(c.Context(), group) }},
		&cobra.Command{Use: "show REF", Short: "one round: agenda, who sat, what was open, what moved", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error { return m.showRound(c.Context(), group, args[0]) }},
		m.proposeRound(&group), m.sitCommand(&group, "open"), m.sitCommand(&group, "close"))
	return c
}

func (m *Main) proposeRound(group *string) *cobra.Command {
	var title, agenda []string
	var opens, closes, reference string
	c := &cobra.Command{Use: "propose", Short: "proposes a round, with its days and agenda", Args: cobra.NoArgs,
		Example: "  entente round propose --group 1 --title \"First round\" --agenda \"1. Sites\" --opens 2017-12-12",
		RunE: func(c *cobra.Command, _ []string) error {
			ask := api.Ask{Act: "table", Element: reference, Kind: act.Round.String(), Opens: &opens}
			if closes != "" {
				ask.Closes = &closes
			}
			return m.with(c.Context(), func(cl *client) error {
				g, err := cl.oneGroup(c.Context(), *group)
				if err != nil {
					return err
				}
				if ask.Title, err = cl.words(c.Context(), title); err != nil {
					return err
				}
				if ask.Text, err = cl.words(c.Context(), agenda); err != nil {
					return err
				}
				return m.send(c.Context(), cl, g, ask)
			})
		}}
	c.Flags().StringArrayVar(&title, "title", nil, "its name; again for other languages: --title he=…")
	c.Flags().StringArrayVar(&agenda, "agenda", nil, "its agenda; again for other languages")
	c.Flags().StringVar(&opens, "opens", "", "its first day: 2017-12-12")
	c.Flags().StringVar(&closes, "closes", "", "its last day")
	c.Flags().StringVar(&reference, "as", "", "its reference, such as R-1; the next free one by itself")
	return c
}

// sitCommand opens or closes a round.
func (m *Main) sitCommand(group *string, step string) *cobra.Command {
	var present []string
	c := &cobra.Command{Use: step + " REF", Short: map[string]string{"open": "opens a round", "close": "closes a round"}[step] + ": the text as it stands now is kept with it", Args: cobra.ExactArgs(1),
		Example: "  entente round " + step + " R-1 --present US:d.reyes,IL:n.amar",
		RunE: func(c *cobra.Command, args []string) error {
			ask := api.Ask{Act: step, Element: args[0]}
			for _, p := range present {
				code, person, ok := strings.Cut(p, ":")
				if !ok {
					return usagef("%q is nobody at the table: write PARTY:PERSON, like US:d.reyes. Nothing was sent.", p)
				}
				ask.Present = append(ask.Present, act.Seated{Party: party.Code(code), Person: party.Person(person)})
			}
			return m.with(c.Context(), func(cl *client) error {
				g, err := cl.groupOf(c.Context(), *group, args[0])
				if err != nil {
					return err
				}
				return m.sendUnread(c.Context(), cl, g, ask)
			})
		}}
	c.Flags().StringSliceVar(&present, "present", nil, "who sits at the table: US:d.reyes,IL:n.amar")
	return c
}

// groupPath is the address of something of a group.
func groupPath(group, below string) string { return "/v1/g/" + url.PathEscape(group) + below }

func (m *Main) listRounds(ctx context.Context, group string) error {
	return m.with(ctx, func(c *client) error {
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		type told struct {
			api.RoundList
			api.CourseList
		}
		out := map[string]told{}
		for _, h := range handles {
			var t told
			if err := c.get(ctx, groupPath(h, "/rounds"), &t.RoundList); err != nil {
				return err
			}
			if err := c.get(ctx, groupPath(h, "/course"), &t.CourseList); err != nil {
				return err
			}
			out[h] = t
		}
		return m.result(out, func(w io.Writer) {
			for _, h := range handles {
				for _, r := range out[h].Rounds {
					fmt.Fprintf(w, "%s  %-6s %-48s %-8s %s\n", h, r.Display, shortened(r.Title.Best(langs...).Text, 48), r.State, days(r))
				}
				if len(out[h].Rounds) > 0 {
					printCourse(w, out[h].Points)
				}
			}
		})
	})
}

// days are the planned days of a round.
func days(r plan.Round) string {
	if r.Closes == "" || r.Closes == r.Opens {
		return string(r.Opens)
	}
	return string(r.Opens) + " to " + string(r.Closes)
}

// printCourse tells how much was open at each moment.
func printCourse(w io.Writer, points []plan.CoursePoint) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%-14s %10s %10s %10s %10s", "open at", "paragraphs", "of them", "brackets", "options")
	for _, p := range points[0].Parties {
		fmt.Fprintf(w, " %10s", "turn "+string(p.Party))
	}
	fmt.Fprintln(w)
	for _, x := range points {
		fmt.Fprintf(w, "%-14s %10d %10d %10d %10d", x.Name, x.Paragraphs, x.Open, x.Brackets, x.Options)
		for _, p := range x.Parties {
			fmt.Fprintf(w, " %10d", p.Turns)
		}
		fmt.Fprintln(w)
	}
}

func (m *Main) showRound(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ref)
		if err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		var r api.RoundPage
		if err := c.get(ctx, groupPath(group, "/rounds/"+url.PathEscape(ref)), &r); err != nil {
			return instead(err, "There is no round %s in group %s. Nothing was done. Its rounds:  entente round list --group %s", ref, group, group)
		}
		var changed *api.ChangeList
		if r.Opened != nil {
			to := "now"
			if r.Closed != nil {
				to = ref + ".closed"
			}
			if changed, err = c.changes(ctx, group, url.Values{"from": {ref + ".opened"}, "to": {to}}); err != nil {
				return err
			}
		}
		out := struct {
			api.RoundPage
			Changed *api.ChangeList `json:"changed,omitempty"`
		}{r, changed}
		return m.result(out, func(w io.Writer) {
			fmt.Fprintf(w, "%s  %s\n%s, %s\n", r.Display, oneLine.Replace(r.Title.Best(langs...).Text), r.State, days(r.Round))
			if words := r.Agenda.Best(langs...).Text; words != "" {
				fmt.Fprintf(w, "\n    %s\n\n", following(words))
			}
			for _, x := range []*plan.Sitting{r.Opened, r.Closed} {
				if x != nil {
					fmt.Fprintf(w, "%s %s by %s %s\n", when(x.At), map[act.SitStep]string{act.RoundOpens: "opened", act.RoundCloses: "closed"}[x.Step], x.Party, x.By)
				}
			}
			for _, p := range r.Sat {
				fmt.Fprintf(w, "  %s  %s\n", p.Party, p.Person)
			}
			printCourse(w, r.Course)
			if changed != nil {
				fmt.Fprintln(w)
				printChanges(w, changed, langs)
			}
		})
	})
}

// changes asks for what changed; all of it, page by page.
func (c *client) changes(ctx context.Context, group string, q url.Values) (*api.ChangeList, error) {
	var all *api.ChangeList
	for {
		q.Set("limit", strconv.Itoa(plan.MaxRows))
		var out api.ChangeList
		if err := c.get(ctx, groupPath(group, "/changes?"+q.Encode()), &out); err != nil {
			return nil, err
		}
		if all == nil {
			all = &out
		} else {
			all.Rows, all.More = append(all.Rows, out.Rows...), out.More
		}
		if !out.More || len(out.Rows) == 0 {
			return all, nil
		}
		q.Set("offset", strconv.Itoa(len(all.Rows)))
	}
}

func (m *Main) showChanges(ctx context.Context, group, from, to, by string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.oneGroup(ctx, group)
		if err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		out, err := c.changes(ctx, group, url.Values{"from": {from}, "to": {to}, "party": {by}})
		if err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) { printChanges(w, out, langs) })
	})
}

func printChanges(w io.Writer, c *api.ChangeList, langs []text.Lang) {
	fmt.Fprintf(w, "From %s to %s: %d agreed of %d paragraphs, then %d of %d; %d open, then %d.\n", c.Since.Name, c.Until.Name,
		c.From.Agreed, c.From.Paragraphs, c.To.Agreed, c.To.Paragraphs, c.From.Open, c.To.Open)
	if !c.Since.Exact || !c.Until.Exact {
		fmt.Fprintln(w, "Times are what each party's own clock said.")
	}
	if len(c.Rows) == 0 {
		fmt.Fprintln(w, "Nothing changed.")
	}
	for _, r := range c.Rows {
		fmt.Fprintf(w, "\n%s  %s  %s\n", r.Display, oneLine.Replace(r.Item.Title.Best(langs...).Text), mark(r.Status, r.Brackets[1]))
		for _, d := range r.Deeds {
			line := fmt.Sprintf("  %s  %-4s %-12s %s", when(d.At), d.Party, or(string(d.By), "server"), d.What)
			if d.Revision != nil {
				line += fmt.Sprintf(" rev %d", d.Revision.Number)
			}
			fmt.Fprintln(w, line)
		}
		for _, l := range r.Text {
			fmt.Fprintf(w, "  %s  %s\n", l.Lang, following(tracked(l.Spans)))
		}
	}
	if c.Cut {
		fmt.Fprintln(w, "\nThere is more than is told here: choose moments nearer to each other.")
	}
}

// tracked shows how words differ: [-what was cut-]{+what was put+}.
func tracked(spans []text.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Op {
		case text.Cut:
			b.WriteString("[-" + s.Text + "-]")
		case text.Put:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// boardCommand shows all that is open, for a head of delegation.
func (m *Main) boardCommand() *cobra.Command {
	var group string
	filter := map[string]*string{"in": new(string), "party": new(string), "kind": new(string), "sort": new(string)}
	c := &cobra.Command{Use: "board", Short: "All that is open: whose turn, since when, silence, ad referendum, packages.", Args: cobra.NoArgs,
		Long: `Everything that is open in the groups that you sit in: how many brackets, whose turn it is and since
when, what is under silence, what awaits a capital, what stands in a package, and what waits for
instructions by your own margin.`,
		Example: "  entente board\n  entente board --in turn --sort since\n  entente board --group 1 --party IL",
		RunE: func(c *cobra.Command, _ []string) error {
			q := url.Values{"limit": {strconv.Itoa(plan.MaxRows)}}
			for name, value := range filter {
				if *value != "" {
					q.Set(name, *value)
				}
			}
			return m.board(c.Context(), group, q)
		}}
	for name, use := range map[string]string{"in": "turn, others, silence, ad-referendum, package, waiting (for instructions) or crossed", "party": "only where the next word is this party's",
		"kind": "only elements of this kind, such as action", "sort": "ref, since (longest first), brackets (most first) or until (soonest first)"} {
		c.Flags().StringVar(filter[name], name, "", use)
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	return c
}

func (m *Main) board(ctx context.Context, group string, q url.Values) error {
	return m.with(ctx, func(c *client) error {
		if group != "" {
			if err := c.hasGroup(ctx, group); err != nil {
				return err
			}
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		var all, out api.BoardList
		if err := c.get(ctx, "/v1/board?"+q.Encode(), &all); err != nil {
			return err
		}
		for _, g := range all.Groups {
			if group == "" || g.Handle == group {
				out.Groups = append(out.Groups, g)
			}
		}
		return m.result(out, func(w io.Writer) {
			for _, g := range out.Groups {
				printBoard(w, g, langs)
			}
		})
	})
}

func printBoard(w io.Writer, g api.GroupBoard, langs []text.Lang) {
	turns := make([]string, len(g.Sums.Parties))
	for i, p := range g.Sums.Parties {
		turns[i] = fmt.Sprintf("%s %d", p.Party, p.Turns)
	}
	fmt.Fprintf(w, "Group %s  %d open, %d brackets; turns: %s\n", g.Handle, g.Sums.Open, g.Sums.Brackets, strings.Join(turns, ", "))
	for _, r := range g.Rows {
		fmt.Fprintf(w, "  %-9s %-40s %-15s turn of %-8s %s%s\n", r.Display, shortened(r.Title.Best(langs...).Text, 40), mark(r.Status, r.Brackets),
			or(codes(r.Turn), "nobody"), when(r.Since.At), boardNotes(r))
	}
	if more := g.Total - len(g.Rows); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

// boardNotes says in what an open element is besides brackets.
func boardNotes(r plan.BoardRow) string {
	var out []string
	if r.SilenceUntil != 0 {
		out = append(out, "under silence until "+when(r.SilenceUntil))
	}
	if r.ReferUntil != 0 {
		out = append(out, "ad referendum ("+string(r.Referring)+") until "+when(r.ReferUntil))
	}
	for _, k := range r.Packages {
		out = append(out, "in package "+k.Display)
	}
	if r.Waiting != nil {
		out = append(out, "waits for instructions")
	}
	if r.Crossed {
		out = append(out, "letters crossed")
	}
	if len(out) == 0 {
		return ""
	}
	return "\n            " + strings.Join(out, "; ")
}
