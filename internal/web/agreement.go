package web

import (
	"context"
	"net/http"
	"slices"
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

// agreementData is the page of an agreement that is watched: who is bound by it, its conversions, its
// dispute procedure, and its obligations with how each stands.
type agreementData struct {
	compliance.Board
	Text   text.Texts       `json:"text,omitempty"`
	Terms  act.Terms        `json:"terms"`
	Status plan.Status      `json:"status"`
	Tree   []agreementPart  `json:"-"`
	Under  []agreementChild `json:"under,omitempty"` // assessments of the agreement as a whole

	sc   scene
	ask  api.AskMonitor
	told locale.Key
}

// An agreementPart is a part of the agreement, as the places of its obligations name it: "Annex I".
type agreementPart struct {
	Name  string
	Cards []agreementCard
}

// An agreementCard is one obligation, and what stands under it.
type agreementCard struct {
	compliance.Card
	Under []agreementChild
}

// An agreementChild is an assessment or an extension that stands under an obligation.
type agreementChild struct {
	plan.Item
	Status plan.Status `json:"status"`
}

// agreementRoutes are the pages of an agreement.
func (s *Server) agreementRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /g/{g}/agreement/{ref}", s.inGroup(s.agreementPage))
	s.twin(m, "/g/{g}/agreement/new", s.agreementNew)
	m.HandleFunc("POST /g/{g}/agreement/new", s.inGroup(s.agreementForm))
	s.twin(m, "/g/{g}/agreement/{ref}/counter", s.agreementCounter)
	m.HandleFunc("POST /g/{g}/agreement/{ref}/counter", s.inGroup(s.agreementForm))
	s.twin(m, "/g/{g}/agreement/{ref}/attest", s.attestPage)
	m.HandleFunc("POST /g/{g}/agreement/{ref}/attest", s.inGroup(s.attestForm))
	m.HandleFunc("GET /g/{g}/agreement/{ref}/readings.csv", s.inGroup(s.readingsFile))
}

// agreementPage shows an agreement with its obligations.
func (s *Server) agreementPage(w http.ResponseWriter, r *http.Request, v visit) {
	ref, err := pathRef(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := agreementData{sc: s.scene(r, v), ask: momentAskOf(r), told: monitorTold[r.URL.Query().Get("told")]}
	found := false
	err = s.monitorDesk().Look(r.Context(), v.group, v.who, d.ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		d.Board, found = b.Board(p, ref, m, v.group.Self())
		e := p.Element(ref)
		if found = found && e != nil && e.Kind() == act.Agreement; !found {
			return
		}
		c := p.Content(e.Shown(len(p.Parties())))
		d.Text, d.Status = c.Text, e.Status()
		if c.Terms != nil {
			d.Terms = *c.Terms
		}
		d.Under = agreementChildren(p, ref, act.Assessment)
		d.tree(p)
	})
	if err == nil && !found {
		err = chancery.ErrWithheld
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return agreementView(f, d) })
}

// agreementChildren lists what stands under an element, of some kinds.
func agreementChildren(p *plan.State, ref act.Ref, kinds ...act.ElementKind) (out []agreementChild) {
	for _, c := range p.Children(ref) {
		if !slices.Contains(kinds, c.Kind()) || c.Status() == plan.Withdrawn || c.Status() == plan.Removed {
			continue
		}
		if row, ok := p.Row(c.Ref()); ok {
			out = append(out, agreementChild{row.Item, c.Status()})
		}
	}
	return out
}

// tree puts the obligations by the part of the agreement in which they stand, each part once, in the
// order of its first obligation.
func (d *agreementData) tree(p *plan.State) {
	at := map[string]int{}
	for _, c := range d.Cards {
		name := paragraphPart(c.Paragraph)
		i, there := at[name]
		if !there {
			i = len(d.Tree)
			at[name] = i
			d.Tree = append(d.Tree, agreementPart{Name: name})
		}
		d.Tree[i].Cards = append(d.Tree[i].Cards, agreementCard{c, agreementChildren(p, c.Ref, act.Assessment, act.Extension)})
	}
}

// paragraphPart is the part of an agreement that a place names before its last word: "Annex I" of
// "Annex I 14"; the whole where it is one word without a figure in it.
func paragraphPart(place string) string {
	i := strings.LastIndexByte(place, ' ')
	if i < 0 {
		if strings.ContainsAny(place, "0123456789") {
			return ""
		}
		return place
	}
	return strings.TrimRight(place[:i], " ,.;:§¶")
}

// conversionWords are a conversion as it is stated: "300 kg UF6 = 202.8 kg U".
func conversionWords(p *locale.Printer, c act.Conversion) string {
	return c.Amount + " " + unitSaid(p, c.Unit) + " = " + c.Equals + " " + unitSaid(p, c.In)
}

// stageDays say how long a stage of the procedure lasts, and what is particular about it.
func stageDays(ctx context.Context, st act.Stage) string {
	out := locale.T(ctx, "stage.open")
	if st.Days > 0 {
		out = locale.N(ctx, "stage.days", int(st.Days))
	}
	if st.Beside {
		out += " · " + locale.T(ctx, "stage.beside")
	}
	if st.Fixed {
		out += " · " + locale.T(ctx, "stage.fixed")
	}
	return out
}

// at is the page's address.
func (d agreementData) at() string { return d.sc.base + "/agreement/" + string(d.Agreement) }

// counts are the verdicts that some obligation has.
func (d agreementData) counts() (out []compliance.Tally) {
	for _, t := range d.Counts {
		if t.N > 0 {
			out = append(out, t)
		}
	}
	return out
}
