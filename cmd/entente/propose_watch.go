package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"entente/act"
	"entente/internal/api"
	"entente/internal/compliance"
	"entente/plan"
)

// maxTerms bounds the file of an agreement's terms, in bytes.
const maxTerms = 1 << 20

// watchFlags say what is watched of an obligation, what an agreement has for all that stands under it,
// and what an assessment judges.
type watchFlags struct {
	bound, conversions, stages []string
	terms                      string

	watch          api.AskWatch
	owes, verified []string
	form           compliance.Form
	values         map[compliance.FormKind]*string // by kinds that are a number alone
	between        string
	none, try      bool
	judgement      api.AskJudgement
}

// register adds the flags of what is watched.
func (f *watchFlags) register(p *pflag.FlagSet) {
	p.StringArrayVar(&f.bound, "bound", nil, "of an agreement: who is bound by it; again for others; en=Iran|he=… for several languages")
	p.StringArrayVar(&f.conversions, "conversion", nil, "of an agreement: a conversion of units that it states: \"300 kg{UF6} = 202.8 kg{U}\"")
	p.StringArrayVar(&f.stages, "stage", nil, "of an agreement: a stage of disputes: \"15 Joint Commission\", \"15,beside Board\", \"5,fixed Commission\"")
	p.StringVar(&f.terms, "terms", "", "of an agreement: all of these from a file in JSON")
	w := &f.watch
	p.StringVar(&w.Paragraph, "paragraph", "", "of an obligation: where it stands, \"Annex I 14\"")
	p.StringArrayVar(&f.owes, "owes", nil, "of an obligation: who owes it")
	p.StringArrayVar(&f.verified, "verified", nil, "of an obligation: how it is verified")
	p.StringVar(&w.Quantity, "quantity", "", "of an obligation: the name of what is measured, heavy_water_stock")
	p.StringVar(&w.Rule, "rule", "", "of an obligation: its rule in CEL, true while it is kept")
	p.StringVar(&w.Near, "near", "", "what counts as near: a number, or with --rule a rule in CEL")
	p.StringVar(&w.From, "from", "", "of an obligation: the first day on which it applies")
	p.StringVar(&w.To, "to", "", "of an obligation: the last")
	p.Uint32Var(&w.Every, "every", 0, "of an obligation: days from one report to the next")
	p.Uint32Var(&w.Fresh, "fresh", 0, "of an obligation: how many days old a reading may be")
	p.Uint8Var(&w.Sources, "sources", 0, "of an obligation: how many different sources a verdict needs")
	p.StringVar(&w.Grade, "grade", "", "of an obligation: the least grade that counts, B2")
	p.StringVar(&w.Baseline, "baseline", "", "of an indicator: where it began")
	p.StringVar(&w.BaselineOn, "baseline-on", "", "of an indicator: on which day")
	f.values = map[compliance.FormKind]*string{}
	for _, k := range compliance.FormKinds() {
		if value, high, _, _, _, _ := k.Uses(); value && !high {
			f.values[k] = p.String(k.String(), "", "of an obligation: "+formUse(k))
		}
	}
	p.StringVar(&f.between, "between", "", "of an obligation: the latest reading lies between two numbers: 3,5")
	p.BoolVar(&f.none, "none", false, "of an obligation: nothing of it is observed")
	p.StringVar((*string)(&f.form.By), "by", "", "of an obligation: the day by which it is done, or --target is reached")
	p.StringVar(&f.form.Other, "followed-by", "", "of an obligation: each event is followed by this one, within --days")
	p.IntVar(&f.form.Days, "days", 0, "of an obligation: the length of a window or of a term in days")
	p.StringVar(&f.form.NearLow, "near-low", "", "of --between: from which number down it is near")
	p.IntVar(&f.form.NearDays, "near-days", 0, "with --by: so many days before, it is near")
	p.BoolVar(&f.try, "try", false, "of an obligation: say what its rule gives on the readings that there are, and send nothing")
	j := &f.judgement
	p.StringVar(&j.Verdict, "verdict", "", "of an assessment: within, near, exceeded, \"cannot tell\" …")
	p.StringVar(&j.Likelihood, "likelihood", "", "of an assessment: unlikely, \"roughly even chance\", likely …")
	p.StringVar(&j.Confidence, "confidence", "", "of an assessment: low, moderate or high")
	p.StringVar(&j.AsOf, "as-of", "", "of an assessment: the day that it is of")
}

