package api

import (
	"net/http"
)

// acts sends what a person has decided: all of it or nothing.
func (s *Server) acts(r *http.Request, v visit) (any, error) {
	var ask struct {
		Acts []Ask `json:"acts"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if err := s.named(r.Context(), v); err != nil {
		return nil, err
	}
	sent, err := Send(r.Context(), v.group, v.who, ask.Acts...)
	if err != nil {
		return nil, err
	}
	return map[string]any{"sent": sent}, nil
}
