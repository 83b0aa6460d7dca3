package exchange

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"entente/internal/chancery"
	"entente/party"
)

// How a courier paces itself.
const (
	pullWait    = MaxWait                // seconds that it lets the other side wait for news
	firstPause  = time.Second            // after a failed attempt; doubles
	longPause   = time.Minute            // the longest between attempts
	idlePause   = 500 * time.Millisecond // after an answer that brought nothing and came at once
	answerTime  = 3 * time.Minute        // beyond the wait, for a whole answer
	lookAgain   = 30 * time.Second       // for new counterparts and addresses
	pushAgain   = time.Minute            // before what was pushed without effect is pushed again
	proofsAgain = 30 * time.Second       // before all checkpoints are asked for again
)

// Run keeps in step with every counterpart that has an address, until ctx ends.
func (x *Exchange) Run(ctx context.Context) error {
	var couriers sync.WaitGroup
	defer couriers.Wait()
	running := map[party.Code]bool{}
	for {
		list, err := x.c.Counterparts(ctx)
		if err != nil && ctx.Err() == nil {
			x.log.Error("counterparts could not be read", "err", err)
		}
		for _, o := range list {
			if code := o.Card.Code; !running[code] {
				running[code] = true
				couriers.Go(func() { x.courier(ctx, code) })
			}
		}
		x.sweep()
		if await(ctx, x.after(lookAgain), []<-chan struct{}{x.c.News()}); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// courier keeps in step with one counterpart.
func (x *Exchange) courier(ctx context.Context, code party.Code) {
	p := x.peer(code)
	line := &caller{x: x}
	defer line.hangUp()
	pause, wait := firstPause, uint8(0)
	for ctx.Err() == nil {
		o, err := x.c.Counterpart(ctx, code)
		if err != nil || o.Reach() == "" {
			x.unaddressed(p)
			await(ctx, x.after(lookAgain), []<-chan struct{}{x.c.News()})
			continue
		}
		began := x.c.Now()
		r, err := x.round(ctx, o, p, line, wait)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = 0
			x.sleep(ctx, pause)
			pause = min(2*pause, longPause)
		case r.more || r.pushed || r.cut:
			pause, wait = firstPause, 0
		default:
			if !r.changed && x.c.Now().Sub(began) < idlePause && wait > 0 {
				x.sleep(ctx, idlePause)
			}
			pause, wait = firstPause, pullWait
		}
	}
}

// A result says what came of one round.
type result struct {
	changed bool // something changed here
	more    bool // there is more to fetch
	pushed  bool // something was sent along
	cut     bool // the wait was broken off, because there is something to send
}

// round asks a counterpart once and takes what it answers. What it lacks is sent along, where it
// does not fetch by itself.
func (x *Exchange) round(ctx context.Context, o chancery.Counterpart, p *peer, line *caller, wait uint8) (r result, err error) {
	groups := x.shared(o.Card)
	req, began := Request{}, x.c.Now()
	var resp Response
	if a := line.asked(); a != nil {
		req, began, resp, err = a.req, a.began, a.resp, a.err
	} else {
		p.pulling.Lock()
		req = Request{Wait: wait, Have: holdings(groups, p.pulled), Known: p.names(groups), All: x.wantsProofs(p, groups)}
		p.pulling.Unlock()
		if !p.fetches(x.c.Now()) && x.mayPush(p) {
			req.Push = p.lacks(groups, PieceLimit)
			if r.pushed = !req.Push.Empty(); r.pushed {
				req.Wait = 0
			}
		}
		resp, err = x.call(ctx, o, p, line, req, groups)
	}
	if errors.Is(err, errCut) {
		return result{cut: true}, nil
	}
	if err != nil {
		x.failed(p, o, err)
		return r, err
	}
	x.proved(ctx, p.code, p.learn(groups, resp.Have, resp.Known))
	if r.pushed && shape(p.lacks(groups, PieceLimit)) == shape(req.Push) {
		x.pushedInVain(p)
		r.pushed = false
	}
	p.pulling.Lock()
	defer p.pulling.Unlock()
	r.more, p.pullAt = resp.More, x.c.Now()
	r.changed, err = x.take(ctx, o, p.pulled, resp.Parcel, resp.More, func() {
		if resp.More { // what is to be taken counts as held: the rest is on its way meanwhile
			next := Request{Have: holdings(groups, p.pulled), Known: p.names(groups), All: req.All}
			line.ask(ctx, next, func(ctx context.Context) (Response, error) { return x.call(ctx, o, p, line, next, groups) })
		}
	})
	if err != nil {
		line.forget() // it was asked by what is not held after all
	}
	x.reached(p, began, req.Wait == 0, err)
	return r, err
}

// shape says what a parcel brings, without its bytes: to see whether sending it has had an effect.
func shape(p Parcel) string {
	b := fmt.Appendf(nil, "%d", len(p.Charters))
	for _, g := range p.Groups {
		for _, q := range g.Pieces {
			b = fmt.Appendf(b, " %x/%d/%d:%d+%d(%d)", g.Group[:8], q.Party, q.Epoch, q.From, len(q.Leaves), len(q.Note))
		}
	}
	return string(b)
}

var errCut = errors.New("there is something to send or to ask")

// call sends one request. A wait is broken off as soon as there is something to send to a
// counterpart that does not fetch by itself, or a group to ask about.
func (x *Exchange) call(ctx context.Context, o chancery.Counterpart, p *peer, line *caller, req Request, groups []*chancery.Group) (Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if req.Wait > 0 {
		go func() {
			for {
				now := x.shared(o.Card)
				changes := x.changes(now)
				joined := len(now) != len(groups) // the request that waits does not name the new group
				if joined || !p.fetches(x.c.Now()) && x.mayPush(p) && !p.lacks(now, 1).Empty() {
					cancel(errCut)
					return
				}
				if !await(ctx, nil, changes) {
					return
				}
			}
		}()
	}
	limit := x.after(time.Duration(req.Wait)*time.Second + answerTime)
	go func() {
		if !await(ctx, limit, nil) && ctx.Err() == nil {
			cancel(errors.New("no answer came in time"))
		}
	}()
	resp, err := line.post(ctx, o, req)
	if err != nil && ctx.Err() != nil {
		return resp, context.Cause(ctx)
	}
	return resp, err
}

// sleep pauses for d, give or take a quarter, so that many servers do not call in chorus.
func (x *Exchange) sleep(ctx context.Context, d time.Duration) {
	var b [2]byte
	if _, err := io.ReadFull(x.random, b[:]); err == nil {
		d += time.Duration(int64(d) / 4 * (int64(binary.BigEndian.Uint16(b[:])) - 1<<15) / (1 << 15))
	}
	await(ctx, x.after(d), nil)
}

// A caller is one courier's line to its counterpart.
type caller struct {
	x      *Exchange
	card   party.Card
	reach  string
	client *http.Client
	ahead  *asking // asked before the answer before it was taken; nil for nothing
}

// An asking is a request under way.
type asking struct {
	req    Request
	began  time.Time
	resp   Response
	err    error
	done   chan struct{}
	cancel context.CancelFunc
}

// ask sends a request whose answer is waited for later. There is one at a time.
func (l *caller) ask(ctx context.Context, req Request, call func(context.Context) (Response, error)) {
	l.forget()
	ctx, cancel := context.WithCancel(ctx)
	a := &asking{req: req, began: l.x.c.Now(), done: make(chan struct{}), cancel: cancel}
	l.ahead = a
	go func() {
		defer close(a.done)
		a.resp, a.err = call(ctx)
	}()
}

// asked waits for the answer of what was asked ahead; nil where nothing was.
func (l *caller) asked() *asking {
	a := l.ahead
	if a != nil {
		l.ahead = nil
		<-a.done
		a.cancel()
	}
	return a
}

// forget breaks off what was asked ahead.
func (l *caller) forget() {
	if l.ahead != nil {
		l.ahead.cancel()
		l.asked()
	}
}

func (l *caller) hangUp() {
	l.forget()
	l.closeIdle()
}

func (l *caller) closeIdle() {
	if l.client != nil {
		l.client.CloseIdleConnections()
	}
}

// to makes the client for a counterpart, anew where its address or keys have changed.
func (l *caller) to(o chancery.Counterpart) error {
	if l.client != nil && l.reach == o.Reach() && l.card.SameKeys(o.Card) {
		return nil
	}
	l.closeIdle()
	config, err := clientTLS(l.x.c.Keys(), o.Card.Exchange)
	if err != nil {
		return err
	}
	address := o.Reach()
	l.card, l.reach = o.Card, address
	l.client = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return l.x.dialTLS(ctx, network, address, config)
			},
			MaxConnsPerHost: 2, MaxIdleConns: 2, IdleConnTimeout: idleTime - 10*time.Second, DisableCompression: true,
			MaxResponseHeaderBytes: maxHead,
		},
	}
	return nil
}

