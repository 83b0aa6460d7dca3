package web

import (
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/web/locale"
	"entente/plan"
	"entente/text"
)

// TestAnOfferOfNoCoChairIsNotCalledSo shows a text that somebody offered who co-chairs nothing, past
// its own server's door: no word of the page says that it is the Chair's.
func TestAnOfferOfNoCoChairIsNotCalledSo(t *testing.T) {
	name := func(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }
	charter := group.Charter{Languages: []text.Lang{"en"}, Parties: []group.Member{{Code: "US", Names: name("United States")}, {Code: "IL", Names: name("Israel")}}}
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		attribution string
		chaired     bool
	}{{plan.CoChair, true}, {plan.Unchaired, false}} {
		d := elementData{sc: scene{lang: "en", charter: charter, powers: act.MayAccept | act.MayPropose}}
		rev := &plan.RevisionRef{Number: 3, Stamp: plan.Stamp{Party: "IL"}}
		d.Offer = &plan.Position{Party: "IL", Ordinal: 1, Revision: rev, Text: name("A bridge."), Attribution: c.attribution}
		d.Choices = []plan.Choice{{Act: "accept", Of: "IL", Offered: true, Revision: rev}}
		ctx := locale.With(t.Context(), book.Printer("en", time.Unix(0, 0)))
		var b strings.Builder
		if err := offerCard(d, *d.Offer).Render(ctx, &b); err != nil {
			t.Fatal(err)
		}
		words := b.String() + d.whoseText(locale.From(ctx), chairText) + d.acceptWords(locale.From(ctx), d.Choices[0])
		if got := strings.Contains(strings.ToLower(words), "co-chair’s"); got != c.chaired {
			t.Errorf("%s: called the co-chair’s: %v\n%s", c.attribution, got, words)
		}
		if d.tabledKey(plan.Event{Kind: "table", Revision: rev, Offered: true, Chaired: c.chaired}, nil, nil) == "story.offered" != c.chaired {
			t.Errorf("%s: the history says otherwise", c.attribution)
		}
	}
}
