package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

func (m *Main) tokenCommand() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "Tokens with which programs speak for a person: list, issue, revoke.", Args: cobra.NoArgs,
		Long: `A program elsewhere speaks to this server's web address with a token: Authorization: Bearer TOKEN.
The token says for whom it speaks, whether it may act or only read, in which groups, and until when.
It never administers: people, tokens, keys and counterparts are for pages and commands alone. What
can be asked is described at /v1/openapi.json of that address.`,
		RunE: func(c *cobra.Command, _ []string) error { return m.tokens(c.Context()) }}
	var ask api.AskToken
	issue := &cobra.Command{Use: "issue PERSON --name WHAT-FOR", Short: "issues a token and prints it, once", Args: cobra.ExactArgs(1),
		Long: `The token is printed on the standard output this once; only its digest is kept. Hand it over
yourself: whoever has it speaks for the person. It ends when it expires, is revoked, or its person
is removed.`,
		Example: "  entente token issue d.reyes --name \"nightly figures\" --days 30 --group 1",
		RunE: func(c *cobra.Command, args []string) error {
			ask.Person = args[0]
			return m.issueToken(c.Context(), ask)
		}}
	issue.Flags().StringVar(&ask.Name, "name", "", "what it is for")
	issue.Flags().BoolVar(&ask.Write, "write", false, "it may act in groups, not only read")
	issue.Flags().IntVar(&ask.Days, "days", 0, "how long it lasts: at most 366; 90 where none is given")
	issue.Flags().StringSliceVar(&ask.Groups, "group", nil, "only for this group; again for others")
	list := &cobra.Command{Use: "list", Short: "lists the tokens, when each was last used, and when it ends", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return m.tokens(c.Context()) }}
	revoke := &cobra.Command{Use: "revoke ID", Short: "ends a token at once", Args: cobra.ExactArgs(1),
		Example: "  entente token revoke 7f3ac21e05",
		RunE:    func(c *cobra.Command, args []string) error { return m.revokeToken(c.Context(), args[0]) }}
	c.AddCommand(issue, list, revoke)
	return c
}

// asAdministrator speaks for who was named or, where nobody was, as the owner of the data folder.
func (m *Main) asAdministrator(c *client) *client {
	if m.as == "" {
		return c.asOwner()
	}
	return c
}

func (m *Main) issueToken(ctx context.Context, ask api.AskToken) error {
	if ask.Name == "" {
		return usagef("Say what the token is for: --name WHAT-FOR. Nothing was done.")
	}
	return m.with(ctx, func(c *client) error {
		var out api.IssuedToken
		if err := m.asAdministrator(c).post(ctx, "/v1/tokens", ask, &out); err != nil {
			return err
		}
		may := "may read"
		if ask.Write {
			may = "may read and act"
		}
		m.say("This token %s for %s until %s. It is shown this once: hand it over yourself. To end it:  entente token revoke %s",
			may, out.Person, out.Expires.Format("2 Jan 2006 15:04 MST"), out.ID)
		return m.result(out, func(w io.Writer) { fmt.Fprintln(w, out.Secret) })
	})
}

func (m *Main) tokens(ctx context.Context) error {
	return m.with(ctx, func(c *client) error {
		var out api.TokenList
		if err := m.asAdministrator(c).get(ctx, "/v1/tokens", &out); err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			for _, t := range out.Tokens {
				fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-12s %-16s %-5s %-24s %s", t.ID, t.Person, t.Scope, oneLine.Replace(t.Name), tokenState(t)), " "))
			}
			if len(out.Tokens) == 0 {
				fmt.Fprintln(w, "None yet.  entente token issue PERSON --name WHAT-FOR")
			}
		})
	})
}

// tokenState says until when a token stands or since when it does not, when it was used, and where.
func tokenState(t api.Token) string {
	day := func(at time.Time) string { return at.Format(time.DateOnly) }
	out := "until " + day(t.Expires)
	switch {
	case !t.Revoked.IsZero():
		out = "revoked " + day(t.Revoked)
	case !t.Stands:
		out = "expired " + day(t.Expires)
	}
	if t.Used.IsZero() {
		out += ", never used"
	} else {
		out += ", last used " + t.Used.Format("2006-01-02 15:04")
	}
	if t.Restricted {
		out += ", only " + or(strings.Join(t.Groups, " "), "groups in which you do not sit")
	}
	return out
}

func (m *Main) revokeToken(ctx context.Context, id string) error {
	return m.with(ctx, func(c *client) error {
		var out api.Token
		if err := m.asAdministrator(c).post(ctx, "/v1/tokens/"+url.PathEscape(id)+"/revoke", nil, &out); err != nil {
			return instead(err, "There is no token %s here. Nothing was done. Look:  entente token list", id)
		}
		m.say("Revoked %s, %q of %s. It opens nothing any more.", out.ID, out.Name, out.Person)
		return m.result(out, func(io.Writer) {})
	})
}
