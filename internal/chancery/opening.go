package chancery

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"entente/act"
	"entente/group"
)

// # Opening from the logs
//
// To open a group from its logs is to read them, which all cores share, and then to fold them, which
// one core does. A group is an island, so that groups are read and folded side by side. While there
// are more groups to fold than cores, one that has been read is folded beside the reading of the
// next. The last, one for each core, are folded together when all have been read: no core is left
// with a fold to itself while the others have nothing to do.

// An opening is the groups of a party on their way to being open. Each worker is a core's.
type opening struct {
	*Chancery
	rows   []GroupRow
	groups []*Group
	errs   []error
	cores  int

	mu      sync.Mutex
	some    sync.Cond // something has been read
	next    int       // the row that is read next
	reading int       // how many are being read
	read    []half    // have been read, and wait to be folded
}

// A half is a group whose logs have been read and not yet folded.
type half struct {
	row int
	*Group
	full *loaded
}

// openAll opens the joined groups.
func (c *Chancery) openAll(ctx context.Context, rows []GroupRow) error {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r GroupRow) bool { return r.State != GroupJoined })
	o := &opening{Chancery: c, rows: rows, groups: make([]*Group, len(rows)), errs: make([]error, len(rows)), cores: runtime.GOMAXPROCS(0)}
	o.some.L = &o.mu
	var workers sync.WaitGroup
	for range min(len(rows), o.cores) {
		workers.Go(func() { o.work(ctx) })
	}
	workers.Wait()
	c.groups = slices.DeleteFunc(o.groups, func(g *Group) bool { return g == nil })
	return errors.Join(o.errs...)
}

// work reads and folds until nothing is left to do.
func (o *opening) work(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		unread := len(o.rows) - o.next + o.reading
		switch {
		case len(o.read) > 0 && (unread == 0 || unread+len(o.read) > o.cores):
			h := o.read[0]
			o.read = o.read[1:]
			o.mu.Unlock()
			o.groups[h.row], o.errs[h.row] = h.Group.foldIn(ctx, h.full)
			o.mu.Lock()
		case o.next < len(o.rows):
			o.readNext(ctx)
		case unread == 0:
			return
		default:
			o.some.Wait()
		}
	}
}

// readNext reads the next row's group. mu is held, and let go meanwhile.
func (o *opening) readNext(ctx context.Context) {
	i := o.next
	o.next++
	o.reading++
	o.mu.Unlock()
	g, full, err := o.readRow(ctx, o.rows[i])
	o.mu.Lock()
	o.reading--
	if full != nil {
		o.read = append(o.read, half{i, g, full})
	} else {
		o.groups[i], o.errs[i] = g, err
	}
	o.some.Broadcast()
}

func (c *Chancery) readRow(ctx context.Context, row GroupRow) (*Group, *loaded, error) {
	charter, err := group.Parse(string(row.Charter))
	if err != nil {
		return nil, nil, fmt.Errorf("the charter of group %s cannot be read: %w", row.Handle, err)
	}
	return c.readGroup(ctx, row.ID, row.Handle, charter)
}

// openGroup loads a group from its store and checks it: every hash, every checkpoint, the anchor.
func (c *Chancery) openGroup(ctx context.Context, id act.Hash, handle string, charter group.Charter) (*Group, error) {
	g, full, err := c.readGroup(ctx, id, handle, charter)
	if full == nil {
		return g, err
	}
	return g.foldIn(ctx, full)
}

// readGroup opens a group's store. Where the group has a snapshot that can be used, it is open by
// that; where it has none its logs are read, and it is open when they have been folded in.
func (c *Chancery) readGroup(ctx context.Context, id act.Hash, handle string, charter group.Charter) (*Group, *loaded, error) {
	self, ok := charter.Ordinal(c.Self())
	if !ok || !charter.Parties[self].Signing.Equal(c.card.Signing) {
		return nil, nil, fmt.Errorf("group %s does not name this party with its key. Nothing was opened", handle)
	}
	store, disk, err := c.shelves.OpenGroup(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	g := &Group{
		c: c, id: id, handle: handle, charter: charter, self: self, store: store, disk: disk,
		queue: make(chan *order, maxQueue), quit: make(chan struct{}), done: make(chan struct{}), changed: make(chan struct{}),
		whole: make(chan struct{}), came: make(chan struct{}, 1),
	}
	g.ctx, g.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if g.openEarly(ctx) {
		go g.run()
		return g, nil, nil
	}
	close(g.whole)
	full, err := g.read(ctx, runtime.GOMAXPROCS(0))
	if err != nil {
		g.cancel()
		return nil, nil, errors.Join(err, store.Close())
	}
	return g, full, nil
}

// foldIn opens a group whose logs have been read; nil with an error where it cannot be.
func (g *Group) foldIn(ctx context.Context, full *loaded) (*Group, error) {
	err := g.settle(ctx, full)
	if err == nil {
		err = g.checkAnchor(ctx)
	}
	if err != nil {
		g.cancel()
		return nil, errors.Join(err, g.store.Close())
	}
	go g.run()
	return g, nil
}

// catchUpAll has the groups that are here in full write what had become due. The others do so when
// their logs are here.
func (c *Chancery) catchUpAll() {
	var all sync.WaitGroup
	for _, g := range c.groups {
		if g.early == nil {
			all.Go(g.catchUp)
		}
	}
	all.Wait()
}
