package storybook_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"entente/internal/web/storybook"
)

// TestCopyWithoutScript selects bracketed text and reads what a copy would
// hold, with entente.js kept away.
func TestCopyWithoutScript(t *testing.T) {
	ctx := browser(t)
	h, err := storybook.New()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/assets/entente.") && strings.HasSuffix(r.URL.Path, ".js") {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	do(t, ctx, chromedp.Navigate(address(srv.URL, look{"parts", "en", "light"})), chromedp.WaitReady("p.txt .bk"))
	got := eval[string](t, ctx, `(() => { const p = document.querySelector("p.txt:has(.bk)"); const s = getSelection(); s.selectAllChildren(p); return s.toString(); })()`)
	want := "[US: thirty (30)] [IL: fourteen (14)]"
	if flat := strings.Join(strings.Fields(got), " "); !strings.Contains(flat, want) || strings.Contains(flat, "bracket,") {
		t.Errorf("a selection holds %q, want %q in it and nothing for the ear", flat, want)
	}
}

// TestCopyWithScript copies through the script.
func TestCopyWithScript(t *testing.T) {
	ctx, base := browser(t), serve(t)
	do(t, ctx, chromedp.Navigate(address(base, look{"parts", "en", "light"})), chromedp.WaitReady(".js"))
	got := eval[string](t, ctx, `(() => {
		const p = document.querySelector("p.txt:has(.bk)"); getSelection().selectAllChildren(p);
		const data = new DataTransfer(); p.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
		return data.getData("text/plain") + "|" + p.dataset.plain; })()`)
	copied, plain, _ := strings.Cut(got, "|")
	if copied != plain || !strings.Contains(copied, "[US: thirty (30)] [IL: fourteen (14)]") {
		t.Errorf("copied %q\nplain  %q", copied, plain)
	}
}

// TestTreeIsCopiedInThePlainForm copies whole paragraphs with nested brackets,
// options, struck words and brackets that belong to the words, in three scripts.
func TestTreeIsCopiedInThePlainForm(t *testing.T) {
	ctx, base := browser(t), serve(t)
	for _, language := range []string{"en", "he"} { // the page's language changes nothing
		do(t, ctx, chromedp.Navigate(address(base, look{"paper", language, "light"})), chromedp.WaitReady(".js"))
		list := eval[[][2]string](t, ctx, `[...document.querySelectorAll("[data-plain]")].map(p => {
			getSelection().selectAllChildren(p);
			const data = new DataTransfer(); p.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
			return [data.getData("text/plain"), p.dataset.plain]; })`)
		if len(list) < 8 {
			t.Fatalf("%d paragraphs", len(list))
		}
		for _, c := range list {
			if c[0] != c[1] {
				t.Errorf("%s page: copied %q\nplain form %q", language, c[0], c[1])
			}
		}
	}
}

