package chancery_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
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
	fault func(step string) memstore.Outcome
}

func (f flaky) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, disk, err := f.shelves.OpenGroup(ctx, id)
	f.stores[id].Fault = f.fault
	return st, flakyDisk{disk, f.fault}, err
}

// flakyDisk fails at a step, before or after it has taken effect. It cannot place, so that the
// anchor goes the longer way.
type flakyDisk struct {
	ledger.Disk
	fault func(step string) memstore.Outcome
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

// openFlaky opens the home's server on stores that fail as fault says.
func (h *home) openFlaky(fault func(string) memstore.Outcome) {
	h.t.Helper()
	c, err := chancery.Open(h.t.Context(), chancery.Config{Keys: h.keys, Card: h.card, Desk: h.desk, Groups: flaky{h.shelf, fault}, Clock: h.clock, Random: rand.Reader})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Chancery = c
	h.t.Cleanup(func() { c.Close() })
}

// TestFaultsAtEveryStep lets each step of writing, of the store and of the anchor, fail, both with
// nothing done and with all of it done, once or with the disk dead from then on. What was acknowledged is never lost, nothing stands
// twice, what is shown is stored, and a counterpart that took whatever was served never sees
// another history.
func TestFaultsAtEveryStep(t *testing.T) {
	for _, c := range []struct {
		name  string
		o     memstore.Outcome
		after memstore.Outcome // every step after it
	}{
		{"failed", memstore.Failed, memstore.OK}, {"persisted", memstore.Persisted, memstore.OK},
		{"dead", memstore.Failed, memstore.Failed}, {"dead after persisting", memstore.Persisted, memstore.Failed},
	} {
		for at := 1; ; at++ {
			count := 0
			t.Run(fmt.Sprint(c.name, " ", at), func(t *testing.T) { count = oneFault(t, at, c.o, c.after) })
			if at > count || t.Failed() {
				break
			}
		}
	}
}

// oneFault plays a short negotiation in which step number at fails, and says how many steps there were.
func oneFault(t *testing.T, at int, o, after memstore.Outcome) (steps int) {
	us, il := linked(t)
	us.Close()
	armed := false
	us.openFlaky(func(string) memstore.Outcome {
		if !armed {
			return memstore.OK
		}
		switch steps++; {
		case steps == at:
			return o
		case steps > at:
			return after
		}
		return memstore.OK
	})
	armed = true
	acknowledged := map[act.Hash]uint64{}
	for i := range 4 {
		ref := act.Ref(fmt.Sprintf("G-%d", i+1))
		r, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal(ref, "Words.")})
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
	armed = false
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
	return steps
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
