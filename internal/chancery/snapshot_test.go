package chancery_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/plan"
)

// gated are a home's stores: a group's logs are listed as often as lists says, and the next one who
// asks waits for the gate.
type gated struct {
	*shelves
	lists int
	gate  chan struct{}
}

type gatedStore struct {
	ledger.Store
	mu    *sync.Mutex
	lists int
	gate  chan struct{}
}

func (g gated) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, disk, err := g.shelves.OpenGroup(ctx, id)
	return &gatedStore{st, new(sync.Mutex), g.lists, g.gate}, disk, err
}

func (s *gatedStore) Logs(ctx context.Context) ([]ledger.State, error) {
	s.mu.Lock()
	s.lists--
	wait := s.lists < 0
	s.mu.Unlock()
	if wait {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.Store.Logs(ctx)
}

// opening says how a home's server is opened in these tests.
type opening struct {
	groups chancery.Shelves
	build  string
	from   int
}

// openAs opens the server, and returns what it logs meanwhile and afterwards.
func (h *home) openAs(o opening) *bytes.Buffer {
	h.t.Helper()
	said := &bytes.Buffer{}
	c, err := chancery.Open(h.t.Context(), chancery.Config{Keys: h.keys, Card: h.card, Desk: h.desk, Groups: o.groups, Clock: h.clock,
		Random: rand.Reader, Build: o.build, SnapshotFrom: o.from, Log: slog.New(slog.NewTextHandler(&locked{w: said}, nil))})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Chancery = c
	h.t.Cleanup(func() { c.Close() })
	return said
}

type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// pages are pages of the plenary as JSON.
func (h *home) pages() string {
	h.t.Helper()
	var out []any
	h.plenary().View(func(p *plan.State) {
		voids, n := p.Voids(10)
		out = append(out, p.Outline(plan.OutlineQuery{Limit: plan.MaxRows}), p.Document(plan.DocumentQuery{}), voids, n)
		for q := range h.plenary().Charter().Parties {
			out = append(out, p.Briefing(plan.BriefingQuery{Viewer: uint8(q)}), p.Delegation(uint8(q)), p.Calendar(uint8(q)))
		}
		for _, row := range p.Outline(plan.OutlineQuery{Limit: plan.MaxRows}).Rows {
			d, _ := p.Dossier(row.Ref, 0)
			out = append(out, d)
		}
	})
	out = append(out, h.plenary().Heads())
	b, err := json.Marshal(out)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

func (h *home) snapshot() *[]byte {
	f := h.shelf.disks[h.plenary().ID()].files
	b := f["snapshot"]
	return &b
}

func (h *home) putSnapshot(id act.Hash, b []byte) { h.shelf.disks[id].files["snapshot"] = b }

// remarked is a pair of parties with a history of more than one bundle of entries; the first has
// written a snapshot and is closed.
func remarked(t *testing.T) (us, il *home, id act.Hash, pages string) {
	us, il = linked(t)
	us.Close()
	us.openAs(opening{groups: us.shelf, from: 1})
	r := us.admit(goal("G-1", "Block any path."))
	us.admit(goal("G-2", "Another."))
	for i := range 5 {
		var drafts []chancery.Draft
		for j := range 100 {
			drafts = append(drafts, chancery.Draft{Body: act.Remark{Element: "G-1", Sort: act.Comment, Text: names(fmt.Sprint("Remark ", i, j))}})
		}
		if _, err := us.plenary().Admit(t.Context(), us.who, drafts...); err != nil {
			t.Fatal(err)
		}
	}
	exchange(t, us, il)
	il.admit(act.Accept{Element: "G-1", Revision: r.ID})
	il.admit(goal("G-2", "Another still."))
	exchange(t, us, il)
	pages, id = us.pages(), us.plenary().ID()
	us.Close()
	if len(us.shelf.disks[id].files["snapshot"]) == 0 {
		t.Fatal("no snapshot was written")
	}
	return us, il, id, pages
}

// TestPagesComeFirstAndWritingWaits shows all pages from the snapshot while the logs cannot be read,
// and lets nothing be written until they have been.
func TestPagesComeFirstAndWritingWaits(t *testing.T) {
	us, il, _, pages := remarked(t)
	gate := make(chan struct{})
	us.openAs(opening{groups: gated{us.shelf, 1, gate}, from: 1})
	if got := us.pages(); got != pages {
		t.Errorf("from the snapshot:\n%s\nfrom the logs:\n%s", got, pages)
	}
	done := make(chan error, 2)
	go func() {
		_, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-3", "Three.")})
		done <- err
	}()
	go func() { done <- us.Settle(t.Context()) }()
	for range 100 {
		us.pages()
	}
	select {
	case err := <-done:
		t.Fatal("something went on before the logs were read:", err)
	default:
	}
	close(gate)
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	exchange(t, us, il)
	if il.status("G-3") != plan.InBrackets {
		t.Error("the server does not go on")
	}
}

// TestSnapshotWithTail opens with a snapshot that is older than the logs, over a new epoch too.
func TestSnapshotWithTail(t *testing.T) {
	us, il, id, _ := remarked(t)
	old := bytes.Clone(us.shelf.disks[id].files["snapshot"])
	us.openAs(opening{groups: us.shelf, from: -1})
	us.admit(goal("G-3", "Three."))
	exchange(t, us, il)
	il.admit(goal("G-3", "Three and a half."))
	exchange(t, us, il)
	pages := us.pages()
	us.Close()
	us.putSnapshot(id, old)
	gate := make(chan struct{})
	said := us.openAs(opening{groups: gated{us.shelf, 1, gate}, from: 1})
	if got := us.pages(); got != pages {
		t.Errorf("from snapshot and tail:\n%s\nfrom the logs:\n%s", got, pages)
	}
	close(gate)
	if err := us.Settle(t.Context()); err != nil || strings.Contains(said.String(), "snapshot") {
		t.Error(err, said)
	}
	if us.pages() != pages {
		t.Error("other pages when the logs were read")
	}
}

// TestWhatIsNoSnapshotIsNotUsed alters the file in every way a disk or a stranger could, and expects
// the server to open from the logs.
func TestWhatIsNoSnapshotIsNotUsed(t *testing.T) {
	us, il, id, pages := remarked(t)
	whole := bytes.Clone(us.shelf.disks[id].files["snapshot"])
	refused := func(name string, file []byte, build string) {
		t.Helper()
		us.putSnapshot(id, file)
		said := us.openAs(opening{groups: us.shelf, from: 1, build: build})
		if len(file) > 0 && !strings.Contains(said.String(), "a snapshot is not used") {
			t.Error(name, "was used")
		}
		if us.pages() != pages {
			t.Error(name, "changed a page")
		}
		us.Close()
	}
	for at := 0; at < len(whole); at += 97 {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		refused(fmt.Sprint("byte ", at, " flipped"), b, "")
		refused(fmt.Sprint("cut at ", at), whole[:at:at], "")
	}
	refused("longer", append(bytes.Clone(whole), 0), "")
	refused("of another build", whole, "other")
	other := bytes.Clone(whole)
	copy(other[len(other)-ed25519.SignatureSize:], ed25519.Sign(il.keys.Signing(), signedText(other)))
	refused("signed by another party", other, "")
	us.putSnapshot(id, whole)
	said := us.openAs(opening{groups: us.shelf, from: 1})
	if strings.Contains(said.String(), "not used") {
		t.Error("the whole snapshot was not used:", said)
	}
}

// signedText is what the signature of a snapshot is over.
func signedText(file []byte) []byte {
	sum := sha256.Sum256(file[:len(file)-ed25519.SignatureSize])
	return append([]byte("entente snapshot v1\n"), sum[:]...)
}

// TestForgedSnapshotIsFoundOut signs altered snapshots with the party's own key: whatever they show
// at first, nothing breaks, and the plan from the logs takes their place.
func TestForgedSnapshotIsFoundOut(t *testing.T) {
	us, _, id, pages := remarked(t)
	whole := bytes.Clone(us.shelf.disks[id].files["snapshot"])
	rapid.Check(t, func(r *rapid.T) {
		b := bytes.Clone(whole)
		for range rapid.IntRange(1, 3).Draw(r, "faults") {
			at := rapid.IntRange(50, len(b)-ed25519.SignatureSize-1).Draw(r, "at")
			b[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
		}
		copy(b[len(b)-ed25519.SignatureSize:], ed25519.Sign(us.keys.Signing(), signedText(b)))
		us.putSnapshot(id, b)
		us.openAs(opening{groups: us.shelf, from: 1})
		defer us.Close()
		us.pages()
		if err := us.Settle(t.Context()); err != nil {
			r.Fatal(err)
		}
		if us.pages() != pages || us.plenary().Held() != "" {
			r.Fatal("a forged snapshot still shows")
		}
	})
}

// TestAlteredEntryIsNotShown alters an entry in the store under a good snapshot: it is not shown, and
// the group is held.
func TestAlteredEntryIsNotShown(t *testing.T) {
	us, _, id, _ := remarked(t)
	us.shelf.stores[id].Alter(ledger.Log{Group: id, Party: 0}, 100, func(leaf []byte) { leaf[len(leaf)-20] ^= 1 })
	gate := make(chan struct{})
	us.openAs(opening{groups: gated{us.shelf, 1, gate}, from: 1})
	us.plenary().View(func(p *plan.State) {
		if a := p.Act(plan.Place{Party: 0, Ordinal: 101}); a.Body != nil {
			t.Error("an entry beside an altered one was shown")
		}
		if a := p.Act(plan.Place{Party: 0, Ordinal: 400}); a.Body == nil {
			t.Error("an entry of a whole bundle was not shown")
		}
	})
	if !strings.Contains(us.plenary().Held(), "entente recover") {
		t.Errorf("nobody is told: %q", us.plenary().Held())
	}
	close(gate)
	var closed *chancery.Closed
	if err := us.Settle(t.Context()); !errors.As(err, &closed) {
		t.Errorf("settled: %v", err)
	}
	if _, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-3", "Three.")}); !errors.As(err, &closed) {
		t.Errorf("written to damaged logs: %v", err)
	}
	if d := us.plenary().Deltas(nil, 1<<20); len(d) > 0 {
		t.Error("damaged logs were served")
	}
	if us.status("G-1") != plan.Agreed {
		t.Error("the pages are gone")
	}
}

// TestSnapshotOfAnotherHistory puts a snapshot beside logs that are older than it, or others.
func TestSnapshotOfAnotherHistory(t *testing.T) {
	us, il, id, _ := remarked(t)
	us.openAs(opening{groups: us.shelf, from: -1})
	older, pages := us.shelf.stores[id].Copy(), us.pages()
	branch := us.shelf.stores[id].Copy()
	us.admit(goal("G-3", "Three."))
	us.Close()
	us.openAs(opening{groups: us.shelf, from: 1, build: "b"})
	us.Close()
	newer := bytes.Clone(us.shelf.disks[id].files["snapshot"])
	anchor := us.shelf.disks[id].files["anchor"]
	delete(us.shelf.disks[id].files, "anchor")

	us.shelf.stores[id] = older
	said := us.openAs(opening{groups: us.shelf, from: 1, build: "b"})
	if !strings.Contains(said.String(), "not used") || us.pages() != pages {
		t.Error("a snapshot of more than there is was used")
	}
	us.Close()

	us.shelf.stores[id] = branch
	delete(us.shelf.disks[id].files, "anchor")
	us.openAs(opening{groups: us.shelf, from: -1})
	us.admit(goal("G-3", "Otherwise."))
	pages = us.pages()
	us.Close()
	us.putSnapshot(id, newer)
	said = us.openAs(opening{groups: us.shelf, from: 1, build: "b"})
	if !strings.Contains(said.String(), "not used") || us.pages() != pages {
		t.Error("a snapshot of another history was used")
	}
	_, _ = il, anchor
}

// brittle is a disk that stops working at a step.
type brittle struct {
	ledger.Disk
	left *int
}

func (d brittle) step(f func() error) error {
	if *d.left--; *d.left < 0 {
		return errors.New("the power failed, as the test wanted")
	}
	return f()
}

func (d brittle) Create(name string) (f ledger.File, err error) {
	err = d.step(func() (err error) { f, err = d.Disk.Create(name); return err })
	return brittleFile{f, d}, err
}
func (d brittle) Rename(from, to string) error {
	return d.step(func() error { return d.Disk.Rename(from, to) })
}
func (d brittle) Sync() error { return d.step(d.Disk.Sync) }

type brittleFile struct {
	ledger.File
	d brittle
}

func (f brittleFile) Write(b []byte) (n int, err error) {
	half := len(b) / 2
	if err := f.d.step(func() error { _, err := f.File.Write(b[:half]); return err }); err != nil {
		return 0, err
	}
	return len(b), f.d.step(func() error { _, err := f.File.Write(b[half:]); return err })
}
func (f brittleFile) Sync() error  { return f.d.step(f.File.Sync) }
func (f brittleFile) Close() error { return f.d.step(f.File.Close) }

type brittleShelves struct {
	*shelves
	left *int
}

func (s brittleShelves) OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	st, disk, err := s.shelves.OpenGroup(ctx, id)
	return st, brittle{disk, s.left}, err
}

// TestCutOffWhileASnapshotIsWritten stops the disk at every step of writing one; the next start shows
// the same pages.
func TestCutOffWhileASnapshotIsWritten(t *testing.T) {
	us, _, id, pages := remarked(t)
	files := us.shelf.disks[id].files
	for steps := 0; ; steps++ {
		delete(files, "snapshot")
		delete(files, "snapshot.new")
		left := steps
		us.openAs(opening{groups: brittleShelves{us.shelf, &left}, from: 1})
		us.Close()
		whole := left >= 0
		gate := make(chan struct{})
		lists := 1
		if len(files["snapshot"]) == 0 {
			lists = 2
		}
		us.openAs(opening{groups: gated{us.shelf, lists, gate}, from: 1})
		if us.pages() != pages {
			t.Fatal("other pages when writing was cut off at step", steps)
		}
		close(gate)
		if err := us.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		us.Close()
		if whole {
			if steps < 5 {
				t.Fatal("too few steps to be true:", steps)
			}
			return
		}
	}
}

// TestSmallGroupsKeepNoSnapshot leaves what is opened in no time as it is.
func TestSmallGroupsKeepNoSnapshot(t *testing.T) {
	us, _ := linked(t)
	id := us.plenary().ID()
	us.admit(goal("G-1", "Block any path."))
	us.Close()
	if _, there := us.shelf.disks[id].files["snapshot"]; there {
		t.Error("a snapshot of a few entries was written")
	}
}

// TestSnapshotOverEpochs snapshots a log of two epochs, and goes on from there.
func TestSnapshotOverEpochs(t *testing.T) {
	us, il, id, _ := remarked(t)
	store := us.shelf.stores[id].Copy()
	us.openAs(opening{groups: us.shelf, from: 1})
	us.admit(goal("G-3", "Three.")) // two steps: one alone would be completed from the anchor
	us.admit(goal("G-3", "Three and more."))
	exchange(t, us, il)
	us.Close()
	us.shelf.stores[id] = store
	us.openAs(opening{groups: us.shelf, from: 1})
	if us.plenary().Held() == "" {
		t.Fatal("a restored copy goes on")
	}
	stop := us.Recovering()
	carry(t, il, us)
	stop()
	if _, err := us.Recover(t.Context(), chancery.Who{Admin: true}, ""); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		us.admit(goal(act.Ref(fmt.Sprint("G-", 4+i)), "More."))
		exchange(t, us, il)
		pages := us.pages()
		us.Close()
		if i == 0 { // the next openings have it with a tail
			us.openAs(opening{groups: us.shelf, from: 1, build: "new"})
			us.Close()
		}
		gate := make(chan struct{})
		said := us.openAs(opening{groups: gated{us.shelf, 1, gate}, from: 1, build: "new"})
		if us.pages() != pages {
			t.Fatal("other pages over two epochs", i)
		}
		close(gate)
		if err := us.Settle(t.Context()); err != nil || us.pages() != pages || said.Len() > 0 {
			t.Fatal(err, said)
		}
	}
}

