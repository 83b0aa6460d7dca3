package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// programmeData is the page of a programme that is followed: its milestones, what was sighted of it,
// and what each sighting says for or against each explanation.
type programmeData struct {
	compliance.Programme
	sc   scene
	ask  api.AskMonitor
	told string
	live bool
}

// What can be written under the page of programmes.
const (
	newProgramme  = "programme"
	newHypothesis = "hypothesis"
)

// programmeRoutes are the pages of programmes.
func (s *Server) programmeRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/programme/{ref}", s.programmePage)
	s.twin(m, "/g/{g}/programmes/new", s.followPage)
	m.HandleFunc("POST /g/{g}/programmes/new", s.inGroup(s.followSent))
	s.twin(m, "/g/{g}/programme/{ref}/hypothesis", s.followPage)
	m.HandleFunc("POST /g/{g}/programme/{ref}/hypothesis", s.inGroup(s.followSent))
}

// programmeHref is the address of a programme's page, or of one below it.
func programmeHref(sc scene, ref act.Ref, below string) string {
	return sc.base + "/programme/" + string(ref) + below
}

// programmePage shows one programme.
func (s *Server) programmePage(w http.ResponseWriter, r *http.Request, v visit) {
	v.json = v.json || strings.HasSuffix(r.PathValue("ref"), jsonSuffix)
	ref, err := pathRef(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := programmeData{sc: s.scene(r, v), ask: momentAskOf(r), told: r.URL.Query().Get("told")}
	d.live = !past(d.ask)
	if d.Programme, err = s.monitorDesk().Programme(r.Context(), v.group, v.who, ref, d.ask); err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return programmeView(f, d) })
}

func (d programmeData) at(below string) string { return programmeHref(d.sc, d.Ref, below) }

// bears is how a sighting bears on a hypothesis: what each party says, where they say something.
func bears(x compliance.Sighting, h act.Ref) (out []compliance.Bear) {
	for _, b := range x.Bears {
		if b.Hypothesis == h {
			out = append(out, b)
		}
	}
	return out
}

// weights are the ways in which a sighting can bear on a hypothesis.
var weights = []struct {
	weight int
	key    locale.Key
}{{0, "weight.none"}, {2, "weight.for.2"}, {1, "weight.for.1"}, {-1, "weight.against.1"}, {-2, "weight.against.2"}}

// weightSaid is a weight in words.
func weightSaid(ctx context.Context, n int) string {
	for _, x := range weights {
		if x.weight == n {
			return locale.T(ctx, x.key)
		}
	}
	return locale.T(ctx, "weight.none")
}

// weightMark is a weight as it stands in the matrix.
func weightMark(n int) string {
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return "−" + strconv.Itoa(-n)
	}
	return "0"
}

// weightClass is how a weight is drawn.
func weightClass(n int) string {
	out := "against"
	if n > 0 {
		out = "for"
	}
	if n > 1 || n < -1 {
		out += " two"
	}
	return out
}

// followData is the form on which a programme, or an explanation of what is seen of one, is proposed.
type followData struct {
	What   string  `json:"what"`
	Parent act.Ref `json:"parent,omitempty"`

	sc       scene
	above    compliance.Programme
	title    wordsField
	words    wordsField
	problems []ui.Problem
}

// following finds what is to be written.
func (s *Server) following(r *http.Request, v visit) (d followData, err error) {
	d = followData{What: newProgramme, sc: s.scene(r, v)}
	if !d.sc.powers.Has(act.MayPropose) {
		return d, &chancery.Refused{Rule: "powers", Sentence: locale.T(r.Context(), "act.nopropose")}
	}
	if r.PathValue("ref") != "" {
		d.What = newHypothesis
		if d.Parent, err = pathRef(r); err != nil {
			return d, err
		}
		if d.above, err = s.monitorDesk().Programme(r.Context(), v.group, v.who, d.Parent, api.AskMonitor{}); err != nil {
			return d, err
		}
	}
	d.title = wordsField{name: "title", label: "follow.heading", langs: d.sc.langs(), must: true, whole: true}
	d.words = wordsField{name: "words", label: "follow.words", langs: d.sc.langs(), area: true, whole: true}
	return d, nil
}

func (s *Server) followPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.following(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return followView(f, d) })
}

// followSent proposes it.
func (s *Server) followSent(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.following(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	title, wrong := d.title.read(r)
	words, more := d.words.read(r)
	if d.problems = append(wrong, more...); len(d.problems) == 0 {
		ask := api.Ask{Act: "table", Kind: act.Programme.String(), Title: api.WordsOf(title), Text: api.WordsOf(words)}
		if d.What == newHypothesis {
			parent := string(d.Parent)
			ask.Kind, ask.Parent = act.Hypothesis.String(), &parent
		}
		var sent []api.Sent
		if sent, err = api.Send(r.Context(), v.group, v.who, ask); err == nil {
			goTo(w, r, d.sc.href(sent[0].Element, "?told=sent"))
			return
		}
		if d.problems, _ = s.wrongOf(r, err, nil); d.problems == nil {
			s.fail(w, r, v, err)
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return followView(f, d) })
}

// action is the address that the form is sent to.
func (d followData) action() string {
	if d.What == newHypothesis {
		return programmeHref(d.sc, d.Parent, "/hypothesis")
	}
	return d.sc.base + "/programmes/new"
}

// back is where leaving the form leads.
func (d followData) back() string {
	if d.What == newHypothesis {
		return programmeHref(d.sc, d.Parent, "")
	}
	return d.sc.base + "/monitor"
}

func (d followData) heading(p *locale.Printer) string {
	if d.What == newHypothesis {
		return p.T("follow.hypothesis")
	}
	return p.T("follow.programme")
}

func (d followData) lede(p *locale.Printer) string {
	if d.What == newHypothesis {
		return p.T("follow.hypothesis.lede")
	}
	return p.T("follow.programme.lede")
}

func (d followData) crumbs(ctx context.Context) []ui.Crumb {
	out := []ui.Crumb{{Href: d.sc.base + "/monitor", Words: locale.T(ctx, "nav.monitor")}}
	if d.What == newHypothesis {
		out = append(out, ui.Crumb{Href: d.back(), Words: d.sc.best(d.above.Title).Text})
	}
	return append(out, ui.Crumb{Words: d.heading(locale.From(ctx))})
}

// programmeTold says what has just been done.
func programmeTold(ctx context.Context, d programmeData) string {
	if key, ok := obligationTold[d.told]; ok {
		return locale.T(ctx, key)
	}
	return ""
}
