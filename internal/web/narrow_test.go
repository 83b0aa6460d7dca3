package web_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// sideways names what sticks out of the window, so that a failure says where to look.
const sideways = `document.fonts.ready.then(() => {
	const over = document.documentElement.scrollWidth - innerWidth
	if (over <= 0) return ""
	const wide = [...document.querySelectorAll("body *")].filter(e => {
		const r = e.getBoundingClientRect()
		if (r.width === 0 || r.right <= innerWidth + 1 && r.left >= -1) return false
		for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
			if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(p).overflowX)) return false
		return true
	}).map(e => e.outerHTML.slice(0, 90))
	return over + " px: " + wide.slice(-3).join("  ")
})`

// narrowStates are states of pages that the lists of pages do not have.
var narrowStates = []string{
	"/g/1/plan?groups=all", "/g/1/plan?state=agreed", "/g/1/plan?kind=action", "/g/1/plan?turn=US", "/g/1/plan?at=A-1.1.2&in=1&groups=all", "/g/1/plan?at=W-1.2",
	"/g/1/plan?view=chart", "/g/1/plan?told=sent",
}

// TestNothingScrollsSideways looks at every page on the narrowest screens, in both directions.
func TestNothingScrollsSideways(t *testing.T) {
	x := withColleague(t)
	plenary, _ := x.us.Group("0")
	conveneOn(2, both("Working group on regional activity, missiles and everything else that a long name can name", "קבוצת עבודה לפעילות אזורית, לטילים ולכל דבר אחר ששם ארוך יכול לנקוב בו"),
		plenary.ID(), x.us, x.il) // a list of groups is as wide as its longest name
	b := x.us.signedIn()
	ctx := window(t)
	pages := slices.Concat(planPages, narrowStates, deskPages, settingsPages)
	for i, look := range [][2]string{{"en", "light"}, {"he", "light"}} {
		b.bring(ctx, look[0], look[1])
		for n, path := range pages {
			for _, width := range []int64{320, 360} {
				if testing.Short() && (i+n)%2 == 0 {
					continue
				}
				steps(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(b.site+path), chromedp.WaitReady("#main"))
				if over := asked[string](t, ctx, sideways); over != "" {
					t.Errorf("%s %s %d scrolls sideways by %s", path, look[0], width, over)
				}
			}
		}
	}
	b.get("/g/1/plan").has(http.StatusOK)
}
