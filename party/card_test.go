package party

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/text"
)

func testCard(t testing.TB, seed byte) (Card, Keys) {
	k := testKeys(t, seed)
	names := text.Texts(nil).With("en", "United States").With("he", "ארצות הברית")
	return k.Card("US", names, []text.Lang{"en", "he"}, "192.0.2.7:7411"), k
}

func TestCardFormatAndParse(t *testing.T) {
	c, k := testCard(t, 1)
	b := c.Bytes()
	back, err := ParseCard(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.Bytes(), b) || !bytes.Equal(c.Format(k), b) || !bytes.Equal(back.Format(k), b) {
		t.Error("the card is not written again as it was")
	}
	if back.Code != "US" || !back.Names.Equal(c.Names) || back.Address != "192.0.2.7:7411" || len(back.Languages) != 2 ||
		back.Number() != c.Number() || !back.SameKeys(c) {
		t.Errorf("another card came back: %+v", back)
	}
	if got := strings.Count(string(b), "\n"); got != 11 {
		t.Errorf("the card has %d lines:\n%s", got, b)
	}
}

// cards draws cards that others must be able to read.
func cards() *rapid.Generator[Card] {
	return rapid.Custom(func(t *rapid.T) Card {
		k, err := NewKeys(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 96, 96).Draw(t, "randomness")))
		if err != nil {
			t.Fatal(err)
		}
		langs := rapid.Permutation([]text.Lang{"en", "he", "ar", "fr"}).Draw(t, "languages")
		langs = langs[:rapid.IntRange(1, 4).Draw(t, "how many")]
		names := text.Texts(nil)
		for _, l := range langs {
			names = names.With(l, rapid.StringMatching(`[A-Za-zא-ת]{1,9}( [a-z]{1,9}){0,2}`).Draw(t, "name"))
		}
		code := Code(rapid.StringMatching(`[A-Z][A-Z0-9]{1,7}`).Draw(t, "code"))
		addr := rapid.SampledFrom([]string{"", "127.0.0.1:7411", "[::1]:1", "plan.example.org:65535", "localhost:80"}).Draw(t, "address")
		return k.Card(code, names, langs, addr)
	})
}

func TestCardsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cards().Draw(t, "card")
		back, err := ParseCard(c.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, c.Bytes())
		}
		if !bytes.Equal(back.Bytes(), c.Bytes()) {
			t.Fatalf("written as\n%s\nthen as\n%s", c.Bytes(), back.Bytes())
		}
	})
}

func TestEveryFlippedByteOfACardIsRefused(t *testing.T) {
	c, _ := testCard(t, 2)
	good := c.Bytes()
	for i := range good {
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			if _, err := ParseCard(b); err == nil {
				t.Fatalf("byte %d with bit %d flipped is read:\n%s", i, bit, b)
			}
		}
	}
	for n := range good {
		if _, err := ParseCard(good[:n]); err == nil {
			t.Fatalf("%d of %d bytes are read", n, len(good))
		}
	}
}

func TestChangedCardSaysSo(t *testing.T) {
	c, _ := testCard(t, 2)
	b := bytes.Replace(c.Bytes(), []byte("192.0.2.7"), []byte("192.0.2.8"), 1)
	if _, err := ParseCard(b); !errors.Is(err, ErrSignature) {
		t.Errorf("a changed address: %v", err)
	}
	b = bytes.Replace(c.Bytes(), []byte("code US"), []byte("code UK"), 1)
	if _, err := ParseCard(b); err == nil || !strings.Contains(err.Error(), "line 10") {
		t.Errorf("a changed code, whose number no longer fits: %v", err)
	}
	b = append(c.Bytes(), "address 192.0.2.9:1\n"...)
	if _, err := ParseCard(b); err == nil {
		t.Error("a line after the signature is read")
	}
}

