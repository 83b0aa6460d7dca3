package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"entente/internal/chancery"
	"entente/text"
)

// partySchema is the party's own file. Times are unix milliseconds; 0 stands for "not". Texts in
// several languages are JSON.
const partySchema = `
CREATE TABLE persons (
	id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, agency TEXT NOT NULL,
	admin INTEGER NOT NULL, added INTEGER NOT NULL, removed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passkeys (
	id BLOB PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL,
	record BLOB NOT NULL, added INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_person ON passkeys (person);
CREATE TABLE links (
	sum BLOB PRIMARY KEY, person TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
	sum BLOB PRIMARY KEY, person TEXT NOT NULL,
	began INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE counterparts (
	code TEXT PRIMARY KEY, card BLOB NOT NULL, confirmed INTEGER NOT NULL, confirmed_by TEXT NOT NULL, address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE groups (
	id BLOB PRIMARY KEY, handle TEXT NOT NULL UNIQUE, charter BLOB NOT NULL,
	state TEXT NOT NULL, sender TEXT NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE invitations (
	id BLOB PRIMARY KEY, code TEXT NOT NULL, state TEXT NOT NULL, terms BLOB NOT NULL,
	expires INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE exchanges (
	id INTEGER PRIMARY KEY, at INTEGER NOT NULL, party TEXT NOT NULL, grp BLOB NOT NULL, what TEXT NOT NULL,
	log_party INTEGER NOT NULL, log_epoch INTEGER NOT NULL, entries INTEGER NOT NULL, size INTEGER NOT NULL,
	root BLOB NOT NULL, bundle INTEGER NOT NULL, result TEXT NOT NULL
) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

// keptExchanges is how many lines of the exchange record are kept; older ones go.
const keptExchanges = 100_000

// Party is a party's own file: what is nobody else's business. It is a [chancery.Desk].
type Party struct{ *file }

var _ chancery.Desk = (*Party)(nil)

// OpenParty opens the party's own file, or makes it. The folder must exist.
func OpenParty(ctx context.Context, path string) (*Party, error) {
	f, err := openFile(ctx, path, layout{partyApplication, partySchema, nil})
	if err != nil {
		return nil, err
	}
	p := &Party{f}
	if err := p.exec(ctx, do(tokenSchema)); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// exec runs statements in one transaction; it lasts when exec returns nil. It is carried out even
// where ctx ends meanwhile.
func (p *Party) exec(ctx context.Context, steps ...step) error {
	_, err := p.update(ctx, steps...)
	return err
}

// A step is one statement with its values.
type step struct {
	query string
	args  []any
}

func do(query string, args ...any) step { return step{query, args} }

// update is exec; it says how many rows the last statement changed.
func (p *Party) update(ctx context.Context, steps ...step) (changed int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := p.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, trouble(p.path, "write to", err)
	}
	defer tx.Rollback()
	for _, s := range steps {
		res, err := tx.ExecContext(ctx, s.query, s.args...)
		if err != nil {
			return 0, trouble(p.path, "write to", err)
		}
		if changed, err = res.RowsAffected(); err != nil {
			return 0, trouble(p.path, "write to", err)
		}
	}
	return changed, trouble(p.path, "write to", tx.Commit())
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

// single reads one row; false where there is none.
func single[T any](ctx context.Context, f *file, scan func(scanner) (T, error), query string, args ...any) (T, bool, error) {
	v, err := scan(f.read.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, false, nil
	}
	return v, err == nil, trouble(f.path, "read", err)
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

// A fixed scans bytes of a known length.
type fixed []byte

// Scan is for database/sql.
func (d fixed) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b) != len(d) {
		return fmt.Errorf("%d bytes are stored as %T of %d", len(d), v, len(b))
	}
	copy(d, b)
	return nil
}

// words writes a text in several languages as JSON; none as nothing.
func words(t text.Texts) string {
	if len(t) == 0 {
		return ""
	}
	b, err := json.Marshal(t)
	if err != nil {
		panic("sqlite: texts are plain strings: " + err.Error())
	}
	return string(b)
}

// A wording scans what words wrote.
type wording struct{ t *text.Texts }

// Scan is for database/sql.
func (w wording) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a text is stored as %T", v)
	}
	*w.t = nil
	if s == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(s), w.t); err != nil {
		return err
	}
	return w.t.Check()
}

// notNil keeps an empty blob from being stored as NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// PutSetting is chancery.Desk's.
func (p *Party) PutSetting(ctx context.Context, key, value string) error {
	return p.exec(ctx, do("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value))
}

// Setting is chancery.Desk's.
func (p *Party) Setting(ctx context.Context, key string) (string, bool, error) {
	return single(ctx, p.file, func(r scanner) (v string, err error) { return v, r.Scan(&v) }, "SELECT value FROM settings WHERE key = ?", key)
}

// AddExchange is chancery.Desk's.
func (p *Party) AddExchange(ctx context.Context, e chancery.ExchangeRow) error {
	return p.exec(ctx,
		do(`INSERT INTO exchanges (at, party, grp, what, log_party, log_epoch, entries, size, root, bundle, result)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, millis(e.At), e.Party, e.Group[:], e.What, e.Log.Party, e.Log.Epoch,
			e.Entries, int64(e.Size), e.Root[:], int64(e.Bundle), e.Result),
		do("DELETE FROM exchanges WHERE id <= (SELECT max(id) FROM exchanges) - ?", keptExchanges))
}

