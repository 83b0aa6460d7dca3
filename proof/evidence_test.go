package proof

import (
	"bytes"
	"testing"

	"entente/act"
	"entente/ledger"
	"entente/party"
)

// forked is evidence that the first party has signed two histories, of the sizes given.
func forked(t *testing.T, w *world, sizes [2]int) []byte {
	t.Helper()
	log := ledger.Log{Group: w.charter.ID()}
	key := w.keys[0].Signing()
	held := ledger.NewBook(log, w.charter.Parties[0].Signing)
	batch, err := held.Draft(key, leavesOf("one", sizes[0])...)
	if err == nil {
		err = held.Apply(batch)
	}
	if err != nil {
		t.Fatal(err)
	}
	other := ledger.NewBook(log, w.charter.Parties[0].Signing)
	lie, err := other.Draft(key, leavesOf("other", sizes[1])...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = held.Offer(lie.Note, 0, lie.Leaves)
	fork, ok := err.(*ledger.Fork)
	if !ok {
		t.Fatalf("no fork: %v", err)
	}
	return ledger.FormatEvidence(fork.Evidence)
}

func leavesOf(word string, n int) [][]byte {
	out := [][]byte{[]byte("begun alike")}
	for i := 1; i < n; i++ {
		out = append(out, append([]byte(word), byte(i)))
	}
	return out
}

func TestEvidence(t *testing.T) {
	w := newWorld(t, 2)
	for _, sizes := range [][2]int{{3, 3}, {3, 9}, {9, 3}} {
		file := forked(t, w, sizes)
		r := examined(file, w.cards...)
		if !r.Valid || r.Kind != KindEvidence || r.Answer != "Yes. US signed two histories of one log." || r.Passed != 3 {
			t.Errorf("%v: %+v", sizes, r)
		}
		if r = examined(file); r.Valid || r.Failed != 0 || r.Skipped != 2 {
			t.Errorf("without a card: %+v", r)
		}
		if r = examined(file, w.cards[1]); r.Valid || r.Failed != 1 {
			t.Errorf("with another's card: %+v", r)
		}
	}
}

func TestEveryByteOfEvidenceCounts(t *testing.T) {
	w := newWorld(t, 2)
	file := forked(t, w, [2]int{3, 9})
	for i := range file {
		for _, flip := range flips {
			changed := bytes.Clone(file)
			if changed[i] = flip(file[i]); changed[i] == file[i] {
				continue
			}
			if r := examined(changed, w.cards...); r.Valid || r.Failed == 0 {
				t.Fatalf("byte %d from %q to %q was not noticed: %+v", i, file[i], changed[i], r)
			}
		}
	}
	for n := range file {
		if r := examined(file[:n], w.cards...); r.Valid {
			t.Fatalf("cut to %d bytes", n)
		}
	}
}

// Two checkpoints that agree are no evidence, whoever signed them.
func TestNoEvidence(t *testing.T) {
	w := newWorld(t, 2)
	small := w.note(w.books[0][0])
	w.say(0, "d.reyes", act.See{})
	large := w.note(w.books[0][0])
	file := ledger.FormatEvidence(ledger.Evidence{A: small, B: large})
	r := examined(file, []party.Card{w.cards[1], w.cards[0]}...)
	if c := result(r, CheckFork); r.Valid || c.Result != Failed {
		t.Errorf("%+v", r)
	}
}
