package proof

import (
	"io"
	"slices"
	"testing"

	"entente/act"
	"entente/ledger"
)

// An epoch that does not say, or says wrongly, where the one before ended.
func TestResumeElsewhere(t *testing.T) {
	for name, change := range map[string]func(r *act.Resume, old *ledger.Book){
		"fewer entries": func(r *act.Resume, old *ledger.Book) { r.Size--; r.Root, _ = old.Root(r.Size) },
		"another root":  func(r *act.Resume, _ *ledger.Book) { r.Root[0]++ },
		"another epoch": func(r *act.Resume, _ *ledger.Book) { r.Epoch = 7 },
	} {
		w, about := treaty(t, 2, 1)
		old := w.books[1][0]
		resume := act.Resume{Size: old.Size()}
		resume.Root, _ = old.Root(old.Size())
		change(&resume, old)
		w.begin(1)
		w.say(1, "", resume)
		r := examined(written(t, w.file(about)), w.cards...)
		if c := result(r, CheckEpochs); r.Valid || c.Result != Failed || c.Where[0].Epoch != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestLogWithoutCharter(t *testing.T) {
	w := newWorld(t, 1)
	leaf, err := act.Encode(act.Act{Group: w.charter.ID(), At: w.now, Body: act.See{}})
	if err != nil {
		t.Fatal(err)
	}
	b := ledger.NewBook(w.books[0][0].Log(), w.charter.Parties[0].Signing)
	b.Append(leaf)
	w.books[0][0] = b
	r := examined(written(t, w.file(Subject{})), w.cards...)
	if c := result(r, CheckEpochs); !r.Valid || c.Result != Skipped {
		t.Errorf("%+v", c)
	}
}

func TestCardInTheFile(t *testing.T) {
	w, about := treaty(t, 2, 1)
	f := w.file(about)
	f.Cards = slices.Clone(f.Cards)
	f.Cards[1] = keysOf(t, 50).Card("IL", w.cards[1].Names, w.cards[1].Languages, "")
	if c := result(examined(written(t, f)), CheckKeys); c.Result != Failed || c.Where[0].Party != "IL" {
		t.Errorf("another key: %+v", c)
	}
	for name, cards := range map[string][]int{"twice": {0, 0}, "out of order": {1, 0}} {
		f.Cards = nil
		for _, i := range cards {
			f.Cards = append(f.Cards, w.cards[i])
		}
		if err := Write(io.Discard, f); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	f.Cards = f.Cards[:0]
	f.Cards = append(f.Cards, keysOf(t, 50).Card("EG", w.cards[1].Names, w.cards[1].Languages, ""))
	if err := Write(io.Discard, f); err == nil {
		t.Error("a stranger's card was written")
	}
}

// A checkpoint that another party has neither cosigned nor seen is told of, and spoils nothing.
func TestNotCosigned(t *testing.T) {
	w, about := treaty(t, 2, 1)
	w.say(0, "d.reyes", act.See{}) // seen by nobody yet
	f := w.file(about)
	root, _ := w.books[0][0].Root(w.books[0][0].Size())
	s, err := ledger.Sign(w.keys[0].Signing(), ledger.Checkpoint{Origin: w.books[0][0].Origin(), Size: w.books[0][0].Size(), Root: root})
	if err != nil {
		t.Fatal(err)
	}
	f.Logs[0].Note = s.Note()
	r := examined(written(t, f), w.cards...)
	if c := result(r, CheckCosignatures); !r.Valid || c.Result != Skipped || c.Where[0].Party != "US" {
		t.Errorf("%+v", c)
	}
	w.say(1, "d.reyes", act.See{}) // now it has
	f = w.file(about)
	f.Logs[0].Note = s.Note()
	if c := result(examined(written(t, f), w.cards...), CheckCosignatures); c.Result != OK {
		t.Errorf("%+v", c)
	}
}

func TestContainedTwice(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("G-1", goal("Text.", "טקסט."))
	c, err := w.state.Instrument()
	if err != nil {
		t.Fatal(err)
	}
	c.Contains = append(c.Contains, c.Contains[0])
	r := examined(written(t, w.file(Subject{"D-1", w.agree("D-1", c)})), w.cards...)
	if got := result(r, CheckText); r.Valid || got.Result != Failed || got.Where[0].Paragraph != 2 {
		t.Errorf("%+v", got)
	}
}

func TestOtherDocumentsRevision(t *testing.T) {
	w, about := treaty(t, 2, 1)
	w.instrument("D-2")
	about.Document = "D-2"
	r := examined(written(t, w.file(about)), w.cards...)
	if c := result(r, CheckAdopted); r.Valid || c.Result != Failed {
		t.Errorf("%+v", c)
	}
}

// Whom a party names later, or no longer names, does not matter to what was accepted before.
func TestDelegationOfThatTime(t *testing.T) {
	w, about := treaty(t, 2, 1)
	w.say(1, "", act.Accredit{Delegates: []act.Delegate{{Person: "x.new", Name: both("New", "חדש"), Powers: act.MayAccept}}})
	r := examined(written(t, w.file(about)), w.cards...)
	if c := result(r, CheckPersons); c.Result != OK || r.Signatories[1].Named.Index != 1 {
		t.Errorf("%+v", c)
	}
}

func TestMissingEntriesAreNamed(t *testing.T) {
	w, about := treaty(t, 2, 1)
	f := w.file(about)
	l := &f.Logs[0]
	l.Leaves = l.Leaves[:len(l.Leaves)-2]
	c := result(examined(written(t, f)), CheckLogs)
	n := uint64(len(l.Leaves))
	if c.Result != Failed || !slices.Equal(c.Where[0].Entries, []uint64{n, n + 1}) {
		t.Errorf("%+v", c)
	}
}
