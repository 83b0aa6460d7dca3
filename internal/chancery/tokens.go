package chancery

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// Bounds of tokens.
const (
	TokenLife     = 90 * 24 * time.Hour  // where nothing else is asked for
	MaxTokenLife  = 366 * 24 * time.Hour // no token lasts longer
	MaxTokenName  = 80                   // bytes of a token's name
	MaxTokens     = 500                  // that stand, of all people
	maxTokensEach = 20                   // that stand, of one person
	tokenMemory   = 366 * 24 * time.Hour // how long one that has ended is still listed
	tokenIDSize   = 5                    // bytes of the id by which a token is spoken of
)

// TokenMark is how every token begins, so that one that was left lying about can be recognised.
const TokenMark = "entente_"

// A Scope says what a token may do in the name of its person.
type Scope string

// The scopes. None administers: people, tokens, keys and counterparts are never reached by token.
const (
	Reads  Scope = "read"  // what the person may see
	Writes Scope = "write" // and what the person may do in groups
)

// A TokenRow is a token with which a program speaks for a person. Only the SHA-256 of its secret is
// kept.
type TokenRow struct {
	Sum     [32]byte
	ID      string // by which it is spoken of; no secret
	Person  party.Person
	Name    string // what it is for
	Scope   Scope
	Groups  []act.Hash // the groups it is for; none for all of the person's
	Issued  time.Time
	By      party.Person // who issued it; "" for the owner of the data folder
	Expires time.Time
	Used    time.Time // zero while it was never used
	Revoked time.Time // zero while it stands
}

// Stands reports whether the token opens anything at a time.
func (t TokenRow) Stands(now time.Time) bool { return t.Revoked.IsZero() && now.Before(t.Expires) }

// Opens reports whether the token is for a group.
func (t TokenRow) Opens(g act.Hash) bool { return len(t.Groups) == 0 || slices.Contains(t.Groups, g) }

// A TokenAsk is a token as an administrator asks for it.
type TokenAsk struct {
	Person party.Person
	Name   string
	Scope  Scope
	Groups []string      // handles; none for all of the person's
	Life   time.Duration // 0 for TokenLife
}

// IssueToken makes a token of a person. The secret is given here and never again.
func (c *Chancery) IssueToken(ctx context.Context, who Who, ask TokenAsk) (secret string, row TokenRow, err error) {
	if !who.Admin {
		return "", row, refuse("powers", "Only an administrator issues tokens. Nothing was changed.")
	}
	if row, err = c.tokenOf(ctx, who, ask); err != nil {
		return "", row, err
	}
	all, err := c.desk.Tokens(ctx)
	if err != nil {
		return "", row, err
	}
	if err := c.roomForToken(all, row); err != nil {
		return "", row, err
	}
	if secret, _, err = c.secret(); err != nil {
		return "", row, err
	}
	secret = TokenMark + secret
	id := make([]byte, tokenIDSize)
	if _, err := io.ReadFull(c.random, id); err != nil {
		return "", row, err
	}
	row.Sum, row.ID, row.By = sha256.Sum256([]byte(secret)), hex.EncodeToString(id), who.Person
	if slices.ContainsFunc(all, func(t TokenRow) bool { return t.ID == row.ID }) {
		return "", row, errors.New("the token drawn is named like another. Nothing was changed. Try again")
	}
	if err := c.desk.DropTokens(ctx, row.Issued.Add(-tokenMemory)); err != nil {
		return "", row, err
	}
	return secret, row, c.desk.PutToken(ctx, row)
}

