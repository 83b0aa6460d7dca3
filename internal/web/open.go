package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
)

// openData is the list of what is negotiated.
type openData struct {
	plan.Negotiation
	Turn  string `json:"turn,omitempty"` // only those on which the next word is this party's
	Yours int    `json:"yours"`
	All   int    `json:"all"`
	sc    scene
	marks map[act.Ref]plan.Mark // what waits for instructions by the party's own margin: in no twin of this page
}

// openPage lists the elements in brackets: whose turn it is, and since when.
func (s *Server) openPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := openData{sc: s.scene(r, v)}
	q := plan.NegotiationQuery{Now: s.now().UnixMilli()}
	if _, ok := d.sc.charter.Ordinal(party.Code(r.URL.Query().Get("turn"))); ok {
		q.Turn = party.Code(r.URL.Query().Get("turn"))
		d.Turn = string(q.Turn)
	}
	q.Offset, _ = strconv.Atoi(r.URL.Query().Get("from"))
	v.group.View(func(p *plan.State) {
		d.Negotiation = p.Negotiation(q)
		d.All = len(p.Open())
		d.Yours = p.Negotiation(plan.NegotiationQuery{Turn: d.sc.code(), Limit: 1}).Total
	})
	if s.margin != nil {
		d.marks = api.Awaited(s.margin, v.group.ID())
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return openView(f, d) })
}

// tabs are the parties by whose turn it is, this one first.
func (d openData) tabs(p *locale.Printer) []ui.Tab {
	out := []ui.Tab{{Href: d.sc.base + "/negotiation", Words: p.T("open.all"), Here: d.Turn == ""}}
	add := func(code party.Code, words string) {
		q := url.Values{"turn": {string(code)}}
		out = append(out, ui.Tab{Href: d.sc.base + "/negotiation?" + q.Encode(), Words: words, Here: d.Turn == string(code)})
	}
	add(d.sc.code(), p.T("open.yours"))
	if others := d.sc.others(); len(others) <= partyColours {
		for _, o := range others {
			add(party.Code(o.Code), p.F("open.theirs", locale.Args{"Party": o.Name}))
		}
	}
	return out
}

// pageAt is the address of the list from an item on.
func (d openData) pageAt(from string) string {
	q := url.Values{}
	if d.Turn != "" {
		q.Set("turn", d.Turn)
	}
	if from != "" {
		q.Set("from", from)
	}
	return d.sc.base + "/negotiation?" + q.Encode()
}
