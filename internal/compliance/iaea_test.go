package compliance

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"entente/act"
)

// rows reads a table of testdata: each row by the names in the head.
func rows(t testing.TB, name string) (out []map[string]string) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

// measured says which quantity, in which unit, each obligation of the table is about, and its rule in
// the plain form; a row that is not here cannot be told by anything measured.
var measured = map[string]struct {
	unit string
	form Form
	from act.Date
	to   act.Date
}{
	"O1":  {"{centrifuge}", Form{Kind: FormAtMost, Quantity: "centrifuges_natanz", Value: "5060"}, "2016-01-16", "2026-01-15"},
	"O3":  {"{centrifuge}", Form{Kind: FormAtMost, Quantity: "advanced_centrifuges_tested", Value: "30"}, "2024-07-16", ""},
	"O4":  {"%", Form{Kind: FormAtMost, Quantity: "enrichment_level", Value: "3.67"}, "2016-01-16", "2031-01-15"},
	"O5":  {"1", Form{Kind: FormNone, Quantity: "enrichment_fordow"}, "2016-01-16", "2031-01-15"},
	"O6":  {"{centrifuge}", Form{Kind: FormAtMost, Quantity: "centrifuges_fordow", Value: "1044"}, "2016-01-16", "2031-01-15"},
	"O7":  {"kg{UF6}", Form{Kind: FormAtMost, Quantity: "enriched_uranium", Value: "300"}, "2016-01-16", "2031-01-15"},
	"O7b": {"kg{U}", Form{Kind: FormAtMost, Quantity: "enriched_uranium", Value: "202.8"}, "2016-01-16", "2031-01-15"},
	"O8":  {"t", Form{Kind: FormAtMost, Quantity: "heavy_water", Value: "130", Near: "123.5"}, "2016-01-16", "2031-01-15"},
	"O9":  {"1", Form{Kind: FormNone, Quantity: "arak_original_design"}, "2016-01-16", ""},
	"O10": {"MW", Form{Kind: FormAtMost, Quantity: "arak_power", Value: "20"}, "2016-01-16", ""},
	"O11": {"1", Form{Kind: FormExactly, Quantity: "heavy_water_informed", Value: "1"}, "2016-01-16", ""},
	"O12": {"1", Form{Kind: FormNone, Quantity: "reprocessing"}, "2016-01-16", "2031-01-15"},
	"O13": {"1", Form{Kind: FormExactly, Quantity: "daily_access", Value: "1"}, "2016-01-16", "2031-01-15"},
	"M1":  {"1", Form{Kind: FormDone, Quantity: "adoption_day", By: "2015-10-18"}, "", ""},
	"M3":  {"1", Form{Kind: FormDone, Quantity: "transition_day", By: "2023-10-18"}, "", ""},
	"M4":  {"1", Form{Kind: FormDone, Quantity: "termination_day", By: "2025-10-18"}, "", ""},
}

var quantityOf = map[string]string{
	"heavy_water_stock": "heavy_water", "heavy_water_shipped_out": "heavy_water_shipped",
	"enriched_uranium_stock_UF6": "enriched_uranium", "enriched_uranium_stock_U": "enriched_uranium", "max_enrichment_level": "enrichment_level",
}
var unitOf = map[string]string{"tonnes": "t", "kg UF6": "kg{UF6}", "kg U": "kg{U}", "% U-235": "%"}

// refOf is the reference of a row: O-8 for O8, O-7.1 for O7b, O-101 for M1.
func refOf(id string) act.Ref {
	id = strings.Replace(id, "b", ".1", 1)
	if id[0] == 'M' {
		return act.Ref("O-10" + id[1:])
	}
	return act.Ref("O-" + id[1:])
}

