package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
	"entente/party"
	"entente/text"
)

func (m *Main) syncCommand() *cobra.Command {
	var address string
	c := &cobra.Command{
		Use: "sync [PARTY]", Short: "Exchanges with one counterpart, or all, at once.", Args: cobra.MaximumNArgs(1),
		Long: `Asks the counterparts for what is new and gives them what they lack, then says how each group
stands. While entente serve runs this goes on by itself. --address says where to reach a party.`,
		Example: "  entente sync\n  entente sync IL --address 192.0.2.7:7420",
		RunE: func(c *cobra.Command, args []string) error {
			code := ""
			if len(args) == 1 {
				code = args[0]
			}
			if address != "" && code == "" {
				return usagef("Say whose address it is: entente sync PARTY --address HOST:PORT. Nothing was done.")
			}
			return m.sync(c.Context(), code, address)
		},
	}
	c.Flags().StringVar(&address, "address", "", "from now on, reach the party at HOST:PORT")
	return c
}

func (m *Main) sync(ctx context.Context, code, address string) error {
	return m.with(ctx, func(c *client) error {
		if m.as == "" {
			c = c.asOwner()
		}
		if address != "" {
			if err := c.post(ctx, "/v1/counterparts/"+url.PathEscape(code)+"/address", map[string]string{"address": address}, nil); err != nil {
				return err
			}
		}
		var out struct {
			Lines []api.Line `json:"lines"`
		}
		end := m.follow("exchanging", "entries", c.arrivals(ctx))
		err := c.post(ctx, "/v1/sync", map[string]string{"party": code}, &out)
		if end(); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		if err := m.result(out, func(w io.Writer) { printLines(w, out.Lines, langs) }); err != nil {
			return err
		}
		for _, l := range out.Lines {
			if l.State == api.Apart || l.State == api.Broken {
				return silent(api.ExitFailed)
			}
		}
		return nil
	})
}

// arrivals tells how many entries of those that counterparts are known to have ready have come.
func (c *client) arrivals(ctx context.Context) func() (done, total uint64) {
	var most uint64
	return func() (uint64, uint64) {
		var out struct{ Counterparts []api.CounterpartPage }
		if c.get(ctx, "/v1/counterparts", &out) != nil {
			return 0, 0
		}
		var coming uint64
		for _, o := range out.Counterparts {
			if o.Standing != nil {
				coming += uint64(o.Standing.Coming)
			}
		}
		most = max(most, coming)
		return most - coming, most
	}
}

func printLines(w io.Writer, lines []api.Line, langs []text.Lang) {
	said := map[party.Code]bool{}
	for _, l := range lines {
		what := "nothing new"
		if l.Sent+l.Received > 0 {
			what = fmt.Sprintf("sent %d, received %d", l.Sent, l.Received)
		}
		switch {
		case l.Group == "" && l.Why == "":
			fmt.Fprintf(w, "%-4s linked, no group yet\n", l.Party)
		case l.Group != "":
			fmt.Fprintf(w, "%-4s %-30s %-24s %s at %d / %d\n", l.Party, shortened(l.Group+" "+l.Name.Best(langs...).Text, 30), what, state(l.State), l.Ours, l.Theirs)
		}
		if l.Why != "" && !said[l.Party] {
			said[l.Party] = true
			fmt.Fprintf(w, "     %s\n", l.Why)
		}
	}
	if len(lines) == 0 {
		fmt.Fprintln(w, "No counterparts yet.  entente invite CODE --name NAME")
	}
}

// state says a counterpart's state in our words.
func state(s string) string {
	switch s {
	case api.InStep:
		return "in step"
	case api.Behind:
		return "on its way"
	case api.Apart:
		return "not answering"
	case api.ByHand:
		return "by hand"
	}
	return "log disagreement"
}

