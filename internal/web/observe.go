package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
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

// Where an observation goes.
const (
	observeShared = "shared" // to the group, as this party's word
	observeKept   = "kept"   // into the national margin: it leaves in no form
)

// observeData is the form on which one observation is entered, or an earlier one corrected.
type observeData struct {
	Element    act.Ref    `json:"element"` // what is watched, or the programme that is followed
	Above      act.Ref    `json:"above"`   // the agreement or the programme
	Title      text.Texts `json:"title"`
	Quantities []quantity `json:"quantities"`
	Replaces   string     `json:"replaces,omitempty"`

	sc         scene
	programme  bool
	mayKeep    bool
	crumbs     []ui.Crumb
	back       string // where leaving leads
	form       observeForm
	hypotheses []compliance.Hypothesis
	problems   []ui.Problem
}

// A quantity is something that can be read, and the unit of the rule that looks at it.
type quantity struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// observeForm is what was typed.
type observeForm struct {
	quantity, sign, value, unit, asOf, reported   string
	title, document, place, address, quote        string
	gradeSource, gradeInfo, note, where, replaces string
	bears                                         map[act.Ref]int
}

// observeRoutes are the forms of observations.
func (s *Server) observeRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/monitor/{ref}/observe", s.observePage)
	m.HandleFunc("POST /g/{g}/monitor/{ref}/observe", s.inGroup(s.observeSent))
	s.twin(m, "/g/{g}/monitor/{ref}/takeback", s.takeBackPage)
	m.HandleFunc("POST /g/{g}/monitor/{ref}/takeback", s.inGroup(s.takeBackSent))
}

// observing gathers what the form is about: an obligation, a milestone, or a programme itself.
func (s *Server) observing(r *http.Request, v visit) (d observeData, points []compliance.Point, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return d, nil, err
	}
	d = observeData{Element: ref, sc: s.scene(r, v), mayKeep: s.margin != nil}
	if !d.sc.powers.Has(act.MayRemark) {
		return d, nil, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopowers")}
	}
	var kind act.ElementKind
	v.group.View(func(p *plan.State) {
		if e := p.Element(ref); e != nil {
			kind = e.Kind()
		}
	})
	if kind == act.Programme {
		return d, nil, s.observingProgramme(r, v, &d, ref)
	}
	o, err := s.obligation(r, v, api.AskMonitor{})
	if err != nil {
		return d, nil, err
	}
	d.Above, d.Title, d.programme, d.back = o.Obligation.Agreement, o.Title, o.programme(), o.at("")
	d.crumbs = o.crumbs(r.Context(), locale.T(r.Context(), "obl.observe"))
	if o.Quantity != "" {
		d.Quantities = append(d.Quantities, quantity{o.Quantity, o.Unit})
	}
	points = o.Points
	for _, x := range o.Others {
		d.Quantities = append(d.Quantities, quantity{x.Quantity, x.Unit})
		points = append(slices.Clone(points), x.Points...)
	}
	if d.programme {
		if p, err := s.monitorDesk().Programme(r.Context(), v.group, v.who, d.Above, api.AskMonitor{}); err == nil {
			d.hypotheses = p.Hypotheses
		}
	}
	return d, points, nil
}

// observingProgramme is the form for a sighting of a programme, of whatever quantity.
func (s *Server) observingProgramme(r *http.Request, v visit, d *observeData, ref act.Ref) error {
	p, err := s.monitorDesk().Programme(r.Context(), v.group, v.who, ref, api.AskMonitor{})
	if err != nil {
		return err
	}
	d.Above, d.Title, d.programme, d.hypotheses, d.back = ref, p.Title, true, p.Hypotheses, programmeHref(d.sc, ref, "")
	d.crumbs = []ui.Crumb{{Href: d.sc.base + "/monitor", Words: locale.T(r.Context(), "nav.monitor")}, {Href: d.back, Words: d.sc.best(p.Title).Text}, {Words: locale.T(r.Context(), "prog.sight")}}
	seen := map[string]bool{}
	put := func(name, unit string) {
		if name != "" && !seen[name] {
			seen[name] = true
			d.Quantities = append(d.Quantities, quantity{name, unit})
		}
	}
	v.group.View(func(st *plan.State) {
		for _, c := range p.Milestones {
			if e := st.Element(c.Ref); e != nil {
				if w := st.Content(e.Shown(len(d.sc.charter.Parties))).Watch; w != nil {
					put(w.Quantity, w.Unit)
				}
			}
		}
	})
	for _, x := range p.Sightings {
		put(x.Quantity, x.Unit)
	}
	return nil
}

