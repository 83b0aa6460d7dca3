package ledger

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
)

func TestTwinsAreHashedAsEachAlone(t *testing.T) {
	if !canTwin() {
		t.Skip("this processor hashes one message at a time")
	}
	if !twins {
		t.Fatal("two messages together do not give what crypto/sha256 gives")
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Byte(), 0, 700).Draw(t, "p")
		n := shaBlocks(len(p))
		least := max(0, (n-1)*shaBlock-8)
		q := rapid.SliceOfN(rapid.Byte(), least, n*shaBlock-9).Draw(t, "q")
		x, y := sumTwins(p, q)
		if x != sha256.Sum256(p) || y != sha256.Sum256(q) {
			t.Fatalf("of %d and %d bytes", len(p), len(q))
		}
	})
	for n := range 5 * shaBlock { // every end of a message
		p, q := bytes.Repeat([]byte{1}, n), bytes.Repeat([]byte{0xff}, n)
		if x, y := sumTwins(p, q); x != sha256.Sum256(p) || y != sha256.Sum256(q) {
			t.Fatalf("of %d bytes", n)
		}
	}
}

func TestABundleIsHashedLeafByLeaf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 300), 1, BundleLeaves).Draw(t, "leaves")
		if rapid.Bool().Draw(t, "long") {
			leaves[0] = bytes.Repeat([]byte{7}, act.MaxLeaf)
		}
		bundle := AppendBundle(nil, leaves...)
		same := bytes.Clone(bundle)
		views, err := SplitBundle(nil, string(bundle))
		if err != nil {
			t.Fatal(err)
		}
		out := make([]act.Hash, len(leaves))
		hashBundle(out, bundle, views)
		for i, leaf := range leaves {
			if out[i] != act.LeafHash(leaf) {
				t.Fatalf("leaf %d", i)
			}
		}
		if !bytes.Equal(bundle, same) {
			t.Fatal("the bundle was changed")
		}
		level := make([]act.Hash, len(out)/2)
		hashLevel(level, out)
		for i := range level {
			if level[i] != hashNode(&out[2*i], &out[2*i+1]) {
				t.Fatalf("node %d", i)
			}
		}
	})
}

func TestRootsAreExpectedByTwos(t *testing.T) {
	b := NewBook(Log{}, make([]byte, 32))
	for i := range 3*BundleLeaves + 77 {
		b.Append([]byte{byte(i), byte(i >> 8), 1})
	}
	two := newTwinNodes()
	for p := uint64(1); p <= b.Size(); p += 3 {
		q := b.Size() + 1 - p
		if x, y := rootsOf(p, q, b, &two); x != b.root(p) || y != b.root(q) {
			t.Fatalf("of %d and %d", p, q)
		}
	}
}
