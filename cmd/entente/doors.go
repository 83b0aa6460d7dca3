package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"entente/internal/web"
)

// Bounds of the pages' and the socket's listeners.
const (
	headTime    = 10 * time.Second
	bodyTime    = 5 * time.Minute
	idleTime    = 2 * time.Minute
	maxHead     = 32 << 10 // bytes
	partingTime = 2 * time.Second
)

// Doors are what runs of a server until it is stopped. The first that fails stops all.
type doors struct {
	ctx  context.Context
	stop context.CancelCauseFunc
	wait sync.WaitGroup
}

func newDoors(ctx context.Context) *doors {
	d := &doors{}
	d.ctx, d.stop = context.WithCancelCause(ctx)
	return d
}

// run runs f until the doors close.
func (d *doors) run(what string, f func(context.Context) error) {
	d.wait.Go(func() {
		if err := f(d.ctx); err != nil && d.ctx.Err() == nil {
			d.stop(fmt.Errorf("%s: %w", what, err))
		}
	})
}

// close stops everything and waits for it. It gives the error that stopped it, if one did.
func (d *doors) close() error {
	d.stop(nil)
	d.wait.Wait()
	if err := context.Cause(d.ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// serveHTTP serves a handler on a listener until ctx ends. Streams are cut off, other answers have
// a moment to finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{Handler: survive(h, log), ReadHeaderTimeout: headTime, ReadTimeout: bodyTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHead,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	parted := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(parted)
		end, cancel := context.WithTimeout(context.Background(), partingTime)
		defer cancel()
		if s.Shutdown(end) != nil {
			s.Close()
		}
	})
	err := s.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		<-parted
		return nil
	}
	return err
}

// survive answers for a handler that breaks down, and writes down where. Only the request breaks
// off: what was stored before is whole, and the server goes on.
func survive(h http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch why := recover(); why {
			case nil:
			case http.ErrAbortHandler:
				panic(why) // the way to break off an answer on purpose
			default:
				log.Error("a request broke down", "method", r.Method, "path", r.URL.Path, "why", fmt.Sprint(why), "where", string(debug.Stack()))
				http.Error(w, "The server could not answer this: a fault in the program. Whether anything was done is unknown; look before you try again. The server's log says where it broke down.", http.StatusInternalServerError)
			}
		}()
		h.ServeHTTP(w, r)
	})
}

// openPages serves the pages.
func (s *station) openPages(d *doors, l net.Listener, origin string) error {
	pages, err := web.New(web.Config{Chancery: s.chancery, Couriers: couriers{s}, Origin: origin, Margin: s.api.Margin, Log: s.log})
	if err != nil {
		return err
	}
	s.api.Pages = origin
	d.run("the pages", func(ctx context.Context) error { return serveHTTP(ctx, l, besides(pages, s.api.Remote()), s.log) })
	d.run("the index of words", func(ctx context.Context) error {
		for _, g := range s.chancery.Groups() {
			g.Warm(ctx)
		}
		return nil
	})
	return nil
}

// besides serves the API below /v1/, to programs with a token, and the pages everywhere else.
func besides(pages, programs http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			programs.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// openSocket serves the API in the data folder, for this machine's owner of it alone.
func (s *station) openSocket(d *doors) error {
	path := s.home.path(socketFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // the lock is ours: nobody else's socket
		return cannot("open the socket", err)
	}
	l, err := listenUnix(path)
	if err != nil {
		return cannot("open the socket", err)
	}
	d.run("the socket", func(ctx context.Context) error { return serveHTTP(ctx, l, s.api, s.log) })
	return nil
}

// openCourier keeps in step with the counterparts, and writes evidence of a fork to a file.
func (s *station) openCourier(d *doors) {
	d.run("the courier", s.exchange.Run)
	d.run("the evidence", func(ctx context.Context) error {
		tick := time.NewTicker(evidenceEvery)
		defer tick.Stop()
		for {
			if _, err := s.keepEvidence(); err != nil {
				s.log.Error("evidence could not be written to a file", "err", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	})
}

const evidenceEvery = 30 * time.Second // how often forks are looked for

// listen opens a listener, and says what to do where the port is taken.
func listen(address, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil && isTaken(err) {
		return nil, fmt.Errorf("The address %s is taken by another program. Nothing was started. Stop that program, or choose another address with %s.", address, flag)
	}
	if err != nil {
		return nil, cannot("listen on "+address, err)
	}
	return l, nil
}
