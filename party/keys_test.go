package party

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

// testKeys makes the same keys for the same seed.
func testKeys(t testing.TB, seed byte) Keys {
	t.Helper()
	k, err := NewKeys(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeysFormatAndParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, err := NewKeys(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 96, 96).Draw(t, "randomness")))
		if err != nil {
			t.Fatal(err)
		}
		b := k.Format()
		back, err := ParseKeys(b)
		if err != nil || !bytes.Equal(back.Format(), b) {
			t.Fatalf("keys did not come back: %v", err)
		}
		if !back.Signing().Equal(k.Signing()) || !back.Exchange().Equal(k.Exchange()) || back.Seal().String() != k.Seal().String() {
			t.Fatal("other keys came back")
		}
		if len(b) > MaxKeys {
			t.Fatalf("a key file has %d bytes", len(b))
		}
	})
}

func TestKeysAreThree(t *testing.T) {
	k := testKeys(t, 1)
	if k.Signing().Equal(k.Exchange()) || bytes.Equal(k.Signing().Seed(), k.Exchange().Seed()) {
		t.Error("signing and exchange are one key")
	}
	if testKeys(t, 2).Signing().Equal(k.Signing()) {
		t.Error("other randomness made the same key")
	}
	k.Signing()[0] ^= 1
	if !bytes.Equal(k.Format(), testKeys(t, 1).Format()) {
		t.Error("a caller can change the keys through what Signing returns")
	}
}

func TestSealingKeyOpensWhatWasSealed(t *testing.T) {
	k := testKeys(t, 1)
	to, err := k.Card("US", nil, nil, "").Recipient()
	if err != nil {
		t.Fatal(err)
	}
	var box bytes.Buffer
	w, err := age.Encrypt(&box, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "text"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := age.Decrypt(bytes.NewReader(box.Bytes()), testKeys(t, 2).Seal()); err == nil {
		t.Error("somebody else opened it")
	}
	r, err := age.Decrypt(&box, k.Seal())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "text" {
		t.Errorf("opened %q, %v", got, err)
	}
}

func TestNewKeysNeedsRandomness(t *testing.T) {
	for n := range 3 {
		short := io.LimitReader(rand.NewChaCha8([32]byte{}), int64(32*n+31))
		if k, err := NewKeys(short); err == nil || !k.IsZero() {
			t.Errorf("keys were made of %d bytes of randomness", 32*n+31)
		}
	}
	want := errors.New("no entropy")
	if _, err := NewKeys(iotest.ErrReader(want)); !errors.Is(err, want) {
		t.Errorf("the reason was lost: %v", err)
	}
}

// secretsOf are every way in which the secrets of k could show.
func secretsOf(k Keys) (out []string) {
	for _, seed := range [][]byte{k.Signing().Seed(), k.Exchange().Seed()} {
		out = append(out, base64.StdEncoding.EncodeToString(seed), hex.EncodeToString(seed),
			strings.ToUpper(hex.EncodeToString(seed)), strings.Trim(fmt.Sprint(seed), "[]"), string(seed))
	}
	return append(out, k.Seal().String())
}

func TestKeysNeverPrint(t *testing.T) {
	k := testKeys(t, 7)
	type holder struct {
		Name string
		K    Keys
		P    *Keys
	}
	h := holder{"x", k, &k}
	var said bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%t", "%p"} {
		for _, v := range []any{k, &k, h, &h, []Keys{k}, map[string]Keys{"k": k}} {
			fmt.Fprintf(&said, verb+"\n", v)
		}
	}
	js, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	said.Write(js)
	slog.New(slog.NewTextHandler(&said, nil)).Info("made", "keys", k, "holder", h)
	slog.New(slog.NewJSONHandler(&said, nil)).Info("made", "keys", k, "holder", h)
	for i, s := range secretsOf(k) {
		if strings.Contains(said.String(), s) {
			t.Errorf("secret %d was printed", i)
		}
	}
	if got := fmt.Sprint(k, Keys{}); got != "keys (secret) no keys" {
		t.Errorf("keys print as %q", got)
	}
}

