package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"entente/act"
	"entente/internal/sqlite"
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

func update(t testing.TB, p *sqlite.Party, fn func(*sqlite.Edit) error) {
	t.Helper()
	if err := p.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func none(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, sqlite.ErrNone) {
		t.Errorf("%s: %v, want none", what, err)
	}
}

func TestPersonsComeAndGo(t *testing.T) {
	ctx, p := context.Background(), openParty(t)
	dana := sqlite.Person{ID: "d.reyes", Name: "Dana Reyes", Role: "head", Agency: "State", Powers: []byte("all"), Created: noon}
	token, secret := [32]byte{1}, [32]byte{2}
	pass := sqlite.Passkey{ID: []byte{9}, Person: "d.reyes", Label: "laptop", Credential: []byte("pk"), Created: noon}
	update(t, p, func(e *sqlite.Edit) error {
		return errors.Join(e.PutPerson(dana), e.PutPasskey(pass),
			e.PutLink(sqlite.Link{Digest: secret, Person: "d.reyes", Purpose: "set up", Created: noon, Expires: noon.Add(time.Hour)}),
			e.PutSession(sqlite.Session{Digest: token, Person: "d.reyes", Created: noon, Seen: noon, Expires: noon.Add(time.Hour)}))
	})
	same(t, "person", must(p.Person(ctx, "d.reyes")), dana)
	same(t, "passkey", must(p.Passkey(ctx, []byte{9})), pass)
	same(t, "passkeys", must(p.Passkeys(ctx, "d.reyes")), []sqlite.Passkey{pass})
	if s := must(p.Session(ctx, token, noon)); s.Person != "d.reyes" || !s.Expires.Equal(noon.Add(time.Hour)) {
		t.Errorf("session %+v", s)
	}
	_, err := p.Session(ctx, token, noon.Add(time.Hour))
	none(t, "an expired session", err)
	update(t, p, func(e *sqlite.Edit) error { return e.TouchSession(token, noon, noon.Add(2*time.Hour)) })
	must(p.Session(ctx, token, noon.Add(time.Hour)))
	update(t, p, func(e *sqlite.Edit) error { return e.RemovePerson("d.reyes", noon) })
	_, err = p.Session(ctx, token, noon)
	none(t, "a removed person's session", err)
	_, err = p.Link(ctx, secret, noon)
	none(t, "a removed person's link", err)
	_, err = p.Passkey(ctx, []byte{9})
	none(t, "a removed person's passkey", err)
	if d := must(p.Person(ctx, "d.reyes")); !d.Removed.Equal(noon) || d.Name != "Dana Reyes" {
		t.Errorf("removed person %+v", d)
	}
	none(t, "bringing back", p.Update(ctx, func(e *sqlite.Edit) error { return e.PutPerson(dana) }))
	none(t, "removing twice", p.Update(ctx, func(e *sqlite.Edit) error { return e.RemovePerson("d.reyes", noon) }))
	if len(must(p.Persons(ctx))) != 1 {
		t.Error("the record lost a person")
	}
}

func TestLinkWorksOnce(t *testing.T) {
	ctx, p := context.Background(), openParty(t)
	secret := [32]byte{7}
	update(t, p, func(e *sqlite.Edit) error {
		return errors.Join(e.PutPerson(sqlite.Person{ID: "a", Created: noon}),
			e.PutLink(sqlite.Link{Digest: secret, Person: "a", Created: noon, Expires: noon.Add(time.Minute)}))
	})
	take := func(at time.Time) error {
		return p.Update(ctx, func(e *sqlite.Edit) error {
			l, err := e.TakeLink(secret, at)
			if err == nil && l.Person != "a" {
				t.Errorf("link %+v", l)
			}
			return err
		})
	}
	none(t, "too late", take(noon.Add(time.Minute)))
	if err := take(noon); err != nil {
		t.Fatal(err)
	}
	none(t, "a second time", take(noon))
	_, err := p.Link(ctx, secret, noon)
	none(t, "a used link", err)
	update(t, p, func(e *sqlite.Edit) error { return e.Sweep(noon.Add(time.Hour)) })
}

