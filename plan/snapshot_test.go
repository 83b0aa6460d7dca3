package plan

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"entente/accord"
	"entente/act"
	"entente/flat"
)

func snapshotOf(s *State) []byte {
	var w flat.Writer
	s.Snapshot(&w)
	return w
}

// TestSnapshotAndTailArePlan folds a part of a random history, restores the plan from its snapshot,
// folds the rest on top, and compares every page with those of a plan folded from the logs; and the
// snapshots of both, byte for byte.
func TestSnapshotAndTailArePlan(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := scramble(t, r)
		v := slow{w, make([]int, len(w.logs))}
		for p := range v.here {
			v.here[p] = rapid.IntRange(0, len(w.logs[p].leaves)).Draw(r, "here")
		}
		first := New(w.charter, v)
		first.Advance()
		b := snapshotOf(first)
		s, err := Restore(w.charter, v, flat.NewReader(b))
		if err != nil {
			r.Fatal(err)
		}
		if !bytes.Equal(snapshotOf(s), b) {
			r.Fatal("a restored plan has another snapshot")
		}
		if got, want := pages(t, s), pages(t, first); got != want {
			r.Fatalf("pages from the snapshot\n%s\nfrom the logs\n%s", got, want)
		}
		for p := range v.here {
			v.here[p] = len(w.logs[p].leaves)
		}
		s.Advance()
		whole := w.state()
		if got, want := pages(t, s), pages(t, whole); got != want {
			r.Fatalf("pages from snapshot and tail\n%s\nfrom the logs\n%s", got, want)
		}
		if !bytes.Equal(snapshotOf(s), snapshotOf(whole)) {
			r.Fatal("a plan from snapshot and tail has another snapshot")
		}
	})
}

// TestDamagedSnapshotIsSafe flips, cuts and repeats bytes: what is not refused can be asked for any
// page and be advanced.
func TestDamagedSnapshotIsSafe(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := scramble(t, r)
		v := slow{w, make([]int, len(w.logs))}
		for p := range v.here {
			v.here[p] = len(w.logs[p].leaves) * rapid.IntRange(0, 4).Draw(r, "quarters") / 4
		}
		first := New(w.charter, v)
		first.Advance()
		b := snapshotOf(first)
		for range rapid.IntRange(1, 3).Draw(r, "faults") {
			at := rapid.IntRange(0, len(b)-1).Draw(r, "at")
			switch rapid.IntRange(0, 3).Draw(r, "fault") {
			case 0:
				b = b[:at+1]
			case 1:
				b[at] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
			case 2:
				b[at] = rapid.Uint8().Draw(r, "byte")
			case 3:
				b = append(b[:at:at], b[rapid.IntRange(0, at).Draw(r, "from"):]...)
			}
		}
		s, err := Restore(w.charter, v, flat.NewReader(b))
		if err != nil {
			return
		}
		pages(t, s)
		for p := range v.here {
			v.here[p] = len(w.logs[p].leaves)
		}
		s.Advance()
		pages(t, s)
	})
}

// FuzzRestore reads anything as a snapshot.
func FuzzRestore(f *testing.F) {
	w := newWorld(f, 2)
	w.agree("A-1", act.Content{Title: en("Title"), Due: "2018-01-02", Parent: "G-9", Cites: []act.Ref{"P-1"}})
	w.table(1, "A-1", act.Content{Title: en("Other")})
	w.put(0, "no act")
	f.Add(snapshotOf(w.state()))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Restore(w.charter, w, flat.NewReader(b))
		if err == nil {
			s.Advance()
			s.Outline(OutlineQuery{})
			s.Briefing(BriefingQuery{})
			snapshotOf(s)
		}
	})
}

// TestSnapshotKnowsEveryField fails when the fold keeps something more: write it to the snapshot, or
// work it out in Restore, and raise Edition.
func TestSnapshotKnowsEveryField(t *testing.T) {
	for of, want := range map[reflect.Type]string{
		reflect.TypeFor[State](): "charter id raw logs rule elements roots sum waiting unsorted citing lists seats spoke table vigil voids voidOf nth ahead reader room now nowAt nears index shelf board ",
		reflect.TypeFor[Element](): "Element key parent above waits due cites shown up kids at order own sum kind status inTree aside struck inDue untidy touched renewed turn " +
			"leads supports reservers moves confirming story remarks remarkAt reports brackets doc ",
		reflect.TypeFor[lists]():           "open turns turned due adopted ",
		reflect.TypeFor[atTable]():         "silences referrals certificates sittings accounts packages tied calendars dated ",
		reflect.TypeFor[branch]():          "kids blocks rows sorted dirty ",
		reflect.TypeFor[remark]():          "entry Sort Lifted ",
		reflect.TypeFor[entry]():           "Place past ",
		reflect.TypeFor[move]():            "first last ",
		reflect.TypeFor[confirming]():      "rev latest ",
		reflect.TypeFor[adoption]():        "entry rev of ",
		reflect.TypeFor[Delegation]():      "Place Delegates ",
		reflect.TypeFor[facts]():           "parent due cites contains leads supports until order kind struck aside ",
		reflect.TypeFor[accord.State]():    "logs elements order revisions sight chains newElements ",
		reflect.TypeFor[accord.Element]():  "ref nth offers seats revisions adopted room ",
		reflect.TypeFor[accord.Revision](): "ID Element Ordinal Number Party Offered confirmed adopted held stays more prior of ",
	} {
		got := ""
		for i := range of.NumField() {
			got += of.Field(i).Name + " "
		}
		if got != want {
			t.Errorf("%s has the fields\n%s\nand the snapshot knows\n%s", of, got, want)
		}
	}
}

// TestSnapshotOfLongBranches has more children of one element than a block holds, in order and out
// of it.
func TestSnapshotOfLongBranches(t *testing.T) {
	w := newWorld(t, 2)
	for n := range 2*blockSize + 10 {
		w.table(n%2, act.Ref(fmt.Sprint("A-", n+1)), act.Content{Title: en("Title"), Order: uint32(n / 200)})
		w.table(n%2, act.Ref(fmt.Sprint("G-", n+1)), act.Content{Title: en("Title"), Order: uint32(n % 3)})
	}
	s := w.state()
	got, err := Restore(w.charter, w, flat.NewReader(snapshotOf(s)))
	if err != nil {
		t.Fatal(err)
	}
	for offset := 0; offset < 600; offset += 90 {
		q := OutlineQuery{Offset: offset, Limit: MaxRows}
		if a, b := got.Outline(q), s.Outline(q); !reflect.DeepEqual(a, b) {
			t.Fatalf("from row %d the outlines differ", offset)
		}
	}
}
