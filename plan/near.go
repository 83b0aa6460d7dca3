package plan

import (
	"entente/accord"
	"entente/act"
)

// atHand is how many entries of a log, of those read ahead, are looked at together before they are
// judged.
const atHand = 16

// nears is what was looked at so.
type nears struct {
	from []int  // per party, the ordinal up to which entries were looked at
	sum  uint32 // means nothing; see accord.State.Near
}

// near looks at what the next entries of a log are about, if that was not done yet, so that it comes
// from memory at once and not one thing after another. It reads ahead what the fold reads in any
// case, and changes nothing but how soon that is there.
func (s *State) near(party uint8, ordinal int) {
	if s.ahead == nil || ordinal < s.nears.from[party] {
		return
	}
	var gists [atHand]*Gist
	var elements [atHand]*Element
	var ruled [atHand]*accord.Element
	var ids [atHand]*act.Hash
	sum, n, e, k := s.nears.sum, 0, 0, 0
	for ; n < atHand; n++ {
		if gists[n] = s.ahead.Gist(party, ordinal+n); gists[n] == nil {
			break
		}
	}
	s.nears.from[party] = ordinal + max(n, 1)
	for i, g := range gists[:n] {
		if g.kind == act.KindTable && g.revision.IsZero() {
			g.revision = s.logs.LeafHash(party, ordinal+i)
		}
		if g.kind == act.KindTable || g.kind == act.KindAccept || g.kind == act.KindConfirm {
			ids[k] = &g.revision
			k++
		}
		switch {
		case g.element == nil:
		case g.element.of == nil: // it will be looked up by its reference
			sum += uint32(g.element.ref[0])
		default:
			elements[e] = g.element.of
			e++
		}
	}
	for i, x := range elements[:e] {
		ruled[i] = x.Element
		sum += uint32(x.kind) + uint32(len(x.story)) + uint32(x.brackets.Load())
	}
	for _, x := range elements[:e] {
		sum += uint32(x.moves[0].first)
		if n := len(x.story); n > 0 {
			sum += uint32(x.story[n-1].past)
		}
	}
	s.nears.sum = sum + s.rule.Near(ruled[:e], ids[:k])
}

// nearShown does so with what the first of many elements that were touched will show.
func (s *State) nearShown(list []*Element) {
	if s.ahead == nil || len(list) < atHand {
		return
	}
	var gists [atHand]*Gist
	var more [atHand]*detail
	var shown [atHand]*accord.Revision
	sum := s.nears.sum
	for _, e := range list[:atHand] {
		sum += uint32(e.kind) + uint32(e.Nth())
	}
	for i, e := range list[:atHand] {
		sum += uint32(e.Ref()[0])
		shown[i] = e.Shown(s.rule.Parties())
	}
	for i, r := range shown {
		if r != nil {
			gists[i] = s.ahead.Gist(r.Party, r.Ordinal)
		}
	}
	for i, g := range gists {
		if g != nil {
			more[i] = g.more
		}
	}
	for _, d := range more {
		if d != nil {
			sum += uint32(d.kind)
		}
	}
	s.nears.sum = sum
}
