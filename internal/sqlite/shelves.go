package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
)

// Shelves are the groups' files in a data folder: each group has its database and, beside it, a
// folder with its anchor.
type Shelves string

var _ chancery.Shelves = Shelves("")

// OpenGroup opens or makes the file of a group, and the folder in which its anchor stands.
func (s Shelves) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	path := filepath.Join(string(s), GroupFile(id))
	folder := AnchorFolder(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the folder of a group: %w. Nothing was opened", err)
	}
	g, err := OpenGroup(ctx, path, id)
	if err != nil {
		return nil, nil, err
	}
	return g, Folder(folder), nil
}

// AnchorFolder is the folder of the anchor of a group whose database is at the path.
func AnchorFolder(db string) string { return db[:len(db)-len(filepath.Ext(db))] }
