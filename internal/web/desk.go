package web

import (
	"net/http"

	"entente/internal/chancery"
)

// deskRoutes are the pages of a person's own desk: signing in, Today, the groups and the
// counterparts. Search and Settings stand in settings_routes.go.
func (s *Server) deskRoutes(m *http.ServeMux) {
	s.own(m, "/{$}", s.todayPage)
	m.HandleFunc("GET /.json", s.signedIn(s.todayPage))
	s.open(m, "/sign-in", s.signInPage)
	m.HandleFunc("GET /", s.nothingHere)
	s.open(m, "/enter", s.enterPage)
	m.HandleFunc("POST /enter", s.enterForm)
	s.open(m, "/set-up", s.setUpPage)
	s.own(m, "/sync", s.syncPage)
	for _, kind := range []string{"invite", "join", "accept"} {
		s.own(m, "/sync/"+kind, s.linkPage(kind))
	}
	m.HandleFunc("POST /sync/invite", s.signedIn(s.maylink(s.inviteForm)))
	m.HandleFunc("POST /sync/join", s.signedIn(s.fileForm("join")))
	m.HandleFunc("POST /sync/accept", s.signedIn(s.fileForm("accept")))
	s.own(m, "/sync/bundle", s.bundlePage)
	m.HandleFunc("POST /sync/bundle", s.signedIn(s.bundleForm))
	m.HandleFunc("POST /sync/bundle/apply", s.signedIn(s.applyForm))
	s.own(m, "/sync/write", s.writePage)
	m.HandleFunc("POST /sync/write", s.signedIn(s.writeForm))
	m.HandleFunc("GET /sync/{p}", s.signedIn(s.counterpartPage))
	m.HandleFunc("POST /sync/{p}/try", s.signedIn(s.tryForm))
	m.HandleFunc("POST /sync/{p}/address", s.signedIn(s.addressForm))
	m.HandleFunc("GET /sync/{p}/evidence/{g}", s.signedIn(s.evidenceFile))
	m.HandleFunc("POST /set-up", s.setUpForm)
	s.groupRoutes(m)
}

// nothingHere answers an address that leads nowhere.
func (s *Server) nothingHere(w http.ResponseWriter, r *http.Request) {
	v := visit{json: wantsJSON(r)}
	if who, err := s.session(r); err == nil {
		v.who = who
	}
	s.fail(w, r, v, chancery.ErrWithheld)
}

// open registers a page for which nobody need sign in, and its twin.
func (s *Server) open(m *http.ServeMux, path string, p page) {
	h := func(w http.ResponseWriter, r *http.Request) {
		v := visit{json: wantsJSON(r)}
		if who, err := s.session(r); err == nil {
			v.who = who
		}
		p(w, r, v)
	}
	m.HandleFunc("GET "+path, h)
	m.HandleFunc("GET "+path+jsonSuffix, h)
}

// own registers a page of who is signed in, and its twin.
func (s *Server) own(m *http.ServeMux, path string, p page) {
	m.HandleFunc("GET "+path, s.signedIn(p))
	if twin := path + jsonSuffix; path != "/{$}" {
		m.HandleFunc("GET "+twin, s.signedIn(p))
	}
}

// groupRoutes are the pages of who sits where.
func (s *Server) groupRoutes(m *http.ServeMux) {
	s.own(m, "/groups", s.groupsPage)
	m.HandleFunc("GET /groups/{g}", s.inGroupPath(s.groupPage))
	s.own(m, "/groups/new", s.maylink(s.convenePage))
	m.HandleFunc("POST /groups/new", s.signedIn(s.maylink(s.conveneForm)))
	m.HandleFunc("GET /invitations/{id}", s.signedIn(s.invitedPage))
	m.HandleFunc("POST /invitations/{id}", s.signedIn(s.answerForm))
	m.HandleFunc("GET /groups/{g}/delegation", s.inGroup(s.delegationPage))
	m.HandleFunc("GET /groups/{g}/delegation.json", s.inGroup(s.delegationPage))
	m.HandleFunc("POST /groups/{g}/delegation", s.inGroup(s.delegationForm))
	s.twin(m, "/groups/{g}/calendar", s.calendarPage)
	m.HandleFunc("POST /groups/{g}/calendar", s.inGroup(s.calendarForm))
}
