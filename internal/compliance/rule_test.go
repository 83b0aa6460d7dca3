package compliance

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"entente/act"
)

// theQuantities are those of the agreement of these tests.
var theQuantities = []Quantity{{"heavy_water", "t"}, {"shipments", "1"}, {"notices", "1"}, {"level", "%"}, {"score", ScoreUnit}}

func ruleOf(t testing.TB, rule string) *Rule {
	t.Helper()
	r, err := Compile(rule, theQuantities)
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	return r
}

func onDay(s string) Day {
	d, ok := DayOf(act.Date(s))
	if !ok {
		panic(s)
	}
	return d
}

// trackOf is made of readings written like "2016-02-17 130.9" or "2016-02-24 <130".
func trackOf(readings ...string) *Track {
	t := &Track{}
	for _, r := range readings {
		d, v, _ := strings.Cut(r, " ")
		i := strings.IndexAny(v, "-0123456789")
		sign, f := act.Exactly, 0.0
		if i > 0 {
			sign, _ = act.ParseSign(v[:i])
		}
		f, err := ParseFloat(v[i:])
		if err != nil {
			panic(err)
		}
		t.Add(onDay(d), AmountOf(sign, f))
	}
	return t
}

func TestCanonical(t *testing.T) {
	for rule, want := range map[string]string{
		"0 != level.latest()":                                                 "!(level.latest() == 0.0)",
		"!(level.latest() != 0)":                                              "level.latest() == 0.0",
		"heavy_water.latest()<=130":                                           "heavy_water.latest() <= 130.0",
		"130.0 >= heavy_water.latest()":                                       "heavy_water.latest() <= 130.0",
		"((heavy_water.latest() <= 1.30e2))":                                  "heavy_water.latest() <= 130.0",
		"0.1 < level.max( 365 ) // a remark":                                  "level.max(365) > 0.1",
		"!(!(level.latest() == 0))":                                           "level.latest() == 0.0",
		"!(level.latest() == -0.0)":                                           "!(level.latest() == 0.0)",
		"level.latest() > 1 && (level.age() < 9 && now < date('2017-01-01'))": `level.latest() > 1.0 && level.age() < 9.0 && now < date("2017-01-01")`,
		"date('2017-01-01') >= now || level.latest() > 1":                     `now <= date("2017-01-01") || level.latest() > 1.0`,
		"(level.latest() > 1 || level.age() > 2) && level.age() > 3":          "(level.latest() > 1.0 || level.age() > 2.0) && level.age() > 3.0",
		"2 * heavy_water.latest() + 1 <= level.latest() / 3":                  "heavy_water.latest() * 2.0 + 1.0 <= level.latest() / 3.0",
		"heavy_water.latest() - (level.latest() - 2) > 0":                     "heavy_water.latest() - (level.latest() - 2.0) > 0.0",
		"(heavy_water.latest() + 1) * 2 > -1":                                 "(heavy_water.latest() + 1.0) * 2.0 > -1.0",
		"level.age() > 5 ? level.latest() < 3 : level.latest() < 4":           "level.age() > 5.0 ? level.latest() < 3.0 : level.latest() < 4.0",
		"heavy_water.by(20.0, date('2016-12-31'))":                            `heavy_water.by(20.0, date("2016-12-31"))`,
		"shipments.each_followed(notices,30)":                                 "shipments.each_followed(notices, 30)",
		"level.latest() < 1e300":                                              "level.latest() < 1e+300",
	} {
		r := ruleOf(t, rule)
		if r.Canonical() != want {
			t.Errorf("%s became\n%s, want\n%s", rule, r.Canonical(), want)
		}
		if again := ruleOf(t, r.Canonical()); again.Canonical() != r.Canonical() {
			t.Errorf("%s became %s", r.Canonical(), again.Canonical())
		}
	}
}

