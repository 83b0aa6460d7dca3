package plan

import (
	"entente/act"
	"entente/party"
	"entente/text"
)

// An OutlineQuery says which part of the tree to show. The zero query shows the top of the plan.
type OutlineQuery struct {
	Open   []act.Ref       // elements to show opened; nil: goals and ways
	Under  act.Ref         // only what is below this element
	Status *Status         // only elements that stand so
	Kind   act.ElementKind // only elements of this kind; 0 for all
	Party  party.Code      // only elements that this party leads or supports
	Turn   party.Code      // only elements on which the next word is this party's
	Offset int
	Limit  int // at most MaxRows; 0 for DefaultRows
}

func (q OutlineQuery) filtered() bool {
	return q.Status != nil || q.Kind != 0 || q.Party != "" || q.Turn != ""
}

// An Outline is a part of the plan as a tree.
type Outline struct {
	Title  text.Texts `json:"title"` // of the joint plan
	Rows   []Row      `json:"rows"`
	Offset int        `json:"offset"`
	Total  int        `json:"total"` // rows that match; -1 where they were not counted
	More   bool       `json:"more"`  // there are rows after these
	Totals Totals     `json:"totals"`
}

// Totals counts the paragraphs of a plan, or of a part of it.
type Totals struct {
	Elements   int `json:"elements"` // that stand: agreed, reserved and in brackets
	Agreed     int `json:"agreed"`
	InBrackets int `json:"inBrackets"`
	Reserved   int `json:"reserved"`
	Withdrawn  int `json:"withdrawn"`
	Removed    int `json:"removed"`
	Rolling    int `json:"rolling"` // number of the rolling text: adoptions so far
}

// A Row is one element in the outline.
type Row struct {
	Item
	Depth       int          `json:"depth"`
	Parent      act.Ref      `json:"parent,omitempty"`
	Brackets    int          `json:"brackets"`
	Stands      []Stand      `json:"stands"`
	Turn        []party.Code `json:"turn,omitempty"` // whose turn it is
	Due         act.Date     `json:"due,omitempty"`
	Lead        []party.Code `json:"lead,omitempty"`
	Support     []party.Code `json:"support,omitempty"`
	Cites       int          `json:"cites"`
	Source      text.Texts   `json:"source,omitempty"`
	Amount      string       `json:"amount,omitempty"`
	Unit        text.Texts   `json:"unit,omitempty"`
	HasChildren bool         `json:"hasChildren"`
	Expanded    bool         `json:"expanded"`
}

// Totals counts the whole plan.
func (s *State) Totals() Totals { return s.totals(&s.sum) }

func (s *State) totals(t *tally) Totals {
	return Totals{int(t[cLive]), int(t[cAgreed]), int(t[cOpen]), int(t[cReserved]), int(t[cWithdrawn]), int(t[cRemoved]), len(s.lists.adopted.items)}
}

// Outline shows a part of the tree. Without a filter it costs what it shows.
func (s *State) Outline(q OutlineQuery) Outline {
	out := Outline{Title: s.PlanTitle(), Totals: s.Totals(), Total: -1, Rows: []Row{}}
	q.Offset, q.Limit = page(q.Offset, q.Limit)
	out.Offset = q.Offset
	top, depth := &s.roots, 0
	if q.Under != "" {
		e := s.elements[q.Under]
		if e == nil || e.kids == nil {
			out.Total = 0
			return out
		}
		top, depth = e.kids, s.depth(e)+1
	}
	o := outliner{s: s, q: &q, out: &out, skip: q.Offset}
	if q.filtered() {
		o.filter(top, depth)
		return out
	}
	o.opened = s.openedBy(q.Open)
	if q.Open == nil {
		out.Total = int(top.rows)
	}
	o.tree(top, depth)
	return out
}

// PlanTitle is the title of the joint plan, or the group's name where it has none.
func (s *State) PlanTitle() text.Texts {
	if len(s.charter.Plan) > 0 {
		return s.charter.Plan
	}
	return s.charter.Name
}

func (s *State) depth(e *Element) (n int) {
	for ; e.up != nil; e = e.up {
		n++
	}
	return n
}

// openedBy is the set of elements to show opened; nil for the usual ones.
func (s *State) openedBy(refs []act.Ref) map[*Element]bool {
	if refs == nil {
		return nil
	}
	set := make(map[*Element]bool, len(refs))
	for _, ref := range refs {
		if e := s.elements[ref]; e != nil {
			set[e] = true
		}
	}
	return set
}

type outliner struct {
	s      *State
	q      *OutlineQuery
	out    *Outline
	skip   int
	opened map[*Element]bool
}

func (o *outliner) full() bool {
	if len(o.out.Rows) < o.q.Limit {
		return false
	}
	o.out.More = true
	return true
}

