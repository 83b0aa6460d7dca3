package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entente/internal/api"
	"entente/internal/national"
	"entente/plan"
	"entente/text"
)

type proposeFlags struct {
	group, kind, of              string
	title, text, source, unit    []string
	parent, due, marking, amount string
	lead, support, cites, same   []string
	behind                       []string
	order                        uint32
	until                        string
	strike, document, offer      bool
	watch                        watchFlags
}

func (m *Main) proposeCommand() *cobra.Command {
	var f proposeFlags
	c := &cobra.Command{
		Use: "propose [REF]", Short: "Puts a text on the table: a new element, or one's own text of one that is there.", Args: cobra.MaximumNArgs(1),
		Long: `Puts a text on the table. With --kind it is a new element, under the next free reference or the
one given. Without, it is one's own text of an element that is there: it begins from the text
that is on the table, and changes only what is given. The others see it as soon as they connect.

What is watched is proposed in the same way: --kind agreement; under it --kind obligation with a limit
(--at-most 130, --between 3,5, --none), a deadline (--by), a score, or a rule in CEL (--rule), which
--try shows on the readings that there are before it is sent; under that --kind assessment, a joint
verdict. --kind programme has milestones and hypotheses in the place of obligations.`,
		Example: `  entente propose --group 1 --kind action --parent W-1.1 --title en="Joint reading" --text en="The Parties shall …" --lead US --due 2018-01-15
  entente propose A-1.1.2 --text "The Parties shall exchange … within twenty-one (21) days."
  entente propose A-1.1.2 --strike
  entente propose --group 1 --document
  entente propose --group 1 --kind agreement --title "Plan of action" --bound Iran --conversion "300 kg{UF6} = 202.8 kg{U}" --stage "15 Joint Commission"
  entente propose --kind obligation --parent T-1 --title "Heavy water" --quantity heavy_water_stock --unit t --at-most 130 --near 123.5 --every 90 --try
  entente propose --kind assessment --parent O-8 --verdict within --confidence high --as-of 2017-12-10 --text "The limit is kept."`,
		RunE: func(c *cobra.Command, args []string) error { return m.propose(c.Context(), c.Flags(), args, f) },
	}
	f.register(c.Flags())
	f.watch.register(c.Flags())
	return c
}

// register adds the flags that say what is proposed.
func (f *proposeFlags) register(p *pflag.FlagSet) {
	p.StringVar(&f.group, "group", "", "the group, by its number")
	p.StringVar(&f.kind, "kind", "", "of a new element: goal, way, action, means, clause, agreement, obligation, programme, milestone, hypothesis or assessment")
	p.StringVar(&f.of, "of", "", "begin from the text that this party holds")
	p.StringArrayVar(&f.title, "title", nil, "heading; again for other languages: --title he=…; @FILE reads a file")
	p.StringArrayVar(&f.text, "text", nil, "the words; again for other languages; @FILE reads a file")
	p.StringSliceVar(&f.same, "same", nil, "languages whose words say the same already, and are left as they are")
	p.StringSliceVar(&f.behind, "behind", nil, "languages whose words are left as they are, and follow later")
	p.StringVar(&f.until, "until", "", "put it under silence until then: 2017-12-14T18:00+02:00")
	p.BoolVar(&f.offer, "offer", false, "as a co-chair's text, which no party holds by it: a bridging proposal")
	p.StringArrayVar(&f.source, "source", nil, "where it comes from, such as “as reported by …”")
	p.StringVar(&f.parent, "parent", "", "the element above it")
	p.StringSliceVar(&f.lead, "lead", nil, "parties that lead")
	p.StringSliceVar(&f.support, "support", nil, "parties that support")
	p.StringVar(&f.due, "due", "", "the day it is due, 2018-01-15")
	p.StringSliceVar(&f.cites, "cites", nil, "passages that it answers to")
	p.StringVar(&f.marking, "marking", "", "marking, if narrower than the group's")
	p.Uint32Var(&f.order, "order", 0, "place among its siblings; 0 for the reference's")
	p.StringVar(&f.amount, "amount", "", "of means: how many")
	p.StringArrayVar(&f.unit, "unit", nil, "of means: of what; of an obligation: the code of a unit, t, kg{U}, % or 1")
	p.BoolVar(&f.strike, "strike", false, "propose to remove the element")
	p.BoolVar(&f.document, "document", false, "propose the joint document: all that is agreed now")
}

