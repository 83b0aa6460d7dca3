package plan

import (
	"strings"
	"testing"

	"entente/act"
	"entente/party"
	"entente/text"
)

// TestCrossedLetters has each side accept the other's text without knowing: neither is adopted,
// and both are told so.
func TestCrossedLetters(t *testing.T) {
	w := newWorld(t, 2)
	a := w.table(0, "C-1", act.Content{Text: en("The Parties may meet.")})
	b := w.table(1, "C-1", act.Content{Text: en("The Parties shall meet.")})
	w.tell(0, act.See{})
	seen := []int{len(w.logs[0].leaves), len(w.logs[1].leaves)}
	w.say(0, act.Accept{Element: "C-1", Revision: b}, seen...)
	w.say(1, act.Accept{Element: "C-1", Revision: a}, seen...)
	s := w.state()
	e := s.Element("C-1")
	if e.Status() != InBrackets || !s.TurnOf(e, 0) || !s.TurnOf(e, 1) {
		t.Errorf("%v, turns %v %v", e.Status(), s.TurnOf(e, 0), s.TurnOf(e, 1))
	}
	for p := range uint8(2) {
		d, _ := s.Dossier("C-1", p)
		if !d.Crossed {
			t.Error("the page does not say that letters crossed")
		}
		for _, c := range d.Choices {
			if c.Act == "accept" {
				t.Error("a text that was left cannot be accepted again")
			}
		}
		equal(t, s.Briefing(BriefingQuery{Viewer: p}).YoursToDecide[0].Crossed, true)
	}
}

func TestTurns(t *testing.T) {
	w := newWorld(t, 3)
	turns := func(want string) {
		t.Helper()
		d, _ := w.state().Dossier("C-1", 0)
		got := ""
		for _, c := range d.TurnOf {
			got += string(c) + " "
		}
		equal(t, strings.TrimSpace(got), want)
	}
	r := w.table(0, "C-1", act.Content{Text: en("One.")})
	turns("IL AU")
	w.tell(1, act.Accept{Element: "C-1", Revision: r})
	turns("AU")
	w.table(2, "C-1", act.Content{Text: en("Two.")})
	turns("US IL")
	w.tell(1, act.Withdraw{Element: "C-1", Reason: en("We reconsider.")})
	turns("US")
	three := w.table(0, "C-1", act.Content{Text: en("Three.")})
	turns("IL AU")
	w.tell(1, act.Accept{Element: "C-1", Revision: three})
	w.tell(2, act.Accept{Element: "C-1", Revision: three})
	turns("")
	d, _ := w.state().Dossier("C-1", 0)
	equal(t, d.Awaiting, []party.Code{"US", "IL"})
	w.tell(0, act.Confirm{Element: "C-1", Revision: three})
	w.tell(1, act.Confirm{Element: "C-1", Revision: three})
	equal(t, w.state().Element("C-1").Status(), Agreed)
	turns("")
}

// TestRemarkOnUnseen keeps apart what a node knows and what the writer of a remark knew.
func TestRemarkOnUnseen(t *testing.T) {
	w := newWorld(t, 2)
	w.table(0, "C-1", act.Content{Text: en("One.")})
	w.say(1, act.Remark{Element: "C-1", Sort: act.Reservation, Text: en("Of what we have not seen.")})
	equal(t, len(w.state().Element("C-1").remarks), 0)
	h := w.tell(1, act.Remark{Element: "C-1", Sort: act.Reservation, Text: en("Only in daylight.")})
	s := w.state()
	d, _ := s.Dossier("C-1", 1)
	equal(t, len(d.Reserved), 1)
	equal(t, d.Stands[1].State, Reserves)
	w.tell(1, act.Remark{Element: "C-1", Sort: act.Comment, Text: en("Lifted."), Lifts: h})
	d, _ = w.state().Dossier("C-1", 1)
	equal(t, len(d.Reserved), 0)
	equal(t, len(d.Remarks), 2)
	equal(t, d.Remarks[0].Lifted, true)
}

