package chancery

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"entente/group"
	"entente/party"
	"entente/text"
)

// Linking two servers takes two files and two telephone calls. An invitation holds the inviting
// party's card and the group as proposed, in which the invited party's key is still missing (all
// zero). A reply holds the other card. Each side reads the other's number over a line it trusts;
// until then neither file does anything. Both are text:
//
//	entente invitation v1              entente reply v1
//	id <32 hexadecimal digits>         id <32 hexadecimal digits>
//	to <code>                          to <the inviting card's number>
//	expires <RFC 3339>                 card <base64>
//	card <base64>                      signature <base64>
//	group <base64>
//	signature <base64>
//
// The signature is Ed25519 by the card's signing key over everything before it. The group is empty
// where the two only link, and convene groups later.
const (
	invitationTitle = "entente invitation v1"
	replyTitle      = "entente reply v1"
	// InvitationLife is how long an invitation can be taken up.
	InvitationLife = 30 * 24 * time.Hour
	// MaxLinkFile is the greatest size of either file, in bytes.
	MaxLinkFile = 128 << 10
)

// An Invitation is what an invitation file says.
type Invitation struct {
	ID      [16]byte
	Expires time.Time
	Card    party.Card
	Group   group.Charter // with the invited party's key missing; zero where only a link is proposed
	Invited party.Code
}

// A Counterpart is another party that this server knows, with its card.
type Counterpart struct {
	CounterpartRow
	Card party.Card
}

// Reach is the address to try: the one set here, or the card's.
func (c Counterpart) Reach() string {
	if c.Address != "" {
		return c.Address
	}
	return c.Card.Address
}

// Counterparts lists the parties whose numbers have been compared.
func (c *Chancery) Counterparts(ctx context.Context) ([]Counterpart, error) {
	rows, err := c.desk.Counterparts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Counterpart, 0, len(rows))
	for _, r := range rows {
		card, err := c.cardOf(r)
		if err != nil {
			return nil, err
		}
		out = append(out, Counterpart{r, card})
	}
	return out, nil
}

// cardOf parses a counterpart's card, once: checking its signature costs more than the rest of an
// exchange.
func (c *Chancery) cardOf(r CounterpartRow) (party.Card, error) {
	if card, ok := c.cards.Load(string(r.Card)); ok {
		return card.(party.Card), nil
	}
	card, err := party.ParseCard(r.Card)
	if err != nil {
		return card, fmt.Errorf("the card of %s on this server cannot be read: %w", r.Code, err)
	}
	c.cards.Store(string(r.Card), card)
	return card, nil
}

// Counterpart finds one by its code; ErrWithheld where there is none.
func (c *Chancery) Counterpart(ctx context.Context, code party.Code) (Counterpart, error) {
	list, err := c.Counterparts(ctx)
	if err != nil {
		return Counterpart{}, err
	}
	for _, o := range list {
		if o.Card.Code == code {
			return o, nil
		}
	}
	return Counterpart{}, ErrWithheld
}

// SetAddress says where to reach a counterpart, if not where its card says.
func (c *Chancery) SetAddress(ctx context.Context, who Who, code party.Code, address string) error {
	if !who.Admin {
		return refuse("powers", "Only an administrator changes addresses. Nothing was changed.")
	}
	o, err := c.Counterpart(ctx, code)
	if err != nil {
		return err
	}
	if address != "" {
		if err := party.CheckAddress(address); err != nil {
			return refuse("address", "%v. Nothing was changed.", err)
		}
	}
	o.Address = address
	return c.desk.PutCounterpart(ctx, o.CounterpartRow)
}

