package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// docData is the page Joint document, in one language or in two side by side.
type docData struct {
	plan.Document
	thenData
	Parallel    bool       `json:"parallel,omitempty"`
	Bracket     int        `json:"bracket,omitempty"` // which of the open paragraphs the reader has come to, from 1
	Prev        act.Ref    `json:"prev,omitempty"`    // open paragraphs before and after it
	Next        act.Ref    `json:"next,omitempty"`
	Instruments []plan.Row `json:"instruments,omitempty"`

	sc    scene
	lang  text.Lang
	at    act.Ref
	hush  map[act.Ref]bool // what is under silence now
	whole bool
	told  string
	ends  []plan.Moment        // moments to read the text as it stood
	heads map[text.Lang]string // the line under the title, in the language of its column
}

// docPage shows the joint document in one language.
func (s *Server) docPage(w http.ResponseWriter, r *http.Request, v visit) { s.joint(w, r, v, false) }

// parallelPage shows it in two languages, paragraph beside paragraph.
func (s *Server) parallelPage(w http.ResponseWriter, r *http.Request, v visit) {
	s.joint(w, r, v, true)
}

func (s *Server) joint(w http.ResponseWriter, r *http.Request, v visit, parallel bool) {
	d := docData{sc: s.scene(r, v), Parallel: parallel, told: r.URL.Query().Get("told")}
	f := r.URL.Query()
	d.lang = d.sc.reading()
	if l := text.Lang(f.Get("lang")); slices.Contains(d.sc.charter.Languages, l) {
		d.lang = l
	}
	d.at, _ = act.ParseRef(f.Get("at"))
	moment := momentAsked(f)
	if moment != "" {
		d.at, _ = act.ParseRef(f.Get("p"))
	}
	d.whole = f.Get("all") != ""
	q := docQuery(f)
	q.Langs = []text.Lang{d.lang}
	if d.Parallel {
		q.Langs = d.sc.pair()
	}
	if d.whole {
		q.Limit = plan.MaxRows
	}
	then, err := viewAt(r, v, moment, func(p *plan.State) {
		d.Document = p.Document(q)
		if d.at != "" && !d.onPage(d.at) && q.View != plan.ChangesSince && p.Element(d.at) != nil {
			q.At = d.at
			d.Document = p.Document(q)
		}
		d.Prev, d.Next = p.NextOpen(d.at, true), p.NextOpen(d.at, false)
		if moment == "" && p.Hushed() {
			d.hush = hushedNow(p, s.now())
		}
		d.Instruments = p.Outline(plan.OutlineQuery{Kind: act.Document, Limit: plan.DefaultRows}).Rows
	})
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.thenData, d.ends = then, otherMoments(v)
	for _, p := range d.Paragraphs {
		if p.Ref == d.at {
			d.Bracket = p.Bracket
		}
	}
	shown := d.sc.now
	if d.past() {
		shown = when(d.Moment.At)
	}
	d.heads = map[text.Lang]string{}
	for _, l := range d.Langs {
		p := s.book.Printer(string(l), d.sc.now, s.zones(r.Context())...)
		d.heads[l] = d.sc.charter.Name.Best(l).Text + " · " + p.F("doc.rolling", locale.Args{"N": locale.Int(d.Totals.Rolling), "Date": p.Day(shown)})
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return docView(f, d) })
}

func docQuery(f url.Values) plan.DocumentQuery {
	q := plan.DocumentQuery{View: plan.WithBrackets}
	if view := f.Get("view"); view == plan.AgreedText || view == plan.ChangesSince {
		q.View = view
	}
	q.Since, _ = strconv.Atoi(f.Get("since"))
	q.Since = max(q.Since, 0)
	q.Offset, _ = strconv.Atoi(f.Get("from"))
	q.Offset = max(q.Offset, 0)
	return q
}

func (d docData) onPage(ref act.Ref) bool {
	return slices.ContainsFunc(d.Paragraphs, func(p plan.Paragraph) bool { return p.Ref == ref })
}

// pair are the two languages that stand side by side: the group's first two, the one that is
// written from left to right first, as on paper.
func (c scene) pair() []text.Lang {
	out := slices.Clone(c.charter.Languages[:min(2, len(c.charter.Languages))])
	if len(out) == 2 && out[0].Dir() == "rtl" && out[1].Dir() == "ltr" {
		out[0], out[1] = out[1], out[0]
	}
	return out
}

// address is the address of this page with something changed, as in planData.
func (d docData) address(below string, change ...string) string {
	q := url.Values{}
	if d.View != plan.WithBrackets {
		q.Set("view", d.View)
	}
	if d.View == plan.ChangesSince {
		q.Set("since", strconv.Itoa(d.Since))
	}
	if d.lang != d.sc.reading() && below == "/doc" {
		q.Set("lang", string(d.lang))
	}
	if d.past() {
		q.Set("at", d.Moment.Name)
	}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" {
			q.Del(change[i])
		} else {
			q.Set(change[i], change[i+1])
		}
	}
	if len(q) == 0 {
		return d.sc.base + below
	}
	return d.sc.base + below + "?" + q.Encode()
}

