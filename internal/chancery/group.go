package chancery

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"entente/act"
	"entente/group"
	"entente/internal/compliance"
	"entente/ledger"
	"entente/party"
	"entente/plan"
)

// A Group is one group on this server: its logs, its plan, and the one goroutine that writes.
type Group struct {
	c       *Chancery
	id      act.Hash
	handle  string
	charter group.Charter
	self    uint8
	store   ledger.Store
	disk    ledger.Disk
	anchor  *ledger.AnchorFile // the writer's, like the store
	queue   chan *order
	coming  atomic.Int32  // orders of persons that are nearly in the queue
	came    chan struct{} // told when there are none of them any more
	quit    chan struct{} // closed where the writer is to end
	done    chan struct{}
	ctx     context.Context // ends when the group is closed
	cancel  context.CancelFunc
	whole   chan struct{}          // closed when the logs are here in full, or cannot be
	upsetBy atomic.Pointer[string] // why something could not be shown
	tasks   sync.WaitGroup         // in the background
	kept    int                    // entries in the snapshot on the disk; not for several at once

	mu      sync.RWMutex // guards what follows
	shelf   *shelf       // empty while early is there
	asWas   []byte       // the plan in the snapshot, where nothing has come since; let go with early
	early   *sketch      // what pages are shown from until the shelf is filled; nil after that
	plan    *plan.State
	frozen  map[uint8]ledger.Evidence // parties that were caught with two histories
	hold    string                    // why this server may not write here; empty where it may
	version uint64
	changed chan struct{}
	vigil   vigil // the silences that this server keeps
	watch   watch // what is observed, beside the plan
}

// load reads the logs and folds them. The lock is held, or nobody else has the group yet.
func (g *Group) load(ctx context.Context) error {
	full, err := g.read(ctx, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	return g.settle(ctx, full)
}

// settle folds what was read, and puts it in place.
func (g *Group) settle(ctx context.Context, full *loaded) error {
	full.fold()
	g.shelf, g.plan = full.shelf, full.plan
	return g.loadEvidence(ctx)
}

// A loaded group is its logs in memory, checked and read ahead, and the plan to fold them into.
type loaded struct {
	shelf *shelf
	plan  *plan.State
	ahead *reading
}

// read reads the logs, on so many cores. It changes nothing of the group.
func (g *Group) read(ctx context.Context, workers int) (*loaded, error) {
	states, err := g.store.Logs(ctx)
	if err != nil {
		return nil, err
	}
	shelf := newShelf(g.id, g.charter, g.self)
	books := make([]*ledger.Book, len(states))
	for i, st := range states {
		if st.Log.Group != g.id || int(st.Log.Party) >= len(g.charter.Parties) {
			return nil, &ledger.Damaged{Log: st.Log, Why: "it belongs to another group"}
		}
		books[i] = ledger.NewBook(st.Log, g.charter.Parties[st.Log.Party].Signing)
	}
	state := plan.New(g.charter, shelf)
	ahead := newReading(state, states, workers)
	if err := ledger.Load(ctx, g.store, states, books, workers, ahead.read); err != nil {
		return nil, err
	}
	for _, b := range books {
		shelf.put(b)
	}
	return &loaded{shelf, state, ahead}, nil
}

// fold folds what was read.
func (l *loaded) fold() {
	l.ahead.lend(l.plan, l.shelf)
	l.plan.Advance()
	l.plan.Compact()
	l.ahead.end(l.shelf)
}

func (g *Group) loadEvidence(ctx context.Context) error {
	kept, err := g.store.Evidence(ctx)
	if err != nil {
		return err
	}
	g.frozen = map[uint8]ledger.Evidence{}
	for _, k := range kept {
		ev, err := ledger.ParseEvidence(k.File)
		if err != nil {
			return err
		}
		g.frozen[k.Log.Party] = ev
	}
	return nil
}

const (
	closedBehind     = "This server's copy of its own log is older than what it has already answered with: the folder was restored from a backup. Nothing was written, so that no number is used twice. Run: entente recover"
	closedBlind      = "The disk failed while this group was being written, and it could not be read again. Nothing more will be written. Look at the disk, then start the server again."
	closedAnchor     = "The disk failed while this group was being written, and the anchor beside its log could not be set right. Nothing more will be written. Look at the disk, then start the server again."
	closedUnread     = "The logs of this group could not be read in full, so nothing is written to it and nothing is sent. What is shown is what could be checked. "
	closedUnfinished = "The last entries of this group were being written when the server stopped, and the disk does not let them be finished. Nothing more will be written. Look at the disk, then start the server again."
	closedStopping   = "The server is stopping. Nothing was written."
	closedMoved      = "This data folder has been copied, moved or restored since the server last ran, and may be older than what this server has sent. Nothing was written, so that no number is used twice. Run: entente recover"
)

// ID is the group's id.
func (g *Group) ID() act.Hash { return g.id }

// Handle is the group's name in addresses on this server: the N of /g/N.
func (g *Group) Handle() string { return g.handle }

// Charter is the group's charter.
func (g *Group) Charter() group.Charter { return g.charter }

// Self is this party's ordinal in the group.
func (g *Group) Self() uint8 { return g.self }

// View calls f with the folded plan. f takes copies of what it needs and keeps no pointers: when
// it has returned, the plan goes on.
func (g *Group) View(f func(*plan.State)) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	f(g.plan)
}