func (m *Main) propose(ctx context.Context, given *pflag.FlagSet, args []string, f proposeFlags) error {
	ask := api.Ask{Act: "counter", Of: f.of, Same: f.same, Behind: f.behind, Until: f.until}
	if len(args) == 1 {
		ask.Element = args[0]
	}
	switch {
	case f.document:
		ask.Act = "document"
	case f.strike:
		ask.Act = "strike"
	case f.kind != "":
		ask.Act, ask.Kind = "table", f.kind
	case f.offer && ask.Element != "":
		ask.Act = "offer"
	case ask.Element == "":
		return usagef("Say what is proposed: --kind for a new element, or the reference of one that is there. Nothing was sent.")
	}
	return m.with(ctx, func(c *client) error {
		var err error
		group := f.group
		if ask.Act == "table" && group == "" && f.parent != "" {
			group, err = c.groupOf(ctx, group, f.parent)
		} else if ask.Act == "table" || ask.Act == "document" {
			group, err = c.oneGroup(ctx, group)
		} else {
			group, err = c.groupOf(ctx, group, ask.Element)
		}
		if err != nil {
			return err
		}
		if err := f.fill(ctx, c, given, &ask); err != nil {
			return err
		}
		if err := f.watch.fill(ctx, c, given, group, &ask); err != nil {
			return err
		}
		if f.watch.try {
			return m.tryRule(ctx, c, group, ask)
		}
		if ask.Act == "counter" || ask.Act == "offer" {
			if err := f.everyLanguage(ctx, c, group, ask); err != nil {
				return err
			}
		}
		return m.send(ctx, c, group, ask)
	})
}

// everyLanguage refuses words in one language alone where the text has several that are equally
// authentic, unless the others are said to say the same already. The page asks the same.
func (f *proposeFlags) everyLanguage(ctx context.Context, c *client, group string, ask api.Ask) error {
	if len(ask.Title)+len(ask.Text) == 0 {
		return nil
	}
	d, err := c.dossier(ctx, group, ask.Element)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		what string
		now  []plan.LangText
		put  api.Words
	}{{"text", d.Words, ask.Text}, {"title", d.Headings, ask.Title}} {
		for _, l := range x.now {
			if _, given := x.put[string(l.Lang)]; len(x.put) == 0 || given || slices.Contains(f.same, string(l.Lang)) || slices.Contains(f.behind, string(l.Lang)) {
				continue
			}
			return usagef("The %s is given without the one in %s, and both are equally authentic. Nothing was sent. Give it too, --%s %s=…, say that it says the same already, --same %s, or that it follows later: --behind %s", x.what, l.Lang, x.what, l.Lang, l.Lang, l.Lang)
		}
	}
	return nil
}

// fill puts into the request what was given on the command line.
func (f *proposeFlags) fill(ctx context.Context, c *client, given *pflag.FlagSet, ask *api.Ask) (err error) {
	for _, t := range []struct {
		flags []string
		into  *api.Words
	}{{f.title, &ask.Title}, {f.text, &ask.Text}, {f.source, &ask.Source}, {f.unit, &ask.Unit}} {
		if *t.into, err = c.words(ctx, t.flags); err != nil {
			return err
		}
	}
	for name, set := range map[string]func(){
		"parent": func() { ask.Parent = &f.parent }, "due": func() { ask.Due = &f.due }, "marking": func() { ask.Marking = &f.marking },
		"amount": func() { ask.Amount = &f.amount }, "lead": func() { ask.Lead = &f.lead }, "support": func() { ask.Support = &f.support },
		"cites": func() { ask.Cites = &f.cites }, "order": func() { ask.Order = &f.order },
	} {
		if given.Changed(name) {
			set()
		}
	}
	return nil
}

// send sends one act, on the basis of what the person has last been shown of the element, and
// says what came of it.
func (m *Main) send(ctx context.Context, c *client, group string, ask api.Ask) error {
	if ask.Element != "" {
		if ref, err := api.ParseRef(ask.Element); err == nil {
			ask.Basis = c.readings()[readKey(group, ref)].Basis
		}
	}
	var out api.SentActs
	err := c.post(ctx, "/v1/g/"+url.PathEscape(group)+"/acts", map[string]any{"acts": []api.Ask{ask}}, &out)
	var fault *api.Fault
	if errors.As(err, &fault) && fault.Kind == "moved" {
		return m.moved(ctx, c, group, ask, fault)
	}
	if err != nil {
		return err
	}
	s := out.Sent[len(out.Sent)-1] // what it takes up stands before it
	if s.Element != "" {
		if d, err := c.dossier(ctx, group, string(s.Element)); err == nil {
			if err := c.noteRead(group, d); err != nil {
				m.say("%v", err)
			}
		}
	}
	return m.sent(group, s, out.Crossed)
}

