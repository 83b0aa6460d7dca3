package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/internal/api"
	"entente/plan"
	"entente/text"
)

func (m *Main) planCommand() *cobra.Command {
	var group string
	filter := map[string]*string{"kind": new(string), "status": new(string), "party": new(string), "turn": new(string), "at": new(string)}
	c := &cobra.Command{Use: "plan", Short: "The plan: tree, element, differences, what is open, what is missing.", Args: cobra.NoArgs,
		Example: "  entente plan --group 1\n  entente plan --status in-brackets --turn US\n  entente plan show A-1.1.2\n  entente plan diff A-1.1.2 4 5",
		RunE: func(c *cobra.Command, _ []string) error {
			q := url.Values{}
			for name, value := range filter {
				if *value != "" {
					q.Set(name, *value)
				}
			}
			return m.tree(c.Context(), group, q)
		}}
	for name, use := range map[string]string{"kind": "only elements of this kind, such as action", "status": "only those that stand so: in-brackets, agreed, reserved, withdrawn or removed",
		"party": "only those that this party leads or supports", "turn": "only those where the next word is this party's", "at": "as it stood: R-2.opened, R-2.closed, a time such as 2017-12-12T10:00 (UTC), an act such as US:12"} {
		c.Flags().StringVar(filter[name], name, "", use)
	}
	c.PersistentFlags().StringVar(&group, "group", "", "the group, by its number")
	sub := func(use, short string, args cobra.PositionalArgs, f func(ctx context.Context, args []string) error) {
		c.AddCommand(&cobra.Command{Use: use, Short: short, Args: args,
			RunE: func(c *cobra.Command, args []string) error { return f(c.Context(), args) }})
	}
	sub("show REF", "one element: text, positions, history", cobra.ExactArgs(1),
		func(ctx context.Context, args []string) error { return m.showElement(ctx, group, args[0]) })
	sub("diff REF FROM TO", "how one revision differs from another", cobra.ExactArgs(3),
		func(ctx context.Context, args []string) error {
			return m.diff(ctx, group, args[0], args[1], args[2])
		})
	by := ""
	changes := &cobra.Command{Use: "changes FROM [TO]", Short: "what changed between two moments, and by whom", Args: cobra.RangeArgs(1, 2),
		Example: "  entente plan changes R-1.opened R-1.closed\n  entente plan changes 2017-12-12T10:00 --party IL",
		RunE: func(c *cobra.Command, args []string) error {
			return m.showChanges(c.Context(), group, args[0], append(args, "now")[1], by)
		}}
	changes.Flags().StringVar(&by, "party", "", "only elements on which this party acted")
	c.AddCommand(changes)
	sub("today", "what needs this party, in all groups", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return m.today(ctx) })
	sub("open", "every element in brackets, and whose turn it is", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return m.open(ctx, group) })
	sub("gaps", "what the plan lacks", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return m.gaps(ctx, group) })
	sub("search WORDS", "elements by their words", cobra.MinimumNArgs(1),
		func(ctx context.Context, args []string) error { return m.search(ctx, strings.Join(args, " ")) })
	return c
}

// mark shows how an element stands in a narrow column.
func mark(st plan.Status, brackets int) string {
	switch st {
	case plan.InBrackets:
		if brackets == 1 {
			return "[ 1 bracket ]"
		}
		return fmt.Sprintf("[ %d brackets ]", brackets)
	case plan.Agreed:
		return "agreed"
	}
	return st.String()
}

func (m *Main) tree(ctx context.Context, group string, filter url.Values) error {
	return m.with(ctx, func(c *client) error {
		if filter.Get("at") != "" { // a moment is one group's
			var err error
			if group, err = c.oneGroup(ctx, group); err != nil {
				return err
			}
		}
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		out := map[string][]plan.Row{}
		for _, h := range handles {
			if out[h], err = c.rows(ctx, h, filter); err != nil {
				return err
			}
		}
		return m.result(out, func(w io.Writer) {
			for _, h := range handles {
				fmt.Fprintf(w, "Group %s\n", h)
				for _, r := range out[h] {
					printRow(w, r, langs)
				}
				if len(out[h]) == 0 && len(filter) > 0 {
					fmt.Fprintln(w, "  Nothing like that.")
				} else if len(out[h]) == 0 {
					fmt.Fprintln(w, "  Nothing yet. Three ways to begin:  entente statement import FILE,  entente propose --kind goal --title …,  entente propose --kind clause --text …")
				}
			}
		})
	})
}

