package act

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/marking"
	"entente/text"
)

// watchedSamples has what is said of agreements that are watched, in its least form and in full.
func watchedSamples() map[string]Body {
	label := marking.New(marking.Amber, "IL", "US")
	stage := Stage{Name: both("Joint Commission", "הוועדה המשותפת"), Days: 15}
	terms := &Terms{Bound: []text.Texts{only("Iran"), both("China", "סין")}, Conversions: []Conversion{{"300", "kg{UF6}", "202.8", "kg{U}"}},
		Procedure: []Stage{stage, {Name: only("Advisory Board"), Days: 15, Beside: true, Fixed: true, Then: only("It gives an opinion.")}}}
	watch := &Watch{Paragraph: "Annex I 14", Owes: only("Iran"), Quantity: "heavy_water_stock", Unit: "t", Rule: "heavy_water_stock.latest() <= 130.0",
		Near: "heavy_water_stock.latest() >= 123.5", From: "2016-01-16", To: "2031-01-16", Verified: only("By the Agency"), Every: 92, Fresh: 120,
		Sources: 2, Grade: Grade{'B', 2}, Baseline: "-0.5", BaselineOn: "2015-12-31", Target: "80", TargetOn: "2016-12-31"}
	id := ReadingID{Hash{4}, 17}
	reading := Reading{Quantity: "heavy_water_stock", Sign: AtMost, Value: "-130.9", Unit: "t", AsOf: "2016-02-17", Reported: "2016-02-26", Source: 1,
		Grade: Grade{'F', 6}, Note: "read from a page", Replaces: &id, Bears: []Bearing{{"H-1", -2}, {"H-2", 1}}}
	sources := []Citation{{Title: "Quarterly report"}, {"Reuters", "GOV/2016/8", "p. 3", "https://example.org/a", "had reached 130.9 metric tonnes"}}
	return map[string]Body{
		"table agreement bare":   Table{Element: "T-1", Content: Content{Kind: Agreement, Title: only("The agreement")}},
		"table agreement":        Table{Element: "T-1", Content: Content{Kind: Agreement, Title: only("The agreement"), Terms: terms}},
		"table obligation least": Table{Element: "O-1", Content: Content{Kind: Obligation, Parent: "T-1", Text: only("x"), Watch: &Watch{}}},
		"table obligation":       Table{Element: "O-1", Content: Content{Kind: Obligation, Parent: "T-1", Text: only("x"), Watch: watch}},
		"table milestone":        Table{Element: "L-1", Content: Content{Kind: Milestone, Parent: "F-1", Text: only("x"), Watch: &Watch{Grade: Grade{'A', 1}}}},
		"table assessment":       Table{Element: "V-1", Content: Content{Kind: Assessment, Parent: "O-1", Text: only("x"), Judgement: &Judgement{Exceeded, Likely, HighConfidence, "2016-12-01"}}},
		"table extension":        Table{Element: "X-1", Content: Content{Kind: Extension, Parent: "O-1", Text: only("x"), Extends: &Extends{Hash{9}, 1, 10}}},
		"table extension struck": Table{Element: "X-1", Content: Content{Kind: Extension, Struck: true}},
		"observations least":     Report{Element: "T-1", Sources: sources[:1], Readings: []Reading{{Quantity: "a", Value: "0", Unit: "1", AsOf: "2016-02-17"}}},
		"observations":           Report{Element: "T-1", Note: only("Read again."), Sources: sources, Readings: []Reading{reading, reading}, TakesBack: []Hash{{1}, {2}}, Marking: &label},
		"taken back":             Report{Element: "T-1", TakesBack: []Hash{{1}}},
		"attest nothing":         Attest{"T-1", "2017-12-12", Hash{1}, nil},
		"attest":                 Attest{"T-1", "2017-12-12", Hash{1}, []Finding{{"O-1", Within}, {"O-10", Expired}, {"O-2", CannotTell}}},
		"dispute":                Dispute{"O-1", DisputeStarts, Hash{}, "2016-11-09", only("France"), only("It was exceeded.")},
		"dispute closed":         Dispute{Element: "O-1", Step: DisputeCloses, Of: Hash{3}, On: "2016-12-06", Text: only("It is below again.")},
	}
}

