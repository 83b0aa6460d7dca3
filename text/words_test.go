package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ s, want string }{
		{"", ""},
		{"within thirty (30) days.", "within| |thirty| |(|30|)| |days|."},
		{"twenty-one days' notice", "twenty-one| |days|'| |notice"},
		{"l’accord n'est", "l’accord| |n'est"},
		{"3.67 % of 1,000; 12/12/2017, 18:00.", "3.67| |%| |of| |1,000|;| |12/12/2017|,| |18:00|."},
		{"and/or A 1.1.2", "and|/|or| |A| |1.1.2"},
		{"co‐operation — now", "co‐operation| |—| |now"},
		{"a  b\n\n\tc", "a|  |b|\n|\n|\t|c"},
		{"[US: may]", "[|US|:| |may|]"},
		{"ארבעה־עשר (14) ימים", "ארבעה־עשר| |(|14|)| |ימים"},
		{"צה\"ל, ארה״ב; ג׳ורג׳.", "צה\"ל|,| |ארה״ב|;| |ג׳ורג|׳|."},
		{"הוא אמר \"כן\" ויצא", "הוא| |אמר| |\"|כן|\"| |ויצא"},
		{"בְּרֵאשִׁית בָּרָא", "בְּרֵאשִׁית| |בָּרָא"},
		{"الأطراف، تتبادل؛ نعم؟", "الأطراف|،| |تتبادل|؛| |نعم|؟"},
		{"لمّا كان", "لمّا| |كان"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"क्षि नहीं।", "क्षि| |नहीं|।"},
		{"日本語。かな", "日|本|語|。|か|な"},
		{"한국어 말", "한국어| |말"},
		{"don't-", "don't|-"},
		{"a\xFFb", "a|\xFF|b"},
	} {
		var got []string
		for _, w := range Words(c.s) {
			got = append(got, w.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("Words(%q)\n got %s\nwant %s", c.s, strings.Join(got, "|"), c.want)
		}
	}
}

func TestWordKinds(t *testing.T) {
	want := map[string]Kind{"may": Word, " ": Space, "\n": Space, ",": Mark, "30": Word, "־": Mark, "語": Word, "ימים": Word}
	for s, kind := range want {
		if got := Words(s); len(got) != 1 || got[0].Kind != kind {
			t.Errorf("%q is %v, want kind %d", s, got, kind)
		}
	}
}

// joined puts tokens together again.
func joined(tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Text)
	}
	return b.String()
}

func TestWordsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { wordsHold(t, someText().Draw(t, "s")) })
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "a b", "twenty-one", "צה\"ל", "a\xFF", "می\u200cخواهم", "\u0301a", "日本", "--a--"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { wordsHold(t, s) })
}

// wordsHold checks what is true of the tokens of any text.
func wordsHold(t interface{ Fatalf(string, ...any) }, s string) {
	tokens := Words(s)
	if joined(tokens) != s {
		t.Fatalf("the words of %q are joined %q", s, joined(tokens))
	}
	for _, w := range tokens {
		if w.Text == "" {
			t.Fatalf("%q has an empty token", s)
		}
		if again := Words(w.Text); Check(s) == nil && (len(again) != 1 || again[0].Kind != w.Kind) {
			t.Fatalf("%q: the token %q is cut again: %v", s, w.Text, again)
		}
	}
}
