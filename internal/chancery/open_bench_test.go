package chancery_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/sqlite"
	"entente/internal/workload"
	"entente/ledger"
	"entente/plan"
)

// A folder is five groups of the workload in real SQLite files, as the first party has them.
type folder struct {
	path string
	w    *workload.Workload
	desk *memdesk.Desk
}

func (f folder) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, err := sqlite.OpenGroup(ctx, f.file(id), id)
	disk := sqlite.AnchorFolder(f.file(id))
	return st, sqlite.Folder(disk), errors.Join(err, os.MkdirAll(disk, 0o700))
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

// open opens the folder from its logs.
func (f folder) open(b *testing.B) *chancery.Chancery { return f.openFrom(b, -1) }

// openFrom opens the folder; groups of so many entries keep a snapshot.
func (f folder) openFrom(b *testing.B, snapshotFrom int) *chancery.Chancery {
	b.Helper()
	m := f.w.Members()[0]
	c, err := chancery.Open(context.Background(), chancery.Config{Keys: m.Keys, Card: m.Card, Desk: f.desk, Groups: f,
		Clock: time.Now, Random: rand.Reader, SnapshotFrom: snapshotFrom})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// A cost is how long something took, by the clock and of the processors.
type cost struct{ wall, cpu time.Duration }

// measure measures f.
func measure(f func()) cost {
	wall, cpu := time.Now(), cpuTime()
	f()
	return cost{time.Since(wall), cpuTime() - cpu}
}

// least is the smaller of either.
func (c cost) least(o cost) cost { return cost{min(c.wall, o.wall), min(c.cpu, o.cpu)} }

// report gives the ratios to a floor.
func (c cost) report(b *testing.B, floor cost) {
	b.ReportMetric(float64(c.wall)/float64(floor.wall), "x-floor")
	if floor.cpu > 0 {
		b.ReportMetric(float64(c.cpu)/float64(floor.cpu), "x-floor-cpu")
	}
}

// opened opens the folder as the server does, without collecting garbage meanwhile, and closes it.
func (f folder) opened(b *testing.B) cost {
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var c *chancery.Chancery
	took := measure(func() { c = f.open(b) })
	c.Close()
	return took
}

// floor reads the same files and takes SHA-256 over them, on one core.
func (f folder) floor(b *testing.B) { f.read(b, "*.db") }

// read reads files and takes SHA-256 over them.
func (f folder) read(b *testing.B, pattern string) {
	b.Helper()
	paths, err := filepath.Glob(filepath.Join(f.path, pattern))
	if err != nil || len(paths) == 0 {
		b.Fatal("no files", err)
	}
	h := sha256.New()
	for _, p := range paths {
		bytes, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		h.Write(bytes)
	}
	h.Sum(nil)
}

// BenchmarkOpen opens a plan from its logs: every hash, checkpoint and act checked, decoded and
// folded. x-floor is the ratio to reading the same files and SHA-256 over them on one core, by the
// clock; x-floor-cpu that of processor time, on all cores. Both are of the best of all runs, since
// whoever shares the machine only ever adds.
func BenchmarkOpen(b *testing.B) {
	for _, acts := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(acts), func(b *testing.B) {
			if testing.Short() && acts > 100_000 {
				b.Skip("a million acts take a minute to make")
			}
			f := newFolder(b, acts)
			f.open(b).Close() // writes what is due once, so that the runs read only
			took, floor := cost{time.Hour, time.Hour}, cost{time.Hour, time.Hour}
			for b.Loop() {
				floor = floor.least(measure(func() { f.floor(b) }))
				took = took.least(f.opened(b))
			}
			took.report(b, floor)
		})
	}
}

// firstPage shows what needs the party in a group, and the top of its plan.
func firstPage(b *testing.B, c *chancery.Chancery) {
	g := c.Groups()[0]
	g.View(func(p *plan.State) {
		day, out := p.Briefing(plan.BriefingQuery{Viewer: g.Self()}), p.Outline(plan.OutlineQuery{})
		if len(out.Rows) == 0 || out.Rows[0].Title == nil || day.StateOfText.Totals.Elements == 0 {
			b.Fatal("an empty page")
		}
	})
}

// BenchmarkOpenSnapshot opens a plan from its snapshots until the first pages of all groups are made,
// with every leaf that they show checked against its signed checkpoint. x-faster is how many times
// less that takes than the same from the logs, in the same run; x-floor is the ratio to reading the
// snapshots and SHA-256 over them on one core. All are of the best of all runs.
func BenchmarkOpenSnapshot(b *testing.B) {
	for _, acts := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(acts), func(b *testing.B) {
			if testing.Short() && acts > 100_000 {
				b.Skip("a million acts take a minute to make")
			}
			f := newFolder(b, acts)
			f.openFrom(b, 1).Close() // writes what is due once, and the snapshots
			first := func(snapshotFrom int) (opened, shown cost) {
				runtime.GC()
				defer debug.SetGCPercent(debug.SetGCPercent(-1))
				var c *chancery.Chancery
				shown = measure(func() {
					opened = measure(func() { c = f.openFrom(b, snapshotFrom) })
					firstPage(b, c)
				})
				c.Close()
				return opened, shown
			}
			worst := cost{time.Hour, time.Hour}
			opened, shown, logs, floor := worst, worst, worst, worst
			for b.Loop() {
				floor = floor.least(measure(func() { f.read(b, "*/snapshot") }))
				o, s := first(1)
				opened, shown = opened.least(o), shown.least(s)
				o, _ = first(-1)
				logs = logs.least(o)
			}
			b.ReportMetric(float64(logs.wall)/float64(opened.wall), "x-faster")
			b.ReportMetric(float64(logs.wall)/float64(shown.wall), "x-faster-page")
			b.ReportMetric(float64(opened.wall)/float64(floor.wall), "x-floor")
			b.ReportMetric(float64(opened.wall.Microseconds())/1000, "ms-open")
			b.ReportMetric(float64(shown.wall.Microseconds())/1000, "ms-page")
		})
	}
}

// BenchmarkMemory reports what an act costs in memory that stays, in bytes: opened from the logs,
// and from a snapshot when the logs have been read behind it.
func BenchmarkMemory(b *testing.B) {
	const acts = 100_000
	for name, snapshotFrom := range map[string]int{"logs": -1, "snapshot": 1} {
		b.Run(name, func(b *testing.B) {
			f := newFolder(b, acts)
			f.openFrom(b, snapshotFrom).Close() // writes the snapshots
			var before, after runtime.MemStats
			for range b.N {
				runtime.GC()
				runtime.ReadMemStats(&before)
				c := f.openFrom(b, snapshotFrom)
				if err := c.Settle(context.Background()); err != nil {
					b.Fatal(err)
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/acts, "B/act")
				c.Close()
			}
		})
	}
}
