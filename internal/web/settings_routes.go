package web

import "net/http"

// settingsRoutes are the search and the settings.
func (s *Server) settingsRoutes(m *http.ServeMux) {
	s.own(m, "/search", s.searchPage)

	m.HandleFunc("POST /sign-in/key/begin", s.keySignInBegin)
	m.HandleFunc("POST /sign-in/key/finish", s.keySignInFinish)

	s.own(m, "/settings", s.settingsPage)
	s.own(m, "/settings/server", s.serverPage)
	m.HandleFunc("GET /settings/card", s.signedIn(s.cardFile))
	m.HandleFunc("POST /settings/keys/begin", s.signedIn(s.keyAddBegin))
	m.HandleFunc("POST /settings/keys/finish", s.signedIn(s.keyAddFinish))
	s.own(m, "/settings/keys/{k}/remove", s.keyRemovePage)
	m.HandleFunc("POST /settings/keys/{k}/remove", s.signedIn(s.keyRemoveForm))
	s.own(m, "/settings/link", s.linkOwn(s.personLinkPage))
	m.HandleFunc("POST /settings/link", s.signedIn(s.linkOwn(s.personLinkForm)))

	s.own(m, "/settings/tokens", s.tokensPage)
	s.own(m, "/settings/tokens/new", s.administrator(s.tokenNewPage))
	m.HandleFunc("POST /settings/tokens/new", s.signedIn(s.administrator(s.tokenNewForm)))
	s.own(m, "/settings/tokens/{t}/revoke", s.tokenEndPage)
	m.HandleFunc("POST /settings/tokens/{t}/revoke", s.signedIn(s.tokenEndForm))

	s.own(m, "/settings/people", s.administrator(s.peoplePage))
	s.own(m, "/settings/people/add", s.administrator(s.personAddPage))
	m.HandleFunc("POST /settings/people/add", s.signedIn(s.administrator(s.personAddForm)))
	for name, p := range map[string][2]personPage{
		"change": {s.personChangePage, s.personChangeForm},
		"link":   {s.personLinkPage, s.personLinkForm},
		"remove": {s.personRemovePage, s.personRemoveForm},
	} {
		path := "/settings/people/{p}/" + name
		s.own(m, path, s.aboutPerson(p[0]))
		m.HandleFunc("POST "+path, s.signedIn(s.aboutPerson(p[1])))
	}
}
