package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"entente/group"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/text"
)

// peopleData is who may sign in on this server.
type peopleData struct {
	People  []personLine `json:"people"`
	Removed []personLine `json:"removed"`
	told    locale.Key
	lang    text.Lang
}

// A personLine is somebody of this party.
type personLine struct {
	api.Person
	Keys   int      `json:"keys"`   // security keys
	Groups []string `json:"groups"` // in which the person sits, of those that the reader may see
	sits   []group.Charter
	self   bool
}

// A personPage is a page about somebody of this party.
type personPage func(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow)

// administrator keeps a page for administrators: to others it does not exist.
func (s *Server) administrator(p page) page {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		if !v.who.Admin {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
		p(w, r, v)
	}
}

// aboutPerson finds the person that an address names.
func (s *Server) aboutPerson(p personPage) page {
	return s.administrator(func(w http.ResponseWriter, r *http.Request, v visit) {
		row, err := s.personRow(r, party.Person(r.PathValue("p")))
		if err != nil {
			s.fail(w, r, v, err)
			return
		}
		p(w, r, v, row)
	})
}

// linkOwn makes a page about somebody one about who asks.
func (s *Server) linkOwn(p personPage) page {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		row, err := s.personRow(r, v.who.Person)
		if err != nil {
			s.fail(w, r, v, err)
			return
		}
		p(w, r, v, row)
	}
}

// line tells what a list and a removal say of somebody.
func (s *Server) line(r *http.Request, v visit, p chancery.PersonRow) (personLine, error) {
	out := personLine{Person: api.Person{ID: p.ID, Name: p.Name, Role: p.Role, Agency: p.Agency, Admin: p.Admin, Added: p.Added, Removed: p.Removed},
		Groups: []string{}, self: p.ID == v.who.Person}
	keys, err := s.chancery.Passkeys(r.Context(), p.ID)
	out.Keys = len(keys)
	for _, g := range s.chancery.Seen(v.who) {
		if p.Removed.IsZero() && g.Seats(chancery.Who{Person: p.ID}) {
			out.Groups = append(out.Groups, g.Handle())
			out.sits = append(out.sits, g.Charter())
		}
	}
	return out, err
}

// peoplePage lists who may sign in, and who once could.
func (s *Server) peoplePage(w http.ResponseWriter, r *http.Request, v visit) {
	d := peopleData{People: []personLine{}, Removed: []personLine{}, told: settingsToldKey(r), lang: s.lang(r)}
	people, err := s.chancery.People(r.Context())
	for _, p := range people {
		l, e := s.line(r, v, p)
		if err = cmp.Or(err, e); p.Removed.IsZero() {
			d.People = append(d.People, l)
		} else {
			d.Removed = append(d.Removed, l)
		}
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return peopleView(f, d) })
}

// personData is somebody who is being added or changed.
type personData struct {
	Person    party.Person `json:"person,omitempty"`
	Admin     bool         `json:"admin"`
	Languages []text.Lang  `json:"languages"`
	Name      text.Texts   `json:"name,omitempty"`

	typed    string // the short name, as typed
	fields   []*wordsField
	problems []ui.Problem
	self     bool
}

func (s *Server) blankPerson() personData {
	langs := s.chancery.Card().Languages
	return personData{Languages: langs, fields: personFields(langs)}
}

// personAddPage asks who is to be added.
func (s *Server) personAddPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.blankPerson()
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return personAddView(f, d) })
}

// personAddForm adds somebody. Who is here already is changed on a page of its own.
func (s *Server) personAddForm(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.blankPerson()
	d.typed, d.Admin = r.PostFormValue("person"), r.PostFormValue("admin") == "yes"
	row, wrong := personIn(r, d.fields)
	row.Admin = d.Admin
	if len(wrong) == 0 {
		if _, err := s.personRow(r, row.ID); err == nil {
			wrong = []ui.Problem{{Field: "person", Words: locale.F(r.Context(), "person.here", locale.Args{"ID": string(row.ID)})}}
		}
	}
	if len(wrong) == 0 {
		err := s.chancery.AddPerson(r.Context(), v.who, row)
		if err == nil {
			goTo(w, r, "/settings/people/"+string(row.ID)+"/link?told=person-added")
			return
		}
		var ok bool
		if wrong, ok = problemAt(r.Context(), err, personRules); !ok {
			s.fail(w, r, v, err)
			return
		}
	}
	d.problems = wrong
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return personAddView(f, d) })
}