// drawWatched gives an element of the kinds that are watched what its kind needs.
func drawWatched(t *rapid.T, c *Content) {
	day := func(name string) Date { return genDate.Draw(t, name) }
	decimal := rapid.SampledFrom([]string{"0", "-2", "1.5", "-0.25", "130"})
	days := rapid.Uint32Range(0, MaxDays)
	if standsUnder(c.Kind) {
		c.Parent = genRef.Draw(t, "under")
	}
	switch c.Kind {
	case Agreement, Programme:
		c.Terms = &Terms{Conversions: []Conversion{{"300", "kg", "202.8", "t"}}[:rapid.IntRange(0, 1).Draw(t, "conversions")]}
		if len(c.Terms.Conversions) == 0 {
			c.Terms.Conversions = nil
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "stages") {
			c.Terms.Procedure = append(c.Terms.Procedure, Stage{genTexts(1).Draw(t, "stage"), days.Draw(t, "days"), i > 0 && rapid.Bool().Draw(t, "beside"), rapid.Bool().Draw(t, "fixed"), genTexts(0).Draw(t, "then")})
		}
	case Obligation, Milestone:
		c.Watch = &Watch{Quantity: "stock_2", Unit: "kg{U}", Rule: genWords.Draw(t, "rule"), From: "2016-01-16", Every: days.Draw(t, "every"), Fresh: days.Draw(t, "fresh"),
			Sources: rapid.Uint8Range(0, MaxWitnesses).Draw(t, "sources"), Grade: gradeOf(rapid.Uint64Range(0, maxGrade).Draw(t, "grade")),
			Baseline: decimal.Draw(t, "baseline"), Target: decimal.Draw(t, "target"), TargetOn: day("targetOn"), Owes: genTexts(0).Draw(t, "owes")}
	case Assessment:
		c.Judgement = &Judgement{Verdict: Verdict(rapid.IntRange(0, int(lastVerdict)).Draw(t, "verdict")), Likelihood: Likelihood(rapid.IntRange(1, int(lastLikelihood)).Draw(t, "likelihood")),
			Confidence: Confidence(rapid.IntRange(0, int(lastConfidence)).Draw(t, "confidence")), AsOf: "2016-12-01"}
	case Extension:
		c.Extends = &Extends{genHash.Draw(t, "dispute"), rapid.Uint8Range(1, MaxStages).Draw(t, "stage"), rapid.Uint32Range(1, MaxDays).Draw(t, "days")}
	}
}

// drawReport draws a report on progress or a batch of observations.
func drawReport(t *rapid.T) Report {
	b := Report{Element: genRef.Draw(t, "element"), Note: genTexts(0).Draw(t, "note")}
	if rapid.Bool().Draw(t, "progress") {
		b.AsOf, b.Progress = "2018-01-01", Progress(rapid.IntRange(1, 4).Draw(t, "progress"))
		return b
	}
	if rapid.Bool().Draw(t, "taken back") {
		b.TakesBack = []Hash{genHash.Draw(t, "batch")}
	}
	for range rapid.IntRange(1, 3).Draw(t, "sources") {
		b.Sources = append(b.Sources, Citation{Title: genWords.Draw(t, "title"), Quote: "“it did not exceed”"})
	}
	for range rapid.IntRange(1, 5).Draw(t, "readings") {
		x := Reading{Quantity: "stock", Sign: Sign(rapid.IntRange(0, int(lastSign)).Draw(t, "sign")), Value: "130.9", Unit: "t", AsOf: "2016-02-17",
			Source: uint16(rapid.IntRange(0, len(b.Sources)-1).Draw(t, "source")), Grade: gradeOf(rapid.Uint64Range(0, maxGrade).Draw(t, "grade"))}
		if rapid.Bool().Draw(t, "replaces") {
			x.Replaces = &ReadingID{genHash.Draw(t, "batch"), rapid.Uint16Range(0, MaxReadings-1).Draw(t, "nth")}
			x.Bears = []Bearing{{genRef.Draw(t, "hypothesis"), -2}}
		}
		b.Readings = append(b.Readings, x)
	}
	return b
}