// handles are the groups asked for: one, or all.
func (c *client) handles(ctx context.Context, group string) ([]string, error) {
	if group != "" {
		return []string{group}, c.hasGroup(ctx, group)
	}
	return c.groups(ctx)
}

// shown are the groups asked for, and the languages that their texts are shown in.
func (c *client) shown(ctx context.Context, group string) (handles []string, langs []text.Lang, err error) {
	if handles, err = c.handles(ctx, group); err != nil {
		return nil, nil, err
	}
	langs, err = c.languages(ctx)
	return handles, langs, err
}

// rows are all rows of a group's tree, what a page shows closed too; with a filter, those that match.
func (c *client) rows(ctx context.Context, group string, ask url.Values) (rows []plan.Row, err error) {
	rows = []plan.Row{}
	q := maps.Clone(ask)
	q.Del("at")
	flat := len(q) > 0 && ask.Get("under") == ""
	if at := ask.Get("at"); at != "" {
		q.Set("at", at)
	}
	for seen := 0; ; {
		q.Set("offset", strconv.Itoa(seen))
		q.Set("limit", strconv.Itoa(plan.MaxRows))
		var o plan.Outline
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/plan?"+q.Encode(), &o); err != nil {
			return nil, err
		}
		for _, r := range o.Rows {
			rows = append(rows, r)
			if !r.HasChildren || r.Expanded || flat {
				continue
			}
			down := url.Values{"under": {string(r.Ref)}}
			if at := ask.Get("at"); at != "" {
				down.Set("at", at)
			}
			below, err := c.rows(ctx, group, down)
			if err != nil {
				return nil, err
			}
			rows[len(rows)-1].Expanded = len(below) > 0
			rows = append(rows, below...)
		}
		seen += len(o.Rows)
		if !o.More || len(o.Rows) == 0 {
			return rows, nil
		}
	}
}

func printRow(w io.Writer, r plan.Row, langs []text.Lang) {
	who := make([]string, 0, len(r.Stands))
	for _, s := range r.Stands {
		switch s.State {
		case plan.Accepts:
			who = append(who, string(s.Party))
		case plan.Reserves:
			who = append(who, string(s.Party)+"(reserves)")
		}
	}
	line := fmt.Sprintf("%s%s  %s", strings.Repeat("  ", r.Depth+1), r.Display, r.Title.Best(langs...).Text)
	fmt.Fprintf(w, "%-72s %-14s %-10s %s\n", shortened(line, 72), mark(r.Status, r.Brackets), r.Due, strings.Join(who, " "))
}

// shortened cuts a line to a width, and shows that it did.
func shortened(s string, width int) string {
	r := []rune(oneLine.Replace(s))
	if len(r) <= width {
		return string(r)
	}
	return string(r[:width-1]) + "…"
}

// oneLine keeps what somebody has written to the line that it is shown in, and following to lines
// that begin further in: no line of it can be taken for one of the program's, or another party's.
var oneLine = strings.NewReplacer("\n", " ⏎ ", "\t", " ")

func following(words string) string { return strings.ReplaceAll(words, "\n", "\n    ") }

func (m *Main) showElement(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ref)
		if err != nil {
			return err
		}
		d, err := c.dossier(ctx, group, ref)
		if err != nil {
			return err
		}
		if err := c.noteRead(group, d); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(d, func(w io.Writer) { printDossier(w, d, langs) })
	})
}

func (c *client) dossier(ctx context.Context, group, ref string) (d plan.Dossier, err error) {
	r, err := api.ParseRef(ref)
	if err != nil {
		return d, err
	}
	return d, c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/e/"+url.PathEscape(string(r)), &d)
}

