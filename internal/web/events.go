package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"entente/internal/chancery"
)

const (
	heartbeat   = 20 * time.Second // keeps proxies from closing a quiet stream
	maxStreams  = 500              // open pages that are told of changes
	streamsEach = 50               // of them, of one person
)

// events tells an open page that something in a group it may see has changed: which group, never
// what. The page asks again for the parts it shows.
func (s *Server) events(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.streams.take(v.who.Person, streamsEach, maxStreams) {
		http.Error(w, "too many open pages", http.StatusServiceUnavailable)
		return
	}
	defer s.streams.give(v.who.Person)
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := fmt.Fprint(w, "retry: 1000\n\n"); err != nil || out.Flush() != nil {
		return
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	changed, stop := s.anyChange(s.chancery.Seen(v.who))
	defer func() { stop() }()
	if had := r.URL.Query().Get("seen"); had != "" && had != versions(s.chancery.Seen(v.who)) {
		// Something changed between the page and this stream.
		if _, err := fmt.Fprint(w, "event: changed\ndata: \n\n"); err != nil || out.Flush() != nil {
			return
		}
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil || out.Flush() != nil {
				return
			}
			if _, err := s.session(r); err != nil {
				return // the session has ended: so does what it may hear
			}
		case handle := <-changed:
			stop() // listen for the next change before telling of this one: none falls between
			changed, stop = s.anyChange(s.chancery.Seen(v.who))
			if _, err := fmt.Fprintf(w, "event: changed\ndata: %s\n\n", handle); err != nil || out.Flush() != nil {
				return
			}
		}
	}
}

// anyChange gives the handle of the first of the groups to change. stop lets go of the waiting.
func (s *Server) anyChange(groups []*chancery.Group) (changed <-chan string, stop func()) {
	out, quit := make(chan string, 1), make(chan struct{})
	say := func(handle string) {
		select {
		case out <- handle:
		default:
		}
	}
	for _, g := range groups {
		go func(next <-chan struct{}) {
			select {
			case <-next:
				say(g.Handle())
			case <-quit:
			}
		}(g.Changed())
	}
	go func(next <-chan struct{}) {
		select {
		case <-next:
			say("")
		case <-quit:
		}
	}(s.chancery.News())
	return out, func() { close(quit) }
}

// versions stands for what a page has shown of the groups: it differs where one has changed since,
// or the server has started anew.
func versions(groups []*chancery.Group) string {
	n := uint64(len(groups))
	for _, g := range groups {
		n += g.Version()
	}
	return strconv.FormatUint(n, 10)
}
