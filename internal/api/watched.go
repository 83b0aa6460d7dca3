package api

import (
	"strings"

	"entente/act"
	"entente/internal/compliance"
	"entente/text"
)

// AskAgreement is what an agreement or a programme says for all that stands under it, given whole.
type AskAgreement struct {
	Bound       []Words          `json:"bound,omitempty" doc:"who are bound by it"`
	Conversions []act.Conversion `json:"conversions,omitempty" doc:"of units, the only ones that are applied"`
	Procedure   []AskStage       `json:"procedure,omitempty" doc:"of disputes, stage by stage"`
}

// An AskStage is one stage of a dispute procedure as requested.
type AskStage struct {
	Name   Words  `json:"name"`
	Days   uint32 `json:"days,omitempty"`
	Beside bool   `json:"beside,omitempty" doc:"it runs beside the stage before it"`
	Fixed  bool   `json:"fixed,omitempty" doc:"it cannot be extended"`
	Then   Words  `json:"then,omitempty" doc:"what follows when its time has run out"`
}

// An AskWatch is what is watched of an obligation or a milestone, given whole. A plain Form writes the
// rule, and what counts as near, in place of them.
type AskWatch struct {
	Paragraph  string           `json:"paragraph,omitempty" doc:"where it stands in the agreement: Annex I 14"`
	Owes       Words            `json:"owes,omitempty"`
	Quantity   string           `json:"quantity,omitempty" doc:"the name of what is measured: heavy_water_stock"`
	Unit       string           `json:"unit,omitempty" doc:"of the numbers in the rule: t, kg{U}, %, 1"`
	Rule       string           `json:"rule,omitempty" doc:"in CEL: true while the obligation is kept"`
	Near       string           `json:"near,omitempty" doc:"in CEL: true where it is near its limit"`
	Form       *compliance.Form `json:"form,omitempty" doc:"a plain form that writes the rule"`
	From       string           `json:"from,omitempty" doc:"the first day on which it applies"`
	To         string           `json:"to,omitempty" doc:"the last"`
	Verified   Words            `json:"verified,omitempty"`
	Every      uint32           `json:"every,omitempty" doc:"days from one expected report to the next"`
	Fresh      uint32           `json:"fresh,omitempty" doc:"how many days old a reading may be"`
	Sources    uint8            `json:"sources,omitempty" doc:"how many different sources a verdict needs"`
	Grade      string           `json:"grade,omitempty" doc:"the least grade that counts: B2"`
	Baseline   string           `json:"baseline,omitempty"`
	BaselineOn string           `json:"baselineOn,omitempty"`
	Target     string           `json:"target,omitempty"`
	TargetOn   string           `json:"targetOn,omitempty"`
}

// An AskJudgement is what an assessment says beside its words.
type AskJudgement struct {
	Verdict    string `json:"verdict,omitempty" doc:"within, near, exceeded, cannot tell, disputed, not yet due or expired"`
	Likelihood string `json:"likelihood,omitempty" doc:"almost no chance, very unlikely, unlikely, roughly even chance, likely, very likely or almost certain"`
	Confidence string `json:"confidence,omitempty" doc:"low, moderate or high"`
	AsOf       string `json:"asOf,omitempty"`
}

// An AskExtends says which stage of which dispute is to have more days.
type AskExtends struct {
	Dispute string `json:"dispute" doc:"the id of the act that started it"`
	Stage   uint8  `json:"stage" doc:"from 1"`
	Days    uint32 `json:"days"`
}

// fillWatched puts what the request says of an agreement into a content.
func (d *drafter) fillWatched(c *act.Content) (err error) {
	if d.ask.Terms != nil {
		if c.Terms, err = d.ask.Terms.terms(); err != nil {
			return err
		}
	}
	if d.ask.Watch != nil {
		if c.Watch, err = d.ask.Watch.watch(); err != nil {
			return err
		}
	}
	if d.ask.Judgement != nil {
		if c.Judgement, err = d.ask.Judgement.judgement(); err != nil {
			return err
		}
	}
	if x := d.ask.Extends; x != nil {
		c.Extends = &act.Extends{Stage: x.Stage, Days: x.Days}
		c.Extends.Dispute, err = parseID(x.Dispute, "dispute")
	}
	return err
}

func (a *AskAgreement) terms() (*act.Terms, error) {
	t := &act.Terms{}
	for _, w := range a.Bound {
		b, err := w.Texts()
		if err != nil {
			return nil, err
		}
		if len(b) > 0 {
			t.Bound = append(t.Bound, b)
		}
	}
	for _, c := range a.Conversions {
		for _, s := range []*string{&c.Amount, &c.Unit, &c.Equals, &c.In} {
			*s = strings.TrimSpace(*s)
		}
		t.Conversions = append(t.Conversions, c)
	}
	for _, s := range a.Procedure {
		stage := act.Stage{Days: s.Days, Beside: s.Beside, Fixed: s.Fixed}
		var err error
		if stage.Name, err = s.Name.Texts(); err == nil {
			stage.Then, err = s.Then.Texts()
		}
		if err != nil {
			return nil, err
		}
		t.Procedure = append(t.Procedure, stage)
	}
	if len(t.Bound)+len(t.Conversions)+len(t.Procedure) == 0 {
		return nil, nil
	}
	return t, nil
}

