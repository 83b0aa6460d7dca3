package accord

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"entente/act"
)

// Numbers along chains of any length are what walking them would give.
func TestLongChains(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	long := 0
	for range 50 {
		w := newWorld(3)
		s := New(3)
		view := &view{w, make([]int, 3)}
		seen := [3][3]int{}
		for n := range 400 {
			p := rng.IntN(3)
			m := Move{Kind: act.KindTable, Element: "A-1"}
			binary.BigEndian.PutUint32(m.Revision[:], uint32(n+1))
			if rng.IntN(80) == 0 { // now and then it sees something, not all
				q := (p + 1 + rng.IntN(2)) % 3
				if have := len(w.logs[q]); have > seen[p][q] {
					seen[p][q] += 1 + rng.IntN(have-seen[p][q])
					m.Seen = []act.Seen{w.at(uint8(q), seen[p][q])}
				}
			}
			w.write(uint8(p), m)
			view.have[p]++
			s.Advance(view, func(j Judged) {
				if j.Void == Good && j.Revision.Number != slowNumber(s, j) {
					t.Fatalf("revision %d of party %d has the number %d, and %d is right", j.Ordinal, j.Party, j.Revision.Number, slowNumber(s, j))
				}
			})
		}
		long += len(s.chains)
	}
	if long < 50 {
		t.Errorf("only %d chains were long", long)
	}
}

// slowNumber is the definition: one more than the greatest number that its writer had seen.
func slowNumber(s *State, j Judged) int {
	n := 0
	for _, r := range s.Element("A-1").Revisions() {
		if r != j.Revision && (r.Party == j.Party && r.Ordinal < j.Ordinal || r.Party != j.Party && r.Ordinal < s.SawAt(j.Party, j.Ordinal, r.Party)) {
			n = max(n, r.Number)
		}
	}
	return n + 1
}

// Two parties that table text after text without seeing each other's cost no more an act than at
// the beginning: compare 10,000 and 40,000.
func BenchmarkUnseenRivals(b *testing.B) {
	for _, n := range []int{10_000, 40_000} {
		b.Run(map[int]string{10_000: "10000", 40_000: "40000"}[n], func(b *testing.B) {
			for b.Loop() {
				New(2).Advance(rivals(n), func(Judged) {})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*2*n), "ns/act")
		})
	}
}

// rivals are two logs of so many tabled texts of one element, neither of which sees the other.
type rivals int

func (n rivals) Next(p uint8, ordinal int) (Move, bool) {
	m := Move{Kind: act.KindTable, Element: "A-1"}
	binary.LittleEndian.PutUint32(m.Revision[:], uint32(2*ordinal)+uint32(p)+1)
	binary.LittleEndian.PutUint32(m.Revision[4:], 2654435761*(uint32(2*ordinal)+uint32(p)+1))
	return m, ordinal < int(n)
}

func (rivals) Prefix(uint8, uint32, uint64) (int, act.Hash, bool) { return 0, act.Hash{}, false }
