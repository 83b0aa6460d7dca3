package plan

import (
	"encoding/binary"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/group"
	"entente/party"
)

// A Gist is what the fold needs of an act: nothing that is only shown. It can be made ahead of the
// fold, of many acts at once on all cores; it holds views of the leaf.
type Gist struct {
	element  *name // that the act is about; nil for none
	more     *detail
	revision act.Hash      // that it accepts or confirms; of a remark, the one that it lifts
	flaw     accord.Reason // as far as the leaf and its place tell
	kind     act.Kind      // 0 where the leaf is no act
	sort     act.RemarkSort
	personal bool // a person acted
	founding bool // it holds the group's charter
	offered  bool // of a table act: see act.Table
	tied     bool // of a table or accept act: see there
	observed bool // of a report: it is of observations
}

// A detail is what most acts have not: what was newly seen, and what a table act says.
type detail struct {
	seen []act.Seen
	facts
}

// Gists is what Logs may do besides: give what was read ahead. Where it has not, or not any more,
// the leaf is read.
type Gists interface {
	Gist(party uint8, ordinal int) *Gist // nil for none
}

// Facts are what lists, counts and the tree need of a revision's content.
type facts struct {
	parent          *name // nil for none
	due             act.Date
	cites           []act.Ref
	contains        []act.Contained // of a package
	leads, supports uint64          // members of the group, as bits
	until           int64           // when the silence that was asked for ends; 0 for none
	order           uint32
	kind            act.ElementKind
	struck          bool
	aside           bool // a passage set aside, with a reason
}

// A Reader makes Gists of leaves. It is not for concurrent use: each goroutine has its own.
type Reader struct {
	charter *group.Charter
	id      act.Hash
	raw     string
	scan    act.Scanner
	free    []detail
	names   map[[shortRef]byte]*name // of short references, which nearly all are; nil where none are kept
	longs   map[act.Ref]*name        // of the others
	lately  []latelyMet              // the last met, by a few bits of their keys; as names
	fresh   []name
	tables  int // table acts read
}

// A name is a reference as a Reader has met it, with the element that the fold has found it to be:
// it is looked up once, and not for every act about it.
type name struct {
	ref act.Ref
	of  *Element
}

// Reader is a reader of the group's acts, for reading ahead of this State's fold.
func (s *State) Reader() *Reader {
	return &Reader{charter: &s.charter, id: s.id, raw: s.raw, names: map[[shortRef]byte]*name{}, longs: map[act.Ref]*name{},
		lately: make([]latelyMet, latelyNames)}
}

// Expect makes room for what readers have read.
func (s *State) Expect(readers ...*Reader) {
	elements, revisions := 0, 0
	for _, r := range readers {
		elements, revisions = max(elements, len(r.names)+len(r.longs)), revisions+r.tables
	}
	s.rule.Expect(elements, revisions)
	if len(s.elements) == 0 {
		s.elements = make(map[act.Ref]*Element, elements)
	}
	s.nth = slices.Grow(s.nth, elements)
}

// shortRef is up to how many bytes a reference is its own key, so that finding it does not go to
// where it was first written.
const shortRef = 16

func (r *Reader) name(ref act.Ref) *name {
	switch {
	case ref == "":
		return nil
	case r.names == nil:
		return &name{ref: ref}
	case len(ref) > shortRef:
		n := r.longs[ref]
		if n == nil {
			n = r.newName(ref)
			r.longs[ref] = n
		}
		return n
	}
	var key [shortRef]byte
	copy(key[:], ref)
	at := &r.lately[mix(&key)]
	if at.name != nil && at.key == key {
		return at.name
	}
	n := r.names[key]
	if n == nil {
		n = r.newName(ref)
		r.names[key] = n
	}
	at.key, at.name = key, n
	return n
}

// latelyNames is how many names a reader that goes through a long history keeps at hand.
const (
	latelyBits  = 13
	latelyNames = 1 << latelyBits
)

// A latelyMet is a name that was met not long ago.
type latelyMet struct {
	key [shortRef]byte
	*name
}

// mix makes a place among the names kept at hand of a key.
func mix(key *[shortRef]byte) uint64 {
	a, b := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	const odd = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return (a*odd ^ b) * odd >> (64 - latelyBits)
}

func (r *Reader) newName(ref act.Ref) (n *name) {
	if len(r.fresh) == 0 {
		r.fresh = make([]name, atOnce)
	}
	n, r.fresh = &r.fresh[0], r.fresh[1:]
	n.ref = ref
	return n
}

