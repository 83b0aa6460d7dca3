package proof

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
)

// TestAKeyOfZerosIsRefused: anybody can sign under the key that stands for "not known yet".
func TestAKeyOfZerosIsRefused(t *testing.T) {
	w, about := treaty(t, 2, 1)
	f := w.file(about)
	c := w.charter
	c.Parties = append(c.Parties[:1:1], c.Parties[1])
	c.Parties[1].Signing = make([]byte, ed25519.PublicKeySize)
	f.Charter = string(c.Format())
	if err := c.Check(); err != nil {
		t.Fatalf("as terms of an invitation it is one: %v", err)
	}
	var b bytes.Buffer
	if err := Write(&b, f); err == nil || !strings.Contains(err.Error(), "without a key") {
		t.Errorf("written: %v", err)
	}
}
