package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"entente/internal/api"
	"entente/internal/chancery"
)

// far sends a request as a program elsewhere does.
func (s *server) far(token, method, path, body string, more ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	w := httptest.NewRecorder()
	s.Remote().ServeHTTP(w, r)
	s.answers(method, path, w)
	return w
}

func (s *server) farWant(status int, has, token, method, path, body string) string {
	s.t.Helper()
	w := s.far(token, method, path, body)
	if w.Code != status || !strings.Contains(w.Body.String(), has) {
		s.t.Fatalf("%s %s %s\nstatus %d, want %d with %q: %s", method, path, body, w.Code, status, has, w.Body)
	}
	return w.Body.String()
}

// token issues one and gives its secret.
func (s *server) token(ask string) (secret, id string) {
	s.t.Helper()
	var out api.IssuedToken
	if err := json.Unmarshal([]byte(s.want(200, `"secret":"`+chancery.TokenMark, "", "POST", "/v1/tokens", ask)), &out); err != nil {
		s.t.Fatal(err)
	}
	return out.Secret, out.ID
}

func TestATokenActsForItsPerson(t *testing.T) {
	s := newServer(t)
	write, id := s.token(`{"person": "d.reyes", "name": "importer", "write": true, "days": 7}`)
	read, _ := s.token(`{"person": "d.reyes", "name": "figures"}`)
	s.farWant(200, `"element":"G-1"`, write, "POST", "/v1/g/0/acts", tableGoal)
	s.farWant(403, `"rule":"scope"`, read, "POST", "/v1/g/0/acts", tableGoal)
	s.farWant(200, `"status":"agreed"`, read, "GET", "/v1/g/0/e/G-1", "")
	s.farWant(200, `"person":"d.reyes"`, read, "GET", "/v1/settings", "")
	s.farWant(404, `"kind":"withheld"`, read, "GET", "/v1/nothing", "")
	s.farWant(400, "nothing that can be asked for", read, "GET", "/v1/search?q=block&sort=up", "")
	s.farWant(400, `unknown field`, write, "POST", "/v1/g/0/acts", `{"acts": [], "hurry": true}`)
	if out := s.want(200, id, "", "GET", "/v1/tokens", ""); !strings.Contains(out, `"used":"`) || strings.Contains(out, write) || strings.Contains(out, chancery.TokenMark) {
		t.Errorf("the list of tokens: %s", out)
	}
	s.want(200, `"stands":false`, "", "POST", "/v1/tokens/"+id+"/revoke", "")
	s.farWant(401, `"kind":"no-token"`, write, "GET", "/v1/g/0/e/G-1", "")
	s.want(422, "administrator", "k.moore", "POST", "/v1/tokens", `{"person": "k.moore", "name": "x"}`)
}

// TestNoTokenLooksLikeAnother: whatever is wrong with a token, and whatever is asked for, the answer
// is the same bytes; a cookie or a name opens nothing.
func TestNoTokenLooksLikeAnother(t *testing.T) {
	s := newServer(t)
	good, id := s.token(`{"person": "d.reyes", "name": "x"}`)
	s.want(200, "", "", "POST", "/v1/tokens/"+id+"/revoke", "")
	want := s.far("", "GET", "/v1/g", "")
	if want.Code != http.StatusUnauthorized || want.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Fatalf("%d %v", want.Code, want.Header())
	}
	for _, path := range []string{"/v1/g", "/v1/g/0", "/v1/nothing", "/v1/tokens", "/"} {
		for name, w := range map[string]*httptest.ResponseRecorder{
			"revoked": s.far(good, "GET", path, ""), "made up": s.far("entente_made-up", "GET", path, ""), "long": s.far(strings.Repeat("x", 4096), "GET", path, ""),
			"another kind": s.far("", "GET", path, "", "Authorization", "Basic ZC5yZXllczp4"), "a cookie": s.far("", "GET", path, "", "Cookie", "entente=x"),
			"a name": s.far("", "GET", path, "", api.PersonHeader, "d.reyes"), "a post": s.far("", "POST", path, tableGoal), "a preflight": s.far("", "OPTIONS", path, "", "Origin", "https://elsewhere.example"),
		} {
			if w.Code != want.Code || !bytes.Equal(w.Body.Bytes(), want.Body.Bytes()) || len(w.Header()) != len(want.Header()) {
				t.Errorf("%s at %s: %d %s %v", name, path, w.Code, w.Body, w.Header())
			}
			for h := range w.Header() {
				if strings.HasPrefix(h, "Access-Control-") {
					t.Errorf("%s: pages of other sites are allowed something: %s", name, h)
				}
			}
		}
	}
}

