package api_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"entente/internal/api"
	"entente/internal/chancery"
)

// A contract is the description that a server gives, with every schema closed: an answer with a
// name that is not described does not hold.
type contract struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	mu       sync.Mutex
	held     map[string]bool // “GET /v1/g”: it has been answered with 200 as described
}

// contractOf reads the description, once for all tests: it is the same at every server.
var contractOf = sync.OnceValues(func() (*contract, error) {
	w := httptest.NewRecorder()
	api.New(api.Config{}).Remote().ServeHTTP(w, httptest.NewRequest("GET", api.DescriptionPath, nil))
	doc, err := jsonschema.UnmarshalJSON(w.Body)
	if err != nil {
		return nil, err
	}
	c := &contract{doc: doc.(map[string]any), compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}, held: map[string]bool{}}
	closeAll(c.doc)
	c.compiler.AssertFormat()
	return c, c.compiler.AddResource("api.json", doc)
})

// closeAll refuses names that are not described, in every object that describes some.
func closeAll(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["properties"].(map[string]any); ok && v["type"] == "object" {
			v["additionalProperties"] = false
		}
		for _, x := range v {
			closeAll(x)
		}
	case []any:
		for _, x := range v {
			closeAll(x)
		}
	}
}

func (c *contract) paths() map[string]any { return c.doc["paths"].(map[string]any) }

// route finds the address in the description that a request's address fits.
func (c *contract) route(path string) string {
	path, _, _ = strings.Cut(path, "?")
	best := ""
	for p := range c.paths() {
		form := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(p), "[^/]+") + "$")
		if form.MatchString(path) && (best == "" || strings.Count(p, "{") < strings.Count(best, "{")) {
			best = p
		}
	}
	return best
}

// check holds an answer against its description.
func (c *contract) check(t *testing.T, method, path string, status int, media string, body []byte) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	route := c.route(path)
	if route == "" {
		if status != http.StatusNotFound && status != http.StatusUnauthorized && status != http.StatusTooManyRequests {
			t.Errorf("%s %s is answered with %d and not described", method, path, status)
		}
		return
	}
	op, ok := c.paths()[route].(map[string]any)[strings.ToLower(method)].(map[string]any)
	if !ok {
		return
	}
	name := http.StatusText(status)
	answer, ok := op["responses"].(map[string]any)[code(status)].(map[string]any)
	if !ok {
		t.Errorf("%s %s: the description knows no answer %d %s", method, path, status, name)
		return
	}
	kind, _, _ := strings.Cut(media, ";")
	if _, ok := answer["content"].(map[string]any)[kind]; !ok {
		t.Errorf("%s %s: the description knows no answer in %s", method, path, media)
		return
	}
	c.held[method+" "+route] = c.held[method+" "+route] || status == http.StatusOK
	if kind != "application/json" {
		return
	}
	at := "api.json#/paths/" + pointer(route) + "/" + strings.ToLower(method) + "/responses/" + code(status) + "/content/application~1json/schema"
	s := c.schemas[at]
	if s == nil {
		var err error
		if s, err = c.compiler.Compile(at); err != nil {
			t.Fatal(err)
		}
		c.schemas[at] = s
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s %s answers what is not described: %v\n%.600s", method, path, err, body)
	}
}

func code(status int) string { b, _ := json.Marshal(status); return string(b) }

func pointer(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(s)
}

// answers checks an answer of any test of this package against the description.
func (s *server) answers(method, path string, w *httptest.ResponseRecorder) {
	s.t.Helper()
	c, err := contractOf()
	if err != nil {
		s.t.Fatal(err)
	}
	c.check(s.t, method, path, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes())
}