// Exchanges is chancery.Desk's.
func (p *Party) Exchanges(ctx context.Context, limit int) ([]chancery.ExchangeRow, error) {
	return many(ctx, p.file, func(r scanner) (e chancery.ExchangeRow, err error) {
		var size, bundle int64
		err = r.Scan(moment{&e.At}, &e.Party, fixed(e.Group[:]), &e.What, &e.Log.Party, &e.Log.Epoch, &e.Entries, &size, fixed(e.Root[:]), &bundle, &e.Result)
		e.Size, e.Bundle, e.Log.Group = uint64(size), uint64(bundle), e.Group
		return e, err
	}, "SELECT at, party, grp, what, log_party, log_epoch, entries, size, root, bundle, result FROM exchanges ORDER BY id DESC LIMIT ?", limit)
}

// PutCounterpart is chancery.Desk's.
func (p *Party) PutCounterpart(ctx context.Context, c chancery.CounterpartRow) error {
	return p.exec(ctx, do(`INSERT INTO counterparts (code, card, confirmed, confirmed_by, address) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (code) DO UPDATE SET card = excluded.card, confirmed = excluded.confirmed,
		confirmed_by = excluded.confirmed_by, address = excluded.address`, c.Code, notNil(c.Card), millis(c.Confirmed), c.By, c.Address))
}

// Counterparts is chancery.Desk's.
func (p *Party) Counterparts(ctx context.Context) ([]chancery.CounterpartRow, error) {
	return many(ctx, p.file, func(r scanner) (c chancery.CounterpartRow, err error) {
		return c, r.Scan(&c.Code, &c.Card, moment{&c.Confirmed}, &c.By, &c.Address)
	}, "SELECT code, card, confirmed, confirmed_by, address FROM counterparts ORDER BY code")
}

// PutGroup is chancery.Desk's.
func (p *Party) PutGroup(ctx context.Context, g chancery.GroupRow) error {
	return p.exec(ctx, do(`INSERT INTO groups (id, handle, charter, state, sender, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, charter = excluded.charter, state = excluded.state,
		sender = excluded.sender, at = excluded.at`, g.ID[:], g.Handle, notNil(g.Charter), g.State, g.From, millis(g.At)))
}

// Groups is chancery.Desk's.
func (p *Party) Groups(ctx context.Context) ([]chancery.GroupRow, error) {
	return many(ctx, p.file, func(r scanner) (g chancery.GroupRow, err error) {
		return g, r.Scan(fixed(g.ID[:]), &g.Handle, &g.Charter, &g.State, &g.From, moment{&g.At})
	}, "SELECT id, handle, charter, state, sender, at FROM groups ORDER BY handle, id")
}

// PutInvitation is chancery.Desk's.
func (p *Party) PutInvitation(ctx context.Context, i chancery.InvitationRow) error {
	return p.exec(ctx, do(`INSERT INTO invitations (id, code, state, terms, expires, at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET code = excluded.code, state = excluded.state, terms = excluded.terms,
		expires = excluded.expires, at = excluded.at`, i.ID[:], i.Code, i.State, notNil(i.Terms), millis(i.Expires), millis(i.At)))
}

// Invitations is chancery.Desk's.
func (p *Party) Invitations(ctx context.Context) ([]chancery.InvitationRow, error) {
	return many(ctx, p.file, func(r scanner) (i chancery.InvitationRow, err error) {
		return i, r.Scan(fixed(i.ID[:]), &i.Code, &i.State, &i.Terms, moment{&i.Expires}, moment{&i.At})
	}, "SELECT id, code, state, terms, expires, at FROM invitations ORDER BY at DESC, id")
}
