package web_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestParallelIsReadInPairs reads the page with two languages side by side as a screen reader comes
// to it: a paragraph in one language, whether both are in step, the same paragraph in the other. One
// language is behind there, and the history and the editor that belong to it are looked at too.
func TestParallelIsReadInPairs(t *testing.T) {
	ctx := window(t)
	axe, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	x := play(t)
	b := x.us.signedIn()
	const at = "/g/1/e/A-1.1.2/negotiate"
	b.filled(b.get(at), at, url.Values{"text-en": {"The Parties shall exchange their written assessments within twenty (20) days."}, "stays-he": {"later"}, "do": {"send"}})
	for _, look := range []struct {
		language, theme string
		width           int64
	}{{"en", "light", 1440}, {"he", "dark", 360}} {
		b.bring(ctx, look.language, look.theme)
		for _, path := range []string{"/g/1/doc/parallel", "/g/1/e/A-1.1.2?tab=history", at + "?of=US"} {
			name := fmt.Sprintf("%s %s %d", path, look.language, look.width)
			steps(t, ctx, chromedp.EmulateViewport(look.width, 1000), chromedp.Navigate(b.site+path), chromedp.WaitReady(".js"))
			judge(t, ctx, string(axe), name)
			picture(t, ctx, "pairs-"+strings.NewReplacer("/", "_", "?", "_").Replace(name))
			if !strings.HasSuffix(path, "parallel") {
				continue
			}
			for _, wrong := range asked[[]string](t, ctx, `[...document.querySelectorAll(".document > .para.par:not(.doctitle)")].flatMap(p => {
				const of = e => [...new Set([...e.querySelectorAll("[data-plain]")].map(w => w.lang + " " + w.dir))].join();
				const [n, first, step, second] = p.children, out = [];
				if (p.children.length !== 4 || !n.matches(".n") || !step.matches(".gut")) out.push(p.id + " is no pair");
				else if (!["", "en ltr"].includes(of(first)) || !["", "he rtl"].includes(of(second))) out.push(p.id + ": " + of(first) + " beside " + of(second));
				else if (!step.querySelector("[role=img][aria-label]")) out.push(p.id + " does not say whether both are in step");
				return out; })`) {
				t.Errorf("%s: %s", name, wrong)
			}
			if n := asked[int](t, ctx, `document.querySelectorAll(".para.par .behind").length`); n != 1 {
				t.Errorf("%s: %d paragraphs are said to be behind", name, n)
			}
		}
	}
}
