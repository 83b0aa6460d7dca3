package web_test

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/national"
	"entente/internal/web"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// A ground is the server of one party in memory, with its pages on loopback.
type ground struct {
	*chancery.Chancery
	t    testing.TB
	keys party.Keys
	desk *memdesk.Desk
	site *httptest.Server
	who  chancery.Who

	margins *national.Margins // where the test gave the party one
	holds   chancery.Guard
}

type memShelves struct{}

func (memShelves) OpenGroup(_ context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	return memstore.New(id), memDisk{}, nil
}

func in(lang text.Lang, s string) text.Texts { return text.Texts{}.With(lang, s) }

func both(en, he string) text.Texts { return in("en", en).With("he", he) }

// bareGround is a server with nobody in it.
func bareGround(t testing.TB, code party.Code, names text.Texts, with func(*web.Config)) *ground {
	t.Helper()
	keys, err := party.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	g := &ground{t: t, keys: keys, desk: memdesk.New()}
	card := keys.Card(code, names, []text.Lang{"en", "he"}, "")
	g.Chancery, err = chancery.Open(t.Context(), chancery.Config{Keys: keys, Card: card, Desk: g.desk, Groups: memShelves{}, Clock: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	var h http.Handler
	g.site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(func() { g.site.CloseClientConnections(); g.site.Close() }) // an open page holds a stream
	cfg := web.Config{Chancery: g.Chancery, Origin: g.site.URL}
	if with != nil {
		with(&cfg)
	}
	if h, err = web.New(cfg); err != nil {
		t.Fatal(err)
	}
	return g
}

// newGround is a server with one person in it.
func newGround(t testing.TB, code party.Code, names text.Texts, person party.Person, called text.Texts, with func(*web.Config)) *ground {
	t.Helper()
	g := bareGround(t, code, names, with)
	if err := g.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: person, Name: called}); err != nil {
		t.Fatal(err)
	}
	var err error
	if g.who, err = g.Local(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	return g
}

// A browser keeps cookies and follows what it is sent on to.
type browser struct {
	t    testing.TB
	site string
	*http.Client
}

func (g *ground) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		g.t.Fatal(err)
	}
	return &browser{g.t, g.site.URL, &http.Client{Jar: jar}}
}

// link makes a one-time link's secret.
func (g *ground) link(id party.Person) string {
	s, _, err := g.NewLink(g.t.Context(), chancery.Who{Admin: true}, id)
	if err != nil {
		g.t.Fatal(err)
	}
	return s
}

// signedIn is a browser of the ground's person.
func (g *ground) signedIn() *browser {
	b := g.browser()
	p := b.post("/enter", url.Values{"secret": {g.link(g.who.Person)}})
	if strings.Contains(p.path, "/enter") {
		g.t.Fatalf("signing in led to %s, %d:\n%s", p.path, p.status, p.body)
	}
	return b
}

// A shown page, after redirects.
type shown struct {
	t      testing.TB
	path   string
	status int
	body   string
	header http.Header
}

func (b *browser) get(path string) shown {
	b.t.Helper()
	res, err := b.Get(b.site + path)
	return b.take(res, err)
}

func (b *browser) post(path string, form url.Values) shown {
	b.t.Helper()
	res, err := b.PostForm(b.site+path, form)
	return b.take(res, err)
}

func (b *browser) take(res *http.Response, err error) shown {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := shown{b.t, res.Request.URL.RequestURI(), res.StatusCode, string(body), res.Header}
	if i := strings.Index(p.body, "⟦"); i >= 0 {
		b.t.Errorf("%s lacks a sentence: %s", p.path, p.body[i:min(i+60, len(p.body))])
	}
	return p
}

// has asks for a status and for words.
func (p shown) has(status int, words ...string) {
	p.t.Helper()
	if p.status != status {
		p.t.Errorf("%s: %d, not %d:\n%s", p.path, p.status, status, p.body)
	}
	for _, w := range words {
		if !strings.Contains(p.body, w) {
			p.t.Errorf("%s does not say %q:\n%s", p.path, w, p.body)
		}
	}
}

func (p shown) hasNot(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if strings.Contains(p.body, w) {
			p.t.Errorf("%s says %q", p.path, w)
		}
	}
}

// link makes two grounds known to each other, as after the two telephone calls.
func linkGrounds(a, b *ground) {
	for _, x := range [][2]*ground{{a, b}, {b, a}} {
		card := x[1].Card()
		err := x[0].desk.PutCounterpart(x[0].t.Context(), chancery.CounterpartRow{Code: card.Code, Card: card.Bytes(), Confirmed: time.Now(), By: x[0].who.Person})
		if err != nil {
			x[0].t.Fatal(err)
		}
	}
}

// convene makes a group of the grounds' parties on all of their servers.
func conveneOn(number uint32, name text.Texts, plenary act.Hash, list ...*ground) []*chancery.Group {
	t := list[0].t
	zones := []string{"America/New_York", "Asia/Jerusalem", "Africa/Khartoum"}
	terms := chancery.Terms{Number: number, Name: name, Plan: both("Joint Strategic Work Plan", "תוכנית עבודה אסטרטגית משותפת"),
		Terms: both("Prepare the text.", "להכין את הנוסח."), Languages: []text.Lang{"en", "he"}, Ceiling: marking.Label{TLP: marking.AmberStrict}, Plenary: plenary}
	for i, g := range list {
		terms.Members = append(terms.Members, group.Member{Code: g.Self(), Names: g.Card().Names, Signing: g.Card().Signing, Zone: zones[i%len(zones)]})
	}
	first, err := list[0].Convene(t.Context(), list[0].who, terms)
	if err != nil {
		t.Fatal(err)
	}
	out := []*chancery.Group{first}
	for _, g := range list[1:] {
		if _, err := g.Offered(t.Context(), first.Charter().Format(), list[0].Self()); err != nil {
			t.Fatal(err)
		}
		joined, err := g.Answer(t.Context(), g.who, first.ID(), true)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, joined)
	}
	return out
}

// carry brings what each group has to the others, until nothing is new.
func carry(t testing.TB, groups ...*chancery.Group) {
	t.Helper()
	for range 4 {
		for _, from := range groups {
			for _, to := range groups {
				if from == to {
					continue
				}
				have := map[ledger.Log]uint64{}
				for _, h := range to.Heads() {
					have[h.Log] = h.Size
				}
				if _, err := to.Take(t.Context(), from.Charter().Code(from.Self()), from.Deltas(have, 1<<20)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func draft(b act.Body) chancery.Draft { return chancery.Draft{Body: b} }

// guest is a browser of a further person, who is no administrator and sits in no group.
func (g *ground) guest(id party.Person) *browser {
	if err := g.AddPerson(g.t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: id, Name: in("en", string(id))}); err != nil {
		g.t.Fatal(err)
	}
	b := g.browser()
	b.post("/enter", url.Values{"secret": {g.link(id)}})
	return b
}
