package chancery

import (
	"bytes"
	"context"

	"entente/group"
	"entente/party"
	"entente/text"
)

// What comes from outside names parties: a card, and the parties of a charter. None of them may
// pass for one that is known here, whatever numbers were compared.

// trueTo refuses a charter in which a party stands under another key than the one known here, or
// under none, or in which a party could be mistaken for another. Whoever joined such a group would
// take one party's words for another's.
func (c *Chancery) trueTo(ctx context.Context, charter group.Charter) error {
	known, err := c.knownCards(ctx)
	if err != nil {
		return err
	}
	for i, m := range charter.Parties {
		if m.Invited() {
			return refuse("charter", "The group names %s without a key, so that anybody could speak for it. Nothing was joined.", m.Code)
		}
		for _, o := range charter.Parties[:i] {
			if name, alike := sameName(o.Names, m.Names); alike {
				return refuse("alike", "In the group, %s and %s are both called “%s”, or what looks like it. Nothing was joined. Ask for a group in which they can be told apart.", o.Code, m.Code, name)
			}
		}
		for _, k := range known {
			if k.Code == m.Code && !k.Signing.Equal(m.Signing) {
				return refuse("known", "The group names %s by another key than the one known here. Nothing was joined. Telephone %s before anything else.", m.Code, m.Code)
			}
			if k.Code != m.Code && k.Signing.Equal(m.Signing) {
				return refuse("known", "The group names %s by the key of %s. Nothing was joined. Telephone %s before anything else.", m.Code, k.Code, k.Code)
			}
			if err := distinct(k, m.Code, m.Names, "joined"); err != nil {
				return err
			}
		}
	}
	return nil
}

// knownCards are this party's card and its counterparts'.
func (c *Chancery) knownCards(ctx context.Context) ([]party.Card, error) {
	list, err := c.Counterparts(ctx)
	known := []party.Card{c.card}
	for _, o := range list {
		known = append(known, o.Card)
	}
	return known, err
}

// distinct refuses a party that could be mistaken for the known one; done is what was not done.
func distinct(k party.Card, code party.Code, names text.Texts, done string) error {
	if k.Code == code {
		return nil
	}
	if party.LooksAlike(k.Code, code) {
		return refuse("alike", "%s looks like %s, which is known here. Nothing was %s. Agree on another code for it.", code, k.Code, done)
	}
	if name, alike := sameName(k.Names, names); alike {
		return refuse("alike", "“%s” looks like the name of %s, which is known here. Nothing was %s. Agree on another name for %s.", name, k.Code, done, code)
	}
	return nil
}

// sameName finds a name of b that looks like one of a.
func sameName(a, b text.Texts) (string, bool) {
	for _, x := range a {
		for _, y := range b {
			if text.LooksAlike(x.Text, y.Text) {
				return y.Text, true
			}
		}
	}
	return "", false
}

// unmistakable refuses a card whose number was compared, if it could be mistaken for another that
// is known, or holds one of its keys: a counterpart is recognised by its exchange key alone.
func (c *Chancery) unmistakable(ctx context.Context, card party.Card) error {
	known, err := c.knownCards(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Code == card.Code && !k.SameKeys(card) {
			return refuse("known", "%s is known here by other keys. Nothing was changed. Telephone your counterpart before anything else.", card.Code)
		}
		if k.Code == card.Code {
			continue
		}
		if anyKeyOf(k, card) {
			return refuse("known", "The card of %s holds a key of %s. Nothing was changed, and nobody was linked. Telephone both before anything else.", card.Code, k.Code)
		}
		if err := distinct(k, card.Code, card.Names, "changed"); err != nil {
			return err
		}
	}
	if card.Code == c.Self() {
		return refuse("known", "The card bears the code of this party itself. Nothing was changed.")
	}
	return c.trueToGroups(card)
}

func anyKeyOf(a, b party.Card) bool {
	for _, x := range [][]byte{a.Signing, a.Exchange} {
		if bytes.Equal(x, b.Signing) || bytes.Equal(x, b.Exchange) {
			return true
		}
	}
	return a.Seal == b.Seal
}

// trueToGroups refuses a card that differs from what the joined groups say of its party: one of
// the two is not that party.
func (c *Chancery) trueToGroups(card party.Card) error {
	for _, g := range c.Groups() {
		if p, member := g.charter.Ordinal(card.Code); member && !g.charter.Parties[p].Signing.Equal(card.Signing) {
			return refuse("known", "A group that was joined here names %s by another key than this card. Nothing was changed, and nobody was linked. Telephone your counterpart before anything else.", card.Code)
		}
	}
	return nil
}

// maxLogs is how many logs one group may have, over all parties and epochs: what one message of
// the exchange and one proof file can name.
const maxLogs = 1024

// maxEpochs is how often each party may begin its log anew, so that none uses up the others' share.
func (g *Group) maxEpochs() uint32 { return uint32(maxLogs / len(g.charter.Parties)) }

func (g *Group) endless(p uint8) error {
	return shut("%s has begun its log in this group more than %d times. Nothing more is taken of it. Convene a successor group.", g.charter.Code(p), g.maxEpochs()-1)
}
