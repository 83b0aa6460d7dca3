package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entente/act"
	"entente/internal/api"
	"entente/internal/national"
)

// wholeGroup stands for a reference where the margin of the whole group is meant.
const wholeGroup = "all"

func (m *Main) marginCommand() *cobra.Command {
	var group string
	c := &cobra.Command{
		Use: "margin", Short: "The national margin: what your delegation notes for itself alone. It never leaves this server.", Args: cobra.NoArgs,
		Long: `Notes, instructions, fallback positions, red lines and clearances beside the elements of a group, or
beside the whole group with “all” in place of a reference. It is seen by the people of your own
delegation to the group and by nobody else, and it is in no log, bundle, proof or export.

A red line warns you where a text crosses it, whoever's text it is. A text of yours that repeats
words of the margin, or that has not been cleared, is held (exit code 5) until it is changed,
cleared, or released once by a releasing officer.`,
		Example: `  entente margin show A-1.1.2
  entente margin instruct A-1.1.2 "Hold at thirty days until the minister has spoken."
  entente margin redline A-1.1.2 "Never more than a month." --unit days --unit ימים --max 30
  entente margin never-say "Project Lantern"`,
		RunE: func(c *cobra.Command, _ []string) error { return m.showMargin(c.Context(), group, wholeGroup) },
	}
	c.PersistentFlags().StringVar(&group, "group", "", "the group, by its number")
	show := &cobra.Command{Use: "show [REF]", Short: "what stands in the margin, and which texts cross a red line", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return m.showMargin(c.Context(), group, append(args, wholeGroup)[0])
		}}
	c.AddCommand(show, m.redLineCommand(&group), m.requireCommand(&group), m.reasonCommand(&group))
	for _, x := range []struct {
		use, short string
		field      national.Field
	}{
		{"note", "discussion inside the delegation", national.Note},
		{"instruct", "what the capital says to do", national.Instruction},
		{"fallback", "what may be settled for", national.Fallback},
	} {
		var number uint64
		sub := &cobra.Command{Use: x.use + " REF WORDS…", Short: x.short, Args: cobra.MinimumNArgs(2),
			RunE: func(c *cobra.Command, args []string) error {
				return m.noteMargin(c.Context(), group, args[0], api.AskMargin{Field: string(x.field), Number: number}, args[1:])
			}}
		sub.Flags().Uint64Var(&number, "entry", 0, "change the entry with this number; what it said before is kept")
		c.AddCommand(sub)
	}
	c.AddCommand(&cobra.Command{Use: "never-say PHRASE…", Short: "a phrase that must not go out, in any text of the party", Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return m.noteMargin(c.Context(), group, wholeGroup, api.AskMargin{Field: string(national.NeverSay)}, args)
		}})
	c.AddCommand(&cobra.Command{Use: "officer PERSON", Short: "names somebody who may release what was held", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return m.noteMargin(c.Context(), group, wholeGroup, api.AskMargin{Field: string(national.Officer), Person: args[0]}, nil)
		}})
	c.AddCommand(&cobra.Command{Use: "end REF NUMBER", Short: "ends an entry; what it said is kept", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := strconv.ParseUint(args[1], 10, 64)
			if err != nil {
				return usagef("%.20q is no entry's number. Nothing was written.", args[1])
			}
			return m.noteMargin(c.Context(), group, args[0], api.AskMargin{Number: n, End: true}, nil)
		}})
	c.AddCommand(m.draftCommands(&group)...)
	return c
}

func (m *Main) redLineCommand(group *string) *cobra.Command {
	var l api.AskLine
	var must, mustNot []string
	c := &cobra.Command{
		Use: "redline REF [WORDS…]", Short: "a line that no text may cross: a number, a phrase or a rule", Args: cobra.MinimumNArgs(1),
		Long: `A red line is checked against every text of the element, yours and the others', and you are told
where one crosses it. It holds nothing back.`,
		Example: `  entente margin redline A-1.1.2 "A month at most." --unit days --max 30
  entente margin redline A-1.1.2 --must-not "may"
  entente margin redline all --rule 'lang != "en" || !text.contains("best efforts")'`,
		RunE: func(c *cobra.Command, args []string) error {
			ask := api.AskMargin{Field: string(national.RedLines), Line: &l}
			phrase := must
			switch {
			case l.Rule != "":
				l.Kind = string(national.ByRule)
			case len(mustNot) > 0:
				l.Kind, phrase = string(national.MustNot), mustNot
			case len(must) > 0:
				l.Kind = string(national.Must)
			default:
				l.Kind = string(national.InRange)
			}
			return m.with(c.Context(), func(cl *client) (err error) {
				if l.Phrase, err = cl.words(c.Context(), phrase); err != nil {
					return err
				}
				return m.enterMargin(c.Context(), cl, *group, args[0], ask, args[1:])
			})
		},
	}
	f := c.Flags()
	f.StringSliceVar(&l.Units, "unit", nil, "a number: the word or sign after it; again for other words")
	f.IntVar(&l.Position, "position", 0, "a number: or which of the text's numbers, from 1")
	f.StringVar(&l.Min, "min", "", "a number: the least that is allowed")
	f.StringVar(&l.Max, "max", "", "a number: the most that is allowed")
	f.StringArrayVar(&must, "must", nil, "a phrase that must stand in the text; again for other languages: he=…")
	f.StringArrayVar(&mustNot, "must-not", nil, "a phrase that must not stand in it")
	f.StringVar(&l.Rule, "rule", "", "a rule in CEL over text, lang, element and numbers, true where the text is within the line")
	f.StringSliceVar(&l.Langs, "in", nil, "check these languages only")
	return c
}

