package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"entente/act"
	"entente/party"
)

// talks plays the small plan with a round of talks in it: opened, something moved, closed; another planned.
func talks(t testing.TB) *table {
	x := play(t)
	round := func(ref act.Ref, en, he string, opens, closes act.Date) act.Table {
		return act.Table{Element: ref, Content: act.Content{Kind: act.Round, Title: both(en, he),
			Text: both("1. Exchange of assessments\n2. Additional steps", "1. חילופי הערכות\n2. צעדים נוספים"), Opens: opens, Closes: closes}}
	}
	x.say(x.one, 0, round("R-1", "First round", "סבב ראשון", "2017-12-12", "2017-12-13"))
	x.say(x.one, 0, round("R-2", "Second round", "סבב שני", "2018-01-10", ""))
	x.say(x.one, 0, act.Sit{Round: "R-1", Step: act.RoundOpens, Present: []act.Seated{{Party: "IL", Person: "n.amar"}, {Party: "US", Person: "d.reyes"}}})
	x.on(12, 12, 15)
	x.say(x.one, 1, act.Table{Element: "A-1.2.1", Content: act.Content{Kind: act.Action, Parent: "W-1.2", Title: both("Additional diplomatic steps", "צעדים דיפלומטיים נוספים"),
		Text: both("Additional diplomatic steps shall be taken by [common] accord, at once.", "יינקטו צעדים דיפלומטיים נוספים בהסכמה [הדדית], מיד."), Lead: []party.Code{"IL"}}})
	x.on(12, 13, 16)
	x.say(x.one, 1, act.Sit{Round: "R-1", Step: act.RoundCloses})
	x.say(x.one, 0, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: both("The Parties shall meet again.", "הצדדים ייפגשו שוב.")}})
	return x
}

// every page of rounds and of the board, as United States sees it.
var talksPages = []string{
	"/board", "/board?in=turn&sort=brackets", "/g/1/board?party=IL", "/g/1/board?kind=action", "/g/1/rounds", "/g/0/rounds", "/g/1/rounds/R-1", "/g/1/rounds/R-2",
	"/g/1/rounds/new", "/g/1/rounds/R-2/open", "/g/1/changes", "/g/1/changes?from=R-1.opened&to=R-1.closed", "/g/1/changes?from=2017-12-12T10:00&to=now&party=IL",
	"/g/0/changes", "/g/1/doc?at=R-1.opened", "/g/1/doc/parallel?at=R-1.closed&p=A-1.2.1", "/g/1/e/A-1.2.1?at=R-1.opened", "/g/1/e/R-1", "/g/1/doc?at=2017-12-12T10:00",
}

func TestPagesOfTheTalksAreShown(t *testing.T) {
	x := talks(t)
	b := x.us.signedIn()
	for _, path := range talksPages {
		b.get(path).has(http.StatusOK, "</html>")
		page, query, _ := strings.Cut(path, "?")
		twin := b.get(page + ".json?" + query)
		if !json.Valid([]byte(twin.body)) || twin.status != http.StatusOK || !strings.HasPrefix(twin.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s.json: %d, %.80s", page, twin.status, twin.body)
		}
	}
	for _, path := range []string{"/g/1/rounds/R-9", "/g/1/rounds/A-1.2.1", "/g/1/rounds/R-1/sideways", "/g/1/doc?at=R-9.opened", "/g/1/doc?at=yesterday", "/g/1/e/C-1?at=R-1.opened", "/g/7/board", "/g/7/rounds"} {
		b.get(path).has(http.StatusNotFound)
	}
	stranger := x.us.guest("s.tranger")
	for _, path := range talksPages {
		if strings.HasPrefix(path, "/g/") {
			stranger.get(path).has(http.StatusNotFound)
		} else {
			stranger.get(path).hasNot("A 1.1.2", "Nuclear")
		}
	}
}

func TestTheTextAsItStood(t *testing.T) {
	x := talks(t)
	b := x.us.signedIn()
	then := b.get("/g/1/doc?at=R-1.opened")
	then.has(http.StatusOK, "The text as it stood: R 1 opened", "may be taken", "See it as it is now", "/g/1/e/A-1.2.1?at=R-1.opened")
	then.hasNot("at once", "meet again", "/g/1/doc/new")
	b.get("/g/1/doc?at=R-1.closed").has(http.StatusOK, "at once")
	b.get("/g/1/doc").has(http.StatusOK, "meet again", "/g/1/doc?at=R-1.opened")
	b.get("/g/1/doc?at=2017-12-12T10:00").has(http.StatusOK, "A time is what each party’s own clock said.")
	past := b.get("/g/1/e/A-1.2.1?at=R-1.opened")
	past.has(http.StatusOK, "The text as it stood")
	past.hasNot("at once", "/act/accept", "/negotiate\"")
	b.get("/g/1/doc?at=A-1.1.2").hasNot("as it stood:")
	changed := b.get("/g/1/changes?from=R-1.opened&to=R-1.closed")
	changed.has(http.StatusOK, "2 elements were acted on", "countered", "closed the round")
	changed.hasNot("meet again")
	b.get("/g/1/changes?from=R-9.opened").has(http.StatusUnprocessableEntity, "There is no such moment here", `href="#from"`)
	b.get("/g/1/changes?from=R-1.opened&to=yesterday").has(http.StatusUnprocessableEntity, `href="#to"`)
}

