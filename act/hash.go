package act

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// MaxLeaf is the greatest length, in bytes, of an encoded act. An entry bundle (C2SP tlog-tiles)
// writes the length of a leaf in 16 bits.
const MaxLeaf = 65_535

// HashSize is the length of a Hash in bytes.
const HashSize = sha256.Size

// A Hash is a SHA-256 digest: the name of a leaf, of a tree, of a charter.
type Hash [HashSize]byte

// LeafHash is the RFC 6962 hash of a leaf (SHA-256 over 0x00 and the leaf). The leaf hash of a
// table act is the id of the revision that it tables.
func LeafHash(leaf []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(leaf)
	var out Hash
	h.Sum(out[:0])
	return out
}

// IsZero reports whether h is the zero value, which stands for "none".
func (h Hash) IsZero() bool { return h == Hash{} }

// String is the whole hash in lower-case hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Short is the grey content id beside a revision's number, such as "7f3a c21e". It helps the
// eye and proves nothing.
func (h Hash) Short() string {
	return hex.EncodeToString(h[:2]) + " " + hex.EncodeToString(h[2:4])
}

// MarshalText writes the hash as hexadecimal, for JSON.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(b []byte) error {
	v, err := ParseHash(string(b))
	if err == nil {
		*h = v
	}
	return err
}

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*HashSize {
		return h, fmt.Errorf("a content id has %d hexadecimal digits, this has %d", 2*HashSize, len(s))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil || h.String() != s {
		return Hash{}, fmt.Errorf("a content id is written in the digits 0–9 and a–f only")
	}
	return h, nil
}
