package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"entente/internal/chancery"
)

func TestSetUp(t *testing.T) {
	g := bareGround(t, "US", both("United States", "ארצות הברית"), nil)
	b := g.browser()
	b.get("/sign-in").has(http.StatusOK, "Nobody has been added yet", `href="/set-up"`)
	secret := g.link("")
	form := url.Values{"secret": {g.site.URL + "/set-up#" + secret}, "person": {"D Reyes"}, "name.en": {""}}
	p := b.post("/set-up", form)
	p.has(http.StatusUnprocessableEntity, "There is a problem", "<title>Error: Set up this server", `href="#person"`, `href="#name.en"`, "D Reyes")
	form.Set("person", "d.reyes")
	form.Set("name.en", "D. Reyes")
	form.Set("name.he", "ד׳ רייס")
	if p = b.post("/set-up", form); p.path != "/?told=set-up" {
		t.Errorf("setting up led to %s", p.path)
	}
	row, ok, err := g.desk.Person(t.Context(), "d.reyes")
	if err != nil || !ok || !row.Admin || len(row.Name) != 2 {
		t.Errorf("the first person is %+v", row)
	}
	if p := g.browser().get("/set-up"); p.path != "/sign-in" {
		t.Errorf("set-up of a server that is set up led to %s", p.path)
	}
}

func TestEnter(t *testing.T) {
	g := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	b := g.browser()
	if p := b.get("/sync"); p.path != "/sign-in?return=%2Fsync" && p.status != http.StatusNotFound {
		t.Errorf("a stranger was shown %s", p.path)
	}
	b.get("/sign-in?return=%2Fgroups").has(http.StatusOK, "United States", `name="return" value="/groups"`)
	b.get("/sign-in?return=%2F%2Fevil.example").hasNot(`value="//evil`)
	secret := g.link("d.reyes")
	b.post("/enter", url.Values{}).has(http.StatusUnprocessableEntity, "Paste the one-time link")
	b.post("/enter", url.Values{"secret": {strings.Repeat("A", 43)}}).has(http.StatusUnprocessableEntity, "has been used, has expired, or was never made")
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, g.site.URL+"/enter", strings.NewReader("secret="+secret))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://evil.example")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	b.take(b.Do(req)).has(http.StatusForbidden, "another site")
	if p := b.post("/enter", url.Values{"secret": {"https://x.example/enter#" + secret}}); p.path != "/" {
		t.Errorf("a link led to %s", p.path)
	}
	c := g.browser()
	c.post("/enter", url.Values{"secret": {secret}}).has(http.StatusUnprocessableEntity, "has been used")
	b.post("/sign-out", nil).has(http.StatusOK, "Sign in")
	if p := b.get("/events"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Errorf("after signing out, %s was shown", p.path)
	}
}

func TestSetUpLinkPastedAtSignIn(t *testing.T) {
	g := bareGround(t, "US", both("United States", "ארצות הברית"), nil)
	secret := g.link("")
	p := g.browser().post("/enter", url.Values{"secret": {secret}})
	p.has(http.StatusOK, "Set up this server", secret)
	if _, err := g.SetUp(t.Context(), secret, chancery.PersonRow{ID: "a", Name: in("en", "A")}); err != nil {
		t.Errorf("pasting it spent the link: %v", err)
	}
}
