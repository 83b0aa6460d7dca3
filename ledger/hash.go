package ledger

import (
	"crypto/sha256"
	"runtime"
	"sync"

	"entente/act"
)

// A hasher hashes leaves without allocating: it keeps the buffer in which the RFC 6962 prefix and
// the leaf are put together. Not for concurrent use.
type hasher struct{ buf []byte }

// leaf is act.LeafHash of a leaf.
func hashLeaf[T []byte | string](h *hasher, leaf T) act.Hash {
	h.buf = append(append(h.buf[:0], 0), leaf...)
	return sha256.Sum256(h.buf)
}

// hashLeafAt is act.LeafHash of the part of a bundle from one byte to before another. The prefix
// takes the place of the byte before it for as long as that takes: nobody else may have the bundle.
func hashLeafAt(bundle []byte, from, to int) act.Hash {
	before := bundle[from-1]
	bundle[from-1] = 0
	h := sha256.Sum256(bundle[from-1 : to])
	bundle[from-1] = before
	return h
}

// hashNode is the RFC 6962 hash of an interior node.
func hashNode(left, right *act.Hash) act.Hash {
	var b [1 + 2*act.HashSize]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+act.HashSize:], right[:])
	return sha256.Sum256(b[:])
}

// parallelFrom is how many leaves are worth a second core.
const parallelFrom = 1024

// hashLeaves hashes leaves, on all cores where there are many.
func hashLeaves(leaves [][]byte) []act.Hash {
	out := make([]act.Hash, len(leaves))
	workers := runtime.GOMAXPROCS(0)
	if len(leaves) < parallelFrom {
		workers = 1
	}
	part := (len(leaves) + workers - 1) / workers
	var wg sync.WaitGroup
	for from := 0; from < len(leaves); from += part {
		to := min(from+part, len(leaves))
		wg.Go(func() {
			var h hasher
			for i := from; i < to; i++ {
				out[i] = hashLeaf(&h, leaves[i])
			}
		})
	}
	wg.Wait()
	return out
}

// An edge is the right edge of a tree: the roots of the complete subtrees that its size is the sum
// of. It is enough to add leaves and to know the root.
type edge struct {
	size  uint64
	peaks [48]act.Hash // by level, where the bit of size is set
}

// add adds one leaf hash.
func (e *edge) add(h act.Hash) {
	level := 0
	for ; e.size>>level&1 == 1; level++ {
		h = hashNode(&e.peaks[level], &h)
	}
	e.peaks[level] = h
	e.size++
}

// root is the RFC 6962 root.
func (e *edge) root() act.Hash {
	if e.size == 0 {
		return emptyRoot
	}
	var acc act.Hash
	some := false
	for level := 0; e.size>>level != 0; level++ {
		switch {
		case e.size>>level&1 == 0:
		case !some:
			acc, some = e.peaks[level], true
		default:
			acc = hashNode(&e.peaks[level], &acc)
		}
	}
	return acc
}
