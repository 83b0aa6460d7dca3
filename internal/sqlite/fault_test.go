package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"entente/internal/sqlite"
	"entente/ledger"
	"entente/ledger/memstore"
)

// TestCommitFaults: under commits that fail, or fail but have taken effect, and a writer that reads
// the file again after each error, no acknowledged entry is lost and none is there twice.
func TestCommitFaults(t *testing.T) {
	dir, run := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		g := must(sqlite.OpenGroup(context.Background(), filepath.Join(dir, fmt.Sprint(run, ".db")), group))
		defer g.Close()
		st := &memstore.Faulty{Store: g, Fault: func(step string) memstore.Outcome {
			if step != memstore.StepCommit {
				return memstore.OK
			}
			return rapid.SampledFrom([]memstore.Outcome{memstore.OK, memstore.Failed, memstore.Persisted}).Draw(t, "fault")
		}}
		book := ledger.NewBook(logOf(0), pub(0))
		reload := func() {
			if b := must(load(st))[logOf(0)]; b != nil {
				book = b
			}
		}
		acked := map[string]bool{}
		for i := range 12 {
			batch := must(book.Draft(key(0), leaf(i)))
			err := st.Commit(context.Background(), batch)
			if err != nil && !errors.Is(err, memstore.ErrFault) {
				t.Fatal(err)
			}
			if err != nil {
				reload()
				continue
			}
			acked[string(leaf(i))] = true
			if err := book.Apply(batch); err != nil {
				t.Fatal(err)
			}
		}
		reload()
		seen := map[string]int{}
		for i := range book.Size() {
			seen[book.Leaf(i)]++
		}
		for l := range acked {
			if seen[l] != 1 {
				t.Fatalf("acknowledged, and there %d times: %q", seen[l], l)
			}
		}
		for l, n := range seen {
			if n != 1 {
				t.Fatalf("there %d times: %q", n, l)
			}
		}
	})
}

// TestAnchorOnDisk: an anchor written to a real folder reads back, and a second takes its place.
func TestAnchorOnDisk(t *testing.T) {
	d := sqlite.Folder(t.TempDir())
	for size := range uint64(3) {
		a := ledger.Anchor{Log: logOf(0), Size: size, Root: group}
		if err := ledger.WriteAnchor(d, "anchor", a); err != nil {
			t.Fatal(err)
		}
		if got := must(ledger.ReadAnchor(d, "anchor")); got != a {
			t.Fatalf("read back %+v", got)
		}
	}
	if err := ledger.WriteAnchor(sqlite.Folder(filepath.Join(string(d), "none")), "anchor", ledger.Anchor{}); err == nil {
		t.Error("written into no folder")
	}
}

// BenchmarkCommitAndAnchor is law 5 whole: one entry signed, committed, anchored. The floor is one
// write and sync of a file of the same disk.
func BenchmarkCommitAndAnchor(b *testing.B) {
	dir := b.TempDir()
	st := open(b, filepath.Join(dir, "g.db"))
	book := ledger.NewBook(logOf(0), pub(0))
	floor := syncFloor(b, dir)
	b.ResetTimer()
	for b.Loop() {
		write(b, st, book, leaf(7))
		c := book.Head().Checkpoint()
		if err := ledger.WriteAnchor(sqlite.Folder(dir), "anchor", ledger.Anchor{Log: book.Log(), Size: c.Size, Root: c.Root}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "x-floor")
	b.ReportMetric(float64(floor.Microseconds()), "floor-µs")
}
