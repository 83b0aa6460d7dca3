package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"entente/internal/api"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// Bounds of a search.
const (
	maxQuery   = 1 << 10 // bytes of a query
	hitsFirst  = 25      // hits of one group shown among those of all
	hitsDetail = plan.MaxRows
)

// searchData is what a search found, over all groups that the person may see.
type searchData struct {
	Query string      `json:"query"`
	Group string      `json:"group,omitempty"` // only in this one
	Hits  []api.Found `json:"hits"`
	Total int         `json:"total"` // in all groups looked at, also those that are not listed

	asked    bool
	found    []foundIn
	problems []ui.Problem
}

// foundIn is what was found in one group.
type foundIn struct {
	sc    scene
	hits  []plan.Hit
	total int
}

// searchPage finds elements by their words and their references.
func (s *Server) searchPage(w http.ResponseWriter, r *http.Request, v visit) {
	f := r.URL.Query()
	d := searchData{Query: strings.TrimSpace(f.Get("q")), Hits: []api.Found{}}
	status := http.StatusOK
	switch {
	case len(d.Query) > maxQuery:
		d.Query = strings.ToValidUTF8(d.Query[:maxQuery], "")
		d.problems = []ui.Problem{{Field: "words", Words: locale.T(r.Context(), "search.long")}}
		status = http.StatusUnprocessableEntity
	case d.Query != "":
		d.asked = true
		s.find(r, v, &d, f.Get("g"))
	}
	s.showAs(w, r, v, status, d, func(fr ui.Frame) templ.Component {
		fr.Query = d.Query
		return searchView(failing(fr, d.problems), d)
	})
}

// find looks in every group that the person may see, or in one of them.
func (s *Server) find(r *http.Request, v visit, d *searchData, only string) {
	limit := hitsFirst
	seen := s.chancery.Seen(v.who)
	for _, g := range seen {
		if g.Handle() == only {
			d.Group, limit = only, hitsDetail
		}
	}
	for _, g := range seen {
		if d.Group != "" && g.Handle() != d.Group {
			continue
		}
		in := foundIn{sc: s.sceneOf(r, v.who, g)}
		g.View(func(p *plan.State) { in.hits, in.total = p.Search(d.Query, limit) })
		d.Total += in.total
		for _, h := range in.hits {
			d.Hits = append(d.Hits, api.Found{Group: g.Handle(), Hit: h})
		}
		if in.total > 0 {
			d.found = append(d.found, in)
		}
	}
}

// whereKeys say in what of an element the words stand.
var whereKeys = map[string]locale.Key{
	"title": "search.in.title", "text": "search.in.text", "quote": "search.in.quote", "source": "search.in.source", "remark": "search.in.remark",
	"report": "search.in.report", "reason": "search.in.reason", "aside": "search.in.aside",
}

// at is the address of the same search in one group, or in all of them.
func (d searchData) at(group string) string {
	q := url.Values{"q": {d.Query}}
	if group != "" {
		q.Set("g", group)
	}
	return "/search?" + q.Encode()
}

// hitTab is the part of an element's page on which a hit stands.
func hitTab(h plan.Hit) string {
	switch h.Where {
	case "remark", "report":
		return "?tab=discussion"
	case "reason":
		return "?tab=history"
	}
	return ""
}

// excerptOf shows the words around a hit, those searched for marked.
func excerptOf(h plan.Hit) templ.Component {
	return inked(func(k *ink) {
		if len(h.Excerpt) == 0 {
			return
		}
		k.raw(`<p class="txt s"`)
		if h.Lang != "" {
			k.raw(` lang="` + string(h.Lang) + `" dir="` + h.Lang.Dir() + `">`)
		} else {
			k.raw(` dir="auto">`)
		}
		for _, p := range h.Excerpt {
			if p.Hit {
				k.raw(`<mark>`)
				k.words(p.Text)
				k.raw(`</mark>`)
			} else {
				k.words(p.Text)
			}
		}
		k.raw(`</p>`)
	})
}

// searchDescribed names what a screen reader says after the label of the search.
func searchDescribed(d searchData) string {
	if len(d.problems) > 0 {
		return "words-hint words-msg"
	}
	return "words-hint"
}