// sent says what came of an act, and which of the party's own red lines it crosses.
func (m *Main) sent(group string, s api.Sent, crossed []national.Crossing) error {
	for _, x := range crossed {
		m.say("%s", crossing(x))
	}
	return m.result(struct {
		api.Sent
		Crossed []national.Crossing `json:"crossed,omitempty"`
	}{s, crossed}, func(w io.Writer) { fmt.Fprintln(w, sentence(group, s)) })
}

// sentence says what came of an act.
func sentence(group string, s api.Sent) string {
	where := fmt.Sprintf("Entry %d of your log in group %s.", s.Index, group)
	name := s.Element.Display()
	switch {
	case s.Act == "table" && s.Adopted:
		return fmt.Sprintf("%s is agreed: rev %d · %s. %s", name, s.Number, s.Short, where)
	case s.Act == "table":
		return fmt.Sprintf("Sent %s, rev %d · %s. The others see it as soon as they connect. %s", name, s.Number, s.Short, where)
	case s.Act == "accept":
		return fmt.Sprintf("Accepted %s word for word. It is agreed as soon as every server has seen all hold it. %s", name, where)
	case s.Act == "withdraw":
		return fmt.Sprintf("Withdrew your text of %s. %s", name, where)
	case s.Act == "remark":
		return fmt.Sprintf("Said about %s. It is filed with the element for all parties. %s", name, where)
	case s.Act == "report":
		return fmt.Sprintf("Reported on %s. %s  Its name: %s", name, where, s.ID.String()[:12])
	case s.Act == "attest":
		return fmt.Sprintf("Sent your verdicts on %s. The other servers compute them again and say whether they are the same. %s", name, where)
	case s.Act == "dispute":
		return fmt.Sprintf("Said in the dispute about %s. %s  Its name: %s", name, where, s.ID.String()[:12])
	case s.Act == "refer":
		return fmt.Sprintf("Accepted %s ad referendum. It binds nobody until it is confirmed, and lapses if it is not. %s", name, where)
	case s.Act == "certify":
		return fmt.Sprintf("Said that the languages of %s mean the same. %s", name, where)
	case s.Act == "sit":
		return fmt.Sprintf("Noted for round %s, with the text as it stands now. %s", name, where)
	case s.Act == "calendar":
		return fmt.Sprintf("Gave the days on which your capital does not work. %s", where)
	}
	return fmt.Sprintf("Gave the delegation. %s", where)
}

// moved says what has moved since the person read the element.
func (m *Main) moved(ctx context.Context, c *client, group string, ask api.Ask, fault *api.Fault) error {
	was := c.readings()
	d, err := c.dossier(ctx, group, ask.Element)
	if err != nil || m.json {
		return fault
	}
	before, now := was[readKey(group, d.Ref)].Number, leading(d)
	what := "Nothing was sent."
	if ask.Act == "accept" {
		what = "Nothing was accepted."
	}
	who := "somebody"
	if d.LastMove != nil {
		who = string(d.LastMove.Party)
	}
	out := *fault
	if before > 0 && now > before {
		out.Message = fmt.Sprintf("%s has moved. You read revision %d; %s has sent revision %d.\n%s See the change:  entente plan diff %s %d %d", d.Ref, before, who, now, what, d.Ref, before, now)
	} else {
		out.Message = fmt.Sprintf("%s has moved since you read it: the last word is of %s.\n%s See what changed:  entente plan show %s", d.Ref, who, what, d.Ref)
	}
	return &out
}

