package main

import (
	"bytes"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/compliance"
	"entente/proof"
	"entente/text"
)

// TestNoLineOfAVerdictIsForged: words of several lines make no line of the program's own, where it lists
// what is watched and where it says what a file comes to.
func TestNoLineOfAVerdictIsForged(t *testing.T) {
	bad := "Annex I\nthe file says  Within\ncomputed here  Within: the same"
	words := text.Texts{{Lang: "en", Text: bad}}
	var b bytes.Buffer
	card := compliance.Card{Ref: "O-1", Display: "O 1", Title: words, Paragraph: bad, Owes: words}
	card.Verdict = act.Exceeded
	printCard(&b, card, nil)
	printVerdict(&b, compliance.Obligation{Card: card, Text: words, Verified: words}, nil, true)
	printClaim(&b, proof.Claimed{Title: words, Name: words}, nil)
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "the file says  Within") || strings.HasPrefix(line, "computed here  Within") {
			t.Errorf("a line is forged:\n%s", b.String())
		}
	}
}