func (x *Exchange) dialTLS(ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	end := x.after(shakeTime)
	go func() {
		if !await(ctx, end, nil) {
			cancel()
		}
	}()
	raw, err := x.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := tls.Client(raw, config)
	if err := c.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return c, nil
}

// post sends a request and reads the answer.
func (l *caller) post(ctx context.Context, o chancery.Counterpart, req Request) (Response, error) {
	if err := l.to(o); err != nil {
		return Response{}, err
	}
	body := l.x.packer.pack(FormatRequest(req))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://counterpart"+pullPath, bytes.NewReader(body))
	if err != nil {
		return Response{}, err
	}
	r.Header.Set("Content-Type", mediaType)
	resp, err := l.client.Do(r)
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err // without the address, which is made up
	}
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return Response{}, &answered{resp.StatusCode}
	}
	raw, err := l.x.packer.read(resp.Body)
	if err != nil {
		return Response{}, err
	}
	return ParseResponse(raw)
}

// answered is an answer that is none.
type answered struct{ status int }

func (a *answered) Error() string {
	switch a.status {
	case http.StatusTooManyRequests:
		return "its server says that it is asked too often"
	case http.StatusForbidden:
		return "its server does not know this one: compare numbers again"
	case http.StatusBadRequest:
		return "its server could not read what this one asked: the two programs may be of different versions"
	}
	return fmt.Sprintf("its server answered with the status %d", a.status)
}