// here is the path of the page below the group's.
func (d docData) here() string {
	if d.Parallel {
		return "/doc/parallel"
	}
	return "/doc"
}

// step is the address of an open paragraph.
func (d docData) step(ref act.Ref) string {
	key := "at"
	if d.past() {
		key = "p"
	}
	return d.address(d.here(), key, string(ref)) + "#" + paragraphID(ref)
}

// below is what follows the address of an element's page: the moment that is read.
func (d thenData) below() string {
	if !d.past() {
		return ""
	}
	return "?" + url.Values{"at": {d.Moment.Name}}.Encode()
}

func paragraphID(ref act.Ref) string { return "p-" + string(ref) }

// languageTabs are the languages of the document, and both at once.
func (d docData) languageTabs(p *locale.Printer) []ui.Tab {
	var out []ui.Tab
	for _, l := range d.sc.charter.Languages {
		asked := string(l)
		if l == d.sc.reading() {
			asked = ""
		}
		out = append(out, ui.Tab{Href: d.address("/doc", "lang", asked), Words: locale.Name(string(l)), Here: !d.Parallel && l == d.lang})
	}
	if len(d.sc.charter.Languages) > 1 {
		out = append(out, ui.Tab{Href: d.address("/doc/parallel"), Words: p.T("doc.parallel"), Here: d.Parallel})
	}
	return out
}

// viewTabs are the ways to see the text.
func (d docData) viewTabs(p *locale.Printer) []ui.Tab {
	since := d.Since
	if d.View != plan.ChangesSince {
		since = max(d.Totals.Rolling-1, 0)
	}
	out := []ui.Tab{
		{Href: d.address(d.here(), "view", "", "since", ""), Words: p.T("doc.brackets"), Here: d.View == plan.WithBrackets},
		{Href: d.address(d.here(), "view", plan.AgreedText, "since", ""), Words: p.T("doc.agreed"), Here: d.View == plan.AgreedText},
	}
	if d.Totals.Rolling > 0 {
		out = append(out, ui.Tab{Href: d.address(d.here(), "view", plan.ChangesSince, "since", strconv.Itoa(since)),
			Words: p.F("doc.changes", locale.Args{"N": locale.Int(since)}), Here: d.View == plan.ChangesSince})
	}
	return out
}

// langText finds a text in one language.
func langText(list []plan.LangText, l text.Lang) (plan.LangText, bool) {
	for _, t := range list {
		if t.Lang == l {
			return t, true
		}
	}
	return plan.LangText{}, false
}

// toldSaid says what has just been done.
func (d docData) toldSaid(p *locale.Printer) string {
	if d.told == "drafted" {
		return p.T("told.drafted")
	}
	if d.told == "document" && len(d.Instruments) > 0 {
		return p.F("told.document", locale.Args{"Ref": d.Instruments[len(d.Instruments)-1].Display})
	}
	return ""
}

// instrumentData is the page on which a document is made of all that is agreed.
type instrumentData struct {
	Paragraphs int         `json:"paragraphs"`
	Languages  []text.Lang `json:"languages"`
	sc         scene
	problems   []ui.Problem
}

// instrumentPage says what a document would contain, before it is proposed.
func (s *Server) instrumentPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.instrument(r, v)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return instrumentView(f, d) })
}

func (s *Server) instrument(r *http.Request, v visit) instrumentData {
	d := instrumentData{sc: s.scene(r, v)}
	v.group.View(func(p *plan.State) {
		c, err := p.Instrument()
		if err != nil {
			d.problems = []ui.Problem{{Words: locale.T(r.Context(), "instrument.none")}}
			return
		}
		d.Paragraphs = len(c.Contains)
		for _, x := range c.Digests {
			d.Languages = append(d.Languages, x.Lang)
		}
	})
	return d
}

// instrumentForm proposes the document.
func (s *Server) instrumentForm(w http.ResponseWriter, r *http.Request, v visit) {
	sent, err := api.Send(r.Context(), v.group, v.who, api.Ask{Act: "document"})
	if err != nil {
		d := s.instrument(r, v)
		f := s.faultOf(r, err)
		d.problems = []ui.Problem{{Words: f.Message}}
		s.showAs(w, r, v, f.status, d, func(f ui.Frame) templ.Component { return instrumentView(f, d) })
		return
	}
	goTo(w, r, s.scene(r, v).href(sent[0].Element, "?told=sent"))
}

// languageNames lists languages in themselves.
func languageNames(list []text.Lang) string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = locale.Name(string(l))
	}
	return strings.Join(out, ", ")
}

// headline is a paragraph's heading as the line above its text has it: with brackets only where
// parties have different headings.
func (d docData) headline(t plan.LangText) templ.Component {
	side := ""
	for _, s := range t.Segments {
		if s.Alt > 1 || s.Depth > 1 {
			return d.sc.inline(t)
		}
		if len(s.Who) > 0 && side == "" {
			side = s.Who[0]
		}
	}
	return ui.Words(text.Reassemble(t.Segments, side))
}
