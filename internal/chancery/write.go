package chancery

import (
	"context"
	"crypto/ed25519"
	"errors"
	"runtime"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/ledger"
	"entente/party"
	"entente/plan"
)

// MaxOrder is how many acts one order holds, all of which are written or none.
const MaxOrder = 512

const (
	maxQueue = 256 // orders that wait for the writer
	maxBatch = 128 // orders committed together

	maxYields = 8 // how often the writer lets others run without another order coming of it
	maxSoon   = 4 // drafts of an order that the writer waits for once it is being prepared
)

// An order is something to write: drafts of a person, or what came from a counterpart.
type order struct {
	ctx    context.Context
	who    Who
	drafts []Draft
	from   party.Code
	deltas []Delta
	resume bool

	silence  bool // what silences have brought about is to be written
	receipts []Receipt
	taken    Taken
	err      error
	done     chan struct{}
}

// Admit writes what a person decided: all of it or nothing. When it returns without an error the
// acts are stored, signed, and visible. Errors are *Refused, *Moved, *HeldBack, *Closed,
// ErrWithheld, or something that went wrong underneath.
func (g *Group) Admit(ctx context.Context, who Who, drafts ...Draft) ([]Receipt, error) {
	if len(drafts) == 0 || len(drafts) > MaxOrder {
		return nil, refuse("count", "Between 1 and %d acts can be sent at once, and this is %d. Nothing was sent.", MaxOrder, len(drafts))
	}
	if err := g.guarded(ctx, who, drafts, false); err != nil {
		return nil, err
	}
	receipts, err := g.submit(ctx, who, drafts...)
	if err == nil {
		_ = g.guarded(ctx, who, drafts, true)
	}
	return receipts, err
}

// submit is Admit for drafts that the guard need not see, because the server made them.
func (g *Group) submit(ctx context.Context, who Who, drafts ...Draft) ([]Receipt, error) {
	if len(drafts) <= maxSoon {
		g.coming.Add(1)
	}
	o := &order{ctx: ctx, who: who, drafts: g.prepare(who, drafts)}
	queued := g.queueUp(o)
	if len(drafts) <= maxSoon && g.coming.Add(-1) == 0 {
		select {
		case g.came <- struct{}{}:
		default: // the writer has still to hear of the last time
		}
	}
	if queued {
		g.waitFor(o)
	}
	return o.receipts, o.err
}

// enqueue hands an order to the writer and waits until it is done. An order that has been taken
// up is carried out even where its context ends.
func (g *Group) enqueue(o *order) {
	if g.queueUp(o) {
		g.waitFor(o)
	}
}

// queueUp puts an order into the queue; false where it does not come to that.
func (g *Group) queueUp(o *order) bool {
	o.done = make(chan struct{})
	select {
	case g.queue <- o:
		return true
	case <-o.ctx.Done():
		o.err = o.ctx.Err()
	case <-g.done:
		o.err = &Closed{Why: closedStopping}
	}
	return false
}

func (g *Group) waitFor(o *order) {
	select {
	case <-o.done:
		return
	case <-g.done: // the writer has ended: with the order carried out, or before it came
	}
	select {
	case <-o.done:
	default:
		o.err = &Closed{Why: closedStopping}
	}
}

// write is the one writer: it takes what waits, commits it together, and answers. What came from
// a counterpart is a step by itself. It ends when quit is closed and nothing waits any more.
func (g *Group) write() {
	defer close(g.done)
	for {
		o, some := g.waiting()
		if !some {
			select {
			case o = <-g.queue:
			case <-g.quit:
				if o, some = g.waiting(); !some {
					return
				}
			}
		}
		g.carry(o)
	}
}

// carry commits an order, and with it those that wait and can go along, and those that are being
// prepared, which takes microseconds. Those who were answered just now may have their next order
// ready as soon as they are let run; when none has come of that, it does not wait.
func (g *Group) carry(o *order) {
	batch := []*order{o}
	var alone *order
	for yielded := 0; yielded < maxYields && len(batch) < maxBatch && alone == nil && batch[0].drafts != nil; {
		next, some := g.waiting()
		if !some && g.coming.Load() > 0 {
			next, some = g.soon()
		}
		switch {
		case !some:
			yielded++
			runtime.Gosched()
		case next.drafts == nil:
			alone = next
		default:
			batch, yielded = append(batch, next), 0
		}
	}
	g.commit(batch)
	if alone != nil {
		g.commit([]*order{alone})
	}
}

func (g *Group) waiting() (*order, bool) {
	select {
	case next := <-g.queue:
		return next, true
	default:
		return nil, false
	}
}

