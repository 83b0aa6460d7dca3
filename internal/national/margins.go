package national

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"entente/act"
	"entente/party"
)

// A Store keeps the entries of all groups. What Add has returned for without an error lasts.
type Store interface {
	// Add keeps a revision of an entry.
	Add(ctx context.Context, group act.Hash, e Entry) error
	// Each gives every revision of every entry: of a group by number, then by revision.
	Each(ctx context.Context, take func(group act.Hash, e Entry) error) error
}

// A Hand is who writes, and what that person is.
type Hand struct {
	Person  party.Person
	Roles   []string // of the person, in any language
	Steward bool     // an administrator of this server, or somebody who may convene in the group
}

// Margins are the margins of all groups of a party. They are safe for use by many at once.
type Margins struct {
	store Store
	mu    sync.RWMutex
	group map[act.Hash]*margin
}

// Open reads the margins.
func Open(ctx context.Context, store Store) (*Margins, error) {
	m := &Margins{store: store, group: map[act.Hash]*margin{}}
	err := store.Each(ctx, func(group act.Hash, e Entry) error { return m.of(group).add(e) })
	if err != nil {
		return nil, fmt.Errorf("the national margin cannot be read: %w. Nothing was changed. Restore the file from a backup", err)
	}
	return m, nil
}

// of is the margin of a group. The lock is held, or nobody else has the margins yet.
func (m *Margins) of(group act.Hash) *margin {
	g := m.group[group]
	if g == nil {
		g = newMargin()
		m.group[group] = g
	}
	return g
}

// look calls f with the margin of a group.
func (m *Margins) look(group act.Hash, f func(*margin)) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	g := m.group[group]
	if g == nil {
		g = newMargin()
	}
	f(g)
}

// View shows the margin of an element, with what stands for the whole group; with no element, the
// group's own. said are the texts on the table, which are checked against the red lines.
func (m *Margins) View(group act.Hash, ref act.Ref, said []Said) (v View) {
	m.look(group, func(g *margin) {
		v = g.view(ref)
		v.Crossings = g.crossings(ref, said)
	})
	return v
}

// Elements lists the elements of a group beside which something stands, in order.
func (m *Margins) Elements(group act.Hash) (out []act.Ref) {
	m.look(group, func(g *margin) {
		for ref := range g.at {
			if ref != "" {
				out = append(out, ref)
			}
		}
	})
	slices.Sort(out)
	return out
}

// Draft is an element's draft as it stands.
func (m *Margins) Draft(group act.Hash, ref act.Ref) (e Entry, ok bool) {
	m.look(group, func(g *margin) {
		if k := g.draft(ref); k != nil {
			e, ok = k.Entry, true
		}
	})
	return e, ok
}

// Clearances lists the clearances of an element that the person may give.
func (m *Margins) Clearances(group act.Hash, ref act.Ref, h Hand) (out []Entry) {
	m.look(group, func(g *margin) {
		for _, k := range g.standing(ref, Clearance) {
			if k.mayClear(h) {
				out = append(out, k.Entry)
			}
		}
	})
	return out
}

// Crossings checks texts against the red lines of an element and of the whole group.
func (m *Margins) Crossings(group act.Hash, ref act.Ref, said []Said) (out []Crossing) {
	m.look(group, func(g *margin) { out = g.crossings(ref, said) })
	return out
}

// Guard holds a draft that must not go out, with a *Held. The words of every margin of the party
// count, in whatever group the draft would go out; seated says of a group whether the sender may
// see its margin, and of those the sender may not, nothing is told but that there is something.
func (m *Margins) Guard(d Draft, seated func(group act.Hash) bool) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	digest := d.Digest()
	own := m.group[d.Group]
	if own != nil && d.Tables {
		if who := own.uncleared(d.Element, digest); len(who) > 0 {
			return unclearedHeld(who)
		}
	}
	if own != nil && own.release(digest) != nil {
		return nil
	}
	known := knownRuns(d)
	var hits []Hit
	foreign := 0
	for id, g := range m.group {
		found := g.hits(d, known)
		if seated(id) {
			hits = append(hits, found...)
		} else {
			foreign += len(found)
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return int(a.Number) - int(b.Number) })
	var label *Hit
	if h, found := marked(d); found {
		label = &h
	}
	if held := hold(hits, foreign, label); held != nil {
		return held
	}
	return nil
}

// release finds a release of the exact text that has not been used.
func (m *margin) release(digest act.Hash) *Kept {
	for _, k := range m.kept {
		if k.Field == Released && !k.Ended && k.Draft == digest {
			return k
		}
	}
	return nil
}

