package act

import (
	"encoding/binary"
	"errors"
	"fmt"

	"entente/party"
	"entente/text"
)

// The bare strict reader and writer of the subset of deterministic CBOR (RFC 8949 §4.2.1)
// that acts use: unsigned and negative integers, byte and text strings, arrays, maps with
// small unsigned keys in rising order, and true. Everything else is refused.
// It reads from a string so that what it returns are substrings and not copies.

const (
	majorUint  = 0
	majorNeg   = 1
	majorBytes = 2
	majorText  = 3
	majorArray = 4
	majorMap   = 5
	simpleTrue = 0xf5
)

// A reader takes items off the front of s. After the first fault it returns zero values, so
// that callers check err once at the end.
type reader struct {
	s    string
	at   int
	err  error
	room *room // where lists are put that nobody keeps; nil to make each anew
}

// A room is memory for the lists of one act, used again for the next.
type room struct {
	texts []text.Version
	codes []party.Code
	refs  []Ref
}

// lists takes n items from the room, or makes them where there is no room.
func lists[T any](r *reader, of func(*room) *[]T, n int) []T {
	if r.room == nil {
		return make([]T, n)
	}
	all := of(r.room)
	from := len(*all)
	if from+n > cap(*all) {
		*all, from = make([]T, 0, max(2*n, leastRoom)), 0 // what was taken before keeps its own
	}
	*all = (*all)[:from+n]
	return (*all)[from : from+n : from+n]
}

const leastRoom = 16

func roomForTexts(m *room) *[]text.Version { return &m.texts }
func roomForCodes(m *room) *[]party.Code   { return &m.codes }
func roomForRefs(m *room) *[]Ref           { return &m.refs }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("byte %d: %s", r.at, fmt.Sprintf(format, args...))
		r.at = len(r.s)
	}
}

var errShort = errors.New("the act ends too early")

// head reads one initial byte and its argument, in the shortest form only.
func (r *reader) head() (major byte, arg uint64) {
	if r.at >= len(r.s) {
		if r.err == nil {
			r.err = errShort
		}
		return 0xff, 0
	}
	b := r.s[r.at]
	major, info := b>>5, b&0x1f
	if info < 24 {
		r.at++
		return major, uint64(info)
	}
	n := 1 << (info - 24)
	if info > 27 || r.at+1+n > len(r.s) {
		r.fail("a length that is not definite, or is cut off")
		return 0xff, 0
	}
	for i := 1; i <= n; i++ {
		arg = arg<<8 | uint64(r.s[r.at+i])
	}
	if (n == 1 && arg < 24) || (n > 1 && arg>>(4*n) == 0) {
		r.fail("a number that is not in its shortest form")
		return 0xff, 0
	}
	r.at += 1 + n
	return major, arg
}

// expect reads a head of the major type wanted.
func (r *reader) expect(want byte, what string) uint64 {
	if r.at < len(r.s) { // nearly all heads are of one byte
		if small := r.s[r.at] - want<<5; small < 24 {
			r.at++
			return uint64(small)
		}
	}
	return r.expectLong(want, what)
}

func (r *reader) expectLong(want byte, what string) uint64 {
	major, arg := r.head()
	if major != want {
		r.fail("%s expected", what)
		return 0
	}
	return arg
}

func (r *reader) uint(limit uint64) uint64 {
	v := r.expect(majorUint, "a whole number")
	if v > limit {
		r.fail("the number %d is over the limit %d", v, limit)
		return 0
	}
	return v
}

func (r *reader) int() int64 {
	major, arg := r.head()
	if (major != majorUint && major != majorNeg) || arg > 1<<63-1 {
		r.fail("a whole number expected")
		return 0
	}
	if major == majorNeg {
		return -1 - int64(arg)
	}
	return int64(arg)
}

