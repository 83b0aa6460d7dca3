package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"entente/act"
)

// Basis stands for what a person reads when reading an element: its text in force, every party's
// position and the offer that stands. An act decided on one basis is held back where it has changed
// since. It is empty for an element that is not here.
func (s *State) Basis(ref act.Ref) string {
	e := s.elements[ref]
	if e == nil {
		return ""
	}
	h := sha256.New()
	put := func(id act.Hash) { h.Write(id[:]) }
	if r := e.InForce(); r != nil {
		put(r.ID)
	}
	for p := range s.rule.Parties() {
		if r := e.Position(uint8(p)); r != nil {
			put(r.ID)
		} else {
			put(act.Hash{})
		}
	}
	if o := e.Offer(); o != nil {
		put(o.ID)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Paragraphs are the numbered paragraphs of a statement's text, from 1: what stands between
// empty lines.
func Paragraphs(s string) []string {
	var out []string
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.Trim(p, "\n"); p != "" {
			out = append(out, p)
		}
	}
	return out
}
