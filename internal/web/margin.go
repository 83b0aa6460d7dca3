package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/marking"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// besideData is the national margin beside an element, or of a whole group: what stands past the
// perforation of a page, and the pages of the margin itself. It is in the twin of its own pages only.
type besideData struct {
	api.MarginPage
	check   *api.MarginCheck // of the text that is being typed
	ref     act.Ref          // none for the whole group
	title   string
	from    string // the page that it stands beside, below the element's: "" or "/negotiate"
	sc      scene
	names   map[party.Person]text.Texts
	printed bool // it is to be printed with the page
	whole   bool // all of it is shown, on a page of its own
	told    string

	typed    map[string]string // of the form that was refused, or what stands in the line that is changed
	changing *national.Kept    // the red line that is changed
	problems []ui.Problem
}

// marginRoutes are the pages of the margin and of what was held.
func (s *Server) marginRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/import", s.draftPage)
	m.HandleFunc("POST /g/{g}/import", s.inGroup(s.draftForm))
	s.twin(m, "/g/{g}/margin", s.marginPage)
	m.HandleFunc("POST /g/{g}/margin", s.inGroup(s.marginForm))
	s.twin(m, "/g/{g}/e/{ref}/margin", s.marginPage)
	m.HandleFunc("POST /g/{g}/e/{ref}/margin", s.inGroup(s.marginForm))
	s.twin(m, "/g/{g}/e/{ref}/release", s.releasePage)
	m.HandleFunc("POST /g/{g}/e/{ref}/release", s.inGroup(s.releaseForm))
}

// marginDesk is the margin as this package uses it.
func (s *Server) marginDesk() api.MarginDesk {
	return api.MarginDesk{Chancery: s.chancery, Margins: s.margin}
}

// marginBeside is the margin for a page about an element; nil where there is none, or where the
// person is not of the delegation.
func (s *Server) marginBeside(r *http.Request, v visit, d elementData, from string) *besideData {
	if d.past() {
		return nil
	}
	m, err := s.beside(r, v, d.Ref)
	if err != nil {
		if !errors.Is(err, chancery.ErrWithheld) {
			s.log.Error("the margin could not be shown", "err", err)
		}
		return nil
	}
	m.title, m.from, m.printed = d.title(r.Context()), from, r.URL.Query().Get("print") == "margin"
	if r.URL.Query().Get("told") == "margin" {
		m.told = "margin"
	}
	return m
}

// beside reads the margin of an element or, with no reference, of the group.
func (s *Server) beside(r *http.Request, v visit, ref act.Ref) (*besideData, error) {
	m := &besideData{ref: ref, sc: s.scene(r, v), names: map[party.Person]text.Texts{}}
	var err error
	if ref == "" {
		m.MarginPage, err = s.marginDesk().Group(r.Context(), v.group, v.who)
	} else {
		m.MarginPage, err = s.marginDesk().Element(r.Context(), v.group, v.who, ref)
	}
	if err != nil {
		return nil, err
	}
	people, err := s.chancery.People(r.Context())
	for _, p := range people {
		m.names[p.ID] = p.Name
	}
	return m, err
}

// marginAsked is the margin that an address names, with all that stands in it.
func (s *Server) marginAsked(r *http.Request, v visit) (*besideData, error) {
	if s.margin == nil {
		return nil, chancery.ErrWithheld
	}
	var ref act.Ref
	title := groupTitle(r, v.group.Charter())
	if r.PathValue("ref") != "" {
		var err error
		if ref, err = pathRef(r); err != nil {
			return nil, err
		}
		there := false
		sc := s.scene(r, v)
		v.group.View(func(p *plan.State) {
			var row plan.Row
			if row, there = p.Row(ref); there {
				title = titleOf(r.Context(), sc, row.Item)
			}
		})
		if !there {
			return nil, chancery.ErrWithheld
		}
	}
	m, err := s.beside(r, v, ref)
	if err != nil {
		return nil, err
	}
	m.title, m.whole = title, true
	return m, nil
}

