package national

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// A run is what the guard takes for a repetition: this many words one after the other, with at
// least so many letters between them. In scripts that have no spaces every character is a word.
const (
	RunWords   = 5
	RunLetters = 14
)

// A Draft is a text that somebody is about to send.
type Draft struct {
	Group   act.Hash
	Element act.Ref // none where it is about no element
	Tables  bool    // it puts a text on the table, which must have been cleared
	Said    []Said
	Known   func() []text.Texts // what every party of the group has already; nil for nothing
	Ceiling marking.Label
	Self    party.Code
}

// digestDomain keeps a draft's digest from being anything else's.
const digestDomain = "entente draft v1\n"

// Digest names one exact text: what is cleared, and what is released.
func (d Draft) Digest() act.Hash {
	h := sha256.New()
	put := func(s string) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	h.Write([]byte(digestDomain))
	put(string(d.Element))
	for _, s := range d.Said {
		for _, v := range s.Texts {
			put(s.What)
			put(string(v.Lang))
			put(v.Text)
		}
	}
	return act.Hash(h.Sum(nil))
}

// A Hit is a place of a draft at which the guard holds it.
type Hit struct {
	Words  string    `json:"words"` // of the draft
	What   string    `json:"what"`  // which text of it
	Lang   text.Lang `json:"lang"`
	Number uint64    `json:"number,omitempty"` // the entry of the margin; 0 where the reader may not know it
	Field  Field     `json:"field,omitempty"`
	Ref    act.Ref   `json:"element,omitempty"`
}

// Held says that a draft stays here. Nothing was sent.
type Held struct {
	Why     string
	Hits    []Hit
	Missing []string // who has yet to clear it
}

// Error says why.
func (h *Held) Error() string { return h.Why }

// runs finds words of the margin in other texts.
type runs struct {
	windows map[uint64][]source // the runs of the margin
	phrases map[string][]*phrase
}

// A source is the revision of an entry that a run stands in.
type source struct {
	entry *Entry
	words []word // of one language version
}

// A phrase is never said while its entry stands.
type phrase struct {
	number, revision uint64
	words            []word
}

func newRuns() runs {
	return runs{map[uint64][]source{}, map[string][]*phrase{}}
}

// add remembers what must not go out of a revision of an entry.
func (r *runs) add(e Entry) {
	if e.Field == Drafted {
		return // it is meant to go out
	}
	for _, v := range e.Words {
		list := words(v.Text)
		if e.Field == NeverSay {
			if len(list) > 0 && !e.Ended {
				r.phrases[list[0].fold] = append(r.phrases[list[0].fold], &phrase{e.Number, uint64(e.Revision), list})
			}
			continue
		}
		r.addRuns(&e, list)
	}
	for _, s := range e.cited() {
		r.addRuns(&e, words(s))
	}
}

// addRuns remembers the runs of one text of an entry.
func (r *runs) addRuns(e *Entry, list []word) {
	src := source{e, list}
	for i := range list {
		if end, ok := window(list, i); ok {
			key := sum(list[i:end])
			if here := r.windows[key]; len(here) == 0 || here[len(here)-1].entry.Number != e.Number {
				r.windows[key] = append(here, src)
			}
		}
	}
}

// window is the shortest run that begins at a word: where it ends depends on its words alone.
func window(list []word, from int) (end int, ok bool) {
	letters := 0
	for end = from; end < len(list); end++ {
		if end-from >= RunWords && letters >= RunLetters {
			return end, true
		}
		letters += utf8.RuneCountInString(list[end].fold)
	}
	return end, end-from >= RunWords && letters >= RunLetters
}