// TestCaughtPartyIsShownAtOnce keeps evidence of two histories, and has it there before the logs are.
func TestCaughtPartyIsShownAtOnce(t *testing.T) {
	us, il, id, _ := remarked(t)
	branch := il.shelf.stores[id].Copy()
	il.admit(goal("G-5", "One way."))
	us.openAs(opening{groups: us.shelf, from: 1})
	exchange(t, us, il)
	il.Close()
	il.shelf.stores[id] = branch
	delete(il.shelf.disks[id].files, "anchor")
	il.open()
	il.admit(goal("G-5", "And another."))
	have := map[ledger.Log]uint64{}
	for _, h := range us.plenary().Heads() {
		have[h.Log] = h.Size - 1 // as if less were held, so that the other history is sent
	}
	var fork *ledger.Fork
	if _, err := us.plenary().Take(t.Context(), "IL", il.plenary().Deltas(have, 1<<30)); !errors.As(err, &fork) {
		t.Fatalf("two histories were not noticed: %v", err)
	}
	us.Close()
	gate := make(chan struct{})
	us.openAs(opening{groups: gated{us.shelf, 1, gate}, from: 1})
	if _, caught := us.plenary().Frozen(1); !caught {
		t.Error("the evidence is forgotten while the logs are read")
	}
	close(gate)
	if err := us.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, caught := us.plenary().Frozen(1); !caught {
		t.Error("the evidence is forgotten")
	}
}
