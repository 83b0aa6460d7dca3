package group

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/text"
)

func en(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

func both(e, h string) text.Texts {
	return text.Texts{{Lang: "en", Text: e}, {Lang: "he", Text: h}}
}

// key is the public half of a key pair made from a number.
func key(n byte) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize)).Public().(ed25519.PublicKey)
}

func plenary() Charter {
	return Charter{Name: both("Plenary", "מליאה"), Plan: both("Joint Strategic Work Plan", "תוכנית עבודה אסטרטגית משותפת"),
		Terms: en("To translate the statement into goals,\nways and means."), Notice: en("A demonstration."),
		Parties: []Member{
			{Code: "US", Names: both("United States", "ארצות הברית"), Signing: key(1), Zone: "America/New_York", Capital: both("Washington", "וושינגטון")},
			{Code: "IL", Names: both("Israel", "ישראל"), Signing: key(2), Zone: "Asia/Jerusalem"},
		},
		Languages: []text.Lang{"en", "he"}, Ceiling: marking.New(marking.AmberStrict, "IL", "US"),
		Chairs: []Chair{{"US", "d.reyes"}, {"IL", "n.barak"}}, Convened: 1_513_036_800_000, Nonce: [16]byte{1, 2, 3},
		Silence: Silence{72 * time.Hour, []act.ElementKind{act.Action, act.Clause}}, Whole: true, InStep: true}
}

// least is a charter with nothing in it that could be left out.
func least() Charter {
	return Charter{Number: 3, Plenary: act.Hash{9}, Name: en("x"), Parties: []Member{{Code: "A1", Names: en("A"), Signing: key(1)}}, Languages: []text.Lang{"en"}}
}

func TestRoundTrip(t *testing.T) {
	for _, c := range []Charter{plenary(), least()} {
		b := string(c.Format())
		back, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, c) {
			t.Errorf("came back as\n%+v, was\n%+v", back, c)
		}
		if IDOf(b) != c.ID() || c.ID() == (act.Hash{}) {
			t.Error("the id is not that of the bytes")
		}
	}
	again := plenary()
	again.Nonce[15]++
	if again.ID() == plenary().ID() {
		t.Error("two groups of equal terms have one id")
	}
}

func TestParties(t *testing.T) {
	c := plenary()
	if n, ok := c.Ordinal("IL"); !ok || n != 1 {
		t.Error(n, ok)
	}
	if _, ok := c.Ordinal("FR"); ok {
		t.Error("FR is no party")
	}
	if c.Code(0) != "US" || c.Code(2) != "?" || !reflect.DeepEqual(c.Codes(), []party.Code{"US", "IL"}) {
		t.Error(c.Codes())
	}
	if !c.ChairedBy("IL", "n.barak") || c.ChairedBy("US", "n.barak") || c.ChairedBy("IL", "d.reyes") {
		t.Error("ChairedBy")
	}
}

// TestSilenceInPart: what would be rounded is refused, so that what passes comes back.
func TestSilenceInPart(t *testing.T) {
	c := plenary()
	c.Silence.Least = time.Hour + 1
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "whole milliseconds") {
		t.Error(err)
	}
	if !c.Silence.Allows(act.Clause) || c.Silence.Allows(act.Goal) {
		t.Error("Allows")
	}
}

