package ledger

import (
	"crypto/sha256"
	"encoding/binary"

	"entente/act"
)

// # Two at once
//
// The processor's instructions for SHA-256 wait for each other: of two messages taken together, each
// block costs little more than of one. A log is opened by hashing nothing but short messages that do
// not depend on each other, so they are taken by twos. Where the processor cannot do that, or does not
// give what crypto/sha256 gives, each is hashed by that.

const shaBlock = sha256.BlockSize

// shaStart is the state before the first block: FIPS 180-4, 5.3.3.
var shaStart = [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}

// twins is whether two messages are taken together.
var twins = canTwin() && twinsTrue()

// twinsTrue holds some pairs against crypto/sha256.
func twinsTrue() bool {
	var b [5 * shaBlock]byte
	for i := range b {
		b[i] = byte(i*i + 7)
	}
	for n := 0; n < 3*shaBlock; n += 11 {
		p, q := b[:n], b[1:min(n+5, len(b))]
		if shaBlocks(len(p)) != shaBlocks(len(q)) {
			q = b[1 : n+1]
		}
		x, y := sumTwins(p, q)
		if x != sha256.Sum256(p) || y != sha256.Sum256(q) {
			return false
		}
	}
	left, right := act.Hash(b[:act.HashSize]), act.Hash(b[act.HashSize:])
	two := newTwinNodes()
	x, y := two.hash(&left, &right, &right, &left)
	return x == hashNode(&left, &right) && y == hashNode(&right, &left)
}

// shaBlocks is how many blocks a message of n bytes makes.
func shaBlocks(n int) int { return (n + 1 + 8 + shaBlock - 1) / shaBlock }

// sumTwins is the SHA-256 of two messages of as many blocks.
func sumTwins(p, q []byte) (x, y act.Hash) {
	a, b := shaStart, shaStart
	n := min(len(p), len(q)) / shaBlock
	if n > 0 {
		twinBlocks(&a, &b, &p[0], &q[0], n)
	}
	var ends [2][2 * shaBlock]byte
	left := shaEnd(&ends[0], p[n*shaBlock:], len(p))
	shaEnd(&ends[1], q[n*shaBlock:], len(q))
	twinBlocks(&a, &b, &ends[0][0], &ends[1][0], left)
	putSum(&x, &a)
	putSum(&y, &b)
	return x, y
}

// shaEnd makes the last blocks of a message of that size, and says how many: one or two.
func shaEnd(end *[2 * shaBlock]byte, rest []byte, size int) int {
	copy(end[:], rest)
	end[len(rest)] = 0x80
	n := shaBlocks(len(rest))
	binary.BigEndian.PutUint64(end[n*shaBlock-8:], uint64(size)*8)
	return n
}

func putSum(h *act.Hash, s *[8]uint32) {
	for i, w := range s {
		binary.BigEndian.PutUint32(h[4*i:], w)
	}
}

// twinNodes is room for the blocks of two interior nodes, of which only the children change.
type twinNodes [2][2 * shaBlock]byte

func newTwinNodes() (t twinNodes) {
	for i := range t {
		t[i][0] = 1
		shaEnd(&t[i], t[i][:1+2*act.HashSize], 1+2*act.HashSize)
	}
	return t
}

// hash is hashNode of two pairs of children.
func (t *twinNodes) hash(l0, r0, l1, r1 *act.Hash) (x, y act.Hash) {
	const mid = 1 + act.HashSize
	*(*act.Hash)(t[0][1:]), *(*act.Hash)(t[0][mid:]) = *l0, *r0
	*(*act.Hash)(t[1][1:]), *(*act.Hash)(t[1][mid:]) = *l1, *r1
	a, b := shaStart, shaStart
	twinBlocks(&a, &b, &t[0][0], &t[1][0], 2)
	putSum(&x, &a)
	putSum(&y, &b)
	return x, y
}

// hashLevel hashes a level of a tree from the one below it.
func hashLevel(level, below []act.Hash) {
	i := 0
	if twins && len(level) > 1 {
		t := newTwinNodes()
		for ; i+2 <= len(level); i += 2 {
			b := below[2*i : 2*i+4]
			level[i], level[i+1] = t.hash(&b[0], &b[1], &b[2], &b[3])
		}
	}
	for ; i < len(level); i++ {
		level[i] = hashNode(&below[2*i], &below[2*i+1])
	}
}

// maxTwinBlocks is up to how many blocks leaves are put together by size.
const maxTwinBlocks = 64

// hashBundle hashes the leaves of a bundle, which nobody else may have meanwhile. Leaves of as
// many blocks are taken by twos.
func hashBundle(out []act.Hash, bundle []byte, leaves []string) {
	var waits [maxTwinBlocks + 1]struct{ leaf, from, to int } // by blocks, one that has no twin yet
	at := 0
	for i, leaf := range leaves {
		from := at + lengthSize
		at = from + len(leaf)
		n := shaBlocks(1 + len(leaf))
		if !twins || n > maxTwinBlocks {
			out[i] = hashLeafAt(bundle, from, at)
			continue
		}
		w := &waits[n]
		if w.to == 0 {
			w.leaf, w.from, w.to = i, from, at
			continue
		}
		out[w.leaf], out[i] = hashLeavesAt(bundle, w.from, w.to, from, at)
		w.to = 0
	}
	for _, w := range waits {
		if w.to != 0 {
			out[w.leaf] = hashLeafAt(bundle, w.from, w.to)
		}
	}
}

// hashLeavesAt is hashLeafAt of two parts of as many blocks.
func hashLeavesAt(bundle []byte, from, to, from2, to2 int) (x, y act.Hash) {
	before, before2 := bundle[from-1], bundle[from2-1]
	bundle[from-1], bundle[from2-1] = 0, 0
	x, y = sumTwins(bundle[from-1:to], bundle[from2-1:to2])
	bundle[from-1], bundle[from2-1] = before, before2
	return x, y
}
