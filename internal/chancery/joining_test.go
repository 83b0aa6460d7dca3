package chancery_test

import (
	"sync"
	"testing"

	"entente/internal/chancery"
)

// TestOfferedManyTimesAtOnce: a charter that comes by several lines while a person answers is one group,
// under its number, and joined.
func TestOfferedManyTimesAtOnce(t *testing.T) {
	for range 20 {
		us, il := newHome(t, "US", "United States", "d.reyes"), newHome(t, "IL", "Israel", "n.amar")
		link(t, us, il)
		link(t, il, us)
		g, err := us.Convene(t.Context(), us.who, terms(us.member(), il.member()))
		if err != nil {
			t.Fatal(err)
		}
		raw := g.Charter().Format()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := il.Offered(t.Context(), raw, "US"); err != nil {
					t.Error(err)
				}
				if _, err := il.Answer(t.Context(), il.who, g.ID(), true); err != nil && err != chancery.ErrWithheld { // answered already
					t.Error(err)
				}
			})
		}
		all.Wait()
		if joined, ok := il.Group("0"); !ok || joined.ID() != g.ID() || len(il.Groups()) != 1 {
			t.Fatalf("joined under 0: %v; %d groups", ok, len(il.Groups()))
		}
		rows, err := il.desk.Groups(t.Context())
		if err != nil || len(rows) != 1 || rows[0].State != chancery.GroupJoined || rows[0].Handle != "0" {
			t.Fatalf("kept as %+v, %v", rows, err)
		}
	}
}
