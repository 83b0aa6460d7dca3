package plan

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"

	"entente/act"
	"entente/group"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// A world is a group whose parties write logs that are kept in memory. Roots are any function of
// a log's prefix here: the plan only compares them.
type world struct {
	t       testing.TB
	charter group.Charter
	id      act.Hash
	logs    []memLog
	sees    [][]int // what each party's last act had seen, as entries of each log
	clock   int64
}

type memLog struct {
	leaves []string
	hashes []act.Hash
	roots  []act.Hash // by size
}

var testCodes = []party.Code{"US", "IL", "AU", "FR", "JO"}

func newWorld(t testing.TB, parties int) *world { return newWorldOf(t, parties, nil) }

// newWorldOf is a world of which the charter is changed first.
func newWorldOf(t testing.TB, parties int, change func(*group.Charter)) *world {
	w := &world{t: t, logs: make([]memLog, parties), sees: make([][]int, parties), clock: 1_512_000_000_000}
	w.charter = group.Charter{
		Name: en("Nuclear agreement").With("he", "הסכם הגרעין"), Plan: en("Joint Strategic Work Plan").With("he", "תוכנית עבודה אסטרטגית משותפת"),
		Languages: []text.Lang{"en", "he"}, Ceiling: marking.Label{TLP: marking.Amber},
	}
	for p := range parties {
		seed := make([]byte, ed25519.SeedSize)
		seed[0] = byte(p + 1)
		key := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
		w.charter.Parties = append(w.charter.Parties, group.Member{Code: testCodes[p], Names: en(string(testCodes[p])), Signing: key})
		w.sees[p] = make([]int, parties)
		w.logs[p].roots = []act.Hash{{}}
	}
	if change != nil {
		change(&w.charter)
	}
	if err := w.charter.Check(); err != nil {
		t.Fatal(err)
	}
	w.id = w.charter.ID()
	for p := range parties {
		w.say(p, act.Constitute{Charter: string(w.charter.Format())})
	}
	return w
}

func en(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

// say writes an act that has seen what the party had seen before.
func (w *world) say(p int, b act.Body, seen ...int) act.Hash {
	w.clock += 60_000
	a := act.Act{Group: w.id, Party: uint8(p), Index: uint64(len(w.logs[p].leaves)), By: "d.reyes", At: w.clock, Body: b}
	if k := b.Kind(); k == act.KindConfirm || k == act.KindSee {
		a.By = ""
	}
	for q := range w.logs {
		n := w.sees[p][q]
		if q != p && len(seen) > q && seen[q] > n {
			w.sees[p][q] = seen[q]
			a.Seen = append(a.Seen, act.Seen{Party: uint8(q), Size: uint64(seen[q]), Root: w.logs[q].roots[seen[q]]})
		}
	}
	leaf, err := act.Encode(a)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.put(p, string(leaf))
}

// put appends any bytes to a log.
func (w *world) put(p int, leaf string) act.Hash {
	l := &w.logs[p]
	h := act.LeafHash([]byte(leaf))
	last := l.roots[len(l.roots)-1]
	l.leaves, l.hashes = append(l.leaves, leaf), append(l.hashes, h)
	l.roots = append(l.roots, sha256.Sum256(append(last[:], h[:]...)))
	return h
}

// tell writes an act that has seen everything there is.
func (w *world) tell(p int, b act.Body) act.Hash {
	seen := make([]int, len(w.logs))
	for q := range w.logs {
		seen[q] = len(w.logs[q].leaves)
	}
	return w.say(p, b, seen...)
}

func (w *world) table(p int, ref act.Ref, c act.Content) act.Hash {
	if c.Kind == 0 {
		c.Kind = kindOf(ref)
	}
	return w.tell(p, act.Table{Element: ref, Content: c})
}

func kindOf(ref act.Ref) act.ElementKind {
	for k := act.Goal; k <= act.Extension; k++ {
		if k.Letter() == string(ref[:1]) {
			return k
		}
	}
	return act.Clause
}

// agree tables a text and has all accept and confirm it.
func (w *world) agree(ref act.Ref, c act.Content) act.Hash {
	r := w.table(0, ref, c)
	for p := 1; p < len(w.logs); p++ {
		w.tell(p, act.Accept{Element: ref, Revision: r})
	}
	for p := 0; p < len(w.logs)-1; p++ {
		w.tell(p, act.Confirm{Element: ref, Revision: r})
	}
	return r
}

func (w *world) Leaf(p uint8, ordinal int) (string, bool) {
	if l := w.logs[p].leaves; ordinal < len(l) {
		return l[ordinal], true
	}
	return "", false
}
func (w *world) LeafHash(p uint8, ordinal int) act.Hash      { return w.logs[p].hashes[ordinal] }
func (w *world) Place(p uint8, ordinal int) (uint32, uint64) { return 0, uint64(ordinal) }
func (w *world) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	if epoch != 0 || size > uint64(len(w.logs[p].leaves)) {
		return 0, act.Hash{}, false
	}
	return int(size), w.logs[p].roots[size], true
}

func (w *world) state() *State {
	s := New(w.charter, w)
	s.Advance()
	return s
}

// A slow reader is a view of the world's logs that grows.
type slow struct {
	*world
	here []int
}

func (v slow) Leaf(p uint8, ordinal int) (string, bool) {
	if ordinal >= v.here[p] {
		return "", false
	}
	return v.world.Leaf(p, ordinal)
}

func (v slow) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	if size > uint64(v.here[p]) {
		return 0, act.Hash{}, false
	}
	return v.world.Prefix(p, epoch, size)
}