// TestCardInThePackageComment keeps the example of the specification true.
func TestCardInThePackageComment(t *testing.T) {
	source, err := os.ReadFile("party.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "//\tentente card v1\n")
	body, _, _ := strings.Cut(rest, "//\n")
	card := "entente card v1\n" + strings.ReplaceAll(body, "//\t", "")
	if c, err := ParseCard([]byte(card)); err != nil || c.Code != "US" {
		t.Errorf("%v\n%s", err, card)
	}
}

// TestNumberOfCard recomputes the number from the definition in the package
// comment, and shows what it stands for and what not.
func TestNumberOfCard(t *testing.T) {
	c, k := testCard(t, 1)
	sum := sha256.Sum256([]byte("entente party number v1\n" + string(c.Code) + "\n" + string(c.Signing) + string(c.Exchange) + c.Seal))
	if got := c.Number().String(); got != slowNumber(sum[:]) {
		t.Errorf("the number is %s, want %s", got, slowNumber(sum[:]))
	}
	same := k.Card("US", text.Texts(nil).With("en", "Elsewhere"), []text.Lang{"fr"}, "")
	if same.Number() != c.Number() || !same.SameKeys(c) {
		t.Error("the number depends on names, languages or address")
	}
	other, _ := testCard(t, 2)
	changed := map[string]Card{"code": c, "signing": c, "exchange": c, "sealing": c}
	for name, d := range changed {
		switch name {
		case "code":
			d.Code = "UK"
		case "signing":
			d.Signing = other.Signing
		case "exchange":
			d.Exchange = other.Exchange
		case "sealing":
			d.Seal = other.Seal
		}
		if d.Number() == c.Number() || d.SameKeys(c) {
			t.Errorf("the number does not depend on the %s", name)
		}
	}
}

func TestCardCheck(t *testing.T) {
	long := strings.Repeat("a", MaxName+1)
	for name, change := range map[string]func(*Card){
		"no code":               func(c *Card) { c.Code = "" },
		"a code in small":       func(c *Card) { c.Code = "us" },
		"no name":               func(c *Card) { c.Names = nil },
		"an empty name":         func(c *Card) { c.Names = text.Texts{{Lang: "en"}} },
		"a long name":           func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: long}} },
		"a name of two lines":   func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: "A\nB"}} },
		"a name with a tab":     func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: "A\tB"}} },
		"a name after a space":  func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: " A"}} },
		"two spaces together":   func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: "A  B"}} },
		"a name turned round":   func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: "A\u202eB"}} },
		"a name not in NFC":     func(c *Card) { c.Names = text.Texts{{Lang: "en", Text: "e\u0301"}} },
		"names out of order":    func(c *Card) { c.Names = text.Texts{{Lang: "he", Text: "ב"}, {Lang: "en", Text: "B"}} },
		"an unknown language":   func(c *Card) { c.Names = text.Texts{{Lang: "qq", Text: "B"}} },
		"no working language":   func(c *Card) { c.Languages = nil },
		"one language twice":    func(c *Card) { c.Languages = []text.Lang{"en", "en"} },
		"a language not known":  func(c *Card) { c.Languages = []text.Lang{"qq"} },
		"a short key":           func(c *Card) { c.Signing = c.Signing[:31] },
		"no key":                func(c *Card) { c.Exchange = nil },
		"one key for two":       func(c *Card) { c.Exchange = c.Signing },
		"a key of order 1":      func(c *Card) { c.Signing = append([]byte{1}, make([]byte, 31)...) },
		"no sealing key":        func(c *Card) { c.Seal = "" },
		"a sealing key in caps": func(c *Card) { c.Seal = strings.ToUpper(c.Seal) },
		"an address, no port":   func(c *Card) { c.Address = "plan.example.org" },
	} {
		c, k := testCard(t, 1)
		change(&c)
		if c.Check() == nil {
			t.Errorf("%s: the card passes", name)
		}
		if _, err := ParseCard(c.Format(k)); err == nil {
			t.Errorf("%s: the card is read", name)
		}
	}
	c, _ := testCard(t, 1)
	if err := c.Check(); err != nil {
		t.Errorf("a sound card: %v", err)
	}
}

func TestParseCardBounds(t *testing.T) {
	c, k := testCard(t, 1)
	c.Address = strings.Repeat("a", MaxCard) + ":1"
	if _, err := ParseCard(c.Format(k)); err == nil || !strings.Contains(err.Error(), "8192") {
		t.Errorf("a card too long: %v", err)
	}
	if _, err := ParseCard([]byte("entente card v1\ncode \xff\n")); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("a card not in UTF-8: %v", err)
	}
	many := "entente card v1\ncode US\n" + strings.Repeat("name en A\n", MaxLanguages+1)
	if _, err := ParseCard([]byte(many)); err == nil || !strings.Contains(err.Error(), "more than 12") {
		t.Errorf("a card with many names: %v", err)
	}
	if _, err := ParseLanguages(strings.Repeat("en,", 100) + "en"); err == nil {
		t.Error("a hundred languages are read")
	}
}

func TestAnotherHandCannotSignACard(t *testing.T) {
	c, _ := testCard(t, 1)
	_, thief := testCard(t, 2)
	if _, err := ParseCard(c.Format(thief)); !errors.Is(err, ErrSignature) {
		t.Errorf("a card signed by somebody else: %v", err)
	}
}

