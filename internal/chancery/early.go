package chancery

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"runtime"

	"entente/flat"
	"entente/plan"
)

// # Opening from a snapshot
//
// A group with a snapshot is open as soon as that has been read: its pages show the remembered plan
// and what has come since, with words that are checked against the signed checkpoints as they are
// read. Behind that the logs are loaded and folded in full, and until this is done and agrees,
// nothing is written, taken, served or proved: whoever asks for that waits. Where plan and
// snapshot differ, the plan from the logs takes its place; where the logs are damaged, the group
// stays open for reading and says why.

// errUnfinished says that the last step is to be completed from the anchor, which takes the logs.
var errUnfinished = errors.New("the last step had been cut off")

// openEarly opens the group from its snapshot; false where there is none that can be used, and the
// logs are to be read.
func (g *Group) openEarly(ctx context.Context) bool {
	if g.c.snapshotFrom < 0 {
		return false
	}
	b, err := g.disk.Read(snapshotName)
	if err != nil || len(b) == 0 {
		return false
	}
	if err := g.restore(ctx, b); err != nil {
		g.c.log.Info("a snapshot is not used, and the logs are read", "group", g.handle, "why", err)
		g.discard()
		g.early, g.plan, g.shelf, g.asWas, g.kept = nil, nil, nil, nil, 0
		g.upsetBy.Store(nil)
		return false
	}
	return true
}

func (g *Group) restore(ctx context.Context, b []byte) error {
	memories, r, err := openSnapshot(b, g.c.card.Signing, g.c.build, g.id)
	if err != nil {
		return err
	}
	states, err := g.store.Logs(ctx)
	if err != nil {
		return err
	}
	if g.early, g.kept, err = g.recall(memories, states); err != nil {
		return err
	}
	end := len(b) - ed25519.SignatureSize
	remembered := b[end-r.Left() : end]
	if g.plan, err = plan.Restore(g.charter, g.early, r); err != nil {
		return err
	}
	for p, row := range g.early.rows {
		if g.plan.Rule().Count(uint8(p)) > row.count() {
			return errSnapshot
		}
	}
	g.shelf = newShelf(g.id, g.charter, g.self)
	if c := g.plan.Advance(); c.Judged == 0 {
		g.asWas = remembered
	}
	if why := g.upsetBy.Load(); why != nil {
		return errors.New(*why)
	}
	if err := g.loadEvidence(ctx); err != nil {
		return err
	}
	return g.checkAnchor(ctx)
}

// upset notes why something could not be read. The full reading of the logs says more.
func (g *Group) upset(err error) {
	if g.ctx.Err() != nil {
		return // the group is being closed
	}
	why := closedUnread + err.Error()
	if g.upsetBy.CompareAndSwap(nil, &why) {
		g.c.log.Error("a stored log cannot be shown", "group", g.handle, "err", err)
	}
}

// run is the group's goroutine: it reads the logs in full where a snapshot was shown before, then
// writes what is ordered.
func (g *Group) run() {
	if g.early == nil { // nobody else changes that
		g.tasks.Go(g.keepSoon)
		g.write()
		return
	}
	err := g.complete()
	if err != nil {
		g.holdFor(err)
	}
	close(g.whole)
	switch {
	case g.ctx.Err() != nil:
		close(g.done)
	case err != nil:
		g.refuse()
	default:
		g.tasks.Go(g.keepSoon)
		g.catchUp()
		g.write()
	}
}

// keepSoon writes a snapshot in the background, one group after another.
func (g *Group) keepSoon() {
	if g.c.wait(g.ctx) {
		defer g.c.next()
		g.keepSnapshot()
	}
}

// wait waits until all groups are open and no other reads or writes much; false where ctx ends.
func (c *Chancery) wait(ctx context.Context) bool {
	select {
	case <-c.opened:
	case <-ctx.Done():
		return false
	}
	select {
	case c.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// next lets the next one go that waits.
func (c *Chancery) next() { <-c.turn }

// holdFor holds a group whose logs could not be read in full.
func (g *Group) holdFor(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold = closedStopping
	if g.ctx.Err() == nil {
		g.hold = closedUnread + err.Error()
		g.c.log.Error("the logs of a group cannot be read in full", "group", g.handle, "err", err)
	}
	g.announce()
}

// refuse answers every order with why the group may not write, until it is closed.
func (g *Group) refuse() {
	defer close(g.done)
	for {
		select {
		case o := <-g.queue:
			o.err = &Closed{Why: g.Held()}
			close(o.done)
		case <-g.quit:
			return
		}
	}
}

// complete reads and folds the logs in full, and puts them in the place of what the snapshot gave.
// Groups do it one after another, with one core left for whoever asks for a page.
func (g *Group) complete() error {
	if !g.c.wait(g.ctx) {
		return g.ctx.Err()
	}
	defer g.c.next()
	full, err := g.read(g.ctx, max(1, runtime.GOMAXPROCS(0)-1))
	if err != nil {
		return err
	}
	shown, same := g.plan, make(chan bool, 1)
	go func() { // in memory only, so that closing the group need not wait for it
		full.fold()
		var a, b flat.Writer
		if b = g.asWas; b == nil {
			shown.Snapshot(&b)
		}
		full.plan.Snapshot(&a)
		same <- bytes.Equal(a, b)
	}()
	select {
	case agrees := <-same:
		return g.swap(full, agrees)
	case <-g.ctx.Done():
		return g.ctx.Err()
	}
}

// swap puts what the logs amount to in the place of what the snapshot gave.
func (g *Group) swap(full *loaded, agrees bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shelf, g.plan, g.early, g.asWas = full.shelf, full.plan, nil, nil
	g.upsetBy.Store(nil)
	if !agrees {
		g.c.log.Error("a snapshot was not what the logs amount to, and was thrown away", "group", g.handle)
		g.discard()
		g.kept = 0
		g.announce()
	}
	return g.checkAnchor(context.WithoutCancel(g.ctx))
}

// await waits until the logs are here in full, or cannot be.
func (g *Group) await() { <-g.whole }

// awaitFor is await until ctx ends.
func (g *Group) awaitFor(ctx context.Context) error {
	select {
	case <-g.whole:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Settle waits until every group's logs have been read and checked in full, which goes on in the
// background where a snapshot was shown first. It says which could not be.
func (c *Chancery) Settle(ctx context.Context) error {
	var errs []error
	for _, g := range c.Groups() {
		if err := g.awaitFor(ctx); err != nil {
			return err
		}
		g.mu.RLock()
		if g.early != nil {
			errs = append(errs, fmt.Errorf("group %s: %w", g.handle, &Closed{Why: g.hold}))
		}
		g.mu.RUnlock()
	}
	return errors.Join(errs...)
}
