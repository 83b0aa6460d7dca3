package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/internal/api"
	"entente/internal/compliance"
	"entente/internal/evidence"
	"entente/plan"
	"entente/proof"
)

func (m *Main) verifyCommand() *cobra.Command {
	var cards []string
	var words bool
	c := &cobra.Command{
		Use: "verify FILE", Short: "Checks a proof, a verdict, or evidence of two histories, without any server.", Args: cobra.ExactArgs(1),
		Long: `Checks an .entente file, or a file of evidence, and says who agreed on what, when, and which
number it has. Of a file about a verdict it computes the verdict again from the readings in it, and
says whether it is the same. It needs no data folder and no network. By itself the file shows that its keys
agree with each other; whose keys they are it can show only with the parties' cards, which you
have from elsewhere: --card FILE, once for each.`,
		Example: "  entente verify joint-document-1.entente --card us.card --card il.card",
		RunE:    func(_ *cobra.Command, args []string) error { return m.verify(args[0], cards, words) },
	}
	c.Flags().StringArrayVar(&cards, "card", nil, "a party's public card from elsewhere; again for more")
	c.Flags().BoolVar(&words, "text", false, "print the document's text too")
	return c
}

func (m *Main) verify(path string, cards []string, words bool) error {
	read := &gauge{}
	end := m.follow("verifying "+filepath.Base(path), inBytes, read.look)
	r, again, err := examine(path, cards, read)
	end()
	if err != nil {
		return err
	}
	out := verified{r, again}
	if err := m.result(out, func(w io.Writer) { printReport(w, r, again, words) }); err != nil {
		return err
	}
	if !r.Valid {
		return silent(api.ExitBroken)
	}
	return nil
}

// A verified is what is said of a file; of one about a verdict, with the verdict computed again.
type verified struct {
	proof.Report
	Recount *evidence.Recount `json:"recount,omitempty"`
}

func printReport(w io.Writer, r proof.Report, again *evidence.Recount, words bool) {
	fmt.Fprintln(w, r.Answer)
	if c := r.Claim; c != nil {
		printClaim(w, *c, again)
	}
	if d := r.Document; d != nil {
		fmt.Fprintf(w, "\n%s  %s, rev %d · %s, %d paragraphs\n", d.Display, named(d.Title), d.Count, d.Short, d.Paragraphs)
	}
	if r.Number != "" {
		fmt.Fprintf(w, "number  %s\n", r.Number)
	}
	for _, s := range r.Signatories {
		fmt.Fprintf(w, "  %-4s %s, %s: %s %s, confirmed %s\n", s.Party, or(named(s.Name), string(s.Person)), named(s.Role), s.Act, when(s.Held.At), when(s.Confirmed.At))
	}
	for _, x := range r.Reservations {
		fmt.Fprintf(w, "  [%s %s on %s: %s]\n", x.Party, plan.Note{Sort: x.Sort}.Verb(), x.Display, named(x.Text))
	}
	for _, x := range r.Amendments {
		fmt.Fprintf(w, "  amended since: %s, %s\n", x.Display, x.Short)
	}
	fmt.Fprintln(w)
	for _, c := range r.Checks {
		fmt.Fprintf(w, "  %-8s %s\n", c.Result, c.Sentence)
		if c.Result != proof.OK && c.Detail != "" {
			fmt.Fprintf(w, "           %s\n", c.Detail)
		}
		if c.Result == proof.Failed {
			for _, x := range c.Where {
				fmt.Fprintf(w, "           %s\n", x)
			}
		}
	}
	fmt.Fprintf(w, "\n%s\n", r.Tally())
	for _, s := range r.Proves {
		fmt.Fprintf(w, "The file proves: %s\n", s)
	}
	for _, s := range r.Needs {
		fmt.Fprintf(w, "It cannot prove: %s\n", s)
	}
	if words && r.Document != nil {
		for _, t := range r.Document.Texts {
			fmt.Fprintf(w, "\n--- %s\n%s", t.Lang.Autonym(), t.Text)
		}
	}
}

