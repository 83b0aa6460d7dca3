package accord

import (
	"testing"

	"entente/act"
)

// FuzzState builds logs from bytes, four to an entry: who writes, what, about which revision,
// and what of which other log it has seen; gives them to one node whole and to another in
// pieces; and compares both with each other and with the second implementation.
func FuzzState(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 1, 1, 0, 1, 0, 3, 0, 0x11})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 2, 0, 3, 1, 0x12, 1, 1, 0, 0, 0, 1, 0, 0x13})
	f.Add([]byte{2, 0, 0, 0, 3, 1, 0, 1, 4, 1, 0, 0x11, 3, 3, 0, 0x21, 3, 2, 0, 0, 4, 5, 0, 0x13, 2, 3, 0, 0x12})
	f.Add([]byte{0, 0, 0, 0, 1, 7, 0, 0x81, 1, 1, 0, 0xc1, 0, 6, 0, 0, 1, 1, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4*24 {
			return
		}
		w := worldOf(b)
		whole, pieces := fold(w.all()), &view{w, make([]int, len(w.logs))}
		s := New(len(w.logs))
		adopted := 0
		for at := len(b) - 1; at >= 0; at-- {
			p := int(b[at]) % len(w.logs)
			pieces.have[p] = min(pieces.have[p]+1, len(w.logs[p]))
			s.Advance(pieces, nothing)
			if e := s.Element("A-1"); e != nil {
				if len(e.Adopted()) < adopted {
					t.Fatal("an adoption is undone")
				}
				adopted = len(e.Adopted())
			}
		}
		copy(pieces.have, w.lengths())
		s.Advance(pieces, nothing)
		if got, want := show(s), show(whole); got != want {
			t.Fatalf("in pieces:\n%s\nwhole:\n%s\nof\n%s", got, want, w)
		}
		if diff := newModel(w.all()).compare(s); diff != "" {
			t.Fatalf("%s\n%s", diff, w)
		}
	})
}

// worldOf reads bytes as a history of two to four parties. Any bytes are one.
func worldOf(b []byte) *world {
	parties := 2
	if len(b) > 0 {
		parties += int(b[0]>>1) % 3
	}
	w := newWorld(parties)
	for ; len(b) >= 4; b = b[4:] {
		p := b[0] % uint8(parties)
		if b[1]%16 == 15 {
			w.resume(p)
			continue
		}
		w.write(p, moveOf(w, p, b))
	}
	return w
}

func moveOf(w *world, p uint8, b []byte) Move {
	kinds := []act.Kind{act.KindTable, act.KindAccept, act.KindWithdraw, act.KindConfirm, act.KindSee, act.KindAccept, act.KindConfirm}
	m := Move{Kind: act.KindSee, Element: "A-1"}
	if k := int(b[1] % 16); k < len(kinds) {
		m.Kind = kinds[k]
	} else if k == 7 {
		m.Flaw = WrongPlace
	}
	m.Offered, m.Tied = b[1]&32 != 0, b[1]&64 != 0
	if b[1]&16 != 0 {
		m.Element = "A-2"
	}
	if m.Kind != act.KindTable && m.Kind != act.KindWithdraw {
		m.Revision = revisionOf(b[2]>>6, int(b[2]&63))
	}
	if q := b[3] >> 4 & 3; b[3] != 0 && int(q) < len(w.logs) {
		n := w.at(q, min(int(b[3]&15), len(w.logs[q])+1))
		if b[3]&0x80 != 0 {
			n.Root[31] = 'x'
		}
		if b[3]&0x40 == 0 || q != p {
			m.Seen = []act.Seen{n}
		}
	}
	return m
}