func TestParseKeysRefusals(t *testing.T) {
	k := testKeys(t, 3)
	good := string(k.Format())
	lines := strings.SplitAfter(good, "\n")
	bad := map[string]string{
		"empty":            "",
		"a card":           string(k.Card("US", nil, nil, "").Bytes()),
		"cut short":        good[:len(good)-1],
		"something added":  good + "\n",
		"CRLF":             strings.ReplaceAll(good, "\n", "\r\n"),
		"no warning":       lines[0] + strings.Join(lines[2:], ""),
		"in other order":   lines[0] + lines[1] + lines[3] + lines[2] + lines[4],
		"sealing in small": strings.Replace(good, lines[4], strings.ToLower(lines[4]), 1),
		"too long":         good + strings.Repeat("#", MaxKeys),
	}
	for i, l := range lines[:5] {
		bad[fmt.Sprintf("without line %d", i+1)] = strings.Replace(good, l, "", 1)
	}
	for name, s := range bad {
		got, err := ParseKeys([]byte(s))
		if err == nil || !got.IsZero() {
			t.Errorf("%s: was not refused", name)
			continue
		}
		for _, secret := range secretsOf(k) {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the refusal repeats a secret", name)
			}
		}
	}
}

func TestEveryFlippedByteOfAKeyFileShows(t *testing.T) {
	good := testKeys(t, 4).Format()
	for i := range good {
		for _, bit := range []byte{1, 0x20, 0x80} {
			b := bytes.Clone(good)
			b[i] ^= bit
			// A flip inside a seed makes another key: then it must be written as it was read.
			if k, err := ParseKeys(b); err == nil && (!bytes.Equal(k.Format(), b) || bytes.Equal(b, good)) {
				t.Fatalf("byte %d flipped by %#x was read as something else", i, bit)
			}
		}
	}
}

func TestBech32(t *testing.T) {
	// age's own writing is the reference.
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed")
		s := strings.ToUpper(encodeBech32("age-secret-key-", seed))
		id, err := age.ParseX25519Identity(s)
		if err != nil || id.String() != s {
			t.Fatalf("age does not read %s: %v", s, err)
		}
	})
	// BIP 173, an empty data part.
	if got := encodeBech32("a", nil); got != "a12uel5l" {
		t.Errorf("the empty word is %s", got)
	}
}

func TestNotes(t *testing.T) {
	const origin = "entente/00ff"
	k := testKeys(t, 1)
	card := k.Card("US", nil, nil, "")
	s, err := k.NoteSigner(origin)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: origin + "\n1\nAAAA\n"}, s)
	if err != nil {
		t.Fatal(err)
	}
	v, err := card.NoteVerifier(origin)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(signed, note.VerifierList(v)); err != nil || n.Sigs[0].Name != origin {
		t.Errorf("the party's own note does not open: %v", err)
	}
	other, err := testKeys(t, 2).Card("US", nil, nil, "").NoteVerifier(origin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(other)); err == nil {
		t.Error("somebody else's card opens the note")
	}
	for i := range signed {
		flipped := bytes.Clone(signed)
		flipped[i] ^= 1
		if _, err := note.Open(flipped, note.VerifierList(v)); err == nil {
			t.Errorf("the note opens with byte %d flipped", i)
		}
	}
	for _, name := range []string{"", "a b", "a+b", "a\nb"} {
		if _, err := k.NoteSigner(name); err == nil {
			t.Errorf("%q names a signer", name)
		} else if strings.Contains(err.Error(), base64.StdEncoding.EncodeToString(k.Signing().Seed())[:20]) {
			t.Errorf("the refusal of %q repeats the key", name)
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	good := testKeys(f, 1).Format()
	f.Add(good)
	f.Add(good[:60])
	f.Add([]byte(keysTitle + "\n" + keysWarning + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if k, err := ParseKeys(b); err == nil && !bytes.Equal(k.Format(), b) {
			t.Fatalf("%q is written %q", b, k.Format())
		}
	})
}
