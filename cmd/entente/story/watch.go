package story

import (
	"fmt"
	"slices"
	"strings"

	"entente/act"
	"entente/text"
)

// What a story says of an agreement that is watched, and what is observed of it.
type (
	wireTerms struct {
		Bound       []wireTexts      `json:"bound"`
		Conversions []wireConversion `json:"conversions"`
		Procedure   []wireStage      `json:"procedure"`
	}
	wireConversion struct {
		Amount string `json:"amount"`
		Unit   string `json:"unit"`
		Equals string `json:"equals"`
		In     string `json:"in"`
	}
	wireStage struct {
		Name   wireTexts `json:"name"`
		Days   uint32    `json:"days"`
		Beside bool      `json:"beside"`
		Fixed  bool      `json:"fixed"`
		Then   wireTexts `json:"then"`
	}
	wireWatch struct {
		Paragraph  string    `json:"paragraph"`
		Owes       wireTexts `json:"owes"`
		Quantity   string    `json:"quantity"`
		Measure    string    `json:"measure"`
		Rule       string    `json:"rule"`
		Near       string    `json:"near"`
		From       string    `json:"from"`
		To         string    `json:"to"`
		Verified   wireTexts `json:"verified"`
		Every      uint32    `json:"every"`
		Fresh      uint32    `json:"fresh"`
		Sources    uint8     `json:"sources"`
		Grade      string    `json:"grade"`
		Baseline   string    `json:"baseline"`
		BaselineOn string    `json:"baseline_on"`
		Target     string    `json:"target"`
		TargetOn   string    `json:"target_on"`
	}
	wireJudgement struct {
		Verdict    string `json:"verdict"`
		Likelihood string `json:"likelihood"`
		Confidence string `json:"confidence"`
		AsOf       string `json:"as_of"`
	}
	wireSource struct {
		Title    string `json:"title"`
		Document string `json:"document"`
		Place    string `json:"place"`
		Address  string `json:"address"`
		Quote    string `json:"quote"`
	}
	wireReading struct {
		Quantity string        `json:"quantity"`
		Sign     string        `json:"sign"`
		Value    string        `json:"value"`
		Measure  string        `json:"measure"`
		AsOf     string        `json:"as_of"`
		Reported string        `json:"reported"`
		Source   uint16        `json:"source"`
		Grade    string        `json:"grade"`
		Note     string        `json:"note"`
		Bears    []wireBearing `json:"bears"`
	}
	wireBearing struct {
		Hypothesis string `json:"hypothesis"`
		Weight     int8   `json:"weight"`
	}
	// wireWatched is what a table step has of an element that is watched.
	wireWatched struct {
		Terms     *wireTerms     `json:"terms"`
		Watch     *wireWatch     `json:"watch"`
		Judgement *wireJudgement `json:"judgement"`
	}
	// wireObserved is what an observe step has.
	wireObserved struct {
		Sources  []wireSource  `json:"sources"`
		Readings []wireReading `json:"readings"`
	}
)

// watchedKinds are the kinds of element that are no paragraphs of the plan but what is watched.
var watchedKinds = []string{"agreement", "obligation", "programme", "milestone", "hypothesis", "assessment"}

// watched reads what is watched of an element. What an act cannot hold is refused when it is played.
func (r *reader) watched(at string, c *Content, w *wireWatched) {
	for _, x := range []struct {
		name  string
		there bool
		kinds []string
	}{{"terms", w.Terms != nil, []string{"agreement"}}, {"watch", w.Watch != nil, []string{"obligation", "milestone"}}, {"judgement", w.Judgement != nil, []string{"assessment"}}} {
		if x.there && !slices.Contains(x.kinds, c.Kind) || !x.there && slices.Contains(x.kinds, c.Kind) {
			r.fail(at, "a %s is wrong about “%s”: it is there where the kind does not have it, or missing", c.Kind, x.name)
		}
	}
	if t := w.Terms; t != nil {
		c.Terms = &act.Terms{}
		for _, b := range t.Bound {
			c.Terms.Bound = append(c.Terms.Bound, r.texts(at+": bound", b, true))
		}
		for _, x := range t.Conversions {
			c.Terms.Conversions = append(c.Terms.Conversions, act.Conversion(x))
		}
		for _, s := range t.Procedure {
			c.Terms.Procedure = append(c.Terms.Procedure, act.Stage{Name: r.texts(at+": procedure", s.Name, true), Days: s.Days,
				Beside: s.Beside, Fixed: s.Fixed, Then: r.texts(at+": procedure", s.Then, false)})
		}
	}
	if x := w.Watch; x != nil {
		c.Watch = &act.Watch{Paragraph: x.Paragraph, Owes: r.texts(at+": owes", x.Owes, false), Quantity: x.Quantity, Unit: x.Measure, Rule: x.Rule, Near: x.Near,
			From: r.date(at, x.From), To: r.date(at, x.To), Verified: r.texts(at+": verified", x.Verified, false), Every: x.Every, Fresh: x.Fresh, Sources: x.Sources,
			Grade: parsed(r, at+": grade", x.Grade, act.ParseGrade), Baseline: x.Baseline, BaselineOn: r.date(at, x.BaselineOn), Target: x.Target, TargetOn: r.date(at, x.TargetOn)}
	}
	if j := w.Judgement; j != nil {
		c.Judgement = &act.Judgement{Verdict: named(r, at, j.Verdict, act.ParseVerdict), Likelihood: named(r, at, j.Likelihood, act.ParseLikelihood),
			Confidence: named(r, at, j.Confidence, act.ParseConfidence), AsOf: r.date(at, j.AsOf)}
	}
}

