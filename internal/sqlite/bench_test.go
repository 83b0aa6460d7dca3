package sqlite_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"entente/internal/sqlite"
	"entente/ledger"
)

// randomLeaves is n leaves of 276 bytes on average.
func randomLeaves(seed uint64, n int) [][]byte {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([][]byte, n)
	for i := range out {
		b := make([]byte, 96+r.IntN(361))
		for j := 0; j+8 <= len(b); j += 8 {
			v := r.Uint64()
			for k := range 8 {
				b[j+k] = byte(v >> (8 * k))
			}
		}
		out[i] = b
	}
	return out
}

// fill writes n leaves in ten logs: five files of two logs each, in commits of up to 4096.
func fill(b *testing.B, dir string, n int) (paths []string) {
	b.Helper()
	for f := range 5 {
		path := filepath.Join(dir, fmt.Sprint(f, ".db"))
		st := must(sqlite.OpenGroup(context.Background(), path, group))
		for p := range 2 {
			book := ledger.NewBook(logOf(p), pub(p))
			all := randomLeaves(uint64(f*2+p), n/10)
			for len(all) > 0 {
				k := min(4096, len(all))
				write(b, st, book, all[:k]...)
				all = all[k:]
			}
		}
		st.Close()
		paths = append(paths, path)
	}
	return paths
}

// BenchmarkOpen reads ten logs, hashes every leaf and node and compares with the checkpoints. The
// floor is reading the same files and SHA-256 over them on one core.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			paths := fill(b, b.TempDir(), n)
			floor := time.Duration(1 << 62)
			for range 5 {
				floor = min(floor, readAndHash(paths))
			}
			cpu := time.Duration(0)
			b.ResetTimer()
			for b.Loop() {
				before := cpuTime()
				stores := openAll(b, paths)
				b.StopTimer()
				cpu += cpuTime() - before
				for _, st := range stores {
					st.Close()
				}
				b.StartTimer()
			}
			took := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(took)/float64(floor), "x-floor")
			b.ReportMetric(float64(cpu)/float64(b.N)/float64(floor), "x-floor-cpu")
			b.ReportMetric(float64(took.Nanoseconds())/float64(n), "ns/entry")
			b.ReportMetric(float64(floor.Nanoseconds())/float64(n), "floor-ns/entry")
		})
	}
}

// cpuTime is the processor time that this process has used, on all cores.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func readAndHash(paths []string) time.Duration {
	runtime.GC()
	start := time.Now()
	for _, p := range paths {
		sha256.Sum256(must(os.ReadFile(p)))
	}
	return time.Since(start)
}

// openAll opens and loads all files, two at a time, and keeps what it has loaded until the end.
func openAll(b *testing.B, paths []string) []*sqlite.Group {
	stores := make([]*sqlite.Group, len(paths))
	books := make([]map[ledger.Log]*ledger.Book, len(paths))
	var wg sync.WaitGroup
	next := make(chan int, len(paths))
	for i := range paths {
		next <- i
	}
	close(next)
	for range 2 {
		wg.Go(func() {
			for i := range next {
				stores[i] = must(sqlite.OpenGroup(context.Background(), paths[i], group))
				books[i] = must(load(stores[i]))
			}
		})
	}
	wg.Wait()
	return stores
}

// BenchmarkCommit commits one entry, and 64 in one batch, with the checkpoint signed. The floor of
// the first is one write and fdatasync of a file of the same disk; of the second, SQLite alone with
// 64 rows in one transaction.
func BenchmarkCommit(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			st := open(b, filepath.Join(dir, "g.db"))
			book := ledger.NewBook(logOf(0), pub(0))
			leaves := randomLeaves(1, n)
			floor := syncFloor(b, dir)
			if n > 1 {
				floor = rawFloor(b, dir, leaves)
			}
			for range 300 {
				write(b, st, book, leaves...)
			}
			b.ResetTimer()
			for b.Loop() {
				write(b, st, book, leaves...)
			}
			took := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(took)/float64(floor), "x-floor")
			b.ReportMetric(float64(floor.Microseconds()), "floor-µs")
			b.ReportMetric(float64(n)/took.Seconds(), "entries/s")
		})
	}
}

// syncFloor is the time of one write of 4 kB and fdatasync, in the middle of many.
func syncFloor(b *testing.B, dir string) time.Duration {
	f := must(os.Create(filepath.Join(dir, "floor")))
	defer f.Close()
	page := make([]byte, 4096)
	return middle(func() {
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	})
}

// rawFloor is the time of one transaction of SQLite alone, one row for each leaf.
func rawFloor(b *testing.B, dir string, leaves [][]byte) time.Duration {
	db := must(sql.Open("sqlite", filepath.Join(dir, "raw.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"))
	defer db.Close()
	db.SetMaxOpenConns(1)
	must(db.Exec("CREATE TABLE t (id INTEGER PRIMARY KEY, leaf BLOB)"))
	insert := must(db.Prepare("INSERT INTO t (leaf) VALUES (?)"))
	defer insert.Close()
	return middle(func() {
		tx := must(db.Begin())
		in := tx.Stmt(insert)
		for _, l := range leaves {
			must(in.Exec(l))
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	})
}

// middle is the median time of a step.
func middle(step func()) time.Duration {
	const n = 200
	all := make([]time.Duration, n)
	for i := range all {
		start := time.Now()
		step()
		all[i] = time.Since(start)
	}
	return median(all)
}

func median(all []time.Duration) time.Duration {
	for i := range all { // insertion sort: few
		for j := i; j > 0 && all[j] < all[j-1]; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all[len(all)/2]
}
