package web

import "net/http"

// settingsRoutes are the search and the settings.
func (s *Server) settingsRoutes(m *http.ServeMux) {
	s.own(m, "/search", s.searchPage)
}
