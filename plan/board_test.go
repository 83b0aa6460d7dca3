package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"entente/act"
)

func boardRefs(b Board) string {
	var out []string
	for _, r := range b.Rows {
		out = append(out, string(r.Ref))
	}
	return strings.Join(out, " ")
}

// boardWorld has of everything that the board tells apart.
func boardWorld(t testing.TB) (*world, int64) {
	w := newWorld(t, 2)
	w.agree("A-1", act.Content{Title: en("Agreed")})
	w.table(1, "A-3", act.Content{Title: en("Theirs"), Text: en("The Parties shall meet.")})
	a2 := w.table(0, "A-2", act.Content{Title: en("Ours"), Text: en("The Parties may meet here, and may report there.")})
	w.table(1, "A-2", act.Content{Title: en("Ours"), Text: en("The Parties shall meet there, and shall report here.")})
	c1 := w.table(0, "C-1", act.Content{Title: en("A clause"), Text: en("Words.")})
	until := w.clock + int64(72*time.Hour/time.Millisecond)
	w.tell(1, act.Table{Element: "A-4", Content: act.Content{Kind: act.Action, Title: en("Silent")}, Until: until})
	w.tell(1, act.Refer{Element: "C-1", Revision: c1, Until: until - 1000, Role: en("Minister")})
	w.tell(0, act.Table{Element: "K-1", Content: act.Content{Kind: act.Package, Title: en("Both"), Contains: []act.Contained{{Element: "A-2", Revision: a2}, {Element: "C-1", Revision: c1}}}, Tied: true})
	return w, until
}

func TestBoard(t *testing.T) {
	w, until := boardWorld(t)
	s := w.state()
	marks := map[act.Ref]Mark{"A-3": {Note: "asked the capital"}, "A-1": {Note: "agreed meanwhile"}, "A-9": {Note: "gone"}}
	now := w.clock
	ask := func(q BoardQuery) Board {
		q.Now, q.Marks = now, marks
		return s.Board(q)
	}
	all := ask(BoardQuery{})
	if boardRefs(all) != "A-2 A-3 A-4 C-1 K-1" || all.Sums.Open != 5 || all.Total != 5 {
		t.Fatalf("%s, %+v", boardRefs(all), all.Sums)
	}
	for _, c := range []struct {
		q    BoardQuery
		want string
	}{
		{BoardQuery{In: InTurn}, "A-2 A-3 A-4"},
		{BoardQuery{In: InTurn, Viewer: 1}, "C-1 K-1"},
		{BoardQuery{In: WithOthers}, "C-1 K-1"},
		{BoardQuery{In: InReferendum}, "C-1"},
		{BoardQuery{In: InPackage}, "A-2 C-1 K-1"},
		{BoardQuery{In: InWaiting}, "A-3"},
		{BoardQuery{Party: "US"}, "A-2 A-3 A-4"},
		{BoardQuery{Party: "FR"}, ""},
		{BoardQuery{Kind: act.Clause}, "C-1"},
		{BoardQuery{Sort: BySince}, "A-3 A-2 C-1 A-4 K-1"},
		{BoardQuery{Sort: ByUntil}, "C-1 A-2 A-3 A-4 K-1"},
		{BoardQuery{Sort: ByBrackets, Limit: 1}, "A-2"},
		{BoardQuery{Offset: 3, Limit: 1}, "C-1"},
		{BoardQuery{In: "nothing of the kind"}, ""},
	} {
		if got := boardRefs(ask(c.q)); got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
	}
	if got := fmt.Sprint(all.Sums.In); got != "[{turn 3} {others 2} {silence 0} {ad-referendum 1} {package 3} {waiting 1} {crossed 0}]" {
		t.Errorf("sums: %s", got)
	}
	if got := fmt.Sprint(all.Sums.Parties); got != "[{US 3} {IL 2}]" {
		t.Errorf("turns: %s", got)
	}
	row := all.Rows[1]
	if row.Waiting == nil || row.Waiting.Note != "asked the capital" || !row.Yours || !slices.Equal(row.In, []string{InTurn, InWaiting}) || row.Since.Party != "IL" {
		t.Errorf("A-3: %+v", row)
	}
	if r := all.Rows[3]; r.ReferUntil != until-1000 || r.Referring != "IL" {
		t.Errorf("C-1: %+v", r)
	}
	now = until
	if got := boardRefs(ask(BoardQuery{In: InReferendum})); got != "" {
		t.Errorf("it has lapsed: %s", got)
	}
}

// TestBoardIsWhole: on any history the board lists what is open, its pages join, and its sums are
// those of the rows.
func TestBoardIsWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := scramble(t, r).state()
		by := rapid.SampledFrom([]string{"", BySince, ByBrackets, ByUntil}).Draw(r, "sort")
		all := s.Board(BoardQuery{Sort: by, Limit: MaxRows})
		if all.Total != len(s.Open()) || len(all.Rows) != all.Total {
			r.Fatalf("%d of %d rows for %d open", len(all.Rows), all.Total, len(s.Open()))
		}
		brackets, turns, ofText, text := 0, 0, 0, 0
		for i, x := range all.Rows {
			brackets += x.Brackets
			turns += one(x.Yours)
			if level(x.Kind) > 0 {
				ofText, text = ofText+x.Brackets, text+1
			}
			if one := s.Board(BoardQuery{Sort: by, Offset: i, Limit: 1}); one.Rows[0].Ref != x.Ref || one.More != (i+1 < all.Total) {
				r.Fatalf("row %d is %s, not %s", i, one.Rows[0].Ref, x.Ref)
			}
		}
		if brackets != all.Sums.Brackets || turns != all.Sums.In[0].Times {
			r.Fatalf("%d brackets and %d turns, the sums say %+v", brackets, turns, all.Sums)
		}
		if l := s.Load(); l.Brackets != ofText || l.Open != text {
			r.Fatalf("the chart counts %d brackets, the board %d", l.Brackets, ofText)
		}
	})
}

func BenchmarkBoard(b *testing.B) {
	w := newWorld(b, 2)
	for i := range 1000 {
		ref := act.Ref(fmt.Sprintf("C-%d", i+1))
		w.table(0, ref, act.Content{Title: en("A clause"), Text: en(fmt.Sprintf("Each Party [may] report within %d days of the entry into force.", i))})
		w.table(1, ref, act.Content{Title: en("A clause"), Text: en(fmt.Sprintf("Each Party shall report within %d months of the entry into force.", i))})
	}
	s := w.state()
	for b.Loop() {
		s.Board(BoardQuery{Sort: BySince})
	}
}

// A text under silence stands on the board with its end, until that has come.
func TestBoardOfSilence(t *testing.T) {
	w, _, until := hushed(t, 2)
	w.table(0, "C-2", act.Content{Text: en("The Parties may meet.")})
	s := w.state()
	b := s.Board(BoardQuery{Now: until - hour, Sort: ByUntil, In: InSilence})
	if len(b.Rows) != 1 || b.Rows[0].Ref != "C-1" || b.Rows[0].SilenceUntil != until || b.Rows[0].Silence == nil {
		t.Errorf("%+v", b.Rows)
	}
	if b := s.Board(BoardQuery{Now: until - hour, Sort: ByUntil}); boardRefs(b) != "C-1 C-2" {
		t.Errorf("first to end: %s", boardRefs(b))
	}
	if b := s.Board(BoardQuery{Now: until, In: InSilence}); b.Total != 0 || b.Sums.In[2].Times != 0 {
		t.Errorf("after its end: %+v", b)
	}
}