func sum(list []word) uint64 {
	h := fnv.New64a()
	for _, w := range list {
		h.Write([]byte(w.fold))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// maxHits is how many places of a draft are told.
const maxHits = 8

// hits finds words of a margin in a draft.
func (m *margin) hits(d Draft, known func(uint64) bool) (out []Hit) {
	for _, s := range d.Said {
		for _, v := range s.Texts {
			list := words(v.Text)
			for i := 0; i < len(list) && len(out) < maxHits; i++ {
				if e, end, found := m.repeats(list, i, known); found {
					out = append(out, Hit{v.Text[list[i].at:list[end-1].end], s.What, v.Lang, e.Number, e.Field, e.Element})
					i = end - 1
				}
			}
		}
	}
	return out
}

// repeats finds what begins at a word: a phrase that is never said, or a run.
func (m *margin) repeats(list []word, i int, known func(uint64) bool) (Entry, int, bool) {
	for _, p := range m.guard.phrases[list[i].fold] {
		k := m.kept[p.number-1]
		if !k.Ended && uint64(k.Revision) == p.revision && find(list[i:min(len(list), i+len(p.words))], p.words, 0) == 0 {
			return k.Entry, i + len(p.words), true
		}
	}
	end, ok := window(list, i)
	if !ok {
		return Entry{}, 0, false
	}
	key := sum(list[i:end])
	for _, src := range m.guard.windows[key] {
		at := find(src.words, list[i:end], 0)
		if at < 0 || known(key) {
			continue
		}
		for n := at + end - i; end < len(list) && n < len(src.words) && list[end].fold == src.words[n].fold; n++ {
			end++ // as far as the repetition goes
		}
		return *src.entry, end, true
	}
	return Entry{}, 0, false
}

// knownRuns tells which runs the group has already. They are read where one is asked for.
func knownRuns(d Draft) func(uint64) bool {
	var known map[uint64]bool
	return func(key uint64) bool {
		if known != nil || d.Known == nil {
			return known[key]
		}
		known = map[uint64]bool{}
		for _, v := range slices.Concat(d.Known()...) {
			list := words(v.Text)
			for i := range list {
				if end, ok := window(list, i); ok {
					known[sum(list[i:end])] = true
				}
			}
		}
		return known[key]
	}
}

// marked finds a marking in the words of a draft that is narrower than the group may hold.
func marked(d Draft) (Hit, bool) {
	for _, s := range d.Said {
		for _, v := range s.Texts {
			list := words(v.Text)
			for i := range list {
				if n := labelAt(v.Text, list[i:], d); n > 0 {
					return Hit{Words: v.Text[list[i].at:list[i+n-1].end], What: s.What, Lang: v.Lang}, true
				}
			}
		}
	}
	return Hit{}, false
}

// labelAt is how many words a narrower marking takes at the beginning of list; 0 where there is none.
func labelAt(t string, list []word, d Draft) int {
	if len(list) < 2 {
		return 0
	}
	if t[list[0].at:list[0].end] == string(d.Self) && list[1].fold == "only" {
		return 2
	}
	if list[0].fold != "tlp" {
		return 0
	}
	name, n := strings.ToUpper(list[1].fold), 2
	if len(list) > 2 && list[2].fold == "strict" {
		name, n = name+"+STRICT", 3
	}
	level, err := marking.ParseTLP("TLP:" + name)
	if err != nil || level <= d.Ceiling.TLP {
		return 0
	}
	return n
}

// hold says why a draft is held because of what it says; nil where it is not. own are the hits in
// margins that the sender may see.
func hold(own []Hit, foreign int, label *Hit) *Held {
	const what = "Nothing was sent. Change the words, or ask a releasing officer:  entente margin release"
	switch {
	case len(own) > 0:
		h := own[0]
		where := "for the whole group"
		if h.Ref != "" {
			where = "beside " + h.Ref.Display()
		}
		return &Held{Why: fmt.Sprintf("The %s says “%s”, and that stands in your national margin (%s %d, %s). %s", h.What, short(h.Words), h.Field, h.Number, where, what), Hits: own}
	case foreign > 0:
		return &Held{Why: "The text repeats words that your party keeps for itself. " + what}
	case label != nil:
		return &Held{Why: fmt.Sprintf("The %s bears the marking “%s”, and the group may hold nothing so narrow. %s", label.What, label.Words, what), Hits: []Hit{*label}}
	}
	return nil
}

// maxShort is how many characters of a repetition are told.
const maxShort = 120

func short(s string) string {
	if utf8.RuneCountInString(s) <= maxShort {
		return s
	}
	return string([]rune(s)[:maxShort]) + "…"
}

func unclearedHeld(who []string) *Held {
	slices.Sort(who)
	return &Held{Why: fmt.Sprintf("This exact text has not been cleared by %s. Nothing was sent. Keep it as a draft and have it cleared:  entente margin clear", strings.Join(who, ", ")), Missing: who}
}
