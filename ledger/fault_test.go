package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"pgregory.net/rapid"

	"entente/ledger"
	"entente/ledger/memstore"
)

// disk is a folder in memory with faults: what is not synced is lost in a crash.
type disk struct {
	files, names map[string][]byte // content as written; what lasts
	step, failAt int
	persisted    bool // the failing step takes effect
}

var errDisk = errors.New("input/output error")

func newDisk() *disk {
	return &disk{files: map[string][]byte{}, names: map[string][]byte{}, failAt: -1}
}

// strike counts a step and says whether it takes effect and what it reports.
func (d *disk) strike() (effect bool, err error) {
	d.step++
	if d.step-1 == d.failAt {
		return d.persisted, errDisk
	}
	return true, nil
}

func (d *disk) Read(name string) ([]byte, error) {
	b, ok := d.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b, nil
}

func (d *disk) Create(name string) (ledger.File, error) {
	effect, err := d.strike()
	if effect {
		d.files[name] = nil
	}
	return &diskFile{d, name}, err
}

func (d *disk) Rename(from, to string) error {
	effect, err := d.strike()
	if effect {
		d.files[to] = d.files[from]
		delete(d.files, from)
	}
	return err
}

func (d *disk) Sync() error {
	effect, err := d.strike()
	if effect {
		d.names = map[string][]byte{}
		for n, b := range d.files {
			d.names[n] = bytes.Clone(b)
		}
	}
	return err
}

// crash is the folder after a crash: the names as last synced.
func (d *disk) crash() *disk {
	c := newDisk()
	for n, b := range d.names {
		c.files[n] = b
	}
	return c
}

type diskFile struct {
	d    *disk
	name string
}

func (f *diskFile) Write(b []byte) (int, error) {
	effect, err := f.d.strike()
	if effect {
		f.d.files[f.name] = append(f.d.files[f.name], b...)
		return len(b), err
	}
	return 0, err
}

func (f *diskFile) Sync() error  { _, err := f.d.strike(); return err }
func (f *diskFile) Close() error { _, err := f.d.strike(); return err }

// TestAnchorFaults: whichever step fails, in either way, and whether or not the machine then
// crashes, there is the old anchor or the new one, whole; and after success, the new one.
func TestAnchorFaults(t *testing.T) {
	older := ledger.Anchor{Log: logOf(0), Size: 1, Root: group}
	newer := ledger.Anchor{Log: logOf(0), Size: 2, Root: group}
	const steps = 6 // create, write, sync, close, rename, sync the folder
	for failAt := -1; failAt < steps; failAt++ {
		for _, persisted := range []bool{false, true} {
			t.Run(fmt.Sprint(failAt, persisted), func(t *testing.T) {
				d := newDisk()
				if err := ledger.WriteAnchor(d, "anchor", older); err != nil {
					t.Fatal(err)
				}
				d.step, d.failAt, d.persisted = 0, failAt, persisted
				err := ledger.WriteAnchor(d, "anchor", newer)
				if (err != nil) != (failAt >= 0) {
					t.Fatalf("error %v", err)
				}
				for _, after := range []*disk{d, d.crash()} {
					got, rerr := ledger.ReadAnchor(after, "anchor")
					if rerr != nil || got != older && got != newer {
						t.Fatalf("read back %+v, %v", got, rerr)
					}
					if err == nil && got != newer {
						t.Fatal("acknowledged and lost")
					}
				}
				d.failAt = -1
				if err := ledger.WriteAnchor(d, "anchor", newer); err != nil {
					t.Fatalf("a second try: %v", err)
				}
			})
		}
	}
	if _, err := ledger.ReadAnchor(newDisk(), "anchor"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no anchor: %v", err)
	}
}

// writer is what a server does with a log of its own: draft, commit, apply; after an error, read
// the store again, as law 5 says.
type writer struct {
	st   *memstore.Store
	book *ledger.Book
}

func (w *writer) say(leaf []byte) error {
	batch := must(w.book.Draft(key(0), leaf))
	if err := w.st.Commit(context.Background(), batch); err != nil {
		return errors.Join(err, w.reopen())
	}
	return w.book.Apply(batch)
}

func (w *writer) reopen() error {
	fault := w.st.Fault
	w.st.Fault = nil
	defer func() { w.st.Fault = fault }()
	states, err := w.st.Logs(context.Background())
	if err != nil {
		return err
	}
	w.book = ledger.NewBook(logOf(0), pub(0))
	if len(states) == 0 {
		return nil
	}
	return ledger.Load(context.Background(), w.st, states, []*ledger.Book{w.book}, 1, nil)
}

