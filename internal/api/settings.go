package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"entente/internal/chancery"
	"entente/party"
	"entente/text"
)

// A SettingsPage is what is a person's own on this server. How pages look is a browser's own, and is
// kept there.
type SettingsPage struct {
	Person party.Person  `json:"person"`
	Name   text.Texts    `json:"name"`
	Role   text.Texts    `json:"role,omitempty"`
	Agency text.Texts    `json:"agency,omitempty"`
	Admin  bool          `json:"admin,omitempty"`
	Keys   []SecurityKey `json:"keys"`
	Tokens []Token       `json:"tokens"`
}

// A SecurityKey is a key with which the person signs in.
type SecurityKey struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Added time.Time `json:"added"`
	Used  time.Time `json:"used,omitzero"`
}

// keyID names a security key in an address: its own id may be a kilobyte long.
func keyID(k chancery.PasskeyRow) string {
	sum := sha256.Sum256(k.ID)
	return hex.EncodeToString(sum[:8])
}

func (s *Server) settings(r *http.Request, v visit, _ none) (out SettingsPage, err error) {
	if err := s.named(r.Context(), v); err != nil {
		return out, err
	}
	people, err := s.Chancery.People(r.Context())
	if err != nil {
		return out, err
	}
	for _, p := range people {
		if p.ID == v.who.Person {
			out = SettingsPage{Person: p.ID, Name: p.Name, Role: p.Role, Agency: p.Agency, Admin: p.Admin, Keys: []SecurityKey{}, Tokens: []Token{}}
		}
	}
	keys, err := s.Chancery.Passkeys(r.Context(), v.who.Person)
	if err != nil {
		return out, err
	}
	for _, k := range keys {
		out.Keys = append(out.Keys, SecurityKey{keyID(k), k.Name, k.Added, k.Used})
	}
	rows, err := s.Chancery.Tokens(r.Context(), chancery.Who{Person: v.who.Person})
	for _, row := range rows {
		out.Tokens = append(out.Tokens, s.tokenOf(v, row))
	}
	return out, err
}

func (s *Server) removeKey(r *http.Request, v visit, _ none) (none, error) {
	keys, err := s.Chancery.Passkeys(r.Context(), v.who.Person)
	if err != nil {
		return none{}, err
	}
	i := slices.IndexFunc(keys, func(k chancery.PasskeyRow) bool { return keyID(k) == r.PathValue("key") })
	if i < 0 {
		return none{}, chancery.ErrWithheld
	}
	return none{}, s.Chancery.RemovePasskey(r.Context(), v.who, keys[i].ID)
}
