package exchange

import (
	"context"

	"entente/internal/chancery"
	"entente/party"
)

// FetchFrom asks one counterpart until both are in step, and returns. It is refused where there is
// no address to ask at.
func (x *Exchange) FetchFrom(ctx context.Context, code party.Code) error {
	o, err := x.c.Counterpart(ctx, code)
	if err != nil {
		return err
	}
	if o.Reach() == "" {
		return &chancery.Refused{Rule: "address", Sentence: "No address is known for " + string(code) + ". Nothing was sent. Write a bundle for it, or give its address."}
	}
	return x.fetch(ctx, o)
}