// marginPage shows the whole margin of an element or of a group, with the forms that write in it.
func (s *Server) marginPage(w http.ResponseWriter, r *http.Request, v visit) {
	m, err := s.marginAsked(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	m.told, m.printed = r.URL.Query().Get("told"), true
	if m.changing = m.lineOf(r.URL.Query().Get("change")); m.changing != nil {
		m.typed = m.typedLine(*m.changing)
	}
	s.show(w, r, v, m.MarginPage, func(f ui.Frame) templ.Component { return marginView(f, m) })
}

// marginForm writes one thing into the margin. Nothing is sent to anybody.
func (s *Server) marginForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	m, err := s.marginAsked(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if r.PostFormValue("do") == "clear" {
		_, err = s.marginDesk().Clear(r.Context(), v.group, v.who, m.ref, api.AskDraft{Words: m.wordsTyped(r, "words", nil)})
	} else {
		_, err = s.marginDesk().Write(r.Context(), v.group, v.who, m.ref, m.asked(r))
	}
	if err == nil {
		goTo(w, r, m.after(r.PostFormValue("from")))
		return
	}
	m.typed, m.changing = map[string]string{}, m.lineOf(r.PostFormValue("number"))
	for name := range r.PostForm {
		m.typed[name] = r.PostFormValue(name)
	}
	var wrong *api.Fault
	problems, ok := problemAt(r.Context(), err, nil)
	if errors.As(err, &wrong) && wrong.Status < http.StatusInternalServerError {
		problems, ok = []ui.Problem{{Words: wrong.Message}}, true
	}
	if !ok {
		s.fail(w, r, v, err)
		return
	}
	m.problems = problems
	s.showAs(w, r, v, http.StatusUnprocessableEntity, m.MarginPage, func(f ui.Frame) templ.Component { return marginView(f, m) })
}

// after is where the browser is sent on: back to the page beside which something was written.
func (m *besideData) after(from string) string {
	switch {
	case m.ref != "" && from == "element":
		return m.sc.href(m.ref, "?told=margin#margin")
	case m.ref != "" && from == "negotiate":
		return m.sc.href(m.ref, "/negotiate?told=margin#margin")
	case m.ref != "" && from == "monitor":
		return watchHref(m.sc, m.ref) + "?told=margin#margin"
	}
	return m.at("?told=margin")
}

// at is the address of the margin's own page.
func (m *besideData) at(below string) string {
	if m.ref == "" {
		return m.sc.base + "/margin" + below
	}
	return m.sc.href(m.ref, "/margin"+below)
}

// fromName names the page that the margin stands beside, for the forms.
func (m *besideData) fromName() string {
	switch {
	case m.whole:
		return "margin"
	case m.from == "/negotiate":
		return "negotiate"
	case m.from == besideMonitor:
		return "monitor"
	}
	return "element"
}

// asked reads the form of an entry.
func (m *besideData) asked(r *http.Request) api.AskMargin {
	get := func(name string) string { return strings.TrimSpace(text.Clean(r.PostFormValue(name))) }
	ask := api.AskMargin{Field: get("field"), Person: get("person"), Role: get("role"), Reason: get("reason"), Of: get("of")}
	ask.Number, _ = strconv.ParseUint(get("number"), 10, 64)
	if r.PostFormValue("do") == "end" {
		return api.AskMargin{Number: ask.Number, End: true}
	}
	var was *national.Kept
	for _, k := range m.all() {
		if k.Number == ask.Number {
			was = &k
			break
		}
	}
	ask.Words = m.wordsTyped(r, "words", was)
	if ask.Field == string(national.RedLines) {
		ask.Line = m.lineTyped(get)
		if was != nil && was.Line != nil { // what the form does not ask about stays
			for _, l := range was.Line.Langs {
				ask.Line.Langs = append(ask.Line.Langs, string(l))
			}
		}
	}
	return ask
}

// lineTyped reads the fields of a red line.
func (m *besideData) lineTyped(get func(string) string) *api.AskLine {
	l := &api.AskLine{Kind: get("kind"), Min: get("min"), Max: get("max"), Rule: get("rule")}
	l.Position, _ = strconv.Atoi(get("position"))
	for _, u := range strings.Split(get("units"), ",") {
		if u = strings.TrimSpace(u); u != "" {
			l.Units = append(l.Units, u)
		}
	}
	for _, lang := range m.sc.langs() {
		if s := get("phrase-" + string(lang)); s != "" {
			if l.Phrase == nil {
				l.Phrase = api.Words{}
			}
			l.Phrase[string(lang)] = s
		}
	}
	return l
}

// wordsTyped takes words of the margin in the reader's language; those in other languages stay.
func (m *besideData) wordsTyped(r *http.Request, name string, was *national.Kept) api.Words {
	out := api.Words{}
	if was != nil {
		for _, v := range was.Words {
			out[string(v.Lang)] = v.Text
		}
	}
	lang := cmp.Or(r.PostFormValue("lang"), string(m.sc.lang))
	if s := strings.TrimSpace(text.Clean(r.PostFormValue(name))); s != "" {
		out[lang] = s
	} else {
		delete(out, lang)
	}
	return out
}

// all lists what stands in the margin, of whatever sort.
func (m *besideData) all() []national.Kept {
	out := slices.Concat(m.Instructions, m.Fallbacks, m.RedLines, m.Notes, m.Reasons, m.NeverSay, m.Readings, m.Drafts, m.Releases, m.Officers)
	for _, n := range m.Clearances {
		out = append(out, n.Kept)
	}
	return out
}

// empty reports whether nothing stands in it.
func (m *besideData) empty() bool { return len(m.all()) == 0 }

// name is a person as the delegation knows them.
func (m *besideData) name(p party.Person) string {
	if s := m.sc.best(m.names[p]).Text; s != "" {
		return s
	}
	return string(p)
}

// own is what the ground of the margin says: "US only".
func (m *besideData) own(p *locale.Printer) string {
	return p.F("margin.only", locale.Args{"Party": string(m.sc.code())})
}

// marked marks a page that is to be printed with the national margin: for this party alone.
func marked(ctx context.Context, f ui.Frame, m *besideData) ui.Frame {
	if m == nil || !m.printed {
		return f
	}
	if f.Marking.TLP != marking.Red.String() {
		f.Marking.TLP = marking.AmberStrict.String()
	}
	f.Marking.Releasable = locale.F(ctx, "margin.marking", locale.Args{"Party": string(m.sc.code())})
	return f
}

// crossed lists the red lines that a party's text on the table crosses; "" for the draft.
func (m *besideData) crossed(number uint64) (out []national.Crossing) {
	for _, c := range m.Crossings {
		if c.Number == number {
			out = append(out, c)
		}
	}
	return out
}

// draftCrossings are the red lines that what is being prepared crosses, and whether there is such a thing.
func (m *besideData) draftCrossings() ([]national.Crossing, bool) {
	if m.check != nil {
		return m.check.Crossings, true
	}
	return nil, false
}

// mayClear reports whether the person has a clearance to give, and some for the draft is still missing.
func (m *besideData) mayClear() bool {
	return m.Draft != nil && m.May.Clear && slices.ContainsFunc(m.Clearances, func(n national.Need) bool { return n.Given == nil })
}

// checkTyped checks a text that is being written against the margin; nothing is sent, and nothing is
// said of a text that could not be sent at all.
func (s *Server) checkTyped(r *http.Request, v visit, ref act.Ref, ask api.Ask) *api.MarginCheck {
	if s.margin == nil {
		return nil
	}
	out, err := s.marginDesk().Check(r.Context(), v.group, v.who, ref, api.AskDraft{Act: &ask})
	if err != nil {
		return nil
	}
	return &out
}
