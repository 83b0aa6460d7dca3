package chancery_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"maps"
	"sync"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/marking"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A home is one party's server in memory, which can be closed and opened again.
type home struct {
	*chancery.Chancery
	t     *testing.T
	keys  party.Keys
	card  party.Card
	desk  *memdesk.Desk
	shelf *shelves
	clock func() time.Time
	who   chancery.Who
}

// shelves keeps stores and anchors in memory.
type shelves struct {
	mu     sync.Mutex
	stores map[act.Hash]*memstore.Store
	disks  map[act.Hash]*memdisk
}

func (s *shelves) OpenGroup(_ context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stores[id] == nil {
		s.stores[id], s.disks[id] = memstore.New(id), &memdisk{files: map[string][]byte{}}
	}
	return keepOpen{s.stores[id]}, s.disks[id], nil
}

// keepOpen lets a store outlive the chancery that used it.
type keepOpen struct{ *memstore.Store }

func (keepOpen) Close() error { return nil }

// A memdisk is a disk in memory, for several goroutines as a folder is.
type memdisk struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (d *memdisk) Read(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, ok := d.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b, nil
}

func (d *memdisk) Create(name string) (ledger.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[name] = nil
	return &memfile{d, name}, nil
}

func (d *memdisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[to] = d.files[from]
	delete(d.files, from)
	return nil
}

func (d *memdisk) Sync() error { return nil }

func (d *memdisk) Place(name string, b []byte, at int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	whole := bytes.Clone(d.files[name])
	copy(whole[at:], b)
	d.files[name] = whole
	return nil
}

func (d *memdisk) copy() *memdisk { return &memdisk{files: maps.Clone(d.files)} }

type memfile struct {
	d    *memdisk
	name string
}

func (f *memfile) Write(b []byte) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	f.d.files[f.name] = append(f.d.files[f.name], b...)
	return len(b), nil
}
func (f *memfile) Sync() error  { return nil }
func (f *memfile) Close() error { return nil }

func names(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

func newHome(t *testing.T, code party.Code, name, person string) *home {
	t.Helper()
	keys, err := party.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2017, 12, 12, 9, 0, 0, 0, time.UTC)
	var ticking sync.Mutex
	h := &home{t: t, keys: keys, card: keys.Card(code, names(name), []text.Lang{"en"}, ""), desk: memdesk.New(),
		shelf: &shelves{stores: map[act.Hash]*memstore.Store{}, disks: map[act.Hash]*memdisk{}},
		clock: func() time.Time { ticking.Lock(); defer ticking.Unlock(); at = at.Add(time.Second); return at }}
	h.open()
	if err := h.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: party.Person(person), Name: names(person)}); err != nil {
		t.Fatal(err)
	}
	if h.who, err = h.Local(t.Context(), party.Person(person)); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *home) open() {
	h.t.Helper()
	c, err := chancery.Open(h.t.Context(), chancery.Config{Keys: h.keys, Card: h.card, Desk: h.desk, Groups: h.shelf, Clock: h.clock, Random: rand.Reader})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Chancery = c
	h.t.Cleanup(func() { c.Close() })
}

func terms(members ...group.Member) chancery.Terms {
	return chancery.Terms{Name: names("Plenary"), Plan: names("Joint plan"), Languages: []text.Lang{"en"},
		Ceiling: marking.Label{TLP: marking.AmberStrict}, Members: members}
}

func (h *home) member() group.Member {
	return group.Member{Code: h.card.Code, Names: h.card.Names, Signing: h.card.Signing, Zone: "UTC"}
}

// linked makes two parties that have compared their numbers and share a plenary.
func linked(t *testing.T) (us, il *home) {
	t.Helper()
	us, il = newHome(t, "US", "United States", "d.reyes"), newHome(t, "IL", "Israel", "n.amar")
	ctx := t.Context()
	inv, err := us.Invite(ctx, us.who, "IL", names("Israel"), terms(us.member()))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := il.TakeUp(ctx, il.who, inv, us.card.Number().Last())
	if err != nil {
		t.Fatal(err)
	}
	g, err := us.Accept(ctx, us.who, reply, il.card.Number().Last())
	if err != nil {
		t.Fatal(err)
	}
	joined, err := il.Offered(ctx, g.Charter().Format(), "US")
	if err != nil || !joined {
		t.Fatalf("joined %v, %v", joined, err)
	}
	exchange(t, us, il)
	return us, il
}

func (h *home) plenary() *chancery.Group {
	h.t.Helper()
	g, ok := h.Group("0")
	if !ok {
		h.t.Fatal("no plenary")
	}
	return g
}

// carry takes what one holds and the other lacks across; it reports whether anything was new.
func carry(t *testing.T, from, to *home) bool {
	t.Helper()
	g, o := from.plenary(), to.plenary()
	have := map[ledger.Log]uint64{}
	for _, h := range o.Heads() {
		have[h.Log] = h.Size
	}
	before := o.Version()
	if _, err := o.Take(t.Context(), from.card.Code, g.Deltas(have, 1<<30)); err != nil {
		t.Fatal(err)
	}
	return o.Version() != before
}

func exchange(t *testing.T, a, b *home) {
	t.Helper()
	for range 10 {
		if x, y := carry(t, a, b), carry(t, b, a); !x && !y {
			return
		}
	}
	t.Fatal("the two never come to rest")
}

func goal(ref act.Ref, words string) act.Table {
	return act.Table{Element: ref, Content: act.Content{Kind: act.Goal, Title: names("Goal"), Text: names(words)}}
}

func (h *home) admit(body act.Body) chancery.Receipt {
	h.t.Helper()
	r, err := h.plenary().Admit(h.t.Context(), h.who, chancery.Draft{Body: body})
	if err != nil {
		h.t.Fatal(err)
	}
	return r[0]
}

