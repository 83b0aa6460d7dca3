package party

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"

	"entente/text"
)

// keysTitle is the first line of a key file, and keysWarning the second.
const (
	keysTitle   = "entente keys v1"
	keysWarning = "# Secret. Whoever reads this file can speak as this party."
)

// MaxKeys is the largest key file that is read, in bytes.
const MaxKeys = 1 << 10

// Keys are the three secret keys of one party. Only [NewKeys] and [ParseKeys]
// make them; the zero value holds none. They print as "keys (secret)" under
// every verb.
type Keys struct {
	hidden func() *secret // a function, so that no printing by reflection reaches what it returns
}

type secret struct {
	signing, exchange ed25519.PrivateKey
	sealing           *age.X25519Identity
}

func hide(s secret) Keys { return Keys{func() *secret { return &s }} }

// NewKeys draws three new keys from rand: 96 bytes, in the order signing,
// exchange, sealing.
func NewKeys(rand io.Reader) (Keys, error) {
	var seeds [3][32]byte
	for i := range seeds {
		if _, err := io.ReadFull(rand, seeds[i][:]); err != nil {
			return Keys{}, fmt.Errorf("no keys were made, because no randomness could be read: %w", err)
		}
	}
	sealing, err := age.ParseX25519Identity(strings.ToUpper(encodeBech32("age-secret-key-", seeds[2][:])))
	if err != nil {
		return Keys{}, errors.New("no keys were made, because the sealing key could not be encoded")
	}
	return hide(secret{
		signing:  ed25519.NewKeyFromSeed(seeds[0][:]),
		exchange: ed25519.NewKeyFromSeed(seeds[1][:]),
		sealing:  sealing,
	}), nil
}

// IsZero says whether k holds no keys.
func (k Keys) IsZero() bool { return k.hidden == nil }

// Signing is the Ed25519 key of checkpoints, cosignatures and cards.
func (k Keys) Signing() ed25519.PrivateKey { return slices.Clone(k.hidden().signing) }

// Exchange is the Ed25519 key of the party's TLS certificate.
func (k Keys) Exchange() ed25519.PrivateKey { return slices.Clone(k.hidden().exchange) }

// Seal opens bundles that were sealed to the party.
func (k Keys) Seal() *age.X25519Identity { return k.hidden().sealing }

// Format writes the key file: five lines of ASCII. It is secret; keep it with
// mode 0600.
func (k Keys) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n%s\n", keysTitle, keysWarning)
	fmt.Fprintf(&b, "signing %s\n", base64.StdEncoding.EncodeToString(k.hidden().signing.Seed()))
	fmt.Fprintf(&b, "exchange %s\n", base64.StdEncoding.EncodeToString(k.hidden().exchange.Seed()))
	fmt.Fprintf(&b, "sealing %s\n", k.hidden().sealing.String())
	return b.Bytes()
}

// ParseKeys reads exactly what [Keys.Format] writes. Its errors never repeat
// what the file holds.
func ParseKeys(b []byte) (Keys, error) {
	if len(b) > MaxKeys {
		return Keys{}, errors.New("this is not a key file: it is too long")
	}
	lines := newLines(b)
	if !lines.is(keysTitle) || !lines.is(keysWarning) {
		return Keys{}, fmt.Errorf("this is not a key file: it does not begin with %q", keysTitle)
	}
	signing, ok1 := decode32(lines.value("signing"))
	exchange, ok2 := decode32(lines.value("exchange"))
	sealing, err := age.ParseX25519Identity(lines.value("sealing"))
	if !ok1 || !ok2 || err != nil {
		return Keys{}, errors.New("this key file is damaged: one of its three keys cannot be read; restore the file from a copy")
	}
	k := hide(secret{ed25519.NewKeyFromSeed(signing), ed25519.NewKeyFromSeed(exchange), sealing})
	if !bytes.Equal(k.Format(), b) {
		return Keys{}, errors.New("this key file is damaged: something was added to it or left out; restore the file from a copy")
	}
	return k, nil
}

// String says that there are keys, never which.
func (k Keys) String() string {
	if k.IsZero() {
		return "no keys"
	}
	return "keys (secret)"
}

// GoString says what String says.
func (k Keys) GoString() string { return k.String() }

// Card makes and signs the party's public card. It takes what it is given:
// [Card.Check] says whether others will read it.
func (k Keys) Card(code Code, names text.Texts, languages []text.Lang, address string) Card {
	c := Card{
		Code: code, Names: names, Languages: languages, Address: address,
		Signing:  k.hidden().signing.Public().(ed25519.PublicKey),
		Exchange: k.hidden().exchange.Public().(ed25519.PublicKey),
		Seal:     k.hidden().sealing.Recipient().String(),
	}
	c.Signature = ed25519.Sign(k.hidden().signing, c.body())
	return c
}
