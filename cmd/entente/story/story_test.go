package story

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entente/text"
)

//go:embed testdata/statements.txt
var statements string

func load(t testing.TB, name string) *Story {
	t.Helper()
	s, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNames(t *testing.T) {
	if got := Names(); !slices.Equal(got, []string{"cholera", "washington"}) {
		t.Errorf("the stories are %v", got)
	}
	if _, err := Load("vienna"); err == nil || !strings.Contains(err.Error(), "cholera, washington") {
		t.Errorf("an unknown story: %v", err)
	}
}

// The numbers that a reader of the demonstration is promised.
func TestWashingtonCounts(t *testing.T) {
	s := load(t, "washington")
	if len(s.Groups) != 5 || len(s.Parties) != 2 {
		t.Errorf("%d groups and %d parties", len(s.Groups), len(s.Parties))
	}
	n := s.Tally(false)
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"elements", n.Elements, 102}, {"statements", n.Statements, 2}, {"passages", n.Passages, 13},
		{"passages set aside", n.Aside, 5}, {"passages with neither goal nor reason", n.Unanswered, 1},
		{"goals", n.Goals, 4}, {"goals without a passage", n.Unfounded, 1}, {"paragraphs", n.Paragraphs, 60},
		{"agreed", n.Agreed, 47}, {"in brackets", n.Brackets, 8}, {"waiting", n.Waiting, 4},
		{"withdrawn", n.Withdrawn, 1}, {"reserved", n.Reserved, 2}, {"amended", n.Amended, 1},
		{"supported and not led", n.NoLead, 0}, {"ways", n.PerKind["way"], 10}, {"actions", n.PerKind["action"], 23},
		{"means", n.PerKind["means"], 8}, {"clauses", n.PerKind["clause"], 15}, {"packages", n.PerKind["package"], 1}, {"rounds", n.PerKind["round"], 2},
		{"agreements", n.PerKind["agreement"], 1}, {"obligations", n.PerKind["obligation"], 16}, {"assessments", n.PerKind["assessment"], 2},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", c.what, c.got, c.want)
		}
	}
	if n.Elements < 45 || n.Brackets < 7 {
		t.Error("fewer than the demonstration promises: 45 elements, 7 paragraphs in brackets")
	}
	if end := s.Tally(true); end.Brackets+end.Waiting != 0 || end.Agreed != end.Paragraphs-end.Withdrawn || end.Withdrawn != 2 {
		t.Errorf("at the end: %+v", end)
	}
}

func TestCholeraCounts(t *testing.T) {
	s := load(t, "cholera")
	if len(s.Groups) != 2 || len(s.Parties) != 4 {
		t.Errorf("%d groups and %d parties", len(s.Groups), len(s.Parties))
	}
	n := s.Tally(false)
	if n.Paragraphs != 34 || n.Brackets != 4 || n.Reserved != 1 || n.Withdrawn != 1 || n.Amended != 1 || n.NoLead != 1 || n.Unfounded != 1 || n.Aside != 1 {
		t.Errorf("counts: %+v", n)
	}
	if end := s.Tally(true); end.Brackets+end.Waiting+end.NoLead != 0 || end.Agreed != end.Paragraphs-end.Withdrawn {
		t.Errorf("at the end: %+v", end)
	}
}

// The paragraph that the pictures and the guide speak of.
func TestExchangeOfAssessments(t *testing.T) {
	s := load(t, "washington")
	tab := newTable(s)
	for i := range s.Steps {
		tab.play(&s.Steps[i])
	}
	e := tab.elements["A-1.1.2"]
	if e == nil || !e.rival() || e.revisions != 4 || e.position["US"] != 3 || e.position["IL"] != 4 {
		t.Fatalf("A-1.1.2 is %+v", e)
	}
	if got, _ := e.content.Title.Get("en"); got != "Exchange of assessments" {
		t.Errorf("its title is %q", got)
	}
}

// Statements are quoted as they were published, whole sentences and unchanged.
func TestStatementsAreVerbatim(t *testing.T) {
	for _, step := range load(t, "washington").Steps {
		if step.Act != Table || step.Content.Kind != "statement" {
			continue
		}
		for i, p := range step.Content.Body {
			if en, _ := p.Get("en"); !strings.Contains(statements, en) {
				t.Errorf("%s, paragraph %d is not as published: %q", step.Element, i+1, en)
			}
		}
	}
}

// The reporter and the officials named in the press carry no act.
func TestProvenance(t *testing.T) {
	for _, name := range Names() {
		s := load(t, name)
		for _, step := range slices.Concat(s.Steps, s.Settle) {
			if step.Act != Table {
				continue
			}
			en, _ := step.Content.Source.Get("en")
			if !regexp.MustCompile(`(?i)\breported\b|\binvented\b|public (text|domain)`).MatchString(en) {
				t.Errorf("%s, %s: the source does not say what is reported or invented: %q", name, step.Element, en)
			}
		}
		for _, p := range s.Parties {
			for _, person := range p.People {
				if n, _ := person.Name.Get("en"); strings.Contains(n, "McMaster") || strings.Contains(n, "Shabbat") {
					t.Errorf("%s: %s is a real person and takes no part", name, n)
				}
			}
		}
	}
}

var numbers = regexp.MustCompile(`[0-9]+(\.[0-9]+)*`)

// The versions of a text name the same numbers: a cheap test that they say the same.
func TestLanguagesNameTheSameNumbers(t *testing.T) {
	for _, name := range Names() {
		s := load(t, name)
		each := func(where string, of text.Texts) {
			var first []string
			for i, v := range of {
				got := numbers.FindAllString(v.Text, -1)
				slices.Sort(got)
				if i == 0 {
					first = got
				} else if !slices.Equal(first, got) {
					t.Errorf("%s, %s: %s names %v and %s names %v", name, where, of[0].Lang, first, v.Lang, got)
				}
			}
		}
		each("notice", s.Notice)
		for _, g := range s.Groups {
			each("terms", g.Terms)
		}
		for _, step := range slices.Concat(s.Steps, s.Settle) {
			each(step.Element, step.Text)
			if c := step.Content; c != nil {
				for _, of := range []text.Texts{c.Title, c.Text, c.Source, c.Aside, c.Unit} {
					each(step.Element, of)
				}
			}
		}
	}
}

// A party that counters changes something, and in every language or in none.
func TestCountersDiffer(t *testing.T) {
	for _, name := range Names() {
		s := load(t, name)
		last := map[string]*Content{}
		for _, step := range slices.Concat(s.Steps, s.Settle) {
			if step.Act != Table {
				continue
			}
			if was := last[step.Element]; was != nil {
				changed := 0
				for i := range was.Text {
					changed += one(was.Text[i].Text != step.Content.Text[i].Text)
				}
				if changed != 0 && changed != len(s.Languages) {
					t.Errorf("%s: %s changes %d of %d languages", name, step.Element, changed, len(s.Languages))
				}
				if changed == 0 && slices.Equal(was.Lead, step.Content.Lead) {
					t.Errorf("%s: %s is tabled again without a change", name, step.Element)
				}
			}
			last[step.Element] = step.Content
		}
	}
}

func TestEveryGoalIsServed(t *testing.T) {
	for _, name := range Names() {
		s := load(t, name)
		served := map[string]bool{}
		for _, step := range s.Steps {
			if step.Act == Table && step.Content.Kind == "way" {
				served[step.Content.Parent] = true
			}
		}
		for _, step := range s.Steps {
			if step.Act == Table && step.Content.Kind == "goal" && !served[step.Element] {
				t.Errorf("%s: nothing serves %s", name, step.Element)
			}
		}
	}
}
