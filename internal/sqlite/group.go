package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"entente/act"
	"entente/ledger"
)

const groupSchema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
-- One row for each log; a note for each but an empty one.
CREATE TABLE logs (
	party INTEGER NOT NULL, epoch INTEGER NOT NULL,
	size INTEGER NOT NULL, note BLOB NOT NULL,
	PRIMARY KEY (party, epoch)
) STRICT, WITHOUT ROWID;
-- The leaves, as entry bundles. place = party, epoch and index of the first leaf (see placeOf).
-- No row crosses a multiple of 256 leaves; a full bundle is one row.
CREATE TABLE bundles (place INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE evidence (
	id INTEGER PRIMARY KEY, party INTEGER NOT NULL, epoch INTEGER NOT NULL, file BLOB NOT NULL,
	UNIQUE (party, epoch, file)
) STRICT;
`

// Bounds of a log's name, so that a leaf's place fits into one key of 63 bits.
const (
	indexBits = 40
	epochBits = 16
	maxParty  = 1<<7 - 1
	maxEpoch  = 1<<epochBits - 1
)

// Group is the file of one group: a ledger.Store.
type Group struct {
	*file
	group act.Hash

	mu    sync.Mutex // one commit at a time; guards what follows
	conn  *sql.Conn
	stmt  statements
	wrote bool // something was committed since the file was opened
}

var _ ledger.Store = (*Group)(nil)

// OpenGroup opens the file of a group, or makes it. The folder must exist.
func OpenGroup(ctx context.Context, path string, group act.Hash) (*Group, error) {
	f, err := openFile(ctx, path, layout{groupApplication, groupSchema, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ('group', ?)", group[:])
		return err
	}})
	if err != nil {
		return nil, err
	}
	g := &Group{file: f, group: group}
	if err := g.ready(ctx); err != nil {
		g.Close()
		return nil, err
	}
	return g, nil
}

// ready checks whose file this is.
func (g *Group) ready(ctx context.Context) error {
	var have []byte
	if err := g.write.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'group'").Scan(&have); err != nil {
		return trouble(g.path, "open", err)
	}
	if string(have) != string(g.group[:]) {
		return &Trouble{Kind: Foreign, File: g.path, Doing: "open", err: errors.New("it belongs to another group")}
	}
	conn, err := g.write.Conn(ctx)
	if err != nil {
		return trouble(g.path, "open", err)
	}
	g.conn = conn
	return nil
}

// Close closes the file.
func (g *Group) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.conn != nil {
		// The statements first: SQLite keeps a file open whose statements are not finished, and
		// then does not fold the write-ahead log into it.
		for _, s := range g.stmt.all() {
			if s != nil {
				s.Close()
			}
		}
		g.conn.Close()
		g.conn = nil
	}
	return g.file.Close()
}

// check refuses a log that cannot be in this file.
func (g *Group) check(l ledger.Log) error {
	if l.Group != g.group {
		return fmt.Errorf("%s is not of the group that %s belongs to. Nothing was written", l, g.path)
	}
	if l.Party > maxParty || l.Epoch > maxEpoch {
		return fmt.Errorf("%s: a group has at most %d parties, and a party at most %d epochs. Nothing was written", l, maxParty+1, maxEpoch+1)
	}
	return nil
}

// placeOf is the key of the row that begins with a leaf.
func placeOf(l ledger.Log, index uint64) int64 {
	return int64(l.Party)<<(epochBits+indexBits) | int64(l.Epoch)<<indexBits | int64(index)
}

// indexOf is the index of the leaf that a row begins with.
func indexOf(place int64) uint64 { return uint64(place) & (1<<indexBits - 1) }

// Logs is every log in the file.
func (g *Group) Logs(ctx context.Context) ([]ledger.State, error) {
	conn, done, err := g.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := conn.QueryContext(ctx, "SELECT party, epoch, size, note FROM logs ORDER BY party, epoch")
	if err != nil {
		return nil, trouble(g.path, "read", err)
	}
	defer rows.Close()
	var out []ledger.State
	for rows.Next() {
		s := ledger.State{Log: ledger.Log{Group: g.group}}
		if err := rows.Scan(&s.Log.Party, &s.Log.Epoch, &s.Size, &s.Note); err != nil {
			return nil, trouble(g.path, "read", err)
		}
		out = append(out, s)
	}
	return out, trouble(g.path, "read", rows.Err())
}

// PutEvidence keeps a file of evidence.
func (g *Group) PutEvidence(ctx context.Context, l ledger.Log, file []byte) error {
	if err := g.check(l); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.begun(ctx); err != nil {
		return err
	}
	_, err := g.stmt.keep.ExecContext(context.WithoutCancel(ctx), l.Party, l.Epoch, file)
	return trouble(g.path, "write to", err)
}

// Evidence is all the evidence kept, oldest first.
func (g *Group) Evidence(ctx context.Context) ([]ledger.Kept, error) {
	conn, done, err := g.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := conn.QueryContext(ctx, "SELECT party, epoch, file FROM evidence ORDER BY id")
	if err != nil {
		return nil, trouble(g.path, "read", err)
	}
	defer rows.Close()
	var out []ledger.Kept
	for rows.Next() {
		k := ledger.Kept{Log: ledger.Log{Group: g.group}}
		if err := rows.Scan(&k.Log.Party, &k.Log.Epoch, &k.File); err != nil {
			return nil, trouble(g.path, "read", err)
		}
		out = append(out, k)
	}
	return out, trouble(g.path, "read", rows.Err())
}