// TestSmallOrderKeysProveNothing shows, for each key that is refused, a
// signature that nobody made and that the standard library takes for good.
func TestSmallOrderKeysProveNothing(t *testing.T) {
	forged := make([]byte, 64)
	forged[0] = 1 // R is the neutral element, S is zero
	for _, y := range smallOrder {
		key, err := hex.DecodeString(y)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for i := uint64(0); i < 500 && !found; i++ {
			found = ed25519.Verify(key, binary.BigEndian.AppendUint64(nil, i), forged)
		}
		if !found {
			t.Errorf("%s is not of small order", y)
		}
		for _, sign := range []byte{0, 0x80} {
			k := bytes.Clone(key)
			k[31] |= sign
			if checkKey(k) == nil {
				t.Errorf("%x is taken for a key", k)
			}
		}
	}
	for low := range 19 {
		k := bytes.Repeat([]byte{0xff}, 32)
		k[0], k[31] = byte(0xed+low), 0x7f
		if checkKey(k) == nil {
			t.Errorf("%x is taken for a key", k)
		}
	}
	// The base point, and its y with the last byte of a key written twice.
	good := bytes.Repeat([]byte{0x66}, 32)
	good[0] = 0x58
	if err := checkKey(good); err != nil {
		t.Errorf("the base point: %v", err)
	}
}

func TestCheckAddress(t *testing.T) {
	for _, s := range []string{
		"127.0.0.1:7411", "[::1]:7411", "[2001:db8::1]:443", "localhost:1", "plan.example.org:65535",
		"xn--4dbcagdahymbxekheh6e0a7fei0b.example:80", "a-b.c1:9",
	} {
		if err := CheckAddress(s); err != nil {
			t.Errorf("CheckAddress(%q): %v", s, err)
		}
	}
	for _, s := range []string{
		"", ":", ":80", "host", "host:", "host:0", "host:65536", "host:080", "host:+80", "host: 80", "Host:80", "host:80 ",
		"-a:80", "a-:80", "a..b:80", ".a:80", "a.:80", "a_b:80", "::1:80", "[::1]", "[::1%lo]:80", "[0:0::1]:80", "[127.0.0.1]:80",
		"[::1:80", "127.0.0.1.:80", "127.1:80", "010.0.0.1:80", "1.2.3.4.5:80", "http://a:80", "a/b:80", "ש:80", "a\n:80",
		strings.Repeat("a", 64) + ":80", strings.Repeat("a.", 127) + "com:80", "user@host:80",
	} {
		if CheckAddress(s) == nil {
			t.Errorf("%q is taken for an address", s)
		}
	}
}

func FuzzParseCard(f *testing.F) {
	c, k := testCard(f, 1)
	f.Add(c.Bytes())
	c.Address = ""
	f.Add(c.Format(k))
	f.Add([]byte("entente card v1\ncode US\nname en A\n"))
	f.Add(bytes.Replace(c.Bytes(), []byte("number"), []byte("address x:1\nnumber"), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCard(b)
		if err != nil {
			return
		}
		if !bytes.Equal(c.Bytes(), b) || c.Check() != nil {
			t.Fatalf("%q is written %q", b, c.Bytes())
		}
	})
}

// FuzzResignedCard signs what the fuzzer wrote, so that the reader behind the
// signature is tried too.
func FuzzResignedCard(f *testing.F) {
	good, k := testCard(f, 1)
	f.Add("US", "en", "United States", "en,he", "192.0.2.7:7411")
	f.Add("US", "he", "ישראל", "he", "")
	f.Add("U\nS", "en", "A\nname fr B", "en", "a:1\nnumber 1")
	f.Fuzz(func(t *testing.T, code, lang, name, langs, address string) {
		c := good
		c.Code, c.Address = Code(code), address
		c.Names = text.Texts{{Lang: text.Lang(lang), Text: name}}
		c.Languages = nil
		for _, l := range strings.Split(langs, ",") {
			c.Languages = append(c.Languages, text.Lang(l))
		}
		b := c.Format(k)
		back, err := ParseCard(b)
		if err == nil && !bytes.Equal(back.Bytes(), b) {
			t.Fatalf("%q is written %q", b, back.Bytes())
		}
		if sound := c.Check() == nil && len(b) <= MaxCard; sound != (err == nil) {
			t.Fatalf("the fields are sound: %v, but reading says %v\n%s", sound, err, b)
		}
		if err == nil && (back.Code != c.Code || back.Address != address || !back.Names.Equal(c.Names)) {
			t.Fatalf("another card was read:\n%s", b)
		}
	})
}

func BenchmarkParseCard(b *testing.B) {
	c, _ := testCard(b, 1)
	text := c.Bytes()
	for b.Loop() {
		if _, err := ParseCard(text); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleNumber() {
	fmt.Println(NumberOf(sha256.Sum256([]byte("the joint document"))))
	// Output: 06565 01597 98050 53044 78577 31753
}

func ExampleKeys_Card() {
	seed := bytes.NewReader(bytes.Repeat([]byte{7, 11, 13}, 32)) // in earnest: crypto/rand.Reader
	keys, _ := NewKeys(seed)
	card := keys.Card("US", text.Texts{{Lang: "en", Text: "United States"}}, []text.Lang{"en"}, "")
	read, err := ParseCard(card.Bytes())
	fmt.Println(read.Code, err, len(base64.StdEncoding.EncodeToString(read.Signing)))
	// Output: US <nil> 44
}
