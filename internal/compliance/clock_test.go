package compliance

import (
	"testing"

	"entente/act"
	"entente/plan"
)

// disputed is a world with a dispute about heavy water that began on 1 March 2017.
func disputed(t testing.TB) (*world, act.Hash) {
	w := under(t, heavyWater())
	w.observe(0, "T-1", "heavy_water", "t", read{"2017-02-20", "116", nil})
	id := w.tell(0, act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-03-01", By: en("France"), Text: en("We hold that the limit was passed.")})
	return w, id
}

// stage is what a stage should be on some day.
type stage struct {
	start, end act.Date
	state      string
	left       int
}

func stagesOn(t *testing.T, w *world, on act.Date) []stage {
	t.Helper()
	p := w.state()
	d := NewBook(p).Disputes(p, Today(on))
	if len(d) != 1 {
		t.Fatalf("%d disputes on %s", len(d), on)
	}
	var out []stage
	for _, s := range d[0].Stages {
		out = append(out, stage{s.Start, s.End, s.State, s.Left})
	}
	return out
}

func compareStages(t *testing.T, on act.Date, got, want []stage) {
	t.Helper()
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("stage %d on %s: %+v, want %+v", i+1, on, got[i], want[i])
		}
	}
}

// TestTheClockOfADispute follows the procedure of 15, 15 beside 15, 5 and 30 days: 65 in all.
func TestTheClockOfADispute(t *testing.T) {
	w, _ := disputed(t)
	for on, want := range map[act.Date][]stage{
		"2017-03-01": {{"2017-03-01", "2017-03-16", StageRunning, 15}, {"2017-03-16", "2017-03-31", StageAhead, 0}, {"2017-03-16", "2017-03-31", StageAhead, 0}, {"2017-03-31", "2017-04-05", StageAhead, 0}, {"2017-04-05", "2017-05-05", StageAhead, 0}},
		"2017-03-16": {{"2017-03-01", "2017-03-16", StageRunning, 0}, {"2017-03-16", "2017-03-31", StageAhead, 0}},
		"2017-03-17": {{"2017-03-01", "2017-03-16", StagePast, 0}, {"2017-03-16", "2017-03-31", StageRunning, 14}, {"2017-03-16", "2017-03-31", StageRunning, 14}, {"2017-03-31", "2017-04-05", StageAhead, 0}},
		"2017-05-05": {{"2017-03-01", "2017-03-16", StagePast, 0}, {"2017-03-16", "2017-03-31", StagePast, 0}, {"2017-03-16", "2017-03-31", StagePast, 0}, {"2017-03-31", "2017-04-05", StagePast, 0}, {"2017-04-05", "2017-05-05", StageRunning, 0}},
	} {
		compareStages(t, on, stagesOn(t, w, on), want)
	}
	p := w.state()
	b := NewBook(p)
	if len(b.Disputes(p, Today("2017-02-28"))) != 0 {
		t.Error("a dispute before its day")
	}
	f, _ := b.Finding(p, "O-1", Today("2017-03-10"))
	if f.Verdict != Disputed || f.Own != Within || f.Why != InDispute {
		t.Errorf("%s (%s), by itself %s", f.Verdict, f.Why, f.Own)
	}
	if want := "A dispute runs. By the readings alone: 116 t on 20 February 2017, 11 % below the limit."; f.Because.English != want {
		t.Errorf("because %q", f.Because)
	}
	d := b.Disputes(p, Today("2017-05-06"))[0]
	if !d.RanOut || !d.Runs || d.Ends != "2017-05-05" {
		t.Errorf("when all stages are over: %+v", d)
	}
	if want := "Stage 2, Ministers: 14 days left, until 31 March 2017. Stage 3, Advisory Board: 14 days left, until 31 March 2017."; b.Disputes(p, Today("2017-03-17"))[0].Said.English != want {
		t.Errorf("said %q", b.Disputes(p, Today("2017-03-17"))[0].Said)
	}
}

