package act

import (
	"reflect"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// FuzzDecode: whatever bytes come, Decode does not panic, and what it takes is written again to
// the same bytes and read again to the same act; a Scanner takes and refuses the same.
func FuzzDecode(f *testing.F) {
	for _, a := range samples() {
		f.Add([]byte(mustEncode(f, a)))
	}
	var s Scanner
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Decode(string(b))
		sameScan(t, &s, string(b), a, err)
		if err != nil {
			return
		}
		leaf, err := Encode(a)
		if err != nil || string(leaf) != string(b) {
			t.Fatalf("%x was written again as %x, %v", b, leaf, err)
		}
		if back, err := Decode(string(leaf)); err != nil || !reflect.DeepEqual(a, back) {
			t.Fatalf("%+v, then %+v, %v", a, back, err)
		}
	})
}

// FuzzAgainstLibrary: what Decode takes, a general CBOR library in its strictest mode takes too,
// and in deterministic mode writes again to the same bytes.
func FuzzAgainstLibrary(f *testing.F) {
	for _, a := range samples() {
		f.Add([]byte(mustEncode(f, a)))
	}
	dec, err := cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		TagsMd: cbor.TagsForbidden, UTF8: cbor.UTF8RejectInvalid, MaxNestedLevels: 16, IntDec: cbor.IntDecConvertNone}.DecMode()
	if err != nil {
		f.Fatal(err)
	}
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Decode(string(b)); err != nil {
			return
		}
		var item any
		if err := dec.Unmarshal(b, &item); err != nil {
			t.Fatalf("the library refuses %x: %v", b, err)
		}
		again, err := enc.Marshal(item)
		if err != nil || string(again) != string(b) {
			t.Fatalf("the library writes %x as %x, %v", b, again, err)
		}
	})
}
