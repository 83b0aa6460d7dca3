package chancery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// How long things last.
const (
	LinkLife    = 24 * time.Hour     // a one-time link
	SessionLife = 7 * 24 * time.Hour // a session, however much it is used
	SessionIdle = 12 * time.Hour     // a session that is not used
	touchEvery  = time.Minute        // how often a session's use is written down
	secretSize  = 32                 // bytes of a link's secret or a session's token
)

// Who is a person who has signed in, or for whom the owner of the data folder speaks.
type Who struct {
	Person party.Person
	Name   text.Texts
	Admin  bool
}

// Local is the person for whom the command line speaks. Who can open the data folder has its keys;
// asking for a name is for the record. The empty person is the folder's owner, an administrator
// who sits in no delegation.
func (c *Chancery) Local(ctx context.Context, id party.Person) (Who, error) {
	if id == "" {
		return Who{Admin: true}, nil
	}
	return c.person(ctx, id)
}

func (c *Chancery) person(ctx context.Context, id party.Person) (Who, error) {
	row, ok, err := c.desk.Person(ctx, id)
	if err != nil {
		return Who{}, err
	}
	if !ok || !row.Removed.IsZero() {
		return Who{}, ErrWithheld
	}
	return Who{Person: row.ID, Name: row.Name, Admin: row.Admin}, nil
}

// People lists this party's people.
func (c *Chancery) People(ctx context.Context) ([]PersonRow, error) { return c.desk.People(ctx) }

// AddPerson adds somebody, or changes the name, role and agency of somebody who is there. The
// first person of a server is an administrator, and sits with all powers in every delegation that
// is empty.
func (c *Chancery) AddPerson(ctx context.Context, who Who, p PersonRow) error {
	c.people.Lock()
	defer c.people.Unlock()
	return c.addPerson(ctx, who, p)
}

func (c *Chancery) addPerson(ctx context.Context, who Who, p PersonRow) error {
	if !who.Admin {
		return refuse("powers", "Only an administrator adds people. Nothing was changed.")
	}
	if len(p.Name) == 0 {
		return refuse("name", "A person needs a name. Nothing was changed.")
	}
	people, err := c.desk.People(ctx)
	if err != nil {
		return err
	}
	for _, o := range people {
		if o.ID != p.ID && text.LooksAlike(string(o.ID), string(p.ID)) {
			return refuse("alike", "%s looks like %s, who is here already. Nothing was changed. Choose a name that cannot be mistaken.", p.ID, o.ID)
		}
		if o.ID == p.ID && !o.Removed.IsZero() {
			return refuse("removed", "%s was removed, and a name is not given twice: old acts bear it. Nothing was changed. Choose another.", p.ID)
		}
	}
	p.Admin = p.Admin || len(people) == 0
	p.Added, p.Removed = c.clock().UTC(), time.Time{}
	if i := slices.IndexFunc(people, func(o PersonRow) bool { return o.ID == p.ID }); i >= 0 {
		p.Added = people[i].Added
		if people[i].Admin && !p.Admin && administrators(people) == 1 {
			return refuse("last", "%s is the only administrator. Nothing was changed. Make somebody else one first.", p.ID)
		}
	}
	if err := c.desk.PutPerson(ctx, p); err != nil {
		return err
	}
	if p.Admin {
		return c.seatFirst(ctx, Who{p.ID, p.Name, true}, p)
	}
	return nil
}

func administrators(people []PersonRow) (n int) {
	for _, p := range people {
		if p.Admin && p.Removed.IsZero() {
			n++
		}
	}
	return n
}

