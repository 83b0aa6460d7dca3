package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLanguages(t *testing.T) {
	all := AllLangs()
	for i, l := range all {
		if i > 0 && all[i-1] >= l {
			t.Errorf("%s stands after %s", l, all[i-1])
		}
		if len(l) < 2 || len(l) > 3 || strings.ToLower(string(l)) != string(l) {
			t.Errorf("%q is not two or three lower-case letters", l)
		}
		if got, err := ParseLang(string(l)); got != l || err != nil {
			t.Errorf("ParseLang(%q) = %q, %v", l, got, err)
		}
		if l.Autonym() == "" || Check(l.Autonym()) != nil {
			t.Errorf("%s: the autonym %q is not a text: %v", l, l.Autonym(), Check(l.Autonym()))
		}
	}
	for _, bad := range []string{"", "EN", "en-US", "xx", "english", "e", "he ", "iw"} {
		if l, err := ParseLang(bad); err == nil {
			t.Errorf("ParseLang(%q) = %q, want an error", bad, l)
		}
	}
	for l, dir := range map[Lang]string{"he": "rtl", "ar": "rtl", "fa": "rtl", "yi": "rtl", "en": "ltr", "fr": "ltr", "zz": "ltr"} {
		if l.Dir() != dir || l.RTL() != (dir == "rtl") {
			t.Errorf("%s runs %s", l, l.Dir())
		}
	}
	if got := Lang("he").Autonym(); got != "עברית" {
		t.Errorf("autonym of he is %q", got)
	}
	if got := Lang("zz").Autonym(); got != "zz" {
		t.Errorf("autonym of zz is %q", got)
	}
}

func TestTexts(t *testing.T) {
	var none Texts
	one := none.With("he", "שלום")
	two := one.With("en", "Peace")
	if len(one) != 1 || len(two) != 2 || two[0].Lang != "en" || two[1].Lang != "he" {
		t.Fatalf("one %v, two %v", one, two)
	}
	if s, ok := two.Get("he"); s != "שלום" || !ok {
		t.Errorf("Get(he) = %q, %v", s, ok)
	}
	if _, ok := one.Get("en"); ok {
		t.Error("With changed the texts it was called on")
	}
	if got := two.With("en", "Quiet"); got[0].Text != "Quiet" || two[0].Text != "Peace" {
		t.Errorf("With replaced into %v, leaving %v", got, two)
	}
	if got := two.With("en", ""); !got.Equal(one) {
		t.Errorf("With(en, \"\") = %v", got)
	}
	if got := one.With("he", ""); got != nil {
		t.Errorf("taking out the last version leaves %v", got)
	}
	if got := none.With("en", ""); got != nil {
		t.Errorf("taking out nothing leaves %v", got)
	}
	if got := two.Best("fr", "he", "en"); got.Lang != "he" {
		t.Errorf("Best = %v", got)
	}
	if got := two.Best("fr"); got.Lang != "en" {
		t.Errorf("Best of a language that is not there = %v", got)
	}
	if got := none.Best("fr"); got != (Version{}) {
		t.Errorf("Best of nothing = %v", got)
	}
	if !two.Equal(one.With("en", "Peace")) || two.Equal(one) {
		t.Error("Equal is wrong")
	}
}

func TestTextsCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		t    Texts
		want string // part of the error; "" for none
	}{
		{"none", nil, ""},
		{"two", Texts{{"en", "a"}, {"he", "א"}}, ""},
		{"order", Texts{{"he", "א"}, {"en", "a"}}, "order"},
		{"twice", Texts{{"en", "a"}, {"en", "a"}}, "each once"},
		{"unknown", Texts{{"xx", "a"}}, "not one that this program knows"},
		{"empty", Texts{{"en", ""}}, "empty"},
		{"forbidden", Texts{{"en", "a"}, {"he", "א\u202E"}}, "he version: U+202E at byte 2"},
	} {
		err := c.t.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestTextsProperty: whatever is put in, in any order, stands in order and can
// be got out again.
func TestTextsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := map[Lang]string{}
		var texts Texts
		for range rapid.IntRange(0, 12).Draw(t, "puts") {
			l := rapid.SampledFrom(AllLangs()[:6]).Draw(t, "lang")
			s := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "text")
			texts = texts.With(l, s)
			want[l] = s
		}
		if err := texts.Check(); err != nil {
			t.Fatal(err)
		}
		for l, s := range want {
			if got, ok := texts.Get(l); got != s || ok != (s != "") {
				t.Fatalf("%s: %q, %v; want %q", l, got, ok, s)
			}
		}
	})
}
