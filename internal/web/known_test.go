package web_test

import (
	"net/http"
	"testing"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web"
)

// TestCounterpartsAreShownToWhoSharesAGroupWithThem: the header and the page Counterparts name a
// counterpart to whoever sits in a group with it, and to administrators, and to nobody else.
func TestCounterpartsAreShownToWhoSharesAGroupWithThem(t *testing.T) {
	q := &quiet{standing: api.Standing{State: api.Apart}}
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), func(cfg *web.Config) { cfg.Couriers = q })
	il := newGround(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"), nil)
	fr := newGround(t, "FR", both("France", "צרפת"), "m.petit", both("M. Petit", "מ׳ פטי"), nil)
	linkGrounds(us, il)
	linkGrounds(us, fr)
	g := conveneOn(0, both("Plenary", "מליאה"), act.Hash{}, us, il)[0]
	conveneOn(1, both("Other", "אחרת"), g.ID(), us, fr)

	outside := us.guest("k.moore")
	seated := us.guest("k.lind")
	if _, err := g.Admit(t.Context(), us.who, draft(act.Accredit{Delegates: []act.Delegate{
		{Person: "d.reyes", Name: in("en", "D. Reyes"), Powers: act.MayRemark | act.MayConvene | act.MayPropose},
		{Person: "k.lind", Name: in("en", "K. Lind"), Powers: act.MayRemark},
	}})); err != nil {
		t.Fatal(err)
	}
	us.signedIn().get("/sync").has(http.StatusOK, "Israel", "France")
	p := seated.get("/sync")
	p.has(http.StatusOK, "Israel")
	p.hasNot("France")
	p = outside.get("/sync")
	p.has(http.StatusOK)
	p.hasNot("Israel", "France")
	for path, want := range map[string]int{"/sync/IL": http.StatusOK, "/sync/FR": http.StatusNotFound} {
		if got := seated.get(path).status; got != want {
			t.Errorf("%s to who sits with IL alone: %d, want %d", path, got, want)
		}
	}
	seated.post("/sync/FR/try", nil).has(http.StatusNotFound)
	seated.get("/").hasNot("France")
	seated.get("/groups/new").hasNot("France")
	if list, err := us.Known(t.Context(), chancery.Who{Person: "k.moore"}); err != nil || len(list) != 0 {
		t.Errorf("who sits in no group knows %d counterparts, %v", len(list), err)
	}
}
