package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// draftData is the page on which a new element is written.
type draftData struct {
	Kind   string      `json:"kind"`
	Parent string      `json:"parent,omitempty"`
	Cites  string      `json:"cites,omitempty"`
	Free   act.Ref     `json:"reference"` // the next free one
	Above  []plan.Item `json:"above"`     // what it could stand under

	sc       scene
	form     *words
	problems []ui.Problem
}

// newPage is the form for a new element.
func (s *Server) newPage(w http.ResponseWriter, r *http.Request, v visit) {
	f := r.URL.Query()
	d := s.draft(r, v, f.Get("kind"), f.Get("parent"))
	d.form.cites = f.Get("cites")
	d.Cites = d.form.cites
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return newView(f, d) })
}

// draftKinds are the kinds that can be written on this page, from ends to means.
var draftKinds = []act.ElementKind{act.Goal, act.Way, act.Action, act.Means, act.Clause}

func (s *Server) draft(r *http.Request, v visit, kind, parent string) draftData {
	d := draftData{Kind: kind, Parent: parent, sc: s.scene(r, v)}
	d.form = wordsOfContent(d.sc, act.Content{})
	k, err := act.ParseElementKind(kind)
	if err != nil {
		d.Kind = ""
	}
	up, _ := act.ParseRef(parent)
	collect := func(p *plan.State) { d.Above = append(d.Above, parentsFor(p, k, up)...) }
	d.Above = []plan.Item{}
	if d.Kind != "" {
		v.group.View(func(p *plan.State) {
			d.Free = p.NextRef(k, up)
			collect(p)
		})
		if plenary, ok := s.chancery.GroupByID(d.sc.charter.Plenary); ok && !d.sc.charter.Plenary.IsZero() && plenary.Seats(v.who) {
			plenary.View(collect)
		}
	}
	return d
}

// newForm tables a new element.
func (s *Server) newForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := s.draft(r, v, r.PostFormValue("kind"), r.PostFormValue("parent"))
	d.form = wordsOfForm(d.sc, r.PostForm, act.Content{})
	d.Cites = d.form.cites
	p := locale.From(r.Context())
	if d.Kind == "" {
		d.problems = append(d.problems, ui.Problem{Field: "kind", Words: p.T("problem.kind")})
	}
	d.problems = append(d.problems, d.form.check(r, d.sc, act.Content{})...)
	if len(d.problems) > 0 {
		s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return newView(f, d) })
		return
	}
	ask := d.form.ask("table", act.Content{})
	ask.Kind, ask.Parent = d.Kind, &d.Parent
	sent, err := api.Send(r.Context(), v.group, v.who, ask)
	if err != nil {
		f := s.faultOf(r, err)
		d.problems = []ui.Problem{{Words: f.Message}}
		s.showAs(w, r, v, f.status, d, func(f ui.Frame) templ.Component { return newView(f, d) })
		return
	}
	goTo(w, r, d.sc.href(sent[0].Element, "?told=sent"))
}

// kind is the kind being written, or 0.
func (d draftData) kind() act.ElementKind {
	k, _ := act.ParseElementKind(d.Kind)
	return k
}

// maxSought is the size of a plan up to which it is looked through for what could stand above a
// new element. In a larger one the list holds the top of the plan, and what was asked for.
const maxSought = 2000

// parentsFor lists what an element of a kind could stand under.
func parentsFor(p *plan.State, k act.ElementKind, asked act.Ref) []plan.Item {
	var out []plan.Item
	take := func(q plan.OutlineQuery) {
		q.Limit = plan.MaxRows
		for _, row := range p.Outline(q).Rows {
			if row.Kind < k {
				out = append(out, row.Item)
			}
		}
	}
	if p.Totals().Elements > maxSought {
		take(plan.OutlineQuery{})
		if row, ok := p.Row(asked); ok && !slices.ContainsFunc(out, func(it plan.Item) bool { return it.Ref == asked }) {
			out = append(out, row.Item)
		}
		return out
	}
	for _, above := range draftKinds {
		if above < k {
			take(plan.OutlineQuery{Kind: above})
		}
	}
	return out
}
