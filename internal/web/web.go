// Package web is what a person sees: pages of HTML, one handler a file, made of the components of
// package ui and the sentences of package locale.
//
// It decides nothing. What a page says is computed by package plan, what a person may do by
// package chancery; a handler reads a form, asks, and shows. Every page has a twin, the same
// address with “.json” at its end, that gives the page's data as JSON. Every act is an ordinary
// form that works without a script; a script only adds.
//
// # Invariants
//
//   - GET never writes. Forms from another site are refused (http.CrossOriginProtection).
//   - The content security policy allows nothing inline and nothing from elsewhere.
//   - Who is not signed in is shown the sign-in page; what a person may not see is answered
//     exactly as if it did not exist.
//   - No secret stands in an address: a one-time link carries its secret behind the “#”, which
//     browsers do not send, and a form sends it.
//
// # Adding a page
//
// A file NAME.go with the handler, NAME.templ with what it shows, a line in routes, and its
// sentences in locale/*.json:
//
//	func (s *Server) planPage(w http.ResponseWriter, r *http.Request, v visit) {
//		var out plan.Outline
//		v.group.View(func(p *plan.State) { out = p.Outline(q) })
//		s.show(w, r, v, out, func(f ui.Frame) templ.Component { return planView(f, out) })
//	}
package web

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/internal/web/assets"
	"entente/internal/web/locale"
)

// Config is what the pages stand on.
type Config struct {
	Chancery *chancery.Chancery
	Couriers api.Couriers      // how the counterparts stand; nil where there is no exchange
	Origin   string            // "https://entente.state.example": where people reach the pages
	Margin   *national.Margins // the party's own margin: what waits for instructions; nil where there is none
	Log      *slog.Logger
}

// A Server serves the pages of one party.
type Server struct {
	chancery *chancery.Chancery
	couriers api.Couriers
	origin   string
	margin   *national.Margins
	secure   bool // reached by TLS: cookies are marked so
	log      *slog.Logger
	assets   *assets.Set
	book     *locale.Book
	handler  http.Handler
	turns    sync.Map // per group id, a turnCount
	watched  sync.Map // per group id, a watchKept
	streams  shares   // open pages that are told of changes
	keyring  *keyring
	parcels  parcels // bundles that were read and not yet applied
	imports  importJobs
}

const (
	maxForm   = 1 << 20  // bytes of an ordinary form
	maxUpload = 64 << 20 // bytes of a bundle or a proof
)

// New makes the pages' handler.
func New(cfg Config) (*Server, error) {
	set, err := assets.New()
	if err != nil {
		return nil, err
	}
	book, err := locale.Open()
	if err != nil {
		return nil, err
	}
	s := &Server{chancery: cfg.Chancery, couriers: cfg.Couriers, origin: cfg.Origin, margin: cfg.Margin, log: cfg.Log, assets: set, book: book, keyring: newKeyring(cfg.Origin)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.secure = len(cfg.Origin) > 8 && cfg.Origin[:8] == "https://"
	s.handler = s.speaking(s.guard(s.routes()))
	return s, nil
}

// ServeHTTP serves the pages.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// guard stands before every page: headers, sizes, forms from elsewhere.
func (s *Server) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, visit{}, errCrossSite)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", assets.Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if r.Method == http.MethodPost {
			limit := int64(maxForm)
			if takesFiles(r.URL.Path) {
				limit = maxUpload
			}
			r.Body = http.MaxBytesReader(w, r.Body, limit)
		}
		cross.Handler(next).ServeHTTP(w, r)
	})
}

var errCrossSite = errors.New("a form from another site was refused")

// now is the time by the server's clock.
func (s *Server) now() time.Time { return s.chancery.Now() }
