package plan

import (
	"testing"

	"entente/act"
)

// A remark ends by a later one of the same party, however many there are, and by nobody else's.
func TestRemarksAreLifted(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("G-1", act.Content{Kind: act.Goal, Text: en("Text.")})
	reserve := func(p int, lifts act.Hash) act.Hash {
		return w.tell(p, act.Remark{Element: "G-1", Sort: act.Reservation, Text: en("Not so."), Lifts: lifts})
	}
	var mine []act.Hash
	for range 40 {
		mine = append(mine, reserve(0, act.Hash{}))
	}
	theirs := reserve(1, act.Hash{})
	for _, id := range mine[:39] {
		w.tell(0, act.Remark{Element: "G-1", Sort: act.Comment, Text: en("Withdrawn."), Lifts: id})
	}
	w.tell(0, act.Remark{Element: "G-1", Sort: act.Comment, Text: en("Not mine to lift."), Lifts: theirs})
	w.tell(0, act.Remark{Element: "G-1", Sort: act.Comment, Text: en("No remark at all."), Lifts: act.Hash{1}})
	d, ok := w.state().Dossier("G-1", 0)
	if !ok || len(d.Reserved) != 2 || d.Reserved[0].ID != mine[39] || d.Reserved[1].ID != theirs {
		t.Fatalf("%d reservations stand: %+v", len(d.Reserved), d.Reserved)
	}
}

// Lifting costs the same for the last of many remarks as for the first.
func BenchmarkLift(b *testing.B) {
	for b.Loop() {
		w := newWorld(b, 1)
		w.agree("G-1", act.Content{Kind: act.Goal, Text: en("Text.")})
		id := act.Hash{1}
		for range 20_000 {
			id = w.tell(0, act.Remark{Element: "G-1", Sort: act.Comment, Text: en("So."), Lifts: id})
		}
		w.state()
	}
}
