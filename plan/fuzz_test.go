package plan

import "testing"

// FuzzFold folds leaves that were spoilt at one place, and leaves that are no acts: whatever they
// are, every page can be made and the counts are right.
func FuzzFold(f *testing.F) {
	w := talks(f)
	f.Add(uint8(0), uint16(3), uint16(40), byte(1), "")
	f.Add(uint8(1), uint16(9), uint16(90), byte(7), "garbage")
	f.Fuzz(func(t *testing.T, p uint8, ordinal, at uint16, flip byte, extra string) {
		v := &world{t: t, charter: w.charter, id: w.id, logs: make([]memLog, len(w.logs)), sees: w.sees}
		for q := range w.logs {
			v.logs[q].roots = w.logs[q].roots[:1:1]
			for i, leaf := range w.logs[q].leaves {
				if q == int(p) && i == int(ordinal) {
					b := []byte(leaf)
					b[int(at)%len(b)] ^= flip
					leaf = string(b)
				}
				v.put(q, leaf)
			}
			v.put(q, extra)
		}
		v.here(w)
		s := v.state()
		sound(t, s)
		pages(t, s)
	})
}

// here gives the spoilt logs the roots of the good ones, as if the spoilt leaf had been signed.
func (v *world) here(w *world) {
	for q := range v.logs {
		copy(v.logs[q].roots, w.logs[q].roots)
	}
}
