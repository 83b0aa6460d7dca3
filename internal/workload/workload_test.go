package workload_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/klauspost/compress/zstd"

	"entente/act"
	"entente/internal/workload"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/plan"
)

// shelf is the logs of one group as the fold reads them. A workload has one epoch.
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

func fold(t testing.TB, w *workload.Workload) ([]shelf, []*plan.State) {
	t.Helper()
	var shelves []shelf
	var states []*plan.State
	for i, c := range w.Charters() {
		var s shelf
		for p, l := range w.Logs(i) {
			s = append(s, ledger.NewBook(l, c.Parties[p].Signing))
		}
		shelves, states = append(shelves, s), append(states, plan.New(c, s))
	}
	return shelves, states
}

func TestEveryActIsGoodWhereverItIsCut(t *testing.T) {
	for _, c := range []workload.Config{{Seed: 1, Burst: 7}, {Seed: 2, Parties: 3, Groups: 2, Burst: 40}, {Seed: 3, Parties: 1, Groups: 1}, {Seed: 4, Parties: 6, Groups: 1}} {
		t.Run(fmt.Sprintf("seed %d, %d parties", c.Seed, c.Parties), func(t *testing.T) {
			w, err := workload.New(c)
			if err != nil {
				t.Fatal(err)
			}
			const n = 6000
			shelves, states := fold(t, w)
			acts, adopted := 0, 0
			kinds := map[act.Kind]int{}
			err = w.Run(n, func(b workload.Burst) error {
				in := 0
				for _, batch := range b.Batches {
					in += len(batch.Leaves)
					if err := shelves[b.Group][batch.Log.Party].Apply(batch); err != nil {
						return err
					}
					for _, l := range batch.Leaves {
						a, err := act.Decode(string(l))
						if err != nil {
							return err
						}
						kinds[a.Body.Kind()]++
					}
				}
				ch := states[b.Group].Advance()
				if ch.Void != 0 || ch.Judged != in || in != b.Acts {
					for p := range shelves[b.Group] {
						for i := range shelves[b.Group][p].Size() {
							if v := states[b.Group].Rule().Void(uint8(p), int(i)); v != 0 {
								t.Errorf("group %d party %d act %d: %v", b.Group, p, i, v)
							}
						}
					}
					return fmt.Errorf("of %d acts %d were judged, %d void", in, ch.Judged, ch.Void)
				}
				acts += in
				adopted += len(ch.Adopted)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if acts != n {
				t.Errorf("%d acts, not %d", acts, n)
			}
			elements := 0
			for g, s := range states {
				elements += len(s.Rule().Elements())
				for p, book := range shelves[g] {
					if who, err := book.Head().Cosigners(keysOf(w, g)); err != nil || len(who) != len(shelves[g])-1 {
						t.Errorf("log %d of group %d has %d cosignatures: %v", p, g, len(who), err)
					}
				}
			}
			t.Logf("%v, %d elements, %d adoptions", kinds, elements, adopted)
			if adopted == 0 || elements < n/13 || elements > n/5 {
				t.Errorf("%d adoptions, %d elements", adopted, elements)
			}
		})
	}
}

func keysOf(w *workload.Workload, g int) (out []ed25519.PublicKey) {
	for _, m := range w.Charters()[g].Parties {
		out = append(out, m.Signing)
	}
	return out
}

// digest runs a workload and hashes what comes out.
func digest(t *testing.T, c workload.Config, runs ...int) [32]byte {
	t.Helper()
	w, err := workload.New(c)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	logs := map[ledger.Log]*bytes.Buffer{}
	for _, n := range runs {
		err := w.Run(n, func(b workload.Burst) error {
			for _, batch := range b.Batches {
				if logs[batch.Log] == nil {
					logs[batch.Log] = new(bytes.Buffer)
				}
				logs[batch.Log].Write(ledger.AppendBundle(nil, batch.Leaves...))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for g := range w.Charters() {
		for _, l := range w.Logs(g) {
			if logs[l] != nil {
				h.Write(logs[l].Bytes())
			}
		}
	}
	return [32]byte(h.Sum(nil))
}

func TestSameSeedSameHistory(t *testing.T) {
	a := digest(t, workload.Config{Seed: 5}, 3000)
	if b := digest(t, workload.Config{Seed: 5, Burst: 1}, 1, 1234, 1765); a != b {
		t.Error("made in three parts, another history")
	}
	if b := digest(t, workload.Config{Seed: 6}, 3000); a == b {
		t.Error("another seed, the same history")
	}
}

func TestFillStores(t *testing.T) {
	w, err := workload.New(workload.Config{Groups: 1})
	if err != nil {
		t.Fatal(err)
	}
	st := memstore.New(w.Charters()[0].ID())
	if err := w.Fill(context.Background(), 500, st); err != nil {
		t.Fatal(err)
	}
	states, err := st.Logs(context.Background())
	if err != nil || len(states) != 2 || states[0].Size+states[1].Size != 500 {
		t.Errorf("%v %v", states, err)
	}
	if err := w.Fill(context.Background(), 1); err == nil {
		t.Error("no store for the group, and no error")
	}
}

func TestConfigOutOfBounds(t *testing.T) {
	for _, c := range []workload.Config{{Parties: -1}, {Parties: 41}, {Groups: -1}, {Burst: -1}} {
		if _, err := workload.New(c); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}

// TestTextsAreLikeProse keeps the workload honest: acts neither smaller nor easier to compress than
// the ones that plans are made of.
func TestTextsAreLikeProse(t *testing.T) {
	w, err := workload.New(workload.Config{Seed: 8, Groups: 1})
	if err != nil {
		t.Fatal(err)
	}
	var all, prose []byte
	hebrew, texts := 0, 0
	err = w.Run(20_000, func(b workload.Burst) error {
		for _, batch := range b.Batches {
			for _, l := range batch.Leaves {
				all = append(all, l...)
				a, _ := act.Decode(string(l))
				if tb, ok := a.Body.(act.Table); ok {
					v := tb.Content.Text[0]
					if n := len(v.Text); n < 190 || n > 700 {
						t.Errorf("a text of %d bytes", n)
					}
					prose = append(append(prose, v.Text...), '\n')
					if texts++; v.Lang == "he" {
						hebrew++
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	mean, ratio, own := len(all)/20_000, squeeze(t, all), squeeze(t, prose)
	t.Logf("%d bytes an act, compressed %.2f : 1; texts alone %d bytes, %.2f : 1; %d %% in Hebrew", mean, ratio, len(prose)/texts, own, 100*hebrew/texts)
	if ratio > 5 || mean < 240 || mean > 340 || hebrew*5 < texts || hebrew*10 > texts*3 {
		t.Errorf("%d bytes an act, %d of %d texts in Hebrew", mean, hebrew, texts)
	}
}

func squeeze(t *testing.T, b []byte) float64 {
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return float64(len(b)) / float64(len(e.EncodeAll(b, nil)))
}

func BenchmarkRun(b *testing.B) {
	w, err := workload.New(workload.Config{Seed: 9})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	if err := w.Run(b.N, func(workload.Burst) error { return nil }); err != nil {
		b.Fatal(err)
	}
}
