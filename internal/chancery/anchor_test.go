package chancery_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/plan"
)

// A moment is what a disk has at some time: the store and the anchor's folder.
type moment struct {
	store *memstore.Store
	disk  *memdisk
	size  uint64 // of one's own log
}

func (h *home) moment() moment {
	id := h.plenary().ID()
	return moment{h.shelf.stores[id].Copy(), h.shelf.disks[id].copy(), h.ownSize()}
}

func (h *home) ownSize() (n uint64) {
	g := h.plenary()
	g.Book(ledger.Log{Group: g.ID(), Party: g.Self()}, func(b *ledger.Book) { n = b.Size() })
	return n
}

// reopen opens the server on the store of one moment and the anchor of another.
func (h *home) reopen(store, anchor moment) {
	h.t.Helper()
	h.Close()
	id := h.plenaryID()
	h.shelf.stores[id], h.shelf.disks[id] = store.store.Copy(), anchor.disk.copy()
	h.open()
}

func (h *home) plenaryID() (id act.Hash) {
	for id = range h.shelf.stores {
	}
	return id
}

// leaves are the entries of one's own log.
func (h *home) leaves() (out []string) {
	g := h.plenary()
	g.Book(ledger.Log{Group: g.ID(), Party: g.Self()}, func(b *ledger.Book) {
		for i := range b.Size() {
			out = append(out, b.Leaf(i))
		}
	})
	return out
}

func (h *home) has(ref act.Ref) (has bool) {
	h.plenary().View(func(p *plan.State) { has = p.Element(ref) != nil })
	return has
}

// openAt opens the server in a folder at some place.
func (h *home) openAt(place string) {
	h.t.Helper()
	h.Close()
	c, err := chancery.Open(h.t.Context(), chancery.Config{Keys: h.keys, Card: h.card, Desk: h.desk, Groups: h.shelf, Clock: h.clock, Random: rand.Reader, Place: place})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Chancery = c
	h.t.Cleanup(func() { c.Close() })
}

// history has the server write some steps, and keeps the disk after each.
func history(us *home, steps int) []moment {
	all := []moment{us.moment()}
	for i := range steps {
		us.admit(goal(act.Ref(fmt.Sprintf("G-%d", i+1)), strings.Repeat("Words. ", i+1)))
		all = append(all, us.moment())
	}
	return all
}

// TestStoreAndAnchorOfDifferentTimes opens a server on each store with each anchor: a store that
// lacks the last step alone is completed, to the same entries; one that lacks more is not written
// to; and one that is not behind goes on.
func TestStoreAndAnchorOfDifferentTimes(t *testing.T) {
	us, il := linked(t)
	times := history(us, 4)
	whole := us.leaves()
	for i, store := range times {
		for j, anchor := range times {
			us.reopen(store, anchor)
			held, size := us.plenary().Held() != "", us.ownSize()
			wantHeld, want := j > i+1, store.size
			if j == i+1 {
				want = anchor.size
			}
			if held != wantHeld || size != want {
				t.Fatalf("store %d, anchor %d: %d entries, held %q", i, j, size, us.plenary().Held())
			}
			for k, leaf := range us.leaves() {
				if leaf != whole[k] {
					t.Fatalf("store %d, anchor %d: entry %d is another", i, j, k)
				}
			}
			if j == i+1 && !us.has(act.Ref(fmt.Sprintf("G-%d", j))) {
				t.Fatal("the completed step is not in the plan")
			}
		}
	}
	last := len(times) - 1
	us.reopen(times[last-1], times[last])
	us.admit(goal("G-9", "After the crash."))
	exchange(t, us, il)
	if !il.has("G-9") || !il.has("G-4") {
		t.Fatal("the counterpart does not follow")
	}
}

// TestTornAnchors cuts the writing of an anchor's record at many places, with the store as it was
// before the step and as it is after it: in both cases the server goes on, and the step is there
// where the store or the whole record has it.
func TestTornAnchors(t *testing.T) {
	us, _ := linked(t)
	times := history(us, 4)
	for n := 2; n < len(times); n++ {
		before, after := times[n-1].disk.files["anchor"], times[n].disk.files["anchor"]
		first, last := 0, len(after)
		for before[first] == after[first] {
			first++
		}
		for before[last-1] == after[last-1] {
			last--
		}
		for cut := first; cut <= last; cut += 1 + (last-first)/40 {
			torn := bytes.Clone(before)
			copy(torn[first:cut], after[first:])
			disk := &memdisk{files: map[string][]byte{"anchor": torn}}
			got, err := ledger.ReadAnchor(disk, "anchor")
			if err != nil || cut == last && got.Size != times[n].size {
				t.Fatalf("step %d, cut at %d: %+v, %v", n, cut, got, err)
			}
			for _, store := range times[n-1 : n+1] {
				us.reopen(store, moment{disk: disk})
				if size := us.ownSize(); us.plenary().Held() != "" || size != max(store.size, got.Size) {
					t.Fatalf("step %d, cut at %d: %d entries of %d, held %q", n, cut, us.ownSize(), store.size, us.plenary().Held())
				}
			}
		}
	}
}

