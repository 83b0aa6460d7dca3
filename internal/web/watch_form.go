package web

import (
	"context"
	"net/http"
	"strconv"
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

// What the form of an obligation can be sent for.
const (
	watchFields = "form" // to ask for what another plain form needs
	watchTry    = "try"  // to see what the rule gives on past readings; nothing is sent
	watchSend   = "send"
)

// ruleInCEL stands in the place of a plain form where the rule is written in CEL itself.
const ruleInCEL = "cel"

// watchData is the form on which an obligation, or a milestone, is written or another text of it.
type watchData struct {
	Parent  plan.Item         `json:"parent"`            // the agreement or the programme
	Element act.Ref           `json:"element,omitempty"` // of a counter-text
	Trial   *compliance.Trial `json:"trial,omitempty"`

	sc         scene
	kind       act.ElementKind
	e          elementData // of a counter-text: the element as it stands
	moved      *movedOn    // it has moved since it was read
	base       act.Content // the text that a counter-text begins with
	basis      string
	revision   string
	crumbs     []ui.Crumb
	back       string
	action     string
	quantities []compliance.Quantity
	form       *words
	f          watchTyped
	owes       wordsField
	verified   wordsField
	problems   []ui.Problem
}

// watchTyped is what was typed of what is watched.
type watchTyped struct {
	paragraph, quantity, unit, kind                         string
	value, high, days, by, other, near, nearLow, nearDays   string
	rule, nearRule                                          string
	from, to, every, fresh, sources, gradeSource, gradeInfo string
	baseline, baselineOn, target, targetOn                  string
}

// watchRoutes are the forms of obligations and milestones.
func (s *Server) watchRoutes(m *http.ServeMux) {
	for _, path := range []string{"/g/{g}/agreement/{ref}/obligation", "/g/{g}/programme/{ref}/milestone", "/g/{g}/monitor/{ref}/counter"} {
		s.twin(m, path, s.watchPage)
		m.HandleFunc("POST "+path, s.inGroup(s.watchSent))
	}
}

// watching finds what the form is about: a new obligation of an agreement, or another text of one.
func (s *Server) watching(r *http.Request, v visit) (d watchData, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return d, err
	}
	d = watchData{sc: s.scene(r, v)}
	if !d.sc.powers.Has(act.MayPropose) {
		return d, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopropose")}
	}
	above := ref
	if strings.Contains(r.URL.Path, "/monitor/") {
		e, err := s.dossierOf(r, v, ref)
		if err != nil {
			return d, err
		}
		d.Element, d.kind, d.e, d.base, d.basis = ref, e.Kind, e, e.content, e.Basis
		if i := e.opening(); i >= 0 {
			d.base, d.revision = e.Positions[i].Content, e.Positions[i].Revision.ID.String()
		}
		above = d.base.Parent
	}
	here := false
	v.group.View(func(p *plan.State) {
		row, ok := p.Row(above)
		if !ok {
			return
		}
		switch row.Kind {
		case act.Agreement:
			here, d.kind = true, act.Obligation
		case act.Programme:
			here, d.kind = true, act.Milestone
		}
		d.Parent, d.quantities = row.Item, quantitiesUnder(p, above)
	})
	if !here {
		return d, chancery.ErrWithheld
	}
	d.frame(r)
	return d, nil
}

// frame fills where the form stands and what leads away from it.
func (d *watchData) frame(r *http.Request) {
	ctx := r.Context()
	d.back, d.action = d.sc.base+"/agreement/"+string(d.Parent.Ref), d.sc.base+"/agreement/"+string(d.Parent.Ref)+"/obligation"
	if d.kind == act.Milestone {
		d.back = programmeHref(d.sc, d.Parent.Ref, "")
		d.action = d.back + "/milestone"
	}
	d.crumbs = []ui.Crumb{{Href: d.sc.base + "/monitor", Words: locale.T(ctx, "nav.monitor")}, {Href: d.back, Words: titleOf(ctx, d.sc, d.Parent)}}
	if d.Element != "" {
		d.back, d.action = watchHref(d.sc, d.Element), watchHref(d.sc, d.Element)+"/counter"
		d.crumbs = append(d.crumbs, ui.Crumb{Href: d.back, Words: d.Element.Display()})
	}
	d.crumbs = append(d.crumbs, ui.Crumb{Words: d.heading(locale.From(ctx))})
	d.owes = wordsField{name: "owes", label: "field.owes", langs: d.sc.langs(), whole: true}
	d.verified = wordsField{name: "verified", label: "field.verified", langs: d.sc.langs(), whole: true}
	d.form = wordsOfContent(d.sc, d.base)
	d.f = typedOf(d.base.Watch, d.quantities)
	if w := d.base.Watch; w != nil {
		d.owes.show(w.Owes)
		d.verified.show(w.Verified)
	}
}

