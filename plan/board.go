package plan

import (
	"cmp"
	"slices"
	"sync"

	"entente/act"
	"entente/party"
)

// The orders of the board's rows. Where two are alike, the reference decides.
const (
	ByReference = "ref"
	BySince     = "since"    // longest without a move first
	ByBrackets  = "brackets" // most first
	ByUntil     = "until"    // soonest end of a silence or of a time for confirming first
)

// What an open element may be in besides brackets: the filters of the board.
const (
	InTurn       = "turn"          // the next word is the viewer's
	WithOthers   = "others"        // the next word is somebody else's
	InSilence    = "silence"       // a silence procedure runs
	InReferendum = "ad-referendum" // some party's acceptance awaits its capital
	InPackage    = "package"       // a text that somebody holds stands or falls with others
	InWaiting    = "waiting"       // the viewer's party waits for instructions
	InCrossing   = "crossed"       // letters crossed
)

// BoardFilters are the filters in the order of a page.
var BoardFilters = [...]string{InTurn, WithOthers, InSilence, InReferendum, InPackage, InWaiting, InCrossing}

// A Mark is what a party's own margin says of an element: that it waits for instructions. It is not
// of any log; whoever may read the margin hands it in.
type Mark struct {
	Since int64  `json:"since,omitempty"` // milliseconds since 1970; 0 where not known
	Note  string `json:"note,omitempty"`
}

// A BoardQuery says which of the open elements to show, and how.
type BoardQuery struct {
	Viewer uint8            // ordinal of the party
	Now    int64            // milliseconds since 1970: what has run out by then has
	In     string           // one of BoardFilters; "" for all
	Party  party.Code       // only where the next word is this party's
	Kind   act.ElementKind  // only of this kind; 0 for all
	Sort   string           // ByReference where empty
	Marks  map[act.Ref]Mark // what waits for instructions by the viewer's own margin; nil where nobody knows
	Offset int
	Limit  int // at most MaxRows; 0 for DefaultRows
}

// A Board is everything that is open, for a head of delegation.
type Board struct {
	Rows   []BoardRow `json:"rows"`
	Offset int        `json:"offset"`
	Total  int        `json:"total"` // rows that the filter takes
	More   bool       `json:"more"`
	Sums   BoardSums  `json:"sums"` // of everything open, whatever the filter
}

// A BoardRow is one open element.
type BoardRow struct {
	OpenItem
	Yours        bool       `json:"yours,omitempty"`
	In           []string   `json:"in,omitempty"`           // of BoardFilters, in their order
	SilenceUntil int64      `json:"silenceUntil,omitempty"` // milliseconds since 1970
	ReferUntil   int64      `json:"referUntil,omitempty"`   // the first acceptance ad referendum lapses
	Referring    party.Code `json:"referring,omitempty"`    // whose
	Waiting      *Mark      `json:"waiting,omitempty"`
}

// BoardSums counts what is open.
type BoardSums struct {
	Open     int         `json:"open"`
	Brackets int         `json:"brackets"`
	In       []Sum       `json:"in"` // by filter
	Parties  []PartyTurn `json:"parties"`
	Kinds    []KindLoad  `json:"kinds,omitempty"`
}

// A PartyTurn is how many open elements wait for a party's word.
type PartyTurn struct {
	Party party.Code `json:"party"`
	Turns int        `json:"turns"`
}

// A square is one open element as the board has it until the next act.
type square struct {
	e                 *Element
	turn              uint64 // the parties whose turn it is, as bits
	kind              act.ElementKind
	since             entry // of the latest move
	brackets          int
	crossed, packaged bool
}

// squares are the open elements by reference, in other orders, and what they come to. They are made
// when the board is first asked for after an act.
type squares struct {
	mu    sync.Mutex
	list  []square
	since []int32 // places in list, longest without a move first
	most  []int32 // the same, most brackets first
	sums  BoardSums
	load  *Load // see State.Load

	crossed, packaged int
}

