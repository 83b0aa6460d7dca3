package sqlite

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	modernc "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// A Kind says what stands in the way of a file.
type Kind int

// The kinds of trouble.
const (
	Other       Kind = iota
	Full             // the disk is full
	InUse            // another program holds the file
	ReadOnly         // the file or its folder may not be written
	Unreachable      // the file cannot be opened
	Damaged          // the file is not whole
	Foreign          // the file is something else
	Newer            // the file was written by another version of the program
	Failing          // the disk reports errors
)

// Trouble is what went wrong with a file, in words for the keeper of the server.
type Trouble struct {
	Kind  Kind
	File  string // its path
	Doing string // "open", "write to", …
	err   error
}

// Error says what happened, what was left untouched and what to do.
func (t *Trouble) Error() string {
	return fmt.Sprintf("%s %s: %s (%v)", t.Doing, t.File, advice(t.Kind), t.err)
}

// Unwrap is what SQLite or the system said.
func (t *Trouble) Unwrap() error { return t.err }

func advice(k Kind) string {
	switch k {
	case Full:
		return "the disk is full. Nothing of this step was stored, and what was stored before is whole. Make room, then try again"
	case InUse:
		return "another program is using the file. Nothing was written. Stop the other program, or wait for it, then try again"
	case ReadOnly:
		return "the file or its folder is read-only for this program. Nothing was written. Give the program's account the right to write there"
	case Unreachable:
		return "the file cannot be opened. Nothing was changed. Check that the folder exists and that the program's account may use it"
	case Damaged:
		return "the file is damaged. It was left as it is. Make a copy of the folder, then run: entente recover"
	case Foreign:
		return "the file is not the Entente file that belongs here. It was left as it is. Move it away, or name the right data folder"
	case Newer:
		return "the file was written by another version of this program. It was left as it is. Use that version, or a later one"
	case Failing:
		return "the disk reported an error. Whether this step was stored is unknown. Check the disk, then start the server again: it reads the file anew"
	}
	return "the database refused. Whether this step was stored is unknown until the file is read again"
}

// trouble sorts an error by SQLite's code; nil stays nil.
func trouble(path, doing string, err error) error {
	if err == nil {
		return nil
	}
	var known *Trouble
	if errors.As(err, &known) {
		return err
	}
	return &Trouble{Kind: kindOf(err), File: path, Doing: doing, err: err}
}

func kindOf(err error) Kind {
	var e *modernc.Error
	if !errors.As(err, &e) {
		switch {
		case errors.Is(err, os.ErrPermission):
			return ReadOnly
		case errors.Is(err, syscall.ENOSPC):
			return Full
		}
		return Other
	}
	if e.Code() == lib.SQLITE_IOERR_SHMSIZE { // no room for the file's index in memory, which opening it needs
		return Full
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return Full
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
		return InUse
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		return ReadOnly
	case lib.SQLITE_CANTOPEN:
		return Unreachable
	case lib.SQLITE_CORRUPT:
		return Damaged
	case lib.SQLITE_NOTADB:
		return Foreign
	case lib.SQLITE_IOERR:
		return Failing
	}
	return Other
}
