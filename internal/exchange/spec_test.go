package exchange_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/internal/exchange"
	"entente/party"
	"entente/text"
)

// specCover is the cover of the example: keys and content are the same in every run.
func specCover(t *testing.T) string {
	random := rand.NewChaCha8([32]byte{1})
	var cards [2]party.Card
	var sender party.Keys
	for i, code := range []party.Code{"IL", "US"} {
		k, err := party.NewKeys(random)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			sender = k
		}
		cards[i] = k.Card(code, names("Party"), []text.Lang{"en"}, "")
	}
	id := act.Hash(bytes.Repeat([]byte{1}, act.HashSize))
	c := exchange.Cover{From: "IL", Number: cards[0].Number(), To: "US", Recipient: cards[1].Number(), Group: id, Running: 7, Made: time.Date(2017, 12, 12, 9, 30, 0, 0, time.UTC)}
	plain := exchange.PlainBundle(sender, c, exchange.Parcel{Groups: []exchange.News{{Group: id, Pieces: []exchange.Piece{{Note: []byte("x")}}}}})
	cover, _, _ := strings.Cut(string(plain), "\n\n")
	// Another version of the compression may pack otherwise; then the example is to be written anew.
	return cover + "\n"
}

// TestSpecIsTrue: the examples in the specifications are what the program writes.
func TestSpecIsTrue(t *testing.T) {
	id := act.Hash(bytes.Repeat([]byte{1}, act.HashSize))
	for name, want := range map[string][]string{
		"../../docs/spec/bundle.md": {specCover(t)},
		"../../docs/spec/exchange.md": {
			hex.EncodeToString(exchange.FormatRequest(exchange.Request{})),
			hex.EncodeToString(exchange.FormatRequest(exchange.Request{Wait: 25, Have: []exchange.Holdings{{Group: id, Logs: []exchange.Held{{Party: 1, Size: 7, Cosigned: 1}}}}})),
			fmt.Sprintf("at most\n%d MiB, unpacked at most %d MiB", exchange.MaxPacked>>20, exchange.MaxMessage>>20),
		},
	} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(page), w) {
				t.Errorf("%s does not contain\n%s", name, w)
			}
		}
	}
}
