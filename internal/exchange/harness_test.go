package exchange_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"net"
	"sync"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/exchange"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// A home is one party's server: a real chancery over memory, and its exchange.
type home struct {
	*chancery.Chancery
	t     testing.TB
	keys  party.Keys
	card  party.Card
	desk  *memdesk.Desk
	shelf *shelves
	who   chancery.Who
	x     *exchange.Exchange
	net   *network
	place string
}

// shelves keeps stores and anchors in memory.
type shelves struct {
	mu     sync.Mutex
	stores map[act.Hash]*memstore.Store
	disks  map[act.Hash]*memdisk
}

func newShelves() *shelves {
	return &shelves{stores: map[act.Hash]*memstore.Store{}, disks: map[act.Hash]*memdisk{}}
}

func (s *shelves) OpenGroup(_ context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stores[id] == nil {
		s.stores[id], s.disks[id] = memstore.New(id), &memdisk{files: map[string][]byte{}}
	}
	return keepOpen{s.stores[id]}, s.disks[id], nil
}

type keepOpen struct{ *memstore.Store }

func (keepOpen) Close() error { return nil }

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

func (d *memdisk) Create(name string) (ledger.File, error) { return &memfile{d: d, name: name}, nil }

func (d *memdisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[to] = d.files[from]
	delete(d.files, from)
	return nil
}

func (d *memdisk) Sync() error { return nil }

type memfile struct {
	d    *memdisk
	name string
	b    []byte
}

func (f *memfile) Write(b []byte) (int, error) { f.b = append(f.b, b...); return len(b), nil }
func (f *memfile) Sync() error                 { return nil }
func (f *memfile) Close() error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	f.d.files[f.name] = f.b
	return nil
}

// A network is lines in memory by address; cut ones cannot be dialled.
type network struct {
	mu      sync.Mutex
	doors   map[string]*door
	cut     map[string]bool
	lines   []net.Conn
	dialled int
	wrap    func(net.Conn) net.Conn // around the dialling end; nil for none
	roomy   bool                    // lines have room for what is written: needed under a simulated clock
}

func newNetwork() *network { return &network{doors: map[string]*door{}, cut: map[string]bool{}} }

type door struct {
	address string
	lines   chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (n *network) listen(address string) net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	d := &door{address: address, lines: make(chan net.Conn), closed: make(chan struct{})}
	n.doors[address] = d
	return d
}

func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.lines:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}
func (d *door) Close() error   { d.once.Do(func() { close(d.closed) }); return nil }
func (d *door) Addr() net.Addr { return address(d.address) }

type address string

func (a address) Network() string { return "memory" }
func (a address) String() string  { return string(a) }

var errNoLine = errors.New("no line")

func (n *network) pipe() (here, there net.Conn) {
	here, there = net.Pipe()
	if n.roomy {
		return newRoomy(here), newRoomy(there)
	}
	return here, there
}

func (n *network) dial(ctx context.Context, _, to string) (net.Conn, error) {
	n.mu.Lock()
	d, cut := n.doors[to], n.cut[to]
	n.dialled++
	n.mu.Unlock()
	if d == nil || cut {
		return nil, &net.OpError{Op: "dial", Net: "memory", Err: errNoLine}
	}
	here, there := n.pipe()
	hangUp := func(err error) (net.Conn, error) { // nobody took the other end
		here.Close()
		there.Close()
		return nil, err
	}
	select {
	case d.lines <- there:
	case <-d.closed:
		return hangUp(&net.OpError{Op: "dial", Net: "memory", Err: errNoLine})
	case <-ctx.Done():
		return hangUp(ctx.Err())
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, here)
	if n.wrap != nil {
		return n.wrap(here), nil
	}
	return here, nil
}

// snap cuts the lines to an address, and those that are open anywhere; mend lets it be dialled again.
func (n *network) snap(to string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[to] = true
	for _, c := range n.lines {
		c.Close()
	}
	n.lines = nil
}

func (n *network) mend(to string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[to] = false
}

