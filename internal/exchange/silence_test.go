package exchange_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/marking"
	"entente/plan"
)

// silent makes two servers on the line, in a group whose charter allows a silence of two hours, and
// has the first table a text under silence that ends in three.
func silent(t *testing.T) (n *network, us, il *home, r act.Hash) {
	t.Cleanup(func() { pass(2 * linger) }) // the last: lines that were closed are let go
	n = newNetwork()
	n.roomy = true
	us, il = newHome(t, n, "US"), newHome(t, n, "IL")
	us.meet(il, true)
	il.meet(us, true)
	for _, h := range []*home{us, il} {
		h.serve()
		h.run()
	}
	g, err := us.Convene(context.Background(), us.who, chancery.Terms{Name: names("Plenary"), Languages: us.card.Languages,
		Ceiling: marking.New(marking.Amber), Members: []group.Member{us.member(), il.member()}, Chairs: []group.Chair{{Party: "US", Person: "a.person"}},
		Silence: group.Silence{Least: 2 * time.Hour, Kinds: []act.ElementKind{act.Action}}})
	if err != nil {
		t.Fatal(err)
	}
	join(g, "US", il)
	pass(time.Minute)
	receipts, err := us.plenary().Admit(context.Background(), us.who, draft(act.Table{Element: "A-1", Until: time.Now().Add(3 * time.Hour).UnixMilli(),
		Content: act.Content{Kind: act.Action, Title: names("Title"), Text: names("They shall meet.")}}))
	if err != nil {
		t.Fatal(err)
	}
	return n, us, il, receipts[0].ID
}

func pass(d time.Duration) { time.Sleep(d); synctest.Wait() }

func wants(t *testing.T, r act.Hash, outcome string, homes ...*home) {
	t.Helper()
	for _, h := range homes {
		h.plenary().View(func(p *plan.State) {
			if x, _ := p.Silence(r, time.Now().UnixMilli()); x.Outcome != outcome {
				t.Errorf("%s says %q, not %q: %+v", h.card.Code, x.Outcome, outcome, x)
			}
		})
	}
}

// TestSilenceOverALine has the line up, cut over the end, and cut until too late.
func TestSilenceOverALine(t *testing.T) {
	t.Run("up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, us, il, r := silent(t)
			pass(time.Minute)
			wants(t, r, plan.SilenceRuns, us, il)
			pass(3*time.Hour + 5*time.Minute)
			wants(t, r, plan.SilenceAdopted, us, il)
		})
	})
	t.Run("cut over the end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n, us, il, r := silent(t)
			pass(time.Minute)
			n.snap(us.address())
			n.snap(il.address())
			pass(4 * time.Hour)
			wants(t, r, plan.SilenceAwaiting, us, il) // IL has accepted by silence, and nobody knows
			n.mend(us.address())
			n.mend(il.address())
			pass(time.Hour)
			wants(t, r, plan.SilenceAdopted, us, il)
		})
	})
	t.Run("cut until too late", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n, us, il, _ := silent(t)
			pass(time.Minute)
			n.snap(us.address())
			n.snap(il.address())
			receipts, err := us.plenary().Admit(context.Background(), us.who, draft(act.Table{Element: "A-2", Until: time.Now().Add(3 * time.Hour).UnixMilli(),
				Content: act.Content{Kind: act.Action, Title: names("Title"), Text: names("They shall meet again.")}}))
			if err != nil {
				t.Fatal(err)
			}
			pass(90 * time.Minute)
			n.mend(us.address())
			n.mend(il.address())
			pass(3 * time.Hour)
			wants(t, receipts[0].ID, plan.SilenceNotDelivered, us, il)
		})
	})
}
