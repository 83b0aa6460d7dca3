package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// negotiation is the page Negotiate: positions side by side, how they moved, and the answer being
// written.
type negotiation struct {
	elementData
	Of string `json:"of,omitempty"` // whose text the editor began with

	base     act.Content       // that text
	baseRev  *plan.RevisionRef // and its revision, where a party holds it
	form     *words            // what is being written
	preview  []plan.LangSpans  // how it differs from the base
	problems []ui.Problem      // what is wrong with it
	heldBy   *holding          // what the margin holds of it
	moved    *movedOn          // the element has moved while it was written
	charts   []chart           // how numbers moved
	chairs   bool              // the person may offer a text, and put one under silence
	silence  bool              // the text is asked to be under silence
	until    instant           // as typed
	against  []string          // what stands against that time
}

// previewOnly goes with what a script sends while somebody types: nothing is sent to anybody, the
// changes are shown.
const previewOnly = `{"do":"preview"}`

// movedOn says that an element has moved while a form was open.
type movedOn struct {
	Read, Now *plan.RevisionRef
	Change    plan.Comparison
	Compared  bool
}

// negotiatePage opens the editor on the other side's text.
func (s *Server) negotiatePage(w http.ResponseWriter, r *http.Request, v visit) {
	n, err := s.negotiation(r, v, r.URL.Query().Get("of"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	n.form = wordsOfContent(n.sc, n.base)
	n.fromDraft(r)
	s.weigh(r, v, &n)
	s.show(w, r, v, n, func(f ui.Frame) templ.Component { return negotiateView(f, n) })
}

func (s *Server) negotiation(r *http.Request, v visit, of string) (negotiation, error) {
	d, err := s.dossier(r, v)
	if err != nil {
		return negotiation{}, err
	}
	n := negotiation{elementData: d, base: d.content, Of: of}
	n.told = r.URL.Query().Get("told")
	n.margin = s.marginBeside(r, v, d, "/negotiate")
	n.charts = chartsOf(n.sc, d.Moves, s.now())
	n.chairs, n.until = n.sc.charter.ChairedBy(n.sc.code(), v.who.Person), n.sc.instantOf(time.Time{})
	if of == chairText && d.Offer != nil {
		n.Of, n.base, n.baseRev = chairText, d.Offer.Content, d.Offer.Revision
		return n, nil
	}
	i := slices.IndexFunc(d.Positions, func(p plan.Position) bool { return string(p.Party) == of })
	if i < 0 {
		i = n.opening()
	}
	n.Of = ""
	if i >= 0 {
		p := d.Positions[i]
		n.Of, n.base, n.baseRev = string(p.Party), p.Content, p.Revision
	}
	return n, nil
}

// opening is the position that the editor opens on: the latest text of another party that is not
// in force; else the party's own; else any.
func (d elementData) opening() int {
	best := -1
	for i, p := range d.Positions {
		if !p.Own && !p.InForce && (best < 0 || p.Revision.Number > d.Positions[best].Revision.Number) {
			best = i
		}
	}
	if best < 0 {
		best = slices.IndexFunc(d.Positions, func(p plan.Position) bool { return p.Own })
	}
	if best < 0 && len(d.Positions) > 0 {
		best = 0
	}
	return best
}

// negotiateForm sends a counter, or shows how it differs without sending it.
func (s *Server) negotiateForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	n, err := s.negotiation(r, v, r.PostFormValue("of"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	n.form = wordsOfForm(n.sc, r.PostForm, n.base)
	n.preview = n.form.against(n.sc, n.base)
	n.silence = r.PostFormValue("silence") != ""
	if n.until.read(r); n.silence {
		n.against = s.silenceAgainst(r.Context(), v, n.sc, n.until)
	}
	s.weigh(r, v, &n)
	if r.PostFormValue("do") == "preview" {
		s.show(w, r, v, n, func(f ui.Frame) templ.Component { return negotiateView(f, n) })
		return
	}
	if r.PostFormValue("basis") != n.Basis {
		n.moved = s.movedSince(v, n.elementData, r.PostFormValue("read"))
		s.again(w, r, v, n, http.StatusConflict)
		return
	}
	n.problems = n.form.check(r, n.sc, n.base)
	if _, ok := n.until.time(); n.silence && !ok {
		n.problems = append(n.problems, ui.Problem{Field: "until", Words: locale.T(r.Context(), "problem.until")})
	}
	if len(n.problems) > 0 {
		s.again(w, r, v, n, http.StatusUnprocessableEntity)
		return
	}
	if r.PostFormValue("do") == "keep" && n.margin != nil {
		s.keepDraft(w, r, v, n)
		return
	}
	ask, told := n.asked(r.PostFormValue("do"))
	if _, err := api.Send(r.Context(), v.group, v.who, ask); err != nil {
		s.counterRefused(w, r, v, n, err)
		return
	}
	goTo(w, r, n.sc.href(n.Ref, "?told="+told))
}

// asked is the request for what is sent: a counter, a text under silence, or a co-chair's text; and
// what is said once it is sent.
func (n negotiation) asked(do string) (ask api.Ask, told string) {
	ask, told = n.form.ask("counter", n.base), "sent"
	if do == chairText {
		ask, told = n.form.ask("offer", n.base), "offered"
	}
	ask.Element, ask.Basis, ask.Of = string(n.Ref), n.Basis, n.Of
	if n.Of == chairText {
		ask.Of, ask.Revision = "", n.baseRev.ID.String()
	}
	if n.silence {
		ask.Until, told = n.until.ask(), "silence"
	}
	return ask, told
}

// counterRefused keeps what was written and says why it was not sent.
func (s *Server) counterRefused(w http.ResponseWriter, r *http.Request, v visit, n negotiation, err error) {
	var moved *chancery.Moved
	if errors.As(err, &moved) {
		again, gone := s.negotiation(r, v, n.Of)
		if gone != nil {
			s.fail(w, r, v, gone)
			return
		}
		again.form, again.preview, again.silence, again.until, again.against = n.form, n.preview, n.silence, n.until, n.against
		again.moved = s.movedSince(v, again.elementData, r.PostFormValue("read"))
		s.again(w, r, v, again, http.StatusConflict)
		return
	}
	f := s.faultOf(r, err)
	n.problems = []ui.Problem{{Field: n.fieldOf(f.Rule), Words: f.Message}}
	ask, _ := n.asked(r.PostFormValue("do"))
	if n.heldBy = s.heldBy(r, v, n.Ref, ask, err); n.heldBy != nil {
		n.problems[0].Words = locale.T(r.Context(), "held.problem")
	}
	s.again(w, r, v, n, f.status)
}

// fieldOf says beside which field of the editor a refusal stands; "" for the form as a whole.
func (n negotiation) fieldOf(rule string) string {
	if !n.silence {
		return ""
	}
	return fieldOfRule(rule)
}

// again shows the page with what was typed, and what is wrong with it.
func (s *Server) again(w http.ResponseWriter, r *http.Request, v visit, n negotiation, status int) {
	s.showAs(w, r, v, status, n, func(f ui.Frame) templ.Component { return negotiateView(f, n) })
}

// movedSince compares what the person had read with what is proposed now.
func (s *Server) movedSince(v visit, d elementData, read string) *movedOn {
	m := &movedOn{}
	var id act.Hash
	known := id.UnmarshalText([]byte(read)) == nil
	v.group.View(func(p *plan.State) {
		e := p.Element(d.Ref)
		if e == nil {
			return
		}
		m.Now = p.RevisionRef(e.Leading())
		for q := range len(d.sc.charter.Parties) {
			// The other side's text is what the person answers, so it is what has to be shown.
			if o := e.Position(uint8(q)); o != nil && uint8(q) != d.sc.self && o != e.InForce() {
				m.Now = p.RevisionRef(o)
			}
		}
		if known {
			m.Read = p.RevisionRef(p.Rule().Revision(id))
		}
		if m.Now != nil && m.Read != nil {
			m.Change, m.Compared = p.Compare(m.Read.ID, m.Now.ID)
		}
	})
	return m
}

// others are the parties to whom a text goes.
func (n negotiation) receivers() []ui.Party { return n.sc.others() }

// baseSaid names the text that the editor began with.
func (n negotiation) baseSaid(p *locale.Printer) string {
	if n.baseRev == nil {
		return p.T("editor.from.last")
	}
	args := locale.Args{"Party": n.sc.name(party.Code(n.Of)), "N": locale.Int(n.baseRev.Number)}
	if n.moved != nil {
		return p.F("editor.kept", args)
	}
	if n.Of == chairText {
		args["Text"] = n.whoseText(p, chairText)
		return p.F("editor.from.offer", args)
	}
	if n.Of == string(n.sc.code()) {
		return p.F("editor.from.own", args)
	}
	return p.F("editor.from", args)
}

// read is the id of the revision that the editor began with, or "".
func (n negotiation) read() string {
	if n.baseRev == nil {
		return ""
	}
	return n.baseRev.ID.String()
}

// silent are the parties that hold no text.
func (n negotiation) silent() (out []ui.Party) {
	for _, m := range n.sc.charter.Parties {
		if !slices.ContainsFunc(n.Positions, func(p plan.Position) bool { return p.Party == m.Code }) {
			out = append(out, n.sc.party(m.Code))
		}
	}
	return out
}

// spansOf is how a position differs from what it is compared with, in one language.
func spansOf(p plan.Position, v text.Version) []text.Span {
	if list, ok := spansIn(p.Spans, v.Lang); ok {
		return list
	}
	return []text.Span{{Text: v.Text}}
}
