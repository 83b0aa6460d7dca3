package exchange

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"time"

	"entente/act"
	"entente/party"
)

func number(i int) act.Hash { return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i))) }

// TestOfferedGroupsAreBounded: a counterpart that offers charter after charter does not fill the
// memory, and the requests to it can still be read.
func TestOfferedGroupsAreBounded(t *testing.T) {
	p := newPeer("EVE", &pool{})
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
		common := &pool{}
		a := newAssembler(&purse{pool: common})
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
		if a.bytes != 0 || a.purse.used != 0 || common.used != 0 {
			t.Errorf("%s: %d bytes are counted for nothing, %d of the counterpart, %d of all", name, a.bytes, a.purse.used, common.used)
		}
	}
}

// TestUnprovedEntriesAreShared: one counterpart keeps no more than its share, all together no more
// than there is for all, and each the little that it may keep in any case; what is let go of is
// there for the others.
func TestUnprovedEntriesAreShared(t *testing.T) {
	const mib = 1 << 20
	common := &pool{}
	var peers []*peer
	for i := range 5 {
		peers = append(peers, newPeer(party.Code(fmt.Sprintf("P%d", i)), common))
	}
	leaf := make([]byte, mib-leafCost-partCost)
	at := uint64(0)
	send := func(a *assembler, times int) (err error) { // a mebibyte each, of one log that goes on
		for range times {
			if err = a.add(act.Hash{}, []Piece{{From: at, Leaves: [][]byte{leaf}}}); err != nil {
				return err
			}
			at++
		}
		return nil
	}
	greedy, second, small := peers[0], peers[1], peers[2]
	if err := errors.Join(send(greedy.pulled, 150), send(greedy.pushed, 150)); err != nil {
		t.Fatal(err)
	}
	if err := send(greedy.pushed, 30); err == nil || len(greedy.pushed.parts) != 0 {
		t.Errorf("more than its share is kept: %v", err)
	}
	if err := errors.Join(send(greedy.pushed, 150), send(second.pulled, 190)); err != nil {
		t.Fatal(err)
	}
	if err := send(second.pulled, 20); err == nil || common.used > catchUpAll {
		t.Errorf("more than there is for all is kept: %d MiB, %v", common.used/mib, err)
	}
	if err := errors.Join(send(second.pulled, 190), send(small.pulled, catchUpFree/mib)); err != nil {
		t.Errorf("a counterpart that sends little is kept waiting: %v", err)
	}
	now := time.Now()
	greedy.pullAt, greedy.pushAt, second.pullAt = now.Add(-partsKept-1), now, now
	for _, p := range peers {
		p.sweep(now)
	}
	if len(greedy.pulled.parts) != 0 || len(greedy.pushed.parts) == 0 || len(second.pulled.parts) == 0 {
		t.Error("what waits too long is kept, or what does not is let go of")
	}
	for _, p := range peers {
		p.pulled.clear()
		p.pushed.clear()
	}
	if common.used != 0 {
		t.Errorf("%d bytes are counted for nothing", common.used)
	}
}
