package act

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSpecIsTrue: the examples in the specification are what the code writes.
func TestSpecIsTrue(t *testing.T) {
	spec, err := os.ReadFile("../docs/spec/act.md")
	if err != nil {
		t.Fatal(err)
	}
	full := func(b byte) Hash { return Hash(bytes.Repeat([]byte{b}, HashSize)) }
	for _, body := range []Body{
		Table{Element: "A-1.1.2", Content: Content{Kind: Action, Parent: "W-1.1", Title: both("Inspect", "ביקור"), Due: "2018-03-31"}},
		Accept{Element: "A-1.1.2", Revision: full(5)},
		Withdraw{"A-1.1.2", only("A better text follows.")},
		See{},
	} {
		leaf := mustEncode(t, Act{Group: full(7), Party: 1, Index: 3, By: "d.reyes", At: 1_513_036_800_000, Seen: []Seen{{Size: 2, Root: full(1)}}, Body: body})
		var lines strings.Builder
		for line := range slices.Chunk([]byte(leaf), 48) {
			fmt.Fprintln(&lines, hex.EncodeToString(line))
		}
		block := fmt.Sprintf("%s\n\n```\n%s\n%s\n```\n", body.Kind(), lines.String(), LeafHash([]byte(leaf)))
		if !strings.Contains(string(spec), block) {
			t.Errorf("the specification lacks this example, or gives another:\n%s", block)
		}
	}
}
