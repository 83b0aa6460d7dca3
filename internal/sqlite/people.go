package sqlite

import (
	"context"
	"time"

	"entente/internal/chancery"
	"entente/party"
)

const personSQL = "SELECT id, name, role, agency, admin, added, removed FROM persons "

func scanPerson(r scanner) (p chancery.PersonRow, err error) {
	return p, r.Scan(&p.ID, wording{&p.Name}, wording{&p.Role}, wording{&p.Agency}, &p.Admin, moment{&p.Added}, moment{&p.Removed})
}

// PutPerson is chancery.Desk's.
func (p *Party) PutPerson(ctx context.Context, q chancery.PersonRow) error {
	return p.exec(ctx, do(`INSERT INTO persons (id, name, role, agency, admin, added, removed) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, agency = excluded.agency,
		admin = excluded.admin, added = excluded.added, removed = excluded.removed`,
		q.ID, words(q.Name), words(q.Role), words(q.Agency), q.Admin, millis(q.Added), millis(q.Removed)))
}

// People is chancery.Desk's.
func (p *Party) People(ctx context.Context) ([]chancery.PersonRow, error) {
	return many(ctx, p.file, scanPerson, personSQL+"ORDER BY id")
}

// Person is chancery.Desk's.
func (p *Party) Person(ctx context.Context, id party.Person) (chancery.PersonRow, bool, error) {
	return single(ctx, p.file, scanPerson, personSQL+"WHERE id = ?", id)
}

// RemovePerson is chancery.Desk's.
func (p *Party) RemovePerson(ctx context.Context, id party.Person, at time.Time) error {
	return p.exec(ctx,
		do("UPDATE persons SET removed = ? WHERE id = ?", millis(at), id),
		do("DELETE FROM sessions WHERE person = ?", id),
		do("DELETE FROM links WHERE person = ?", id),
		do("DELETE FROM passkeys WHERE person = ?", id),
		do("UPDATE tokens SET revoked = ? WHERE person = ? AND revoked = 0", millis(at), id))
}

// PutLink is chancery.Desk's.
func (p *Party) PutLink(ctx context.Context, l chancery.LinkRow) error {
	return p.exec(ctx, do(`INSERT INTO links (sum, person, expires, used) VALUES (?, ?, ?, ?)
		ON CONFLICT (sum) DO UPDATE SET person = excluded.person, expires = excluded.expires, used = excluded.used`,
		l.Sum[:], l.Person, millis(l.Expires), millis(l.Used)))
}

// UseLink is chancery.Desk's.
func (p *Party) UseLink(ctx context.Context, sum [32]byte, now time.Time) (chancery.LinkRow, bool, error) {
	changed, err := p.update(ctx, do("UPDATE links SET used = ? WHERE sum = ? AND used = 0 AND expires >= ?", millis(now), sum[:], millis(now)))
	if err != nil || changed == 0 {
		return chancery.LinkRow{}, false, err
	}
	return single(ctx, p.file, func(r scanner) (l chancery.LinkRow, err error) {
		return l, r.Scan(fixed(l.Sum[:]), &l.Person, moment{&l.Expires}, moment{&l.Used})
	}, "SELECT sum, person, expires, used FROM links WHERE sum = ?", sum[:])
}

// PutSession is chancery.Desk's.
func (p *Party) PutSession(ctx context.Context, s chancery.SessionRow) error {
	return p.exec(ctx, do(`INSERT INTO sessions (sum, person, began, seen, expires) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (sum) DO UPDATE SET person = excluded.person, began = excluded.began, seen = excluded.seen, expires = excluded.expires`,
		s.Sum[:], s.Person, millis(s.Began), millis(s.Seen), millis(s.Expires)))
}

// Session is chancery.Desk's.
func (p *Party) Session(ctx context.Context, sum [32]byte) (chancery.SessionRow, bool, error) {
	return single(ctx, p.file, func(r scanner) (s chancery.SessionRow, err error) {
		return s, r.Scan(fixed(s.Sum[:]), &s.Person, moment{&s.Began}, moment{&s.Seen}, moment{&s.Expires})
	}, "SELECT sum, person, began, seen, expires FROM sessions WHERE sum = ?", sum[:])
}

// EndSession is chancery.Desk's.
func (p *Party) EndSession(ctx context.Context, sum [32]byte) error {
	return p.exec(ctx, do("DELETE FROM sessions WHERE sum = ?", sum[:]))
}

// PutPasskey is chancery.Desk's.
func (p *Party) PutPasskey(ctx context.Context, k chancery.PasskeyRow) error {
	return p.exec(ctx, do(`INSERT INTO passkeys (id, person, name, record, added, used) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, name = excluded.name, record = excluded.record,
		added = excluded.added, used = excluded.used`, notNil(k.ID), k.Person, k.Name, notNil(k.Blob), millis(k.Added), millis(k.Used)))
}

// Passkeys is chancery.Desk's.
func (p *Party) Passkeys(ctx context.Context, id party.Person) ([]chancery.PasskeyRow, error) {
	return many(ctx, p.file, func(r scanner) (k chancery.PasskeyRow, err error) {
		return k, r.Scan(&k.ID, &k.Person, &k.Name, &k.Blob, moment{&k.Added}, moment{&k.Used})
	}, "SELECT id, person, name, record, added, used FROM passkeys WHERE person = ? ORDER BY id", id)
}

// RemovePasskey is chancery.Desk's.
func (p *Party) RemovePasskey(ctx context.Context, id []byte) error {
	return p.exec(ctx, do("DELETE FROM passkeys WHERE id = ?", notNil(id)))
}