// TestCheck: each thing that a charter may not be, and the words with which it is refused.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Charter)
		want   string
	}{
		"no party":         {func(c *Charter) { c.Parties, c.Chairs = nil, nil }, "1 to 40 parties, this has 0"},
		"too many parties": {func(c *Charter) { c.Parties = make([]Member, act.MaxParties+1) }, "1 to 40 parties, this has 41"},
		"no language":      {func(c *Charter) { c.Languages = nil }, "needs 1 to 16 languages"},
		"unknown language": {func(c *Charter) { c.Languages[0] = "xx" }, "not a language"},
		"language twice":   {func(c *Charter) { c.Languages[1] = "en" }, "twice"},
		"nameless":         {func(c *Charter) { c.Name = en("x") }, "name is missing in he"},
		"name too long":    {func(c *Charter) { c.Name = both("x", strings.Repeat("x", MaxName+1)) }, "201 bytes, the limit is 200"},
		"terms too long":   {func(c *Charter) { c.Terms = en(strings.Repeat("x", MaxTerms+1)) }, "the limit is 8192"},
		"hidden letters":   {func(c *Charter) { c.Plan = en("a\u202eb") }, "plan's title: the en version: U+202E"},
		"empty words":      {func(c *Charter) { c.Notice = en("") }, "empty"},
		"out of order":     {func(c *Charter) { c.Terms = text.Texts{{Lang: "he", Text: "x"}, {Lang: "en", Text: "x"}} }, "order"},
		"no code":          {func(c *Charter) { c.Parties[0].Code = "" }, "party's code"},
		"two of one code":  {func(c *Charter) { c.Parties[1].Code = "US" }, "cannot be told apart"},
		"alike":            {func(c *Charter) { c.Parties[1].Code = "U5" }, "cannot be told apart"},
		"one key":          {func(c *Charter) { c.Parties[1].Signing = key(1) }, "same key"},
		"silence of none":  {func(c *Charter) { c.Silence.Kinds = nil }, "needs the kinds"},
		"silence of times": {func(c *Charter) { c.Silence.Least = 0 }, "shortest silence is 0s"},
		"endless silence":  {func(c *Charter) { c.Silence.Least = MaxSilence + time.Millisecond }, "at most 8760h"},
		"silence twice":    {func(c *Charter) { c.Silence.Kinds = []act.ElementKind{act.Clause, act.Clause} }, "twice"},
		"silence unknown":  {func(c *Charter) { c.Silence.Kinds = []act.ElementKind{255} }, "not known"},
		"no key":           {func(c *Charter) { c.Parties[1].Signing = nil }, "32 bytes, this has 0"},
		"a key of nothing": {func(c *Charter) { c.Parties[1].Signing = append([]byte{1}, make([]byte, 31)...) }, "proves nothing"},
		"two invited":      {func(c *Charter) { c.Parties[0].Signing, c.Parties[1].Signing = make([]byte, 32), make([]byte, 32) }, "same key"},
		"party nameless":   {func(c *Charter) { c.Parties[1].Names = nil }, "IL needs a name"},
		"party's name":     {func(c *Charter) { c.Parties[1].Names = en(strings.Repeat("x", MaxName+1)) }, "the name of IL"},
		"party's capital":  {func(c *Charter) { c.Parties[1].Capital = en("\x00") }, "the capital of IL"},
		"zone":             {func(c *Charter) { c.Parties[1].Zone = "../etc" }, "no time zone"},
		"zone too long":    {func(c *Charter) { c.Parties[1].Zone = strings.Repeat("x", 41) }, "no time zone"},
		"chair of nobody":  {func(c *Charter) { c.Chairs[0].Party = "FR" }, "not a party of the group"},
		"chair is no id":   {func(c *Charter) { c.Chairs[0].Person = "D. Reyes" }, "person's id"},
		"chair twice":      {func(c *Charter) { c.Chairs[1] = c.Chairs[0] }, "twice"},
		"group 1, nowhere": {func(c *Charter) { c.Number = 1 }, "the plenary has number 0"},
		"plenary of one":   {func(c *Charter) { c.Plenary = act.Hash{1} }, "the plenary has number 0"},
		"level":            {func(c *Charter) { c.Ceiling.TLP = 9 }, "no marking level"},
		"to nobody":        {func(c *Charter) { c.Ceiling.Releasable = []party.Code{} }, "releasable to nobody"},
		"too long":         {func(c *Charter) { fill(c) }, "at most 49152 bytes"},
	} {
		bad := plenary()
		c.change(&bad)
		err := bad.Check()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, wanted %q", name, err, c.want)
		}
		if name == "to nobody" {
			continue // its bytes are those of a label that is releasable to all: only Check can tell
		}
		if _, err := Parse(string(bad.Format())); err == nil {
			t.Errorf("%s: parsed", name)
		}
	}
}

// TestInvited: the terms of an invitation lack one key.
func TestInvited(t *testing.T) {
	c := plenary()
	if c.Parties[1].Invited() || (Member{}).Invited() {
		t.Error("a member with a key, or without even zeros, is invited")
	}
	c.Parties[1].Signing = make([]byte, ed25519.PublicKeySize)
	if back, err := Parse(string(c.Format())); err != nil || !back.Parties[1].Invited() {
		t.Error(err)
	}
}

// fill makes a charter longer than an act could carry, with no text over its limit.
func fill(c *Charter) {
	c.Terms, c.Notice = nil, nil
	for _, l := range []text.Lang{"ar", "en", "fr", "he"} {
		c.Terms = c.Terms.With(l, strings.Repeat("x", MaxTerms))
		c.Notice = c.Notice.With(l, strings.Repeat("x", MaxTerms))
	}
}

