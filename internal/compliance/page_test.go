package compliance

import (
	"fmt"
	"slices"
	"testing"

	"entente/act"
)

// TestCardsByThePage has more obligations than a board holds cards, and reaches every one of them once.
func TestCardsByThePage(t *testing.T) {
	w := newWorld(t, 2)
	w.agreement()
	const all, size = 13, 5
	for i := range all {
		x := heavyWater()
		x.Quantity = fmt.Sprintf("stock_%d", i)
		x.Rule = x.Quantity + ".latest() <= 130.0"
		x.Near = ""
		w.obligation(act.Ref(fmt.Sprintf("O-%d", i+1)), "Stock", x)
		value := "100"
		if i%4 == 0 {
			value = "131"
		}
		w.observe(0, "T-1", x.Quantity, "t", read{"2017-05-16", value, nil})
	}
	p := w.state()
	b := NewBook(p)
	m := Today("2017-06-01")
	board, ok := b.Board(p, "T-1", m, 0)
	if !ok || len(board.Cards) != all {
		t.Fatalf("the board has %d cards, %v", len(board.Cards), ok)
	}
	var seen []act.Ref
	for from := 0; from < all; from += size {
		cards, n := b.Cards(p, "T-1", m, Unjudged, from, size)
		if n != all {
			t.Errorf("%d obligations in all, want %d", n, all)
		}
		for _, c := range cards {
			seen = append(seen, c.Ref)
		}
	}
	if !slices.EqualFunc(seen, board.Cards, func(r act.Ref, c Card) bool { return r == c.Ref }) {
		t.Errorf("the pages hold %v", seen)
	}
	over, n := b.Cards(p, "T-1", m, Exceeded, 2, 10)
	if n != 4 || len(over) != 2 || over[0].Ref != "O-9" || over[1].Verdict != Exceeded {
		t.Errorf("%d exceeded, of them %d from the third on: %v", n, len(over), over)
	}
	if cards, n := b.Cards(p, "T-9", m, Unjudged, 0, 5); n != 0 || cards != nil {
		t.Error("there is no T-9")
	}
	if cards, n := b.Cards(p, "T-1", m, Unjudged, 100, 5); n != all || len(cards) != 0 {
		t.Errorf("beyond the end stand %d of %d", len(cards), n)
	}
}
