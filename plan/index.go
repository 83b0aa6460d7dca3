package plan

import (
	"slices"
	"strings"
	"sync"

	"entente/accord"
	"entente/act"
	"entente/text"
)

// index finds elements by words. It is made step by step while the server is up, or at the first
// search, and kept up to date by Advance. A document is one element as it was at some time: an
// element that changes becomes a new document, and the old one is struck off. Where too many are,
// the index is made anew.
type index struct {
	making  sync.Mutex // readers may find together that there is none yet
	begun   bool
	made    bool
	todo    []*Element // begun and not made: what has not been entered yet, by reference
	docs    []*Element
	ordered int    // docs before this are in the order of references
	alive   bitmap // documents that stand
	struck  int    // documents that do not
	terms   map[string]*term
	stems   map[string][]*term // by the stem of the word as it stands
	behind  map[string][]*term // by the stem of what is behind a front
	stemmer stemmer
	sorted  []*term
	fresh   []*term // not in sorted yet
	changed []*Element
}

// A term is a word and the documents that have it, in rising order.
type term struct {
	word string
	docs []uint32
}

const (
	maxFresh   = 512  // new words before they are sorted in
	fewStruck  = 4096 // struck documents that are borne in any case
	firstWords = 1 << 12
)

// prepare makes the index if there is none.
func (x *index) prepare(s *State) {
	for !x.step(s, len(s.elements)+1) {
	}
}

// step makes the index a little further, by at most n elements, and reports whether it is made.
func (x *index) step(s *State, n int) bool {
	x.making.Lock()
	defer x.making.Unlock()
	if x.made {
		return true
	}
	if !x.begun {
		x.begin(s)
	}
	n = min(n, len(x.todo))
	for _, e := range x.todo[:n] {
		x.enter(s, e)
	}
	if x.todo = x.todo[n:]; len(x.todo) > 0 {
		return false
	}
	x.ordered, x.made = len(x.docs), true
	x.sortTerms()
	for _, e := range x.changed { // while the index was being made
		x.enter(s, e)
	}
	x.changed = nil
	return true
}

func (x *index) begin(s *State) {
	x.begun, x.docs, x.alive, x.struck, x.fresh, x.changed = true, nil, nil, 0, nil, nil
	x.terms = make(map[string]*term, firstWords)
	x.stems, x.behind = make(map[string][]*term, firstWords), map[string][]*term{}
	x.todo = make([]*Element, 0, len(s.elements))
	for _, e := range s.elements {
		e.doc = 0
		x.todo = append(x.todo, e)
	}
	slices.SortFunc(x.todo, (*Element).compare)
}

// touch notes that an element has changed.
func (x *index) touch(e *Element) {
	if x.begun {
		x.changed = append(x.changed, e)
	}
}

// settle enters what has changed.
func (x *index) settle(s *State) {
	if !x.made {
		return
	}
	for _, e := range x.changed {
		x.enter(s, e)
	}
	x.changed = x.changed[:0]
	if len(x.fresh) > maxFresh {
		x.sortTerms()
	}
	if late := len(x.docs) - x.ordered; x.struck+late > fewStruck && x.struck+late > len(x.docs)/2 {
		x.begun, x.made = false, false
	}
}

func (x *index) sortTerms() {
	x.sorted = append(x.sorted[:0:0], make([]*term, 0, len(x.terms))...)
	for _, t := range x.terms {
		x.sorted = append(x.sorted, t)
	}
	slices.SortFunc(x.sorted, func(a, b *term) int { return strings.Compare(a.word, b.word) })
	x.fresh = nil
}

// enter makes a new document of an element.
func (x *index) enter(s *State, e *Element) {
	if e.doc > 0 {
		x.alive.clear(uint32(e.doc - 1))
		x.docs[e.doc-1] = nil
		x.struck++
	}
	id := uint32(len(x.docs))
	x.docs = append(x.docs, e)
	e.doc = int32(id) + 1
	if int(id>>6) == len(x.alive) {
		x.alive = append(x.alive, 0)
	}
	x.alive.set(id)
	s.eachText(e, func(_ string, _ bool, t text.Texts) bool {
		for _, v := range t {
			for _, w := range split(text.Fold(v.Text)) {
				x.put(w, id)
			}
		}
		return true
	})
}

func (x *index) put(w string, id uint32) {
	t := x.terms[w]
	if t == nil {
		t = &term{word: strings.Clone(w)}
		x.terms[t.word] = t
		x.fresh = append(x.fresh, t)
		x.conjugate(t)
	}
	if n := len(t.docs); n == 0 || t.docs[n-1] != id {
		t.docs = append(t.docs, id)
	}
}

// conjugate enters a term under the stems by which other forms of its word find it.
func (x *index) conjugate(t *term) {
	f := x.stemmer.of(t.word, fewestBehind)
	stem := f.stem
	if strings.HasPrefix(t.word, stem) {
		stem = t.word[:len(stem)] // no memory of its own
	}
	x.stems[stem] = append(x.stems[stem], t)
	for _, b := range f.behind {
		x.behind[b] = append(x.behind[b], t)
	}
}

// eachText visits the texts by which an element is found, until visit returns false: of the shown
// revision, of the others that are held, of the latest remarks and reports, and why parties that hold
// nothing have withdrawn.
func (s *State) eachText(e *Element, visit func(where string, shown bool, t text.Texts) bool) {
	if !s.revisionTexts(e.shown, true, visit) {
		return
	}
	if e.status == InBrackets {
		var had [act.MaxParties]*accord.Revision
		n := 0
		for p := range e.moves {
			r := e.Position(uint8(p))
			if r == nil || r == e.shown || slices.Contains(had[:n], r) {
				continue
			}
			had[n], n = r, n+1
			if !s.revisionTexts(r, false, visit) {
				return
			}
		}
	}
	for _, r := range slices.Backward(tail(e.remarks, MaxRemarks)) {
		b, _ := s.Act(r.Place).Body.(act.Remark)
		if !visit("remark", false, b.Text) {
			return
		}
	}
	for _, r := range slices.Backward(tail(e.reports, MaxRemarks)) {
		b, _ := s.Act(r.Place).Body.(act.Report)
		if !visit("report", false, b.Note) {
			return
		}
	}
	for p, m := range e.moves {
		if m.last < 0 || e.Position(uint8(p)) != nil {
			continue
		}
		if b, left := s.Act(Place{Party: uint8(p), Ordinal: uint32(m.last)}).Body.(act.Withdraw); left && !visit("reason", false, b.Reason) {
			return
		}
	}
}

func (s *State) revisionTexts(r *accord.Revision, shown bool, visit func(string, bool, text.Texts) bool) bool {
	c := s.Content(r)
	quote := text.Texts(nil)
	if c.Quote != "" {
		quote = text.Texts{{Text: c.Quote}}
	}
	return visit("title", shown, c.Title) && visit("text", shown, c.Text) && visit("quote", shown, quote) &&
		visit("source", shown, c.Source) && visit("source", shown, c.SaidBy) && visit("aside", shown, c.Aside)
}
