package chancery_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"entente/internal/chancery"
)

// withClerk is a server with an administrator, d.reyes, in a group, and k.lind, who sits in none.
func withClerk(t *testing.T) *home {
	t.Helper()
	h := newHome(t, "US", "United States", "d.reyes")
	if err := h.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "k.lind", Name: names("K. Lind")}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *home) issue(ask chancery.TokenAsk) (string, chancery.TokenRow) {
	h.t.Helper()
	secret, row, err := h.IssueToken(h.t.Context(), h.who, ask)
	if err != nil {
		h.t.Fatal(err)
	}
	return secret, row
}

func TestATokenSpeaksForItsPerson(t *testing.T) {
	h := withClerk(t)
	ctx := t.Context()
	secret, row := h.issue(chancery.TokenAsk{Person: "d.reyes", Name: "nightly figures", Scope: chancery.Reads})
	if !strings.HasPrefix(secret, chancery.TokenMark) || row.Expires.Sub(row.Issued) != chancery.TokenLife || row.By != "d.reyes" {
		t.Fatalf("%s %+v", secret, row)
	}
	who, got, err := h.Bearer(ctx, secret)
	if err != nil || who.Person != "d.reyes" || who.Admin || got.ID != row.ID || got.Scope != chancery.Reads {
		t.Fatalf("%+v %+v %v: a token of an administrator administers nothing", who, got, err)
	}
	if list, err := h.Tokens(ctx, h.who); err != nil || len(list) != 1 || list[0].Used.IsZero() {
		t.Errorf("the last use is not told: %+v %v", list, err)
	}
	if strings.Contains(fmt.Sprintf("%+v", row), secret) {
		t.Error("the secret is kept")
	}
}

// TestATokenThatOpensNothing: whatever the reason, the answer is the same.
func TestATokenThatOpensNothing(t *testing.T) {
	h := withClerk(t)
	ctx := t.Context()
	revoked, row := h.issue(chancery.TokenAsk{Person: "d.reyes", Name: "a", Scope: chancery.Reads})
	if _, err := h.RevokeToken(ctx, h.who, row.ID); err != nil {
		t.Fatal(err)
	}
	removed, _ := h.issue(chancery.TokenAsk{Person: "k.lind", Name: "b", Scope: chancery.Writes})
	if _, _, err := h.Bearer(ctx, removed); err != nil {
		t.Fatal(err)
	}
	if err := h.RemovePerson(ctx, h.who, "k.lind"); err != nil {
		t.Fatal(err)
	}
	expired, row := h.issue(chancery.TokenAsk{Person: "d.reyes", Name: "c", Scope: chancery.Reads, Life: time.Minute})
	for h.Now().Before(row.Expires) { // the test's clock goes on with every look
	}
	good, _ := h.issue(chancery.TokenAsk{Person: "d.reyes", Name: "d", Scope: chancery.Reads})
	for name, secret := range map[string]string{"revoked": revoked, "removed": removed, "expired": expired, "none": "", "never issued": chancery.TokenMark + "x",
		"cut": good[:len(good)-1], "longer": good + "A", "without its mark": strings.TrimPrefix(good, chancery.TokenMark)} {
		if who, got, err := h.Bearer(ctx, secret); err != chancery.ErrWithheld || who.Person != "" || got.ID != "" {
			t.Errorf("%s: %+v %+v %v", name, who, got, err)
		}
	}
}

func TestWhoIssuesAndRevokesTokens(t *testing.T) {
	h := withClerk(t)
	ctx := t.Context()
	clerk, err := h.Local(ctx, "k.lind")
	if err != nil {
		t.Fatal(err)
	}
	ask := chancery.TokenAsk{Person: "k.lind", Name: "own", Scope: chancery.Reads}
	var refused *chancery.Refused
	if _, _, err := h.IssueToken(ctx, clerk, ask); !errors.As(err, &refused) || refused.Rule != "powers" {
		t.Errorf("who is no administrator issued a token: %v", err)
	}
	_, own := h.issue(ask)
	_, others := h.issue(chancery.TokenAsk{Person: "d.reyes", Name: "others", Scope: chancery.Reads})
	if list, err := h.Tokens(ctx, clerk); err != nil || len(list) != 1 || list[0].ID != own.ID {
		t.Errorf("k.lind is told of %+v %v", list, err)
	}
	if _, err := h.RevokeToken(ctx, clerk, others.ID); !errors.Is(err, chancery.ErrWithheld) {
		t.Errorf("somebody else’s token: %v", err)
	}
	if _, err := h.RevokeToken(ctx, clerk, own.ID); err != nil {
		t.Error(err)
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	h := withClerk(t)
	good := chancery.TokenAsk{Person: "k.lind", Name: "x", Scope: chancery.Reads}
	for rule, change := range map[string]func(*chancery.TokenAsk){
		"token-name":  func(a *chancery.TokenAsk) { a.Name = "two\nlines" },
		"token-scope": func(a *chancery.TokenAsk) { a.Scope = "administer" },
		"token-life":  func(a *chancery.TokenAsk) { a.Life = chancery.MaxTokenLife + time.Second },
		"token-group": func(a *chancery.TokenAsk) { a.Groups = []string{"7"} },
	} {
		ask := good
		change(&ask)
		var refused *chancery.Refused
		if _, _, err := h.IssueToken(t.Context(), h.who, ask); !errors.As(err, &refused) || refused.Rule != rule {
			t.Errorf("%s: %v", rule, err)
		}
	}
	if _, _, err := h.IssueToken(t.Context(), h.who, chancery.TokenAsk{Person: "no.body", Name: "x", Scope: chancery.Reads}); !errors.Is(err, chancery.ErrWithheld) {
		t.Errorf("a token of nobody: %v", err)
	}
	for i := 0; ; i++ {
		_, _, err := h.IssueToken(t.Context(), h.who, good)
		if err != nil && i > 0 && strings.Contains(err.Error(), "Revoke one first") {
			break
		}
		if err != nil || i > 100 {
			t.Fatalf("after %d tokens: %v", i, err)
		}
	}
}
