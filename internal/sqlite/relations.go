package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"entente/act"
)

// Counterpart is another party that this one deals with.
type Counterpart struct {
	Code        string
	Card        []byte    // its card, as it came
	Address     string    // host and port to use instead of the card's; empty for the card's own
	Confirmed   time.Time // when the number was compared; zero until then
	ConfirmedBy string    // the person who did
	Created     time.Time
}

// GroupRow is a group that this party belongs to, or is about to.
type GroupRow struct {
	ID      act.Hash
	Handle  string // in addresses and commands; unique on this server
	Charter []byte // canonical bytes
	State   string // in the chancery's words
	Created time.Time
}

// Invitation is a proposal to become counterparts or to form a group, sent or received.
type Invitation struct {
	ID        string
	Direction string // "in" or "out"
	Party     string // the other party's code; empty while unknown
	Body      []byte
	State     string // in the chancery's words
	Created   time.Time
	Expires   time.Time // zero for never
}

// Exchange is one line of the record of exchange: what passed to or from a counterpart.
type Exchange struct {
	ID        int64 // rising; given by AddExchange
	At        time.Time
	Party     string
	Group     act.Hash
	Direction string // "in" or "out"
	Way       string // "online" or "bundle"
	Entries   int64
	Size      uint64   // of the checkpoint; 0 where there was none
	Root      act.Hash // of the checkpoint
	Result    string   // in the chancery's words
}

const counterpartSQL = "SELECT code, card, address, confirmed, confirmed_by, created FROM counterparts "

func scanCounterpart(r scanner) (c Counterpart, err error) {
	err = r.Scan(&c.Code, &c.Card, &c.Address, moment{&c.Confirmed}, &c.ConfirmedBy, moment{&c.Created})
	return c, err
}

// Counterparts is every counterpart, in the order of their codes.
func (p *Party) Counterparts(ctx context.Context) ([]Counterpart, error) {
	return many(ctx, p.file, scanCounterpart, counterpartSQL+"ORDER BY code")
}

// Counterpart is one counterpart, or ErrNone.
func (p *Party) Counterpart(ctx context.Context, code string) (Counterpart, error) {
	return single(ctx, p.file, scanCounterpart, counterpartSQL+"WHERE code = ?", code)
}

// PutCounterpart adds a counterpart or replaces it whole.
func (e *Edit) PutCounterpart(c Counterpart) error {
	return e.exec(`INSERT INTO counterparts (code, card, address, confirmed, confirmed_by, created) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (code) DO UPDATE SET card = excluded.card, address = excluded.address,
		confirmed = excluded.confirmed, confirmed_by = excluded.confirmed_by`,
		c.Code, notNil(c.Card), c.Address, millis(c.Confirmed), c.ConfirmedBy, millis(c.Created))
}

// DeleteCounterpart forgets a counterpart; ErrNone where there is none.
func (e *Edit) DeleteCounterpart(code string) error {
	return e.one("DELETE FROM counterparts WHERE code = ?", code)
}

const groupSQL = "SELECT id, handle, charter, state, created FROM groups "

func scanGroup(r scanner) (g GroupRow, err error) {
	err = r.Scan(digest{(*[32]byte)(&g.ID)}, &g.Handle, &g.Charter, &g.State, moment{&g.Created})
	return g, err
}

// Groups is every group, in the order in which they were added.
func (p *Party) Groups(ctx context.Context) ([]GroupRow, error) {
	return many(ctx, p.file, scanGroup, groupSQL+"ORDER BY created, handle")
}

// PutGroup adds a group, or changes its handle and state. A charter does not change.
func (e *Edit) PutGroup(g GroupRow) error {
	return e.exec(`INSERT INTO groups (id, handle, charter, state, created) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, state = excluded.state`,
		g.ID[:], g.Handle, notNil(g.Charter), g.State, millis(g.Created))
}

// DeleteGroup forgets a group that never came about; ErrNone where there is none. Its file, if
// any, is left alone.
func (e *Edit) DeleteGroup(id act.Hash) error {
	return e.one("DELETE FROM groups WHERE id = ?", id[:])
}