func names(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

// newHome opens a party's server; nothing is served or dialled yet.
func newHome(t testing.TB, n *network, code party.Code) *home {
	t.Helper()
	keys, err := party.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &home{t: t, keys: keys, card: keys.Card(code, names("Party "+string(code)), []text.Lang{"en"}, ""), desk: memdesk.New(), shelf: newShelves(), net: n}
	h.open()
	if err := h.AddPerson(context.Background(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "a.person", Name: names("A Person")}); err != nil {
		t.Fatal(err)
	}
	if h.who, err = h.Local(context.Background(), "a.person"); err != nil {
		t.Fatal(err)
	}
	return h
}

// open opens the chancery from what the shelves and the desk hold.
func (h *home) open() {
	h.t.Helper()
	c, err := chancery.Open(context.Background(), chancery.Config{Keys: h.keys, Card: h.card, Desk: h.desk, Groups: h.shelf, Clock: time.Now, Random: rand.Reader, Place: h.place})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Chancery = c
	h.t.Cleanup(func() { c.Close() })
	h.x = exchange.New(exchange.Config{Chancery: c, Desk: h.desk, Dial: h.net.dial, After: time.After, Random: rand.Reader})
}

func (h *home) address() string { return "server." + string(h.card.Code) + ":7411" }

// meet makes h a counterpart of o, who can reach it or not. Both directions are separate.
func (h *home) meet(o *home, reach bool) {
	h.t.Helper()
	row := chancery.CounterpartRow{Code: o.card.Code, Card: o.card.Bytes(), Confirmed: time.Now(), By: "a.person"}
	if reach {
		row.Address = o.address()
	}
	if err := h.desk.PutCounterpart(context.Background(), row); err != nil {
		h.t.Fatal(err)
	}
}

func (h *home) member() group.Member {
	return group.Member{Code: h.card.Code, Names: h.card.Names, Signing: h.card.Signing, Zone: "Etc/UTC"}
}

// convene makes a plenary of all, which only the first has joined.
func convene(homes ...*home) *chancery.Group {
	terms := chancery.Terms{Name: names("Plenary"), Languages: []text.Lang{"en"}, Ceiling: marking.New(marking.Amber)}
	for _, h := range homes {
		terms.Members = append(terms.Members, h.member())
	}
	g, err := homes[0].Convene(context.Background(), homes[0].who, terms)
	if err != nil {
		homes[0].t.Fatal(err)
	}
	return g
}

// join gives the others the charter by hand, and joins them.
func join(g *chancery.Group, from party.Code, homes ...*home) {
	c := g.Charter()
	for _, h := range homes {
		if _, err := h.Offered(context.Background(), c.Format(), from); err != nil {
			h.t.Fatal(err)
		}
		if _, err := h.Answer(context.Background(), h.who, g.ID(), true); err != nil {
			h.t.Fatal(err)
		}
	}
}

// alliance makes parties that know and reach one another and share a plenary.
func alliance(t testing.TB, codes ...party.Code) (*network, []*home) {
	t.Helper()
	n := newNetwork()
	var homes []*home
	for _, c := range codes {
		homes = append(homes, newHome(t, n, c))
	}
	for _, h := range homes {
		for _, o := range homes {
			if h != o {
				h.meet(o, true)
			}
		}
	}
	join(convene(homes...), codes[0], homes[1:]...)
	return n, homes
}

func (h *home) plenary() *chancery.Group {
	h.t.Helper()
	g, ok := h.Group("0")
	if !ok {
		h.t.Fatalf("%s has no plenary", h.card.Code)
	}
	return g
}

// serve answers on the home's address, and run keeps calling, until the test ends or stop.
func (h *home) serve() (stop func()) {
	l := h.net.listen(h.address())
	return h.goes(func(ctx context.Context) { h.x.Serve(ctx, l) })
}

func (h *home) run() (stop func()) { return h.goes(func(ctx context.Context) { h.x.Run(ctx) }) }

func (h *home) goes(f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); f(ctx) }()
	stop = func() { cancel(); <-done }
	h.t.Cleanup(stop)
	return stop
}

// table makes a new text of an element.
func (h *home) table(ref act.Ref, words string) act.Hash {
	h.t.Helper()
	r, err := h.plenary().Admit(context.Background(), h.who, chancery.Draft{Body: act.Table{Element: ref, Content: act.Content{Kind: act.Action, Title: names("Title"), Text: names(words)}}})
	if err != nil {
		h.t.Fatalf("%s: %v", h.card.Code, err)
	}
	return r[0].ID
}

func (h *home) accept(ref act.Ref, id act.Hash) {
	h.t.Helper()
	if _, err := h.plenary().Admit(context.Background(), h.who, chancery.Draft{Body: act.Accept{Element: ref, Revision: id}}); err != nil {
		h.t.Fatalf("%s: %v", h.card.Code, err)
	}
}

// same reports whether all hold the same entries of every log of the group.
func same(id act.Hash, homes ...*home) bool {
	var first map[ledger.Log]uint64
	for _, h := range homes {
		g, ok := h.GroupByID(id)
		if !ok {
			return false
		}
		sizes := map[ledger.Log]uint64{}
		for _, st := range g.Heads() {
			sizes[st.Log] = st.Size
		}
		if first == nil {
			first = sizes
			continue
		}
		if len(first) != len(sizes) {
			return false
		}
		for log, n := range first {
			if sizes[log] != n {
				return false
			}
		}
	}
	return true
}

// eventually waits for something to become true, looking whenever a group changes anywhere.
func eventually(t testing.TB, what string, is func() bool, homes ...*home) {
	t.Helper()
	end := time.After(30 * time.Second)
	for {
		var changes []<-chan struct{}
		for _, h := range homes {
			changes = append(changes, h.News())
			for _, g := range h.Groups() {
				changes = append(changes, g.Changed())
			}
		}
		if is() {
			return
		}
		any := make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		var once sync.Once
		for _, c := range changes {
			go func() {
				select {
				case <-c:
					once.Do(func() { close(any) })
				case <-ctx.Done():
				}
			}()
		}
		select {
		case <-any:
		case <-time.After(20 * time.Millisecond): // what is asked for may be no change of a group
		case <-end:
			cancel()
			t.Fatalf("it did not come to pass that %s", what)
		}
		cancel()
	}
}

func partyCode(s string) party.Code { return party.Code(s) }

func draft(b act.Body) chancery.Draft { return chancery.Draft{Body: b} }

func newDesk() *memdesk.Desk { return memdesk.New() }
