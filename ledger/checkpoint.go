package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"entente/act"
)

// A Checkpoint says how long a log is and what its root is. On its own it is a claim; inside a
// [Signed] it is a verified one.
type Checkpoint struct {
	Origin string
	Size   uint64 // entries
	Root   act.Hash
}

// maxOrigin bounds the origin line, in bytes; ours have 72.
const maxOrigin = 255

// emptyRoot is the root of a tree without leaves: SHA-256 of nothing.
var emptyRoot = act.Hash(sha256.Sum256(nil))

// FormatCheckpoint writes the three lines of a checkpoint, each ended by a newline. It is the text
// that the log signs.
func FormatCheckpoint(c Checkpoint) string {
	return c.Origin + "\n" + strconv.FormatUint(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// ParseCheckpoint reads what FormatCheckpoint writes and nothing else: no extension lines, no
// leading zeros. The result is a claim by nobody.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 5)
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, badNote("it has not exactly three lines")
	}
	c := Checkpoint{Origin: lines[0]}
	if !validName(c.Origin) || len(c.Origin) > maxOrigin {
		return Checkpoint{}, badNote("its first line does not name a log")
	}
	size, err := parseSize(lines[1])
	if err != nil {
		return Checkpoint{}, err
	}
	c.Size = size
	root, err := parseHash64(lines[2])
	if err != nil {
		return Checkpoint{}, err
	}
	c.Root = root
	if c.Size == 0 && c.Root != emptyRoot {
		return Checkpoint{}, badNote("it gives a root to a log without entries")
	}
	return c, nil
}

func parseSize(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > MaxEntries || strconv.FormatUint(n, 10) != s {
		return 0, badNote("its size is not a plain number of entries")
	}
	return n, nil
}

// strict64 refuses base64 whose spare bits are set: such text would not re-encode to itself.
var strict64 = base64.StdEncoding.Strict()

func parseHash64(s string) (act.Hash, error) {
	var h act.Hash
	if len(s) != base64.StdEncoding.EncodedLen(len(h)) {
		return h, badNote("a root has the wrong length")
	}
	b, err := strict64.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, badNote("a root is not in base64")
	}
	return act.Hash(b), nil
}
