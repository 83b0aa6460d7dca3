package ledger

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"entente/act"
)

// A Spine is a log of which only some nodes of the tree are in memory, its ribs: eight of each full
// bundle. They amount to the root of the signed checkpoint. A bundle is read from the store when one
// of its leaves is first asked for, and the leaf is given out only if it hashes, with the 31 beside
// it, to their rib. So whatever comes out of a Spine is what the party has signed, though most of
// the log has not been looked at.
//
// It is for showing a log, not for writing or proving: that takes a [Book]. Any number of
// goroutines may use it.
type Spine struct {
	log    Log
	origin string
	size   uint64
	head   Signed
	read   func(from, to uint64, yield func(first uint64, count int, bundle []byte) error) error
	ribs   []act.Hash             // nodes of level ribLevel, of the bundles remembered
	upper  [][]act.Hash           // complete nodes of level 8, 9, …
	parts  []atomic.Pointer[part] // of the bundles remembered, those that were read
	tiles  []atomic.Pointer[tile] // bundles of which every leaf was hashed: those after them
}

// A part is a bundle of which some leaves were hashed.
type part struct {
	tile
	checked [ribsEach]atomic.Bool
}

// A rib stands for 32 leaves: a released tile of a Book has these nodes at hand.
const (
	ribLevel  = topLevel
	ribLeaves = 1 << ribLevel
	ribsEach  = BundleLeaves / ribLeaves
)

// ErrAnotherHistory says that a log in a store does not go on from where it is said to have been.
var ErrAnotherHistory = errors.New("the stored log does not continue the one that is remembered")

// Ribs are nodes of the Book's full bundles: what OpenSpine needs to be told.
func (b *Book) Ribs() []act.Hash {
	out := make([]act.Hash, b.size/BundleLeaves*ribsEach)
	for i := range out {
		out[i] = b.node(ribLevel, uint64(i))
	}
	return out
}

// OpenSpine opens a log of which the ribs are remembered from a time when it was as was says. It
// reads the entries after those bundles, and checks that they and the ribs amount to the checkpoint
// that the store has, and to the root remembered. A log that does not is an error: what was
// remembered is then not to be used, and says nothing about the log. ctx is for all of the Spine's
// life.
func OpenSpine(ctx context.Context, st Store, now State, signing ed25519.PublicKey, was Checkpoint, ribs []act.Hash) (*Spine, error) {
	s := &Spine{log: now.Log, origin: Origin(now.Log.Group, signing, now.Log.Epoch), size: now.Size, ribs: ribs}
	full := was.Size / BundleLeaves
	if now.Size > MaxEntries || was.Size > now.Size || uint64(len(ribs)) != full*ribsEach {
		return nil, ErrAnotherHistory
	}
	s.read = func(from, to uint64, yield func(first uint64, count int, bundle []byte) error) error {
		return st.Read(ctx, s.log, from, to, yield)
	}
	s.tiles = make([]atomic.Pointer[tile], (now.Size+BundleLeaves-1)/BundleLeaves)
	s.parts = make([]atomic.Pointer[part], full)
	var up Book // which knows how to build upper levels
	for n := range full {
		up.raise(above(ribs[n*ribsEach : (n+1)*ribsEach]))
	}
	err := s.fetch(full*BundleLeaves, now.Size, func(n uint64, t *tile, root act.Hash) {
		if t.count() == BundleLeaves {
			up.raise(root)
		}
		s.tiles[n].Store(t)
	})
	if err != nil {
		return nil, err
	}
	s.upper = up.upper
	if now.Size == 0 && len(now.Note) == 0 {
		return s, nil
	}
	head, err := Open(signing, s.origin, now.Note)
	if err != nil {
		return nil, err
	}
	root, err := s.Root(now.Size)
	if err != nil {
		return nil, err
	}
	before, err := s.Root(was.Size)
	if err != nil || before != was.Root || head.c.Size != now.Size || head.c.Root != root {
		return nil, errors.Join(ErrAnotherHistory, err)
	}
	s.head = head
	return s, nil
}

// fetch reads the bundles that hold the leaves from one index to before another: all of them.
func (s *Spine) fetch(from, to uint64, take func(n uint64, t *tile, root act.Hash)) error {
	next := from
	var scratch []string
	err := s.read(from, to, func(first uint64, count int, bundle []byte) error {
		t, root, leaves, err := loadTile(bundle, scratch)
		if err != nil || first != next || uint64(count) != min(BundleLeaves, to-first) || len(leaves) != count {
			return &Damaged{Log: s.log, Why: fmt.Sprintf("the entries from %d on are not in the form they were written", next)}
		}
		scratch, next = leaves, first+uint64(count)
		take(first/BundleLeaves, t, root)
		return nil
	})
	if err == nil && next != to {
		err = &Damaged{Log: s.log, Why: fmt.Sprintf("entry %d is missing", next)}
	}
	return err
}

