// Package flat writes numbers and runs of bytes one after another, and reads them back in bulk: the
// form in which caches of this program stand on the disk.
//
// It is no format for anybody else, has no names and no versions, and nothing that must last is in
// it: whoever uses it puts a version and a check of the whole in front. All numbers are
// little-endian and of fixed width. A column is a run of bytes after its length in 64 bits: many
// values of one width, which the reader gets as a view and takes apart without a copy.
//
// # Invariants
//
//   - Reading never panics and never sets aside more than what is there to be read: after the first
//     thing that does not fit, a [Reader] gives zeros and empty columns, and OK says so.
//   - Whoever writes the same values gets the same bytes.
//
// # Example
//
//	var w, ordinals flat.Writer
//	w.U32(2)
//	ordinals.U32(7)
//	ordinals.U32(9)
//	w.Column(ordinals)
//	r := flat.NewReader(w)
//	list := flat.U32s(r.Column(int(r.U32()), 4)) // list.At(1) is 9
package flat

import "encoding/binary"

// A Writer is what has been written so far.
type Writer []byte

// U8 writes one byte.
func (w *Writer) U8(v uint8) { *w = append(*w, v) }

// U32 writes 4 bytes.
func (w *Writer) U32(v uint32) { *w = binary.LittleEndian.AppendUint32(*w, v) }

// U64 writes 8 bytes.
func (w *Writer) U64(v uint64) { *w = binary.LittleEndian.AppendUint64(*w, v) }

// Bytes writes bytes as they are.
func (w *Writer) Bytes(b []byte) { *w = append(*w, b...) }

// Text writes the bytes of a string as they are.
func (w *Writer) Text(s string) { *w = append(*w, s...) }

// Column writes what another Writer holds, after its length.
func (w *Writer) Column(c Writer) {
	w.U64(uint64(len(c)))
	w.Bytes(c)
}

// A Reader reads what a Writer has written.
type Reader struct {
	left   []byte
	failed bool
}

// NewReader reads bytes, which nobody changes meanwhile.
func NewReader(b []byte) *Reader { return &Reader{left: b} }

// Fail says that what was read is not what was written.
func (r *Reader) Fail() { r.left, r.failed = nil, true }

// OK reports whether everything read so far was there.
func (r *Reader) OK() bool { return !r.failed }

// Done reports whether everything was there, and nothing is left.
func (r *Reader) Done() bool { return !r.failed && len(r.left) == 0 }

// Bytes is a view of the next n bytes; nil where there are not so many.
func (r *Reader) Bytes(n int) []byte {
	if n < 0 || n > len(r.left) {
		r.Fail()
		return nil
	}
	b := r.left[:n:n]
	r.left = r.left[n:]
	return b
}

// U8 reads one byte.
func (r *Reader) U8() uint8 {
	if b := r.Bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// U32 reads 4 bytes.
func (r *Reader) U32() uint32 {
	if b := r.Bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// U64 reads 8 bytes.
func (r *Reader) U64() uint64 {
	if b := r.Bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// Run is a view of the next column, of any length.
func (r *Reader) Run() []byte {
	n := r.U64()
	if n > uint64(len(r.left)) {
		r.Fail()
		return nil
	}
	return r.Bytes(int(n))
}

// Column is a view of the next column, which must be n values of that width in bytes.
func (r *Reader) Column(n, width int) []byte {
	c := r.Run()
	if n < 0 || len(c)/width != n || len(c)%width != 0 {
		r.Fail()
		return nil
	}
	return c
}

// U32s are numbers of 4 bytes in a column. At panics beyond its end, as a slice does.
type U32s []byte

// At is the i-th number.
func (c U32s) At(i int) uint32 { return binary.LittleEndian.Uint32(c[4*i : 4*i+4]) }

// Len is how many there are.
func (c U32s) Len() int { return len(c) / 4 }

// U64s are numbers of 8 bytes in a column. At panics beyond its end, as a slice does.
type U64s []byte

// At is the i-th number.
func (c U64s) At(i int) uint64 { return binary.LittleEndian.Uint64(c[8*i : 8*i+8]) }

// Counts are how many values of other columns belong to each of some things. They add up to at
// most limit, or the Reader fails.
func (r *Reader) Counts(n, limit int) (c U32s, sum int) {
	c = r.Column(n, 4)
	total := uint64(0)
	for i := range c.Len() {
		total += uint64(c.At(i))
	}
	if total > uint64(max(limit, 0)) {
		r.Fail()
		return nil, 0
	}
	return c, int(total)
}

// Left is how many bytes are left: no list can have more values.
func (r *Reader) Left() int { return len(r.left) }