// TestCommitFaults: under commits that fail, or fail but have taken effect, no acknowledged entry
// is lost, none is there twice, and no two checkpoints of one size differ.
func TestCommitFaults(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{st: memstore.New(group), book: ledger.NewBook(logOf(0), pub(0))}
		w.st.Fault = func(string) memstore.Outcome {
			return rapid.SampledFrom([]memstore.Outcome{memstore.OK, memstore.OK, memstore.Failed, memstore.Persisted}).Draw(t, "fault")
		}
		acked := map[string]bool{}
		signed := map[uint64][]byte{}
		for i := range 20 {
			if err := w.say(leaf(i)); err == nil {
				acked[string(leaf(i))] = true
			} else if !errors.Is(err, memstore.ErrFault) {
				t.Fatal(err)
			}
			if h := w.book.Head(); !h.IsZero() {
				if old := signed[h.Size()]; old != nil && !bytes.Equal(old, h.Note()) {
					t.Fatal("two checkpoints of one size were shown")
				}
				signed[h.Size()] = h.Note()
			}
		}
		w.st.Fault = nil
		if err := w.reopen(); err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		for i := range w.book.Size() {
			seen[w.book.Leaf(i)]++
		}
		for l := range acked {
			if seen[l] == 0 {
				t.Fatalf("acknowledged and lost: %q", l)
			}
		}
		for l, n := range seen {
			if n > 1 {
				t.Fatalf("there %d times: %q", n, l)
			}
		}
	})
}

// TestEveryStepFails: each step of a store can fail, and says so.
func TestEveryStepFails(t *testing.T) {
	ctx := context.Background()
	for _, step := range memstore.Steps() {
		for _, o := range []memstore.Outcome{memstore.Failed, memstore.Persisted} {
			st := memstore.New(group)
			b := ledger.NewBook(logOf(0), pub(0))
			batch := must(b.Draft(key(0), leaf(0)))
			if step != memstore.StepCommit {
				if err := st.Commit(ctx, batch); err != nil {
					t.Fatal(err)
				}
			}
			st.Fault = func(s string) memstore.Outcome {
				if s == step {
					return o
				}
				return memstore.OK
			}
			_, err1 := st.Logs(ctx)
			err2 := st.Read(ctx, logOf(0), 0, 1, func(uint64, int, []byte) error { return nil })
			var err3 error
			if step == memstore.StepCommit {
				err3 = st.Commit(ctx, batch)
			}
			err4 := st.PutEvidence(ctx, logOf(0), []byte("x"))
			_, err5 := st.Evidence(ctx)
			if !errors.Is(errors.Join(err1, err2, err3, err4, err5), memstore.ErrFault) {
				t.Errorf("%s did not fail", step)
			}
		}
	}
}

// broken is a store that gives back something else than was put in.
type broken struct {
	ledger.Store
	states func([]ledger.State)
	bundle func(first uint64, n int, b []byte) (uint64, int, []byte)
	skip   uint64
}

func (s broken) Logs(ctx context.Context) ([]ledger.State, error) {
	states, err := s.Store.Logs(ctx)
	if s.states != nil {
		s.states(states)
	}
	return states, err
}

func (s broken) Read(ctx context.Context, l ledger.Log, from, to uint64, yield func(uint64, int, []byte) error) error {
	return s.Store.Read(ctx, l, from, to, func(first uint64, n int, b []byte) error {
		if s.bundle != nil {
			first, n, b = s.bundle(first, n, b)
		}
		if s.skip > 0 && first == s.skip {
			return nil
		}
		return yield(first, n, b)
	})
}