func TestHostileRules(t *testing.T) {
	deep := strings.Repeat("(", 60) + "level.latest() < 1.0" + strings.Repeat(")", 60)
	for rule, want := range map[string]string{
		"":                                      FaultSize,
		"  \n":                                  FaultSize,
		strings.Repeat("x", act.MaxRule+1):      FaultSize,
		deep:                                    FaultSyntax,
		strings.Repeat("!", 1000) + "x":         FaultName,
		"level.latest() <":                      FaultSyntax,
		"level.latest() <= 130.0; drop":         FaultSyntax,
		"level.latest()":                        FaultType,
		"level":                                 FaultType,
		"level <= 1.0":                          FaultType,
		"level.latest() <= level":               FaultType,
		"level.latest() && true":                FaultWord,
		"level.latest() <= 'many'":              FaultWord,
		"level.latest() <= now":                 FaultType,
		"level.latest() * level.latest() < 1.0": FaultType,
		"1.0 / level.latest() < 1.0":            FaultType,
		"level.latest() / 0 < 1.0":              FaultConstant,
		"level.latest() < 9007199254740993":     FaultConstant,
		"level.max(0) < 1.0":                    FaultConstant,
		"level.max(40000) < 1.0":                FaultConstant,
		"level.max(1.5) < 1.0":                  FaultConstant,
		"level.max() < 1.0":                     FaultType,
		"level.latest(3) < 1.0":                 FaultType,
		"latest(level) < 1.0":                   FaultType,
		"now.latest() < 1.0":                    FaultType,
		"(level.age() > 1.0 ? level : score).latest() < 1.0": FaultType,
		"level.by(3.0, date('2017-02-30'))":                  FaultConstant,
		"level.by(3.0, date(level))":                         FaultConstant,
		"level.by(3.0, now)":                                 FaultType,
		"level.by(date('2017-02-28'), 3.0)":                  FaultType,
		"level.each_followed(now, 3)":                        FaultType,
		"level.each_followed(level.latest(), 3)":             FaultType,
		"steel.latest() < 1.0":                               FaultName,
		"Level.latest() < 1.0":                               FaultName,
		"1.0 < 2.0":                                          FaultName,
		"now < date('2017-01-01')":                           FaultName,
		"true":                                               FaultWord,
		"[level].exists(l, l.latest() < 1.0)":                FaultWord,
		"level.latest() in [1.0, 2.0]":                       FaultWord,
		"'a'.matches('(a+)+b')":                              FaultWord,
		"{'a': level}.a.latest() < 1.0":                      FaultType,
		"level.value < 1.0":                                  FaultWord,
		"-level.latest() < 1.0":                              FaultWord,
		"has(level.latest)":                                  FaultWord,
		"level.latest() < 1e999":                             FaultSyntax,
		"level.latest() < 5u":                                FaultWord,
		"dyn(level).latest() < 1.0":                          FaultType,
		"in.latest() < 1.0":                                  FaultSyntax,
		strings.TrimSuffix(strings.Repeat("level.sum(36500) < 1.0 && ", 40), " && "): FaultCost,
		strings.TrimSuffix(strings.Repeat("level.age()<1||", 130), "||"):             FaultSize,
	} {
		_, err := Compile(rule, append(theQuantities, Quantity{"in", "1"}))
		var f *Fault
		if !errors.As(err, &f) || f.Key != want {
			t.Errorf("%.80q: %v, want %s", rule, err, want)
			continue
		}
		if said := f.Sentence(); said.English != strings.Join(strings.Fields(f.Text), " ") {
			t.Errorf("%.80q: said as %s", rule, said.English)
		}
		if strings.Contains(f.Text, "overload") || strings.Contains(f.Text, "undeclared") || len(f.Text) > 600 || !strings.HasSuffix(f.Text, ".") {
			t.Errorf("%.80q: no sentence for a person: %s", rule, f.Text)
		}
	}
}