func printDossier(w io.Writer, d plan.Dossier, langs []text.Lang) {
	fmt.Fprintf(w, "%s  %s\n%s", d.Display, oneLine.Replace(d.Title.Best(langs...).Text), mark(d.Status, d.Brackets))
	if d.InForce != nil {
		fmt.Fprintf(w, "  in force: rev %d · %s", d.InForce.Number, d.InForce.Short)
	}
	fmt.Fprintln(w)
	for _, f := range []struct {
		name, value string
	}{{"lead", codes(d.Fields.Lead)}, {"support", codes(d.Fields.Support)}, {"due", string(d.Fields.Due)},
		{"amount", strings.TrimSpace(d.Fields.Amount + " " + d.Fields.Unit.Best(langs...).Text)}, {"source", d.Fields.Source.Best(langs...).Text},
		{"said by", strings.TrimSpace(d.Fields.SaidBy.Best(langs...).Text + " " + string(d.Fields.SaidOn))}, {"marking", d.Fields.Marking}} {
		if f.value != "" {
			fmt.Fprintf(w, "  %-8s %s\n", f.name, oneLine.Replace(f.value))
		}
	}
	printAround(w, d, langs)
	for _, words := range d.Words {
		fmt.Fprintf(w, "\n    %s\n", following(words.Plain()))
	}
	for _, p := range d.Positions {
		note := ""
		if p.InForce {
			note = ", in force"
		}
		fmt.Fprintf(w, "\n%s holds rev %d · %s%s\n", p.Party, p.Revision.Number, p.Revision.Short, note)
	}
	for _, n := range slices.Concat(d.Reserved, d.Interpretations) {
		fmt.Fprintf(w, "\n[%s %s: %s]\n", n.Party, n.Verb(), following(text.FormatBrackets([]text.Segment{{Text: n.Text.Best(langs...).Text}})))
	}
	fmt.Fprintln(w)
	for _, e := range d.History {
		printEvent(w, e, langs)
	}
	switch {
	case d.Turn:
		fmt.Fprintf(w, "\nYour turn.  entente answer %s --accept | entente propose %s --text … | entente answer %s --reserve …\n", d.Ref, d.Ref, d.Ref)
	case len(d.TurnOf) > 0:
		fmt.Fprintf(w, "\nThe turn of %s.\n", codes(d.TurnOf))
	}
}

// printAround shows what an element answers to, where it stands in the plan, and its title's brackets.
func printAround(w io.Writer, d plan.Dossier, langs []text.Lang) {
	for _, p := range d.Path {
		fmt.Fprintf(w, "  %-8s %s  %s\n", "under", p.Display, oneLine.Replace(p.Title.Best(langs...).Text))
	}
	for _, t := range d.Trace {
		if t.Quote != "" {
			fmt.Fprintf(w, "  %-8s %s “%s” of %s\n", "answers", t.Display, oneLine.Replace(t.Quote), t.Statement)
		}
	}
	for _, x := range d.CitedBy {
		fmt.Fprintf(w, "  %-8s %s  %s\n", "leads to", x.Display, oneLine.Replace(x.Title.Best(langs...).Text))
	}
	for _, k := range d.Children {
		fmt.Fprintf(w, "  %-8s %s  %s\n", "below", k.Display, oneLine.Replace(k.Title.Best(langs...).Text))
	}
	if more := d.ChildrenAll - len(d.Children); more > 0 {
		fmt.Fprintf(w, "  %-8s and %d more\n", "", more)
	}
	for _, h := range d.Headings {
		if s := h.Plain(); len(d.Positions) > 1 && s != d.Title.Best(h.Lang).Text {
			fmt.Fprintf(w, "  %-8s %s\n", "title", oneLine.Replace(s))
		}
	}
	switch {
	case d.Crossed:
		fmt.Fprintln(w, "\nLetters crossed: each party holds what the other has left.")
	case d.Struck:
		fmt.Fprintln(w, "\nProposed to be removed.")
	}
}

func printEvent(w io.Writer, e plan.Event, langs []text.Lang) {
	line := fmt.Sprintf("%s  %-4s %-12s %s", when(e.Stamp.At), e.Stamp.Party, or(string(e.Stamp.By), "server"), e.Kind)
	if e.Revision != nil {
		line += fmt.Sprintf(" rev %d", e.Revision.Number)
	}
	if e.Sort != "" {
		line += " (" + e.Sort + ")"
	}
	if words := e.Text.Best(langs...).Text; words != "" {
		line += ": " + following(words)
	}
	if e.Adopted {
		line += "  → agreed"
	}
	if e.Void != "" {
		line += "  void: " + e.Why
	}
	fmt.Fprintln(w, line)
}

// when is a time of testimony, in UTC.
func when(ms int64) string { return time.UnixMilli(ms).UTC().Format("2 Jan 2006 15:04 UTC") }

