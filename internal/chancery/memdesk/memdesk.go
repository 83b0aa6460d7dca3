// Package memdesk is a chancery.Desk in memory, for tests. It keeps the contract of the interface
// and nothing longer than the process.
//
// # Example
//
//	desk := memdesk.New()
package memdesk

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/party"
)

// A Desk is a chancery.Desk. It is safe for use by several goroutines.
type Desk struct {
	mu           sync.Mutex
	people       map[party.Person]chancery.PersonRow
	links        map[[32]byte]chancery.LinkRow
	sessions     map[[32]byte]chancery.SessionRow
	passkeys     map[string]chancery.PasskeyRow
	counterparts map[party.Code]chancery.CounterpartRow
	groups       map[act.Hash]chancery.GroupRow
	invitations  map[[16]byte]chancery.InvitationRow
	exchanges    []chancery.ExchangeRow
	settings     map[string]string
	tokens       map[[32]byte]chancery.TokenRow
}

// New makes an empty desk.
func New() *Desk {
	return &Desk{
		people: map[party.Person]chancery.PersonRow{}, links: map[[32]byte]chancery.LinkRow{}, sessions: map[[32]byte]chancery.SessionRow{},
		passkeys: map[string]chancery.PasskeyRow{}, counterparts: map[party.Code]chancery.CounterpartRow{},
		groups: map[act.Hash]chancery.GroupRow{}, invitations: map[[16]byte]chancery.InvitationRow{}, settings: map[string]string{},
		tokens: map[[32]byte]chancery.TokenRow{},
	}
}

// put sets a row under the desk's lock.
func put[K comparable, V any](d *Desk, m map[K]V, k K, v V) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	m[k] = v
	return nil
}

func get[K comparable, V any](d *Desk, m map[K]V, k K) (V, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := m[k]
	return v, ok, nil
}

func list[K comparable, V any](d *Desk, m map[K]V, order func(a, b V) int) ([]V, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.SortedFunc(maps.Values(m), order), nil
}

// PutPerson is chancery.Desk's.
func (d *Desk) PutPerson(_ context.Context, p chancery.PersonRow) error {
	return put(d, d.people, p.ID, p)
}

// People is chancery.Desk's.
func (d *Desk) People(context.Context) ([]chancery.PersonRow, error) {
	return list(d, d.people, func(a, b chancery.PersonRow) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

// Person is chancery.Desk's.
func (d *Desk) Person(_ context.Context, id party.Person) (chancery.PersonRow, bool, error) {
	return get(d, d.people, id)
}

// RemovePerson is chancery.Desk's.
func (d *Desk) RemovePerson(_ context.Context, id party.Person, at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.people[id]; ok {
		p.Removed = at
		d.people[id] = p
	}
	maps.DeleteFunc(d.sessions, func(_ [32]byte, s chancery.SessionRow) bool { return s.Person == id })
	maps.DeleteFunc(d.links, func(_ [32]byte, l chancery.LinkRow) bool { return l.Person == id })
	maps.DeleteFunc(d.passkeys, func(_ string, k chancery.PasskeyRow) bool { return k.Person == id })
	d.revoke(id, at)
	return nil
}

// PutLink is chancery.Desk's.
func (d *Desk) PutLink(_ context.Context, l chancery.LinkRow) error { return put(d, d.links, l.Sum, l) }

// UseLink is chancery.Desk's.
func (d *Desk) UseLink(_ context.Context, sum [32]byte, now time.Time) (chancery.LinkRow, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, ok := d.links[sum]
	if !ok || !l.Used.IsZero() || now.After(l.Expires) {
		return chancery.LinkRow{}, false, nil
	}
	l.Used = now
	d.links[sum] = l
	return l, true, nil
}

// PutSession is chancery.Desk's.
func (d *Desk) PutSession(_ context.Context, s chancery.SessionRow) error {
	return put(d, d.sessions, s.Sum, s)
}

// Session is chancery.Desk's.
func (d *Desk) Session(_ context.Context, sum [32]byte) (chancery.SessionRow, bool, error) {
	return get(d, d.sessions, sum)
}

// EndSession is chancery.Desk's.
func (d *Desk) EndSession(_ context.Context, sum [32]byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, sum)
	return nil
}

// PutPasskey is chancery.Desk's.
func (d *Desk) PutPasskey(_ context.Context, k chancery.PasskeyRow) error {
	return put(d, d.passkeys, string(k.ID), k)
}

// Passkeys is chancery.Desk's.
func (d *Desk) Passkeys(_ context.Context, id party.Person) ([]chancery.PasskeyRow, error) {
	all, err := list(d, d.passkeys, func(a, b chancery.PasskeyRow) int { return bytes.Compare(a.ID, b.ID) })
	return slices.DeleteFunc(all, func(k chancery.PasskeyRow) bool { return k.Person != id }), err
}

// RemovePasskey is chancery.Desk's.
func (d *Desk) RemovePasskey(_ context.Context, id []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.passkeys, string(id))
	return nil
}

// PutCounterpart is chancery.Desk's.
func (d *Desk) PutCounterpart(_ context.Context, c chancery.CounterpartRow) error {
	return put(d, d.counterparts, c.Code, c)
}

// Counterparts is chancery.Desk's.
func (d *Desk) Counterparts(context.Context) ([]chancery.CounterpartRow, error) {
	return list(d, d.counterparts, func(a, b chancery.CounterpartRow) int { return strings.Compare(string(a.Code), string(b.Code)) })
}

// PutGroup is chancery.Desk's.
func (d *Desk) PutGroup(_ context.Context, g chancery.GroupRow) error {
	return put(d, d.groups, g.ID, g)
}

// Groups is chancery.Desk's.
func (d *Desk) Groups(context.Context) ([]chancery.GroupRow, error) {
	return list(d, d.groups, func(a, b chancery.GroupRow) int {
		if a.Handle != b.Handle {
			return strings.Compare(a.Handle, b.Handle)
		}
		return bytes.Compare(a.ID[:], b.ID[:])
	})
}

// PutInvitation is chancery.Desk's.
func (d *Desk) PutInvitation(_ context.Context, i chancery.InvitationRow) error {
	return put(d, d.invitations, i.ID, i)
}

// Invitations is chancery.Desk's.
func (d *Desk) Invitations(context.Context) ([]chancery.InvitationRow, error) {
	return list(d, d.invitations, func(a, b chancery.InvitationRow) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return bytes.Compare(a.ID[:], b.ID[:])
	})
}

// AddExchange is chancery.Desk's.
func (d *Desk) AddExchange(_ context.Context, e chancery.ExchangeRow) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.exchanges = append(d.exchanges, e)
	return nil
}

// Exchanges is chancery.Desk's.
func (d *Desk) Exchanges(_ context.Context, limit int) ([]chancery.ExchangeRow, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := slices.Clone(d.exchanges[max(0, len(d.exchanges)-limit):])
	slices.Reverse(out)
	return out, nil
}

// PutSetting is chancery.Desk's.
func (d *Desk) PutSetting(_ context.Context, key, value string) error {
	return put(d, d.settings, key, value)
}

// Setting is chancery.Desk's.
func (d *Desk) Setting(_ context.Context, key string) (string, bool, error) {
	return get(d, d.settings, key)
}

// Close is chancery.Desk's.
func (d *Desk) Close() error { return nil }
