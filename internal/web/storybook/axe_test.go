package storybook_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// finding is one thing axe-core holds against a page.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target  []any
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	}
}

// axeJS runs axe-core over the page: WCAG 2.2 A and AA, and its best practices.
const axeJS = `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"], resultTypes: ["violations"]})
	.then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 4).map(n => ({target: n.target, html: n.html, failureSummary: n.failureSummary}))})))`

// TestAxe puts every page before axe-core, in English and Hebrew, on both
// grounds, wide and narrow.
func TestAxe(t *testing.T) {
	ctx, base := browser(t), serve(t)
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range looks {
		for _, width := range []int64{1440, 360} {
			name := fmt.Sprintf("%s %s %s %d", look.page, look.language, look.theme, width)
			do(t, ctx, sized(width, 900), chromedp.Navigate(address(base, look)), chromedp.WaitReady(".js"),
				chromedp.Evaluate[chromedp.Void](string(axe)))
			found := eval[[]finding](t, ctx, axeJS)
			for _, f := range found {
				for _, n := range f.Nodes {
					t.Errorf("%s: %s (%s) at %v: %s\n%s", name, f.ID, f.Help, n.Target, n.Summary, n.HTML)
				}
			}
		}
	}
}
