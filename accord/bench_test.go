package accord

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"entente/act"
)

// workload is a history in the shape of the speed targets: one element to ten acts, 40 % of
// them tabled texts, 30 % acceptances, 30 % remarks and reports, and the confirmations that
// follow. Everybody has seen everything when it writes.
func workload(parties, acts int) *world {
	rng := rand.New(rand.NewPCG(7, uint64(parties)))
	w := newWorld(parties)
	refs := make([]act.Ref, max(1, acts/10))
	for i := range refs {
		refs[i] = act.Ref(fmt.Sprintf("A-%d.%d", 1+i/99, 1+i%99))
	}
	s, seen := New(parties), make([][]int, parties)
	for p := range seen {
		seen[p] = make([]int, parties)
	}
	view := &view{w, make([]int, parties)}
	write := func(p int, m Move) {
		for q := range parties {
			if n := len(w.logs[q]); q != p && n > seen[p][q] {
				m.Seen, seen[p][q] = append(m.Seen, w.at(uint8(q), n)), n
			}
		}
		if m.Kind == act.KindTable { // ids without a pattern, as in earnest
			m.Revision = sha256.Sum256(binary.BigEndian.AppendUint64([]byte{byte(p)}, uint64(len(w.logs[p]))))
		}
		w.write(uint8(p), m)
		view.have[p]++
		s.Advance(view, nothing)
	}
	for n := 0; n < acts; {
		p, ref := rng.IntN(parties), refs[rng.IntN(len(refs))]
		m, e := Move{Kind: act.KindTable, Element: ref}, s.Element(ref)
		if c := rng.IntN(10); c >= 7 {
			m.Kind = act.KindReport
		} else if c >= 4 && e != nil {
			r := e.Revisions()[len(e.Revisions())-1]
			if r.EverHeldBy(uint8(p)) {
				continue
			}
			m.Kind, m.Revision = act.KindAccept, r.ID
		}
		write(p, m)
		n++
		if e = s.Element(ref); e == nil {
			continue
		}
		for q := range parties {
			if r := e.Ripe(uint8(q)); r != nil {
				write(q, Move{Kind: act.KindConfirm, Element: ref, Revision: r.ID})
				n++
			}
		}
	}
	return w
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// floor is what no opening of a group can do without: the SHA-256 of an act of usual length, in ns.
func floor() float64 {
	const usualLeaf, times = 276, 20_000
	leaf := make([]byte, usualLeaf)
	start := time.Now()
	for i := range times {
		leaf[0] = byte(i)
		sum := sha256.Sum256(leaf)
		leaf[1] = sum[0]
	}
	return float64(time.Since(start).Nanoseconds()) / times
}

func benchmarkFold(b *testing.B, parties, acts int) {
	v := workload(parties, acts).all()
	total := 0
	for _, n := range v.have {
		total += n
	}
	before := heap()
	s := fold(v)
	after := heap()
	adopted := 0
	for _, ref := range s.Elements() {
		adopted += len(s.Element(ref).Adopted())
	}
	if adopted == 0 {
		b.Fatal("nothing was adopted")
	}
	runtime.KeepAlive(s)
	b.ReportAllocs()
	for b.Loop() {
		fold(v)
	}
	each := float64(b.Elapsed().Nanoseconds()) / float64(b.N*total)
	b.ReportMetric(each, "ns/act")
	b.ReportMetric(each/floor(), "x-floor")
	b.ReportMetric(float64(after-before)/float64(total), "B/act")
}

func BenchmarkFold2x1k(b *testing.B)   { benchmarkFold(b, 2, 1000) }
func BenchmarkFold2x10k(b *testing.B)  { benchmarkFold(b, 2, 10_000) }
func BenchmarkFold2x100k(b *testing.B) { benchmarkFold(b, 2, 100_000) }
func BenchmarkFold5x100k(b *testing.B) { benchmarkFold(b, 5, 100_000) }
