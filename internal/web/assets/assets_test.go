package assets_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"entente/internal/web/assets"
)

func open(t *testing.T) *assets.Set {
	t.Helper()
	set, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func get(set *assets.Set, method, url, encoding string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, url, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	set.ServeHTTP(w, r)
	return w
}

func TestServed(t *testing.T) {
	set := open(t)
	for name, kind := range map[string]string{
		"entente.css": "text/css; charset=utf-8",
		"entente.js":  "text/javascript; charset=utf-8",
		"htmx.js":     "text/javascript; charset=utf-8",
		"fonts/ibm-plex-sans-latin-400-normal.woff2": "font/woff2",
		"licences/frank-ruhl-libre.txt":              "text/plain; charset=utf-8",
	} {
		url := set.URL(name)
		w := get(set, "GET", url, "")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s at %s: %d %s", name, url, w.Code, w.Header().Get("Content-Type"))
		}
		if c := w.Header().Get("Cache-Control"); !strings.Contains(c, "immutable") || !strings.Contains(c, "max-age=31536000") {
			t.Errorf("%s may not be kept: %q", name, c)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be sniffed", name)
		}
	}
}

func TestRefused(t *testing.T) {
	set := open(t)
	right := set.URL("entente.css")
	wrong := strings.Replace(right, right[len("/assets/entente."):len("/assets/entente.")+4], "0000", 1)
	for url, code := range map[string]int{
		wrong: 404, "/assets/entente.css": 404, "/assets/": 404, "/assets/../assets.go": 404, set.URL("no.css"): 404,
	} {
		if w := get(set, "GET", url, ""); w.Code != code {
			t.Errorf("%s: %d, want %d", url, w.Code, code)
		}
	}
	if w := get(set, "POST", right, ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestGzip(t *testing.T) {
	set := open(t)
	url := set.URL("entente.css")
	plain := get(set, "GET", url, "")
	if plain.Header().Get("Content-Encoding") != "" {
		t.Fatal("compressed although nobody asked")
	}
	packed := get(set, "GET", url, "br, gzip;q=0.8")
	if packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed")
	}
	r, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(body, plain.Body.Bytes()) {
		t.Error("the compressed file is another", err)
	}
	if w := get(set, "GET", url, "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed although refused")
	}
	if w := get(set, "HEAD", url, ""); w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Error("HEAD is not the head of GET")
	}
}

// TestFontsAreThere shows that the stylesheet names no font that is not served,
// and that every font that is shipped is named.
func TestFontsAreThere(t *testing.T) {
	set := open(t)
	css := get(set, "GET", set.URL("entente.css"), "").Body.String()
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`url\(([^)]+)\)`).FindAllStringSubmatch(css, -1) {
		if w := get(set, "GET", m[1], ""); w.Code != http.StatusOK {
			t.Errorf("%s: %d", m[1], w.Code)
		}
		seen[m[1]] = true
	}
	shipped, err := os.ReadDir("dist/fonts")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range shipped {
		if !seen[set.URL("fonts/"+f.Name())] {
			t.Errorf("%s is shipped and never used", f.Name())
		}
	}
}

// TestNoPhysicalDirection keeps the stylesheet free of left and right: the pages
// are read from both sides.
func TestNoPhysicalDirection(t *testing.T) {
	css, err := assets.Stylesheet()
	if err != nil {
		t.Fatal(err)
	}
	for what, pattern := range map[string]string{
		"a physical side of a box":     `(margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)\b`,
		"a physical position":          `[;{]\s*(left|right|top|bottom)\s*:`,
		"a physical alignment":         `(text-align|float|clear|justify-\w+)\s*:\s*(left|right)\b`,
		"a physical size":              `[;{\s](min-|max-)?(width|height)\s*:[^)]*[;}]`,
		"a physical corner":            `border-(top|bottom)-(left|right)-radius`,
		"something from elsewhere":     `(https?:)?//[a-z]`,
		"an import, hiding what it is": `@import`,
	} {
		for _, hit := range regexp.MustCompile(pattern).FindAllString(noComments(string(css)), -1) {
			t.Errorf("%s: %q", what, hit)
		}
	}
}

func noComments(css string) string {
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(css, "")
}

// TestScriptsAskForNothingElse keeps our own script from evaluating text and
// from writing markup.
func TestScriptsAskForNothingElse(t *testing.T) {
	js, err := os.ReadFile("entente.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "http://", "https://", ".style."} {
		if strings.Contains(string(js), bad) {
			t.Errorf("entente.js has %q", bad)
		}
	}
}

func TestPolicyHasNoExceptions(t *testing.T) {
	if strings.Contains(assets.Policy, "unsafe") || strings.Contains(assets.Policy, "*") || !strings.Contains(assets.Policy, "default-src 'none'") {
		t.Error(assets.Policy)
	}
}