// observePage is the form for one observation.
func (s *Server) observePage(w http.ResponseWriter, r *http.Request, v visit) {
	d, points, err := s.observing(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.form = observeForm{sign: act.Exactly.String(), where: observeShared, bears: map[act.Ref]int{}}
	if len(d.Quantities) > 0 {
		d.form.quantity, d.form.unit = d.Quantities[0].Name, d.Quantities[0].Unit
	}
	if id := r.URL.Query().Get("replaces"); id != "" && !d.correct(points, id) {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return observeView(f, d) })
}

// correct fills the form with an earlier reading of this party's own.
func (d *observeData) correct(points []compliance.Point, id string) bool {
	for _, p := range points {
		for _, e := range p.Entries {
			if e.ID.String() != id || e.Margin || e.Party != d.sc.code() {
				continue
			}
			f := &d.form
			f.sign, f.value = signOf(p.Value)
			f.unit, f.asOf, f.reported, f.note = p.Unit, string(p.Day), string(e.Reported), e.Note
			f.title, f.document, f.place, f.address, f.quote = e.Source.Title, e.Source.Document, e.Source.Place, e.Source.Address, e.Source.Quote
			if len(e.Grade) == 2 {
				f.gradeSource, f.gradeInfo = e.Grade[:1], e.Grade[1:]
			}
			f.replaces, d.Replaces = id, id
			return true
		}
	}
	return false
}

// signOf parts a value from its sign.
func signOf(value string) (sign, rest string) {
	for _, s := range []string{"<=", ">=", "<", ">"} {
		if rest, ok := strings.CutPrefix(value, s); ok {
			return s, rest
		}
	}
	return act.Exactly.String(), value
}

// read takes what was typed.
func (d *observeData) read(r *http.Request) {
	get := func(name string) string { return strings.TrimSpace(text.Clean(r.PostFormValue(name))) }
	f := observeForm{quantity: get("quantity"), sign: get("sign"), value: get("value"), unit: get("unit"), asOf: get("asof"), reported: get("reported"),
		title: get("title"), document: get("document"), place: get("place"), address: get("address"), quote: get("quote"),
		gradeSource: get("grade-source"), gradeInfo: get("grade-info"), note: get("note"), where: cmp.Or(get("where"), observeShared), replaces: get("replaces"), bears: map[act.Ref]int{}}
	if other := get("quantity-other"); other != "" {
		f.quantity = other
	}
	for _, h := range d.hypotheses {
		if n, err := strconv.Atoi(get("bears-" + string(h.Ref))); err == nil && n != 0 {
			f.bears[h.Ref] = n
		}
	}
	d.form, d.Replaces = f, f.replaces
}

// check says what is missing or cannot be read; what the door refuses is told by the door.
func (d observeData) check(p *locale.Printer) (out []ui.Problem) {
	wrong := func(field string, key locale.Key) { out = append(out, ui.Problem{Field: field, Words: p.T(key)}) }
	f := d.form
	if !act.QuantityOK(f.quantity) {
		wrong("quantity", "observe.problem.quantity")
	}
	if _, err := compliance.ParseDecimal(f.value); err != nil {
		wrong("value", "observe.problem.value")
	}
	if !act.UnitOK(f.unit) {
		wrong("unit", "observe.problem.unit")
	}
	if _, err := act.ParseDate(f.asOf); err != nil {
		wrong("asof", "observe.problem.asof")
	}
	if _, err := act.ParseDate(f.reported); f.reported != "" && err != nil {
		wrong("reported", "problem.date")
	}
	if f.title == "" {
		wrong("title", "observe.problem.source")
	}
	if f.address != "" && safeAddress(f.address) == "" {
		wrong("address", "observe.problem.address")
	}
	if (f.gradeSource == "") != (f.gradeInfo == "") {
		if f.gradeSource == "" {
			wrong("grade-source", "observe.problem.grade")
		} else {
			wrong("grade-info", "observe.problem.grade")
		}
	}
	return out
}

// source is what was typed of where it was read.
func (f observeForm) source() act.Citation {
	return act.Citation{Title: f.title, Document: f.document, Place: f.place, Address: f.address, Quote: f.quote}
}

