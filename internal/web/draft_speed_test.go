package web_test

import (
	"context"
	"crypto/rand"
	"os"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/export/plain"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// realDraft is a draft of the 2015 climate agreement, with some thousand brackets nested seven deep. It
// is not shipped.
const realDraft = "../../../shared/data/negotiating/adp-draft-agreement-2015-10-23.md"

// anyShelf makes the stores of groups in memory.
type anyShelf struct{}

func (anyShelf) OpenGroup(_ context.Context, id act.Hash) (ledger.Store, ledger.Disk, error) {
	return memstore.New(id), noDisk{}, nil
}

// tabled is a server on which a draft has been tabled as a Chair's text, in a group of one language.
func tabled(b *testing.B, src string) (get func(path string) time.Duration) {
	b.Helper()
	ctx := context.Background()
	desk := memdesk.New()
	var cards []party.Card
	var keys []party.Keys
	var members []group.Member
	for _, code := range []party.Code{"US", "IL"} {
		k, err := party.NewKeys(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		card := k.Card(code, text.Texts{{Lang: "en", Text: string(code)}}, []text.Lang{"en"}, "")
		keys, cards = append(keys, k), append(cards, card)
		members = append(members, group.Member{Code: code, Names: card.Names, Signing: card.Signing})
	}
	if err := desk.PutCounterpart(ctx, chancery.CounterpartRow{Code: "IL", Card: cards[1].Bytes()}); err != nil {
		b.Fatal(err)
	}
	c, err := chancery.Open(ctx, chancery.Config{Keys: keys[0], Card: cards[0], Desk: desk, Groups: anyShelf{}, Clock: time.Now, Random: rand.Reader})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	owner := chancery.Who{Admin: true}
	name := text.Texts{{Lang: "en", Text: "Talks"}}
	g, err := c.Convene(ctx, owner, chancery.Terms{Name: name, Plan: name, Languages: []text.Lang{"en"}, Members: members,
		Ceiling: marking.New(marking.Green), Chairs: []group.Chair{{Party: "US", Person: "d.reyes"}}})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.AddPerson(ctx, owner, chancery.PersonRow{ID: "d.reyes", Name: name}); err != nil {
		b.Fatal(err)
	}
	draft, err := plain.Read(src, plain.Options{Lang: "en", Offered: true})
	if err != nil {
		b.Fatal(err)
	}
	for _, batch := range draft.Batches() {
		drafts := make([]chancery.Draft, len(batch))
		for i, t := range batch {
			drafts[i].Body = t
		}
		if _, err := g.Admit(ctx, chancery.Who{Person: "d.reyes"}, drafts...); err != nil {
			b.Fatal(err)
		}
	}
	secret, _, err := c.NewLink(ctx, owner, "d.reyes")
	if err != nil {
		b.Fatal(err)
	}
	return visitor(b, c, secret)
}

// BenchmarkDraft is the time to the first byte of the pages of an imported draft: the document, an
// article of many brackets, the board. x-floor is the ratio of the medians to that of a handler that
// does nothing on the same server.
func BenchmarkDraft(whole *testing.B) {
	src, err := os.ReadFile(realDraft)
	if err != nil {
		whole.Skip("the draft is not here: ", err)
	}
	get := tabled(whole, string(src))
	for _, path := range []string{"/g/0/doc", "/g/0/e/C-3", "/g/0/board"} {
		whole.Run(path, func(b *testing.B) {
			ratio(b, get, path)
		})
	}
}