func TestWatchedRefused(t *testing.T) {
	obligation := func(w Watch) Body {
		return Table{Element: "O-1", Content: Content{Kind: Obligation, Parent: "T-1", Text: only("x"), Watch: &w}}
	}
	one := []Citation{{Title: "x"}}
	reading := func(r Reading) Body { return Report{Element: "T-1", Sources: one, Readings: []Reading{r}} }
	good := Reading{Quantity: "a", Value: "1", Unit: "1", AsOf: "2016-02-17"}
	with := func(f func(*Reading)) Body {
		r := good
		f(&r)
		return reading(r)
	}
	for name, tt := range map[string]struct {
		b    Body
		want string
	}{
		"no watch":             {Table{Element: "O-1", Content: Content{Kind: Obligation, Parent: "T-1", Text: only("x")}}, "what is watched is missing"},
		"no parent":            {Table{Element: "O-1", Content: Content{Kind: Obligation, Text: only("x"), Watch: &Watch{}}}, "what it stands under"},
		"watch of a goal":      {Table{Element: "G-1", Content: Content{Kind: Goal, Text: only("x"), Watch: &Watch{}}}, "no place for what is watched"},
		"terms of a clause":    {Table{Element: "C-1", Content: Content{Kind: Clause, Text: only("x"), Terms: &Terms{}}}, "no place for terms"},
		"judged nothing":       {Table{Element: "V-1", Content: Content{Kind: Assessment, Parent: "O-1", Text: only("x"), Judgement: &Judgement{AsOf: "2016-12-01"}}}, "what is judged"},
		"first stage beside":   {Table{Element: "T-1", Content: Content{Kind: Agreement, Text: only("x"), Terms: &Terms{Procedure: []Stage{{Name: only("a"), Beside: true}}}}}, "none beside it"},
		"conversion of none":   {Table{Element: "T-1", Content: Content{Kind: Agreement, Text: only("x"), Terms: &Terms{Conversions: []Conversion{{"0", "t", "1", "kg"}}}}}, "no amount"},
		"ends before":          {obligation(Watch{From: "2016-01-02", To: "2016-01-01"}), "ends before it begins"},
		"rule of nothing":      {obligation(Watch{Rule: "true"}), "the quantity or the unit"},
		"near nothing":         {obligation(Watch{Near: "true"}), "the rule that near belongs to"},
		"quantity in capitals": {obligation(Watch{Quantity: "Stock"}), "no name of a quantity"},
		"unit with a space":    {obligation(Watch{Unit: "kg U"}), "no unit"},
		"target 01":            {obligation(Watch{Target: "01"}), "no decimal number"},
		"target -0":            {obligation(Watch{Target: "-0"}), "no decimal number"},
		"no source":            {Report{Element: "T-1", Readings: []Reading{good}}, "has no source"},
		"source beyond":        {with(func(r *Reading) { r.Source = 1 }), "has no source"},
		"no day":               {with(func(r *Reading) { r.AsOf = "" }), "no day"},
		"weight 0":             {with(func(r *Reading) { r.Bears = []Bearing{{"H-1", 0}} }), "weight out of range"},
		"weight 3":             {with(func(r *Reading) { r.Bears = []Bearing{{"H-1", 3}} }), "weight out of range"},
		"bears twice":          {with(func(r *Reading) { r.Bears = []Bearing{{"H-1", 1}, {"H-1", 2}} }), "twice"},
		"both sorts":           {Report{Element: "T-1", AsOf: "2016-01-01", Progress: Done, Sources: one, Readings: []Reading{good}}, "not of both"},
		"neither":              {Report{Element: "T-1", Sources: one}, "the day or the progress"},
		"progress with label":  {Report{Element: "T-1", AsOf: "2016-01-01", Progress: Done, Sources: one}, "only observations have sources"},
		"taken back twice":     {Report{Element: "T-1", TakesBack: []Hash{{1}, {1}}}, "out of order or twice"},
		"findings twice":       {Attest{"T-1", "2017-12-12", Hash{1}, []Finding{{"O-1", Within}, {"O-1", Within}}}, "out of order or twice"},
		"start of another":     {Dispute{Element: "O-1", Step: DisputeStarts, Of: Hash{1}, On: "2016-11-09", Text: only("x")}, "a start names none"},
		"close of none":        {Dispute{Element: "O-1", Step: DisputeCloses, On: "2016-11-09", Text: only("x")}, "a start names none"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Encode(place(tt.b)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v; want %q", err, tt.want)
			}
		})
	}
}