// squares are those that were made, or made anew.
func (s *State) squares() *squares {
	k := &s.board
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list != nil {
		return k
	}
	k.list = make([]square, 0, len(s.lists.open.items)+1)
	k.sums, k.crossed, k.packaged = BoardSums{Open: len(s.lists.open.items)}, 0, 0
	kinds := map[act.ElementKind]KindLoad{}
	for _, e := range s.lists.open.items {
		x := square{e: e, turn: e.turn, kind: e.kind, brackets: s.Brackets(e), crossed: e.crossed()}
		x.since, _ = e.lastMoveOf(anybody)
		x.packaged = e.kind == act.Package || len(s.packageItems(e)) > 0
		k.list = append(k.list, x)
		k.sums.Brackets += x.brackets
		k.crossed, k.packaged = k.crossed+one(x.crossed), k.packaged+one(x.packaged)
		n := kinds[e.kind]
		kinds[e.kind] = KindLoad{e.kind, n.Open + 1, n.Brackets + x.brackets}
	}
	for _, n := range kinds {
		k.sums.Kinds = append(k.sums.Kinds, n)
	}
	slices.SortFunc(k.sums.Kinds, func(a, b KindLoad) int { return ranks[a.Kind] - ranks[b.Kind] })
	for p := range s.rule.Parties() {
		k.sums.Parties = append(k.sums.Parties, PartyTurn{s.charter.Code(uint8(p)), len(s.lists.turns[p].items)})
	}
	k.since = placesBy(k.list, func(a, b *square) int { return a.since.compare(b.since) })
	k.most = placesBy(k.list, func(a, b *square) int { return cmp.Compare(b.brackets, a.brackets) })
	return k
}

func placesBy(list []square, by func(a, b *square) int) []int32 {
	out := make([]int32, len(list))
	for i := range out {
		out[i] = int32(i)
	}
	slices.SortStableFunc(out, func(a, b int32) int { return by(&list[a], &list[b]) })
	return out
}

// A held is what holds an open element for a time: 0 for nothing.
type held struct {
	silence int64
	refer   int64
	by      uint8 // whose acceptance ad referendum ends then
}

// Board shows everything that is open. What only acts can change is kept until the next; without a
// filter it costs what is shown.
func (s *State) Board(q BoardQuery) Board {
	q.Offset, q.Limit = page(q.Offset, q.Limit)
	k := s.squares()
	b := boarding{s: s, q: &q, squares: k, timed: s.timed(q.Now)}
	out := Board{Rows: []BoardRow{}, Offset: q.Offset, Sums: k.sums}
	out.Sums.In = b.counts()
	var rows []*square
	if q.Sort == ByUntil || q.In != "" || q.Party != "" || q.Kind != 0 {
		rows = b.filtered()
		out.Total = len(rows)
		rows = rows[min(q.Offset, len(rows)):]
		rows = rows[:min(q.Limit, len(rows))]
	} else {
		out.Total = len(k.list)
		for i := min(q.Offset, out.Total); i < min(q.Offset+q.Limit, out.Total); i++ {
			rows = append(rows, k.at(i, q.Sort))
		}
	}
	out.More = q.Offset+len(rows) < out.Total
	for _, x := range rows {
		out.Rows = append(out.Rows, b.row(x))
	}
	return out
}

// A boarding is one asking for the board.
type boarding struct {
	*squares
	s     *State
	q     *BoardQuery
	timed map[*Element]held // what is under silence or accepted ad referendum
}

// timed finds what is under silence or accepted ad referendum at that time.
func (s *State) timed(now int64) map[*Element]held {
	out := map[*Element]held{}
	for e := range s.table.silences {
		for _, sheet := range s.runningOn(e, now) {
			h := out[e]
			if h.silence == 0 || sheet.Until < h.silence {
				h.silence = sheet.Until
			}
			out[e] = h
		}
	}
	for e := range s.table.referrals {
		if e.status != InBrackets {
			continue
		}
		for _, r := range s.Referrals(e.Ref(), now) {
			h := out[e]
			if !r.Lapsed && (h.refer == 0 || r.Until < h.refer) {
				h.refer, h.by = r.Until, r.Place.Party
				out[e] = h
			}
		}
	}
	return out
}

