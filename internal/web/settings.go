package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/text"
)

// settingsData is what is a person's own on this server.
type settingsData struct {
	Person party.Person `json:"person"`
	Name   text.Texts   `json:"name"`
	Role   text.Texts   `json:"role,omitempty"`
	Agency text.Texts   `json:"agency,omitempty"`
	Admin  bool         `json:"admin"`
	Keys   []keyLine    `json:"keys"`
	Usable bool         `json:"keys_usable"`    // security keys can be used at this address
	Host   string       `json:"host,omitempty"` // that they are bound to

	told locale.Key
	path string
	look preference
	lang text.Lang
}

// A keyLine is one security key.
type keyLine struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Added time.Time `json:"added"`
	Used  time.Time `json:"used,omitzero"`
	raw   []byte
}

// settingsTold are the sentences said in the settings after an act that led there.
var settingsTold = map[string]locale.Key{
	"key-added": "told.key.added", "key-removed": "told.key.removed",
	"token-revoked": "told.token.revoked",
	"person-added":  "told.person.added", "person-changed": "told.person.changed", "person-removed": "told.person.removed",
}

func settingsToldKey(r *http.Request) locale.Key { return settingsTold[r.URL.Query().Get("told")] }

// personRow finds somebody who is here.
func (s *Server) personRow(r *http.Request, id party.Person) (chancery.PersonRow, error) {
	people, err := s.chancery.People(r.Context())
	if err != nil {
		return chancery.PersonRow{}, err
	}
	i := slices.IndexFunc(people, func(p chancery.PersonRow) bool { return p.ID == id && p.Removed.IsZero() })
	if i < 0 {
		return chancery.PersonRow{}, chancery.ErrWithheld
	}
	return people[i], nil
}

// keysOf lists a person's security keys, the newest first.
func (s *Server) keysOf(r *http.Request, id party.Person) ([]keyLine, error) {
	rows, err := s.chancery.Passkeys(r.Context(), id)
	out := []keyLine{}
	for _, k := range rows {
		out = append(out, keyLine{keyID(k), k.Name, k.Added, k.Used, k.ID})
	}
	slices.SortStableFunc(out, func(a, b keyLine) int { return b.Added.Compare(a.Added) })
	return out, err
}

// settingsPage shows what is the person's own: keys, language, looks.
func (s *Server) settingsPage(w http.ResponseWriter, r *http.Request, v visit) {
	row, err := s.personRow(r, v.who.Person)
	d := settingsData{Person: row.ID, Name: row.Name, Role: row.Role, Agency: row.Agency, Admin: row.Admin, Usable: s.keyring.usable(), Host: s.keyring.host,
		told: settingsToldKey(r), look: preferences(r), lang: s.lang(r), path: "/settings"}
	if err == nil {
		d.Keys, err = s.keysOf(r, row.ID)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return settingsView(f, d) })
}

// A keyRemoval is a security key that is about to be forgotten.
type keyRemoval struct {
	Key  keyLine `json:"key"`
	Last bool    `json:"last"` // no other is left
}

func (s *Server) keyNamed(r *http.Request, v visit) (keyRemoval, error) {
	keys, err := s.keysOf(r, v.who.Person)
	if err != nil {
		return keyRemoval{}, err
	}
	i := slices.IndexFunc(keys, func(k keyLine) bool { return k.ID == r.PathValue("k") })
	if i < 0 {
		return keyRemoval{}, chancery.ErrWithheld
	}
	return keyRemoval{keys[i], len(keys) == 1}, nil
}

// keyRemovePage says what it means to remove a security key.
func (s *Server) keyRemovePage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.keyNamed(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return keyRemoveView(f, d) })
}

// keyRemoveForm removes it.
func (s *Server) keyRemoveForm(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.keyNamed(r, v)
	if err == nil {
		err = s.chancery.RemovePasskey(r.Context(), v.who, d.Key.raw)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	goTo(w, r, "/settings?told=key-removed")
}

// serverData is what this server shows of itself.
type serverData struct {
	Party     party.Code   `json:"party"`
	Names     text.Texts   `json:"names"`
	Number    party.Number `json:"number"`
	Languages []text.Lang  `json:"languages"`
	Address   string       `json:"address,omitempty"`
	Card      string       `json:"card"`
	party     ui.Party
	groups    [6]string
	admin     bool
}

// serverPage shows whose server this is, its number and card, and how it is backed up.
func (s *Server) serverPage(w http.ResponseWriter, r *http.Request, v visit) {
	card := s.chancery.Card()
	d := serverData{Party: card.Code, Names: card.Names, Number: card.Number(), Languages: card.Languages, Address: card.Address, Card: string(card.Bytes()),
		party: s.serverBox(r).Party, groups: card.Number().Groups(), admin: v.who.Admin}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return serverView(f, d) })
}

// cardFile gives this party's card to take away. It is public.
func (s *Server) cardFile(w http.ResponseWriter, _ *http.Request, _ visit) {
	card := s.chancery.Card()
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+strings.ToLower(string(card.Code))+`.card"`)
	h.Set("Cache-Control", "no-store")
	if _, err := w.Write(card.Bytes()); err != nil {
		s.log.Warn("the card could not be written", "err", err)
	}
}

// settingsTabs are the pages of the settings.
func settingsTabs(p *locale.Printer, here string, admin bool) []ui.Tab {
	out := []ui.Tab{{Href: "/settings", Words: p.T("settings.own"), Here: here == "own"}}
	if admin {
		out = append(out, ui.Tab{Href: "/settings/people", Words: p.T("people.title"), Here: here == "people"})
	}
	out = append(out, ui.Tab{Href: "/settings/tokens", Words: p.T("token.title"), Here: here == "tokens"})
	return append(out, ui.Tab{Href: "/settings/server", Words: p.T("settings.server"), Here: here == "server"})
}

// A lookChoice is one of the looks that a reader chooses.
type lookChoice struct {
	name    string
	label   string
	hint    string
	options []lookOption
}

type lookOption struct {
	value, label, lang string
	on                 bool
}

// looks are the choices of how the pages look and are spoken to.
func (d settingsData) looks(p *locale.Printer, languages []string) []lookChoice {
	speak := lookChoice{name: "language", label: p.T("shell.language"), hint: p.T("look.language.hint")}
	for _, l := range languages {
		speak.options = append(speak.options, lookOption{l, locale.Name(l), l, l == p.Tag()})
	}
	return []lookChoice{speak,
		{"theme", p.T("shell.theme"), "", []lookOption{
			{"system", p.T("shell.theme.system"), "", d.look.theme == ""}, {"light", p.T("shell.theme.light"), "", d.look.theme == "light"}, {"dark", p.T("shell.theme.dark"), "", d.look.theme == "dark"}}},
		{"density", p.T("shell.density"), "", []lookOption{
			{"comfortable", p.T("shell.density.comfortable"), "", d.look.density != "compact"}, {"compact", p.T("shell.density.compact"), "", d.look.density == "compact"}}},
		{"keys", p.T("shell.keys"), p.T("look.keys.hint"), []lookOption{{"on", p.T("shell.on"), "", d.look.keys != "off"}, {"off", p.T("shell.off"), "", d.look.keys == "off"}}},
	}
}