// nuclear is the agreement with all its obligations and all readings, those of uranium and of other
// things entered by two parties in turn.
func nuclear(t testing.TB, change func(*act.Watch)) *world {
	w := newWorld(t, 2)
	w.agreement()
	for _, row := range rows(t, "jcpoa-obligations.csv") {
		if row["id"][0] == 'D' {
			continue
		}
		x := act.Watch{Paragraph: row["paragraph"]}
		if m, ok := measured[row["id"]]; ok {
			rule, err := m.form.Rule()
			if err != nil {
				t.Fatal(row["id"], err)
			}
			near, err := m.form.NearRule()
			if err != nil {
				t.Fatal(row["id"], err)
			}
			x.Quantity, x.Unit, x.Rule, x.Near, x.From, x.To = m.form.Quantity, m.unit, rule, near, m.from, m.to
			if change != nil {
				change(&x)
			}
		}
		c := act.Content{Kind: act.Obligation, Parent: "T-1", Title: en(row["obligation"]), Watch: &x}
		if got, err := NewBook(w.state()).Check(c); err != nil || got.Watch.Rule != x.Rule || got.Watch.Near != x.Near {
			t.Fatalf("%s is not let in: %v, %q for %q", row["id"], err, got.Watch.Rule, x.Rule)
		}
		w.agree(refOf(row["id"]), c)
	}
	for i, row := range rows(t, "iaea-readings.csv") {
		x := read{act.Date(row["as_of"]), strings.TrimPrefix(row["sign"], "=") + row["value"], func(r *act.Reading) { r.Reported = act.Date(row["reported"]) }}
		w.observe(i%2, "T-1", quantityOf[row["quantity"]], unitOf[row["unit"]], x)
	}
	return w
}

// days hands over every day of 2016 to 2018.
func days(f func(act.Date)) {
	from, _ := DayOf("2016-01-01")
	to, _ := DayOf("2018-12-31")
	for d := from; d <= to; d++ {
		f(d.Date())
	}
}

// among reports whether a day is in one of the ranges "from..to".
func among(d act.Date, ranges ...string) bool {
	for _, r := range ranges {
		if from, to, _ := strings.Cut(r, ".."); string(d) >= from && string(d) <= to {
			return true
		}
	}
	return false
}

// TestTheTwoCrossings asks every obligation of the table on every day of three years: only heavy water
// is ever exceeded, and on exactly these days.
func TestTheTwoCrossings(t *testing.T) {
	for _, fresh := range []uint32{0, 120} {
		w := nuclear(t, func(x *act.Watch) { x.Fresh = fresh })
		p := w.state()
		b := NewBook(p)
		days(func(d act.Date) {
			for _, f := range b.Verdicts("T-1", Today(d)) {
				want := f.Element == "O-8" && among(d, "2016-02-17..2016-02-23", "2016-11-08..2016-12-05")
				if got := f.Verdict == Exceeded; got != want {
					t.Errorf("fresh %d: %s on %s: %s", fresh, f.Element, d, f.Verdict)
				}
			}
			for _, f := range b.Verdicts("T-1", Moment{On: d, Known: KnownReported}) {
				want := f.Element == "O-8" && among(d, "2016-11-09..2016-12-05")
				if got := f.Verdict == Exceeded; got != want {
					t.Errorf("fresh %d: %s as reported by %s: %s", fresh, f.Element, d, f.Verdict)
				}
			}
		})
	}
}

// TestHeavyWaterDayByDay tells the whole history of one obligation.
func TestHeavyWaterDayByDay(t *testing.T) {
	w := nuclear(t, nil)
	p := w.state()
	o, ok := NewBook(p).Obligation(p, "O-8", Today("2018-12-31"), 0)
	if !ok {
		t.Fatal("no obligation")
	}
	var got []string
	for _, c := range o.History {
		got = append(got, string(c.On)+" "+c.Verdict.String())
	}
	want := []string{"2016-01-16 cannot tell", "2016-02-17 exceeded", "2016-02-24 within", "2016-11-08 exceeded", "2016-12-06 within", "2017-05-16 near", "2017-08-31 within"}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("history\n got %v\nwant %v", got, want)
	}
	if len(o.Episodes) != 2 {
		t.Fatalf("episodes %+v", o.Episodes)
	}
	first, second := o.Episodes[0], o.Episodes[1]
	if first.From != "2016-02-17" || first.Back != "2016-02-24" || first.Excess != "0.9" || first.Reported != "2016-02-26" {
		t.Errorf("first %+v", first)
	}
	if second.From != "2016-11-08" || second.Back != "2016-12-06" || second.Excess != "0.1" || second.Reported != "2016-11-09" || second.Before != "2016-05-09" {
		t.Errorf("second %+v", second)
	}
	o, _ = NewBook(p).Obligation(p, "O-8", Today("2017-12-12"), 0)
	if want := "114.4 t on 13 November 2017, 12 % below the limit. Up 3.4 t since 31 August 2017. Exceeded twice, last on 8 November 2016, by at most 0.9 t."; o.Headline.English != want {
		t.Errorf("headline\n got %s\nwant %s", o.Headline, want)
	}
	if len(o.Others) != 1 || o.Others[0].Quantity != "heavy_water_shipped" || o.Others[0].Points[0].Value != "20" || o.Others[0].Unit != "t" {
		t.Errorf("beside it: %+v", o.Others)
	}
	if want := "114.4 of 130 t"; o.Figure.English != want || o.Draw != "line" || o.Limit.Value != 130 || o.Near.Value != 123.5 {
		t.Errorf("figure %q, drawn as %s, limit %+v, near %+v", o.Figure, o.Draw, o.Limit, o.Near)
	}
}

