package plan

import (
	"fmt"
	"strings"
	"testing"

	"entente/act"
	"entente/text"
)

func TestQueries(t *testing.T) {
	for q, want := range map[string]string{
		`one two`:                "one two +",
		`"one two" thr`:          "“one two” thr +",
		`see "one, two" "three"`: "see “one two” “three” ",
		`"not ended two`:         "“not ended two” ",
		`“One  Two”`:             "“one two” ",
		`צה"ל`:                   "צה ל +",
		`"כוחות צה"ל כאנ" ו`:     "“כוחות צה ל כאנ” ו +",
		`""`:                     "",
		`"`:                      "",
	} {
		p := parseQuery(q)
		var got strings.Builder
		for i := 0; i < len(p.words); i++ {
			if !p.words[i].exact {
				fmt.Fprint(&got, p.words[i].word, " ")
				continue
			}
			phrase := []string{p.words[i].word}
			for _, x := range p.phrases {
				if x[0] == p.words[i].word {
					phrase = x
				}
			}
			fmt.Fprintf(&got, "“%s” ", strings.Join(phrase, " "))
			i += len(phrase) - 1
		}
		if p.open {
			got.WriteString("+")
		}
		equal(t, got.String(), want)
	}
}

// TestPhrases finds words that stand side by side, in one text, over punctuation, in three languages.
func TestPhrases(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("C-1", act.Content{Text: en("The Parties shall exchange assessments, in writing.")})
	w.agree("C-2", act.Content{Text: en("Assessments that the Parties exchange shall be in writing.")})
	w.agree("C-3", act.Content{Text: text.Texts{{Lang: "en", Text: "Three."}, {Lang: "he", Text: "הצדדים יחליפו את הדוחות בכתב."}}})
	w.agree("C-4", act.Content{Text: text.Texts{{Lang: "en", Text: "Four."}, {Lang: "he", Text: "את הדוחות יחליפו."}}})
	w.tell(0, act.Remark{Element: "C-2", Sort: act.Comment, Text: en("We said: shall exchange assessments.")})
	w.tell(1, act.Report{Element: "C-4", AsOf: "2018-01-01", Progress: 1, Note: text.Texts{{Lang: "ar", Text: "قدمت التقارير إلى اللجنة"}}})
	s := w.state()
	for q, want := range map[string]string{
		`"shall exchange assessments"`:   "C-1 text, C-2 remark",
		`"exchange assessments in"`:      "C-1 text",
		`"assessments exchange"`:         "",
		`"parties shall" writing`:        "C-1 text",
		`parties exchange`:               "C-1 text, C-2 text",
		`"exchanged assessments"`:        "", // a phrase is as it stands
		`"יחליפו את הדוחות"`:             "C-3 text",
		`"דוחות בכתב"`:                   "C-3 text", // but for what is written on to the front
		`דוח`:                            "C-3 text, C-4 text",
		`"إلى اللجنة"`:                   "C-4 report",
		`"التقارير اللجنة"`:              "",
		`"in writing" "shall exchange"`:  "C-1 text, C-2 text", // one in the text, one in a remark
		`"shall exchange" "assessments"`: "C-1 text, C-2 remark",
	} {
		hits, all := s.Search(q, 0)
		var got []string
		for _, h := range hits {
			got = append(got, string(h.Ref)+" "+h.Where)
			if len(h.Excerpt) == 0 {
				t.Errorf("%s: no excerpt of %s", q, h.Ref)
			}
		}
		equal(t, q+": "+strings.Join(got, ", "), q+": "+want)
		equal(t, all, len(hits))
	}
	hits, _ := s.Search(`"exchange shall be"`, 0)
	equal(t, hits[0].Excerpt, []Piece{{"Assessments that the Parties ", false}, {"exchange", true}, {" ", false}, {"shall", true}, {" ", false}, {"be", true}, {" in writing.", false}})
}

// TestRecordsAreFound: why a text was withdrawn and what was reported is found, and why a passage was
// set aside; what a party said when it left a text stands no more once it holds another.
func TestRecordsAreFound(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("C-1", act.Content{Text: en("One.")})
	w.table(0, "C-1", act.Content{Text: en("Two.")})
	w.tell(0, act.Withdraw{Element: "C-1", Reason: en("It was premature.")})
	w.tell(1, act.Report{Element: "C-1", AsOf: "2018-01-01", Progress: 1, Note: en("Inspectors visited.")})
	w.tell(1, act.Remark{Element: "C-1", Sort: act.Objection, Text: en("We objected on principle.")})
	s := w.state()
	for q, want := range map[string]string{"premature": "reason", "inspector visit": "report", "principles": "remark"} {
		hits, n := s.Search(q, 0)
		if n != 1 || hits[0].Where != want {
			t.Errorf("%s: %d, %+v", q, n, hits)
		}
	}
	w.table(0, "C-1", act.Content{Text: en("Three.")})
	s.Advance()
	if _, n := s.Search("premature", 0); n != 0 {
		t.Error("a reason is found that stands no more")
	}
}

// TestAPhraseIsBounded: of many elements with all the words the first ones are looked at.
func TestAPhraseIsBounded(t *testing.T) {
	w := newWorld(t, 1)
	for i := range maxPhraseLooks + 20 {
		w.agree(act.Ref(fmt.Sprintf("C-%d", i+1)), act.Content{Text: en("Alpha beta.")})
	}
	s := w.state()
	if hits, n := s.Search(`"alpha beta"`, 5); n != maxPhraseLooks || len(hits) != 5 {
		t.Errorf("%d of %d", len(hits), n)
	}
	if _, n := s.Search(`"beta alpha"`, 5); n != 0 {
		t.Error(n)
	}
}

// FuzzQuery: no query breaks anything, and a word finds itself.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{`"a b" c`, `צה"ל "הדוח"`, "التقرير", "\xff\"", "ies es s ה ות ال", strings.Repeat("ab ", 50), "été 統治"} {
		f.Add(q)
	}
	w := newWorld(f, 2)
	w.agree("C-1", act.Content{Text: en("The Parties shall exchange assessments.")})
	s := w.state()
	s.Warm()
	f.Fuzz(func(t *testing.T, q string) {
		s.Search(q, 3)
		for _, word := range split(text.Fold(q)) {
			if !alike(word, word) {
				t.Fatalf("%q does not find itself", word)
			}
		}
	})
}
