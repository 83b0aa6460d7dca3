package web_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/web"
	"entente/internal/workload"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/text"
)

// A shelf is one group in memory.
type shelf struct{ store *memstore.Store }

func (s shelf) OpenGroup(context.Context, act.Hash) (ledger.Store, ledger.Disk, error) {
	return s.store, noDisk{}, nil
}

// noDisk keeps no anchor.
type noDisk struct{}

func (noDisk) Read(string) ([]byte, error)        { return nil, fs.ErrNotExist }
func (noDisk) Create(string) (ledger.File, error) { return noFile{}, nil }
func (noDisk) Rename(string, string) error        { return nil }
func (noDisk) Sync() error                        { return nil }

type noFile struct{}

func (noFile) Write(b []byte) (int, error) { return len(b), nil }
func (noFile) Sync() error                 { return nil }
func (noFile) Close() error                { return nil }

// pages serves a plan of the workload, in one group, to somebody signed in, beside a handler that
// does nothing.
func pages(b *testing.B, acts int) (get func(path string) time.Duration) {
	b.Helper()
	w, err := workload.New(workload.Config{Seed: 3, Groups: 1, Burst: 8192})
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	charter := w.Charters()[0]
	st, desk := memstore.New(charter.ID()), memdesk.New()
	if err := w.Fill(ctx, acts, st); err != nil {
		b.Fatal(err)
	}
	if err := desk.PutGroup(ctx, chancery.GroupRow{ID: charter.ID(), Handle: "0", Charter: charter.Format(), State: chancery.GroupJoined}); err != nil {
		b.Fatal(err)
	}
	m := w.Members()[0]
	c, err := chancery.Open(ctx, chancery.Config{Keys: m.Keys, Card: m.Card, Desk: desk, Groups: shelf{st}, Clock: time.Now, Random: rand.Reader})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	owner := chancery.Who{Admin: true}
	if err := c.AddPerson(ctx, owner, chancery.PersonRow{ID: "d.reyes", Name: text.Texts{{Lang: "en", Text: "D. Reyes"}}}); err != nil {
		b.Fatal(err)
	}
	secret, _, err := c.NewLink(ctx, owner, "d.reyes")
	if err != nil {
		b.Fatal(err)
	}
	return visitor(b, c, secret)
}

func visitor(b *testing.B, c *chancery.Chancery, secret string) func(path string) time.Duration {
	b.Helper()
	s, err := web.New(web.Config{Chancery: c})
	if err != nil {
		b.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", s)
	mux.HandleFunc("/nothing", func(http.ResponseWriter, *http.Request) {})
	srv := httptest.NewServer(mux)
	b.Cleanup(srv.Close)
	client := srv.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	in, err := client.PostForm(srv.URL+"/enter", map[string][]string{"secret": {secret}})
	if err != nil {
		b.Fatal(err)
	}
	in.Body.Close()
	cookies := in.Cookies()
	return func(path string) time.Duration {
		req, err := http.NewRequest(http.MethodGet, srv.URL+path, nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, ck := range cookies {
			req.AddCookie(ck)
		}
		start := time.Now()
		res, err := client.Do(req) // returns with the first bytes
		took := time.Since(start)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			b.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			b.Fatalf("%s: %s", path, res.Status)
		}
		return took
	}
}

// BenchmarkPages is the time to the first byte of pages of plans with 10,000 and 100,000 elements.
// x-floor is the ratio of the medians to that of a handler that does nothing on the same server.
func BenchmarkPages(whole *testing.B) {
	for _, acts := range []int{100_000, 1_000_000} {
		if testing.Short() && acts > 100_000 {
			continue
		}
		var get func(string) time.Duration
		for _, page := range []string{"plan", "doc", "search", "board"} {
			whole.Run(fmt.Sprintf("%s/%d", page, acts/10), func(b *testing.B) {
				if get == nil {
					get = pages(whole, acts) // closed when the last page has been measured
				}
				path := map[string]string{"plan": "/g/0/plan", "doc": "/g/0/doc", "search": "/search?q=reports", "board": "/g/0/board"}[page]
				ratio(b, get, path)
			})
		}
	}
}

// ratio measures a page beside the handler that does nothing, by turns, and reports the ratio of the
// medians as x-floor.
func ratio(b *testing.B, get func(path string) time.Duration, path string) {
	b.Helper()
	get(path)
	var took, floor []time.Duration
	b.ResetTimer()
	for range b.N {
		floor = append(floor, get("/nothing"))
		took = append(took, get(path))
	}
	b.ReportMetric(float64(median(took))/float64(median(floor)), "x-floor")
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
