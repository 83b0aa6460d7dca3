package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

func (m *Main) showCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show GROUP/PARTY/EPOCH/INDEX", Short: "Prints one entry of a log as JSON.", Args: cobra.ExactArgs(1),
		Long: `Prints an entry of a log with everything that it says, as JSON: who acted, when, what had been
seen, and the act itself by the names of docs/spec/act.md. Instead of its place the entry can be
named by the first eight or more digits of its id. entente log --group GROUP --party PARTY lists them.`,
		Example: "  entente show 1/IL/0/338\n  entente show 7f3ac21e",
		RunE:    func(c *cobra.Command, args []string) error { return m.show(c.Context(), args[0]) },
	}
}

func (m *Main) show(ctx context.Context, name string) error {
	group, q, err := parsePlace(name)
	if err != nil {
		return err
	}
	return m.with(ctx, func(c *client) error {
		handles, err := c.handles(ctx, group)
		if err != nil {
			return err
		}
		for _, h := range handles {
			var p api.ActPage
			err := c.get(ctx, "/v1/g/"+url.PathEscape(h)+"/entry?"+q.Encode(), &p)
			var f *api.Fault
			switch {
			case err == nil:
				return m.print(p)
			case !errors.As(err, &f) || f.Kind != "withheld":
				return err
			}
		}
		return &api.Fault{Kind: "withheld", Message: fmt.Sprintf("There is no entry %s here. Nothing was done. What there is:  entente log --group GROUP --party PARTY", name), Exit: api.ExitFailed}
	})
}

// parsePlace reads where an entry stands, or the beginning of its id.
func parsePlace(name string) (group string, q url.Values, err error) {
	parts := strings.Split(name, "/")
	if id := strings.ReplaceAll(name, " ", ""); len(parts) == 1 && isHex(id) {
		return "", url.Values{"id": {id}}, nil
	}
	if len(parts) == 4 && parts[0] != "" && parts[1] != "" {
		_, e1 := strconv.ParseUint(parts[2], 10, 32)
		_, e2 := strconv.ParseUint(parts[3], 10, 32)
		if e1 == nil && e2 == nil {
			return parts[0], url.Values{"party": {parts[1]}, "epoch": {parts[2]}, "index": {parts[3]}}, nil
		}
	}
	return "", nil, usagef("%q names no entry. Nothing was done. Write GROUP/PARTY/EPOCH/INDEX, as in 1/IL/0/338, or eight digits or more of its id.", name)
}

// isHex reports whether a word can be the beginning of an id.
func isHex(s string) bool {
	return len(s) >= 8 && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
