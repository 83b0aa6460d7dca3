package api

import (
	"net/http"
	"time"

	"entente/internal/chancery"
	"entente/party"
	"entente/text"
)

// A Person is somebody of this party.
type Person struct {
	ID      party.Person `json:"id"`
	Name    text.Texts   `json:"name"`
	Role    text.Texts   `json:"role,omitempty"`
	Agency  text.Texts   `json:"agency,omitempty"`
	Admin   bool         `json:"admin,omitempty"`
	Added   time.Time    `json:"added"`
	Removed time.Time    `json:"removed,omitzero"`
}

func (s *Server) people(r *http.Request, _ visit) (any, error) {
	rows, err := s.Chancery.People(r.Context())
	if err != nil {
		return nil, err
	}
	out := []Person{}
	for _, p := range rows {
		out = append(out, Person{p.ID, p.Name, p.Role, p.Agency, p.Admin, p.Added, p.Removed})
	}
	return map[string]any{"people": out}, nil
}

func (s *Server) addPerson(r *http.Request, v visit) (any, error) {
	var ask struct {
		ID     string `json:"id"`
		Name   Words  `json:"name"`
		Role   Words  `json:"role"`
		Agency Words  `json:"agency"`
		Admin  bool   `json:"admin"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	id, err := party.ParsePerson(ask.ID)
	if err != nil {
		return nil, badRequest("%v. Nothing was changed.", err)
	}
	row := chancery.PersonRow{ID: id, Admin: ask.Admin}
	for _, t := range []struct {
		given Words
		field *text.Texts
	}{{ask.Name, &row.Name}, {ask.Role, &row.Role}, {ask.Agency, &row.Agency}} {
		if *t.field, err = t.given.Texts(); err != nil {
			return nil, err
		}
	}
	if err := s.Chancery.AddPerson(r.Context(), v.who, row); err != nil {
		return nil, err
	}
	return map[string]any{"id": id}, nil
}

func (s *Server) removePerson(r *http.Request, v visit) (any, error) {
	id, err := party.ParsePerson(r.PathValue("id"))
	if err != nil {
		return nil, chancery.ErrWithheld
	}
	return map[string]any{"id": id}, s.Chancery.RemovePerson(r.Context(), v.who, id)
}

// newLink makes a one-time link for signing in. The secret stands behind the “#”, which a browser
// does not send.
func (s *Server) newLink(r *http.Request, v visit) (any, error) {
	var ask struct {
		Person string `json:"person"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	var id party.Person
	if ask.Person != "" {
		var err error
		if id, err = party.ParsePerson(ask.Person); err != nil {
			return nil, badRequest("%v. Nothing was changed.", err)
		}
	}
	secret, expires, err := s.Chancery.NewLink(r.Context(), v.who, id)
	if err != nil {
		return nil, err
	}
	return map[string]any{"person": id, "path": LinkPath(id, secret), "pages": s.Pages, "expires": expires}, nil
}

// LinkPath is where a one-time link leads on the pages; for the empty person, to setting up.
func LinkPath(id party.Person, secret string) string {
	if id == "" {
		return "/set-up#" + secret
	}
	return "/enter#" + secret
}
