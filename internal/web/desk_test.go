package web_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"entente/act"
)

// every page of a person's desk, as United States sees it.
var deskPages = []string{"/", "/sync", "/sync/IL", "/sync/invite", "/sync/join", "/sync/accept", "/sync/bundle", "/groups", "/groups/1", "/groups/new", "/groups/1/delegation"}

func TestEveryPageOfTheDeskIsShown(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	for _, path := range deskPages {
		b.get(path).has(http.StatusOK, "</html>")
		twin := path + ".json"
		if p := b.get(twin); p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %d, %s", twin, p.status, p.header.Get("Content-Type"))
		}
	}
}

func TestAnAddressThatLeadsNowhere(t *testing.T) {
	g := newGround(t, "FR", both("France", "צרפת"), "m.petit", both("M. Petit", "מ׳ פטי"), nil)
	g.browser().get("/nothing-here").has(http.StatusNotFound, "</main>")
	g.signedIn().get("/g/7/plan").has(http.StatusNotFound, "</main>")
}

func TestToday(t *testing.T) {
	x := play(t)
	x.say(x.one, 1, act.Remark{Element: "A-1.1.1", Sort: act.Comment, Text: both("We read the report on Monday.", "נקרא את הדוח ביום שני.")})
	p := x.us.signedIn().get("/")
	p.has(http.StatusOK, "1 decision is yours.", "Exchange of assessments", "/g/1/e/A-1.1.2/negotiate", "Compare positions", "countered", "12 December 2017", "Worth your eye", "We read the report on Monday.", "remarks:",
		"Dec", "rolling text", "of 11 paragraphs agreed")
	x.il.signedIn().get("/").has(http.StatusOK, "Additional diplomatic steps", "Read and answer")
	g := newGround(t, "FR", both("France", "צרפת"), "m.petit", both("M. Petit", "מ׳ פטי"), nil)
	g.signedIn().get("/?told=set-up").has(http.StatusOK, "First steps", "Link a counterpart", "Convene a group", "The server is set up")
}

// TestPagesOfTheDeskInABrowser puts every page before axe-core, as TestPagesOfThePlanInABrowser does.
func TestPagesOfTheDeskInABrowser(t *testing.T) {
	x := play(t)
	lookAt(t, window(t), x.us.signedIn(), "desk", deskPages...)
}

// TestDoorsInABrowser does the same where nobody is signed in.
func TestDoorsInABrowser(t *testing.T) {
	ctx := window(t)
	bare := bareGround(t, "FR", both("France", "צרפת"), nil)
	lookAt(t, ctx, bare.browser(), "bare", "/sign-in", "/set-up", "/nothing-here")
	fresh := newGround(t, "FR", both("France", "צרפת"), "m.petit", both("M. Petit", "מ׳ פטי"), nil)
	lookAt(t, ctx, fresh.browser(), "fresh", "/sign-in", "/enter")
}

// TestNewServersInABrowser does the same where a server is new, and where somebody sits nowhere.
func TestNewServersInABrowser(t *testing.T) {
	ctx := window(t)
	fresh := newGround(t, "FR", both("France", "צרפת"), "m.petit", both("M. Petit", "מ׳ פטי"), nil)
	lookAt(t, ctx, fresh.signedIn(), "fresh", "/?told=set-up", "/sync", "/groups", "/g/7/plan")
	lookAt(t, ctx, fresh.guest("k.moore"), "guest", "/", "/sync", "/groups")
}

// lookAt puts pages before axe-core at a desk and on a telephone of 360 px, in every combination.
func lookAt(t *testing.T, ctx context.Context, b *browser, as string, paths ...string) {
	t.Helper()
	looking{as: as, phone: 360, ready: "#main"}.at(t, ctx, b, paths...)
}

// A looking is how pages are put before axe-core.
type looking struct {
	as    string // begins the names of the pictures
	phone int64  // width of the telephone, in px
	ready string // what stands on the page when it can be looked at
	half  bool   // every page at a desk and on a telephone, but in one language and the other by turns, unless pictures are kept
}

// at puts pages before axe-core in English and Hebrew, on both grounds, at a desk and on a telephone,
// and keeps a picture of each. ENTENTE_PAGE names what must be in the address of a page to be looked at.
func (l looking) at(t *testing.T, ctx context.Context, b *browser, paths ...string) {
	t.Helper()
	axe, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	only := os.Getenv("ENTENTE_PAGE")
	for n, path := range paths {
		if !strings.Contains(path, only) {
			continue
		}
		for i, look := range [][2]string{{"en", "light"}, {"he", "dark"}, {"he", "light"}, {"en", "dark"}} {
			if l.half && os.Getenv("ENTENTE_PICTURES") == "" && i/2 != n%2 {
				continue
			}
			width := []int64{1440, l.phone}[i%2]
			b.bring(ctx, look[0], look[1])
			steps(t, ctx, chromedp.EmulateViewport(width, 1000), chromedp.Navigate(b.site+path), chromedp.WaitReady(l.ready))
			judge(t, ctx, string(axe), fmt.Sprintf("%s %s %v %d", l.as, path, look, width))
			picture(t, ctx, fmt.Sprintf("%s%s-%s-%s-%d", l.as, strings.NewReplacer("/", "_", "?", "-", "&", "-", "=", "-").Replace(path), look[0], look[1], width))
		}
	}
}

// judge holds the page in the window against axe-core, and against scrolling sideways.
func judge(t *testing.T, ctx context.Context, axe, name string) {
	t.Helper()
	if over := asked[int](t, ctx, wideOver); over > 0 {
		t.Errorf("%s scrolls sideways by %d px", name, over)
	}
	steps(t, ctx, chromedp.Evaluate[chromedp.Void](axe))
	for _, f := range asked[[]string](t, ctx, axeRun) {
		t.Errorf("%s: %s", name, f)
	}
}
