package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"entente/internal/chancery"
	"entente/party"
)

// AskRecovery says what else there is to recover from.
type AskRecovery struct {
	Bundles []string     `json:"bundles,omitempty" doc:"bundles of counterparts, in base64"`
	Without []party.Code `json:"without,omitempty" doc:"counterparts that nothing of this party had reached"`
}

// Recovered says what was found in each group in which a new epoch was opened.
type Recovered struct {
	Recovered []chancery.Recovery `json:"recovered"`
}

// recover opens a new epoch wherever this server may not write, after its own entries have been
// fetched back: from every counterpart that can be reached, and from bundles. A counterpart that
// has not been heard may hold entries that are not here, and would then never follow into the new
// epoch; so each has to be heard, or named as one that nothing had reached.
func (s *Server) recover(r *http.Request, v visit, ask AskRecovery) (out Recovered, err error) {
	if !v.who.Admin {
		return out, refuse("powers", "Only an administrator recovers a server. Nothing was changed.")
	}
	heard, trouble, err := s.hear(r.Context(), v, ask.Bundles)
	if err != nil {
		return out, err
	}
	missing, err := s.unheard(r.Context(), append(heard, ask.Without...))
	if err != nil {
		return out, err
	}
	if len(missing) > 0 {
		return out, refuse("unheard", "%s could not be asked how far this party's log had come. No epoch was opened; what the others held has been fetched back. Connect, or have a bundle of everything written there (entente bundle write %s --whole) and recover with it: --bundle FILE. Only if nothing of yours ever reached %s: --without %s%s",
			joinCodes(missing), s.Chancery.Self(), joinCodes(missing), missing[0], told(trouble))
	}
	out.Recovered, err = s.Chancery.Recover(r.Context(), v.who, s.Place)
	return out, err
}

func told(trouble []string) string {
	if len(trouble) == 0 {
		return ""
	}
	return "\n" + strings.Join(trouble, "\n")
}

func joinCodes(list []party.Code) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}

// hear lets counterparts give back this party's own entries. It says who was heard.
func (s *Server) hear(ctx context.Context, v visit, bundles []string) (heard []party.Code, trouble []string, err error) {
	if s.Couriers == nil {
		return nil, nil, nil
	}
	defer s.Chancery.Recovering()()
	for _, b := range bundles {
		file, err := base64.StdEncoding.DecodeString(b)
		if err != nil {
			return nil, nil, badRequest("A bundle in the request is not in base64. Nothing was changed.")
		}
		from, _, err := s.Couriers.ApplyBundle(ctx, v.who, file)
		if err != nil {
			return nil, nil, err
		}
		heard = append(heard, from.From)
	}
	list, err := s.Chancery.Counterparts(ctx)
	for _, o := range list {
		if slices.Contains(heard, o.Card.Code) {
			continue
		}
		if err := s.Couriers.TryNow(ctx, o.Card.Code); err != nil {
			trouble = append(trouble, string(o.Card.Code)+": "+err.Error())
			continue
		}
		heard = append(heard, o.Card.Code)
	}
	return heard, trouble, err
}

// unheard lists the counterparts in groups that wait for recovery and that are not in the list.
func (s *Server) unheard(ctx context.Context, heard []party.Code) (out []party.Code, err error) {
	list, err := s.Chancery.Counterparts(ctx)
	for _, o := range list {
		waits := slices.ContainsFunc(s.Chancery.Shared(o.Card), func(g *chancery.Group) bool { return g.Held() != "" })
		if waits && !slices.Contains(heard, o.Card.Code) {
			out = append(out, o.Card.Code)
		}
	}
	return out, err
}
