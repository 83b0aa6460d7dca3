package chancery_test

import (
	"errors"
	"testing"

	"entente/internal/chancery"
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
