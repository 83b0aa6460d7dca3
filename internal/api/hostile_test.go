package api_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/ledger"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// open couriers reach IL, and read every file as a bundle about the secret group.
type openCouriers struct{ g *chancery.Group }

func (o openCouriers) Standing(party.Code) api.Standing {
	return api.Standing{State: api.InStep, Theirs: map[string]int{"0": 7, "1": 41}}
}
func (openCouriers) TryNow(context.Context, party.Code) error { return nil }
func (o openCouriers) WriteBundle(context.Context, chancery.Who, party.Code, act.Hash, bool) (api.Bundle, []byte, error) {
	return api.Bundle{Group: o.g.ID(), Handle: o.g.Handle()}, []byte("secret"), nil
}
func (o openCouriers) ReadBundle(context.Context, []byte) (api.Bundle, chancery.Taken, error) {
	return api.Bundle{Group: o.g.ID(), Handle: o.g.Handle()}, chancery.Taken{Entries: 41, Adopted: []act.Ref{"G-41"}}, nil
}
func (o openCouriers) ApplyBundle(ctx context.Context, _ chancery.Who, f []byte) (api.Bundle, chancery.Taken, error) {
	return o.ReadBundle(ctx, f)
}

// newShared is a server in two groups with IL: the plenary, in which everybody sits, and one that
// only d.reyes knows of, with G-41 in it.
func newShared(t *testing.T) (*server, *chancery.Group) {
	t.Helper()
	ctx := t.Context()
	english := []text.Lang{"en"}
	words := func(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }
	member := func(c party.Card) group.Member { return group.Member{Code: c.Code, Names: c.Names, Signing: c.Signing} }
	var keys [2]party.Keys
	for i := range keys {
		var err error
		if keys[i], err = party.NewKeys(rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	us, il := keys[0].Card("US", words("United States"), english, ""), keys[1].Card("IL", words("Israel"), english, "")
	desk := memdesk.New()
	if err := desk.PutCounterpart(ctx, chancery.CounterpartRow{Code: "IL", Card: il.Format(keys[1])}); err != nil {
		t.Fatal(err)
	}
	c, err := chancery.Open(ctx, chancery.Config{Keys: keys[0], Card: us, Desk: desk, Groups: &shelves{stores: map[act.Hash]ledger.Store{}},
		Clock: func() time.Time { return time.Date(2017, 12, 12, 9, 0, 0, 0, time.UTC) }, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	for _, id := range []party.Person{"d.reyes", "k.moore"} {
		if err := c.AddPerson(ctx, chancery.Who{Admin: true}, chancery.PersonRow{ID: id, Name: words(string(id))}); err != nil {
			t.Fatal(err)
		}
	}
	who, err := c.Local(ctx, "d.reyes")
	if err != nil {
		t.Fatal(err)
	}
	terms := chancery.Terms{Name: words("Plenary"), Languages: english, Ceiling: marking.New(marking.Amber), Members: []group.Member{member(us), member(il)}}
	plenary, err := c.Convene(ctx, who, terms)
	if err != nil {
		t.Fatal(err)
	}
	all := act.MayPropose | act.MayAccept | act.MayRemark | act.MayConvene
	if _, err := plenary.Admit(ctx, who, chancery.Draft{Body: act.Accredit{Delegates: []act.Delegate{
		{Person: "d.reyes", Name: words("D"), Powers: all}, {Person: "k.moore", Name: words("K"), Powers: act.MayRemark}}}}); err != nil {
		t.Fatal(err)
	}
	terms.Number, terms.Plenary, terms.Name = 1, plenary.ID(), words("Hushwords")
	secret, err := c.Convene(ctx, who, terms)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Admit(ctx, who, chancery.Draft{Body: act.Table{Element: "G-41", Content: act.Content{Kind: act.Goal, Title: words("Hushtitle"), Text: words("Hushtext")}}}); err != nil {
		t.Fatal(err)
	}
	return &server{api.New(api.Config{Chancery: c, Couriers: openCouriers{secret}}), t, c, new(bool)}, secret
}

// TestNothingOfAGroupReachesWhoSitsOutside: every address, asked by a person of the same party who
// sits elsewhere, says nothing of the group: no id, count, title, name or handle. An address that
// names the group answers with the bytes that a group has that does not exist.
func TestNothingOfAGroupReachesWhoSitsOutside(t *testing.T) {
	s, secret := newShared(t)
	tells := regexp.MustCompile(`(?i)hush|"1"|\b41\b|G-41|` + secret.ID().String())
	asks := []struct{ method, path, body string }{
		{"GET", "/v1/server", ""}, {"GET", "/v1/today", ""}, {"GET", "/v1/search?q=hush", ""}, {"GET", "/v1/search?q=G-41", ""},
		{"GET", "/v1/e/G-41", ""}, {"GET", "/v1/g", ""}, {"GET", "/v1/g/0", ""}, {"GET", "/v1/g/0/log", ""}, {"GET", "/v1/invited", ""},
		{"GET", "/v1/g/0/doc", ""}, {"GET", "/v1/g/0/plan", ""}, {"GET", "/v1/g/0/gaps", ""}, {"GET", "/v1/g/0/negotiation", ""},
		{"GET", "/v1/counterparts", ""}, {"GET", "/v1/people", ""}, {"GET", "/v1/exchanges", ""},
		{"POST", "/v1/sync", `{}`}, {"POST", "/v1/sync", `{"party":"IL"}`},
		{"POST", "/v1/bundle/read", `{"file":""}`}, {"POST", "/v1/bundle/apply", `{"file":""}`},
		{"POST", "/v1/recover", `{}`}, {"POST", "/v1/backup", `{"folder":"/nowhere"}`},
	}
	for _, a := range asks {
		code, body := s.ask("k.moore", a.method, a.path, a.body)
		if found := tells.FindString(strings.ReplaceAll(body, `for \"g-41\"`, "")); found != "" && a.path != "/v1/e/G-41" {
			t.Errorf("%s %s tells %q: %d %s", a.method, a.path, found, code, body)
		}
	}
	if _, body := s.ask("k.moore", "GET", "/v1/e/G-41", ""); !strings.Contains(body, `"groups":[]`) {
		t.Errorf("where: %s", body)
	}
	for _, path := range []string{"", "/plan", "/e/G-41", "/e/G-41/diff?from=1&to=1", "/doc", "/negotiation", "/statements", "/s/S-1", "/gaps", "/log", "/log?party=IL", "/entry?party=IL", "/entry?id=00000000", "/text?lang=en", "/proof", "/proof?about=D-1"} {
		code1, there := s.ask("k.moore", "GET", "/v1/g/1"+path, "")
		code2, nowhere := s.ask("k.moore", "GET", "/v1/g/77"+path, "")
		if code1 != http.StatusNotFound || code1 != code2 || there != nowhere {
			t.Errorf("%s: %d %s, and where there is nothing %d %s", path, code1, there, code2, nowhere)
		}
	}
	for _, body := range []string{`{"acts":[{"act":"remark","element":"G-41","sort":"comment","text":{"en":"x"}}]}`, `{"acts":[]}`, `{`} {
		code1, there := s.ask("k.moore", "POST", "/v1/g/1/acts", body)
		code2, nowhere := s.ask("k.moore", "POST", "/v1/g/77/acts", body)
		if code1 != code2 || there != nowhere {
			t.Errorf("acts: %d %s, and where there is nothing %d %s", code1, there, code2, nowhere)
		}
	}
	write := func(g string) string { return `{"to":"IL","group":"` + g + `"}` }
	if a, b := s.want(404, "", "k.moore", "POST", "/v1/bundle/write", write("1")), s.want(404, "", "k.moore", "POST", "/v1/bundle/write", write("77")); a != b {
		t.Errorf("bundles: %s %s", a, b)
	}
	s.want(200, "41", "d.reyes", "POST", "/v1/bundle/read", `{"file":""}`)
	s.want(200, "41", "", "POST", "/v1/bundle/apply", `{"file":""}`)
}