// soon waits for an order that is being prepared, or until none is any more. The writer sleeps
// meanwhile, so that its core takes part in preparing.
func (g *Group) soon() (*order, bool) {
	select {
	case next := <-g.queue:
		return next, true
	case <-g.came:
		return nil, false
	}
}

// A step is what is being written: not yet stored. Until it is stored the lock is
// held, so that nobody sees it.
type step struct {
	*Group
	foreign []ledger.Batch // to others' logs, and cosignatures
	touched []act.Ref
	fresh   map[act.Ref]bool // elements with acts that are written and not yet folded
	folded  int              // how many of the pending leaves have been folded
}

// commit carries out orders. What a crash leaves of them is told at landing.
func (g *Group) commit(batch []*order) {
	defer func() {
		for _, o := range batch {
			close(o.done)
		}
	}()
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &step{Group: g}
	for _, o := range batch {
		if o.err = o.ctx.Err(); o.err == nil {
			s.carryOut(o)
		}
	}
	s.confirm()
	if err := s.store(); err != nil {
		for _, o := range batch {
			if o.err == nil {
				o.receipts, o.taken, o.err = nil, Taken{}, err
			}
		}
		return
	}
	for _, o := range batch {
		s.number(o)
	}
}

func (s *step) carryOut(o *order) {
	switch {
	case o.deltas != nil:
		o.taken, o.err = s.take(o)
	case o.resume:
		o.err = s.resume(o)
	case o.silence:
		s.stay()
	default:
		o.err = s.admit(o)
	}
}

// admit checks all drafts of an order, then folds them.
func (s *step) admit(o *order) error {
	if s.hold != "" {
		return &Closed{Why: s.hold}
	}
	for i, d := range o.drafts {
		if s.leansOn(d.Body) {
			if err := s.advance(); err != nil {
				return err
			}
		}
		if err := s.door(o.who, d, o.drafts[:i]); err != nil {
			return err
		}
		if err := s.settled(&o.drafts[i], o.who); err != nil {
			return err
		}
	}
	for i := range o.drafts {
		body := s.tie(o.drafts[i].Body, o.drafts)
		r, err := s.enter(o.who.Person, body, o.drafts[i].preparedAs(body))
		if err != nil {
			return err
		}
		o.receipts = append(o.receipts, r)
	}
	return nil
}

// fold writes one act of the server's own.
func (s *step) fold(by party.Person, body act.Body) (Receipt, error) {
	return s.enter(by, body, act.Prepared{})
}

// enter writes one act at the end of one's own log, in memory. It is folded with those after it,
// before anything that leans on it is looked at.
func (s *step) enter(by party.Person, body act.Body, ready act.Prepared) (Receipt, error) {
	own := s.shelf.last(s.self)
	if own == nil {
		own = s.shelf.book(ledger.Log{Group: s.id, Party: s.self})
		s.shelf.put(own)
	}
	a := act.Act{Group: s.id, Party: s.self, Epoch: own.Log().Epoch, Index: own.Size() + uint64(len(s.shelf.pending)),
		By: by, At: s.c.clock().UnixMilli(), Body: body}
	if len(s.shelf.pending) == 0 { // within a step nothing more comes to be seen
		a.Seen = s.sight()
	}
	var leaf []byte
	var err error
	if ready.IsZero() {
		leaf, err = act.Encode(a)
	} else {
		leaf, err = ready.EncodeAt(a)
	}
	if err != nil {
		return Receipt{}, refuse("format", "%s", err.Error())
	}
	id := s.shelf.add(leaf)
	if s.fresh == nil {
		s.fresh = map[act.Ref]bool{}
	}
	s.fresh[act.About(body)] = true
	ordinal := s.shelf.rows[s.self].count() + len(s.shelf.pending) - 1
	return Receipt{Place: plan.Place{Party: s.self, Ordinal: uint32(ordinal)}, Epoch: a.Epoch, Index: a.Index, ID: id}, nil
}

// leansOn reports whether an act is about something that is written and not yet folded.
func (s *step) leansOn(body act.Body) bool {
	if len(s.fresh) == 0 {
		return false
	}
	if s.fresh[""] || s.fresh[act.About(body)] { // "" stands for delegations
		return true
	}
	t, ok := body.(act.Table)
	return ok && (s.fresh[t.Content.Parent] || slices.ContainsFunc(t.Content.Cites, func(r act.Ref) bool { return s.fresh[r] }))
}

