package flat

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b, c := rapid.Uint8().Draw(r, "a"), rapid.Uint32().Draw(r, "b"), rapid.Uint64().Draw(r, "c")
		list := rapid.SliceOf(rapid.Uint32()).Draw(r, "list")
		var w, col Writer
		w.U8(a)
		w.U32(b)
		for _, v := range list {
			col.U32(v)
		}
		w.Column(col)
		w.U64(c)
		w.Text("end")
		in := NewReader(w)
		if in.U8() != a || in.U32() != b {
			r.Fatal("numbers")
		}
		got := U32s(in.Column(len(list), 4))
		for i, v := range list {
			if got.At(i) != v {
				r.Fatal("column", i)
			}
		}
		if in.U64() != c || !bytes.Equal(in.Bytes(3), []byte("end")) || !in.Done() {
			r.Fatal("end")
		}
		cut := NewReader(w[:rapid.IntRange(0, len(w)-1).Draw(r, "cut")])
		cut.U8()
		cut.U32()
		cut.Column(len(list), 4)
		cut.U64()
		cut.Bytes(3)
		if cut.OK() {
			r.Fatal("a cut was not noticed")
		}
	})
}

func TestColumnsThatDoNotFit(t *testing.T) {
	var w, col Writer
	col.U64(5)
	w.Column(col)
	for name, read := range map[string]func(*Reader){
		"fewer":    func(r *Reader) { r.Column(0, 8) },
		"more":     func(r *Reader) { r.Column(2, 8) },
		"width":    func(r *Reader) { r.Column(2, 3) },
		"negative": func(r *Reader) { r.Column(-1, 8) },
		"counts":   func(r *Reader) { r.Counts(2, 4) },
	} {
		r := NewReader(w)
		if read(r); r.OK() {
			t.Error(name)
		}
	}
	r := NewReader(w)
	if _, sum := r.Counts(2, 5); sum != 5 || !r.Done() {
		t.Error("counts that fit")
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, 3)
	f.Fuzz(func(_ *testing.T, b []byte, n int) {
		r := NewReader(b)
		r.Run()
		r.Column(n, 4)
		r.Counts(n, r.Left())
		r.U32()
	})
}
