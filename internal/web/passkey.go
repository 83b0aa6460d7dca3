package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/party"
	"entente/text"
)

// Bounds of security keys (Web Authentication, https://www.w3.org/TR/webauthn-3/).
const (
	ceremonyLife  = 5 * time.Minute // from the question to the answer of a security key
	maxCeremonies = 1 << 12         // questions that wait for an answer
	maxPasskeys   = 20              // security keys of one person
	maxKeyName    = 80              // bytes of a security key's name
)

// A keyring knows whether security keys can be used at the address of the pages, and keeps the
// questions that were put to them and not answered yet, each by its challenge. A question is
// answered once.
type keyring struct {
	host string // the name security keys are bound to; "" where there is none
	auth *webauthn.WebAuthn

	mu   sync.Mutex
	open map[string]ceremony
}

// A ceremony is one question to a security key.
type ceremony struct {
	person  party.Person // who adds a key; "" for signing in
	name    string       // of the key that is added
	session webauthn.SessionData
	until   time.Time
}

// newKeyring reads the address of the pages. Browsers bind a security key to a name, not to a
// number, and only where the line is encrypted or the machine is one's own.
func newKeyring(origin string) *keyring {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return &keyring{}
	}
	yes := true
	auth, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Entente", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{RequireResidentKey: &yes, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return &keyring{}
	}
	return &keyring{host: u.Hostname(), auth: auth, open: map[string]ceremony{}}
}

// usable reports whether security keys can be used here.
func (k *keyring) usable() bool { return k.host != "" }

// put keeps a question until it is answered.
func (k *keyring) put(c ceremony, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.open) >= maxCeremonies {
		var oldest string
		for id, o := range k.open {
			if now.After(o.until) {
				delete(k.open, id)
			} else if oldest == "" || o.until.Before(k.open[oldest].until) {
				oldest = id
			}
		}
		if len(k.open) >= maxCeremonies {
			delete(k.open, oldest)
		}
	}
	k.open[c.session.Challenge] = c
}

// take finds a question by its challenge; it is not found twice.
func (k *keyring) take(challenge string, now time.Time) (ceremony, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok := k.open[challenge]
	delete(k.open, challenge)
	return c, ok && !now.After(c.until)
}

// A holder is a person as the library of security keys sees one.
type holder struct {
	row    chancery.PersonRow
	handle []byte
	keys   []webauthn.Credential
}

func (h *holder) WebAuthnID() []byte          { return h.handle }
func (h *holder) WebAuthnName() string        { return string(h.row.ID) }
func (h *holder) WebAuthnDisplayName() string { return h.row.Name.Best("en").Text }

// WebAuthnCredentials are the person's keys.
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// keyHandle is what a security key remembers a person by. It says nothing about the person.
func (s *Server) keyHandle(id party.Person) []byte {
	number := s.chancery.Card().Number().Groups()
	sum := sha256.Sum256([]byte("entente security key v1\n" + strings.Join(number[:], " ") + "\n" + string(id)))
	return sum[:]
}

