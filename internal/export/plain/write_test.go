package plain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/plan"
	"entente/text"
)

// document is what a plan would show of a draft that all agree on.
func document(d *Draft) []plan.Paragraph {
	out := make([]plan.Paragraph, len(d.Elements))
	one := func(s string) []plan.LangText {
		if s == "" {
			return nil
		}
		return []plan.LangText{{Lang: "en", Segments: []text.Segment{{Text: s}}}}
	}
	for i, e := range d.Elements {
		out[i] = plan.Paragraph{Ref: e.Ref, Level: e.Level, Title: one(e.Title), Text: one(e.Text)}
	}
	return out
}

// told is the titles and texts of a draft, in order, half brackets escaped.
func told(d *Draft) string {
	var b strings.Builder
	for _, e := range d.Elements {
		b.WriteString(e.Title + "|" + text.FormatBrackets([]text.Segment{{Text: e.Text}}) + "\n")
	}
	return b.String()
}

// TestWriteReads: what is written is read again as the same titles and texts.
func TestWriteReads(t *testing.T) {
	sources := map[string]string{}
	for _, name := range []string{"water.md", "water.txt", "water-he.md"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(b)
	}
	for _, dir := range corpora() {
		for _, c := range drafts {
			if b, err := os.ReadFile(filepath.Join(dir, "negotiating", c.file)); err == nil {
				sources[c.file] = string(b)
			}
		}
	}
	for name, src := range sources {
		d, err := Read(src, Options{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(Write(document(d), "en"), Options{Lang: "en", Form: Layout})
		if err != nil {
			t.Fatal(err)
		}
		got, want := told(again), told(d)
		if strings.HasPrefix(name, "adp") && d.Form == Layout {
			got, want = letters(got), letters(want) // the layout of a printed page tells more than the plain form does
		}
		if got != want {
			x, y := strings.Split(got, "\n"), strings.Split(want, "\n")
			n := 0
			for n < min(len(x), len(y))-1 && x[n] == y[n] {
				n++
			}
			t.Errorf("%s: line %d is read as\n%.300s\nwas\n%.300s", name, n, x[n], y[n])
		}
	}
}

// TestWriteProperty: whatever is written and read again, no word is lost.
func TestWriteProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := Read(sources().Draw(t, "source"), Options{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		written := Write(document(d), "en")
		again, err := Read(written, Options{Lang: "en", Form: Layout})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := letters(told(again)), letters(told(d)); got != want {
			t.Fatalf("of %q is read %q: %q", want, got, written)
		}
	})
}

func TestWrite(t *testing.T) {
	segments := text.Bracket("", []text.Side{{Who: "US", Text: "Readings are exchanged within seven days."}, {Who: "IL", Text: "Readings are exchanged at once."}})
	in := func(s ...text.Segment) []plan.LangText { return []plan.LangText{{Lang: "en", Segments: s}} }
	got := Write([]plan.Paragraph{
		{Level: 0, Title: in(text.Segment{Text: "Article 1 (purpose)"})},
		{Level: 1, Title: in(text.Segment{Text: "1."}), Text: in(segments...), Reservations: []plan.Note{{Stamp: plan.Stamp{Party: "US"}, Text: text.Texts{{Lang: "en", Text: "costs] are [open"}}}}},
		{Level: 2, Title: in(text.Segment{Text: "(a)"}), Text: in(text.Segment{Text: "Option 1: by hand\nOption 2: No text"})},
		{Level: 1, Text: []plan.LangText{{Lang: "he", Segments: []text.Segment{{Text: "א"}}}}},
	}, "en")
	want := "# Article 1 (purpose)\n\n1. Readings are exchanged [US: within seven days] [IL: at once].\n\n[US reserves: costs\\] are \\[open]\n\n    (a) Option 1: by hand\n        Option 2: No text\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
