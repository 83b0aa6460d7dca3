package party

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// Signed notes (C2SP signed-note) name a key by a name and a 32-bit key id.
// The name of a party's key on a checkpoint is the origin of the log, so a
// signature says at once who signed and for which log.

// noteEd25519 is the algorithm byte of an Ed25519 key in a signed note.
const noteEd25519 = 1

// NoteSigner signs notes with the party's signing key under a name, which for
// a checkpoint is the origin of the log.
func (k Keys) NoteSigner(name string) (note.Signer, error) {
	v, err := noteVerifier(name, k.hidden().signing.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	seed := append([]byte{noteEd25519}, k.hidden().signing.Seed()...)
	s, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, v.KeyHash(), base64.StdEncoding.EncodeToString(seed)))
	if err != nil {
		return nil, fmt.Errorf("%s cannot name a signing key", quote(name)) // never the encoded key
	}
	return s, nil
}

// NoteVerifier checks notes that the party signed under that name.
func (c Card) NoteVerifier(name string) (note.Verifier, error) { return noteVerifier(name, c.Signing) }

func noteVerifier(name string, key ed25519.PublicKey) (note.Verifier, error) {
	text, err := note.NewEd25519VerifierKey(name, key)
	if err != nil {
		return nil, fmt.Errorf("making the key for %s: %w", quote(name), err)
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot name a key: %w", quote(name), err)
	}
	return v, nil
}
