package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// assessData is the form on which a joint verdict is proposed: how it stands or how likely something
// is, and apart from it how sure one is of that.
type assessData struct {
	Item plan.Item `json:"element"`
	kind act.ElementKind

	sc                              scene
	back                            string
	crumbs                          []ui.Crumb
	found                           compliance.Verdict // what is computed here
	verdict, likelihood, confidence string
	asOf                            string
	title, words                    wordsField
	problems                        []ui.Problem
}

// assessRoutes are the forms of assessments.
func (s *Server) assessRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/monitor/{ref}/assess", s.assessPage)
	m.HandleFunc("POST /g/{g}/monitor/{ref}/assess", s.inGroup(s.assessSent))
}

// assessing finds what is to be assessed.
func (s *Server) assessing(r *http.Request, v visit) (d assessData, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return d, err
	}
	d = assessData{sc: s.scene(r, v), asOf: string(s.today(v.group))}
	if !d.sc.powers.Has(act.MayPropose) {
		return d, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopowers")}
	}
	here := false
	var parent act.Ref
	v.group.View(func(p *plan.State) {
		if row, ok := p.Row(ref); ok {
			d.Item, here = row.Item, true
			d.kind = row.Kind
			parent = p.Element(ref).Parent()
		}
	})
	switch d.kind {
	case act.Obligation, act.Milestone:
		d.back = watchHref(d.sc, ref)
		if o, err := s.obligation(r, v, api.AskMonitor{}); err == nil {
			d.found = o.Verdict
		}
	case act.Programme:
		d.back = programmeHref(d.sc, ref, "")
	case act.Hypothesis:
		d.back = programmeHref(d.sc, parent, "")
	default:
		here = false
	}
	if !here {
		return d, chancery.ErrWithheld
	}
	d.crumbs = []ui.Crumb{{Href: d.sc.base + "/monitor", Words: locale.T(r.Context(), "nav.monitor")}, {Href: d.back, Words: titleOf(r.Context(), d.sc, d.Item)}, {Words: locale.T(r.Context(), "assess.title")}}
	d.title = wordsField{name: "title", label: "assess.heading", hint: "assess.heading.hint", langs: d.sc.langs(), must: true, whole: true}
	d.words = wordsField{name: "words", label: "assess.words", hint: "assess.words.hint", langs: d.sc.langs(), area: true, must: true, whole: true}
	return d, nil
}

func (s *Server) assessPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.assessing(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.title.show(d.suggested(s))
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return assessView(f, d) })
}

// suggested is a heading to begin with: that of what is assessed, in each language that it has.
func (d assessData) suggested(s *Server) text.Texts {
	out := text.Texts{}
	for _, v := range d.Item.Title {
		p := s.book.Printer(string(v.Lang), d.sc.now)
		out = out.With(v.Lang, p.F("assess.of", locale.Args{"Title": v.Text}))
	}
	return out
}

// watched reports whether a verdict can be given on what is assessed.
func (d assessData) watched() bool { return d.kind == act.Obligation || d.kind == act.Milestone }

// read takes what was typed.
func (d *assessData) read(r *http.Request) api.Ask {
	p := locale.From(r.Context())
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	d.verdict, d.likelihood, d.confidence, d.asOf = get("verdict"), get("likelihood"), get("confidence"), get("asof")
	title, wrong := d.title.read(r)
	d.problems = append(d.problems, wrong...)
	words, wrong := d.words.read(r)
	d.problems = append(d.problems, wrong...)
	if d.verdict == "" && d.likelihood == "" {
		field := "likelihood"
		if d.watched() {
			field = "verdict"
		}
		d.problems = append(d.problems, ui.Problem{Field: field, Words: p.T("assess.problem.nothing")})
	}
	if _, err := act.ParseDate(d.asOf); err != nil {
		d.problems = append(d.problems, ui.Problem{Field: "asof", Words: p.T("problem.date")})
	}
	parent := string(d.Item.Ref)
	return api.Ask{Act: "table", Kind: act.Assessment.String(), Parent: &parent, Title: api.WordsOf(title), Text: api.WordsOf(words),
		Judgement: &api.AskJudgement{Verdict: d.verdict, Likelihood: d.likelihood, Confidence: d.confidence, AsOf: d.asOf}}
}

// assessSent proposes the assessment.
func (s *Server) assessSent(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.assessing(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	ask := d.read(r)
	if len(d.problems) == 0 {
		var sent []api.Sent
		if sent, err = api.Send(r.Context(), v.group, v.who, ask); err == nil {
			goTo(w, r, d.sc.href(sent[0].Element, "?told=sent"))
			return
		}
		if d.problems, _ = s.wrongOf(r, err, nil); d.problems == nil {
			s.fail(w, r, v, err)
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return assessView(f, d) })
}

// verdictOptions are the verdicts that can be agreed.
func (d assessData) verdictOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "assess.verdict.none"), On: d.verdict == ""}}
	for v := act.Within; v <= act.Expired; v++ {
		out = append(out, ui.Option{Value: v.String(), Label: locale.T(ctx, ui.VerdictKey(v)), On: d.verdict == v.String()})
	}
	return out
}

// likelihoodKey is a word of estimative probability with the per cent that it stands for.
func likelihoodKey(l act.Likelihood) locale.Key {
	switch l {
	case act.AlmostNoChance:
		return "likelihood.1"
	case act.VeryUnlikely:
		return "likelihood.2"
	case act.Unlikely:
		return "likelihood.3"
	case act.RoughlyEvenChance:
		return "likelihood.4"
	case act.Likely:
		return "likelihood.5"
	case act.VeryLikely:
		return "likelihood.6"
	}
	return "likelihood.7"
}

func (d assessData) likelihoodOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "likelihood.none"), On: d.likelihood == ""}}
	for l := act.AlmostNoChance; l <= act.AlmostCertain; l++ {
		out = append(out, ui.Option{Value: l.String(), Label: locale.T(ctx, likelihoodKey(l)), On: d.likelihood == l.String()})
	}
	return out
}

// confidenceKey is how well founded a judgement is.
func confidenceKey(c act.Confidence) locale.Key {
	switch c {
	case act.LowConfidence:
		return "confidence.low"
	case act.ModerateConfidence:
		return "confidence.moderate"
	}
	return "confidence.high"
}

func (d assessData) confidenceOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "confidence.none"), On: d.confidence == ""}}
	for c := act.LowConfidence; c <= act.HighConfidence; c++ {
		out = append(out, ui.Option{Value: c.String(), Label: locale.T(ctx, confidenceKey(c)), On: d.confidence == c.String()})
	}
	return out
}

// jointSaid says an assessment beside its verdict: how likely, how sure, as of when.
func jointSaid(ctx context.Context, j compliance.Joint) string {
	p := locale.From(ctx)
	var out []string
	if l, err := act.ParseLikelihood(j.Likelihood); err == nil && l != 0 {
		out = append(out, p.T(likelihoodKey(l))+".")
	}
	if c, err := act.ParseConfidence(j.Confidence); err == nil && c != 0 {
		out = append(out, p.F("joint.confidence", locale.Args{"Level": p.T(confidenceKey(c))}))
	}
	if j.AsOf != "" {
		out = append(out, p.F("joint.asof", locale.Args{"Day": fullDay(p, string(j.AsOf))}))
	}
	return strings.Join(out, " ")
}
