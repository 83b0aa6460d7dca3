// Package ledger keeps what one party has said in one group: an append-only log of leaves, hashed
// into a Merkle tree, with a checkpoint that the party signs and the others cosign.
//
// It knows leaves as bytes only. It does not know what an act says, who may write one, or what
// two parties have agreed; it reads no clock and opens no file. What must last is handed to a
// [Store]; a [Book] is one log in memory.
//
// # Formats
//
// All formats are C2SP's, so that a stranger's client can check a log without us:
//
//   - a checkpoint is the three lines of https://c2sp.org/tlog-checkpoint (origin, size, root), no
//     extension lines, in a signed note (https://c2sp.org/signed-note);
//   - the note's first signature is the log's own, Ed25519 (algorithm 0x01), its key name is the
//     origin; every further one is a cosignature/v1 (algorithm 0x04) of another party, see
//     https://c2sp.org/tlog-cosignature and [CosignerName];
//   - the tree is RFC 6962's over SHA-256; tiles and entry bundles are those of
//     https://c2sp.org/tlog-tiles;
//   - a proof that one leaf stands in a log is a https://c2sp.org/tlog-proof, see [FormatProof];
//   - evidence of a fork and anchors have formats of our own, see [FormatEvidence] and
//     [FormatAnchor].
//
// Everything is parsed strictly: whatever parses would be written again as the same bytes.
//
// # Invariants
//
//   - A [Signed] has been verified: the only ways to one are [Sign] and [Open].
//   - A Book's head, where there is one, has the size and the root of the Book's leaves.
//   - What an entry of a log is, once signed, is never changed. A party that signs two histories is
//     caught by its own two signatures: [Book.Offer] returns a [*Fork] with the evidence.
//
// # Example
//
//	book := ledger.NewBook(log, pub)
//	batch, err := book.Draft(priv, leaves...)   // sign what the log will be
//	err = store.Commit(ctx, batch)              // make it last
//	err = book.Apply(batch)                     // only then let it be seen
package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"entente/act"
)

// Bounds of what is accepted from anybody. Sizes are in bytes.
const (
	// MaxEntries is the greatest number of entries in one log.
	MaxEntries = 1 << 40
	// MaxNote is the greatest size of a signed note.
	MaxNote = 64 << 10
	// MaxSignatures is the greatest number of signatures on a note: forty parties and a few.
	MaxSignatures = 48
	// MaxOffer is the greatest number of leaves in one Offer or one Batch.
	MaxOffer = 1 << 22
	// MaxEvidence is the greatest size of an evidence file.
	MaxEvidence = 256 << 10
	// MaxProof is the greatest size of a proof file.
	MaxProof = 256 << 10
	// BundleLeaves is how many leaves a full entry bundle or tile holds.
	BundleLeaves = 256
)

// originPrefix begins the origin of every log, so that an origin is never taken for a web address.
const originPrefix = "entente/"

// originDomain separates the hash in an origin from all other uses of SHA-256.
const originDomain = "entente log v1\n"

// A Log names one log: what the party with this ordinal in the group's charter said in one epoch.
type Log struct {
	Group act.Hash // the group's id
	Party uint8    // ordinal in the charter
	Epoch uint32   // 0, and one more each time the party had to start a new log
}

// String is for messages to the keeper of a server: group (8 digits), ordinal, epoch.
func (l Log) String() string {
	return fmt.Sprintf("log %s/%d/%d", hex.EncodeToString(l.Group[:4]), l.Party, l.Epoch)
}

// Origin is the first line of every checkpoint of a log: "entente/" and the SHA-256, in lower-case
// hexadecimal, over "entente log v1\n", the group id, the party's signing key and the epoch
// (32 bits, big-endian). It names nobody to those outside the group.
func Origin(group act.Hash, signing ed25519.PublicKey, epoch uint32) string {
	b := make([]byte, 0, len(originDomain)+act.HashSize+len(signing)+4)
	b = append(b, originDomain...)
	b = append(b, group[:]...)
	b = append(b, signing...)
	b = binary.BigEndian.AppendUint32(b, epoch)
	sum := sha256.Sum256(b)
	return originPrefix + hex.EncodeToString(sum[:])
}
