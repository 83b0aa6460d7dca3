package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// show answers with a page, or with its data where the twin was asked for.
func (s *Server) show(w http.ResponseWriter, r *http.Request, v visit, data any, view func(ui.Frame) templ.Component) {
	s.showAs(w, r, v, http.StatusOK, data, view)
}

func (s *Server) showAs(w http.ResponseWriter, r *http.Request, v visit, status int, data any, view func(ui.Frame) templ.Component) {
	w.Header().Set("Cache-Control", "no-store")
	if v.json {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(data); err != nil {
			s.log.Warn("a page's data could not be written", "err", err)
		}
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := view(s.frame(r, v)).Render(r.Context(), w); err != nil {
		s.log.Warn("a page could not be written", "path", r.URL.Path, "err", err)
	}
}

// A fault is what went wrong, as a page and its twin say it.
type fault struct {
	Kind    string `json:"kind"` // withheld, refused, moved, held-back, closed, failed
	Rule    string `json:"rule,omitempty"`
	Message string `json:"message"`
	status  int
}

// faultOf turns an error into what is said of it. What does not exist and what is withheld are
// one and the same here.
func (s *Server) faultOf(r *http.Request, err error) fault {
	var refused *chancery.Refused
	var moved *chancery.Moved
	var held *chancery.HeldBack
	var closed *chancery.Closed
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, chancery.ErrWithheld):
		return fault{Kind: "withheld", Message: locale.T(r.Context(), "fault.withheld"), status: http.StatusNotFound}
	case errors.As(err, &refused):
		return fault{Kind: "refused", Rule: refused.Rule, Message: refusal(r.Context(), refused), status: http.StatusUnprocessableEntity}
	case errors.As(err, &moved):
		return fault{Kind: "moved", Message: movedSaid(r.Context(), moved), status: http.StatusConflict}
	case errors.As(err, &held):
		return fault{Kind: "held-back", Message: houseSaid(locale.From(r.Context()), held.Why), status: http.StatusForbidden}
	case errors.As(err, &closed):
		return fault{Kind: "closed", Message: closedSaid(locale.From(r.Context()), closed), status: http.StatusServiceUnavailable}
	case errors.As(err, &large):
		return fault{Kind: "refused", Rule: "size", Message: locale.T(r.Context(), "fault.large"), status: http.StatusRequestEntityTooLarge}
	case errors.Is(err, errCrossSite):
		return fault{Kind: "refused", Rule: "cross-site", Message: locale.T(r.Context(), "fault.crosssite"), status: http.StatusForbidden}
	}
	s.log.Error("a page failed", "path", r.URL.Path, "err", err)
	return fault{Kind: "failed", Message: locale.T(r.Context(), "fault.failed"), status: http.StatusInternalServerError}
}

// movedSaid says that an element has moved, in the reader's language.
func movedSaid(ctx context.Context, e *chancery.Moved) string {
	if s, ok := locale.From(ctx).House(chancery.MovedForm, e.Element.Display()); ok {
		return s
	}
	return e.Error()
}

// fail answers with what went wrong.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, v visit, err error) {
	f := s.faultOf(r, err)
	s.showAs(w, r, v, f.status, map[string]fault{"error": f}, func(fr ui.Frame) templ.Component { return faultView(fr, f) })
}

// goTo sends the browser on after a form, to an address of this server.
func goTo(w http.ResponseWriter, r *http.Request, path string) {
	http.Redirect(w, r, local(path), http.StatusSeeOther)
}

// local keeps to addresses of this server: a path of its own, never another host. Browsers drop
// tabs and new lines and turn backslashes round before they read an address; none has them here.
func local(path string) string {
	if len(path) == 0 || path[0] != '/' || len(path) > 1 && path[1] == '/' {
		return "/"
	}
	for _, c := range []byte(path) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return "/"
		}
	}
	return path
}
