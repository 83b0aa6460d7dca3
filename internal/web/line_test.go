package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/exchange"
	"entente/internal/web"
	"entente/party"
	"entente/text"
)

// lines is the exchange of a ground, as the pages see it.
type lines struct {
	x *exchange.Exchange
	c *chancery.Chancery
}

func (l lines) Standing(code party.Code) api.Standing {
	list, _ := l.x.Status(context.Background())
	for _, st := range list {
		if st.Code == code {
			state := map[string]string{exchange.InStep: api.InStep, exchange.Unreachable: api.Apart, exchange.Refused: api.Broken, exchange.Silent: api.ByHand}[st.State]
			if state == "" {
				state = api.Behind
			}
			return api.Standing{State: state, LastContact: st.Contact, Latency: st.Latency, Since: st.Failing, Why: st.Problem, Waiting: int(st.Queue)}
		}
	}
	return api.Standing{State: api.ByHand}
}

func (l lines) TryNow(ctx context.Context, code party.Code) error { return l.x.FetchFrom(ctx, code) }

func (l lines) WriteBundle(ctx context.Context, _ chancery.Who, to party.Code, id act.Hash, whole bool) (api.Bundle, []byte, error) {
	g, _ := l.c.GroupByID(id)
	file, w, err := l.x.WriteBundle(ctx, g, to, whole)
	return api.Bundle{Number: w.Running, From: w.From, To: w.To, Group: id, Made: w.Made, Entries: w.Entries, Size: len(file)}, file, err
}

func (l lines) ReadBundle(ctx context.Context, file []byte) (api.Bundle, chancery.Taken, error) {
	r, err := l.x.ReadBundle(ctx, file)
	return l.reading(r, len(file)), r.Taken, err
}

func (l lines) ApplyBundle(ctx context.Context, _ chancery.Who, file []byte) (api.Bundle, chancery.Taken, error) {
	r, err := l.x.ApplyBundle(ctx, file)
	return l.reading(r, len(file)), r.Taken, err
}

func (l lines) reading(r exchange.Reading, size int) api.Bundle {
	return api.Bundle{Number: r.Running, From: r.From, To: r.To, Group: r.Group, Handle: r.Handle, Made: r.Made, Size: size, Invites: r.Invites}
}

// A linedGround has a real exchange over loopback.
type linedGround struct {
	*ground
	door net.Listener
	x    *exchange.Exchange
}

func newLined(t testing.TB, code party.Code, names text.Texts, person party.Person, called text.Texts) *linedGround {
	t.Helper()
	out := &linedGround{}
	var l lines
	out.ground = newGround(t, code, names, person, called, func(cfg *web.Config) { cfg.Couriers = &l })
	l.x = exchange.New(exchange.Config{Chancery: out.Chancery, Desk: out.desk, Dial: (&net.Dialer{}).DialContext, After: time.After, Random: rand.Reader})
	l.c, out.x = out.Chancery, l.x
	return out
}

// run opens the door and starts asking.
func (g *linedGround) run() {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	g.door = door
	ctx, stop := context.WithCancel(context.Background())
	var w sync.WaitGroup
	w.Go(func() { _ = g.x.Serve(ctx, door) })
	w.Go(func() { _ = g.x.Run(ctx) })
	g.t.Cleanup(func() { stop(); _ = door.Close(); w.Wait() })
}

// upload posts a form with one file.
func (b *browser) upload(path, name string, file []byte, fields url.Values) shown {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, list := range fields {
		for _, v := range list {
			_ = w.WriteField(k, v)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = w.Close()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.site+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := b.Do(req)
	return b.take(res, err)
}

// between gives what stands between two marks of a page.
func (p shown) between(from, to string) string {
	p.t.Helper()
	_, rest, ok := strings.Cut(p.body, from)
	out, _, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		p.t.Fatalf("%s has no %q … %q:\n%s", p.path, from, to, p.body)
	}
	return out
}
