// Package party holds who speaks: the codes of parties, the ids of persons,
// a party's three keys, its public card, and the number that two people
// compare by voice before they trust a card.
//
// It is not a directory. It knows nothing of groups, roles, powers or how a
// card came here; it says only what a well-formed name, key, card and number
// is. It does no input or output: files, randomness and the network are the
// caller's.
//
// # Names
//
// A [Code] is 2 to 8 capital letters A–Z and digits and begins with a letter:
// "US", "IL", "UNICEF". A [Person] is 1 to 40 of a–z, 0–9, "." and "-" and
// begins with a letter: "d.reyes". A person is named within one party.
//
// # Keys
//
// A party has three keys, kept in one file of mode 0600 ([Keys.Format],
// [ParseKeys]):
//
//   - signing, Ed25519 (RFC 8032): checkpoints, cosignatures, cards;
//   - exchange, Ed25519: the TLS 1.3 certificate of its server;
//   - sealing, X25519 as age defines it (age-encryption.org/v1): bundles.
//
// # Card
//
// The public halves, the names and the address stand on a card of at most
// 8 KiB of UTF-8 text, signed by the signing key that it carries:
//
//	entente card v1
//	code US
//	name en United States
//	name he ארצות הברית
//	languages en,he
//	signing La3rpjyOoDqKCUz79x/1Ir22j+RYXlk4pC7MGLMiS3Q=
//	exchange vimgcNFkn7LJ+lL4Rx3V6uP5u4ZMB8ugimd8g2e2n1M=
//	sealing age1ecyr5gmg9jwc6qzrpvpgnh8xm4vla4wuhyrdnen0z9yda5njyppswh7kle
//	address 192.0.2.7:7411
//	number 44404 50429 35240 62836 36978 31789
//	signature 5XNn5j84KVbbkOSQAkqfuWi46ZGsWPiVW8MRTOKjJd5GBPA04J+f6iAppHNOpTrpIxPxUSQyglz6E/qwXNf4BA==
//
// There is one name line for each language, in the order of [text.Texts]; the
// address line is missing when there is no address. The signature is Ed25519
// over every byte before "signature ". A card proves that one hand made it,
// not whose hand: that is what the number is for.
//
// # Number
//
// The number of a card is SHA-256 over
//
//	"entente party number v1\n" code "\n" signing(32) exchange(32) sealing
//
// (the public keys as bytes, the sealing key as its age1… text), read as a
// big-endian integer, modulo 10^30, written as six groups of five digits. It
// does not cover names, languages or address, which are testimony and may
// change while the party stays who it is.
//
// # Invariants
//
// What parses re-encodes to the same bytes. Every key on a parsed card is
// canonical and none is of small order, so no signature can be valid for two
// messages by the choice of key. No secret is ever printed: [Keys] redacts
// itself under every verb.
package party

import (
	"fmt"
	"strings"
)

// Bounds of names, in bytes.
const (
	MinCode   = 2
	MaxCode   = 8
	MaxPerson = 40
)

// Code names a party: "US". The zero value names nobody.
type Code string

// ParseCode reads a party's code, and refuses whatever is not exactly one.
func ParseCode(s string) (Code, error) {
	ok := len(s) >= MinCode && len(s) <= MaxCode && upper(s[0])
	for i := 0; ok && i < len(s); i++ {
		ok = upper(s[i]) || digit(s[i])
	}
	if ok {
		return Code(s), nil
	}
	return "", fmt.Errorf("%s cannot be a party's code: a code is %d to %d capital letters A to Z and digits, and begins with a letter, like US",
		quote(s), MinCode, MaxCode)
}

// alikes are the pairs that people misread in print or handwriting. Each pair
// holds a digit, so that two codes made of letters alone (as those of states
// are: IT and LT, SI and SL) are never said to look alike.
var alikes = [...][2]byte{
	{'0', 'O'}, {'0', 'Q'}, {'0', 'D'},
	{'1', 'I'}, {'1', 'L'},
	{'2', 'Z'}, {'5', 'S'}, {'6', 'G'}, {'8', 'B'},
}

// LooksAlike says whether two different codes could be taken for one another,
// as US and U5. A code is not said to look like itself.
func LooksAlike(a, b Code) bool {
	if a == b || len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && !alike(a[i], b[i]) {
			return false
		}
	}
	return true
}

func alike(a, b byte) bool {
	for _, p := range alikes {
		if (a == p[0] && b == p[1]) || (a == p[1] && b == p[0]) {
			return true
		}
	}
	return false
}

// Person names somebody within one party: "d.reyes". The zero value names
// nobody.
type Person string

// ParsePerson reads a person's id, and refuses whatever is not exactly one.
func ParsePerson(s string) (Person, error) {
	ok := len(s) >= 1 && len(s) <= MaxPerson && lower(s[0])
	for i := 0; ok && i < len(s); i++ {
		ok = lower(s[i]) || digit(s[i]) || s[i] == '.' || s[i] == '-'
	}
	if ok {
		return Person(s), nil
	}
	return "", fmt.Errorf("%s cannot be a person's id: an id is 1 to %d small letters a to z, digits, full stops and hyphens, and begins with a letter, like d.reyes",
		quote(s), MaxPerson)
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool { return c >= '0' && c <= '9' }

// maxQuote is how many bytes of a stranger's words an error repeats.
const maxQuote = 60

// quote repeats somebody's words in an error: bounded, in plain ASCII, so that
// nothing in them can act on a terminal or turn the line round.
func quote(s string) string {
	if s == "" {
		return "an empty word"
	}
	if len(s) > maxQuote {
		return fmt.Sprintf("%+q…", strings.ToValidUTF8(s[:maxQuote], ""))
	}
	return fmt.Sprintf("%+q", s)
}
