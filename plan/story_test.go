package plan

import (
	"testing"

	"entente/act"
	"entente/party"
)

// talks is a small plan in the middle of being negotiated.
func talks(t testing.TB) *world {
	w := newWorld(t, 2)
	w.agree("S-1", act.Content{Title: en("Address"), Text: en("First, we will work.\n\nSecond, freedom of navigation.\n\nThird, deny all paths.")})
	w.agree("P-1.1", act.Content{Parent: "S-1", Paragraph: 3, Quote: "deny all paths"})
	w.agree("P-1.2", act.Content{Parent: "S-1", Paragraph: 2, Quote: "freedom of navigation"})
	w.agree("P-1.3", act.Content{Parent: "S-1", Paragraph: 1, Quote: "we will work", Aside: en("No aim.")})
	w.agree("G-1", act.Content{Title: en("Block any path"), Text: en("The Parties shall block any path."), Cites: []act.Ref{"P-1.1"}})
	w.agree("G-2", act.Content{Title: en("Counter other activity"), Text: en("The Parties shall counter other activity.")})
	w.agree("W-1.1", act.Content{Parent: "G-1", Title: en("Verify"), Text: en("The Parties shall verify.")})
	w.agree("A-1.1.1", act.Content{Parent: "W-1.1", Title: en("Joint reading"), Text: en("They shall read together."), Lead: []party.Code{"US"}, Due: "2018-02-22"})
	w.agree("C-1", act.Content{Title: en("Object"), Text: en("The Parties see eye to eye.")})
	w.table(0, "A-1.1.2", act.Content{Parent: "W-1.1", Title: en("Exchange"), Text: en("They shall exchange their assessments within thirty (30) days."), Due: "2017-12-19"})
	w.table(1, "A-1.1.2", act.Content{Parent: "W-1.1", Title: en("Exchange"), Text: en("They shall exchange their assessments within fourteen (14) days."), Due: "2017-12-20"})
	return w
}

func TestTalks(t *testing.T) {
	w := talks(t)
	s := w.state()
	if _, n := s.Voids(10); n != 0 {
		v, _ := s.Voids(10)
		t.Fatalf("void entries: %+v", v)
	}
	o := s.Outline(OutlineQuery{})
	var refs []act.Ref
	for _, r := range o.Rows {
		refs = append(refs, r.Ref)
	}
	equal(t, refs, []act.Ref{"C-1", "G-1", "W-1.1", "A-1.1.1", "A-1.1.2", "G-2"})
	equal(t, o.Total, 6)
	equal(t, o.Totals, Totals{Elements: 6, Agreed: 5, InBrackets: 1, Rolling: 9})
	d, ok := s.Dossier("A-1.1.2", 0)
	if !ok || !d.Turn || len(d.Positions) != 2 || d.LastMoveIs != "countered" {
		t.Fatalf("%+v", d)
	}
	equal(t, d.Brackets, 3) // two readings of the text, and the date
	equal(t, d.Number, 5)
	equal(t, len(d.Moves), 1)
	equal(t, s.Briefing(BriefingQuery{Viewer: 0}).YoursAll, 1)
	equal(t, s.Briefing(BriefingQuery{Viewer: 1}).OthersAll, 1)
	c, ok := s.Coverage("S-1")
	if !ok {
		t.Fatal("no coverage")
	}
	equal(t, c.Counts, Counts{Passages: 3, Leads: 1, Aside: 1, Uncovered: 1})
	equal(t, []int{c.GoalsAll, c.WithPassage, c.WithoutOne}, []int{2, 1, 1})
}
