package exchange

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"sync"
	"time"

	"entente/act"
	"entente/internal/chancery"
)

// Bounds of the listener.
const (
	maxLines     = 256              // lines open at the same time
	maxLinesHost = 32               // of them, from one address
	shakeTime    = 10 * time.Second // for the handshake, and for the head of a request
	readTime     = 3 * time.Minute  // for a whole request
	writeTime    = 4 * time.Minute  // for a request, waiting and answering
	idleTime     = 2 * time.Minute  // between two requests on one line
	maxHead      = 8 << 10          // bytes of a request's head
)

// Paths and media.
const (
	pullPath  = "/v1/pull"
	mediaType = "application/vnd.entente.exchange"
)

// Serve answers counterparts on the listener until ctx ends. The listener is closed then.
func (x *Exchange) Serve(ctx context.Context, l net.Listener) error {
	config, err := serverTLS(x.c.Keys(), func(key ed25519.PublicKey) bool {
		_, ok := x.byKey(ctx, key)
		return ok
	})
	if err != nil {
		return err
	}
	s := &http.Server{
		Handler: x.handler(), ReadHeaderTimeout: shakeTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHead, ErrorLog: slog.NewLogLogger(x.log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	err = s.Serve(tls.NewListener(newGate(l), config))
	if errors.Is(err, http.ErrServerClosed) || ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (x *Exchange) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+pullPath, x.guard(x.servePull))
	mux.HandleFunc("GET /tiles/{origin}/{path...}", x.guard(x.serveTile))
	return mux
}

// guard finds out who asks, and keeps whoever asks too much waiting.
func (x *Exchange) guard(next func(http.ResponseWriter, *http.Request, chancery.Counterpart, *peer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			http.Error(w, "not here", http.StatusForbidden)
			return
		}
		key, err := peerKey(*r.TLS)
		from, known := x.byKey(r.Context(), key)
		if err != nil || !known {
			http.Error(w, "not here", http.StatusForbidden)
			return
		}
		p := x.peer(from.Card.Code)
		turn := p.limiter.ReserveN(x.c.Now(), 1)
		wait := turn.DelayFrom(x.c.Now())
		if wait > longestQueue || !p.enter() {
			turn.CancelAt(x.c.Now())
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many requests", http.StatusTooManyRequests)
			return
		}
		defer p.leave()
		if wait > 0 {
			await(r.Context(), x.after(wait), nil)
		}
		next(w, r, from, p)
	}
}

func (p *peer) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy >= maxBusy {
		return false
	}
	p.busy++
	return true
}

func (p *peer) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
}

func (x *Exchange) servePull(w http.ResponseWriter, r *http.Request, from chancery.Counterpart, p *peer) {
	raw, err := x.packer.read(http.MaxBytesReader(w, r.Body, MaxPacked))
	var req Request
	if err == nil {
		req, err = ParseRequest(raw)
	}
	if err != nil {
		x.log.Warn("a counterpart sent what is no request", "party", from.Card.Code, "err", short(err))
		http.Error(w, "malformed", http.StatusBadRequest)
		return
	}
	body := x.packer.pack(FormatResponse(x.answer(r.Context(), from, p, req)))
	w.Header().Set("Content-Type", mediaType)
	w.Write(body) // a line that is gone is the asker's loss: it asks again
}

// answer takes what the request brings, then waits for something that the asker lacks.
func (x *Exchange) answer(ctx context.Context, from chancery.Counterpart, p *peer, req Request) Response {
	groups := x.shared(from.Card)
	x.proved(ctx, from.Card.Code, p.learn(groups, req.Have, req.Known))
	x.hear(p)
	if err := x.pushed(ctx, from, p, req.Push); err != nil {
		x.log.Warn("what a counterpart sent was not taken", "party", from.Card.Code, "err", short(err))
	}
	have := map[act.Hash]Holdings{}
	for _, h := range req.Have {
		have[h.Group] = h
	}
	known := map[act.Hash]bool{}
	for _, id := range req.Known {
		known[id] = true
	}
	end := x.after(time.Duration(req.Wait) * time.Second)
	for {
		groups = x.shared(from.Card)
		changes := x.changes(groups)
		out := Response{Known: p.names(groups)}
		out.Parcel, out.More = lacking(groups, have, known, req.All, PieceLimit)
		if !out.Parcel.Empty() || req.Wait == 0 || !req.Push.Empty() {
			p.pushing.Lock()
			out.Have = holdings(groups, p.pushed)
			p.pushing.Unlock()
			return out
		}
		if !await(ctx, end, changes) {
			req.Wait = 0 // one last look
		}
	}
}

// pushed takes what a request brings.
func (x *Exchange) pushed(ctx context.Context, from chancery.Counterpart, p *peer, push Parcel) error {
	p.pushing.Lock()
	defer p.pushing.Unlock()
	now := x.c.Now()
	if now.Sub(p.pushAt) > partsKept {
		p.pushed.clear()
	}
	if push.Empty() {
		return nil
	}
	p.pushAt = now
	_, err := x.take(ctx, from, p.pushed, push, true, func() {})
	return err
}

// changes are the channels that are closed when one of the groups changes, or one is joined.
func (x *Exchange) changes(groups []*chancery.Group) []<-chan struct{} {
	out := []<-chan struct{}{x.c.News()}
	for _, g := range groups {
		out = append(out, g.Changed())
	}
	return out
}

// await waits for a change; false where ctx or the time ended first.
func await(ctx context.Context, end <-chan time.Time, changes []<-chan struct{}) bool {
	cases := []reflect.SelectCase{recv(ctx.Done()), recv(end)}
	for _, c := range changes {
		cases = append(cases, recv(c))
	}
	chosen, _, _ := reflect.Select(cases)
	return chosen > 1
}

func recv(c any) reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}
}

// A gate bounds how many lines are open, in all and from one address.
type gate struct {
	net.Listener
	mu    sync.Mutex
	lines map[string]int
	all   int
}

func newGate(l net.Listener) *gate { return &gate{Listener: l, lines: map[string]int{}} }

// Accept gives the next line, and hangs up on those that are too many.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		host, _, err := net.SplitHostPort(c.RemoteAddr().String())
		if err != nil {
			host = c.RemoteAddr().String()
		}
		g.mu.Lock()
		full := g.all >= maxLines || g.lines[host] >= maxLinesHost
		if !full {
			g.all++
			g.lines[host]++
		}
		g.mu.Unlock()
		if full {
			c.Close()
			continue
		}
		return &line{Conn: c, free: func() { g.free(host) }}, nil
	}
}

func (g *gate) free(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all--
	if g.lines[host]--; g.lines[host] == 0 {
		delete(g.lines, host)
	}
}

// A line is an accepted connection that leaves the gate when it is closed.
type line struct {
	net.Conn
	once sync.Once
	free func()
}

// Close closes the connection.
func (l *line) Close() error {
	l.once.Do(l.free)
	return l.Conn.Close()
}
