package exchange_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"entente/act"
	"entente/internal/exchange"
	"entente/ledger"
)

// TestWhoIsLetIn: only the exchange key of a counterpart gets as far as an answer, and only with
// TLS 1.3.
func TestWhoIsLetIn(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	us.serve()
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	body := squeeze(t, exchange.FormatRequest(exchange.Request{}))
	for _, c := range []struct {
		name    string
		key     ed25519.PrivateKey
		version uint16
		in      bool
	}{
		{"the counterpart", il.keys.Exchange(), tls.VersionTLS13, true},
		{"the counterpart with TLS 1.2", il.keys.Exchange(), tls.VersionTLS12, false},
		{"the counterpart's signing key", il.keys.Signing(), tls.VersionTLS13, false},
		{"this server's own key", us.keys.Exchange(), tls.VersionTLS13, false},
		{"a stranger's key", other, tls.VersionTLS13, false},
		{"no key", nil, tls.VersionTLS13, false},
	} {
		status, answer, err := post(t, stranger(t, n, c.key, us, c.version), body)
		if in := err == nil && status == http.StatusOK; in != c.in {
			t.Errorf("%s: status %d, %v", c.name, status, err)
		}
		if !c.in && (err == nil || len(answer) > 0) {
			t.Errorf("%s: was told %d %q", c.name, status, answer)
		}
	}
}

// TestAnotherServerAnswers: at IL's address somebody else answers.
func TestAnotherServerAnswers(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	eve := newHome(t, n, "EVE")
	eve.meet(us, false)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := n.listen(il.address())
	go eve.x.Serve(ctx, l)
	if err := us.x.Fetch(context.Background()); err == nil {
		t.Error("it was taken for IL")
	}
	list, err := us.x.Status(context.Background())
	if err != nil || list[0].State != exchange.Unreachable || !strings.Contains(list[0].Problem, "another server") {
		t.Errorf("%+v %v", list, err)
	}
}

// TestGarbage: whatever a counterpart sends, it is refused with a status, and the server goes on.
func TestGarbage(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	us.serve()
	good := exchange.FormatRequest(exchange.Request{Have: []exchange.Holdings{{Group: us.plenary().ID()}}})
	bomb := squeeze(t, make([]byte, exchange.MaxMessage+1))
	client := stranger(t, n, il.keys.Exchange(), us, tls.VersionTLS13)
	before := us.plenary().Version()
	for name, body := range map[string][]byte{
		"nothing": nil, "not packed": good, "a bomb": bomb, "cut": squeeze(t, good)[:12], "too long": make([]byte, exchange.MaxPacked+1),
		"one byte more": squeeze(t, append(good[:len(good):len(good)], 0)), "another version": squeeze(t, append([]byte{good[0], 2}, good[2:]...)),
		"text": squeeze(t, []byte("hello")),
	} {
		status, _, err := post(t, client, body)
		if name == "too long" && err != nil {
			continue // the line may be closed before all of it is sent
		}
		if err != nil || status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, status, err)
		}
	}
	for _, path := range []string{"/", "/v1/pull", "/v2/pull", "/tiles/", "/tiles/../x", "/tiles/" + strings.Repeat("f", 64) + "/tile/0/000"} {
		if status, _ := get(t, n, il, us, path); status == 200 {
			t.Errorf("%s answered", path)
		}
	}
	if status, _ := ask(t, n, il, us, exchange.Request{}); status != 200 {
		t.Errorf("afterwards the server answers %d", status)
	}
	if us.plenary().Version() != before {
		t.Error("something was changed")
	}
}

