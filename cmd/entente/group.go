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
	"entente/text"
)

func (m *Main) groupCommand() *cobra.Command {
	c := &cobra.Command{Use: "group", Short: "Groups: list, show, convene, join, decline, delegation.", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return m.groups(c.Context()) }}
	c.AddCommand(
		&cobra.Command{Use: "show GROUP", Short: "who sits there, terms of reference, marking", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error { return m.showGroup(c.Context(), args[0]) }},
		m.conveneCommand(),
		&cobra.Command{Use: "join GROUP", Short: "joins a group that this party is invited to", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error { return m.answerGroup(c.Context(), args[0], true) }},
		&cobra.Command{Use: "decline GROUP", Short: "declines it", Args: cobra.ExactArgs(1),
			RunE: func(c *cobra.Command, args []string) error { return m.answerGroup(c.Context(), args[0], false) }},
		m.delegationCommand(),
	)
	return c
}

func (m *Main) groups(ctx context.Context) error {
	return m.with(ctx, func(c *client) error {
		var out struct {
			Groups  []api.GroupLine `json:"groups"`
			Invited []api.Invited   `json:"invited"`
		}
		if err := c.get(ctx, "/v1/g", &out); err != nil {
			return err
		}
		if err := c.get(ctx, "/v1/invited", &out); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			for _, g := range out.Groups {
				fmt.Fprintf(w, "%3s  %-44s %d of %d agreed, %d in brackets, %d yours to decide\n", g.Handle, g.Name.Best(langs...).Text,
					g.Totals.Agreed+g.Totals.Reserved, g.Totals.Elements, g.Totals.InBrackets, g.Yours)
				if g.Held != "" {
					fmt.Fprintf(w, "     %s\n", g.Held)
				}
			}
			for _, i := range out.Invited {
				fmt.Fprintf(w, "%3s  %-44s invited by %s:  entente group join %s\n", i.Handle, i.Name.Best(langs...).Text, i.From, i.Handle)
			}
			if len(out.Groups)+len(out.Invited) == 0 {
				fmt.Fprintln(w, "No groups yet.  entente invite CODE --name NAME --group NAME")
			}
		})
	})
}

func (m *Main) showGroup(ctx context.Context, group string) error {
	return m.with(ctx, func(c *client) error {
		var g api.GroupPage
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group), &g); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(g, func(w io.Writer) { printGroup(w, g, langs) })
	})
}

func printGroup(w io.Writer, g api.GroupPage, langs []text.Lang) {
	fmt.Fprintf(w, "Group %s  %s\n%s\n", g.Handle, g.Name.Best(langs...).Text, g.Ceiling)
	if len(g.Terms) > 0 {
		fmt.Fprintf(w, "\n    %s\n", following(g.Terms.Best(langs...).Text))
	}
	for i, p := range g.Parties {
		fmt.Fprintf(w, "\n%s  %s\n", p.Code, p.Names.Best(langs...).Text)
		for _, d := range g.Delegations[i].Delegates {
			fmt.Fprintf(w, "  %-16s %-20s %-36s %s\n", d.Person, oneLine.Replace(d.Name.Best(langs...).Text), oneLine.Replace(d.Role.Best(langs...).Text), strings.Join(d.Powers.Names(), ", "))
		}
		if len(g.Delegations[i].Delegates) == 0 {
			fmt.Fprintln(w, "  has not given its delegation yet")
		}
		if g.Frozen[p.Code] {
			fmt.Fprintln(w, "  its log has changed its past: nothing more is taken from it")
		}
	}
	for _, v := range g.Voids {
		fmt.Fprintf(w, "\nvoid: %s entry %d: %s\n", v.Stamp.Party, v.Stamp.Index, v.Why)
	}
}

func (m *Main) conveneCommand() *cobra.Command {
	var f inviteFlags
	var parties []string
	var number uint32
	c := &cobra.Command{Use: "convene --number N --name NAME --party CODE", Short: "convenes a group with parties that are linked", Args: cobra.NoArgs,
		Example: "  entente group convene --number 1 --name \"Nuclear agreement\" --party IL",
		RunE: func(c *cobra.Command, _ []string) error {
			return m.convene(c.Context(), number, parties, f)
		}}
	c.Flags().Uint32Var(&number, "number", 0, "0 for the plenary, 1 and on for working groups")
	c.Flags().StringArrayVar(&parties, "party", nil, "another party; again for more")
	c.Flags().StringArrayVar(&f.group, "name", nil, "the group's name; again for other languages")
	c.Flags().StringArrayVar(&f.plan, "plan", nil, "title of the joint plan")
	c.Flags().StringArrayVar(&f.terms, "terms", nil, "terms of reference")
	c.Flags().StringVar(&f.languages, "languages", "", "authentic languages (this party's)")
	c.Flags().StringVar(&f.ceiling, "ceiling", "", "narrowest marking the group may hold (TLP:AMBER+STRICT)")
	c.Flags().StringVar(&f.zone, "zone", "", "this party's time zone")
	f.rules(c.Flags())
	return c
}

