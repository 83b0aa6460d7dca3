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
	Viewer uint8                      // ordinal of the party
	Now    int64                      // milliseconds since 1970: what has run out by then has
	In     string                     // one of BoardFilters; "" for all
	Party  party.Code                 // only where the next word is this party's
	Kind   act.ElementKind            // only of this kind; 0 for all
	Sort   string                     // ByReference where empty
	Marked func(act.Ref) (Mark, bool) // whether the viewer waits for instructions; nil where nobody knows
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
	k.sums = BoardSums{Open: len(s.lists.open.items)}
	kinds := map[act.ElementKind]KindLoad{}
	for _, e := range s.lists.open.items {
		x := square{e: e, brackets: s.Brackets(e), crossed: e.crossed()}
		x.since, _ = e.lastMoveOf(anybody)
		x.packaged = e.kind == act.Package || len(s.packageItems(e)) > 0
		k.list = append(k.list, x)
		k.sums.Brackets += x.brackets
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

// A held is what else holds an open element at the time and to the viewer that the board is asked for.
type held struct {
	*square
	silence int64
	refer   int64
	by      uint8 // whose acceptance ad referendum ends then
	mine    bool
	marked  bool
	mark    Mark
}

// Board shows everything that is open. It goes through every open element once; what only acts can
// change is kept until the next.
func (s *State) Board(q BoardQuery) Board {
	q.Offset, q.Limit = page(q.Offset, q.Limit)
	k := s.squares()
	out := Board{Rows: []BoardRow{}, Offset: q.Offset, Sums: k.sums}
	counts := [len(BoardFilters)]int{}
	var taken []held
	for i := range k.list {
		x := s.heldBy(k.at(i, q.Sort), &q)
		for f, in := range BoardFilters {
			counts[f] += one(x.is(in))
		}
		if !s.takes(&x, &q) {
			continue
		}
		if out.Total++; q.Sort == ByUntil || out.Total > q.Offset && len(taken) < q.Limit {
			taken = append(taken, x)
		}
	}
	for f, in := range BoardFilters {
		out.Sums.In = append(out.Sums.In, Sum{in, counts[f]})
	}
	if q.Sort == ByUntil {
		slices.SortStableFunc(taken, func(a, b held) int { return cmp.Compare(uint64(a.until())-1, uint64(b.until())-1) }) // none comes last
		taken = taken[min(q.Offset, len(taken)):]
		taken = taken[:min(q.Limit, len(taken))]
	}
	out.More = q.Offset+len(taken) < out.Total
	for i := range taken {
		out.Rows = append(out.Rows, s.boardRow(&taken[i], q.Now))
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

func (s *State) heldBy(x *square, q *BoardQuery) held {
	h := held{square: x, mine: s.seated(q.Viewer) && s.TurnOf(x.e, q.Viewer)}
	if len(s.table.silences) > 0 && len(s.table.silences[x.e]) > 0 {
		for _, sheet := range s.Silences(x.e.Ref(), q.Now) {
			if sheet.Outcome == SilenceRuns && (h.silence == 0 || sheet.Until < h.silence) {
				h.silence = sheet.Until
			}
		}
	}
	if len(s.table.referrals) > 0 && len(s.table.referrals[x.e]) > 0 {
		for _, r := range s.Referrals(x.e.Ref(), q.Now) {
			if !r.Lapsed && (h.refer == 0 || r.Until < h.refer) {
				h.refer, h.by = r.Until, r.Place.Party
			}
		}
	}
	if q.Marked != nil {
		h.mark, h.marked = q.Marked(x.e.Ref())
	}
	return h
}

// is reports whether the element is in what a filter names.
func (x *held) is(in string) bool {
	switch in {
	case InTurn:
		return x.mine
	case WithOthers:
		return x.e.turn != 0 && !x.mine
	case InSilence:
		return x.silence != 0
	case InReferendum:
		return x.refer != 0
	case InPackage:
		return x.packaged
	case InWaiting:
		return x.marked
	case InCrossing:
		return x.crossed
	}
	return in == ""
}

func (s *State) takes(x *held, q *BoardQuery) bool {
	if q.Kind != 0 && x.e.kind != q.Kind || !x.is(q.In) {
		return false
	}
	if q.Party == "" {
		return true
	}
	p, ok := s.charter.Ordinal(q.Party)
	return ok && s.TurnOf(x.e, p)
}

// until is the first end of a silence or of a time for confirming; 0 for none.
func (x *held) until() int64 {
	if x.silence == 0 || x.refer != 0 && x.refer < x.silence {
		return x.refer
	}
	return x.silence
}

func (s *State) boardRow(x *held, now int64) BoardRow {
	r := BoardRow{OpenItem: s.openItem(x.e, now), Yours: x.mine, SilenceUntil: x.silence, ReferUntil: x.refer}
	for _, f := range BoardFilters {
		if x.is(f) {
			r.In = append(r.In, f)
		}
	}
	if x.refer != 0 {
		r.Referring = s.charter.Code(x.by)
	}
	if x.marked {
		r.Waiting = &x.mark
	}
	return r
}
