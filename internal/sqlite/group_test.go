package sqlite_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/internal/sqlite"
	"entente/ledger"
)

func key(i int) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Append(nil, "key ", i))
	return ed25519.NewKeyFromSeed(seed[:])
}

func pub(i int) ed25519.PublicKey { return key(i).Public().(ed25519.PublicKey) }

var group = act.Hash(sha256.Sum256([]byte("charter")))

func logOf(i int) ledger.Log { return ledger.Log{Group: group, Party: uint8(i)} }

func leaf(i int) []byte { return fmt.Appendf(nil, "entry %d %s", i, bytes.Repeat([]byte{'x'}, i%57)) }

func leavesOf(from, n int) [][]byte {
	var out [][]byte
	for i := range n {
		out = append(out, leaf(from+i))
	}
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func open(t testing.TB, path string) *sqlite.Group {
	t.Helper()
	g, err := sqlite.OpenGroup(context.Background(), path, group)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// write drafts, commits and applies leaves.
func write(t interface {
	Helper()
	Fatal(...any)
}, st ledger.Store, b *ledger.Book, leaves ...[]byte) {
	t.Helper()
	batch := must(b.Draft(key(int(b.Log().Party)), leaves...))
	if err := errors.Join(st.Commit(context.Background(), batch), b.Apply(batch)); err != nil {
		t.Fatal(err)
	}
}

// load reads every log of the store into new books and checks them.
func load(st ledger.Store) (map[ledger.Log]*ledger.Book, error) {
	ctx := context.Background()
	states, err := st.Logs(ctx)
	if err != nil {
		return nil, err
	}
	byLog := map[ledger.Log]*ledger.Book{}
	var books []*ledger.Book
	for _, s := range states {
		b := ledger.NewBook(s.Log, pub(int(s.Log.Party)))
		books, byLog[s.Log] = append(books, b), b
	}
	return byLog, ledger.Load(ctx, st, states, books, 2, nil)
}

// TestStoreKeeps: whatever is committed, in whatever portions, comes back, also after reopening.
func TestStoreKeeps(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprint(run, ".db"))
		st := must(sqlite.OpenGroup(context.Background(), path, group))
		defer func() { st.Close() }()
		books := []*ledger.Book{ledger.NewBook(logOf(0), pub(0)), ledger.NewBook(logOf(1), pub(1))}
		for range rapid.IntRange(1, 12).Draw(t, "commits") {
			var batches []ledger.Batch
			for p, b := range books {
				n := rapid.SampledFrom([]int{0, 1, 3, 100, 255, 256, 257, 600}).Draw(t, "n")
				if n > 0 {
					batches = append(batches, must(b.Draft(key(p), leavesOf(int(b.Size()), n)...)))
				}
			}
			if err := st.Commit(context.Background(), batches...); err != nil {
				t.Fatal(err)
			}
			for _, batch := range batches {
				if err := books[batch.Log.Party].Apply(batch); err != nil {
					t.Fatal(err)
				}
			}
			if rapid.Bool().Draw(t, "reopen") {
				st.Close()
				st = must(sqlite.OpenGroup(context.Background(), path, group))
			}
		}
		got, err := load(st)
		if err != nil {
			t.Fatal(err)
		}
		for p, b := range books {
			g := got[logOf(p)]
			if b.Size() == 0 {
				continue
			}
			if g.Size() != b.Size() || !bytes.Equal(g.Head().Note(), b.Head().Note()) {
				t.Fatalf("log %d came back with %d entries of %d", p, g.Size(), b.Size())
			}
			for i := range b.Size() {
				if g.Leaf(i) != b.Leaf(i) {
					t.Fatalf("entry %d", i)
				}
			}
		}
	})
}

func TestCommitIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	st := open(t, filepath.Join(t.TempDir(), "g.db"))
	a, b := ledger.NewBook(logOf(0), pub(0)), ledger.NewBook(logOf(1), pub(1))
	write(t, st, a, leaf(0))
	good := must(b.Draft(key(1), leaf(7)))
	stale := must(ledger.NewBook(logOf(0), pub(0)).Draft(key(0), leaf(9)))
	var moved *ledger.Moved
	if err := st.Commit(ctx, good, stale); !errors.As(err, &moved) || moved.Have != 1 || moved.Want != 0 {
		t.Fatalf("a stale batch: %v", err)
	}
	if states := must(st.Logs(ctx)); len(states) != 1 || states[0].Size != 1 {
		t.Fatalf("half of it was written: %v", states)
	}
	ahead := must(a.Draft(key(0), leaf(1)))
	ahead.Log = logOf(2)
	if err := st.Commit(ctx, ahead); !errors.As(err, &moved) || moved.Have != 0 {
		t.Fatalf("a batch for a log that is not there: %v", err)
	}
	foreign := must(ledger.NewBook(ledger.Log{Party: 0}, pub(0)).Draft(key(0), leaf(9)))
	if st.Commit(ctx, foreign) == nil {
		t.Fatal("another group's log was written")
	}
	if err := st.Commit(ctx, good); err != nil {
		t.Fatal(err)
	}
}

