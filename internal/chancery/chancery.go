// Package chancery is the one door of a party's server: whatever a person decides and whatever a
// counterpart sends goes through it, and nothing else writes.
//
// It holds, for each group of the party, the logs and the folded plan in memory, and the one
// goroutine that writes. It checks a person's full powers, the group, the label and the rule,
// and it checks them nowhere else and only here. It keeps the party's people, sessions,
// counterparts and invitations on its Desk.
//
// It is not a network service: package exchange talks to counterparts, packages api and web to
// people. It contains no SQL, opens no file, and takes clock, randomness and stores as given.
//
// # One commit point
//
// An order is folded in memory under the group's lock, signed, and committed to the group's store
// in one transaction that holds the acts, the tree and the signed checkpoint; the anchor is
// written at the same time, with the acts in it, or after it; only when both last is the lock let
// go, and anything answered, shown or served. A step that fails is undone by reading the store again,
// and taken back from the anchor. A crash at any point leaves the store before the step or
// after it; where only the anchor has the step, the store is completed from it at the next start.
//
// # Invariants
//
//   - A group is an island: no id, counter or cache is shared between groups.
//   - Who does not sit in this party's delegation to a group is answered as if there were none.
//   - A server whose own log is older than its anchor, or than what a counterpart holds of it,
//     writes nothing until Recover has opened a new epoch.
//
// # Example
//
//	c, err := chancery.Open(ctx, chancery.Config{Keys: keys, Card: card, Desk: desk, Groups: shelves, …})
//	g, _ := c.Group("1")
//	receipts, err := g.Admit(ctx, who, chancery.Draft{Body: act.Accept{…}, Basis: basis})
package chancery

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"entente/act"
	"entente/party"
)

// Config is what a Chancery is made of. All of it is needed but Log, Place, Guard, After and Elapsed.
type Config struct {
	Keys   party.Keys
	Card   party.Card // of this party
	Desk   Desk
	Groups Shelves
	Clock  func() time.Time
	Random io.Reader
	Log    *slog.Logger
	Place  string // what tells this data folder from a copy of it; empty for no check
	Build  string // which program this is: a snapshot that another has written is not read
	// SnapshotFrom is from how many entries on a group keeps a snapshot; 0 for the usual number, and
	// none does where it is negative.
	SnapshotFrom int
	Guard        Guard // asked before a person's texts go out; nil for none

	After   func(time.Duration) <-chan time.Time // as time.After, which it is where nil
	Elapsed func() time.Duration                 // how long the server has run, whatever Clock says; nil for the machine's own count
}

// A Chancery is one party's server without its doors to the network.
type Chancery struct {
	keys    party.Keys
	card    party.Card
	desk    Desk
	shelves Shelves
	clock   func() time.Time
	random  io.Reader
	log     *slog.Logger
	guard   Guard
	after   func(time.Duration) <-chan time.Time
	elapsed func() time.Duration

	stirred chan struct{} // something has changed that may bear on a silence
	quit    chan struct{} // closed where no more silences are kept
	kept    chan struct{} // closed when none is; nil before any was
	ending  sync.Once

	build        string
	snapshotFrom int
	opened       chan struct{} // closed when all groups are open
	turn         chan struct{} // taken by the group that reads or writes much in the background

	cards      sync.Map    // by its bytes, a counterpart's party.Card
	moved      bool        // the data folder is a copy: see checkPlace
	people     sync.Mutex  // who is added is checked against who is there
	joining    sync.Mutex  // a group is convened, offered or joined once: its row and its handle are looked up and written together
	recovering atomic.Bool // entries of one's own log are taken back from counterparts
	past       past        // plans as they stood

	mu     sync.Mutex
	groups []*Group // by handle
	news   chan struct{}
}

// settingPlace is the setting that holds Config.Place as of the last start.
const settingPlace = "place"

