package compliance

import (
	"testing"

	"entente/act"
)

// TestAttestOfManyIsAnAct: of more than nine obligations too, which acts put in another order than pages.
func TestAttestOfManyIsAnAct(t *testing.T) {
	w := under(t, heavyWater())
	for _, ref := range []act.Ref{"O-2", "O-10", "O-2.1"} {
		w.obligation(ref, "Stock of heavy water", heavyWater())
	}
	p := w.state()
	x, ok := NewBook(p).Attest(p, "T-1", "2016-06-01")
	if !ok || len(x.Findings) != 4 || x.Findings[1].Element != "O-10" {
		t.Fatalf("attested %+v", x)
	}
	w.tell(1, x) // fails where it is no act
	p = w.state()
	board, _ := NewBook(p).Board(p, "T-1", Today("2016-06-01"), 0)
	if len(board.Attested) != 1 || !board.Attested[0].Same || board.Digest != x.Digest {
		t.Errorf("the attest comes out as %+v, and the board as %s", board.Attested, board.Digest)
	}
}