func TestSealing(t *testing.T) {
	ctx := context.Background()
	st := open(t, filepath.Join(t.TempDir(), "g.db"))
	b := ledger.NewBook(logOf(0), pub(0))
	for i := range 300 {
		write(t, st, b, leaf(i))
	}
	var got []int
	err := st.Read(ctx, logOf(0), 0, 300, func(first uint64, n int, data []byte) error {
		want, _ := b.Bundle(first/256, n)
		if !bytes.Equal(want, data) {
			t.Errorf("bundle at %d differs", first)
		}
		got = append(got, int(first), n)
		return nil
	})
	if err != nil || fmt.Sprint(got) != "[0 256 256 44]" {
		t.Errorf("bundles %v, %v", got, err)
	}
	// A reader that knows only an earlier size is given no more than that.
	write(t, st, b, leavesOf(300, 300)...)
	got = nil
	err = st.Read(ctx, logOf(0), 256, 300, func(first uint64, n int, data []byte) error {
		want, _ := b.Bundle(first/256, n)
		if !bytes.Equal(want, data) {
			t.Errorf("bundle at %d differs", first)
		}
		got = append(got, int(first), n)
		return nil
	})
	if err != nil || fmt.Sprint(got) != "[256 44]" {
		t.Errorf("bundles of an earlier size %v, %v", got, err)
	}
	stop := errors.New("enough")
	if err := st.Read(ctx, logOf(0), 0, 600, func(uint64, int, []byte) error { return stop }); err != stop {
		t.Errorf("the receiver's error became %v", err)
	}
}

func TestEvidenceIsKept(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "g.db")
	st := open(t, path)
	for _, file := range []string{"one", "two", "one"} {
		if err := st.PutEvidence(ctx, logOf(1), []byte(file)); err != nil {
			t.Fatal(err)
		}
	}
	st.Close()
	kept := must(open(t, path).Evidence(ctx))
	if len(kept) != 2 || string(kept[0].File) != "one" || kept[1].Log != logOf(1) {
		t.Errorf("kept %v", kept)
	}
}

// TestDamageIsFound: every byte of the entries changed on the disk is found when the log is loaded,
// or by SQLite before.
func TestDamageIsFound(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "g.db")
	st := open(t, path)
	b := ledger.NewBook(logOf(0), pub(0))
	write(t, st, b, leavesOf(0, 40)...)
	st.Close() // checkpoints the write-ahead log into the file
	whole := must(os.ReadFile(path))
	at := bytes.Index(whole, leaf(3))
	if at < 0 {
		t.Fatal("the entries are not in the file")
	}
	for i := at; i < at+600; i += 7 {
		broken := bytes.Clone(whole)
		broken[i] ^= 1
		p := filepath.Join(dir, "broken.db")
		if err := os.WriteFile(p, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		g, err := sqlite.OpenGroup(context.Background(), p, group)
		if err == nil {
			_, err = load(g)
			g.Close()
		}
		if err == nil {
			t.Fatalf("byte %d changed, and nothing was said", i)
		}
	}
}

func TestBackupAndCheck(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	st := open(t, filepath.Join(dir, "g.db"))
	b := ledger.NewBook(logOf(0), pub(0))
	write(t, st, b, leavesOf(0, 500)...)
	copyPath := filepath.Join(dir, "copy.db")
	if err := errors.Join(st.Check(ctx), st.Backup(ctx, copyPath)); err != nil {
		t.Fatal(err)
	}
	if st.Backup(ctx, copyPath) == nil {
		t.Error("a copy was overwritten")
	}
	for _, p := range []string{"g.db", "g.db-wal", "g.db-shm", "copy.db"} {
		if info := must(os.Stat(filepath.Join(dir, p))); info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", p, info.Mode())
		}
	}
	got, err := load(open(t, copyPath))
	if err != nil || got[logOf(0)].Size() != 500 {
		t.Errorf("the copy: %v", err)
	}
}