func TestEval(t *testing.T) {
	water := trackOf("2016-02-17 130.9", "2016-02-24 <130", "2016-05-09 116.7", "2016-11-08 130.1", "2017-02-18 <=130")
	none := trackOf()
	for _, c := range []struct {
		rule string
		on   string
		of   []*Track
		want Result
	}{
		{"heavy_water.latest() <= 130.0", "2016-02-16", []*Track{water}, Result{Undecided, WhyNoReading, "heavy_water"}},
		{"heavy_water.latest() <= 130.0", "2016-02-17", []*Track{water}, Result{Outcome: Broken}},
		{"heavy_water.latest() <= 130.0", "2016-02-24", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.latest() < 130.0", "2016-02-24", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.latest() >= 123.5", "2016-02-24", []*Track{water}, Result{Undecided, WhyBound, "heavy_water"}},
		{"heavy_water.latest() != 130.0", "2016-02-24", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.latest() == 100.0", "2016-02-24", []*Track{water}, Result{Undecided, WhyBound, "heavy_water"}},
		{"heavy_water.latest() != 100.0", "2016-02-24", []*Track{water}, Result{Undecided, WhyBound, "heavy_water"}},
		{"heavy_water.latest() == 116.7", "2016-05-09", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.latest() != 116.7", "2016-05-09", []*Track{water}, Result{Outcome: Broken}},
		{"heavy_water.latest() < 130.0", "2017-03-01", []*Track{water}, Result{Undecided, WhyBound, "heavy_water"}},
		{"heavy_water.max(365) <= 130.0", "2016-12-31", []*Track{water}, Result{Outcome: Broken}},
		{"heavy_water.max(200) <= 130.0", "2016-11-07", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.count(365) == 4.0", "2016-12-31", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.count(365) == 0.0", "2016-12-31", []*Track{none}, Result{Outcome: Holds}},
		{"heavy_water.age() <= 11.0", "2017-03-01", []*Track{water}, Result{Outcome: Holds}},
		{"heavy_water.age() <= 11.0", "2017-03-02", []*Track{water}, Result{Outcome: Broken}},
		// what is unknown does not matter where the other side decides
		{"level.latest() <= 5.0 || heavy_water.latest() <= 130.0", "2016-05-09", []*Track{none, water}, Result{Outcome: Holds}},
		{"level.latest() <= 5.0 && heavy_water.latest() > 130.0", "2016-05-09", []*Track{none, water}, Result{Outcome: Broken}},
		{"level.latest() <= 5.0 && heavy_water.latest() <= 130.0", "2016-05-09", []*Track{none, water}, Result{Undecided, WhyNoReading, "level"}},
		{"heavy_water.latest() - level.latest() <= 5.0", "2016-05-09", []*Track{water, nil}, Result{Undecided, WhyNoReading, "level"}},
		{"!(level.latest() <= 5.0)", "2016-05-09", []*Track{none}, Result{Undecided, WhyNoReading, "level"}},
		{"now < date('2016-05-09') || heavy_water.latest() <= 130.0", "2016-05-08", []*Track{none}, Result{Outcome: Holds}},
		{"now >= date('2016-05-09') ? heavy_water.latest() <= 130.0 : heavy_water.latest() <= 200.0", "2016-02-17", []*Track{water}, Result{Outcome: Holds}},
		// two readings of one day: together where both can be true, else the range
		{"level.latest() == 3.0", "2017-01-01", []*Track{trackOf("2017-01-01 <=5", "2017-01-01 3")}, Result{Outcome: Holds}},
		{"level.latest() == 3.0", "2017-01-01", []*Track{trackOf("2017-01-01 3", "2017-01-01 4")}, Result{Undecided, WhyBound, "level"}},
		{"level.latest() <= 4.0", "2017-01-01", []*Track{trackOf("2017-01-01 4", "2017-01-01 3")}, Result{Outcome: Holds}},
		// of decimals, not of floats
		{"level.sum(30) <= 0.3", "2017-01-02", []*Track{trackOf("2017-01-01 0.1", "2017-01-02 0.2")}, Result{Outcome: Holds}},
		{"level.latest() + score.latest() <= 0.3", "2017-01-02", []*Track{trackOf("2017-01-01 0.1"), trackOf("2017-01-02 0.2")}, Result{Outcome: Holds}},
		{"level.latest() * 3.0 == 0.3", "2017-01-02", []*Track{trackOf("2017-01-01 0.1")}, Result{Outcome: Holds}},
	} {
		if got := ruleOf(t, c.rule).Eval(onDay(c.on), c.of); got != c.want {
			t.Errorf("%s on %s: %v, want %v", c.rule, c.on, got, c.want)
		}
	}
}

func TestDeadlines(t *testing.T) {
	const by = "level.by(20.0, date('2016-12-31'))"
	follows := "shipments.each_followed(notices, 30)"
	for _, c := range []struct {
		rule, on string
		of       []*Track
		want     Result
	}{
		{by, "2016-06-01", []*Track{trackOf()}, Result{Undecided, WhyNotDue, "level"}},
		{by, "2016-06-01", []*Track{trackOf("2016-05-01 10")}, Result{Undecided, WhyNotDue, "level"}},
		{by, "2016-06-01", []*Track{trackOf("2016-05-01 20")}, Result{Outcome: Holds}},
		{by, "2016-12-31", []*Track{trackOf("2016-12-31 19")}, Result{Undecided, WhyNotDue, "level"}},
		{by, "2017-01-01", []*Track{trackOf("2016-12-31 19")}, Result{Outcome: Broken}},
		{by, "2017-01-01", []*Track{trackOf("2016-12-30 19")}, Result{Undecided, WhyNoReading, "level"}},
		{by, "2017-02-01", []*Track{trackOf("2016-12-30 19", "2017-01-20 30")}, Result{Outcome: Broken}},
		{by, "2017-02-01", []*Track{trackOf("2016-12-31 <30", "2017-01-20 30")}, Result{Undecided, WhyBound, "level"}},
		{by, "2017-02-01", []*Track{trackOf("2016-12-01 >=20", "2017-01-20 3")}, Result{Outcome: Holds}},
		{by, "2017-02-01", []*Track{trackOf()}, Result{Undecided, WhyNoReading, "level"}},
		{"level.down_by(20.0, date('2016-12-31'))", "2017-02-01", []*Track{trackOf("2016-12-01 <=20")}, Result{Outcome: Holds}},
		{"level.down_by(20.0, date('2016-12-31'))", "2017-02-01", []*Track{trackOf("2016-12-31 20.1")}, Result{Outcome: Broken}},
		{follows, "2016-06-01", []*Track{trackOf(), trackOf()}, Result{Undecided, WhyNoReading, "shipments"}},
		{follows, "2016-06-01", []*Track{trackOf("2016-01-01 0"), trackOf()}, Result{Outcome: Holds}},
		{follows, "2016-06-01", []*Track{trackOf("2016-05-20 11"), trackOf()}, Result{Undecided, WhyNotDue, "shipments"}},
		{follows, "2016-06-19", []*Track{trackOf("2016-05-20 11"), trackOf()}, Result{Undecided, WhyNotDue, "shipments"}},
		{follows, "2016-06-20", []*Track{trackOf("2016-05-20 11"), trackOf()}, Result{Undecided, WhyNoReading, "shipments"}},
		{follows, "2016-06-20", []*Track{trackOf("2016-05-20 11"), trackOf("2016-06-19 0")}, Result{Outcome: Broken}},
		{follows, "2016-06-20", []*Track{trackOf("2016-05-20 11"), trackOf("2016-06-19 1")}, Result{Outcome: Holds}},
		{follows, "2016-06-20", []*Track{trackOf("2016-05-20 11"), trackOf("2016-05-20 1")}, Result{Outcome: Holds}},
		{follows, "2016-06-21", []*Track{trackOf("2016-05-20 11"), trackOf("2016-05-19 1", "2016-06-20 1")}, Result{Outcome: Broken}},
		{follows, "2016-08-20", []*Track{trackOf("2016-05-20 11", "2016-06-30 4"), trackOf("2016-07-10 1")}, Result{Outcome: Broken}},
		{follows, "2016-08-20", []*Track{trackOf("2016-05-20 <11", "2016-06-30 4"), trackOf("2016-07-10 1")}, Result{Undecided, WhyBound, "shipments"}},
	} {
		if got := ruleOf(t, c.rule).Eval(onDay(c.on), c.of); got != c.want {
			t.Errorf("%s on %s: %v, want %v", c.rule, c.on, got, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	inf := math.Inf(1)
	for rule, want := range map[string]Limit{
		"heavy_water.latest() <= 130":                {"heavy_water", MeasureLatest, 0, Amount{Low: -inf, High: 130}},
		"heavy_water.latest() > 130":                 {"heavy_water", MeasureLatest, 0, Amount{Low: 130, High: inf, LowOpen: true}},
		"heavy_water.max(30) < 130":                  {"heavy_water", MeasureMax, 30, Amount{Low: -inf, High: 130, HighOpen: true}},
		"level.latest() == 0":                        {"level", MeasureLatest, 0, Value(0)},
		"level.latest() >= 1 && level.latest() <= 2": {"level", MeasureLatest, 0, Amount{Low: 1, High: 2}},
		"level.count(365) >= 4":                      {"level", MeasureCount, 365, Amount{Low: 4, High: inf}},
	} {
		if got, ok := ruleOf(t, rule).Limit(); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", rule, got, ok, want)
		}
	}
	for _, rule := range []string{"level.latest() != 0", "level.latest() >= 1 && score.latest() <= 2", "level.latest() >= 3 && level.latest() <= 2",
		"level.latest() * 2 <= 3", "level.latest() <= score.latest()", "!(level.latest() <= 2)", "level.by(2.0, date('2017-01-01'))"} {
		if got, ok := ruleOf(t, rule).Limit(); ok {
			t.Errorf("%s: %v is no limit", rule, got)
		}
	}
}

// TestTooManyReadings has a rule that would look at more readings than one question may say so.
func TestTooManyReadings(t *testing.T) {
	const n = 2_000_000
	many := &Track{Days: make([]Day, n), Low: make([]float64, n), High: make([]float64, n)}
	rule := ruleOf(t, strings.TrimSuffix(strings.Repeat("level.sum(1) < 1 && ", 1+maxRuleReads/n), " && "))
	if got := rule.Eval(9, []*Track{many}); got.Why != WhyFailed {
		t.Errorf("%d readings looked at: %v", n*(1+maxRuleReads/n), got)
	}
}

// TestNamesThatMeanSomethingElsewhere has quantities called like functions, and like types of CEL.
func TestNamesThatMeanSomethingElsewhere(t *testing.T) {
	for _, name := range []string{"latest", "max", "by", "each_followed", "int", "double", "string", "bool", "list", "map", "type", "dyn", "bytes", "uint",
		"null_type", "timestamp", "duration", "google", "cel", "math", "size", "has", "all", "matches", "a__b", "x0"} {
		rule, err := Compile(name+".latest() <= 1", []Quantity{{name, "1"}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := rule.Eval(onDay("2017-01-02"), []*Track{trackOf("2017-01-01 1")}); got.Outcome != Holds {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, name := range reserved {
		if _, err := Compile(name+".latest() <= 1", []Quantity{{name, "1"}}); err == nil {
			t.Errorf("%s is a quantity", name)
		}
	}
}

// TestManyAskAtOnce is for the race detector.
func TestManyAskAtOnce(t *testing.T) {
	rule := ruleOf(t, "level.latest() + score.latest() <= 3 && now < date('2018-01-01')")
	tracks := []*Track{trackOf("2017-01-01 1"), trackOf("2017-01-03 2.1")}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range Day(200) {
				want := Result{Outcome: Broken}
				if i%2 == 0 {
					want = Result{Why: WhyNoReading, Quantity: "score"}
				}
				if got := rule.Eval(onDay("2017-01-02")+i%2, tracks); got != want {
					t.Errorf("day %d: %v, want %v", i, got, want)
				}
			}
		})
	}
	all.Wait()
}
