package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
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

// monitorData is the page Monitor: how it stands with what was agreed, in one group or in all that the
// person sits in.
type monitorData struct {
	Groups  []monitorGroup `json:"groups"`
	View    string         `json:"view"`
	Verdict string         `json:"verdict,omitempty"` // only obligations of this one, as a slug
	From    int            `json:"from,omitempty"`

	from     int
	one      bool // of one group
	base     string
	may      bool // in the one group, the person may propose
	ask      api.AskMonitor
	told     locale.Key
	problems []ui.Problem
}

// A monitorGroup is what is watched in one group.
type monitorGroup struct {
	Group      string          `json:"group"`
	Name       text.Texts      `json:"name"`
	Number     uint32          `json:"number"`
	Boards     []monitorBoard  `json:"boards"`
	Programmes []programmeLine `json:"programmes,omitempty"`
	sc         scene
}

// A monitorBoard is one agreement, with the obligations of it that stand on the page.
type monitorBoard struct {
	compliance.Board
	Chosen int `json:"chosen"` // how many obligations the filter takes, on all pages
}

// A programmeLine is a programme in one line.
type programmeLine struct {
	Ref      act.Ref             `json:"ref"`
	Display  string              `json:"display"`
	Title    text.Texts          `json:"title"`
	Headline compliance.Sentence `json:"headline"`
}

// The views of the page.
const (
	viewCards    = "cards"
	viewList     = "list"
	viewCalendar = "calendar"
)

// How many obligations a page shows.
const (
	monitorCardsShown = 48
	monitorRowsShown  = 200
)

// monitorRoutes are the pages of what is watched, but for those of one obligation.
func (s *Server) monitorRoutes(m *http.ServeMux) {
	s.own(m, "/monitor", s.monitorPage)
	s.twin(m, "/g/{g}/monitor", s.monitorPage)
	s.agreementRoutes(m)
	s.importRoutes(m)
}

// monitorPage shows how it stands with what was agreed.
func (s *Server) monitorPage(w http.ResponseWriter, r *http.Request, v visit) {
	f := r.URL.Query()
	d := monitorData{Groups: []monitorGroup{}, View: viewCards, one: v.group != nil, ask: momentAskOf(r), told: monitorTold[f.Get("told")]}
	if view := f.Get("view"); view == viewList || view == viewCalendar {
		d.View = view
	}
	if _, ok := verdictOf(f.Get("verdict")); ok {
		d.Verdict = f.Get("verdict")
	}
	d.from, _ = strconv.Atoi(f.Get("from"))
	d.from = max(d.from, 0)
	d.From = d.from
	groups := s.chancery.Seen(v.who)
	if d.one {
		groups = []*chancery.Group{v.group}
		sc := s.scene(r, v)
		d.base, d.may = sc.base, sc.may(act.MayPropose)
	}
	for _, g := range groups {
		x, err := s.monitorOf(r, v, g, d)
		if err != nil {
			s.fail(w, r, v, err)
			return
		}
		if len(x.Boards)+len(x.Programmes) > 0 {
			d.Groups = append(d.Groups, x)
		}
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return monitorView(f, d) })
}

// monitorTold are the sentences that the page says after an act that led to it.
var monitorTold = map[string]locale.Key{"attested": "monitor.told.attested", "sent": "monitor.told.sent"}

// monitorOf is what is watched in one group.
func (s *Server) monitorOf(r *http.Request, v visit, g *chancery.Group, d monitorData) (monitorGroup, error) {
	c := g.Charter()
	out := monitorGroup{Group: g.Handle(), Name: c.Name, Number: c.Number, Boards: []monitorBoard{}, sc: s.sceneOf(r, v.who, g)}
	only, _ := verdictOf(d.Verdict)
	from := d.from
	if !d.one {
		from = 0
	}
	err := s.monitorDesk().Look(r.Context(), g, v.who, d.ask, func(p *plan.State, b *compliance.Book, m compliance.Moment) {
		for _, ref := range b.Agreements() {
			if e := p.Element(ref); e == nil || e.Kind() != act.Agreement {
				continue
			}
			board, ok := b.Board(p, ref, m, g.Self())
			if !ok {
				continue
			}
			x := monitorBoard{Board: board}
			x.Cards, x.Chosen = b.Cards(p, ref, m, only, from, d.size())
			out.Boards = append(out.Boards, x)
		}
		for _, x := range b.Programmes(p, m, g.Self()) {
			out.Programmes = append(out.Programmes, programmeLine{x.Ref, x.Display, x.Title, x.Headline})
		}
	})
	if errors.Is(err, chancery.ErrWithheld) { // a moment before there was anything
		err = nil
	}
	return out, err
}

func (d monitorData) empty() bool { return len(d.Groups) == 0 }

