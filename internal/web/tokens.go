package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/text"
)

// tokensData is the tokens that the reader may know of, and what was just done about one.
type tokensData struct {
	Tokens []tokenLine `json:"tokens"` // that stand
	Ended  []tokenLine `json:"ended"`
	told   locale.Key
	admin  bool
}

// A tokenLine is one token, without its secret.
type tokenLine struct {
	ID      string         `json:"id"`
	Person  party.Person   `json:"person"`
	Name    string         `json:"name"`
	Scope   chancery.Scope `json:"scope"`
	Some    bool           `json:"restricted,omitempty"` // it is for some groups only
	Groups  []string       `json:"groups,omitempty"`     // those of them that the reader may see
	Issued  time.Time      `json:"issued"`
	Expires time.Time      `json:"expires"`
	Used    time.Time      `json:"used,omitzero"`
	Revoked time.Time      `json:"revoked,omitzero"`
	names   []string       // of the groups
}

// tokenLines lists the tokens that the reader may know of.
func (s *Server) tokenLines(r *http.Request, v visit) (standing, ended []tokenLine, err error) {
	rows, err := s.chancery.Tokens(r.Context(), v.who)
	standing, ended = []tokenLine{}, []tokenLine{}
	for _, t := range rows {
		l := tokenLine{ID: t.ID, Person: t.Person, Name: t.Name, Scope: t.Scope, Some: len(t.Groups) > 0, Issued: t.Issued, Expires: t.Expires, Used: t.Used, Revoked: t.Revoked}
		for _, g := range s.chancery.Seen(v.who) {
			if l.Some && t.Opens(g.ID()) {
				l.Groups = append(l.Groups, g.Handle())
				l.names = append(l.names, scene{lang: s.lang(r)}.groupName(r.Context(), g.Charter()))
			}
		}
		if t.Stands(s.now()) {
			standing = append(standing, l)
		} else {
			ended = append(ended, l)
		}
	}
	return standing, ended, err
}

// tokensPage lists the tokens: to an administrator all, to others their own.
func (s *Server) tokensPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := tokensData{told: settingsToldKey(r), admin: v.who.Admin}
	var err error
	if d.Tokens, d.Ended, err = s.tokenLines(r, v); err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return tokensView(f, d) })
}

// tokenForm is a token that is being asked for, or has been issued.
type tokenForm struct {
	People []party.Person `json:"people"`
	Days   []int          `json:"days"` // that it may last

	person, name, scope string
	days                int
	groups              []ui.Option // those in which the reader sits
	secret              string      // shown once, in no address and no record
	row                 chancery.TokenRow
	at                  string // the address to which programs speak
	problems            []ui.Problem
	names               map[party.Person]text.Texts
	lang                text.Lang
}

// tokenDays are how long a token may be asked to last.
var tokenDays = [...]int{7, 30, 90, 366}

// blankToken is the form as it is first shown, filled with what was typed.
func (s *Server) blankToken(r *http.Request, v visit) (tokenForm, error) {
	d := tokenForm{Days: tokenDays[:], person: r.PostFormValue("person"), name: r.PostFormValue("name"), scope: r.PostFormValue("scope"),
		names: map[party.Person]text.Texts{}, lang: s.lang(r), at: s.pages(r) + "/v1/"}
	d.days, _ = strconv.Atoi(r.PostFormValue("days"))
	if !slices.Contains(d.Days, d.days) {
		d.days = int(chancery.TokenLife / (24 * time.Hour))
	}
	people, err := s.chancery.People(r.Context())
	for _, p := range people {
		if p.Removed.IsZero() {
			d.People, d.names[p.ID] = append(d.People, p.ID), p.Name
		}
	}
	d.person = cmp.Or(d.person, string(v.who.Person))
	for _, g := range s.chancery.Seen(v.who) {
		d.groups = append(d.groups, ui.Option{Value: g.Handle(), Label: scene{lang: d.lang}.groupName(r.Context(), g.Charter()),
			On: slices.Contains(r.PostForm["group"], g.Handle())})
	}
	return d, err
}

// tokenNewPage asks what token is to be issued.
func (s *Server) tokenNewPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.blankToken(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return tokenNewView(f, d) })
}

// tokenRules says beside which field what the door refuses about a token stands.
var tokenRules = map[string]string{"token-name": "name", "token-scope": "scope", "token-life": "days", "token-group": "group", "tokens": "person"}

// tokenNewForm issues a token and shows it, this once.
func (s *Server) tokenNewForm(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.blankToken(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	ask := chancery.TokenAsk{Person: party.Person(d.person), Name: d.name, Scope: chancery.Scope(d.scope), Life: time.Duration(d.days) * 24 * time.Hour}
	for _, g := range d.groups {
		if g.On {
			ask.Groups = append(ask.Groups, g.Value)
		}
	}
	if d.secret, d.row, err = s.chancery.IssueToken(r.Context(), v.who, ask); err == nil {
		s.show(w, r, v, d, func(f ui.Frame) templ.Component { return tokenMadeView(f, d) })
		return
	}
	var ok bool
	if d.problems, ok = problemAt(r.Context(), err, tokenRules); !ok {
		s.fail(w, r, v, err)
		return
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return tokenNewView(f, d) })
}

// tokenNamed finds a token that stands and that the reader may end.
func (s *Server) tokenNamed(r *http.Request, v visit) (tokenLine, error) {
	standing, _, err := s.tokenLines(r, v)
	i := slices.IndexFunc(standing, func(t tokenLine) bool { return t.ID == r.PathValue("t") })
	if err != nil || i < 0 {
		return tokenLine{}, cmp.Or(err, error(chancery.ErrWithheld))
	}
	return standing[i], nil
}

// tokenEndPage says what it means to revoke a token.
func (s *Server) tokenEndPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.tokenNamed(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return tokenEndView(f, d) })
}

// tokenEndForm revokes it.
func (s *Server) tokenEndForm(w http.ResponseWriter, r *http.Request, v visit) {
	if _, err := s.chancery.RevokeToken(r.Context(), v.who, r.PathValue("t")); err != nil {
		s.fail(w, r, v, err)
		return
	}
	goTo(w, r, "/settings/tokens?told=token-revoked")
}
