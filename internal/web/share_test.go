package web

import (
	"testing"
	"time"

	"entente/party"
)

// TestNobodyTakesAllPages: one person's open pages leave room for everybody else's.
func TestNobodyTakesAllPages(t *testing.T) {
	var s shares
	for range 2 * maxStreams {
		s.take("d.reyes", streamsEach, maxStreams)
	}
	if !s.take("k.lind", streamsEach, maxStreams) || s.all != streamsEach+1 {
		t.Fatalf("%d are open", s.all)
	}
	s.give("d.reyes")
	if !s.take("d.reyes", streamsEach, maxStreams) || s.take("d.reyes", streamsEach, maxStreams) {
		t.Error("a page that was closed is not another's to open")
	}
	for i := 0; s.all < maxStreams; i++ {
		s.take(party.Person(rune('a'+i/streamsEach)), streamsEach, maxStreams)
	}
	if s.take("n.amar", streamsEach, maxStreams) {
		t.Error("more are open than there may be")
	}
	for who, n := range s.of {
		for range n {
			s.give(who)
		}
	}
	if s.all != 0 || len(s.of) != 0 {
		t.Errorf("%d are left of nobody", s.all)
	}
}

// TestNobodyTakesAllBundles: whoever reads bundle after bundle loses the oldest of them, and
// nobody else loses one.
func TestNobodyTakesAllBundles(t *testing.T) {
	var p parcels
	at := time.Unix(1_513_036_800, 0)
	mine := p.keep("k.lind", []byte("mine"), at)
	var theirs []string
	for i := range 10 {
		theirs = append(theirs, p.keep("d.reyes", []byte{byte(i)}, at.Add(time.Duration(i+1)*time.Second)))
	}
	if len(p.held) != 1+parcelsEach {
		t.Fatalf("%d bundles are held", len(p.held))
	}
	if file, ok := p.take(theirs[9], "d.reyes", at); !ok || file[0] != 9 {
		t.Error("the newest of those who read many is gone")
	}
	if file, ok := p.take(mine, "k.lind", at); !ok || string(file) != "mine" {
		t.Error("the one of who read one is gone")
	}

	// Large ones: who holds most gives way.
	large := make([]byte, parcelBytes/4)
	p = parcels{}
	small := p.keep("a", []byte("small"), at)
	one := p.keep("b", large, at.Add(1))
	for _, who := range []party.Person{"c", "c", "d", "d"} {
		p.keep(who, large, at.Add(2))
	}
	total := 0
	for _, x := range p.held {
		total += len(x.file)
	}
	if total > parcelBytes {
		t.Errorf("%d bytes are held", total)
	}
	_, ok1 := p.take(small, "a", at)
	_, ok2 := p.take(one, "b", at)
	if !ok1 || !ok2 {
		t.Error("who held little gave way to who held much")
	}
}
