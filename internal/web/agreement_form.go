package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// agreementDraft is the page on which an agreement, or a programme that is followed, is written as data:
// for the first time, or as a change of what stands.
type agreementDraft struct {
	Kind    string  `json:"kind"`
	Element act.Ref `json:"element,omitempty"` // that is changed; none for a new one
	Basis   string  `json:"basis,omitempty"`
	Free    act.Ref `json:"reference,omitempty"` // the next free one

	sc                   scene
	title, text, bound   wordsField
	conversions          string
	stages               []stageField
	langs                []text.Lang
	base                 act.Content
	problems             []ui.Problem
	ask                  api.AskAgreement
	titleTexts, textOfIt text.Texts
}

// A stageField is one stage of the dispute procedure, as the form has it.
type stageField struct {
	name, then    wordsField
	days          string
	beside, fixed bool
}

// How many stages a form shows: those that are there and some to fill.
const (
	leastStages  = 3
	spareStages  = 2
	moreOfStages = "stages" // the button that asks for more
)

// agreementNew is the form for a new agreement or programme.
func (s *Server) agreementNew(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.agreementDraftOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.show(act.Content{})
	s.showAgreementDraft(w, r, v, d, http.StatusOK)
}

// agreementCounter is the form for a change of an agreement or a programme.
func (s *Server) agreementCounter(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.agreementDraftOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.show(d.base)
	s.showAgreementDraft(w, r, v, d, http.StatusOK)
}

func (s *Server) showAgreementDraft(w http.ResponseWriter, r *http.Request, v visit, d agreementDraft, status int) {
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return agreementDraftView(f, d) })
}

// agreementDraftOf begins a form: what is written, and under what it stands.
func (s *Server) agreementDraftOf(r *http.Request, v visit) (agreementDraft, error) {
	d := agreementDraft{sc: s.scene(r, v), Kind: act.Agreement.String()}
	d.langs = d.sc.langs()
	d.title = wordsField{name: "title", label: "agreement.title", hint: "agreement.title.hint", langs: d.langs, must: true, whole: true}
	d.text = wordsField{name: "text", label: "agreement.words", hint: "agreement.words.hint", langs: d.langs, whole: true, area: true}
	d.bound = wordsField{name: "bound", label: "field.bound", hint: "agreement.bound.hint", langs: d.langs, area: true}
	if r.FormValue("kind") == act.Programme.String() {
		d.Kind = act.Programme.String()
	}
	if !d.sc.may(act.MayPropose) {
		return d, &chancery.Refused{Rule: "powers", Sentence: orElse(d.sc.held, locale.T(r.Context(), "act.nopropose"))}
	}
	if r.PathValue("ref") == "" {
		k, _ := act.ParseElementKind(d.Kind)
		v.group.View(func(p *plan.State) { d.Free = p.NextRef(k, "") })
		return d, nil
	}
	ref, err := pathRef(r)
	if err != nil {
		return d, err
	}
	found := false
	v.group.View(func(p *plan.State) {
		e := p.Element(ref)
		if e == nil || e.Kind() != act.Agreement && e.Kind() != act.Programme {
			return
		}
		found, d.Element, d.Kind = true, ref, e.Kind().String()
		d.base, d.Basis = p.Content(e.Shown(len(p.Parties()))), p.Basis(ref)
	})
	if !found {
		return d, chancery.ErrWithheld
	}
	return d, nil
}

// show fills the form with what stands.
func (d *agreementDraft) show(c act.Content) {
	d.title.show(c.Title)
	d.text.show(c.Text)
	d.bound.typed = map[text.Lang]string{}
	var terms act.Terms
	if c.Terms != nil {
		terms = *c.Terms
	}
	for _, l := range d.langs {
		var lines []string
		for _, t := range terms.Bound {
			s, _ := t.Get(l)
			lines = append(lines, s)
		}
		d.bound.typed[l] = strings.Join(lines, "\n")
	}
	var lines []string
	for _, x := range terms.Conversions {
		lines = append(lines, x.Amount+" "+x.Unit+" = "+x.Equals+" "+x.In)
	}
	d.conversions = strings.Join(lines, "\n")
	n := min(max(len(terms.Procedure)+spareStages, leastStages), act.MaxStages)
	for i := range n {
		f := d.stage(i)
		f.name.typed, f.then.typed = map[text.Lang]string{}, map[text.Lang]string{}
		if i < len(terms.Procedure) {
			st := terms.Procedure[i]
			f.name.show(st.Name)
			f.then.show(st.Then)
			f.beside, f.fixed = st.Beside, st.Fixed
			if st.Days > 0 {
				f.days = strconv.Itoa(int(st.Days))
			}
		}
		d.stages = append(d.stages, f)
	}
}

// stage is the fields of one stage, from 0.
func (d *agreementDraft) stage(i int) stageField {
	id := "stage-" + strconv.Itoa(i+1) + "-"
	return stageField{name: wordsField{name: id + "name", label: "stage.name", langs: d.langs, whole: true},
		then: wordsField{name: id + "then", label: "stage.then.label", langs: d.langs, whole: true}}
}