// formUse says what a plain form with one number asks.
func formUse(k compliance.FormKind) string {
	_, _, days, by, _, _ := k.Uses()
	s := strings.ReplaceAll(k.String(), "-", " ") + " this number"
	switch {
	case k == compliance.FormScore:
		s = "it is scored at least this, 0 to 3"
	case k == compliance.FormTarget:
		s = "it comes up to this number"
	case k == compliance.FormTargetDown:
		s = "it comes down to this number"
	}
	if days {
		s += ", over --days"
	}
	if by {
		s += ", by the day --by"
	}
	return s
}

// formFlags are the flags that only a plain form has.
var formFlags = []string{"by", "days", "near-low", "near-days"}

// fill puts into the request what was given of what is watched. Of an element that is there, the rest
// stays as it stands.
func (f *watchFlags) fill(ctx context.Context, c *client, given *pflag.FlagSet, group string, ask *api.Ask) (err error) {
	kind, now, err := f.begin(ctx, c, given, group, ask)
	if err != nil {
		return err
	}
	switch kind {
	case act.Agreement, act.Programme:
		err = f.fillTerms(ctx, c, given, now, ask)
	case act.Obligation, act.Milestone:
		err = f.fillWatch(ctx, c, given, now, ask)
	case act.Assessment:
		j := api.AskJudgementOf(now.Judgement)
		if j == nil {
			j = &api.AskJudgement{}
		}
		put(given, map[string]func(){"verdict": func() { j.Verdict = f.judgement.Verdict }, "likelihood": func() { j.Likelihood = f.judgement.Likelihood },
			"confidence": func() { j.Confidence = f.judgement.Confidence }, "as-of": func() { j.AsOf = f.judgement.AsOf }})
		ask.Judgement = j
	}
	return err
}

func put(given *pflag.FlagSet, set map[string]func()) {
	for name, f := range set {
		if given.Changed(name) {
			f()
		}
	}
}

// begin finds out what kind of element is proposed and what it says now; none where no flag is of what
// is watched, and the element is not new.
func (f *watchFlags) begin(ctx context.Context, c *client, given *pflag.FlagSet, group string, ask *api.Ask) (kind act.ElementKind, now act.Content, err error) {
	if ask.Kind != "" {
		kind, err := act.ParseElementKind(ask.Kind)
		if err != nil {
			return 0, now, nil // the server says what kinds there are
		}
		return kind, now, nil
	}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	new(watchFlags).register(flags)
	some := false
	flags.VisitAll(func(x *pflag.Flag) { some = some || given.Changed(x.Name) })
	if !some {
		return 0, now, nil
	}
	d, err := c.dossier(ctx, group, ask.Element)
	if err != nil {
		return 0, now, err
	}
	if now, err = c.contentOf(ctx, group, d, ask.Of); err != nil {
		return 0, now, err
	}
	if d.Parent != "" && ask.Parent == nil && f.try {
		parent := string(d.Parent)
		ask.Parent = &parent
	}
	return d.Kind, now, nil
}

// contentOf is what an element says that is watched: in the text that is shown, or that a party holds.
func (c *client) contentOf(ctx context.Context, group string, d plan.Dossier, of string) (now act.Content, err error) {
	r := d.Shown
	for _, p := range d.Positions {
		if string(p.Party) == of {
			r = p.Revision
		}
	}
	if r == nil {
		return now, nil
	}
	var page api.ActPage
	if err := c.get(ctx, groupPath(group, "/entry?id="+r.ID.String()), &page); err != nil {
		return now, err
	}
	var a struct {
		Body struct {
			Content struct {
				Terms     *act.Terms     `json:"terms"`
				Watch     *act.Watch     `json:"watch"`
				Judgement *act.Judgement `json:"judgement"`
			} `json:"content"`
		} `json:"body"`
	}
	if err := json.Unmarshal(page.Act, &a); err != nil {
		return now, fmt.Errorf("the text that stands could not be read, and nothing was sent: %w", err)
	}
	now.Terms, now.Watch, now.Judgement = a.Body.Content.Terms, a.Body.Content.Watch, a.Body.Content.Judgement
	return now, nil
}