// Invite makes an invitation file for a party that this server does not know yet, to a group by
// the terms or, where those have no name, to nothing but a link.
func (c *Chancery) Invite(ctx context.Context, who Who, code party.Code, name text.Texts, t Terms) ([]byte, error) {
	if !c.mayConvene(who) {
		return nil, refuse("powers", "You may not invite other parties. Nothing was written.")
	}
	if err := c.guardTerms(ctx, who, t); err != nil {
		return nil, err
	}
	if code == c.Self() {
		return nil, refuse("self", "%s is this party's own code. Nothing was written. Give the code of the party that you invite.", code)
	}
	if err := c.unlike(ctx, code, name); err != nil {
		return nil, err
	}
	var id [16]byte
	if _, err := io.ReadFull(c.random, id[:]); err != nil {
		return nil, err
	}
	now := c.clock().UTC().Truncate(time.Second)
	row := InvitationRow{ID: id, Code: code, State: InvitationSent, Expires: now.Add(InvitationLife), At: now}
	if len(t.Name) > 0 {
		charter, err := c.charter(t.inviting(code, name), id)
		if err != nil {
			return nil, err
		}
		row.Terms = charter.Format()
	}
	if err := c.desk.PutInvitation(ctx, row); err != nil {
		return nil, err
	}
	return c.signed(invitationTitle, field{"id", hex.EncodeToString(id[:])}, field{"to", string(code)}, field{"expires", row.Expires.Format(time.RFC3339)},
		field{"card", b64(c.card.Format(c.keys))}, field{"group", b64(row.Terms)}), nil
}

// inviting gives the terms a member whose key is missing: the one that t names by that code, with
// its capital and zone, or a new one.
func (t Terms) inviting(code party.Code, name text.Texts) Terms {
	t.Members = slices.Clone(t.Members)
	i := slices.IndexFunc(t.Members, func(m group.Member) bool { return m.Code == code })
	if i < 0 {
		i = len(t.Members)
		t.Members = append(t.Members, group.Member{Code: code})
	}
	t.Members[i].Names, t.Members[i].Signing = name, make(ed25519.PublicKey, ed25519.PublicKeySize)
	return t
}

// Known lists the counterparts that a person may know of: those of the groups that the person sits
// in; for an administrator all; for who may convene also those that no group is shared with yet.
// Of any other a person is not told even that it is linked.
func (c *Chancery) Known(ctx context.Context, who Who) ([]Counterpart, error) {
	list, err := c.Counterparts(ctx)
	if who.Admin || err != nil {
		return list, err
	}
	convenes := c.mayConvene(who)
	return slices.DeleteFunc(list, func(o Counterpart) bool {
		shared := c.Shared(o.Card)
		seen := slices.ContainsFunc(shared, func(g *Group) bool { return g.Seats(who) })
		return !seen && !(convenes && len(shared) == 0)
	}), nil
}

// unlike refuses a party whose code or name could be mistaken for one that is known.
func (c *Chancery) unlike(ctx context.Context, code party.Code, name text.Texts) error {
	known, err := c.knownCards(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Code == code {
			return refuse("known", "%s is known here already. Nothing was written. To work with it in another group, convene the group.", code)
		}
		if err := distinct(k, code, name, "written"); err != nil {
			return err
		}
	}
	return nil
}

// ReadInvitation reads an invitation file and checks its form and its signature. Whose card it
// really is, only the number read over the telephone tells.
func (c *Chancery) ReadInvitation(file []byte) (inv Invitation, err error) {
	card, f, err := openSigned(file, invitationTitle, "id", "to", "expires", "card", "group")
	if err != nil {
		return inv, err
	}
	bad := refuse("invitation", "The invitation is not whole, or has been altered. Nothing was changed. Ask for it again.")
	inv.Card = card
	var e1, e2, e3 error
	inv.Invited, e1 = party.ParseCode(f["to"])
	inv.Expires, e2 = time.Parse(time.RFC3339, f["expires"])
	raw, e3 := unb64(f["group"])
	if readID(&inv.ID, f["id"]) != nil || errors.Join(e1, e2, e3) != nil {
		return inv, bad
	}
	if len(raw) > 0 {
		if err := inv.propose(string(raw)); err != nil {
			return inv, err
		}
	}
	if c.clock().After(inv.Expires) {
		return inv, refuse("expired", "The invitation expired on %s. Nothing was changed. Ask for a new one.", inv.Expires.Format("2 January 2006"))
	}
	return inv, nil
}

// propose reads the group that an invitation proposes: of both parties, with the invited one's key
// missing and no other.
func (inv *Invitation) propose(raw string) (err error) {
	if inv.Group, err = group.Parse(raw); err != nil {
		return refuse("invitation", "The invitation cannot be read: %v. Nothing was changed. Ask for it again.", err)
	}
	from, ok1 := inv.Group.Ordinal(inv.Card.Code)
	to, ok2 := inv.Group.Ordinal(inv.Invited)
	if inv.ID != inv.Group.Nonce || !ok1 || !ok2 || !inv.Group.Parties[from].Signing.Equal(inv.Card.Signing) {
		return refuse("invitation", "The invitation proposes a group that is not of the two parties that it links. Nothing was changed.")
	}
	for p, m := range inv.Group.Parties {
		if m.Invited() != (p == int(to)) {
			return refuse("invitation", "The invitation proposes a group in which keys are missing. Nothing was changed.")
		}
	}
	return nil
}

