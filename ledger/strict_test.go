package ledger_test

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/ledger"
)

var noon = time.Date(2017, 12, 12, 12, 0, 0, 0, time.UTC)

// keys are the signing keys of a group of three.
var keys = []ed25519.PublicKey{pub(0), pub(1), pub(2)}

// cosigned is a checkpoint of n entries, signed by 0 and cosigned by 1 and 2.
func cosigned(n int) ledger.Signed {
	s := must(ledger.Cosign(key(1), grown(n).Head(), noon))
	return must(ledger.Cosign(key(2), s, noon.Add(time.Minute)))
}

// forked is evidence against party 0; the smaller log has m entries, the larger n.
func forked(m, n int) ledger.Evidence {
	mine, theirs := ledger.NewBook(logOf(0), pub(0)), ledger.NewBook(logOf(0), pub(0))
	leaves := leavesOf(0, n)
	leaves[m/2] = []byte("another word")
	if err := mine.Apply(must(mine.Draft(key(0), leavesOf(0, m)...))); err != nil {
		panic(err)
	}
	if err := theirs.Apply(must(theirs.Draft(key(0), leaves...))); err != nil {
		panic(err)
	}
	_, err := mine.Offer(theirs.Head().Note(), 0, leaves)
	fork, ok := err.(*ledger.Fork)
	if !ok {
		panic(err)
	}
	return fork.Evidence
}

// proven is a proof of entry i of n.
func proven(i, n uint64) ledger.Proof {
	b := grown(int(n))
	return ledger.Proof{Index: i, Hashes: must(b.Inclusion(i, n)), Note: b.Head().Note()}
}

// flips calls fn with every byte of b changed in three ways, cut out, and doubled.
func flips(b []byte, fn func(what string, changed []byte)) {
	for i := range b {
		for _, bit := range []int{0, 4, 5} { // the last also changes the case of letters
			c := bytes.Clone(b)
			c[i] ^= 1 << bit
			fn("flipped", c)
		}
		fn("cut", append(bytes.Clone(b[:i]), b[i+1:]...))
		fn("doubled", append(bytes.Clone(b[:i+1]), b[i:]...))
	}
}

// TestEveryByteOfANoteCounts: nothing of a cosigned checkpoint can be changed unnoticed, by anybody
// who knows the parties' keys.
func TestEveryByteOfANoteCounts(t *testing.T) {
	origin := ledger.Origin(group, pub(0), 0)
	whole := cosigned(5).Note()
	check := func(note []byte) error {
		s, err := ledger.Open(pub(0), origin, note)
		if err == nil {
			_, err = s.Cosigners(keys)
		}
		return err
	}
	if err := check(whole); err != nil {
		t.Fatal(err)
	}
	flips(whole, func(what string, changed []byte) {
		if check(changed) == nil {
			t.Fatalf("%s, and believed:\n%q\n%q", what, whole, changed)
		}
	})
}

func TestEveryByteOfEvidenceCounts(t *testing.T) {
	for _, e := range []ledger.Evidence{forked(5, 5), forked(5, 11)} {
		whole := ledger.FormatEvidence(e)
		flips(whole, func(what string, changed []byte) {
			if e, err := ledger.ParseEvidence(changed); err == nil && e.Verify(pub(0)) == nil {
				t.Fatalf("%s, and believed:\n%q\n%q", what, whole, changed)
			}
		})
	}
}

func TestEveryByteOfAProofCounts(t *testing.T) {
	origin := ledger.Origin(group, pub(0), 0)
	whole := ledger.FormatProof(proven(3, 11))
	check := func(file []byte) error {
		p, err := ledger.ParseProof(file)
		if err == nil {
			_, err = p.Verify(pub(0), origin, act.LeafHash(leaf(3)))
		}
		return err
	}
	if err := check(whole); err != nil {
		t.Fatal(err)
	}
	flips(whole, func(what string, changed []byte) {
		if check(changed) == nil {
			t.Fatalf("%s, and believed:\n%q\n%q", what, whole, changed)
		}
	})
}

func TestEveryByteOfAnAnchorCounts(t *testing.T) {
	for _, a := range []ledger.Anchored{
		{Turn: 9, Anchor: ledger.Anchor{Log: ledger.Log{Group: group, Party: 3, Epoch: 7}, Size: 12, Root: group}},
		stepped(4, 5, 7),
	} {
		whole := ledger.FormatAnchor(a)
		if got, err := ledger.ParseAnchor(whole); err != nil || got.Anchor != a.Anchor || got.Turn != a.Turn || got.Step.From != a.Step.From {
			t.Fatalf("read back %+v, %v", got, err)
		}
		flips(whole, func(what string, changed []byte) {
			if _, err := ledger.ParseAnchor(changed); err == nil {
				t.Fatalf("%s, and believed:\n%q\n%q", what, whole, changed)
			}
		})
	}
}

