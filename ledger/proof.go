package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"entente/act"
)

// A noder gives complete nodes of a tree by level and index.
type noder interface {
	node(level int, i uint64) act.Hash
}

// nodeReader lets tlog's proofs read a tree of ours.
type nodeReader struct{ t noder }

// ReadHashes gives hashes by tlog's storage index.
func (r nodeReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		level, n := tlog.SplitStoredHashIndex(x)
		out[i] = tlog.Hash(r.t.node(level, uint64(n)))
	}
	return out, nil
}

// An overlay is the tree whose first leaves are a Book's and whose leaves from an index on are
// others.
type overlay struct {
	b      *Book
	from   uint64
	hashes []act.Hash
}

func (o *overlay) node(level int, i uint64) act.Hash {
	if (i+1)<<level <= o.from {
		return o.b.node(level, i)
	}
	if level == 0 {
		return o.hashes[i-o.from]
	}
	left, right := o.node(level-1, 2*i), o.node(level-1, 2*i+1)
	return hashNode(&left, &right)
}

// Inclusion is the RFC 6962 audit path of leaf i in the tree of the first size leaves.
func (b *Book) Inclusion(i, size uint64) ([]act.Hash, error) {
	if size > b.size || i >= size {
		return nil, fmt.Errorf("%s: no proof of entry %d among %d: %d are held", b.log, i, size, b.size)
	}
	p, err := tlog.ProveRecord(int64(size), int64(i), nodeReader{b})
	return fromTlog(p), err
}

// Consistency is the RFC 6962 proof that the first m leaves are a prefix of the first n.
func (b *Book) Consistency(m, n uint64) ([]act.Hash, error) {
	if m == 0 || m > n || n > b.size {
		return nil, fmt.Errorf("%s: no proof that %d entries come before %d: %d are held", b.log, m, n, b.size)
	}
	p, err := tlog.ProveTree(int64(n), int64(m), nodeReader{b})
	return fromTlog(p), err
}

func fromTlog(p []tlog.Hash) []act.Hash {
	out := make([]act.Hash, len(p))
	for i, h := range p {
		out[i] = act.Hash(h)
	}
	return out
}

// CheckConsistency checks a proof that the log with checkpoint small is a prefix of the one with
// checkpoint large.
func CheckConsistency(proof []act.Hash, small, large Checkpoint) error {
	if small.Origin != large.Origin || small.Size == 0 || small.Size > large.Size {
		return badNote("the two checkpoints cannot be compared")
	}
	p := make(tlog.TreeProof, len(proof))
	for i, h := range proof {
		p[i] = tlog.Hash(h)
	}
	if tlog.CheckTree(p, int64(large.Size), tlog.Hash(large.Root), int64(small.Size), tlog.Hash(small.Root)) != nil {
		return badNote("the proof that one log continues the other is wrong")
	}
	return nil
}

// A Proof shows that one leaf stands in a log: its index, its audit path and a signed checkpoint.
type Proof struct {
	Index  uint64
	Hashes []act.Hash
	Note   []byte
}

const proofHeader = "c2sp.org/tlog-proof@v1\n"

// FormatProof writes a proof as https://c2sp.org/tlog-proof has it, without extra data.
func FormatProof(p Proof) []byte {
	var b bytes.Buffer
	b.WriteString(proofHeader)
	fmt.Fprintf(&b, "index %d\n", p.Index)
	for _, h := range p.Hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.Write(p.Note)
	return b.Bytes()
}

// ParseProof reads what FormatProof writes and nothing else. The proof is not verified.
func ParseProof(file []byte) (Proof, error) {
	bad := &NoteError{What: "proof", Why: "it is not a complete proof file"}
	if len(file) > MaxProof {
		return Proof{}, bad
	}
	head, note, ok := bytes.Cut(file, []byte("\n\n"))
	text, ok2 := strings.CutPrefix(string(head)+"\n", proofHeader+"index ")
	if !ok || !ok2 {
		return Proof{}, bad
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	index, err := strconv.ParseUint(lines[0], 10, 64)
	if err != nil || index >= MaxEntries || len(lines)-1 > maxProofHashes {
		return Proof{}, bad
	}
	p := Proof{Index: index, Note: note}
	for _, line := range lines[1:] {
		h, err := parseHash64(line)
		if err != nil {
			return Proof{}, bad
		}
		p.Hashes = append(p.Hashes, h)
	}
	if _, err := parseNote(note); err != nil {
		return Proof{}, err
	}
	if !bytes.Equal(FormatProof(p), file) {
		return Proof{}, bad
	}
	return p, nil
}

// Verify checks that the leaf with this hash stands at the proof's index in the log named by
// origin, under a checkpoint signed by pub.
func (p Proof) Verify(pub ed25519.PublicKey, origin string, leaf act.Hash) (Signed, error) {
	signed, err := Open(pub, origin, p.Note)
	if err != nil {
		return Signed{}, err
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		path[i] = tlog.Hash(h)
	}
	bad := &NoteError{What: "proof", Why: "the entry does not stand where it says, under this checkpoint"}
	if p.Index >= signed.c.Size {
		return Signed{}, bad
	}
	if tlog.CheckRecord(path, int64(signed.c.Size), tlog.Hash(signed.c.Root), int64(p.Index), tlog.Hash(leaf)) != nil {
		return Signed{}, bad
	}
	return signed, nil
}
