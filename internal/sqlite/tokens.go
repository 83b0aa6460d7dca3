package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"entente/act"
	"entente/internal/chancery"
)

// tokenSchema is the table of tokens. Files that were made before there were tokens are given it.
const tokenSchema = `
CREATE TABLE IF NOT EXISTS tokens (
	sum BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL,
	groups BLOB NOT NULL, issued INTEGER NOT NULL, issued_by TEXT NOT NULL,
	expires INTEGER NOT NULL, used INTEGER NOT NULL, revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_person ON tokens (person);
`

const tokenSQL = "SELECT sum, id, person, name, scope, groups, issued, issued_by, expires, used, revoked FROM tokens "

func scanToken(r scanner) (t chancery.TokenRow, err error) {
	return t, r.Scan(fixed(t.Sum[:]), &t.ID, &t.Person, &t.Name, &t.Scope, hashes{&t.Groups}, moment{&t.Issued}, &t.By,
		moment{&t.Expires}, moment{&t.Used}, moment{&t.Revoked})
}

// PutToken is chancery.Desk's.
func (p *Party) PutToken(ctx context.Context, t chancery.TokenRow) error {
	groups := []byte{}
	for _, g := range t.Groups {
		groups = append(groups, g[:]...)
	}
	return p.exec(ctx, do(`INSERT INTO tokens (sum, id, person, name, scope, groups, issued, issued_by, expires, used, revoked)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (sum) DO UPDATE SET id = excluded.id, person = excluded.person, name = excluded.name, scope = excluded.scope,
		groups = excluded.groups, issued = excluded.issued, issued_by = excluded.issued_by, expires = excluded.expires,
		used = excluded.used, revoked = excluded.revoked`,
		t.Sum[:], t.ID, t.Person, t.Name, string(t.Scope), groups, millis(t.Issued), t.By, millis(t.Expires), millis(t.Used), millis(t.Revoked)))
}

// Token is chancery.Desk's.
func (p *Party) Token(ctx context.Context, sum [32]byte) (chancery.TokenRow, bool, error) {
	return single(ctx, p.file, scanToken, tokenSQL+"WHERE sum = ?", sum[:])
}

// Tokens is chancery.Desk's.
func (p *Party) Tokens(ctx context.Context) ([]chancery.TokenRow, error) {
	return many(ctx, p.file, scanToken, tokenSQL+"ORDER BY issued DESC, id")
}

// TouchToken is chancery.Desk's.
func (p *Party) TouchToken(ctx context.Context, sum [32]byte, at time.Time) error {
	return p.exec(ctx, do("UPDATE tokens SET used = ? WHERE sum = ?", millis(at), sum[:]))
}

// EndToken is chancery.Desk's.
func (p *Party) EndToken(ctx context.Context, sum [32]byte, at time.Time) error {
	return p.exec(ctx, do("UPDATE tokens SET revoked = ? WHERE sum = ?", millis(at), sum[:]))
}

// DropTokens is chancery.Desk's.
func (p *Party) DropTokens(ctx context.Context, before time.Time) error {
	return p.exec(ctx, do("DELETE FROM tokens WHERE expires < ?", millis(before)))
}

// hashes scans what hashes stand one behind the other in a blob.
type hashes struct{ list *[]act.Hash }

// Scan is for database/sql.
func (h hashes) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b)%act.HashSize != 0 {
		return fmt.Errorf("%d bytes are stored as %T of hashes", len(b), v)
	}
	*h.list = nil
	for r := bytes.NewBuffer(b); r.Len() > 0; {
		*h.list = append(*h.list, act.Hash(r.Next(act.HashSize)))
	}
	return nil
}
