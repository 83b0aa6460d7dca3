package web_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"entente/act"
	"entente/internal/api"
	"entente/internal/web"
	"entente/party"
)

// quiet is an exchange that stands in one state and does nothing.
type quiet struct {
	api.Couriers
	standing api.Standing
}

func (q quiet) Standing(party.Code) api.Standing { return q.standing }

func (q quiet) TryNow(context.Context, party.Code) error { return http.ErrHandlerTimeout }

func TestACounterpartThatDoesNotAnswer(t *testing.T) {
	q := &quiet{standing: api.Standing{State: api.Apart, Waiting: 4, Since: time.Date(2017, 12, 12, 6, 10, 0, 0, time.UTC)}}
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), func(cfg *web.Config) { cfg.Couriers = q })
	il := newGround(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"), nil)
	linkGrounds(us, il)
	conveneOn(0, both("Plenary", "מליאה"), act.Hash{}, us, il)
	b := us.signedIn()
	b.get("/sync").has(http.StatusOK, "Israel has not answered since 12 Dec", "4 entries wait here", "Nothing is lost", "Try now", "Write a bundle instead", "rest unseen")
	b.post("/sync/IL/try", nil).has(http.StatusOK, "no answer came. Nothing was lost.")
	b.post("/sync/XX/try", nil).has(http.StatusNotFound)
	b.get("/").has(http.StatusOK, "does not answer")
	b.post("/sync/IL/address", map[string][]string{"address": {"nonsense"}}).has(http.StatusUnprocessableEntity, `href="#address"`)
	b.post("/sync/IL/address", map[string][]string{"address": {"il.example:7420"}}).has(http.StatusOK, "il.example:7420", "The address is kept")
	q.standing = api.Standing{State: api.Broken}
	b.get("/sync/IL").has(http.StatusOK, "no longer contains what was signed", "Telephone Israel on a line you trust", `role="alert"`)
	if list, _ := us.Counterparts(t.Context()); list[0].Address != "il.example:7420" {
		t.Error("the address was not kept")
	}
	b.get("/sync/IL/evidence/0").has(http.StatusNotFound)
}

// TestByKeyboardAlone signs in, decides which text to look at, goes to Counterparts by two letters
// and writes an invitation, with keys and nothing else.
func TestByKeyboardAlone(t *testing.T) {
	x := play(t)
	ctx := window(t)
	b := x.us.browser()
	b.bring(ctx, "en", "light")
	steps(t, ctx, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(b.site+"/sign-in"), chromedp.WaitReady(".js"))
	tabTo(t, ctx, `document.activeElement.id === "secret"`)
	keys(t, ctx, b.site+"/enter#"+x.us.link("d.reyes"))
	keys(t, ctx, kb.Enter)
	untilSo(t, ctx, `location.pathname === "/" && document.readyState === "complete"`, 10*time.Second)
	keys(t, ctx, kb.Tab)
	if first := asked[string](t, ctx, `document.activeElement.className`); first != "skip" {
		t.Errorf("the first stop of the page is %q, not the link to its content", first)
	}
	tabTo(t, ctx, `document.activeElement.textContent.trim() === "Compare positions"`)
	if !asked[bool](t, ctx, `(r => r.top >= 0 && r.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`) {
		t.Error("what has the focus is out of sight")
	}
	keys(t, ctx, kb.Enter)
	untilSo(t, ctx, `location.pathname.endsWith("/negotiate") && document.readyState === "complete"`, 10*time.Second)
	asked[bool](t, ctx, `document.activeElement.blur() || true`)
	keys(t, ctx, "g")
	keys(t, ctx, "s")
	untilSo(t, ctx, `location.pathname === "/sync" && document.readyState === "complete"`, 10*time.Second)
	tabTo(t, ctx, `document.activeElement.textContent.trim() === "Invite a party"`)
	keys(t, ctx, kb.Enter)
	untilSo(t, ctx, `location.pathname === "/sync/invite" && document.readyState === "complete"`, 10*time.Second)
	tabTo(t, ctx, `document.activeElement.id === "code"`)
	keys(t, ctx, "EG")
	tabTo(t, ctx, `document.activeElement.id === "names.en"`)
	keys(t, ctx, "Egypt")
	keys(t, ctx, kb.Enter)
	untilSo(t, ctx, `document.body.innerText.includes("The invitation for EG is written")`, 10*time.Second)
	tabTo(t, ctx, `document.activeElement.hasAttribute("download")`)
}

const maxStops = 60 // stops of the tab key before a thing counts as out of reach

func tabTo(t *testing.T, ctx context.Context, there string) {
	t.Helper()
	for range maxStops {
		if asked[bool](t, ctx, there) {
			return
		}
		keys(t, ctx, kb.Tab)
	}
	t.Fatalf("%d stops of the tab key do not lead to %s", maxStops, there)
}

func keys(t *testing.T, ctx context.Context, typed string) {
	t.Helper()
	steps(t, ctx, chromedp.KeyEvent(typed))
}

// TestTheBriefingIsOneSheet prints Today.
func TestTheBriefingIsOneSheet(t *testing.T) {
	x := play(t)
	ctx := window(t)
	b := x.us.signedIn()
	for _, lang := range []string{"en", "he"} {
		b.bring(ctx, lang, "dark")
		steps(t, ctx, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(b.site+"/"), chromedp.WaitReady(".js"))
		_, _ = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		steps(t, ctx, chromedp.EmulateViewport(740, 1000))
		picture(t, ctx, "briefing-"+lang)
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(pdf, -1)); n != 1 {
			t.Errorf("in %s, the briefing takes %d sheets", lang, n)
		}
		if folder := os.Getenv("ENTENTE_PICTURES"); folder != "" {
			if err := os.WriteFile(filepath.Join(folder, "briefing-"+lang+".pdf"), bytes.Clone(pdf), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if strings.Contains(b.get("/").body, "style=") {
		t.Error("a style stands in the page itself")
	}
}
