package chancery

import (
	"context"
	"errors"
	"slices"

	"entente/act"
	"entente/ledger"
	"entente/party"
)

// A Delta is what one log has beyond what somebody holds: entries and the checkpoint over them,
// or a checkpoint alone, with more cosignatures.
type Delta struct {
	Log    ledger.Log
	From   uint64
	Leaves [][]byte
	Note   []byte // nil where the delta was cut short, to be continued
}

// Taken says what came of deltas.
type Taken struct {
	Entries int
	By      map[party.Code]int // new entries by party
	Kinds   map[act.Kind]int   // new entries by kind
	Adopted []act.Ref
	Gaps    []ledger.Log // logs of which entries are missing in between
	Own     bool         // a counterpart holds more of this party's own log than is here
}

// Heads lists what is held of every log of the group.
func (g *Group) Heads() []ledger.State {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.early != nil {
		return g.early.heads()
	}
	var out []ledger.State
	for _, r := range g.shelf.rows {
		for _, b := range r.books {
			if head := b.Head(); !head.IsZero() {
				out = append(out, ledger.State{Log: b.Log(), Size: b.Size(), Note: head.Note()})
			}
		}
	}
	return out
}

// Head is the last checkpoint of a log; false where there is no such log here.
func (g *Group) Head(log ledger.Log) (ledger.Signed, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if log.Group != g.id || int(log.Party) >= len(g.charter.Parties) {
		return ledger.Signed{}, false
	}
	if g.early != nil {
		if list := g.early.rows[log.Party].spines; int(log.Epoch) < len(list) {
			return list[log.Epoch].Head(), true
		}
	} else if list := g.shelf.rows[log.Party].books; int(log.Epoch) < len(list) {
		return list[log.Epoch].Head(), true
	}
	return ledger.Signed{}, false
}

// Deltas is what somebody who has that much of each log lacks, with at most limit bytes of leaves.
// A log that was cut short has no checkpoint, and is asked for again. It waits until the logs are here in full.
func (g *Group) Deltas(have map[ledger.Log]uint64, limit int) []Delta {
	g.await()
	g.mu.RLock()
	defer g.mu.RUnlock()
	var out []Delta
	for _, r := range g.shelf.rows {
		for _, b := range r.books {
			from := have[b.Log()]
			if b.Head().IsZero() || from > b.Size() || limit <= 0 {
				continue
			}
			d := Delta{Log: b.Log(), From: from}
			for i := from; i < b.Size() && limit > 0; i++ {
				leaf := b.Leaf(i)
				limit -= len(leaf)
				d.Leaves = append(d.Leaves, []byte(leaf))
			}
			if from+uint64(len(d.Leaves)) == b.Size() {
				d.Note = b.Head().Note()
			}
			out = append(out, d)
		}
	}
	return out
}

// Book calls f with a log's book, for serving its tiles; false where there is no such log here. It
// waits until the logs are here in full.
func (g *Group) Book(log ledger.Log, f func(*ledger.Book)) bool {
	g.await()
	g.mu.RLock()
	defer g.mu.RUnlock()
	if int(log.Party) >= len(g.shelf.rows) || int(log.Epoch) >= len(g.shelf.rows[log.Party].books) {
		return false
	}
	f(g.shelf.rows[log.Party].books[log.Epoch])
	return true
}

// Take verifies what came from a counterpart, cosigns it, folds it, writes the confirmations that
// are due, and makes all of it last: all or nothing. A fork is a *ledger.Fork: its evidence has
// been kept and the log frozen, and nothing else was taken.
func (g *Group) Take(ctx context.Context, from party.Code, deltas []Delta) (Taken, error) {
	if len(deltas) == 0 {
		return Taken{}, nil
	}
	o := &order{ctx: ctx, from: from, deltas: deltas}
	g.enqueue(o)
	return o.taken, o.err
}

