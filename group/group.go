// Package group is a group's immutable charter: its name and terms of reference, its parties
// and their keys in order of joining, its languages, its marking ceiling, its co-chairs.
//
// It is not the group's life: who sits in a delegation, and what was agreed, are acts. A charter
// never changes; a group that must change convenes a successor.
//
// # Format
//
// A charter is written in the same deterministic CBOR as acts (docs/spec/act.md, "Charter"). Its
// id is the SHA-256 of those bytes, and names the group in every act and every log.
//
// # Invariants
//
//   - A Charter made by Parse, or that passed Check, has between one and forty parties, all with
//     different codes and keys, at least one language, and a name in each of its languages.
//   - Parse takes only what Format writes, byte for byte.
//
// # Example
//
//	c, err := group.Parse(constitute.Charter)
//	if err == nil && c.ID() == a.Group { … }
package group

import (
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"time"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// A Charter constitutes a group. Treat it as read-only once it has passed Check.
type Charter struct {
	Number    uint32     // 0 for the plenary, 1… for working groups: the N of /g/N
	Name      text.Texts // in each of Languages
	Plan      text.Texts // title of the joint plan that the group works on
	Terms     text.Texts // terms of reference
	Notice    text.Texts // a line every page carries, such as that this is a demonstration
	Parties   []Member   // in order of joining; a party's place here is its ordinal
	Languages []text.Lang
	Ceiling   marking.Label // the narrowest marking that the group may hold
	Chairs    []Chair
	Plenary   act.Hash // the plenary this group reports to; zero for the plenary itself
	Convened  int64    // milliseconds since 1970, testimony of the convener
	Nonce     [16]byte // makes two groups of equal terms different
	Silence   Silence  // zero where no silence procedure is allowed
	Whole     bool     // nothing is agreed until everything is agreed
	InStep    bool     // no text is accepted while one of its languages is behind
}

// Silence is what a group's rules say about the silence procedure.
type Silence struct {
	Least time.Duration     // the shortest that may be asked for, in whole milliseconds
	Kinds []act.ElementKind // of element for which it may be asked, rising
}

// MaxSilence is the longest that the shortest silence may be: a year.
const MaxSilence = 365 * 24 * time.Hour

// Allows reports whether silence may be asked for on elements of that kind.
func (s Silence) Allows(k act.ElementKind) bool { return slices.Contains(s.Kinds, k) }

// A Member is a party as the charter knows it.
type Member struct {
	Code    party.Code
	Names   text.Texts
	Signing ed25519.PublicKey // checks the party's checkpoints
	Zone    string            // IANA time zone of its capital, such as "Asia/Jerusalem"
	Capital text.Texts        // the capital's name
}

// Invited reports whether the member's key is all zeros, as in the terms of an invitation: it is
// not known yet. Whoever takes part in a group must refuse a charter with such a member; anybody
// can sign under that key.
func (m Member) Invited() bool {
	return len(m.Signing) == ed25519.PublicKeySize && !slices.ContainsFunc(m.Signing, func(b byte) bool { return b != 0 })
}

// A Chair is a co-chair: a person of one of the parties.
type Chair struct {
	Party  party.Code
	Person party.Person
}

// ID is the group's id.
func (c Charter) ID() act.Hash { return sha256.Sum256(c.Format()) }

// IDOf is the id of the group whose charter has these canonical bytes.
func IDOf(charter string) act.Hash { return sha256.Sum256([]byte(charter)) }

// Ordinal finds a party by its code.
func (c Charter) Ordinal(code party.Code) (uint8, bool) {
	for i, m := range c.Parties {
		if m.Code == code {
			return uint8(i), true
		}
	}
	return 0, false
}

// Code is the code of the party with the given ordinal, or "?" where there is none.
func (c Charter) Code(ordinal uint8) party.Code {
	if int(ordinal) >= len(c.Parties) {
		return "?"
	}
	return c.Parties[ordinal].Code
}

// Codes lists the parties in order of joining.
func (c Charter) Codes() []party.Code {
	out := make([]party.Code, len(c.Parties))
	for i, m := range c.Parties {
		out[i] = m.Code
	}
	return out
}

// ChairedBy reports whether the person co-chairs the group for the party.
func (c Charter) ChairedBy(code party.Code, p party.Person) bool {
	for _, ch := range c.Chairs {
		if ch.Party == code && ch.Person == p {
			return true
		}
	}
	return false
}