// TestEveryRouteIsDescribed: the description and the addresses that are answered are the same, and
// there is only one place that makes an address.
func TestEveryRouteIsDescribed(t *testing.T) {
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{"GET " + api.DescriptionPath: true, "GET " + api.CalendarPath: true}
	for _, m := range regexp.MustCompile(`(?:do|in)\(s, "((?:GET|POST) /[^"]+)",`).FindAllStringSubmatch(string(b), -1) {
		written[m[1]] = true
	}
	described := map[string]bool{}
	for path, ops := range c.paths() {
		for method := range ops.(map[string]any) {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	if a, b := slices.Sorted(maps.Keys(written)), slices.Sorted(maps.Keys(described)); !slices.Equal(a, b) {
		t.Errorf("written:\n%s\ndescribed:\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	places := 0
	for _, f := range files {
		if src, err := os.ReadFile(f.Name()); err == nil && !strings.HasSuffix(f.Name(), "_test.go") {
			places += strings.Count(string(src), "mux.Handle")
		}
	}
	if places != 2 { // the one of the table, and the one for what is nowhere
		t.Errorf("addresses are made in %d places", places)
	}
}

// TestDescriptionIsWhole: ids are unique, what stands in an address is explained, every form can be
// compiled, and what programs elsewhere may do is marked.
func TestDescriptionIsWhole(t *testing.T) {
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	doors := map[string]int{}
	for path, ops := range c.paths() {
		for _, op := range ops.(map[string]any) {
			o := op.(map[string]any)
			if id := o["operationId"].(string); ids[id] {
				t.Errorf("%s is the id of two", id)
			} else {
				ids[id] = true
			}
			doors[o["x-entente-door"].(string)]++
			if s := o["summary"].(string); !strings.HasSuffix(s, ".") {
				t.Errorf("%s: %q is no sentence", path, s)
			}
			list, _ := o["parameters"].([]any)
			for _, p := range list {
				p := p.(map[string]any)
				if d, _ := p["description"].(string); d == "" {
					t.Errorf("%s: %v is not explained", path, p["name"])
				}
			}
		}
	}
	for name := range c.doc["components"].(map[string]any)["schemas"].(map[string]any) {
		if _, err := c.compiler.Compile("api.json#/components/schemas/" + pointer(name)); err != nil {
			t.Error(err)
		}
	}
	if doors["anyone"] != 1 || doors["write"] == 0 || doors["read"] < 15 || doors["socket"] < 15 {
		t.Errorf("doors: %v", doors)
	}
}

// TestTheStoryHoldsToItsDescription goes through every address once, on two servers that are linked,
// and holds every answer against its description. (ask and far do that in every other test too.)
func TestTheStoryHoldsToItsDescription(t *testing.T) {
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	clear(c.held)
	us, il := newServer(t), newServerOf(t, "IL", "Israel")
	linkAll(t, us, il)
	talk(us)
	noteInMargin(us)
	watchAll(us)
	us.want(200, `"R-1"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "table", "kind": "round", "title": {"en": "Talks"}, "opens": "2017-12-12"}]}`)
	us.want(200, `"R-1"`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "open", "element": "R-1", "present": [{"party": "US", "person": "d.reyes"}]}]}`)
	_, id := us.token(`{"person": "d.reyes", "name": "x", "groups": ["0"]}`)
	us.want(200, "", "", "POST", "/v1/tokens/"+id+"/revoke", "")
	us.want(200, `"tokens":[{`, "", "GET", "/v1/tokens", "")
	us.want(200, "", "", "POST", "/v1/links", `{"person": "k.moore"}`)
	us.want(200, "", "", "POST", "/v1/people", `{"id": "a.b", "name": {"en": "A. B"}}`)
	us.want(200, "", "", "POST", "/v1/people/a.b/remove", "")
	us.want(200, "", "", "POST", "/v1/counterparts/IL/address", `{"address": "il.example:7420"}`)
	if err := us.c.PutPasskey(t.Context(), chancery.PasskeyRow{ID: []byte("key"), Person: "d.reyes", Name: "blue"}); err != nil {
		t.Fatal(err)
	}
	var own api.SettingsPage
	if err := json.Unmarshal([]byte(us.want(200, `"name":"blue"`, "d.reyes", "GET", "/v1/settings", "")), &own); err != nil {
		t.Fatal(err)
	}
	us.want(200, "", "d.reyes", "POST", "/v1/settings/keys/"+own.Keys[0].ID+"/remove", "")
	us.want(200, "", "", "POST", "/v1/recover", "{}")
	s, _ := newShared(t)
	s.want(200, "", "d.reyes", "POST", "/v1/sync", "{}")
	s.want(200, "", "d.reyes", "POST", "/v1/bundle/write", `{"to": "IL", "group": "0"}`)
	s.want(200, "", "d.reyes", "POST", "/v1/bundle/read", `{"file": ""}`)
	s.want(200, "", "d.reyes", "POST", "/v1/bundle/apply", `{"file": ""}`)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/import/read", `{"text": "## Article 1\n\n1. The Parties [shall][should] meet].\n", "own": true}`)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/import", `{"text": "## Article 1\n\n1. The Parties [shall][should] meet].\n", "own": true, "first": 7}`)
	for path, ops := range c.paths() {
		at := strings.NewReplacer("{g}", "0", "rounds/{ref}", "rounds/R-1", "e/{ref}", "e/A-1", "s/{ref}", "s/S-1",
			"monitor/{ref}", "monitor/O-1.1", "evidence/{ref}", "evidence/O-1.1", "agreements/{ref}", "agreements/T-1", "programmes/{ref}", "programmes/F-1").Replace(path)
		more := map[string]string{"/diff": "?from=1&to=2", "/text": "?lang=en", "/search": "?q=read", "/log": "?party=US", "/entry": "?party=US", "/changes": "?from=US:1"}[path[strings.LastIndexByte(path, '/'):]]
		if _, ok := ops.(map[string]any)["get"]; ok {
			us.get(at + more)
		}
		for method := range ops.(map[string]any) {
			name := strings.ToUpper(method) + " " + path
			if !c.held[name] && name != "POST /v1/invited/{id}" && name != "POST /v1/backup" {
				t.Errorf("%s was not answered", name)
			}
		}
	}
}

// get asks for a page, which may be no JSON.
func (s *server) get(path string) {
	s.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set(api.PersonHeader, "d.reyes")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	s.answers("GET", path, w)
	if w.Code != http.StatusOK {
		s.t.Errorf("%s: %d %s", path, w.Code, w.Body)
	}
}

// linkAll links two servers by files, as commands do, with a group.
func linkAll(t *testing.T, us, il *server) {
	t.Helper()
	last := func(s *server) string { n := s.c.Card().Number().String(); return n[len(n)-5:] }
	file := func(out string) string {
		var f api.WrittenFile
		if err := json.Unmarshal([]byte(out), &f); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(f.File)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	inv := file(us.want(200, "", "d.reyes", "POST", "/v1/invite", `{"party": {"code": "IL", "names": {"en": "Israel"}}, "group": {"number": 3, "name": {"en": "Third"}, "self": {}}}`))
	il.want(200, `"invited":"IL"`, "d.reyes", "POST", "/v1/invitation", `{"file": `+inv+`}`)
	reply := file(il.want(200, "", "d.reyes", "POST", "/v1/join", `{"file": `+inv+`, "confirm": "`+last(us)+`"}`))
	us.want(200, `"from"`, "d.reyes", "POST", "/v1/reply", `{"file": `+reply+`}`)
	us.want(200, `"group":{`, "d.reyes", "POST", "/v1/accept", `{"file": `+reply+`, "confirm": "`+last(il)+`"}`)
	us.want(200, `"group":"5"`, "d.reyes", "POST", "/v1/groups", `{"number": 5, "name": {"en": "Fifth"}, "parties": [{"code": "IL"}], "self": {}}`)
}

// talk puts into group 0 one of each act.
func talk(s *server) {
	s.t.Helper()
	send := func(acts string) {
		s.t.Helper()
		s.want(200, `"sent":[{`, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+acts+`]}`)
	}
	send(`{"act": "table", "kind": "statement", "title": {"en": "Speech"}, "said_by": {"en": "The President"}, "said_on": "2017-10-13", "text": {"en": "We will read."}}`)
	send(`{"act": "table", "kind": "passage", "parent": "S-1", "paragraph": 1, "quote": "We will read."}`)
	send(`{"act": "table", "kind": "action", "title": {"en": "Read"}, "text": {"en": "They shall read."}, "lead": ["US"], "due": "2018-01-15", "cites": ["P-1.1"]}`)
	send(`{"act": "counter", "element": "A-1", "text": {"en": "They shall read it."}}`)
	send(`{"act": "remark", "element": "A-1", "sort": "objection", "text": {"en": "Reading alone is little."}}`)
	send(`{"act": "reserve", "element": "A-1", "text": {"en": "Not on Fridays."}}`)
	send(`{"act": "report", "element": "A-1", "as_of": "2018-01-01", "progress": "under way", "text": {"en": "Read so far."}}`)
	send(`{"act": "document"}`)
}
