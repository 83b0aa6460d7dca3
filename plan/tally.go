package plan

import (
	"cmp"
	"slices"

	"entente/act"
)

// A counter is one thing that is counted of every subtree. Only paragraphs of the plan count:
// statements, passages and documents are no part of it.
type counter uint8

const (
	cLive      counter = iota // paragraphs that stand: agreed, reserved or in brackets
	cAgreed                   // by status
	cOpen                     //
	cReserved                 //
	cWithdrawn                //
	cRemoved                  //
	cForce                    // paragraphs with a text in force
	cWays                     // ways that stand
	cActions                  // actions that stand
	cRows                     // rows of the outline when goals and ways are open
	counters
)

var countOf = [statusCount]counter{
	Withdrawn: cWithdrawn, InBrackets: cOpen, Agreed: cAgreed, Reserved: cReserved, Removed: cRemoved,
}

// A tally is the counts of one subtree.
type tally [counters]int32

func (t *tally) add(d *tally) {
	for i := range t {
		t[i] += d[i]
	}
}

func (t *tally) minus(d *tally) (out tally) {
	for i := range t {
		out[i] = t[i] - d[i]
	}
	return out
}

// marks are what one element counts for: 0 or 1 each.
type marks [counters]int8

// minus is what becomes of a tally when the one takes the place of the other.
func (m *marks) minus(was *marks) (out tally) {
	for i := range m {
		out[i] = int32(m[i] - was[i])
	}
	return out
}

// blockSize is how many children share one block of a branch: a page finds its place in a branch
// of n children by looking at n/blockSize blocks and blockSize children.
const blockSize = 128

// A branch is the children of one element, or the roots, in order.
type branch struct {
	kids   []*Element
	blocks []tally // the sums of blockSize children each; not kept beyond sorted while dirty
	rows   int32   // the rows of all children together
	sorted int32   // while dirty: how many of the first children are in order
	dirty  bool
}

// range sum of a counter over children i to j.
func (b *branch) between(i, j int, c counter) (n int) {
	for i < j {
		if i%blockSize == 0 && i+blockSize <= j {
			n += int(b.blocks[i/blockSize][c])
			i += blockSize
			continue
		}
		n += int(b.kids[i].sum[c])
		i++
	}
	return n
}

// bump brings the block of a child up to date, unless it will be summed anew.
func (b *branch) bump(at int, d *tally) {
	if !b.dirty || at < int(b.sorted) {
		b.blocks[at/blockSize].add(d)
	}
}

// settle puts the children in order, and sums anew those from the first that has moved.
func (b *branch) settle() {
	b.tally(merge(b.kids, int(b.sorted), (*Element).besides))
}

// tally sums the blocks anew from that of a child on.
func (b *branch) tally(from int) {
	from -= from % blockSize
	b.blocks = slices.Grow(b.blocks[:from/blockSize], (len(b.kids)-from)/blockSize+1)
	for i, e := range b.kids[from:] {
		e.at = int32(from + i)
		if i%blockSize == 0 {
			b.blocks = append(b.blocks, tally{})
		}
		b.blocks[len(b.blocks)-1].add(&e.sum)
	}
	b.dirty = false
}

// besides orders siblings.
func (e *Element) besides(o *Element) int {
	return cmp.Or(cmp.Compare(e.rank(), o.rank()), cmp.Compare(e.order, o.order), e.compare(o))
}

// lift adds to the counts of x and of all above it. below says that the change comes from
// underneath x.
func (s *State) lift(x *Element, d tally, below bool) {
	for ; x != nil; x = x.up {
		if below {
			x.kids.rows += d[cRows]
		}
		was := x.sum[cRows]
		d[cRows] = 0
		x.sum.add(&d)
		x.sum[cRows] = x.rowsNow()
		d[cRows] = x.sum[cRows] - was
		if x.inTree {
			s.branchOf(x).bump(int(x.at), &d)
		}
		below = true
		if !x.inTree {
			return
		}
	}
	s.roots.rows += d[cRows]
	s.sum.add(&d)
}

// rowsNow is how many rows the element and what is below it make in the outline.
func (e *Element) rowsNow() int32 {
	n := int32(0)
	if e.sum[cLive] > 0 {
		n = 1
	}
	if e.kids != nil && e.opens() {
		n += e.kids.rows
	}
	return n
}

// opens reports whether the outline opens the element unless told otherwise.
func (e *Element) opens() bool { return e.kind == act.Goal || e.kind == act.Way }

// branchOf is the branch that a placed element stands in.
func (s *State) branchOf(e *Element) *branch {
	if e.up == nil {
		return &s.roots
	}
	return e.up.kids
}

// walk visits the elements that a counter counts, in order, below a branch, from the skip-th on,
// until visit returns false. It passes by subtrees and blocks in which nothing is counted.
func (b *branch) walk(c counter, skip int, visit func(e *Element) bool) bool {
	_, more := b.walkFrom(c, skip, visit)
	return more
}

func (b *branch) walkFrom(c counter, skip int, visit func(e *Element) bool) (left int, more bool) {
	for i := 0; i < len(b.kids); {
		if i%blockSize == 0 {
			if n := int(b.blocks[i/blockSize][c]); n <= skip {
				skip, i = skip-n, i+blockSize
				continue
			}
		}
		e := b.kids[i]
		i++
		n := int(e.sum[c])
		if n <= skip {
			skip -= n
			continue
		}
		if e.own[c] != 0 {
			if skip == 0 {
				if !visit(e) {
					return 0, false
				}
			} else {
				skip--
			}
		}
		if e.kids == nil {
			continue
		}
		if skip, more = e.kids.walkFrom(c, skip, visit); !more {
			return 0, false
		}
	}
	return skip, true
}

// before is how many elements that a counter counts stand before e in the order of the document.
func (s *State) before(e *Element, c counter) (n int) {
	for ; e != nil; e = e.up {
		n += s.branchOf(e).between(0, int(e.at), c)
		if e.up != nil {
			n += int(e.up.own[c])
		}
	}
	return n
}
