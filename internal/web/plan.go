package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// planRoutes are the pages of the plan and of its text: Plan, Element, Negotiate, Joint document,
// Statements, and Verify, for which nobody need sign in.
func (s *Server) planRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/plan", s.planPage)
	s.twin(m, "/g/{g}/new", s.newPage)
	m.HandleFunc("POST /g/{g}/new", s.inGroup(s.newForm))
	m.HandleFunc("GET /g/{g}/e/{ref}", s.inGroup(s.elementPage))
	s.twin(m, "/g/{g}/e/{ref}/negotiate", s.negotiatePage)
	m.HandleFunc("POST /g/{g}/e/{ref}/negotiate", s.inGroup(s.negotiateForm))
	s.twin(m, "/g/{g}/e/{ref}/act/{act}", s.actPage)
	m.HandleFunc("POST /g/{g}/e/{ref}/act/{act}", s.inGroup(s.actForm))
	s.twin(m, "/g/{g}/negotiation", s.openPage)
	s.twin(m, "/g/{g}/doc", s.docPage)
	s.twin(m, "/g/{g}/doc/parallel", s.parallelPage)
	s.twin(m, "/g/{g}/doc/new", s.instrumentPage)
	m.HandleFunc("POST /g/{g}/doc/new", s.inGroup(s.instrumentForm))
	s.verifyRoutes(m)
	m.HandleFunc("GET /s", s.signedIn(s.statementsPage))
	m.HandleFunc("GET /s.json", s.signedIn(s.statementsPage))
	m.HandleFunc("GET /s/new", s.signedIn(s.importPage))
	m.HandleFunc("GET /s/new.json", s.signedIn(s.importPage))
	m.HandleFunc("POST /s/new", s.signedIn(s.importForm))
	m.HandleFunc("GET /s/{ref}", s.inStatement(s.statementPage))
	m.HandleFunc("GET /s/{ref}/mark", s.inStatement(s.markPage))
	m.HandleFunc("GET /s/{ref}/mark.json", s.inStatement(s.markPage))
	m.HandleFunc("POST /s/{ref}/mark", s.inStatement(s.markForm))
	m.HandleFunc("GET /s/{ref}/passage/{p}", s.inStatement(s.passagePage))
	m.HandleFunc("POST /s/{ref}/passage/{p}", s.inStatement(s.passageForm))
	m.HandleFunc("GET /g/{g}/doc.txt", s.inGroup(s.docText))
	m.HandleFunc("GET /g/{g}/doc.entente", s.inGroup(s.docProof))
}

// twin registers a page of a group and its twin.
func (s *Server) twin(m *http.ServeMux, path string, p page) {
	m.HandleFunc("GET "+path, s.inGroup(p))
	if !strings.HasSuffix(path, "}") { // a wildcard at the end takes the suffix in
		m.HandleFunc("GET "+path+jsonSuffix, s.inGroup(p))
	}
}

// maxOpen is how many branches an address can name as open.
const maxOpen = 400

// A planQuery is what the address of the plan's page asks for.
type planQuery struct {
	plan.OutlineQuery
	opened bool    // the address says which branches are open
	all    bool    // the groups below the plenary too
	at     act.Ref // whose details are shown; "" for the page to choose
	in     string  // handle of the group that at is of
}

func readPlanQuery(r *http.Request) (q planQuery) {
	f := r.URL.Query()
	q.all = f.Get("groups") == "all"
	q.at, _ = act.ParseRef(f.Get("at"))
	q.in = f.Get("in")
	q.Under, _ = act.ParseRef(f.Get("under"))
	if f.Has("open") {
		q.opened, q.Open = true, []act.Ref{}
		for _, s := range strings.SplitN(f.Get("open"), ",", maxOpen) {
			if ref, err := act.ParseRef(s); err == nil {
				q.Open = append(q.Open, ref)
			}
		}
	}
	var st plan.Status
	if s := f.Get("state"); s != "" && st.UnmarshalText([]byte(s)) == nil && st.String() == s {
		q.Status = &st
	}
	q.Offset, _ = strconv.Atoi(f.Get("from"))
	q.Offset = max(q.Offset, 0)
	return q
}

// A planRow is a row of the tree, with the group that it is of.
type planRow struct {
	plan.Row
	Group string      `json:"group"`           // its handle
	Above bool        `json:"above,omitempty"` // a goal of the plenary, above what this group does
	Talks *plan.Talks `json:"talks,omitempty"` // of what is open
	sc    scene
}

// planData is the page Plan.
type planData struct {
	plan.Outline
	Rows  []planRow    `json:"rows"`
	All   bool         `json:"all,omitempty"` // the tree goes across groups
	Yours int          `json:"yours"`         // elements on which it is this party's turn
	At    *elementData `json:"at,omitempty"`

	sc, atScene scene
	query       planQuery
	mayAll      bool // there are several groups, and the plenary among them
	groups      []*chancery.Group
	explicit    bool // the reader chose the element beside the tree
}

