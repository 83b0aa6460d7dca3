package ledger

import (
	"bytes"
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

// A Placer is a Disk that can also write into the middle of a file. With one, moving an anchor on
// costs one sync and not three.
type Placer interface {
	Disk
	// Place writes b at an offset of a file that exists, inside its length, and makes it last.
	Place(name string, b []byte, at int64) error
}

// An anchor's file has two slots, so that one is whole while the other is being written. A slot is
// as large as the largest sector that a disk may lose in a power cut.
const (
	anchorSlot = 4096 // bytes
	anchorFile = 2 * anchorSlot
)

// slotOf is an anchor padded to a slot with newlines.
func slotOf(a Anchor) []byte {
	b := FormatAnchor(a)
	return append(b, bytes.Repeat([]byte{'\n'}, anchorSlot-len(b))...)
}

// slots reads both slots of an anchor's file; ok says which are whole.
func slots(b []byte) (a [2]Anchor, ok [2]bool) {
	if len(b) != anchorFile {
		return a, ok
	}
	for i := range a {
		text := bytes.TrimRight(b[i*anchorSlot:(i+1)*anchorSlot], "\n")
		got, err := ParseAnchor(append(bytes.Clone(text), '\n'))
		a[i], ok[i] = got, err == nil
	}
	return a, ok
}

// later reports whether a is further on than b.
func (a Anchor) later(b Anchor) bool {
	return a.Log.Epoch > b.Log.Epoch || a.Log.Epoch == b.Log.Epoch && a.Size > b.Size
}

// WriteAnchor moves the anchor on and makes it last. On a Placer it overwrites the older of the two
// slots: a crash in the midst of it leaves the newer one. Otherwise, and the first time, it makes a
// new file, syncs it, renames it and syncs the folder: a crash leaves the old file or the new one.
// An old anchor is behind the database and does no harm.
func WriteAnchor(d Disk, name string, a Anchor) error {
	err := writeAnchor(d, name, a)
	if err != nil {
		return fmt.Errorf("write the anchor of %s: %w. The entries are stored; whether the anchor is, is unknown. Check the disk and start the server again", a.Log, err)
	}
	return nil
}

func writeAnchor(d Disk, name string, a Anchor) error {
	if p, ok := d.(Placer); ok {
		if b, err := d.Read(name); err == nil {
			have, whole := slots(b)
			switch {
			case !whole[0] && !whole[1]: // not an anchor's file: make a new one
			case !whole[1] || whole[0] && have[0].later(have[1]):
				return p.Place(name, slotOf(a), anchorSlot)
			default:
				return p.Place(name, slotOf(a), 0)
			}
		}
	}
	f, err := d.Create(name + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(append(slotOf(a), bytes.Repeat([]byte{'\n'}, anchorSlot)...))
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
	return err
}

// ReadAnchor reads the anchor: the later one, where both slots are whole. The error is
// fs.ErrNotExist where there is no file.
func ReadAnchor(d Disk, name string) (Anchor, error) {
	b, err := d.Read(name)
	if err != nil {
		return Anchor{}, fmt.Errorf("read the anchor %s: %w", name, err)
	}
	a, ok := slots(b)
	switch {
	case !ok[0] && !ok[1]:
		return Anchor{}, &NoteError{What: "anchor", Why: "it is not a complete anchor of this version"}
	case !ok[0] || ok[1] && a[1].later(a[0]):
		return a[1], nil
	}
	return a[0], nil
}