func (a *AskWatch) watch() (*act.Watch, error) {
	w := &act.Watch{Quantity: strings.TrimSpace(a.Quantity), Unit: strings.TrimSpace(a.Unit), Rule: strings.TrimSpace(a.Rule), Near: strings.TrimSpace(a.Near),
		Every: a.Every, Fresh: a.Fresh, Sources: a.Sources}
	if err := a.byForm(w); err != nil {
		return nil, err
	}
	var err error
	if w.Paragraph, err = prose(a.Paragraph); err != nil {
		return nil, err
	}
	if w.Owes, err = a.Owes.Texts(); err != nil {
		return nil, err
	}
	if w.Verified, err = a.Verified.Texts(); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		given string
		field *act.Date
	}{{a.From, &w.From}, {a.To, &w.To}, {a.BaselineOn, &w.BaselineOn}, {a.TargetOn, &w.TargetOn}} {
		if *x.field, err = parseDate(x.given); err != nil {
			return nil, err
		}
	}
	if w.Grade, err = act.ParseGrade(a.Grade); err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	if w.Baseline, err = decimal(a.Baseline); err == nil {
		w.Target, err = decimal(a.Target)
	}
	return w, err
}

// byForm writes the rules by the plain form, where one is given.
func (a *AskWatch) byForm(w *act.Watch) (err error) {
	if a.Form == nil {
		return nil
	}
	f := *a.Form
	if f.Quantity == "" {
		f.Quantity = w.Quantity
	}
	if w.Quantity == "" {
		w.Quantity = f.Quantity
	}
	if w.Rule, err = f.Rule(); err == nil {
		w.Near, err = f.NearRule()
	}
	if err != nil {
		return refuse("rule", "The form writes no rule: %v. Nothing was sent.", strings.TrimRight(err.Error(), ". "))
	}
	return nil
}

func (a *AskJudgement) judgement() (*act.Judgement, error) {
	j := &act.Judgement{}
	var err error
	if a.Verdict != "" {
		if j.Verdict, err = act.ParseVerdict(a.Verdict); err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
	}
	if a.Likelihood != "" {
		if j.Likelihood, err = act.ParseLikelihood(a.Likelihood); err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
	}
	if a.Confidence != "" {
		if j.Confidence, err = act.ParseConfidence(a.Confidence); err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
	}
	j.AsOf, err = parseDate(a.AsOf)
	return j, err
}

// parseID reads the id of an act.
func parseID(s, what string) (id act.Hash, err error) {
	if id, err = act.ParseHash(strings.TrimSpace(s)); err != nil || id.IsZero() {
		return id, badRequest("%.80q names no %s. Nothing was sent.", s, what)
	}
	return id, nil
}

// prose cleans and checks words that are of no language.
func prose(s string) (string, error) {
	s = strings.TrimSpace(text.Clean(s))
	if err := text.Check(s); err != nil {
		return "", refuse("characters", "%.60q cannot be sent: %v. Nothing was sent.", s, plainly(err))
	}
	return s, nil
}

// decimal brings a decimal number into its one form: 130.0 is 130, and +5 is 5.
func decimal(s string) (string, error) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	if s == "" {
		return "", nil
	}
	s = strings.ReplaceAll(s, "−", "-")
	bare, minus := strings.CutPrefix(s, "-")
	if whole, places, point := strings.Cut(bare, "."); point && places != "" {
		bare = strings.TrimSuffix(whole+"."+strings.TrimRight(places, "0"), ".")
	}
	if trimmed := strings.TrimLeft(bare, "0"); trimmed != bare && bare != "" {
		if bare = trimmed; bare == "" || bare[0] == '.' {
			bare = "0" + bare
		}
	}
	if s = bare; minus && bare != "0" {
		s = "-" + bare
	}
	if !act.DecimalOK(s) {
		return "", badRequest("%.40q is no decimal number: write it like 130, 0.5 or -12.25. Nothing was sent.", s)
	}
	return s, nil
}

// AskAgreementOf is a request that says the same again, for forms that begin from what stands.
func AskAgreementOf(t *act.Terms) *AskAgreement {
	if t == nil {
		return nil
	}
	a := &AskAgreement{Conversions: t.Conversions}
	for _, b := range t.Bound {
		a.Bound = append(a.Bound, WordsOf(b))
	}
	for _, s := range t.Procedure {
		a.Procedure = append(a.Procedure, AskStage{WordsOf(s.Name), s.Days, s.Beside, s.Fixed, WordsOf(s.Then)})
	}
	return a
}

// AskWatchOf is a request that says the same again.
func AskWatchOf(w *act.Watch) *AskWatch {
	if w == nil {
		return nil
	}
	return &AskWatch{Paragraph: w.Paragraph, Owes: WordsOf(w.Owes), Quantity: w.Quantity, Unit: w.Unit, Rule: w.Rule, Near: w.Near,
		From: string(w.From), To: string(w.To), Verified: WordsOf(w.Verified), Every: w.Every, Fresh: w.Fresh, Sources: w.Sources, Grade: w.Grade.String(),
		Baseline: w.Baseline, BaselineOn: string(w.BaselineOn), Target: w.Target, TargetOn: string(w.TargetOn)}
}

// AskJudgementOf is a request that says the same again.
func AskJudgementOf(j *act.Judgement) *AskJudgement {
	if j == nil {
		return nil
	}
	a := &AskJudgement{AsOf: string(j.AsOf)}
	if j.Verdict != 0 {
		a.Verdict = j.Verdict.String()
	}
	if j.Likelihood != 0 {
		a.Likelihood = j.Likelihood.String()
	}
	if j.Confidence != 0 {
		a.Confidence = j.Confidence.String()
	}
	return a
}

// AskExtendsOf is a request that says the same again.
func AskExtendsOf(x *act.Extends) *AskExtends {
	if x == nil {
		return nil
	}
	return &AskExtends{x.Dispute.String(), x.Stage, x.Days}
}

// WordsOf is a text as a request has it.
func WordsOf(t text.Texts) Words {
	if len(t) == 0 {
		return nil
	}
	w := Words{}
	for _, v := range t {
		w[string(v.Lang)] = v.Text
	}
	return w
}
