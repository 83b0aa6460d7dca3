package plan_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"entente/act"
	"entente/internal/workload"
	"entente/ledger"
	"entente/plan"
)

// shelf is the logs of one group. A workload has one epoch.
type shelf []*ledger.Book

func (s shelf) Leaf(p uint8, i int) (string, bool) {
	if uint64(i) >= s[p].Size() {
		return "", false
	}
	return s[p].Leaf(uint64(i)), true
}
func (s shelf) LeafHash(p uint8, i int) act.Hash      { return s[p].LeafHash(uint64(i)) }
func (s shelf) Place(_ uint8, i int) (uint32, uint64) { return 0, uint64(i) }
func (s shelf) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	root, ok := s[p].Root(size)
	return int(size), root, ok && epoch == 0
}

// big is a plan of that many acts and a tenth as many elements, made once.
var big = struct {
	sync.Mutex
	made map[int]shelf
	w    map[int]*workload.Workload
}{made: map[int]shelf{}, w: map[int]*workload.Workload{}}

func logsOf(b *testing.B, acts int) (*workload.Workload, shelf) {
	big.Lock()
	defer big.Unlock()
	if s := big.made[acts]; s != nil {
		return big.w[acts], s
	}
	clear(big.made)
	clear(big.w)
	w, err := workload.New(workload.Config{Seed: 7, Groups: 1})
	if err != nil {
		b.Fatal(err)
	}
	var s shelf
	for p, l := range w.Logs(0) {
		s = append(s, ledger.NewBook(l, w.Charters()[0].Parties[p].Signing))
	}
	err = w.Run(acts, func(u workload.Burst) error {
		for _, batch := range u.Batches {
			if err := s[batch.Log.Party].Apply(batch); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	big.made[acts], big.w[acts] = s, w
	return w, s
}

func benchmark(b *testing.B, f func(b *testing.B, s *plan.State)) {
	for _, acts := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("acts=%d", acts), func(b *testing.B) {
			if testing.Short() && acts > 100_000 {
				b.Skip("short")
			}
			w, logs := logsOf(b, acts)
			s := plan.New(w.Charters()[0], logs)
			s.Advance()
			b.ReportAllocs()
			b.ResetTimer()
			f(b, s)
		})
	}
}

// BenchmarkFold folds all acts, judged and applied, and reports what one keeps in memory.
func BenchmarkFold(b *testing.B) {
	for _, acts := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("acts=%d", acts), func(b *testing.B) {
			w, logs := logsOf(b, acts)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var s *plan.State
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				s = plan.New(w.Charters()[0], logs)
				s.Advance()
			}
			b.StopTimer()
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(acts), "B/act")
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(acts), "ns/act")
			runtime.KeepAlive(s)
		})
	}
}

func BenchmarkOutline(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		for b.Loop() {
			if len(s.Outline(plan.OutlineQuery{}).Rows) == 0 {
				b.Fatal("no rows")
			}
		}
	})
}

func BenchmarkOutlineDeep(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		at := s.Outline(plan.OutlineQuery{}).Total / 2
		for b.Loop() {
			if len(s.Outline(plan.OutlineQuery{Offset: at}).Rows) == 0 {
				b.Fatal("no rows")
			}
		}
	})
}

func BenchmarkDocument(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		for b.Loop() {
			if len(s.Document(plan.DocumentQuery{}).Paragraphs) == 0 {
				b.Fatal("no paragraphs")
			}
		}
	})
}

func BenchmarkDocumentDeep(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		at := s.Totals().Elements / 2
		for b.Loop() {
			if len(s.Document(plan.DocumentQuery{Offset: at}).Paragraphs) == 0 {
				b.Fatal("no paragraphs")
			}
		}
	})
}

func BenchmarkDossier(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		ref := s.Open()[0].Ref()
		for b.Loop() {
			if _, ok := s.Dossier(ref, 0); !ok {
				b.Fatal("no element")
			}
		}
	})
}

func BenchmarkBriefing(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		for b.Loop() {
			if s.Briefing(plan.BriefingQuery{}).StateOfText.Totals.Elements == 0 {
				b.Fatal("nothing")
			}
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		s.Warm()
		for _, q := range []string{"parties", `"the parties"`, `"parties the"`} {
			b.Run("q="+q, func(b *testing.B) {
				for b.Loop() {
					s.Search(q, 20)
				}
			})
		}
	})
}

// BenchmarkWarm makes the index of words, and reports what one act adds to memory by it.
func BenchmarkWarm(b *testing.B) {
	benchmark(b, func(b *testing.B, s *plan.State) {
		acts, _ := strconv.Atoi(b.Name()[strings.LastIndexByte(b.Name(), '=')+1:])
		var before, after runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&before)
		s.Warm()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(acts), "B/act")
		runtime.KeepAlive(s)
	})
}
