package plan

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"entente/act"
	"entente/flat"
)

// watched is a world with an agreement, two obligations and a programme.
func watched(t *testing.T) *world {
	w := newWorld(t, 2)
	w.table(0, "O-2", act.Content{Kind: act.Obligation, Parent: "T-1", Text: en("None."), Watch: &act.Watch{}})
	w.table(0, "T-1", act.Content{Kind: act.Agreement, Title: en("The agreement")})
	w.table(1, "O-1", act.Content{Kind: act.Obligation, Parent: "T-1", Text: en("At most 130 tonnes."),
		Watch: &act.Watch{Quantity: "stock", Unit: "t", Rule: "stock.latest() <= 130.0"}})
	w.table(1, "F-1", act.Content{Kind: act.Programme, Title: en("The precision project")})
	w.table(0, "H-1", act.Content{Kind: act.Hypothesis, Parent: "F-1", Text: en("It is for show.")})
	w.table(0, "V-1", act.Content{Kind: act.Assessment, Parent: "O-1", Text: en("It is kept."), Judgement: &act.Judgement{Verdict: act.Within, AsOf: "2017-12-01"}})
	w.table(0, "V-2", act.Content{Kind: act.Assessment, Parent: "H-1", Text: en("It is likely."), Judgement: &act.Judgement{Likelihood: act.Likely, AsOf: "2017-12-01"}})
	return w
}

func observation(value string) act.Report {
	return act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Report"}}, Readings: []act.Reading{{Quantity: "stock", Value: value, Unit: "t", AsOf: "2017-12-01"}}}
}

func inOrder(list []*Element) string {
	var out []string
	for _, e := range list {
		out = append(out, string(e.Ref()))
	}
	return strings.Join(out, " ")
}

// TestWhereWhatIsWatchedStands: obligations stand under their agreement, wherever they were tabled
// first, and nothing of it is a paragraph of the plan.
func TestWhereWhatIsWatchedStands(t *testing.T) {
	s := watched(t).state()
	for _, c := range []struct {
		under act.Ref
		want  string
	}{{"", "T-1 F-1"}, {"T-1", "O-1 O-2"}, {"O-1", "V-1"}, {"F-1", "H-1"}, {"H-1", "V-2"}} {
		if got := inOrder(s.Children(c.under)); got != c.want {
			t.Errorf("under %q stand %s; want %s", c.under, got, c.want)
		}
	}
	if got := inOrder(s.Agreements()); got != "T-1 F-1" {
		t.Errorf("the agreements are %s", got)
	}
	if n := s.Totals().Elements; n != 0 {
		t.Errorf("the plan has %d paragraphs; want none", n)
	}
	for _, c := range []struct {
		kind act.ElementKind
		want string
	}{{act.Obligation, "O-1 O-2"}, {act.Assessment, "V-1 V-2"}, {act.Hypothesis, "H-1"}, {act.Agreement, "T-1"}} {
		var got []string
		for _, r := range s.Outline(OutlineQuery{Kind: c.kind}).Rows {
			got = append(got, string(r.Ref))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("of the kind %s there are %v; want %s", c.kind, got, c.want)
		}
	}
}

// TestAccounts: observations, verdicts and disputes are told in causal order, from a snapshot too, and
// nothing that its writer had not seen tabled.
func TestAccounts(t *testing.T) {
	w := watched(t)
	w.say(1, observation("1"))
	w.tell(0, observation("2"))
	w.tell(1, act.Attest{Element: "T-1", On: "2017-12-02", Digest: act.Hash{1}})
	w.tell(0, act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-12-03", Text: en("It was passed.")})
	w.tell(0, act.Report{Element: "O-1", AsOf: "2017-12-03", Progress: act.Underway, Note: en("Going on.")})
	s := w.state()
	kinds := func(s *State, ref act.Ref) (out []string) {
		for _, p := range s.Accounts(ref) {
			out = append(out, s.Act(p).Body.Kind().String())
		}
		return out
	}
	if got := kinds(s, "T-1"); !slices.Equal(got, []string{"report", "report", "attest"}) {
		t.Errorf("of the agreement there is told %v", got)
	}
	if got := kinds(s, "O-1"); !slices.Equal(got, []string{"dispute"}) {
		t.Errorf("of the obligation there is told %v", got)
	}
	if first, _ := s.Act(s.Accounts("T-1")[0]).Body.(act.Report); first.Readings[0].Value != "1" {
		t.Errorf("the first is %v", first)
	}
	d, _ := s.Dossier("O-1", 0)
	if len(d.Reports) != 1 || d.Reports[0].Progress != act.Underway {
		t.Errorf("the progress is %v", d.Reports)
	}
	again, err := Restore(w.charter, w, flat.NewReader(snapshotOf(s)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Accounts("T-1"), s.Accounts("T-1")) || !slices.Equal(again.Accounts("O-1"), s.Accounts("O-1")) || !bytes.Equal(snapshotOf(again), snapshotOf(s)) {
		t.Error("a snapshot tells otherwise")
	}
	early := newWorld(t, 2)
	early.table(0, "T-1", act.Content{Kind: act.Agreement, Title: en("The agreement")})
	early.say(1, observation("1"))
	if got := early.state().Accounts("T-1"); len(got) != 0 {
		t.Errorf("what was said of an agreement that was not known is told: %v", got)
	}
}

// TestRulesThatDiffer: two parties' texts that differ only in the rule differ on the page.
func TestRulesThatDiffer(t *testing.T) {
	w := watched(t)
	w.table(0, "O-1", act.Content{Kind: act.Obligation, Parent: "T-1", Text: en("At most 130 tonnes."),
		Watch: &act.Watch{Quantity: "stock", Unit: "t", Rule: "stock.latest() <= 120.0", Grade: act.Grade{Source: 'B', Info: 2}, From: "2016-01-16"}})
	d, _ := w.state().Dossier("O-1", 0)
	var got []string
	for _, x := range d.Differences {
		got = append(got, x.Field)
	}
	if strings.Join(got, " ") != "rule applies grade" {
		t.Errorf("they differ in %v", got)
	}
}
