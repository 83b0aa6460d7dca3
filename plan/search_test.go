package plan

import (
	"fmt"
	"sync"
	"testing"

	"entente/act"
)

func refsOf(hits []Hit) []act.Ref {
	out := []act.Ref{}
	for _, h := range hits {
		out = append(out, h.Ref)
	}
	return out
}

func TestSearch(t *testing.T) {
	w := talks(t)
	s := w.state()
	for _, c := range []struct {
		q     string
		limit int
		want  []act.Ref
		all   int
	}{
		{"", 0, []act.Ref{}, 0},
		{"nothing-here", 0, []act.Ref{}, 0},
		{"exchange ASSESSMENTS", 0, []act.Ref{"A-1.1.2"}, 1},
		{"fourteen", 0, []act.Ref{"A-1.1.2"}, 1}, // held by one side only
		{"thirty", 0, []act.Ref{"A-1.1.2"}, 1},
		{"thirty fourteen", 0, []act.Ref{"A-1.1.2"}, 1},
		{"thirty read", 0, []act.Ref{}, 0},
		{"parties", 2, []act.Ref{"C-1", "G-1"}, 4},
		{"part", 0, []act.Ref{"C-1", "G-1", "G-2", "W-1.1"}, 4},
		{"part shall", 0, []act.Ref{}, 0}, // only the last word by its beginning
		{"parties verif", 0, []act.Ref{"W-1.1"}, 1},
		{"a 1.1.2", 0, []act.Ref{"A-1.1.2"}, 1},
		{"A-1.1.2", 0, []act.Ref{"A-1.1.2"}, 1},
	} {
		hits, all := s.Search(c.q, c.limit)
		equal(t, fmt.Sprint(c.q, refsOf(hits), all), fmt.Sprint(c.q, c.want, c.all))
	}
}

// TestSearchFollows changes the plan under an index that was made before.
func TestSearchFollows(t *testing.T) {
	w := talks(t)
	s := w.state()
	s.Warm()
	w.tell(0, act.Remark{Element: "G-2", Sort: act.Comment, Text: en("A peculiar remark.")})
	for i := range 9 {
		w.agree(act.Ref(fmt.Sprintf("C-%d", 9-i+1)), act.Content{Text: en("A peculiar clause.")})
	}
	s.Advance()
	hits, all := s.Search("peculiar", 4)
	equal(t, refsOf(hits), []act.Ref{"C-2", "C-3", "C-4", "C-5"})
	equal(t, all, 10)
	equal(t, hits[0].Excerpt, []Piece{{"A ", false}, {"peculiar", true}, {" clause.", false}})
	r := w.table(0, "C-3", act.Content{Text: en("An ordinary clause.")})
	s.Advance()
	if _, all = s.Search("peculiar", 4); all != 10 {
		t.Errorf("while the new text is open the old one is still found: %d", all)
	}
	w.tell(1, act.Accept{Element: "C-3", Revision: r})
	w.tell(0, act.Confirm{Element: "C-3", Revision: r})
	s.Advance()
	if _, all = s.Search("peculiar", 4); all != 9 {
		t.Errorf("a text that is no longer in force is found: %d", all)
	}
	fresh := w.state()
	for _, q := range []string{"peculiar", "clause", "c", "the parties"} {
		a, n := s.Search(q, 50)
		b, m := fresh.Search(q, 50)
		equal(t, a, b)
		equal(t, n, m)
	}
}

// TestReadersTogether has many read at once what is made at the first reading.
func TestReadersTogether(t *testing.T) {
	s := talks(t).state()
	want := pages(t, talks(t).state())
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if got := pages(t, s); got != want {
				t.Error("a reader saw something else: " + firstDifference(got, want))
			}
		})
	}
	wait.Wait()
}

// TestSearchWhileTheIndexIsMade: an element that changes while the index is half made is found by
// its new words and by no old ones.
func TestSearchWhileTheIndexIsMade(t *testing.T) {
	w := newWorld(t, 2)
	for i, words := range []string{"Alpha.", "Beta.", "Gamma."} {
		w.agree(act.Ref(fmt.Sprintf("C-%d", i+1)), act.Content{Text: en(words)})
	}
	s := w.state()
	if s.WarmSome(1) {
		t.Fatal("three elements were entered in a step of one")
	}
	w.agree("C-1", act.Content{Text: en("Delta.")})
	w.agree("C-3", act.Content{Text: en("Zeta.")})
	w.agree("C-4", act.Content{Text: en("Epsilon.")})
	s.Advance()
	for !s.WarmSome(1) {
	}
	for word, want := range map[string]int{"Alpha": 0, "Beta": 1, "Gamma": 0, "Delta": 1, "Zeta": 1, "Epsilon": 1} {
		if _, n := s.Search(word, 10); n != want {
			t.Errorf("%s: %d found, want %d", word, n, want)
		}
	}
}
