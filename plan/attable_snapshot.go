package plan

import (
	"bytes"
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/flat"
)

// What a snapshot holds of the talks themselves.

// said are the lists of acts about elements, in the order in which a snapshot has them.
func (t *atTable) said() []map[*Element][]entry {
	return []map[*Element][]entry{t.silences, t.referrals, t.certificates, t.sittings, t.accounts}
}

// A containing is one revision of a package, and one revision that it contains.
type containing struct {
	of  uint32 // the package's element
	rev *accord.Revision
	id  act.Hash
}

// table writes what was said about the talks.
func (x *writing) table(w *flat.Writer) {
	for _, lists := range x.State.table.said() {
		var of, at flat.Writer
		for _, e := range x.byNumber(lists) {
			for _, a := range ordered(lists[e]) {
				of.U32(x.refs[e.Ref()] - 1)
				at.U32(e.storyAt(a))
			}
		}
		w.U32(uint32(len(of) / 4))
		w.Column(of)
		w.Column(at)
	}
	var tied []uint32
	for _, e := range x.State.table.tied {
		tied = append(tied, x.refs[e.Ref()]-1)
	}
	slices.Sort(tied)
	w.U32(uint32(len(tied)))
	for _, n := range tied {
		w.U32(n)
	}
	x.packages(w)
	for p, at := range x.State.table.calendars {
		w.U32(uint32(one(x.State.table.dated&(1<<p) != 0)))
		w.U32(at.Ordinal)
	}
}

// byNumber lists the elements that have a list, by reference.
func (x *writing) byNumber(lists map[*Element][]entry) []*Element {
	out := make([]*Element, 0, len(lists))
	for e := range lists {
		out = append(out, e)
	}
	slices.SortFunc(out, (*Element).compare)
	return out
}

func (x *writing) packages(w *flat.Writer) {
	var list []containing
	for id, packages := range x.State.table.packages {
		for _, r := range packages {
			list = append(list, containing{x.refs[r.Element] - 1, r, id})
		}
	}
	slices.SortFunc(list, func(a, b containing) int {
		return cmp.Or(cmp.Compare(a.of, b.of), byPlace(a.rev, b.rev), bytes.Compare(a.id[:], b.id[:]))
	})
	w.U32(uint32(len(list)))
	for _, c := range list {
		w.U32(c.of)
		w.U8(c.rev.Party)
		w.U32(uint32(c.rev.Ordinal))
		w.Bytes(c.id[:])
	}
}

// table reads what was said about the talks.
func (x *restoring) table(r *flat.Reader) bool {
	for _, lists := range x.State.table.said() {
		n := int(r.U32())
		of, at := flat.U32s(r.Column(n, 4)), flat.U32s(r.Column(n, 4))
		if !r.OK() {
			return false
		}
		for i := range n {
			e := x.numbered(of.At(i))
			if e == nil || int(at.At(i)) >= len(e.story) {
				return false
			}
			lists[e] = append(lists[e], e.story[at.At(i)])
		}
	}
	for range r.U32() {
		e := x.numbered(r.U32())
		if e == nil || !r.OK() {
			return false
		}
		x.State.table.tied = append(x.State.table.tied, e)
	}
	if !x.packages(r) {
		return false
	}
	for p := range x.State.table.calendars {
		dated, at := r.U32(), r.U32()
		if dated > 1 || dated == 1 && int(at) >= x.rule.Count(uint8(p)) {
			return false
		}
		x.State.table.dated |= uint64(dated) << p
		if dated == 1 {
			x.State.table.calendars[p] = Place{uint8(p), at}
		}
	}
	return r.OK()
}

// numbered is the element of a number, or nil.
func (x *restoring) numbered(n uint32) *Element {
	if int(n) >= len(x.nth) {
		return nil
	}
	return x.nth[n]
}

func (x *restoring) packages(r *flat.Reader) bool {
	for range r.U32() {
		e, party, ordinal, id := x.numbered(r.U32()), r.U8(), r.U32(), r.Bytes(act.HashSize)
		if e == nil || !r.OK() {
			return false
		}
		rev := revisionAt(e, party, ordinal)
		if rev == nil {
			return false
		}
		x.State.table.packages[act.Hash(id)] = append(x.State.table.packages[act.Hash(id)], rev)
	}
	return true
}
