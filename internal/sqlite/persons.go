package sqlite

import (
	"context"
	"time"
)

// Person is somebody who works on this server.
type Person struct {
	ID      string
	Name    string
	Role    string
	Agency  string
	Powers  []byte // full powers, in the form the chancery writes them
	Created time.Time
	Removed time.Time // zero while the person is active
}

// Passkey is a person's registered passkey.
type Passkey struct {
	ID         []byte // the authenticator's credential id
	Person     string
	Label      string
	Credential []byte // public key and counters, in the form the chancery writes them
	Created    time.Time
	Used       time.Time // last; zero for never
}

// Link is a one-time link: whoever opens it in time signs in as its person, once.
type Link struct {
	Digest  [32]byte // SHA-256 of the secret in the link
	Person  string
	Purpose string
	Created time.Time
	Expires time.Time
	Used    time.Time // zero until then
}

// Session is a signed-in browser or token.
type Session struct {
	Digest  [32]byte // SHA-256 of the token
	Person  string
	Created time.Time
	Seen    time.Time
	Expires time.Time
}

const personSQL = "SELECT id, name, role, agency, powers, created, removed FROM persons "

func scanPerson(r scanner) (p Person, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.Role, &p.Agency, &p.Powers, moment{&p.Created}, moment{&p.Removed})
	return p, err
}

// Persons is everybody, removed ones too, in the order of their ids.
func (p *Party) Persons(ctx context.Context) ([]Person, error) {
	return many(ctx, p.file, scanPerson, personSQL+"ORDER BY id")
}

// Person is one person, also when removed, or ErrNone.
func (p *Party) Person(ctx context.Context, id string) (Person, error) {
	return single(ctx, p.file, scanPerson, personSQL+"WHERE id = ?", id)
}

// PutPerson adds a person or changes one. It does not bring a removed one back: an id is never
// given to somebody else.
func (e *Edit) PutPerson(p Person) error {
	return e.one(`INSERT INTO persons (id, name, role, agency, powers, created, removed) VALUES (?, ?, ?, ?, ?, ?, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, agency = excluded.agency,
		powers = excluded.powers WHERE removed = 0`,
		p.ID, p.Name, p.Role, p.Agency, notNil(p.Powers), millis(p.Created))
}

// RemovePerson ends a person's access: sessions, links and passkeys go, the name stays for the
// record. ErrNone where there is no such active person.
func (e *Edit) RemovePerson(id string, at time.Time) error {
	if err := e.one("UPDATE persons SET removed = ? WHERE id = ? AND removed = 0", millis(at), id); err != nil {
		return err
	}
	for _, q := range []string{
		"DELETE FROM sessions WHERE person = ?",
		"DELETE FROM links WHERE person = ?",
		"DELETE FROM passkeys WHERE person = ?",
	} {
		if err := e.exec(q, id); err != nil {
			return err
		}
	}
	return nil
}

const passkeySQL = "SELECT id, person, label, credential, created, used FROM passkeys "

func scanPasskey(r scanner) (k Passkey, err error) {
	err = r.Scan(&k.ID, &k.Person, &k.Label, &k.Credential, moment{&k.Created}, moment{&k.Used})
	return k, err
}

// Passkeys is a person's passkeys, oldest first.
func (p *Party) Passkeys(ctx context.Context, person string) ([]Passkey, error) {
	return many(ctx, p.file, scanPasskey, passkeySQL+"WHERE person = ? ORDER BY created, id", person)
}

// Passkey is the passkey with a credential id, or ErrNone.
func (p *Party) Passkey(ctx context.Context, id []byte) (Passkey, error) {
	return single(ctx, p.file, scanPasskey, passkeySQL+"WHERE id = ?", id)
}

// PutPasskey adds a passkey or changes its label, counters and last use. ErrNone where its id is
// somebody else's.
func (e *Edit) PutPasskey(k Passkey) error {
	return e.one(`INSERT INTO passkeys (id, person, label, credential, created, used) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET label = excluded.label, credential = excluded.credential, used = excluded.used
		WHERE person = excluded.person`,
		k.ID, k.Person, k.Label, notNil(k.Credential), millis(k.Created), millis(k.Used))
}

