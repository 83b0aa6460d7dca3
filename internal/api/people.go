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

// PeopleList lists this party's people.
type PeopleList struct {
	People []Person `json:"people"`
}

func (s *Server) people(r *http.Request, _ visit, _ none) (PeopleList, error) {
	rows, err := s.Chancery.People(r.Context())
	out := PeopleList{[]Person{}}
	for _, p := range rows {
		out.People = append(out.People, Person{p.ID, p.Name, p.Role, p.Agency, p.Admin, p.Added, p.Removed})
	}
	return out, err
}

// AskPerson is somebody to be added or changed.
type AskPerson struct {
	ID     string `json:"id"`
	Name   Words  `json:"name"`
	Role   Words  `json:"role,omitempty"`
	Agency Words  `json:"agency,omitempty"`
	Admin  bool   `json:"admin,omitempty"`
}

// A PersonID names somebody.
type PersonID struct {
	ID party.Person `json:"id"`
}

func (s *Server) addPerson(r *http.Request, v visit, ask AskPerson) (out PersonID, err error) {
	id, err := party.ParsePerson(ask.ID)
	if err != nil {
		return out, badRequest("%v. Nothing was changed.", err)
	}
	row := chancery.PersonRow{ID: id, Admin: ask.Admin}
	for _, t := range []struct {
		given Words
		field *text.Texts
	}{{ask.Name, &row.Name}, {ask.Role, &row.Role}, {ask.Agency, &row.Agency}} {
		if *t.field, err = t.given.Texts(); err != nil {
			return out, err
		}
	}
	return PersonID{id}, s.Chancery.AddPerson(r.Context(), v.who, row)
}

func (s *Server) removePerson(r *http.Request, v visit, _ none) (PersonID, error) {
	id, err := party.ParsePerson(r.PathValue("id"))
	if err != nil {
		return PersonID{}, chancery.ErrWithheld
	}
	return PersonID{id}, s.Chancery.RemovePerson(r.Context(), v.who, id)
}

// AskLink says for whom a link is to be made; nobody, for setting up.
type AskLink struct {
	Person string `json:"person,omitempty"`
}

// A LinkPage is a one-time link.
type LinkPage struct {
	Person  party.Person `json:"person"`
	Path    string       `json:"path"`
	Pages   string       `json:"pages"`
	Expires time.Time    `json:"expires"`
}

// newLink makes a one-time link for signing in. The secret stands behind the “#”, which a browser
// does not send.
func (s *Server) newLink(r *http.Request, v visit, ask AskLink) (out LinkPage, err error) {
	var id party.Person
	if ask.Person != "" {
		if id, err = party.ParsePerson(ask.Person); err != nil {
			return out, badRequest("%v. Nothing was changed.", err)
		}
	}
	secret, expires, err := s.Chancery.NewLink(r.Context(), v.who, id)
	if err != nil {
		return out, err
	}
	return LinkPage{id, LinkPath(id, secret), s.Pages, expires}, nil
}

// LinkPath is where a one-time link leads on the pages; for the empty person, to setting up.
func LinkPath(id party.Person, secret string) string {
	if id == "" {
		return "/set-up#" + secret
	}
	return "/enter#" + secret
}
