package party

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"filippo.io/age"

	"entente/text"
)

const (
	cardTitle    = "entente card v1"
	numberDomain = "entente party number v1\n"
)

// Bounds of a card.
const (
	MaxCard      = 8 << 10 // bytes of the whole card
	MaxLanguages = 12      // working languages, and languages of the name
	MaxName      = 160     // bytes of the name in one language
)

// ErrSignature is wrapped by the refusal of a card that its own key did not
// sign: it was changed after it was made, or was made by somebody else.
var ErrSignature = errors.New("its signature is not by its own key")

// Card is what a party shows of itself. Only what [ParseCard] returns, or
// [Keys.Card] made, is signed; a Card put together by hand is a claim.
type Card struct {
	Code      Code              // the party
	Names     text.Texts        // its name, in at least one language
	Languages []text.Lang       // its working languages, the preferred first
	Signing   ed25519.PublicKey // checkpoints, cosignatures and this card
	Exchange  ed25519.PublicKey // the party's TLS certificate
	Seal      string            // age recipient, "age1…"
	Address   string            // host:port or "": testimony, not in the number
	Signature []byte            // Ed25519 by Signing, over every line above it
}

// Format signs the card with the party's keys and writes it.
func (c Card) Format(k Keys) []byte {
	c.Signature = ed25519.Sign(k.hidden().signing, c.body())
	return c.Bytes()
}

// Bytes writes the card with the signature it has: what [ParseCard] read.
func (c Card) Bytes() []byte {
	return fmt.Appendf(c.body(), "signature %s\n", base64.StdEncoding.EncodeToString(c.Signature))
}

// body is what the signature covers.
func (c Card) body() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\ncode %s\n", cardTitle, c.Code)
	for _, n := range c.Names {
		fmt.Fprintf(&b, "name %s %s\n", n.Lang, n.Text)
	}
	langs := make([]string, len(c.Languages))
	for i, l := range c.Languages {
		langs[i] = string(l)
	}
	fmt.Fprintf(&b, "languages %s\n", strings.Join(langs, ","))
	fmt.Fprintf(&b, "signing %s\n", base64.StdEncoding.EncodeToString(c.Signing))
	fmt.Fprintf(&b, "exchange %s\n", base64.StdEncoding.EncodeToString(c.Exchange))
	fmt.Fprintf(&b, "sealing %s\n", c.Seal)
	if c.Address != "" {
		fmt.Fprintf(&b, "address %s\n", c.Address)
	}
	fmt.Fprintf(&b, "number %s\n", c.Number())
	return b.Bytes()
}

// Number is what two people compare by voice: it stands for the code and the
// three keys, and for nothing else on the card.
func (c Card) Number() Number {
	h := sha256.New()
	h.Write([]byte(numberDomain + string(c.Code) + "\n"))
	h.Write(c.Signing)
	h.Write(c.Exchange)
	h.Write([]byte(c.Seal))
	return NumberOf([32]byte(h.Sum(nil)))
}

// Recipient is the card's sealing key, for encrypting to the party.
func (c Card) Recipient() (*age.X25519Recipient, error) {
	r, err := age.ParseX25519Recipient(c.Seal)
	if err != nil || r.String() != c.Seal {
		return nil, errors.New("the card's sealing key is not an age recipient as age writes it")
	}
	return r, nil
}

// SameKeys says whether two cards are of one code with the same three keys,
// whatever else they say.
func (c Card) SameKeys(o Card) bool {
	return c.Code == o.Code && bytes.Equal(c.Signing, o.Signing) &&
		bytes.Equal(c.Exchange, o.Exchange) && c.Seal == o.Seal
}

// ParseCard reads a card strictly: every field in its place, every key sound,
// the number right and the signature by the card's own signing key.
func ParseCard(b []byte) (Card, error) {
	if len(b) > MaxCard {
		return Card{}, fmt.Errorf("this is not a card: a card has at most %d bytes", MaxCard)
	}
	if !utf8.Valid(b) {
		return Card{}, errors.New("this is not a card: it is not text in UTF-8")
	}
	c, err := readCard(newLines(b))
	if err != nil {
		return Card{}, fmt.Errorf("this card cannot be read: %w", err)
	}
	if err := c.Check(); err != nil {
		return Card{}, fmt.Errorf("this card cannot be read: %w", err)
	}
	if err := c.sameAs(b); err != nil {
		return Card{}, fmt.Errorf("the card of %s is not as it was made: %w", c.Code, err)
	}
	if !ed25519.Verify(c.Signing, c.body(), c.Signature) {
		return Card{}, fmt.Errorf("the card of %s is not as it was made: %w", c.Code, ErrSignature)
	}
	return c, nil
}

// sameAs says where b differs from the card as it would be written.
func (c Card) sameAs(b []byte) error {
	want := c.Bytes()
	if bytes.Equal(want, b) {
		return nil
	}
	line := 1
	for i := 0; i < len(want) && i < len(b) && want[i] == b[i]; i++ {
		if b[i] == '\n' {
			line++
		}
	}
	return fmt.Errorf("line %d is not what the rest of the card requires", line)
}

// readCard takes the lines of a card apart. It leaves judging to Check, and
// noticing what is out of place to the comparison that follows.
func readCard(l *lines) (c Card, err error) {
	if !l.is(cardTitle) {
		return Card{}, fmt.Errorf("it does not begin with %q", cardTitle)
	}
	if c.Code, err = ParseCode(l.value("code")); err != nil {
		return Card{}, err
	}
	if c.Names, err = readNames(l); err != nil {
		return Card{}, err
	}
	if c.Languages, err = ParseLanguages(l.value("languages")); err != nil {
		return Card{}, err
	}
	signing, ok1 := decode32(l.value("signing"))
	exchange, ok2 := decode32(l.value("exchange"))
	if !ok1 || !ok2 {
		return Card{}, errors.New("a key on it is not 32 bytes in base64")
	}
	c.Signing, c.Exchange = signing, exchange
	c.Seal = l.value("sealing")
	c.Address = l.value("address")
	l.value("number") // compared when the card is written again
	c.Signature, err = base64.StdEncoding.Strict().DecodeString(l.value("signature"))
	if err != nil || len(c.Signature) != ed25519.SignatureSize {
		return Card{}, errors.New("its signature is not 64 bytes in base64")
	}
	return c, nil
}

func readNames(l *lines) (text.Texts, error) {
	var names text.Texts
	for l.has("name") {
		if len(names) == MaxLanguages {
			return nil, fmt.Errorf("it has a name in more than %d languages", MaxLanguages)
		}
		word, name, _ := strings.Cut(l.value("name"), " ")
		lang, err := text.ParseLang(word)
		if err != nil {
			return nil, err
		}
		names = append(names, text.Version{Lang: lang, Text: name})
	}
	return names, nil
}

// ParseLanguages reads a list of languages as it stands on a card and on the
// command line: "en,he", without spaces, none twice.
func ParseLanguages(s string) ([]text.Lang, error) {
	words := strings.SplitN(s, ",", MaxLanguages+2)
	if len(words) > MaxLanguages {
		return nil, fmt.Errorf("there are more than %d languages", MaxLanguages)
	}
	langs := make([]text.Lang, 0, len(words))
	for _, w := range words {
		l, err := text.ParseLang(w)
		if err != nil {
			return nil, err
		}
		if slices.Contains(langs, l) {
			return nil, fmt.Errorf("the language %s is named twice", l)
		}
		langs = append(langs, l)
	}
	return langs, nil
}
