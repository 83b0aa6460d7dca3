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
	seen     []act.Seen
	element  *name    // that the act is about; nil for none
	revision act.Hash // that it accepts or confirms; of a remark, the one that it lifts
	facts    *facts   // of a table act
	index    uint64
	epoch    uint32
	party    uint8
	kind     act.Kind // 0 where the leaf is no act
	sort     act.RemarkSort
	personal bool // a person acted
	foreign  bool // it names another group
	founding bool // it holds the group's charter
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
	leads, supports uint64 // members of the group, as bits
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
	free    []facts
	names   map[[shortRef]byte]*name // of short references, which nearly all are; nil where none are kept
	longs   map[act.Ref]*name        // of the others
	lately  [latelyNames]struct {    // the last met, by a few bits of their keys
		key [shortRef]byte
		*name
	}
	fresh  []name
	tables int // table acts read
}

// A name is a reference as a Reader has met it, with the element that the fold has found it to be:
// it is looked up once, and not for every act about it.
type name struct {
	ref act.Ref
	of  *Element
}

// Reader is a reader of the group's acts, for reading ahead of this State's fold.
func (s *State) Reader() *Reader {
	return &Reader{charter: &s.charter, id: s.id, raw: s.raw, names: map[[shortRef]byte]*name{}, longs: map[act.Ref]*name{}}
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

// latelyNames is how many names are kept at hand: a power of two.
const latelyNames = 1 << 10

// mix makes a place among the names kept at hand of a key.
func mix(key *[shortRef]byte) uint64 {
	a, b := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	const odd = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return (a*odd ^ b) * odd >> (64 - 10)
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

// atOnce is how many facts and names are set aside at a time.
const atOnce = 64

// Read reads one act as strictly as act.Decode does.
func (r *Reader) Read(leaf string) (g Gist) {
	x := &r.scan
	if x.Scan(leaf) != nil {
		return g
	}
	g = Gist{seen: x.Seen, element: r.name(x.Element), index: x.Index, epoch: x.Epoch, party: x.Party, kind: x.Kind,
		sort: x.Sort, personal: x.By != "", foreign: x.Group != r.id}
	switch x.Kind {
	case act.KindConstitute:
		g.founding = x.Charter == r.raw
	case act.KindTable:
		g.facts = r.take(&x.Table.Content)
		r.tables++
	case act.KindAccept, act.KindConfirm:
		g.revision = x.Revision
	case act.KindRemark:
		g.revision = x.Lifts
	}
	return g
}

func (r *Reader) take(c *act.Content) *facts {
	if len(r.free) == 0 {
		r.free = make([]facts, atOnce)
	}
	f := &r.free[0]
	r.free = r.free[1:]
	f.parent, f.due, f.order, f.kind = r.name(c.Parent), c.Due, c.Order, c.Kind
	f.struck, f.aside = c.Struck, len(c.Aside) > 0
	f.leads, f.supports = members(r.charter, c.Lead), members(r.charter, c.Support)
	if len(c.Cites) > 0 {
		f.cites = slices.Clone(c.Cites)
	}
	return f
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
func (g *Gist) Seen() []act.Seen { return g.seen }

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
	g := s.reader.Read(leaf)
	return &g
}

// factsOf are the facts of a revision.
func (s *State) factsOf(r *accord.Revision) *facts {
	if r != nil {
		if g := s.gist(r.Party, r.Ordinal); g != nil && g.facts != nil {
			return g.facts
		}
	}
	return &facts{}
}

// flaw says why an entry is no act of this place.
func (s *State) flaw(g *Gist, party uint8, ordinal int) accord.Reason {
	if g.kind == 0 {
		return accord.NoAct
	}
	epoch, index := s.logs.Place(party, ordinal)
	if g.foreign || g.party != party || g.epoch != epoch || g.index != index {
		return accord.WrongPlace
	}
	switch g.kind {
	case act.KindConstitute:
		if ordinal != 0 {
			return accord.Misplaced
		}
		if !g.founding {
			return accord.BadCharter
		}
	case act.KindResume:
		if index != 0 || epoch == 0 {
			return accord.Misplaced
		}
	default:
		if index == 0 {
			return accord.Misplaced
		}
	}
	return accord.Good
}
