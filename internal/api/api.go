// Package api is the server as programs speak to it: JSON over HTTP, the same answers that the
// pages' twins give, and every act that a page can do.
//
// It has two doors. The command line is its first client: over a unix socket in the data folder while
// a server runs there, otherwise in its own process. Who can open that folder has the party's keys,
// and is trusted to say who is asking: the header Entente-Person names the person, and without it the
// folder's owner asks, who sees every group and administers, and sits in no delegation. A request
// that a browser made is refused. The other door (Remote) is for programs elsewhere: a bearer token
// says who asks, and each route says with what it is open, to no token where it says nothing.
//
// The routes are one table, from which the handler and its description (OpenAPI 3.1) are both made:
// the types of what is asked and answered are those of the deed. docs/spec/api.md is for whoever
// writes a program.
//
// What a page says is computed by package plan, and what may be done is judged by package
// chancery; this package reads requests, asks, and writes answers. Draft turns a request for an
// act into the act, for pages and commands alike.
//
// # Format
//
// Every request and answer is one JSON object. Requests are read strictly: unknown names, a
// second value and anything too long are refused. Times are RFC 3339, or milliseconds since 1970
// where page data has them; texts in requests are objects from language to words. An error is
//
//	{"error": {"kind": "moved", "message": "A-1.1.2 has moved …", "exit": 3}}
//
// with a status of its kind: refused 422, bad-request 400, moved 409, withheld 404, held-back 403,
// closed 503, broken 502, failed 500, no-token 401, too-fast 429. What does not exist and what is withheld are the same bytes.
//
// # Example
//
//	POST /v1/g/1/acts
//	Entente-Person: n.amar
//
//	{"acts": [{"act": "accept", "element": "A-1.1.2", "of": "US", "basis": "0123456789abcdef"}]}
package api

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"entente/internal/chancery"
	"entente/internal/national"
	"entente/party"
)

// PersonHeader names who asks.
const PersonHeader = "Entente-Person"

// Config is what the API stands on. All but Chancery may be absent.
type Config struct {
	Chancery *chancery.Chancery
	Couriers Couriers                                       // the exchange; nil where there is none
	Place    string                                         // where the data folder stands, for recovery
	Pages    string                                         // where people reach the pages; "" where there are none
	Backup   func(ctx context.Context, folder string) error // copies the data folder while it is in use
	Margin   *national.Margins                              // the party's national margin; nil where there is none
	Log      *slog.Logger
}

// A Server answers requests for one party.
type Server struct {
	Config
	mux   http.ServeMux
	table []route
	told  []byte // the description
	paces paces

	waiters waiters
}

// New makes the handler.
func New(cfg Config) *Server {
	s := &Server{Config: cfg}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	s.routes()
	s.told = s.describe()
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Cookie") != "" {
		s.fail(w, r, badRequest("This address is for programs. Open the pages in your browser instead."))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	s.mux.ServeHTTP(w, r)
}

// A visit is one request, by somebody.
type visit struct {
	who   chancery.Who
	group *chancery.Group    // nil where the request is about none
	grant *chancery.TokenRow // nil where the request came by the data folder's own socket
}

// owner reports whether the owner of the data folder asks, rather than a person.
func (v visit) owner() bool { return v.grant == nil && v.who.Person == "" && v.who.Admin }

// sees reports whether the visitor may know of a group.
func (v visit) sees(g *chancery.Group) bool {
	return v.owner() || (v.grant == nil || v.grant.Opens(g.ID())) && g.Seats(v.who)
}

// seen lists the groups that the visitor may see.
func (s *Server) seen(v visit) []*chancery.Group {
	if v.owner() {
		return s.Chancery.Groups()
	}
	return slices.DeleteFunc(s.Chancery.Groups(), func(g *chancery.Group) bool { return !v.sees(g) })
}

// visit finds who asks.
func (s *Server) visit(r *http.Request) (visit, error) {
	if v, far := r.Context().Value(visitKey{}).(visit); far {
		return v, nil
	}
	var id party.Person
	if name := r.Header.Get(PersonHeader); name != "" {
		var err error
		if id, err = party.ParsePerson(name); err != nil {
			return visit{}, badRequest("%v. Nothing was done.", err)
		}
	}
	who, err := s.Chancery.Local(r.Context(), id)
	if err != nil {
		return visit{}, s.nobody(r.Context(), id, err)
	}
	return visit{who: who}, nil
}

// named refuses what only a person can do where no person was named.
func (s *Server) named(ctx context.Context, v visit) error {
	if v.who.Person != "" {
		return nil
	}
	return s.nobody(ctx, "", nil)
}
