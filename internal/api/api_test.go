package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/marking"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A server is one party's API over memory, in a group of its own.
type server struct {
	*api.Server
	t     *testing.T
	c     *chancery.Chancery
	still *bool // the clock stands
}

type shelves struct {
	mu     sync.Mutex
	stores map[act.Hash]ledger.Store
}

func (s *shelves) OpenGroup(_ context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stores[id] == nil {
		s.stores[id] = memstore.New(id)
	}
	return s.stores[id], nowhere{}, nil
}

// nowhere is a disk that forgets.
type nowhere struct{}

func (nowhere) Read(string) ([]byte, error)        { return nil, fs.ErrNotExist }
func (nowhere) Create(string) (ledger.File, error) { return nowhere{}, nil }
func (nowhere) Rename(string, string) error        { return nil }
func (nowhere) Sync() error                        { return nil }
func (nowhere) Write(b []byte) (int, error)        { return len(b), nil }
func (nowhere) Close() error                       { return nil }

func newServer(t *testing.T) *server { return newServerOf(t, "US", "United States") }

func newServerOf(t *testing.T, code party.Code, name string, more ...text.Lang) *server {
	t.Helper()
	keys, err := party.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	names := text.Texts{{Lang: "en", Text: name}}
	card := keys.Card(code, names, []text.Lang{"en"}, "")
	at, still := time.Date(2017, 12, 12, 9, 0, 0, 0, time.UTC), false
	var ticking sync.Mutex
	tick := func() time.Time {
		ticking.Lock()
		defer ticking.Unlock()
		if !still {
			at = at.Add(time.Second)
		}
		return at
	}
	var c *chancery.Chancery
	m := newMargins(t)
	guard := api.Guard(m, code, func(id act.Hash) (*chancery.Group, bool) { return c.GroupByID(id) }, tick)
	c, err = chancery.Open(t.Context(), chancery.Config{Keys: keys, Card: card, Desk: memdesk.New(), Groups: &shelves{stores: map[act.Hash]ledger.Store{}},
		Clock: tick, Random: rand.Reader, Guard: guard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	owner := chancery.Who{Admin: true}
	for _, id := range []party.Person{"d.reyes", "k.moore"} {
		if err := c.AddPerson(t.Context(), owner, chancery.PersonRow{ID: id, Name: text.Texts{{Lang: "en", Text: string(id)}}}); err != nil {
			t.Fatal(err)
		}
	}
	plenary := text.Texts{{Lang: "en", Text: "Plenary"}}
	for _, l := range more {
		plenary = plenary.With(l, "Plenary")
	}
	_, err = c.Convene(t.Context(), owner, chancery.Terms{Name: plenary, Languages: append([]text.Lang{"en"}, more...),
		Ceiling: marking.New(marking.Amber), Members: []group.Member{{Code: code, Names: names, Signing: card.Signing}}})
	if err != nil {
		t.Fatal(err)
	}
	return &server{api.New(api.Config{Chancery: c, Margin: m}), t, c, &still}
}

// ask sends a request for a person; "" is the owner of the folder.
func (s *server) ask(person, method, path, body string) (int, string) {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if person != "" {
		r.Header.Set(api.PersonHeader, person)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	s.answers(method, path, w)
	if !json.Valid(w.Body.Bytes()) {
		s.t.Fatalf("%s %s answers no JSON: %.200s", method, path, w.Body)
	}
	return w.Code, w.Body.String()
}

func (s *server) want(status int, has, person, method, path, body string) string {
	s.t.Helper()
	code, out := s.ask(person, method, path, body)
	if code != status || !strings.Contains(out, has) {
		s.t.Fatalf("%s %s %s\nstatus %d, want %d with %q: %s", method, path, body, code, status, has, out)
	}
	return out
}

const tableGoal = `{"acts": [{"act": "table", "kind": "goal", "title": {"en": "Block"}, "text": {"en": "The Parties shall block."}}]}`

func TestAnActFromEndToEnd(t *testing.T) {
	s := newServer(t)
	s.want(200, `"element":"G-1"`, "d.reyes", "POST", "/v1/g/0/acts", tableGoal)
	s.want(200, `"status":"agreed"`, "d.reyes", "GET", "/v1/g/0/e/G-1", "")
	s.want(200, `"G-1"`, "d.reyes", "GET", "/v1/g/0/plan", "")
	s.want(200, `"groups":["0"]`, "d.reyes", "GET", "/v1/e/G-1", "")
	s.want(200, `The Parties shall block.`, "d.reyes", "GET", "/v1/g/0/text?lang=en", "")
	s.want(200, `"kind":"table"`, "d.reyes", "GET", "/v1/g/0/log?party=US", "")
	for _, path := range []string{"/v1/server", "/v1/today", "/v1/g", "/v1/g/0", "/v1/g/0/doc", "/v1/g/0/negotiation", "/v1/g/0/statements",
		"/v1/g/0/gaps", "/v1/counterparts", "/v1/people", "/v1/exchanges", "/v1/invited", "/v1/search?q=block"} {
		s.want(200, "", "d.reyes", "GET", path, "")
	}
}

func TestSeveralActsAreOneOrNone(t *testing.T) {
	s := newServer(t)
	both := `{"acts": [{"act": "table", "kind": "goal", "title": {"en": "A"}}, {"act": "table", "kind": "way", "parent": "G-1", "title": {"en": "B"}}]}`
	s.want(200, `"element":"W-1.1"`, "d.reyes", "POST", "/v1/g/0/acts", both)
	broken := `{"acts": [{"act": "table", "kind": "goal", "title": {"en": "C"}}, {"act": "accept", "element": "G-9"}]}`
	s.want(422, `"rule":"element"`, "d.reyes", "POST", "/v1/g/0/acts", broken)
	s.want(404, "", "d.reyes", "GET", "/v1/g/0/e/G-2", "")
}

// TestWithheldLooksLikeNothing: what a person may not see and what is not there are the same bytes.
func TestWithheldLooksLikeNothing(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", tableGoal)
	for _, path := range []string{"", "/plan", "/e/G-1", "/doc", "/log", "/text?lang=en", "/proof", "/statements", "/gaps"} {
		code, withheld := s.ask("k.moore", "GET", "/v1/g/0"+path, "")
		none, absent := s.ask("k.moore", "GET", "/v1/g/7"+path, "")
		if code != 404 || code != none || withheld != absent {
			t.Errorf("%s: %d %s\nnot there: %d %s", path, code, withheld, none, absent)
		}
	}
	code, withheld := s.ask("k.moore", "POST", "/v1/g/0/acts", tableGoal)
	none, absent := s.ask("k.moore", "POST", "/v1/g/7/acts", tableGoal)
	if code != none || withheld != absent {
		t.Errorf("an act: %s, %s", withheld, absent)
	}
	for _, path := range []string{"/v1/search?q=block", "/v1/today", "/v1/g", "/v1/e/G-1"} {
		if _, out := s.ask("k.moore", "GET", path, ""); strings.Contains(out, "Block") || strings.Contains(out, `"0"`) {
			t.Errorf("%s tells k.moore of the group: %s", path, out)
		}
	}
}

func TestRequestsAreReadStrictly(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct{ name, body string }{
		{"no JSON", `acts`}, {"an unknown name", `{"acts": [], "hurry": true}`}, {"an unknown name inside", `{"acts": [{"act": "table", "knd": "goal"}]}`},
		{"two values", `{"acts": []} {}`}, {"the wrong type", `{"acts": "table"}`}, {"no act of that name", `{"acts": [{"act": "sign", "element": "G-1"}]}`},
		{"no reference", `{"acts": [{"act": "accept", "element": "G1"}]}`}, {"no kind", `{"acts": [{"act": "table", "kind": "dream"}]}`},
		{"no language", `{"acts": [{"act": "table", "kind": "goal", "title": {"xx": "A"}}]}`},
	} {
		code, out := s.ask("d.reyes", "POST", "/v1/g/0/acts", c.body)
		if code != 400 && code != 422 || !strings.Contains(out, "Nothing was") {
			t.Errorf("%s: %d %s", c.name, code, out)
		}
	}
	if _, out := s.ask("d.reyes", "GET", "/v1/g/0/plan", ""); strings.Contains(out, "G-1") {
		t.Error("something was written")
	}
}

func TestBrowsersAreTurnedAway(t *testing.T) {
	s := newServer(t)
	for _, h := range []string{"Origin", "Sec-Fetch-Site", "Cookie"} {
		r := httptest.NewRequest("GET", "/v1/server", nil)
		r.Header.Set(h, "null")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 400 {
			t.Errorf("a request with %s: %d", h, w.Code)
		}
	}
}

func TestWhoAsks(t *testing.T) {
	s := newServer(t)
	s.want(400, "no person n.amar here", "n.amar", "GET", "/v1/g", "")
	s.want(400, "Nothing was done", "Not A Person", "GET", "/v1/g", "")
	s.want(400, "--as PERSON", "", "POST", "/v1/g/0/acts", tableGoal) // the owner speaks for nobody
	s.want(200, `"group":"0"`, "", "GET", "/v1/g", "")
	s.want(422, "administrator", "k.moore", "POST", "/v1/people", `{"id": "x.y", "name": {"en": "X"}}`)
	s.want(422, "administrator", "k.moore", "POST", "/v1/recover", `{}`)
	s.want(422, "owner", "d.reyes", "POST", "/v1/backup", `{"folder": "/tmp/x"}`)
	s.want(200, "/enter#", "d.reyes", "POST", "/v1/links", `{"person": "k.moore"}`)
	s.want(422, "administrator", "k.moore", "POST", "/v1/links", `{"person": "d.reyes"}`)
}

func TestFaultsCarryTheirExitCode(t *testing.T) {
	for _, c := range []struct {
		err          error
		kind         string
		exit, status int
	}{
		{&chancery.Refused{Rule: "r", Sentence: "No."}, "refused", 1, 422},
		{&chancery.Moved{Element: "G-1", Now: "b"}, "moved", 3, 409},
		{&chancery.HeldBack{Why: "No."}, "held-back", 5, 403},
		{chancery.ErrWithheld, "withheld", 1, 404},
		{&chancery.Closed{Why: "No."}, "closed", 1, 503},
		{&ledger.Fork{}, "broken", 4, 502},
		{&ledger.Damaged{}, "broken", 4, 502},
		{fs.ErrPermission, "failed", 1, 500},
	} {
		if f := api.FaultOf(c.err); f.Kind != c.kind || f.Exit != c.exit || f.Status != c.status {
			t.Errorf("%T: %+v", c.err, f)
		}
	}
}

func TestACounterBeginsFromTheText(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "table", "kind": "action", "title": {"en": "Read"}, "text": {"en": "They shall read."}, "lead": ["US"], "due": "2018-01-15", "source": {"en": "as reported"}}]}`)
	s.want(200, `"number":2`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "counter", "element": "A 1", "text": {"en": "They shall read it."}, "due": ""}]}`)
	var c act.Content
	g, _ := s.c.Group("0")
	g.View(func(p *plan.State) { c = p.Content(p.Element("A-1").InForce()) })
	if c.Text[0].Text != "They shall read it." || c.Due != "" || len(c.Lead) != 1 || c.Title[0].Text != "Read" || len(c.Source) != 1 {
		t.Fatalf("%+v", c)
	}
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "strike", "element": "A-1"}]}`)
	s.want(200, `"status":"removed"`, "d.reyes", "GET", "/v1/g/0/e/A-1", "")
}

// TestNoLanguageIsChangedAlone: where words change in one authentic language, the request says of
// each other what that means for it.
func TestNoLanguageIsChangedAlone(t *testing.T) {
	s := newServerOf(t, "US", "United States", "he")
	counter := func(status int, has, fields string) {
		t.Helper()
		s.want(status, has, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "counter", "element": "G-1", `+fields+`}]}`)
	}
	follows := func() []act.Following {
		var c act.Content
		g, _ := s.c.Group("0")
		g.View(func(p *plan.State) { c = p.Content(p.Element("G-1").InForce()) })
		return c.Follows
	}
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "table", "kind": "goal", "title": {"en": "One", "he": "אחת"}, "text": {"en": "One.", "he": "אחת."}}]}`)
	counter(422, `"rule":"languages"`, `"text": {"en": "One, now."}`)
	counter(422, `"rule":"languages"`, `"text": {"en": "One, now.", "he": "אחת, עכשיו."}, "title": {"en": "Now"}`)
	counter(400, "No words are given", `"due": "2018-01-15", "same": ["he"]`)
	counter(400, "cannot stay behind", `"text": {"en": "One, now.", "he": "אחת, עכשיו."}, "behind": ["he"]`)
	counter(400, "cannot stay behind", `"text": {"en": "One, now."}, "behind": ["he"], "same": ["he"]`)
	counter(200, "", `"text": {"en": "One, now."}, "same": ["he"]`)
	if f := follows(); len(f) > 0 {
		t.Errorf("a language that says the same follows %v", f)
	}
	counter(200, "", `"text": {"en": "One, at once."}, "behind": ["he"]`)
	first := follows()
	if len(first) != 1 || first[0].Lang != "he" {
		t.Fatalf("a language that stays behind is told as %v", first)
	}
	counter(200, "", `"due": "2018-01-15"`)
	counter(200, "", `"text": {"en": "One, today."}, "behind": ["he"]`)
	if f := follows(); len(f) != 1 || f[0] != first[0] {
		t.Errorf("%v: it still follows the revision that it followed, %v", f, first)
	}
	counter(200, "", `"text": {"he": "אחת, היום."}, "same": ["en"]`)
	if f := follows(); len(f) > 0 {
		t.Errorf("a language that has caught up follows %v", f)
	}
}

func TestProofBytes(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", tableGoal)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "document"}]}`)
	r := httptest.NewRequest(http.MethodGet, "/v1/g/0/proof?about=D-1", nil)
	r.Header.Set(api.PersonHeader, "d.reyes")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("entente proof v1\nabout D-1 ")) {
		t.Fatalf("%d %.60s", w.Code, w.Body)
	}
	s.want(422, "no document", "d.reyes", "GET", "/v1/g/0/proof?about=G-1", "")
}