// only is the one agreement shown, where there is but one.
func (d monitorData) only() (*monitorBoard, monitorGroup) {
	if len(d.Groups) == 1 && len(d.Groups[0].Boards) == 1 {
		return &d.Groups[0].Boards[0], d.Groups[0]
	}
	return nil, monitorGroup{}
}

// lede says in the first sentence how many obligations there are, and how they stand.
func (d monitorData) lede(ctx context.Context) string {
	all, counts := 0, map[act.Verdict]int{}
	for _, g := range d.Groups {
		for _, b := range g.Boards {
			for _, t := range b.Counts {
				all += t.N
				counts[t.Verdict] += t.N
			}
		}
	}
	if all == 0 {
		return locale.T(ctx, "monitor.lede.none")
	}
	var parts []string
	for v := act.Within; v <= act.Expired; v++ {
		if counts[v] > 0 {
			parts = append(parts, locale.Int(counts[v])+" "+locale.T(ctx, verdictInLine[v]))
		}
	}
	return locale.NF(ctx, "monitor.lede", all, locale.Args{"How": strings.Join(parts, ", ")}) + " " + locale.T(ctx, "monitor.lede.here")
}

// verdictInLine are the verdicts as they stand within a sentence.
var verdictInLine = map[act.Verdict]locale.Key{act.Within: "verdict.line.within", act.Near: "verdict.line.near", act.Exceeded: "verdict.line.exceeded",
	act.CannotTell: "verdict.line.cannot-tell", act.Disputed: "verdict.line.disputed", act.NotYetDue: "verdict.line.not-yet-due", act.Expired: "verdict.line.expired"}

// next is the report that is expected next.
func (d monitorData) next() (out *compliance.Expected) {
	for _, g := range d.Groups {
		for i := range g.Boards {
			if n := g.Boards[i].Next; n != nil && (out == nil || n.On < out.On) {
				out = n
			}
		}
	}
	return out
}

// path is the page's address without a query.
func (d monitorData) path() string { return d.base + "/monitor" }

// kept are the parts of the address that a form of the page carries on, but for the moment.
func (d monitorData) kept() (out [][2]string) {
	if d.View != viewCards {
		out = append(out, [2]string{"view", d.View})
	}
	if d.Verdict != "" {
		out = append(out, [2]string{"verdict", d.Verdict})
	}
	return out
}

// at is the address of the page with something changed: pairs of names and values, of which an empty
// value takes the name away.
func (d monitorData) at(change ...string) string { return d.path() + d.query(change...) }

// of is at for the page of one group.
func (d monitorData) of(g monitorGroup, change ...string) string {
	return g.sc.base + "/monitor" + d.query(change...)
}

func (d monitorData) query(change ...string) string {
	q := url.Values{}
	for _, x := range append(d.kept(), momentQuery(d.ask)...) {
		q.Set(x[0], x[1])
	}
	if d.from > 0 {
		q.Set("from", strconv.Itoa(d.from))
	}
	for i := 0; i+1 < len(change); i += 2 {
		if q.Del(change[i]); change[i+1] != "" {
			q.Set(change[i], change[i+1])
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// viewTabs are the three views.
func (d monitorData) viewTabs(p *locale.Printer) []ui.Tab {
	return []ui.Tab{
		{Href: d.at("view", "", "from", ""), Words: p.T("monitor.view.cards"), Here: d.View == viewCards},
		{Href: d.at("view", viewList, "from", ""), Words: p.T("monitor.view.list"), Here: d.View == viewList},
		{Href: d.at("view", viewCalendar, "from", "", "verdict", ""), Words: p.T("monitor.view.calendar"), Here: d.View == viewCalendar},
	}
}

// ways are how somebody begins who may.
func (d monitorData) ways(ctx context.Context) []ui.Way {
	if !d.may {
		return nil
	}
	return []ui.Way{
		{Href: d.base + "/agreement/new", Icon: ui.IconPlus, Title: locale.T(ctx, "monitor.begin.agreement"), Words: locale.T(ctx, "monitor.begin.agreement.words")},
		{Href: d.base + "/agreement/new?kind=programme", Icon: ui.IconMonitor, Title: locale.T(ctx, "monitor.begin.programme"), Words: locale.T(ctx, "monitor.begin.programme.words")},
	}
}

// size is how many obligations of one agreement the page shows at a time.
func (d monitorData) size() int {
	if d.View == viewList {
		return monitorRowsShown
	}
	return monitorCardsShown
}

// verdictSlug is a verdict's name in an address: "cannot-tell".
func verdictSlug(v act.Verdict) string { return strings.ReplaceAll(v.String(), " ", "-") }

// verdictOf reads a verdict's name in an address.
func verdictOf(slug string) (act.Verdict, bool) {
	v, err := act.ParseVerdict(strings.ReplaceAll(slug, "-", " "))
	return v, err == nil && v != 0
}