func TestDamagedStoresAreNotBelieved(t *testing.T) {
	ctx := context.Background()
	st := memstore.New(group)
	b := ledger.NewBook(logOf(0), pub(0))
	batch := must(b.Draft(key(0), leavesOf(0, 1000)...))
	if err := st.Commit(ctx, batch); err != nil {
		t.Fatal(err)
	}
	earlier := must(ledger.Sign(key(0), must(ledger.Open(pub(0), b.Origin(), grown(999).Head().Note())).Checkpoint()))
	for name, s := range map[string]broken{
		"whole":             {Store: st},
		"a changed byte":    {Store: st, bundle: func(f uint64, n int, b []byte) (uint64, int, []byte) { b[5] ^= 1; return f, n, b }},
		"a cut bundle":      {Store: st, bundle: func(f uint64, n int, b []byte) (uint64, int, []byte) { return f, n, b[:len(b)-1] }},
		"a wrong count":     {Store: st, bundle: func(f uint64, n int, b []byte) (uint64, int, []byte) { return f, n - 1, b }},
		"a wrong place":     {Store: st, bundle: func(f uint64, n int, b []byte) (uint64, int, []byte) { return f + 256, n, b }},
		"a missing bundle":  {Store: st, skip: 512},
		"a missing end":     {Store: st, skip: 768},
		"a size too small":  {Store: st, states: func(s []ledger.State) { s[0].Size = 999 }},
		"a size too large":  {Store: st, states: func(s []ledger.State) { s[0].Size = 1001 }},
		"a size of nothing": {Store: st, states: func(s []ledger.State) { s[0].Size = 0 }},
		"an old checkpoint": {Store: st, states: func(s []ledger.State) { s[0].Note = earlier.Note() }},
		"no checkpoint":     {Store: st, states: func(s []ledger.State) { s[0].Note = nil }},
	} {
		states := must(s.Logs(ctx))
		err := ledger.Load(ctx, s, states, []*ledger.Book{ledger.NewBook(logOf(0), pub(0))}, 2, nil)
		var damaged *ledger.Damaged
		if name == "whole" && err != nil || name != "whole" && !errors.As(err, &damaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if err := ledger.Load(ctx, st, must(st.Logs(ctx)), []*ledger.Book{ledger.NewBook(logOf(0), pub(0))}, 2, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}

// TestForksAreCaught: two histories signed by one party, of any sizes and parting anywhere, give
// evidence that convinces; a log and its own continuation never do.
func TestForksAreCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(1, 300).Draw(t, "held")
		n := rapid.IntRange(1, 300).Draw(t, "offered")
		at := rapid.IntRange(0, min(m, n)-1).Draw(t, "parting")
		from := rapid.IntRange(0, min(at, m)).Draw(t, "from")
		held := grown(m)
		leaves := leavesOf(0, n)
		leaves[at] = []byte("another word")
		other := ledger.NewBook(logOf(0), pub(0))
		if err := other.Apply(must(other.Draft(key(0), leaves...))); err != nil {
			t.Fatal(err)
		}
		_, err := held.Offer(other.Head().Note(), uint64(from), leaves[from:])
		var fork *ledger.Fork
		if !errors.As(err, &fork) {
			t.Fatalf("not caught: %v", err)
		}
		file := ledger.FormatEvidence(fork.Evidence)
		e, err := ledger.ParseEvidence(file)
		if err != nil || e.Verify(pub(0)) != nil {
			t.Fatalf("evidence: %v %v", err, e.Verify(pub(0)))
		}
		// The same evidence with the honest log in place of the forked one does not convince.
		honest := grown(n)
		if e.A, e.B = grown(min(m, n)).Head().Note(), grown(max(m, n)).Head().Note(); e.Verify(pub(0)) == nil {
			t.Fatal("an honest party was caught")
		}
		if m < n {
			proof := must(honest.Consistency(uint64(m), uint64(n)))
			prefix, _ := honest.Root(uint64(m))
			lie := ledger.Evidence{A: held.Head().Note(), B: honest.Head().Note(), Prefix: prefix, Proof: proof}
			if lie.Verify(pub(0)) == nil {
				t.Fatal("a log's own continuation was taken for a fork")
			}
		}
	})
}

func TestApplyByHand(t *testing.T) {
	good := must(grown(5).Draft(key(0), leavesOf(5, 8)...))
	by := func(b ledger.Batch) ledger.Batch { // what another process would read: the public fields
		return ledger.Batch{Log: b.Log, From: b.From, Leaves: b.Leaves, Note: b.Note}
	}
	b := grown(5)
	if err := b.Apply(by(good)); err != nil || b.Size() != 8 {
		t.Fatalf("a good batch: %v", err)
	}
	var moved *ledger.Moved
	if err := b.Apply(good); !errors.As(err, &moved) {
		t.Errorf("twice: %v", err)
	}
	for name, spoil := range map[string]func(*ledger.Batch){
		"a changed entry":  func(b *ledger.Batch) { b.Leaves = append([][]byte{[]byte("?")}, b.Leaves[1:]...) },
		"an entry less":    func(b *ledger.Batch) { b.Leaves = b.Leaves[1:] },
		"no checkpoint":    func(b *ledger.Batch) { b.Note = nil },
		"an old one":       func(b *ledger.Batch) { b.Note = grown(5).Head().Note() },
		"another log":      func(b *ledger.Batch) { b.Log = logOf(1) },
		"only a wrong one": func(b *ledger.Batch) { b.Leaves = nil },
	} {
		b, batch := grown(5), by(good)
		spoil(&batch)
		if err := b.Apply(batch); err == nil || b.Size() != 5 || b.Head().Size() != 5 {
			t.Errorf("%s: %v", name, err)
		}
	}
	note := ledger.Batch{Log: logOf(0), From: 5, Note: cosigned(5).Note()}
	if b := grown(5); b.Apply(note) != nil || len(must(b.Head().Cosigners(keys))) != 2 {
		t.Error("cosignatures only")
	}
	if _, err := grown(5).Draft(key(1), leaf(0)); err == nil {
		t.Error("signed with another party's key")
	}
}