func FuzzActs(f *testing.F) {
	f.Add(tableGoal)
	f.Add(`{"acts": [{"act": "counter", "element": "G-1", "lead": ["US"], "cites": ["P-1"], "marking": "TLP:RED", "order": 4}]}`)
	f.Add(`{"acts": [{"act": "accredit", "delegates": [{"person": "d.reyes", "name": {"en": "D"}, "powers": ["convene"]}]}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		var ask struct{ Acts []api.Ask }
		if json.Unmarshal([]byte(body), &ask) != nil {
			t.Skip()
		}
		p := plan.New(group.Charter{Languages: []text.Lang{"en"}, Name: text.Texts{{Lang: "en", Text: "x"}},
			Parties: []group.Member{{Code: "US", Names: text.Texts{{Lang: "en", Text: "x"}}, Signing: make([]byte, 32)}}}, nothing{})
		for _, a := range ask.Acts {
			if d, err := api.Draft(p, 0, a, nil); err == nil && d.Body == nil {
				t.Fatal("neither an act nor a reason")
			}
		}
	})
}

// nothing are logs without entries.
type nothing struct{}

func (nothing) Leaf(uint8, int) (string, bool)                     { return "", false }
func (nothing) LeafHash(uint8, int) act.Hash                       { return act.Hash{} }
func (nothing) Place(uint8, int) (uint32, uint64)                  { return 0, 0 }
func (nothing) Prefix(uint8, uint32, uint64) (int, act.Hash, bool) { return 0, act.Hash{}, false }
