package national

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// FormatBody writes what an entry says, as a store keeps it: JSON.
func FormatBody(b Body) []byte {
	raw, err := json.Marshal(b)
	if err != nil {
		panic("national: a body is plain data: " + err.Error())
	}
	return raw
}

// ParseBody reads what FormatBody writes, and nothing else.
func ParseBody(raw []byte) (Body, error) {
	var b Body
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		return Body{}, fmt.Errorf("an entry of the margin cannot be read: %w", err)
	}
	if !bytes.Equal(FormatBody(b), raw) {
		return Body{}, errors.New("an entry of the margin is not as it was written")
	}
	return b, nil
}
