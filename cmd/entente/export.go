package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

func (m *Main) exportCommand() *cobra.Command {
	var group, out, about string
	var ask api.AskText
	c := &cobra.Command{Use: "export", Short: "Writes the joint document, its proof, or this party's card.", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return usagef("Say what: entente export document, proof or card.")
		}}
	document := &cobra.Command{Use: "document [REF]", Short: "the joint document as plain text: as it stands, or as agreed in REF", Args: cobra.MaximumNArgs(1),
		Example: "  entente export document --group 1 --lang he\n  entente export document --form plain --out text.md\n  entente export document D-1 --out annex.txt",
		RunE: func(c *cobra.Command, args []string) error {
			return m.exportDocument(c.Context(), group, strings.Join(args, ""), ask, or(out, "-"))
		}}
	document.Flags().StringVar(&ask.Lang, "lang", "", "the language (this party's first)")
	document.Flags().StringVar(&ask.As, "form", "", "plain: as it stands, in the form that import draft reads again")
	proofs := &cobra.Command{Use: "proof", Short: "an .entente file that a stranger can check", Args: cobra.NoArgs,
		Example: "  entente export proof --group 1 --about D-1 --out annex.entente",
		RunE:    func(c *cobra.Command, _ []string) error { return m.exportProof(c.Context(), group, about, out) }}
	proofs.Flags().StringVar(&about, "about", "", "a document, such as D-1; empty for the whole plan")
	card := &cobra.Command{Use: "card", Short: "this party's public card, for those who verify", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return m.exportCard(c.Context(), or(out, "-")) }}
	for _, sub := range []*cobra.Command{document, proofs} {
		sub.Flags().StringVar(&group, "group", "", "the group, by its number")
	}
	for _, sub := range []*cobra.Command{document, proofs, card} {
		sub.Flags().StringVar(&out, "out", "", "the file to write; - for the standard output")
	}
	c.AddCommand(document, proofs, card)
	return c
}

func (m *Main) exportDocument(ctx context.Context, group, ref string, ask api.AskText, out string) (err error) {
	return m.with(ctx, func(c *client) error {
		if ref != "" && group == "" {
			group, err = c.groupOf(ctx, group, ref)
		} else {
			group, err = c.oneGroup(ctx, group)
		}
		if err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		q := url.Values{"lang": {or(ask.Lang, string(langs[0]))}}
		for name, v := range map[string]string{"ref": ref, "as": ask.As} {
			if v != "" {
				q.Set(name, v)
			}
		}
		var doc struct {
			Text string `json:"text"`
		}
		if err := c.get(ctx, "/v1/g/"+url.PathEscape(group)+"/text?"+q.Encode(), &doc); err != nil {
			return err
		}
		if m.json {
			return m.print(doc)
		}
		return m.wrote(out, []byte(doc.Text))
	})
}

func (m *Main) exportProof(ctx context.Context, group, about, out string) error {
	return m.with(ctx, func(c *client) error {
		var err error
		if about != "" {
			group, err = c.groupOf(ctx, group, about)
		} else {
			group, err = c.oneGroup(ctx, group)
		}
		if err != nil {
			return err
		}
		file, err := c.fetch(ctx, http.MethodGet, "/v1/g/"+url.PathEscape(group)+"/proof?about="+url.QueryEscape(about), nil)
		if err != nil {
			return err
		}
		path := out
		if path == "" {
			path = fmt.Sprintf("group-%s%s.entente", group, strings.ToLower(strings.Replace(about, "-", "", 1)))
		}
		if err := m.wrote(path, file); err != nil {
			return err
		}
		if m.json && path != "-" {
			return m.print(map[string]any{"file": path, "bytes": len(file)})
		}
		return nil
	})
}

func (m *Main) exportCard(ctx context.Context, out string) error {
	return m.with(ctx, func(c *client) error {
		var card api.Card
		if err := c.get(ctx, "/v1/server", &card); err != nil {
			return err
		}
		if m.json {
			return m.print(card)
		}
		return m.wrote(out, []byte(card.Text))
	})
}

// wrote writes a file and says so; nothing is said where it goes to the standard output. Documents
// and proofs are as confidential as their groups: nobody else on the machine may read them.
func (m *Main) wrote(path string, data []byte) error {
	if err := m.writeOut(path, data, 0o600); err != nil {
		return err
	}
	if path != "-" {
		m.say("Wrote %s (%s).", path, size(len(data)))
	}
	return nil
}