// seatFirst gives every group without a delegation this person as its first.
func (c *Chancery) seatFirst(ctx context.Context, who Who, p PersonRow) error {
	for _, g := range c.Groups() {
		if g.delegation() == 0 && g.Held() == "" {
			if err := g.seatAlone(ctx, who, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *Group) delegation() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.plan.Delegation(g.self).Delegates)
}

func (g *Group) seatAlone(ctx context.Context, who Who, p PersonRow) error {
	all := act.MayPropose | act.MayAccept | act.MayRemark | act.MayConvene | act.MayCertify
	_, err := g.Admit(ctx, who, Draft{Body: act.Accredit{Delegates: []act.Delegate{{
		Person: p.ID, Name: p.Name, Role: p.Role, Agency: p.Agency, Powers: all}}}})
	return err
}

// RemovePerson removes somebody: sessions end at once, links and security keys stop working, and
// the person leaves every delegation in which somebody else may convene.
func (c *Chancery) RemovePerson(ctx context.Context, who Who, id party.Person) error {
	if !who.Admin || who.Person == id {
		return refuse("powers", "Only an administrator removes people, and nobody removes themselves. Nothing was changed.")
	}
	if _, err := c.person(ctx, id); err != nil {
		return err
	}
	if err := c.desk.RemovePerson(ctx, id, c.clock().UTC()); err != nil {
		return err
	}
	for _, g := range c.Groups() {
		g.unseat(ctx, id)
	}
	return nil
}

// unseat takes a removed person out of the delegation. Where nobody else may convene the seat
// stays on record; it opens nothing, since the person can no longer sign in.
func (g *Group) unseat(ctx context.Context, id party.Person) {
	g.mu.RLock()
	var rest []act.Delegate
	var convener party.Person
	for _, d := range g.plan.Delegation(g.self).Delegates {
		if d.Person == id {
			continue
		}
		rest = append(rest, d)
		if d.Powers.Has(act.MayConvene) {
			convener = d.Person
		}
	}
	before := len(g.plan.Delegation(g.self).Delegates)
	g.mu.RUnlock()
	if convener == "" || len(rest) == before {
		return
	}
	if _, err := g.submit(ctx, Who{Person: convener}, Draft{Body: act.Accredit{Delegates: rest}}); err != nil {
		g.c.log.Warn("a removed person still stands in the delegation on record", "group", g.handle, "err", err)
	}
}

// secret draws a secret for a link or a session, and its digest.
func (c *Chancery) secret() (string, [32]byte, error) {
	b := make([]byte, secretSize)
	if _, err := io.ReadFull(c.random, b); err != nil {
		return "", [32]byte{}, err
	}
	s := base64.RawURLEncoding.EncodeToString(b)
	return s, sha256.Sum256([]byte(s)), nil
}

// NewLink makes a one-time link's secret, with which the person signs in once. The empty person is
// for setting up a server that has nobody yet.
func (c *Chancery) NewLink(ctx context.Context, who Who, id party.Person) (secret string, expires time.Time, err error) {
	if !who.Admin && who.Person != id {
		return "", time.Time{}, refuse("powers", "Only an administrator makes links for others. Nothing was changed.")
	}
	if id != "" {
		if _, err := c.person(ctx, id); err != nil {
			return "", time.Time{}, err
		}
	}
	secret, sum, err := c.secret()
	if err != nil {
		return "", time.Time{}, err
	}
	expires = c.clock().UTC().Add(LinkLife)
	return secret, expires, c.desk.PutLink(ctx, LinkRow{Sum: sum, Person: id, Expires: expires})
}

// UseLink spends a one-time link and says whose it is; the empty person for setting up.
func (c *Chancery) UseLink(ctx context.Context, secret string) (party.Person, error) {
	l, ok, err := c.desk.UseLink(ctx, sha256.Sum256([]byte(secret)), c.clock().UTC())
	if err != nil {
		return "", err
	}
	if !ok {
		return "", refuse("link", "This link has been used, has expired, or was never made. Nobody was signed in. Ask your administrator for a new one.")
	}
	return l.Person, nil
}

// SetUp adds the first person of a server, in exchange for the set-up link, and signs that person in.
// Of two who do so at the same moment, with two links, one is refused and the link is not spent.
func (c *Chancery) SetUp(ctx context.Context, secret string, p PersonRow) (token string, err error) {
	c.people.Lock()
	defer c.people.Unlock()
	people, err := c.desk.People(ctx)
	if err != nil {
		return "", err
	}
	if len(people) > 0 {
		return "", refuse("set-up", "This server has been set up already. Nothing was changed. Ask an administrator for a link.")
	}
	if len(p.Name) == 0 || p.ID == "" {
		return "", refuse("name", "A person needs a name. Nothing was changed.")
	}
	if _, err := c.UseLink(ctx, secret); err != nil {
		return "", err
	}
	if err := c.addPerson(ctx, Who{Admin: true}, p); err != nil {
		return "", err
	}
	return c.Begin(ctx, p.ID)
}

// Begin starts a session of a person who has proved who it is, and gives its token.
func (c *Chancery) Begin(ctx context.Context, id party.Person) (token string, err error) {
	if _, err := c.person(ctx, id); err != nil {
		return "", err
	}
	token, sum, err := c.secret()
	if err != nil {
		return "", err
	}
	now := c.clock().UTC()
	return token, c.desk.PutSession(ctx, SessionRow{Sum: sum, Person: id, Began: now, Seen: now, Expires: now.Add(SessionLife)})
}

// Session finds who holds a token; ErrWithheld where nobody does.
func (c *Chancery) Session(ctx context.Context, token string) (Who, error) {
	sum := sha256.Sum256([]byte(token))
	s, ok, err := c.desk.Session(ctx, sum)
	if err != nil {
		return Who{}, err
	}
	now := c.clock().UTC()
	if !ok || now.After(s.Expires) || now.Sub(s.Seen) > SessionIdle {
		return Who{}, ErrWithheld
	}
	if now.Sub(s.Seen) > touchEvery {
		s.Seen = now
		if err := c.desk.PutSession(ctx, s); err != nil {
			return Who{}, err
		}
	}
	return c.person(ctx, s.Person)
}

// End ends a session.
func (c *Chancery) End(ctx context.Context, token string) error {
	return c.desk.EndSession(ctx, sha256.Sum256([]byte(token)))
}

// Passkeys lists a person's security keys.
func (c *Chancery) Passkeys(ctx context.Context, id party.Person) ([]PasskeyRow, error) {
	return c.desk.Passkeys(ctx, id)
}

// PutPasskey keeps a security key, or what is new about it.
func (c *Chancery) PutPasskey(ctx context.Context, k PasskeyRow) error {
	return c.desk.PutPasskey(ctx, k)
}

// RemovePasskey forgets one of a person's own security keys.
func (c *Chancery) RemovePasskey(ctx context.Context, who Who, id []byte) error {
	own, err := c.desk.Passkeys(ctx, who.Person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(own, func(k PasskeyRow) bool { return bytes.Equal(k.ID, id) }) {
		return ErrWithheld
	}
	return c.desk.RemovePasskey(ctx, id)
}

// Exchanges lists the newest lines of the exchange record, at most limit of them.
func (c *Chancery) Exchanges(ctx context.Context, limit int) ([]ExchangeRow, error) {
	return c.desk.Exchanges(ctx, limit)
}
