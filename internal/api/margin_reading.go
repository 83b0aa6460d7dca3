package api

import (
	"context"
	"net/http"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/plan"
)

// AskMarginReading is an observation that is to be kept in the national margin: a new one, what the one
// with that number says now, or its end.
type AskMarginReading struct {
	Number  uint64        `json:"number,omitempty" doc:"of the entry that is changed or ended"`
	End     bool          `json:"end,omitempty"`
	Reading *AskReading   `json:"reading,omitempty"`
	Source  *act.Citation `json:"source,omitempty"`
	Words   Words         `json:"words,omitempty" doc:"what is thought of it"`
}

// KeepReading keeps an observation beside an agreement, an obligation or a programme, for this party's
// delegation alone: it is computed with beside those that the group has, and leaves in no form.
func (d MonitorDesk) KeepReading(ctx context.Context, g *chancery.Group, who chancery.Who, ref act.Ref, ask AskMarginReading) (out MarginEntry, err error) {
	m := MarginDesk{d.Chancery, d.Margins}
	h, err := m.hand(ctx, g, who)
	if err != nil {
		return out, err
	}
	e := national.Entry{Number: ask.Number, Field: national.Reading, Element: ref, Ended: ask.End}
	if !ask.End {
		here := false
		g.View(func(p *plan.State) { here = watchedBy(p, ref) != "" })
		if !here {
			return out, refuse("watched", "Nothing is watched at %s in this group. Nothing was written. Name an agreement, an obligation or a programme.", ref.Display())
		}
		if ask.Reading == nil || ask.Source == nil {
			return out, badRequest("An observation needs what was read, and where it was read. Nothing was written.")
		}
		r, err := ask.Reading.reading()
		if err != nil {
			return out, err
		}
		source, err := citation(*ask.Source)
		if err != nil {
			return out, err
		}
		e.Reading, e.Source = &r, &source
		if e.Words, err = ask.Words.Texts(); err != nil {
			return out, err
		}
	}
	out.Entry, err = m.enter(ctx, g, h, e)
	return out, err
}

func (s *Server) keepReading(r *http.Request, v visit, ask AskMarginReading) (MarginEntry, error) {
	ref, err := pathRef(r)
	if err != nil {
		return MarginEntry{}, err
	}
	if err := s.named(r.Context(), v); err != nil {
		return MarginEntry{}, err
	}
	return s.monitorDesk().KeepReading(r.Context(), v.group, v.who, ref, ask)
}