// DeletePasskey removes a person's passkey.
func (e *Edit) DeletePasskey(person string, id []byte) error {
	return e.one("DELETE FROM passkeys WHERE person = ? AND id = ?", person, id)
}

// PutLink adds a one-time link.
func (e *Edit) PutLink(l Link) error {
	return e.exec("INSERT INTO links (digest, person, purpose, created, expires, used) VALUES (?, ?, ?, ?, ?, 0)",
		l.Digest[:], l.Person, l.Purpose, millis(l.Created), millis(l.Expires))
}

const linkSQL = "SELECT digest, person, purpose, created, expires, used FROM links "

func scanLink(r scanner) (l Link, err error) {
	err = r.Scan(digest{&l.Digest}, &l.Person, &l.Purpose, moment{&l.Created}, moment{&l.Expires}, moment{&l.Used})
	return l, err
}

// Link is the link with a digest if it may still be used at the time given, or ErrNone. It is not
// used up: see TakeLink.
func (p *Party) Link(ctx context.Context, digest [32]byte, now time.Time) (Link, error) {
	return single(ctx, p.file, scanLink, linkSQL+"WHERE digest = ? AND used = 0 AND expires > ?", digest[:], millis(now))
}

// TakeLink uses a link up and returns it; ErrNone where there is none, or it is used or expired.
func (e *Edit) TakeLink(digest [32]byte, now time.Time) (Link, error) {
	if err := e.one("UPDATE links SET used = ? WHERE digest = ? AND used = 0 AND expires > ?", millis(now), digest[:], millis(now)); err != nil {
		return Link{}, err
	}
	l, err := scanLink(e.tx.QueryRowContext(e.ctx, linkSQL+"WHERE digest = ?", digest[:]))
	return l, trouble(e.path, "read", err)
}

const sessionSQL = "SELECT digest, person, created, seen, expires FROM sessions "

func scanSession(r scanner) (s Session, err error) {
	err = r.Scan(digest{&s.Digest}, &s.Person, moment{&s.Created}, moment{&s.Seen}, moment{&s.Expires})
	return s, err
}

// Session is the session with a digest, if it has not expired at the time given; otherwise ErrNone.
func (p *Party) Session(ctx context.Context, digest [32]byte, now time.Time) (Session, error) {
	return single(ctx, p.file, scanSession, sessionSQL+"WHERE digest = ? AND expires > ?", digest[:], millis(now))
}

// Sessions is a person's sessions, newest first, expired ones too.
func (p *Party) Sessions(ctx context.Context, person string) ([]Session, error) {
	return many(ctx, p.file, scanSession, sessionSQL+"WHERE person = ? ORDER BY created DESC, digest", person)
}

// PutSession begins a session.
func (e *Edit) PutSession(s Session) error {
	return e.exec("INSERT INTO sessions (digest, person, created, seen, expires) VALUES (?, ?, ?, ?, ?)",
		s.Digest[:], s.Person, millis(s.Created), millis(s.Seen), millis(s.Expires))
}

// TouchSession notes that a session was used, and until when it is good now.
func (e *Edit) TouchSession(digest [32]byte, seen, expires time.Time) error {
	return e.one("UPDATE sessions SET seen = ?, expires = ? WHERE digest = ?", millis(seen), millis(expires), digest[:])
}

// EndSession ends one session; ending one that is not there is no error.
func (e *Edit) EndSession(digest [32]byte) error {
	return e.exec("DELETE FROM sessions WHERE digest = ?", digest[:])
}

// EndSessions ends all of a person's sessions.
func (e *Edit) EndSessions(person string) error {
	return e.exec("DELETE FROM sessions WHERE person = ?", person)
}

// Sweep deletes links and sessions that have expired at the time given.
func (e *Edit) Sweep(now time.Time) error {
	if err := e.exec("DELETE FROM links WHERE expires <= ?", millis(now)); err != nil {
		return err
	}
	return e.exec("DELETE FROM sessions WHERE expires <= ?", millis(now))
}
