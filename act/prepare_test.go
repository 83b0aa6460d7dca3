package act

import (
	"bytes"
	"strings"
	"testing"

	"entente/party"
)

// TestPreparedIsEncoded: what is prepared is written as Encode writes it, whatever its place.
func TestPreparedIsEncoded(t *testing.T) {
	for name, a := range samples() {
		p, err := Prepare(a.By, a.Body, MaxParties-1)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, at := range []Act{a, {Group: a.Group}, {Group: a.Group, Party: 39, Epoch: 1<<32 - 1, Index: MaxIndex, At: maxTime, Seen: a.Seen}} {
			whole := at
			whole.By, whole.Body = a.By, a.Body
			want, err := Encode(whole)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got, err := p.EncodeAt(at); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %v\n%x\n%x", name, err, got, want)
			}
		}
	}
}

// TestPrepareRefuses: what cannot be encoded somewhere is refused beforehand, and a wrong place when
// it is known.
func TestPrepareRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		by   party.Person
		body Body
	}{
		"no body":     {"d.reyes", nil},
		"no person":   {"D. Reyes", See{}},
		"no words":    {"d.reyes", Withdraw{Element: "A-1", Reason: only("")}},
		"a wrong ref": {"d.reyes", Withdraw{Element: "1-A"}},
		"too long":    {"d.reyes", Constitute{strings.Repeat("x", MaxLeaf-100)}},
	} {
		if _, err := Prepare(c.by, c.body, MaxParties-1); err == nil {
			t.Errorf("%s was prepared", name)
		}
	}
	p, err := Prepare("d.reyes", See{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]Act{
		"no such party":  {Party: MaxParties},
		"a time":         {At: maxTime + 1},
		"an index":       {Index: MaxIndex + 1},
		"itself as seen": {Party: 1, Seen: []Seen{{Party: 1}}},
	} {
		if _, err := p.EncodeAt(at); err == nil {
			t.Errorf("%s: encoded", name)
		}
	}
	if _, err := (Prepared{}).EncodeAt(Act{}); err == nil {
		t.Error("nothing was encoded")
	}
	// The largest body that may be prepared has room with all parties seen.
	for room := MaxLeaf - 3000; ; room++ {
		p, err := Prepare("d", Constitute{strings.Repeat("x", room)}, MaxParties-1)
		if err != nil {
			break
		}
		var seen []Seen
		for q := range uint8(MaxParties - 1) {
			seen = append(seen, Seen{Party: q + 1, Epoch: 1<<32 - 1, Size: MaxIndex})
		}
		if _, err := p.EncodeAt(Act{Epoch: 1<<32 - 1, Index: MaxIndex, At: maxTime, Seen: seen}); err != nil {
			t.Fatal(err)
		}
	}
}
