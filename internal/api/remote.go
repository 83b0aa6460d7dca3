package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"entente/internal/chancery"
)

// Bounds of what programs elsewhere may ask.
const (
	tokenRate   = 20      // requests a second of one token, in the long run
	tokenBurst  = 200     // requests of one token at once
	maxFar      = 8 << 20 // bytes of a request
	maxSecret   = 256     // bytes of what stands in the header
	maxPaces    = 2 * chancery.MaxTokens
	pausesAfter = "1" // seconds that a program is asked to wait
)

// Remote is the API for programs elsewhere, for the address at which the pages are: who asks holds a
// token, and nothing else says who it is. It knows no cookie, and allows no page of another site
// anything. Only the description is given without a token.
func (s *Server) Remote() http.Handler { return http.HandlerFunc(s.remote) }

func (s *Server) remote(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	v := visit{grant: &chancery.TokenRow{}}
	if r.URL.Path != DescriptionPath {
		secret, basic := bearer(r)
		who, grant, err := s.Chancery.Bearer(r.Context(), secret)
		switch {
		case errors.Is(err, chancery.ErrWithheld):
			w.Header().Add("WWW-Authenticate", "Bearer")
			if r.URL.Path == CalendarPath {
				w.Header().Add("WWW-Authenticate", `Basic realm="Entente"`)
			}
			s.fail(w, r, errNoToken)
			return
		case err == nil && basic && grant.Scope != chancery.Reads:
			s.fail(w, r, errMightyToken)
			return
		case err != nil:
			s.fail(w, r, err)
			return
		case r.Header.Get(PersonHeader) != "":
			s.fail(w, r, badRequest("The token says who asks; the header %s is for this server's own machine. Nothing was done.", PersonHeader))
			return
		case !s.paces.allow(grant.ID, s.Chancery.Now()):
			w.Header().Set("Retry-After", pausesAfter)
			s.fail(w, r, errTooFast)
			return
		}
		v = visit{who: who, grant: &grant}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFar)
	s.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
}

// visitKey is where a request carries who asks, once that has been found by token.
type visitKey struct{}

// bearer is the secret in the header; what is no secret opens nothing. Only the calendar takes it as a
// password too, since calendar programs know nothing else.
func bearer(r *http.Request) (secret string, basic bool) {
	if r.URL.Path == CalendarPath && r.Method == http.MethodGet {
		if _, secret, basic = r.BasicAuth(); basic && len(secret) <= maxSecret {
			return secret, true
		}
	}
	kind, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || len(secret) > maxSecret {
		return "", false
	}
	return secret, false
}

// What is said to every request without a token that stands, whatever is wrong with it.
var errNoToken = &Fault{Kind: "no-token", Exit: ExitFailed, Status: http.StatusUnauthorized,
	Message: "This address is for programs with a token that stands: Authorization: Bearer … Nothing was done. An administrator issues them: entente token issue"}

// A calendar program keeps its password where others may read it.
var errMightyToken = &Fault{Kind: "refused", Rule: "scope", Exit: ExitFailed, Status: http.StatusForbidden,
	Message: "This token may write, and is not given to calendar programs. Nothing was shown. Ask an administrator for one that reads: entente token issue"}

var errTooFast = &Fault{Kind: "too-fast", Exit: ExitFailed, Status: http.StatusTooManyRequests,
	Message: "This token asks more often than it may. Nothing was done. Wait a second, then ask again."}

// Paces bound how often each token asks.
type paces struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter
}

func (p *paces) allow(id string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil || len(p.all) >= maxPaces {
		p.all = map[string]*rate.Limiter{}
	}
	l := p.all[id]
	if l == nil {
		l = rate.NewLimiter(tokenRate, tokenBurst)
		p.all[id] = l
	}
	return l.AllowN(now, 1)
}
