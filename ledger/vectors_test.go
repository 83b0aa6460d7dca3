package ledger_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/ledger"
)

// vectors are the examples of docs/spec/ledger.md, by the name that stands before each.
func vectors() map[string]string {
	seed := func(b byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, 32)) }
	k, other := seed(1), seed(2)
	pubOf := func(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }
	log := ledger.Log{Group: act.Hash(bytes.Repeat([]byte{7}, 32)), Party: 0, Epoch: 0}
	book := ledger.NewBook(log, pubOf(k))
	leaves := [][]byte{[]byte("a"), []byte("bc"), []byte("def")}
	if err := book.Apply(must(book.Draft(k, leaves...))); err != nil {
		panic(err)
	}
	at := time.Unix(1513080000, 0)
	signed := must(ledger.Cosign(other, book.Head(), at))
	forked := ledger.NewBook(log, pubOf(k))
	changed := [][]byte{[]byte("a"), []byte("bd"), []byte("def"), []byte("g")}
	if err := forked.Apply(must(forked.Draft(k, changed...))); err != nil {
		panic(err)
	}
	_, err := book.Offer(forked.Head().Note(), 0, changed)
	fork, ok := err.(*ledger.Fork)
	if !ok {
		panic(err)
	}
	var tree strings.Builder
	for i := range leaves {
		fmt.Fprintf(&tree, "leaf %d %s\n", i, book.LeafHash(uint64(i)))
	}
	for size := range uint64(4) {
		root, _ := book.Root(size)
		fmt.Fprintf(&tree, "root %d %s\n", size, root)
	}
	bundle, _ := book.Bundle(0, 3)
	tile, _ := book.Tile(0, 0, 3)
	anchor := ledger.Anchor{Log: log, Size: 3, Root: book.Head().Checkpoint().Root}
	stepped := ledger.FormatAnchor(ledger.Anchored{Turn: 2, Anchor: anchor,
		Step: ledger.Batch{Log: log, From: 1, Leaves: leaves[1:], Note: book.Head().Note()}})
	return map[string]string{
		"keys":      fmt.Sprintf("log %x\ncosigner %x\n", pubOf(k), pubOf(other)),
		"names":     fmt.Sprintf("%s\n%s\n", book.Origin(), ledger.CosignerName(pubOf(other))),
		"tree":      tree.String(),
		"bundle":    hex.EncodeToString(bundle) + "\n",
		"tile":      hex.EncodeToString(tile) + "\n",
		"note":      string(signed.Note()),
		"proof":     string(ledger.FormatProof(ledger.Proof{Index: 1, Hashes: must(book.Inclusion(1, 3)), Note: book.Head().Note()})),
		"evidence":  string(ledger.FormatEvidence(fork.Evidence)),
		"anchor":    string(ledger.FormatAnchor(ledger.Anchored{Turn: 1, Anchor: anchor})),
		"step":      strings.TrimSuffix(string(stepped), "\x00\x02bc\x00\x03def"),
		"statement": "cosignature/v1\ntime 1513080000\n" + ledger.FormatCheckpoint(book.Head().Checkpoint()),
	}
}

// TestSpecIsTrue: every example in the specification is what the code writes.
func TestSpecIsTrue(t *testing.T) {
	spec, err := os.ReadFile("../docs/spec/ledger.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range vectors() {
		block := fmt.Sprintf("<!-- %s -->\n```\n%s```\n", name, want)
		if !strings.Contains(string(spec), block) {
			t.Errorf("the specification lacks this example, or gives another:\n%s", block)
		}
	}
}