// printClaim prints which verdict a file is about, and what it comes to here.
func printClaim(w io.Writer, c proof.Claimed, again *evidence.Recount) {
	if again != nil {
		headline := again.Obligation.Headline
		if headline.IsZero() {
			headline = again.Obligation.Because
		}
		fmt.Fprintf(w, "%s, %s. %s\n", compliance.Said(again.Here), momentWords(again.Obligation.Moment), headline)
	}
	fmt.Fprintf(w, "\n%s  %s, rev %d · %s\n", c.Display, oneLine.Replace(named(c.Title)), c.Count, c.Revision.Short())
	fmt.Fprintf(w, "%s  %s · %s\n", c.Under, oneLine.Replace(named(c.Name)), c.Terms.Short())
	fmt.Fprintf(w, "the file says  %s\n", compliance.Said(c.Verdict))
	if again == nil {
		return
	}
	same := "the same"
	if !again.Same {
		same = "not the same"
	}
	fmt.Fprintf(w, "computed here  %s: %s (from %s)\n", compliance.Said(again.Here), same, proof.Count{N: again.Readings, One: "reading", Many: "readings"})
	if o := again.Obligation; o.Rule != "" {
		fmt.Fprintf(w, "the rule       %s\n", o.InWords)
	}
}

func (m *Main) logCommand() *cobra.Command {
	var group, code string
	var from, limit int
	c := &cobra.Command{
		Use: "log", Short: "How far the logs have come, and what stands in one.", Args: cobra.NoArgs,
		Example: "  entente log --group 1\n  entente log --group 1 --party IL --from 300",
		RunE:    func(c *cobra.Command, _ []string) error { return m.log(c.Context(), group, code, from, limit) },
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringVar(&code, "party", "", "list the entries of this party's log")
	c.Flags().IntVar(&from, "from", 0, "from this entry on, counted over all epochs")
	c.Flags().IntVar(&limit, "limit", 100, "at most so many entries")
	return c
}

func (m *Main) log(ctx context.Context, group, code string, from, limit int) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.oneGroup(ctx, group)
		if err != nil {
			return err
		}
		q := url.Values{"party": {code}, "offset": {strconv.Itoa(from)}, "limit": {strconv.Itoa(limit)}}
		var l api.Log
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/log?"+q.Encode(), &l); err != nil {
			return instead(err, "%s has no log in group %s. Nothing was done. The logs there are:  entente log --group %s", code, group, group)
		}
		return m.result(l, func(w io.Writer) { printLog(w, l) })
	})
}

func printLog(w io.Writer, l api.Log) {
	for _, h := range l.Heads {
		by := make([]string, len(h.Cosigned))
		for i, c := range h.Cosigned {
			by[i] = fmt.Sprintf("%s %s", c.Party, c.At.UTC().Format(time.DateOnly))
		}
		note := "cosigned by " + strings.Join(by, ", ")
		if len(by) == 0 {
			note = "not cosigned yet"
		}
		if h.Frozen {
			note += "; changed its past: nothing more is taken"
		}
		fmt.Fprintf(w, "%-4s epoch %d  %6d entries  root %s  %s\n", h.Party, h.Epoch, h.Size, h.Root.Short(), note)
	}
	for _, e := range l.Entries {
		line := fmt.Sprintf("%6d  %s  %-12s %-10s %-9s %s", e.Index, when(e.At), or(string(e.By), "server"), e.Kind, e.Element.Display(), e.ID.Short())
		if e.Void != "" {
			line += "  void: " + e.Why
		}
		fmt.Fprintln(w, line)
	}
	if more := l.Total - l.Offset - len(l.Entries); len(l.Entries) > 0 && more > 0 {
		fmt.Fprintf(w, "        %d more: --from %d\n", more, l.Offset+len(l.Entries))
	}
}
