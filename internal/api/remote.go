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
		who, grant, err := s.Chancery.Bearer(r.Context(), bearer(r))
		switch {
		case errors.Is(err, chancery.ErrWithheld):
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.fail(w, r, errNoToken)
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

// bearer is the secret in the header; what is no secret opens nothing.
func bearer(r *http.Request) string {
	kind, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || len(secret) > maxSecret {
		return ""
	}
	return secret
}

// What is said to every request without a token that stands, whatever is wrong with it.
var errNoToken = &Fault{Kind: "no-token", Exit: ExitFailed, Status: http.StatusUnauthorized,
	Message: "This address is for programs with a token that stands: Authorization: Bearer … Nothing was done. An administrator issues them: entente token issue"}

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