// reading is the observation as a request gives it.
func (f observeForm) reading() api.AskReading {
	out := api.AskReading{Quantity: f.quantity, Sign: f.sign, Value: f.value, Unit: f.unit, AsOf: f.asOf, Reported: f.reported, Grade: f.gradeSource + f.gradeInfo, Note: f.note, Replaces: f.replaces}
	for h, n := range f.bears {
		out.Bears = append(out.Bears, api.AskBearing{Hypothesis: string(h), Weight: n})
	}
	return out
}

// observeSent sends the observation to the group, or keeps it in the margin.
func (s *Server) observeSent(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, _, err := s.observing(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.read(r)
	if d.problems = d.check(locale.From(r.Context())); len(d.problems) > 0 {
		s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return observeView(f, d) })
		return
	}
	told := "observed"
	if d.form.where == observeKept {
		told = "kept"
		source, reading := d.form.source(), d.form.reading()
		_, err = s.monitorDesk().KeepReading(r.Context(), v.group, v.who, d.Element, api.AskMarginReading{Reading: &reading, Source: &source})
	} else {
		_, err = api.Send(r.Context(), v.group, v.who, api.Ask{Act: "observe", Element: string(d.Above), Sources: []act.Citation{d.form.source()}, Readings: []api.AskReading{d.form.reading()}})
	}
	if err != nil {
		status := http.StatusUnprocessableEntity
		if d.problems, status = s.wrongOf(r, err, map[string]string{"unit": "unit", "day": "asof"}); d.problems == nil {
			s.fail(w, r, v, err)
			return
		}
		s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return observeView(f, d) })
		return
	}
	goTo(w, r, d.back+"?told="+told)
}

// wrongOf turns what was refused into a problem beside the field that it is about: fields maps rules to
// fields. It is nil where it is not the form that is wrong.
func (s *Server) wrongOf(r *http.Request, err error, fields map[string]string) ([]ui.Problem, int) {
	if words, ok := faultWords(r.Context(), err); ok {
		return []ui.Problem{{Words: words}}, http.StatusUnprocessableEntity
	}
	f := s.faultOf(r, err)
	if f.Kind == "withheld" {
		return nil, f.status
	}
	return []ui.Problem{{Field: fields[f.Rule], Words: f.Message}}, f.status
}

// quantityOptions are the quantities that can be chosen.
func (d observeData) quantityOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, q := range d.Quantities {
		label := q.Name
		if u := unitSaid(locale.From(ctx), q.Unit); u != "" {
			label += " (" + u + ")"
		}
		out = append(out, ui.Option{Value: q.Name, Label: label, On: q.Name == d.form.quantity})
	}
	return out
}

// signOptions say whether a value is given, or a bound of one.
func (d observeData) signOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range []struct {
		sign act.Sign
		key  locale.Key
	}{{act.Exactly, "sign.exactly"}, {act.AtMost, "sign.atmost"}, {act.Below, "sign.below"}, {act.AtLeast, "sign.atleast"}, {act.Above, "sign.above"}} {
		out = append(out, ui.Option{Value: s.sign.String(), Label: locale.T(ctx, s.key), On: d.form.sign == s.sign.String()})
	}
	return out
}

// gradeOptions are the letters or the figures of a grade, each with what it means.
func gradeOptions(ctx context.Context, of string, key func(byte) locale.Key, chosen string, none locale.Key) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, none), On: chosen == ""}}
	for _, c := range []byte(of) {
		out = append(out, ui.Option{Value: string(c), Label: string(c) + " – " + locale.T(ctx, key(c)), On: chosen == string(c)})
	}
	return out
}

// whereOptions say who will see it.
func (d observeData) whereOptions(ctx context.Context) []ui.Option {
	args := locale.Args{"Party": string(d.sc.code())}
	out := []ui.Option{{Value: observeShared, Label: locale.T(ctx, "observe.shared"), Hint: locale.T(ctx, "observe.shared.hint"), On: d.form.where != observeKept}}
	if d.mayKeep && d.form.replaces == "" {
		out = append(out, ui.Option{Value: observeKept, Label: locale.F(ctx, "observe.kept", args), Hint: locale.F(ctx, "observe.kept.hint", args), On: d.form.where == observeKept})
	}
	return out
}

// weightOptions say how a sighting bears on a hypothesis.
func (d observeData) weightOptions(ctx context.Context, h act.Ref) []ui.Option {
	var out []ui.Option
	for _, x := range weights {
		out = append(out, ui.Option{Value: strconv.Itoa(x.weight), Label: locale.T(ctx, x.key), On: d.form.bears[h] == x.weight})
	}
	return out
}
