package exchange_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/plan"
)

// TestSchedulesEndInStep: whatever is written, fetched, carried or lost in whatever order, in the
// end all hold the same entries and have adopted the same texts.
func TestSchedulesEndInStep(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		codes := []string{"US", "IL", "EG"}[:rapid.IntRange(2, 3).Draw(rt, "parties")]
		n := newNetwork()
		var homes []*home
		for _, c := range codes {
			homes = append(homes, newHome(t, n, partyCode(c)))
		}
		for i, h := range homes {
			for j, o := range homes {
				if i != j { // a chain of lines, so that three parties need a relay; some reach one way only
					h.meet(o, (i-j == 1 || j-i == 1) && (i < j || rapid.Bool().Draw(rt, "both ways")))
				}
			}
			h.serve()
		}
		defer func() {
			for _, h := range homes {
				h.Close()
			}
		}()
		g := convene(homes...)
		join(g, partyCode(codes[0]), homes[1:]...)
		tabled := map[act.Ref][]act.Hash{}
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			h := homes[rapid.IntRange(0, len(homes)-1).Draw(rt, "who")]
			o := homes[rapid.IntRange(0, len(homes)-1).Draw(rt, "whom")]
			ref := act.Ref(fmt.Sprintf("A-%d", rapid.IntRange(1, 3).Draw(rt, "element")))
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0, 1:
				tabled[ref] = append(tabled[ref], h.table(ref, fmt.Sprintf("Text %d.", len(tabled[ref]))))
			case 2:
				acceptAny(h, ref, tabled[ref])
			case 3:
				h.x.Fetch(context.Background())
			case 4, 5:
				if h != o {
					if file, _, err := h.x.WriteBundle(context.Background(), h.plenary(), o.card.Code, rapid.Bool().Draw(rt, "whole")); err == nil && rapid.Bool().Draw(rt, "arrives") {
						o.apply(file)
					}
				}
			}
		}
		for range 2 * len(homes) {
			for _, h := range homes {
				if err := h.x.Fetch(context.Background()); err != nil {
					rt.Fatal(err)
				}
			}
		}
		if !same(g.ID(), homes...) {
			rt.Fatalf("they do not hold the same")
		}
		first := picture(homes[0])
		for _, h := range homes {
			if p := picture(h); p != first {
				rt.Fatalf("%s sees\n%s\nand %s\n%s", codes[0], first, h.card.Code, p)
			}
			list, err := h.x.Status(context.Background())
			if err != nil {
				rt.Fatal(err)
			}
			for _, s := range list {
				if s.Address != "" && s.State != "in-step" {
					rt.Fatalf("%s says %+v", h.card.Code, s)
				}
			}
		}
	})
}

// acceptAny accepts the first of the revisions that the rule lets it accept.
func acceptAny(h *home, ref act.Ref, ids []act.Hash) {
	for _, id := range ids {
		if _, err := h.plenary().Admit(context.Background(), h.who, draft(act.Accept{Element: ref, Revision: id})); err == nil {
			return
		}
	}
}

// picture is what a home makes of the group.
func picture(h *home) string {
	var b []byte
	h.plenary().View(func(s *plan.State) {
		for i := 1; i <= 3; i++ {
			e := s.Element(act.Ref(fmt.Sprintf("A-%d", i)))
			if e == nil {
				continue
			}
			b = fmt.Appendf(b, "%s %v:", e.Ref(), e.Status())
			for _, r := range e.Adopted() {
				b = fmt.Appendf(b, " %s", r.ID.Short())
			}
			for p := range h.plenary().Charter().Parties {
				if r := e.Position(uint8(p)); r != nil {
					b = fmt.Appendf(b, " %d=%s", p, r.ID.Short())
				}
			}
			b = append(b, '\n')
		}
	})
	return string(b)
}
