package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are prepared once, on the connection that writes, before the first commit.
type statements struct {
	begin, commit, rollback   *sql.Stmt
	advance, add, size        *sql.Stmt
	insert, tile, clear, keep *sql.Stmt
}

func (s *statements) all() []*sql.Stmt {
	return []*sql.Stmt{s.begin, s.commit, s.rollback, s.advance, s.add, s.size, s.insert, s.tile, s.clear, s.keep}
}

// begun makes the file ready to be written. mu must be held.
func (g *Group) begun(ctx context.Context) error {
	if g.conn == nil {
		return fmt.Errorf("%s is closed. Nothing was written", g.path)
	}
	if g.wrote {
		return nil
	}
	for _, p := range []struct {
		into **sql.Stmt
		sql  string
	}{
		{&g.stmt.begin, "BEGIN IMMEDIATE"},
		{&g.stmt.commit, "COMMIT"},
		{&g.stmt.rollback, "ROLLBACK"},
		{&g.stmt.advance, "UPDATE logs SET size = ?, note = ? WHERE party = ? AND epoch = ? AND size = ?"},
		{&g.stmt.add, "INSERT INTO logs (size, note, party, epoch) VALUES (?, ?, ?, ?)"},
		{&g.stmt.size, "SELECT size FROM logs WHERE party = ? AND epoch = ?"},
		{&g.stmt.insert, "INSERT INTO bundles (place, count, data) VALUES (?, ?, ?)"},
		{&g.stmt.tile, "SELECT place, count, data FROM bundles WHERE place >= ? AND place < ? ORDER BY place"},
		{&g.stmt.clear, "DELETE FROM bundles WHERE place >= ? AND place < ?"},
		{&g.stmt.keep, "INSERT INTO evidence (party, epoch, file) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"},
	} {
		var err error
		if *p.into, err = g.conn.PrepareContext(ctx, p.sql); err != nil {
			return trouble(g.path, "write to", err)
		}
	}
	g.wrote = true
	return nil
}

// reader gives a connection to read with, and what to call when done. Until the first commit that
// is the connection that writes, if it is free: opening another costs more than a short log.
func (g *Group) reader(ctx context.Context) (conn *sql.Conn, done func(), err error) {
	if g.mu.TryLock() {
		if !g.wrote && g.conn != nil {
			return g.conn, g.mu.Unlock, nil
		}
		g.mu.Unlock()
	}
	conn, err = g.read.Conn(ctx)
	if err != nil {
		return nil, nil, trouble(g.path, "read", err)
	}
	return conn, func() { conn.Close() }, nil
}
