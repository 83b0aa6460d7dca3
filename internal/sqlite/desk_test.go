package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/sqlite"
	"entente/ledger"
	"entente/party"
	"entente/text"
)

var noon = time.Date(2017, 12, 12, 12, 0, 0, 0, time.UTC)

func openParty(t testing.TB) *sqlite.Party {
	t.Helper()
	p, err := sqlite.OpenParty(context.Background(), filepath.Join(t.TempDir(), sqlite.PartyFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// all reads everything that a desk can tell.
func all(d chancery.Desk) (out []any) {
	ctx := context.Background()
	add := func(v any, err error) {
		if err != nil {
			v = err.Error()
		}
		out = append(out, v)
	}
	find := func(v any, ok bool, err error) { add(fmt.Sprintf("%+v %v", v, ok), err) }
	people, err := d.People(ctx)
	add(people, err)
	list, err := d.Counterparts(ctx)
	add(list, err)
	groups, err := d.Groups(ctx)
	add(groups, err)
	inv, err := d.Invitations(ctx)
	add(inv, err)
	ex, err := d.Exchanges(ctx, 5)
	add(ex, err)
	tokens, err := d.Tokens(ctx)
	add(tokens, err)
	for n := range 3 {
		p, ok, err := d.Person(ctx, person(n))
		find(p, ok, err)
		keys, err := d.Passkeys(ctx, person(n))
		add(keys, err)
		s, ok, err := d.Session(ctx, [32]byte{byte(n)})
		find(s, ok, err)
		k, ok, err := d.Token(ctx, [32]byte{byte(n)})
		find(k, ok, err)
		v, ok, err := d.Setting(ctx, fmt.Sprint("key", n))
		find(v, ok, err)
	}
	return out
}

func person(n int) party.Person { return party.Person(fmt.Sprintf("p.%c", 'a'+n)) }

// TestDeskIsLikeTheOneInMemory plays the same changes on the file and on the desk in memory.
func TestDeskIsLikeTheOneInMemory(t *testing.T) {
	dir := t.TempDir()
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		file, err := sqlite.OpenParty(context.Background(), filepath.Join(dir, fmt.Sprint(round, ".db")))
		if err != nil {
			rt.Fatal(err)
		}
		defer file.Close()
		memory := memdesk.New()
		for range rapid.IntRange(1, 12).Draw(rt, "changes") {
			change := draw(rt)
			if a, b := change(file), change(memory); a != b {
				rt.Fatalf("the file says %s, memory %s", a, b)
			}
		}
		if diff := cmp.Diff(all(memory), all(file), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("memory (-) and file (+) differ:\n%s", diff)
		}
	})
}

// draw draws a change; doing it says what it answered.
func draw(rt *rapid.T) func(chancery.Desk) string {
	n := rapid.IntRange(0, 2).Draw(rt, "n")
	at := noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, "hours")) * time.Hour)
	words := text.Texts{{Lang: "en", Text: rapid.StringMatching(`[a-z' "]{1,8}`).Draw(rt, "words")}, {Lang: "he", Text: "שלום"}}
	sum := [32]byte{byte(n)}
	blob := rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(rt, "blob")
	say := func(f func(context.Context, chancery.Desk) error) func(chancery.Desk) string {
		return func(d chancery.Desk) string { return fmt.Sprint(f(context.Background(), d)) }
	}
	switch rapid.IntRange(0, 16).Draw(rt, "change") {
	case 0:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutPerson(c, chancery.PersonRow{ID: person(n), Name: words, Role: words[:1], Admin: n == 0, Added: at})
		})
	case 1:
		return say(func(c context.Context, d chancery.Desk) error { return d.RemovePerson(c, person(n), at) })
	case 2:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutLink(c, chancery.LinkRow{Sum: sum, Person: person(n), Expires: at})
		})
	case 3:
		return func(d chancery.Desk) string {
			l, ok, err := d.UseLink(context.Background(), sum, noon.Add(2*time.Hour))
			return fmt.Sprintf("%+v %v %v", l, ok, err)
		}
	case 4:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutSession(c, chancery.SessionRow{Sum: sum, Person: person(n), Began: noon, Seen: at, Expires: at})
		})
	case 5:
		return say(func(c context.Context, d chancery.Desk) error { return d.EndSession(c, sum) })
	case 6:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutPasskey(c, chancery.PasskeyRow{ID: []byte{byte(n), 7}, Person: person(n), Name: "laptop", Blob: blob, Added: noon, Used: at})
		})
	case 7:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutCounterpart(c, chancery.CounterpartRow{Code: party.Code([]string{"US", "IL", "DE"}[n]), Card: blob, Confirmed: at, By: person(n), Address: "host:1"})
		})
	case 8:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutGroup(c, chancery.GroupRow{ID: act.Hash{byte(n)}, Handle: fmt.Sprint(n), Charter: blob, State: chancery.GroupJoined, From: "US", At: at})
		})
	case 9:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutInvitation(c, chancery.InvitationRow{ID: [16]byte{byte(n)}, Code: "IL", State: chancery.InvitationSent, Terms: blob, Expires: at, At: at})
		})
	case 10:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.AddExchange(c, chancery.ExchangeRow{At: at, Party: "IL", Group: act.Hash{1}, What: "sent", Log: ledger.Log{Group: act.Hash{1}, Party: uint8(n), Epoch: 2},
				Entries: n, Size: 1 << 40, Root: act.Hash{2}, Bundle: uint64(n), Result: "proved"})
		})
	case 12:
		return say(func(c context.Context, d chancery.Desk) error {
			return d.PutToken(c, chancery.TokenRow{Sum: sum, ID: fmt.Sprint(n), Person: person(n), Name: words[0].Text, Scope: chancery.Reads,
				Groups: []act.Hash{{1}, {byte(n)}}[:n], Issued: at, By: person(0), Expires: at.Add(time.Hour)})
		})
	case 13:
		return say(func(c context.Context, d chancery.Desk) error { return d.TouchToken(c, sum, at) })
	case 14:
		return say(func(c context.Context, d chancery.Desk) error { return d.EndToken(c, sum, at) })
	case 15:
		return say(func(c context.Context, d chancery.Desk) error { return d.DropTokens(c, at) })
	case 11:
		return say(func(c context.Context, d chancery.Desk) error { return d.RemovePasskey(c, []byte{byte(n), 7}) })
	}
	return say(func(c context.Context, d chancery.Desk) error {
		return d.PutSetting(c, fmt.Sprint("key", n), words[0].Text)
	})
}