func (m *Main) diff(ctx context.Context, group, ref, from, to string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ref)
		if err != nil {
			return err
		}
		r, err := api.ParseRef(ref)
		if err != nil {
			return err
		}
		var d plan.Comparison
		q := url.Values{"from": {from}, "to": {to}}
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/e/"+url.PathEscape(string(r))+"/diff?"+q.Encode(), &d); err != nil {
			return instead(err, "There is no %s with both a revision %s and a revision %s here. Nothing was done. Its history:  entente plan show %s", ref, from, to, ref)
		}
		return m.result(d, func(w io.Writer) {
			for _, l := range append(d.Title, d.Text...) {
				fmt.Fprintf(w, "%s  %s\n", l.Lang, tracked(l.Spans))
			}
			for _, f := range d.Fields {
				fmt.Fprintf(w, "%s  [-%s-]{+%s+}\n", f.Field, f.Values[0].Value, f.Values[1].Value)
			}
		})
	})
}

func (m *Main) today(ctx context.Context) error {
	return m.with(ctx, func(c *client) error {
		var out api.Today
		if err := c.get(ctx, "/v1/today", &out); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			n := 0
			for _, g := range out.Groups {
				n += g.YoursAll
			}
			fmt.Fprintf(w, "%d yours to decide.\n", n)
			for _, g := range out.Groups {
				for _, d := range g.YoursToDecide {
					fmt.Fprintf(w, "  %s  %-9s %-48s %s %s\n", g.Handle, d.Display, shortened(d.Title.Best(langs...).Text, 48), d.By.Party, d.Move)
				}
			}
			for _, g := range out.Groups {
				for _, x := range g.WorthYourEye {
					fmt.Fprintf(w, "  %s  %-9s %s\n", g.Handle, x.Display, x.What)
				}
			}
			for _, g := range out.Groups {
				for _, x := range g.WithOthers {
					fmt.Fprintf(w, "  %s  %-9s waits for %s\n", g.Handle, x.Display, codes(x.Turn))
				}
			}
			for _, g := range out.Groups {
				for _, ref := range g.Crossed {
					fmt.Fprintf(w, "  %s  %-9s a text crosses a red line of yours:  entente margin show %s\n", g.Handle, ref.Display(), ref)
				}
			}
		})
	})
}

func (m *Main) open(ctx context.Context, group string) error {
	return m.with(ctx, func(c *client) error {
		handles, langs, err := c.shown(ctx, group)
		if err != nil {
			return err
		}
		out := map[string]plan.Negotiation{}
		for _, h := range handles {
			var n plan.Negotiation
			if err := c.get(ctx, fmt.Sprintf("/v1/g/%s/negotiation?limit=%d", url.PathEscape(h), plan.MaxRows), &n); err != nil {
				return err
			}
			out[h] = n
		}
		return m.result(out, func(w io.Writer) {
			for _, h := range handles {
				for _, i := range out[h].Items {
					turn := codes(i.Turn)
					if turn == "" {
						turn = "nobody"
					}
					fmt.Fprintf(w, "%s  %-9s %-48s %-15s turn of %s\n", h, i.Display, shortened(i.Title.Best(langs...).Text, 48), mark(i.Status, i.Brackets), turn)
				}
			}
		})
	})
}

func (m *Main) gaps(ctx context.Context, group string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.oneGroup(ctx, group)
		if err != nil {
			return err
		}
		var g plan.Gaps
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/gaps", &g); err != nil {
			return err
		}
		return m.result(g, func(w io.Writer) {
			for _, x := range []struct {
				what string
				list []plan.Item
				all  int
			}{{"has no lead", g.NoLead, g.NoLeadAll}, {"has no date", g.NoDue, g.NoDueAll}, {"has no means", g.NoMeans, g.NoMeansAll},
				{"has no way or action", g.NoWay, g.NoWayAll}, {"answers to no passage", g.NoPassage, g.NoPassageAll}} {
				for _, i := range x.list {
					fmt.Fprintf(w, "%-9s %s\n", i.Display, x.what)
				}
				if more := x.all - len(x.list); more > 0 {
					fmt.Fprintf(w, "          and %d more\n", more)
				}
			}
		})
	})
}

func (m *Main) search(ctx context.Context, words string) error {
	return m.with(ctx, func(c *client) error {
		var out struct {
			Hits  []api.Found `json:"hits"`
			Total int         `json:"total"`
		}
		if err := c.get(ctx, "/v1/search?q="+url.QueryEscape(words), &out); err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			for _, h := range out.Hits {
				var words strings.Builder
				for _, p := range h.Excerpt {
					words.WriteString(p.Text)
				}
				fmt.Fprintf(w, "%s  %-9s %s\n", h.Group, h.Display, oneLine.Replace(words.String()))
			}
			if len(out.Hits) == 0 {
				fmt.Fprintln(w, "Nothing with all of these words.")
			}
		})
	})
}