// changing fills the form with what is known of somebody.
func (s *Server) changing(v visit, p chancery.PersonRow) personData {
	d := s.blankPerson()
	d.Person, d.Admin, d.Name, d.self = p.ID, p.Admin, p.Name, p.ID == v.who.Person
	for i, t := range []text.Texts{p.Name, p.Role, p.Agency} {
		d.fields[i].show(t)
	}
	return d
}

// personChangePage asks what is to be different about somebody.
func (s *Server) personChangePage(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow) {
	d := s.changing(v, p)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return personChangeView(f, d) })
}

// personChangeForm changes a name, a role, an agency, or who administers.
func (s *Server) personChangeForm(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow) {
	d := s.changing(v, p)
	d.Admin = r.PostFormValue("admin") == "yes"
	row := chancery.PersonRow{ID: p.ID, Admin: d.Admin}
	for i, into := range []*text.Texts{&row.Name, &row.Role, &row.Agency} {
		t, wrong := d.fields[i].read(r)
		*into, d.problems = keepOthers(t, [3]text.Texts{p.Name, p.Role, p.Agency}[i], d.Languages), append(d.problems, wrong...)
	}
	if len(d.problems) == 0 {
		err := s.chancery.AddPerson(r.Context(), v.who, row)
		if err == nil {
			goTo(w, r, "/settings/people?told=person-changed")
			return
		}
		var ok bool
		if d.problems, ok = problemAt(r.Context(), err, map[string]string{"last": "admin", "name": "name"}); !ok {
			s.fail(w, r, v, err)
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return personChangeView(f, d) })
}

// keepOthers adds to a text what it was in languages that the form does not ask for.
func keepOthers(t, was text.Texts, asked []text.Lang) text.Texts {
	for _, v := range was {
		if !slices.Contains(asked, v.Lang) {
			t = t.With(v.Lang, v.Text)
		}
	}
	return t
}

// oneTimeData is a one-time link that may be made, or has been.
type oneTimeData struct {
	Person  party.Person `json:"person"`
	Name    text.Texts   `json:"name"`
	Hours   int          `json:"hours"` // that it would last
	link    string       // with its secret: shown once, in no address and no record
	expires time.Time
	told    locale.Key
	self    bool
	own     bool // reached from one's own settings
	lang    text.Lang
}

func (s *Server) oneTimeFor(r *http.Request, v visit, p chancery.PersonRow) oneTimeData {
	return oneTimeData{Person: p.ID, Name: p.Name, Hours: int(chancery.LinkLife.Hours()), told: settingsToldKey(r), self: p.ID == v.who.Person,
		own: r.PathValue("p") == "", lang: s.lang(r)}
}

// personLinkPage says what a one-time link is good for.
func (s *Server) personLinkPage(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow) {
	d := s.oneTimeFor(r, v, p)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return oneTimeView(f, d) })
}

// personLinkForm makes a one-time link and shows it, this once.
func (s *Server) personLinkForm(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow) {
	d := s.oneTimeFor(r, v, p)
	secret, expires, err := s.chancery.NewLink(r.Context(), v.who, p.ID)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.link, d.expires = s.pages(r)+api.LinkPath(p.ID, secret), expires
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return oneTimeView(f, d) })
}

// pages is where people reach the pages.
func (s *Server) pages(r *http.Request) string {
	if s.origin != "" {
		return s.origin
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// removalData is somebody who is about to be removed, and what that ends.
type removalData struct {
	personLine
	lang     text.Lang
	problems []ui.Problem
}

// personRemovePage says what removing somebody ends, and what stays.
func (s *Server) personRemovePage(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow) {
	l, err := s.line(r, v, p)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := removalData{personLine: l, lang: s.lang(r)}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return personRemoveView(f, d) })
}

// personRemoveForm removes somebody.
func (s *Server) personRemoveForm(w http.ResponseWriter, r *http.Request, v visit, p chancery.PersonRow) {
	err := s.chancery.RemovePerson(r.Context(), v.who, p.ID)
	if err == nil {
		goTo(w, r, "/settings/people?told=person-removed")
		return
	}
	wrong, ok := problemAt(r.Context(), err, nil)
	l, lost := s.line(r, v, p)
	if !ok || lost != nil {
		s.fail(w, r, v, err)
		return
	}
	d := removalData{personLine: l, lang: s.lang(r), problems: wrong}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return personRemoveView(f, d) })
}