// find is the element of a name, or nil where there is none yet.
func (s *State) find(n *name) *Element {
	if n == nil {
		return nil
	}
	if n.of == nil {
		n.of = s.elements[n.ref]
	}
	return n.of
}

// atOnce is how many details and names are set aside at a time.
const atOnce = 64

// Read reads one act as strictly as act.Decode does. The place is where the leaf stands.
func (r *Reader) Read(leaf string, party uint8, epoch uint32, index uint64) (g Gist) {
	x := &r.scan
	if x.Scan(leaf) != nil {
		g.flaw = accord.NoAct
		return g
	}
	g.element, g.kind, g.sort, g.personal = r.name(x.Element), x.Kind, x.Sort, x.By != ""
	if len(x.Seen) > 0 {
		g.more = r.detail()
		g.more.seen = x.Seen
	}
	if x.Group != r.id || x.Party != party || x.Epoch != epoch || x.Index != index {
		g.flaw = accord.WrongPlace
	}
	switch x.Kind {
	case act.KindConstitute:
		g.founding = x.Charter == r.raw
		return g // flawAt knows what it must be
	case act.KindResume:
		if g.flaw == accord.Good && (index != 0 || epoch == 0) {
			g.flaw = accord.Misplaced
		}
		return g
	case act.KindTable:
		if g.more == nil {
			g.more = r.detail()
		}
		r.take(&g.more.facts, &x.Table.Content)
		g.more.until, g.offered, g.tied = x.Table.Until, x.Table.Offered, x.Table.Tied
		r.tables++
	case act.KindAccept:
		g.revision, g.tied = x.Revision, x.Tied
	case act.KindConfirm:
		g.revision = x.Revision
	case act.KindRemark:
		g.revision = x.Lifts
	case act.KindReport:
		g.observed = x.Observed
	}
	if g.flaw == accord.Good && index == 0 {
		g.flaw = accord.Misplaced
	}
	return g
}

func (r *Reader) detail() (d *detail) {
	if len(r.free) == 0 {
		r.free = make([]detail, atOnce)
	}
	d, r.free = &r.free[0], r.free[1:]
	return d
}

func (r *Reader) take(f *facts, c *act.Content) {
	f.parent, f.due, f.order, f.kind = r.name(c.Parent), c.Due, c.Order, c.Kind
	f.struck, f.aside = c.Struck, len(c.Aside) > 0
	f.leads, f.supports = members(r.charter, c.Lead), members(r.charter, c.Support)
	if len(c.Cites) > 0 {
		f.cites = slices.Clone(c.Cites)
	}
	if c.Kind == act.Package {
		f.contains = c.Contains
	}
}

func (s *State) members(codes []party.Code) uint64 { return members(&s.charter, codes) }

func members(in *group.Charter, codes []party.Code) (bits uint64) {
	for _, c := range codes {
		if p, ok := in.Ordinal(c); ok {
			bits |= 1 << p
		}
	}
	return bits
}

// Seen lists what the act had seen, for Book.Expect.
func (g *Gist) Seen() []act.Seen {
	if g.more == nil {
		return nil
	}
	return g.more.seen
}

// gist finds what was read ahead of an entry, or reads it now; nil where it is not here.
func (s *State) gist(party uint8, ordinal int) *Gist {
	if s.ahead != nil {
		if g := s.ahead.Gist(party, ordinal); g != nil {
			return g
		}
	}
	leaf, here := s.logs.Leaf(party, ordinal)
	if !here {
		return nil
	}
	epoch, index := s.logs.Place(party, ordinal)
	g := s.reader.Read(leaf, party, epoch, index)
	return &g
}

// factsOf are the facts of a revision.
func (s *State) factsOf(r *accord.Revision) *facts {
	if r != nil {
		if g := s.gist(r.Party, r.Ordinal); g != nil && g.more != nil {
			return &g.more.facts
		}
	}
	return &facts{}
}

// flawAt says why an entry is no act of this place. A charter opens a log and comes never again.
func (g *Gist) flawAt(ordinal int) accord.Reason {
	switch {
	case g.kind != act.KindConstitute || g.flaw != accord.Good:
		return g.flaw
	case ordinal != 0:
		return accord.Misplaced
	case !g.founding:
		return accord.BadCharter
	}
	return accord.Good
}