// TakeUp takes up an invitation once the number has been compared: confirm is the last group of
// the inviting party's number, as it was read aloud. It gives the reply file.
func (c *Chancery) TakeUp(ctx context.Context, who Who, file []byte, confirm string) ([]byte, error) {
	inv, err := c.ReadInvitation(file)
	if err != nil {
		return nil, err
	}
	if !c.mayConvene(who) {
		return nil, refuse("powers", "You may not take up invitations. Nothing was changed.")
	}
	if inv.Invited != c.Self() {
		return nil, refuse("other", "The invitation is for %s, and this server speaks for %s. Nothing was changed.", inv.Invited, c.Self())
	}
	if err := c.confirmCard(ctx, who, inv.Card, confirm); err != nil {
		return nil, err
	}
	now := c.clock().UTC().Truncate(time.Second)
	row := InvitationRow{ID: inv.ID, Code: inv.Card.Code, State: InvitationFinished, Expires: inv.Expires, At: now}
	if len(inv.Group.Parties) > 0 {
		row.State, row.Terms = InvitationJoining, inv.Group.Format()
	}
	if err := c.desk.PutInvitation(ctx, row); err != nil {
		return nil, err
	}
	return c.signed(replyTitle, field{"id", hex.EncodeToString(inv.ID[:])}, field{"to", inv.Card.Number().String()},
		field{"card", b64(c.card.Format(c.keys))}), nil
}

// confirmCard makes the party a counterpart, if the last group of its number is right.
func (c *Chancery) confirmCard(ctx context.Context, who Who, card party.Card, confirm string) error {
	if strings.TrimSpace(confirm) != card.Number().Last() {
		return refuse("number", "The last group does not match the number of %s in the file. Nothing was changed, and nobody was linked. Read all six groups aloud again; if they differ, the file is not theirs.", card.Code)
	}
	if err := c.unmistakable(ctx, card); err != nil {
		return err
	}
	return c.desk.PutCounterpart(ctx, CounterpartRow{Code: card.Code, Card: card.Bytes(), Confirmed: c.clock().UTC(), By: who.Person})
}

// A Reply is what a reply file says.
type Reply struct {
	ID   [16]byte
	Card party.Card
}

// ReadReply reads the reply to an invitation made here.
func (c *Chancery) ReadReply(ctx context.Context, file []byte) (Reply, error) {
	card, f, err := openSigned(file, replyTitle, "id", "to", "card")
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Card: card}
	if readID(&r.ID, f["id"]) != nil || f["to"] != c.card.Number().String() {
		return r, refuse("reply", "The reply is to somebody else. Nothing was changed.")
	}
	_, err = c.sent(ctx, r)
	return r, err
}

func (c *Chancery) sent(ctx context.Context, r Reply) (InvitationRow, error) {
	rows, err := c.desk.Invitations(ctx)
	if err != nil {
		return InvitationRow{}, err
	}
	for _, row := range rows {
		if row.ID != r.ID || row.State == InvitationJoining {
			continue
		}
		switch {
		case row.Code != r.Card.Code:
			return row, refuse("other", "The invitation was for %s, and the reply is from %s. Nothing was changed.", row.Code, r.Card.Code)
		case row.State == InvitationFinished:
			return row, refuse("again", "This reply has been accepted already. Nothing was changed.")
		case c.clock().After(row.Expires):
			return row, refuse("expired", "The invitation expired on %s. Nothing was changed. Make a new one.", row.Expires.Format("2 January 2006"))
		}
		return row, nil
	}
	return InvitationRow{}, refuse("reply", "No invitation made here is answered by this reply. Nothing was changed.")
}

