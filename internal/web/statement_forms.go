package web

import (
	"net/http"
	"slices"
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

// importData is the page on which a public text is brought in.
type importData struct {
	Groups []string `json:"groups"` // where the person may do so

	scenes                              []scene
	group, lang                         string
	title, text, saidBy, saidOn, source string
	problems                            []ui.Problem
}

// importPage is the form for a statement.
func (s *Server) importPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.importing(r, v)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return importView(f, d) })
}

func (s *Server) importing(r *http.Request, v visit) importData {
	d := importData{Groups: []string{}}
	for _, g := range s.chancery.Seen(v.who) {
		if sc := s.sceneOf(r, v.who, g); sc.may(act.MayPropose) {
			d.Groups = append(d.Groups, g.Handle())
			d.scenes = append(d.scenes, sc)
		}
	}
	if len(d.Groups) > 0 {
		d.group = d.Groups[0]
		d.lang = string(d.scenes[0].reading())
	}
	return d
}

// importForm brings the text in: it is tabled as an element of the group.
func (s *Server) importForm(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.importing(r, v)
	get := func(name string) string { return strings.TrimSpace(text.Clean(r.PostFormValue(name))) }
	d.group, d.lang, d.title, d.text = get("g"), get("lang"), get("title"), get("text")
	d.saidBy, d.saidOn, d.source = get("saidby"), get("saidon"), get("source")
	g, ok := s.chancery.Group(d.group)
	if !ok || !slices.Contains(d.Groups, d.group) {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	d.problems = d.check(locale.From(r.Context()))
	var sent []api.Sent
	status := http.StatusUnprocessableEntity
	if len(d.problems) == 0 {
		words := func(s string) api.Words { return api.Words{d.lang: s} }
		var err error
		sent, err = api.Send(r.Context(), g, v.who, api.Ask{Act: "table", Kind: act.Statement.String(), Title: words(d.title), Text: words(tidyParagraphs(d.text)),
			SaidBy: words(d.saidBy), SaidOn: &d.saidOn, Source: words(d.source)})
		if err != nil {
			f := s.faultOf(r, err)
			d.problems, status = []ui.Problem{{Words: f.Message}}, f.status
		}
	}
	if len(d.problems) > 0 {
		s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return importView(f, d) })
		return
	}
	goTo(w, r, "/s/"+string(sent[0].Element)+"?g="+d.group+"&told=imported")
}

func (d importData) check(p *locale.Printer) (out []ui.Problem) {
	if d.title == "" {
		out = append(out, ui.Problem{Field: "title", Words: p.T("import.title.missing")})
	}
	if d.text == "" {
		out = append(out, ui.Problem{Field: "text", Words: p.T("import.text.missing")})
	} else if len(d.text) > text.MaxText {
		out = append(out, ui.Problem{Field: "text", Words: p.F("import.text.long", locale.Args{"N": locale.Int(text.MaxText)})})
	}
	if _, err := act.ParseDate(d.saidOn); d.saidOn != "" && err != nil {
		out = append(out, ui.Problem{Field: "saidon", Words: p.T("problem.date")})
	}
	if !text.Lang(d.lang).Known() {
		out = append(out, ui.Problem{Field: "lang", Words: p.T("import.language.missing")})
	}
	return out
}

// tidyParagraphs leaves one empty line between paragraphs, which is what numbers them.
func tidyParagraphs(s string) string {
	var out []string
	for _, p := range plan.Paragraphs(strings.ReplaceAll(s, "\n \n", "\n\n")) {
		out = append(out, strings.TrimSpace(p))
	}
	return strings.Join(out, "\n\n")
}

// markData is the page on which words of a paragraph are marked.
type markData struct {
	statementData
	Number   int `json:"paragraph"`
	quote    string
	problems []ui.Problem
}

// markPage asks which words of a paragraph are meant.
func (s *Server) markPage(w http.ResponseWriter, r *http.Request, v visit, ref act.Ref) {
	d, err := s.marking(r, v, ref, r.URL.Query().Get("n"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.quote = d.paragraph().Text
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return markView(f, d) })
}

func (s *Server) marking(r *http.Request, v visit, ref act.Ref, number string) (markData, error) {
	st, err := s.statement(r, v, ref)
	if err != nil {
		return markData{}, err
	}
	d := markData{statementData: st}
	d.Number, err = strconv.Atoi(number)
	if err != nil || d.Number < 1 || d.Number > len(d.rows) {
		return d, chancery.ErrWithheld
	}
	return d, nil
}

// paragraph is the words to mark in.
func (d markData) paragraph() text.Version { return d.rows[d.Number-1].words }

