package locale_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/internal/web/locale"
)

// forms lists the plural forms a language must have (CLDR cardinal rules).
var forms = map[string][]string{
	"en": {"one", "other"},
	"he": {"one", "two", "other"},
	"fr": {"one", "many", "other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// read reads one file of sentences: key to plural form to sentence; a sentence
// without plural stands under "".
func read(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	raw, err := os.ReadFile(tag + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatalf("%s.json: %v", tag, err)
	}
	out := map[string]map[string]string{}
	for key, v := range all {
		switch v := v.(type) {
		case string:
			out[key] = map[string]string{"": v}
		case map[string]any:
			out[key] = map[string]string{}
			for form, s := range v {
				out[key][form], _ = s.(string)
			}
		}
	}
	return out
}

func languages(t *testing.T) []string {
	t.Helper()
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	return book.Languages()
}

var place = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// places lists the places of a sentence, in order of the alphabet.
func places(sentences map[string]string) []string {
	var out []string
	for _, s := range sentences {
		for _, m := range place.FindAllStringSubmatch(s, -1) {
			if m[1] != "N" && !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestEveryLanguageSaysTheSame compares each file with the model.
func TestEveryLanguageSaysTheSame(t *testing.T) {
	model := read(t, locale.Model)
	for _, tag := range languages(t) {
		said := read(t, tag)
		if said["_note"] == nil {
			t.Errorf("%s.json does not say under _note what it is", tag)
		}
		if tag != locale.Model && !strings.Contains(said["_note"][""], "native reader") {
			t.Errorf("%s.json does not say that it needs a native reader", tag)
		}
		for key, sentence := range model {
			if key == "_note" {
				continue
			}
			other, ok := said[key]
			if !ok {
				t.Errorf("%s.json lacks %s", tag, key)
				continue
			}
			if a, b := places(sentence), places(other); !slices.Equal(a, b) {
				t.Errorf("%s.json %s has the places %v, the model %v", tag, key, b, a)
			}
			checkForms(t, tag, key, sentence, other)
		}
		for key := range said {
			if model[key] == nil {
				t.Errorf("%s.json has %s, which the model has not", tag, key)
			}
		}
	}
}

func checkForms(t *testing.T, tag, key string, model, said map[string]string) {
	t.Helper()
	if _, plain := model[""]; plain {
		if said[""] == "" {
			t.Errorf("%s.json %s is empty", tag, key)
		}
		return
	}
	for _, form := range forms[tag] {
		if said[form] == "" {
			t.Errorf("%s.json %s lacks the form %q", tag, key, form)
		}
	}
	if len(said) != len(forms[tag]) {
		t.Errorf("%s.json %s has %d forms, the language has %d", tag, key, len(said), len(forms[tag]))
	}
}

var (
	keyLiteral = regexp.MustCompile(`"([a-z][a-z0-9]*(?:\.[a-z0-9-]+)+)"`)
	keyPrefix  = regexp.MustCompile(`"([a-z][a-z0-9.]*\.)"\s*\+`) // "refused." + rule
	comment    = regexp.MustCompile(`(?m)^\s*//.*$`)
	keyCall    = regexp.MustCompile(`(?:\blocale\.(?:T|N|F|NF)\([^,"]+,\s*|\.(?:T|N|F|NF)\(|\bSay(?:N|F)?\(|\blocale\.Key\()"([^"]+)"`)
)

// sources reads what people wrote of the pages: Go and templ, no tests, nothing generated.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "storybook") {
			return fs.SkipDir
		}
		wanted := strings.HasSuffix(p, ".templ") || strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go") && !strings.HasSuffix(p, "_templ.go")
		if d.IsDir() || !wanted {
			return nil
		}
		raw, err := os.ReadFile(p)
		out[p] = comment.ReplaceAllString(string(raw), "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEveryKeyIsThereAndUsed reads the pages' source.
func TestEveryKeyIsThereAndUsed(t *testing.T) {
	model := read(t, locale.Model)
	used := map[string]bool{"_note": true}
	for file, source := range sources(t) {
		for _, m := range keyLiteral.FindAllStringSubmatch(source, -1) {
			used[m[1]] = true
		}
		for _, m := range keyPrefix.FindAllStringSubmatch(source, -1) {
			for key := range model {
				used[key] = used[key] || strings.HasPrefix(key, m[1])
			}
		}
		for _, m := range keyCall.FindAllStringSubmatch(source, -1) {
			if model[m[1]] == nil && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s asks for %s, which en.json lacks", file, m[1])
			}
		}
	}
	for key := range model {
		if !used[key] {
			t.Errorf("en.json has %s, which no page uses", key)
		}
	}
}

// TestNoShouting keeps to the manner of the pages.
func TestNoShouting(t *testing.T) {
	banned := regexp.MustCompile(`(?i)\b(hash|commit|merge|users?|workflow|blockchain|stakeholders?|oops)\b`)
	for _, tag := range languages(t) {
		for key, sentences := range read(t, tag) {
			for _, s := range sentences {
				if key == "_note" {
					continue
				}
				if strings.Contains(s, "!") {
					t.Errorf("%s.json %s shouts: %s", tag, key, s)
				}
				if w := banned.FindString(s); w != "" {
					t.Errorf("%s.json %s says %q", tag, key, w)
				}
			}
		}
	}
}

func printer(t *testing.T, tag string) *locale.Printer {
	t.Helper()
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	var zones []locale.Zone
	for _, iana := range []string{"Asia/Jerusalem", "America/New_York"} {
		z, err := locale.ZoneOf(iana)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, z)
	}
	return book.Printer(tag, time.Date(2017, 12, 12, 14, 14, 0, 0, time.UTC), zones...)
}

func TestWhen(t *testing.T) {
	en, he := printer(t, "en"), printer(t, "he")
	end := time.Date(2017, 12, 14, 16, 0, 0, 0, time.UTC)
	late := time.Date(2017, 12, 14, 23, 30, 0, 0, time.UTC)
	now := time.Date(2017, 12, 12, 14, 14, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{en.Deadline(end), "Thu 14 Dec, 18:00 Jerusalem · 11:00 Washington"},
		{en.Deadline(late), "Fri 15 Dec, 01:30 Jerusalem · 18:30 Washington (14 Dec)"},
		{en.Day(end.AddDate(1, 0, 0)), "14 Dec 2018"},
		{en.LongDay(end), "Thursday 14 December 2017"},
		{en.Moment(end), "14 Dec, 18:00"},
		{he.Deadline(end), "יום ה׳, 14 בדצמבר, ירושלים 18:00 · וושינגטון 11:00"},
		{en.Ago(now.Add(-30 * time.Second)), "just now"},
		{en.Ago(now.Add(-4 * time.Minute)), "4 min ago"},
		{en.Ago(now.Add(-time.Hour)), "1 hour ago"},
		{en.Ago(now.Add(-25 * time.Hour)), "yesterday"},
		{en.Ago(now.Add(-6 * 24 * time.Hour)), "6 days ago"},
		{he.Ago(now.Add(-2 * time.Hour)), "לפני שעתיים"},
		{en.Ago(now.Add(-40 * 24 * time.Hour)), "2 Nov"},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	en, he := printer(t, "en"), printer(t, "he")
	for _, c := range []struct{ got, want string }{
		{en.T("nav.plan"), "Plan"}, {he.T("nav.plan"), "התוכנית"},
		{en.N("state.brackets", 1), "1 bracket"}, {en.N("state.brackets", 1204), "1\u202f204 brackets"},
		{he.N("state.brackets", 1), "סוגריים אחד"},
		{en.T("no.such.key"), "⟦no.such.key⟧"},
		{locale.Int(-1204567), "−1\u202f204\u202f567"}, {locale.Int(0), "0"}, {locale.Int(999), "999"},
		{en.F("shell.person", locale.Args{"Name": "<b>"}), "<b>, your menu"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	ctx := locale.With(context.Background(), he)
	if locale.T(ctx, "nav.plan") != "התוכנית" || he.Dir() != "rtl" || en.Dir() != "ltr" {
		t.Error("the context does not carry the printer")
	}
}

func TestMatch(t *testing.T) {
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	for accept, want := range map[string]string{
		"": "en", "he-IL,he;q=0.9,en;q=0.8": "he", "de,en;q=0.5": "en", "iw": "he", "nonsense;;;": "en", "ja": "en",
	} {
		if got := book.Match(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestUnknownZone(t *testing.T) {
	for _, iana := range []string{"", "Mars/Olympus", "../../etc/passwd"} {
		if _, err := locale.ZoneOf(iana); err == nil {
			t.Errorf("%q is a zone", iana)
		}
	}
}

func BenchmarkT(b *testing.B) {
	book, err := locale.Open()
	if err != nil {
		b.Fatal(err)
	}
	p := book.Printer("en", time.Now())
	for b.Loop() {
		_ = p.T("nav.plan")
		_ = p.N("state.brackets", 2)
	}
}
