package plain

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// corpus names the environment variable that says where texts of other people
// lie, which are no part of this repository.
const corpus = "ENTENTE_CORPUS"

// corpora are the folders in which such texts may lie.
func corpora() []string {
	if dir := os.Getenv(corpus); dir != "" {
		return []string{dir}
	}
	return []string{"../../../../shared/data"}
}

// negotiating returns a real negotiating text. Where there is none the test is
// left out.
func negotiating(t testing.TB, name string) string {
	for _, dir := range corpora() {
		if b, err := os.ReadFile(filepath.Join(dir, "negotiating", name)); err == nil {
			return string(b)
		}
	}
	t.Skipf("%s is not here: set %s to a folder that has negotiating/%s to run this", name, corpus, name)
	return ""
}

// The real drafts, and what their README says that they hold.
var drafts = []struct {
	file        string
	form        Form
	open, close int
	depth       int
	articles    int // at the least
	elements    int // at the least
}{
	{"adp-draft-agreement-2015-10-23.md", Markdown, 1052, 1053, 7, 29, 400},
	{"adp-draft-decision-2015-11-06.md", Markdown, 484, 486, 4, 7, 350},
	{"adp-draft-2015-10-23-official.txt", Layout, 1617, 1618, 7, 28, 900},
}

// TestRealDrafts: a real draft is read whole, and what the product counts in it is
// what a count that shares no code with it finds.
func TestRealDrafts(t *testing.T) {
	for _, c := range drafts {
		t.Run(c.file, func(t *testing.T) {
			src := negotiating(t, c.file)
			d, err := Read(src, Options{Lang: "en", Source: "Chair's text", Offered: true})
			if err != nil {
				t.Fatal(err)
			}
			open, close, depth := independent(src)
			if open != c.open || close != c.close || depth != c.depth {
				t.Errorf("independent count: %d, %d, %d deep; the README says %d, %d, %d", open, close, depth, c.open, c.close, c.depth)
			}
			if int(d.Source.Open) != open || int(d.Source.Close) != close || int(d.Source.Depth) != depth {
				t.Errorf("counted %+v, independent count: %d, %d, %d deep", d.Source, open, close, depth)
			}
			if d.Form != c.form || len(d.Articles) < c.articles || len(d.Elements) < c.elements {
				t.Errorf("form %d, %d articles, %d elements", d.Form, len(d.Articles), len(d.Elements))
			}
			if n := independentOptions(src); int(d.Kept.Options) != n {
				t.Errorf("%d options, independent count %d", d.Kept.Options, n)
			}
			if n := len(d.Problems); n == 0 || n > 80 {
				t.Errorf("%d problems", n)
			}
			draftHolds(t, src, d)
			t.Logf("%d articles, %d elements, %d brackets kept of %d, %d options, %d problems", len(d.Articles), len(d.Elements), d.Kept.Open, open, d.Kept.Options, len(d.Problems))
		})
	}
}

// independent counts brackets and their greatest nesting without any of the
// product's code.
func independent(s string) (open, close, depth int) {
	now := 0
	for _, r := range s {
		if r == '[' {
			open++
			if now++; now > depth {
				depth = now
			}
		} else if r == ']' {
			close++
			if now > 0 {
				now--
			}
		}
	}
	return open, close, depth
}

// independentOptions counts the lines that begin with an option, after a number
// of a paragraph or a sub-paragraph if there is one.
func independentOptions(s string) int {
	return len(regexp.MustCompile(`(?m)^[ \t]*(?:\d+[a-z]*\.[ \t]+|\([a-z]\)[ \t]+)?\**Option ?\(?(?:[0-9]+|[IVX]+|[a-z])\)?\**(?: ?[:.]|\*\* ?[:.\[(]|\*\*$| \*\(|[ ]?\(|$)`).FindAllString(s, -1))
}

// TestRealStructure looks at some well-known places.
func TestRealStructure(t *testing.T) {
	d, err := Read(negotiating(t, "adp-draft-agreement-2015-10-23.md"), Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, e := range d.Elements {
		at[string(e.Ref)] = e.Title + "|" + e.Text
	}
	for ref, want := range map[string]string{
		"C-5":          "Article 2 (purpose)|",
		"C-5.1":        "Option 1:|",
		"C-5.1.1.1":    "1.|hold the increase in the global average temperature [below 2 °C]",
		"C-5.2":        "Option 2:|No text",
		"C-7.3.2.2":    "3.3bis|In accordance with Article 4",
		"C-7.19":       "19.|International Transport Emissions\nOption 1: Parties [shall][should][other]",
		"C-8":          "[Article 3bis] (REDD-plus)|",
		"C-3.13":       "|Option 1: Recognizing the importance and special characteristics of land use",
		"C-10.8.2":     "2.|Option 1: [Updated [periodically]",
		"C-7.7.1.16":   "16.|[Other.]]",
		"C-7.7.2.3":    "3.|[Maximize adaptation co-benefits;]",
		"C-9.4.4":      "(d)|Fully respect mitigation contributions",
		"C-10.2.2.1":   "1.|Assessment of the adequacy of support",
		"C-7.10.1.2.1": "1.|[Use common metrics",
	} {
		if !strings.HasPrefix(at[ref], want) {
			t.Errorf("%s is %.120q, want %.120q", ref, at[ref], want)
		}
	}
}

// BenchmarkRead measures Read against reading the file.
func BenchmarkRead(b *testing.B) {
	for _, c := range drafts {
		b.Run(c.file, func(b *testing.B) {
			src := negotiating(b, c.file)
			file := filepath.Join(b.TempDir(), "draft")
			if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
				b.Fatal(err)
			}
			// The best of many rounds: the machine may have other work.
			floor, best := time.Hour, time.Hour
			b.ReportAllocs()
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				begun := time.Now()
				if _, err := os.ReadFile(file); err != nil {
					b.Fatal(err)
				}
				read := time.Now()
				if _, err := Read(src, Options{Lang: "en"}); err != nil {
					b.Fatal(err)
				}
				floor, best = min(floor, read.Sub(begun)), min(best, time.Since(read))
			}
			b.ReportMetric(best.Seconds()*1e6, "best-µs")
			b.ReportMetric(best.Seconds()/floor.Seconds(), "x-floor")
		})
	}
}
