package api

import (
	"context"

	"entente/act"
	"entente/internal/chancery"
	"entente/plan"
)

// A Sent says where an act that was asked for now stands.
type Sent struct {
	Act     string  `json:"act"` // the act's kind
	Element act.Ref `json:"element,omitempty"`
	chancery.Receipt
	Short  string      `json:"short,omitempty"`  // table: the revision's short id
	Number int         `json:"number,omitempty"` // table: the revision's number
	Status plan.Status `json:"status"`           // of the element, now
}

// Send turns requests into acts as the plan stands, and admits them: all of them or none.
func Send(ctx context.Context, g *chancery.Group, who chancery.Who, asks ...Ask) ([]Sent, error) {
	var drafts []chancery.Draft
	var err error
	g.View(func(p *plan.State) {
		for _, ask := range asks {
			var d chancery.Draft
			if d, err = Draft(p, g.Self(), ask, drafts); err != nil {
				return
			}
			for _, body := range whole(p, g.Self(), d.Body) {
				drafts = append(drafts, chancery.Draft{Body: body})
			}
			drafts = append(drafts, d)
		}
	})
	if err != nil {
		return nil, err
	}
	receipts, err := g.Admit(ctx, who, drafts...)
	if err != nil {
		return nil, err
	}
	out := make([]Sent, len(receipts))
	g.View(func(p *plan.State) {
		for i, r := range receipts {
			out[i] = sentOf(p, drafts[i].Body, r)
		}
	})
	return out, nil
}

func sentOf(p *plan.State, b act.Body, r chancery.Receipt) Sent {
	s := Sent{Act: b.Kind().String(), Element: act.About(b), Receipt: r}
	if rev := p.Rule().Revision(r.ID); rev != nil {
		s.Short, s.Number = r.ID.Short(), rev.Number
	}
	if e := p.Element(s.Element); e != nil {
		s.Status = e.Status()
	}
	return s
}
