package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
	"time"
)

// cosignerDomain separates the hash in a cosigner's name from all other uses of SHA-256.
const cosignerDomain = "entente cosigner v1\n"

// maxTime bounds the time in a cosignature, in seconds since 1970: the year 9999.
const maxTime = 253_402_300_799

// CosignerName is the key name under which the owner of a signing key cosigns other parties' logs:
// "entente/" and the SHA-256, in hexadecimal, over "entente cosigner v1\n" and the public key.
func CosignerName(pub ed25519.PublicKey) string {
	sum := sha256.Sum256(append([]byte(cosignerDomain), pub...))
	return originPrefix + hex.EncodeToString(sum[:])
}

// Cosigned says that a party has checked that a log is consistent with all it saw of it before,
// and holds its entries.
type Cosigned struct {
	Party uint8     // the ordinal of the key that cosigned, in the list given
	At    time.Time // the cosigner's clock, to the second: testimony
}

// cosignedText is what a cosignature/v1 signs.
func cosignedText(at uint64, text string) []byte {
	b := append([]byte("cosignature/v1\ntime "), strconv.FormatUint(at, 10)...)
	b = append(b, '\n')
	return append(b, text...)
}

// Cosign adds a cosignature by k to a verified checkpoint, at the time given. Cosign only what you
// hold and have found consistent. Where k has cosigned this note before, it is returned unchanged.
func Cosign(k ed25519.PrivateKey, s Signed, at time.Time) (Signed, error) {
	if s.IsZero() || len(k) != ed25519.PrivateKeySize {
		return Signed{}, errors.New("cosign a checkpoint: no checkpoint, or a key of the wrong length")
	}
	if at.Unix() < 0 || at.Unix() > maxTime {
		return Signed{}, errors.New("cosign a checkpoint: the clock gives a time outside the years 1970 to 9999. Nothing was signed. Set the server's clock")
	}
	n, err := parseNote(s.note)
	if err != nil {
		return Signed{}, err
	}
	pub := k.Public().(ed25519.PublicKey)
	name := CosignerName(pub)
	id := keyID(name, algCosignature, pub)
	for _, have := range n.sigs[1:] {
		if have.name == name && have.keyID() == id {
			return s, nil
		}
	}
	if len(n.sigs) == MaxSignatures {
		return Signed{}, badNote("it has %d signatures already, and no room for another", MaxSignatures)
	}
	sec := uint64(at.Unix())
	sig := binary.BigEndian.AppendUint32(make([]byte, 0, cosignatureLen), id)
	sig = binary.BigEndian.AppendUint64(sig, sec)
	sig = append(sig, ed25519.Sign(k, cosignedText(sec, n.text))...)
	n.sigs = append(n.sigs, sigLine{name: name, sig: sig})
	return Signed{c: s.c, note: formatNote(n)}, nil
}

// Cosigners verifies every cosignature on the note against the signing keys of the group's parties,
// in the order of their ordinals, and says who cosigned and when, in that order. One wrong
// cosignature, or one by a key that is not in the list, refuses the whole note.
func (s Signed) Cosigners(keys []ed25519.PublicKey) ([]Cosigned, error) {
	valid, err := s.cosignatures(keys)
	if err != nil {
		return nil, err
	}
	var out []Cosigned
	for i, line := range valid {
		if line != nil {
			out = append(out, Cosigned{Party: uint8(i), At: cosignedAt(line.sig)})
		}
	}
	return out, nil
}

func cosignedAt(sig []byte) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint64(sig[keyIDSize:])), 0).UTC()
}

// cosignatures verifies the cosignatures and sorts them by the ordinal of their keys.
func (s Signed) cosignatures(keys []ed25519.PublicKey) ([]*sigLine, error) {
	if s.IsZero() {
		return nil, errors.New("read cosignatures: no checkpoint")
	}
	n, err := parseNote(s.note)
	if err != nil {
		return nil, err
	}
	if len(keys) > 256 {
		return nil, errors.New("read cosignatures: more keys than ordinals")
	}
	out := make([]*sigLine, len(keys))
	for i := range n.sigs[1:] {
		line := &n.sigs[1+i]
		who := cosignerOf(line, keys)
		if who < 0 {
			return nil, badNote("it is cosigned by a key that is no party's of this group")
		}
		at := binary.BigEndian.Uint64(line.sig[keyIDSize:])
		if at > maxTime || !ed25519.Verify(keys[who], cosignedText(at, n.text), line.sig[keyIDSize+8:]) {
			return nil, badNote("the cosignature of the party with ordinal %d is wrong", who)
		}
		out[who] = line
	}
	return out, nil
}

// cosignerOf finds the key that a cosignature names, or −1.
func cosignerOf(line *sigLine, keys []ed25519.PublicKey) int {
	for i, pub := range keys {
		if len(pub) != ed25519.PublicKeySize {
			continue
		}
		name := CosignerName(pub)
		if line.name == name && line.keyID() == keyID(name, algCosignature, pub) {
			return i
		}
	}
	return -1
}

// MergeCosignatures joins two notes of one checkpoint: the log's signature, then the cosignatures
// of either, in the order of keys, the earlier where both carry one by the same key. So every
// server that has seen the same cosignatures holds the same bytes. A wrong cosignature in either is
// an error and nothing is joined.
func MergeCosignatures(a, b Signed, keys []ed25519.PublicKey) (Signed, error) {
	if a.c != b.c {
		return Signed{}, badNote("it is not of the same size and root as the one held")
	}
	mine, err := a.cosignatures(keys)
	if err != nil {
		return Signed{}, err
	}
	theirs, err := b.cosignatures(keys)
	if err != nil {
		return Signed{}, err
	}
	n, err := parseNote(a.note)
	if err != nil {
		return Signed{}, err
	}
	n.sigs = n.sigs[:1:1]
	for i := range keys {
		if line := earlier(mine[i], theirs[i]); line != nil {
			n.sigs = append(n.sigs, *line)
		}
	}
	return Signed{c: a.c, note: formatNote(n)}, nil
}

// earlier picks the cosignature with the earlier time; for one time and two signatures, the lesser
// bytes, so that the choice is the same everywhere.
func earlier(a, b *sigLine) *sigLine {
	if a == nil || b != nil && string(b.sig) < string(a.sig) {
		return b
	}
	return a
}
