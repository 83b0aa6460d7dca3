package chancery_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
	"entente/text"
)

// link makes b a counterpart of a, as if numbers had been compared.
func link(t *testing.T, a, b *home) {
	t.Helper()
	if err := a.desk.PutCounterpart(t.Context(), chancery.CounterpartRow{Code: b.card.Code, Card: b.card.Bytes()}); err != nil {
		t.Fatal(err)
	}
}

var english = []text.Lang{"en"}

func rule(err error) string {
	var r *chancery.Refused
	if errors.As(err, &r) {
		return r.Rule
	}
	return fmt.Sprint(err)
}

// charter is that of a group of the homes, as the first of them would write it.
func charter(number uint32, plenary act.Hash, members ...group.Member) group.Charter {
	c := group.Charter{Number: number, Name: names("Group"), Plenary: plenary, Parties: members, Languages: []text.Lang{"en"}}
	c.Ceiling = terms().Ceiling
	rand.Read(c.Nonce[:])
	return c
}

// TestCharterWithAnothersKey: a counterpart writes a charter that names a third party, known here,
// under a key of its own. Whoever joined would take its words for the third party's.
func TestCharterWithAnothersKey(t *testing.T) {
	us, il := linked(t)
	eve := newHome(t, "EVE", "Eve", "eve")
	link(t, us, eve)
	fake := newHome(t, "IL", "Israel", "eve")
	c := charter(0, act.Hash{}, us.member(), eve.member(), fake.member())
	raw := c.Format()
	if _, err := us.Offered(t.Context(), raw, "EVE"); rule(err) != "known" {
		t.Errorf("offered: %v", err)
	}
	// One that waited from before its party was linked is not joined either.
	id := group.IDOf(string(raw))
	row := chancery.GroupRow{ID: id, Handle: "9", Charter: raw, State: chancery.GroupInvited, From: "EVE"}
	if err := us.desk.PutGroup(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	if _, err := us.Answer(t.Context(), us.who, id, true); rule(err) != "known" {
		t.Errorf("joined: %v", err)
	}
	if _, ok := us.GroupByID(id); ok {
		t.Error("the group was joined")
	}
	// The same with the real key is an ordinary invitation.
	c = charter(0, act.Hash{}, us.member(), eve.member(), il.member())
	if fresh, err := us.Offered(t.Context(), c.Format(), "EVE"); err != nil || !fresh {
		t.Errorf("an honest charter: %v, %v", fresh, err)
	}
}

// TestCharterWithLookalikes: a charter's parties must be told apart from each other and from those
// known here, by their codes and by their names.
func TestCharterWithLookalikes(t *testing.T) {
	us, _ := linked(t)
	eve := newHome(t, "EVE", "Eve", "eve")
	link(t, us, eve)
	for _, c := range []struct{ code, name string }{
		{"1L", "Another"}, {"IR", "Israel"}, {"IR", "lsrael"}, {"IR", "United States"}, {"IR", "Isr\u0430el"},
	} {
		code, err := party.ParseCode(c.code)
		if err != nil {
			continue // not even a code
		}
		other := newHome(t, code, c.name, "eve")
		raw := charter(0, act.Hash{}, us.member(), eve.member(), other.member())
		if _, err := us.Offered(t.Context(), raw.Format(), "EVE"); err == nil {
			t.Errorf("a charter with %s called %q was kept", c.code, c.name)
		}
	}
	for _, name := range []string{"Eve\nIsrael", "Eve\t", " Eve"} {
		m := eve.member()
		m.Names = names(name)
		if err := charter(0, act.Hash{}, us.member(), m).Check(); err == nil {
			t.Errorf("a party called %q passes", name)
		}
	}
	c := charter(0, act.Hash{}, us.member(), eve.member())
	c.Name = names("Plenary\nGroup 2 · Another")
	if c.Check() == nil {
		t.Error("a group's name of two lines passes")
	}
}

// TestHostileCharters: whatever a counterpart offers as a charter, nothing is joined and nothing
// breaks.
func TestHostileCharters(t *testing.T) {
	us, _ := linked(t)
	eve := newHome(t, "EVE", "Eve", "eve")
	link(t, us, eve)
	before := len(us.Groups())
	many := []group.Member{us.member(), eve.member()}
	for i := range act.MaxParties - 1 {
		keys, err := party.NewKeys(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		n := names(fmt.Sprintf("Party %d of many", i))
		code := party.Code(fmt.Sprintf("X%c%c", 'A'+i/26, 'A'+i%26))
		many = append(many, group.Member{Code: code, Names: n, Signing: keys.Card(code, n, english, "").Signing})
	}
	zero := eve.member()
	zero.Code, zero.Signing = "ZZ", make([]byte, ed25519.PublicKeySize)
	twice := eve.member()
	twice.Code, twice.Names = "EVB", names("Other")
	for name, c := range map[string]group.Charter{
		"41 parties":   charter(0, act.Hash{}, many...),
		"a zero key":   charter(0, act.Hash{}, us.member(), eve.member(), zero),
		"one key":      charter(0, act.Hash{}, us.member(), eve.member(), twice),
		"without us":   charter(0, act.Hash{}, eve.member()),
		"without them": charter(0, act.Hash{}, us.member()),
		"huge": func() group.Charter {
			c := charter(0, act.Hash{}, us.member(), eve.member())
			c.Terms = names(strings.Repeat("x", group.MaxTerms+1))
			return c
		}(),
	} {
		fresh, err := us.Offered(t.Context(), c.Format(), "EVE")
		if fresh {
			t.Errorf("%s: kept (%v)", name, err)
		}
	}
	if fresh, err := us.Offered(t.Context(), charter(1<<32-1, act.LeafHash(nil), many[:act.MaxParties]...).Format(), "EVE"); !fresh || err != nil {
		t.Errorf("40 parties and the greatest number: %v %v", fresh, err)
	}
	if len(us.Groups()) != before {
		t.Error("a group was joined without an answer")
	}
}

// TestOneCounterpartCannotUseUpTheInvitations: those of the others still arrive.
func TestOneCounterpartCannotUseUpTheInvitations(t *testing.T) {
	us, il := linked(t)
	eve := newHome(t, "EVE", "Eve", "eve")
	link(t, us, eve)
	kept := 0
	for range 200 {
		if fresh, _ := us.Offered(t.Context(), charter(0, act.Hash{}, us.member(), eve.member()).Format(), "EVE"); fresh {
			kept++
		}
	}
	if kept == 200 {
		t.Error("200 invitations of one party wait")
	}
	if fresh, err := us.Offered(t.Context(), charter(0, act.Hash{}, us.member(), il.member()).Format(), "IL"); !fresh || err != nil {
		t.Errorf("IL's invitation after %d of EVE's: %v, %v", kept, fresh, err)
	}
}

// invitation writes one as home, with whatever card.
func invitation(h *home, to party.Code, card []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "entente invitation v1\nid %032x\nto %s\nexpires 2018-01-01T00:00:00Z\ncard %s\ngroup \n", 7, to, base64.StdEncoding.EncodeToString(card))
	fmt.Fprintf(&b, "signature %s\n", base64.StdEncoding.EncodeToString(ed25519.Sign(h.keys.Signing(), b.Bytes())))
	return b.Bytes()
}

// TestHostileCards: the number was compared, and all the same the card must not be mistaken for
// another, nor carry another party's keys.
func TestHostileCards(t *testing.T) {
	us, il := linked(t)
	eve := newHome(t, "EVE", "Eve", "eve")
	for name, c := range map[string]struct {
		keys party.Keys
		card func(party.Keys) []byte
	}{
		"this party's own code": {eve.keys, func(k party.Keys) []byte { return k.Card("US", names("Eve"), english, "").Format(k) }},
		"this party's own name": {eve.keys, func(k party.Keys) []byte { return k.Card("EVE", names("United States"), english, "").Format(k) }},
		"a counterpart's name":  {eve.keys, func(k party.Keys) []byte { return k.Card("EVE", names("Israel"), english, "").Format(k) }},
		"a code like another":   {eve.keys, func(k party.Keys) []byte { return k.Card("U5", names("Eve"), english, "").Format(k) }},
		"another's exchange key": {eve.keys, func(k party.Keys) []byte {
			c := k.Card("EVE", names("Eve"), english, "")
			c.Exchange = il.card.Exchange
			return c.Format(k)
		}},
		"our exchange key": {eve.keys, func(k party.Keys) []byte {
			c := k.Card("EVE", names("Eve"), english, "")
			c.Exchange = us.card.Exchange
			return c.Format(k)
		}},
		"another's sealing key": {eve.keys, func(k party.Keys) []byte {
			c := k.Card("EVE", names("Eve"), english, "")
			c.Seal = il.card.Seal
			return c.Format(k)
		}},
		"another's code": {eve.keys, func(k party.Keys) []byte { return k.Card("IL", names("Eve"), english, "").Format(k) }},
	} {
		raw := c.card(c.keys)
		card, err := party.ParseCard(raw)
		if err != nil {
			t.Logf("%s: no card: %v", name, err)
			continue
		}
		file := invitation(eve, "US", raw)
		if _, err := us.TakeUp(t.Context(), us.who, file, card.Number().Last()); rule(err) != "known" && rule(err) != "alike" {
			t.Errorf("%s: %v", name, err)
		}
		if list, err := us.Counterparts(t.Context()); err != nil || len(list) != 1 {
			t.Fatalf("%s: %d counterparts", name, len(list))
		}
	}
	if _, err := us.TakeUp(t.Context(), us.who, invitation(eve, "US", eve.card.Format(eve.keys)), eve.card.Number().Last()); err != nil {
		t.Errorf("an honest card: %v", err)
	}
}

// TestHostileInvitationsAndReplies: replay, altered files, swapped cards, the wrong party, expired.
func TestHostileInvitationsAndReplies(t *testing.T) {
	us, il := newHome(t, "US", "United States", "d.reyes"), newHome(t, "IL", "Israel", "n.amar")
	eve := newHome(t, "EVE", "Eve", "eve")
	ctx := t.Context()
	inv, err := us.Invite(ctx, us.who, "IL", names("Israel"), terms(us.member()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := eve.TakeUp(ctx, eve.who, inv, us.card.Number().Last()); rule(err) != "other" {
		t.Errorf("taken up by somebody else: %v", err)
	}
	for i := range inv { // every byte counts
		bad := bytes.Clone(inv)
		bad[i] ^= 1
		if _, err := il.ReadInvitation(bad); err == nil {
			t.Fatalf("byte %d altered, and read", i)
		}
	}
	reply, err := il.TakeUp(ctx, il.who, inv, us.card.Number().Last())
	if err != nil {
		t.Fatal(err)
	}
	swapped, err := eve.TakeUp(ctx, eve.who, invitation(us, "EVE", us.card.Format(us.keys)), us.card.Number().Last())
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Split(string(inv), "\n")[1]
	lines := strings.Split(string(swapped), "\n")
	lines[1] = id // EVE answers IL's invitation with a card of its own
	body := strings.Join(lines[:len(lines)-2], "\n") + "\n"
	forged := body + "signature " + base64.StdEncoding.EncodeToString(ed25519.Sign(eve.keys.Signing(), []byte(body))) + "\n"
	if _, err := us.Accept(ctx, us.who, []byte(forged), eve.card.Number().Last()); rule(err) != "other" {
		t.Errorf("a swapped card: %v", err)
	}
	if _, err := us.Accept(ctx, us.who, reply, il.card.Number().Last()); err != nil {
		t.Fatal(err)
	}
	if _, err := us.Accept(ctx, us.who, reply, il.card.Number().Last()); rule(err) != "again" {
		t.Errorf("a reply twice: %v", err)
	}
	later := us.clock().Add(chancery.InvitationLife + time.Hour)
	if inv, err = us.Invite(ctx, us.who, "EVE", names("Eve"), chancery.Terms{}); err != nil {
		t.Fatal(err)
	}
	late := newHome(t, "EVE", "Eve", "eve")
	late.Chancery.Close()
	late.clock = func() time.Time { return later }
	late.open()
	if _, err := late.TakeUp(ctx, late.who, inv, us.card.Number().Last()); rule(err) != "expired" {
		t.Errorf("expired: %v", err)
	}
}

// TestEndlessEpochs: a party that begins epoch after epoch is stopped before its logs are more than
// one message, or one proof, can name: the others' exchange goes on.
func TestEndlessEpochs(t *testing.T) {
	us, il := linked(t)
	g := us.plenary()
	own := il.plenary()
	var last ledger.State
	for _, h := range own.Heads() {
		if h.Log.Party == own.Self() {
			last = h
		}
	}
	book := ledger.NewBook(last.Log, il.card.Signing)
	own.Book(last.Log, func(b *ledger.Book) { book = b })
	size := book.Size()
	root, _ := book.Root(size)
	stopped := false
	for epoch := uint32(1); epoch <= 2000 && !stopped; epoch++ {
		log := ledger.Log{Group: own.ID(), Party: own.Self(), Epoch: epoch}
		leaf, err := act.Encode(act.Act{Group: own.ID(), Party: own.Self(), Epoch: epoch, Body: act.Resume{Epoch: epoch - 1, Size: size, Root: root}})
		if err != nil {
			t.Fatal(err)
		}
		b := ledger.NewBook(log, il.card.Signing)
		batch, err := b.Draft(il.keys.Signing(), leaf)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Apply(batch); err != nil {
			t.Fatal(err)
		}
		_, err = g.Take(t.Context(), "IL", []chancery.Delta{{Log: log, Leaves: [][]byte{leaf}, Note: b.Head().Note()}})
		var closed *chancery.Closed
		if stopped = errors.As(err, &closed); err != nil && !stopped {
			t.Fatalf("epoch %d: %v", epoch, err)
		}
		size = 1
		root, _ = b.Root(1)
	}
	if n := len(g.Heads()); !stopped || n > 1024 {
		t.Errorf("%d logs, and no end", n)
	}
	us.admit(goal("G-9", "The others go on."))
}

// TestThePlenaryIsNotAskedThroughAWorkingGroup: who sits in a working group alone learns nothing of
// the plenary from what is refused: what is there and what is not are answered in the same words.
func TestThePlenaryIsNotAskedThroughAWorkingGroup(t *testing.T) {
	us, il := linked(t)
	us.admit(goal("G-1", "A secret goal."))
	ctx := t.Context()
	tt := terms(us.member(), il.member())
	tt.Number, tt.Plenary = 1, us.plenary().ID()
	wg, err := us.Convene(ctx, us.who, tt)
	if err != nil {
		t.Fatal(err)
	}
	if err := us.AddPerson(ctx, us.who, chancery.PersonRow{ID: "l.outside", Name: names("L. Outside")}); err != nil {
		t.Fatal(err)
	}
	all := act.MayPropose | act.MayAccept | act.MayRemark | act.MayConvene
	seats := act.Accredit{Delegates: []act.Delegate{{Person: us.who.Person, Name: names("R"), Powers: all}, {Person: "l.outside", Name: names("O"), Powers: all}}}
	slices.SortFunc(seats.Delegates, func(a, b act.Delegate) int { return strings.Compare(string(a.Person), string(b.Person)) })
	if _, err := wg.Admit(ctx, us.who, chancery.Draft{Body: seats}); err != nil {
		t.Fatal(err)
	}
	out, err := us.Local(ctx, "l.outside")
	if err != nil {
		t.Fatal(err)
	}
	under := func(who chancery.Who, ref act.Ref, kind act.ElementKind) error {
		_, err := wg.Admit(ctx, who, chancery.Draft{Body: act.Table{Element: "W-" + act.Ref(fmt.Sprint(int(kind))), Content: act.Content{Kind: kind, Parent: ref, Title: names("T"), Text: names("T")}}})
		return err
	}
	for _, kind := range []act.ElementKind{act.Way, act.Goal} {
		there, missing := under(out, "G-1", kind), under(out, "G-2", kind)
		if there == nil || missing == nil || strings.ReplaceAll(there.Error(), "G 1", "G 2") != missing.Error() {
			t.Errorf("told apart:\n%v\n%v", there, missing)
		}
	}
	if err := under(us.who, "G-1", act.Way); err != nil {
		t.Errorf("who sits in both: %v", err)
	}
}

// TestLinksAndSessionsEnd: a one-time link works once, of many that try at the same time; nothing
// works after a removal, nor without the exact secret.
func TestLinksAndSessionsEnd(t *testing.T) {
	us := newHome(t, "US", "United States", "d.reyes")
	ctx := t.Context()
	if err := us.AddPerson(ctx, us.who, chancery.PersonRow{ID: "m.gone", Name: names("M. Gone")}); err != nil {
		t.Fatal(err)
	}
	secret, _, err := us.NewLink(ctx, us.who, "m.gone")
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", secret[1:], secret + "A", strings.ToLower(secret), "m.gone"} {
		if _, err := us.UseLink(ctx, wrong); err == nil {
			t.Errorf("%q is a link", wrong)
		}
	}
	used := make(chan bool, 16)
	for range cap(used) {
		go func() { _, err := us.UseLink(ctx, secret); used <- err == nil }()
	}
	n := 0
	for range cap(used) {
		if <-used {
			n++
		}
	}
	if n != 1 {
		t.Errorf("used %d times", n)
	}
	token, err := us.Begin(ctx, "m.gone")
	if err != nil {
		t.Fatal(err)
	}
	unused, _, err := us.NewLink(ctx, us.who, "m.gone")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := us.Session(ctx, token); err != nil {
		t.Fatal(err)
	}
	if err := us.RemovePerson(ctx, us.who, "m.gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := us.Session(ctx, token); !errors.Is(err, chancery.ErrWithheld) {
		t.Errorf("the session goes on: %v", err)
	}
	if _, err := us.UseLink(ctx, unused); err == nil {
		t.Error("an old link works")
	}
	if _, err := us.Begin(ctx, "m.gone"); err == nil {
		t.Error("a session begins")
	}
	if _, err := us.Local(ctx, "m.gone"); err == nil {
		t.Error("the command line speaks for somebody removed")
	}
}