func (h *home) status(ref act.Ref) (st plan.Status) {
	h.plenary().View(func(p *plan.State) { st = p.Element(ref).Status() })
	return st
}

func TestTwoPartiesAgree(t *testing.T) {
	us, il := linked(t)
	r := us.admit(goal("G-1", "Block any path."))
	if r.Adopted || us.status("G-1") != plan.InBrackets {
		t.Fatal("adopted by one party alone")
	}
	exchange(t, us, il)
	if got := il.admit(act.Accept{Element: "G-1", Revision: r.ID}); got.Adopted {
		t.Fatal("adopted before the other side has confirmed")
	}
	exchange(t, us, il)
	if us.status("G-1") != plan.Agreed || il.status("G-1") != plan.Agreed {
		t.Fatalf("US %v, IL %v", us.status("G-1"), il.status("G-1"))
	}
}

func TestReopenedServerHasEverything(t *testing.T) {
	us, il := linked(t)
	r := us.admit(goal("G-1", "Block any path."))
	exchange(t, us, il)
	il.admit(act.Accept{Element: "G-1", Revision: r.ID})
	exchange(t, us, il)
	us.Close()
	us.open()
	if us.status("G-1") != plan.Agreed {
		t.Fatal("an agreed goal was forgotten")
	}
	us.admit(goal("G-2", "Another."))
	exchange(t, us, il)
	if il.status("G-2") != plan.InBrackets {
		t.Fatal("the reopened server does not go on")
	}
}

func TestWhatHasMovedIsHeldBack(t *testing.T) {
	us, il := linked(t)
	r := us.admit(goal("G-1", "One."))
	exchange(t, us, il)
	var basis string
	il.plenary().View(func(p *plan.State) { basis = p.Basis("G-1") })
	us.admit(goal("G-1", "Two."))
	exchange(t, us, il)
	_, err := il.plenary().Admit(t.Context(), il.who, chancery.Draft{Body: act.Accept{Element: "G-1", Revision: r.ID}, Basis: basis})
	var moved *chancery.Moved
	if !errors.As(err, &moved) {
		t.Fatalf("accepted a text that had moved: %v", err)
	}
}

func TestWrongNumberLinksNobody(t *testing.T) {
	us, il := newHome(t, "US", "United States", "d.reyes"), newHome(t, "IL", "Israel", "n.amar")
	inv, err := us.Invite(t.Context(), us.who, "IL", names("Israel"), terms(us.member()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := il.TakeUp(t.Context(), il.who, inv, "00000"); err == nil {
		t.Fatal("linked with a wrong number")
	}
	if list, _ := il.Counterparts(t.Context()); len(list) != 0 {
		t.Fatal("a counterpart was kept")
	}
}

func TestRestoredServerWritesNothingAndRecovers(t *testing.T) {
	us, il := linked(t)
	us.admit(goal("G-1", "One."))
	exchange(t, us, il)
	id := us.plenary().ID()
	copied := us.shelf.stores[id].Copy()
	us.admit(goal("G-2", "Two."))
	us.admit(goal("G-3", "Three."))
	exchange(t, us, il)
	us.Close()
	us.shelf.stores[id] = copied
	us.open()
	_, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-4", "Four.")})
	var closed *chancery.Closed
	if !errors.As(err, &closed) {
		t.Fatalf("a restored copy wrote: %v", err)
	}
	stop := us.Recovering()
	carry(t, il, us)
	stop()
	rec, err := us.Recover(t.Context(), chancery.Who{Admin: true}, "")
	if err != nil || len(rec) != 1 || rec[0].Epoch != 1 {
		t.Fatalf("%+v, %v", rec, err)
	}
	if us.status("G-3") != plan.InBrackets {
		t.Fatal("what was published before the restore did not come back")
	}
	us.admit(goal("G-4", "Four."))
	exchange(t, us, il)
	if il.status("G-4") != plan.InBrackets {
		t.Fatal("the counterpart does not follow into the new epoch")
	}
}

func TestACopyOfTheWholeFolderIsNoticedOnContact(t *testing.T) {
	us, il := linked(t)
	us.admit(goal("G-1", "One."))
	exchange(t, us, il)
	id := us.plenary().ID()
	store, anchor := us.shelf.stores[id].Copy(), append([]byte(nil), us.shelf.disks[id].files["anchor"]...)
	us.admit(goal("G-2", "Two."))
	exchange(t, us, il)
	us.Close()
	us.shelf.stores[id], us.shelf.disks[id].files["anchor"] = store, anchor
	us.open()
	g, o := us.plenary(), il.plenary()
	have := map[ledger.Log]uint64{}
	for _, h := range g.Heads() {
		have[h.Log] = h.Size
	}
	if _, err := g.Take(t.Context(), "IL", o.Deltas(have, 1<<30)); err == nil {
		t.Fatal("own entries were taken back without recovering")
	}
	if _, err := g.Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-3", "Three.")}); err == nil {
		t.Fatal("a number was used twice")
	}
}

func TestAnAgreedTextIsNotWithdrawnByMistake(t *testing.T) {
	us, il := linked(t)
	r := us.admit(goal("G-1", "Block any path."))
	exchange(t, us, il)
	il.admit(act.Accept{Element: "G-1", Revision: r.ID})
	exchange(t, us, il)
	_, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: act.Withdraw{Element: "G-1", Reason: names("By mistake.")}})
	var refused *chancery.Refused
	if !errors.As(err, &refused) || refused.Rule != "agreed" {
		t.Fatalf("withdrawn from an agreed text: %v", err)
	}
	us.admit(goal("G-1", "Block every path."))
	us.admit(act.Withdraw{Element: "G-1", Reason: names("On second thoughts.")})
}
