package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/exchange"
	"entente/ledger"
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

// TestOneSideCanReach: only IL can dial, and still both are up to date.
func TestOneSideCanReach(t *testing.T) {
	_, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	us.meet(il, false)
	us.serve()
	us.run()
	il.run()
	id := us.table("A-1", "The Parties may meet.")
	eventually(t, "IL has it", func() bool { return same(us.plenary().ID(), homes...) }, homes...)
	il.accept("A-1", id)
	eventually(t, "it is adopted at US", func() bool { return inForce(us, "A-1") == id }, homes...)
	eventually(t, "and at IL", func() bool { return inForce(il, "A-1") == id }, homes...)
	list, err := us.x.Status(context.Background())
	if err != nil || !list[0].Connected || list[0].Address != "" {
		t.Errorf("US: %+v, %v", list, err)
	}
}

// TestInvitationTravels: a charter is offered, waits, is answered, and the group comes alive.
func TestInvitationTravels(t *testing.T) {
	for _, reach := range []bool{true, false} {
		n := newNetwork()
		us, il := newHome(t, n, "US"), newHome(t, n, "IL")
		us.meet(il, true)
		il.meet(us, reach)
		il.serve()
		us.serve()
		us.run()
		il.run()
		g := convene(us, il)
		var rows []chancery.GroupRow
		eventually(t, "IL is invited", func() bool {
			rows, _ = il.Invited(context.Background(), il.who)
			return len(rows) == 1
		}, us, il)
		if _, err := il.Answer(context.Background(), il.who, rows[0].ID, true); err != nil {
			t.Fatal(err)
		}
		eventually(t, "both hold both logs", func() bool {
			return same(g.ID(), us, il) && len(g.Heads()) == 2
		}, us, il)
	}
}

// TestRelay: US and EG cannot reach one another; IL passes everything on.
func TestRelay(t *testing.T) {
	_, homes := alliance(t, "US", "IL", "EG")
	us, il, eg := homes[0], homes[1], homes[2]
	us.meet(eg, false)
	eg.meet(us, false)
	for _, h := range homes {
		h.serve()
		h.run()
	}
	id := us.table("A-1", "The Parties shall meet weekly.")
	eventually(t, "EG holds what US said", func() bool { return same(us.plenary().ID(), homes...) && len(eg.plenary().Heads()) == 3 }, homes...)
	il.accept("A-1", id)
	eg.accept("A-1", id)
	eventually(t, "all three have adopted it", func() bool {
		return inForce(us, "A-1") == id && inForce(il, "A-1") == id && inForce(eg, "A-1") == id
	}, homes...)
}

// TestNobodySeesWhatItIsNoMemberOf: EG is a counterpart of US, and asks for the group of US and IL.
func TestNobodySeesWhatItIsNoMemberOf(t *testing.T) {
	n := newNetwork()
	us, il, eg := newHome(t, n, "US"), newHome(t, n, "IL"), newHome(t, n, "EG")
	us.meet(il, true)
	us.meet(eg, true)
	eg.meet(us, true)
	il.meet(us, true)
	g := convene(us, il)
	us.table("A-1", "Not for Egypt.")
	us.serve()
	none := act.Hash{1}
	answers := map[act.Hash][]byte{}
	for _, id := range []act.Hash{g.ID(), none} {
		status, body := ask(t, n, eg, us, exchange.Request{Have: []exchange.Holdings{{Group: id}}})
		if status != 200 {
			t.Fatalf("status %d", status)
		}
		answers[id] = body
	}
	if !bytes.Equal(answers[g.ID()], answers[none]) {
		t.Errorf("a group that EG may not see, and one that does not exist, look different")
	}
	for _, path := range []string{"/tiles/" + originOf(g) + "/checkpoint", "/tiles/" + strings.Repeat("0", 64) + "/checkpoint"} {
		if status, _ := get(t, n, eg, us, path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
		if status, _ := get(t, n, il, us, path); (status == 200) != strings.Contains(path, originOf(g)) {
			t.Errorf("%s: %d for a member", path, status)
		}
	}
}

func originOf(g *chancery.Group) string {
	o := ledger.Origin(g.ID(), g.Charter().Parties[0].Signing, 0)
	return strings.TrimPrefix(o, "entente/")
}

// TestCutLinesMend: lines are cut again and again while both write, and in the end both agree.
func TestCutLinesMend(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	for _, h := range homes {
		h.serve()
		h.run()
	}
	for i := range 6 {
		n.snap(us.address())
		n.snap(il.address())
		us.table(act.Ref(fmt.Sprintf("A-%d", i+1)), "One text of the United States.")
		il.table(act.Ref(fmt.Sprintf("A-%d", i+1)), "Another of Israel.")
		n.mend(us.address())
		if i%2 == 1 {
			n.mend(il.address())
			eventually(t, "both hold the same", func() bool { return same(us.plenary().ID(), homes...) }, homes...)
		}
	}
}
