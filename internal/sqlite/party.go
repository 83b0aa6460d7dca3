package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// partySchema is the party's own file. Times are unix milliseconds; 0 stands for "not".
const partySchema = `
CREATE TABLE persons (
	id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, agency TEXT NOT NULL,
	powers BLOB NOT NULL, created INTEGER NOT NULL, removed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passkeys (
	id BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES persons (id), label TEXT NOT NULL,
	credential BLOB NOT NULL, created INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_person ON passkeys (person);
CREATE TABLE links (
	digest BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES persons (id), purpose TEXT NOT NULL,
	created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
	digest BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES persons (id),
	created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE counterparts (
	code TEXT PRIMARY KEY, card BLOB NOT NULL, address TEXT NOT NULL,
	confirmed INTEGER NOT NULL, confirmed_by TEXT NOT NULL, created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE groups (
	id BLOB PRIMARY KEY, handle TEXT NOT NULL UNIQUE, charter BLOB NOT NULL,
	state TEXT NOT NULL, created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE invitations (
	id TEXT PRIMARY KEY, direction TEXT NOT NULL CHECK (direction IN ('in', 'out')), party TEXT NOT NULL,
	body BLOB NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE exchanges (
	id INTEGER PRIMARY KEY, at INTEGER NOT NULL, party TEXT NOT NULL, grp BLOB NOT NULL,
	direction TEXT NOT NULL CHECK (direction IN ('in', 'out')), way TEXT NOT NULL,
	entries INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, result TEXT NOT NULL
) STRICT;
CREATE INDEX exchanges_party ON exchanges (party, id);
CREATE TABLE settings (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
`

// Party is a party's own file: what is nobody else's business. Reading is by its methods; every
// change is inside [Party.Update].
type Party struct{ *file }

// OpenParty opens the party's own file, or makes it. The folder must exist.
func OpenParty(ctx context.Context, path string) (*Party, error) {
	f, err := openFile(ctx, path, layout{partyApplication, partySchema, nil})
	if err != nil {
		return nil, err
	}
	return &Party{f}, nil
}

// ErrNone says that there is no such row: no such person, no valid session, a link used up.
var ErrNone = errors.New("there is none")

// An Edit is one transaction on a party's file. It is valid inside the function given to Update.
type Edit struct {
	ctx  context.Context
	tx   *sql.Tx
	path string
}

// Update runs fn in one transaction: when fn returns nil everything it wrote lasts, otherwise
// nothing is written and fn's error is returned. fn must not call Update.
func (p *Party) Update(ctx context.Context, fn func(*Edit) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := p.write.BeginTx(ctx, nil)
	if err != nil {
		return trouble(p.path, "write to", err)
	}
	defer tx.Rollback()
	if err := fn(&Edit{ctx: ctx, tx: tx, path: p.path}); err != nil {
		return err
	}
	return trouble(p.path, "write to", tx.Commit())
}

// exec runs one statement.
func (e *Edit) exec(query string, args ...any) error {
	_, err := e.tx.ExecContext(e.ctx, query, args...)
	return trouble(e.path, "write to", err)
}

// one runs one statement that must change a row; otherwise ErrNone.
func (e *Edit) one(query string, args ...any) error {
	res, err := e.tx.ExecContext(e.ctx, query, args...)
	if err != nil {
		return trouble(e.path, "write to", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNone)
	}
	return nil
}

// A scanner is one row.
type scanner interface{ Scan(...any) error }

// many reads rows into values.
func many[T any](ctx context.Context, f *file, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := f.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, trouble(f.path, "read", err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, trouble(f.path, "read", err)
		}
		out = append(out, v)
	}
	return out, trouble(f.path, "read", rows.Err())
}

// single reads one row, or says ErrNone.
func single[T any](ctx context.Context, f *file, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(f.read.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, ErrNone
	}
	return v, trouble(f.path, "read", err)
}

// millis is how a time is stored: unix milliseconds, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// A moment scans what millis stored.
type moment struct{ t *time.Time }

// Scan is for database/sql.
func (m moment) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", v)
	}
	*m.t = time.Time{}
	if ms != 0 {
		*m.t = time.UnixMilli(ms).UTC()
	}
	return nil
}

// A digest scans 32 bytes.
type digest struct{ d *[32]byte }

// Scan is for database/sql.
func (d digest) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b) != len(d.d) {
		return fmt.Errorf("a digest is stored as %T of %d bytes", v, len(b))
	}
	copy(d.d[:], b)
	return nil
}

// notNil keeps an empty blob from being stored as NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
