package evidence_test

import (
	"bytes"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/marking"
	"entente/party"
	"entente/proof"
	"entente/text"
)

// A world is a group of two parties that write logs of their own, each seeing all that was said.
type world struct {
	t       testing.TB
	keys    []party.Keys
	cards   []party.Card
	charter group.Charter
	books   []*ledger.Book
	seen    [2]uint64 // how much of the other's log each has named
	now     int64
}

func en(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

func noon(t testing.TB, day string) int64 {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return d.Add(12 * time.Hour).UnixMilli()
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, now: noon(t, "2016-03-01")}
	w.charter = group.Charter{Name: en("Watched"), Plan: en("Plan"), Languages: []text.Lang{"en"}, Ceiling: marking.New(marking.Amber), Convened: w.now, Nonce: [16]byte{7}}
	for i, code := range []party.Code{"US", "IL"} {
		seed := make([]byte, 96)
		for j := range seed {
			seed[j] = byte(i + 1 + j/32*100)
		}
		k, err := party.NewKeys(bytes.NewReader(seed))
		if err != nil {
			t.Fatal(err)
		}
		card := k.Card(code, en("Party "+string(code)), []text.Lang{"en"}, "")
		w.keys, w.cards = append(w.keys, k), append(w.cards, card)
		w.charter.Parties = append(w.charter.Parties, group.Member{Code: code, Names: card.Names, Signing: card.Signing})
	}
	for p := range w.keys {
		w.books = append(w.books, ledger.NewBook(ledger.Log{Group: w.charter.ID(), Party: uint8(p)}, w.charter.Parties[p].Signing))
		w.say(p, "", act.Constitute{Charter: string(w.charter.Format())})
		w.say(p, "", act.Accredit{Delegates: []act.Delegate{{Person: "d.reyes", Name: en("D. Reyes"), Role: en("Delegate"),
			Powers: act.MayAccept | act.MayPropose | act.MayRemark}}})
	}
	return w
}

// say appends an act that has seen everything, and returns its leaf hash.
func (w *world) say(p int, by party.Person, body act.Body) act.Hash {
	w.t.Helper()
	var seen []act.Seen
	if q := 1 - p; q < len(w.books) && w.books[q].Size() > w.seen[p] {
		n := w.books[q].Size()
		root, _ := w.books[q].Root(n)
		seen = append(seen, act.Seen{Party: uint8(q), Size: n, Root: root})
		w.seen[p] = n
	}
	w.now += 1000
	leaf, err := act.Encode(act.Act{Group: w.charter.ID(), Party: uint8(p), Index: w.books[p].Size(), By: by, At: w.now, Seen: seen, Body: body})
	if err != nil {
		w.t.Fatal(err)
	}
	w.books[p].Append(leaf)
	return act.LeafHash(leaf)
}

// agree has one party table a text and the other accept it.
func (w *world) agree(ref act.Ref, c act.Content) act.Hash {
	w.t.Helper()
	id := w.say(0, "d.reyes", act.Table{Element: ref, Content: c})
	w.say(1, "d.reyes", act.Accept{Element: ref, Revision: id})
	w.say(0, "", act.Confirm{Element: ref, Revision: id})
	return id
}

// read has a party report what it read of heavy water on a day.
func (w *world) read(p int, day act.Date, value string, replaces *act.ReadingID) act.Hash {
	w.t.Helper()
	return w.say(p, "d.reyes", act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Quarterly report", Document: "GOV/2016/8"}},
		Readings: []act.Reading{{Quantity: "heavy_water", Value: value, Unit: "t", AsOf: day, Reported: day, Replaces: replaces}}})
}

// water is a world in which the limit of 130 t is agreed, broken on 17 February 2016 and kept again on the 24th.
func water(t testing.TB) *world {
	w := newWorld(t)
	w.agree("T-1", act.Content{Kind: act.Agreement, Title: en("Plan of action"), Terms: &act.Terms{Bound: []text.Texts{en("Iran")},
		Procedure: []act.Stage{{Name: en("Joint Commission"), Days: 15}}}})
	w.agree("O-1.1", act.Content{Kind: act.Obligation, Parent: "T-1", Title: en("Heavy water"), Text: en("No more than 130 tonnes."),
		Watch: &act.Watch{Paragraph: "Annex I 14", Quantity: "heavy_water", Unit: "t", Rule: "heavy_water.latest() <= 130.0", From: "2016-01-16", Sources: 1}})
	w.read(0, "2016-02-17", "130.9", nil)
	w.read(1, "2016-02-24", "120.5", nil)
	return w
}

// file is everything that was signed, with each log cosigned by the other party.
func (w *world) file() proof.File {
	w.t.Helper()
	f := proof.File{Charter: string(w.charter.Format()), Cards: w.cards}
	for p, b := range w.books {
		root, _ := b.Root(b.Size())
		s, err := ledger.Sign(w.keys[p].Signing(), ledger.Checkpoint{Origin: b.Origin(), Size: b.Size(), Root: root})
		if err == nil {
			s, err = ledger.Cosign(w.keys[1-p].Signing(), s, time.UnixMilli(w.now))
		}
		if err != nil {
			w.t.Fatal(err)
		}
		l := proof.Log{Party: uint8(p), Note: s.Note()}
		for i := range b.Size() {
			l.Leaves = append(l.Leaves, b.Leaf(i))
		}
		f.Logs = append(f.Logs, l)
	}
	return f
}

func written(t testing.TB, f proof.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := proof.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
