package api_test

import (
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"entente/internal/api"
)

// TestNews: a program that waits is told when something changes, and not before.
func TestNews(t *testing.T) {
	s := newServer(t)
	secret, id := s.token(`{"person": "d.reyes", "name": "follower"}`)
	ask := func(query string) (n api.News) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.farWant(200, "", secret, "GET", "/v1/g/0/news"+query, "")), &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	now := ask("")
	if again := ask("?since=" + now.Version); now.Changed || again.Changed || again.Version != now.Version {
		t.Fatalf("%+v %+v", now, again)
	}
	if n := ask("?since=x"); !n.Changed {
		t.Error("another version is told as the same")
	}
	var waiting sync.WaitGroup
	for range 4 {
		waiting.Go(func() {
			if n := ask("?since=" + now.Version + "&wait=50"); !n.Changed || n.Version == now.Version {
				t.Errorf("after a change: %+v", n)
			}
		})
	}
	for s.Waiting() < 4 {
		runtime.Gosched()
	}
	if w := s.far(secret, "GET", "/v1/g/0/news?since="+now.Version+"&wait=50", ""); w.Code != http.StatusTooManyRequests {
		t.Errorf("a fifth waits too: %d %s", w.Code, w.Body)
	}
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", tableGoal)
	waiting.Wait()
	if s.Waiting() != 0 {
		t.Error("somebody waits still")
	}
	s.want(200, "", "", "POST", "/v1/tokens/"+id+"/revoke", "")
	if out := s.farWant(401, "", secret, "GET", "/v1/g/0/news", ""); strings.Contains(out, "version") {
		t.Error(out)
	}
}
