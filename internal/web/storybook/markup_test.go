package storybook_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"entente/internal/web/assets"
	"entente/internal/web/storybook"
)

// TestMarkup reads what every page is written in.
func TestMarkup(t *testing.T) {
	h, err := storybook.New()
	if err != nil {
		t.Fatal(err)
	}
	never := map[string]*regexp.Regexp{
		"a style attribute":        regexp.MustCompile(`<[^>]*\sstyle\s*=`),
		"a style element":          regexp.MustCompile(`<style`),
		"an inline script":         regexp.MustCompile(`<script[^>]*>[^<]`),
		"a handler attribute":      regexp.MustCompile(`<[^>]*\son[a-z]+\s*=`),
		"a javascript address":     regexp.MustCompile(`(?i)javascript:`),
		"something from afar":      regexp.MustCompile(`(src|href|action)="(https?:)?//`),
		"a sentence without words": regexp.MustCompile(`⟦`),
		"a positive tab order":     regexp.MustCompile(`tabindex="[1-9]`),
	}
	for _, l := range looks {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", address("", l), nil))
		if got := w.Header().Get("Content-Security-Policy"); got != assets.Policy {
			t.Errorf("%v is served under %q", l, got)
		}
		body := w.Body.String()
		for what, pattern := range never {
			if hit := pattern.FindString(body); hit != "" {
				t.Errorf("%v has %s: %s", l, what, hit)
			}
		}
		if n := strings.Count(body, "<h1"); n != 1 {
			t.Errorf("%v has %d first headings", l, n)
		}
		if n := strings.Count(body, `class="marking `); n != 2 {
			t.Errorf("%v has %d marking bars", l, n)
		}
		once(t, l, body)
	}
}

// once shows that no id stands twice on a page.
func once(t *testing.T, l look, body string) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("%v has the id %s twice", l, m[1])
		}
		seen[m[1]] = true
	}
}