// named reads a name that may be left out.
func named[T any](r *reader, at, s string, parse func(string) (T, error)) (none T) {
	if s == "" {
		return none
	}
	return parsed(r, at, s, parse)
}

func (r *reader) date(at, s string) act.Date { return named(r, at, s, act.ParseDate) }

// observed reads the observations of a step.
func (r *reader) observed(at string, s *Step, w *wireObserved) {
	if (len(w.Readings) > 0) != (s.Act == Observe) || (len(w.Sources) > 0) != (s.Act == Observe) {
		r.fail(at, "observations, with their sources, stand in an observe step, and nowhere else")
	}
	for _, c := range w.Sources {
		s.Sources = append(s.Sources, r.citation(at, c))
	}
	for i, x := range w.Readings {
		v := r.reading(fmt.Sprintf("%s: readings[%d]", at, i), &x)
		if int(x.Source) >= len(w.Sources) {
			r.fail(at, "observation %d names a source that is not there", i)
		}
		s.Readings = append(s.Readings, v)
	}
}

// citation reads where observations come from.
func (r *reader) citation(at string, c wireSource) act.Citation {
	for _, words := range []string{c.Title, c.Document, c.Place, c.Address, c.Quote} {
		if err := text.Check(words); err != nil {
			r.fail(at+": sources", "%v", err)
		}
	}
	return act.Citation(c)
}

// reading reads one observation.
func (r *reader) reading(at string, x *wireReading) act.Reading {
	v := act.Reading{Quantity: x.Quantity, Sign: named(r, at, x.Sign, act.ParseSign), Value: x.Value, Unit: x.Measure, AsOf: r.date(at, x.AsOf),
		Reported: r.date(at, x.Reported), Source: x.Source, Grade: parsed(r, at, x.Grade, act.ParseGrade), Note: x.Note}
	if !act.QuantityOK(x.Quantity) || !act.DecimalOK(x.Value) || !act.UnitOK(x.Measure) {
		r.fail(at, "it has no quantity, value or measure, or one that is none")
	}
	for _, b := range x.Bears {
		v.Bears = append(v.Bears, act.Bearing{Hypothesis: act.Ref(r.ref(at, b.Hypothesis)), Weight: b.Weight})
	}
	slices.SortFunc(v.Bears, func(a, b act.Bearing) int { return strings.Compare(string(a.Hypothesis), string(b.Hypothesis)) })
	return v
}

// checkDispute looks whether there is an obligation that can be disputed, and a dispute to be answered.
func (t *table) checkDispute(e *element, step *Step) error {
	of := t.elements[e.content.Parent]
	if e.content.Kind != "obligation" || of == nil || of.content.Terms == nil || len(of.content.Terms.Procedure) == 0 {
		return fmt.Errorf("it is no obligation of an agreement with a dispute procedure")
	}
	if starts := step.Disputes == "starts"; starts != (e.disputed == "") {
		return fmt.Errorf("a dispute about it runs already, or none that could be answered or closed")
	}
	if step.Disputes == "closes" && e.disputed != step.Party {
		return fmt.Errorf("%s started the dispute and closes it", e.disputed)
	}
	return nil
}

// checkObserved looks whether observations are of something that is watched by then.
func (t *table) checkObserved(e *element, step *Step) error {
	if k := e.content.Kind; k != "agreement" && k != "programme" {
		return fmt.Errorf("it is a %s: observations are of an agreement or a programme, and so are the verdicts that are sent", k)
	}
	measured := map[string]bool{}
	for _, o := range t.order {
		if o.content.Watch != nil && o.content.Parent == e.ref {
			measured[o.content.Watch.Quantity] = true
		}
	}
	for _, x := range step.Readings {
		if !measured[x.Quantity] && !slices.ContainsFunc(t.order, func(o *element) bool {
			return o.content.Watch != nil && strings.Contains(o.content.Watch.Rule, x.Quantity)
		}) {
			return fmt.Errorf("nothing under it measures %s", x.Quantity)
		}
		for _, b := range x.Bears {
			if h := t.elements[string(b.Hypothesis)]; h == nil || h.content.Kind != "hypothesis" || h.content.Parent != e.ref {
				return fmt.Errorf("%s is no hypothesis of it", b.Hypothesis)
			}
		}
	}
	return nil
}