// tree adds the rows of a branch; false when the page is full.
func (o *outliner) tree(b *branch, depth int) bool {
	for i := 0; i < len(b.kids); {
		if i%blockSize == 0 && b.blocks[i/blockSize][cLive] == 0 {
			i += blockSize
			continue
		}
		if n := int(b.blocks[i/blockSize][cRows]); o.opened == nil && i%blockSize == 0 && n <= o.skip {
			o.skip, i = o.skip-n, i+blockSize
			continue
		}
		e := b.kids[i]
		i++
		if e.sum[cLive] == 0 || o.opened == nil && o.pass(int(e.sum[cRows])) {
			continue
		}
		open := o.opens(e)
		if o.skip > 0 {
			o.skip--
		} else if o.full() {
			return false
		} else {
			o.out.Rows = append(o.out.Rows, o.s.row(e, depth, open))
		}
		if open && !o.tree(e.kids, depth+1) {
			return false
		}
	}
	return true
}

// pass skips a whole subtree, if all of it is to be skipped.
func (o *outliner) pass(n int) bool {
	if n > o.skip {
		return false
	}
	o.skip -= n
	return true
}

func (o *outliner) opens(e *Element) bool {
	if e.kids == nil || e.sum[cLive] == int32(e.own[cLive]) {
		return false
	}
	if o.opened == nil {
		return e.opens()
	}
	return o.opened[e]
}

// filter adds the elements that match, in order, without those that do not.
func (o *outliner) filter(top *branch, depth int) {
	c := cLive
	if o.q.Status != nil && int(*o.q.Status) < len(countOf) {
		c = countOf[*o.q.Status]
	}
	n := 0
	if o.q.Kind != 0 && level(o.q.Kind) == 0 {
		o.uncounted(top, depth, &n)
	} else {
		top.walk(c, 0, func(e *Element) bool {
			o.match(e, o.s.depth(e), &n)
			return true
		})
	}
	o.out.Total = n
}

// uncounted looks at kinds that are no paragraphs: statements and documents, which stand alone, and
// passages, which stand under statements or alone, and their like. It does not look at the rest of
// the plan.
func (o *outliner) uncounted(top *branch, depth int, n *int) {
	for _, kind := range above(o.q.Kind) {
		from, to := top.firstOf(kind)
		for _, e := range top.kids[from:to] {
			if e.kids != nil {
				o.uncounted(e.kids, depth+1, n)
			}
		}
	}
	from, to := top.firstOf(o.q.Kind)
	for _, e := range top.kids[from:to] {
		o.match(e, depth, n)
	}
}

func (o *outliner) match(e *Element, depth int, n *int) {
	q := o.q
	if q.Status == nil && (e.status == Withdrawn || e.status == Removed) {
		return
	}
	if q.Status != nil && e.status != *q.Status || q.Kind != 0 && e.kind != q.Kind {
		return
	}
	if q.Party != "" && (e.leads|e.supports)&o.s.members([]party.Code{q.Party}) == 0 {
		return
	}
	if q.Turn != "" && e.turn&o.s.members([]party.Code{q.Turn}) == 0 {
		return
	}
	*n++
	switch {
	case *n <= q.Offset:
	case len(o.out.Rows) < q.Limit:
		o.out.Rows = append(o.out.Rows, o.s.row(e, depth, false))
	default:
		o.out.More = true
	}
}

// row tells of one element. Its lead and support are spelt as the text has them.
func (s *State) row(e *Element, depth int, open bool) Row {
	c := s.Content(e.shown)
	return Row{
		Item:  Item{Ref: e.Ref(), Display: e.Ref().Display(), Kind: e.kind, Title: c.Title, Status: e.status},
		Depth: depth, Parent: e.Parent(), Brackets: s.Brackets(e), Stands: s.stands(e, false), Turn: s.codesOf(e.turn),
		Due: c.Due, Lead: c.Lead, Support: c.Support, Cites: len(c.Cites), Source: c.Source, Amount: c.Amount, Unit: c.Unit,
		HasChildren: e.kids != nil && e.sum[cLive] > int32(e.own[cLive]), Expanded: open,
	}
}

// Row tells of one element as the outline does.
func (s *State) Row(ref act.Ref) (Row, bool) {
	e := s.elements[ref]
	if e == nil {
		return Row{}, false
	}
	return s.row(e, s.depth(e), false), true
}

// NextOpen finds the next or the previous element in brackets after or before an element, in the
// order of the document, going round at the end; "" where no other is open.
func (s *State) NextOpen(ref act.Ref, back bool) act.Ref {
	n := int(s.sum[cOpen])
	if n == 0 {
		return ""
	}
	at := 0
	if e := s.elements[ref]; e != nil {
		at = s.before(e, cOpen)
		if back {
			at--
		} else {
			at += int(e.own[cOpen])
		}
	}
	var found act.Ref
	s.roots.walk(cOpen, (at%n+n)%n, func(e *Element) bool {
		found = e.Ref()
		return false
	})
	if found == ref {
		return ""
	}
	return found
}
