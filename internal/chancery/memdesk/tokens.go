package memdesk

import (
	"context"
	"maps"
	"strings"
	"time"

	"entente/internal/chancery"
	"entente/party"
)

// PutToken is chancery.Desk's.
func (d *Desk) PutToken(_ context.Context, t chancery.TokenRow) error {
	return put(d, d.tokens, t.Sum, t)
}

// Token is chancery.Desk's.
func (d *Desk) Token(_ context.Context, sum [32]byte) (chancery.TokenRow, bool, error) {
	return get(d, d.tokens, sum)
}

// Tokens is chancery.Desk's.
func (d *Desk) Tokens(context.Context) ([]chancery.TokenRow, error) {
	return list(d, d.tokens, func(a, b chancery.TokenRow) int {
		if c := b.Issued.Compare(a.Issued); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// TouchToken is chancery.Desk's.
func (d *Desk) TouchToken(_ context.Context, sum [32]byte, at time.Time) error {
	return d.change(sum, func(t *chancery.TokenRow) { t.Used = at })
}

// EndToken is chancery.Desk's.
func (d *Desk) EndToken(_ context.Context, sum [32]byte, at time.Time) error {
	return d.change(sum, func(t *chancery.TokenRow) { t.Revoked = at })
}

func (d *Desk) change(sum [32]byte, do func(*chancery.TokenRow)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t, ok := d.tokens[sum]; ok {
		do(&t)
		d.tokens[sum] = t
	}
	return nil
}

// DropTokens is chancery.Desk's.
func (d *Desk) DropTokens(_ context.Context, before time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.tokens, func(_ [32]byte, t chancery.TokenRow) bool { return t.Expires.Before(before) })
	return nil
}

// revoke ends a person's tokens; the desk is locked.
func (d *Desk) revoke(id party.Person, at time.Time) {
	for sum, t := range d.tokens {
		if t.Person == id && t.Revoked.IsZero() {
			t.Revoked = at
			d.tokens[sum] = t
		}
	}
}
