package iati

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/export/readings"
	"entente/text"
)

var english = Options{Lang: "en"}

func water(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/water.xml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(t testing.TB, b []byte) *File {
	t.Helper()
	f, err := Read(b, english)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRead(t *testing.T) {
	f := read(t, water(t))
	if f.Version != "2.03" || f.Generated != "2019-02-01" || f.Counts() != (Counts{Activities: 2, Results: 3, Indicators: 4, Baselines: 2, Periods: 5, Targets: 5, Actuals: 7}) {
		t.Errorf("read version %s of %s: %+v", f.Version, f.Generated, f.Counts())
	}
	a := f.Activities[0]
	if a.ID != "XX-EXAMPLE-WATER-1" || a.Status != "2" || a.Updated != "2019-01-15" || len(a.Orgs) != 2 || a.Orgs[1].Role != "4" || a.Line != 4 {
		t.Errorf("the first activity is %+v", a)
	}
	if fr, _ := a.Title.Get("fr"); len(a.Title) != 3 || fr != "De l’eau pour les collines" {
		t.Errorf("its title is %v", a.Title)
	}
	if fr, _ := a.Results[0].Title.Get("fr"); fr != "Puits forés et équipés" {
		t.Errorf("its first result is %v", a.Results[0].Title)
	}
	if i := a.Results[1].Indicators[0]; !i.Descending || i.Baselines[0].On != "2016-06-30" || fmt.Sprint(i.Periods[0].Actuals[0].Parts) != "[location=XX-1 sex=female]" {
		t.Errorf("its second result has %+v", i)
	}
}

func TestReadings(t *testing.T) {
	p := read(t, water(t)).Readings(english)
	var got []string
	for _, e := range p.Entries {
		r, c := e.Reading, p.Sources[e.Source]
		got = append(got, fmt.Sprintf("%d %s %s %s %s %s | %s | %s, %s, %s", e.Row, r.Quantity[:len(r.Quantity)-suffix], r.Value, r.Unit, r.AsOf, r.Reported, r.Note, c.Title, c.Document, c.Place))
	}
	want := []string{
		"21 wells_drilled_and_equipped_ 31 1 2018-12-31 2019-01-15 | 2018-01-01/2018-12-31 | IATI · Ministry of Water, XX-EXAMPLE-WATER-1, Wells drilled and equipped · Number",
		"26 wells_drilled_and_equipped_ 33 1 2019-01-15 2019-01-15 | 2019-01-01/2019-12-31 · by mid-January | IATI · Ministry of Water, XX-EXAMPLE-WATER-1, Wells drilled and equipped · Number",
		"39 households_with_a_case_in_the_m_ 14.2 % 2018-12-31 2019-01-15 | 2018-01-01/2018-12-31 · location=XX-1, sex=female | IATI · Ministry of Water, XX-EXAMPLE-WATER-1, Fewer illnesses · Households with a case in the month before",
		"40 households_with_a_case_in_the_m_ 13.9 % 2018-12-31 2019-01-15 | 2018-01-01/2018-12-31 · sex=male | IATI · Ministry of Water, XX-EXAMPLE-WATER-1, Fewer illnesses · Households with a case in the month before",
		"56 length_ 4.5 km 2019-02-01 2019-02-01 |  | IATI · Ministry of Water, XX-EXAMPLE-WATER-2, Pipes laid (km) · Length",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("readings are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(p.Rejects) != 2 || p.Rejects[0].Place() != "line 41" || p.Rejects[0].Reason != readings.Vague || p.Rejects[1].Reason != readings.NoValue || p.Rows != 7 || p.Rejected != 2 {
		t.Errorf("rejects are %+v of %d", p.Rejects, p.Rows)
	}
	if a, b := p.Entries[2].Reading.Quantity, p.Entries[3].Reading.Quantity; a == b {
		t.Errorf("women and men are both %s", a)
	}
	if a, b := p.Entries[0].Reading.Quantity, p.Entries[1].Reading.Quantity; a != b {
		t.Errorf("one indicator is %s and %s", a, b)
	}
}

// TestReadingsAgain: the same file twice brings nothing, and a file with another activity before
// gives the same names.
func TestReadingsAgain(t *testing.T) {
	b := string(water(t))
	p := read(t, []byte(b)).Readings(english)
	standing := map[readings.Key]bool{}
	for _, r := range p.Batches("T-1", nil) {
		if _, err := act.Prepare("a", r, 1); err != nil {
			t.Fatal(err)
		}
		readings.Keys(standing, r)
	}
	again := read(t, []byte(b)).Readings(Options{Lang: "en", Standing: standing})
	if len(again.Entries) != 0 || again.Already != 5 || len(again.Sources) != 0 {
		t.Errorf("again %d taken, %d already there", len(again.Entries), again.Already)
	}
	first, second := strings.Index(b, "<iati-activity "), strings.LastIndex(b, "<iati-activity>")
	end := strings.Index(b, "</iati-activities>")
	turned := b[:first] + b[second:end] + b[first:second] + b[end:]
	other := read(t, []byte(turned)).Readings(Options{Lang: "en", Standing: standing})
	if len(other.Entries) != 0 || other.Already != 5 {
		t.Errorf("in another order %d taken, %d already there", len(other.Entries), other.Already)
	}
	twice := read(t, []byte(b[:end]+b[first:second]+b[end:])).Readings(english)
	if len(twice.Entries) != 5 || twice.Rejected != 2+4+2 {
		t.Errorf("an activity twice: %d taken, %d rejected", len(twice.Entries), twice.Rejected)
	}
}

func TestProposals(t *testing.T) {
	out, rejects := read(t, water(t)).Proposals("T-1", english)
	if len(out) != 3 || len(rejects) != 2 || rejects[0].Reason != readings.NoValue || rejects[1].Reason != readings.NoDay {
		t.Fatalf("%d proposals, %+v", len(out), rejects)
	}
	for _, p := range out {
		w := p.Content.Watch
		if _, err := act.Prepare("a", act.Table{Element: "O-1", Content: p.Content}, 1); err != nil {
			t.Errorf("the proposal of line %d cannot be tabled: %v", p.Line, err)
		}
		r, err := compliance.Compile(w.Rule, []compliance.Quantity{{Name: w.Quantity, Unit: w.Unit}})
		if err != nil || r.Canonical() != w.Rule {
			t.Errorf("the rule %s is refused or not canonical: %v", w.Rule, err)
		}
	}
	hebrew := Options{Lang: "en", Langs: []text.Lang{"he", "fr"}}
	few, why := read(t, water(t)).Proposals("T-1", hebrew)
	if len(few) != 2 || len(why) != 3 || why[0].Reason != readings.NoWords {
		t.Errorf("in Hebrew and French there are %d proposals, %+v", len(few), why)
	}
	if c := few[0].Content; len(c.Title) != 1 || len(c.Source) != 2 || len(c.Watch.Owes) != 0 || len(c.Text) != 0 {
		t.Errorf("in Hebrew and French the first is %+v", c)
	}
	w := out[0].Content.Watch
	if w.Target != "40" || w.TargetOn != "2018-12-31" || w.Baseline != "12" || w.BaselineOn != "2015-12-31" || w.Owes.Best("en").Text != "Builders of the North" || w.Paragraph != "XX-EXAMPLE-WATER-1" {
		t.Errorf("the first watches %+v", w)
	}
	if got := out[0].Content.Text.Best("en").Text; got != "Number · of which ten deep" {
		t.Errorf("its words are %q", got)
	}
	if w := out[2].Content.Watch; !strings.Contains(w.Rule, ".down_by(10") || w.Unit != "%" || w.BaselineOn != "2016-06-30" {
		t.Errorf("less is better, and it watches %+v", w)
	}
	p := read(t, water(t)).Readings(english)
	if out[0].Content.Watch.Quantity != p.Entries[0].Reading.Quantity {
		t.Errorf("what is aimed at is %s, what is reached %s", out[0].Content.Watch.Quantity, p.Entries[0].Reading.Quantity)
	}
}

func TestReadRefuses(t *testing.T) {
	const open = `<iati-activities version="2.03">`
	for _, c := range []struct{ name, src, want string }{
		{"nothing", "", "the file is empty"},
		{"another root", "<html/>", "“html” is no list of IATI activities"},
		{"version 1", `<iati-activities version="1.05"/>`, "of IATI version “1.05”"},
		{"a document type", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + open + `</iati-activities>`, "line 1: the file has a document type"},
		{"an entity", open + `<iati-activity><title><narrative>&a;</narrative></title></iati-activity></iati-activities>`, "damaged"},
		{"cut off", open + "\n<iati-activity>\n<result>", "line 3: the file is"},
		{"wrongly closed", open + "<iati-activity></result></iati-activities>", "damaged"},
		{"deep", open + strings.Repeat("<a>", MaxDepth) + strings.Repeat("</a>", MaxDepth) + "</iati-activities>", "more than 24 deep"},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?>` + open + "</iati-activities>", "not in UTF-8"},
		{"long words", open + "<iati-activity><title><narrative>" + strings.Repeat("a", MaxWords+1) + "</narrative></title></iati-activity></iati-activities>", "longer than 16384 bytes"},
		{"two roots", open + "</iati-activities><html/>", "“html” is no list"},
		{"many parts", open + "<iati-activity><result><indicator>" + strings.Repeat("<period/>", MaxParts) + "</indicator></result></iati-activity></iati-activities>", "more than 500000"},
		{"many activities", open + strings.Repeat("<iati-activity/>", MaxActivities+1) + "</iati-activities>", "more than 20000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read([]byte(c.src), english)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Nothing was taken") {
				t.Errorf("got %v; want it to say %q", err, c.want)
			}
		})
	}
	if _, err := Read(make([]byte, MaxBytes+1), english); err == nil {
		t.Error("a file past the bound is read")
	}
	stop := errors.New("enough")
	if _, err := Read(water(t), Options{Lang: "en", Progress: func(done, of int) error {
		if of != len(water(t)) || done > of {
			t.Errorf("%d of %d bytes", done, of)
		}
		return stop
	}}); !errors.Is(err, stop) {
		t.Errorf("stopping gives %v", err)
	}
}

// TestRealActivities reads ten real activities of a development bank.
func TestRealActivities(t *testing.T) {
	dir := os.Getenv("ENTENTE_CORPUS")
	if dir == "" {
		dir = "../../../../shared/data"
	}
	b, err := os.ReadFile(filepath.Join(dir, "workplans", "iati-afdb-agriculture.xml"))
	if err != nil {
		t.Skip("the activities are not here: set ENTENTE_CORPUS to a folder that has workplans/ to run this")
	}
	f := read(t, b)
	if f.Counts() != (Counts{Activities: 10, Results: 29, Indicators: 29, Periods: 58, Targets: 29, Actuals: 29}) {
		t.Errorf("read %+v", f.Counts())
	}
	p := f.Readings(english)
	out, rejects := f.Proposals("T-1", english)
	if len(p.Entries) != 29 || len(p.Rejects) != 0 || len(out) != 29 || len(rejects) != 0 {
		t.Errorf("%d readings, %v; %d proposals, %v", len(p.Entries), p.Rejects, len(out), rejects)
	}
	names := map[string]bool{}
	for i, e := range p.Entries {
		names[e.Reading.Quantity] = true
		if w := out[i].Content.Watch; w.Quantity != e.Reading.Quantity || w.Unit != e.Reading.Unit || e.Reading.AsOf > "2016-11-29" {
			t.Errorf("%+v is watched by %+v", e.Reading, w)
		}
		if _, err := act.Prepare("a", act.Table{Element: "O-1", Content: out[i].Content}, 1); err != nil {
			t.Error(err)
		}
	}
	if len(names) != 29 {
		t.Errorf("%d names of 29 indicators", len(names))
	}
}

// FuzzRead: whatever bytes come, Read answers, and acts can hold what it gives.
func FuzzRead(f *testing.F) {
	f.Add(water(f))
	f.Add([]byte(`<iati-activities version="2.01"><iati-activity><result><indicator><period><period-end iso-date="2016-01-01"/><actual value="1"/><target value="2"/></period></indicator></result></iati-activity></iati-activities>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Read(b, english)
		if err != nil {
			return
		}
		for _, r := range file.Readings(english).Batches("T-1", nil) {
			if _, err := act.Prepare("a", r, 1); err != nil {
				t.Fatal(err)
			}
		}
		out, _ := file.Proposals("T-1", english)
		for _, p := range out {
			if _, err := act.Prepare("a", act.Table{Element: "O-1", Content: p.Content}, 1); err != nil {
				t.Fatal(err)
			}
		}
	})
}