// markForm marks a passage.
func (s *Server) markForm(w http.ResponseWriter, r *http.Request, v visit, ref act.Ref) {
	d, err := s.marking(r, v, ref, r.PostFormValue("n"))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	p := locale.From(r.Context())
	d.quote = strings.TrimSpace(text.Clean(r.PostFormValue("quote")))
	status := http.StatusUnprocessableEntity
	var sent []api.Sent
	switch {
	case d.quote == "":
		d.problems = []ui.Problem{{Field: "quote", Words: p.T("mark.missing")}}
	case !strings.Contains(d.paragraph().Text, d.quote):
		d.problems = []ui.Problem{{Field: "quote", Words: p.F("mark.otherwords", locale.Args{"N": locale.Int(d.Number)})}}
	default:
		parent, n := string(ref), uint32(d.Number)
		sent, err = api.Send(r.Context(), v.group, v.who, api.Ask{Act: "table", Kind: act.Passage.String(), Parent: &parent, Paragraph: &n, Quote: &d.quote})
		if err != nil {
			f := s.faultOf(r, err)
			d.problems, status = []ui.Problem{{Words: f.Message}}, f.status
		}
	}
	if len(d.problems) > 0 {
		s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return markView(f, d) })
		return
	}
	goTo(w, r, d.passageAt(sent[0].Element)+"&told=marked")
}

// passageData is the page on which it is decided what follows from a passage.
type passageData struct {
	statementData
	Passage plan.Passage `json:"passage"`
	basis   string       // of the passage
	goal    string
	reason  map[text.Lang]string
	bases   map[act.Ref]string // of the goals
	titles  map[act.Ref]string
	problem []ui.Problem
}

// passagePage offers a goal, a new goal, or a reason to set the passage aside.
func (s *Server) passagePage(w http.ResponseWriter, r *http.Request, v visit, ref act.Ref) {
	d, err := s.passage(r, v, ref)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return passageView(f, d) })
}

func (s *Server) passage(r *http.Request, v visit, ref act.Ref) (passageData, error) {
	st, err := s.statement(r, v, ref)
	if err != nil {
		return passageData{}, err
	}
	d := passageData{statementData: st, reason: map[text.Lang]string{}, bases: map[act.Ref]string{}}
	asked, err := act.ParseRef(strings.TrimSuffix(r.PathValue("p"), jsonSuffix))
	if err != nil {
		return d, chancery.ErrWithheld
	}
	list := slices.Clone(d.PassagesElse)
	for _, row := range d.rows {
		list = append(list, row.Passages...)
	}
	i := slices.IndexFunc(list, func(p plan.Passage) bool { return p.Ref == asked })
	if i < 0 {
		return d, chancery.ErrWithheld
	}
	d.Passage = list[i]
	v.group.View(func(p *plan.State) {
		d.basis = p.Basis(asked)
		for _, g := range d.goals {
			d.bases[g.Ref] = p.Basis(g.Ref)
		}
	})
	return d, nil
}

// passageForm links the passage to a goal, or sets it aside. Either is a proposal: the goal's text,
// or the passage's, changes for all parties.
func (s *Server) passageForm(w http.ResponseWriter, r *http.Request, v visit, ref act.Ref) {
	d, err := s.passage(r, v, ref)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	p := locale.From(r.Context())
	var ask api.Ask
	told := "linked"
	if r.PostFormValue("do") == "aside" {
		told = "aside"
		ask = d.setAside(r)
		if len(d.reason) == 0 {
			d.problem = []ui.Problem{{Field: "aside-" + string(d.sc.langs()[0]), Words: p.T("aside.missing")}}
		}
	} else if ask, err = s.link(r, v, &d); err != nil {
		d.problem = []ui.Problem{{Field: "goal", Words: p.T("link.missing")}}
	}
	status := http.StatusUnprocessableEntity
	if len(d.problem) == 0 {
		if _, err := api.Send(r.Context(), v.group, v.who, ask); err != nil {
			f := s.faultOf(r, err)
			d.problem, status = []ui.Problem{{Words: f.Message}}, f.status
		}
	}
	if len(d.problem) > 0 {
		s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return passageView(f, d) })
		return
	}
	goTo(w, r, "/s/"+string(ref)+"?g="+d.Group+"&told="+told+"#p"+strconv.Itoa(d.Passage.Paragraph))
}

// setAside makes the request that gives the passage its reason.
func (d *passageData) setAside(r *http.Request) api.Ask {
	a := api.Ask{Act: "counter", Element: string(d.Passage.Ref), Basis: r.PostFormValue("basis"), Aside: api.Words{}}
	for _, l := range d.sc.langs() {
		if words := strings.TrimSpace(text.Clean(r.PostFormValue("aside-" + string(l)))); words != "" {
			d.reason[l] = words
			a.Aside[string(l)] = words
		}
	}
	return a
}

// link makes the request that has a goal answer to the passage too.
func (s *Server) link(r *http.Request, v visit, d *passageData) (api.Ask, error) {
	d.goal = r.PostFormValue("goal")
	ref, err := act.ParseRef(d.goal)
	if err != nil {
		return api.Ask{}, err
	}
	a := api.Ask{Act: "counter", Element: d.goal, Basis: r.PostFormValue("basis-" + d.goal)}
	var cites []string
	v.group.View(func(p *plan.State) {
		e := p.Element(ref)
		if e == nil || e.Kind() != act.Goal {
			err = chancery.ErrWithheld
			return
		}
		// The party's own text goes on; where it has none, the text in force or the first one held.
		rev := e.Position(v.group.Self())
		if rev == nil {
			rev = e.Shown(len(d.sc.charter.Parties))
		}
		cites = refStrings(p.Content(rev).Cites)
	})
	cites = append(cites, string(d.Passage.Ref))
	a.Cites = &cites
	return a, err
}
