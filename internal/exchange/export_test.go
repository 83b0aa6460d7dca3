package exchange

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"entente/party"
)

// PlainBundle is a bundle before it is encrypted.
func PlainBundle(k party.Keys, c Cover, p Parcel) []byte {
	packed := newPacker(MaxBundleParcel, 1).pack(FormatParcel(p))
	cover := c.format(sha256.Sum256(packed))
	sig := base64.StdEncoding.EncodeToString(ed25519.Sign(k.Signing(), cover))
	return append(fmt.Appendf(bytes.Clone(cover), "signature %s\n\n", sig), packed...)
}

// ParseCover reads a plain bundle, and writes its cover again.
func ParseCover(plain []byte) (again []byte, err error) {
	s, err := parseCover(plain)
	if err != nil {
		return nil, err
	}
	head := fmt.Appendf(bytes.Clone(s.signed), "signature %s\n\n", base64.StdEncoding.EncodeToString(s.sig))
	return append(head, s.packed...), nil
}

// ParseTilePath reads a tile's path.
func ParseTilePath(path string) (level int, n uint64, width int, err error) {
	t, err := parseTile(path)
	return t.level, t.n, t.width, err
}

// Unpack unpacks with a limit.
func Unpack(b []byte, limit int) ([]byte, error) { return newPacker(limit, 1).unpack(b) }

// Pack packs.
func Pack(b []byte) []byte { return newPacker(MaxMessage, 1).pack(b) }
