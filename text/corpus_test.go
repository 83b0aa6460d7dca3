package text

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// corpus names the environment variable that says where texts of other people
// lie, which are not part of this repository: the Universal Declaration of Human
// Rights in bilingual/udhr_*.xml, drafts with brackets in negotiating/*.md. The
// tests over them are left out where it is not set.
const corpus = "ENTENTE_CORPUS"

// paragraphs returns the paragraphs of the files that match pattern, by file.
func paragraphs(t *testing.T, pattern, paragraph string) map[string][]string {
	files, err := filepath.Glob(filepath.Join(os.Getenv(corpus), pattern))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv(corpus) == "" || len(files) == 0 {
		t.Skip("set " + corpus + " to a folder with real texts to run this")
	}
	out := map[string][]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(paragraph).FindAllStringSubmatch(string(b), -1) {
			out[filepath.Base(f)] = append(out[filepath.Base(f)], Clean(html.UnescapeString(m[1])))
		}
	}
	return out
}

// TestRealTexts: every paragraph of a real declaration in English, Hebrew and
// Arabic passes, and neighbouring ones, taken for rivals, are not torn to pieces.
func TestRealTexts(t *testing.T) {
	for file, list := range paragraphs(t, "bilingual/udhr_*.xml", `<para>([^<]+)</para>`) {
		if len(list) < 50 {
			t.Errorf("%s: only %d paragraphs", file, len(list))
		}
		for i, p := range list {
			if err := Check(p); err != nil {
				t.Errorf("%s: %v in %q", file, err, p)
			}
			if joined(Words(p)) != p {
				t.Errorf("%s: the words of %q are not the paragraph", file, p)
			}
			if i == 0 {
				continue
			}
			pair := sides("US", list[i-1], "IL", p)
			segments := Bracket("", pair)
			bracketsHold(t, pair, segments)
			if n := Brackets(segments); n > 8 {
				t.Errorf("%s: %d brackets in %s", file, n, FormatBrackets(segments))
			}
			diffHolds(t, list[i-1], p, Diff(list[i-1], p))
		}
	}
}

// TestRealNegotiatingText: a draft with a thousand literal brackets, not all of
// them balanced, is cut, compared and written without loss.
func TestRealNegotiatingText(t *testing.T) {
	for file, list := range paragraphs(t, "negotiating/*.md", `(?m)^([^\n]+)$`) {
		whole := strings.Join(list, "\n")
		if joined(Words(whole)) != whole {
			t.Errorf("%s: the words are not the text", file)
		}
		for i := 2; i < len(list); i++ {
			three := sides("US", list[i-2], "IL", list[i-1], "FR", list[i])
			bracketsHold(t, three, Bracket("", three))
		}
		clean := strings.NewReplacer("[", "", "]", "").Replace(whole)
		diffHolds(t, whole, clean, Diff(whole, clean))
	}
}