func TestStatusFollowsTheText(t *testing.T) {
	w := newWorld(t, 2)
	status := func(want Status) {
		t.Helper()
		equal(t, w.state().Element("C-1").Status(), want)
	}
	w.table(0, "C-1", act.Content{Text: en("One.")})
	status(InBrackets)
	w.tell(0, act.Withdraw{Element: "C-1", Reason: en("No.")})
	status(Withdrawn)
	w.agree("C-1", act.Content{Text: en("Two.")})
	status(Agreed)
	w.tell(1, act.Remark{Element: "C-1", Sort: act.Reservation, Text: en("But.")})
	status(Reserved)
	w.table(1, "C-1", act.Content{Text: en("Three.")})
	status(InBrackets)
	w.agree("C-1", act.Content{Struck: true})
	status(Removed)
	s := w.state()
	equal(t, s.Totals(), Totals{Removed: 1, Rolling: 2})
	equal(t, len(s.Document(DocumentQuery{}).Paragraphs), 0)
	d := s.Document(DocumentQuery{View: ChangesSince, Since: 1})
	equal(t, d.Paragraphs[0].Removed, true)
}

func TestTreeTakesWhatFits(t *testing.T) {
	w := newWorld(t, 1)
	add := func(ref act.Ref, parent act.Ref) { w.table(0, ref, act.Content{Parent: parent, Title: en("T")}) }
	add("A-1.1", "W-1") // before its parent
	add("W-1", "G-1")
	add("G-1", "W-1") // above: as if not named
	add("G-2", "G-1") // no fewer numbers
	add("G-1.1", "G-1")
	add("M-1", "Z-9") // not here
	s := w.state()
	equal(t, rowRefs(s.Outline(OutlineQuery{})), []string{"0 G-1", "1 G-1.1", "1 W-1", "2 A-1.1", "0 G-2", "0 M-1"})
	w.table(0, "W-1", act.Content{Kind: act.Means, Title: en("T")}) // an action cannot stand under means
	s.Advance()
	sound(t, s)
	equal(t, rowRefs(s.Outline(OutlineQuery{})), []string{"0 G-1", "1 G-1.1", "0 G-2", "0 A-1.1", "0 M-1", "0 W-1"})
	equal(t, rowRefs(s.Outline(OutlineQuery{Open: []act.Ref{}})), []string{"0 G-1", "0 G-2", "0 A-1.1", "0 M-1", "0 W-1"})
	equal(t, rowRefs(s.Outline(OutlineQuery{Under: "G-1"})), []string{"1 G-1.1"})
}

func TestNextRef(t *testing.T) {
	w := talks(t)
	s := w.state()
	for _, c := range []struct {
		kind   act.ElementKind
		parent act.Ref
		want   act.Ref
	}{
		{act.Goal, "", "G-3"}, {act.Way, "G-1", "W-1.2"}, {act.Action, "W-1.1", "A-1.1.3"}, {act.Way, "G-2", "W-2.1"},
		{act.Means, "A-1.1.2", "M-1.1.2.1"}, {act.Passage, "S-1", "P-1.4"}, {act.Statement, "", "S-2"}, {act.Clause, "", "C-2"},
		{act.Document, "", "D-1"}, {act.Action, "A-1.1.1.1.1.1", "A-1"}, {0, "", ""}, {act.Way, "G-9", "W-9.1"},
	} {
		equal(t, s.NextRef(c.kind, c.parent), c.want)
	}
}

func TestBracketsOfAPosition(t *testing.T) {
	w := newWorld(t, 2)
	plainOf := func() string {
		d := w.state().Document(DocumentQuery{Langs: []text.Lang{"en"}})
		return text.FormatBrackets(d.Paragraphs[0].Text[0].Segments)
	}
	w.table(0, "C-1", act.Content{Text: en("The Parties may meet.")})
	equal(t, plainOf(), "[US: The Parties may meet.]")
	w.table(1, "C-1", act.Content{Text: en("The Parties shall meet.")})
	equal(t, plainOf(), "The Parties [US: may] [IL: shall] meet.")
	w.agree("C-1", act.Content{Text: en("The Parties will meet.")})
	equal(t, plainOf(), "The Parties will meet.")
	w.table(1, "C-1", act.Content{Struck: true})
	equal(t, plainOf(), "[US: The Parties will meet.]")
	w.table(1, "C-1", act.Content{Text: en("The Parties will meet."), Due: "2018-01-01"})
	equal(t, plainOf(), "The Parties will meet.")
	s := w.state()
	equal(t, s.Brackets(s.Element("C-1")), 1)
	d, _ := s.Dossier("C-1", 0)
	equal(t, d.Differences, []Difference{{"due", []Value{{[]party.Code{"US"}, ""}, {[]party.Code{"IL"}, "2018-01-01"}}}})
	equal(t, d.Positions[1].Changed, []string{"due"})
}

