package web_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// lookTime bounds one test in the browser, on a slow machine.
const lookTime = 5 * time.Minute

// window starts Chromium for a test, or skips the test where there is none.
func window(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes a while")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium here; ./check installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, lookTime)
	t.Cleanup(cancel)
	return ctx
}

// bring gives the window the cookies of a browser, and a language and a ground.
func (b *browser) bring(ctx context.Context, language, theme string) {
	b.t.Helper()
	site, err := url.Parse(b.site)
	if err != nil {
		b.t.Fatal(err)
	}
	look := url.Values{"l": {language}, "t": {theme}}
	cookies := []*network.CookieParam{{Name: "entente-look", Value: look.Encode(), URL: b.site}}
	for _, c := range b.Jar.Cookies(site) {
		if c.Name != "entente-look" {
			cookies = append(cookies, &network.CookieParam{Name: c.Name, Value: c.Value, URL: b.site, HTTPOnly: true})
		}
	}
	if _, err := chromedp.Call(ctx, network.SetCookies, network.SetCookiesParams{Cookies: cookies}); err != nil {
		b.t.Fatal(err)
	}
}

func steps(t *testing.T, ctx context.Context, list ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, list...); err != nil {
		t.Fatal(err)
	}
}

func asked[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%v in %.80s", err, expression)
	}
	return out
}

// picture keeps a picture where ENTENTE_PICTURES names a folder.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("ENTENTE_PICTURES")
	if folder == "" {
		return
	}
	steps(t, ctx, chromedp.EmulateViewport(asked[int64](t, ctx, `innerWidth`), max(1000, asked[int64](t, ctx, `document.documentElement.scrollHeight`))))
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// axeRun is axe-core over the page: WCAG 2.2 A and AA, and its best practices.
const axeRun = `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"], resultTypes: ["violations"]})
	.then(r => r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ": " + v.help + "\n  " + n.html.slice(0, 300) + "\n  " + n.failureSummary)))`

const wideOver = `document.fonts.ready.then(() => document.documentElement.scrollWidth - innerWidth)`

// TestPagesOfThePlanInABrowser puts every page before axe-core, in English and Hebrew, on both
// grounds, at a desk and on a telephone: nothing is held against it, and nothing scrolls sideways.
func TestPagesOfThePlanInABrowser(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	looking{phone: 360, ready: ".js", half: true}.at(t, window(t), b, planPages...)
}