func (m *Main) answerCommand() *cobra.Command {
	var group, of, until string
	var accept bool
	var withdraw, reserve, lift, refer, object, scrutiny, interpret []string
	c := &cobra.Command{
		Use: "answer REF", Short: "Accepts, accepts ad referendum, reserves, objects or withdraws.", Args: cobra.ExactArgs(1),
		Long: `Answers what is on the table. Accepting binds the party to the revision word for word; if a
comma of it changes, you are asked again. Accepting ad referendum binds nobody until the role that
you name has confirmed it with --accept, and lapses if it has not in time. A reservation stays
attached to the text, in your words, until you lift it. To counter, propose your own text.`,
		Example: "  entente answer A-1.1.2 --accept\n  entente answer A-1.1.2 --reserve \"The United States reserves …\"\n  entente answer A-1.1.2 --ad-referendum \"Minister of Defence\" --until 2017-12-28T17:00-05:00\n  entente answer A-1.1.2 --withdraw \"On instructions.\"",
		RunE: func(c *cobra.Command, args []string) error {
			ask := api.Ask{Element: args[0], Of: of, Until: until}
			var words []string
			chosen := 0
			for _, x := range []struct {
				act   string
				words []string
			}{{"withdraw", withdraw}, {"reserve", reserve}, {"lift", lift}, {"refer", refer}, {"object", object}, {"scrutiny", scrutiny}, {"interpretation", interpret}} {
				if x.words != nil {
					chosen, ask.Act, words = chosen+1, x.act, x.words
				}
			}
			if ask.Act == "scrutiny" || ask.Act == "interpretation" {
				ask.Act, ask.Sort = "remark", ask.Act
			}
			if accept {
				chosen, ask.Act = chosen+1, "accept"
			}
			if chosen != 1 {
				return usagef("Choose one answer: --accept, --ad-referendum, --reserve, --scrutiny, --interpret, --object, --lift or --withdraw. Nothing was sent. To counter:  entente propose %s --text …", args[0])
			}
			return m.act(c.Context(), group, ask, words)
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().BoolVar(&accept, "accept", false, "accept the other party's text word for word")
	c.Flags().StringVar(&of, "of", "", "whose text, where several are on the table")
	c.Flags().StringArrayVar(&withdraw, "withdraw", nil, "withdraw one's own text, with the reason")
	c.Flags().StringArrayVar(&reserve, "reserve", nil, "attach a reservation, in these words")
	c.Flags().StringArrayVar(&lift, "lift", nil, "lift one's reservation, with a word about it")
	c.Flags().StringArrayVar(&refer, "ad-referendum", nil, "accept, subject to confirmation by this role")
	c.Flags().StringVar(&until, "until", "", "of --ad-referendum: when it lapses, 2017-12-28T17:00-05:00")
	c.Flags().StringArrayVar(&object, "object", nil, "object, with the reason: a silence that runs is broken")
	c.Flags().StringArrayVar(&scrutiny, "scrutiny", nil, "attach a scrutiny reservation: somebody at home has yet to look")
	c.Flags().StringArrayVar(&interpret, "interpret", nil, "file an interpretative statement")
	return c
}

// act sends an act about an element, with words.
func (m *Main) act(ctx context.Context, group string, ask api.Ask, words []string) error {
	return m.with(ctx, func(c *client) error {
		group, err := c.groupOf(ctx, group, ask.Element)
		if err != nil {
			return err
		}
		into := &ask.Text
		if ask.Act == "refer" {
			into = &ask.Role
		}
		if *into, err = c.words(ctx, words); err != nil {
			return err
		}
		if ask.Act == "remark" || ask.Act == "reserve" || ask.Act == "lift" || ask.Act == "report" || ask.Act == "object" {
			return m.sendUnread(ctx, c, group, ask)
		}
		return m.send(ctx, c, group, ask)
	})
}

// sendUnread sends an act that binds nobody, whatever has moved meanwhile.
func (m *Main) sendUnread(ctx context.Context, c *client, group string, ask api.Ask) error {
	var out api.SentActs
	if err := c.post(ctx, "/v1/g/"+url.PathEscape(group)+"/acts", map[string]any{"acts": []api.Ask{ask}}, &out); err != nil {
		return err
	}
	return m.sent(group, out.Sent[0], out.Crossed)
}

func (m *Main) remarkCommand() *cobra.Command {
	var group, sort, progress, asOf string
	c := &cobra.Command{
		Use: "remark REF WORDS…", Short: "Says something about an element that binds nobody: a remark, or how it goes.", Args: cobra.MinimumNArgs(1),
		Long: `Files a remark with an element: comment, objection, reservation or interpretation. With --progress
it is a report on how the element is carried out: "not begun", "under way", "done" or "stopped".
Words may begin with a language: he=…`,
		Example: "  entente remark A-1.1.2 \"See the note of 12 December.\"\n  entente remark A-1.1.1 --progress \"under way\" --as-of 2017-12-12 \"First reading held.\"",
		RunE: func(c *cobra.Command, args []string) error {
			ask := api.Ask{Act: "remark", Element: args[0], Sort: sort}
			if progress != "" {
				ask = api.Ask{Act: "report", Element: args[0], Progress: progress, AsOf: or(asOf, m.Now().UTC().Format("2006-01-02"))}
			}
			return m.act(c.Context(), group, ask, joinWords(args[1:]))
		},
	}
	c.Flags().StringVar(&group, "group", "", "the group, by its number")
	c.Flags().StringVar(&sort, "sort", "comment", "comment, objection, reservation or interpretation")
	c.Flags().StringVar(&progress, "progress", "", "report how it goes")
	c.Flags().StringVar(&asOf, "as-of", "", "of a report: the day (today)")
	return c
}

// joinWords lets words be written without quotation marks: what does not begin with a language
// goes on with what is before it.
func joinWords(args []string) (out []string) {
	for _, a := range args {
		name, _, tagged := strings.Cut(a, "=")
		if _, err := text.ParseLang(name); len(out) == 0 || tagged && err == nil {
			out = append(out, a)
			continue
		}
		out[len(out)-1] += " " + a
	}
	return out
}
