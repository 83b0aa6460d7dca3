package web_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"

	"entente/internal/chancery"
	"entente/internal/web"
)

// A softKey is a security key in memory, after Web Authentication level 3, sections 6.1 and 6.5.
type softKey struct {
	private *ecdsa.PrivateKey
	id      []byte
	handle  []byte
	count   uint32
	flags   byte // user present, user verified
	origin  string
}

const (
	userPresent  = 1 << 0
	userVerified = 1 << 2
	hasKey       = 1 << 6
)

var b64 = base64.RawURLEncoding

func newSoftKey(t *testing.T, origin, id string) *softKey {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &softKey{private: private, id: []byte(id), flags: userPresent | userVerified, origin: origin}
}

// question is what a server asks a key.
type question struct {
	PublicKey struct {
		Challenge        string
		RPID             string `json:"rpId"`
		RP               struct{ ID string }
		User             struct{ ID string }
		UserVerification string
	}
}

func (k *softKey) client(what, challenge string) []byte {
	b, _ := json.Marshal(map[string]any{"type": "webauthn." + what, "challenge": challenge, "origin": k.origin, "crossOrigin": false})
	return b
}

func (k *softKey) data(rp string, flags byte) []byte {
	sum := sha256.Sum256([]byte(rp))
	k.count++
	return binary.BigEndian.AppendUint32(append(sum[:], k.flags|flags), k.count)
}

// create makes the key remember somebody.
func (k *softKey) create(t *testing.T, q question) []byte {
	t.Helper()
	var err error
	if k.handle, err = b64.DecodeString(q.PublicKey.User.ID); err != nil {
		t.Fatal(err)
	}
	point, err := k.private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	public, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	data := append(k.data(q.PublicKey.RP.ID, hasKey), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(k.id))), k.id...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": append(data, public...)})
	if err != nil {
		t.Fatal(err)
	}
	return k.answer(t, map[string]any{"clientDataJSON": b64.EncodeToString(k.client("create", q.PublicKey.Challenge)), "attestationObject": b64.EncodeToString(object)})
}

