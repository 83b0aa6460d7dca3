package chancery_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/plan"
)

// flaky are a home's stores and disks with faults on demand.
type flaky struct {
	*shelves
	faults *faults
}

func (f flaky) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, disk, err := f.shelves.OpenGroup(ctx, id)
	f.stores[id].Fault = f.faults.strike
	d := flakyDisk{disk, f.faults.strike}
	if f.faults.placing {
		return st, flakyPlacer{d}, err
	}
	return st, d, err
}

// A fault is what goes wrong, and in which order the store and the anchor take their steps.
type fault struct {
	placing bool             // the disk can write into the middle of a file
	kind    string           // of the step that fails
	nth     int              // which of that kind
	o       memstore.Outcome // what becomes of it
	after   memstore.Outcome // of every step after it
	first   string           // the step that goes first where both are written together: stepAnchor, StepCommit, or none
}

// Faults decide what becomes of each step.
type faults struct {
	fault
	mu      sync.Mutex
	armed   bool
	dead    bool
	counts  map[string]int
	begun   map[string]bool // of the order under way
	changed sync.Cond
}

func newFaults(f fault) *faults {
	all := &faults{fault: f, counts: map[string]int{}}
	all.changed.L = &all.mu
	return all
}

// order begins an order of a person, which is written to the store and the anchor together.
func (f *faults) order(begin bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.begun = nil; begin {
		f.begun = map[string]bool{}
	}
}

const stepAnchor = "anchor"

// wait lets the other go first, where it is to.
func (f *faults) wait(step string) {
	side := stepAnchor
	switch step {
	case memstore.StepLogs, memstore.StepRead, memstore.StepEvidence, memstore.StepPutEvidence:
		return
	case memstore.StepCommit:
		side = memstore.StepCommit
	}
	for f.begun != nil && f.first != "" && f.first != side && !f.begun[f.first] {
		f.changed.Wait()
	}
	if f.begun != nil {
		f.begun[side] = true
		f.changed.Broadcast()
	}
}

func (f *faults) strike(step string) memstore.Outcome {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.armed {
		return memstore.OK
	}
	f.wait(step)
	f.counts[step]++
	switch {
	case f.dead:
		return f.after
	case step == f.kind && f.counts[step] == f.nth:
		f.dead = true
		return f.o
	}
	return memstore.OK
}

func (f *faults) arm(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = on
}

// flakyDisk fails at a step, before or after it has taken effect. It cannot place, so that the
// anchor goes the longer way.
type flakyDisk struct {
	ledger.Disk
	fault func(step string) memstore.Outcome
}

// flakyPlacer can place, and tears what it fails to place.
type flakyPlacer struct{ flakyDisk }

func (d flakyPlacer) Place(name string, b []byte, at int64) error {
	p := d.Disk.(ledger.Placer)
	switch d.fault("place") {
	case memstore.Failed:
		return errors.Join(errDisk, p.Place(name, b[:len(b)/60], at))
	case memstore.Persisted:
		return errors.Join(errDisk, p.Place(name, b, at))
	}
	return p.Place(name, b, at)
}

var errDisk = errors.New("the disk failed, as the test wanted")

// try does something unless the fault forbids it, and fails where the fault says so.
func (d flakyDisk) try(step string, f func() error) error {
	o := d.fault(step)
	if o != memstore.Failed {
		if err := f(); err != nil {
			return err
		}
	}
	if o != memstore.OK {
		return errDisk
	}
	return nil
}

func (d flakyDisk) Create(name string) (f ledger.File, err error) {
	err = d.try("create", func() (err error) { f, err = d.Disk.Create(name); return err })
	return flakyFile{f, d}, err
}

func (d flakyDisk) Rename(from, to string) error {
	return d.try("rename", func() error { return d.Disk.Rename(from, to) })
}

func (d flakyDisk) Sync() error { return d.try("sync folder", d.Disk.Sync) }

type flakyFile struct {
	ledger.File
	d flakyDisk
}

func (f flakyFile) Write(b []byte) (n int, err error) {
	err = f.d.try("write", func() (err error) { n, err = f.File.Write(b); return err })
	return n, err
}

func (f flakyFile) Sync() error  { return f.d.try("sync file", f.File.Sync) }
func (f flakyFile) Close() error { return f.d.try("close", f.File.Close) }

// openFlaky opens the home's server on stores that fail as the faults say.
func (h *home) openFlaky(f *faults) {
	h.t.Helper()
	c, err := chancery.Open(h.t.Context(), chancery.Config{Keys: h.keys, Card: h.card, Desk: h.desk, Groups: flaky{h.shelf, f}, Clock: h.clock, Random: rand.Reader})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Chancery = c
	h.t.Cleanup(func() { c.Close() })
}

// TestFaultsAtEveryStep lets each step of writing, of the store and of the anchor, fail, both with
// nothing done and with all of it done, once or with the disk dead from then on, on a disk that
// writes in place and on one that does not, and with either of the two going first. What was
// acknowledged is never lost, nothing stands twice, what is shown is stored, and a counterpart that
// took whatever was served never sees another history.
func TestFaultsAtEveryStep(t *testing.T) {
	for _, placing := range []bool{true, false} {
		steps := oneFault(t, newFaults(fault{placing: placing}))
		if steps[memstore.StepCommit] == 0 || (steps["place"] > 0) != placing || (steps["rename"] > 0) == placing {
			t.Fatalf("steps: %v", steps)
		}
		for _, f := range []fault{
			{o: memstore.Failed}, {o: memstore.Persisted},
			{o: memstore.Failed, after: memstore.Failed}, {o: memstore.Persisted, after: memstore.Failed},
			{o: memstore.Failed, after: memstore.Failed, first: stepAnchor}, {o: memstore.Failed, after: memstore.Failed, first: memstore.StepCommit},
			{o: memstore.Persisted, after: memstore.Failed, first: stepAnchor}, {o: memstore.Persisted, after: memstore.Failed, first: memstore.StepCommit},
		} {
			for kind, n := range steps {
				for nth := range n {
					f.placing, f.kind, f.nth = placing, kind, nth+1
					name := fmt.Sprintf("placing %v, %s %d: %d then %d, %s first", placing, kind, nth+1, f.o, f.after, f.first)
					if !t.Run(name, func(t *testing.T) { oneFault(t, newFaults(f)) }) {
						return
					}
				}
			}
		}
	}
}

