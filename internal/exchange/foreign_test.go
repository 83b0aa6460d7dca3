package exchange_test

import (
	"bytes"
	"testing"

	"entente/act"
	"entente/internal/exchange"
)

// TestAForeignGroupTakesNothing: a counterpart that is no member of a group pushes what its members
// have truly signed, under the group's id, under another's, and as its own log: nothing is taken,
// nothing of it is told, and the answers are those for a group that does not exist.
func TestAForeignGroupTakesNothing(t *testing.T) {
	n, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	eg := newHome(t, n, "EG")
	us.meet(eg, true)
	eg.meet(us, true)
	us.serve()
	il.table("A-1", "Not for Egypt.")
	g, o := us.plenary(), il.plenary()
	var pieces []exchange.Piece
	for _, d := range o.Deltas(nil, 1<<20) {
		if d.Log.Party == o.Self() {
			pieces = append(pieces, exchange.Piece{Party: d.Log.Party, Epoch: d.Log.Epoch, From: d.From, Leaves: d.Leaves, Note: d.Note})
		}
	}
	mine := append([]exchange.Piece{}, pieces...)
	mine[0].Party = 0
	before := g.Version()
	for name, p := range map[string][]exchange.Piece{"as it stands": pieces, "as another's log": mine} {
		var answers [2][]byte
		for i, id := range []act.Hash{g.ID(), {1}} {
			push := exchange.Parcel{Groups: []exchange.News{{Group: id, Pieces: p}}}
			status, body := ask(t, n, eg, us, exchange.Request{All: true, Have: []exchange.Holdings{{Group: id}}, Known: []act.Hash{id}, Push: push})
			if status != 200 {
				t.Fatalf("%s: status %d", name, status)
			}
			answers[i] = body
		}
		if !bytes.Equal(answers[0], answers[1]) {
			t.Errorf("%s: the group and one that does not exist are answered differently", name)
		}
	}
	c := g.Charter()
	if status, _ := ask(t, n, eg, us, exchange.Request{Push: exchange.Parcel{Charters: [][]byte{c.Format()}}}); status != 200 {
		t.Errorf("its charter is answered with %d", status)
	}
	if status, body := ask(t, n, eg, us, exchange.Request{Have: []exchange.Holdings{{Group: g.ID()}}}); status != 200 || bytes.Contains(body, []byte("Plenary")) {
		t.Errorf("afterwards it is shown: %d", status)
	}
	if g.Version() != before {
		t.Error("something was taken")
	}
	// The same from a member is taken.
	ask(t, n, il, us, exchange.Request{Push: exchange.Parcel{Groups: []exchange.News{{Group: g.ID(), Pieces: pieces}}}})
	if g.Version() == before {
		t.Error("a member's was not taken")
	}
}