// quantitiesUnder are the quantities that the rules of an agreement look at, with their units.
func quantitiesUnder(p *plan.State, above act.Ref) (out []compliance.Quantity) {
	seen := map[string]bool{}
	for _, e := range p.Children(above) {
		if w := p.Content(e.Shown(len(p.Parties()))).Watch; w != nil && w.Quantity != "" && !seen[w.Quantity] {
			seen[w.Quantity] = true
			out = append(out, compliance.Quantity{Name: w.Quantity, Unit: w.Unit})
		}
	}
	return out
}

// typedOf fills the form with what is watched now: as a plain form where the rule has one.
func typedOf(w *act.Watch, known []compliance.Quantity) watchTyped {
	f := watchTyped{kind: compliance.FormAtMost.String(), sources: "1"}
	if w == nil {
		return f
	}
	f.paragraph, f.quantity, f.unit, f.rule, f.nearRule = w.Paragraph, w.Quantity, w.Unit, w.Rule, w.Near
	f.from, f.to, f.baseline, f.baselineOn, f.target, f.targetOn = string(w.From), string(w.To), w.Baseline, string(w.BaselineOn), w.Target, string(w.TargetOn)
	f.every, f.fresh, f.sources = wholeTyped(int(w.Every)), wholeTyped(int(w.Fresh)), wholeTyped(max(1, int(w.Sources)))
	if g := w.Grade.String(); len(g) == 2 {
		f.gradeSource, f.gradeInfo = g[:1], g[1:]
	}
	f.kind = ruleInCEL
	form, ok := formOf(w, known)
	if !ok {
		return f
	}
	f.kind, f.value, f.high, f.by, f.other = form.Kind.String(), form.Value, form.High, string(form.By), form.Other
	f.days, f.nearDays, f.near, f.nearLow = wholeTyped(form.Days), wholeTyped(form.NearDays), form.Near, form.NearLow
	return f
}

// formOf recognises the plain form of a rule, and of what counts as near it.
func formOf(w *act.Watch, known []compliance.Quantity) (compliance.Form, bool) {
	rule, err := compliance.Compile(w.Rule, known)
	if err != nil {
		return compliance.Form{}, false
	}
	form, ok := rule.Shape()
	if !ok || w.Near == "" {
		return form, ok
	}
	near, err := compliance.CompileNear(w.Near, known)
	if err != nil {
		return form, false
	}
	return form.WithNear(near)
}

// wholeTyped is a number as it stands in a field; nothing for 0.
func wholeTyped(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// watchPage is the form.
func (s *Server) watchPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.watching(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if k := r.URL.Query().Get("form"); k == ruleInCEL || d.plainKind(k) != 0 {
		d.f.kind = k
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return watchView(f, d) })
}

// plainKind is the kind of a plain form, or 0.
func (d watchData) plainKind(name string) compliance.FormKind {
	k, err := compliance.ParseFormKind(name)
	if err != nil {
		return 0
	}
	return k
}

// watchSent asks for other fields, tries the rule, or sends the text.
func (s *Server) watchSent(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.watching(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	ask := d.read(r)
	status := http.StatusOK
	switch r.PostFormValue("do") {
	case watchFields:
		d.problems = nil
	case watchTry:
		d.problems, status = s.tryRule(r, v, &d, ask)
	default:
		if status = s.sendWatch(w, r, v, &d, ask); status == 0 {
			return
		}
	}
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return watchView(f, d) })
}

