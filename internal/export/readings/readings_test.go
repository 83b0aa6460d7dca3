package readings

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/export/sheet"
	"entente/marking"
	"entente/party"

	"pgregory.net/rapid"
)

// read reads CSV, suggests a mapping, lets it be changed, and makes a preview.
func read(t testing.TB, src string, change func(*Mapping), o Options) *Preview {
	t.Helper()
	table, err := sheet.Read([]byte(src), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := Suggest(table)
	if change != nil {
		change(&m)
	}
	p, err := Read(table, m, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// entries shows what was taken: "2 heavy_water <= 130 t 2016-02-24 B2 (Report, p. 3)".
func entries(p *Preview) string {
	var out []string
	for _, e := range p.Entries {
		r, c := e.Reading, p.Sources[e.Source]
		s := fmt.Sprintf("%d %s %s %s %s %s", e.Row, r.Quantity, r.Sign, r.Value, r.Unit, r.AsOf)
		if r.Reported != "" {
			s += " reported " + string(r.Reported)
		}
		if !r.Grade.IsZero() {
			s += " " + r.Grade.String()
		}
		s += " (" + c.Title
		if c.Place != "" {
			s += ", " + c.Place
		}
		out = append(out, s+") "+r.Note)
	}
	return strings.Join(out, "\n")
}

const stocks = `Report date,As of,Source,Page,Quantity,Operator,Value,Unit,Reliability,Credibility,Note
2016-02-26,2016-02-17,First report,p. 3,heavy_water_stock,=,130.9,tonnes,B,2,first
2016-02-26,24 February 2016,First report,p. 3,heavy_water_stock,<,130,tonnes,b,2,
27/05/2016,2016-05-09,Second report,,Heavy water stock,,≤ 117 tonnes,,,,
`

func TestRead(t *testing.T) {
	p := read(t, stocks, nil, Options{})
	want := "2 heavy_water_stock = 130.9 t 2016-02-17 reported 2016-02-26 B2 (First report, p. 3) first\n" +
		"3 heavy_water_stock < 130 t 2016-02-24 reported 2016-02-26 B2 (First report, p. 3) \n" +
		"4 heavy_water_stock <= 117 t 2016-05-09 reported 2016-05-27 (Second report) "
	if entries(p) != want || len(p.Rejects) != 0 || p.Rows != 3 || len(p.Sources) != 2 {
		t.Errorf("read\n%s\nof %d rows, %v, %v\nwant\n%s", entries(p), p.Rows, p.Sources, p.Rejects, want)
	}
	names, counts := p.Counts()
	if len(names) != 1 || counts["heavy_water_stock"] != 3 {
		t.Errorf("counts are %v", counts)
	}
}

// TestRename: one file's two names for two forms of a thing become one quantity in two units.
func TestRename(t *testing.T) {
	src := "date,quantity,value,unit,source\n2016-05-27,enriched_uranium_stock_UF6,≤300,kg UF6,a\n2017-02-18,enriched_uranium_stock_U,101.7,kg U,a\n"
	p := read(t, src, func(m *Mapping) {
		m.Quantities = map[string]string{"enriched_uranium_stock_UF6": "enriched_uranium_stock", "enriched_uranium_stock_U": "enriched_uranium_stock"}
	}, Options{})
	want := "2 enriched_uranium_stock <= 300 kg{UF6} 2016-05-27 (a) \n3 enriched_uranium_stock = 101.7 kg{U} 2017-02-18 (a) "
	if entries(p) != want {
		t.Errorf("read\n%s\nwant\n%s", entries(p), want)
	}
}

// TestSuggestFor: names and units of a file become those that the agreement knows.
func TestSuggestFor(t *testing.T) {
	table, err := sheet.Read([]byte("date,quantity,value,unit,source\n2016-05-27,enriched_uranium_stock_UF6,≤300,kg UF6,a\n2017-02-18,enriched_uranium_stock_U,101.7,kg U,a\n"+
		"2017-05-27,Max enrichment level,≤3.67,% U-235,a\n2017-05-27,heavy_water_stock,5,tonnes,a\n2017-05-27,heavy water,5,t,a\n"), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := SuggestFor(table, table.Suggest(), []compliance.Quantity{{Name: "enriched_uranium_stock", Unit: "kg{U}"}, {Name: "max_enrichment_level", Unit: "%"}, {Name: "heavy_water_stock", Unit: "t"}})
	quantities := map[string]string{"enriched_uranium_stock_UF6": "enriched_uranium_stock", "enriched_uranium_stock_U": "enriched_uranium_stock",
		"Max enrichment level": "max_enrichment_level", "heavy water": "heavy_water"}
	units := map[string]string{"kg UF6": "kg{UF6}", "kg U": "kg{U}", "% U-235": "%", "tonnes": "t"}
	if !reflect.DeepEqual(m.Quantities, quantities) || !reflect.DeepEqual(m.Units, units) {
		t.Errorf("suggested %v and %v", m.Quantities, m.Units)
	}
}

// TestRejects: every row that cannot be taken is told with its place, value and reason.
func TestRejects(t *testing.T) {
	const head = "as of,quantity,sign,value,unit,source,grade,note\n"
	for _, c := range []struct {
		row, want string // the place, the value and the reason
	}{
		{"2017-01-01,water,=,5,t,a,,", ""},
		{"3/4/2017,water,=,5,t,a,,", "A2 “3/4/2017” ambiguous day"},
		{",water,=,5,t,a,,", "A2 “” no day"},
		{"2017-01-01,Wasser,=,5,t,a,,", ""},
		{"2017-01-01,€,=,5,t,a,,", "B2 “€” bad quantity"},
		{"2017-01-01,,=,5,t,a,,", "B2 “” no quantity"},
		{"2017-01-01,water,!,5,t,a,,", "C2 “!” bad sign"},
		{"2017-01-01,water,=,≤5,t,a,,", "D2 “≤5” two signs"},
		{"2017-01-01,water,=,,t,a,,", "D2 “” no value"},
		{"2017-01-01,water,=,#VALUE!,t,a,,", "D2 “#VALUE!” fault"},
		{"2017-01-01,water,=,#REF!,t,a,,", "D2 “#REF!” fault"},
		{"2017-01-01,water,=,\"1,234\",t,a,,", "D2 “1,234” ambiguous number"},
		{"2017-01-01,water,=,about 5,t,a,,", "D2 “about 5” vague"},
		{"2017-01-01,water,=,5 kg,t,a,,", "D2 “5 kg” two units"},
		{"2017-01-01,water,=,5,,a,,", "D2 “5” no unit"},
		{"2017-01-01,water,=,5,t,,,", "F2 “” no source"},
		{"2017-01-01,water,=,5,t,a,G7,", "G2 “G7” bad grade"},
		{"2017-01-01,water,=,5,t,a,,x\u202ey", "H2 “x\u202ey” bad text"},
		{"2017-01-01,water,=,5,t,a,," + strings.Repeat("x", act.MaxReason+1), "H2 “" + strings.Repeat("x", maxShown) + "…” long text"},
		{"2017-01-01,water,=,5,t,a,,n,beyond", "I2 “beyond” beyond"},
	} {
		p := read(t, head+c.row+"\n", func(m *Mapping) { m.Decimal = "" }, Options{})
		var got []string
		for _, r := range p.Rejects {
			got = append(got, fmt.Sprintf("%s “%s” %s", r.Place(), r.Value, r.Reason))
		}
		if strings.Join(got, "; ") != c.want || len(p.Entries)+len(got) != 1 || p.Rejected != len(got) {
			t.Errorf("%q gives %q and %q, %d rejected; want %q", c.row, got, entries(p), p.Rejected, c.want)
		}
	}
}

func TestHalfGrade(t *testing.T) {
	p := read(t, "date,quantity,value,unit,source,reliability,credibility\n2017-01-01,w,5,t,a,B,\n2017-01-01,w,6,t,a,,3\n", nil, Options{})
	if len(p.Entries) != 0 || p.Rejected != 2 || p.Rejects[0].Reason != HalfGrade || p.Rejects[1].Reason != HalfGrade {
		t.Errorf("half grades give %v", p.Rejects)
	}
}

// TestRejectsAreBounded: what is not told is counted.
func TestRejectsAreBounded(t *testing.T) {
	p := read(t, "date,quantity,value,unit,source\n"+strings.Repeat("never,w,5,t,a\n", MaxRejects+7), nil, Options{})
	if len(p.Rejects) != MaxRejects || p.Untold != 7 || p.Rejected != MaxRejects+7 {
		t.Errorf("%d told, %d untold, %d rejected", len(p.Rejects), p.Untold, p.Rejected)
	}
}

// TestBroad: a broad table gives several readings a row, under conditions, with words for values.
func TestBroad(t *testing.T) {
	src := "place,done,women,men,status\nA,2019-03-15,10,20,Complete\nB,2019-03-16,,7,Complete\nC,2019-03-17,1,2,Planned\n"
	p := read(t, src, func(m *Mapping) {
		*m = Mapping{Version: 1, First: 1, Last: 1, Blank: true,
			Columns: []Use{{Column: "A", Field: Note}, {Column: "E", Field: Note}, {Column: "B", Field: AsOf},
				{Column: "C", Field: Value, Quantity: "women", Unit: "{person}"}, {Column: "D", Field: Value, Quantity: "men", Unit: "{person}"},
				{Column: "E", Field: Value, Quantity: "progress", Unit: "{score}"}},
			Constants: map[Field]string{Title: "Matrix", Grade: "C3"}, Values: map[string]string{"Complete": "3"},
			Where: []Condition{{Column: "E", Is: []string{"Complete"}}}}
	}, Options{})
	want := "2 women = 10 {person} 2019-03-15 C3 (Matrix) A · Complete\n2 men = 20 {person} 2019-03-15 C3 (Matrix) A · Complete\n2 progress = 3 {score} 2019-03-15 C3 (Matrix) A · Complete\n" +
		"3 men = 7 {person} 2019-03-16 C3 (Matrix) B · Complete\n3 progress = 3 {score} 2019-03-16 C3 (Matrix) B · Complete"
	if entries(p) != want || p.Blank != 1 || p.Passed != 1 || p.Rejected != 0 {
		t.Errorf("read\n%s\n%d blank, %d passed over, %v\nwant\n%s", entries(p), p.Blank, p.Passed, p.Rejects, want)
	}
}

// TestRowIsWhole: a row with one bad value gives none of its others.
func TestRowIsWhole(t *testing.T) {
	p := read(t, "date,a,b,source\n2019-03-15,1,x,s\n2019-03-16,1,2,s\n", func(m *Mapping) {
		m.Columns = []Use{{Column: "A", Field: AsOf}, {Column: "B", Field: Value, Quantity: "a", Unit: "1"}, {Column: "C", Field: Value, Quantity: "b", Unit: "1"}, {Column: "D", Field: Title}}
	}, Options{})
	if len(p.Entries) != 2 || p.Entries[0].Row != 3 || p.Rejected != 1 || len(p.Rejects) != 1 {
		t.Errorf("read %s, %v", entries(p), p.Rejects)
	}
}

func TestRepeats(t *testing.T) {
	p := read(t, "date,quantity,value,unit,source\n2017-01-01,w,5,t,a\n2017-01-01,w,5.0,t,a\n2017-01-01,w,5,t,b\n", nil, Options{})
	if len(p.Entries) != 2 || len(p.Rejects) != 1 || p.Rejects[0].Reason != Repeat || p.Rejects[0].Detail != "2" || p.Rejects[0].Place() != "row 3" {
		t.Errorf("repeats give %s, %v", entries(p), p.Rejects)
	}
}

func TestMappingChecks(t *testing.T) {
	ok := func() Mapping {
		return Mapping{Version: 1, First: 1, Last: 1, Columns: []Use{{Column: "A", Field: AsOf}, {Column: "B", Field: Value, Quantity: "w", Unit: "t"}}}
	}
	for _, c := range []struct {
		change func(*Mapping)
		want   string
	}{
		{func(m *Mapping) {}, ""},
		{func(m *Mapping) { m.Version = 2 }, "of version 2"},
		{func(m *Mapping) { m.Last = 0 }, "rows 1 to 0"},
		{func(m *Mapping) { m.Days = "ymd" }, "no order of days"},
		{func(m *Mapping) { m.Decimal = ";" }, "no decimal mark"},
		{func(m *Mapping) { m.Columns[0].Column = "1" }, "is no column"},
		{func(m *Mapping) { m.Columns[0].Field = "colour" }, "no part of a reading"},
		{func(m *Mapping) { m.Columns[0].Unit = "t" }, "holds no values"},
		{func(m *Mapping) { m.Columns = append(m.Columns, Use{Column: "C", Field: AsOf}) }, "two columns are said to hold the asOf"},
		{func(m *Mapping) { m.Columns = append(m.Columns, Use{Column: "A", Field: AsOf}) }, "twice"},
		{func(m *Mapping) { m.Columns = m.Columns[:1] }, "no column holds the value"},
		{func(m *Mapping) { m.Columns = m.Columns[1:] }, "no column holds the day"},
		{func(m *Mapping) { m.Columns[1].Quantity = "" }, "which quantity the values of column B"},
		{func(m *Mapping) { m.Columns[1].Quantity = "W" }, "no name of a quantity"},
		{func(m *Mapping) { m.Columns[1].Unit = "kg U" }, "which is none"},
		{func(m *Mapping) { m.Quantities = map[string]string{"a": "B"} }, "no name of a quantity"},
		{func(m *Mapping) { m.Units = map[string]string{"a": ""} }, "which is no unit"},
		{func(m *Mapping) { m.Constants = map[Field]string{Value: "1"} }, "no constant"},
		{func(m *Mapping) { m.Where = []Condition{{Column: "?"}} }, "is no column"},
	} {
		m := ok()
		c.change(&m)
		err := m.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	m := ok()
	table, err := sheet.Read([]byte("a\n1\n"), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(table, m, Options{}); err == nil || !strings.Contains(err.Error(), "the table ends with A") {
		t.Errorf("a column past the table gives %v", err)
	}
	if m.Sheet = "Other"; true {
		if _, err := Read(table, m, Options{}); err == nil || !strings.Contains(err.Error(), "of the sheet “Other”") {
			t.Errorf("another sheet gives %v", err)
		}
	}
}

func TestMappingSavedAndFitted(t *testing.T) {
	table, err := sheet.Read([]byte(stocks), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := Suggest(table)
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseMapping(b)
	if err != nil || !reflect.DeepEqual(back, m) {
		t.Errorf("%s is read back as %+v, %v", b, back, err)
	}
	for _, bad := range []string{`{`, `{"version":1,"colour":1}`, string(b) + `{}`, `[]`, strings.Repeat(" ", MaxMapping+1)} {
		if _, err := ParseMapping([]byte(bad)); err == nil {
			t.Errorf("%.40q is taken for a mapping", bad)
		}
	}
	moved, err := sheet.Read([]byte("title,,\n\nValue,Reliability,Note,Credibility,Unit,Operator,Quantity,Page,Source,As of,Report date\n5,B,n,2,tonnes,<,heavy_water_stock,p,s,2016-01-01,2016-01-02\n"), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := m.Fit(moved.Suggest())
	if err != nil {
		t.Fatal(err)
	}
	p, err := Read(moved, fitted, Options{})
	if err != nil || entries(p) != "4 heavy_water_stock < 5 t 2016-01-01 reported 2016-01-02 B2 (s, p) n" {
		t.Errorf("the mapping fitted to another file gives %s, %v", entries(p), err)
	}
	if _, err := m.Fit(sheet.Head{First: 1, Last: 1, Columns: []sheet.Column{{Name: "x"}}}); err == nil || !strings.Contains(err.Error(), "the file has no column") {
		t.Errorf("another form of file gives %v", err)
	}
}

func TestReadStops(t *testing.T) {
	enough := errors.New("enough")
	table, err := sheet.Read([]byte("date,quantity,value,unit,source\n"+strings.Repeat("2017-01-01,w,5,t,a\n", 2500)), sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var said []int
	if _, err := Read(table, Suggest(table), Options{Progress: func(done, of int) error { said = append(said, done, of); return nil }}); err != nil || fmt.Sprint(said) != "[1000 2500 2000 2500 2500 2500]" {
		t.Errorf("progress was %v, %v", said, err)
	}
	if _, err := Read(table, Suggest(table), Options{Progress: func(int, int) error { return enough }}); !errors.Is(err, enough) {
		t.Errorf("stopping gives %v", err)
	}
}

// tables are files with rows good and bad.
func tables() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		b.WriteString("as of,quantity,value,unit,source,quote,note\n")
		for range rapid.IntRange(0, 60).Draw(t, "rows") {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n",
				rapid.SampledFrom([]string{"2017-01-01", "2017-01-02", "3/4/2017", "2018-05-06", ""}).Draw(t, "day"),
				rapid.SampledFrom([]string{"w", "v", "Big one", "€"}).Draw(t, "quantity"),
				rapid.SampledFrom([]string{"5", "≤7", "x", "", "0.25", "1e3"}).Draw(t, "value"),
				rapid.SampledFrom([]string{"t", "kg U", ""}).Draw(t, "unit"),
				rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "source"),
				strings.Repeat("long words ", rapid.IntRange(0, 300).Draw(t, "quote")),
				strings.Repeat("note ", rapid.IntRange(0, 700).Draw(t, "note")))
		}
		return b.String()
	})
}

// TestBatchesProperty: every row is taken, rejected or counted; acts can hold the batches, which
// have the entries in their order; and a second import of the same file brings nothing.
func TestBatchesProperty(t *testing.T) {
	label := marking.New(marking.Amber, "US", "IL")
	rapid.Check(t, func(t *rapid.T) {
		src := tables().Draw(t, "file")
		table, err := sheet.Read([]byte(src), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m := Suggest(table)
		if m.Check() != nil {
			return // nothing but a head
		}
		p, err := Read(table, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Entries)+p.Rejected != p.Rows {
			t.Fatalf("%d taken and %d rejected of %d rows", len(p.Entries), p.Rejected, p.Rows)
		}
		standing, n := map[Key]bool{}, 0
		for _, report := range p.Batches("T-1", &label) {
			if _, err := act.Prepare(party.Person("a.person-of-a-long-name"), report, act.MaxParties-1); err != nil {
				t.Fatalf("a batch of %d readings: %v", len(report.Readings), err)
			}
			for _, r := range report.Readings {
				want := p.Entries[n].Reading
				if report.Sources[r.Source] != p.Sources[p.Entries[n].Source] {
					t.Fatalf("reading %d has another source", n)
				}
				if r.Source = 0; !reflect.DeepEqual(r, want) {
					t.Fatalf("reading %d is %v, not %v", n, r, want)
				}
				n++
			}
			Keys(standing, report)
		}
		again, err := Read(table, m, Options{Standing: standing})
		if err != nil || n != len(p.Entries) || len(again.Entries) != 0 || again.Already < n {
			t.Fatalf("%d of %d entries in batches; again %d taken, %d already there, %v", n, len(p.Entries), len(again.Entries), again.Already, err)
		}
	})
}

// TestBatchesAreFull: batches are as large as acts allow, nearly.
func TestBatchesAreFull(t *testing.T) {
	var b strings.Builder
	b.WriteString("as of,quantity,value,unit,source\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "2017-01-01,heavy_water_stock,%d,t,report\n", i)
	}
	p := read(t, b.String(), nil, Options{})
	batches := p.Batches("T-1", nil)
	if len(batches) > 8 || len(p.Entries) != 5000 {
		t.Errorf("%d readings take %d acts", len(p.Entries), len(batches))
	}
}

// TestReasons: each reason has words of its own, and place for its detail where it has one.
func TestReasons(t *testing.T) {
	said := map[string]Reason{}
	for _, r := range Reasons() {
		f := fault{r, "THIS"}
		if f.says() == string(r) || strings.Contains(f.says(), "%s") || said[f.says()] != "" {
			t.Errorf("%s says %q", r, f.says())
		}
		said[f.says()] = r
	}
}

func TestParseValue(t *testing.T) {
	sign, value, unit, why, _ := ParseValue("≤ 1,234 t", ".")
	if sign != act.AtMost || value != "1234" || unit != "t" || why != "" {
		t.Errorf("read %v %q %q %q", sign, value, unit, why)
	}
	if _, _, _, why, detail := ParseValue("about 5", ""); why != Vague || detail != "about" {
		t.Errorf("“about 5” is %q of %q", why, detail)
	}
	r := NewReject(12, "the activity X", Value, strings.Repeat("x", 500), Vague, "about")
	if r.Place() != "line 12" || len(r.Value) > maxShown+3 || !strings.Contains(r.Says, "“about”") {
		t.Errorf("a reject without a row is %+v", r)
	}
}

// TestOwnColumns: the columns of our own export of observations are found again.
func TestOwnColumns(t *testing.T) {
	p := read(t, "quantity,sign,value,unit,as of,reported,grade,title,document,place,address,quote,note,party,person,entered\n"+
		"w,<=,1234,t,2017-01-01,2017-01-09,B2,Report,D/1,p. 3,https://example.org/,its words,n,US,a.b,2017-01-10\n", nil, Options{})
	want := act.Citation{Title: "Report", Document: "D/1", Place: "p. 3", Address: "https://example.org/", Quote: "its words"}
	if entries(p) != "2 w <= 1234 t 2017-01-01 reported 2017-01-09 B2 (Report, p. 3) n" || p.Sources[0] != want {
		t.Errorf("read %s of %+v, %v", entries(p), p.Sources, p.Rejects)
	}
}

// FuzzRead: whatever file and mapping come, Read answers, and acts can hold what it gives.
func FuzzRead(f *testing.F) {
	f.Add(stocks, []byte(`{"version":1,"first":1,"last":1,"columns":[{"column":"B","field":"asOf"},{"column":"G","field":"value","quantity":"w","unit":"t"}],"constants":{"title":"a"}}`))
	f.Add("a;b\n1,5;2017-01-01\n", []byte(`{}`))
	f.Fuzz(func(t *testing.T, src string, saved []byte) {
		table, err := sheet.Read([]byte(src), sheet.Options{})
		if err != nil {
			return
		}
		m, err := ParseMapping(saved)
		if err != nil {
			m = Suggest(table)
		}
		p, err := Read(table, m, Options{Source: act.Citation{Title: "a"}})
		if err != nil {
			return
		}
		for _, report := range p.Batches("T-1", nil) {
			if _, err := act.Prepare("a", report, 1); err != nil {
				t.Fatal(err)
			}
		}
	})
}
