package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
)

func TestConveningAndAnswering(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	il := newGround(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"), nil)
	linkGrounds(us, il)
	a, b := us.signedIn(), il.signedIn()
	a.get("/groups").has(http.StatusOK, "No group yet", `href="/groups/new"`)
	form := url.Values{"party": {"IL"}, "zone": {"America/New_York"}, "zone.IL": {"Mars/Olympus"}, "ceiling": {"TLP:AMBER"}}
	a.post("/groups/new", form).has(http.StatusUnprocessableEntity, `href="#group.en"`, `href="#zone.IL"`, "checked")
	form.Set("zone.IL", "Asia/Jerusalem")
	form.Set("group.en", "Plenary")
	form.Set("group.he", "מליאה")
	p := a.post("/groups/new", form)
	p.has(http.StatusOK, "Convened.", "Plenary", "TLP:AMBER", "has not joined yet", "D. Reyes")
	if p.path != "/groups/0?told=convened" {
		t.Errorf("convening led to %s", p.path)
	}

	g, _ := us.Group("0")
	if _, err := il.Offered(t.Context(), g.Charter().Format(), "US"); err != nil {
		t.Fatal(err)
	}
	b.get("/").has(http.StatusOK, "1 invitation to a group waits for an answer")
	p = b.get("/groups")
	p.has(http.StatusOK, "US invites you to", "Plenary")
	path := "/invitations/" + p.between(`href="/invitations/`, `"`)
	b.get(path).has(http.StatusOK, "United States, Israel", "Join the group", "Decline the invitation")
	if p := b.post(path, nil); p.path != path {
		t.Errorf("an answer without a choice led to %s", p.path)
	}
	b.post(path, url.Values{"answer": {"join"}}).has(http.StatusOK, "Joined.", "N. Amar")
	b.get(path).has(http.StatusNotFound)
	il.guest("k.moore").get("/groups/0").has(http.StatusNotFound)
}

// TestConveningWithCoChairsAndLanguages: what the command line can set, the form can.
func TestConveningWithCoChairsAndLanguages(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	il := newGround(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"), nil)
	linkGrounds(us, il)
	a := us.signedIn()
	a.get("/groups/new").has(http.StatusOK, `name="chair.US"`, `name="chair.IL"`, `name="language" value="he" checked`)
	form := url.Values{"party": {"IL"}, "ceiling": {"TLP:AMBER"}, "language": {"he"}, "group.he": {"מליאה"}, "group.en": {"Plenary"},
		"chair.US": {"d.reyes"}, "chair.IL": {"Nobody At All"}}
	a.post("/groups/new", form).has(http.StatusUnprocessableEntity, `href="#chair.IL"`, "Plenary", `value="d.reyes"`)
	form.Set("chair.IL", "n.amar")
	form.Del("party")
	a.post("/groups/new", form).has(http.StatusUnprocessableEntity, `href="#chair.IL"`, "Israel is not ticked")
	form.Set("party", "IL")
	a.post("/groups/new", form).has(http.StatusOK, "Convened.")
	g, _ := us.Group("0")
	c := g.Charter()
	if len(c.Languages) != 1 || c.Languages[0] != "he" || len(c.Name) != 1 {
		t.Errorf("the group works in %v, and is called %v", c.Languages, c.Name)
	}
	if want := []group.Chair{{Party: "US", Person: "d.reyes"}, {Party: "IL", Person: "n.amar"}}; !slices.Equal(c.Chairs, want) {
		t.Errorf("it is led by %v", c.Chairs)
	}
	// without a tick, all languages
	form = url.Values{"ceiling": {"TLP:AMBER"}, "group.he": {"אחת"}, "group.en": {"One"}}
	a.post("/groups/new", form).has(http.StatusOK, "Convened.")
	if g, _ := us.Group("1"); g == nil || len(g.Charter().Languages) != 2 {
		t.Error("the second group has not both languages")
	}
}

// TestJoiningSaysWhoseNumberWasNotCompared: of members that are not linked here there is the inviting
// party's word alone, and the page says so.
func TestJoiningSaysWhoseNumberWasNotCompared(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	il := newGround(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"), nil)
	fr := newGround(t, "FR", both("France", "צרפת"), "m.petit", both("M. Petit", "מ׳ פטי"), nil)
	linkGrounds(us, il)
	linkGrounds(us, fr)
	us.signedIn().post("/groups/new", url.Values{"party": {"IL", "FR"}, "group.en": {"Plenary"}, "group.he": {"מליאה"}, "ceiling": {"TLP:AMBER"}}).has(http.StatusOK, "Convened.")
	g, _ := us.Group("0")
	invited := func() shown {
		b := il.signedIn()
		return b.get("/invitations/" + b.get("/groups").between(`href="/invitations/`, `"`))
	}
	if _, err := il.Offered(t.Context(), g.Charter().Format(), "US"); err != nil {
		t.Fatal(err)
	}
	invited().has(http.StatusOK, "Number not compared:", "France (FR)", "the word of US alone")
	linkGrounds(il, fr)
	invited().hasNot("Number not compared")
}

func TestDecliningIsSeenByNobody(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	il := newGround(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"), nil)
	linkGrounds(us, il)
	us.signedIn().post("/groups/new", url.Values{"party": {"IL"}, "group.en": {"Plenary"}, "group.he": {"מליאה"}, "ceiling": {"TLP:AMBER"}})
	g, _ := us.Group("0")
	if _, err := il.Offered(t.Context(), g.Charter().Format(), "US"); err != nil {
		t.Fatal(err)
	}
	b := il.signedIn()
	path := "/invitations/" + b.get("/groups").between(`href="/invitations/`, `"`)
	b.post(path, url.Values{"answer": {"decline"}}).has(http.StatusOK, "Declined.")
	if len(il.Groups()) != 0 {
		t.Error("declining joined")
	}
}

func TestSendingADelegation(t *testing.T) {
	x := play(t)
	if err := x.us.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "k.moore", Name: both("K. Moore", "ק׳ מור"), Role: both("Desk officer", "קצין דסק")}); err != nil {
		t.Fatal(err)
	}
	b := x.us.signedIn()
	p := b.get("/groups/1/delegation")
	p.has(http.StatusOK, "K. Moore", "will see the names, roles and powers")
	form := url.Values{"basis": {p.between(`name="basis" value="`, `"`)}, "powers.k.moore": {"propose", "remark"}}
	b.post("/groups/1/delegation", form).has(http.StatusUnprocessableEntity, "Somebody must be able to convene", `href="#delegates"`)
	form["powers.d.reyes"] = []string{"propose", "accept", "remark", "convene"}
	b.post("/groups/1/delegation", form).has(http.StatusOK, "Sent.", "K. Moore", "Desk officer", "propose, remark and reserve")
	b.post("/groups/1/delegation", form).has(http.StatusUnprocessableEntity, "changed while this form was open", "checked")
	form["powers.k.moore"] = []string{"rule the world"}
	b.post("/groups/1/delegation", form).has(http.StatusNotFound)
	x.carry()
	x.il.signedIn().get("/groups/1").has(http.StatusOK, "K. Moore")

	c := x.us.browser()
	c.post("/enter", url.Values{"secret": {x.us.link("k.moore")}})
	c.get("/groups/1").has(http.StatusOK, "Nuclear agreement")
	c.get("/groups/1/delegation").has(http.StatusNotFound)
	c.post("/groups/1/delegation", form)
	if powers := x.one[0].Powers(chancery.Who{Person: "k.moore"}); powers.Has(act.MayConvene) {
		t.Error("who may not convene sent a delegation")
	}
	if body := c.get("/groups").body; strings.Contains(body, "Plenary") {
		t.Error("a group that the person does not sit in is shown")
	}
}
