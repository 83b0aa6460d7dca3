package ledger

import (
	"unsafe"

	"entente/act"
)

// tileHeight is the height of a tile: a full one has 1<<tileHeight leaves.
const tileHeight = 8

// A tile holds up to 256 leaves and the part of the tree above them, up to level 7. (The root of a
// full tile, level 8, is in Book.upper.)
type tile struct {
	// The leaves: either one bundle with the offset of every sixteenth entry in it, as loaded from a
	// store, or each leaf in a string of its own, as appended. Loaded entries come before appended ones.
	bundle string
	offs   [BundleLeaves / offEvery]uint32
	loaded int // entries in the bundle
	own    []string

	leaves []act.Hash          // level 0; nil once released, then recomputed when asked for
	inner  *[254]act.Hash      // levels 1 to 7; nil once released
	top    *[topNodes]act.Hash // of a released tile, levels topLevel to 7
	roots  *expected
}

// offEvery is how far apart the entries are whose offsets are kept.
const offEvery = 16

// A released tile keeps its nodes from topLevel on; one below that is computed again from at most
// 16 leaves, and there is seldom more than one to a question.
const (
	topLevel = 5
	topNodes = 2<<(tileHeight-topLevel) - 2
)

// release drops what can be computed again.
func (t *tile) release() {
	t.roots = nil
	if t.count() == BundleLeaves && t.inner != nil {
		t.top = new([topNodes]act.Hash)
		copy(t.top[:], t.inner[innerAt(topLevel):])
		t.leaves, t.inner = nil, nil
	}
}

// expected holds the roots of the log at the sizes that end in a tile, where asked for in advance.
type expected struct {
	have [BundleLeaves / 64]uint64
	root [BundleLeaves]act.Hash // of the size that ends after this leaf of the tile
}

// innerAt is where level k (1 to 7) begins in tile.inner.
func innerAt(k int) int { return 256 - 512>>k }

// count is the number of leaves in the tile.
func (t *tile) count() int { return t.loaded + len(t.own) }

// leaf is the bytes of leaf i.
func (t *tile) leaf(i int) string {
	if i >= t.loaded {
		return t.own[i-t.loaded]
	}
	at := int(t.offs[i/offEvery])
	for range i % offEvery {
		at += lengthSize + leafLength(t.bundle[at:])
	}
	return t.bundle[at+lengthSize : at+lengthSize+leafLength(t.bundle[at:])]
}

// hash is the leaf hash of leaf i.
func (t *tile) hash(i int) act.Hash {
	if t.leaves != nil {
		return t.leaves[i]
	}
	return act.LeafHash([]byte(t.leaf(i)))
}

// node is the node i of level k (0 to 7) of the tile; it must be complete.
func (t *tile) node(k, i int) act.Hash {
	switch {
	case k == 0:
		return t.hash(i)
	case t.inner != nil:
		return t.inner[innerAt(k)+i]
	case k >= topLevel:
		return t.top[innerAt(k)-innerAt(topLevel)+i]
	}
	left, right := t.node(k-1, 2*i), t.node(k-1, 2*i+1)
	return hashNode(&left, &right)
}

// newTile makes an empty tile.
func newTile() *tile {
	return &tile{inner: new([254]act.Hash), leaves: make([]act.Hash, 0, BundleLeaves)}
}

// push appends a leaf with its hash, and completes the nodes that it completes, up to level 7. It
// returns the tile's root when the tile is full.
func (t *tile) push(leaf string, h act.Hash) (root act.Hash, full bool) {
	i := t.count()
	if t.leaves == nil { // released while not full, then appended to
		t.leaves = t.rehash()
	}
	t.own = append(t.own, leaf)
	t.leaves = append(t.leaves, h)
	for k := 1; i&1 == 1; k++ {
		left := t.node(k-1, i-1)
		h = hashNode(&left, &h)
		i >>= 1
		if k == tileHeight {
			return h, true
		}
		t.inner[innerAt(k)+i] = h
	}
	return act.Hash{}, false
}

// rehash computes the leaf hashes anew from the leaves.
func (t *tile) rehash() []act.Hash {
	var h hasher
	out := make([]act.Hash, t.count(), BundleLeaves)
	for i := range out {
		out[i] = hashLeaf(&h, t.leaf(i))
	}
	return out
}

// splitTile is a tile over an entry bundle, which it keeps, without any hash.
func splitTile(bundle []byte) (t tile, err error) {
	t.bundle = unsafe.String(unsafe.SliceData(bundle), len(bundle)) // nobody changes it any more
	for rest := t.bundle; rest != ""; t.loaded++ {
		if t.loaded == BundleLeaves || len(rest) < lengthSize {
			return t, errBundle
		}
		size := leafLength(rest)
		if size == 0 || len(rest)-lengthSize < size {
			return t, errBundle
		}
		if t.loaded%offEvery == 0 {
			t.offs[t.loaded/offEvery] = uint32(len(t.bundle) - len(rest))
		}
		rest = rest[lengthSize+size:]
	}
	return t, nil
}

// loadTile builds a tile from an entry bundle, which it keeps, and returns the root where it is full.
// leaves is scratch for the views.
func loadTile(bundle []byte, scratch []string) (t *tile, root act.Hash, leaves []string, err error) {
	// The bundle is never changed again once its leaves are hashed, so its bytes can be the string.
	text := unsafe.String(unsafe.SliceData(bundle), len(bundle))
	leaves, err = SplitBundle(scratch[:0], text)
	if err != nil {
		return nil, act.Hash{}, nil, err
	}
	n := len(leaves)
	t = &tile{bundle: text, loaded: n, inner: new([254]act.Hash)}
	t.leaves = make([]act.Hash, n, BundleLeaves)
	at := 0
	for i, leaf := range leaves {
		if i%offEvery == 0 {
			t.offs[i/offEvery] = uint32(at)
		}
		at += lengthSize + len(leaf)
		t.leaves[i] = hashLeafAt(bundle, at-len(leaf), at)
	}
	below := t.leaves
	for k := 1; k < tileHeight; k++ {
		at := innerAt(k)
		level := t.inner[at : at+n>>k]
		for i := range level {
			level[i] = hashNode(&below[2*i], &below[2*i+1])
		}
		below = level
	}
	if n == BundleLeaves {
		root = hashNode(&below[0], &below[1])
	}
	return t, root, leaves, nil
}

// bytes is the memory that the tile holds, in bytes.
func (t *tile) bytes() int {
	n := len(t.bundle) + 4*len(t.offs) + 16*cap(t.own) + 32*cap(t.leaves) + 128
	if t.inner != nil {
		n += 32 * len(t.inner)
	}
	if t.top != nil {
		n += 32 * len(t.top)
	}
	for _, s := range t.own {
		n += len(s)
	}
	if t.roots != nil {
		n += 32*BundleLeaves + 32
	}
	return n
}