func TestBehind(t *testing.T) {
	w := newWorld(t, 2)
	both := func(e, h string) act.Content { return act.Content{Text: en(e).With("he", h)} }
	one := w.agree("C-1", both("One.", "אחת."))
	c := both("Two.", "אחת.")
	c.Follows = []act.Following{{Lang: "he", Revision: one}}
	two := w.table(0, "C-1", c)
	p := w.state().Document(DocumentQuery{}).Paragraphs[0]
	equal(t, []bool{p.Text[0].Behind, p.Text[1].Behind}, []bool{false, true})
	equal(t, []act.Hash{p.Text[1].Of.ID, p.Text[1].Follows.ID}, []act.Hash{two, one})
	w.table(1, "C-1", both("Only the English was wrong.", "אחת."))
	w.tell(0, act.Withdraw{Element: "C-1", Reason: en("Yes.")})
	equal(t, w.state().Document(DocumentQuery{}).Paragraphs[0].Text[1].Behind, false)
}

func TestNews(t *testing.T) {
	w := talks(t)
	s := w.state()
	var what []string
	for _, n := range s.Briefing(BriefingQuery{Viewer: 0}).WorthYourEye {
		what = append(what, n.What)
	}
	equal(t, what, []string(nil))
	w.tell(1, act.Remark{Element: "G-1", Sort: act.Objection, Text: en("No.")})
	w.tell(1, act.Withdraw{Element: "A-1.1.2", Reason: en("Later.")})
	w.say(0, act.Accept{Element: "G-1", Revision: act.Hash{1}})
	b := w.state().Briefing(BriefingQuery{Viewer: 0, Today: "2017-12-20"})
	for _, n := range b.WorthYourEye {
		what = append(what, n.What+" "+string(n.Ref))
	}
	equal(t, what, []string{"withdrawn A-1.1.2", "objected G-1", "void G-1"})
	equal(t, b.YoursAll, 1) // the other side has withdrawn its text and left the next word to us
	equal(t, b.OthersAll, 0)
	equal(t, b.YoursToDecide[0].Move, "withdrawn")
	passages := w.state().Outline(OutlineQuery{Kind: act.Passage})
	equal(t, rowRefs(passages), []string{"1 P-1.1", "1 P-1.2", "1 P-1.3"})
	equal(t, len(b.Dates), 1)
	equal(t, b.StateOfText.Headings[0].Marks, []string{MarkAgreed, MarkAgreed, MarkAgreed, MarkBracket})
	equal(t, b.StateOfText.Headings[2].Of, 1)
}

func TestStepThroughBrackets(t *testing.T) {
	w := talks(t)
	w.table(1, "C-1", act.Content{Text: en("Otherwise.")})
	s := w.state()
	equal(t, []act.Ref{s.NextOpen("", false), s.NextOpen("C-1", false), s.NextOpen("A-1.1.2", false), s.NextOpen("C-1", true), s.NextOpen("G-2", true)},
		[]act.Ref{"C-1", "A-1.1.2", "C-1", "A-1.1.2", "A-1.1.2"})
	d := s.Document(DocumentQuery{At: "A-1.1.1"})
	equal(t, d.Paragraphs[1].Bracket, 2)
	equal(t, d.Paragraphs[1].Number, 5)
}

func TestGaps(t *testing.T) {
	g := talks(t).state().Gaps()
	equal(t, []int{g.NoLeadAll, g.NoDueAll, g.NoMeansAll, g.NoWayAll, g.NoPassageAll}, []int{1, 0, 2, 1, 1})
}