func (m *Main) requireCommand(group *string) *cobra.Command {
	ask := api.AskMargin{Field: string(national.Clearance)}
	c := &cobra.Command{Use: "require REF [WORDS…]", Short: "says who must clear a text before it is sent", Args: cobra.MinimumNArgs(1),
		Example: "  entente margin require A-1.1.2 --role \"Legal adviser\"\n  entente margin require all --person h.chief",
		RunE: func(c *cobra.Command, args []string) error {
			return m.noteMargin(c.Context(), *group, args[0], ask, args[1:])
		}}
	c.Flags().StringVar(&ask.Person, "person", "", "this person")
	c.Flags().StringVar(&ask.Role, "role", "", "anybody with this role")
	return c
}

func (m *Main) reasonCommand(group *string) *cobra.Command {
	ask := api.AskMargin{Field: string(national.Bracket)}
	c := &cobra.Command{Use: "reason REF REASON [WORDS…]", Short: "why a bracket is kept: alternative, contentious, tactical, waiting or weary", Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			ask.Reason = args[1]
			return m.noteMargin(c.Context(), *group, args[0], ask, args[2:])
		}}
	c.Flags().StringVar(&ask.Of, "of", "", "the party whose words stand in the bracket")
	return c
}

// noteMargin writes an entry with words.
func (m *Main) noteMargin(ctx context.Context, group, ref string, ask api.AskMargin, words []string) error {
	return m.with(ctx, func(c *client) error { return m.enterMargin(ctx, c, group, ref, ask, words) })
}

func (m *Main) enterMargin(ctx context.Context, c *client, group, ref string, ask api.AskMargin, words []string) error {
	path, err := c.marginPath(ctx, group, ref)
	if err != nil {
		return err
	}
	if ask.Words, err = c.words(ctx, joinWords(words)); err != nil {
		return err
	}
	var out api.MarginEntry
	if err := c.post(ctx, path, ask, &out); err != nil {
		return err
	}
	return m.result(out, func(w io.Writer) {
		did := "Noted"
		switch {
		case out.Entry.Ended:
			did = "Ended"
		case out.Entry.Revision > 1:
			did = "Changed"
		}
		fmt.Fprintf(w, "%s, for your delegation alone: %s %d.\n", did, out.Entry.Field, out.Entry.Number)
	})
}

// marginPath is where the margin of an element is, or of a whole group. An element that is not on the
// table yet may have a margin already.
func (c *client) marginPath(ctx context.Context, group, ref string) (string, error) {
	name := act.Ref("")
	if ref != wholeGroup {
		r, err := api.ParseRef(ref)
		if err != nil {
			return "", err
		}
		name = r
		found, err := c.groupOf(ctx, group, string(r))
		var fault *api.Fault
		if err == nil {
			group = found
		} else if !errors.As(err, &fault) || fault.Kind != "withheld" || group != "" {
			return "", err
		}
	}
	group, err := c.oneGroup(ctx, group)
	if err != nil {
		return "", err
	}
	path := "/v1/g/" + url.PathEscape(group)
	if name != "" {
		path += "/e/" + url.PathEscape(string(name))
	}
	return path + "/margin", nil
}