// TestExtensions gives stages more days: by consensus, and never where a stage is fixed.
func TestExtensions(t *testing.T) {
	w, id := disputed(t)
	extend := func(ref act.Ref, stage uint8, days uint32) act.Content {
		return act.Content{Kind: act.Extension, Parent: "O-1", Title: en("More days"), Extends: &act.Extends{Dispute: id, Stage: stage, Days: days}}
	}
	w.tell(0, act.Table{Element: "X-1", Content: extend("X-1", 1, 10)})
	compareStages(t, "2017-03-17", stagesOn(t, w, "2017-03-17"), []stage{{"2017-03-01", "2017-03-16", StagePast, 0}})
	w.agree("X-2", extend("X-2", 1, 10))
	w.agree("X-3", extend("X-3", 3, 4)) // beside the second: the longer one counts
	w.agree("X-4", extend("X-4", 4, 9)) // fixed
	want := []stage{{"2017-03-01", "2017-03-26", StageRunning, 9}, {"2017-03-26", "2017-04-10", StageAhead, 0}, {"2017-03-26", "2017-04-14", StageAhead, 0}, {"2017-04-14", "2017-04-19", StageAhead, 0}, {"2017-04-19", "2017-05-19", StageAhead, 0}}
	compareStages(t, "2017-03-17", stagesOn(t, w, "2017-03-17"), want)
	p := w.state()
	d := NewBook(p).Disputes(p, Today("2017-03-17"))[0]
	if len(d.Steps) != 3 || d.Steps[0].Step != "extend" || d.Steps[0].Days != 10 || d.Stages[0].Extended != 10 || d.Stages[0].Days != 25 {
		t.Errorf("steps %+v", d.Steps)
	}
}

// TestTheEndOfADispute closes it: by who started it, and not by another's word.
func TestTheEndOfADispute(t *testing.T) {
	w, id := disputed(t)
	w.tell(1, act.Dispute{Element: "O-1", Step: act.DisputeReply, Of: id, On: "2017-03-05", Text: en("It was not.")})
	w.tell(1, act.Dispute{Element: "O-1", Step: act.DisputeCloses, Of: id, On: "2017-03-06", Text: en("For us it is over.")})
	p := w.state()
	if d := NewBook(p).Disputes(p, Today("2017-03-10")); len(d) != 1 || len(d[0].Steps) != 2 || !d[0].Runs {
		t.Fatalf("another's close ended it: %+v", d)
	}
	w.tell(0, act.Dispute{Element: "O-1", Step: act.DisputeCloses, Of: id, On: "2017-03-20", Text: en("Settled.")})
	p = w.state()
	b := NewBook(p)
	for on, want := range map[act.Date]Verdict{"2017-02-28": Within, "2017-03-01": Disputed, "2017-03-19": Disputed, "2017-03-20": Within} {
		if v, why := verdict(t, b, p, "O-1", on); v != want {
			t.Errorf("on %s: %s (%s), want %s", on, v, why, want)
		}
	}
	if f, _ := b.Finding(p, "O-1", Moment{On: "2017-04-01", By: "2017-03-19", Known: KnownEntered}); f.Verdict != Disputed && f.Verdict != CannotTell {
		t.Errorf("before the close was entered: %s", f.Verdict)
	}
	o, _ := b.Obligation(p, "O-1", Today("2017-04-01"), 0)
	if o.Dispute == nil || o.Dispute.Closed != "2017-03-20" || o.Dispute.Stages[0].State != StagePast || o.Dispute.Stages[1].State != StageCut || o.Dispute.Said.English != "Closed on 20 March 2017." {
		t.Errorf("dispute %+v", o.Dispute)
	}
	if len(o.Procedure) != 5 || o.Procedure[2].Beside != true || o.Procedure[0].State != "" {
		t.Errorf("procedure %+v", o.Procedure)
	}
}