func TestGrades(t *testing.T) {
	for s := range 6 {
		for i := range 6 {
			g := Grade{'A' + byte(s), uint8(i + 1)}
			if back, err := ParseGrade(g.String()); err != nil || back != g || gradeOf(g.code()) != g {
				t.Errorf("%v reads as %v, %v; %v", g, back, err, gradeOf(g.code()))
			}
		}
	}
	for _, bad := range []string{"B", "b2", "B7", "G1", "B0", "B22", "2B"} {
		if g, err := ParseGrade(bad); err == nil {
			t.Errorf("%q reads as %v", bad, g)
		}
	}
	for _, tt := range []struct {
		have, need string
		want       bool
	}{{"B2", "B2", true}, {"A1", "B2", true}, {"A3", "B2", false}, {"C1", "B2", false}, {"", "B2", false}, {"", "", true}, {"F6", "", true}, {"F1", "E5", false}, {"A6", "E5", false}, {"F6", "F6", true}, {"", "F6", false}} {
		have, _ := ParseGrade(tt.have)
		need, _ := ParseGrade(tt.need)
		if have.Meets(need) != tt.want {
			t.Errorf("%q meets %q: %v", tt.have, tt.need, !tt.want)
		}
	}
}

func TestWordsOfVerdicts(t *testing.T) {
	for v := Verdict(1); v <= lastVerdict; v++ {
		if back, err := ParseVerdict(v.String()); err != nil || back != v {
			t.Errorf("%v: %v, %v", v, back, err)
		}
	}
	for l := Likelihood(1); l <= lastLikelihood; l++ {
		if back, err := ParseLikelihood(l.String()); err != nil || back != l {
			t.Errorf("%v: %v, %v", l, back, err)
		}
	}
	for c := Confidence(1); c <= lastConfidence; c++ {
		if back, err := ParseConfidence(c.String()); err != nil || back != c {
			t.Errorf("%v: %v, %v", c, back, err)
		}
	}
	for s := Exactly; s <= lastSign; s++ {
		if back, err := ParseSign(s.String()); err != nil || back != s {
			t.Errorf("%v: %v, %v", s, back, err)
		}
	}
	for s := DisputeStarts; s <= lastDisputeStep; s++ {
		if back, err := ParseDisputeStep(s.String()); err != nil || back != s {
			t.Errorf("%v: %v, %v", s, back, err)
		}
	}
	if _, err := ParseVerdict("kept"); err == nil || Verdict(99).String() != "unknown" {
		t.Error("a verdict that is none was read")
	}
	for _, bad := range []string{"", "12", Hash{}.String(), Hash{1}.String() + ".", Hash{1}.String() + ".01", Hash{1}.String() + ".4000"} {
		if id, err := ParseReadingID(bad); err == nil {
			t.Errorf("%q reads as %v", bad, id)
		}
	}
	id := ReadingID{Hash{1}, 3999}
	if back, err := ParseReadingID(id.String()); err != nil || back != id {
		t.Errorf("%v reads as %v, %v", id, back, err)
	}
}