func (r *reader) str(major byte, limit int) string {
	n := r.expect(major, "a string")
	if r.err != nil {
		return ""
	}
	if n > uint64(limit) {
		r.fail("a string of %d bytes is over the limit %d", n, limit)
		return ""
	}
	if n > uint64(len(r.s)-r.at) {
		r.err = errShort
		return ""
	}
	s := r.s[r.at : r.at+int(n)]
	r.at += int(n)
	return s
}

func (r *reader) text(limit int) string  { return r.str(majorText, limit) }
func (r *reader) bytes(limit int) string { return r.str(majorBytes, limit) }

func (r *reader) hash() (h Hash) {
	s := r.bytes(HashSize)
	if len(s) != HashSize {
		r.fail("a hash has %d bytes", HashSize)
		return h
	}
	copy(h[:], s)
	return h
}

// list reads the head of an array of at most limit items.
func (r *reader) list(limit int) int {
	n := r.expect(majorArray, "a list")
	if n > uint64(limit) {
		r.fail("a list of %d is over the limit %d", n, limit)
		return 0
	}
	return int(n)
}

func (r *reader) tuple(want int) {
	if n := r.expect(majorArray, "a list"); r.err == nil && n != uint64(want) {
		r.fail("a list of %d has %d items", want, n)
	}
}

// yes reads true, the only value a flag is written with.
func (r *reader) yes() bool {
	if r.at >= len(r.s) || r.s[r.at] != simpleTrue {
		r.fail("a flag is written as true or not at all")
		return false
	}
	r.at++
	return true
}

// A fieldList walks the fields of a map of at most limit small keys in rising order.
type fieldList struct {
	key, left, limit uint64
}

// fields reads the head of a map.
func (r *reader) fields(limit int) fieldList {
	n := r.expect(majorMap, "a map")
	if n > uint64(limit) {
		r.fail("a map of %d fields is over the limit %d", n, limit)
	}
	return fieldList{left: n, limit: uint64(limit)}
}

// next reads the next key into f.key; its value is then to be read. It is false at the end.
func (r *reader) next(f *fieldList) bool {
	if f.left == 0 || r.err != nil {
		return false
	}
	f.left--
	key := r.uint(f.limit)
	if r.err == nil && key <= f.key {
		r.fail("field %d out of order or twice", key)
	}
	f.key = key
	return r.err == nil
}

// A writer appends items to b. What has no form sets err.
type writer struct {
	b   []byte
	err error
}

func (w *writer) head(major byte, arg uint64) {
	switch m := major << 5; {
	case arg < 24:
		w.b = append(w.b, m|byte(arg))
	case arg < 1<<8:
		w.b = append(w.b, m|24, byte(arg))
	case arg < 1<<16:
		w.b = binary.BigEndian.AppendUint16(append(w.b, m|25), uint16(arg))
	case arg < 1<<32:
		w.b = binary.BigEndian.AppendUint32(append(w.b, m|26), uint32(arg))
	default:
		w.b = binary.BigEndian.AppendUint64(append(w.b, m|27), arg)
	}
}

func (w *writer) uint(v uint64) { w.head(majorUint, v) }

func (w *writer) int(v int64) {
	if v < 0 {
		w.head(majorNeg, uint64(-1-v))
		return
	}
	w.head(majorUint, uint64(v))
}

func (w *writer) text(s string) {
	w.head(majorText, uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) bytes(s string) {
	w.head(majorBytes, uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) hash(h Hash) {
	w.head(majorBytes, HashSize)
	w.b = append(w.b, h[:]...)
}

func (w *writer) list(n int) { w.head(majorArray, uint64(n)) }
func (w *writer) yes()       { w.b = append(w.b, simpleTrue) }

// A fieldMap is a map being written: its head is one byte, since no body has 24 fields.
type fieldMap struct {
	w  *writer
	at int
}

func (w *writer) fields() fieldMap {
	w.head(majorMap, 0)
	return fieldMap{w, len(w.b) - 1}
}

// key begins the field and counts it. Callers give keys in rising order.
func (m fieldMap) key(k uint64) *writer {
	m.w.b[m.at]++
	m.w.uint(k)
	return m.w
}
