package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/internal/chancery"
)

func TestTokensOnThePages(t *testing.T) {
	x := withColleague(t)
	b := x.us.signedIn()
	b.get("/settings/tokens").has(http.StatusOK, "No token stands", "Issue a token")
	b.get("/settings/tokens/new").has(http.StatusOK, `value="k.lind"`, `name="group" value="1"`, "90 days")
	form := url.Values{"person": {"d.reyes"}, "name": {""}, "scope": {"write"}, "days": {"30"}, "group": {"1"}}
	b.post("/settings/tokens/new", form).has(http.StatusUnprocessableEntity, "There is a problem", `href="#name"`, `value="write" checked`)
	form.Set("name", "nightly <figures>")
	form.Set("person", "k.lind") // who sits in no group 1
	b.post("/settings/tokens/new", form).has(http.StatusUnprocessableEntity, `href="#group"`)
	form.Set("person", "d.reyes")
	p := b.post("/settings/tokens/new", form)
	p.has(http.StatusOK, "shown this once", "nightly &lt;figures&gt;", "/v1/")
	if p.header.Get("Cache-Control") != "no-store" {
		t.Error("a browser may keep the page with the token")
	}
	secret := regexp.MustCompile(`>(entente_[A-Za-z0-9_-]{43})<`).FindStringSubmatch(p.body)
	if secret == nil {
		t.Fatal(p.body)
	}
	if who, row, err := x.us.Bearer(t.Context(), secret[1]); err != nil || who.Person != "d.reyes" || row.Scope != chancery.Writes || len(row.Groups) != 1 {
		t.Errorf("%+v %+v %v", who, row, err)
	}
	list := b.get("/settings/tokens")
	list.has(http.StatusOK, "nightly &lt;figures&gt;", "Reads and acts. Only in: Working group 1", "Last used")
	if strings.Contains(list.body, secret[1]) {
		t.Error("the list tells the secret")
	}
	end := regexp.MustCompile(`/settings/tokens/[0-9a-f]+/revoke`).FindString(list.body)

	other := x.us.browser()
	other.post("/enter", url.Values{"secret": {x.us.link("k.lind")}}).has(http.StatusOK, "Today")
	other.get("/settings/tokens").has(http.StatusOK, "No token stands", "An administrator issues tokens")
	for _, path := range []string{"/settings/tokens/new", end} {
		other.get(path).has(http.StatusNotFound)
		other.post(path, form).has(http.StatusNotFound)
	}

	b.get(end).has(http.StatusOK, "Revoke the token “nightly &lt;figures&gt;”")
	b.post(end, nil).has(http.StatusOK, "The token is revoked", "Ended", "Revoked")
	if _, _, err := x.us.Bearer(t.Context(), secret[1]); err != chancery.ErrWithheld {
		t.Errorf("a revoked token: %v", err)
	}
}
