package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"entente/act"
	"entente/internal/chancery"
)

// crossing is how soon what one party sends must stand in the other's open page.
const crossing = 2 * time.Second

// TestTwoServersTwoWindows has each of two parties at its own window on its own server, linked by a
// real line. A counter sent in one window appears in the other by itself.
func TestTwoServersTwoWindows(t *testing.T) {
	us := newLined(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"))
	il := newLined(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"))
	linkGrounds(us.ground, il.ground)
	groups := conveneOn(0, both("Plenary", "מליאה"), act.Hash{}, us.ground, il.ground)
	carry(t, groups...)
	us.run()
	il.run()
	for _, x := range [][2]*linedGround{{us, il}, {il, us}} {
		if err := x[0].SetAddress(t.Context(), chancery.Who{Admin: true}, x[1].Self(), x[1].door.Addr().String()); err != nil {
			t.Fatal(err)
		}
	}
	goal := act.Content{Kind: act.Goal, Title: both("Exchange of assessments", "חילופי הערכות"), Text: both("Within thirty days.", "בתוך שלושים יום.")}
	if _, err := groups[0].Admit(t.Context(), us.who, draft(act.Table{Element: "G-1", Content: goal})); err != nil {
		t.Fatal(err)
	}

	here := window(t)
	there, cancel := chromedp.NewContext(here)
	defer cancel()
	us.signedIn().bring(here, "en", "light")
	steps(t, here, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(us.site.URL+"/g/0/e/G-1"), chromedp.WaitReady(".js"))
	steps(t, there, chromedp.Navigate("about:blank"))
	il.signedIn().bring(there, "en", "light")
	steps(t, there, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(il.site.URL+"/"), chromedp.WaitReady(".js"))
	untilSo(t, there, `document.body.innerText.includes("Exchange of assessments")`, 20*time.Second) // the first exchange

	// A mark on the open page: it is gone if the page was loaded again.
	asked[bool](t, here, `window.mark = true`)
	steps(t, there, chromedp.Navigate(il.site.URL+"/g/0/e/G-1/negotiate"), chromedp.WaitReady(`[name="text-en"]`),
		chromedp.SetValue(`[name="text-en"]`, "Within fourteen days."), chromedp.SetValue(`[name="text-he"]`, "בתוך ארבעה עשר יום."))
	began := time.Now()
	steps(t, there, chromedp.Click(`button[name="do"][value="send"]`))
	untilSo(t, here, `document.getElementById("main").textContent.replace(/\s+/g, " ").includes("fourteen")`, crossing+8*time.Second)
	took := time.Since(began)
	t.Logf("the counter stood in the other window after %v", took.Round(time.Millisecond))
	if took > crossing {
		t.Errorf("the counter took %v to the other window, more than %v", took, crossing)
	}
	if !asked[bool](t, here, `window.mark === true`) {
		t.Error("the other window was loaded again")
	}
	picture(t, here, "two-windows")
	if path := asked[string](t, there, `location.pathname`); path != "/g/0/e/G-1" {
		t.Errorf("after sending, the window shows %s", path)
	}
	steps(t, there, chromedp.Navigate(il.site.URL+"/sync"), chromedp.WaitReady(".js"))
	untilSo(t, there, `document.querySelector("#sync-rails").innerText.includes("In step")`, 10*time.Second)
	picture(t, there, "two-windows-sync")
}

// waitFor asks a page until something is so.
func untilSo(t *testing.T, ctx context.Context, expression string, within time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var out bool
	var err error
	for !out && ctx.Err() == nil { // again where the page was left meanwhile
		out, err = chromedp.Run(ctx, chromedp.Evaluate[bool](`new Promise(done => {
			const look = () => (`+expression+`) ? done(true) : requestAnimationFrame(look);
			look();
		})`, chromedp.EvalAwaitPromise))
	}
	if err != nil || !out {
		words, _ := chromedp.Run(context.WithoutCancel(ctx), chromedp.Evaluate[string](`location.href + " " + document.body.innerText.slice(0, 1500)`))
		t.Fatalf("waited in vain for %s: %v\n%s", expression, err, words)
	}
}