// TestOnlyWhatFitsIsCompleted: a step is put into no store that lacks what its entries had seen,
// that has another log, or that lies in a copied folder; and one whose completion fails is not
// written to, and is completed at the next start.
func TestOnlyWhatFitsIsCompleted(t *testing.T) {
	us, il := linked(t)
	il.admit(goal("G-7", "Theirs."))
	bare := us.moment()
	exchange(t, us, il)
	exchanged := us.moment()
	us.admit(goal("G-1", "Ours, after theirs was seen."))
	done := us.moment()

	us.reopen(exchanged, done)
	if us.plenary().Held() != "" || us.ownSize() != done.size {
		t.Fatalf("not completed: %q", us.plenary().Held())
	}
	if bare.size != exchanged.size {
		t.Fatal("the exchange made entries of one's own: the test has nothing to test")
	}
	us.reopen(bare, done)
	if us.plenary().Held() == "" || us.ownSize() != bare.size {
		t.Fatal("completed though what was seen is not here")
	}

	us.reopen(exchanged, exchanged)
	us.admit(goal("G-1", "Other words under the same number."))
	other := us.moment()
	us.admit(goal("G-2", "And more."))
	if us.reopen(other, done); us.plenary().Held() == "" || us.ownSize() != other.size {
		t.Fatal("an anchor of another history was accepted")
	}

	us.reopen(exchanged, done)
	id, fails := us.plenaryID(), true
	us.Close()
	us.shelf.stores[id] = exchanged.store.Copy()
	us.shelf.stores[id].Fault = func(step string) memstore.Outcome {
		if fails && step == memstore.StepCommit {
			return memstore.Failed
		}
		return memstore.OK
	}
	us.open()
	var closed *chancery.Closed
	_, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-3", "Words.")})
	if !errors.As(err, &closed) || us.ownSize() != exchanged.size {
		t.Fatalf("written over a step that could not be completed: %v", err)
	}
	fails = false
	us.Close()
	if us.open(); us.plenary().Held() != "" || us.ownSize() != done.size {
		t.Fatalf("not completed at the next start: %q", us.plenary().Held())
	}
}

// TestCopiedFolderIsNotCompleted: where a folder comes from, the step may have been taken back.
func TestCopiedFolderIsNotCompleted(t *testing.T) {
	us, _ := linked(t)
	times := history(us, 2)
	us.openAt("here")
	us.Close()
	us.shelf.stores[us.plenaryID()] = times[1].store.Copy()
	us.openAt("there")
	if us.plenary().Held() == "" || us.ownSize() != times[1].size {
		t.Fatalf("%d entries, held %q", us.ownSize(), us.plenary().Held())
	}
}

// TestLargeStepsAreAnchoredToo: what has no room in a record is anchored after it is stored.
func TestLargeStepsAreAnchoredToo(t *testing.T) {
	us, _ := linked(t)
	before := us.moment()
	var drafts []chancery.Draft
	for i := range 5 {
		drafts = append(drafts, chancery.Draft{Body: goal(act.Ref(fmt.Sprintf("G-%d", i+1)), strings.Repeat("Words. ", 2500))})
	}
	if _, err := us.plenary().Admit(t.Context(), us.who, drafts...); err != nil {
		t.Fatal(err)
	}
	after := us.moment()
	if us.reopen(before, after); us.plenary().Held() == "" {
		t.Fatal("a store without the step goes on")
	}
	if us.reopen(after, after); us.plenary().Held() != "" {
		t.Fatal("a store with the step does not go on")
	}
	if n := len(after.disk.files["anchor"]); n != 2*1<<16 {
		t.Fatalf("the anchor's file has %d bytes", n)
	}
}

// TestWhatFailedIsTakenBack: a step that was answered as failed does not come back from the anchor.
func TestWhatFailedIsTakenBack(t *testing.T) {
	us, _ := linked(t)
	us.Close()
	for range 2 { // into either slot
		f := newFaults(fault{placing: true, kind: memstore.StepCommit, nth: 1, o: memstore.Failed, first: stepAnchor})
		us.openFlaky(f)
		size := us.ownSize()
		f.arm(true)
		f.order(true)
		_, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-1", "Words.")})
		f.order(false)
		f.arm(false)
		if err == nil {
			t.Fatal("the commit did not fail")
		}
		us.Close()
		if us.open(); us.plenary().Held() != "" || us.ownSize() != size {
			t.Fatalf("%d entries and not %d, held %q", us.ownSize(), size, us.plenary().Held())
		}
		us.admit(goal("G-2", "Others under the same number."))
		us.Close()
	}
}
