package sqlite

import (
	"fmt"
	"os"
	"path/filepath"

	"entente/ledger"
)

// Folder is a folder on the disk, as ledger.WriteAnchor needs it.
type Folder string

var _ ledger.Placer = Folder("")

// Read is the whole content of a file in the folder.
func (f Folder) Read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), name))
}

// Create makes or empties a file that only the program's own account may read.
func (f Folder) Create(name string) (ledger.File, error) {
	return os.OpenFile(filepath.Join(string(f), name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// Place writes into a file that exists, and makes it last.
func (f Folder) Place(name string, b []byte, at int64) error {
	g, err := os.OpenFile(filepath.Join(string(f), name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err = g.WriteAt(b, at); err == nil {
		err = syncData(g)
	}
	if cerr := g.Close(); err == nil {
		err = cerr
	}
	return err
}

// Rename puts a file in another's place.
func (f Folder) Rename(from, to string) error {
	return os.Rename(filepath.Join(string(f), from), filepath.Join(string(f), to))
}

// Sync makes the folder's entries last.
func (f Folder) Sync() error { return syncFolder(string(f)) }

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync the folder %s: %w", path, err)
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("sync the folder %s: %w", path, err)
	}
	return nil
}