// oneFault plays a short negotiation in which a step fails, and says how many steps there were of each kind.
func oneFault(t *testing.T, f *faults) map[string]int {
	us, il := linked(t)
	us.Close()
	us.openFlaky(f)
	f.arm(true)
	acknowledged := map[act.Hash]uint64{}
	for i := range 4 {
		ref := act.Ref(fmt.Sprintf("G-%d", i+1))
		f.order(true)
		r, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal(ref, "Words.")})
		f.order(false)
		if err == nil {
			acknowledged[r[0].ID] = r[0].Index
		}
		shownIsStored(t, us, err)
		give(t, us, il)
		if i%2 == 0 && err == nil {
			il.admit(act.Accept{Element: ref, Revision: r[0].ID})
			give(t, il, us) // may fail here: nothing is lost by it
		}
	}
	f.arm(false)
	us.Close()
	us.open()
	for id, index := range acknowledged {
		if got, ok := leafAt(us, index); !ok || act.LeafHash([]byte(got)) != id {
			t.Fatalf("the acknowledged entry %d is not there", index)
		}
	}
	if err := once(us); err != nil {
		t.Fatal(err)
	}
	if why := us.plenary().Held(); why != "" {
		t.Fatalf("the reopened server does not write: %s", why)
	}
	exchange(t, us, il)
	us.admit(goal("G-9", "After the fault."))
	exchange(t, us, il)
	if il.status("G-9") != plan.InBrackets {
		t.Fatal("the counterpart does not follow")
	}
	return f.counts
}

// give carries what one serves to the other. The taking server may fail; a fork may never be seen.
func give(t *testing.T, from, to *home) {
	t.Helper()
	g, o := from.plenary(), to.plenary()
	have := map[ledger.Log]uint64{}
	for _, h := range o.Heads() {
		have[h.Log] = h.Size
	}
	_, err := o.Take(t.Context(), from.card.Code, g.Deltas(have, 1<<30))
	var fork *ledger.Fork
	if errors.As(err, &fork) || o.Held() != "" && to.card.Code == "IL" {
		t.Fatalf("the counterpart saw another history: %v %s", err, o.Held())
	}
}

// shownIsStored compares what is shown with what a second reader finds in the store.
func shownIsStored(t *testing.T, h *home, admitted error) {
	t.Helper()
	g := h.plenary()
	st := h.shelf.stores[g.ID()].Copy()
	var stored uint64
	states, err := st.Logs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		if s.Log.Party == g.Self() {
			stored += s.Size
		}
	}
	g.View(func(p *plan.State) {
		if n := uint64(p.Rule().Count(g.Self())); n > stored {
			t.Fatalf("%d entries are shown and %d are stored (%v)", n, stored, admitted)
		}
	})
}

func leafAt(h *home, index uint64) (leaf string, ok bool) {
	h.plenary().Book(ledger.Log{Group: h.plenary().ID(), Party: h.plenary().Self()}, func(b *ledger.Book) {
		if ok = index < b.Size(); ok {
			leaf = b.Leaf(index)
		}
	})
	return leaf, ok
}

// once reports an element that was tabled twice.
func once(h *home) (err error) {
	seen := map[act.Ref]bool{}
	h.plenary().View(func(p *plan.State) {
		for i := range p.Rule().Count(h.plenary().Self()) {
			t, tables := p.Act(plan.Place{Party: h.plenary().Self(), Ordinal: uint32(i)}).Body.(act.Table)
			if tables && seen[t.Element] {
				err = fmt.Errorf("%s was tabled twice", t.Element)
			}
			seen[t.Element] = seen[t.Element] || tables
		}
	})
	return err
}

// TestClosingWhileWriting closes a server while many write: each order is either done and there
// for good, or refused; none waits for ever.
func TestClosingWhileWriting(t *testing.T) {
	us, _ := linked(t)
	g := us.plenary()
	type outcome struct {
		id  act.Hash
		err error
	}
	results := make(chan outcome)
	const writers = 20
	for w := range writers {
		go func() {
			for i := range 10 {
				r, err := g.Admit(context.Background(), us.who, chancery.Draft{Body: goal(act.Ref(fmt.Sprintf("G-%d", 100*w+i+1)), "Words.")})
				if err != nil {
					results <- outcome{err: err}
					continue
				}
				results <- outcome{id: r[0].ID}
			}
		}()
	}
	done, closed := map[act.Hash]bool{}, make(chan error, 1)
	for i := range 10 * writers {
		if i == 5*writers {
			go func() { closed <- us.Close() }()
		}
		o := <-results
		var stopped *chancery.Closed
		if o.err != nil && !errors.As(o.err, &stopped) {
			t.Fatal(o.err)
		}
		if o.err == nil {
			done[o.id] = true
		}
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	us.open()
	us.plenary().View(func(p *plan.State) {
		for i := range p.Rule().Count(0) {
			delete(done, p.LeafHash(plan.Place{Party: 0, Ordinal: uint32(i)}))
		}
	})
	if len(done) > 0 {
		t.Fatalf("%d acknowledged entries are gone", len(done))
	}
}
