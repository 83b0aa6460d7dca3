package workload

import (
	"math/bits"
	"slices"
	"strings"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/party"
)

// Bounds of a revision's text, in bytes of UTF-8.
const (
	minText = 200
	maxText = 600
)

// The mix, in hundredths of all acts. What is left over are reports.
const (
	partTable  = 40
	partSettle = 30 // accept and confirm
	partRemark = 20
	partReport = 10
)

// recent is how many elements last moved are in everybody's mind.
const recent = 256

// A room is one group with what its parties have said so far.
type room struct {
	*speaker
	charter group.Charter
	id      act.Hash
	tongues [4]*tongue // one in four is Hebrew
	persons []party.Person
	logs    []scroll
	writers int // how many of the parties are not silent, the first

	elements []*element
	fresh    []*element // the last that moved, newest last
	number   numbering
	total    int // acts
	settled  int // of them accept and confirm
	pending  int // of them not given out

	now    int64  // milliseconds since 1970
	turn   int    // counts turns
	heads  []head // when this turn began
	before []head // when the turn before it began
	late   bool   // the writer has not seen the turn before
	who    uint8
	left   int          // acts to come in this turn, beside confirmations
	news   []act.Seen   // what the next act has newly seen
	todo   []*element   // to confirm first in this turn
	ripe   [][]*element // per party, to be confirmed when seen
}

// An element is as much of one as it takes to go on negotiating about it.
type element struct {
	ref    act.Ref
	kind   act.ElementKind
	parent act.Ref
	tongue *tongue
	title  string
	lines  []string
	focus  *revision   // the one tabled last
	held   []*revision // per party
	turn   int         // when a position on it last changed
}

// A revision knows who holds or has held it, and who has confirmed it, as sets of ordinals.
type revision struct {
	id              act.Hash
	by              uint8
	ever, confirmed uint64
}

func newRoom(w *Workload, i int, plenary act.Hash) (*room, error) {
	c := charterOf(w.config.Seed, i, plenary, w.members)
	if err := c.Check(); err != nil {
		return nil, err
	}
	g := &room{
		speaker: &speaker{r: w.r, codes: c.Codes()}, charter: c, id: c.ID(), now: c.Convened,
		writers: len(c.Parties) - w.config.Silent, heads: make([]head, len(c.Parties)), ripe: make([][]*element, len(c.Parties)),
	}
	en, he := english(), hebrew()
	g.tongues = [...]*tongue{en, en, en, he}
	for _, p := range strings.Fields(persons) {
		g.persons = append(g.persons, party.Person(p))
	}
	g.logs = make([]scroll, len(c.Parties))
	for p, m := range w.members {
		g.logs[p] = scroll{
			log: ledger.Log{Group: g.id, Party: uint8(p)}, key: m.Keys.Signing(),
			origin: ledger.Origin(g.id, m.Card.Signing, 0), seen: make([]uint64, len(c.Parties)),
		}
	}
	return g, nil
}

// begin starts somebody's turn.
func (g *room) begin() {
	n := g.writers
	if g.turn < n {
		g.who = uint8(g.turn)
	} else if n > 1 {
		g.who = uint8((int(g.who) + 1 + g.r.IntN(n-1)) % n)
	}
	g.turn++
	g.late = g.turn > 2*n && g.r.IntN(6) == 0
	g.left = 1 + g.r.IntN(18)
	g.now += int64(600_000 + g.r.IntN(8*3_600_000))
	g.before = g.heads
	g.heads = slices.Clone(g.heads)
	for p := range g.logs {
		if g.logs[p].size != g.heads[p].size {
			g.heads[p] = g.logs[p].head()
		}
	}
	g.look()
}

// look sees what there is to be seen, and what must be confirmed for it.
func (g *room) look() {
	view := g.heads
	if g.late {
		view = g.before
	}
	g.news = nil
	me := &g.logs[g.who]
	for p, h := range view {
		if p != int(g.who) && h.size > me.seen[p] {
			me.seen[p] = h.size
			g.news = append(g.news, act.Seen{Party: uint8(p), Size: h.size, Root: h.root})
		}
	}
	g.todo = nil
	var later []*element
	for _, e := range g.ripe[g.who] {
		switch r := e.held[g.who]; {
		case r == nil || r.confirmed>>g.who&1 == 1 || !e.heldByAll(r) || slices.Contains(g.todo, e):
		case g.hidden(e):
			later = append(later, e)
		default:
			g.todo = append(g.todo, e)
		}
	}
	g.ripe[g.who] = later
}

// hidden reports whether the writer has not seen how the element last moved.
func (g *room) hidden(e *element) bool { return g.late && e.turn == g.turn-1 }

func (e *element) heldByAll(r *revision) bool {
	for _, h := range e.held {
		if h != r {
			return false
		}
	}
	return true
}

// speak makes the next act of the turn.
func (g *room) speak() error {
	g.now += int64(5_000 + g.r.IntN(240_000))
	if g.logs[g.who].size < 2 {
		return g.open()
	}
	if len(g.todo) > 0 {
		e := g.todo[0]
		g.todo = g.todo[1:]
		return g.confirm(e)
	}
	g.left--
	u := g.r.IntN(100)
	if u >= 100-partSettle && g.settled*100 >= g.total*partSettle {
		u = g.r.IntN(100 - partSettle)
	}
	var e *element
	switch {
	case len(g.elements) == 0:
		return g.table()
	case u >= 100-partSettle:
		if e = g.acceptable(); e != nil {
			return g.accept(e)
		}
	case u >= partTable:
		if e = g.any(); g.hidden(e) {
			break
		}
		if u < partTable+partRemark {
			return g.remark(e)
		}
		return g.report(e)
	}
	return g.table()
}

// any draws an element, more often than not one of those that moved lately.
func (g *room) any() *element {
	if g.r.IntN(3) > 0 {
		return g.fresh[g.r.IntN(len(g.fresh))]
	}
	return g.elements[g.r.IntN(len(g.elements))]
}

// acceptable draws an element on which the writer can accept what another has tabled, rather one
// on which many have.
func (g *room) acceptable() (best *element) {
	for range 12 {
		e := g.fresh[len(g.fresh)-1-g.r.IntN(min(len(g.fresh), 64))]
		if e.focus.ever>>g.who&1 == 1 || g.hidden(e) {
			continue
		}
		if best == nil || bits.OnesCount64(e.focus.ever) > bits.OnesCount64(best.focus.ever) {
			best = e
		}
	}
	return best
}

// write appends an act of the writer's and returns its leaf hash.
func (g *room) write(by party.Person, body act.Body) (act.Hash, error) {
	l := &g.logs[g.who]
	leaf, err := act.Encode(act.Act{Group: g.id, Party: g.who, Index: l.size, By: by, At: g.now, Seen: g.news, Body: body})
	if err != nil {
		return act.Hash{}, err
	}
	g.news = nil
	g.total++
	g.pending++
	return l.add(leaf), nil
}

// give gives out what has been gathered.
func (g *room) give(emit func(Burst) error) error {
	if g.pending == 0 {
		return nil
	}
	b := Burst{Group: int(g.charter.Number), Acts: g.pending}
	for p := range g.logs {
		if len(g.logs[p].leaves) == 0 {
			continue
		}
		batch, err := g.logs[p].batch(g.now, g.logs[:g.writers])
		if err != nil {
			return err
		}
		b.Batches = append(b.Batches, batch)
	}
	g.pending = 0
	return emit(b)
}
