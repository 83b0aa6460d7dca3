package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/text"
)

func told(list []Deed) string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s %s", d.Party, d.What))
	}
	return strings.Join(out, ", ")
}

func spansOf(list []LangSpans, l text.Lang) string {
	var b strings.Builder
	for _, x := range list {
		if x.Lang != l {
			continue
		}
		for _, s := range x.Spans {
			fmt.Fprintf(&b, "%s", map[text.Op]string{text.Same: "", text.Cut: "-", text.Put: "+"}[s.Op]+s.Text)
		}
	}
	return b.String()
}

func TestChanged(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("A-1", act.Content{Title: en("Report"), Text: en("The Parties report within sixty days.")})
	w.agree("A-2", act.Content{Title: en("Meet"), Text: en("The Parties meet.")})
	w.table(0, "A-3", act.Content{Title: en("Inspect"), Text: en("The Parties may inspect.")})
	before := w.state().Now()
	w.table(1, "A-3", act.Content{Title: en("Inspect"), Text: en("The Parties shall inspect.")})
	w.table(1, "A-1", act.Content{Title: en("Report"), Text: en("The Parties report within thirty days."), Due: "2018-01-02"})
	w.table(1, "A-1", act.Content{Title: en("Report"), Text: en("The Parties report within forty days."), Due: "2018-01-02"})
	w.tell(0, act.Remark{Element: "A-2", Sort: act.Reservation, Text: en("Not on holidays.")})
	w.tell(0, act.Remark{Element: "A-2", Sort: act.Comment, Text: en("Well.")})
	w.agree("A-4", act.Content{Title: en("Share"), Text: en("The Parties share.")})
	w.table(0, "R-1", round("2017-12-12"))
	sit(w, 0, "R-1", act.RoundOpens)
	w.table(1, "A-3", act.Content{Title: en("Inspect"), Struck: true})
	to := w.state()
	b := to.At(before).Changed(to, BetweenQuery{})
	want := map[act.Ref]string{
		"A-1": "IL reopened, IL reworded", "A-2": "US reserved", "A-3": "IL countered, IL removal",
		"A-4": "US added, IL accepted, US agreed", "R-1": "US added, US opened",
	}
	if b.Total != len(want) || len(b.Rows) != len(want) || b.Cut || b.More {
		t.Fatalf("%d of %d rows", len(b.Rows), b.Total)
	}
	for i, r := range b.Rows {
		if told(r.Deeds) != want[r.Ref] || i > 0 && b.Rows[i-1].Ref.Compare(r.Ref) >= 0 {
			t.Errorf("%s: %s, want %s", r.Ref, told(r.Deeds), want[r.Ref])
		}
	}
	row := b.Rows[0]
	if got := spansOf(row.Text, "en"); got != "The Parties report within -sixty+forty days." {
		t.Errorf("the words: %q", got)
	}
	if !slices.Equal(row.Fields, []string{"due"}) || row.Was != Agreed || row.Status != InBrackets || row.New || row.Brackets[0] != 0 || row.Brackets[1] == 0 {
		t.Errorf("A-1: %+v", row)
	}
	if r := b.Rows[3]; !r.New || r.Status != Agreed || spansOf(r.Text, "en") != "+The Parties share." {
		t.Errorf("A-4: %+v", r)
	}
	if got := fmt.Sprint(b.Sums[0].Deeds); got != "[{added 2} {agreed 1} {opened 1} {reserved 1}]" {
		t.Errorf("US did %s", got)
	}
	if b.From.Agreed != 2 || b.To.Agreed != 3-1 || b.To.Rolling != 3 {
		t.Errorf("from %+v to %+v", b.From, b.To)
	}
	if il := to.At(before).Changed(to, BetweenQuery{Party: "IL"}); il.Total != 3 {
		t.Errorf("IL touched %d", il.Total)
	}
	if none := to.Changed(to.At(before), BetweenQuery{}); none.Total != 0 {
		t.Errorf("backwards: %d", none.Total)
	}
	if fr := to.At(before).Changed(to, BetweenQuery{Party: "FR"}); fr.Total != 0 {
		t.Errorf("of a stranger: %d", fr.Total)
	}
}

