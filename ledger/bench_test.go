package ledger_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"entente/ledger"
)

// randomLeaves is n leaves of 276 bytes on average.
func randomLeaves(n int) [][]byte {
	r := rand.New(rand.NewPCG(1, 1))
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

// ready is a store whose bundles are in memory already, so that reading costs nothing.
type ready struct {
	ledger.Store
	bundles [][]byte
	size    uint64
}

func (s ready) Read(_ context.Context, _ ledger.Log, from, to uint64, yield func(uint64, int, []byte) error) error {
	for first := from; first < to; first += ledger.BundleLeaves {
		n := min(ledger.BundleLeaves, s.size-first)
		if err := yield(first, int(n), s.bundles[first/ledger.BundleLeaves]); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkLoad hashes every leaf and node of a log and checks its checkpoint, on all cores. The
// floor is SHA-256 over the same bytes on one.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			book := ledger.NewBook(logOf(0), pub(0))
			if err := book.Apply(must(book.Draft(key(0), randomLeaves(n)...))); err != nil {
				b.Fatal(err)
			}
			st := ready{size: uint64(n)}
			for i := uint64(0); i < st.size; i += ledger.BundleLeaves {
				part, _ := book.Bundle(i/ledger.BundleLeaves, int(min(ledger.BundleLeaves, st.size-i)))
				st.bundles = append(st.bundles, part)
			}
			states := []ledger.State{{Log: logOf(0), Size: st.size, Note: book.Head().Note()}}
			floor := time.Duration(1 << 62)
			for range 5 {
				start := time.Now()
				h := sha256.New()
				for _, part := range st.bundles {
					h.Write(part)
				}
				h.Sum(nil)
				floor = min(floor, time.Since(start))
			}
			var loaded *ledger.Book
			b.ResetTimer()
			for b.Loop() {
				loaded = ledger.NewBook(logOf(0), pub(0))
				if err := ledger.Load(context.Background(), st, states, []*ledger.Book{loaded}, runtime.GOMAXPROCS(0), nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "x-floor")
			loaded.Release()
			text := 0
			for _, part := range st.bundles {
				text += len(part)
			}
			b.ReportMetric(float64(loaded.Bytes()-text)/float64(n), "B/entry-beside-text")
		})
	}
}

// BenchmarkRoots asks for the root at every size, as a fold does whose acts name what they have
// seen, told in advance. The floor is two hashes of one block for each: what a signature-free
// check cannot do without.
func BenchmarkRoots(b *testing.B) {
	const n = 100_000
	book := ledger.NewBook(logOf(0), pub(0))
	book.Append(randomLeaves(n)...)
	sizes := make([]uint64, n)
	for i := range sizes {
		sizes[i] = uint64(i) + 1
	}
	start := time.Now()
	var sum [32]byte
	for range 2 * n {
		sum = sha256.Sum256(sum[:])
	}
	floor := time.Since(start)
	b.ResetTimer()
	for b.Loop() {
		book.Release()
		book.Expect(sizes)
		for _, size := range sizes {
			if _, ok := book.Root(size); !ok {
				b.Fatal("no root")
			}
		}
	}
	took := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(took)/float64(floor), "x-floor")
	b.ReportMetric(float64(took.Nanoseconds())/n, "ns/root")
}

// BenchmarkOffer judges and applies the last 100 entries of 100,000 with a cosigned checkpoint. The
// floor is one check of an Ed25519 signature and hashing the leaves.
func BenchmarkOffer(b *testing.B) {
	const n, tail = 100_000, 100
	all := randomLeaves(n)
	book := ledger.NewBook(logOf(0), pub(0))
	if err := book.Apply(must(book.Draft(key(0), all[:n-tail]...))); err != nil {
		b.Fatal(err)
	}
	note := must(book.Draft(key(0), all[n-tail:]...)).Note
	floor := middle(func() {
		if _, err := ledger.Open(pub(0), book.Origin(), note); err != nil {
			b.Fatal(err)
		}
		for _, leaf := range all[n-tail:] {
			sha256.Sum256(leaf)
		}
	})
	b.ResetTimer()
	for b.Loop() {
		if _, err := book.Offer(note, n-tail, all[n-tail:]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(floor), "x-floor")
}

// middle is the median time of a step.
func middle(step func()) time.Duration {
	const n = 101
	all := make([]time.Duration, n)
	for i := range all {
		start := time.Now()
		step()
		all[i] = time.Since(start)
	}
	for i := range all { // insertion sort: few
		for j := i; j > 0 && all[j] < all[j-1]; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all[n/2]
}
