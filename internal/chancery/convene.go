package chancery

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"entente/act"
	"entente/group"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// Terms are what somebody proposes a group to be.
type Terms struct {
	Number    uint32
	Name      text.Texts
	Plan      text.Texts
	Terms     text.Texts
	Notice    text.Texts
	Languages []text.Lang
	Ceiling   marking.Label
	Chairs    []group.Chair
	Members   []group.Member // in order of joining, this party among them
	Plenary   act.Hash
	Silence   group.Silence
	Whole     bool // nothing is agreed until everything is
	InStep    bool // no text is accepted while a language of it is behind
}

// Convene makes a group with parties that are all known here, and joins it. The others are offered
// its charter at the next exchange, or by a bundle.
func (c *Chancery) Convene(ctx context.Context, who Who, t Terms) (*Group, error) {
	c.joining.Lock()
	defer c.joining.Unlock()
	if err := c.guardTerms(ctx, who, t); err != nil {
		return nil, err
	}
	var nonce [16]byte
	if _, err := io.ReadFull(c.random, nonce[:]); err != nil {
		return nil, err
	}
	charter, err := c.charter(t, nonce)
	if err != nil {
		return nil, err
	}
	if c.mayConvene(who) { // who may not is told that and nothing else
		if err := c.freeNumber(ctx, t.Number); err != nil {
			return nil, err
		}
	}
	return c.convene(ctx, who, charter)
}

// freeNumber refuses a number that a group here goes by: under another it would not be found where
// it was looked for. A group of another party's making has no such choice, and goes by the next.
func (c *Chancery) freeNumber(ctx context.Context, number uint32) error {
	free, err := c.handleFor(ctx, number)
	if err == nil && free != strconv.FormatUint(uint64(number), 10) {
		return refuse("taken", "There is a group %d here already. Nothing was convened. The next number that is free is %s.", number, free)
	}
	return err
}

// NextNumber is a number for the next working group: one that no group here goes by.
func (c *Chancery) NextNumber(ctx context.Context) (uint32, error) {
	next := uint32(1)
	for _, g := range c.Groups() {
		next = max(next, g.charter.Number+1)
	}
	free, err := c.handleFor(ctx, next)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(free, 10, 32)
	return uint32(n), err
}

func (c *Chancery) charter(t Terms, nonce [16]byte) (group.Charter, error) {
	charter := group.Charter{Number: t.Number, Name: t.Name, Plan: t.Plan, Terms: t.Terms, Notice: t.Notice, Parties: t.Members,
		Languages: t.Languages, Ceiling: t.Ceiling, Chairs: t.Chairs, Plenary: t.Plenary, Convened: c.clock().UnixMilli(), Nonce: nonce,
		Silence: t.Silence, Whole: t.Whole, InStep: t.InStep}
	if _, err := group.Parse(string(charter.Format())); err != nil {
		return group.Charter{}, refuse("charter", "The group cannot be convened like that: %v. Nothing was changed.", err)
	}
	return charter, nil
}