func TestPasskeyIsNobodyElses(t *testing.T) {
	p := openParty(t)
	update(t, p, func(e *sqlite.Edit) error {
		return errors.Join(e.PutPerson(sqlite.Person{ID: "a"}), e.PutPerson(sqlite.Person{ID: "b"}),
			e.PutPasskey(sqlite.Passkey{ID: []byte{1}, Person: "a"}))
	})
	none(t, "taking over a passkey", p.Update(context.Background(), func(e *sqlite.Edit) error {
		return e.PutPasskey(sqlite.Passkey{ID: []byte{1}, Person: "b"})
	}))
	if err := p.Update(context.Background(), func(e *sqlite.Edit) error {
		return e.PutPasskey(sqlite.Passkey{ID: []byte{2}, Person: "nobody"})
	}); err == nil {
		t.Error("a passkey of nobody")
	}
}

func TestRelations(t *testing.T) {
	ctx, p := context.Background(), openParty(t)
	c := sqlite.Counterpart{Code: "IL", Card: []byte("card"), Created: noon}
	g := sqlite.GroupRow{ID: act.Hash{1}, Handle: "plenary", Charter: []byte("charter"), State: "invited", Created: noon}
	i := sqlite.Invitation{ID: "i1", Direction: "out", Party: "IL", Body: []byte("x"), State: "open", Created: noon, Expires: noon.Add(time.Hour)}
	update(t, p, func(e *sqlite.Edit) error {
		return errors.Join(e.PutCounterpart(c), e.PutGroup(g), e.PutInvitation(i), e.PutSetting("address", []byte("a:1")))
	})
	c.Confirmed, c.ConfirmedBy = noon, "d.reyes"
	g.State = "open"
	update(t, p, func(e *sqlite.Edit) error {
		return errors.Join(e.PutCounterpart(c), e.PutGroup(g), e.MoveInvitation("i1", "open", "accepted"))
	})
	none(t, "answering twice", p.Update(ctx, func(e *sqlite.Edit) error { return e.MoveInvitation("i1", "open", "declined") }))
	i.State = "accepted"
	same(t, "counterparts", must(p.Counterparts(ctx)), []sqlite.Counterpart{c})
	same(t, "counterpart", must(p.Counterpart(ctx, "IL")), c)
	same(t, "groups", must(p.Groups(ctx)), []sqlite.GroupRow{g})
	same(t, "invitations", must(p.Invitations(ctx)), []sqlite.Invitation{i})
	same(t, "invitation", must(p.Invitation(ctx, "i1")), i)
	same(t, "setting", must(p.Setting(ctx, "address")), []byte("a:1"))
	_, err := p.Setting(ctx, "nothing")
	none(t, "a setting", err)
	update(t, p, func(e *sqlite.Edit) error {
		return errors.Join(e.DeleteCounterpart("IL"), e.DeleteGroup(g.ID))
	})
}

func TestExchangeRecord(t *testing.T) {
	ctx, p := context.Background(), openParty(t)
	for n := range 10 {
		x := sqlite.Exchange{At: noon, Party: []string{"IL", "AU"}[n%2], Group: act.Hash{1}, Direction: "in", Way: "online", Entries: int64(n), Size: uint64(n), Result: "in step"}
		update(t, p, func(e *sqlite.Edit) error { return e.AddExchange(x) })
	}
	all := must(p.Exchanges(ctx, "", 0, 4))
	if len(all) != 4 || all[0].Entries != 9 || all[0].Party != "AU" || all[0].Group != (act.Hash{1}) {
		t.Errorf("newest %+v", all)
	}
	older := must(p.Exchanges(ctx, "", all[3].ID, 100))
	if len(older) != 6 || older[0].Entries != 5 {
		t.Errorf("older %+v", older)
	}
	if il := must(p.Exchanges(ctx, "IL", 0, 100)); len(il) != 5 || il[0].Entries != 8 {
		t.Errorf("with one party %+v", il)
	}
	update(t, p, func(e *sqlite.Edit) error { return e.TrimExchanges(3) })
	if kept := must(p.Exchanges(ctx, "", 0, 100)); len(kept) != 3 || kept[2].Entries != 7 {
		t.Errorf("kept %+v", kept)
	}
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	ctx, p := context.Background(), openParty(t)
	no := errors.New("no")
	err := p.Update(ctx, func(e *sqlite.Edit) error {
		if err := e.PutSetting("a", []byte("1")); err != nil {
			return err
		}
		if v, err := e.Setting("a"); err != nil || string(v) != "1" {
			t.Errorf("inside: %s %v", v, err)
		}
		return no
	})
	if err != no {
		t.Errorf("the error became %v", err)
	}
	_, err = p.Setting(ctx, "a")
	none(t, "what was not committed", err)
}
