package ui

import (
	"context"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"pgregory.net/rapid"

	"entente/internal/web/locale"
	"entente/text"
)

// render writes a component in a language.
func render(t testing.TB, tag string, c templ.Component) string {
	t.Helper()
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	ctx := locale.With(context.Background(), book.Printer(tag, time.Unix(0, 0)))
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	forTheEar = regexp.MustCompile(`<span class="vh"[^>]*>[^<]*</span>`)
	forTheEye = regexp.MustCompile(`<span[^>]* aria-hidden="true"[^>]*>(?:<svg.*?</svg>)?[^<]*</span>`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
)

// copied gives what a selection of the whole holds.
func copied(s string) string {
	return html.UnescapeString(anyTag.ReplaceAllString(forTheEar.ReplaceAllString(s, ""), ""))
}

// heard gives what a screen reader says.
func heard(s string) string {
	return html.UnescapeString(anyTag.ReplaceAllString(forTheEye.ReplaceAllString(s, ""), ""))
}

var two = Parties{{Ordinal: 0, Code: "US", Name: "United States"}, {Ordinal: 1, Code: "IL", Name: "Israel"}, {Ordinal: 2, Code: "MH", Name: "Ministry of Health"}}

func TestBracketsAreCopiedAsWritten(t *testing.T) {
	for _, c := range []struct {
		sides []text.Side
		want  string
	}{
		{[]text.Side{{Who: "US", Text: "Meet within thirty (30) days."}, {Who: "IL", Text: "Meet within fourteen (14) days."}},
			"Meet within [US: thirty (30)] [IL: fourteen (14)] days."},
		{[]text.Side{{Who: "US", Text: "It may act."}, {Who: "IL", Text: "It shall act."}, {Who: "MH", Text: "It may act."}},
			"It [US, MH: may] [IL: shall] act."},
		{[]text.Side{{Who: "US", Text: "a <b>bold</b> \"step\" & so"}, {Who: "IL", Text: "a <i>bold</i> \"step\" & so"}}, ""},
	} {
		segments := text.Bracket("", c.sides)
		want := c.want
		if want == "" {
			want = text.FormatBrackets(segments)
		}
		if got := copied(render(t, "en", Inline("en", segments, two))); got != want {
			t.Errorf("copied  %s\nwritten %s", got, want)
		}
	}
}

func TestBracketsAreHeard(t *testing.T) {
	segments := text.Bracket("", []text.Side{{Who: "US", Text: "Meet within thirty days."}, {Who: "IL", Text: "Meet soon."}})
	got := heard(render(t, "en", Inline("en", segments, two)))
	want := "Meet bracket, United States: within thirty days, end bracket bracket, Israel: soon, end bracket."
	if got != want {
		t.Errorf("heard %q\nwant  %q", got, want)
	}
}

// TestBracketsAnyTexts shows, for any words of two or three sides, that what is
// copied is the plain form of text.FormatBrackets, but for its backslashes.
func TestBracketsAnyTexts(t *testing.T) {
	word := rapid.SampledFrom([]string{"the", "Parties", "shall", "may", "within", "thirty", "days,", "(30)", "and", "<b>", "&", "report"})
	rapid.Check(t, func(r *rapid.T) {
		var sides []text.Side
		for _, who := range []string{"US", "IL", "MH"}[:rapid.IntRange(2, 3).Draw(r, "sides")] {
			sides = append(sides, text.Side{Who: who, Text: strings.Join(rapid.SliceOfN(word, 0, 8).Draw(r, who), " ")})
		}
		segments := text.Bracket("", sides)
		if got, want := copied(render(t, "en", Inline("en", segments, two))), text.FormatBrackets(segments); got != want {
			r.Fatalf("copied  %q\nwritten %q", got, want)
		}
	})
}

// TestFirstWordIsKept keeps bracket, badge and first word on one line.
func TestFirstWordIsKept(t *testing.T) {
	segments := text.Bracket("", []text.Side{{Who: "US", Text: "Meet within thirty days."}, {Who: "IL", Text: "Meet soon."}})
	got := render(t, "en", Inline("en", segments, two))
	if !regexp.MustCompile(`<span class="nowrap">.*?\[</span>.*?>US<.*?<span class="t">within</span></span>`).MatchString(got) {
		t.Error(got)
	}
}

func TestLettersFollowTheText(t *testing.T) {
	p := Parties{{Code: "US", Name: "ארצות הברית", Letters: text.Texts{{Lang: "he", Text: "ארה״ב"}}}}
	segments := []text.Segment{{Text: "x", Who: []string{"US"}, Place: 1, Alt: 1, Depth: 1}}
	if got := copied(render(t, "he", Inline("he", segments, p))); got != "[ארה״ב: x]" {
		t.Errorf("Hebrew: %s", got)
	}
	if got := copied(render(t, "he", Inline("en", segments, p))); got != "[US: x]" {
		t.Errorf("English text on a Hebrew page: %s", got)
	}
}

func TestUnknownParty(t *testing.T) {
	segments := []text.Segment{{Text: "x", Who: []string{"ZZ"}, Place: 1, Alt: 1, Depth: 1}}
	if got := copied(render(t, "en", Inline("en", segments, two))); got != "[ZZ: x]" {
		t.Error(got)
	}
}

func TestSayPutsPartsWhereTheLanguageWantsThem(t *testing.T) {
	got := render(t, "en", Say("step.in", Parts{"Party": Words("<IL>")}))
	if got != "In step with &lt;IL&gt;" {
		t.Error(got)
	}
}

func TestPartyClasses(t *testing.T) {
	for ordinal, want := range map[int]string{-1: "p0", 0: "p1", 5: "p6", 6: "p0", 39: "p0"} {
		if got := (Party{Ordinal: ordinal}).class(); got != want {
			t.Errorf("%d: %s, want %s", ordinal, got, want)
		}
		_ = render(t, "en", Badge(Party{Ordinal: ordinal, Code: "XX"}, NotYet))
	}
}

func TestInitials(t *testing.T) {
	for in, want := range map[string]string{"D. Reyes": "DR", "n.amar": "NA", "": "", "solo": "S", "ג. כהן": "גכ", "a b c": "AB"} {
		if got := (Person{Name: in}).Initials(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestShowRef(t *testing.T) {
	for in, want := range map[string]string{"A-1.1.2": "A 1.1.2", "D-1": "D 1", "": ""} {
		if got := ShowRef(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestProblemsStandAtTheirFields(t *testing.T) {
	problems := []Problem{{Field: "days", Words: "Enter a number"}}
	field := render(t, "en", FormField(Field{Name: "days", Label: "Days", Hint: "In days"}, problems))
	for _, want := range []string{`id="days"`, `aria-invalid="true"`, `aria-describedby="days-hint days-msg"`, `id="days-msg"`, "Enter a number"} {
		if !strings.Contains(field, want) {
			t.Errorf("the field lacks %s:\n%s", want, field)
		}
	}
	if s := render(t, "en", ErrorSummary(problems)); !strings.Contains(s, `href="#days"`) || !strings.Contains(s, "Enter a number") {
		t.Error(s)
	}
	if s := render(t, "en", ErrorSummary(nil)); s != "" {
		t.Errorf("a summary of nothing: %s", s)
	}
}

func BenchmarkInline(b *testing.B) {
	segments := text.Bracket("", []text.Side{{Who: "US", Text: "The Parties shall exchange their written assessments within thirty (30) days of its publication."}, {Who: "IL", Text: "The Parties shall exchange their written assessments within fourteen (14) days of its publication."}})
	book, err := locale.Open()
	if err != nil {
		b.Fatal(err)
	}
	ctx := locale.With(context.Background(), book.Printer("en", time.Unix(0, 0)))
	var out strings.Builder
	for b.Loop() {
		out.Reset()
		_ = Inline("en", segments, two).Render(ctx, &out)
	}
}