// agreementForm tables what was written, or counters what stands.
func (s *Server) agreementForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.agreementDraftOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.read(r)
	if r.PostFormValue("do") == moreOfStages {
		for range min(leastStages, act.MaxStages-len(d.stages)) {
			d.stages = append(d.stages, d.stage(len(d.stages)))
		}
		d.problems = nil
		s.showAgreementDraft(w, r, v, d, http.StatusOK)
		return
	}
	status := http.StatusUnprocessableEntity
	if d.Element != "" && len(d.problems) == 0 && r.PostFormValue("basis") != d.Basis {
		d.problems, status = []ui.Problem{{Words: locale.T(r.Context(), "agreement.moved")}}, http.StatusConflict
	}
	if len(d.problems) == 0 {
		sent, err := api.Send(r.Context(), v.group, v.who, d.asked())
		if err == nil {
			goTo(w, r, d.sc.base+"/"+map[bool]string{true: "programme", false: "agreement"}[d.Kind == act.Programme.String()]+"/"+string(sent[0].Element)+"?told=sent")
			return
		}
		f := s.faultOf(r, err)
		d.problems, status = []ui.Problem{{Words: f.Message}}, f.status
	}
	s.showAgreementDraft(w, r, v, d, status)
}

// asked is the request for the act.
func (d agreementDraft) asked() api.Ask {
	a := api.Ask{Act: "table", Kind: d.Kind, Title: api.WordsOf(d.titleTexts), Text: api.WordsOf(d.textOfIt), Terms: &d.ask}
	if d.Element != "" {
		a.Act, a.Kind, a.Element, a.Basis = "counter", "", string(d.Element), d.Basis
	}
	return a
}

// read takes what was typed.
func (d *agreementDraft) read(r *http.Request) {
	var wrong []ui.Problem
	d.titleTexts, wrong = d.title.read(r)
	d.problems = append(d.problems, wrong...)
	d.textOfIt, wrong = d.text.read(r)
	d.problems = append(d.problems, wrong...)
	d.readBound(r)
	d.readConversions(r)
	n, _ := strconv.Atoi(r.PostFormValue("stages"))
	for i := range min(max(n, 0), act.MaxStages) {
		d.readStage(r, i)
	}
}

// readBound takes who is bound: one a line, the same order in every language.
func (d *agreementDraft) readBound(r *http.Request) {
	_, wrong := d.bound.read(r)
	d.problems = append(d.problems, wrong...)
	var rows []api.Words
	first := -1
	for _, l := range d.langs {
		lines := linesOf(d.bound.typed[l])
		if len(lines) == 0 {
			continue
		}
		if first < 0 {
			first = len(lines)
		}
		if len(lines) != first {
			d.problems = append(d.problems, ui.Problem{Field: "bound." + string(l), Words: locale.T(r.Context(), "agreement.bound.wrong")})
			return
		}
		for i, s := range lines {
			if i == len(rows) {
				rows = append(rows, api.Words{})
			}
			rows[i][string(l)] = s
		}
	}
	d.ask.Bound = rows
}

// linesOf are the lines of a field that hold something.
func linesOf(typed string) (out []string) {
	for line := range strings.Lines(text.Clean(typed)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// conversionLine is a conversion as it is typed: “300 kg{UF6} = 202.8 kg{U}”.
var conversionLine = regexp.MustCompile(`^([0-9.]+)\s*([^\s=]+)\s*=\s*([0-9.]+)\s*([^\s=]+)$`)

func (d *agreementDraft) readConversions(r *http.Request) {
	d.conversions = text.Clean(r.PostFormValue("conversions"))
	for _, line := range linesOf(d.conversions) {
		m := conversionLine.FindStringSubmatch(line)
		if m == nil {
			d.problems = append(d.problems, ui.Problem{Field: "conversions", Words: locale.F(r.Context(), "agreement.conversions.wrong", locale.Args{"Line": line})})
			return
		}
		d.ask.Conversions = append(d.ask.Conversions, act.Conversion{Amount: m[1], Unit: m[2], Equals: m[3], In: m[4]})
	}
}

// readStage takes one stage; one without a name and without days is none.
func (d *agreementDraft) readStage(r *http.Request, i int) {
	f := d.stage(i)
	id := "stage-" + strconv.Itoa(i+1) + "-"
	name, wrong := f.name.read(r)
	then, also := f.then.read(r)
	wrong = append(wrong, also...)
	f.days = strings.TrimSpace(r.PostFormValue(id + "days"))
	f.beside, f.fixed = r.PostFormValue(id+"beside") != "", r.PostFormValue(id+"fixed") != ""
	d.stages = append(d.stages, f)
	if len(name) == 0 && f.days == "" && len(then) == 0 && len(wrong) == 0 {
		return
	}
	days := 0
	if f.days != "" {
		n, err := strconv.Atoi(f.days)
		if days = n; err != nil || n < 0 || n > act.MaxDays {
			wrong = append(wrong, ui.Problem{Field: id + "days", Words: locale.T(r.Context(), "stage.days.wrong")})
		}
	}
	if len(name) == 0 && len(wrong) == 0 {
		wrong = append(wrong, ui.Problem{Field: f.name.name + "." + string(d.langs[0]), Words: locale.T(r.Context(), "stage.name.missing")})
	}
	d.problems = append(d.problems, wrong...)
	d.ask.Procedure = append(d.ask.Procedure, api.AskStage{Name: api.WordsOf(name), Days: uint32(max(days, 0)), Beside: f.beside, Fixed: f.fixed, Then: api.WordsOf(then)})
}
