package web_test

import (
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"entente/act"
)

// savedFile is the file that a page offers to save.
func (p shown) savedFile() []byte {
	b, err := base64.StdEncoding.DecodeString(html.UnescapeString(p.between("data:application/octet-stream;base64,", `"`)))
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// TestLinkingAndBundlesByForms links two servers with forms alone, and carries a group by bundles.
func TestLinkingAndBundlesByForms(t *testing.T) {
	us := newLined(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"))
	il := newLined(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"))
	a, b := us.signedIn(), il.signedIn()
	a.get("/sync").has(http.StatusOK, "No counterpart yet", `href="/sync/invite"`)
	terms := url.Values{"code": {"1"}, "names.en": {"Israel"}, "group.en": {"Nuclear agreement"}, "ceiling": {"TLP:AMBER+STRICT"}, "zone": {"America/New_York"}, "other-zone": {"Asia/Jerusalem"}}
	a.post("/sync/invite", terms).has(http.StatusUnprocessableEntity, "Write a code of 2 to 8", `href="#group.he"`, "Nuclear agreement")
	terms.Set("code", "IL")
	terms.Set("group.he", "הסכם הגרעין")
	p := a.post("/sync/invite", terms)
	p.has(http.StatusOK, "The invitation for IL is written", "il.invite", us.Card().Number().Last())
	invitation := p.savedFile()

	b.upload("/sync/join", "x.invite", []byte("nonsense"), nil).has(http.StatusUnprocessableEntity, "There is a problem")
	b.upload("/sync/join", "x.invite", nil, nil).has(http.StatusUnprocessableEntity, "Choose the file")
	p = b.upload("/sync/join", "il.invite", invitation, nil)
	p.has(http.StatusOK, "The invitation says it is from: United States (US)", us.Card().Number().Last(), "Nuclear agreement")
	kept := url.Values{"kept": {html.UnescapeString(p.between(`name="kept" value="`, `"`))}, "confirm": {"00000"}}
	b.post("/sync/join", kept).has(http.StatusUnprocessableEntity, "does not match", `href="#confirm"`)
	kept.Set("confirm", us.Card().Number().Last())
	p = b.post("/sync/join", kept)
	p.has(http.StatusOK, "United States is linked on this side", "il.reply", il.Card().Number().Last())

	p = a.upload("/sync/accept", "il.reply", p.savedFile(), nil)
	p.has(http.StatusOK, "The reply says it is from: Israel (IL)", il.Card().Number().Last())
	kept = url.Values{"kept": {html.UnescapeString(p.between(`name="kept" value="`, `"`))}, "confirm": {il.Card().Number().Last()}}
	a.post("/sync/accept", kept).has(http.StatusOK, "Israel is linked, both ways", "The group is convened")
	a.post("/sync/accept", kept).has(http.StatusUnprocessableEntity, "accepted already")

	// The group goes over by hand.
	a.post("/sync/write", nil).has(http.StatusUnprocessableEntity, "Choose for whom")
	p = a.post("/sync/write", url.Values{"what": {"IL/0"}})
	if p.status != http.StatusOK || !strings.Contains(p.header.Get("Content-Disposition"), "il-0-1.bundle") {
		t.Fatalf("writing a bundle gave %d %s", p.status, p.header.Get("Content-Disposition"))
	}
	first := []byte(p.body)
	a.upload("/sync/bundle", "own.bundle", first, nil).has(http.StatusUnprocessableEntity, "There is a problem")
	p = b.upload("/sync/bundle", "il-0-1.bundle", first, nil)
	p.has(http.StatusOK, "Bundle 1", "Nothing is changed yet", "Apply bundle 1")
	token := url.Values{"token": {p.between(`name="token" value="`, `"`)}}
	b.post("/sync/bundle/apply", token).has(http.StatusOK)
	b.post("/sync/bundle/apply", token).has(http.StatusUnprocessableEntity, "has been applied already")
	g, ok := il.Group("0")
	if !ok {
		t.Fatal("the group that was agreed on by the invitation was not joined")
	}
	a.get("/sync/IL").has(http.StatusOK, "Bundle 1 written for", "On its way")

	if _, err := us.Groups()[0].Admit(t.Context(), us.who, draft(act.Table{Element: "G-1", Content: act.Content{Kind: act.Goal, Title: both("A goal", "יעד"), Text: both("Words.", "מילים.")}})); err != nil {
		t.Fatal(err)
	}
	p = a.post("/sync/write", url.Values{"what": {"IL/0"}})
	p = b.upload("/sync/bundle", "il-0-2.bundle", []byte(p.body), nil)
	p.has(http.StatusOK, "This bundle would add", "1 text")
	b.post("/sync/bundle/apply", url.Values{"token": {p.between(`name="token" value="`, `"`)}}).has(http.StatusOK, "Applied:", "Open the plan")
	if !g.Seats(il.who) {
		t.Error("the person who linked the servers does not sit in the group")
	}
	b.get("/").has(http.StatusOK, "A goal")
	b.get("/sync").has(http.StatusOK, "of", "imported", "Proved")
}

func TestOnlyThoseWhoMayLinkSeeTheForms(t *testing.T) {
	g := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	b := g.guest("k.moore")
	b.get("/sync/invite").has(http.StatusNotFound)
	b.post("/sync/join", nil).has(http.StatusNotFound)
	b.get("/sync").hasNot("/sync/invite")
}