// sendWatch sends the text. It gives the status with which the form is shown again; 0 where something
// else was answered.
func (s *Server) sendWatch(w http.ResponseWriter, r *http.Request, v visit, d *watchData, ask api.AskWatch) int {
	if d.Element != "" && r.PostFormValue("basis") != d.basis {
		d.moved = s.movedSince(v, d.e, r.PostFormValue("read"))
		return http.StatusConflict
	}
	if d.checkWords(r); len(d.problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	sent, err := api.Send(r.Context(), v.group, v.who, d.ask(ask))
	if err == nil {
		goTo(w, r, d.sc.href(sent[0].Element, "?told=sent"))
		return 0
	}
	status := 0
	if d.problems, status = s.ruleWrong(r, err); d.problems == nil {
		s.fail(w, r, v, err)
		return 0
	}
	return status
}

// tryRule says what the rule would give on the readings that there are. Nothing is sent.
func (s *Server) tryRule(r *http.Request, v visit, d *watchData, ask api.AskWatch) ([]ui.Problem, int) {
	if len(d.problems) > 0 {
		return d.problems, http.StatusUnprocessableEntity
	}
	t, err := s.monitorDesk().Try(r.Context(), v.group, v.who, api.AskTry{Parent: string(d.Parent.Ref), Watch: &ask})
	if err != nil {
		return s.ruleWrong(r, err)
	}
	d.Trial = &t
	return nil, http.StatusOK
}

// ruleWrong is wrongOf, with what is said of a rule beside the rule.
func (s *Server) ruleWrong(r *http.Request, err error) ([]ui.Problem, int) {
	return s.wrongOf(r, err, map[string]string{"rule": "kind"})
}

// checkWords says what is wrong with the words, where the text is to be sent.
func (d *watchData) checkWords(r *http.Request) {
	p := locale.From(r.Context())
	for _, wrong := range d.form.check(r, d.sc, d.base) {
		if wrong.Words != p.T("problem.unchanged") { // what is watched may have changed where the words have not
			d.problems = append(d.problems, wrong)
		}
	}
}

// ask makes the request of the words and of what is watched.
func (d watchData) ask(w api.AskWatch) api.Ask {
	if d.Element == "" {
		a := d.form.ask("table", act.Content{})
		parent := string(d.Parent.Ref)
		a.Kind, a.Parent, a.Watch = d.kind.String(), &parent, &w
		a.Due, a.Amount, a.Lead, a.Support, a.Cites, a.Source, a.Unit = nil, nil, nil, nil, nil, nil, nil
		return a
	}
	a := d.form.ask("counter", d.base)
	a.Element, a.Basis, a.Revision, a.Watch = string(d.Element), d.basis, d.revision, &w
	a.Due, a.Amount, a.Lead, a.Support, a.Cites, a.Source, a.Unit = nil, nil, nil, nil, nil, nil, nil
	if changed, _ := d.form.changed(d.base); len(changed) == 0 {
		a.Title, a.Text, a.Same, a.Behind = nil, nil, nil, nil
	}
	return a
}

// read takes what was typed.
func (d *watchData) read(r *http.Request) api.AskWatch {
	d.form = wordsOfForm(d.sc, r.PostForm, d.base)
	get := func(name string) string { return strings.TrimSpace(text.Clean(r.PostFormValue(name))) }
	d.f = watchTyped{paragraph: get("paragraph"), quantity: get("quantity"), unit: get("unit"), kind: get("kind"), value: get("value"), high: get("high"), days: get("days"), by: get("by"),
		other: get("other"), near: get("near"), nearLow: get("nearlow"), nearDays: get("neardays"), rule: get("rule"), nearRule: get("nearrule"), from: get("from"), to: get("to"),
		every: get("every"), fresh: get("fresh"), sources: get("sources"), gradeSource: get("grade-source"), gradeInfo: get("grade-info"),
		baseline: get("baseline"), baselineOn: get("baselineon"), target: get("target"), targetOn: get("targeton")}
	f, p := &d.f, locale.From(r.Context())
	if d.plainKind(f.kind) == 0 && f.kind != ruleInCEL {
		f.kind = compliance.FormAtMost.String()
	}
	owes, wrong := d.owes.read(r)
	d.problems = append(d.problems, wrong...)
	verified, wrong := d.verified.read(r)
	d.problems = append(d.problems, wrong...)
	out := api.AskWatch{Paragraph: f.paragraph, Owes: api.WordsOf(owes), Quantity: f.quantity, Unit: f.unit, From: f.from, To: f.to, Verified: api.WordsOf(verified),
		Every: uint32(d.whole(p, "every", f.every, act.MaxDays)), Fresh: uint32(d.whole(p, "fresh", f.fresh, act.MaxDays)), Sources: uint8(d.whole(p, "sources", f.sources, act.MaxWitnesses)),
		Grade: f.gradeSource + f.gradeInfo, Baseline: f.baseline, BaselineOn: f.baselineOn, Target: f.target, TargetOn: f.targetOn}
	d.checkTyped(p)
	if f.kind == ruleInCEL {
		out.Rule, out.Near = f.rule, f.nearRule
		return out
	}
	out.Form = d.plain(p)
	return out
}

// plain is the plain form as typed, with what its kind uses.
func (d *watchData) plain(p *locale.Printer) *compliance.Form {
	f := d.f
	k := d.plainKind(f.kind)
	value, high, days, by, other, near := k.Uses()
	out := compliance.Form{Kind: k, Quantity: f.quantity}
	if value {
		out.Value = f.value
	}
	if high {
		out.High, out.NearLow = f.high, f.nearLow
	}
	if days {
		out.Days = d.whole(p, "days", f.days, act.MaxDays)
	}
	if by {
		out.By = act.Date(f.by)
	}
	if other {
		out.Other = f.other
	}
	if near && by {
		out.NearDays = d.whole(p, "neardays", f.nearDays, act.MaxDays)
	} else if near {
		out.Near = f.near
	}
	return &out
}

// whole reads a whole number from a field; nothing is 0.
func (d *watchData) whole(p *locale.Printer, field, typed string, most int) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > most {
		d.problems = append(d.problems, ui.Problem{Field: field, Words: p.F("oform.problem.whole", locale.Args{"Most": locale.Int(most)})})
		return 0
	}
	return n
}

