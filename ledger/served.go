package ledger

import "entente/act"

// Tile is a hash tile as C2SP tlog-tiles serves it: width hashes (1 to 256) from the n-th tile of a
// tile level, 32 bytes each. It is false where the log has not that many.
func (b *Book) Tile(level int, n uint64, width int) ([]byte, bool) {
	if level < 0 || level > 5 || width < 1 || width > BundleLeaves || n > MaxEntries/BundleLeaves {
		return nil, false
	}
	first := n * BundleLeaves
	if first+uint64(width) > b.size>>(tileHeight*level) {
		return nil, false
	}
	out := make([]byte, 0, width*act.HashSize)
	for i := range uint64(width) {
		h := b.node(tileHeight*level, first+i)
		out = append(out, h[:]...)
	}
	return out, true
}

// Bundle is an entry bundle as C2SP tlog-tiles serves it: width leaves (1 to 256) from the n-th
// bundle. It is false where the log has not that many.
func (b *Book) Bundle(n uint64, width int) ([]byte, bool) {
	if width < 1 || width > BundleLeaves || n >= uint64(len(b.tiles)) || width > b.tiles[n].count() {
		return nil, false
	}
	return b.Entries(n*BundleLeaves, n*BundleLeaves+uint64(width)), true
}

// Entries is any run of leaves, from the first index to before the second, each after its length in
// 16 bits: the form of a bundle, of any number of leaves. It panics where the Book holds fewer.
func (b *Book) Entries(from, to uint64) []byte {
	size := 0
	for i := from; i < to; i++ {
		size += 2 + len(b.Leaf(i))
	}
	out := make([]byte, 0, size)
	for i := from; i < to; i++ {
		out = AppendBundle(out, b.Leaf(i))
	}
	return out
}

// SplitEntries is the inverse of Entries: the leaves as views into b. It refuses an empty or cut
// leaf and more than limit leaves.
func SplitEntries(b []byte, limit int) ([][]byte, error) {
	var out [][]byte
	for len(b) > 0 {
		if len(out) == limit || len(b) < 2 {
			return nil, errBundle
		}
		n := int(b[0])<<8 | int(b[1])
		if n == 0 || len(b)-2 < n {
			return nil, errBundle
		}
		out = append(out, b[2:2+n:2+n])
		b = b[2+n:]
	}
	return out, nil
}
