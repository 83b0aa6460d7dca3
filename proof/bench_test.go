package proof_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"entente/internal/workload"
	"entente/party"
	"entente/proof"
)

// plans are proof files of whole plans of so many acts, made once.
func planFile(b *testing.B, acts int) (string, []party.Card) {
	b.Helper()
	w, err := workload.New(workload.Config{Seed: 1, Groups: 1, Burst: 1 << 14})
	if err != nil {
		b.Fatal(err)
	}
	f := proof.File{Charter: string(w.Charters()[0].Format())}
	var cards []party.Card
	for i, m := range w.Members() {
		f.Logs = append(f.Logs, proof.Log{Party: uint8(i)})
		cards = append(cards, m.Card)
	}
	f.Cards = cards
	err = w.Run(acts, func(burst workload.Burst) error {
		for _, batch := range burst.Batches {
			l := &f.Logs[batch.Log.Party]
			l.Note = batch.Note
			for _, leaf := range batch.Leaves {
				l.Leaves = append(l.Leaves, string(leaf))
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	if err := proof.Write(&out, f); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "plan.entente")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return path, cards
}

// BenchmarkExamine reads and verifies the file of a whole plan: every hash, checkpoint and
// cosignature checked, every act decoded and folded. x-floor is its time as a multiple of reading
// the same file and hashing it with SHA-256 on one core.
func BenchmarkExamine(b *testing.B) {
	for _, acts := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(acts), func(b *testing.B) {
			path, cards := planFile(b, acts)
			var floor, took time.Duration
			b.ReportAllocs()
			for b.Loop() {
				begun := time.Now()
				raw, err := os.ReadFile(path)
				if err != nil {
					b.Fatal(err)
				}
				sum := sha256.Sum256(raw)
				floor += time.Since(begun)
				b.SetBytes(int64(len(raw)))
				raw = nil

				begun = time.Now()
				file, err := os.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				r := proof.Examine(file, cards...)
				took += time.Since(begun)
				file.Close()
				if !r.Valid || r.Skipped > 0 || sum == [32]byte{} {
					b.Fatalf("%+v", r.Checks)
				}
			}
			b.ReportMetric(float64(took)/float64(floor), "x-floor")
		})
	}
}
