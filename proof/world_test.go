package proof

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/marking"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A world is a group whose parties write logs of their own, for tests.
type world struct {
	t       testing.TB
	keys    []party.Keys
	cards   []party.Card
	charter group.Charter
	books   [][]*ledger.Book // per party, by epoch
	seen    [][]int          // per party, how many entries of each other party's logs
	state   *plan.State
	shelf   *shelf
	now     int64
}

func both(en, he string) text.Texts {
	return text.Texts{{Lang: "en", Text: en}, {Lang: "he", Text: he}}
}

// keysOf makes keys from a number.
func keysOf(t testing.TB, n byte) party.Keys {
	seed := make([]byte, 96)
	for i := range seed {
		seed[i] = n + byte(i/32)*100
	}
	k, err := party.NewKeys(bytes.NewReader(seed))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var codes = []party.Code{"US", "IL", "EG", "JO"}

// newWorld makes a group of n parties whose logs begin with the charter and a delegation.
func newWorld(t testing.TB, n int) *world {
	w := &world{t: t, now: 1_513_000_000_000}
	w.charter = group.Charter{Name: both("Nuclear agreement", "הסכם הגרעין"), Plan: both("Joint work plan", "תוכנית עבודה"),
		Languages: []text.Lang{"en", "he"}, Ceiling: marking.New(marking.Amber), Convened: w.now, Nonce: [16]byte{7}}
	for i := range n {
		k := keysOf(t, byte(i))
		card := k.Card(codes[i], both("Party "+string(codes[i]), "צד"), []text.Lang{"en"}, "")
		w.keys, w.cards = append(w.keys, k), append(w.cards, card)
		w.charter.Parties = append(w.charter.Parties, group.Member{Code: codes[i], Names: card.Names, Signing: card.Signing})
		w.seen = append(w.seen, make([]int, n))
	}
	if err := w.charter.Check(); err != nil {
		t.Fatal(err)
	}
	w.books = make([][]*ledger.Book, n)
	for i := range n {
		w.begin(i)
		w.say(i, "", act.Constitute{Charter: string(w.charter.Format())})
		w.say(i, "", act.Accredit{Delegates: []act.Delegate{{Person: "d.reyes", Name: both("D. Reyes", "ד. רייס"),
			Role: both("Head of delegation", "ראש המשלחת"), Powers: act.MayAccept | act.MayPropose | act.MayRemark}}})
	}
	return w
}

// begin opens the next epoch of a party's log.
func (w *world) begin(p int) {
	log := ledger.Log{Group: w.charter.ID(), Party: uint8(p), Epoch: uint32(len(w.books[p]))}
	w.books[p] = append(w.books[p], ledger.NewBook(log, w.charter.Parties[p].Signing))
	w.refold()
}

// refold folds everything anew: tests are small.
func (w *world) refold() {
	var logs []logCheck
	for _, row := range w.books {
		for _, b := range row {
			logs = append(logs, logCheck{book: b})
		}
	}
	w.shelf = newShelf(w.charter, logs)
	w.state = plan.New(w.charter, w.shelf)
	w.state.Advance()
}

// news is what a party has not seen yet of the others.
func (w *world) news(p int) (out []act.Seen) {
	for q := range w.books {
		if n := w.shelf.rows[q].size; q != p && n > w.seen[p][q] {
			epoch, index := w.shelf.Place(uint8(q), n-1)
			root, _ := w.books[q][epoch].Root(index + 1)
			out = append(out, act.Seen{Party: uint8(q), Epoch: epoch, Size: index + 1, Root: root})
			w.seen[p][q] = n
		}
	}
	return out
}

// say appends an act that has seen everything, and returns its leaf hash.
func (w *world) say(p int, by party.Person, body act.Body) act.Hash {
	w.t.Helper()
	own := w.books[p][len(w.books[p])-1]
	w.now += 60_000
	leaf, err := act.Encode(act.Act{Group: w.charter.ID(), Party: uint8(p), Epoch: own.Log().Epoch, Index: own.Size(), By: by, At: w.now, Seen: w.news(p), Body: body})
	if err != nil {
		w.t.Fatal(err)
	}
	own.Append(leaf)
	w.refold()
	return act.LeafHash(leaf)
}

// agree has one party table and all others accept, and everybody confirm.
func (w *world) agree(ref act.Ref, c act.Content) act.Hash {
	w.t.Helper()
	id := w.say(0, "d.reyes", act.Table{Element: ref, Content: c})
	w.settle(ref, id)
	return id
}

func (w *world) settle(ref act.Ref, id act.Hash) {
	w.t.Helper()
	for p := 1; p < len(w.keys); p++ {
		w.say(p, "d.reyes", act.Accept{Element: ref, Revision: id})
	}
	for p := range w.keys[:len(w.keys)-1] { // the last to accept has seen all the others hold it
		w.say(p, "", act.Confirm{Element: ref, Revision: id})
	}
	if r := w.state.Rule().Revision(id); r == nil || !r.IsAdopted() {
		w.t.Fatalf("%s was not adopted", ref)
	}
}

// note is the checkpoint of a log, cosigned by all others.
func (w *world) note(b *ledger.Book) []byte {
	w.t.Helper()
	p := int(b.Log().Party)
	root, _ := b.Root(b.Size())
	s, err := ledger.Sign(w.keys[p].Signing(), ledger.Checkpoint{Origin: b.Origin(), Size: b.Size(), Root: root})
	for q := range w.keys {
		if q != p && err == nil {
			s, err = ledger.Cosign(w.keys[q].Signing(), s, time.UnixMilli(w.now))
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Note()
}

// file is the proof file about a document, or the plan where id is zero.
func (w *world) file(about Subject) File {
	w.t.Helper()
	f := File{About: about, Charter: string(w.charter.Format()), Cards: w.cards}
	for _, row := range w.books {
		for _, b := range row {
			l := Log{Party: b.Log().Party, Epoch: b.Log().Epoch, Note: w.note(b)}
			for i := range b.Size() {
				l.Leaves = append(l.Leaves, b.Leaf(i))
			}
			f.Logs = append(f.Logs, l)
		}
	}
	return f
}

// instrument has all parties adopt a document of everything agreed so far.
func (w *world) instrument(ref act.Ref) Subject {
	w.t.Helper()
	c, err := w.state.Instrument()
	if err != nil {
		w.t.Fatal(err)
	}
	return Subject{ref, w.agree(ref, c)}
}

func goal(en, he string) act.Content {
	return act.Content{Kind: act.Goal, Title: both("Goal", "יעד"), Text: both(en, he)}
}

// treaty is a world with n agreed paragraphs and a document of them.
func treaty(t testing.TB, parties, n int) (*world, Subject) {
	w := newWorld(t, parties)
	for i := range n {
		w.agree(act.Ref(fmt.Sprintf("G-%d", i+1)), goal(fmt.Sprintf("The Parties shall meet %d times.", i+1), fmt.Sprintf("הצדדים ייפגשו %d פעמים.", i+1)))
	}
	return w, w.instrument("D-1")
}

func written(t testing.TB, f File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func examined(b []byte, cards ...party.Card) Report { return Examine(bytes.NewReader(b), cards...) }

func result(r Report, name string) Check {
	for _, c := range r.Checks {
		if c.Name == name {
			return c
		}
	}
	return Check{}
}

// claim has a party say that it has seen something.
func (w *world) claim(p int, seen act.Seen) {
	w.t.Helper()
	own := w.books[p][len(w.books[p])-1]
	leaf, err := act.Encode(act.Act{Group: w.charter.ID(), Party: uint8(p), Index: own.Size(), At: w.now, Seen: []act.Seen{seen}, Body: act.See{}})
	if err != nil {
		w.t.Fatal(err)
	}
	own.Append(leaf)
	w.refold()
}

// ledgerOf is the first epoch of a party's log as it was when it had n entries.
func ledgerOf(w *world, p int, n uint64) Log {
	w.t.Helper()
	b := ledger.NewBook(w.books[p][0].Log(), w.charter.Parties[p].Signing)
	l := Log{Party: uint8(p)}
	for i := range n {
		l.Leaves = append(l.Leaves, w.books[p][0].Leaf(i))
	}
	b.Hold(l.Leaves)
	l.Note = w.note(b)
	return l
}
