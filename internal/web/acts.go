package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
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

// A deed is an act on an element that has a page of its own: what it does, before it is done.
type deed struct {
	elementData
	Act      string           `json:"act"`
	Position *plan.Position   `json:"position,omitempty"` // accept: the text
	Compared []plan.LangSpans `json:"compared,omitempty"` // accept: against this party's own text

	heldBy    *holding   // what the margin holds of it
	note      *plan.Note // lift: the reservation
	of        string
	takes     []takenUp         // accept: the texts of a package that it takes up
	roles     []text.Texts      // refer: the roles of the own delegation
	role      string            // refer: as chosen
	until     instant           // refer: as typed
	certified *plan.RevisionRef // certify: the text
	form      map[text.Lang]string
	asOf      string
	sort      string
	progress  string
	problems  []ui.Problem
	moved     *movedOn
}

// deeds are the acts with a page, and the powers that they take.
var deeds = map[string]act.Powers{
	"accept": act.MayAccept, "reserve": act.MayRemark, "withdraw": act.MayPropose, "remark": act.MayRemark,
	"lift": act.MayRemark, "report": act.MayRemark, "strike": act.MayPropose, "refer": act.MayAccept, "object": act.MayRemark,
	"scrutiny": act.MayRemark, "interpret": act.MayRemark, "certify": act.MayCertify,
}

// actPage says what an act will do, and carries the form that does it.
func (s *Server) actPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.deed(r, v, r.URL.Query().Get("of"), r.URL.Query().Get("note"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return deedView(f, d) })
}

// deed finds the act that an address names, if the party can take it now.
func (s *Server) deed(r *http.Request, v visit, of, note string) (deed, error) {
	e, err := s.dossier(r, v)
	name := strings.TrimSuffix(r.PathValue("act"), jsonSuffix)
	need, known := deeds[name]
	if err != nil || !known {
		return deed{}, chancery.ErrWithheld
	}
	d := deed{elementData: e, Act: name, of: of, form: map[text.Lang]string{}, asOf: s.now().UTC().Format("2006-01-02")}
	if !d.sc.powers.Has(need) {
		return d, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopowers")}
	}
	if name == "lift" {
		list := slices.Concat(d.Reserved, d.Interpretations)
		i := slices.IndexFunc(list, func(n plan.Note) bool { return n.ID.String() == note && n.Party == d.sc.code() })
		if i < 0 {
			return d, &chancery.Refused{Rule: "lift", Sentence: locale.T(r.Context(), "lift.gone")}
		}
		d.note = &list[i]
	}
	return d, s.prepareTalk(r.Context(), v, &d)
}

// compare shows the text to be accepted against what this party holds now, or is bound by.
func (d *deed) compare() {
	own := slices.IndexFunc(d.Positions, func(p plan.Position) bool { return p.Own })
	was := text.Texts(nil)
	if own >= 0 {
		was = d.Positions[own].Text
	}
	if len(was) == 0 {
		return
	}
	for _, l := range d.sc.langs() {
		x, _ := was.Get(l)
		y, _ := d.Position.Text.Get(l)
		if x != "" || y != "" {
			d.Compared = append(d.Compared, plan.LangSpans{Lang: l, Dir: l.Dir(), Spans: text.Diff(x, y)})
		}
	}
}

// actForm carries the act out.
func (s *Server) actForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.deed(r, v, r.PostFormValue("of"), r.PostFormValue("note"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.read(r)
	if r.PostFormValue("basis") != d.Basis {
		d.moved = s.movedSince(v, d.elementData, r.PostFormValue("read"))
		s.deedAgain(w, r, v, d, http.StatusConflict)
		return
	}
	if d.problems = d.check(locale.From(r.Context())); len(d.problems) > 0 {
		s.deedAgain(w, r, v, d, http.StatusUnprocessableEntity)
		return
	}
	_, err = api.Send(r.Context(), v.group, v.who, d.ask(r))
	var moved *chancery.Moved
	switch {
	case errors.As(err, &moved):
		if again, gone := s.deed(r, v, d.of, r.PostFormValue("note")); gone == nil {
			again.form, again.asOf, again.sort, again.progress, again.role, again.until = d.form, d.asOf, d.sort, d.progress, d.role, d.until
			d = again
		}
		d.moved = s.movedSince(v, d.elementData, r.PostFormValue("read"))
		s.deedAgain(w, r, v, d, http.StatusConflict)
	case err != nil:
		f := s.faultOf(r, err)
		d.problems = []ui.Problem{{Field: d.fieldOf(f.Rule), Words: f.Message}}
		if d.heldBy = s.heldBy(r, v, d.Ref, d.ask(r), err); d.heldBy != nil {
			d.problems[0].Words = locale.T(r.Context(), "held.problem")
		}
		s.deedAgain(w, r, v, d, f.status)
	default:
		goTo(w, r, d.sc.href(d.Ref, "?"+d.after()))
	}
}

func (s *Server) deedAgain(w http.ResponseWriter, r *http.Request, v visit, d deed, status int) {
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return deedView(f, d) })
}

