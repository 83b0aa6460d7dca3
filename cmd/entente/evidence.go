package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
)

func (m *Main) evidenceCommand() *cobra.Command {
	var group, out string
	var f asKnown
	c := &cobra.Command{
		Use: "evidence REF", Short: "Writes the verdict on an obligation with all that it follows from, for strangers to compute again.", Args: cobra.ExactArgs(1),
		Long: `Writes one .entente file: the verdict on an obligation or a milestone as of a day, and everything that
the parties of its group have signed, from which it follows. Whoever has the file and the parties'
cards checks it with entente verify, without any server, and computes the verdict again.

The logs are in it whole, up to their checkpoints: that is how it shows that no reading, correction or
dispute was left out. It is as confidential as the group. Of your national margin nothing is in it,
and readings of it do not count.`,
		Example: "  entente evidence O-8\n  entente evidence O-8 --as-of 2016-11-10 --out heavy-water.entente\n  entente evidence O-8 --as-of 2016-12-01 --known 2016-12-01 --by reported",
		RunE: func(c *cobra.Command, args []string) error {
			return m.evidence(c.Context(), group, args[0], f, out)
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringVar(&f.on, "as-of", "", "the day that the verdict is of: 2016-12-01 (today)")
	c.Flags().StringVar(&f.known, "known", "", "count only what was known by the end of this day")
	c.Flags().StringVar(&f.by, "by", "", "known in which sense: entered (the default) or reported")
	c.Flags().StringVar(&out, "out", "", "the file to write; - for the standard output")
	return c
}

func (m *Main) evidence(ctx context.Context, group, name string, f asKnown, out string) error {
	ref, err := api.ParseRef(name)
	if err != nil {
		return err
	}
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, string(ref))
		if err != nil {
			return err
		}
		file, err := c.fetch(ctx, http.MethodGet, groupPath(group, "/evidence/"+url.PathEscape(string(ref))+f.query()), nil)
		if err != nil {
			return instead(err, "Nothing is watched at %s. Nothing was written. What is watched:  entente monitor, entente programme", ref.Display())
		}
		path := or(out, fmt.Sprintf("group-%s-%s.entente", group, fileRef(ref)))
		if err := m.wrote(path, file); err != nil {
			return err
		}
		if m.json && path != "-" {
			return m.print(map[string]any{"file": path, "bytes": len(file)})
		}
		return nil
	})
}

// fileRef is a reference in a file's name: o8, o1.2.
func fileRef(ref act.Ref) string { return strings.ToLower(strings.Replace(string(ref), "-", "", 1)) }
