package ledger_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/ledger"
	"entente/ledger/memstore"
)

// stored commits a log in a few steps, and returns the store and the Book of what was committed.
func stored(t testing.TB, sizes ...int) (*memstore.Store, *ledger.Book) {
	st, b := memstore.New(group), ledger.NewBook(logOf(0), pub(0))
	from := 0
	for _, n := range sizes {
		batch := must(b.Draft(key(0), leavesOf(from, n)...))
		if err := errors.Join(st.Commit(context.Background(), batch), b.Apply(batch)); err != nil {
			t.Fatal(err)
		}
		from = n
	}
	return st, b
}

func remembered(b *ledger.Book, size uint64) (ledger.Checkpoint, []act.Hash) {
	root, _ := b.Root(size)
	return ledger.Checkpoint{Size: size, Root: root}, b.Ribs()[:size/ledger.BundleLeaves*8]
}

func openSpine(t testing.TB, st ledger.Store, was ledger.Checkpoint, roots []act.Hash) (*ledger.Spine, error) {
	states, err := st.Logs(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return ledger.OpenSpine(context.Background(), st, states[0], pub(0), was, roots)
}

// TestSpineIsBook compares a spine with the book of the same log: every leaf, hash and root, at any
// size remembered.
func TestSpineIsBook(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		was := rapid.IntRange(1, 1100).Draw(r, "was")
		now := was + rapid.IntRange(0, 700).Draw(r, "more")
		sizes := []int{was}
		if now > was {
			sizes = append(sizes, now)
		}
		st, b := stored(t, sizes...)
		was0, roots := remembered(b, uint64(was))
		s, err := openSpine(t, st, was0, roots)
		if err != nil {
			r.Fatal(err)
		}
		if s.Size() != b.Size() || s.Head().Checkpoint() != b.Head().Checkpoint() || s.Log() != b.Log() {
			r.Fatal("another head")
		}
		for range 40 {
			i := rapid.Uint64Range(0, b.Size()-1).Draw(r, "entry")
			leaf, err1 := s.Leaf(i)
			h, err2 := s.LeafHash(i)
			root, err3 := s.Root(i + 1)
			want, _ := b.Root(i + 1)
			if err := errors.Join(err1, err2, err3); err != nil || leaf != b.Leaf(i) || h != b.LeafHash(i) || root != want {
				r.Fatalf("entry %d: %v", i, err)
			}
		}
	})
}

// TestSpineGivesOutOnlyWhatWasSigned alters what is remembered and what is stored.
func TestSpineGivesOutOnlyWhatWasSigned(t *testing.T) {
	st, b := stored(t, 700, 1300)
	was, roots := remembered(b, 700)
	refused := func(name string, was ledger.Checkpoint, roots []act.Hash) {
		t.Helper()
		if _, err := openSpine(t, st, was, roots); err == nil {
			t.Error(name, "was taken")
		}
	}
	wrong := slices.Clone(roots)
	wrong[1][0] ^= 1
	refused("another rib", was, wrong)
	refused("a rib too few", was, roots[:15])
	refused("more ribs than fit", was, b.Ribs())
	refused("another root", ledger.Checkpoint{Size: 700, Root: act.Hash{1}}, roots)
	refused("another size", ledger.Checkpoint{Size: 701, Root: was.Root}, roots)
	later, all := remembered(b, 1300)
	later.Size++
	refused("a size beyond the log", later, all)

	s, err := openSpine(t, st, was, roots)
	if err != nil {
		t.Fatal(err)
	}
	st.Alter(logOf(0), 315, func(leaf []byte) { leaf[0] ^= 1 })
	if leaf, err := s.Leaf(10); err != nil || leaf != b.Leaf(10) {
		t.Error("a whole bundle", err)
	}
	var damaged *ledger.Damaged
	if leaf, err := s.Leaf(301); !errors.As(err, &damaged) || leaf != "" {
		t.Errorf("a leaf beside an altered one was shown: %q, %v", leaf, err)
	}
	if _, err := s.Root(301); !errors.As(err, &damaged) {
		t.Error("a root over an altered leaf was given", err)
	}
}
