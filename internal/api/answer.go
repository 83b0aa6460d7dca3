package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
)

// Bounds of what is read, in bytes.
const (
	maxBody  = 96 << 20 // a request on the folder's own socket, such as one with a bundle in it
	maxDrift = 1 << 10  // of a path or a query value that is looked at
)

// The exit codes of the command line, which every error carries.
const (
	ExitFailed   = 1
	ExitUsage    = 2
	ExitMoved    = 3
	ExitBroken   = 4
	ExitHeldBack = 5
)

// A Fault is what went wrong, as it is answered.
type Fault struct {
	Kind    string `json:"kind"`           // refused, bad-request, moved, withheld, held-back, closed, broken, failed, no-token, too-fast
	Rule    string `json:"rule,omitempty"` // the rule that refused
	Message string `json:"message"`        // what happened, what was left untouched, what to do next
	Basis   string `json:"basis,omitempty"`
	Exit    int    `json:"exit"` // of a command
	Status  int    `json:"-"`
}

// Error is the message.
func (f *Fault) Error() string { return f.Message }

func badRequest(format string, args ...any) error {
	return &Fault{Kind: "bad-request", Message: fmt.Sprintf(format, args...), Exit: ExitUsage, Status: http.StatusBadRequest}
}

// Refuse is a refused act with its rule, for what this package refuses by itself.
func refuse(rule, format string, args ...any) error {
	return chancery.Refuse(rule, format, args...)
}

// A Breach is an error that shows broken trust: a bundle, a log or a proof that was altered.
type Breach interface {
	error
	Breach() bool
}

// FaultOf turns an error into what is said of it.
func FaultOf(err error) *Fault {
	var fault *Fault
	var refused *chancery.Refused
	var moved *chancery.Moved
	var held *chancery.HeldBack
	var closed *chancery.Closed
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &fault):
		return fault
	case errors.Is(err, chancery.ErrWithheld):
		return &Fault{Kind: "withheld", Message: "There is nothing here by that name. Nothing was done.", Exit: ExitFailed, Status: http.StatusNotFound}
	case errors.As(err, &refused):
		return &Fault{Kind: "refused", Rule: refused.Rule, Message: refused.Sentence, Exit: ExitFailed, Status: http.StatusUnprocessableEntity}
	case errors.As(err, &moved):
		return &Fault{Kind: "moved", Message: moved.Error(), Basis: moved.Now, Exit: ExitMoved, Status: http.StatusConflict}
	case errors.As(err, &held):
		return &Fault{Kind: "held-back", Message: held.Why, Exit: ExitHeldBack, Status: http.StatusForbidden}
	case isBreach(err):
		return &Fault{Kind: "broken", Message: err.Error(), Exit: ExitBroken, Status: http.StatusBadGateway}
	case errors.As(err, &closed):
		return &Fault{Kind: "closed", Message: closed.Why, Exit: ExitFailed, Status: http.StatusServiceUnavailable}
	case errors.As(err, &large):
		return &Fault{Kind: "bad-request", Message: fmt.Sprintf("The request is longer than %d bytes. Nothing was done.", large.Limit), Exit: ExitUsage, Status: http.StatusRequestEntityTooLarge}
	}
	return &Fault{Kind: "failed", Message: err.Error(), Exit: ExitFailed, Status: http.StatusInternalServerError}
}

// isBreach reports whether an error shows that something signed does not hold.
func isBreach(err error) bool {
	var fork *ledger.Fork
	var note *ledger.NoteError
	var mismatch *ledger.Mismatch
	var damaged *ledger.Damaged
	var breach Breach
	return errors.As(err, &fork) || errors.As(err, &note) || errors.As(err, &mismatch) || errors.As(err, &damaged) ||
		errors.As(err, &breach) && breach.Breach()
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := FaultOf(err)
	if f.Kind == "failed" {
		s.Log.Error("a request failed", "path", r.URL.Path, "err", err)
	}
	s.write(w, f.Status, map[string]*Fault{"error": f})
}

func (s *Server) write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		s.Log.Warn("an answer could not be written", "err", err)
	}
}

// nobody says that somebody is not here, or that somebody has to be named.
func (s *Server) nobody(ctx context.Context, id party.Person, err error) error {
	if err != nil && !errors.Is(err, chancery.ErrWithheld) {
		return err
	}
	people, perr := s.Chancery.People(ctx)
	if perr != nil {
		return perr
	}
	var names []string
	for _, p := range people {
		if p.Removed.IsZero() {
			names = append(names, string(p.ID))
		}
	}
	here := "Nobody has been added here yet: entente person add ID --name NAME"
	if len(names) > 0 {
		here = "People here: " + strings.Join(names, ", ")
	}
	if id == "" {
		return badRequest("Say for whom you act: --as PERSON. Nothing was done. %s", here)
	}
	return badRequest("There is no person %s here. Nothing was done. %s", id, here)
}

// nowhere answers for an address at which nothing is.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) { s.fail(w, r, chancery.ErrWithheld) }
