package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/text"
)

// doorData is what the pages say to who is not signed in.
type doorData struct {
	Party     party.Code `json:"party"`
	Names     text.Texts `json:"names"`
	Languages []text.Lang
	SetUp     bool   `json:"set_up"`           // somebody has been added: the server is set up
	Keys      bool   `json:"keys"`             // security keys can be used at this address
	Return    string `json:"return,omitempty"` // where to go on to

	party    ui.Party
	problems []ui.Problem
	secret   string // typed
	person   string // typed
	fields   []*wordsField
}

func (s *Server) door(r *http.Request) (doorData, error) {
	card := s.chancery.Card()
	people, err := s.chancery.People(r.Context())
	d := doorData{Party: card.Code, Names: card.Names, Languages: card.Languages, SetUp: len(people) > 0, Keys: s.keyring.usable(),
		party: s.serverBox(r).Party}
	if to := r.FormValue("return"); to != "" {
		d.Return = local(to)
	}
	return d, err
}

// signInPage asks who comes.
func (s *Server) signInPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.door(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.bare(w, r, v, http.StatusOK, d, func(f ui.Frame) templ.Component { return signInView(f, d) })
}

// bare shows a page to who is not signed in, also where somebody is.
func (s *Server) bare(w http.ResponseWriter, r *http.Request, v visit, status int, data any, view func(ui.Frame) templ.Component) {
	v.who = chancery.Who{}
	s.showAs(w, r, v, status, data, view)
}

// enterPage is where a one-time link leads. Its secret stands behind the “#”, which the browser
// does not send; a script moves it into the form, or the person pastes it.
func (s *Server) enterPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.door(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.bare(w, r, v, http.StatusOK, d, func(f ui.Frame) templ.Component { return enterView(f, d) })
}

// secretIn finds the secret in what was pasted: the whole link, or the letters behind its “#”.
func secretIn(pasted string) string {
	pasted = strings.TrimSpace(pasted)
	return pasted[strings.LastIndexByte(pasted, '#')+1:]
}

// enterForm spends a one-time link and signs its person in. A link for setting up, pasted here,
// is not spent but carried on to the page for it.
func (s *Server) enterForm(w http.ResponseWriter, r *http.Request) {
	v := visit{}
	d, err := s.door(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.secret = secretIn(r.PostFormValue("secret"))
	if !d.SetUp {
		s.setUp(w, r, d, http.StatusOK)
		return
	}
	if d.secret == "" {
		d.problems = []ui.Problem{{Field: "secret", Words: locale.T(r.Context(), "enter.missing")}}
		s.bare(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return enterView(f, d) })
		return
	}
	id, err := s.chancery.UseLink(r.Context(), d.secret)
	if err == nil && id == "" {
		err = &chancery.Refused{Rule: "link", Sentence: locale.T(r.Context(), "enter.setup")}
	}
	if err == nil {
		err = s.welcome(r.Context(), w, id)
	}
	if err != nil {
		problems, ok := problemAt(r.Context(), err, map[string]string{"link": "secret"})
		if !ok {
			s.fail(w, r, v, err)
			return
		}
		d.problems, d.secret = problems, ""
		s.bare(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return enterView(f, d) })
		return
	}
	goTo(w, r, d.Return)
}

// welcome starts a session in the browser that asks.
func (s *Server) welcome(ctx context.Context, w http.ResponseWriter, id party.Person) error {
	token, err := s.chancery.Begin(ctx, id)
	if err == nil {
		s.begin(w, token)
	}
	return err
}

// setUpPage asks for the first person of the server.
func (s *Server) setUpPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.door(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if d.SetUp && !v.json {
		goTo(w, r, "/sign-in")
		return
	}
	s.setUp(w, r, d, http.StatusOK)
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request, d doorData, status int) {
	if d.fields == nil {
		d.fields = personFields(d.Languages)
	}
	s.bare(w, r, visit{json: wantsJSON(r)}, status, d, func(f ui.Frame) templ.Component { return setUpView(f, d) })
}

// personFields are a person's name, role and agency, in the party's languages.
func personFields(langs []text.Lang) []*wordsField {
	return []*wordsField{
		{name: "name", label: "person.name", hint: "person.name.hint", langs: langs, must: true},
		{name: "role", label: "person.role", hint: "person.role.hint", langs: langs},
		{name: "agency", label: "person.agency", langs: langs},
	}
}

// personIn reads a person out of a form.
func personIn(r *http.Request, fields []*wordsField) (row chancery.PersonRow, wrong []ui.Problem) {
	id, err := party.ParsePerson(strings.TrimSpace(r.PostFormValue("person")))
	if err != nil {
		wrong = append(wrong, ui.Problem{Field: "person", Words: locale.T(r.Context(), "person.id.wrong")})
	}
	row.ID = id
	for i, into := range []*text.Texts{&row.Name, &row.Role, &row.Agency} {
		t, bad := fields[i].read(r)
		*into, wrong = t, append(wrong, bad...)
	}
	return row, wrong
}

// personRules says beside which field what the door refuses about a person stands.
var personRules = map[string]string{"alike": "person", "removed": "person", "name": "name", "link": "secret"}

// setUpForm adds the first person, in exchange for the set-up link, and signs that person in.
func (s *Server) setUpForm(w http.ResponseWriter, r *http.Request) {
	d, err := s.door(r)
	if err != nil {
		s.fail(w, r, visit{}, err)
		return
	}
	d.secret, d.person, d.fields = secretIn(r.PostFormValue("secret")), r.PostFormValue("person"), personFields(d.Languages)
	row, wrong := personIn(r, d.fields)
	if d.secret == "" {
		wrong = append([]ui.Problem{{Field: "secret", Words: locale.T(r.Context(), "enter.missing")}}, wrong...)
	}
	if len(wrong) == 0 {
		token, err := s.chancery.SetUp(r.Context(), d.secret, row)
		if err == nil {
			s.begin(w, token)
			goTo(w, r, "/?told=set-up")
			return
		}
		var ok bool
		if wrong, ok = problemAt(r.Context(), err, personRules); !ok {
			s.fail(w, r, visit{}, err)
			return
		}
	}
	d.problems = wrong
	s.setUp(w, r, d, http.StatusUnprocessableEntity)
}