// Log names the log.
func (s *Spine) Log() Log { return s.log }

// Size is the number of leaves.
func (s *Spine) Size() uint64 { return s.size }

// Head is the checkpoint, of this size.
func (s *Spine) Head() Signed { return s.head }

// above is the node above a power of two of nodes of one level.
func above(nodes []act.Hash) act.Hash {
	level := slices.Clone(nodes)
	for len(level) > 1 {
		for i := range len(level) / 2 {
			level[i] = hashNode(&level[2*i], &level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return level[0]
}

// tile is the n-th bundle with every leaf hashed.
func (s *Spine) tile(n uint64) (*tile, error) {
	if t := s.tiles[n].Load(); t != nil {
		return t, nil
	}
	var t *tile
	var root act.Hash // those that are not full were read when the Spine was opened
	err := s.fetch(n*BundleLeaves, (n+1)*BundleLeaves, func(_ uint64, got *tile, r act.Hash) { t, root = got, r })
	if err == nil && root != s.upper[0][n] {
		err = s.altered(n * BundleLeaves)
	}
	if err != nil {
		return nil, err
	}
	s.tiles[n].Store(t)
	return t, nil
}

func (s *Spine) altered(from uint64) error {
	return &Damaged{Log: s.log, Why: fmt.Sprintf("the entries from %d on are not those that were signed", from)}
}

// part is the n-th bundle, read now if it has not been.
func (s *Spine) part(n uint64) (*part, error) {
	if p := s.parts[n].Load(); p != nil {
		return p, nil
	}
	var p *part
	err := s.read(n*BundleLeaves, (n+1)*BundleLeaves, func(first uint64, count int, bundle []byte) error {
		t, err := splitTile(bundle)
		if err != nil || p != nil || first != n*BundleLeaves || count != BundleLeaves || t.loaded != count {
			return s.altered(n * BundleLeaves)
		}
		p = &part{tile: t}
		return nil
	})
	if err == nil && p == nil {
		err = s.altered(n * BundleLeaves)
	}
	if err != nil {
		return nil, err
	}
	s.parts[n].Store(p)
	return p, nil
}

// check hashes the leaves that leaf i of a part shares a rib with.
func (s *Spine) check(p *part, i uint64) error {
	rib := i / ribLeaves
	checked := &p.checked[rib%ribsEach]
	if checked.Load() {
		return nil
	}
	var hashes [ribLeaves]act.Hash
	var h hasher
	for k := range hashes {
		hashes[k] = hashLeaf(&h, p.leaf(int(rib%ribsEach)*ribLeaves+k))
	}
	if above(hashes[:]) != s.ribs[rib] {
		return s.altered(rib * ribLeaves)
	}
	checked.Store(true)
	return nil
}

// Leaf is the bytes of leaf i, a view that stays valid. It panics where i is not below Size.
func (s *Spine) Leaf(i uint64) (string, error) {
	n := s.mustHold(i) / BundleLeaves
	if t := s.tiles[n].Load(); t != nil {
		return t.leaf(int(i % BundleLeaves)), nil
	}
	p, err := s.part(n)
	if err == nil {
		err = s.check(p, i)
	}
	if err != nil {
		return "", err
	}
	return p.leaf(int(i % BundleLeaves)), nil
}

// LeafHash is the RFC 6962 hash of leaf i. It panics where i is not below Size.
func (s *Spine) LeafHash(i uint64) (act.Hash, error) {
	if t := s.tiles[s.mustHold(i)/BundleLeaves].Load(); t != nil {
		return t.hash(int(i % BundleLeaves)), nil
	}
	leaf, err := s.Leaf(i)
	if err != nil {
		return act.Hash{}, err
	}
	return act.LeafHash([]byte(leaf)), nil
}

func (s *Spine) mustHold(i uint64) uint64 {
	if i >= s.size {
		panic(fmt.Sprintf("ledger: entry %d of %d", i, s.size))
	}
	return i
}

// Root is the root of the first size leaves. It panics where there are fewer.
func (s *Spine) Root(size uint64) (act.Hash, error) {
	if size == 0 {
		return emptyRoot, nil
	}
	var last *tile
	if size%BundleLeaves != 0 {
		var err error
		if last, err = s.tile(s.mustHold(size-1) / BundleLeaves); err != nil {
			return act.Hash{}, err
		}
	}
	return rootOf(size, &spineEnd{s, last}), nil
}

// A spineEnd is the tree of a Spine at a size that ends in a tile.
type spineEnd struct {
	s    *Spine
	last *tile // nil where it ends with a full one
}

func (e *spineEnd) node(level int, i uint64) act.Hash {
	if level >= tileHeight {
		return e.s.upper[level-tileHeight][i]
	}
	in := tileHeight - level
	return e.last.node(level, int(i&(1<<in-1)))
}