// runningOn are the silences that run on an open element.
func (s *State) runningOn(e *Element, now int64) (out []Silence) {
	if e.status != InBrackets {
		return nil
	}
	for _, sheet := range s.Silences(e.Ref(), now) {
		if sheet.Outcome == SilenceRuns {
			out = append(out, sheet)
		}
	}
	return out
}

// counts is how many elements each filter takes.
func (b *boarding) counts() []Sum {
	n := map[string]int{InCrossing: b.crossed, InPackage: b.packaged, WithOthers: b.s.lists.turned}
	if b.s.seated(b.q.Viewer) {
		n[InTurn] = len(b.s.lists.turns[b.q.Viewer].items)
		n[WithOthers] -= n[InTurn]
	}
	for _, h := range b.timed {
		n[InSilence] += one(h.silence != 0)
		n[InReferendum] += one(h.refer != 0)
	}
	for ref := range b.q.Marks {
		if e := b.s.elements[ref]; e != nil && e.status == InBrackets {
			n[InWaiting]++
		}
	}
	var out []Sum
	for _, f := range BoardFilters {
		out = append(out, Sum{f, n[f]})
	}
	return out
}

// filtered are the squares that the filters take, in order.
func (b *boarding) filtered() (out []*square) {
	turn := ^uint64(0)
	if b.q.Party != "" {
		p, ok := b.s.charter.Ordinal(b.q.Party)
		if !ok {
			return nil
		}
		turn = 1 << p
	}
	for i := range b.list {
		x := b.at(i, b.q.Sort)
		if (b.q.Kind == 0 || x.kind == b.q.Kind) && (b.q.Party == "" || x.turn&turn != 0) && (b.q.In == "" || b.is(x, b.q.In)) {
			out = append(out, x)
		}
	}
	if b.q.Sort == ByUntil {
		until := func(x *square) uint64 { return uint64(b.timed[x.e].until()) - 1 } // none comes last
		slices.SortStableFunc(out, func(x, y *square) int { return cmp.Compare(until(x), until(y)) })
	}
	return out
}

// at is the i-th square in an order.
func (k *squares) at(i int, sort string) *square {
	switch sort {
	case BySince:
		return &k.list[k.since[i]]
	case ByBrackets:
		return &k.list[k.most[i]]
	}
	return &k.list[i]
}

func (b *boarding) mine(x *square) bool {
	return b.s.seated(b.q.Viewer) && x.turn&(1<<b.q.Viewer) != 0
}

// is reports whether the element is in what a filter names.
func (b *boarding) is(x *square, in string) bool {
	switch in {
	case InTurn:
		return b.mine(x)
	case WithOthers:
		return x.turn != 0 && !b.mine(x)
	case InSilence:
		return b.timed[x.e].silence != 0
	case InReferendum:
		return b.timed[x.e].refer != 0
	case InPackage:
		return x.packaged
	case InWaiting:
		_, marked := b.q.Marks[x.e.Ref()]
		return marked
	case InCrossing:
		return x.crossed
	}
	return false
}

// until is the first end of a silence or of a time for confirming; 0 for none.
func (x held) until() int64 {
	if x.silence == 0 || x.refer != 0 && x.refer < x.silence {
		return x.refer
	}
	return x.silence
}

func (b *boarding) row(x *square) BoardRow {
	h := b.timed[x.e]
	r := BoardRow{OpenItem: b.s.openItem(x.e, b.q.Now), Yours: b.mine(x), SilenceUntil: h.silence, ReferUntil: h.refer}
	for _, f := range BoardFilters {
		if b.is(x, f) {
			r.In = append(r.In, f)
		}
	}
	if h.refer != 0 {
		r.Referring = b.s.charter.Code(h.by)
	}
	if mark, marked := b.q.Marks[x.e.Ref()]; marked {
		r.Waiting = &mark
	}
	return r
}
