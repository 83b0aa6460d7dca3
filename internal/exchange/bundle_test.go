package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/exchange"
)

// island makes two parties that no line joins.
func island(t testing.TB) (us, il *home) {
	t.Helper()
	n := newNetwork()
	us, il = newHome(t, n, "US"), newHome(t, n, "IL")
	us.meet(il, false)
	il.meet(us, false)
	return us, il
}

func (h *home) write(to *home, whole bool) ([]byte, exchange.Written) {
	h.t.Helper()
	file, w, err := h.x.WriteBundle(context.Background(), h.plenary(), to.card.Code, whole)
	if err != nil {
		h.t.Fatalf("%s: %v", h.card.Code, err)
	}
	return file, w
}

func (h *home) apply(file []byte) exchange.Reading {
	h.t.Helper()
	r, err := h.x.ApplyBundle(context.Background(), file)
	if err != nil {
		h.t.Fatalf("%s: %v", h.card.Code, err)
	}
	return r
}

// TestAgreementByBundle: two parties agree on a text without ever having a line.
func TestAgreementByBundle(t *testing.T) {
	us, il := island(t)
	ctx := context.Background()
	convene(us, il)
	id := us.table("A-1", "The Parties may meet.")
	file, w := us.write(il, false)
	if !w.Charter || w.Running != 1 || w.Entries != 3 || w.Bytes != len(file) || w.From != "US" || w.To != "IL" {
		t.Errorf("written: %+v", w)
	}
	r, err := il.x.ReadBundle(ctx, file)
	if err != nil || !r.Invites || r.Handle != "" {
		t.Errorf("read: %+v %v", r, err)
	}
	if r = il.apply(file); !r.Invites {
		t.Errorf("applied before the invitation was answered: %+v", r)
	}
	if _, err := il.Answer(ctx, il.who, w.Group, true); err != nil {
		t.Fatal(err)
	}
	version := il.plenary().Version()
	r, err = il.x.ReadBundle(ctx, file)
	if err != nil || r.Invites || r.Handle != "0" || r.Taken.Entries != 3 || r.Taken.Kinds[act.KindTable] != 1 || r.Last != 0 {
		t.Errorf("read again: %+v %v", r, err)
	}
	if il.plenary().Version() != version {
		t.Error("reading changed something")
	}
	if r = il.apply(file); r.Taken.Entries != 3 || len(r.Missing) != 0 {
		t.Errorf("applied: %+v", r)
	}
	version = il.plenary().Version()
	if r = il.apply(file); r.Taken.Entries != 0 || r.Last != 1 || il.plenary().Version() != version {
		t.Errorf("applied twice: %+v", r)
	}
	il.accept("A-1", id)
	file, w = il.write(us, false)
	if w.Charter || w.Running != 1 {
		t.Errorf("written back: %+v", w)
	}
	if r = us.apply(file); len(r.Taken.Adopted) != 0 || inForce(us, "A-1") != id {
		t.Errorf("US applied: %+v", r)
	}
	if file, w = us.write(il, false); w.Running != 2 || w.Entries != 1 {
		t.Errorf("US wrote: %+v", w)
	}
	if r = il.apply(file); len(r.Taken.Adopted) != 1 || inForce(il, "A-1") != id {
		t.Errorf("IL applied: %+v", r)
	}
	rows, err := il.desk.Exchanges(ctx, 10)
	if err != nil || rows[0].What != "bundle-applied" || rows[0].Bundle != 2 || rows[0].Party != "US" || rows[0].Entries != 1 {
		t.Errorf("record: %+v %v", rows, err)
	}
}

// TestBundlesOutOfOrder: what is missing is named, nothing else is held up, and late bundles close
// the gap.
func TestBundlesOutOfOrder(t *testing.T) {
	us, il := island(t)
	g := convene(us, il)
	join(g, "US", il)
	file, _ := il.write(us, true)
	us.apply(file)
	us.table("A-1", "One.")
	first, w := us.write(il, false)
	// US now learns by itself that IL has all of it, though the bundle is still under way.
	il.apply(first)
	file, _ = il.write(us, false)
	us.apply(file)
	us.table("A-2", "Two.")
	second, w2 := us.write(il, false)
	if w.Entries != 3 || w2.Entries != 1 || w2.Running != w.Running+1 {
		t.Errorf("%+v after %+v", w2, w)
	}
	late := newIL(t, il, g)
	if r := late.apply(second); len(r.Missing) != 2 || r.Missing[0] != (exchange.Span{Party: "US", To: 3}) || r.Taken.Entries != 0 {
		t.Errorf("a gap: %+v", r)
	}
	for _, f := range [][]byte{first, second} {
		late.apply(f)
	}
	if size(late, us) != size(us, us) {
		t.Errorf("late has %d of %d entries", size(late, us), size(us, us))
	}
}

// newIL is IL's server with the group joined and nothing received.
func newIL(t testing.TB, il *home, g *chancery.Group) *home {
	h := &home{t: t, keys: il.keys, card: il.card, desk: il.desk, shelf: newShelves(), net: il.net, who: il.who}
	h.open()
	return h
}

func refusedBy(err error) string {
	var r *chancery.Refused
	if errors.As(err, &r) {
		return r.Rule
	}
	return ""
}

