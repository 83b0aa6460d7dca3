package ledger

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
)

// Signed is a checkpoint whose log's signature has been verified, with its note. Its cosignatures
// have not been: see [Signed.Cosigners]. The zero value is no checkpoint.
type Signed struct {
	c    Checkpoint
	note []byte
}

// Checkpoint is what the log signed.
func (s Signed) Checkpoint() Checkpoint { return s.c }

// Size is the number of entries the log had.
func (s Signed) Size() uint64 { return s.c.Size }

// IsZero reports whether s is the zero value.
func (s Signed) IsZero() bool { return s.note == nil }

// Note is a copy of the whole signed note.
func (s Signed) Note() []byte { return append([]byte(nil), s.note...) }

// Sign signs a checkpoint with the log's key and returns it with its note. It refuses a checkpoint
// that nobody could open.
func Sign(k ed25519.PrivateKey, c Checkpoint) (Signed, error) {
	if len(k) != ed25519.PrivateKeySize {
		return Signed{}, errors.New("sign a checkpoint: the signing key has the wrong length")
	}
	text := FormatCheckpoint(c)
	if _, err := ParseCheckpoint(text); err != nil {
		return Signed{}, err
	}
	pub := k.Public().(ed25519.PublicKey)
	sig := binary.BigEndian.AppendUint32(make([]byte, 0, logSigSize), keyID(c.Origin, algEd25519, pub))
	sig = append(sig, ed25519.Sign(k, []byte(text))...)
	n := formatNote(rawNote{text: text, sigs: []sigLine{{name: c.Origin, sig: sig}}})
	return Signed{c: c, note: n}, nil
}

// Open reads a signed note and verifies that it is a checkpoint of the log named by origin, signed
// by pub. The log's signature must come first; further signatures must be well-formed cosignatures,
// one a key, and are not verified here.
func Open(pub ed25519.PublicKey, origin string, note []byte) (Signed, error) {
	if len(pub) != ed25519.PublicKeySize {
		return Signed{}, errors.New("open a checkpoint: the public key has the wrong length")
	}
	n, err := parseNote(note)
	if err != nil {
		return Signed{}, err
	}
	c, err := ParseCheckpoint(n.text)
	if err != nil {
		return Signed{}, err
	}
	if c.Origin != origin {
		return Signed{}, badNote("it is of another log")
	}
	own := n.sigs[0]
	if own.name != origin || len(own.sig) != logSigSize || own.keyID() != keyID(origin, algEd25519, pub) {
		return Signed{}, badNote("its first signature is not that of the log's own key")
	}
	if !ed25519.Verify(pub, []byte(n.text), own.sig[keyIDSize:]) {
		return Signed{}, badNote("the log's signature is wrong")
	}
	if err := checkCosignatureForm(n.sigs[1:]); err != nil {
		return Signed{}, err
	}
	return Signed{c: c, note: append([]byte(nil), note...)}, nil
}

// checkCosignatureForm refuses what cannot be a cosignature, and two by one key.
func checkCosignatureForm(sigs []sigLine) error {
	for i, s := range sigs {
		if len(s.sig) != cosignatureLen {
			return badNote("it carries a signature that is no cosignature")
		}
		for _, t := range sigs[:i] {
			if s.name == t.name && s.keyID() == t.keyID() {
				return badNote("it carries two cosignatures by one key")
			}
		}
	}
	return nil
}
