package exchange

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"entente/act"
)

func number(i int) act.Hash { return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i))) }

// TestOfferedGroupsAreBounded: a counterpart that offers charter after charter does not fill the
// memory, and the requests to it can still be read.
func TestOfferedGroupsAreBounded(t *testing.T) {
	p := newPeer("EVE")
	for i := range 5 * MaxGroups {
		p.note(number(i))
	}
	if n := len(p.knows) + len(p.offered); n > 2*MaxGroups {
		t.Errorf("%d groups are remembered", n)
	}
	if _, err := ParseRequest(FormatRequest(Request{Known: p.names(nil)})); err != nil {
		t.Error(err)
	}
}

// TestPartsAreBounded: pieces of as many logs as there are epochs, each of one byte, or with
// checkpoints that nobody takes up, count for the memory that they take.
func TestPartsAreBounded(t *testing.T) {
	const parts = 4096
	for name, piece := range map[string]Piece{
		"one byte each":         {Leaves: [][]byte{{1}}},
		"nothing but the notes": {Note: make([]byte, 4096)},
	} {
		a := newAssembler()
		for i := range parts {
			piece.Epoch = uint32(i)
			if err := a.add(act.Hash{}, []Piece{piece}); err != nil {
				t.Fatal(err)
			}
		}
		if least := parts * (len(piece.Note) + 256); a.bytes < least {
			t.Errorf("%s: %d parts count for %d bytes, at least %d", name, parts, a.bytes, least)
		}
		piece.From = 7 // does not continue what is there: the old part goes
		for i := range parts {
			piece.Epoch = uint32(i)
			if err := a.add(act.Hash{}, []Piece{piece}); err != nil {
				t.Fatal(err)
			}
		}
		for log := range a.parts {
			a.drop(log)
		}
		if a.bytes != 0 {
			t.Errorf("%s: %d bytes are counted for nothing", name, a.bytes)
		}
	}
}