func (f *watchFlags) fillTerms(ctx context.Context, c *client, given *pflag.FlagSet, now act.Content, ask *api.Ask) error {
	t := api.AskAgreementOf(now.Terms)
	if t == nil {
		t = &api.AskAgreement{}
	}
	if f.terms != "" {
		b, err := readSmall(f.terms, maxTerms)
		if err != nil {
			return err
		}
		*t = api.AskAgreement{}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(t); err != nil {
			return usagef("%s holds no terms: %v. Nothing was sent.", f.terms, err)
		}
	}
	if given.Changed("bound") {
		t.Bound = nil
	}
	for _, s := range f.bound {
		w, err := c.words(ctx, strings.Split(s, "|"))
		if err != nil {
			return err
		}
		t.Bound = append(t.Bound, w)
	}
	if given.Changed("conversion") {
		t.Conversions = nil
	}
	for _, s := range f.conversions {
		x := strings.Fields(s)
		if len(x) != 5 || x[2] != "=" {
			return usagef("%q is no conversion. Nothing was sent. Write it like --conversion \"300 kg{UF6} = 202.8 kg{U}\"", s)
		}
		t.Conversions = append(t.Conversions, act.Conversion{Amount: x[0], Unit: x[1], Equals: x[3], In: x[4]})
	}
	if given.Changed("stage") {
		t.Procedure = nil
	}
	for _, s := range f.stages {
		x, err := c.stage(ctx, s)
		if err != nil {
			return err
		}
		t.Procedure = append(t.Procedure, x)
	}
	if len(t.Bound)+len(t.Conversions)+len(t.Procedure) > 0 {
		ask.Terms = t
	}
	return nil
}

// stage reads a stage of a dispute procedure: “15,beside Advisory Board”.
func (c *client) stage(ctx context.Context, s string) (x api.AskStage, err error) {
	how, name, _ := strings.Cut(strings.TrimSpace(s), " ")
	parts := strings.Split(how, ",")
	days, err := strconv.ParseUint(parts[0], 10, 32)
	for _, p := range parts[1:] {
		x.Beside, x.Fixed = x.Beside || p == "beside", x.Fixed || p == "fixed"
		if p != "beside" && p != "fixed" {
			err = strconv.ErrSyntax
		}
	}
	if err != nil || name == "" {
		return x, usagef("%q is no stage of a dispute. Nothing was sent. Write its days and its name, like --stage \"15,beside Advisory Board\"", s)
	}
	x.Days = uint32(days)
	x.Name, err = c.words(ctx, strings.Split(name, "|"))
	return x, err
}

func (f *watchFlags) fillWatch(ctx context.Context, c *client, given *pflag.FlagSet, now act.Content, ask *api.Ask) (err error) {
	w := api.AskWatchOf(now.Watch)
	if w == nil {
		w = &api.AskWatch{}
	}
	n := f.watch
	put(given, map[string]func(){"paragraph": func() { w.Paragraph = n.Paragraph }, "quantity": func() { w.Quantity = n.Quantity }, "rule": func() { w.Rule = n.Rule },
		"near": func() { w.Near = n.Near }, "from": func() { w.From = n.From }, "to": func() { w.To = n.To }, "every": func() { w.Every = n.Every },
		"fresh": func() { w.Fresh = n.Fresh }, "sources": func() { w.Sources = n.Sources }, "grade": func() { w.Grade = n.Grade },
		"baseline": func() { w.Baseline = n.Baseline }, "baseline-on": func() { w.BaselineOn = n.BaselineOn }})
	for _, x := range []struct {
		flags []string
		into  *api.Words
	}{{f.owes, &w.Owes}, {f.verified, &w.Verified}} {
		if len(x.flags) == 0 {
			continue
		}
		if *x.into, err = c.words(ctx, x.flags); err != nil {
			return err
		}
	}
	if unit, ok := unitOf(ask.Unit); ok {
		w.Unit, ask.Unit = unit, nil
	}
	if w.Form, err = f.plain(given, w); err != nil {
		return err
	}
	ask.Watch = w
	return nil
}

