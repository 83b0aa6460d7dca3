package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
	"entente/internal/compliance"
)

// observeFlags say what was read, and where.
type observeFlags struct {
	group, marking string
	note           []string // on the sending
	reading        api.AskReading
	source         act.Citation
	bears          []string
	margin         bool
}

func (m *Main) observeCommand() *cobra.Command {
	var f observeFlags
	c := &cobra.Command{
		Use: "observe REF VALUE", Short: "Enters one observation: a value or a bound, of a day, with its source and grade.", Args: cobra.ExactArgs(2),
		Long: `Enters one observation. The reference is an obligation's or a milestone's, whose quantity and unit it
then has, or an agreement's or a programme's, with --quantity and --unit. The value is a number, or
a bound of one: "<130", "<=300", ">0". A negative one follows two hyphens: entente observe O-3 -- -5

It is your party's word and is sent to the others; with --margin it stays here, beside your national
margin, and is computed with for your own delegation alone. To correct an earlier observation of
yours, name it with --replaces; entente observations O-8 lists them with their names.`,
		Example: "  entente observe O-8 114.4 --as-of 2017-11-05 --source \"Quarterly report\" --document GOV/2017/48 --grade A1\n  entente observe T-1 \"<130\" --quantity heavy_water_stock --unit t --as-of 2016-12-06 --source \"Reuters\" --grade C2\n  entente observe O-8 131 --as-of 2017-12-01 --source \"Cable 4471\" --margin",
		RunE:    func(c *cobra.Command, args []string) error { return m.observe(c.Context(), args[0], args[1], f) },
	}
	p := c.Flags()
	p.StringVar(&f.group, "group", "", "the group, by its number")
	p.StringVar(&f.reading.Quantity, "quantity", "", "what was measured; without it the obligation's")
	p.StringVar(&f.reading.Unit, "unit", "", "in which unit: t, kg{U}, %, 1; without it the obligation's")
	p.StringVar(&f.reading.AsOf, "as-of", "", "the day that it is of (today)")
	p.StringVar(&f.reading.Reported, "reported", "", "the day on which it was reported")
	p.StringVar(&f.reading.Grade, "grade", "", "of the Admiralty code: source A to F, information 1 to 6, such as B2")
	p.StringVar(&f.reading.Note, "note", "", "a note on it")
	p.StringVar(&f.reading.Replaces, "replaces", "", "an earlier one of yours that it corrects")
	p.StringSliceVar(&f.bears, "bears", nil, "of a programme: on which hypotheses it bears, -2 to 2: H-1=2,H-2=-1")
	p.StringVar(&f.source.Title, "source", "", "where it was read")
	p.StringVar(&f.source.Document, "document", "", "of the source: the document's number")
	p.StringVar(&f.source.Place, "place", "", "page or paragraph")
	p.StringVar(&f.source.Address, "address", "", "where it can be read")
	p.StringVar(&f.source.Quote, "quote", "", "its words")
	p.StringVar(&f.marking, "marking", "", "marking, if narrower than the group's")
	p.StringArrayVar(&f.note, "text", nil, "a note on the sending; again for other languages")
	p.BoolVar(&f.margin, "margin", false, "keep it here, for your own delegation alone")
	return c
}

func (m *Main) observe(ctx context.Context, ref, value string, f observeFlags) error {
	r, err := api.ParseRef(ref)
	if err != nil {
		return err
	}
	a := f.reading
	a.Value = value
	a.AsOf = or(a.AsOf, m.Now().UTC().Format("2006-01-02"))
	if a.Bears, err = bearings(f.bears); err != nil {
		return err
	}
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, f.group, string(r))
		if err != nil {
			return err
		}
		of, err := c.measured(ctx, group, r, &a)
		if err != nil {
			return err
		}
		words, err := c.words(ctx, f.note)
		if err != nil {
			return err
		}
		if f.margin {
			return m.keepReading(ctx, c, group, string(r), api.AskMarginReading{Reading: &a, Source: &f.source, Words: words})
		}
		return m.post(ctx, c, group, "/observations", api.AskObservations{Element: string(of), Sources: []act.Citation{f.source}, Readings: []api.AskReading{a}, Marking: f.marking, Text: words})
	})
}

// measured is the agreement or the programme of an element, with the quantity and the unit of an
// obligation put into a reading that has none.
func (c *client) measured(ctx context.Context, group string, ref act.Ref, a *api.AskReading) (act.Ref, error) {
	var o compliance.Obligation
	err := instead(c.get(ctx, groupPath(group, "/monitor/"+url.PathEscape(string(ref))), &o), "")
	if err != nil && err.Error() != "" {
		return "", err
	}
	if err != nil { // no obligation: the agreement itself
		return ref, nil
	}
	a.Quantity, a.Unit = or(a.Quantity, o.Quantity), or(a.Unit, o.Unit)
	return o.Agreement, nil
}

// bearings reads on which hypotheses a sighting bears: H-1=2.
func bearings(flags []string) (out []api.AskBearing, err error) {
	for _, s := range flags {
		name, weight, _ := strings.Cut(s, "=")
		n, err := strconv.Atoi(weight)
		if err != nil {
			return nil, usagef("%.40q does not say how it bears on a hypothesis. Nothing was sent. Write it like --bears H-1=2,H-2=-1", s)
		}
		out = append(out, api.AskBearing{Hypothesis: name, Weight: n})
	}
	return out, nil
}

// keepReading keeps an observation in the national margin.
func (m *Main) keepReading(ctx context.Context, c *client, group, ref string, ask api.AskMarginReading) error {
	var out api.MarginEntry
	if err := c.post(ctx, groupPath(group, "/e/"+url.PathEscape(ref)+"/margin/reading"), ask, &out); err != nil {
		return err
	}
	return m.result(out, func(w io.Writer) {
		fmt.Fprintf(w, "Kept, for your delegation alone: %s %d. It counts in the verdicts that you see here, and in none that you send.\n", out.Entry.Field, out.Entry.Number)
	})
}

