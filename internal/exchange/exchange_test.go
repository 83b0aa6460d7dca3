package exchange_test

import (
	"context"
	"testing"

	"entente/act"
	"entente/plan"
)

func inForce(h *home, ref act.Ref) (id act.Hash) {
	h.plenary().View(func(s *plan.State) {
		if e := s.Element(ref); e != nil && e.InForce() != nil {
			id = e.InForce().ID
		}
	})
	return id
}

func TestTwoServersAgree(t *testing.T) {
	_, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	for _, h := range homes {
		h.serve()
		h.run()
	}
	id := us.table("A-1", "The Parties may meet.")
	eventually(t, "IL sees the text", func() bool {
		found := false
		il.plenary().View(func(s *plan.State) { found = s.Element("A-1") != nil })
		return found
	}, homes...)
	il.accept("A-1", id)
	eventually(t, "both have adopted it", func() bool { return inForce(us, "A-1") == id && inForce(il, "A-1") == id }, homes...)
	eventually(t, "both are in step and say so", func() bool {
		for _, h := range homes {
			list, err := h.x.Status(context.Background())
			if err != nil || list[0].State != "in-step" || !list[0].Connected {
				return false
			}
		}
		return true
	}, homes...)
	rows, err := il.desk.Exchanges(context.Background(), 100)
	if err != nil || len(rows) == 0 {
		t.Errorf("no exchange record: %v", err)
	}
	for _, r := range rows {
		t.Logf("%s %s log %v: %d entries, size %d, %s", r.What, r.Party, r.Log, r.Entries, r.Size, r.Result)
	}
}
