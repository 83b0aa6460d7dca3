package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/internal/chancery"
)

var settingsPages = []string{
	"/search", "/search?q=parties", "/search?q=nothing-like-this", "/settings", "/settings/server", "/settings/link", "/settings/people", "/settings/people/add",
	"/settings/people/k.lind/change", "/settings/people/k.lind/link", "/settings/people/k.lind/remove",
	"/settings/tokens", "/settings/tokens/new",
}

// withColleague is the table with a second person of United States, and one who was removed.
func withColleague(t testing.TB) *table {
	x := play(t)
	for _, p := range []chancery.PersonRow{{ID: "k.lind", Name: both("K. Lind", "ק׳ לינד"), Role: in("en", "Legal adviser")}, {ID: "o.gone", Name: in("en", "O. Gone")}} {
		if err := x.us.AddPerson(t.Context(), x.us.who, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.us.RemovePerson(t.Context(), x.us.who, "o.gone"); err != nil {
		t.Fatal(err)
	}
	key := chancery.PasskeyRow{ID: []byte("an old key"), Person: x.us.who.Person, Name: "Blue stick", Blob: []byte("{}"), Added: x.now}
	if err := x.us.PutPasskey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestEveryPageOfTheSettingsIsShown(t *testing.T) {
	x := withColleague(t)
	b := x.us.signedIn()
	for _, path := range settingsPages {
		b.get(path).has(http.StatusOK, "</html>")
		page, query, _ := strings.Cut(path, "?")
		if p := b.get(page + ".json?" + query); p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s.json: %d, %s", page, p.status, p.header.Get("Content-Type"))
		}
	}
}

func TestSettings(t *testing.T) {
	x := withColleague(t)
	b := x.us.signedIn()
	p := b.get("/settings")
	p.has(http.StatusOK, "D. Reyes", "Blue stick", "Not used yet", `name="theme" value="dark" aria-pressed="false"`)
	remove := regexp.MustCompile(`/settings/keys/[0-9a-f]{16}/remove`).FindString(p.body)
	b.get(remove).has(http.StatusOK, "Remove the key “Blue stick”", "your last key")
	x.il.signedIn().get(remove).has(http.StatusNotFound)
	b.post(remove, nil).has(http.StatusOK, "The security key is removed", "no security key here yet")
	b.post(remove, nil).has(http.StatusNotFound)
	b.post("/preferences", url.Values{"theme": {"dark"}, "return": {"/settings"}}).has(http.StatusOK, `data-theme="dark"`, `name="theme" value="dark" aria-pressed="true"`)
	b.get("/settings/server").has(http.StatusOK, x.us.Card().Number().Groups()[0], "us.card", "entente backup")
	card := b.get("/settings/card")
	card.has(http.StatusOK)
	if card.body != string(x.us.Card().Bytes()) || !strings.Contains(card.header.Get("Content-Disposition"), `"us.card"`) {
		t.Errorf("the card came as %q, %v", card.body, card.header)
	}
}

func TestAddChangeAndRemoveAPerson(t *testing.T) {
	x := withColleague(t)
	b := x.us.signedIn()
	form := url.Values{"person": {"K.Lind"}, "name.en": {""}}
	b.post("/settings/people/add", form).has(http.StatusUnprocessableEntity, "There is a problem", `href="#person"`, `href="#name.en"`, `value="K.Lind"`, "<title>Error: Add a person")
	form.Set("person", "k.lind")
	form.Set("name.en", "Someone Else")
	b.post("/settings/people/add", form).has(http.StatusUnprocessableEntity, "k.lind is here already", "Someone Else")
	form.Set("person", "k.1ind")
	b.post("/settings/people/add", form).has(http.StatusUnprocessableEntity, "cannot be mistaken")
	form.Set("person", "o.gone")
	b.post("/settings/people/add", form).has(http.StatusUnprocessableEntity, "a name is not given twice")
	form = url.Values{"person": {"s.moore"}, "name.en": {"S. Moore"}, "role.en": {"Planner"}}
	if p := b.post("/settings/people/add", form); p.path != "/settings/people/s.moore/link?told=person-added" {
		t.Fatalf("adding led to %s, %d", p.path, p.status)
	}
	form = url.Values{"name.en": {"S. M. Moore"}, "name.he": {"ס׳ מור"}, "role.en": {"Planner"}, "admin": {"yes"}}
	b.post("/settings/people/s.moore/change", form).has(http.StatusOK, "S. M. Moore", "Changed.", "Planner")
	b.post("/settings/people/s.moore/change", url.Values{}).has(http.StatusUnprocessableEntity, `href="#name.en"`)
	if row, _, _ := x.us.desk.Person(t.Context(), "s.moore"); !row.Admin || len(row.Name) != 2 {
		t.Errorf("kept: %+v", row)
	}
	b.post("/settings/people/s.moore/change", url.Values{"name.en": {"S. M. Moore"}}).has(http.StatusOK, "Changed.")
	b.post("/settings/people/d.reyes/change", url.Values{"name.en": {"D. Reyes"}}).has(http.StatusUnprocessableEntity, "only administrator")

	b.get("/settings/people/d.reyes/remove").has(http.StatusOK, "Nobody removes themselves", "Plenary; Working group 1")
	b.post("/settings/people/d.reyes/remove", nil).has(http.StatusUnprocessableEntity, "nobody removes themselves")
	other := x.us.browser()
	other.post("/enter", url.Values{"secret": {x.us.link("s.moore")}}).has(http.StatusOK, "Today")
	b.get("/settings/people/s.moore/remove").has(http.StatusOK, "Remove S. M. Moore for good", "What it ends", "signed out at once")
	b.post("/settings/people/s.moore/remove", nil).has(http.StatusOK, "Removed. Every browser", "short name is never given twice")
	if p := other.get("/settings"); !strings.HasPrefix(p.path, "/sign-in") {
		t.Errorf("who was removed is shown %s", p.path)
	}
	b.get("/settings/people/s.moore/change").has(http.StatusNotFound)
}

func TestOneTimeLink(t *testing.T) {
	x := withColleague(t)
	b := x.us.signedIn()
	b.get("/settings/people/k.lind/link").has(http.StatusOK, "works once, within 24 hours", "Make a link for K. Lind")
	p := b.post("/settings/people/k.lind/link", nil)
	p.has(http.StatusOK, "shown this once", "Jerusalem")
	if p.header.Get("Cache-Control") != "no-store" {
		t.Error("a browser may keep the page with the link")
	}
	link := regexp.MustCompile(`https?://[^<]*/enter#([A-Za-z0-9_-]{43})<`).FindStringSubmatch(p.body)
	if link == nil {
		t.Fatal(p.body)
	}
	other := x.us.browser()
	other.post("/enter", url.Values{"secret": {link[1]}}).has(http.StatusOK, "Today")
	other.post("/settings/link", nil).has(http.StatusOK, "shown this once", "Whoever has it can sign in as you")
	// who is no administrator makes links for nobody else, and sees no people
	for _, path := range []string{"/settings/people", "/settings/people/add", "/settings/people/d.reyes/link", "/settings/people/d.reyes/change", "/settings/people/d.reyes/remove"} {
		other.get(path).has(http.StatusNotFound)
		if path != "/settings/people" {
			other.post(path, url.Values{"name.en": {"X"}, "person": {"x.y"}}).has(http.StatusNotFound)
		}
	}
	other.get("/settings").hasNot("/settings/people")
}
