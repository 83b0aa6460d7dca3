package api

import (
	"errors"
	"net/http"
	"time"

	"entente/internal/chancery"
	"entente/party"
)

// A Token is a token as it is told: never its secret, but once.
type Token struct {
	ID         string         `json:"id"`
	Person     party.Person   `json:"person"`
	Name       string         `json:"name"`
	Scope      chancery.Scope `json:"scope"`                // read or write
	Groups     []string       `json:"groups,omitempty"`     // those of its groups that who asks may see
	Restricted bool           `json:"restricted,omitempty"` // it is for some groups only
	Issued     time.Time      `json:"issued"`
	By         party.Person   `json:"by,omitempty"` // empty for the owner of the data folder
	Expires    time.Time      `json:"expires"`
	Used       time.Time      `json:"used,omitzero"`
	Revoked    time.Time      `json:"revoked,omitzero"`
	Stands     bool           `json:"stands"`
}

// An IssuedToken is a token with its secret, which is told in this one answer.
type IssuedToken struct {
	Token
	Secret string `json:"secret"`
	Pages  string `json:"pages,omitempty"` // the address to which the program speaks
}

// TokenList lists tokens, the newest first.
type TokenList struct {
	Tokens []Token `json:"tokens"`
}

// AskToken is a token as it is asked for.
type AskToken struct {
	Person string   `json:"person"`
	Name   string   `json:"name" doc:"what it is for"`
	Write  bool     `json:"write,omitempty" doc:"it may act, not only read"`
	Groups []string `json:"groups,omitempty" doc:"the groups it is for; none for all of the person's"`
	Days   int      `json:"days,omitempty" doc:"how long it lasts; 90 where none is given"`
}

// tokenOf tells of a token what who asks may know.
func (s *Server) tokenOf(v visit, row chancery.TokenRow) Token {
	t := Token{ID: row.ID, Person: row.Person, Name: row.Name, Scope: row.Scope, Restricted: len(row.Groups) > 0, Issued: row.Issued,
		By: row.By, Expires: row.Expires, Used: row.Used, Revoked: row.Revoked, Stands: row.Stands(s.Chancery.Now())}
	for _, id := range row.Groups {
		if g, ok := s.Chancery.GroupByID(id); ok && v.sees(g) {
			t.Groups = append(t.Groups, g.Handle())
		}
	}
	return t
}

func (s *Server) tokens(r *http.Request, v visit, _ none) (TokenList, error) {
	rows, err := s.Chancery.Tokens(r.Context(), v.who)
	out := TokenList{[]Token{}}
	for _, row := range rows {
		out.Tokens = append(out.Tokens, s.tokenOf(v, row))
	}
	return out, err
}

func (s *Server) issueToken(r *http.Request, v visit, ask AskToken) (out IssuedToken, err error) {
	t := chancery.TokenAsk{Name: ask.Name, Scope: chancery.Reads, Groups: ask.Groups, Life: time.Duration(ask.Days) * 24 * time.Hour}
	if most := int(chancery.MaxTokenLife / (24 * time.Hour)); ask.Days < 0 || ask.Days > most {
		return out, refuse("token-life", "A token lasts from 1 to %d days. Nothing was changed.", most)
	}
	if ask.Write {
		t.Scope = chancery.Writes
	}
	if t.Person, err = party.ParsePerson(ask.Person); err != nil {
		return out, badRequest("%v. Nothing was changed.", err)
	}
	secret, row, err := s.Chancery.IssueToken(r.Context(), v.who, t)
	if errors.Is(err, chancery.ErrWithheld) {
		return out, s.nobody(r.Context(), t.Person, err)
	}
	if err != nil {
		return out, err
	}
	return IssuedToken{s.tokenOf(v, row), secret, s.Pages}, nil
}

func (s *Server) revokeToken(r *http.Request, v visit, _ none) (Token, error) {
	row, err := s.Chancery.RevokeToken(r.Context(), v.who, r.PathValue("id"))
	if err != nil {
		return Token{}, err
	}
	return s.tokenOf(v, row), nil
}