// unitOf is the code of a unit, which is the same in all languages.
func unitOf(words api.Words) (string, bool) {
	for _, s := range words {
		return s, true
	}
	return "", false
}

// plain is the plain form that the flags give; nil where they give none.
func (f *watchFlags) plain(given *pflag.FlagSet, w *api.AskWatch) (*compliance.Form, error) {
	form := f.form
	var kinds []string
	choose := func(k compliance.FormKind, flag string) { form.Kind, kinds = k, append(kinds, "--"+flag) }
	for _, k := range compliance.FormKinds() {
		if v := f.values[k]; v != nil && given.Changed(k.String()) {
			form.Value = *v
			choose(k, k.String())
		}
	}
	if given.Changed("between") {
		form.Value, form.High, _ = strings.Cut(f.between, ",")
		choose(compliance.FormBetween, "between")
	}
	if f.none {
		choose(compliance.FormNone, "none")
	}
	if given.Changed("followed-by") {
		choose(compliance.FormFollowed, "followed-by")
	}
	if given.Changed("by") && len(kinds) == 0 {
		choose(compliance.FormDone, "by")
	}
	if given.Changed("rule") {
		kinds = append(kinds, "--rule")
	}
	switch {
	case len(kinds) > 1:
		return nil, usagef("An obligation has one rule. Nothing was sent. Choose one of %s.", strings.Join(kinds, " and "))
	case len(kinds) == 0 || given.Changed("rule"):
		if i := slices.IndexFunc(formFlags, given.Changed); i >= 0 {
			return nil, usagef("--%s belongs to a limit or a deadline, such as --at-most, --sum-at-most or --by. Nothing was sent.", formFlags[i])
		}
		return nil, nil
	}
	if given.Changed("near") {
		form.Near = w.Near
	}
	w.Rule, w.Near = "", ""
	if form.Kind == compliance.FormTarget || form.Kind == compliance.FormTargetDown {
		w.Target, w.TargetOn = form.Value, string(form.By)
	}
	if w.Unit == "" && form.Kind == compliance.FormScore {
		w.Unit = compliance.ScoreUnit
	}
	if w.Unit == "" && form.Kind == compliance.FormDone {
		w.Unit = compliance.One
	}
	return &form, nil
}

// tryRule says what a rule gives on the readings that there are. Nothing is sent.
func (m *Main) tryRule(ctx context.Context, c *client, group string, ask api.Ask) error {
	if ask.Watch == nil || ask.Parent == nil {
		return usagef("Only an obligation or a milestone has a rule to try, and it stands under an agreement: --kind obligation --parent T-1. Nothing was done.")
	}
	var out compliance.Trial
	if err := c.post(ctx, groupPath(group, "/try"), api.AskTry{Parent: *ask.Parent, Watch: ask.Watch}, &out); err != nil {
		return err
	}
	return m.result(out, func(w io.Writer) {
		fmt.Fprintf(w, "Nothing was sent. This is what it would give on the readings that there are.\n")
		fmt.Fprintf(w, "Rule:      %s\n           %s\n", out.InWords, out.Canonical)
		if out.NearRule != "" {
			fmt.Fprintf(w, "  near:    %s\n", out.NearRule)
		}
		fmt.Fprintf(w, "Verdict:   %s. %s\n", compliance.Said(out.Card.Verdict), out.Card.Because)
		for _, e := range out.Episodes {
			fmt.Fprintf(w, "Not kept:  %s\n", episodeWords(e, out.Card.Unit))
		}
		for _, h := range out.History {
			fmt.Fprintf(w, "  from %s  %s\n", h.On, compliance.Said(h.Verdict))
		}
	})
}