// convene joins a group of this party's own making, once every party in it is known here by its key.
func (c *Chancery) convene(ctx context.Context, who Who, charter group.Charter) (*Group, error) {
	if !c.mayConvene(who) {
		return nil, refuse("powers", "You may not convene groups. Nothing was changed. Ask an administrator, or your head of delegation.")
	}
	known, err := c.knownKeys(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range charter.Parties {
		if key, ok := known[m.Code]; !ok || !key.Equal(m.Signing) {
			return nil, refuse("stranger", "%s is not known here by that key. Nothing was changed. Link the two servers first: entente invite %s", m.Code, m.Code)
		}
	}
	return c.join(ctx, who, charter, c.Self())
}

// mayConvene: administrators, and whoever may convene in some group.
func (c *Chancery) mayConvene(who Who) bool {
	return who.Admin || slices.ContainsFunc(c.Groups(), func(g *Group) bool { return g.Powers(who).Has(act.MayConvene) })
}

func (c *Chancery) knownKeys(ctx context.Context) (map[party.Code]ed25519.PublicKey, error) {
	known := map[party.Code]ed25519.PublicKey{c.Self(): c.card.Signing}
	list, err := c.Counterparts(ctx)
	for _, o := range list {
		known[o.Card.Code] = o.Card.Signing
	}
	return known, err
}

// join opens the group's store, writes the act that constitutes this party's log, and seats the
// person who joined.
func (c *Chancery) join(ctx context.Context, who Who, charter group.Charter, from party.Code) (*Group, error) {
	raw := charter.Format()
	id := group.IDOf(string(raw))
	if g, ok := c.GroupByID(id); ok {
		return g, nil
	}
	if err := c.trueTo(ctx, charter); err != nil {
		return nil, err
	}
	handle, err := c.rowHandle(ctx, id, charter.Number)
	if err != nil {
		return nil, err
	}
	g, err := c.openGroup(ctx, id, handle, charter)
	if err != nil {
		return nil, err
	}
	if err := g.constitute(string(raw)); err != nil {
		return nil, errors.Join(fmt.Errorf("the group could not be joined: %w", err), g.close())
	}
	// A crash before this row leaves a store that nothing names; joining again finds it and goes on.
	if err := c.desk.PutGroup(ctx, GroupRow{ID: id, Handle: handle, Charter: raw, State: GroupJoined, From: from, At: c.clock().UTC()}); err != nil {
		return nil, errors.Join(err, g.close())
	}
	c.enter(g)
	if who.Person == "" {
		return g, c.seatAdministrators(ctx)
	}
	if g.delegation() == 0 {
		row, _, err := c.desk.Person(ctx, who.Person)
		if err != nil {
			return nil, err
		}
		return g, g.seatAlone(ctx, Who{who.Person, who.Name, true}, row)
	}
	return g, nil
}

// rowHandle is the handle that an invitation has reserved for the group, or a free one.
func (c *Chancery) rowHandle(ctx context.Context, id act.Hash, number uint32) (string, error) {
	rows, err := c.desk.Groups(ctx)
	if err != nil {
		return "", err
	}
	for _, r := range rows {
		if r.ID == id {
			return r.Handle, nil
		}
	}
	return c.handleFor(ctx, number)
}

// constitute writes the first act of this party's log, unless it is there.
func (g *Group) constitute(raw string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b := g.shelf.last(g.self); b != nil && b.Size() > 0 {
		return nil
	}
	s := &step{Group: g}
	if _, err := s.fold("", act.Constitute{Charter: raw}); err != nil {
		return err
	}
	return s.store()
}

// Offered takes a charter that a counterpart sent. One that this party has agreed to join, by
// taking up an invitation, is joined; any other that names this party waits as an invitation.
// Charters that do not concern this party are dropped: true tells that something is new.
func (c *Chancery) Offered(ctx context.Context, raw []byte, from party.Code) (bool, error) {
	c.joining.Lock()
	defer c.joining.Unlock()
	charter, err := group.Parse(string(raw))
	if err != nil {
		return false, err
	}
	self, named := charter.Ordinal(c.Self())
	_, sends := charter.Ordinal(from)
	if !named || !sends || !charter.Parties[self].Signing.Equal(c.card.Signing) {
		return false, nil
	}
	id := group.IDOf(string(raw))
	rows, err := c.desk.Groups(ctx)
	if err != nil {
		return false, err
	}
	known := slices.ContainsFunc(rows, func(r GroupRow) bool { return r.ID == id })
	switch taken, agreed, err := c.agreedToJoin(ctx, charter, from); {
	case err != nil:
		return false, err
	case agreed && known: // it was joined just before a crash
		return false, c.spend(ctx, taken)
	case agreed:
		if _, err := c.join(ctx, Who{}, charter, from); err != nil {
			return false, err // the invitation stands, so that it is tried again
		}
		return true, c.spend(ctx, taken)
	case known:
		return false, nil
	}
	if err := c.trueTo(ctx, charter); err != nil {
		return false, err
	}
	if n := countInvited(rows, from); n >= maxInvited {
		return false, refuse("invitations", "%d invitations of %s wait already. This one was not kept. Answer some first.", n, from)
	}
	handle, err := c.handleFor(ctx, charter.Number)
	if err != nil {
		return false, err
	}
	return true, c.desk.PutGroup(ctx, GroupRow{ID: id, Handle: handle, Charter: raw, State: GroupInvited, From: from, At: c.clock().UTC()})
}

// maxInvited bounds the invitations of one counterpart that wait for an answer.
const maxInvited = 20

func countInvited(rows []GroupRow, from party.Code) (n int) {
	for _, r := range rows {
		if r.State == GroupInvited && r.From == from {
			n++
		}
	}
	return n
}

// seatAdministrators gives a group that was joined by an agreement made earlier its first delegate.
func (c *Chancery) seatAdministrators(ctx context.Context) error {
	people, err := c.desk.People(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Admin && p.Removed.IsZero() {
			return c.seatFirst(ctx, Who{p.ID, p.Name, true}, p)
		}
	}
	return nil
}

// Invited lists the groups this party is invited to and has not answered.
func (c *Chancery) Invited(ctx context.Context, who Who) ([]GroupRow, error) {
	if !c.mayConvene(who) {
		return nil, nil
	}
	rows, err := c.desk.Groups(ctx)
	return slices.DeleteFunc(rows, func(r GroupRow) bool { return r.State != GroupInvited }), err
}

// Answer joins or declines a group that this party is invited to.
func (c *Chancery) Answer(ctx context.Context, who Who, id act.Hash, join bool) (*Group, error) {
	c.joining.Lock()
	defer c.joining.Unlock()
	rows, err := c.Invited(ctx, who)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rows, func(r GroupRow) bool { return r.ID == id })
	if i < 0 {
		return nil, ErrWithheld
	}
	row := rows[i]
	if !join {
		row.State = GroupDeclined
		return nil, c.desk.PutGroup(ctx, row)
	}
	charter, err := group.Parse(string(row.Charter))
	if err != nil {
		return nil, err
	}
	return c.join(ctx, who, charter, row.From)
}

// MayConvene reports whether the person may convene groups and link other parties.
func (c *Chancery) MayConvene(who Who) bool { return c.mayConvene(who) }

// Invitations lists the invitations made or taken up here, newest first.
func (c *Chancery) Invitations(ctx context.Context) ([]InvitationRow, error) {
	return c.desk.Invitations(ctx)
}
