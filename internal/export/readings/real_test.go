package readings

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"entente/internal/export/sheet"
)

// corpus reads a file of other people's, which is no part of this repository. Where there is
// none the test is left out.
func corpus(t testing.TB, name string) *sheet.Table {
	t.Helper()
	dir := os.Getenv("ENTENTE_CORPUS")
	if dir == "" {
		dir = "../../../../shared/data"
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Skipf("%s is not here: set ENTENTE_CORPUS to a folder that has it to run this", name)
	}
	table, err := sheet.Read(b, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestRealStocks: figures of the verification of an agreement, as public pages quote them, are read
// whole by the mapping that is suggested, with the two names of one stock made one.
func TestRealStocks(t *testing.T) {
	table := corpus(t, "iaea/iaea-figures-2016-2018.csv")
	m := Suggest(table)
	m.Quantities = map[string]string{"enriched_uranium_stock_U": "enriched_uranium_stock", "enriched_uranium_stock_UF6": "enriched_uranium_stock"}
	p, err := Read(table, m, Options{})
	if err != nil || len(p.Entries) != 21 || len(p.Rejects) != 0 {
		t.Fatalf("%d of 21 readings, %v, %v", len(p.Entries), p.Rejects, err)
	}
	_, counts := p.Counts()
	if counts["heavy_water_stock"] != 11 || counts["enriched_uranium_stock"] != 6 || counts["max_enrichment_level"] != 3 || counts["heavy_water_shipped_out"] != 1 {
		t.Errorf("counts are %v", counts)
	}
	first := p.Entries[0].Reading
	if first.Value != "130.9" || first.Unit != "t" || first.AsOf != "2016-02-17" || first.Reported != "2016-02-26" || p.Sources[p.Entries[0].Source].Quote == "" {
		t.Errorf("the first is %+v of %+v", first, p.Sources[p.Entries[0].Source])
	}
	if n := len(p.Batches("T-1", nil)); n != 1 {
		t.Errorf("they take %d acts", n)
	}
}

// TestRealMatrix: people reached by each of thousands of activities, with dirt that is told row by row.
func TestRealMatrix(t *testing.T) {
	table := corpus(t, "workplans/ocha-mozambique-response-tracking-matrix-2019.xlsx")
	m := Suggest(table)
	if at := m.column(Value); at != 24 || m.column(AsOf) != 27 {
		t.Fatalf("people reached are looked for in column %s, the day in %s", sheet.ColumnName(at), sheet.ColumnName(m.column(AsOf)))
	}
	m.Columns = []Use{{Column: "Y", Field: Value, Quantity: "people_reached", Unit: "{person}"}, {Column: "AB", Field: AsOf},
		{Column: "A", Field: Note}, {Column: "D", Field: Note}, {Column: "I", Field: Note}}
	m.Constants = map[Field]string{Title: "Response tracking matrix"}
	m.Where = []Condition{{Column: "AC", Is: []string{"Concluído"}}}
	p, err := Read(table, m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Entries)+p.Rejected+p.Passed != p.Rows || p.Rows != 8391 {
		t.Errorf("%d taken, %d rejected and %d passed over of %d rows", len(p.Entries), p.Rejected, p.Passed, p.Rows)
	}
	// Counted without the code above: done, with a whole number and a day in one form. Five more are
	// half people, or days in two other forms, which the file has side by side.
	plain, others := 0, map[int]string{}
	for _, r := range table.Rows {
		if _, err := strconv.Atoi(r.Cell(24)); err == nil && r.Cell(28) == "Concluído" && len(r.Cell(27)) == len("2019-03-15") && r.Cell(27)[4] == '-' {
			plain++
		} else {
			others[r.Number] = r.Cell(27)
		}
	}
	for _, e := range p.Entries {
		if written := others[e.Row]; e.Row == 636 && (written != "17/04/2019" || e.Reading.AsOf != "2019-04-17") ||
			e.Row == 7587 && (written != "5/14/2019" || e.Reading.AsOf != "2019-05-14") {
			t.Errorf("%q is read as %s", written, e.Reading.AsOf)
		}
	}
	if plain != 4875 || len(p.Entries) != plain+5 || m.Days != Unstated {
		t.Errorf("%d taken; %d activities are done and say plainly how many people and when", len(p.Entries), plain)
	}
	reasons := map[Reason]int{}
	for _, r := range p.Rejects {
		reasons[r.Reason]++
	}
	if reasons[TwoUnits] == 0 || reasons[NoDay] == 0 {
		t.Errorf("“21 Kits” and missing days are not told: %v", reasons)
	}
}
