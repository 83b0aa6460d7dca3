package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"entente/internal/api"
)

// maxReadingsFile is how many bytes of a file of observations are read.
const maxReadingsFile = 64 << 20

// maxMapping bounds a mapping's file, in bytes.
const maxMapping = 256 << 10

// shownSample is how many of the observations of a file are printed; --json has more.
const shownSample = 5

type importFlags struct {
	group, of, mapping, sheet, marking, out string
	fit, preview, apply, leaveOut, targets  bool
}

func (m *Main) importObservations() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "observations FILE", Short: "observations from a table (CSV, XLSX) by a mapping of its columns, or from the results of an IATI file", Args: cobra.ExactArgs(1),
		Long: `Reads observations from a file of a table. A mapping says what its columns hold; without --mapping it
is suggested from the head of the table, and --mapping-out writes it to a file to be completed. Every
row that cannot be read is told with its row, its column and the reason. A file of IATI activities (XML)
needs no mapping: its results are read, indicator by indicator.

Nothing is sent without --apply. An import is sent whole or not at all: one rejected row keeps it back,
unless --leave-out-rejected says that such rows stay behind. What stands already is not sent again, so
the same file can be imported twice. The batches that are named at the end can be taken back.`,
		Example: `  entente import observations readings.csv --for T-1 --preview
  entente import observations readings.csv --for T-1 --mapping-out m.json
  entente import observations readings.csv --for T-1 --mapping m.json --apply
  entente observations takeback 7f3ac21e`,
		RunE: func(c *cobra.Command, args []string) error {
			if f.preview && f.apply {
				return usagef("Choose one: --preview, which sends nothing, or --apply. Nothing was sent.")
			}
			return m.importReadings(c.Context(), args[0], f)
		},
	}
	p := c.Flags()
	p.StringVar(&f.group, "group", "", "the group, by its number")
	p.StringVar(&f.of, "for", "", "the agreement or the programme that they are of: T-1")
	p.StringVar(&f.mapping, "mapping", "", "what the columns hold: a file in JSON")
	p.StringVar(&f.out, "mapping-out", "", "write the mapping that was used, or is suggested, to this file")
	p.BoolVar(&f.fit, "fit", false, "the mapping is of another file of the same form: find its columns by their names")
	p.StringVar(&f.sheet, "sheet", "", "of a workbook: which sheet")
	p.StringVar(&f.marking, "marking", "", "marking, if narrower than the group's")
	p.BoolVar(&f.preview, "preview", false, "say what it would bring, and send nothing (so it is without --apply)")
	p.BoolVar(&f.apply, "apply", false, "send it")
	p.BoolVar(&f.targets, "targets", false, "of an IATI file: propose obligations of what is aimed at, too")
	p.BoolVar(&f.leaveOut, "leave-out-rejected", false, "leave out rejected rows")
	if err := c.MarkFlagRequired("for"); err != nil {
		panic(err) // it is registered above
	}
	return c
}

func (m *Main) importReadings(ctx context.Context, name string, f importFlags) error {
	ask := api.AskReadingImport{Element: f.of, Name: filepath.Base(name), Sheet: f.sheet, Fit: f.fit, Targets: f.targets, Apply: f.apply, LeaveOut: f.leaveOut, Marking: f.marking}
	var err error
	if ask.File, err = readSmall(name, maxReadingsFile); err != nil {
		return err
	}
	if f.mapping != "" {
		if err := readMapping(f.mapping, &ask); err != nil {
			return err
		}
	}
	if f.out != "" {
		if err := freeOut(f.out); err != nil {
			return err
		}
	}
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, f.group, f.of)
		if err != nil {
			return err
		}
		var out api.ReadingImport
		end := m.follow("reading "+ask.Name, "rows", nil)
		kept, err := c.importReadings(ctx, group, ask, &out)
		if end(); err != nil {
			return err
		}
		if f.out != "" && out.Mapping != nil {
			b, err := json.MarshalIndent(out.Mapping, "", "  ")
			if err != nil {
				return err
			}
			if err := m.writeOut(f.out, append(b, '\n'), 0o644); err != nil {
				return err
			}
		}
		if err := m.result(out, func(w io.Writer) { printReadingImport(w, out, f) }); err != nil {
			return err
		}
		if kept || out.Problem != "" {
			return silent(api.ExitFailed)
		}
		return nil
	})
}

