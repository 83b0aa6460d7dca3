package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// A takenUp is one text of a package, and what accepting the whole does to it.
type takenUp struct {
	plan.Item
	Revision *plan.RevisionRef `json:"revision"`
	Held     bool              `json:"held"` // the party holds it already, or it is in force
}

// takesUp lists the texts that stand or fall with a package.
func takesUp(p *plan.State, self uint8, contains []act.Contained) (out []takenUp) {
	for _, m := range contains {
		t := takenUp{Revision: p.RevisionRef(p.Rule().Revision(m.Revision))}
		if row, ok := p.Row(m.Element); ok {
			t.Item = row.Item
		} else {
			t.Ref, t.Display = m.Element, m.Element.Display()
		}
		if r := p.Rule().Revision(m.Revision); r != nil {
			e := p.Element(m.Element)
			t.Held = r.IsAdopted() || e != nil && e.Position(self) == r
		}
		out = append(out, t)
	}
	return out
}

// packRoutes are the page on which a package is made.
func (s *Server) packRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/packages/new", s.packPage)
	m.HandleFunc("POST /g/{g}/packages/new", s.inGroup(s.packForm))
}

// maxPackRows bounds the open elements from which a package is made on one page.
const maxPackRows = 200

// packData is the form of a package: the open elements, and whose text of each.
type packData struct {
	Elements []packRow `json:"elements"`
	sc       scene
	title    *wordsField
	problems []ui.Problem
}

// A packRow is an open element, and the texts of it that a package can contain.
type packRow struct {
	plan.Item
	Texts  []*plan.RevisionRef `json:"texts"`
	chosen bool
	text   string // id of the revision chosen
}

func (s *Server) pack(r *http.Request, v visit) packData {
	d := packData{Elements: []packRow{}, sc: s.scene(r, v)}
	d.title = &wordsField{name: "title", label: "pack.name", hint: "pack.name.hint", langs: d.sc.langs(), must: true, whole: true}
	v.group.View(func(p *plan.State) {
		for _, e := range p.Open() {
			if k := e.Kind(); k == act.Package || k == act.Round || k == act.Document || len(d.Elements) == maxPackRows {
				continue
			}
			row, _ := p.Row(e.Ref())
			x := packRow{Item: row.Item, chosen: slices.Contains(r.PostForm["element"], string(e.Ref())), text: r.PostFormValue("text." + string(e.Ref()))}
			for q := range d.sc.charter.Parties {
				at := p.RevisionRef(e.Position(uint8(q)))
				if at != nil && !slices.ContainsFunc(x.Texts, func(o *plan.RevisionRef) bool { return o.ID == at.ID }) {
					x.Texts = append(x.Texts, at)
				}
			}
			slices.SortFunc(x.Texts, func(a, b *plan.RevisionRef) int { return cmp.Compare(b.Number, a.Number) })
			if len(x.Texts) > 0 {
				d.Elements = append(d.Elements, x)
			}
		}
	})
	return d
}

// packPage asks which open texts stand or fall together.
func (s *Server) packPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.pack(r, v)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return packView(f, d) })
}

// packForm proposes the package.
func (s *Server) packForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := s.pack(r, v)
	var title text.Texts
	title, d.problems = d.title.read(r)
	ask := api.Ask{Act: "package", Title: api.Words{}}
	for _, t := range title {
		ask.Title[string(t.Lang)] = t.Text
	}
	for _, x := range d.Elements {
		if x.chosen {
			ask.Members = append(ask.Members, api.AskMember{Element: string(x.Ref), Revision: x.text})
		}
	}
	if len(ask.Members) == 0 {
		d.problems = append(d.problems, ui.Problem{Field: "elements", Words: locale.T(r.Context(), "pack.empty")})
	}
	if len(d.problems) == 0 {
		out, err := api.Send(r.Context(), v.group, v.who, ask)
		if err == nil {
			goTo(w, r, d.sc.href(out[len(out)-1].Element, "?told=packed"))
			return
		}
		d.problems = []ui.Problem{{Words: s.faultOf(r, err).Message}}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return packView(f, d) })
}

// textOptions are the texts of an element that a package can contain, by who holds them.
func (x packRow) textOptions(ctx context.Context, sc scene) []ui.Option {
	var out []ui.Option
	for _, t := range x.Texts {
		id := t.ID.String()
		out = append(out, ui.Option{Value: id, On: id == x.text,
			Label: locale.F(ctx, "pack.text", locale.Args{"Party": sc.name(t.Party), "N": locale.Int(t.Number)})})
	}
	return out
}
