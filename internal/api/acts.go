package api

import (
	"net/http"
	"time"

	"entente/internal/national"
)

// AskActs are acts to be sent together.
type AskActs struct {
	Acts []Ask `json:"acts"`
}

// SentActs says where each act stands, in the order asked.
type SentActs struct {
	Sent    []Sent              `json:"sent"`
	Crossed []national.Crossing `json:"crossed,omitempty"` // red lines of one's own that the texts cross
}

// acts sends what a person has decided: all of it or nothing.
func (s *Server) acts(r *http.Request, v visit, ask AskActs) (out SentActs, err error) {
	if err := s.named(r.Context(), v); err != nil {
		return out, err
	}
	today := s.Chancery.Now().UTC().Format(time.DateOnly)
	for i := range ask.Acts {
		if a := &ask.Acts[i]; a.On == "" && (a.Act == "attest" || a.Act == "dispute") {
			a.On = today
		}
	}
	if out.Sent, err = Send(r.Context(), v.group, v.who, ask.Acts...); err != nil {
		return out, err
	}
	out.Crossed = MarginDesk{s.Chancery, s.Margin}.Crossed(v.group, v.who, out.Sent)
	return out, nil
}