// after is where the browser is sent on: the view that shows what was done.
func (d deed) after() string {
	switch d.Act {
	case "strike":
		return "told=sent"
	case "remark", "report", "lift", "interpret":
		return "tab=" + tabDiscussion + "&told=" + d.Act
	}
	return "told=" + d.Act
}

// read takes what was typed.
func (d *deed) read(r *http.Request) {
	for _, l := range d.sc.langs() {
		if words := strings.TrimSpace(text.Clean(r.PostFormValue("words-" + string(l)))); words != "" {
			d.form[l] = words
		}
	}
	d.sort, d.progress, d.role = r.PostFormValue("sort"), r.PostFormValue("progress"), strings.TrimSpace(text.Clean(r.PostFormValue("role")))
	d.until.read(r)
	if r.PostForm.Has("asof") {
		d.asOf = strings.TrimSpace(r.PostFormValue("asof"))
	}
}

// check says what is missing.
func (d deed) check(p *locale.Printer) (out []ui.Problem) {
	first := "words-" + string(d.sc.langs()[0])
	switch d.Act {
	case "reserve", "withdraw", "remark", "lift", "object", "scrutiny", "interpret":
		if len(d.form) == 0 {
			out = append(out, ui.Problem{Field: first, Words: p.T("problem.words")})
		}
	case "report":
		if _, err := act.ParseDate(d.asOf); err != nil {
			out = append(out, ui.Problem{Field: "asof", Words: p.T("problem.date")})
		}
		if d.progress == "" {
			out = append(out, ui.Problem{Field: "progress", Words: p.T("problem.progress")})
		}
	}
	if d.Act == "remark" && d.sort == "" {
		out = append(out, ui.Problem{Field: "sort", Words: p.T("problem.sort")})
	}
	return append(out, d.checkTalk(p)...)
}

// ask makes the request for the act.
func (d deed) ask(r *http.Request) api.Ask {
	a := api.Ask{Act: d.Act, Element: string(d.Ref), Basis: d.Basis, Text: api.Words{}}
	for l, words := range d.form {
		a.Text[string(l)] = words
	}
	switch d.Act {
	case "accept":
		a.Revision = d.Position.Revision.ID.String()
	case "refer":
		a.Text, a.Revision, a.Until, a.Role = nil, d.Position.Revision.ID.String(), d.until.ask(), d.roleAsked()
	case "object":
		a.Revision = d.Silence.Revision.ID.String()
	case "certify":
		a.Text, a.Revision = nil, d.certified.ID.String()
	case "scrutiny":
		a.Act, a.Sort = "remark", act.Scrutiny.String()
	case "interpret":
		a.Act, a.Sort = "remark", act.Interpretation.String()
	case "remark":
		a.Sort = d.sort
	case "lift":
		a.Lifts = d.note.ID.String()
	case "report":
		a.AsOf, a.Progress = d.asOf, d.progress
	case "strike":
		a.Text = nil
		if i := d.opening(); i >= 0 {
			a.Of = string(d.Positions[i].Party)
		}
	}
	return a
}

// revision is the id of what the person has read, for the page that says that it has moved.
func (d deed) readRevision() string {
	if d.Position != nil {
		return d.Position.Revision.ID.String()
	}
	if i := d.opening(); i >= 0 {
		return d.Positions[i].Revision.ID.String()
	}
	return ""
}

// sortOptions are the sorts of remark; a reservation has a page of its own.
func (d deed) sortOptions(ctx context.Context) []ui.Option {
	hint := map[act.RemarkSort]string{act.Comment: locale.T(ctx, "remark.comment.hint"), act.Objection: locale.T(ctx, "remark.objection.hint"),
		act.Interpretation: locale.T(ctx, "remark.interpretation.hint")}
	var out []ui.Option
	for _, s := range []act.RemarkSort{act.Comment, act.Objection, act.Interpretation} {
		out = append(out, ui.Option{Value: s.String(), Label: locale.T(ctx, sortKey(s)), Hint: hint[s], On: d.sort == s.String()})
	}
	return out
}

// progressOptions are the steps of progress.
func (d deed) progressOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, p := range []act.Progress{act.NotBegun, act.Underway, act.Done, act.Stopped} {
		out = append(out, ui.Option{Value: p.String(), Label: locale.T(ctx, progressKey(p)), On: d.progress == p.String()})
	}
	return out
}