// Preview says what Take would do, and changes nothing.
func (g *Group) Preview(deltas []Delta) (Taken, error) {
	g.await()
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.early != nil {
		return Taken{}, &Closed{Why: g.hold}
	}
	t, _, err := g.examine(deltas)
	return t, err
}

// An offer is a delta that was verified against the book it continues.
type offer struct {
	book  *ledger.Book
	batch ledger.Batch
}

// examine verifies deltas against what is held, and changes nothing.
func (g *Group) examine(deltas []Delta) (t Taken, offers []offer, err error) {
	t = Taken{By: map[party.Code]int{}, Kinds: map[act.Kind]int{}}
	sizes := map[ledger.Log]uint64{}
	for _, d := range slices.SortedFunc(slices.Values(deltas), byEpoch) {
		if d.Note == nil || d.Log.Group != g.id || int(d.Log.Party) >= len(g.charter.Parties) {
			return t, nil, shut("What came is not whole, or not of this group. Nothing was taken.")
		}
		if _, caught := g.frozen[d.Log.Party]; caught {
			continue
		}
		o, err := g.weigh(d, sizes)
		var gap *ledger.Gap
		switch {
		case errors.As(err, &gap):
			t.Gaps = append(t.Gaps, d.Log)
			continue
		case err != nil:
			return t, nil, err
		case o.book == nil || o.batch.Empty():
			continue
		}
		if d.Log.Party == g.self && len(o.batch.Leaves) > 0 {
			t.Own = true
		}
		sizes[d.Log] = o.batch.From + uint64(len(o.batch.Leaves))
		offers = append(offers, o)
		t.count(g.charter.Code(d.Log.Party), o.batch.Leaves)
	}
	return t, offers, nil
}

func byEpoch(a, b Delta) int {
	if a.Log.Party != b.Log.Party {
		return int(a.Log.Party) - int(b.Log.Party)
	}
	return int(int64(a.Log.Epoch) - int64(b.Log.Epoch))
}

func (t *Taken) count(code party.Code, leaves [][]byte) {
	t.Entries += len(leaves)
	if len(leaves) > 0 {
		t.By[code] += len(leaves)
	}
	var scan act.Scanner
	for _, leaf := range leaves {
		if scan.Scan(string(leaf)) == nil {
			t.Kinds[scan.Kind]++
		}
	}
}

// weigh verifies one delta. sizes are those that earlier deltas of the same lot will bring.
func (g *Group) weigh(d Delta, sizes map[ledger.Log]uint64) (offer, error) {
	if d.Log.Epoch >= g.maxEpochs() {
		return offer{}, g.endless(d.Log.Party)
	}
	book := g.shelf.book(d.Log)
	if book == nil { // an epoch after one that comes in the same lot
		if _, coming := sizes[ledger.Log{Group: g.id, Party: d.Log.Party, Epoch: d.Log.Epoch - 1}]; !coming || d.Log.Epoch == 0 {
			return offer{}, &ledger.Gap{Log: d.Log}
		}
		book = ledger.NewBook(d.Log, g.shelf.key(d.Log.Party))
	}
	if err := g.checkEpoch(d, book, sizes); err != nil {
		return offer{}, err
	}
	if d.From <= book.Size() && d.From+uint64(len(d.Leaves)) <= book.Size() {
		batch, err := book.Witness(d.Note, g.SigningKeys())
		return offer{book, batch}, err
	}
	batch, err := book.Offer(d.Note, d.From, d.Leaves)
	if err == nil && !batch.Empty() {
		err = g.checkCosignatures(book, d.Note)
	}
	return offer{book, batch}, err
}

// checkCosignatures refuses a checkpoint that carries a wrong cosignature: once stored, it would
// stand in every proof file that is made here, and spoil it.
func (g *Group) checkCosignatures(book *ledger.Book, note []byte) error {
	signed, err := ledger.Open(book.Key(), book.Origin(), note)
	if err == nil {
		_, err = signed.Cosigners(g.SigningKeys())
	}
	return err
}

