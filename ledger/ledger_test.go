package ledger_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"entente/act"
	"entente/ledger"
	"entente/ledger/memstore"
)

// key is a signing key that is the same in every run.
func key(i int) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Append(nil, "key ", i))
	return ed25519.NewKeyFromSeed(seed[:])
}

func pub(i int) ed25519.PublicKey { return key(i).Public().(ed25519.PublicKey) }

var group = act.Hash(sha256.Sum256([]byte("charter")))

func logOf(i int) ledger.Log { return ledger.Log{Group: group, Party: uint8(i)} }

// leaf is some bytes, different for every i.
func leaf(i int) []byte { return fmt.Appendf(nil, "entry %d %s", i, bytes.Repeat([]byte{'x'}, i%57)) }

func leavesOf(from, to int) [][]byte {
	var out [][]byte
	for i := from; i < to; i++ {
		out = append(out, leaf(i))
	}
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// grown is a Book of n leaves with a signed head.
func grown(n int) *ledger.Book {
	b := ledger.NewBook(logOf(0), pub(0))
	if err := b.Apply(must(b.Draft(key(0), leavesOf(0, n)...))); err != nil {
		panic(err)
	}
	return b
}

// hashes reads tlog's storage of a tree made with tlog alone.
type hashes []tlog.Hash

func (h hashes) ReadHashes(ix []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range ix {
		out = append(out, h[i])
	}
	return out, nil
}

func TestRootsAgreeWithTlog(t *testing.T) {
	const n = 1200
	b := ledger.NewBook(logOf(0), pub(0))
	var other hashes
	for i := range n {
		b.Append(leaf(i))
		more := must(tlog.StoredHashes(int64(i), leaf(i), other))
		other = append(other, more...)
		if b.LeafHash(uint64(i)) != act.LeafHash(leaf(i)) {
			t.Fatalf("leaf hash %d", i)
		}
	}
	for size := uint64(1); size <= n; size++ {
		want := must(tlog.TreeHash(int64(size), other))
		if got, ok := b.Root(size); !ok || got != act.Hash(want) {
			t.Fatalf("root at %d: %s, want %s", size, got, want)
		}
	}
	if _, ok := b.Root(n + 1); ok {
		t.Error("a root beyond the log")
	}
	if r, ok := b.Root(0); !ok || r != sha256.Sum256(nil) {
		t.Error("the root of nothing")
	}
	b.Release()
	for size := uint64(1); size <= n; size++ { // every node that was let go of, computed again
		if got, _ := b.Root(size); got != act.Hash(must(tlog.TreeHash(int64(size), other))) {
			t.Fatalf("root at %d after Release", size)
		}
	}
	b.Expect([]uint64{0, 5, 7, 256, 257, 1000, 1000, 5000, n})
	for _, size := range []uint64{5, 256, 257, 1000, n} {
		if got, _ := b.Root(size); got != act.Hash(must(tlog.TreeHash(int64(size), other))) {
			t.Errorf("root at %d after Release and Expect", size)
		}
	}
	b.Append(leaf(n))
	if b.LeafHash(n-1) != act.LeafHash(leaf(n-1)) || b.Leaf(n) != string(leaf(n)) {
		t.Error("appending after Release")
	}
}

// TestLoadEqualsAppend: a Book loaded from a store is the Book that was written to it.
func TestLoadEqualsAppend(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		st := memstore.New(group)
		var books []*ledger.Book
		for p := range rapid.IntRange(1, 3).Draw(t, "parties") {
			b := ledger.NewBook(logOf(p), pub(p))
			for at := 0; at == 0 || rapid.Bool().Draw(t, "more"); {
				n := rapid.SampledFrom([]int{1, 2, 100, 255, 256, 257, 700, 5000}).Draw(t, "n")
				batch := must(b.Draft(key(p), leavesOf(at, at+n)...))
				if err := errors.Join(st.Commit(ctx, batch), b.Apply(batch)); err != nil {
					t.Fatal(err)
				}
				at += n
			}
			books = append(books, b)
		}
		states := must(st.Logs(ctx))
		var loaded []*ledger.Book
		for p := range books {
			loaded = append(loaded, ledger.NewBook(logOf(p), pub(p)))
		}
		if err := ledger.Load(ctx, st, states, loaded, 2, nil); err != nil {
			t.Fatal(err)
		}
		for p, b := range books {
			l := loaded[p]
			if l.Size() != b.Size() || !bytes.Equal(l.Head().Note(), b.Head().Note()) {
				t.Fatal("another log came back")
			}
			for i := range b.Size() {
				if l.Leaf(i) != b.Leaf(i) || l.LeafHash(i) != b.LeafHash(i) {
					t.Fatalf("entry %d", i)
				}
			}
			more := must(b.Draft(key(p), leaf(1)))
			if err := l.Apply(more); err != nil {
				t.Fatal(err)
			}
			if r, _ := l.Root(l.Size()); r != l.Head().Checkpoint().Root {
				t.Fatal("the loaded log grows into another tree")
			}
		}
	})
}