// tokenOf reads what was asked for.
func (c *Chancery) tokenOf(ctx context.Context, who Who, ask TokenAsk) (row TokenRow, err error) {
	if _, err := c.person(ctx, ask.Person); err != nil {
		return row, err
	}
	name := strings.TrimSpace(text.Clean(ask.Name))
	if name == "" || len(name) > MaxTokenName || strings.Contains(name, "\n") || text.Check(name) != nil {
		return row, refuse("token-name", "A token needs a name that says what it is for: one line of at most %d bytes. Nothing was changed.", MaxTokenName)
	}
	if ask.Scope != Reads && ask.Scope != Writes {
		return row, refuse("token-scope", "A token may read, or read and write. Nothing was changed.")
	}
	life := ask.Life
	if life == 0 {
		life = TokenLife
	}
	if life < time.Minute || life > MaxTokenLife {
		return row, refuse("token-life", "A token lasts from a minute to %d days. Nothing was changed.", MaxTokenLife/(24*time.Hour))
	}
	row = TokenRow{Person: ask.Person, Name: name, Scope: ask.Scope, Issued: c.clock().UTC().Truncate(time.Millisecond)}
	row.Expires = row.Issued.Add(life)
	for _, h := range ask.Groups {
		g, ok := c.Group(h)
		if !ok || !g.Seats(Who{Person: ask.Person}) || who.Person != "" && !g.Seats(who) {
			return row, refuse("token-group", "There is no group %.20q in which both you and %s sit. Nothing was changed.", h, ask.Person)
		}
		if !slices.Contains(row.Groups, g.ID()) {
			row.Groups = append(row.Groups, g.ID())
		}
	}
	return row, nil
}

// roomForToken refuses more tokens than anybody could keep an eye on.
func (c *Chancery) roomForToken(all []TokenRow, row TokenRow) error {
	standing, own := 0, 0
	for _, t := range all {
		if t.Stands(row.Issued) {
			standing++
			if t.Person == row.Person {
				own++
			}
		}
	}
	if own >= maxTokensEach || standing >= MaxTokens {
		return refuse("tokens", "%s has %d tokens that stand, and all people together have %d. Nothing was changed. Revoke one first.", row.Person, own, standing)
	}
	return nil
}

// Tokens lists the tokens that the person may know of, the newest first: an administrator all,
// others their own. Those that have ended are among them.
func (c *Chancery) Tokens(ctx context.Context, who Who) ([]TokenRow, error) {
	all, err := c.desk.Tokens(ctx)
	return slices.DeleteFunc(all, func(t TokenRow) bool { return !who.Admin && t.Person != who.Person }), err
}

// RevokeToken ends a token at once: an administrator any, others their own.
func (c *Chancery) RevokeToken(ctx context.Context, who Who, id string) (TokenRow, error) {
	all, err := c.Tokens(ctx, who)
	if err != nil {
		return TokenRow{}, err
	}
	i := slices.IndexFunc(all, func(t TokenRow) bool { return t.ID == id })
	if i < 0 {
		return TokenRow{}, ErrWithheld
	}
	t := all[i]
	if !t.Revoked.IsZero() {
		return t, nil
	}
	t.Revoked = c.clock().UTC().Truncate(time.Millisecond)
	return t, c.desk.EndToken(ctx, t.Sum, t.Revoked)
}

// Bearer finds for whom a token speaks; ErrWithheld where it opens nothing, for whatever reason: it
// was never issued, has expired, was revoked, or its person was removed. All these take the same
// steps. Who speaks by token administers nothing.
func (c *Chancery) Bearer(ctx context.Context, secret string) (Who, TokenRow, error) {
	sum := sha256.Sum256([]byte(secret))
	t, here, err := c.desk.Token(ctx, sum)
	if err != nil {
		return Who{}, t, err
	}
	p, known, err := c.desk.Person(ctx, t.Person)
	if err != nil {
		return Who{}, t, err
	}
	now := c.clock().UTC()
	if subtle.ConstantTimeCompare(sum[:], t.Sum[:]) != 1 || !here || !t.Stands(now) || !known || !p.Removed.IsZero() {
		return Who{}, TokenRow{}, ErrWithheld
	}
	if now.Sub(t.Used) > touchEvery {
		t.Used = now.Truncate(time.Millisecond)
		if err := c.desk.TouchToken(ctx, sum, t.Used); err != nil {
			return Who{}, t, err
		}
	}
	return Who{Person: p.ID, Name: p.Name}, t, nil
}
