package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

func (m *Main) personCommand() *cobra.Command {
	c := &cobra.Command{Use: "person", Short: "This party's people: list, add, link, remove.", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return m.people(c.Context()) }}
	var name, role, agency []string
	var admin bool
	add := &cobra.Command{Use: "add ID --name NAME", Short: "adds somebody; the first is an administrator", Args: cobra.ExactArgs(1),
		Example: "  entente person add d.reyes --name \"D. Reyes\" --role \"Head of delegation\"",
		RunE: func(c *cobra.Command, args []string) error {
			return m.addPerson(c.Context(), args[0], name, role, agency, admin)
		}}
	add.Flags().StringArrayVar(&name, "name", nil, "the person's name; again for other languages: --name he=…")
	add.Flags().StringArrayVar(&role, "role", nil, "the person's role")
	add.Flags().StringArrayVar(&agency, "agency", nil, "the person's agency")
	add.Flags().BoolVar(&admin, "admin", false, "may add people, counterparts and groups")
	link := &cobra.Command{Use: "link ID", Short: "makes a one-time link with which the person signs in", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.personLink(c.Context(), args[0]) }}
	remove := &cobra.Command{Use: "remove ID", Short: "removes somebody: sessions end at once", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.removePerson(c.Context(), args[0]) }}
	c.AddCommand(add, link, remove)
	return c
}

func (m *Main) people(ctx context.Context) error {
	return m.with(ctx, func(c *client) error {
		var out struct {
			People []api.Person `json:"people"`
		}
		if err := c.get(ctx, "/v1/people", &out); err != nil {
			return err
		}
		langs, err := c.languages(ctx)
		if err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			for _, p := range out.People {
				note := ""
				if p.Admin {
					note = "administrator"
				}
				if !p.Removed.IsZero() {
					note = "removed " + p.Removed.Format(time.DateOnly)
				}
				fmt.Fprintf(w, "%-16s %-24s %-32s %s\n", p.ID, oneLine.Replace(p.Name.Best(langs...).Text), oneLine.Replace(p.Role.Best(langs...).Text), note)
			}
			if len(out.People) == 0 {
				fmt.Fprintln(w, "Nobody yet.  entente person add ID --name NAME")
			}
		})
	})
}

func (m *Main) addPerson(ctx context.Context, id string, name, role, agency []string, admin bool) error {
	return m.with(ctx, func(c *client) error {
		body := struct {
			ID     string    `json:"id"`
			Name   api.Words `json:"name"`
			Role   api.Words `json:"role,omitempty"`
			Agency api.Words `json:"agency,omitempty"`
			Admin  bool      `json:"admin"`
		}{ID: id, Admin: admin}
		for _, t := range []struct {
			flags []string
			into  *api.Words
		}{{name, &body.Name}, {role, &body.Role}, {agency, &body.Agency}} {
			var err error
			if *t.into, err = c.words(ctx, t.flags); err != nil {
				return err
			}
		}
		if m.as == "" {
			c = c.asOwner() // whoever has the folder may add people to it
		}
		var out map[string]string
		if err := c.post(ctx, "/v1/people", body, &out); err != nil {
			return err
		}
		m.say("Added %s. A link to sign in with:  entente person link %s", id, id)
		return m.result(out, func(io.Writer) {})
	})
}

func (m *Main) personLink(ctx context.Context, id string) error {
	return m.with(ctx, func(c *client) error {
		var out struct {
			Person  string    `json:"person"`
			Path    string    `json:"path"`
			Pages   string    `json:"pages"`
			Expires time.Time `json:"expires"`
		}
		if m.as == "" {
			c = c.asOwner()
		}
		if err := c.post(ctx, "/v1/links", map[string]string{"person": id}, &out); err != nil {
			return err
		}
		m.say("This link signs %s in once, until %s. Hand it over yourself; whoever has it is %s.", id, out.Expires.Format("2 Jan 2006 15:04 MST"), id)
		return m.result(out, func(w io.Writer) { fmt.Fprintln(w, out.Pages+out.Path) })
	})
}

func (m *Main) removePerson(ctx context.Context, id string) error {
	return m.with(ctx, func(c *client) error {
		if m.as == "" {
			c = c.asOwner()
		}
		var out map[string]string
		if err := c.post(ctx, "/v1/people/"+url.PathEscape(id)+"/remove", nil, &out); err != nil {
			return err
		}
		m.say("Removed %s. Sessions have ended, links and security keys stopped working; the name stays on what was said.", id)
		return m.result(out, func(io.Writer) {})
	})
}
