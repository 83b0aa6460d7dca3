package ledger

import (
	"crypto/ed25519"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"entente/act"
)

// A Book is one log in memory: its leaves, its tree and the last checkpoint. It is not for
// concurrent change; between changes any number of readers may read it at once.
//
// The leaves of a bundle are views into one string; whoever decodes them may keep views too, so
// that an act's text is in memory once.
type Book struct {
	log    Log
	pub    ed25519.PublicKey
	origin string

	size  uint64
	tiles []*tile
	upper [][]act.Hash // complete nodes of level 8, 9, …
	head  Signed
}

// NewBook makes the empty Book of a log that the owner of the signing key writes.
func NewBook(log Log, signing ed25519.PublicKey) *Book {
	return &Book{log: log, pub: signing, origin: Origin(log.Group, signing, log.Epoch)}
}

// Log names the log.
func (b *Book) Log() Log { return b.log }

// Origin is the origin line of the log's checkpoints.
func (b *Book) Origin() string { return b.origin }

// Key is the signing key of the log's party.
func (b *Book) Key() ed25519.PublicKey { return b.pub }

// Head is the last checkpoint applied: of this Book's size and root. It is the zero Signed while
// the Book is empty, or holds leaves that were only appended.
func (b *Book) Head() Signed { return b.head }

// Size is the number of leaves.
func (b *Book) Size() uint64 { return b.size }

// Append adds leaves that have been checked elsewhere, without a checkpoint: for tests, and for
// building a tree to compare with. A log that is written for good goes through Draft or Offer, and
// Apply.
func (b *Book) Append(leaves ...[]byte) {
	b.append(leaves, hashLeaves(leaves))
	b.head = Signed{}
}

func (b *Book) append(leaves [][]byte, hashes []act.Hash) {
	for i, leaf := range leaves {
		if b.size%BundleLeaves == 0 {
			b.tiles = append(b.tiles, newTile())
		}
		root, full := b.tiles[len(b.tiles)-1].push(string(leaf), hashes[i])
		b.size++
		if full {
			b.raise(root)
		}
	}
}

// raise adds the root of a full tile to the upper levels.
func (b *Book) raise(h act.Hash) {
	for k := 0; ; k++ {
		if k == len(b.upper) {
			b.upper = append(b.upper, nil)
		}
		b.upper[k] = append(b.upper[k], h)
		n := len(b.upper[k])
		if n&1 == 1 {
			return
		}
		h = hashNode(&b.upper[k][n-2], &b.upper[k][n-1])
	}
}

// Leaf is the bytes of leaf i, a view that stays valid. It panics where i is not below Size.
func (b *Book) Leaf(i uint64) string {
	b.mustHold(i)
	return b.tiles[i/BundleLeaves].leaf(int(i % BundleLeaves))
}

// LeafHash is the RFC 6962 hash of leaf i. It panics where i is not below Size.
func (b *Book) LeafHash(i uint64) act.Hash {
	b.mustHold(i)
	return b.tiles[i/BundleLeaves].hash(int(i % BundleLeaves))
}

func (b *Book) mustHold(i uint64) {
	if i >= b.size {
		panic(fmt.Sprintf("ledger: entry %d of %d", i, b.size))
	}
}

// node is a complete node of the tree: i is its index in its level.
func (b *Book) node(level int, i uint64) act.Hash {
	if level >= tileHeight {
		return b.upper[level-tileHeight][i]
	}
	in := tileHeight - level
	return b.tiles[i>>in].node(level, int(i&(1<<in-1)))
}

// Root is the root of the first size leaves, and false where there are fewer. It takes about one
// hash for every bit of size, or none where Expect was told of it.
func (b *Book) Root(size uint64) (act.Hash, bool) {
	if size == 0 || size > b.size {
		return emptyRoot, size == 0
	}
	at := (size - 1) % BundleLeaves
	if e := b.tiles[(size-1)/BundleLeaves].roots; e != nil && e.have[at/64]>>(at%64)&1 == 1 {
		return e.root[at], true
	}
	return b.root(size), true
}

func (b *Book) root(size uint64) act.Hash { return rootOf(size, b) }

// rootOf is the root of the first size leaves of a tree.
func rootOf(size uint64, t noder) act.Hash {
	var acc act.Hash
	some := false
	for level := 0; size>>level != 0; level++ {
		if size>>level&1 == 0 {
			continue
		}
		left := t.node(level, size>>level-1)
		if some {
			acc = hashNode(&left, &acc)
		} else {
			acc, some = left, true
		}
	}
	return acc
}

// edgeAt is the right edge of the tree of the first n leaves.
func (b *Book) edgeAt(n uint64) *edge {
	e := &edge{size: n}
	for level := 0; n>>level != 0; level++ {
		if n>>level&1 == 1 {
			e.peaks[level] = b.node(level, n>>level-1)
		}
	}
	return e
}

// Expect computes, on all cores, the roots at the sizes that are about to be asked for, such as
// those named in the acts of other logs. Sizes beyond the Book are passed over. It changes the Book.
func (b *Book) Expect(sizes []uint64) {
	want := slices.Clone(sizes)
	slices.Sort(want)
	want = slices.Compact(want)
	for len(want) > 0 && want[0] == 0 {
		want = want[1:]
	}
	if n, _ := slices.BinarySearch(want, b.size+1); n < len(want) {
		want = want[:n]
	}
	part := max(64, len(want)/runtime.GOMAXPROCS(0)+1)
	var wg sync.WaitGroup
	for len(want) > 0 {
		n := min(part, len(want)) // then on to the end of the tile, which one worker fills
		for n < len(want) && (want[n]-1)/BundleLeaves == (want[n-1]-1)/BundleLeaves {
			n++
		}
		mine := want[:n]
		want = want[n:]
		wg.Go(func() { b.expect(mine) })
	}
	wg.Wait()
}

func (b *Book) expect(sizes []uint64) {
	for _, size := range sizes {
		t := b.tiles[(size-1)/BundleLeaves]
		if t.roots == nil {
			t.roots = new(expected)
		}
		at := (size - 1) % BundleLeaves
		if t.roots.have[at/64]>>(at%64)&1 == 0 {
			t.roots.root[at] = b.root(size)
			t.roots.have[at/64] |= 1 << (at % 64)
		}
	}
}

// Release drops what can be computed again: the leaf hashes of full tiles, most nodes above them, and
// the roots that Expect computed. Afterwards the Book holds the leaves and about 7 bytes for each.
func (b *Book) Release() {
	for _, t := range b.tiles {
		t.release()
	}
}

// Bytes is the memory that the Book holds, in bytes.
func (b *Book) Bytes() int {
	n := 256
	for _, t := range b.tiles {
		n += t.bytes() + 8
	}
	for _, u := range b.upper {
		n += act.HashSize * cap(u)
	}
	return n
}