// TestPushedGarbage: well-formed messages whose content proves nothing change nothing.
func TestPushedGarbage(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	us.serve()
	id := us.plenary().ID()
	note := us.plenary().Heads()[0].Note
	before := us.plenary().Version()
	pieces := map[string]exchange.Piece{
		"no checkpoint":    {Party: 1, Leaves: [][]byte{[]byte("x")}},
		"another's note":   {Party: 1, Leaves: [][]byte{[]byte("x")}, Note: note},
		"no party":         {Party: 7, Leaves: [][]byte{[]byte("x")}, Note: note},
		"a far epoch":      {Party: 1, Epoch: 9, Leaves: [][]byte{[]byte("x")}, Note: note},
		"a gap":            {Party: 1, From: 99, Leaves: [][]byte{[]byte("x")}, Note: il.plenary().Heads()[0].Note},
		"its note altered": {Party: 1, Leaves: [][]byte{[]byte("x")}, Note: bytes.Replace(il.plenary().Heads()[0].Note, []byte("\n2\n"), []byte("\n3\n"), 1)},
	}
	for name, p := range pieces {
		status, _ := ask(t, n, il, us, exchange.Request{Push: exchange.Parcel{Groups: []exchange.News{{Group: id, Pieces: []exchange.Piece{p}}}}})
		if status != 200 {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if us.plenary().Version() != before {
		t.Error("something was taken")
	}
	for _, raw := range [][]byte{[]byte("no charter"), bytes.Repeat([]byte{0xa0}, 1000)} {
		if status, _ := ask(t, n, il, us, exchange.Request{Push: exchange.Parcel{Charters: [][]byte{raw}}}); status != 200 {
			t.Errorf("status %d", status)
		}
	}
	if rows, _ := us.Invited(context.Background(), us.who); len(rows) != 0 {
		t.Error("an invitation was made of garbage")
	}
}

// TestStallsAndFloods: IL opens lines and says nothing, or asks without end. EG is served all the same.
func TestStallsAndFloods(t *testing.T) {
	n, homes := alliance(t, "US", "IL", "EG")
	us, il, eg := homes[0], homes[1], homes[2]
	us.serve()
	var stalled []net.Conn
	for range 8 {
		c, err := n.dial(context.Background(), "", us.address())
		if err != nil {
			t.Fatal(err)
		}
		stalled = append(stalled, c)
		s := tls.Client(c, &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{certify(t, il.keys.Exchange())}})
		if err := s.Handshake(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(s, "POST /v1/pull HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
	}
	busy := 0
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 12 {
		client := stranger(t, n, il.keys.Exchange(), us, tls.VersionTLS13)
		wg.Go(func() {
			for range 30 {
				status, _, err := post(t, client, squeeze(t, exchange.FormatRequest(exchange.Request{})))
				mu.Lock()
				if err != nil || status == http.StatusTooManyRequests {
					busy++
				}
				mu.Unlock()
			}
		})
	}
	if err := eg.x.Fetch(context.Background()); err != nil && !strings.Contains(err.Error(), "no line") {
		t.Errorf("EG: %v", err)
	}
	if !holds(eg, us.plenary().ID(), 0) {
		t.Error("EG got nothing")
	}
	wg.Wait()
	if busy == 0 {
		t.Error("the flood was never refused")
	}
	for _, c := range stalled {
		c.Close()
	}
}

// size is how much of somebody's log the home has.
func size(h, of *home) (n uint64) {
	p, _ := h.plenary().Charter().Ordinal(of.card.Code)
	for _, st := range h.plenary().Heads() {
		if st.Log.Party == p {
			n += st.Size
		}
	}
	return n
}

// holds reports whether the home has anything of the party's log.
func holds(h *home, id act.Hash, p uint8) bool {
	g, ok := h.GroupByID(id)
	if !ok {
		return false
	}
	for _, st := range g.Heads() {
		if st.Log.Party == p && st.Size > 0 {
			return true
		}
	}
	return false
}

// TestTooManyLines: the gate hangs up on the lines of one address that are too many.
func TestTooManyLines(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us := homes[0]
	us.serve()
	var open []net.Conn
	refused := 0
	for range 60 {
		c, err := n.dial(context.Background(), "", us.address())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	for _, c := range open[40:] {
		if _, err := c.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
			refused++
		}
	}
	if refused != 20 {
		t.Errorf("%d of 20 lines over the limit were refused", refused)
	}
	for _, c := range open {
		c.Close()
	}
}

// TestDishonestAnswers: a counterpart's server answers nonsense; the courier says so and is unharmed.
func TestDishonestAnswers(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	before := us.plenary().Version()
	for name, answer := range map[string]http.HandlerFunc{
		"no message": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) },
		"a bomb":     func(w http.ResponseWriter, _ *http.Request) { w.Write(squeeze(t, make([]byte, exchange.MaxMessage+1))) },
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		},
		"elsewhere": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://other/")
			w.WriteHeader(302)
		},
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"failed":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
	} {
		l := n.listen(il.address())
		s := &http.Server{Handler: answer}
		go s.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certify(t, il.keys.Exchange())}, ClientAuth: tls.RequireAnyClientCert}))
		if err := us.x.Fetch(context.Background()); err == nil {
			t.Errorf("%s: taken for an answer", name)
		}
		list, err := us.x.Status(context.Background())
		if err != nil || list[0].State != exchange.Unreachable || list[0].Problem == "" || list[0].Failing.IsZero() {
			t.Errorf("%s: %+v", name, list)
		}
		t.Logf("%s: %s", name, list[0].Problem)
		s.Close()
	}
	if us.plenary().Version() != before {
		t.Error("something was taken")
	}
}

// TestForkIsCaught: IL signs one history for US and another for EG; they find out by themselves.
func TestForkIsCaught(t *testing.T) {
	for _, longer := range []bool{false, true} {
		n, homes := alliance(t, "US", "IL", "EG")
		us, il, eg := homes[0], homes[1], homes[2]
		twin := &home{t: t, keys: il.keys, card: il.card, desk: il.desk, shelf: newShelves(), net: n, who: il.who}
		id := us.plenary().ID()
		twin.shelf.stores[id] = il.shelf.stores[id].Copy()
		twin.shelf.disks[id] = &memdisk{files: map[string][]byte{}}
		twin.open()
		us.meet(eg, false)
		eg.meet(us, false)
		il.table("A-1", "We shall.")
		twin.table("A-1", "We shall not.")
		if longer {
			twin.table("A-2", "And more.")
		}
		stop := il.serve()
		if err := us.x.Fetch(context.Background()); err != nil {
			t.Fatal(err)
		}
		stop()
		stop = twin.serve()
		if err := eg.x.Fetch(context.Background()); err != nil {
			t.Fatal(err)
		}
		stop()
		us.meet(eg, true)
		eg.meet(us, true)
		eg.serve()
		us.x.Fetch(context.Background()) // fails, and asks from the first entry when it asks again
		us.x.Fetch(context.Background())
		ev, caught := us.plenary().Frozen(1)
		if !caught || ev.Verify(il.card.Signing) != nil {
			t.Fatalf("longer %v: not caught", longer)
		}
		rows, err := us.desk.Exchanges(context.Background(), 100)
		forked := 0
		for _, r := range rows {
			if r.What == "forked" && r.Log == (ledger.Log{Group: id, Party: 1}) {
				forked++
			}
		}
		if err != nil || forked != 1 {
			t.Errorf("%d lines in the record: %v", forked, err)
		}
		eg.table("A-3", "Egypt goes on.")
		us.x.Fetch(context.Background()) // IL has no server any more
		if size(us, eg) != size(eg, eg) {
			t.Error("what EG said afterwards did not come")
		}
	}
}
