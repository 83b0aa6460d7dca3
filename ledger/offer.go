package ledger

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"

	"entente/act"
)

// A Batch is one step of one log, to be committed by a [Store] as a whole and then applied to the
// [Book] it was made for. Leaves without a note is no batch; a note without leaves is the same
// checkpoint with more cosignatures; neither is nothing to do.
type Batch struct {
	Log    Log
	From   uint64   // the size the log must have now
	Leaves [][]byte // entries From, From+1, …
	Note   []byte   // a checkpoint of exactly From+len(Leaves) entries

	signed Signed     // Note, verified; zero in a batch made by hand
	hashes []act.Hash // of Leaves
}

// Empty reports whether there is nothing to do.
func (b Batch) Empty() bool { return len(b.Leaves) == 0 && b.Note == nil }

// Draft makes the batch that appends leaves to a log of one's own: it signs what the log will be.
// The Book is not changed. A drafted batch must be committed, or the process ended, before another
// is drafted: what has been signed may have been seen.
func (b *Book) Draft(k ed25519.PrivateKey, leaves ...[]byte) (Batch, error) {
	if len(k) != ed25519.PrivateKeySize || !b.pub.Equal(k.Public()) {
		return Batch{}, fmt.Errorf("%s: this is not the key that writes the log. Nothing was signed", b.log)
	}
	if err := checkLeaves(leaves); err != nil {
		return Batch{}, err
	}
	hashes := hashLeaves(leaves)
	e := b.edgeAt(b.size)
	for _, h := range hashes {
		e.add(h)
	}
	signed, err := Sign(k, Checkpoint{Origin: b.origin, Size: e.size, Root: e.root()})
	if err != nil {
		return Batch{}, err
	}
	return Batch{Log: b.log, From: b.size, Leaves: leaves, Note: signed.note, signed: signed, hashes: hashes}, nil
}

// Offer judges what came from outside: a signed checkpoint and the leaves from index from on, up
// to the checkpoint's size. The Book is not changed. What is new comes back as a batch; old news
// that agrees with what is held as an empty one. Otherwise the error is
//
//   - a [*NoteError]: the note is not a checkpoint of this log signed by its party;
//   - a [*Gap]: entries are missing; ask from Have;
//   - a [*Mismatch]: the leaves are not what was signed; ask from 0;
//   - a [*Fork]: the party has signed two histories, with the evidence.
func (b *Book) Offer(note []byte, from uint64, leaves [][]byte) (Batch, error) {
	signed, err := Open(b.pub, b.origin, note)
	if err != nil {
		return Batch{}, err
	}
	if err := checkLeaves(leaves); err != nil {
		return Batch{}, err
	}
	size := signed.c.Size
	if size <= b.size {
		return b.oldNews(signed)
	}
	to := from + uint64(len(leaves))
	if from > b.size || from <= to && to < size {
		return Batch{}, &Gap{Log: b.log, Have: b.size, From: from, To: to, Size: size}
	}
	if to != size {
		return Batch{}, badNote("more entries came with it than it covers")
	}
	hashes := hashLeaves(leaves)
	e := b.edgeAt(from)
	for _, h := range hashes {
		e.add(h)
	}
	if e.root() != signed.c.Root {
		return Batch{}, &Mismatch{Log: b.log, From: from, Size: size}
	}
	for i := from; i < b.size; i++ {
		if hashes[i-from] != b.LeafHash(i) {
			return Batch{}, b.forkAhead(signed, from, hashes)
		}
	}
	held := b.size - from
	return Batch{Log: b.log, From: b.size, Leaves: leaves[held:], Note: signed.note, signed: signed, hashes: hashes[held:]}, nil
}

// oldNews judges a checkpoint of no more entries than are held.
func (b *Book) oldNews(signed Signed) (Batch, error) {
	if root, _ := b.Root(signed.c.Size); root != signed.c.Root {
		return Batch{}, b.forkBehind(signed)
	}
	return Batch{Log: b.log, From: b.size}, nil
}

// Witness joins the cosignatures of a note to those of the head. The keys are the signing keys of
// the group's parties in the order of their ordinals. A note of an earlier size, or one that says
// nothing new, comes back as an empty batch; one that contradicts the head is a [*Fork].
func (b *Book) Witness(note []byte, keys []ed25519.PublicKey) (Batch, error) {
	signed, err := Open(b.pub, b.origin, note)
	if err != nil {
		return Batch{}, err
	}
	if signed.c.Size > b.size {
		return Batch{}, &Gap{Log: b.log, Have: b.size, From: b.size, To: b.size, Size: signed.c.Size}
	}
	none, err := b.oldNews(signed)
	if err != nil || signed.c != b.head.c {
		return none, err
	}
	merged, err := MergeCosignatures(b.head, signed, keys)
	if err != nil || bytes.Equal(merged.note, b.head.note) {
		return none, err
	}
	return Batch{Log: b.log, From: b.size, Note: merged.note, signed: merged}, nil
}

// Cosigned makes the batch that puts a cosigned head, see [Cosign], in the head's place.
func (b *Book) Cosigned(s Signed) (Batch, error) {
	if s.IsZero() || s.c != b.head.c {
		return Batch{}, fmt.Errorf("%s: a cosignature for another checkpoint than the one held. Nothing was changed", b.log)
	}
	if bytes.Equal(s.note, b.head.note) {
		return Batch{Log: b.log, From: b.size}, nil
	}
	return Batch{Log: b.log, From: b.size, Note: s.note, signed: s}, nil
}

// Apply adds a committed batch. A batch that Draft, Offer or Witness made for the Book as it is
// cannot fail; one made by hand is checked first. Where it fails the Book is unchanged.
func (b *Book) Apply(batch Batch) error {
	if batch.Log != b.log {
		return fmt.Errorf("%s: a batch for %s was applied to it. Nothing was changed", b.log, batch.Log)
	}
	if batch.Empty() {
		return nil
	}
	if batch.From != b.size {
		return &Moved{Log: b.log, Want: batch.From, Have: b.size}
	}
	if batch.Note == nil {
		return errors.New("a batch with entries has no checkpoint. Nothing was changed")
	}
	if batch.signed.IsZero() || len(batch.hashes) != len(batch.Leaves) {
		return b.applyUnchecked(batch)
	}
	if batch.signed.c.Size != b.size+uint64(len(batch.Leaves)) {
		return badNote("it is not of the size that the batch makes")
	}
	b.append(batch.Leaves, batch.hashes)
	b.head = batch.signed
	return nil
}

// applyUnchecked applies a batch of which only the public fields were kept.
func (b *Book) applyUnchecked(batch Batch) error {
	if len(batch.Leaves) > 0 {
		checked, err := b.Offer(batch.Note, batch.From, batch.Leaves)
		if err != nil {
			return err
		}
		if checked.Empty() {
			return badNote("it is older than the entries that come with it")
		}
		return b.Apply(checked)
	}
	signed, err := Open(b.pub, b.origin, batch.Note)
	if err != nil {
		return err
	}
	if root, ok := b.Root(b.size); !ok || signed.c.Size != b.size || signed.c.Root != root {
		return badNote("it is not of the size and root that are held")
	}
	b.head = signed
	return nil
}
