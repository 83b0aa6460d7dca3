package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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

// boardData is the page Board: all that is open, for a head of delegation, in one group or in all
// that the person sits in.
type boardData struct {
	Groups []boardGroup `json:"groups"`
	In     string       `json:"in,omitempty"` // one of plan.BoardFilters
	Party  string       `json:"party,omitempty"`
	Kind   string       `json:"kind,omitempty"`
	Sort   string       `json:"sort"`
	one    bool         // of one group
}

// A boardGroup is what is open in one group.
type boardGroup struct {
	Group  string     `json:"group"`
	Name   text.Texts `json:"name"`
	Number uint32     `json:"number"`
	plan.Board
	sc scene
}

// boardRoutes are the board of one group, and of all.
func (s *Server) boardRoutes(m *http.ServeMux) {
	s.own(m, "/board", s.boardPage)
	s.twin(m, "/g/{g}/board", s.boardPage)
}

// boardPage shows all that is open: whose turn, since when, and what else holds it.
func (s *Server) boardPage(w http.ResponseWriter, r *http.Request, v visit) {
	f := r.URL.Query()
	d := boardData{Groups: []boardGroup{}, Sort: plan.BySince, Party: f.Get("party"), one: v.group != nil}
	q := plan.BoardQuery{Now: s.now().UnixMilli(), Party: party.Code(d.Party)}
	if in := f.Get("in"); slices.Contains(plan.BoardFilters[:], in) {
		d.In, q.In = in, in
	}
	if by := f.Get("sort"); slices.Contains(boardSorts, by) {
		d.Sort = by
	}
	if k, err := act.ParseElementKind(f.Get("kind")); err == nil {
		d.Kind, q.Kind = k.String(), k
	}
	q.Sort = d.Sort
	groups := s.chancery.Seen(v.who)
	if d.one {
		groups = []*chancery.Group{v.group}
		q.Offset, _ = strconv.Atoi(f.Get("from"))
	}
	for _, g := range groups {
		d.Groups = append(d.Groups, s.boardOf(r, v, g, q))
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return boardView(f, d) })
}

// boardSorts are the orders in which a page has the rows.
var boardSorts = []string{plan.BySince, plan.ByReference, plan.ByBrackets, plan.ByUntil}

func (s *Server) boardOf(r *http.Request, v visit, g *chancery.Group, q plan.BoardQuery) boardGroup {
	c := g.Charter()
	out := boardGroup{Group: g.Handle(), Name: c.Name, Number: c.Number, sc: s.sceneOf(r, v.who, g)}
	q.Viewer = g.Self()
	if s.margin != nil {
		q.Marks = api.Awaited(s.margin, g.ID())
	}
	g.View(func(p *plan.State) { out.Board = p.Board(q) })
	return out
}

// sums adds up what is open over the groups shown.
func (d boardData) sums() (open, brackets int, in map[string]int) {
	in = map[string]int{}
	for _, g := range d.Groups {
		open, brackets = open+g.Sums.Open, brackets+g.Sums.Brackets
		for _, x := range g.Sums.In {
			in[x.What] += x.Times
		}
	}
	return open, brackets, in
}

// at is the address of the board with something changed: pairs of names and values, of which an
// empty value takes the name away.
func (d boardData) at(change ...string) string {
	base := "/board"
	if d.one {
		base = d.Groups[0].sc.base + base
	}
	return base + d.query(change...)
}

func (d boardData) query(change ...string) string {
	q := url.Values{}
	for name, value := range map[string]string{"in": d.In, "party": d.Party, "kind": d.Kind, "sort": d.Sort} {
		if value != "" && (name != "sort" || value != plan.BySince) {
			q.Set(name, value)
		}
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

// filterTabs are the filters with how many rows each takes; those that take none are left out but for
// the first.
func (d boardData) filterTabs(p *locale.Printer) []ui.Tab {
	open, _, in := d.sums()
	out := []ui.Tab{{Href: d.at("in", "", "party", "", "kind", ""), Words: counted(p.T("board.all"), open), Here: d.In == "" && d.Party == "" && d.Kind == ""}}
	for _, f := range plan.BoardFilters {
		if in[f] > 0 || f == plan.InTurn || f == d.In {
			out = append(out, ui.Tab{Href: d.at("in", f), Words: counted(p.T(boardInKey(f)), in[f]), Here: d.In == f})
		}
	}
	return out
}

func counted(words string, n int) string { return words + " · " + locale.Int(n) }

// sortTabs are the orders.
func (d boardData) sortTabs(p *locale.Printer) []ui.Tab {
	var out []ui.Tab
	for _, by := range boardSorts {
		asked := by
		if by == plan.BySince {
			asked = ""
		}
		out = append(out, ui.Tab{Href: d.at("sort", asked), Words: p.T(boardSortKey(by)), Here: d.Sort == by})
	}
	return out
}

// boardInKey names a filter.
func boardInKey(in string) locale.Key {
	switch in {
	case plan.InTurn:
		return "board.turn"
	case plan.WithOthers:
		return "board.others"
	case plan.InSilence:
		return "board.silence"
	case plan.InReferendum:
		return "board.referendum"
	case plan.InPackage:
		return "board.package"
	case plan.InWaiting:
		return "board.waiting"
	}
	return "board.crossed"
}

func boardSortKey(by string) locale.Key {
	switch by {
	case plan.ByReference:
		return "board.sort.ref"
	case plan.ByBrackets:
		return "board.sort.brackets"
	case plan.ByUntil:
		return "board.sort.until"
	}
	return "board.sort.since"
}

// way is where one press on a row leads: to the answer where it is the party's turn and it can be
// negotiated, else to the element.
func (g boardGroup) way(row plan.BoardRow) string {
	switch row.Kind {
	case act.Round:
		return g.sc.base + "/rounds/" + string(row.Ref)
	case act.Statement, act.Passage, act.Document, act.Package:
		return g.sc.href(row.Ref, "")
	}
	return g.sc.href(row.Ref, "/negotiate")
}

// holds says in what a row is besides brackets.
func (g boardGroup) holds(ctx context.Context, row plan.BoardRow) (out []boardHold) {
	if row.SilenceUntil != 0 {
		out = append(out, boardHold{ui.IconClock, locale.F(ctx, "board.silence.until", locale.Args{"When": locale.Deadline(ctx, when(row.SilenceUntil))})})
	}
	if row.ReferUntil != 0 {
		out = append(out, boardHold{ui.IconPending, locale.F(ctx, "board.referendum.until", locale.Args{"Party": g.sc.name(row.Referring), "When": locale.Deadline(ctx, when(row.ReferUntil))})})
	}
	for _, k := range row.Packages {
		out = append(out, boardHold{ui.IconBundle, locale.F(ctx, "board.in.package", locale.Args{"Ref": k.Display})})
	}
	if row.Waiting != nil {
		out = append(out, boardHold{ui.IconLock, waitsSaid(ctx, *row.Waiting)})
	}
	return out
}

// waitsSaid says that an element waits for instructions, by the party's own margin.
func waitsSaid(ctx context.Context, m plan.Mark) string {
	if m.Since == 0 {
		return locale.T(ctx, "board.waits")
	}
	return locale.F(ctx, "board.waits.since", locale.Args{"When": locale.Day(ctx, when(m.Since))})
}

// A boardHold is a chip of a row.
type boardHold struct {
	icon  ui.Icon
	words string
}
