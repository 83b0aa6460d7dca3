package compliance

import (
	"testing"

	"entente/act"
)

// TestVerdicts asks for each verdict, with the readings that lead to it.
func TestVerdicts(t *testing.T) {
	fresh := func(x act.Watch) act.Watch { x.Fresh = 120; return x }
	for _, c := range []struct {
		name  string
		watch act.Watch
		us    []read
		il    []read
		on    act.Date
		want  Verdict
		why   Reason
	}{
		{"a value within", heavyWater(), []read{{"2016-05-09", "116.7", nil}}, nil, "2016-06-01", Within, ByReading},
		{"a value near", heavyWater(), []read{{"2017-05-16", "128.2", nil}}, nil, "2017-06-01", Near, ByReading},
		{"at the limit", heavyWater(), []read{{"2017-05-16", "130", nil}}, nil, "2017-06-01", Near, ByReading},
		{"a value beyond", heavyWater(), []read{{"2016-02-17", "130.9", nil}}, nil, "2016-02-18", Exceeded, ByReading},
		{"a bound within", heavyWater(), []read{{"2016-02-24", "<130", nil}}, nil, "2016-03-01", Within, ByReading},
		{"a bound at the limit", heavyWater(), []read{{"2016-02-24", "<=130", nil}}, nil, "2016-03-01", Within, ByReading},
		{"a bound beyond", heavyWater(), []read{{"2016-02-24", ">130", nil}}, nil, "2016-03-01", Exceeded, ByReading},
		{"a bound that does not decide", heavyWater(), []read{{"2016-02-24", "<=131", nil}}, nil, "2016-03-01", CannotTell, ByBound},
		{"a lower bound that does not decide", heavyWater(), []read{{"2016-02-24", ">=130", nil}}, nil, "2016-03-01", CannotTell, ByBound},
		{"two bounds that decide together", heavyWater(), []read{{"2016-02-24", "<=131", nil}}, []read{{"2016-02-24", "128", nil}}, "2016-03-01", Near, ByReading},
		{"no reading", heavyWater(), nil, nil, "2016-03-01", CannotTell, NoReading},
		{"a reading of a later day", heavyWater(), []read{{"2016-05-09", "116.7", nil}}, nil, "2016-05-08", CannotTell, NoReading},
		{"a reading too old", fresh(heavyWater()), []read{{"2016-05-09", "116.7", nil}}, nil, "2016-09-07", CannotTell, TooOld},
		{"a reading just fresh", fresh(heavyWater()), []read{{"2016-05-09", "116.7", nil}}, nil, "2016-09-06", Within, ByReading},
		{"before it applies", heavyWater(), []read{{"2016-01-10", "140", nil}}, nil, "2016-01-15", NotYetDue, NotBegun},
		{"after it applies", func() act.Watch { x := heavyWater(); x.To = "2017-01-01"; return x }(), []read{{"2016-05-09", "140", nil}}, nil, "2017-01-02", Expired, Over},
		{"parties read the same", heavyWater(), []read{{"2016-05-09", "131", nil}}, []read{{"2016-05-09", "131", nil}}, "2016-06-01", Exceeded, ByReading},
		{"parties decide differently", heavyWater(), []read{{"2016-05-09", "131", nil}}, []read{{"2016-05-09", "129", nil}}, "2016-06-01", Disputed, SidesDiffer},
		{"parties differ and decide the same", heavyWater(), []read{{"2016-05-09", "110", nil}}, []read{{"2016-05-09", "111", nil}}, "2016-06-01", Within, ByReading},
		{"parties differ, both beyond", heavyWater(), []read{{"2016-05-09", "131", nil}}, []read{{"2016-05-09", "132", nil}}, "2016-06-01", Exceeded, ByReading},
		{"one party's readings on both sides", heavyWater(), []read{{"2016-05-09", "131", nil}, {"2016-05-09", "129", from(1)}}, nil, "2016-06-01", CannotTell, ByBound},
		{"parties differed before", heavyWater(), []read{{"2016-05-09", "131", nil}}, []read{{"2016-05-09", "129", nil}, {"2016-06-09", "120", nil}}, "2016-06-10", Within, ByReading},
		{"a unit nobody converts", heavyWater(), []read{{"2016-05-09", "100", func(r *act.Reading) { r.Unit = "L" }}}, nil, "2016-06-01", CannotTell, OddUnit},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, 2)
			w.agreement()
			w.obligation("O-1", "Stock of heavy water", c.watch)
			for p, reads := range [][]read{c.us, c.il} {
				if len(reads) > 0 {
					w.observe(p, "T-1", "heavy_water", "t", reads...)
				}
			}
			p := w.state()
			if v, why := verdict(t, NewBook(p), p, "O-1", c.on); v != c.want || why != c.why {
				t.Errorf("%s (%s), want %s (%s)", v, why, c.want, c.why)
			}
		})
	}
}

