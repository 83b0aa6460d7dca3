package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"entente/act"
)

// An Anchor says, outside the database, how far a party's own log had come when something was last
// answered, served or put into a bundle. A database restored from an old copy does not agree with
// it, and must not go on writing under numbers that have been used.
type Anchor struct {
	Log  Log
	Size uint64
	Root act.Hash
}

// An Anchored is a record of an anchor's file. Records are counted by their turn, and the last one
// counts: a record of fewer entries takes back the one before it.
//
// Its step may be the entries that led to the anchor, where the record was written at the same time
// as the database: a database that lacks exactly these is completed from them. No more is in doubt
// at any time.
type Anchored struct {
	Turn uint64
	Anchor
	Step Batch // empty, or up to Size, with the checkpoint of it
}

// Anchor is the anchor of the log with the batch. The batch is one that Draft or Offer made.
func (b Batch) Anchor() Anchor {
	return Anchor{Log: b.Log, Size: b.signed.c.Size, Root: b.signed.c.Root}
}

const (
	anchorHeader = "entente anchor v1\n"
	anchorSum    = 8       // bytes of the SHA-256 in the check line
	anchorLines  = 1 << 10 // bytes of a record's lines, at most
)

// FormatAnchor writes a record:
//
//	entente anchor v1
//	turn <number, from 1>
//	group <64 hexadecimal digits>
//	party <ordinal>
//	epoch <number>
//	size <entries>
//	root <base64>
//	note <bytes>                              ┐ only where
//	leaves <bytes>                            ┘ there is a step
//	check <first 16 hexadecimal digits of the SHA-256 of all the rest>
//	<the note, then the leaves as an entry bundle>
func FormatAnchor(a Anchored) []byte {
	var rest []byte
	if !a.Step.Empty() {
		rest = AppendBundle(bytes.Clone(a.Step.Note), a.Step.Leaves...)
	}
	lines := fmt.Appendf(make([]byte, 0, anchorLines+len(rest)+anchorSector), "%sturn %d\ngroup %x\nparty %d\nepoch %d\nsize %d\nroot %s\n", anchorHeader, a.Turn,
		a.Log.Group[:], a.Log.Party, a.Log.Epoch, a.Size, base64.StdEncoding.EncodeToString(a.Root[:]))
	if !a.Step.Empty() {
		lines = fmt.Appendf(lines, "note %d\nleaves %d\n", len(a.Step.Note), len(rest)-len(a.Step.Note))
	}
	sum := sha256.New()
	sum.Write(lines)
	sum.Write(rest)
	lines = fmt.Appendf(lines, "check %x\n", sum.Sum(nil)[:anchorSum])
	return append(lines, rest...)
}

// errAnchor is what every record that is none amounts to.
var errAnchor = &NoteError{What: "anchor", Why: "it is not a complete anchor of this version"}

// ParseAnchor reads what FormatAnchor writes and nothing else.
func ParseAnchor(b []byte) (Anchored, error) {
	a, n, err := frontAnchor(b)
	if err == nil && n != len(b) {
		return Anchored{}, errAnchor
	}
	return a, err
}

// frontAnchor reads the record at the front of b, and says how long it is.
func frontAnchor(b []byte) (a Anchored, n int, err error) {
	front := string(b[:min(len(b), anchorLines)])
	lines, rest, found := strings.Cut(front, "check ")
	n = len(lines) + len("check ") + 2*anchorSum + len("\n")
	if !found || len(rest) <= 2*anchorSum || !strings.HasPrefix(lines, anchorHeader) {
		return Anchored{}, 0, errAnchor
	}
	p := anchorReader{lines: strings.Split(lines, "\n")[1:]}
	a.Turn = p.number("turn", 64)
	group, herr := hex.DecodeString(p.value("group"))
	if herr != nil || len(group) != act.HashSize {
		return Anchored{}, 0, errAnchor
	}
	a.Log = Log{Group: act.Hash(group), Party: uint8(p.number("party", 8)), Epoch: uint32(p.number("epoch", 32))}
	a.Size = p.number("size", 63)
	if a.Root, err = parseHash64(p.value("root")); err != nil || a.Size > MaxEntries {
		return Anchored{}, 0, errAnchor
	}
	if len(p.lines) > 1 {
		note, leaves := p.number("note", 31), p.number("leaves", 31)
		if p.bad || note+leaves > uint64(len(b)-n) {
			return Anchored{}, 0, errAnchor
		}
		if a.Step, err = stepOf(a.Anchor, b[n:n+int(note)], b[n+int(note):n+int(note+leaves)]); err != nil {
			return Anchored{}, 0, err
		}
		n += int(note + leaves)
	}
	if p.bad || a.Turn == 0 || !bytes.Equal(FormatAnchor(a), b[:n]) {
		return Anchored{}, 0, errAnchor
	}
	return a, n, nil
}

// stepOf is the step that led to an anchor. Nothing of it is believed yet: it is offered to the Book.
func stepOf(a Anchor, note, bundle []byte) (Batch, error) {
	leaves, err := SplitBundle(nil, string(bundle))
	if err != nil || len(leaves) == 0 || uint64(len(leaves)) > a.Size || len(note) == 0 || len(note) > MaxNote {
		return Batch{}, errAnchor
	}
	step := Batch{Log: a.Log, From: a.Size - uint64(len(leaves)), Note: bytes.Clone(note)}
	for _, leaf := range leaves {
		step.Leaves = append(step.Leaves, []byte(leaf))
	}
	return step, nil
}

// An anchorReader takes a record's lines one after another.
type anchorReader struct {
	lines []string
	bad   bool
}

func (p *anchorReader) value(key string) string {
	if len(p.lines) == 0 {
		p.bad = true
		return ""
	}
	v, has := strings.CutPrefix(p.lines[0], key+" ")
	p.lines, p.bad = p.lines[1:], p.bad || !has
	return v
}

func (p *anchorReader) number(key string, bits int) uint64 {
	n, err := strconv.ParseUint(p.value(key), 10, bits)
	p.bad = p.bad || err != nil
	return n
}
