package plan

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"entente/act"
	"entente/text"
)

// MaxQueryWords is how many words of a query are looked at.
const MaxQueryWords = 8

// A Hit is an element that a search found.
type Hit struct {
	Item
	Where   string    `json:"where"`             // "reference", "title", "text", "quote", "source", "aside", "remark", "report" or "reason"
	Lang    text.Lang `json:"lang,omitempty"`    // of the excerpt
	Dir     string    `json:"dir,omitempty"`     // of the excerpt
	Excerpt []Piece   `json:"excerpt,omitempty"` // words around the first that matched
}

// A Piece is a stretch of an excerpt.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"` // a word that was searched for
}

// Search finds elements by words of their current titles and texts (in force and held), of their
// sources, and of the latest remarks, reports and reasons for withdrawal about them, in any language:
// all the words, each in its forms, the last one by its beginning too; words in quotation marks side by
// side and as they are. A reference finds its element. It returns the first hits by reference, and how
// many there are; with a phrase, among the first maxPhraseLooks that have its words. The first search
// after the plan was opened makes the index.
func (s *State) Search(q string, limit int) ([]Hit, int) {
	_, limit = page(0, limit)
	out := []Hit{}
	named := s.named(q)
	if named != nil {
		out = append(out, Hit{Item: s.itemOf(named), Where: "reference"})
	}
	query := parseQuery(firstBytes(q, 4*act.MaxTitle))
	if len(query.words) == 0 {
		return out, len(out)
	}
	x := &s.index
	x.prepare(s)
	found := x.find(&query)
	all, look := found.count(), limit
	if len(query.phrases) > 0 {
		all, look = 0, maxPhraseLooks
	}
	for _, e := range x.first(found, look) {
		switch {
		case len(query.phrases) > 0 && !s.says(e, query.phrases):
			continue
		case len(query.phrases) > 0:
			all++
		}
		if e == named {
			all--
		} else if len(out) < limit {
			out = append(out, s.hit(e, &query))
		}
	}
	if named != nil {
		all++
	}
	return out, all
}

// Warm makes the index of words, so that the first search need not.
func (s *State) Warm() { s.index.prepare(s) }

// WarmSome makes the index of words further by at most n elements, and reports whether it is whole.
// Several goroutines that read the plan may call it.
func (s *State) WarmSome(n int) bool { return s.index.step(s, n) }

func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// named finds the element that a query names: "A-1.1.2" or "a 1.1.2".
func (s *State) named(q string) *Element {
	ref, err := act.ParseRef(strings.Replace(strings.ToUpper(strings.TrimSpace(firstBytes(q, act.MaxRef+4))), " ", "-", 1))
	if err != nil {
		return nil
	}
	return s.elements[ref]
}

// split cuts folded text into the words of the index: runs of letters, digits and marks; in
// scripts written without spaces, each letter.
func split(folded string) []string {
	var out []string
	from := -1
	end := func(i int) {
		if from >= 0 {
			out = append(out, folded[from:i])
			from = -1
		}
	}
	for i, r := range folded {
		switch {
		case r < utf8.RuneSelf:
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z') {
				end(i)
				continue
			}
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			end(i)
			out = append(out, folded[i:i+utf8.RuneLen(r)])
			continue
		case !unicode.In(r, unicode.L, unicode.N, unicode.M):
			end(i)
			continue
		}
		if from < 0 {
			from = i
		}
	}
	end(len(folded))
	return out
}

// A bitmap is a set of documents of the index.
type bitmap []uint64

func (b bitmap) set(i uint32)   { b[i>>6] |= 1 << (i & 63) }
func (b bitmap) clear(i uint32) { b[i>>6] &^= 1 << (i & 63) }

func (b bitmap) and(o bitmap) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitmap) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// find is the set of documents that have all the words, the last by its beginning. It notes with
// each word of the query which words it finds.
func (x *index) find(q *query) bitmap {
	out := slices.Clone(x.alive)
	var m stemmer
	for i := range q.words {
		w := &q.words[i]
		one := make(bitmap, len(out))
		w.found = map[string]bool{}
		take := func(terms ...*term) {
			for _, t := range terms {
				if !w.found[t.word] {
					w.found[t.word] = true
					one.add(t)
				}
			}
		}
		x.eachForm(&m, w, take)
		if i == len(q.words)-1 && q.open {
			x.eachWithPrefix(w.word, one.add)
			for _, f := range frontsOf(w.word) {
				x.eachWithPrefix(f+w.word, one.add)
			}
		}
		out.and(one)
	}
	return out
}