// TestGradesAndSources asks what readings of low grade and of few sources come to.
func TestGradesAndSources(t *testing.T) {
	b2 := heavyWater()
	b2.Grade, b2.Fresh = act.Grade{Source: 'B', Info: 2}, 120
	two := b2
	two.Sources = 2
	both := func(f ...func(*act.Reading)) func(*act.Reading) {
		return func(r *act.Reading) {
			for _, g := range f {
				g(r)
			}
		}
	}
	for _, c := range []struct {
		name  string
		watch act.Watch
		reads []read
		want  Verdict
		why   Reason
	}{
		{"graded as needed", b2, []read{{"2016-05-09", "116", graded("B2")}}, Within, ByReading},
		{"graded too low", b2, []read{{"2016-05-09", "116", graded("C3")}}, CannotTell, LowGrade},
		{"beyond, graded too low", b2, []read{{"2016-05-09", "131", graded("C3")}}, CannotTell, LowGrade},
		{"not graded", b2, []read{{"2016-05-09", "116", graded("")}}, CannotTell, LowGrade},
		{"source good, information not", b2, []read{{"2016-05-09", "116", graded("A3")}}, CannotTell, LowGrade},
		{"a later low one beyond", b2, []read{{"2016-05-09", "116", nil}, {"2016-05-10", "131", graded("C3")}}, CannotTell, LesserWord},
		{"a low one of the same day beyond", b2, []read{{"2016-05-09", "116", nil}, {"2016-05-09", "131", graded("C3")}}, CannotTell, LesserWord},
		{"an earlier low one beyond", b2, []read{{"2016-05-08", "131", graded("C3")}, {"2016-05-09", "116", nil}}, Within, ByReading},
		{"a later low one within", b2, []read{{"2016-05-09", "131", nil}, {"2016-05-10", "116", graded("C3")}}, Exceeded, ByReading},
		{"one source of two", two, []read{{"2016-05-09", "116", nil}}, CannotTell, FewSources},
		{"one source twice", two, []read{{"2016-05-09", "116", nil}, {"2016-05-10", "117", nil}}, CannotTell, FewSources},
		{"two sources", two, []read{{"2016-05-09", "116", nil}, {"2016-05-10", "117", from(1)}}, Within, ByReading},
		{"two sources, one too low", two, []read{{"2016-05-09", "116", nil}, {"2016-05-10", "117", both(from(1), graded("C3"))}}, CannotTell, FewSources},
		{"two sources, one says otherwise", two, []read{{"2016-05-09", "116", nil}, {"2016-05-10", "131", from(1)}}, CannotTell, FewSources},
		{"two sources, one too old", two, []read{{"2015-05-09", "116", nil}, {"2016-05-10", "117", from(1)}}, CannotTell, FewSources},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, 2)
			w.agreement()
			w.obligation("O-1", "Stock of heavy water", c.watch)
			w.observe(0, "T-1", "heavy_water", "t", c.reads...)
			p := w.state()
			if v, why := verdict(t, NewBook(p), p, "O-1", "2016-06-01"); v != c.want || why != c.why {
				t.Errorf("%s (%s), want %s (%s)", v, why, c.want, c.why)
			}
		})
	}
}

// TestShapes asks deadlines, things that must follow, prohibitions, scores and sums.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name  string
		watch act.Watch
		reads []read
		want  map[act.Date]Verdict
	}{
		{"done by a day, in time", act.Watch{Quantity: "removed", Unit: "1", Rule: `removed.by(1.0, date("2016-06-01"))`, Near: `now >= date("2016-05-02")`},
			[]read{{"2016-03-01", "0", nil}, {"2016-05-20", "1", nil}},
			map[act.Date]Verdict{"2016-02-01": NotYetDue, "2016-04-01": NotYetDue, "2016-05-10": Near, "2016-05-20": Within, "2016-06-02": Within, "2018-01-01": Within}},
		{"done by a day, late", act.Watch{Quantity: "removed", Unit: "1", Rule: `removed.by(1.0, date("2016-06-01"))`},
			[]read{{"2016-06-03", "0", nil}, {"2016-07-20", "1", nil}},
			map[act.Date]Verdict{"2016-06-01": NotYetDue, "2016-06-02": CannotTell, "2016-06-03": Exceeded, "2016-08-01": Exceeded}},
		{"followed in time", act.Watch{Quantity: "request", Unit: "1", Rule: "request.each_followed(access, 24)"},
			nil, map[act.Date]Verdict{"2016-06-01": NotYetDue}},
		{"none observed", act.Watch{Quantity: "reprocessing", Unit: "1", Rule: "reprocessing.latest() == 0.0"},
			[]read{{"2016-03-01", "0", nil}, {"2016-09-01", "1", nil}, {"2016-12-01", "0", nil}},
			map[act.Date]Verdict{"2016-02-01": CannotTell, "2016-03-01": Within, "2016-09-02": Exceeded, "2016-12-01": Within}},
		{"a score", act.Watch{Quantity: "reform", Unit: "{score}", Rule: "reform.latest() >= 2.0"},
			[]read{{"2016-03-01", "1", nil}, {"2016-09-01", "2", nil}},
			map[act.Date]Verdict{"2016-03-02": Exceeded, "2016-09-02": Within}},
		{"a sum over a window", act.Watch{Quantity: "flights", Unit: "1", Rule: "flights.sum(30) <= 10.0"},
			[]read{{"2016-03-01", "6", nil}, {"2016-03-20", "6", nil}},
			map[act.Date]Verdict{"2016-03-02": Within, "2016-03-21": Exceeded, "2016-03-31": Within}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, 2)
			w.agreement()
			w.obligation("O-9", "Access", act.Watch{Quantity: "access", Unit: "1"})
			w.obligation("O-1", "It", c.watch)
			if len(c.reads) > 0 {
				w.observe(0, "T-1", c.watch.Quantity, c.watch.Unit, c.reads...)
			}
			expect(t, w, "O-1", c.want)
		})
	}
}