// Open opens the party's groups, checking every log. A group that cannot be read is an error: the
// server does not run on half of what it knows. A group with a snapshot is open for reading as soon
// as that is read; its logs are checked behind that, and until then nothing is written (Settle).
func Open(ctx context.Context, cfg Config) (*Chancery, error) {
	c := &Chancery{keys: cfg.Keys, card: cfg.Card, desk: cfg.Desk, shelves: cfg.Groups, clock: cfg.Clock,
		random: cfg.Random, log: cmp.Or(cfg.Log, slog.New(slog.DiscardHandler)), guard: cfg.Guard, news: make(chan struct{}),
		build: cfg.Build, snapshotFrom: cmp.Or(cfg.SnapshotFrom, usualSnapshotFrom), opened: make(chan struct{}), turn: make(chan struct{}, 1),
		after: cfg.After, elapsed: cfg.Elapsed, stirred: make(chan struct{}, 1), quit: make(chan struct{})}
	if c.after == nil {
		c.after = time.After
	}
	if c.elapsed == nil {
		began := time.Now()
		c.elapsed = func() time.Duration { return time.Since(began) }
	}
	rows, err := c.desk.Groups(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.checkPlace(ctx, cfg.Place); err != nil {
		return nil, err
	}
	if err := c.openAll(ctx, rows); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if err := c.keepPlace(ctx, cfg.Place); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.catchUpAll()
	close(c.opened)
	c.kept = make(chan struct{})
	go c.keepSilences()
	return c, nil
}

// checkPlace notices that the data folder is a copy, such as one restored from a backup: its
// anchor was copied with it and proves nothing.
func (c *Chancery) checkPlace(ctx context.Context, place string) error {
	was, known, err := c.desk.Setting(ctx, settingPlace)
	c.moved = known && place != "" && was != place
	return err
}

// keepPlace notes where the folder is. In a copied one, groups with other parties write nothing until
// Recover has opened a new epoch: one counterpart's word would not do, since another may hold more
// and a bundle may be under way.
func (c *Chancery) keepPlace(ctx context.Context, place string) error {
	if c.moved {
		for _, g := range c.groups {
			if g.hold == "" && len(g.charter.Parties) > 1 {
				g.hold = closedMoved
			}
		}
		return nil // the setting stays until Recover
	}
	if place == "" {
		return nil
	}
	return c.desk.PutSetting(ctx, settingPlace, place)
}

// catchUp writes the confirmations that had become due when the server stopped, and has the ends of
// silences looked at.
func (g *Group) catchUp() {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &step{Group: g}
	for _, e := range g.plan.Open() {
		if e.Ripe(g.self) != nil { // of no other would anything come
			s.touched = append(s.touched, e.Ref())
		}
	}
	s.confirm()
	if err := s.store(); err != nil {
		g.c.log.Error("confirmations could not be written", "group", g.handle, "err", err)
	}
	g.c.stir()
}

// Close stops the writers and closes the groups' stores. The Desk is its owner's to close.
func (c *Chancery) Close() error {
	c.ending.Do(func() { close(c.quit) })
	if c.kept != nil {
		<-c.kept
	}
	c.mu.Lock()
	groups := c.groups
	c.groups = nil
	c.mu.Unlock() // a writer that is still at work may look up the plenary
	var errs []error
	for _, g := range groups {
		errs = append(errs, g.close())
	}
	return errors.Join(errs...)
}

// Self is this party's code.
func (c *Chancery) Self() party.Code { return c.card.Code }

// Card is this party's public card.
func (c *Chancery) Card() party.Card { return c.card }

// Keys are this party's secret keys, for the exchange with counterparts.
func (c *Chancery) Keys() party.Keys { return c.keys }

// Now is the time by the server's clock.
func (c *Chancery) Now() time.Time { return c.clock() }

// Groups lists the joined groups, by handle.
func (c *Chancery) Groups() []*Group {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.groups)
}

// Group finds a group by its handle.
func (c *Chancery) Group(handle string) (*Group, bool) {
	return c.find(func(g *Group) bool { return g.handle == handle })
}

// GroupByID finds a group by its id.
func (c *Chancery) GroupByID(id act.Hash) (*Group, bool) {
	return c.find(func(g *Group) bool { return g.id == id })
}

func (c *Chancery) find(is func(*Group) bool) (*Group, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.IndexFunc(c.groups, is); i >= 0 {
		return c.groups[i], true
	}
	return nil, false
}

// Seen lists the groups that the person may see: those to whose delegation the person belongs.
func (c *Chancery) Seen(who Who) []*Group {
	return slices.DeleteFunc(c.Groups(), func(g *Group) bool { return !g.Seats(who) })
}

// Shared lists the groups of which the party is a member under the signing key that this server
// has confirmed. Nothing of any other group may reach it.
func (c *Chancery) Shared(with party.Card) []*Group {
	return slices.DeleteFunc(c.Groups(), func(g *Group) bool {
		p, member := g.charter.Ordinal(with.Code)
		return !member || with.Code == c.Self() || !g.charter.Parties[p].Signing.Equal(with.Signing)
	})
}

// News is closed when a group is joined. Ask again for the next.
func (c *Chancery) News() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.news
}

// handleFor is a free handle: the charter's number, or the next that is free.
func (c *Chancery) handleFor(ctx context.Context, number uint32) (string, error) {
	rows, err := c.desk.Groups(ctx)
	if err != nil {
		return "", err
	}
	for n := number; ; n++ {
		h := strconv.FormatUint(uint64(n), 10)
		if !slices.ContainsFunc(rows, func(r GroupRow) bool { return r.Handle == h }) {
			return h, nil
		}
	}
}

// enter adds a group that was just opened.
func (c *Chancery) enter(g *Group) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.groups = append(c.groups, g)
	slices.SortFunc(c.groups, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(len(a.handle), len(b.handle)), cmp.Compare(a.handle, b.handle))
	})
	c.stir()
	close(c.news)
	c.news = make(chan struct{})
}