// eachForm visits the terms that are forms of a word that is sought.
func (x *index) eachForm(m *stemmer, w *sought, take func(...*term)) {
	for _, f := range append([]string{""}, frontsOf(w.word)...) {
		if t := x.terms[f+w.word]; t != nil {
			take(t)
		}
	}
	if w.exact {
		return
	}
	f := m.of(w.word, fewestStem)
	take(x.stems[f.stem]...)
	take(x.behind[f.stem]...)
	for _, stem := range f.behind {
		take(x.stems[stem]...)
	}
}

func (b bitmap) add(t *term) {
	for _, id := range t.docs {
		b.set(id)
	}
}

func (x *index) eachWithPrefix(w string, take func(*term)) {
	i, _ := slices.BinarySearchFunc(x.sorted, w, func(t *term, w string) int { return strings.Compare(t.word, w) })
	for ; i < len(x.sorted) && strings.HasPrefix(x.sorted[i].word, w); i++ {
		take(x.sorted[i])
	}
	for _, t := range x.fresh {
		if strings.HasPrefix(t.word, w) {
			take(t)
		}
	}
}

// first are the first n elements of a set, by reference.
func (x *index) first(found bitmap, n int) []*Element {
	var out, late []*Element
	for i, w := range found {
		if len(out) == n && (i+1)<<6 <= x.ordered {
			continue // those in order come after these
		}
		for ; w != 0; w &= w - 1 {
			id := i<<6 + bits.TrailingZeros64(w)
			if id >= x.ordered {
				late = append(late, x.docs[id])
			} else if len(out) < n {
				out = append(out, x.docs[id])
			}
		}
	}
	if len(late) == 0 {
		return out
	}
	out = append(out, late...)
	slices.SortFunc(out, (*Element).compare)
	return out[:min(len(out), n)]
}

// Words shown before and after the first that matched.
const (
	wordsBefore = 8
	wordsAfter  = 16
)

// hit tells where in an element the words were found.
func (s *State) hit(e *Element, q *query) Hit {
	h := Hit{Item: Item{Ref: e.Ref(), Display: e.Ref().Display(), Kind: e.kind, Status: e.status}}
	s.eachText(e, func(where string, shown bool, t text.Texts) bool {
		if where == "title" && shown {
			h.Title = t
		}
		if h.Excerpt == nil || h.Where == "title" && where == "text" {
			for _, v := range t {
				if ex := excerpt(v.Text, q); ex != nil {
					h.Where, h.Lang, h.Dir, h.Excerpt = where, v.Lang, v.Lang.Dir(), ex
					break
				}
			}
		}
		return h.Excerpt == nil || where == "title"
	})
	return h
}

// excerpt is the text around the first phrase or else the first word that was searched for; nil
// where there is none.
func excerpt(t string, q *query) []Piece {
	tokens := text.Words(t)
	at := -1
	if len(q.phrases) > 0 {
		at = phraseIn(tokens, q.phrases[0])
	} else {
		at = slices.IndexFunc(tokens, func(k text.Token) bool { return matches(k, q) })
	}
	if at < 0 {
		return nil
	}
	from, to := max(0, at-2*wordsBefore), min(len(tokens), at+2*wordsAfter)
	var out []Piece
	if from > 0 {
		out = append(out, Piece{Text: "… "})
		if tokens[from].Kind == text.Space {
			from++
		}
	}
	for _, k := range tokens[from:to] {
		hit := matches(k, q)
		if n := len(out); n > 0 && out[n-1].Hit == hit {
			out[n-1].Text += k.Text
		} else {
			out = append(out, Piece{k.Text, hit})
		}
	}
	if to < len(tokens) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}

func matches(k text.Token, q *query) bool {
	if k.Kind != text.Word {
		return false
	}
	if plainWord(k.Text) {
		return q.has(strings.ToLower(k.Text))
	}
	return slices.ContainsFunc(split(text.Fold(k.Text)), q.has)
}

// has reports whether a folded word is one of those that are sought.
func (q *query) has(word string) bool {
	for i := range q.words {
		if q.words[i].is(word, q.open && i == len(q.words)-1) {
			return true
		}
	}
	return false
}

// plainWord reports whether a word is of ASCII letters and digits, which fold byte for byte.
func plainWord(w string) bool {
	for i := range len(w) {
		if c := w[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}
