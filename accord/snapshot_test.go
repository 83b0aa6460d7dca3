package accord

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"entente/flat"
)

func snapshotOf(s *State) []byte {
	var w flat.Writer
	s.Snapshot(&w)
	return w
}

// TestSnapshotsOfSchedules restores the state of every node of random schedules from its snapshot,
// lets what is left of the world arrive, and compares with a state that judged it all.
func TestSnapshotsOfSchedules(t *testing.T) {
	for seed := range uint64(60) {
		parties := 2 + int(seed%4)
		sc := newSchedule(t, seed, parties, seed%3 == 0)
		sc.run(150)
		var kept [][]byte
		for _, n := range sc.nodes {
			b := snapshotOf(n.s)
			kept = append(kept, b)
			s, err := Restore(parties, flat.NewReader(b))
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if got, want := show(s), show(n.s); got != want {
				t.Fatalf("seed %d: restored\n%s\nwas\n%s", seed, got, want)
			}
		}
		sc.run(100)
		whole := sc.finish()
		want := snapshotOf(whole)
		for i, b := range kept {
			s, err := Restore(parties, flat.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			s.Advance(sc.w.all(), nothing)
			if show(s) != show(whole) || !bytes.Equal(snapshotOf(s), want) {
				t.Fatalf("seed %d, node %d: snapshot and tail amount to\n%s\nthe logs to\n%s", seed, i, show(s), show(whole))
			}
		}
	}
}

// TestDamagedSnapshotIsSafe alters snapshots: what is not refused can be advanced and written again.
func TestDamagedSnapshotIsSafe(t *testing.T) {
	sc := newSchedule(t, 4, 3, false)
	sc.run(200)
	whole := snapshotOf(sc.nodes[0].s)
	rng := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 4000 {
		b := bytes.Clone(whole)
		for range 1 + rng.IntN(3) {
			b[rng.IntN(len(b))] ^= byte(1 + rng.IntN(255))
		}
		if rng.IntN(4) == 0 {
			b = b[:rng.IntN(len(b))]
		}
		s, err := Restore(3, flat.NewReader(b))
		if err != nil {
			continue
		}
		taken++
		s.Advance(sc.w.all(), nothing)
		snapshotOf(s)
	}
	if taken == 0 {
		t.Error("nothing was tried but what is refused at once")
	}
}

// FuzzRestore reads anything as a snapshot.
func FuzzRestore(f *testing.F) {
	sc := newSchedule(f, 4, 3, false)
	sc.run(60)
	f.Add(snapshotOf(sc.nodes[0].s))
	f.Add([]byte{})
	f.Fuzz(func(_ *testing.T, b []byte) {
		if s, err := Restore(3, flat.NewReader(b)); err == nil {
			s.Advance(sc.w.all(), nothing)
			snapshotOf(s)
		}
	})
}

// TestSnapshotKnowsEveryField fails when the rule keeps something more: write it to the snapshot, or
// work it out in Restore.
func TestSnapshotKnowsEveryField(t *testing.T) {
	for of, want := range map[reflect.Type]string{
		reflect.TypeFor[State]():    "logs elements order revisions sight chains newElements ",
		reflect.TypeFor[log]():      "judged seen open marks void ",
		reflect.TypeFor[Element]():  "ref nth offers seats revisions adopted room ",
		reflect.TypeFor[seat]():     "held latest tabled number ",
		reflect.TypeFor[Revision](): "ID Element Ordinal Number Party Offered confirmed adopted held stays more prior of ",
		reflect.TypeFor[stay]():     "from to party confirmed ",
	} {
		got := ""
		for i := range of.NumField() {
			got += fmt.Sprint(of.Field(i).Name, " ")
		}
		if got != want {
			t.Errorf("%s has the fields\n%s\nand the snapshot knows\n%s", of, got, want)
		}
	}
}
