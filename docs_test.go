package entente_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entente/text"
)

// pages are the documents whose claims name their tests.
var pages = []string{"docs/ARCHITECTURE.md", "docs/THREATS.md", "docs/OPERATING.md", "README.md"}

// TestDocsNameRealTests keeps the documents from naming tests that are not there.
func TestDocsNameRealTests(t *testing.T) {
	files := sources(t, packages(t))
	var all strings.Builder
	for _, f := range files {
		if f.test {
			all.Write(f.text)
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Za-z0-9_]+)`")
	for _, page := range docPages(t) {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			if !strings.Contains(all.String(), "\nfunc "+m[1]+"(") {
				t.Errorf("%s names %s, and there is no such test", page, m[1])
			}
		}
	}
}

func docPages(t *testing.T) []string {
	t.Helper()
	specs, err := filepath.Glob("docs/spec/*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(append([]string{}, pages...), specs...)
}

// TestThreatsNameEveryBan keeps the table of forbidden characters whole.
func TestThreatsNameEveryBan(t *testing.T) {
	b, err := os.ReadFile("docs/THREATS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, ban := range text.Bans() {
		if !strings.Contains(string(b), "| "+ban.Name+" | "+ban.Points+" | ") {
			t.Errorf("docs/THREATS.md has no row %q | %s", ban.Name, ban.Points)
		}
	}
}

// TestDocsLinkToFiles keeps the links between documents whole.
func TestDocsLinkToFiles(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	for _, page := range docPages(t) {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(b), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}
