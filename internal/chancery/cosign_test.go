package chancery_test

import (
	"crypto/ed25519"
	"errors"
	"testing"

	"entente/ledger"
)

// A checkpoint with a cosignature by nobody of the group is not taken: it would stand in every
// proof that is made here.
func TestStrangersCosignatureIsRefused(t *testing.T) {
	us, il := linked(t)
	il.admit(goal("G-1", "Block any path."))
	g, o := us.plenary(), il.plenary()
	have := map[ledger.Log]uint64{}
	for _, h := range g.Heads() {
		have[h.Log] = h.Size
	}
	deltas := o.Deltas(have, 1<<30)
	stranger := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	before := g.Version()
	for i, d := range deltas {
		book := ledger.NewBook(d.Log, o.Charter().Parties[d.Log.Party].Signing)
		signed, err := ledger.Open(book.Key(), book.Origin(), d.Note)
		if err != nil {
			t.Fatal(err)
		}
		if signed, err = ledger.Cosign(stranger, signed, il.clock()); err != nil {
			t.Fatal(err)
		}
		deltas[i].Note = signed.Note()
	}
	_, err := g.Take(t.Context(), "IL", deltas)
	var bad *ledger.NoteError
	if !errors.As(err, &bad) || g.Version() != before {
		t.Fatalf("taken: %v", err)
	}
	exchange(t, us, il)
}
