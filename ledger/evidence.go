package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"entente/act"
)

// Evidence is two signed checkpoints of one log that cannot both be true. Whoever has the party's
// signing key can check it, without the log's entries.
//
// Where the sizes are equal, the roots differ and there is nothing more to show. Where they differ,
// Proof is the RFC 6962 consistency proof that the first entries of the larger log, as many as the
// smaller one has, have the root Prefix; and the smaller checkpoint gives another.
type Evidence struct {
	A, B   []byte     // notes with the party's own signature alone; A's size is not above B's
	Prefix act.Hash   // zero where the sizes are equal
	Proof  []act.Hash // none where the sizes are equal
}

const (
	evidenceHeader = "entente evidence v1\n"
	maxProofHashes = 64
)

// Claims are the two checkpoints as the notes give them, unverified, for messages.
func (e Evidence) Claims() (a, b Checkpoint) {
	for _, p := range []struct {
		note []byte
		into *Checkpoint
	}{{e.A, &a}, {e.B, &b}} {
		if n, err := parseNote(p.note); err == nil {
			if c, err := ParseCheckpoint(n.text); err == nil {
				*p.into = c
			}
		}
	}
	return a, b
}

// Verify checks that the owner of the key has signed both checkpoints, for one log, and that they
// cannot both be true. A nil error means that the party is caught.
func (e Evidence) Verify(pub ed25519.PublicKey) error {
	claim, _ := e.Claims()
	a, err := Open(pub, claim.Origin, e.A)
	if err != nil {
		return err
	}
	b, err := Open(pub, claim.Origin, e.B)
	if err != nil {
		return err
	}
	err = e.contradiction(a.c, b.c)
	if !bytes.Equal(a.alone(), e.A) || !bytes.Equal(b.alone(), e.B) {
		err = errors.New("a note bears more than its party's own signature, which nobody could check")
	}
	if err != nil {
		return &NoteError{What: "evidence", Why: err.Error()}
	}
	return nil
}

// alone is the note with the log's own signature and no other: a party is caught by its own words,
// and a cosignature that the reader has no key for would be bytes that nothing covers.
func (s Signed) alone() []byte {
	n, err := parseNote(s.note)
	if err != nil || len(n.sigs) == 0 {
		return nil
	}
	n.sigs = n.sigs[:1]
	return formatNote(n)
}

// contradiction is nil where a and b cannot both be true.
func (e Evidence) contradiction(a, b Checkpoint) error {
	switch {
	case a.Size > b.Size:
		return errors.New("the larger checkpoint comes first")
	case a.Size == b.Size && (len(e.Proof) > 0 || !e.Prefix.IsZero()):
		return errors.New("it carries a proof that it does not need")
	case a.Size == b.Size && a.Root == b.Root:
		return errors.New("the two checkpoints say the same")
	case a.Size == b.Size:
		return nil
	case a.Size == 0:
		return errors.New("an empty log contradicts nothing")
	case a.Root == e.Prefix:
		return errors.New("the two checkpoints agree")
	}
	proof := make(tlog.TreeProof, len(e.Proof))
	for i, h := range e.Proof {
		proof[i] = tlog.Hash(h)
	}
	if err := tlog.CheckTree(proof, int64(b.Size), tlog.Hash(b.Root), int64(a.Size), tlog.Hash(e.Prefix)); err != nil {
		return errors.New("the proof of what the larger log began with is wrong")
	}
	return nil
}

// FormatEvidence writes an evidence file:
//
//	entente evidence v1
//	prefix <root in base64>      (the last two kinds of line only where the sizes differ)
//	hash <hash in base64>        (one line for each hash of the proof)
//	first <length in bytes>
//	<the signed note A>
//	second <length in bytes>
//	<the signed note B>
func FormatEvidence(e Evidence) []byte {
	var b bytes.Buffer
	b.WriteString(evidenceHeader)
	if !e.Prefix.IsZero() {
		fmt.Fprintf(&b, "prefix %s\n", base64.StdEncoding.EncodeToString(e.Prefix[:]))
	}
	for _, h := range e.Proof {
		fmt.Fprintf(&b, "hash %s\n", base64.StdEncoding.EncodeToString(h[:]))
	}
	fmt.Fprintf(&b, "first %d\n%ssecond %d\n%s", len(e.A), e.A, len(e.B), e.B)
	return b.Bytes()
}

