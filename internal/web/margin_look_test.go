package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// marginPages are the pages on which the margin stands, and those of imports.
var marginPages = []string{"/g/1/e/A-1.1.2", "/g/1/e/A-1.1.2/negotiate", marginOf, "/g/1/margin", "/g/1/e/A-1.1.2/release", "/g/1/import"}

// TestTheMarginInABrowser puts the margin before axe-core in both languages and on both grounds, at a
// desk and on a telephone; and prints a page with the margin and without.
func TestTheMarginInABrowser(t *testing.T) {
	_, b := instructed(t)
	page := b.get("/g/1/e/A-1.1.2/negotiate")
	b.filled(page, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {overlap}, "text-he": {"הצדדים יחליפו הערכות בתוך 18 ימים."}, "do": {"keep"}}).has(http.StatusOK)
	b.write(url.Values{"field": {"clearance"}, "role": {"legal adviser"}}).has(http.StatusOK)
	ctx := window(t)
	looking{as: "margin", phone: 320, ready: ".js", half: true}.at(t, ctx, b, marginPages...)
	b.bring(ctx, "en", "light")
	for _, print := range []string{"", "?print=margin"} {
		steps(t, ctx, chromedp.EmulateViewport(740, 1000), chromedp.Navigate(b.site+"/g/1/e/A-1.1.2"+print), chromedp.WaitReady(".js"))
		_, _ = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		shown := asked[bool](t, ctx, `document.getElementById("margin").getBoundingClientRect().height > 0`)
		marking := asked[string](t, ctx, `document.querySelector(".marking").innerText`)
		if shown != (print != "") || strings.Contains(marking, "US only") != (print != "") {
			t.Errorf("%q: margin printed: %v, marking %q", print, shown, marking)
		}
		picture(t, ctx, "margin-print-"+strings.TrimPrefix(print, "?"))
		_, _ = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	}
}
