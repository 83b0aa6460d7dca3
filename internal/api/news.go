package api

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"entente/internal/chancery"
)

// Bounds of waiting for news.
const (
	maxWait    = 50  // seconds
	maxWaiters = 256 // requests that wait, in all
	maxWaits   = 4   // requests that wait, of one token or person
)

// AskNews asks whether a group has changed.
type AskNews struct {
	Since string `json:"since,omitempty" doc:"the version that was last told; none to be told the version now"`
	Wait  int    `json:"wait,omitempty" doc:"seconds to wait for a change, at most 50"`
}

// News says whether a group has changed since a version, and its version now. A version says nothing
// but that it is another.
type News struct {
	Version string `json:"version"`
	Changed bool   `json:"changed"`
}

// news answers at once where the group has changed, and else when it does or the time is up.
func (s *Server) news(r *http.Request, v visit, ask AskNews) (News, error) {
	next := v.group.Changed() // before looking: no change falls between
	out := newsOf(v.group, ask.Since)
	if out.Changed || ask.Since == "" || ask.Wait == 0 {
		return out, nil
	}
	leave, ok := s.waiters.enter(string(v.who.Person), v.grant)
	if !ok {
		return out, &Fault{Kind: "too-fast", Exit: ExitFailed, Status: http.StatusTooManyRequests,
			Message: "Too many requests wait for news already. Ask without waiting, or wait for one group at a time."}
	}
	defer leave()
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(min(ask.Wait, maxWait))*time.Second)
	defer cancel()
	select {
	case <-next:
	case <-ctx.Done():
	}
	if !v.sees(v.group) { // no longer
		return News{}, chancery.ErrWithheld
	}
	return newsOf(v.group, ask.Since), nil
}

func newsOf(g *chancery.Group, since string) News {
	entries := uint64(0)
	for _, h := range g.Heads() {
		entries += h.Size
	}
	// Versions are counted from the start of the server on, entries for good.
	now := strconv.FormatUint(entries, 10) + "-" + strconv.FormatUint(g.Version(), 10)
	return News{Version: now, Changed: since != "" && since != now}
}

// Waiters bound the requests that wait, so that no program keeps others from it.
type waiters struct {
	mu  sync.Mutex
	all int
	own map[string]int
}

func (w *waiters) enter(person string, grant *chancery.TokenRow) (leave func(), ok bool) {
	who := "person " + person
	if grant != nil {
		who = "token " + grant.ID
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all >= maxWaiters || w.own[who] >= maxWaits {
		return nil, false
	}
	if w.own == nil {
		w.own = map[string]int{}
	}
	w.all++
	w.own[who]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.all--
		if w.own[who]--; w.own[who] == 0 {
			delete(w.own, who)
		}
	}, true
}
