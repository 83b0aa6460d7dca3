package act

import (
	"fmt"

	"entente/party"
)

// A Prepared body has been encoded and checked before it is known where its act will stand, so that
// whoever writes a log has little to do for each act. Its zero value is of no act.
type Prepared struct {
	by   party.Person
	tail string // the kind and the body, encoded
}

// Prepare encodes what a person says. It refuses what Encode would refuse in any place of a log, where
// the act may have seen so many parties' logs.
func Prepare(by party.Person, body Body, seen int) (Prepared, error) {
	if body == nil {
		return Prepared{}, errNoBody
	}
	largest := Act{Epoch: 1<<32 - 1, Index: MaxIndex, By: by, At: maxTime}
	seen = min(max(seen, 0), MaxParties-1)
	largest.Seen = make([]Seen, 0, seen)
	for p := range seen {
		largest.Seen = append(largest.Seen, Seen{Party: uint8(p + 1), Epoch: 1<<32 - 1, Size: MaxIndex})
	}
	w := &writer{b: make([]byte, 0, envelopeRoom+seen*seenRoom+bodyRoom)}
	writeEnvelope(w, largest)
	front := len(w.b)
	writeKindAndBody(w, body)
	if err := checkWritten(w); err != nil {
		return Prepared{}, err
	}
	whole := string(w.b)
	if _, err := Decode(whole); err != nil {
		return Prepared{}, err
	}
	return Prepared{by: by, tail: whole[front:]}, nil
}

// IsZero reports whether nothing was prepared.
func (p Prepared) IsZero() bool { return p.tail == "" }

// EncodeAt writes the act in its place: what Encode would write, with the prepared person and body
// in the act's.
func (p Prepared) EncodeAt(a Act) ([]byte, error) {
	if p.IsZero() {
		return nil, errNoBody
	}
	a.By = p.by
	w := &writer{b: make([]byte, 0, envelopeRoom+len(a.Seen)*seenRoom+len(p.tail))}
	writeEnvelope(w, a)
	r := &reader{s: string(w.b)}
	var again Act
	readEnvelope(r, &again)
	if err := r.end(); err != nil {
		return nil, err
	}
	w.b = append(w.b, p.tail...)
	return w.b, checkWritten(w)
}

// About how many bytes an envelope takes.
const (
	envelopeRoom = 96 // without what was seen, and with a short name
	seenRoom     = 48 // for each log seen
	bodyRoom     = 512
)

var errNoBody = fmt.Errorf("an act needs a body")
