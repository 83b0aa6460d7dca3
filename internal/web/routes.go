package web

import (
	"net/http"
	"strings"

	"entente/internal/api"
	"entente/internal/web/ui"
)

// routes is the whole map of the pages. GET shows and never writes; POST carries out one act and
// sends the browser on.
func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /assets/", s.assets)
	m.HandleFunc("POST /preferences", s.preferencesForm)
	m.HandleFunc("POST /sign-out", s.signOut)
	m.HandleFunc("GET /events", s.signedIn(s.events))
	s.planRoutes(m)
	s.boardRoutes(m)
	s.marginRoutes(m)
	s.roundRoutes(m)
	s.silenceRoutes(m)
	s.packRoutes(m)
	s.monitorRoutes(m)
	s.obligationRoutes(m)
	s.deskRoutes(m)
	s.settingsRoutes(m)
	return m
}

// takesFiles tells the addresses whose forms may carry a file.
func takesFiles(path string) bool {
	return strings.HasPrefix(path, "/verify") || strings.HasPrefix(path, "/sync") || strings.HasSuffix(path, "/import")
}

// stepState turns the state of a counterpart into that of the header.
func stepState(state string) ui.StepState {
	switch state {
	case api.InStep, api.ByHand:
		return ui.InStep
	case api.Behind:
		return ui.Behind
	case api.Apart:
		return ui.Apart
	case api.Broken:
		return ui.Broken
	}
	return ui.NoCounterpart
}