// TestParseRefuses: other bytes for the same charter, and bytes for none.
func TestParseRefuses(t *testing.T) {
	good := plenary().Format()
	change := func(f func(map[uint64]any)) string {
		var m map[uint64]any
		if err := cbor.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		f(m)
		mode, err := encMode()
		if err != nil {
			t.Fatal(err)
		}
		b, err := mode.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if change(func(map[uint64]any) {}) != string(good) {
		t.Fatal("the charter is not in the library's deterministic form")
	}
	for name, c := range map[string]struct{ b, want string }{
		"nothing":         {"", "not a charter"},
		"not a map":       {"\x80", "not a charter"},
		"cut off":         {string(good[:len(good)-1]), "not a charter"},
		"more":            {string(good) + "\x00", "not a charter"},
		"too long":        {strings.Repeat("\x00", act.MaxCharter+1), "at most 49152 bytes, this has 49153"},
		"version 2":       {change(func(m map[uint64]any) { m[1] = 2 }), "version 2; this program reads version 1"},
		"unknown field":   {change(func(m map[uint64]any) { m[15] = 1 }), "not a charter"},
		"a zero written":  {change(func(m map[uint64]any) { m[2] = 0 }), "one form"},
		"an empty list":   {change(func(m map[uint64]any) { m[11] = []any{} }), "one form"},
		"short nonce":     {change(func(m map[uint64]any) { m[14] = []byte{1} }), "wrong length"},
		"short plenary":   {change(func(m map[uint64]any) { m[2], m[12] = 1, []byte{1} }), "wrong length"},
		"no name":         {change(func(m map[uint64]any) { delete(m, 3) }), "name is missing"},
		"a number there":  {change(func(m map[uint64]any) { m[3] = 1 }), "not a charter"},
		"level beyond":    {change(func(m map[uint64]any) { m[9] = 256 }), "not a charter"},
		"indefinite list": {"\xbf\xff", "not a charter"},
	} {
		if _, err := Parse(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, wanted %q", name, err, c.want)
		}
	}
}

// TestFlips: a charter with one bit turned over is no charter, or another group's.
func TestFlips(t *testing.T) {
	good := plenary().Format()
	for i := range good {
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			c, err := Parse(string(b))
			if err == nil && (!bytes.Equal(c.Format(), b) || c.ID() == plenary().ID()) {
				t.Errorf("byte %d, bit %d", i, bit)
			}
		}
	}
}

// TestWhatPassesComesBack: a charter that passes Check is read again from what Format writes.
func TestWhatPassesComesBack(t *testing.T) {
	words := rapid.SampledFrom([]text.Texts{nil, en("x"), both("x", "א"), {{Lang: "he", Text: "א"}}, en("\u202e"), en(" ")})
	rapid.Check(t, func(t *rapid.T) {
		c := plenary()
		c.Name, c.Plan, c.Terms, c.Notice = words.Draw(t, "name"), words.Draw(t, "plan"), words.Draw(t, "terms"), words.Draw(t, "notice")
		if rapid.Bool().Draw(t, "named") {
			c.Name = both("x", "א")
		}
		c.Number = rapid.SampledFrom([]uint32{0, 0, 1, 1 << 31}).Draw(t, "number")
		if c.Number > 0 {
			c.Plenary = act.Hash{rapid.Byte().Draw(t, "plenary")}
		}
		c.Convened = rapid.Int64().Draw(t, "convened")
		c.Parties = c.Parties[:rapid.IntRange(0, 2).Draw(t, "parties")]
		for i := range c.Parties {
			c.Parties[i].Code = party.Code(rapid.StringMatching(`[A-Z][A-Z0-9]{0,8}`).Draw(t, "code"))
			c.Parties[i].Zone = rapid.SampledFrom([]string{"", "Asia/Jerusalem", "Etc/GMT+5", "x y"}).Draw(t, "zone")
		}
		c.Chairs = nil
		if len(c.Parties) > 0 && rapid.Bool().Draw(t, "chaired") {
			c.Chairs = []Chair{{c.Parties[0].Code, party.Person(rapid.StringMatching(`[a-z][a-z.]{0,3}|B`).Draw(t, "chair"))}}
		}
		c.Languages = rapid.SampledFrom([][]text.Lang{{"en"}, {"he", "en"}, {"en", "en"}, {"zz"}}).Draw(t, "languages")
		checked := c.Check()
		back, err := Parse(string(c.Format()))
		if (checked == nil) != (err == nil) {
			t.Fatalf("Check says %v, Parse %v", checked, err)
		}
		if err == nil && !reflect.DeepEqual(back, c) {
			t.Fatalf("came back as\n%+v, was\n%+v", back, c)
		}
	})
}

// TestSpecIsTrue: the example in the specification is what the code writes.
func TestSpecIsTrue(t *testing.T) {
	spec, err := os.ReadFile("../docs/spec/act.md")
	if err != nil {
		t.Fatal(err)
	}
	c := least()
	c.Plenary = act.Hash(bytes.Repeat([]byte{9}, act.HashSize))
	var lines strings.Builder
	for line := range slices.Chunk(c.Format(), 48) {
		fmt.Fprintln(&lines, hex.EncodeToString(line))
	}
	if block := fmt.Sprintf("```\n%s\n%s\n```\n", lines.String(), c.ID()); !strings.Contains(string(spec), block) {
		t.Errorf("the specification lacks this example, or gives another:\n%s", block)
	}
}

// FuzzParse: what Parse takes, Format writes to the same bytes.
func FuzzParse(f *testing.F) {
	p, l := plenary(), least()
	f.Add(p.Format())
	f.Add(l.Format())
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(string(b))
		if err == nil && !bytes.Equal(c.Format(), b) {
			t.Fatalf("%x was written again as %x", b, c.Format())
		}
	})
}