// checkTyped says what cannot be read of what was typed.
func (d *watchData) checkTyped(p *locale.Printer) {
	f := d.f
	wrong := func(field string, key locale.Key) {
		d.problems = append(d.problems, ui.Problem{Field: field, Words: p.T(key)})
	}
	if !act.QuantityOK(f.quantity) {
		wrong("quantity", "observe.problem.quantity")
	}
	if f.unit != "" && !act.UnitOK(f.unit) {
		wrong("unit", "observe.problem.unit")
	}
	for _, x := range [][2]string{{"from", f.from}, {"to", f.to}, {"by", f.by}, {"baselineon", f.baselineOn}, {"targeton", f.targetOn}} {
		if _, err := act.ParseDate(x[1]); x[1] != "" && err != nil {
			wrong(x[0], "problem.date")
		}
	}
	if (f.gradeSource == "") != (f.gradeInfo == "") {
		wrong("grade-info", "observe.problem.grade")
	}
}

// heading says what is written.
func (d watchData) heading(p *locale.Printer) string {
	switch {
	case d.Element != "":
		return p.F("oform.counter", locale.Args{"Ref": alongLine(p, d.Element.Display())})
	case d.kind == act.Milestone:
		return p.T("oform.milestone")
	}
	return p.T("oform.obligation")
}

// kindOptions are the plain forms, and CEL itself.
func (d watchData) kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range compliance.FormKinds() {
		out = append(out, ui.Option{Value: k.String(), Label: locale.T(ctx, locale.Key("oform.kind."+k.String())), On: d.f.kind == k.String()})
	}
	return append(out, ui.Option{Value: ruleInCEL, Label: locale.T(ctx, "oform.kind.cel"), On: d.f.kind == ruleInCEL})
}

// tried is the trial as the chart of an obligation takes it.
func (d watchData) tried() compliance.Obligation {
	o := compliance.Obligation{Card: d.Trial.Card, Points: d.Trial.Points, PointsAll: len(d.Trial.Points), Episodes: d.Trial.Episodes, History: d.Trial.History,
		Rule: d.Trial.Canonical, NearRule: d.Trial.NearRule, InWords: d.Trial.InWords, Quantity: d.f.quantity}
	o.Title = nil
	return o
}