// get proves that the key is there.
func (k *softKey) get(t *testing.T, q question) []byte {
	t.Helper()
	client, data := k.client("get", q.PublicKey.Challenge), k.data(q.PublicKey.RPID, 0)
	of := sha256.Sum256(client)
	signed := sha256.Sum256(append(bytes.Clone(data), of[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, k.private, signed[:])
	if err != nil {
		t.Fatal(err)
	}
	return k.answer(t, map[string]any{"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(sig), "userHandle": b64.EncodeToString(k.handle)})
}

func (k *softKey) answer(t *testing.T, response map[string]any) []byte {
	id := b64.EncodeToString(k.id)
	b, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keyGround is a server reached by a name, so that security keys can be used.
func keyGround(t *testing.T) *ground {
	g := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), func(c *web.Config) {
		c.Origin = strings.Replace(c.Origin, "127.0.0.1", "localhost", 1)
	})
	g.site.URL = strings.Replace(g.site.URL, "127.0.0.1", "localhost", 1)
	return g
}

func (b *browser) asks(path string, form url.Values) (q question) {
	b.t.Helper()
	p := b.post(path, form)
	p.has(http.StatusOK)
	if err := json.Unmarshal([]byte(p.body), &q); err != nil || q.PublicKey.Challenge == "" {
		b.t.Fatalf("%v in %s", err, p.body)
	}
	return q
}

func (b *browser) answers(path string, body []byte) shown {
	b.t.Helper()
	res, err := b.Post(b.site+path, "application/json", bytes.NewReader(body))
	return b.take(res, err)
}

// added puts a key into a person's settings.
func (b *browser) added(t *testing.T, k *softKey, name string) shown {
	return b.answers("/settings/keys/finish", k.create(t, b.asks("/settings/keys/begin", url.Values{"name": {name}})))
}

func TestSecurityKey(t *testing.T) {
	g := keyGround(t)
	b := g.signedIn()
	b.post("/settings/keys/begin", url.Values{"name": {" "}}).has(http.StatusUnprocessableEntity, "Give the key a name")
	key := newSoftKey(t, g.site.URL, "a key of steel")
	b.added(t, key, "Blue stick").has(http.StatusOK, `"go":"/settings?told=key-added"`)
	b.get("/settings?told=key-added").has(http.StatusOK, "The security key is added", "Blue stick", "Not used yet", "work at localhost only")

	c := g.browser()
	c.get("/sign-in").has(http.StatusOK, `data-key-form="/sign-in/key/finish`, "with a key")
	q := c.asks("/sign-in/key/begin", nil)
	if q.PublicKey.UserVerification != "required" {
		t.Errorf("the key need not ask who holds it: %q", q.PublicKey.UserVerification)
	}
	answer := key.get(t, q)
	g.browser().answers("/sign-in/key/finish", answer).has(http.StatusUnprocessableEntity, "was not accepted") // another browser
	c.answers("/sign-in/key/finish?return=%2Fsettings", answer).has(http.StatusOK, `"go":"/settings"`)
	c.get("/settings").has(http.StatusOK, "Last used")
	c.answers("/sign-in/key/finish", answer).has(http.StatusUnprocessableEntity, "was not accepted") // a second time
	c.answers("/sign-in/key/finish?return=%2F%2Fevil.example", key.get(t, c.asks("/sign-in/key/begin", nil))).has(http.StatusOK, `"go":"/"`)
}

func TestSecurityKeyIsRefused(t *testing.T) {
	g := keyGround(t)
	if err := g.AddPerson(t.Context(), g.who, chancery.PersonRow{ID: "k.lind", Name: in("en", "K. Lind")}); err != nil {
		t.Fatal(err)
	}
	own, other := g.signedIn(), g.browser()
	other.post("/enter", url.Values{"secret": {g.link("k.lind")}})
	key := newSoftKey(t, g.site.URL, "a key of steel")
	own.added(t, key, "Blue").has(http.StatusOK)
	other.added(t, newSoftKey(t, g.site.URL, "a key of steel"), "Green").has(http.StatusUnprocessableEntity) // the same id
	other.answers("/settings/keys/finish", newSoftKey(t, g.site.URL, "tin").create(t, own.asks("/settings/keys/begin", url.Values{"name": {"x"}}))).has(http.StatusUnprocessableEntity)
	for name, spoil := range map[string]func(k *softKey){
		"nobody verified":     func(k *softKey) { k.flags = userPresent },
		"another site":        func(k *softKey) { k.origin = "https://evil.example" },
		"another key":         func(k *softKey) { k.private = newSoftKey(t, "", "").private },
		"an unknown key":      func(k *softKey) { k.id = []byte("unknown") },
		"somebody else":       func(k *softKey) { k.handle = []byte("somebody") },
		"a copy, used before": func(k *softKey) { k.count = 0 },
	} {
		bad := *key
		spoil(&bad)
		c := g.browser()
		if p := c.answers("/sign-in/key/finish", bad.get(t, c.asks("/sign-in/key/begin", nil))); p.status != http.StatusUnprocessableEntity || !strings.HasPrefix(c.get("/settings").path, "/sign-in") {
			t.Errorf("%s: %d %s", name, p.status, p.body)
		}
	}
	c := g.browser()
	c.answers("/sign-in/key/finish", []byte(`{"id": 7`)).has(http.StatusUnprocessableEntity)
	c.answers("/sign-in/key/finish", key.get(t, c.asks("/sign-in/key/begin", nil))).has(http.StatusOK)
	if err := g.AddPerson(t.Context(), g.who, chancery.PersonRow{ID: "k.lind", Name: in("en", "K. Lind"), Admin: true}); err != nil {
		t.Fatal(err)
	}
	who, err := g.Local(t.Context(), "k.lind")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.RemovePerson(t.Context(), who, "d.reyes"); err != nil {
		t.Fatal(err)
	}
	c.answers("/sign-in/key/finish", key.get(t, c.asks("/sign-in/key/begin", nil))).has(http.StatusUnprocessableEntity)
}

func TestNoSecurityKeysAtANumber(t *testing.T) {
	g := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	b := g.signedIn()
	b.get("/settings").has(http.StatusOK, "cannot be used at this address")
	b.get("/sign-in").hasNot("data-key-form")
	b.post("/sign-in/key/begin", nil).has(http.StatusUnprocessableEntity)
	b.post("/settings/keys/begin", url.Values{"name": {"x"}}).has(http.StatusUnprocessableEntity)
}
