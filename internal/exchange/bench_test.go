package exchange_test

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"entente/internal/chancery"
	"entente/internal/workload"
	"entente/ledger/memstore"
)

// A meter counts what goes over the lines of a network: bytes and turns. A turn is something sent
// after something was heard: the hello of a line, then one for each request.
type meter struct {
	in, out, turns atomic.Int64
	toNews         atomic.Int64 // turns before all was here
	here           func() bool
}

func (m *meter) wrap(c net.Conn) net.Conn { return &metered{Conn: c, meter: m} }

func (m *meter) reset() {
	m.in.Store(0)
	m.out.Store(0)
	m.turns.Store(0)
	m.toNews.Store(0)
}

type metered struct {
	net.Conn
	*meter
	spoke atomic.Bool // and has not heard since
}

func (c *metered) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.in.Add(int64(n))
	if n > 0 {
		c.spoke.Store(false)
	}
	return n, err
}

func (c *metered) Write(b []byte) (int, error) {
	if !c.spoke.Swap(true) {
		c.turns.Add(1)
		if !c.here() {
			c.toNews.Add(1)
		}
	}
	n, err := c.Conn.Write(b)
	c.out.Add(int64(n))
	return n, err
}

// workloadHomes are two parties of a workload that two others write: the first is one of those and
// has acts of it, the second is silent and has what there was after the first have acts.
func workloadHomes(t testing.TB, acts, have int) (n *network, a, b *home) {
	t.Helper()
	w, err := workload.New(workload.Config{Seed: 1, Burst: 4096, Parties: 3, Silent: 1})
	if err != nil {
		t.Fatal(err)
	}
	n = newNetwork()
	var homes []*home
	for _, m := range w.Members()[1:] {
		h := &home{t: t, keys: m.Keys, card: m.Card, desk: newDesk(), shelf: newShelves(), net: n}
		homes = append(homes, h)
		for i, c := range w.Charters() {
			id := c.ID()
			h.shelf.stores[id], h.shelf.disks[id] = memstore.New(id), &memdisk{files: map[string][]byte{}}
			if err := h.desk.PutGroup(context.Background(), chancery.GroupRow{ID: id, Handle: fmt.Sprint(i), Charter: c.Format(), State: chancery.GroupJoined}); err != nil {
				t.Fatal(err)
			}
		}
	}
	charters := w.Charters()
	fill := func(to ...*home) func(workload.Burst) error {
		return func(b workload.Burst) error {
			for _, h := range to {
				if err := h.shelf.stores[charters[b.Group].ID()].Commit(context.Background(), b.Batches...); err != nil {
					return err
				}
			}
			return nil
		}
	}
	if err := w.Run(have, fill(homes...)); err != nil {
		t.Fatal(err)
	}
	if err := w.Run(acts-have, fill(homes[0])); err != nil {
		t.Fatal(err)
	}
	for _, h := range homes {
		h.open()
		for _, o := range homes {
			if o != h {
				h.meet(o, true)
			}
		}
	}
	return n, homes[0], homes[1]
}

func total(h *home) (n uint64) {
	for _, g := range h.Groups() {
		for _, st := range g.Heads() {
			n += st.Size
		}
	}
	return n
}

// BenchmarkCatchUp fetches what is missing, over a line that is dialled for it: the last 100 acts, or
// everything. B-in is what came, B/act the same for each act, round-trips the requests and the hello
// of the line, to the moment at which both hold the same and know it; to-news those until the last
// act is here. Asked for: the last 100 acts in 2 requests and 20,000 bytes, and 120 bytes an act
// from empty.
func BenchmarkCatchUp(b *testing.B) {
	for _, c := range []struct{ acts, have int }{{10_000, 9_900}, {100_000, 99_900}, {10_000, 0}, {100_000, 0}} {
		b.Run(fmt.Sprintf("%d of %d", c.acts-c.have, c.acts), func(b *testing.B) {
			var m meter
			var took time.Duration
			for range b.N {
				b.StopTimer()
				n, from, to := workloadHomes(b, c.acts, c.have)
				stop := from.serve()
				m.reset()
				want := total(from)
				m.here = func() bool { return total(to) >= want }
				n.wrap = m.wrap
				b.StartTimer()
				began := time.Now()
				if err := to.x.Fetch(context.Background()); err != nil {
					b.Fatal(err)
				}
				took += time.Since(began)
				b.StopTimer()
				if got := total(to); got < want {
					b.Fatalf("%d of %d entries", got, want)
				}
				stop()
				to.Close()
				from.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(m.in.Load()), "B-in")
			b.ReportMetric(float64(m.in.Load())/float64(c.acts-c.have), "B/act")
			b.ReportMetric(float64(m.out.Load()), "B-out")
			b.ReportMetric(float64(m.turns.Load()), "round-trips")
			b.ReportMetric(float64(m.toNews.Load()), "to-news")
			b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "ms")
		})
	}
}

// BenchmarkAcross writes one act at one server and waits until it is taken at the other, on a line
// that is open: a long poll answered, entries verified, cosigned, folded and stored.
func BenchmarkAcross(b *testing.B) {
	_, homes := alliance(b, "US", "IL")
	us, il := homes[0], homes[1]
	for _, h := range homes {
		h.serve()
		h.run()
	}
	eventually(b, "both are in step", func() bool { return same(us.plenary().ID(), homes...) }, homes...)
	b.ResetTimer()
	for range b.N {
		us.table("A-1", "The Parties may meet.")
		want := size(us, us)
		for {
			changed := il.plenary().Changed()
			if size(il, us) >= want {
				break
			}
			<-changed
		}
	}
}