// warmAtOnce is how many elements are indexed between two chances for a writer.
const warmAtOnce = 32

// Warm makes the index that searches need, a little at a time, so that neither the first search nor
// a writer waits for all of it, and then the book of what is watched. It returns when that is done, or
// when ctx ends.
func (g *Group) Warm(ctx context.Context) {
	_ = g.awaitFor(ctx) // the loop sees for itself
	for whole := false; !whole && ctx.Err() == nil; {
		g.View(func(p *plan.State) { whole = p.WarmSome(warmAtOnce) })
	}
	if ctx.Err() == nil {
		g.Watch(func(*plan.State, *compliance.Book) {})
	}
}

// Version counts the changes since the server started.
func (g *Group) Version() uint64 {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.version
}

// Changed is closed at the next change of the group. Ask again for the one after.
func (g *Group) Changed() <-chan struct{} {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.changed
}

// Held says why this server may not write to the group; empty where it may.
func (g *Group) Held() string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if why := g.upsetBy.Load(); why != nil && g.hold == "" {
		return *why
	}
	return g.hold
}

// Frozen gives the evidence against a party whose log is taken no further.
func (g *Group) Frozen(p uint8) (ledger.Evidence, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	ev, ok := g.frozen[p]
	return ev, ok
}

// Seats reports whether the person sits in this party's delegation to the group. To everybody
// else the group does not exist.
func (g *Group) Seats(who Who) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	_, ok := g.seat(who.Person)
	return ok
}

// Powers are what the person may do in the group.
func (g *Group) Powers(who Who) act.Powers {
	g.mu.RLock()
	defer g.mu.RUnlock()
	d, _ := g.seat(who.Person)
	return d.Powers
}

func (g *Group) seat(p party.Person) (act.Delegate, bool) {
	for _, d := range g.plan.Delegation(g.self).Delegates {
		if d.Person == p {
			return d, true
		}
	}
	return act.Delegate{}, false
}

// announce tells everybody who waits that the group has changed. The lock is held.
func (g *Group) announce() {
	g.version++
	close(g.changed)
	g.changed = make(chan struct{})
	if g.plan.Hushed() {
		g.c.stir()
	}
}

// close stops the writer, writes a snapshot for the next start, and closes the store.
func (g *Group) close() error {
	g.cancel()
	close(g.quit)
	<-g.done
	g.tasks.Wait()
	if g.early == nil {
		g.keepSnapshot()
	}
	return g.store.Close()
}