// ParseEvidence reads what FormatEvidence writes and nothing else. The evidence is not verified.
func ParseEvidence(file []byte) (Evidence, error) {
	bad := &NoteError{What: "evidence", Why: "it is not a complete evidence file of this version"}
	if len(file) > MaxEvidence {
		return Evidence{}, &NoteError{What: "evidence", Why: fmt.Sprintf("it is longer than %d bytes", MaxEvidence)}
	}
	var e Evidence
	rest, ok := strings.CutPrefix(string(file), evidenceHeader)
	if !ok {
		return Evidence{}, bad
	}
	for line, more, _ := strings.Cut(rest, "\n"); ; line, more, _ = strings.Cut(rest, "\n") {
		into, value := evidenceLine(line)
		if into == "" {
			break
		}
		h, err := parseHash64(value)
		if err != nil || len(e.Proof) == maxProofHashes {
			return Evidence{}, bad
		}
		if into == "prefix" {
			e.Prefix = h
		} else {
			e.Proof = append(e.Proof, h)
		}
		rest = more
	}
	var err error
	if e.A, rest, err = cutNote(rest, "first "); err != nil {
		return Evidence{}, bad
	}
	if e.B, rest, err = cutNote(rest, "second "); err != nil || rest != "" {
		return Evidence{}, bad
	}
	if !bytes.Equal(FormatEvidence(e), file) {
		return Evidence{}, bad
	}
	return e, nil
}

func evidenceLine(line string) (kind, value string) {
	kind, value, _ = strings.Cut(line, " ")
	if kind != "prefix" && kind != "hash" {
		return "", ""
	}
	return kind, value
}

// cutNote takes "<word><length>\n" and that many bytes of a note off s.
func cutNote(s, word string) (note []byte, rest string, err error) {
	line, rest, _ := strings.Cut(s, "\n")
	digits, ok := strings.CutPrefix(line, word)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 || n > len(rest) {
		return nil, "", errBundle
	}
	note = []byte(rest[:n])
	if _, err := parseNote(note); err != nil {
		return nil, "", err
	}
	return note, rest[n:], nil
}

// forkBehind is the error for a checkpoint of no more entries than are held, with another root.
func (b *Book) forkBehind(signed Signed) error {
	if b.head.IsZero() {
		return &Mismatch{Log: b.log, Size: signed.c.Size}
	}
	prefix, _ := b.Root(signed.c.Size)
	return b.fork(signed, b.head, prefix, b)
}

// forkAhead is the error for a checkpoint of more entries than are held, whose leaves, hashed from
// index from on, are another history than ours.
func (b *Book) forkAhead(signed Signed, from uint64, hashes []act.Hash) error {
	if b.head.IsZero() {
		return &Mismatch{Log: b.log, From: from, Size: signed.c.Size}
	}
	e := b.edgeAt(from)
	for _, h := range hashes[:b.size-from] {
		e.add(h)
	}
	return b.fork(b.head, signed, e.root(), &overlay{b: b, from: from, hashes: hashes})
}

// fork puts the evidence together: small and large are verified, prefix is the root of large's first
// entries, and nodes reads large's tree.
func (b *Book) fork(small, large Signed, prefix act.Hash, nodes noder) error {
	ev := Evidence{A: small.alone(), B: large.alone()}
	if small.c.Size < large.c.Size {
		proof, err := tlog.ProveTree(int64(large.c.Size), int64(small.c.Size), nodeReader{nodes})
		if err != nil {
			return fmt.Errorf("%s: put evidence together: %w", b.log, err)
		}
		ev.Prefix = prefix
		for _, h := range proof {
			ev.Proof = append(ev.Proof, act.Hash(h))
		}
	} else if bytes.Compare(small.c.Root[:], large.c.Root[:]) > 0 {
		ev.A, ev.B = ev.B, ev.A
	}
	return &Fork{Log: b.log, Evidence: ev}
}
