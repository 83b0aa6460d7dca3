package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"entente/act"
)

// seen waits until the page holds words; what takes longer than its time has not come.
const seen = `Promise.race([new Promise(no => setTimeout(() => no(false), 20000)), new Promise(yes => {
	const look = () => document.getElementById("main").textContent.includes(WORDS) && (yes(true), true);
	if (!look()) new MutationObserver((_, o) => { if (look()) o.disconnect(); }).observe(document.body, {childList: true, subtree: true, characterData: true});
})])`

// listening notes when the page hears of news.
const listening = `document.addEventListener("htmx:sse:after:connection", () => { window.listens = true; });`

func appears(t *testing.T, ctx context.Context, words string) {
	t.Helper()
	if !asked[bool](t, ctx, strings.Replace(seen, "WORDS", `"`+words+`"`, 1)) {
		t.Errorf("%q did not appear", words)
	}
}

// TestACounterArrivesOnAnOpenPage keeps an element open in one window while the other side sends.
func TestACounterArrivesOnAnOpenPage(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	ctx := window(t)
	b.bring(ctx, "en", "light")
	theirs := act.Content{Kind: act.Action, Parent: "W-1.1", Title: both("Exchange of assessments", "חילופי הערכות"),
		Text: both("The Parties shall exchange assessments within 11 days.", "הצדדים יחליפו הערכות בתוך 11 ימים.")}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: listening}); err != nil {
		t.Fatal(err)
	}
	steps(t, ctx, chromedp.EmulateViewport(1440, 2000), chromedp.Navigate(b.site+"/g/1/e/A-1.1.2/negotiate"), chromedp.WaitReady(".js"))
	asked[bool](t, ctx, `new Promise(yes => { if (window.listens) yes(true); document.addEventListener("htmx:sse:after:connection", () => yes(true)); })`)
	typed := `(() => { const f = document.getElementById("text-en"); f.value = "Half a sentence"; f.focus(); f.setSelectionRange(4, 4); return true; })()`
	asked[bool](t, ctx, typed)
	x.say(x.one, 1, act.Table{Element: "A-1.1.2", Content: theirs})
	appears(t, ctx, "within 11 days")
	still := asked[string](t, ctx, `(() => { const f = document.getElementById("text-en"); return document.activeElement.id + " " + f.value + " " + f.selectionStart; })()`)
	if still != "text-en Half a sentence 4" {
		t.Errorf("what was being typed is now %q", still)
	}
	steps(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector("button[value=send]").click()`), chromedp.WaitReady("#moved-title"))
	appears(t, ctx, "A 1.1.2 has moved")
}

// TestTheTreeByKeys opens and closes branches, moves, and opens details without a pointer.
func TestTheTreeByKeys(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	ctx := window(t)
	for _, look := range []struct{ language, opens, closes string }{{"en", kb.ArrowRight, kb.ArrowLeft}, {"he", kb.ArrowLeft, kb.ArrowRight}} {
		b.bring(ctx, look.language, "light")
		steps(t, ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(b.site+"/g/1/plan"), chromedp.WaitReady(".js"))
		at := func() string { return asked[string](t, ctx, `document.activeElement.id`) }
		steps(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.ArrowDown))
		if got := at(); got != "row-1-W-1.1" {
			t.Fatalf("%s: after two steps down the focus is at %q", look.language, got)
		}
		steps(t, ctx, chromedp.KeyEvent(look.closes), chromedp.WaitReady(`#row-1-W-1\.1[aria-expanded=false]`))
		if n := asked[int](t, ctx, `document.querySelectorAll("#row-1-A-1\\.1\\.1").length`); n != 0 {
			t.Errorf("%s: the branch is still open", look.language)
		}
		steps(t, ctx, chromedp.Focus(`#row-1-W-1\.1`), chromedp.KeyEvent(look.opens), chromedp.WaitReady(`#row-1-A-1\.1\.1`))
		steps(t, ctx, chromedp.Focus(`#row-1-A-1\.1\.1`), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`#row-1-A-1\.1\.1[aria-selected=true]`))
		steps(t, ctx, chromedp.KeyEvent("c"), chromedp.WaitReady(`#text-en`))
		if got := asked[string](t, ctx, `location.pathname`); got != "/g/1/e/A-1.1.1/negotiate" {
			t.Errorf("%s: c led to %s", look.language, got)
		}
	}
}

// TestBStepsThroughBrackets goes from bracket to bracket, and on to the next element.
func TestBStepsThroughBrackets(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	ctx := window(t)
	b.bring(ctx, "en", "light")
	steps(t, ctx, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(b.site+"/g/1/plan"), chromedp.WaitReady(".js"))
	for range 3 {
		steps(t, ctx, chromedp.KeyEvent("b"))
	}
	if got := asked[string](t, ctx, `document.activeElement.textContent`); !strings.Contains(got, "Board of Governors") {
		t.Errorf("the third bracket is %q", got)
	}
	steps(t, ctx, chromedp.KeyEvent("b"), chromedp.WaitReady(`#row-1-A-1\.2\.1[aria-selected=true]`))
}

// TestEveryLinkAndFormHasAnAddress follows every link of every page: no page of the plan needs a
// script to lead on, and none leads to nothing.
func TestEveryLinkAndFormHasAnAddress(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	followed := map[string]bool{}
	for _, path := range planPages {
		for _, link := range linksOf(b.get(path).body) {
			u, err := url.Parse(link)
			if err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
				t.Errorf("%s links to %q", path, link)
				continue
			}
			u.Fragment = ""
			if at := u.String(); !followed[at] && !strings.HasPrefix(at, "/assets/") {
				followed[at] = true
				if got := b.get(at); got.status != http.StatusOK {
					t.Errorf("%s links to %s, which is %d", path, at, got.status)
				}
			}
		}
	}
	if len(followed) < 60 {
		t.Errorf("only %d links were followed", len(followed))
	}
}

// TestChangesAreTrackedWhileTyping types into the editor: the words are tracked, and nothing is sent.
func TestChangesAreTrackedWhileTyping(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	ctx := window(t)
	b.bring(ctx, "en", "light")
	steps(t, ctx, chromedp.EmulateViewport(1440, 2000), chromedp.Navigate(b.site+"/g/1/e/A-1.1.2/negotiate"), chromedp.WaitReady(".js"),
		chromedp.Evaluate[chromedp.Void](`(() => { const f = document.getElementById("text-en"); f.focus(); f.setSelectionRange(0, 3); })()`),
		chromedp.KeyEvent("Both"), chromedp.WaitReady("#tracked ins"))
	if got := asked[string](t, ctx, `document.querySelector("#tracked ins").textContent + "|" + document.activeElement.id + "|" + location.pathname`); got != "Both|text-en|/g/1/e/A-1.1.2/negotiate" {
		t.Errorf("tracked: %q", got)
	}
	if got := asked[int](t, ctx, `document.querySelectorAll("#tracked").length`); got != 1 {
		t.Errorf("%d places for the changes", got)
	}
}