// planPage shows ends, ways and means as a tree, with one element's details beside it.
func (s *Server) planPage(w http.ResponseWriter, r *http.Request, v visit) {
	if g := r.URL.Query().Get("g"); g != "" {
		s.otherGroup(w, r, v, g)
		return
	}
	q := readPlanQuery(r)
	d := planData{sc: s.scene(r, v), query: q, groups: s.chancery.Seen(v.who), All: q.all}
	d.mayAll = len(d.groups) > 1 && d.groups[0].Charter().Number == 0
	if q.Status == nil && q.all && d.mayAll && v.group == d.groups[0] {
		s.wholeTree(r, v, &d)
	} else {
		d.All = false
		s.oneTree(r, v, &d)
	}
	s.rowTalks(&d)
	s.details(r, v, &d)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return planView(f, d) })
}

// rowTalks adds to each open row where the talks about it stand.
func (s *Server) rowTalks(d *planData) {
	for _, g := range d.groups {
		g.View(func(p *plan.State) {
			for i, row := range d.Rows {
				if row.Group == g.Handle() && row.Status == plan.InBrackets {
					t := p.Talks(row.Ref, s.now().UnixMilli())
					d.Rows[i].Talks = &t
				}
			}
		})
	}
}

// otherGroup goes to the plan of the group that was chosen from the list.
func (s *Server) otherGroup(w http.ResponseWriter, r *http.Request, v visit, chosen string) {
	q := url.Values{}
	if st := r.URL.Query().Get("state"); st != "" {
		q.Set("state", st)
	}
	if chosen == "all" {
		q.Set("groups", "all")
		chosen = v.group.Handle()
		if seen := s.chancery.Seen(v.who); len(seen) > 0 {
			chosen = seen[0].Handle()
		}
	}
	if _, err := strconv.ParseUint(chosen, 10, 32); err != nil {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	goTo(w, r, "/g/"+chosen+"/plan?"+q.Encode())
}

// oneTree fills the rows of one group. Above its roots stand the goals of the plenary that they
// serve, for who sits there too.
func (s *Server) oneTree(r *http.Request, v visit, d *planData) {
	parents := make(map[act.Ref]act.Ref)
	v.group.View(func(p *plan.State) {
		d.Outline = p.Outline(d.query.OutlineQuery)
		d.Yours = p.Negotiation(plan.NegotiationQuery{Turn: d.sc.code(), Limit: 1}).Total
		for _, row := range d.Outline.Rows {
			if row.Depth == 0 {
				parents[row.Ref] = p.Content(p.Element(row.Ref).Shown(len(d.sc.charter.Parties))).Parent
			}
		}
	})
	var above *chancery.Group
	if len(d.groups) > 0 && d.groups[0].ID() == d.sc.charter.Plenary {
		above = d.groups[0]
	}
	last := act.Ref("")
	inside := 0
	for _, row := range d.Outline.Rows {
		if up := parents[row.Ref]; row.Depth == 0 {
			inside = 0
			if goal, ok := s.above(r, v, above, up); ok {
				inside = 1
				if up != last {
					d.Rows = append(d.Rows, goal)
				}
			}
			last = up
		}
		row.Depth += inside
		d.Rows = append(d.Rows, planRow{Row: row, Group: v.group.Handle(), sc: d.sc})
	}
	if d.Rows == nil {
		d.Rows = []planRow{}
	}
}

// above is the goal of the plenary that a root of a working group serves.
func (s *Server) above(r *http.Request, v visit, plenary *chancery.Group, ref act.Ref) (out planRow, ok bool) {
	if plenary == nil || ref == "" {
		return out, false
	}
	plenary.View(func(p *plan.State) { out.Row, ok = p.Row(ref) })
	out.Group, out.Above, out.sc = plenary.Handle(), true, s.sceneOf(r, v.who, plenary)
	out.Depth, out.Expanded = 0, true
	return out, ok
}

// wholeTree fills the rows of the plenary and, under each of its goals, those of the groups below.
func (s *Server) wholeTree(r *http.Request, v visit, d *planData) {
	v.group.View(func(p *plan.State) {
		d.Outline = p.Outline(d.query.OutlineQuery)
		d.Yours = p.Negotiation(plan.NegotiationQuery{Turn: d.sc.code(), Limit: 1}).Total
	})
	below := map[act.Ref][]planRow{}
	var loose []planRow
	for _, g := range d.groups[1:] {
		if g.Charter().Plenary != v.group.ID() {
			continue
		}
		sc := s.sceneOf(r, v.who, g)
		g.View(func(p *plan.State) {
			q := d.query.OutlineQuery
			q.Offset, q.Limit = 0, plan.MaxRows
			o := p.Outline(q)
			addTotals(&d.Totals, o.Totals)
			d.Yours += p.Negotiation(plan.NegotiationQuery{Turn: sc.code(), Limit: 1}).Total
			root := act.Ref("")
			for _, row := range o.Rows {
				if row.Depth == 0 {
					root = p.Content(p.Element(row.Ref).Shown(len(sc.charter.Parties))).Parent
				}
				out := planRow{Row: row, Group: g.Handle(), sc: sc}
				if root == "" {
					loose = append(loose, out)
					continue
				}
				out.Depth++
				below[root] = append(below[root], out)
			}
		})
	}
	d.Rows = []planRow{}
	for _, row := range d.Outline.Rows {
		kids := below[row.Ref]
		open := !d.query.opened || slices.Contains(d.query.Open, row.Ref)
		row.HasChildren = row.HasChildren || len(kids) > 0
		row.Expanded = row.HasChildren && open
		d.Rows = append(d.Rows, planRow{Row: row, Group: v.group.Handle(), sc: d.sc})
		if open {
			d.Rows = append(d.Rows, kids...)
		}
	}
	d.Rows = append(d.Rows, loose...)
}

func addTotals(t *plan.Totals, o plan.Totals) {
	t.Elements += o.Elements
	t.Agreed += o.Agreed
	t.InBrackets += o.InBrackets
	t.Reserved += o.Reserved
	t.Withdrawn += o.Withdrawn
	t.Removed += o.Removed
}

// details chooses the element beside the tree: the one asked for, else the first decision of this
// party, else the first bracket, else the first row.
func (s *Server) details(r *http.Request, v visit, d *planData) {
	g := v.group
	for _, o := range d.groups {
		if d.query.at != "" && d.query.in == o.Handle() || d.query.at == "" && d.All && waits(g) == 0 {
			g = o
		}
	}
	d.atScene = s.sceneOf(r, v.who, g)
	ref := d.query.at
	g.View(func(p *plan.State) {
		d.explicit = ref != "" && p.Element(ref) != nil
		if d.explicit {
			return
		}
		ref = ""
		if n := p.Negotiation(plan.NegotiationQuery{Turn: d.sc.code(), Limit: 1}); len(n.Items) > 0 {
			ref = n.Items[0].Ref
		} else if ref = p.NextOpen("", false); ref == "" && len(d.Outline.Rows) > 0 {
			ref = d.Outline.Rows[0].Ref
		}
	})
	at := visit{who: v.who, group: g}
	if x, err := s.dossierOf(r, at, ref); err == nil {
		d.At = &x
	}
}

// waits is how many elements of a group wait for this party.
func waits(g *chancery.Group) (n int) {
	g.View(func(p *plan.State) {
		n = p.Negotiation(plan.NegotiationQuery{Turn: g.Charter().Code(g.Self()), Limit: 1}).Total
	})
	return n
}

// isAt reports whether the details are those of the row.
func (d planData) isAt(row planRow) bool {
	return d.At != nil && row.Ref == d.At.Ref && row.sc.base == d.atScene.base
}

// address is the address of this page with something changed: pairs of names and values, of which
// an empty value takes the name away.
func (d planData) address(change ...string) string {
	q := url.Values{}
	if d.query.all {
		q.Set("groups", "all")
	}
	if d.query.Status != nil {
		q.Set("state", d.query.Status.String())
	}
	if d.query.Under != "" {
		q.Set("under", string(d.query.Under))
	}
	if d.query.opened {
		q.Set("open", joinRefs(d.query.Open))
	}
	if d.query.Offset > 0 {
		q.Set("from", strconv.Itoa(d.query.Offset))
	}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" && change[i] != "open" {
			q.Del(change[i])
		} else {
			q.Set(change[i], change[i+1])
		}
	}
	if len(q) == 0 {
		return d.sc.base + "/plan"
	}
	return d.sc.base + "/plan?" + q.Encode()
}

