package act

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestDecodeRefuses: other ways of writing the same thing, and things that are not acts.
func TestDecodeRefuses(t *testing.T) {
	zero := "5820" + strings.Repeat("00", 32)
	head := "8a01" + zero + "000000" + "6000" + "80"
	accept := func(fields string) string { return head + "05" + fields }
	one := "0163472d31" // 1: "G-1"
	two := "025820cc" + strings.Repeat("00", 31)
	for name, c := range map[string]struct{ leaf, want string }{
		"nothing":                 {"", "too early"},
		"no list":                 {"a0", "a list expected"},
		"a shorter list":          {"89", "a list of 10 has 9 items"},
		"indefinite list":         {"9f", "not definite"},
		"indefinite map":          {head + "0abf", "not definite"},
		"reserved":                {"9c", "not definite"},
		"another version":         {"8a02" + zero, "version 2; this program reads version 1"},
		"a longer number":         {"8a1801", "shortest form"},
		"a number in two":         {"8a190017", "shortest form"},
		"a number in four":        {"8a1a0000ffff", "shortest form"},
		"a number in eight":       {"8a1b00000000ffffffff", "shortest form"},
		"a number cut off":        {"8a1a0000", "cut off"},
		"a short hash":            {"8a0141aa", "a hash has 32 bytes"},
		"a hash in text":          {"8a017820" + strings.Repeat("41", 32), "a string expected"},
		"a hash cut off":          {"8a0158201122", "too early"},
		"a time out of reach":     {"8a01" + zero + "000000" + "60" + "1bffffffffffffffff", "whole number expected"},
		"a float":                 {"8a01" + zero + "000000" + "60" + "f93c00", "whole number expected"},
		"a tag":                   {"8a01" + zero + "000000" + "60" + "c100", "whole number expected"},
		"kind 0":                  {head + "00a0", "kind 0 is not known"},
		"kind 17":                 {head + "11a0", "over the limit 16"},
		"a body that is no map":   {head + "0a80", "a map expected"},
		"more than a see says":    {head + "0aa10101", "over the limit 0"},
		"fields out of order":     {accept("a2" + two + one), "field 1 out of order"},
		"a field twice":           {accept("a2" + one + one), "field 1 out of order or twice"},
		"field 0":                 {accept("a2" + "0063472d31" + two), "field 0 out of order"},
		"an unknown field":        {accept("a2" + one + "055820cc" + strings.Repeat("00", 31)), "the number 5 is over the limit 4"},
		"too many fields":         {accept("a5" + one + two + "0301"), "a map of 5 fields is over the limit 4"},
		"a field missing":         {accept("a1" + one), "missing"},
		"a zero written":          {head + "08a4" + one + "025820" + strings.Repeat("00", 32) + "0301" + "04818262656e6161", "left out, not written"},
		"a flag that is false":    {head + "04a2" + one + "02a2" + "0101" + "05f4", "a flag is written as true"},
		"an empty list of texts":  {head + "06a2" + one + "0280", "left out, not written"},
		"an empty list of codes":  {head + "04a2" + one + "02a3" + "0101" + "0680", "left out, not written"},
		"bytes after the end":     {accept("a2"+one+two) + "00", "1 bytes after the end"},
		"a text cut off":          {accept("a2" + "0163472d"), "too early"},
		"a length beyond all":     {accept("a2" + "017b7fffffffffffffff"), "over the limit 32"},
		"a map longer than there": {accept("a2" + one), "too early"},
	} {
		leaf, err := hex.DecodeString(c.leaf)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := Decode(string(leaf)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, wanted %q", name, err, c.want)
		}
	}
}

// TestFlips turns over every bit of every sample and cuts each off everywhere: what is still an
// act is another one, and is written again as it was read.
func TestFlips(t *testing.T) {
	for name, a := range samples() {
		leaf := mustEncode(t, a)
		for i := range leaf {
			if _, err := Decode(leaf[:i]); err == nil {
				t.Errorf("%s: the first %d bytes are an act", name, i)
			}
			for bit := range 8 {
				b := []byte(leaf)
				b[i] ^= 1 << bit
				other, err := Decode(string(b))
				if err != nil {
					continue
				}
				again, err := Encode(other)
				if err != nil || string(again) != string(b) {
					t.Errorf("%s, byte %d, bit %d: written again as %x, %v", name, i, bit, again, err)
				}
			}
		}
	}
}

// TestNoCopies: the texts of an act lie in the leaf it came from.
func TestNoCopies(t *testing.T) {
	leaf := mustEncode(t, tableOfTwo())
	if n := testing.AllocsPerRun(100, func() {
		if _, err := Decode(leaf); err != nil {
			t.Fatal(err)
		}
	}); n > 4 {
		t.Errorf("%v allocations for a body, what was seen, a title and a text", n)
	}
}