// TestNotesRefused: each line is a way to be wrong that has its own refusal.
func TestNotesRefused(t *testing.T) {
	origin := ledger.Origin(group, pub(0), 0)
	good := string(cosigned(5).Note())
	text, sigs, _ := strings.Cut(good, "\n\n")
	lines := strings.SplitAfter(sigs, "\n")
	longTail := strings.Repeat("— x AAAAAAAA\n", 60)
	for _, c := range []struct{ name, note, why string }{
		{"nothing", "", "no signatures"},
		{"no signatures", text + "\n\n", "no signatures"},
		{"cosignatures only", text + "\n\n" + lines[1], "first signature"},
		{"cosignature first", text + "\n\n" + lines[1] + lines[0], "first signature"},
		{"twice by one key", good + lines[1], "two cosignatures by one key"},
		{"a second log signature", good + lines[0], "no cosignature"},
		{"extension line", text + "\nmore\n\n" + sigs, "exactly three lines"},
		{"leading zero", strings.Replace(good, "\n5\n", "\n05\n", 1), "plain number"},
		{"plus sign", strings.Replace(good, "\n5\n", "\n+5\n", 1), "plain number"},
		{"too large", strings.Replace(good, "\n5\n", "\n99999999999999\n", 1), "plain number"},
		{"carriage return", strings.ReplaceAll(good, "\n", "\r\n"), "bytes that no note has"},
		{"hyphen for dash", strings.ReplaceAll(good, "— ", "- "), "malformed"},
		{"too many", good + longTail, "more than"},
		{"too long", text + "\n\n" + strings.Repeat(lines[0], 400), "longer than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ledger.Open(pub(0), origin, []byte(c.note))
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("got %v, want %q", err, c.why)
			}
		})
	}
	if _, err := ledger.Open(pub(0), ledger.Origin(group, pub(0), 1), []byte(good)); err == nil {
		t.Error("another epoch's checkpoint was taken for this one's")
	}
	if _, err := ledger.Open(pub(0)[:5], origin, []byte(good)); err == nil {
		t.Error("half a key opened a note")
	}
}

// TestCosignatureIsOfOneCheckpoint: a cosignature does not move to another note.
func TestCosignatureIsOfOneCheckpoint(t *testing.T) {
	five, six := string(cosigned(5).Note()), string(cosigned(6).Note())
	_, sigs5, _ := strings.Cut(five, "\n\n")
	text6, sigs6, _ := strings.Cut(six, "\n\n")
	mixed := text6 + "\n\n" + strings.SplitAfter(sigs6, "\n")[0] + strings.SplitAfter(sigs5, "\n")[1]
	s, err := ledger.Open(pub(0), ledger.Origin(group, pub(0), 0), []byte(mixed))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cosigners(keys); err == nil {
		t.Error("a cosignature of size 5 was taken for one of size 6")
	}
	if _, err := ledger.MergeCosignatures(cosigned(5), cosigned(6), keys); err == nil {
		t.Error("notes of two sizes were merged")
	}
	if _, err := ledger.Cosign(key(1), grown(5).Head(), time.Unix(-1, 0)); err == nil {
		t.Error("cosigned before 1970")
	}
}

func FuzzOpen(f *testing.F) {
	origin := ledger.Origin(group, pub(0), 0)
	f.Add(cosigned(5).Note())
	f.Add(grown(1).Head().Note())
	f.Add([]byte("entente/x\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— x AAAAAAA=\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ledger.Open(pub(0), origin, b)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Note(), b) || !strings.HasPrefix(string(b), ledger.FormatCheckpoint(s.Checkpoint())) {
			t.Fatalf("does not re-encode: %q", b)
		}
		_, _ = s.Cosigners(keys)
		again := must(ledger.Open(pub(0), origin, s.Note()))
		_, _ = ledger.MergeCosignatures(s, again, keys)
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add(ledger.FormatCheckpoint(cosigned(5).Checkpoint()))
	f.Add("x\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ledger.ParseCheckpoint(text); err == nil && ledger.FormatCheckpoint(c) != text {
			t.Fatalf("does not re-encode: %q", text)
		}
	})
}

func FuzzParseEvidence(f *testing.F) {
	f.Add(ledger.FormatEvidence(forked(5, 5)))
	f.Add(ledger.FormatEvidence(forked(5, 11)))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ledger.ParseEvidence(b)
		if err != nil {
			return
		}
		if !bytes.Equal(ledger.FormatEvidence(e), b) {
			t.Fatalf("does not re-encode: %q", b)
		}
		_ = e.Verify(pub(0))
	})
}

func FuzzParseProof(f *testing.F) {
	f.Add(ledger.FormatProof(proven(3, 11)))
	f.Add(ledger.FormatProof(proven(0, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ledger.ParseProof(b)
		if err != nil {
			return
		}
		if !bytes.Equal(ledger.FormatProof(p), b) {
			t.Fatalf("does not re-encode: %q", b)
		}
		_, _ = p.Verify(pub(0), ledger.Origin(group, pub(0), 0), act.Hash{})
	})
}

func FuzzParseAnchor(f *testing.F) {
	f.Add(ledger.FormatAnchor(ledger.Anchored{Turn: 1, Anchor: ledger.Anchor{Log: logOf(1), Size: 3}}))
	f.Add(ledger.FormatAnchor(stepped(2, 1, 4)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := ledger.ParseAnchor(b); err == nil && !bytes.Equal(ledger.FormatAnchor(a), b) {
			t.Fatalf("does not re-encode: %q", b)
		}
	})
}

func FuzzSplitBundle(f *testing.F) {
	f.Add(ledger.AppendBundle(nil, leavesOf(0, 9)...))
	f.Add([]byte{0, 0})
	f.Add([]byte{0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if leaves, err := ledger.SplitBundle(nil, string(b)); err == nil {
			if !bytes.Equal(ledger.AppendBundle(nil, leaves...), b) || len(leaves) > ledger.BundleLeaves {
				t.Fatal("a bundle does not re-encode")
			}
		}
		if leaves, err := ledger.SplitEntries(b, 1000); err == nil && !bytes.Equal(ledger.AppendBundle(nil, leaves...), b) {
			t.Fatal("entries do not re-encode")
		}
	})
}
