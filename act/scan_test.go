package act

import (
	"reflect"
	"testing"
)

// sameScan compares what a Scanner makes of a leaf with what Decode made of it.
func sameScan(t testing.TB, s *Scanner, leaf string, a Act, decoded error) {
	t.Helper()
	err := s.Scan(leaf)
	if (err == nil) != (decoded == nil) {
		t.Fatalf("%x: Decode says %v, Scan says %v", leaf, decoded, err)
	}
	if err != nil {
		if err.Error() != decoded.Error() {
			t.Fatalf("%x: Decode says %v, Scan says %v", leaf, decoded, err)
		}
		return
	}
	want := Scanner{Act: a, Kind: a.Body.Kind(), r: s.r, room: s.room, Table: s.Table}
	want.Body = nil
	switch b := a.Body.(type) {
	case Constitute:
		want.Charter = b.Charter
	case Table:
		want.Element, want.Table = b.Element, b
	case Accept:
		want.Element, want.Revision, want.Tied = b.Element, b.Revision, b.Tied
	case Refer:
		want.Element, want.Revision = b.Element, b.Revision
	case Sit:
		want.Element = b.Round
	case Certify:
		want.Element, want.Revision = b.Element, b.Revision
	case Confirm:
		want.Element, want.Revision = b.Element, b.Revision
	case Withdraw:
		want.Element = b.Element
	case Remark:
		want.Element, want.Revision, want.Sort, want.Lifts = b.Element, b.Revision, b.Sort, b.Lifts
	case Report:
		want.Element, want.Observed = b.Element, b.Observed()
	case Attest:
		want.Element = b.Element
	case Dispute:
		want.Element = b.Element
	}
	if !reflect.DeepEqual(*s, want) {
		t.Fatalf("%x: scanned as\n%+v, want\n%+v", leaf, *s, want)
	}
}

// TestScan: one Scanner reads all samples in turn, whole and cut short.
func TestScan(t *testing.T) {
	var s Scanner
	for range 2 {
		for _, sample := range samples() {
			leaf := string(mustEncode(t, sample))
			a, err := Decode(leaf)
			sameScan(t, &s, leaf, a, err)
			for n := range len(leaf) {
				_, err := Decode(leaf[:n])
				sameScan(t, &s, leaf[:n], Act{}, err)
			}
		}
	}
}
