package accord

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"entente/act"
)

// How many items are set aside at a time. Nothing is ever given back.
const (
	firstSlab  = 4  // a small group stays small
	lastSlab   = 56 // elements of 144 bytes: with the allocator's own word they just fit into 8 KiB
	block      = 68 // revisions of 120 bytes: likewise
	firstSlots = 64
	// An element has room for so many revisions when the first is tabled.
	fewRevisions = 4

	usual = 2 // most groups are of two parties: for so many there is room at hand
)

// A slab hands out zero values.
type slab[T any] struct {
	free []T
	size int
}

func (s *slab[T]) take() *T {
	if len(s.free) == 0 {
		s.size = max(min(2*s.size, lastSlab), firstSlab)
		s.free = make([]T, s.size)
	}
	out := &s.free[0]
	s.free = s.free[1:]
	return out
}

// revisions keeps all revisions and finds them by id: open addressing with steps of one, never
// more than three quarters full. An id is a SHA-256, so that any bytes of it are a hash of it;
// whoever makes ids that begin alike pays for each far more than looking past it costs.
type revisions struct {
	blocks [][]Revision
	count  uint32
	slots  []slot
}

// A slot is one revision's place in the order in which they came, from 1, or 0 where it is
// empty; the tag is a part of the id, which spares looking at most others.
type slot struct{ tag, nth uint32 }

func (x *revisions) nth(n uint32) *Revision { return &x.blocks[(n-1)/block][(n-1)%block] }

// find is the revision with this id, or nil.
func (x *revisions) find(id *act.Hash) *Revision {
	if len(x.slots) == 0 {
		return nil
	}
	if n := x.slots[x.slot(id)].nth; n != 0 {
		return x.nth(n)
	}
	return nil
}

// slot is where the id stands, or would stand.
func (x *revisions) slot(id *act.Hash) int {
	last := len(x.slots) - 1
	tag := tagOf(id)
	i := placeOf(id) & last
	for x.slots[i].nth != 0 && (x.slots[i].tag != tag || x.nth(x.slots[i].nth).ID != *id) {
		i = (i + 1) & last
	}
	return i
}

func placeOf(id *act.Hash) int { return int(binary.LittleEndian.Uint32(id[4:])) }

func tagOf(id *act.Hash) uint32 { return binary.LittleEndian.Uint32(id[:]) }

// add makes room for a revision whose id is not there yet.
func (x *revisions) add(id *act.Hash) *Revision {
	if 4*(int(x.count)+1) > 3*len(x.slots) {
		x.grow(2 * len(x.slots))
	}
	if x.count%block == 0 {
		x.blocks = append(x.blocks, make([]Revision, block))
	}
	x.count++
	x.slots[x.slot(id)] = slot{tagOf(id), x.count}
	r := x.nth(x.count)
	r.ID = *id
	return r
}

// expect makes room for so many more.
func (x *revisions) expect(more int) {
	if want := 4 * (int(x.count) + more) / 3; want > len(x.slots) {
		x.grow(1 << bits.Len(uint(want)))
	}
	x.blocks = slices.Grow(x.blocks, more/block+1)
}

// grow takes a power of two.
func (x *revisions) grow(slots int) {
	old := x.slots
	x.slots = make([]slot, max(slots, firstSlots))
	for _, o := range old {
		if o.nth != 0 {
			x.slots[x.slot(&x.nth(o.nth).ID)] = o
		}
	}
}