// TestWhatEachObligationSays checks that every row of the table is either asked by a rule or says that
// nothing measured tells it.
func TestWhatEachObligationSays(t *testing.T) {
	w := nuclear(t, nil)
	p := w.state()
	b := NewBook(p)
	for _, row := range rows(t, "jcpoa-obligations.csv") {
		if row["id"][0] == 'D' {
			continue
		}
		o, ok := b.Obligation(p, refOf(row["id"]), Today("2018-12-31"), 0)
		if !ok {
			t.Errorf("%s is not here", row["id"])
			continue
		}
		if _, told := measured[row["id"]]; !told {
			if o.Verdict != CannotTell || o.Why != NoRule || o.Because.English == "" {
				t.Errorf("%s: %s (%s)", row["id"], o.Verdict, o.Why)
			}
			continue
		}
		if o.Rule == "" || o.InWords.English == "" || strings.Contains(o.InWords.English, "kept while") || o.Problem != "" {
			t.Errorf("%s: %q, %q, %q", row["id"], o.Rule, o.InWords, o.Problem)
		}
	}
	for ref, want := range map[act.Ref]Verdict{"O-4": Within, "O-7": Within, "O-7.1": Within, "O-1": CannotTell, "O-3": NotYetDue, "O-103": NotYetDue, "O-101": CannotTell} {
		if v, why := verdict(t, b, p, ref, "2018-12-31"); v != want {
			t.Errorf("%s: %s (%s), want %s", ref, v, why, want)
		}
	}
}

// TestUraniumInTwoUnits asks that a limit in kilograms of hexafluoride is told by readings in kilograms
// of uranium, exactly.
func TestUraniumInTwoUnits(t *testing.T) {
	w := nuclear(t, nil)
	w.observe(0, "T-1", "enriched_uranium", "kg{U}", read{"2018-12-01", "202.8", nil})
	w.observe(0, "T-1", "enriched_uranium", "kg{U}", read{"2018-12-10", "202.8001", nil})
	for ref, unit := range map[act.Ref]string{"O-7": "300", "O-7.1": "202.8"} {
		expect(t, w, ref, map[act.Date]Verdict{"2018-12-02": Within, "2018-12-10": Exceeded})
		p := w.state()
		if f, _ := NewBook(p).Finding(p, ref, Today("2018-12-02")); f.Value != unit {
			t.Errorf("%s reads %s, want %s", ref, f.Value, unit)
		}
	}
	p := w.state()
	f, _ := NewBook(p).Finding(p, "O-7", Today("2018-12-02"))
	want := "enriched_uranium.latest() = 300 (2018-12-01); 202.8 kg{U} = 300 kg{UF6}; 300 ∈ (−∞, 300]"
	if got := strings.Join(f.Weighing.Steps, "; "); got != want || f.Weighing.Holds != "holds" {
		t.Errorf("arithmetic\n got %s\nwant %s", got, want)
	}
}

// TestTheBoard counts what stands on the monitor's first page.
func TestTheBoard(t *testing.T) {
	w := nuclear(t, func(x *act.Watch) { x.Every = 100 })
	p := w.state()
	board, ok := NewBook(p).Board(p, "T-1", Today("2017-12-12"), 0)
	if !ok || board.Total != 18 || len(board.Cards) != 18 {
		t.Fatalf("board of %d, %d cards", board.Total, len(board.Cards))
	}
	n := 0
	for _, c := range board.Counts {
		n += c.N
	}
	if n != 18 || board.Headline.English != "None near its limit, exceeded or disputed." {
		t.Errorf("%d in %+v: %s", n, board.Counts, board.Headline)
	}
	if len(board.Calendar) == 0 || board.Calendar[0].Overdue == 0 || board.Next == nil || board.Next.On < "2017-12-12" {
		t.Errorf("calendar %+v, next %+v", board.Calendar, board.Next)
	}
}