// TestAStageWithoutDays has no end, and nothing after it has a day.
func TestAStageWithoutDays(t *testing.T) {
	stages := []act.Stage{{Days: 5}, {}, {Days: 5}, {Days: 3, Beside: true}}
	got := spansOf(stages, 100, nil)
	want := []span{{100, 105, 0}, {105, minDay, 0}, {minDay, minDay, 0}, {minDay, minDay, 0}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("stage %d: %+v, want %+v", i+1, got[i], want[i])
		}
	}
}

// TestProgramme follows a programme: milestones, sightings, hypotheses with the least contradicted first,
// and what the parties hold of them.
func TestProgramme(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("F-1", act.Content{Kind: act.Programme, Title: en("Precision project"), Terms: &act.Terms{}})
	w.agree("L-1", act.Content{Kind: act.Milestone, Parent: "F-1", Title: en("First production line"), Watch: &act.Watch{Quantity: "lines", Unit: "1", Rule: "lines.latest() == 0.0"}})
	w.agree("H-1", act.Content{Kind: act.Hypothesis, Parent: "F-1", Title: en("Parts are made on the spot"), Text: en("Parts are made on the spot.")})
	w.agree("H-2", act.Content{Kind: act.Hypothesis, Parent: "F-1", Title: en("Parts are brought in"), Text: en("Parts are brought in.")})
	bears := func(a, b int8) func(*act.Reading) {
		return func(r *act.Reading) {
			r.Bears = nil
			for i, x := range []int8{a, b} {
				if x != 0 {
					r.Bears = append(r.Bears, act.Bearing{Hypothesis: []act.Ref{"H-1", "H-2"}[i], Weight: x})
				}
			}
		}
	}
	w.observe(0, "F-1", "lines", "1", read{"2017-03-01", "0", bears(-1, 1)}, read{"2017-06-01", "1", bears(2, -2)})
	w.observe(1, "F-1", "lines", "1", read{"2017-06-01", "1", bears(1, -2)})
	w.observe(1, "F-1", "flights", "1", read{"2017-07-01", "12", nil})
	w.agree("V-1", act.Content{Kind: act.Assessment, Parent: "H-1", Text: en("We hold it to be so."), Judgement: &act.Judgement{Likelihood: act.Likely, Confidence: act.ModerateConfidence, AsOf: "2017-07-01"}})
	w.tell(1, act.Remark{Element: "V-1", Sort: act.Reservation, Text: en("We are less sure.")})
	p := w.state()
	b := NewBook(p)
	x, ok := b.Programme(p, "F-1", Today("2017-12-12"), 0)
	if !ok || len(x.Milestones) != 1 || x.Milestones[0].Verdict != Exceeded {
		t.Fatalf("programme %+v", x)
	}
	if len(x.Hypotheses) != 2 || x.Hypotheses[0].Ref != "H-1" || x.Hypotheses[0].For != 3 || x.Hypotheses[0].Against != 1 || x.Hypotheses[0].N != 2 || x.Hypotheses[1].Against != 4 || x.Hypotheses[1].For != 1 {
		t.Errorf("hypotheses %+v", x.Hypotheses)
	}
	if len(x.Sightings) != 3 || x.Sightings[0].Quantity != "flights" || len(x.Sightings[1].Bears) != 4 || len(x.Sightings[1].Entries) != 2 {
		t.Errorf("sightings %+v", x.Sightings)
	}
	if want := "Parts are made on the spot is least contradicted by 2 sightings."; x.Headline.English != want {
		t.Errorf("headline %q", x.Headline)
	}
	j := x.Hypotheses[0].Joint
	if len(j) != 1 || j[0].Likelihood != "likely" || j[0].Confidence != "moderate" || len(j[0].Stands) != 2 || j[0].Stands[1].State != plan.Reserves {
		t.Errorf("joint %+v", j)
	}
	if x, _ = b.Programme(p, "F-1", Today("2017-02-01"), 0); len(x.Sightings) != 0 || x.Headline.Key != "programme.none" {
		t.Errorf("before any sighting: %+v", x.Sightings)
	}
}
