package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
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

const anchorHeader = "entente anchor v1\n"

// FormatAnchor writes an anchor:
//
//	entente anchor v1
//	group <64 hexadecimal digits>
//	party <ordinal>
//	epoch <number>
//	size <entries>
//	root <base64>
//	check <first 16 hexadecimal digits of the SHA-256 of the lines before>
func FormatAnchor(a Anchor) []byte {
	body := fmt.Sprintf("%sgroup %s\nparty %d\nepoch %d\nsize %d\nroot %s\n", anchorHeader,
		hex.EncodeToString(a.Log.Group[:]), a.Log.Party, a.Log.Epoch, a.Size, base64.StdEncoding.EncodeToString(a.Root[:]))
	sum := sha256.Sum256([]byte(body))
	return []byte(body + "check " + hex.EncodeToString(sum[:8]) + "\n")
}

// ParseAnchor reads what FormatAnchor writes and nothing else.
func ParseAnchor(b []byte) (Anchor, error) {
	bad := &NoteError{What: "anchor", Why: "it is not a complete anchor of this version"}
	lines := strings.Split(string(b), "\n")
	if len(b) > 1024 || len(lines) != 8 {
		return Anchor{}, bad
	}
	value := func(i int, key string) string {
		v, _ := strings.CutPrefix(lines[i], key+" ")
		return v
	}
	var a Anchor
	group, err1 := hex.DecodeString(value(1, "group"))
	party, err2 := strconv.ParseUint(value(2, "party"), 10, 8)
	epoch, err3 := strconv.ParseUint(value(3, "epoch"), 10, 32)
	size, err4 := parseSize(value(4, "size"))
	root, err5 := parseHash64(value(5, "root"))
	if errors.Join(err1, err2, err3, err4, err5) != nil || len(group) != act.HashSize {
		return Anchor{}, bad
	}
	a = Anchor{Log: Log{Group: act.Hash(group), Party: uint8(party), Epoch: uint32(epoch)}, Size: size, Root: root}
	if string(FormatAnchor(a)) != string(b) {
		return Anchor{}, bad
	}
	return a, nil
}

// A Disk is one folder, as far as anchors need it.
type Disk interface {
	// Read is the whole content of a file; fs.ErrNotExist where there is none.
	Read(name string) ([]byte, error)
	// Create makes or empties a file for writing.
	Create(name string) (File, error)
	// Rename puts a file in another's place, at once or not at all.
	Rename(from, to string) error
	// Sync makes the folder's own entries last.
	Sync() error
}

// A File is a file being written.
type File interface {
	io.WriteCloser
	// Sync makes the content last.
	Sync() error
}

// WriteAnchor puts the anchor in place of the one before and makes it last: a new file, synced,
// renamed, the folder synced. A crash before the rename leaves the old anchor, which is behind the
// database and does no harm; a crash after it leaves the new one.
func WriteAnchor(d Disk, name string, a Anchor) error {
	f, err := d.Create(name + ".new")
	if err != nil {
		return fmt.Errorf("write the anchor of %s: %w. The old anchor stands", a.Log, err)
	}
	_, err = f.Write(FormatAnchor(a))
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = d.Rename(name+".new", name)
	}
	if err == nil {
		err = d.Sync()
	}
	if err != nil {
		return fmt.Errorf("write the anchor of %s: %w. The entries are stored; whether the anchor is, is unknown. Check the disk and start the server again", a.Log, err)
	}
	return nil
}

// ReadAnchor reads an anchor; the error is fs.ErrNotExist where there is none.
func ReadAnchor(d Disk, name string) (Anchor, error) {
	b, err := d.Read(name)
	if err != nil {
		return Anchor{}, fmt.Errorf("read the anchor %s: %w", name, err)
	}
	return ParseAnchor(b)
}
