package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"entente/internal/chancery"
	"entente/internal/sqlite"
	"entente/party"
)

// What stands in a data folder.
const (
	keysFile    = "keys" // secret: mode 0600
	cardFile    = "card"
	lockFile    = "lock"
	markFile    = "mark" // written once, never again: see home.place
	socketFile  = "entente.sock"
	groupsDir   = "groups"
	evidenceDir = "evidence"
)

// A home is the data folder of one party's server.
type home struct {
	dir  string
	keys party.Keys
	card party.Card
	lock *os.File
}

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

// errNoHome says that there is no data folder.
type errNoHome struct{ dir string }

func (e *errNoHome) Error() string {
	return fmt.Sprintf("There is no data folder at %s. Nothing was done. Make one:  entente init --party CODE --name NAME --data %s", e.dir, e.dir)
}

// errInUse says that another process has the data folder.
type errInUse struct{ dir string }

func (e *errInUse) Error() string {
	return fmt.Sprintf("The data folder %s is in use by another entente that does not answer here. Nothing was done. Stop that program, or wait until it has finished.", e.dir)
}

// makeHome makes a data folder with new keys. The folder may exist if it is empty.
func makeHome(dir string, random io.Reader, card func(party.Keys) party.Card) (*home, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return nil, fmt.Errorf("The folder %s is not empty. Nothing was written. Choose another with --data, or use the server that is there.", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, cannot("make the data folder", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, groupsDir), 0o700); err != nil {
		return nil, cannot("make the data folder", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { // it may have been there, open to others
		return nil, cannot("make the data folder", err)
	}
	h := &home{dir: dir}
	if err := h.take(); err != nil {
		return nil, err
	}
	if h.keys, err = party.NewKeys(random); err != nil {
		return nil, errors.Join(err, h.unmake())
	}
	h.card = card(h.keys)
	if err := h.card.Check(); err != nil {
		return nil, errors.Join(fmt.Errorf("The card cannot be made: %w. Nothing was written.", err), h.unmake())
	}
	// The keys come last: a folder without them is no data folder.
	for _, f := range []struct {
		name string
		data []byte
		mode fs.FileMode
	}{
		{markFile, []byte("This file says that the folder was not copied. Leave it as it is.\n"), 0o600},
		{cardFile, h.card.Format(h.keys), 0o644},
		{keysFile, h.keys.Format(), 0o600},
	} {
		if err := writeNew(h.path(f.name), f.data, f.mode); err != nil {
			return nil, errors.Join(err, h.unmake())
		}
	}
	return h, nil
}

// unmake takes away a folder that could not be made whole. It was empty or not there before.
func (h *home) unmake() error {
	if err := h.release(); err != nil {
		return err
	}
	return os.RemoveAll(h.dir)
}

// openHome takes hold of a data folder.
func openHome(dir string) (*home, error) {
	h := &home{dir: dir}
	if err := private(h.path(keysFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, &errNoHome{dir}
	} else if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(h.path(keysFile))
	if err != nil {
		return nil, cannot("read the keys", err)
	}
	if h.keys, err = party.ParseKeys(raw); err != nil {
		return nil, fmt.Errorf("%s: %w. Nothing was done. Restore the file from a backup", h.path(keysFile), err)
	}
	if raw, err = os.ReadFile(h.path(cardFile)); err != nil {
		return nil, cannot("read the card", err)
	}
	if h.card, err = party.ParseCard(raw); err != nil {
		return nil, fmt.Errorf("%s: %w. Nothing was done. Restore the file from a backup", h.path(cardFile), err)
	}
	return h, h.take()
}

// openToOthers are the rights to a file that anybody but its owner has.
const openToOthers fs.FileMode = 0o077

// private refuses a file of secrets that others on the machine can read or change.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&openToOthers != 0 {
		return fmt.Errorf("Others on this machine can open %s (mode %04o), which holds this party's secret keys. Nothing was opened. "+
			"Close it:  chmod 600 %s   If somebody may have read it, make a new data folder and compare numbers again.", path, mode, path)
	}
	return nil
}

// take locks the folder: one process at a time.
func (h *home) take() error {
	f, err := os.OpenFile(h.path(lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return cannot("lock the data folder", err)
	}
	if err := lockWhole(f); err != nil {
		f.Close()
		return &errInUse{h.dir}
	}
	h.lock = f
	return nil
}

func (h *home) release() error {
	if h.lock == nil {
		return nil
	}
	err := h.lock.Close()
	h.lock = nil
	return err
}

// place tells this folder from a copy of it: the identity of the database's file, and of a file
// that is written once and never again, with the time of its last change, which no copy keeps.
func (h *home) place() (string, error) {
	db, err := identity(h.path(sqlite.PartyFile))
	if err != nil {
		return "", cannot("look at the data folder", err)
	}
	mark, err := identity(h.path(markFile))
	if err != nil {
		return "", cannot("look at the data folder", err)
	}
	return db.file + " " + mark.file + " " + mark.changed, nil
}

// cannot wraps an error of the system.
func cannot(what string, err error) error {
	hint := "Nothing was changed."
	switch {
	case isFull(err):
		hint = "The disk is full. Make room and try again."
	case errors.Is(err, fs.ErrPermission):
		hint = "Give this account the right to do so, or choose another folder."
	}
	return fmt.Errorf("cannot %s: %w. %s", what, err, hint)
}

// writeNew writes a file that is not there yet, whole or not at all, and makes it last.
func writeNew(path string, data []byte, mode fs.FileMode) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists already. It was left as it is. Choose another name", path)
	}
	tmp := path + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) { // left behind by a crash, or put there by somebody
		return cannot("write "+path, err)
	}
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return cannot("write "+path, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		return errors.Join(cannot("write "+path, err), os.Remove(tmp))
	}
	if err := sqlite.Folder(filepath.Dir(path)).Sync(); err != nil {
		return cannot("write "+path, err)
	}
	return nil
}

func copyFolder(from, to string) error {
	list, err := os.ReadDir(from)
	if err != nil {
		return cannot("copy "+from, err)
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		return cannot("copy to "+to, err)
	}
	for _, f := range list {
		if !f.Type().IsRegular() || chancery.IsCache(f.Name()) {
			continue
		}
		if err := copyFile(filepath.Join(from, f.Name()), filepath.Join(to, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return cannot("copy "+from, err)
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return cannot("copy "+from, err)
	}
	mode := info.Mode().Perm()
	if filepath.Base(to) == keysFile {
		mode &^= openToOthers // a medium may not have kept it
	}
	return writeNew(to, b, mode)
}