// draftCommands prepare, check, clear and release a text.
func (m *Main) draftCommands(group *string) []*cobra.Command {
	type flags struct {
		title, text, remark, same []string
		kind, parent, of          string
	}
	make := func(use, short, path string, words bool) *cobra.Command {
		var f flags
		c := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1)}
		if words {
			c.Args = cobra.MinimumNArgs(1)
		}
		c.RunE = func(c *cobra.Command, args []string) error {
			return m.with(c.Context(), func(cl *client) error {
				ask := api.AskDraft{}
				var err error
				if ask.Words, err = cl.words(c.Context(), joinWords(args[1:])); err != nil {
					return err
				}
				one := api.Ask{Act: "counter", Kind: f.kind, Of: f.of, Same: f.same}
				if f.kind != "" {
					one.Act = "table"
				}
				if f.parent != "" {
					one.Parent = &f.parent
				}
				body := f.text
				if len(f.remark) > 0 {
					one.Act, body = "remark", f.remark
				}
				if one.Title, err = cl.words(c.Context(), f.title); err != nil {
					return err
				}
				if one.Text, err = cl.words(c.Context(), body); err != nil {
					return err
				}
				if len(one.Title)+len(one.Text) > 0 || path == "draft" || path == "check" {
					ask.Act = &one
				}
				return m.sendDraft(c.Context(), cl, *group, args[0], path, ask)
			})
		}
		c.Flags().StringArrayVar(&f.title, "title", nil, "heading; again for other languages")
		c.Flags().StringArrayVar(&f.text, "text", nil, "the words, as they would be proposed; again for other languages")
		c.Flags().StringSliceVar(&f.same, "same", nil, "languages whose words say the same already")
		c.Flags().StringVar(&f.of, "of", "", "begin from the text that this party holds")
		c.Flags().StringVar(&f.kind, "kind", "", "of a new element: goal, way, action, means or clause")
		c.Flags().StringVar(&f.parent, "parent", "", "of a new element: the one above it")
		if path == "release" || path == "check" {
			c.Flags().StringArrayVar(&f.remark, "remark", nil, "the words of a remark, in place of a text")
		}
		return c
	}
	return []*cobra.Command{
		make("draft REF", "keeps a text that is being prepared, for the delegation to see and to clear", "draft", false),
		make("check REF", "says which red lines a text would cross, and whether it would be held", "check", false),
		make("clear REF [WORDS…]", "clears one exact text: the draft, or the one given. It lapses when that changes", "clear", true),
		make("release REF REASON…", "lets one exact text that was held go out once: the draft, or the one given", "release", true),
	}
}

// sendDraft asks the margin about a text.
func (m *Main) sendDraft(ctx context.Context, c *client, group, ref, what string, ask api.AskDraft) error {
	path, err := c.marginPath(ctx, group, ref)
	if err != nil {
		return err
	}
	if ref == wholeGroup {
		return usagef("Say which element: its reference, like A-1.1.2. Nothing was done.")
	}
	if ask.Act != nil { // the element's name, where it is a new one
		r, _ := api.ParseRef(ref)
		ask.Act.Element = string(r)
	}
	path += "/" + what
	switch what {
	case "check":
		return m.checkMargin(ctx, c, path, ask)
	case "clear":
		var out api.ClearedEntries
		if err := c.post(ctx, path, ask, &out); err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			fmt.Fprintf(w, "Cleared: text %s of %s. Another comma, and it has lapsed.\n", out.Cleared[0].Draft.Short(), ref)
		})
	}
	var out api.MarginEntry
	if err := c.post(ctx, path, ask, &out); err != nil {
		return err
	}
	return m.result(out, func(w io.Writer) {
		switch what {
		case "draft":
			fmt.Fprintf(w, "Kept, for your delegation alone: draft %d of %s, text %s. Nothing was sent.\n", out.Entry.Number, ref, out.Entry.Draft.Short())
		default:
			fmt.Fprintf(w, "Released: text %s of %s may go out once. It cannot be recalled then.\n", out.Entry.Draft.Short(), ref)
		}
	})
}

func (m *Main) checkMargin(ctx context.Context, c *client, path string, ask api.AskDraft) error {
	var out api.MarginCheck
	if err := c.post(ctx, path, ask, &out); err != nil {
		return err
	}
	err := m.result(out, func(w io.Writer) {
		for _, x := range out.Crossings {
			fmt.Fprintln(w, crossing(x))
		}
		switch {
		case out.Held != "":
			fmt.Fprintf(w, "It would be held. %s\n", following(out.Held))
		case len(out.Crossings) == 0:
			fmt.Fprintln(w, "Nothing of the margin is against it.")
		default:
			fmt.Fprintln(w, "It would not be held.")
		}
	})
	if err == nil && out.Held != "" {
		return silent(api.ExitHeldBack)
	}
	return err
}

// crossing says in one line which red line is crossed, by whom, and where.
func crossing(x national.Crossing) string {
	s := fmt.Sprintf("Red line %d is crossed", x.Number)
	if x.Unjudged {
		s = fmt.Sprintf("Red line %d could not be judged", x.Number)
	}
	s += " by the " + x.What
	if x.Party != "" {
		s += " of " + string(x.Party)
	}
	s += fmt.Sprintf(" in %s", x.Lang)
	if x.Words != "" {
		s += fmt.Sprintf(", at “%s” (character %d)", x.Words, x.At+1)
	}
	return oneLine.Replace(s + ": " + strings.TrimSuffix(x.Why, ".") + ".")
}
