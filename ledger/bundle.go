package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"entente/act"
)

// errBundle is what every malformed entry bundle amounts to.
var errBundle = errors.New("an entry bundle is malformed: its lengths do not add up")

// AppendBundle appends leaves to an entry bundle as C2SP tlog-tiles writes them: each leaf after its
// length in 16 bits, big-endian. It panics where a leaf is longer than act.MaxLeaf: leaves are
// checked where they come in.
func AppendBundle[T []byte | string](dst []byte, leaves ...T) []byte {
	room := 0
	for _, leaf := range leaves {
		room += lengthSize + len(leaf)
	}
	dst = slices.Grow(dst, room)
	for _, leaf := range leaves {
		if len(leaf) > act.MaxLeaf {
			panic(fmt.Sprintf("ledger: a leaf of %d bytes", len(leaf)))
		}
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(leaf)))
		dst = append(dst, leaf...)
	}
	return dst
}

// lengthSize is how many bytes stand before each leaf of a bundle: its length.
const lengthSize = 2

// leafLength is the length of the leaf at the front of what is left of a bundle.
func leafLength(bundle string) int { return int(bundle[0])<<8 | int(bundle[1]) }

// SplitBundle appends the leaves of an entry bundle to dst, as views into the bundle, and refuses a
// bundle that holds more than BundleLeaves of them, an empty one, or bytes left over.
func SplitBundle(dst []string, bundle string) ([]string, error) {
	for n := 0; bundle != ""; n++ {
		if n == BundleLeaves || len(bundle) < lengthSize {
			return nil, errBundle
		}
		size := leafLength(bundle)
		if size == 0 || len(bundle)-lengthSize < size {
			return nil, errBundle
		}
		dst = append(dst, bundle[lengthSize:lengthSize+size])
		bundle = bundle[lengthSize+size:]
	}
	return dst, nil
}

// checkLeaves refuses leaves that no log may hold.
func checkLeaves(leaves [][]byte) error {
	if len(leaves) > MaxOffer {
		return fmt.Errorf("%d entries at once; the limit is %d. Nothing was added. Send them in several parts", len(leaves), MaxOffer)
	}
	for i, leaf := range leaves {
		if len(leaf) == 0 || len(leaf) > act.MaxLeaf {
			return fmt.Errorf("entry %d of those offered has %d bytes; an entry has 1 to %d. Nothing was added", i, len(leaf), act.MaxLeaf)
		}
	}
	return nil
}