const invitationSQL = "SELECT id, direction, party, body, state, created, expires FROM invitations "

func scanInvitation(r scanner) (i Invitation, err error) {
	err = r.Scan(&i.ID, &i.Direction, &i.Party, &i.Body, &i.State, moment{&i.Created}, moment{&i.Expires})
	return i, err
}

// Invitations is every invitation, newest first.
func (p *Party) Invitations(ctx context.Context) ([]Invitation, error) {
	return many(ctx, p.file, scanInvitation, invitationSQL+"ORDER BY created DESC, id")
}

// Invitation is one invitation, or ErrNone.
func (p *Party) Invitation(ctx context.Context, id string) (Invitation, error) {
	return single(ctx, p.file, scanInvitation, invitationSQL+"WHERE id = ?", id)
}

// PutInvitation adds an invitation or replaces it whole.
func (e *Edit) PutInvitation(i Invitation) error {
	return e.exec(`INSERT INTO invitations (id, direction, party, body, state, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET direction = excluded.direction, party = excluded.party, body = excluded.body,
		state = excluded.state, expires = excluded.expires`,
		i.ID, i.Direction, i.Party, notNil(i.Body), i.State, millis(i.Created), millis(i.Expires))
}

// MoveInvitation changes an invitation's state if it is the one given, so that one is answered once;
// otherwise ErrNone.
func (e *Edit) MoveInvitation(id, from, to string) error {
	return e.one("UPDATE invitations SET state = ? WHERE id = ? AND state = ?", to, id, from)
}

const exchangeSQL = "SELECT id, at, party, grp, direction, way, entries, size, root, result FROM exchanges "

func scanExchange(r scanner) (x Exchange, err error) {
	err = r.Scan(&x.ID, moment{&x.At}, &x.Party, digest{(*[32]byte)(&x.Group)}, &x.Direction, &x.Way,
		&x.Entries, &x.Size, digest{(*[32]byte)(&x.Root)}, &x.Result)
	return x, err
}

// AddExchange adds a line to the record of exchange.
func (e *Edit) AddExchange(x Exchange) error {
	return e.exec(`INSERT INTO exchanges (at, party, grp, direction, way, entries, size, root, result)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		millis(x.At), x.Party, x.Group[:], x.Direction, x.Way, x.Entries, x.Size, x.Root[:], x.Result)
}

// Exchanges is the newest lines of the record of exchange, newest first: with one party, or with
// all where party is empty; before an id, or from the newest where before is 0; at most limit.
func (p *Party) Exchanges(ctx context.Context, party string, before int64, limit int) ([]Exchange, error) {
	return many(ctx, p.file, scanExchange, exchangeSQL+`WHERE (?1 = '' OR party = ?1) AND (?2 = 0 OR id < ?2)
		ORDER BY id DESC LIMIT ?3`, party, before, limit)
}

// TrimExchanges keeps the newest lines of the record of exchange, as many as keep says.
func (e *Edit) TrimExchanges(keep int) error {
	return e.exec("DELETE FROM exchanges WHERE id <= (SELECT id FROM exchanges ORDER BY id DESC LIMIT 1 OFFSET ?)", keep)
}

func scanBlob(r scanner) (b []byte, err error) {
	err = r.Scan(&b)
	return b, err
}

// Setting is the value of a setting, or ErrNone.
func (p *Party) Setting(ctx context.Context, key string) ([]byte, error) {
	return single(ctx, p.file, scanBlob, "SELECT value FROM settings WHERE key = ?", key)
}

// Setting is the value of a setting as this transaction sees it, or ErrNone.
func (e *Edit) Setting(key string) ([]byte, error) {
	v, err := scanBlob(e.tx.QueryRowContext(e.ctx, "SELECT value FROM settings WHERE key = ?", key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNone
	}
	return v, trouble(e.path, "read", err)
}

// PutSetting sets a setting.
func (e *Edit) PutSetting(key string, value []byte) error {
	return e.exec("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, notNil(value))
}