func (m *Main) observationsCommand() *cobra.Command {
	var group string
	var why []string
	c := &cobra.Command{
		Use: "observations REF", Short: "The observations of an obligation by name, and taking one's own back.", Args: cobra.ExactArgs(1),
		Long: `Every observation that bears on an obligation, with its name: the id of the batch it was sent in, a
full stop, and its place in it. Nothing that was sent is ever deleted: a batch that is taken back, as
after a wrong import, stands no more, and its observations count nowhere.`,
		Example: "  entente observations O-8\n  entente observations takeback 7f3ac21e --text \"The wrong file.\"",
		RunE:    func(c *cobra.Command, args []string) error { return m.observations(c.Context(), group, args[0]) },
	}
	c.PersistentFlags().StringVar(&group, "group", "", "the group, by its number")
	back := &cobra.Command{Use: "takeback BATCH…", Short: "takes batches of your own observations back, such as an import", Args: cobra.MinimumNArgs(1),
		Example: "  entente observations takeback 7f3ac21e --text \"The wrong file.\"",
		RunE:    func(c *cobra.Command, args []string) error { return m.takeBack(c.Context(), group, args, why) }}
	back.Flags().StringArrayVar(&why, "text", nil, "why; again for other languages")
	c.AddCommand(back)
	return c
}

func (m *Main) observations(ctx context.Context, group, ref string) error {
	return m.with(ctx, func(c *client) error {
		var o compliance.Obligation
		if _, err := c.watched(ctx, group, ref, "/monitor", "", &o); err != nil {
			return err
		}
		out := struct {
			Points []compliance.Point   `json:"points"`
			Others []compliance.Series  `json:"others,omitempty"`
			Gone   []compliance.Entered `json:"gone,omitempty"`
		}{o.Points, o.Others, o.Gone}
		return m.result(out, func(w io.Writer) {
			if len(o.Points)+len(o.Gone) == 0 {
				fmt.Fprintf(w, "Nothing has been read of %s yet. Enter something:  entente observe %s VALUE --as-of DAY --source WORDS\n", o.Display, o.Ref)
			}
			for _, p := range o.Points {
				fmt.Fprintf(w, "%s  %s  %s\n", p.Day, inUnit(p.Value, p.Unit), p.Grade)
				for _, e := range p.Entries {
					printEntered(w, e, "")
				}
			}
			for _, e := range o.Gone {
				printEntered(w, e, fmt.Sprintf(" %s of %s, %s", e.Value, e.Day, strings.ReplaceAll(e.Gone, "-", " ")))
			}
		})
	})
}

// printEntered prints one observation as a party entered it, with its name.
func printEntered(w io.Writer, e compliance.Entered, more string) {
	name := e.ID.String()
	if e.Margin {
		name = "kept in your national margin"
	}
	fmt.Fprintf(w, "  %s%s\n    %s, entered %s, %s\n", name, more, e.Party, when(e.Stamp.At), oneLine.Replace(e.Source.Title))
}

// takeBack takes batches back, each named by the first digits of its id.
func (m *Main) takeBack(ctx context.Context, group string, batches, why []string) error {
	return m.with(ctx, func(c *client) error {
		ask := api.AskTakeBack{}
		var in string
		for _, name := range batches {
			g, page, err := c.batch(ctx, group, name)
			if err != nil {
				return err
			}
			var a struct {
				Body struct {
					Element  string            `json:"element"`
					Readings []json.RawMessage `json:"readings"`
				} `json:"body"`
			}
			if err := json.Unmarshal(page.Act, &a); err != nil || len(a.Body.Readings) == 0 {
				return usagef("%s is no batch of observations. Nothing was sent. Batches by name:  entente observations REF", name)
			}
			if ask.Element != "" && (ask.Element != a.Body.Element || in != g) {
				return usagef("The batches are of %s and of %s. Nothing was sent. Take them back one after the other.", ask.Element, a.Body.Element)
			}
			ask.Element, in = a.Body.Element, g
			ask.Batches = append(ask.Batches, page.ID.String())
		}
		var err error
		if ask.Text, err = c.words(ctx, why); err != nil {
			return err
		}
		var out api.SentActs
		if err := c.post(ctx, groupPath(in, "/observations/takeback"), ask, &out); err != nil {
			return err
		}
		return m.result(out.Sent[0], func(w io.Writer) {
			fmt.Fprintf(w, "Taken back from %s: %d batches. Their observations count no more. Entry %d of your log in group %s.\n", ask.Element, len(ask.Batches), out.Sent[0].Index, in)
		})
	})
}

// batch finds a batch of observations by the first digits of its id.
func (c *client) batch(ctx context.Context, group, name string) (string, *api.ActPage, error) {
	id, _, _ := strings.Cut(name, ".") // an observation's own name will do
	if !isHex(id) {
		return "", nil, usagef("%q names no batch. Nothing was sent. Give eight digits or more of its id, as entente observations REF shows it.", name)
	}
	handles, err := c.handles(ctx, group)
	if err != nil {
		return "", nil, err
	}
	for _, h := range handles {
		var p api.ActPage
		err := c.get(ctx, groupPath(h, "/entry?"+url.Values{"id": {id}}.Encode()), &p)
		if err == nil {
			return h, &p, nil
		}
		if instead(err, "") == err {
			return "", nil, err
		}
	}
	return "", nil, &api.Fault{Kind: "withheld", Message: fmt.Sprintf("There is no batch %s here. Nothing was sent. Batches by name:  entente observations REF", name), Exit: api.ExitFailed}
}
