package plan_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"entente/act"
	"entente/flat"
	"entente/internal/workload"
	"entente/ledger"
	"entente/plan"
)

// logsUpTo is a view of logs as they were.
type logsUpTo struct {
	shelf
	here []int
}

func (l logsUpTo) Leaf(p uint8, i int) (string, bool) {
	if i >= l.here[p] {
		return "", false
	}
	return l.shelf.Leaf(p, i)
}

func (l logsUpTo) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	if size > uint64(l.here[p]) {
		return 0, act.Hash{}, false
	}
	return l.shelf.Prefix(p, epoch, size)
}

// TestSnapshotOfAWorkload restores plans of a few thousand acts, with and without acts after them.
func TestSnapshotOfAWorkload(t *testing.T) {
	w, err := workload.New(workload.Config{Seed: 3, Groups: 1})
	if err != nil {
		t.Fatal(err)
	}
	var logs shelf
	for p, l := range w.Logs(0) {
		logs = append(logs, ledger.NewBook(l, w.Charters()[0].Parties[p].Signing))
	}
	var whole *plan.State
	view := logsUpTo{here: make([]int, len(logs))}
	var snapshot flat.Writer
	err = w.Run(4000, func(u workload.Burst) error {
		for _, b := range u.Batches {
			if err := logs[b.Log.Party].Apply(b); err != nil {
				return err
			}
		}
		if n := logs[0].Size(); snapshot == nil && n > 1500 {
			for p := range logs {
				view.here[p] = int(logs[p].Size())
			}
			view.shelf = logs
			s := plan.New(w.Charters()[0], view)
			s.Advance()
			s.Snapshot(&snapshot)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	whole = plan.New(w.Charters()[0], logs)
	whole.Advance()
	s, err := plan.Restore(w.Charters()[0], view, flat.NewReader(snapshot))
	if err != nil {
		t.Fatal(err)
	}
	for p := range view.here {
		view.here[p] = int(logs[p].Size())
	}
	if c := s.Advance(); c.Judged == 0 {
		t.Fatal("there was no tail")
	}
	var a, b flat.Writer
	s.Snapshot(&a)
	whole.Snapshot(&b)
	if !reflect.DeepEqual(a, b) {
		t.Fatal("the plan from snapshot and tail is not the plan from the logs")
	}
	for _, q := range []plan.OutlineQuery{{Limit: plan.MaxRows}, {Offset: 150, Limit: plan.MaxRows}, {Kind: act.Action, Limit: plan.MaxRows}} {
		if x, y := asJSON(t, s.Outline(q)), asJSON(t, whole.Outline(q)); x != y {
			t.Fatal("outlines differ", q)
		}
	}
	for p := range logs {
		q := plan.BriefingQuery{Viewer: uint8(p), Limit: plan.MaxStory}
		if asJSON(t, s.Briefing(q)) != asJSON(t, whole.Briefing(q)) {
			t.Fatal("briefings differ")
		}
	}
}

func asJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// BenchmarkRestore restores a plan from its snapshot, and tells how many bytes that takes for an act.
func BenchmarkRestore(b *testing.B) {
	for _, acts := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("acts=%d", acts), func(b *testing.B) {
			if testing.Short() && acts > 100_000 {
				b.Skip("short")
			}
			w, logs := logsOf(b, acts)
			s := plan.New(w.Charters()[0], logs)
			s.Advance()
			var snapshot flat.Writer
			s.Snapshot(&snapshot)
			for b.Loop() {
				if _, err := plan.Restore(w.Charters()[0], logs, flat.NewReader(snapshot)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(snapshot))/float64(acts), "B/act")
		})
	}
}
