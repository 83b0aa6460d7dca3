package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"entente/internal/chancery"
	"entente/internal/web/locale"
)

// cookie names the session's cookie. Browsers do not keep the cookies of two ports of one host
// apart, so the name tells two parties' servers apart.
func (s *Server) cookie() string {
	n := s.chancery.Card().Number().Groups()
	name := "entente-" + strings.ToLower(string(s.chancery.Self())) + "-" + n[0]
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// session finds who asks.
func (s *Server) session(r *http.Request) (chancery.Who, error) {
	c, err := r.Cookie(s.cookie())
	if err != nil {
		return chancery.Who{}, chancery.ErrWithheld
	}
	return s.chancery.Session(r.Context(), c.Value)
}

// begin puts a session's token into the browser.
func (s *Server) begin(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{Name: s.cookie(), Value: token, Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(chancery.SessionLife.Seconds())})
}

// turnAway answers who is not signed in: the sign-in page, or an error where no page was asked for.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, v visit, err error) {
	if !errors.Is(err, chancery.ErrWithheld) {
		s.fail(w, r, v, err)
		return
	}
	if v.json || r.Method != http.MethodGet {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, locale.T(r.Context(), "fault.signin"), http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, "/sign-in?return="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
}

// signOut ends the session.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(s.cookie()); err == nil {
		if err := s.chancery.End(r.Context(), c.Value); err != nil {
			s.fail(w, r, visit{}, err)
			return
		}
	}
	http.SetCookie(w, &http.Cookie{Name: s.cookie(), Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	goTo(w, r, "/sign-in")
}