// TestWhatNoTokenOpens: nothing that is marked so is opened by a token of an administrator that may write.
func TestWhatNoTokenOpens(t *testing.T) {
	s := newServer(t)
	secret, _ := s.token(`{"person": "d.reyes", "name": "all", "write": true}`)
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	closed := 0
	for path, ops := range c.paths() {
		for method, op := range ops.(map[string]any) {
			w := s.far(secret, strings.ToUpper(method), strings.NewReplacer("{g}", "0", "{ref}", "G-1", "{id}", "k.moore", "{code}", "IL", "{key}", "x").Replace(path), "{}")
			if shut := op.(map[string]any)["x-entente-door"] == "socket"; shut != (w.Code == http.StatusForbidden) {
				t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
			} else if shut {
				closed++
			}
		}
	}
	for _, path := range []string{"/v1/people", "/v1/tokens", "/v1/links", "/v1/groups", "/v1/invite", "/v1/join", "/v1/recover", "/v1/backup", "/v1/people/k.moore/remove"} {
		s.farWant(403, "no token opens it", secret, "POST", path, "{}")
	}
	if closed < 15 {
		t.Errorf("only %d are closed", closed)
	}
}

// TestATokenForSomeGroups: of a group that the token is not for it tells nothing, though its person sits there.
func TestATokenForSomeGroups(t *testing.T) {
	s, _ := newShared(t)
	whole, _ := s.token(`{"person": "d.reyes", "name": "all"}`)
	secret, _ := s.token(`{"person": "d.reyes", "name": "plenary", "groups": ["0"], "write": true}`)
	s.farWant(200, "Hushtitle", whole, "GET", "/v1/g/1/e/G-41", "")
	for _, path := range []string{"/v1/g", "/v1/today", "/v1/search?q=hush", "/v1/counterparts", "/v1/exchanges", "/v1/settings", "/v1/server"} {
		if out := s.farWant(200, "", secret, "GET", path, ""); strings.Contains(strings.ToLower(out), "hush") || strings.Contains(out, `"1"`) {
			t.Errorf("%s tells of the other group: %s", path, out)
		}
	}
	if a, b := s.farWant(404, "", secret, "GET", "/v1/g/1", ""), s.farWant(404, "", secret, "GET", "/v1/g/77", ""); a != b {
		t.Errorf("%s %s", a, b)
	}
	s.farWant(404, "", secret, "POST", "/v1/g/1/acts", tableGoal)
	s.want(422, `"rule":"token-group"`, "", "POST", "/v1/tokens", `{"person": "k.moore", "name": "x", "groups": ["1"]}`)
}

func TestATokenThatAsksTooOften(t *testing.T) {
	s := newServer(t)
	secret, _ := s.token(`{"person": "d.reyes", "name": "hasty"}`)
	other, _ := s.token(`{"person": "d.reyes", "name": "calm"}`)
	*s.still = true
	n := 0
	for s.far(secret, "GET", "/v1/nothing", "").Code == http.StatusNotFound {
		if n++; n > 1000 {
			t.Fatal("a token may ask as often as it likes")
		}
	}
	w := s.far(secret, "GET", "/v1/g", "")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || n < 100 {
		t.Errorf("after %d requests: %d %v", n, w.Code, w.Header())
	}
	s.farWant(404, "", other, "GET", "/v1/nothing", "")
	*s.still = false
	s.farWant(200, "", secret, "GET", "/v1/g", "")
}

// TestNoSecretIsLogged: what is asked with a token leaves no trace of it.
func TestNoSecretIsLogged(t *testing.T) {
	s := newServer(t)
	var log bytes.Buffer
	s.Server = api.New(api.Config{Chancery: s.c, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	secret, _ := s.token(`{"person": "d.reyes", "name": "x", "write": true}`)
	for _, path := range []string{"/v1/g/0", "/v1/nothing", "/v1/people", "/v1/g/0/text?lang=xx"} {
		if w := s.far(secret, "GET", path, ""); strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s tells the token", path)
		}
		s.far(secret+"x", "GET", path, "")
	}
	if strings.Contains(log.String(), secret[len(chancery.TokenMark):]) {
		t.Errorf("the log tells the token: %s", &log)
	}
}
