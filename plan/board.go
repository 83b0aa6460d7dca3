package plan

import (
	"cmp"
	"slices"

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

// A square is one open element as the board sorts it.
type square struct {
	e            *Element
	brackets     int
	since        entry
	silence      int64
	refer        int64
	by           uint8 // whose acceptance ad referendum ends then
	packaged     bool
	marked, mine bool
	mark         Mark
}

// Board shows everything that is open. It looks at every open element, and at the words of each once.
func (s *State) Board(q BoardQuery) Board {
	q.Offset, q.Limit = page(q.Offset, q.Limit)
	out := Board{Rows: []BoardRow{}, Offset: q.Offset}
	list := make([]square, 0, len(s.lists.open.items))
	for _, e := range s.lists.open.items {
		list = append(list, s.square(e, &q))
	}
	out.Sums = s.boardSums(list)
	list = slices.DeleteFunc(list, func(x square) bool { return !s.takes(&x, &q) })
	if by := order(q.Sort); by != nil {
		slices.SortStableFunc(list, by)
	}
	out.Total = len(list)
	list = list[min(q.Offset, len(list)):]
	if out.More = len(list) > q.Limit; out.More {
		list = list[:q.Limit]
	}
	for i := range list {
		out.Rows = append(out.Rows, s.boardRow(&list[i], q.Now))
	}
	return out
}

func (s *State) square(e *Element, q *BoardQuery) square {
	x := square{e: e, brackets: s.Brackets(e), mine: s.seated(q.Viewer) && s.TurnOf(e, q.Viewer)}
	x.since, _ = e.lastMoveOf(anybody)
	if len(s.table.silences[e]) > 0 {
		for _, h := range s.Silences(e.Ref(), q.Now) {
			if h.Outcome == SilenceRuns && (x.silence == 0 || h.Until < x.silence) {
				x.silence = h.Until
			}
		}
	}
	if len(s.table.referrals[e]) > 0 {
		for _, r := range s.Referrals(e.Ref(), q.Now) {
			if !r.Lapsed && (x.refer == 0 || r.Until < x.refer) {
				x.refer, x.by = r.Until, r.Place.Party
			}
		}
	}
	x.packaged = e.kind == act.Package || len(s.packageItems(e)) > 0
	if q.Marked != nil {
		x.mark, x.marked = q.Marked(e.Ref())
	}
	return x
}

// is reports whether the element is in what a filter names.
func (x *square) is(in string) bool {
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
		return x.e.crossed()
	}
	return in == ""
}

func (s *State) takes(x *square, q *BoardQuery) bool {
	if q.Kind != 0 && x.e.kind != q.Kind || !x.is(q.In) {
		return false
	}
	if q.Party == "" {
		return true
	}
	p, ok := s.charter.Ordinal(q.Party)
	return ok && s.TurnOf(x.e, p)
}

// order is how rows are compared; nil for by reference, as they stand already.
func order(sort string) func(a, b square) int {
	switch sort {
	case BySince:
		return func(a, b square) int { return a.since.compare(b.since) }
	case ByBrackets:
		return func(a, b square) int { return cmp.Compare(b.brackets, a.brackets) }
	case ByUntil:
		return func(a, b square) int { return cmp.Compare(uint64(a.until())-1, uint64(b.until())-1) } // none comes last
	}
	return nil
}

// until is the first end of a silence or of a time for confirming; 0 for none.
func (x *square) until() int64 {
	if x.silence == 0 || x.refer != 0 && x.refer < x.silence {
		return x.refer
	}
	return x.silence
}

func (s *State) boardSums(list []square) BoardSums {
	out := BoardSums{Open: len(list)}
	for _, f := range BoardFilters {
		out.In = append(out.In, Sum{What: f})
	}
	kinds := map[act.ElementKind]KindLoad{}
	for i := range list {
		x := &list[i]
		out.Brackets += x.brackets
		for f := range out.In {
			out.In[f].Times += one(x.is(out.In[f].What))
		}
		k := kinds[x.e.kind]
		kinds[x.e.kind] = KindLoad{x.e.kind, k.Open + 1, k.Brackets + x.brackets}
	}
	for _, k := range kinds {
		out.Kinds = append(out.Kinds, k)
	}
	slices.SortFunc(out.Kinds, func(a, b KindLoad) int { return ranks[a.Kind] - ranks[b.Kind] })
	for p := range s.rule.Parties() {
		out.Parties = append(out.Parties, PartyTurn{s.charter.Code(uint8(p)), len(s.lists.turns[p].items)})
	}
	return out
}

func (s *State) boardRow(x *square, now int64) BoardRow {
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