func TestPartyFileLasts(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.PartyFile)
	ctx := context.Background()
	p, err := sqlite.OpenParty(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	row := chancery.PersonRow{ID: "d.reyes", Name: text.Texts{{Lang: "en", Text: "D. Reyes"}}, Admin: true, Added: noon}
	if err := errors.Join(p.PutPerson(ctx, row), p.PutSetting(ctx, "place", "here"), p.Close()); err != nil {
		t.Fatal(err)
	}
	if p, err = sqlite.OpenParty(ctx, path); err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	got, ok, err := p.Person(ctx, "d.reyes")
	if err != nil || !ok || !cmp.Equal(got, row, cmpopts.EquateEmpty()) {
		t.Fatalf("%+v, %v, %v", got, ok, err)
	}
}

func TestALinkIsUsedOnce(t *testing.T) {
	ctx, p := context.Background(), openParty(t)
	if err := p.PutLink(ctx, chancery.LinkRow{Sum: [32]byte{1}, Person: "d.reyes", Expires: noon}); err != nil {
		t.Fatal(err)
	}
	used := make(chan bool)
	for range 8 {
		go func() {
			_, ok, err := p.UseLink(ctx, [32]byte{1}, noon)
			used <- ok && err == nil
		}()
	}
	n := 0
	for range 8 {
		if <-used {
			n++
		}
	}
	if n != 1 {
		t.Fatalf("a link was used %d times", n)
	}
}

func TestShelvesMakeAndFindAGroup(t *testing.T) {
	ctx, s := context.Background(), sqlite.Shelves(t.TempDir())
	for range 2 {
		st, disk, err := s.OpenGroup(ctx, act.Hash{7})
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger.WriteAnchor(disk, "anchor", ledger.Anchor{Log: ledger.Log{Group: act.Hash{7}}, Size: 3}); err != nil {
			t.Fatal(err)
		}
		if a, err := ledger.ReadAnchor(disk, "anchor"); err != nil || a.Size != 3 {
			t.Fatalf("%+v, %v", a, err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