func (m *Main) bundleCommand() *cobra.Command {
	c := &cobra.Command{Use: "bundle", Short: "Exchange without a network: write, read, apply.", Args: cobra.NoArgs,
		Long: `A bundle is one file for one party and one group: encrypted to that party, signed by this one.
Reading shows what it would change; applying is all or nothing, and a second time changes nothing.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return usagef("Say which: entente bundle write PARTY, read FILE, or apply FILE.")
		}}
	var group, out string
	var whole bool
	write := &cobra.Command{Use: "write PARTY", Short: "writes what the party is not known to have", Args: cobra.ExactArgs(1),
		Example: "  entente bundle write IL --group 1 --out 46.bundle",
		RunE: func(c *cobra.Command, args []string) error {
			return m.writeBundle(c.Context(), args[0], group, out, whole)
		}}
	write.Flags().StringVar(&group, "group", "", "the group, by its number")
	write.Flags().BoolVar(&whole, "whole", false, "everything there is, for a party that has lost what it had")
	write.Flags().StringVar(&out, "out", "", "the file (PARTY-GROUP-NUMBER.bundle)")
	read := &cobra.Command{Use: "read FILE", Short: "shows what a bundle would change", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.takeBundle(c.Context(), args[0], false) }}
	apply := &cobra.Command{Use: "apply FILE", Short: "takes a bundle in", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.takeBundle(c.Context(), args[0], true) }}
	c.AddCommand(write, read, apply)
	return c
}

func (m *Main) writeBundle(ctx context.Context, to, group, out string, whole bool) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.oneGroup(ctx, group)
		if err != nil {
			return err
		}
		if out != "" {
			if err := freeOut(out); err != nil {
				return err
			}
		}
		var b api.BundlePage
		if err := c.post(ctx, "/v1/bundle/write", map[string]any{"to": to, "group": group, "whole": whole}, &b); err != nil {
			return instead(err, "%s does not sit in group %s. Nothing was written. Who does:  entente group show %s", to, group, group)
		}
		file, err := base64.StdEncoding.DecodeString(b.File)
		if err != nil {
			return err
		}
		path := or(out, fmt.Sprintf("%s-%s-%d.bundle", strings.ToLower(to), group, b.Number))
		if err := m.writeOut(path, file, 0o600); err != nil {
			return err
		}
		b.File = ""
		m.say("Wrote %s (%s), bundle %d for %s: %s. Only %s can open it. What is in it counts as published.", path, size(len(file)), b.Number, to, entries(b.Entries), to)
		return m.result(struct {
			api.BundlePage
			Path string `json:"path"`
		}{b, path}, func(io.Writer) {})
	})
}

const maxBundle = 64 << 20 // bytes

func (m *Main) takeBundle(ctx context.Context, path string, apply bool) error {
	file, err := readSmall(path, maxBundle)
	if err != nil {
		return err
	}
	return m.with(ctx, func(c *client) error {
		what, doing := "read", "reading"
		if apply {
			what, doing = "apply", "applying"
		}
		var b api.BundlePage
		end := m.follow(doing+" "+filepath.Base(path), "", nil)
		err := c.post(ctx, "/v1/bundle/"+what, map[string]string{"file": base64.StdEncoding.EncodeToString(file)}, &b)
		if end(); err != nil {
			return err
		}
		err = m.result(b, func(w io.Writer) { printBundle(w, b, apply) })
		if !apply && err == nil {
			m.say("Nothing is changed yet. Apply it:  entente bundle apply %s", path)
		}
		return err
	})
}

func printBundle(w io.Writer, b api.BundlePage, applied bool) {
	fmt.Fprintf(w, "Bundle %d from %s, made %s, group %s.\n", b.Number, b.From, b.Made.UTC().Format(time.DateOnly), or(b.Handle, "not joined yet"))
	verb := "would add"
	if applied {
		verb = "added"
	}
	switch {
	case b.Invites && applied:
		fmt.Fprintln(w, "It brings an invitation to a group. Answer it:  entente group   Then apply the bundle again.")
	case b.Invites:
		fmt.Fprintln(w, "It would bring an invitation to a group.")
	case b.New == 0:
		fmt.Fprintln(w, "Everything in it is here already.")
	default:
		fmt.Fprintf(w, "This bundle %s %s from %s: %s.\n", verb, entries(b.New), names(b.By), kinds(b.Kinds))
	}
	for _, ref := range b.Adopted {
		fmt.Fprintf(w, "  agreed: %s\n", ref.Display())
	}
	for _, s := range b.Missing {
		fmt.Fprintf(w, "  unseen: entries %d to %d of %s are neither here nor in the bundle. They were left out. Ask for the bundle before this one.\n", s.From, s.To-1, s.Party)
	}
}

func names(by map[party.Code]int) string {
	var out []string
	for c := range by {
		out = append(out, string(c))
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

// kinds says how many entries of which kind there are: “2 proposals, 9 acceptances”.
func kinds(list map[string]int) string {
	say := map[string][2]string{
		act.KindTable.String(): {"proposal", "proposals"}, act.KindAccept.String(): {"acceptance", "acceptances"},
		act.KindWithdraw.String(): {"withdrawal", "withdrawals"}, act.KindConfirm.String(): {"confirmation", "confirmations"},
		act.KindRemark.String(): {"remark", "remarks"}, act.KindReport.String(): {"report", "reports"},
		act.KindAccredit.String(): {"delegation", "delegations"}, act.KindConstitute.String(): {"charter", "charters"},
		act.KindResume.String(): {"new epoch", "new epochs"}, act.KindSee.String(): {"note of what was seen", "notes of what was seen"},
	}
	var out []string
	for k, n := range list {
		name := say[k][1]
		if n == 1 {
			name = say[k][0]
		}
		out = append(out, fmt.Sprintf("%d %s", n, or(name, k)))
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