// checkEpoch sees to it that an epoch begins where the one before ended, and that none grows once
// the next has begun.
func (g *Group) checkEpoch(d Delta, book *ledger.Book, sizes map[ledger.Log]uint64) error {
	r := &g.shelf.rows[d.Log.Party]
	if int(d.Log.Epoch)+1 < len(r.books) && d.From+uint64(len(d.Leaves)) > book.Size() {
		return shut("%s has sent entries of an epoch that it had ended. Nothing was taken. Telephone your counterpart.", g.charter.Code(d.Log.Party))
	}
	if d.Log.Epoch == 0 || book.Size() > 0 || len(d.Leaves) == 0 {
		return nil
	}
	before := ledger.Log{Group: g.id, Party: d.Log.Party, Epoch: d.Log.Epoch - 1}
	a, err := act.Decode(string(d.Leaves[0]))
	res, ok := a.Body.(act.Resume)
	if err != nil || !ok || res.Epoch != before.Epoch {
		return shut("%s has begun a new epoch without saying where the last one ended. Nothing was taken.", g.charter.Code(d.Log.Party))
	}
	size, coming := sizes[before]
	if !coming && int(before.Epoch) < len(r.books) {
		size = r.books[before.Epoch].Size()
		if root, here := r.books[before.Epoch].Root(res.Size); here && root != res.Root {
			return shut("%s says that its last epoch ended otherwise than it did. Nothing was taken. Telephone your counterpart.", g.charter.Code(d.Log.Party))
		}
	}
	if res.Size > size {
		return &ledger.Gap{Log: before, Have: size, From: size, To: size, Size: res.Size}
	}
	if res.Size < size {
		return shut("%s has ended an epoch at %d entries, and had signed %d. Nothing was taken. Both checkpoints are kept. Telephone your counterpart.", g.charter.Code(d.Log.Party), res.Size, size)
	}
	return nil
}

// take is Take, with the lock held.
func (s *step) take(o *order) (Taken, error) {
	t, offers, err := s.examine(o.deltas)
	var fork *ledger.Fork
	if errors.As(err, &fork) {
		return Taken{}, s.freeze(o.ctx, fork)
	}
	if err != nil {
		return Taken{}, err
	}
	if t.Own && !s.c.recovering.Load() {
		s.hold = closedBehind
		return Taken{Own: true}, &Closed{Why: closedBehind}
	}
	for _, of := range offers {
		if err := s.shelve(of); err != nil {
			return Taken{}, s.undo(err)
		}
	}
	changes := s.plan.Advance()
	s.watch.touch(s.plan, changes.Touched)
	s.touched = append(s.touched, changes.Touched...)
	t.Adopted = changes.Adopted
	return t, nil
}

// shelve puts verified entries into their book, with one's own cosignature.
func (s *step) shelve(o offer) error {
	if err := o.book.Apply(o.batch); err != nil {
		return err
	}
	s.shelf.put(o.book)
	note := o.batch.Note
	if o.book.Log().Party != s.self && len(o.batch.Leaves) > 0 {
		signed, err := ledger.Cosign(s.c.keys.Signing(), o.book.Head(), s.c.clock())
		if err != nil {
			return err
		}
		batch, err := o.book.Cosigned(signed)
		if err == nil {
			err = o.book.Apply(batch)
		}
		if err != nil {
			return err
		}
		note = signed.Note()
	}
	s.foreign = append(s.foreign, ledger.Batch{Log: o.batch.Log, From: o.batch.From, Leaves: o.batch.Leaves, Note: note})
	return nil
}

// freeze keeps the evidence of a fork and takes no more from that party.
func (s *step) freeze(ctx context.Context, fork *ledger.Fork) error {
	file := ledger.FormatEvidence(fork.Evidence)
	if err := s.Group.store.PutEvidence(context.WithoutCancel(ctx), fork.Log, file); err != nil {
		return errors.Join(fork, err)
	}
	s.frozen[fork.Log.Party] = fork.Evidence
	s.announce()
	return fork
}
