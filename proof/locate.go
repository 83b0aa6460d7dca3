package proof

import (
	"bytes"
	"fmt"
	"slices"

	"entente/act"
	"entente/group"
)

// What is here says where a file was altered. None of it decides whether it was.

// places are the paragraphs of the document that the file is about, as far as the entry that
// tables it can be found.
type places struct {
	numbers map[act.Ref]int
	lost    map[act.Ref]bool // paragraphs whose revision is no entry of the file any more
}

// paragraphs finds the document's entry and numbers its paragraphs.
func (v *verifier) paragraphs() places {
	p := places{map[act.Ref]int{}, map[act.Ref]bool{}}
	if v.file.About.IsPlan() || !v.anyAltered() {
		return p
	}
	want := map[act.Hash]act.Ref{}
	if leaf, ok := v.leafOf(v.file.About.Revision); ok {
		if a, err := act.Decode(leaf); err == nil {
			if t, ok := a.Body.(act.Table); ok {
				for i, in := range t.Content.Contains {
					p.numbers[in.Element] = i + 1
					want[in.Revision] = in.Element
				}
			}
		}
	}
	for i := range v.logs {
		b := v.logs[i].book
		for n := range b.Size() {
			delete(want, b.LeafHash(n))
		}
	}
	for _, ref := range want {
		p.lost[ref] = true
	}
	return p
}

func (v *verifier) anyAltered() bool {
	return slices.ContainsFunc(v.logs, func(k logCheck) bool { return !k.root || len(k.marked) > 0 })
}

func (v *verifier) leafOf(id act.Hash) (string, bool) {
	for i := range v.logs {
		b := v.logs[i].book
		for n := range b.Size() {
			if b.LeafHash(n) == id {
				return b.Leaf(n), true
			}
		}
	}
	return "", false
}

// altered says where a log is not what was signed: the entries that their marks tell, or the run
// of entries between what other parties had seen; and which paragraphs that concerns.
func (v *verifier) altered(k *logCheck, p places) (out []Where) {
	from, to := uint64(0), k.book.Size()
	switch {
	case len(k.marked) > 0:
		for _, n := range k.marked {
			out = append(out, p.name(k, n))
		}
		from, to = k.marked[0], k.marked[len(k.marked)-1]+1
	case !k.size:
		w := k.where()
		w.Entries = span(min(k.book.Size(), k.signed.Size()), max(k.book.Size(), k.signed.Size()))
		return append(out, w)
	default:
		from, to = v.between(k)
		for n := from; n < to && len(p.lost) > 0; n++ {
			if w := p.name(k, n); p.lost[w.Element] {
				out = append(out, w)
			}
		}
		if len(out) == 0 {
			w := k.where()
			w.Entries = span(from, to)
			out = append(out, w)
		}
	}
	return append(out, p.rest(out)...)
}

// name is an entry, with the paragraph that its words were in.
func (p places) name(k *logCheck, n uint64) Where {
	w := k.entry(n)
	a, err := act.Decode(k.book.Leaf(n))
	if err != nil {
		return w
	}
	if t, ok := a.Body.(act.Table); ok {
		w.Element = t.Element
		if p.lost[t.Element] {
			w.Paragraph = p.numbers[t.Element]
		}
	}
	return w
}

// rest are the lost paragraphs that no entry was found for.
func (p places) rest(named []Where) (out []Where) {
	for ref := range p.lost {
		if !slices.ContainsFunc(named, func(w Where) bool { return w.Element == ref }) {
			out = append(out, Where{Paragraph: p.numbers[ref], Element: ref})
		}
	}
	slices.SortFunc(out, func(a, b Where) int { return a.Paragraph - b.Paragraph })
	return out
}

// between narrows an alteration down to the entries after the last prefix of the log that another
// party had seen as it is here, and before the first that it had seen otherwise.
func (v *verifier) between(k *logCheck) (from, to uint64) {
	to = k.book.Size()
	log := k.book.Log()
	for i := range v.logs {
		if v.logs[i].book.Log().Party == log.Party {
			continue
		}
		b := v.logs[i].book
		for n := range b.Size() {
			a, err := act.Decode(b.Leaf(n))
			if err != nil {
				continue
			}
			for _, s := range a.Seen {
				if s.Party != log.Party || s.Epoch != log.Epoch || s.Size > k.book.Size() {
					continue
				}
				if root, _ := k.book.Root(s.Size); root == s.Root {
					from = max(from, s.Size)
				} else {
					to = min(to, s.Size)
				}
			}
		}
	}
	if from >= to { // somebody's word is false; it tells nothing
		return 0, k.book.Size()
	}
	return from, to
}

// otherCharter says how the charter differs from the one that the logs were begun with, or "".
func (v *verifier) otherCharter() (string, []Where) {
	id := group.IDOf(v.file.Charter)
	for i := range v.logs {
		a, err := act.Decode(v.logs[i].book.Leaf(0))
		if err != nil || a.Group == id || v.logs[i].book.Log().Epoch > 0 {
			continue
		}
		b, ok := a.Body.(act.Constitute)
		if !ok || group.IDOf(b.Charter) != a.Group {
			continue
		}
		was, err := group.Parse(b.Charter)
		if err != nil {
			continue
		}
		return v.differs(was)
	}
	return "", nil
}

func (v *verifier) differs(was group.Charter) (string, []Where) {
	var where []Where
	for i, m := range v.charter.Parties {
		if i < len(was.Parties) && was.Parties[i].Code == m.Code && !bytes.Equal(was.Parties[i].Signing, m.Signing) {
			where = append(where, Where{Party: m.Code})
		}
	}
	if len(where) > 0 {
		return fmt.Sprintf("The key of %s in the charter was changed: the logs were begun with another.", where[0].Party), where
	}
	return "The charter was changed: the logs were begun with another.", nil
}