// Accept completes the link once the number has been compared, and convenes the group; nil where
// the invitation was to a link alone.
func (c *Chancery) Accept(ctx context.Context, who Who, file []byte, confirm string) (*Group, error) {
	c.joining.Lock()
	defer c.joining.Unlock()
	r, err := c.ReadReply(ctx, file)
	if err != nil {
		return nil, err
	}
	row, err := c.sent(ctx, r)
	if err != nil {
		return nil, err
	}
	if !c.mayConvene(who) {
		return nil, refuse("powers", "You may not accept replies. Nothing was changed.")
	}
	if err := c.confirmCard(ctx, who, r.Card, confirm); err != nil {
		return nil, err
	}
	row.State = InvitationFinished
	if len(row.Terms) == 0 {
		return nil, c.desk.PutInvitation(ctx, row)
	}
	terms, err := group.Parse(string(row.Terms))
	if err != nil {
		return nil, err
	}
	g, err := c.convene(ctx, who, complete(terms, r.Card))
	if err != nil {
		return nil, err
	}
	return g, c.desk.PutInvitation(ctx, row)
}

// complete puts the invited party's key and names into the group as proposed.
func complete(terms group.Charter, card party.Card) group.Charter {
	terms.Parties = slices.Clone(terms.Parties)
	for i, m := range terms.Parties {
		if m.Code == card.Code && m.Invited() {
			terms.Parties[i].Signing, terms.Parties[i].Names = card.Signing, card.Names
		}
	}
	return terms
}

// agreedToJoin gives the invitation taken up here that the charter is of, with nothing changed but
// this party's own key and names. The invitation is spent when the group has been joined.
func (c *Chancery) agreedToJoin(ctx context.Context, charter group.Charter, from party.Code) (InvitationRow, bool, error) {
	rows, err := c.desk.Invitations(ctx)
	if err != nil {
		return InvitationRow{}, false, err
	}
	for _, row := range rows {
		if row.ID != charter.Nonce || row.State != InvitationJoining || row.Code != from {
			continue
		}
		terms, err := group.Parse(string(row.Terms))
		return row, err == nil && complete(terms, c.card).ID() == charter.ID(), err
	}
	return InvitationRow{}, false, nil
}

// spend ends an invitation whose group has been joined.
func (c *Chancery) spend(ctx context.Context, row InvitationRow) error {
	row.State = InvitationFinished
	return c.desk.PutInvitation(ctx, row)
}

type field struct{ key, value string }

// signed writes a file of fields with the signature of this party's signing key.
func (c *Chancery) signed(title string, fields ...field) []byte {
	var b bytes.Buffer
	b.WriteString(title + "\n")
	for _, f := range fields {
		b.WriteString(f.key + " " + f.value + "\n")
	}
	sig := ed25519.Sign(c.keys.Signing(), b.Bytes())
	b.WriteString("signature " + b64(sig) + "\n")
	return b.Bytes()
}

// openSigned reads a file of exactly those fields and checks it against the card that it holds.
func openSigned(file []byte, title string, keys ...string) (party.Card, map[string]string, error) {
	bad := refuse("file", "This is not a complete file of the kind “%s”, or it has been altered. Nothing was changed. Ask for it again.", strings.TrimSuffix(strings.TrimPrefix(title, "entente "), " v1"))
	lines := strings.Split(string(file), "\n")
	if len(file) > MaxLinkFile || len(lines) != len(keys)+3 || lines[0] != title || lines[len(lines)-1] != "" {
		return party.Card{}, nil, bad
	}
	f := map[string]string{}
	for i, k := range append(slices.Clone(keys), "signature") {
		v, ok := strings.CutPrefix(lines[i+1], k+" ")
		if !ok {
			return party.Card{}, nil, bad
		}
		f[k] = v
	}
	raw, err := unb64(f["card"])
	if err != nil {
		return party.Card{}, nil, bad
	}
	card, err := party.ParseCard(raw)
	if err != nil {
		return party.Card{}, nil, bad
	}
	sig, err := unb64(f["signature"])
	body := file[:bytes.LastIndex(file, []byte("signature "))]
	if err != nil || !ed25519.Verify(card.Signing, body, sig) {
		return party.Card{}, nil, bad
	}
	return card, f, nil
}

func readID(id *[16]byte, s string) error {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(id) {
		return fmt.Errorf("not an id")
	}
	copy(id[:], b)
	return nil
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func unb64(s string) ([]byte, error) { return base64.StdEncoding.Strict().DecodeString(s) }
