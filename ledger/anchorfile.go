package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

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

// An anchor's file has two slots, so that one is whole while the other is being written. What is
// written ends with a sector, as the largest that a disk may lose in a power cut. A disk writes 512
// bytes whole or not at all, and the lines of a record, turn and check among them, are fewer: no two
// torn records ever add up to a third.
const (
	anchorSlot   = 1 << 16 // bytes: more than the step of a hundred people, and little to read at start
	anchorFile   = 2 * anchorSlot
	anchorSector = 4096 // bytes
)

// An AnchorFile is the file of a group's anchor in the hands of whoever writes the group's own log.
// It is for one goroutine at a time.
type AnchorFile struct {
	disk Disk
	name string
	turn uint64 // of the last record that was tried
	next int64  // where the next record goes: never over the last that is known to be whole
	here bool   // there is a file of two slots
}

// OpenAnchor finds the anchor's file and its last record; the zero Anchored where there is none yet.
func OpenAnchor(d Disk, name string) (*AnchorFile, Anchored, error) {
	f := &AnchorFile{disk: d, name: name}
	b, err := d.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return f, Anchored{}, nil
	}
	if err != nil {
		return nil, Anchored{}, fmt.Errorf("read the anchor %s: %w", name, err)
	}
	a, at, err := lastRecord(b)
	if err != nil {
		return nil, Anchored{}, err
	}
	f.turn, f.next, f.here = a.Turn, anchorSlot-at, true
	return f, a, nil
}

// lastRecord reads both slots and gives the record of the later turn, with the place of its slot.
func lastRecord(b []byte) (last Anchored, at int64, err error) {
	err = errAnchor
	for slot := int64(0); slot < anchorFile && len(b) == anchorFile; slot += anchorSlot {
		a, _, bad := frontAnchor(b[slot : slot+anchorSlot])
		if bad == nil && (err != nil || a.Turn > last.Turn) {
			last, at, err = a, slot, nil
		}
	}
	return last, at, err
}

// Fits reports whether a step can stand in a record. One that cannot is committed first, and
// anchored when it lasts.
func (f *AnchorFile) Fits(step Batch) bool {
	size := anchorLines + len(step.Note)
	for _, leaf := range step.Leaves {
		size += lengthSize + len(leaf)
	}
	return size <= anchorSlot && len(step.Leaves) <= BundleLeaves && len(step.Note) > 0
}

// Put moves the anchor on and makes it last; step is empty or fits. On a Placer it overwrites the
// slot that does not hold the last record that was put: a crash in the midst of it leaves that one.
// Otherwise, and the first time, it makes a new file, syncs it, renames it and syncs the folder: a
// crash leaves the old file or the new one. After an error it is unknown which record counts, until
// another has been put or the file is opened again.
func (f *AnchorFile) Put(a Anchor, step Batch) error {
	f.turn++
	b := FormatAnchor(Anchored{Turn: f.turn, Anchor: a, Step: step})
	b = append(b, bytes.Repeat([]byte{'\n'}, (anchorSector-len(b)%anchorSector)%anchorSector)...)
	err := f.put(b)
	if err != nil {
		return fmt.Errorf("write the anchor of %s: %w. Whether it was written is unknown. Check the disk and start the server again", a.Log, err)
	}
	return nil
}

func (f *AnchorFile) put(b []byte) error {
	if p, can := f.disk.(Placer); can && f.here {
		err := p.Place(f.name, b, f.next)
		if err == nil {
			f.next = anchorSlot - f.next
		}
		return err
	}
	if err := f.create(append(b, bytes.Repeat([]byte{'\n'}, anchorFile-len(b))...)); err != nil {
		return err
	}
	f.next, f.here = anchorSlot, true
	return nil
}

// create makes a whole file and puts it in the old one's place.
func (f *AnchorFile) create(b []byte) error {
	w, err := f.disk.Create(f.name + ".new")
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	if err == nil {
		err = w.Sync()
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = f.disk.Rename(f.name+".new", f.name)
	}
	if err == nil {
		err = f.disk.Sync()
	}
	return err
}

// WriteAnchor moves an anchor on once. Whoever does so again and again keeps an [AnchorFile].
func WriteAnchor(d Disk, name string, a Anchor) error {
	f, _, err := OpenAnchor(d, name)
	if err != nil {
		return err
	}
	return f.Put(a, Batch{})
}

// ReadAnchor reads the last record's anchor. The error is fs.ErrNotExist where there is no file.
func ReadAnchor(d Disk, name string) (Anchor, error) {
	b, err := d.Read(name)
	if err != nil {
		return Anchor{}, fmt.Errorf("read the anchor %s: %w", name, err)
	}
	a, _, err := lastRecord(b)
	return a.Anchor, err
}