// TestBundlesThatAreRefused: each is refused by its rule, in words, and changes nothing.
func TestBundlesThatAreRefused(t *testing.T) {
	us, il := island(t)
	g := convene(us, il)
	join(g, "US", il)
	us.table("A-1", "One.")
	good, w := us.write(il, false)
	eve := newHome(t, us.net, "EVE")
	eve.meet(il, false)
	cover := func(edit func(*exchange.Cover)) exchange.Cover {
		c := w.Cover
		edit(&c)
		return c
	}
	parcel := exchange.Parcel{Charters: [][]byte{g.Charter().Format()}}
	seal := func(by, to *home, c exchange.Cover, p exchange.Parcel) []byte {
		file, err := exchange.SealBundle(by.keys, to.card, c, p)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	cut := exchange.Parcel{Groups: []exchange.News{{Group: w.Group, Pieces: []exchange.Piece{{Leaves: [][]byte{[]byte("x")}}}}}}
	version := il.plenary().Version()
	for name, c := range map[string]struct {
		file []byte
		rule string
	}{
		"nothing":                          {nil, "damaged"},
		"text":                             {[]byte("hello"), "damaged"},
		"cut short":                        {good[:len(good)-40], "damaged"},
		"cut at the head":                  {good[:60], "damaged"},
		"one byte changed":                 {flip(good, len(good)-100), "damaged"},
		"sealed for another":               {seal(us, eve, w.Cover, parcel), "other-recipient"},
		"addressed to another":             {seal(us, il, cover(func(c *exchange.Cover) { c.To, c.Recipient = "EVE", eve.card.Number() }), parcel), "other-recipient"},
		"addressed to another's number":    {seal(us, il, cover(func(c *exchange.Cover) { c.Recipient = eve.card.Number() }), parcel), "other-recipient"},
		"from nobody known":                {seal(eve, il, cover(func(c *exchange.Cover) { c.From, c.Number = "EVE", eve.card.Number() }), parcel), "unknown-sender"},
		"from a US of another number":      {seal(eve, il, cover(func(c *exchange.Cover) { c.Number = eve.card.Number() }), parcel), "unknown-sender"},
		"signed by another":                {seal(eve, il, w.Cover, parcel), "signature"},
		"without its checkpoint":           {seal(us, il, w.Cover, cut), "damaged"},
		"empty":                            {seal(us, il, w.Cover, exchange.Parcel{}), "damaged"},
		"about another group than it says": {seal(us, il, cover(func(c *exchange.Cover) { c.Group = act.Hash{1} }), parcel), "damaged"},
		"about a group unknown":            {seal(us, il, cover(func(c *exchange.Cover) { c.Group = act.Hash{1} }), exchange.Parcel{Groups: []exchange.News{{Group: act.Hash{1}, Pieces: []exchange.Piece{{Note: []byte("x")}}}}}), "unknown-group"},
		"by age, but no bundle":            {sealed(t, il, []byte("hello")), "damaged"},
	} {
		for _, open := range []func(context.Context, []byte) (exchange.Reading, error){il.x.ReadBundle, il.x.ApplyBundle} {
			_, err := open(context.Background(), c.file)
			if refusedBy(err) != c.rule {
				t.Errorf("%s: %q, %v", name, refusedBy(err), err)
			}
			if err != nil && !strings.Contains(err.Error(), "Nothing was") {
				t.Errorf("%s does not say that nothing was done: %v", name, err)
			}
		}
	}
	if il.plenary().Version() != version {
		t.Error("something was changed")
	}
	if _, _, err := us.x.WriteBundle(context.Background(), g, "EVE", false); !errors.Is(err, chancery.ErrWithheld) {
		t.Errorf("a bundle for somebody who is no member: %v", err)
	}
	il.apply(good)
	file, _ := il.write(us, false)
	us.apply(file)
	file, _ = us.write(il, false)
	il.apply(file)
	il.write(us, false) // with what IL has cosigned since
	if _, _, err := il.x.WriteBundle(context.Background(), il.plenary(), "US", false); refusedBy(err) != "nothing-new" {
		t.Errorf("a bundle with nothing in it: %v", err)
	}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

func sealed(t testing.TB, to *home, plain []byte) []byte {
	r, err := to.card.Recipient()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(plain)
	w.Close()
	return b.Bytes()
}

// TestCoverHasOneForm: a cover that is signed but written otherwise is refused.
func TestCoverHasOneForm(t *testing.T) {
	us, il := island(t)
	convene(us, il)
	w := exchange.Cover{From: "US", Number: us.card.Number(), To: "IL", Recipient: il.card.Number(), Group: us.plenary().ID(), Running: 1, Made: time.Unix(0, 0).UTC()}
	plain := exchange.PlainBundle(us.keys, w, exchange.Parcel{Charters: [][]byte{us.plenary().Charter().Format()}})
	if _, err := il.x.ReadBundle(context.Background(), sealed(t, il, plain)); err != nil {
		t.Fatalf("the plain form: %v", err)
	}
	for _, c := range [][2]string{
		{"running 1\n", "running 01\n"}, {"running 1\n", "running 0\n"}, {"running 1\n", "running +1\n"}, {"from US\n", "from  US\n"}, {"from US\n", "from us\n"},
		{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"}, {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.0Z"},
		{"entente bundle v1\n", "entente bundle v2\n"}, {"\nto IL", "\nTo IL"}, {"sum ", "sum 0"}, {"signature ", "signature  "}, {"from US\n", "from US\r\n"}, {"to IL\n", ""},
	} {
		bad := bytes.Replace(plain, []byte(c[0]), []byte(c[1]), 1)
		if bytes.Equal(bad, plain) {
			t.Fatalf("%q is not there", c[0])
		}
		if _, err := il.x.ReadBundle(context.Background(), sealed(t, il, bad)); refusedBy(err) != "damaged" {
			t.Errorf("%q for %q: %v", c[1], c[0], err)
		}
	}
}