// turnOver is the address with a branch opened or closed.
func (d planData) turnOver(row planRow) string {
	var open []act.Ref
	for _, o := range d.Rows {
		if o.Expanded && !o.Above && o.Ref != row.Ref {
			open = append(open, o.Ref)
		}
	}
	if !row.Expanded {
		open = append(open, row.Ref)
	}
	return d.address("open", joinRefs(open)) + "#" + rowID(row)
}

// showing is the address with a row's element beside the tree.
func (d planData) showing(row planRow) string {
	return d.address("at", string(row.Ref), "in", row.Group) + "#" + rowID(row)
}

// stepTo is the address with the next or the previous bracket beside the tree.
func (d planData) stepTo(ref act.Ref) string {
	return d.address("at", string(ref), "in", strings.TrimPrefix(d.atScene.base, "/g/"))
}

func (d planData) stepOr(ref act.Ref) string {
	if ref == "" {
		return ""
	}
	return d.stepTo(ref)
}

func rowID(row planRow) string { return "row-" + row.Group + "-" + string(row.Ref) }

func joinRefs(list []act.Ref) string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = string(r)
	}
	return strings.Join(out, ",")
}

// stateFilter is the state that the rows are filtered by, or "".
func (d planData) stateFilter() string {
	if d.query.Status == nil {
		return ""
	}
	return d.query.Status.String()
}

// before is where the page before begins.
func before(offset, size int) string {
	if offset <= size {
		return ""
	}
	return strconv.Itoa(offset - size)
}

// branchLabel says what a branch's sign does: "Close G 1".
func branchLabel(p *locale.Printer, row planRow) string {
	args := locale.Args{"Ref": row.Display}
	if row.Expanded {
		return p.F("plan.close", args)
	}
	return p.F("plan.openbranch", args)
}
