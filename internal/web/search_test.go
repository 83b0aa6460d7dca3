package web_test

import (
	"net/http"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
)

func TestSearch(t *testing.T) {
	x := play(t)
	x.say(x.one, 1, act.Remark{Element: "A-1.1.1", Sort: act.Comment, Text: both("We read the dossier on Monday.", "נקרא את התיק ביום שני.")})
	b := x.us.signedIn()
	b.get("/search").has(http.StatusOK, "Words or a reference", "every group in which you sit")
	b.get("/search?q=a+1.1.2").has(http.StatusOK, `href="/g/1/e/A-1.1.2"`, "In brackets", "1 element has these words", `id="q" value="a 1.1.2"`)
	b.get("/search?q=dossier").has(http.StatusOK, `href="/g/1/e/A-1.1.1?tab=discussion"`, "<mark>dossier</mark>", "in a remark", `dir="ltr"`)
	b.get("/search?q=%D7%94%D7%AA%D7%99%D7%A7").has(http.StatusOK, `lang="he" dir="rtl"`, "<mark>התיק</mark>")
	b.get("/search?q=zzz+%3Cb%3E").has(http.StatusOK, "Nothing found for", "zzz &lt;b&gt;", "/g/0/plan")
	b.get("/search?q="+strings.Repeat("a", 2000)).has(http.StatusUnprocessableEntity, "There is a problem", `href="#words"`)
	p := b.get("/search.json?q=dossier")
	p.has(http.StatusOK, `"group":"1"`, `"ref":"A-1.1.1"`, `"total":1`)
	b.get("/search?q=dossier&g=1").has(http.StatusOK, "Search in all your groups")
	b.get("/search?q=dossier&g=0").has(http.StatusOK, "Nothing found", "Search in all your groups")
	b.get("/search?q=dossier&g=77").has(http.StatusOK, "in a remark")
}

// TestSearchKeepsToOwnGroups searches for what stands in a group that the person does not sit in.
func TestSearchKeepsToOwnGroups(t *testing.T) {
	x := play(t)
	if err := x.us.AddPerson(t.Context(), x.us.who, chancery.PersonRow{ID: "o.other", Name: both("O. Other", "א׳ אחר")}); err != nil {
		t.Fatal(err)
	}
	b := x.us.browser()
	b.post("/enter", map[string][]string{"secret": {x.us.link("o.other")}})
	p := b.get("/search?q=A-1.1.2")
	p.has(http.StatusOK, "Nothing found")
	p.hasNot("/g/1", "Nuclear")
	b.get("/search.json?q=A-1.1.2&g=1").has(http.StatusOK, `"hits":[]`, `"total":0`)
}