func (m *Main) convene(ctx context.Context, number uint32, parties []string, f inviteFlags) error {
	return m.with(ctx, func(c *client) error {
		ask := api.AskTerms{Number: number, Ceiling: f.ceiling, Self: api.AskParty{Zone: f.zone}}
		for _, t := range []struct {
			flags []string
			into  *api.Words
		}{{f.group, &ask.Name}, {f.plan, &ask.Plan}, {f.terms, &ask.Terms}} {
			var err error
			if *t.into, err = c.words(ctx, t.flags); err != nil {
				return err
			}
		}
		if f.languages != "" {
			ask.Languages = strings.Split(f.languages, ",")
		}
		if err := f.agree(&ask); err != nil {
			return err
		}
		for _, p := range parties {
			ask.Parties = append(ask.Parties, api.AskParty{Code: p})
		}
		var out api.GroupLine
		if err := c.post(ctx, "/v1/groups", ask, &out); err != nil {
			return err
		}
		m.say("Convened group %s. The others are invited at the next exchange:  entente sync", out.Handle)
		return m.result(out, func(io.Writer) {})
	})
}

func (m *Main) answerGroup(ctx context.Context, group string, join bool) error {
	return m.with(ctx, func(c *client) error {
		var list struct{ Invited []api.Invited }
		if err := c.get(ctx, "/v1/invited", &list); err != nil {
			return err
		}
		for _, i := range list.Invited {
			if i.Handle != group {
				continue
			}
			var out api.GroupLine
			if err := c.post(ctx, "/v1/invited/"+i.ID.String(), map[string]bool{"join": join}, &out); err != nil {
				return err
			}
			if !join {
				m.say("Declined. Nobody is told; the group goes on without this party.")
				return m.result(map[string]any{"declined": i.Handle}, func(io.Writer) {})
			}
			m.say("Joined group %s.", out.Handle)
			return m.result(out, func(io.Writer) {})
		}
		return &api.Fault{Kind: "withheld", Message: fmt.Sprintf("There is no invitation to a group %s. Nothing was done. See:  entente group", group), Exit: api.ExitFailed}
	})
}

func (m *Main) delegationCommand() *cobra.Command {
	var powers []string
	var out bool
	c := &cobra.Command{Use: "delegation GROUP PERSON --powers LIST", Short: "gives a person a seat in a group, with full powers", Args: cobra.ExactArgs(2),
		Long: `Gives a person a seat in this party's delegation to a group, or changes it; with --out, takes the
seat away. All parties of the group are told. Powers: propose, accept, remark, convene, administer.`,
		Example: "  entente group delegation 1 k.moore --powers propose,accept,remark",
		RunE: func(c *cobra.Command, args []string) error {
			return m.delegation(c.Context(), args[0], args[1], powers, out)
		}}
	c.Flags().StringSliceVar(&powers, "powers", []string{"remark"}, "what the person may do for the party")
	c.Flags().BoolVar(&out, "out", false, "take the seat away")
	return c
}

func (m *Main) delegation(ctx context.Context, group, person string, powers []string, out bool) error {
	return m.with(ctx, func(c *client) error {
		var g api.GroupPage
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group), &g); err != nil {
			return err
		}
		var server api.Card
		var people struct{ People []api.Person }
		if err := c.get(ctx, "/v1/server", &server); err != nil {
			return err
		}
		if err := c.get(ctx, "/v1/people", &people); err != nil {
			return err
		}
		ask := api.Ask{Act: "accredit"}
		for i, p := range g.Parties {
			if p.Code != server.Code {
				continue
			}
			for _, d := range g.Delegations[i].Delegates {
				if string(d.Person) != person {
					ask.Delegates = append(ask.Delegates, askDelegate(d))
				}
			}
		}
		if !out {
			d, err := newDelegate(people.People, person, powers)
			if err != nil {
				return err
			}
			ask.Delegates = append(ask.Delegates, d)
		}
		return m.send(ctx, c, group, ask)
	})
}

func askDelegate(d act.Delegate) api.AskDelegate {
	return api.AskDelegate{Person: string(d.Person), Name: wordsOf(d.Name), Role: wordsOf(d.Role), Agency: wordsOf(d.Agency), Powers: d.Powers.Names()}
}

func newDelegate(people []api.Person, id string, powers []string) (api.AskDelegate, error) {
	for _, p := range people {
		if string(p.ID) == id && p.Removed.IsZero() {
			return api.AskDelegate{Person: id, Name: wordsOf(p.Name), Role: wordsOf(p.Role), Agency: wordsOf(p.Agency), Powers: powers}, nil
		}
	}
	return api.AskDelegate{}, &api.Fault{Kind: "withheld", Message: fmt.Sprintf("There is no person %s here. Nothing was sent. Add the person first:  entente person add %s --name NAME", id, strconv.Quote(id)), Exit: api.ExitFailed}
}

func wordsOf(t text.Texts) api.Words {
	if len(t) == 0 {
		return nil
	}
	out := api.Words{}
	for _, v := range t {
		out[string(v.Lang)] = v.Text
	}
	return out
}
