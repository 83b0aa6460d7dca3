package party

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var tenTo30 = new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)

// slowNumber is the definition, word for word.
func slowNumber(sum []byte) string {
	n := new(big.Int).SetBytes(sum)
	d := fmt.Sprintf("%030s", n.Mod(n, tenTo30).String())
	return strings.Join([]string{d[0:5], d[5:10], d[10:15], d[15:20], d[20:25], d[25:30]}, " ")
}

func sums() *rapid.Generator[[32]byte] {
	return rapid.Custom(func(t *rapid.T) [32]byte {
		return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "sum"))
	})
}

func TestNumberIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := sums().Draw(t, "sum")
		n := NumberOf(sum)
		if n.String() != slowNumber(sum[:]) {
			t.Fatalf("NumberOf(%x) = %s, want %s", sum, n, slowNumber(sum[:]))
		}
		if g := n.Groups(); strings.Join(g[:], " ") != n.String() || g[5] != n.Last() {
			t.Fatalf("the groups of %s are %v and the last is %s", n, g, n.Last())
		}
		back, err := ParseNumber(n.String())
		if err != nil || back != n || !back.Equal(n) {
			t.Fatalf("ParseNumber(%s) = %s, %v", n, back, err)
		}
	})
}

func TestNumberEdges(t *testing.T) {
	var all [32]byte
	for i := range all {
		all[i] = 0xff
	}
	if got := NumberOf(all).String(); got != slowNumber(all[:]) {
		t.Errorf("the number of all ones is %s, want %s", got, slowNumber(all[:]))
	}
	zero := NumberOf([32]byte{})
	if zero.String() != "00000 00000 00000 00000 00000 00000" || !zero.IsZero() {
		t.Errorf("the number of nothing is %s", zero)
	}
	// A fixed case, so that the form can never drift.
	if got := NumberOf(sha256.Sum256([]byte("entente"))).String(); got != "53200 64453 31291 03417 79097 54600" {
		t.Errorf("the number of the word entente is %s", got)
	}
}

func TestNumberEqual(t *testing.T) {
	a := NumberOf(sha256.Sum256([]byte("a")))
	for g := range NumberGroups {
		b := a
		b.groups[g] = (b.groups[g] + 1) % groupBase
		if a.Equal(b) || a == b {
			t.Errorf("two numbers that differ in group %d are equal", g)
		}
	}
}

func TestParseNumberIsStrict(t *testing.T) {
	const good = "61180 29937 05514 88246 41790 37702"
	if n, err := ParseNumber(good); err != nil || n.String() != good {
		t.Fatalf("ParseNumber(%q) = %s, %v", good, n, err)
	}
	for _, s := range []string{
		"", "61180", good + " ", " " + good, good + "1", good[:34],
		"611802993705514882464179037702",
		"61180  29937 05514 88246 41790 37702",
		"61180 29937 05514\n88246 41790 37702",
		"6118O 29937 05514 88246 41790 37702",
		"٦١١٨٠ 29937 05514 88246 41790 37702",
		"-1180 29937 05514 88246 41790 37702",
	} {
		if n, err := ParseNumber(s); err == nil {
			t.Errorf("ParseNumber(%q) = %s, want a refusal", s, n)
		}
	}
}

func TestReadNumberAsTyped(t *testing.T) {
	want, err := ParseNumber("61180 29937 05514 88246 41790 37702")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"611802993705514882464179037702",
		" 61180 29937 05514 / 88246 41790 37702\r\n",
		"61180-29937-05514-88246-41790-37702",
		"    61180 29937 05514\n    88246 41790 37702\n",
		"٦١١٨٠ ٢٩٩٣٧ ٠٥٥١٤ ٨٨٢٤٦ ٤١٧٩٠ ٣٧٧٠٢",
		"۶۱۱۸۰ ۲۹۹۳۷ ۰۵۵۱۴ ۸۸۲۴۶ ۴۱۷۹۰ ۳۷۷۰۲",
	} {
		if n, err := ReadNumber(s); err != nil || n != want {
			t.Errorf("ReadNumber(%q) = %s, %v", s, n, err)
		}
	}
	for _, s := range []string{"", "1", strings.Repeat("1", 29), strings.Repeat("1", 31), "x" + strings.Repeat("1", 30)} {
		if n, err := ReadNumber(s); err == nil {
			t.Errorf("ReadNumber(%q) = %s, want a refusal", s, n)
		}
	}
}

func TestNumberText(t *testing.T) {
	n := NumberOf(sha256.Sum256(nil))
	b, err := n.MarshalText()
	var back Number
	if err != nil || back.UnmarshalText(b) != nil || back != n {
		t.Errorf("%s came back as %s (%v)", n, back, err)
	}
	if back.UnmarshalText([]byte("12")) == nil || back != n {
		t.Errorf("a refused text changed the number to %s", back)
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("61180 29937 05514 88246 41790 37702")
	f.Add("61180 29937 05514 / 88246 41790 37702")
	f.Add("٦١١٨٠ ٢٩٩٣٧ ٠٥٥١٤ ٨٨٢٤٦ ٤١٧٩٠ ٣٧٧٠٢")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		strict, err := ParseNumber(s)
		if err == nil && strict.String() != s {
			t.Fatalf("ParseNumber(%q) is written %q", s, strict)
		}
		loose, err := ReadNumber(s)
		if err != nil {
			return
		}
		if again, err := ParseNumber(loose.String()); err != nil || again != loose {
			t.Fatalf("ReadNumber(%q) = %s, which reads as %s, %v", s, loose, again, err)
		}
	})
}
