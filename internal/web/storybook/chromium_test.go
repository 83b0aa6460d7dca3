package storybook_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"entente/internal/web/storybook"
)

// browserTime bounds one test in the browser, on a slow machine.
const browserTime = 2 * time.Minute

// browser starts Chromium for a test, or skips the test where there is none.
func browser(t *testing.T) context.Context {
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
	ctx, cancel = context.WithTimeout(ctx, browserTime)
	t.Cleanup(cancel)
	return ctx
}

// serve starts the storybook on loopback.
func serve(t *testing.T) string {
	t.Helper()
	h, err := storybook.New()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// sized sets the size of the window in CSS pixels.
func sized(width, height int64) chromedp.Action[chromedp.Void] {
	return chromedp.EmulateViewport(width, height)
}

// do carries out the steps, or ends the test.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval gives what an expression, or the promise it gives, comes to.
func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%v in %.80s", err, expression)
	}
	return out
}

// complaints collects what the browser says against a page: a blocked style, a
// script error, a missing file.
func complaints(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var list []string
	if err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			list = append(list, fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text))
		case *runtime.EventExceptionThrown:
			list = append(list, "exception: "+e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return func() []string { mu.Lock(); defer mu.Unlock(); return list }
}

// photograph keeps a picture where ENTENTE_PICTURES names a folder.
func photograph(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("ENTENTE_PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// look is one way to look at one page.
type look struct{ page, language, theme string }

// address gives where a page is seen in that way.
func address(base string, l look) string {
	return fmt.Sprintf("%s/?page=%s&language=%s&theme=%s", base, l.page, l.language, l.theme)
}

var looks = []look{
	{"parts", "en", "light"}, {"parts", "he", "dark"}, {"today", "en", "dark"}, {"today", "he", "light"},
	{"bare", "en", "light"}, {"bare", "he", "dark"},
	{"paper", "en", "light"}, {"paper", "he", "dark"},
}

// TestNothingScrollsSideways looks at every page at the widths of a desk, a
// telephone, and a desk at 400 % zoom.
func TestNothingScrollsSideways(t *testing.T) {
	ctx, base := browser(t), serve(t)
	for _, look := range looks {
		for _, width := range []int64{1440, 900, 360, 320} {
			name := fmt.Sprintf("%s-%s-%s-%d", look.page, look.language, look.theme, width)
			do(t, ctx, sized(width, 900), chromedp.Navigate(address(base, look)))
			over := eval[int](t, ctx, `document.fonts.ready.then(() => document.documentElement.scrollWidth - innerWidth)`)
			photograph(t, ctx, name)
			if over > 0 {
				t.Errorf("%s scrolls sideways by %d px: %s", name, over, strings.Join(eval[[]string](t, ctx, sidewaysJS), "; "))
			}
		}
	}
}

// sidewaysJS names what reaches beyond the window.
const sidewaysJS = `[...document.querySelectorAll("body *")].filter(e => {
	const r = e.getBoundingClientRect();
	return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1) && !e.closest(".scroll,.vh,.skip") && !e.matches(".vh,.skip");
}).slice(0, 5).map(e => e.outerHTML.slice(0, 120))`

// TestPolicyStopsNothing shows that no page asks for what its policy forbids.
func TestPolicyStopsNothing(t *testing.T) {
	ctx, base := browser(t), serve(t)
	said := complaints(t, ctx)
	for _, look := range looks {
		do(t, ctx, chromedp.Navigate(address(base, look)), chromedp.WaitReady(".js"))
	}
	for _, s := range said() {
		t.Errorf("the browser complains: %s", s)
	}
}