// advance folds what has been written.
func (s *step) advance() error {
	if s.folded == len(s.shelf.pending) {
		return nil
	}
	first := s.shelf.rows[s.self].count() + s.folded
	changes := s.plan.Advance()
	s.watch.touch(s.plan, changes.Touched)
	s.touched = append(s.touched, changes.Touched...)
	s.folded, s.fresh = len(s.shelf.pending), nil
	for i := first; i < s.shelf.rows[s.self].count()+s.folded; i++ {
		if why := s.plan.Rule().Void(s.self, i); why != accord.Good {
			return refuse(why.String(), "%s", why.Sentence())
		}
	}
	return nil
}

// sight is what has been judged of the others' logs since one's own last act.
func (s *step) sight() []act.Seen {
	rule := s.plan.Rule()
	var out []act.Seen
	for p := range s.charter.Parties {
		n := rule.Count(uint8(p))
		if p == int(s.self) || n <= rule.SeenBy(s.self, uint8(p)) {
			continue
		}
		epoch, index := s.shelf.Place(uint8(p), n-1)
		root, _ := s.shelf.rows[p].books[epoch].Root(index + 1)
		out = append(out, act.Seen{Party: uint8(p), Epoch: epoch, Size: index + 1, Root: root})
	}
	return out
}

// confirm writes the confirmations that have become due, as the rule asks: at once.
func (s *step) confirm() {
	if s.hold != "" || s.shelf.last(s.self) == nil {
		return
	}
	for s.advance() == nil && len(s.touched) > 0 {
		refs := s.touched
		s.touched = nil
		for _, due := range s.plan.Due(s.self, refs) {
			if _, err := s.fold("", due); err != nil {
				s.c.log.Error("a confirmation was refused", "group", s.handle, "element", due.Element, "err", err)
			}
		}
	}
	s.acknowledge()
}

// store makes the step last: signed, in one transaction, with the anchor.
func (s *step) store() error {
	if err := s.advance(); err != nil {
		return s.undo(err)
	}
	batches := s.foreign
	own := s.shelf.last(s.self)
	var mine ledger.Batch
	if len(s.shelf.pending) > 0 {
		var err error
		if mine, err = own.Draft(s.c.keys.Signing(), s.shelf.raw...); err != nil {
			return s.undo(err)
		}
		batches = append(batches, mine)
	}
	if len(batches) == 0 {
		return nil
	}
	// The context of one order must not cut off the others': a commit is short, and goes through.
	ctx := context.WithoutCancel(context.Background())
	landing, err := s.land(ctx, batches, mine)
	if err != nil && !s.persisted(ctx, mine) {
		err = errors.Join(s.undo(err), landing.takeBack())
		s.announce()
		return err
	}
	if !mine.Empty() {
		s.shelf.settle()
		if own = s.shelf.last(s.self); own.Size() == mine.From {
			if err := own.Apply(mine); err != nil {
				return errors.Join(s.undo(err), landing.finish())
			}
		}
	}
	err = landing.finish()
	s.announce()
	return err
}

// persisted reads the store again after a failed commit, since a failure may still have written:
// it reports whether all of the step is there after all.
func (s *step) persisted(ctx context.Context, mine ledger.Batch) bool {
	if mine.Empty() {
		return false
	}
	if s.load(ctx) != nil {
		return false // undo tries again, and says so
	}
	own := s.shelf.last(s.self)
	if own == nil || own.Size() != mine.From+uint64(len(mine.Leaves)) {
		return false
	}
	for i, leaf := range mine.Leaves {
		if own.Leaf(mine.From+uint64(i)) != string(leaf) {
			return false
		}
	}
	return true
}

// undo goes back to what the store holds.
func (s *step) undo(cause error) error {
	s.foreign, s.touched = nil, nil
	if err := s.load(context.Background()); err != nil {
		s.hold = closedBlind
		s.forget()
		s.announce()
		return errors.Join(cause, err)
	}
	return cause
}

// forget takes back what was folded and is not stored, where the store cannot be asked: what is
// shown is never more than what was committed. Others' entries that were applied stay; each was
// verified, and none is acknowledged to anybody.
func (s *step) forget() {
	s.shelf.settle()
	s.Group.plan = plan.New(s.charter, s.shelf)
	s.Group.plan.Advance()
}

// number completes the receipts with what is known only now.
func (s *step) number(o *order) {
	own := s.shelf.last(s.self)
	for i := range o.receipts {
		o.receipts[i].Size = own.Size()
		if r := s.plan.Rule().Revision(o.receipts[i].ID); r != nil {
			o.receipts[i].Adopted = r.IsAdopted()
		}
	}
}

// SigningKeys are the keys of the group's parties, in order of their ordinals.
func (g *Group) SigningKeys() []ed25519.PublicKey {
	out := make([]ed25519.PublicKey, len(g.charter.Parties))
	for i, m := range g.charter.Parties {
		out[i] = m.Signing
	}
	return out
}