func TestARoundByForms(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	b.get("/g/1/rounds").has(http.StatusOK, "No round yet", "Propose a round")
	b.post("/g/1/rounds/new", url.Values{"title.en": {"First round"}, "opens": {"12 December"}, "closes": {"2017-12-01"}}).has(http.StatusUnprocessableEntity,
		"Write: Name (עברית)", "Write a day that exists", "First round")
	made := b.post("/g/1/rounds/new", url.Values{"title.en": {"First round"}, "title.he": {"סבב ראשון"}, "opens": {"2017-12-12"}, "closes": {"2017-12-13"}})
	made.has(http.StatusOK, "R 1 was proposed", "First round", "Planned", "/g/1/rounds/R-1/open")
	form := b.get("/g/1/rounds/R-1/open")
	form.has(http.StatusOK, "This cannot be undone", `value="US:d.reyes"`, `value="IL:n.amar"`)
	form.hasNot(" checked")
	b.get("/g/1/rounds/R-1/close").has(http.StatusUnprocessableEntity, "cannot be opened or closed by you now")
	b.post("/g/1/rounds/R-1/open", url.Values{"present": {"US:d.reyes", "FR:nobody"}}).has(http.StatusOK, "R 1 is open", "D. Reyes", "Read the text as the round opened")
	b.post("/g/1/rounds/R-1/open", nil).has(http.StatusUnprocessableEntity, "cannot be opened or closed")
	b.post("/g/1/rounds/R-1/close", url.Values{"present": {"IL:n.amar"}}).has(http.StatusOK, "R 1 is closed", "N. Amar", "Read the text as the round closed")
	b.get("/g/1/rounds").has(http.StatusOK, "How much was open", "2 persons sat")
}

func TestTheBoard(t *testing.T) {
	x := talks(t)
	b := x.us.signedIn()
	all := b.get("/board")
	all.has(http.StatusOK, "A 1.1.2", "A 1.2.1", "R 2", "/g/1/e/A-1.1.2/negotiate", "/g/1/rounds/R-2", "3 turns")
	theirs := b.get("/g/1/board?party=IL")
	theirs.has(http.StatusOK, "R 2", "C 1")
	theirs.hasNot("/g/1/e/A-1.1.2/negotiate")
	var twin struct {
		Groups []struct {
			Total int
			Sums  struct{ Open, Brackets int }
		}
	}
	if err := json.Unmarshal([]byte(b.get("/board.json?kind=clause").body), &twin); err != nil || len(twin.Groups) != 2 || twin.Groups[1].Total != 1 || twin.Groups[1].Sums.Open != 5 {
		t.Errorf("%+v, %v", twin, err)
	}
}

// TestPagesOfTheTalksInABrowser puts every page before axe-core, as TestPagesOfThePlanInABrowser does.
func TestPagesOfTheTalksInABrowser(t *testing.T) {
	x := talks(t)
	b := x.us.signedIn()
	ctx := window(t)
	lookAt(t, ctx, b, "talks", talksPages...)
	axe, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	b.bring(ctx, "he", "dark")
	steps(t, ctx, chromedp.EmulateViewport(360, 1000), chromedp.Navigate(b.site+"/g/1/changes?from=nothing"), chromedp.WaitReady(".errsum"))
	judge(t, ctx, string(axe), "a moment that is none")
	for _, path := range []string{"/board", "/g/1/rounds", "/g/1/rounds/R-1", "/g/1/changes?from=R-1.opened&to=R-1.closed", "/g/1/doc?at=R-1.opened"} { // on paper
		steps(t, ctx, chromedp.EmulateViewport(740, 1000), chromedp.Navigate(b.site+path), chromedp.WaitReady("#main"))
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
			t.Fatal(err)
		}
		if over := asked[int](t, ctx, wideOver); over > 0 {
			t.Errorf("%s is wider than paper by %d px", path, over)
		}
		picture(t, ctx, "print"+strings.NewReplacer("/", "_", "?", "-", "&", "-", "=", "-").Replace(path))
	}
}