// importReadings asks for an import. Where rejected rows keep it back, it asks once more for what they
// are, and says so.
func (c *client) importReadings(ctx context.Context, group string, ask api.AskReadingImport, out *api.ReadingImport) (kept bool, err error) {
	path := groupPath(group, "/import/observations")
	err = c.post(ctx, path, ask, out)
	var f *api.Fault
	if !ask.Apply || !errors.As(err, &f) || f.Rule != "rejects" {
		return false, err
	}
	ask.Apply = false
	return true, c.post(ctx, path, ask, out)
}

// readMapping reads a mapping strictly into a request.
func readMapping(name string, ask *api.AskReadingImport) error {
	b, err := readSmall(name, maxMapping)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&ask.Mapping); err != nil || ask.Mapping == nil {
		return usagef("%s is no mapping of columns: %v. Nothing was sent. Make one to begin with:  entente import observations FILE --for T-1 --mapping-out m.json", name, err)
	}
	return nil
}

func printReadingImport(w io.Writer, out api.ReadingImport, f importFlags) {
	if out.Problem != "" {
		fmt.Fprintf(w, "The head of the table does not tell all: %s. Nothing was sent.\n", out.Problem)
		for _, c := range out.Columns {
			fmt.Fprintf(w, "  %-3s %s %s\n", c.Letter(), oneLine.Replace(c.Name), c.Tag)
		}
		fmt.Fprintln(w, "Write what is suggested to a file, complete it, and give it:  --mapping-out m.json, then --mapping m.json")
		return
	}
	for _, r := range out.Rejects {
		value := ""
		if r.Value != "" {
			value = fmt.Sprintf(" (%s)", oneLine.Replace(r.Value))
		}
		fmt.Fprintf(w, "%s: %s%s\n", r.Place(), r.Says, value)
	}
	if out.Untold > 0 {
		fmt.Fprintf(w, "and %d more\n", out.Untold)
	}
	row := "row"
	if out.Mapping == nil {
		row = "line" // of a file without rows
	}
	for _, s := range out.Sample[:min(len(out.Sample), shownSample)] {
		r := s.Reading
		fmt.Fprintf(w, "  %s %-5d %s  %s %s %s %s  %-3s %s\n", row, s.Row, r.AsOf, r.Quantity, r.Sign, r.Value, r.Unit, r.Grade, shortened(s.Source.Title, 40))
	}
	for _, t := range out.Targets {
		what := "aimed at, and watched by no obligation yet (--targets)"
		if t.Ref != "" {
			what = "as " + t.Ref.Display()
		}
		fmt.Fprintf(w, "  line %-4d %s  %s: %s\n", t.Line, shortened(t.Title.Best("en").Text, 40), what, t.Watch.Rule)
	}
	fmt.Fprintf(w, "%d rows: %d observations, %d rejected, %d stand already, %d cells blank, %d rows passed over.\n", out.Rows, out.Ready, out.Rejected, out.Already, out.Blank, out.Passed)
	switch {
	case len(out.Sent) > 0:
		fmt.Fprintf(w, "Sent in %d batches. Take it back with:  entente observations takeback", len(out.Sent))
		for _, s := range out.Sent {
			fmt.Fprintf(w, " %s", s.ID.String()[:12])
		}
		fmt.Fprintln(w)
	case out.Rejected > 0 && !f.leaveOut:
		fmt.Fprintln(w, "Nothing was sent. Mend the file or the mapping, or leave those rows out:  --leave-out-rejected --apply")
	case f.apply:
		fmt.Fprintln(w, "All of it stands already. Nothing was sent.")
	default:
		fmt.Fprintf(w, "Nothing was sent. It would go in %d batches:  --apply\n", out.Acts)
	}
}