// TestChangedAnywhere: between any two cuts, the pages join to the whole, what was adopted is told
// once, and nothing depends on the order in which acts arrived.
func TestChangedAnywhere(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := scramble(t, r)
		s := w.state()
		c := make(Cut, len(w.logs))
		for p := range c {
			c[p] = rapid.IntRange(0, len(w.logs[p].leaves)).Draw(r, "upto")
		}
		c = s.Closed(c)
		then := s.At(c)
		all := then.Changed(s, BetweenQuery{Limit: MaxRows})
		agreed := 0
		for _, x := range all.Rows {
			if x.DeedsAll == 0 || (x.New != (then.Element(x.Ref) == nil)) {
				r.Fatalf("%s is told of for nothing: %+v", x.Ref, x)
			}
			for _, d := range x.Deeds {
				agreed += one(d.What == DidAgree || d.What == DidStrike)
			}
		}
		if want := s.Totals().Rolling - then.Totals().Rolling; agreed != want {
			r.Fatalf("%d adoptions are told, there were %d", agreed, want)
		}
		var rows []ElementChange
		for o := 0; o < all.Total; o += 2 {
			rows = append(rows, then.Changed(s, BetweenQuery{Offset: o, Limit: 2}).Rows...)
		}
		if a, b := asJSON(t, rows), asJSON(t, all.Rows); len(all.Rows) > 0 && a != b {
			r.Fatalf("pages do not join: %s\n%s", a, b)
		}
		again := s.At(c).Changed(s.At(s.Now()), BetweenQuery{Limit: MaxRows})
		if a, b := asJSON(t, again), asJSON(t, all); a != b {
			r.Fatalf("told again, it is another story: %s", firstDifference(a, b))
		}
	})
}

func asJSON(t testing.TB, v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLoad(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("A-1", act.Content{Title: en("Agreed")})
	w.table(0, "A-2", act.Content{Title: en("Inspect"), Text: en("The Parties may inspect every site at any time."), Due: "2018-01-02"})
	w.table(1, "A-2", act.Content{Title: en("Inspect"), Text: en("The Parties shall inspect every site within one day."), Due: "2018-03-04"})
	w.table(0, "C-1", act.Content{Text: en("Each Party [shall] report [by [noon]].\n\nOption 1: Daily.\n\nOption 2: No text.")})
	s := w.state()
	l := s.Load()
	if l.Open != 2 || l.Paragraphs != 3 || l.Agreed != 1 {
		t.Errorf("%+v", l)
	}
	// may, shall, at any time, within one day, and the due date; C-1: what no other party has yet said, and three tabled.
	if got := fmt.Sprint(l.Clauses); got != "[{A-2 action 5 0} {C-1 clause 4 2}]" || l.Brackets != 9 || l.Options != 2 {
		t.Errorf("clauses %s, %d brackets, %d options", got, l.Brackets, l.Options)
	}
	if l.Parties[0].Brackets != 4 || l.Parties[1].Brackets != 3 || l.Parties[0].Turns != 1 || l.Parties[1].Turns != 1 {
		t.Errorf("parties %+v", l.Parties)
	}
	if got := fmt.Sprint(l.Kinds); got != "[{clause 1 4} {action 1 5}]" {
		t.Errorf("kinds %s", got)
	}
	if n := s.Brackets(s.Element("C-1")); n != 4 {
		t.Errorf("C-1 has %d", n)
	}
}

func TestCourse(t *testing.T) {
	w := newWorld(t, 2)
	for i := range MaxCourse {
		ref := act.Ref(fmt.Sprintf("R-%d", i+1))
		w.table(0, ref, round("2017-12-12"))
		sit(w, 0, ref, act.RoundOpens)
		sit(w, 1, ref, act.RoundCloses)
	}
	s := w.state()
	c := s.Course()
	if len(c) != MaxCourse || !c[MaxCourse-1].Now || c[MaxCourse-2].Name != "R-24.closed" || c[0].Name != "R-13.closed" {
		t.Errorf("%d moments, %+v", len(c), c)
	}
	told := s.Retell(c[0].Cut)
	for _, m := range c {
		if !told.Extend(m.Cut) {
			t.Fatalf("%s does not go on from the one before", m.Name)
		}
	}
}
