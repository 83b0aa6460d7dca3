package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"entente/act"
	"entente/internal/sqlite"
	"entente/ledger"
)

// openShelves remembers the groups' files that are open, for a backup while they are in use.
type openShelves struct {
	sqlite.Shelves
	gauge *gauge // how many entries have been read; nil where nobody asks
	mu    sync.Mutex
	open  map[act.Hash]*sqlite.Group
}

// OpenGroup is chancery.Shelves's.
func (s *openShelves) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, disk, err := s.Shelves.OpenGroup(ctx, id)
	if g, ok := st.(*sqlite.Group); ok && err == nil {
		s.mu.Lock()
		s.open[id] = g
		s.mu.Unlock()
	}
	if s.gauge != nil && err == nil {
		st = &gaugedStore{st, s.gauge}
	}
	return st, disk, err
}

// backup copies the data folder while it is in use, keys included. The party's own file is copied
// first: a group that is joined meanwhile is not in it, and its file is then one that nothing
// names. An anchor is copied before its log, which may so be ahead of it and never behind.
func (s *station) backup(ctx context.Context, to string) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return cannot("write the backup", err)
	}
	if err := os.Mkdir(filepath.Join(to, groupsDir), 0o700); err != nil {
		return cannot("write the backup", err)
	}
	if err := s.desk.Backup(ctx, filepath.Join(to, sqlite.PartyFile)); err != nil {
		return err
	}
	if err := s.margin.Backup(ctx, filepath.Join(to, sqlite.MarginFile)); err != nil {
		return err
	}
	s.shelves.mu.Lock()
	defer s.shelves.mu.Unlock()
	for id, g := range s.shelves.open {
		db := sqlite.GroupFile(id)
		folder := sqlite.AnchorFolder(db)
		if err := copyFolder(s.home.path(folder), filepath.Join(to, folder)); err != nil {
			return err
		}
		if err := g.Backup(ctx, filepath.Join(to, db)); err != nil {
			return err
		}
	}
	for _, name := range []string{markFile, cardFile, keysFile} { // the keys last: without them it is no data folder
		if err := copyFile(s.home.path(name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}
