package sqlite

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/act"
	"entente/ledger"
)

var troubleGroup = act.Hash(sha256.Sum256([]byte("charter")))

func troubleKey() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("key"))
	return ed25519.NewKeyFromSeed(seed[:])
}

func openOrFail(t *testing.T, path string) *Group {
	t.Helper()
	g, err := OpenGroup(context.Background(), path, troubleGroup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// wants checks the kind of a trouble and that its words say all three things.
func wants(t *testing.T, err error, kind Kind) {
	t.Helper()
	var tr *Trouble
	if !errors.As(err, &tr) || tr.Kind != kind {
		t.Fatalf("got %v, want kind %d", err, kind)
	}
	if !strings.Contains(err.Error(), advice(kind)) || !strings.Contains(err.Error(), tr.File) {
		t.Errorf("the words are wrong: %v", err)
	}
}

// TestFullDisk: with the disk full nothing of a commit is stored, what was there is whole, and with
// room again the same commit goes through.
func TestFullDisk(t *testing.T) {
	ctx := context.Background()
	g := openOrFail(t, filepath.Join(t.TempDir(), "g.db"))
	pub := troubleKey().Public().(ed25519.PublicKey)
	b := ledger.NewBook(ledger.Log{Group: troubleGroup}, pub)
	say := func(n int) (ledger.Batch, error) {
		var leaves [][]byte
		for i := range n {
			leaves = append(leaves, fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", 900)))
		}
		batch, err := b.Draft(troubleKey(), leaves...)
		if err != nil {
			t.Fatal(err)
		}
		return batch, g.Commit(ctx, batch)
	}
	batch, err := say(3)
	if err := errors.Join(err, b.Apply(batch)); err != nil {
		t.Fatal(err)
	}
	// The pages that the file may have are bounded, which SQLite reports as it does a full disk.
	if _, err := g.conn.ExecContext(ctx, "PRAGMA max_page_count=12"); err != nil {
		t.Fatal(err)
	}
	_, err = say(600)
	wants(t, err, Full)
	states, err := g.Logs(ctx)
	if err != nil || len(states) != 1 || states[0].Size != 3 {
		t.Fatalf("after the refusal: %v %v", states, err)
	}
	if _, err := g.conn.ExecContext(ctx, "PRAGMA max_page_count=100000"); err != nil {
		t.Fatal(err)
	}
	batch, err = say(600)
	if err := errors.Join(err, b.Apply(batch)); err != nil {
		t.Fatal(err)
	}
	states, err = g.Logs(ctx)
	again := ledger.NewBook(b.Log(), pub)
	if err := errors.Join(err, ledger.Load(ctx, g, states, []*ledger.Book{again}, 1, nil)); err != nil || again.Size() != 603 {
		t.Fatal(err)
	}
}

func TestLockedFile(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "g.db")
	openOrFail(t, path).Close()
	other, err := connect(path, "&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := openOrFail(t, path) // reading is possible
	if _, err := g.conn.ExecContext(ctx, "PRAGMA busy_timeout=0"); err != nil {
		t.Fatal(err)
	}
	b := ledger.NewBook(ledger.Log{Group: troubleGroup}, troubleKey().Public().(ed25519.PublicKey))
	batch, err := b.Draft(troubleKey(), []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	wants(t, g.Commit(ctx, batch), InUse)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := g.Commit(ctx, batch); err != nil {
		t.Fatalf("once the other has gone: %v", err)
	}
}

func TestFilesRefused(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path := func(name string, content []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	good := filepath.Join(dir, "good.db")
	openOrFail(t, good).Close()
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	with := func(at int, b ...byte) []byte {
		c := append([]byte(nil), whole...)
		copy(c[at:], b)
		return c
	}
	party := filepath.Join(dir, "party.db")
	p, err := OpenParty(ctx, party)
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	for _, c := range []struct {
		name, path string
		kind       Kind
	}{
		{"a text", path("text.db", []byte(strings.Repeat("this is a text ", 400))), Foreign},
		{"the party's own file", party, Foreign},
		{"a later version", path("later.db", with(60, 0, 0, 0, 2)), Newer},
		{"a file cut short", path("cut.db", whole[:4096]), Damaged},
		{"a folder", dir, Unreachable},
		{"in no folder", filepath.Join(dir, "none", "g.db"), Unreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, _ := os.ReadFile(c.path)
			_, err := OpenGroup(ctx, c.path, troubleGroup)
			wants(t, err, c.kind)
			if after, _ := os.ReadFile(c.path); string(before) != string(after) {
				t.Error("the file was changed")
			}
		})
	}
	_, err = OpenGroup(ctx, good, act.Hash{1})
	wants(t, err, Foreign)
}

// TestReadOnly: a connection that may not write says so in the words for a read-only file.
func TestReadOnly(t *testing.T) {
	g := openOrFail(t, filepath.Join(t.TempDir(), "g.db"))
	_, err := g.read.ExecContext(context.Background(), "DELETE FROM logs")
	wants(t, trouble(g.path, "write to", err), ReadOnly)
	if os.Getuid() == 0 {
		return // everything may be written
	}
	g.Close()
	if err := os.Chmod(g.path, 0o400); err != nil {
		t.Fatal(err)
	}
	h, err := OpenGroup(context.Background(), g.path, troubleGroup)
	if err == nil {
		defer h.Close()
		b := ledger.NewBook(ledger.Log{Group: troubleGroup}, troubleKey().Public().(ed25519.PublicKey))
		batch, derr := b.Draft(troubleKey(), []byte("one"))
		err = errors.Join(derr, h.Commit(context.Background(), batch))
	}
	wants(t, err, ReadOnly)
}

// TestDamagedFile: a page overwritten with nonsense is found by Check, and by reading.
func TestDamagedFile(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "g.db")
	g := openOrFail(t, path)
	b := ledger.NewBook(ledger.Log{Group: troubleGroup}, troubleKey().Public().(ed25519.PublicKey))
	for i := range 40 {
		batch, err := b.Draft(troubleKey(), fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", 3000)))
		if err := errors.Join(err, g.Commit(ctx, batch), b.Apply(batch)); err != nil {
			t.Fatal(err)
		}
	}
	g.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 6 * pageSize; i < len(whole); i++ {
		whole[i] = byte(i * 7)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	g = openOrFail(t, path)
	wants(t, g.Check(ctx), Damaged)
	err = g.Read(ctx, b.Log(), 0, 40, func(uint64, int, []byte) error { return nil })
	wants(t, err, Damaged)
}

func TestClosedStore(t *testing.T) {
	g := openOrFail(t, filepath.Join(t.TempDir(), "g.db"))
	g.Close()
	b := ledger.NewBook(ledger.Log{Group: troubleGroup}, troubleKey().Public().(ed25519.PublicKey))
	batch, err := b.Draft(troubleKey(), []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	if g.Commit(context.Background(), batch) == nil || g.PutEvidence(context.Background(), b.Log(), []byte("x")) == nil {
		t.Error("written to a closed file")
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		version, than string
		older         bool
	}{
		{"3.51.3", "3.51.3", false}, {"3.53.4", "3.51.3", false}, {"3.51.2", "3.51.3", true},
		{"3.9.9", "3.51.3", true}, {"4.0.0", "3.51.3", false}, {"3.51", "3.51.3", true}, {"x", "3.51.3", true},
	} {
		if olderThan(c.version, c.than) != c.older {
			t.Errorf("%s older than %s: %v", c.version, c.than, !c.older)
		}
	}
}

// FuzzCutBundle: cutting never reads beyond the bundle.
func FuzzCutBundle(f *testing.F) {
	f.Add(ledger.AppendBundle(nil, []byte("one"), []byte("two")), 1)
	f.Add([]byte{0}, 1)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		if n < 0 || n > ledger.BundleLeaves {
			return
		}
		cut := cutBundle(b, n)
		if cut < 0 {
			return
		}
		if cut > len(b) {
			t.Fatal("cut beyond the end")
		}
	})
}
