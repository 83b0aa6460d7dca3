package chancery_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/sqlite"
	"entente/internal/workload"
	"entente/ledger"
)

// A folder is five groups of the workload in real SQLite files, as the first party has them.
type folder struct {
	path string
	w    *workload.Workload
	desk *memdesk.Desk
}

func (f folder) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, err := sqlite.OpenGroup(ctx, f.file(id), id)
	return st, sqlite.Folder(f.path), err
}

func (f folder) file(id act.Hash) string { return filepath.Join(f.path, id.String()[:16]+".db") }

func newFolder(b *testing.B, acts int) folder {
	b.Helper()
	f := folder{path: b.TempDir(), desk: memdesk.New()}
	var err error
	if f.w, err = workload.New(workload.Config{Seed: 1, Burst: 4096}); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	var stores []ledger.Store
	for i, c := range f.w.Charters() {
		id := c.ID()
		st, err := sqlite.OpenGroup(ctx, f.file(id), id)
		if err != nil {
			b.Fatal(err)
		}
		stores = append(stores, st)
		row := chancery.GroupRow{ID: id, Handle: fmt.Sprint(i), Charter: c.Format(), State: chancery.GroupJoined}
		if err := f.desk.PutGroup(ctx, row); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.w.Fill(ctx, acts, stores...); err != nil {
		b.Fatal(err)
	}
	for _, st := range stores {
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
	return f
}

func (f folder) open(b *testing.B) *chancery.Chancery {
	b.Helper()
	m := f.w.Members()[0]
	c, err := chancery.Open(context.Background(), chancery.Config{Keys: m.Keys, Card: m.Card, Desk: f.desk, Groups: f,
		Clock: time.Now, Random: rand.Reader})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// floor reads the same files and takes SHA-256 over them, on one core.
func (f folder) floor(b *testing.B) time.Duration {
	b.Helper()
	paths, err := filepath.Glob(filepath.Join(f.path, "*.db"))
	if err != nil || len(paths) == 0 {
		b.Fatal("no files", err)
	}
	start := time.Now()
	h := sha256.New()
	for _, p := range paths {
		bytes, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		h.Write(bytes)
	}
	h.Sum(nil)
	return time.Since(start)
}

// BenchmarkOpen opens a plan from its logs: every hash, checkpoint and act checked, decoded and
// folded. x-floor is the ratio to reading the same files and SHA-256 over them on one core.
func BenchmarkOpen(b *testing.B) {
	for _, acts := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(acts), func(b *testing.B) {
			if testing.Short() && acts > 100_000 {
				b.Skip("a million acts take a minute to make")
			}
			f := newFolder(b, acts)
			f.open(b).Close() // writes what is due once, so that the runs read only
			var took, least time.Duration
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				runtime.GC()
				fl := f.floor(b)
				least += fl
				b.StartTimer()
				start := time.Now()
				c := f.open(b)
				took += time.Since(start)
				b.StopTimer()
				c.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(took)/float64(least), "x-floor")
		})
	}
}

// BenchmarkMemory reports what an act costs in memory that stays, in bytes.
func BenchmarkMemory(b *testing.B) {
	const acts = 100_000
	f := newFolder(b, acts)
	var before, after runtime.MemStats
	for range b.N {
		runtime.GC()
		runtime.ReadMemStats(&before)
		c := f.open(b)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/acts, "B/act")
		c.Close()
	}
}