func TestOfferKinds(t *testing.T) {
	held, theirs := grown(300), grown(1000)
	note := theirs.Head().Note()
	all := leavesOf(0, 1000)
	changed := leavesOf(0, 1000)
	changed[10] = []byte("another word")
	forged := ledger.NewBook(logOf(0), pub(0))
	if err := forged.Apply(must(forged.Draft(key(0), changed...))); err != nil {
		t.Fatal(err)
	}
	small := ledger.NewBook(logOf(0), pub(0))
	if err := small.Apply(must(small.Draft(key(0), changed[:200]...))); err != nil {
		t.Fatal(err)
	}
	equal := ledger.NewBook(logOf(0), pub(0))
	if err := equal.Apply(must(equal.Draft(key(0), changed[:300]...))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		note   []byte
		from   int
		leaves [][]byte
		want   string
		news   int
	}{
		{"the tail", note, 300, all[300:], "", 700},
		{"with overlap", note, 100, all[100:], "", 700},
		{"from the start", note, 0, all, "", 700},
		{"old news", grown(200).Head().Note(), 0, all[:200], "", 0},
		{"the same", held.Head().Note(), 300, nil, "", 0},
		{"a gap before", note, 301, all[301:], "*ledger.Gap", 0},
		{"a gap after", note, 300, all[300:999], "*ledger.Gap", 0},
		{"too many", note, 300, append(leavesOf(300, 1000), leaf(1)), "*ledger.NoteError", 0},
		{"a changed entry", note, 300, append([][]byte{[]byte("?")}, all[301:]...), "*ledger.Mismatch", 0},
		{"another key", signedBy(1, theirs), 300, all[300:], "*ledger.NoteError", 0},
		{"a fork, tail only", forged.Head().Note(), 300, changed[300:], "*ledger.Mismatch", 0},
		{"a fork, from the start", forged.Head().Note(), 0, changed, "*ledger.Fork", 0},
		{"a fork, with overlap", forged.Head().Note(), 5, changed[5:], "*ledger.Fork", 0},
		{"a fork of equal size", equal.Head().Note(), 300, nil, "*ledger.Fork", 0},
		{"a fork of lesser size", small.Head().Note(), 200, nil, "*ledger.Fork", 0},
		{"an empty entry", note, 300, append([][]byte{{}}, all[301:]...), "*errors.errorString", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			batch, err := held.Offer(c.note, uint64(c.from), c.leaves)
			if got := kindOf(err); got != c.want && !(c.want == "*errors.errorString" && err != nil) {
				t.Fatalf("error %s (%v), want %s", got, err, c.want)
			}
			if len(batch.Leaves) != c.news {
				t.Errorf("%d entries are new, want %d", len(batch.Leaves), c.news)
			}
			var fork *ledger.Fork
			if errors.As(err, &fork) {
				checkEvidence(t, fork.Evidence)
			}
			if held.Size() != 300 {
				t.Fatal("the Book was changed")
			}
		})
	}
	if err := held.Apply(must(held.Offer(note, 250, all[250:]))); err != nil || held.Size() != 1000 {
		t.Fatal(err)
	}
}

func signedBy(i int, b *ledger.Book) []byte {
	return must(ledger.Sign(key(i), b.Head().Checkpoint())).Note()
}

func kindOf(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%T", err)
}

func checkEvidence(t *testing.T, e ledger.Evidence) {
	t.Helper()
	file := ledger.FormatEvidence(e)
	back, err := ledger.ParseEvidence(file)
	if err != nil || !bytes.Equal(ledger.FormatEvidence(back), file) {
		t.Fatalf("evidence does not read back: %v\n%s", err, file)
	}
	if err := back.Verify(pub(0)); err != nil {
		t.Fatalf("evidence does not convince: %v", err)
	}
	if back.Verify(pub(1)) == nil {
		t.Fatal("evidence convinces under another key")
	}
}

func TestCosign(t *testing.T) {
	b := grown(10)
	keys := []ed25519.PublicKey{pub(0), pub(1), pub(2)}
	at := time.Date(2017, 12, 12, 9, 0, 0, 0, time.UTC)
	one := must(ledger.Cosign(key(1), b.Head(), at))
	two := must(ledger.Cosign(key(2), b.Head(), at.Add(time.Hour)))
	both := must(ledger.MergeCosignatures(two, one, keys))
	if !bytes.Equal(both.Note(), must(ledger.MergeCosignatures(one, two, keys)).Note()) {
		t.Error("merging depends on the order")
	}
	got := must(both.Cosigners(keys))
	if len(got) != 2 || got[0] != (ledger.Cosigned{Party: 1, At: at}) || got[1] != (ledger.Cosigned{Party: 2, At: at.Add(time.Hour)}) {
		t.Errorf("cosigners %v", got)
	}
	if _, err := both.Cosigners(keys[:2]); err == nil {
		t.Error("a stranger's cosignature was passed over")
	}
	again := must(ledger.Cosign(key(1), one, at.Add(time.Hour)))
	if !bytes.Equal(again.Note(), one.Note()) {
		t.Error("cosigned twice")
	}
	batch := must(b.Witness(both.Note(), keys))
	if err := b.Apply(batch); err != nil || len(must(b.Head().Cosigners(keys))) != 2 {
		t.Errorf("witnessed: %v", err)
	}
	if !must(b.Witness(one.Note(), keys)).Empty() {
		t.Error("nothing new is news")
	}
}