// holder is somebody who is here, with the keys.
func (s *Server) holder(ctx context.Context, row chancery.PersonRow) (*holder, error) {
	rows, err := s.chancery.Passkeys(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	h := &holder{row: row, handle: s.keyHandle(row.ID)}
	for _, k := range rows {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Blob, &c); err != nil {
			return nil, err
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// findHolder finds one of those who are here.
func (s *Server) findHolder(ctx context.Context, is func(*holder) bool) (*holder, error) {
	people, err := s.chancery.People(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if !p.Removed.IsZero() {
			continue
		}
		h, err := s.holder(ctx, p)
		if err != nil {
			return nil, err
		}
		if is(h) {
			return h, nil
		}
	}
	return nil, chancery.ErrWithheld
}

// errKey is what is said where a security key was not accepted: no more, since it may be a stranger's.
var errKey = errors.New("the security key was not accepted")

// keyAnswer answers the script that speaks with a security key.
func (s *Server) keyAnswer(w http.ResponseWriter, r *http.Request, out any, err error) {
	status := http.StatusOK
	if err != nil {
		f := fault{Kind: "refused", Rule: "key", Message: locale.T(r.Context(), "key.refused"), status: http.StatusUnprocessableEntity}
		if !errors.Is(err, errKey) {
			f = s.faultOf(r, err)
		}
		status, out = f.status, map[string]fault{"error": f}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(out); err != nil {
		s.log.Warn("an answer about a security key could not be written", "err", err)
	}
}

// ask keeps the question, and binds it to the browser that asked.
func (s *Server) ask(w http.ResponseWriter, c ceremony) {
	c.until = s.now().Add(ceremonyLife)
	s.keyring.put(c, s.now())
	http.SetCookie(w, &http.Cookie{Name: s.cookie() + "-key", Value: c.session.Challenge, Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteStrictMode, MaxAge: int(ceremonyLife.Seconds())})
}

// asked finds the question that the browser was asked.
func (s *Server) asked(r *http.Request) (ceremony, error) {
	k, err := r.Cookie(s.cookie() + "-key")
	if err != nil || !s.keyring.usable() {
		return ceremony{}, errKey
	}
	c, ok := s.keyring.take(k.Value, s.now())
	if !ok {
		return ceremony{}, errKey
	}
	return c, nil
}

// keySignInBegin asks a security key who is there.
func (s *Server) keySignInBegin(w http.ResponseWriter, r *http.Request) {
	if !s.keyring.usable() {
		s.keyAnswer(w, r, nil, errKey)
		return
	}
	question, session, err := s.keyring.auth.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err == nil {
		s.ask(w, ceremony{session: *session})
	}
	s.keyAnswer(w, r, question, err)
}

// keySignInFinish signs in who holds the key.
func (s *Server) keySignInFinish(w http.ResponseWriter, r *http.Request) {
	err := s.keySignedIn(w, r)
	s.keyAnswer(w, r, map[string]string{"go": local(cmp.Or(r.URL.Query().Get("return"), "/"))}, err)
}

func (s *Server) keySignedIn(w http.ResponseWriter, r *http.Request) error {
	c, err := s.asked(r)
	if err != nil || c.person != "" {
		return errKey
	}
	var found *holder
	var failed error
	_, key, err := s.keyring.auth.FinishPasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		found, failed = s.findHolder(r.Context(), func(h *holder) bool { return slices.Equal(h.handle, handle) })
		return found, failed
	}, c.session, r)
	if failed != nil && !errors.Is(failed, chancery.ErrWithheld) {
		return failed
	}
	if err != nil || key.Authenticator.CloneWarning {
		s.log.Info("a security key was not accepted", "err", err)
		return errKey
	}
	if err := s.keyUsed(r.Context(), found.row.ID, key); err != nil {
		return err
	}
	return s.welcome(r.Context(), w, found.row.ID)
}

// keyUsed keeps what is new about a key: when it was used, and its counter.
func (s *Server) keyUsed(ctx context.Context, id party.Person, key *webauthn.Credential) error {
	rows, err := s.chancery.Passkeys(ctx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(k chancery.PasskeyRow) bool { return slices.Equal(k.ID, key.ID) })
	if i < 0 {
		return errKey
	}
	if rows[i].Blob, err = json.Marshal(key); err != nil {
		return err
	}
	rows[i].Used = s.now().UTC()
	return s.chancery.PutPasskey(ctx, rows[i])
}

// keyAddBegin asks a security key to remember the person.
func (s *Server) keyAddBegin(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.keyring.usable() {
		s.keyAnswer(w, r, nil, errKey)
		return
	}
	h, err := s.findHolder(r.Context(), func(h *holder) bool { return h.row.ID == v.who.Person })
	if err == nil && len(h.keys) >= maxPasskeys {
		err = &chancery.Refused{Rule: "keys", Sentence: locale.F(r.Context(), "key.many", locale.Args{"N": locale.Int(maxPasskeys)})}
	}
	name, ok := keyName(r.FormValue("name"))
	if err == nil && !ok {
		err = &chancery.Refused{Rule: "key-name", Sentence: locale.T(r.Context(), "key.name.wrong")}
	}
	if err != nil {
		s.keyAnswer(w, r, nil, err)
		return
	}
	question, session, err := s.keyring.auth.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err == nil {
		s.ask(w, ceremony{person: v.who.Person, name: name, session: *session})
	}
	s.keyAnswer(w, r, question, err)
}

// keyName reads the name somebody gives a security key.
func keyName(typed string) (string, bool) {
	name := strings.TrimSpace(text.Clean(typed))
	return name, name != "" && len(name) <= maxKeyName && text.Check(name) == nil && !strings.Contains(name, "\n")
}

// keyAddFinish keeps a new security key.
func (s *Server) keyAddFinish(w http.ResponseWriter, r *http.Request, v visit) {
	s.keyAnswer(w, r, map[string]string{"go": "/settings?told=key-added"}, s.keyAdded(r, v))
}

func (s *Server) keyAdded(r *http.Request, v visit) error {
	c, err := s.asked(r)
	if err != nil || c.person != v.who.Person {
		return errKey
	}
	h, err := s.findHolder(r.Context(), func(h *holder) bool { return h.row.ID == v.who.Person })
	if err != nil {
		return err
	}
	key, err := s.keyring.auth.FinishRegistration(h, c.session, r)
	if err != nil {
		s.log.Info("a security key was not added", "err", err)
		return errKey
	}
	// The name of a key is given by the key, so it could be made to be somebody else's.
	_, err = s.findHolder(r.Context(), func(h *holder) bool {
		return slices.ContainsFunc(h.keys, func(o webauthn.Credential) bool { return slices.Equal(o.ID, key.ID) })
	})
	if !errors.Is(err, chancery.ErrWithheld) {
		return cmp.Or(err, errKey)
	}
	blob, err := json.Marshal(key)
	if err != nil {
		return err
	}
	return s.chancery.PutPasskey(r.Context(), chancery.PasskeyRow{ID: key.ID, Person: v.who.Person, Name: c.name, Blob: blob, Added: s.now().UTC()})
}

// keyID names a security key in an address.
func keyID(k chancery.PasskeyRow) string {
	sum := sha256.Sum256(k.ID)
	return hex.EncodeToString(sum[:8])
}