// TestEachRequestIsFollowed asks a rule over two quantities.
func TestEachRequestIsFollowed(t *testing.T) {
	w := newWorld(t, 2)
	w.agreement()
	w.obligation("O-9", "Access", act.Watch{Quantity: "access", Unit: "1"})
	w.obligation("O-1", "Access within twenty-four days", act.Watch{Quantity: "request", Unit: "1", Rule: "request.each_followed(access, 24)"})
	w.observe(0, "T-1", "request", "1", read{"2016-03-01", "1", nil}, read{"2016-06-01", "1", nil})
	w.observe(0, "T-1", "access", "1", read{"2016-03-20", "1", nil}, read{"2016-06-30", "1", nil})
	expect(t, w, "O-1", map[act.Date]Verdict{
		"2016-02-01": NotYetDue, "2016-03-02": NotYetDue, "2016-03-20": Within, "2016-05-01": Within,
		"2016-06-02": NotYetDue, "2016-06-26": CannotTell, "2016-06-30": Exceeded,
	})
	p := w.state()
	o, _ := NewBook(p).Obligation(p, "O-1", Today("2016-07-01"), 0)
	if len(o.Episodes) != 1 || o.Episodes[0].From != "2016-06-30" {
		t.Errorf("episodes %+v", o.Episodes)
	}
	if len(o.Others) != 1 || o.Others[0].Quantity != "access" || len(o.Others[0].Points) != 2 {
		t.Errorf("others %+v", o.Others)
	}
}

// TestAnIndicator goes from a baseline to a target, up and down.
func TestAnIndicator(t *testing.T) {
	for _, c := range []struct {
		baseline, target, value string
		share                   int
	}{{"0", "40", "10", 25}, {"20", "10", "12.5", 75}, {"0", "40", "50", 125}, {"10", "40", "4", -20}, {"0", "0.3", "0.1", 33}} {
		w := newWorld(t, 2)
		w.agreement()
		x := act.Watch{Quantity: "latrines", Unit: "{latrine}", Rule: `latrines.by(40.0, date("2018-01-01"))`, Baseline: c.baseline, BaselineOn: "2016-01-01", Target: c.target, TargetOn: "2018-01-01"}
		w.obligation("O-1", "Latrines", x)
		w.observe(0, "T-1", "latrines", "{latrine}", read{"2017-01-01", c.value, nil})
		p := w.state()
		o, _ := NewBook(p).Obligation(p, "O-1", Today("2017-06-01"), 0)
		if o.Aim == nil || o.Aim.Share == nil || *o.Aim.Share != c.share || o.Aim.TargetOn != "2018-01-01" {
			t.Errorf("%s of %s to %s: %+v", c.value, c.baseline, c.target, o.Aim)
		}
	}
}

// TestEnoughWater is a standard from below: at least so much.
func TestEnoughWater(t *testing.T) {
	w := newWorld(t, 2)
	w.agreement()
	w.obligation("O-1", "Water", act.Watch{Quantity: "water", Unit: "L", Rule: "water.latest() >= 15.0", Near: "water.latest() <= 16.0"})
	w.observe(0, "T-1", "water", "L", read{"2017-01-01", "9", nil}, read{"2017-02-01", "13.2", nil}, read{"2017-03-01", "15.5", nil}, read{"2017-04-01", ">=20", nil}, read{"2017-05-01", "<20", nil})
	expect(t, w, "O-1", map[act.Date]Verdict{"2017-01-01": Exceeded, "2017-02-15": Exceeded, "2017-03-01": Near, "2017-04-01": Within, "2017-05-01": CannotTell})
	p := w.state()
	b := NewBook(p)
	o, _ := b.Obligation(p, "O-1", Today("2017-02-15"), 0)
	if want := "13.2 L on 1 February 2017, 1.8 L below the least, 15 L. Up 4.2 L since 1 January 2017. Exceeded once, on 1 January 2017, by 6 L."; o.Headline.English != want {
		t.Errorf("headline\n got %s\nwant %s", o.Headline, want)
	}
	if o.Excess != "1.8" || o.Since != "2017-01-01" || o.Figure.English != "13.2 of at least 15 L" || o.Limit.Sense != "at-least" || o.Near.Value != 16 {
		t.Errorf("%+v", o.Card)
	}
}