// Sent notes that a draft has gone out: a release of it is used up, and a draft that said the same
// has ended.
func (m *Margins) Sent(ctx context.Context, d Draft, by party.Person, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	g := m.group[d.Group]
	if g == nil {
		return nil
	}
	digest := d.Digest()
	for _, k := range g.kept {
		if !k.Ended && k.Draft == digest && (k.Field == Released || k.Field == Drafted && d.Tables) {
			e := k.Entry
			e.Revision, e.By, e.At, e.Ended = k.Revision+1, by, moment(now), true
			if err := m.keep(ctx, d.Group, g, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func (m *Margins) keep(ctx context.Context, group act.Hash, g *margin, e Entry) error {
	if err := m.store.Add(ctx, group, e); err != nil {
		return fmt.Errorf("the margin could not be written: %w", err)
	}
	return g.add(e)
}

// Write keeps a new entry (number 0), a new revision of one, or its end: what it said stays. It
// gives the entry as it was kept; an error of sort *Refused says what was wrong.
func (m *Margins) Write(ctx context.Context, group act.Hash, h Hand, now time.Time, e Entry) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g := m.of(group)
	e.By, e.At = h.Person, moment(now)
	var err error
	if e.Number == 0 {
		err = g.begin(&e, h)
	} else {
		err = g.revise(&e, h)
	}
	if err != nil {
		return Entry{}, err
	}
	if g.bytes+weight(e) > MaxGroupWords {
		return Entry{}, refuse("room", "The margin of this group is full: %d bytes of words.", MaxGroupWords)
	}
	return e, m.keep(ctx, group, g, e)
}

// begin checks a new entry and numbers it.
func (m *margin) begin(e *Entry, h Hand) error {
	if e.Ended {
		return refuse("ended", "There is nothing yet that could end.")
	}
	if err := e.Check(); err != nil {
		return err
	}
	if err := m.may(*e, h); err != nil {
		return err
	}
	if len(m.kept) >= MaxEntries {
		return refuse("room", "The margin of this group is full: %d entries.", MaxEntries)
	}
	for f, limit := range map[Field]int{RedLines: MaxRedLines, Clearance: MaxNeeds, NeverSay: MaxNeverSay} {
		if e.Field == f && len(m.standing(e.Element, f)) >= limit {
			return refuse("room", "There is room for %d of them (%s) here. End one that is done.", limit, f)
		}
	}
	if e.Field == Cleared {
		k, here := m.entry(e.For)
		if !here || k.Field != Clearance || k.Ended || k.Element != "" && k.Element != e.Element {
			return refuse("for", "No clearance %d is asked for here.", e.For)
		}
		if !k.mayClear(h) {
			return refuse("who", "That clearance is for %s to give.", k.whose())
		}
	}
	e.Number, e.Revision = uint64(len(m.kept))+1, 1
	return nil
}

// may says whether the person may begin such an entry.
func (m *margin) may(e Entry, h Hand) error {
	switch {
	case e.Field == Officer && !h.Steward:
		return refuse("powers", "Who may release is named by an administrator, or by somebody who may convene.")
	case e.Field == Released && !m.releases(h):
		return refuse("powers", "Only a releasing officer lets a held text go out: an administrator, somebody who may convene, or who was named for it.")
	}
	return nil
}

func (m *margin) releases(h Hand) bool {
	return h.Steward || slices.ContainsFunc(m.standing("", Officer), func(k *Kept) bool { return k.Person == h.Person })
}

// revise checks a new revision of an entry, or its end.
func (m *margin) revise(e *Entry, h Hand) error {
	k, here := m.entry(e.Number)
	if !here || e.Field != "" && e.Field != k.Field || e.Element != k.Element {
		return refuse("number", "There is no such entry %d here.", e.Number)
	}
	if k.Ended {
		return refuse("ended", "Entry %d has ended. Write a new one.", e.Number)
	}
	if k.Revision >= MaxRevisions {
		return refuse("room", "Entry %d has %d revisions, and that is the most. End it, and write a new one.", e.Number, MaxRevisions)
	}
	e.Field, e.Revision = k.Field, k.Revision+1
	if e.Ended {
		e.Body = k.Body
	}
	if err := e.Check(); err != nil {
		return err
	}
	mine := k.firstBy() == h.Person
	switch k.Field {
	case Clearance, Cleared, Released, Officer:
		if !e.Ended {
			return refuse("fixed", "That is not changed once it is written (%s). End it, and write a new one.", k.Field)
		}
		if k.Field == Officer && !h.Steward || !mine && !h.Steward {
			return refuse("powers", "Only who wrote it, an administrator, or somebody who may convene ends that (%s).", k.Field)
		}
	case Note, RedLines, NeverSay, Reading:
		if !mine && !h.Steward {
			return refuse("powers", "Only who wrote it, an administrator, or somebody who may convene changes that (%s).", k.Field)
		}
	}
	return nil
}

// firstBy is who wrote the entry first.
func (k *Kept) firstBy() party.Person {
	if len(k.Earlier) > 0 {
		return k.Earlier[0].By
	}
	return k.By
}

// MayRelease reports whether the person may let a held text go out.
func (m *Margins) MayRelease(group act.Hash, h Hand) (may bool) {
	m.look(group, func(g *margin) { may = g.releases(h) })
	return may
}