// TestKeys presses the keys of the page.
func TestKeys(t *testing.T) {
	ctx, base := browser(t), serve(t)
	at := func(expression string) string { t.Helper(); return eval[string](t, ctx, expression) }
	start := func() {
		t.Helper()
		do(t, ctx, chromedp.Navigate(address(base, look{"today", "en", "light"})), chromedp.WaitReady(".js"))
	}
	start()
	do(t, ctx, chromedp.KeyEvent("j"))
	if got := at(`document.activeElement.className`); got != "task" {
		t.Errorf("j leads to %q", got)
	}
	do(t, ctx, chromedp.KeyEvent("/"))
	if got := at(`document.activeElement.id`); got != "q" {
		t.Errorf("/ leads to %q", got)
	}
	do(t, ctx, chromedp.KeyEvent("?"))
	if got := at(`document.getElementById("q").value + document.getElementById("keys").open`); !strings.HasSuffix(got, "?false") {
		t.Errorf("a key is taken away from somebody typing: %q", got)
	}
	start()
	do(t, ctx, chromedp.KeyEvent("?"), chromedp.WaitVisible("#keys"), chromedp.KeyEvent(kb.Escape))
	if got := at(`String(document.getElementById("keys").open)`); got != "false" {
		t.Error("the key help does not close")
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`addEventListener("click", e => { window.went = e.target.closest("a")?.pathname; e.preventDefault(); })`),
		chromedp.KeyEvent("g"), chromedp.KeyEvent("d"))
	if got := at(`String(window.went)`); got != "/g/1/doc" {
		t.Errorf("g d leads to %s", got)
	}
	start()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.keys = "off"`), chromedp.KeyEvent("j"))
	if got := at(`document.activeElement.tagName`); got != "BODY" {
		t.Errorf("keys that are off move to %s", got)
	}
}

// TestKeysNeverAct looks for a key that sends a form: there is none.
func TestKeysNeverAct(t *testing.T) {
	ctx, base := browser(t), serve(t)
	do(t, ctx, chromedp.Navigate(address(base, look{"parts", "en", "light"})), chromedp.WaitReady(".js"),
		chromedp.Evaluate[chromedp.Void](`window.sent = 0; document.addEventListener("submit", e => { if (!e.target.querySelector(".lang")) window.sent++; e.preventDefault(); }); document.activeElement.blur()`))
	for _, key := range "abcdfhijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		do(t, ctx, chromedp.KeyEvent(string(key)))
	}
	if n := eval[int](t, ctx, `window.sent`); n != 0 {
		t.Errorf("%d forms were sent by single keys", n)
	}
}

// TestBracketStepper goes from bracket to bracket and back.
func TestBracketStepper(t *testing.T) {
	ctx, base := browser(t), serve(t)
	do(t, ctx, chromedp.Navigate(address(base, look{"parts", "en", "light"})), chromedp.WaitReady(".js"), chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
	where := func() int {
		t.Helper()
		return eval[int](t, ctx, `[...document.querySelectorAll("[data-bracket]")].indexOf(document.activeElement)`)
	}
	for _, step := range []struct {
		key  string
		want int
	}{{"b", 0}, {"b", 1}, {"b", 2}, {"B", 1}} {
		do(t, ctx, chromedp.KeyEvent(step.key))
		if got := where(); got != step.want {
			t.Fatalf("%s leads to bracket %d, want %d", step.key, got, step.want)
		}
	}
}

// changing serves the storybook's Today with a word that a test changes, and
// tells open pages of it.
type changing struct {
	book  http.Handler
	mu    sync.Mutex
	word  string
	heard chan struct{} // closed at the next change
}

func (c *changing) say(word string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.word = word
	close(c.heard)
	c.heard = make(chan struct{})
}

func (c *changing) now() (string, chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.word, c.heard
}

func (c *changing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/events" {
		w.Header().Set("Content-Type", "text/event-stream")
		_, next := c.now()
		fmt.Fprint(w, "retry: 1000\n\nevent: ready\ndata: 1\n\n")
		w.(http.Flusher).Flush()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-next:
				_, next = c.now()
				fmt.Fprint(w, "event: changed\ndata: 1\n\n")
				w.(http.Flusher).Flush()
			}
		}
	}
	rec := httptest.NewRecorder()
	c.book.ServeHTTP(rec, r)
	for k, v := range rec.Header() {
		if k != "Content-Length" {
			w.Header()[k] = v
		}
	}
	word, _ := c.now()
	_, _ = w.Write(bytes.ReplaceAll(rec.Body.Bytes(), []byte("Exchange of assessments"), []byte(word)))
}

// live opens Today with its stream of news running.
func live(t *testing.T, ctx context.Context) *changing {
	t.Helper()
	h, err := storybook.New()
	if err != nil {
		t.Fatal(err)
	}
	c := &changing{book: h, word: "Exchange of assessments", heard: make(chan struct{})}
	srv := httptest.NewServer(c)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	do(t, ctx, sized(1000, 600), chromedp.Navigate(srv.URL+"/?page=today&theme=light&live=/events"), chromedp.WaitReady(".js"))
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`new Promise(done => {
		if (document.getElementById("live")._htmx?.sse) return done(true);
		document.addEventListener("htmx:sse:after:connection", () => done(true), {once: true}); })`, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestNewsRenewThePage shows a change of the other side without a reload.
func TestNewsRenewThePage(t *testing.T) {
	ctx := browser(t)
	c := live(t, ctx)
	eval[bool](t, ctx, `(window.same = true)`)
	c.say("A changed title")
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.querySelector(".task .ttl").textContent.includes("A changed title")`)); err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, ctx, `window.same === true`) {
		t.Error("the page was loaded anew")
	}
}

// TestNewsWaitForTheReader leaves alone what somebody is in the middle of, says
// so, and shows it when asked.
func TestNewsWaitForTheReader(t *testing.T) {
	ctx := browser(t)
	c := live(t, ctx)
	do(t, ctx, chromedp.KeyEvent("j"))
	if !eval[bool](t, ctx, `document.getElementById("decide").contains(document.activeElement)`) {
		t.Fatal("the focus is not in the region")
	}
	c.say("Another title")
	do(t, ctx, chromedp.WaitVisible(".livebar"))
	if eval[bool](t, ctx, `document.body.textContent.includes("Another title")`) {
		t.Error("what was being read has moved")
	}
	if got := eval[string](t, ctx, `document.querySelector(".livebar span").textContent`); got != "1 change above." {
		t.Errorf("the bar says %q", got)
	}
	do(t, ctx, chromedp.Click(".livebar button"))
	if !eval[bool](t, ctx, `document.body.textContent.includes("Another title") && !document.querySelector(".livebar")`) {
		t.Error("Show does not show it")
	}
}
