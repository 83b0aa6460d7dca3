package chancery_test

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"testing"

	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/party"
	"entente/text"
)

func TestTheLastAdministratorStays(t *testing.T) {
	h := newHome(t, "US", "United States", "d.reyes")
	ctx, owner := t.Context(), chancery.Who{Admin: true}
	before, err := h.People(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again := chancery.PersonRow{ID: "d.reyes", Name: names("Diana")}
	var refused *chancery.Refused
	if err := h.AddPerson(ctx, owner, again); !errors.As(err, &refused) || refused.Rule != "last" {
		t.Errorf("the only administrator was made none: %v", err)
	}
	if err := h.AddPerson(ctx, owner, chancery.PersonRow{ID: "k.lind", Name: names("K. Lind"), Admin: true}); err != nil {
		t.Fatal(err)
	}
	if err := h.AddPerson(ctx, owner, again); err != nil {
		t.Errorf("with another administrator: %v", err)
	}
	after, err := h.People(ctx)
	if err != nil || after[0].Admin || !after[0].Added.Equal(before[0].Added) {
		t.Errorf("the change made %+v, %v", after[0], err)
	}
}

func TestSecurityKeysAreOnesOwn(t *testing.T) {
	h := newHome(t, "US", "United States", "d.reyes")
	ctx, owner := t.Context(), chancery.Who{Admin: true}
	if err := h.AddPerson(ctx, owner, chancery.PersonRow{ID: "k.lind", Name: names("K. Lind")}); err != nil {
		t.Fatal(err)
	}
	if err := h.PutPasskey(ctx, chancery.PasskeyRow{ID: []byte("key"), Person: "d.reyes", Name: "blue"}); err != nil {
		t.Fatal(err)
	}
	if err := h.RemovePasskey(ctx, chancery.Who{Person: "k.lind", Admin: true}, []byte("key")); !errors.Is(err, chancery.ErrWithheld) {
		t.Errorf("somebody else’s key: %v", err)
	}
	if err := h.RemovePasskey(ctx, chancery.Who{Person: "d.reyes"}, []byte("key")); err != nil {
		t.Fatal(err)
	}
	if left, err := h.Passkeys(ctx, "d.reyes"); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// slowDesk lets others run between reading who is there and what is done about it.
type slowDesk struct{ *memdesk.Desk }

func (d slowDesk) People(ctx context.Context) ([]chancery.PersonRow, error) {
	people, err := d.Desk.People(ctx)
	for range 100 {
		runtime.Gosched()
	}
	return people, err
}

// TestTwoSetUpLinksAtOnce: of two persons who set a server up at the same moment, one does, and the
// other's link is not spent.
func TestTwoSetUpLinksAtOnce(t *testing.T) {
	ctx := t.Context()
	for range 20 {
		keys, err := party.NewKeys(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		h := newHome(t, "US", "United States", "d.reyes") // for its clock and shelves
		c, err := chancery.Open(ctx, chancery.Config{Keys: keys, Card: keys.Card("US", names("United States"), []text.Lang{"en"}, ""),
			Desk: slowDesk{memdesk.New()}, Groups: h.shelf, Clock: h.clock, Random: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		var links [2]string
		for i := range links {
			if links[i], _, err = c.NewLink(ctx, chancery.Who{Admin: true}, ""); err != nil {
				t.Fatal(err)
			}
		}
		errs := make(chan error)
		for i, id := range []party.Person{"d.reyes", "k.lind"} {
			go func() {
				_, err := c.SetUp(ctx, links[i], chancery.PersonRow{ID: id, Name: names(string(id))})
				errs <- err
			}()
		}
		first, second := <-errs, <-errs
		var refused *chancery.Refused
		if err := errors.Join(first, second); (first == nil) == (second == nil) || !errors.As(err, &refused) || refused.Rule != "set-up" {
			t.Fatalf("%v; %v", first, second)
		}
		if people, err := c.People(ctx); err != nil || len(people) != 1 {
			t.Fatalf("%d persons, %v", len(people), err)
		}
		unspent := 0
		for _, l := range links {
			if _, err := c.UseLink(ctx, l); err == nil {
				unspent++
			}
		}
		if unspent != 1 {
			t.Fatalf("%d links are left", unspent)
		}
		c.Close()
	}
}
