package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// styled makes a style of a number format.
func styled(t testing.TB, f *excelize.File, code string) int {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// workbook makes a workbook of two sheets, with a head of two rows, formats, a formula and an
// error.
func workbook(t testing.TB, name string) []byte {
	t.Helper()
	f := excelize.NewFile()
	set := func(cell string, v any, style int) {
		t.Helper()
		if err := f.SetCellValue(name, cell, v); err != nil {
			t.Fatal(err)
		}
		if style == 0 {
			return // the library's own, if any
		}
		if err := f.SetCellStyle(name, cell, cell, style); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet(name); err != nil {
		t.Fatal(err)
	}
	set("A1", "Stocks of 2017", 0)
	set("A3", "Reading", 0)
	set("C3", "When", 0)
	for cell, s := range map[string]string{"A4": "Quantity", "B4": "Value", "C4": "As of", "D4": "Entered", "E4": "Share"} {
		set(cell, s, 0)
	}
	day := time.Date(2017, 2, 18, 13, 30, 0, 0, time.UTC)
	set("A5", "heavy water", 0)
	set("B5", 124.29999999999999, styled(t, f, `0" t"`))
	set("C5", day, styled(t, f, `dd/mm/yy;@`))
	set("D5", day, styled(t, f, `m/d/yyyy h:mm AM/PM`))
	set("E5", 0.0367, styled(t, f, `0%`))
	set("A7", "uranium", 0)
	set("B7", 101.7, styled(t, f, `[Red]#,##0`))
	set("C7", day, 0)
	for _, err := range []error{
		f.MergeCell(name, "A3", "B3"), f.MergeCell(name, "C3", "D3"),
		f.SetCellFormula(name, "B8", "1/0"), f.SetColWidth(name, "A", "A", 30),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f.SetActiveSheet(1)
	if err := f.SetSheetVisible("Sheet1", false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// altered gives a workbook with some part changed.
func altered(t testing.TB, b []byte, part string, change func(string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	found := false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		src, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text := string(src)
		if f.Name == part {
			found = true
			text = change(text)
		}
		p, err := w.Create(f.Name)
		if err == nil {
			_, err = p.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || !found {
		t.Fatalf("no part %s, or %v", part, err)
	}
	return out.Bytes()
}

// inPart is the place of a byte in the middle of a packed part.
func inPart(t testing.TB, b []byte, part string) int64 {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if at, err := f.DataOffset(); err == nil && f.Name == part {
			return at + int64(f.CompressedSize64/2)
		}
	}
	t.Fatalf("no part %s", part)
	return 0
}

const sheet2 = "xl/worksheets/sheet2.xml"

func TestReadXLSX(t *testing.T) {
	b := workbook(t, "Stocks")
	b = altered(t, b, sheet2, func(s string) string {
		return strings.Replace(s, `<f>1/0</f>`, `<f>1/0</f><v>#DIV/0!</v>`, 1)
	})
	b = altered(t, b, sheet2, func(s string) string { return strings.Replace(s, `<c r="B8"`, `<c r="B8" t="e"`, 1) })
	got, err := Read(b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "1:Stocks of 2017 3:Reading||When 4:Quantity|Value|As of|Entered|Share " +
		"5:heavy water|124.3|2017-02-18|2017-02-18 13:30:00|3.67% 7:uranium|101.7|2017-02-18 13:30:00 8:|#DIV/0!"
	if numbered(got) != want {
		t.Errorf("read\n%s\nwant\n%s", numbered(got), want)
	}
	if got.Sheet != "Stocks" || len(got.Sheets) != 2 || !got.Sheets[0].Hidden || got.Sheets[1].Hidden {
		t.Errorf("sheets are %v, read %q", got.Sheets, got.Sheet)
	}
	if len(got.Faults) != 1 || got.Faults[0] != (Fault{8, 1, "#DIV/0!"}) {
		t.Errorf("faults are %v", got.Faults)
	}
	h := got.Suggest()
	if h.First != 3 || h.Last != 4 || h.Columns[1].Name != "Reading / Value" || h.Columns[3].Name != "When / Entered" || h.Columns[4].Name != "Share" {
		t.Errorf("the head is %+v", h)
	}
	if body := got.Body(h); len(body) != 3 || body[0].Number != 5 {
		t.Errorf("the body begins with %v", body)
	}
}

func TestReadXLSXRefuses(t *testing.T) {
	b := workbook(t, "Stocks")
	replace := func(old, new string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("the part has no %s", old)
			}
			return strings.Replace(s, old, new, 1)
		}
	}
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"the sheet cut off", altered(t, b, sheet2, func(s string) string { return s[:strings.Index(s, `<row r="7"`)+40] }), "the sheet is damaged"},
		{"rows out of order", altered(t, b, sheet2, replace(`<row r="5"`, `<row r="3"`)), "row 4: the sheet is damaged: its row \"3\" stands after row 4"},
		{"cells out of order", altered(t, b, sheet2, replace(`r="B5"`, `r="A5"`)), `the cell "A5" stands out of order`},
		{"a cell of another row", altered(t, b, sheet2, replace(`r="B5"`, `r="B6"`)), `the cell "B6" stands out of order`},
		{"a text that is not there", altered(t, b, sheet2, replace(`t="s"><v>1</v>`, `t="s"><v>999</v>`)), "it needs 1000 texts"},
		{"a text without a number", altered(t, b, sheet2, replace(`t="s"><v>1</v>`, `t="s"><v>x</v>`)), "no number of a text"},
		{"far to the right", altered(t, b, sheet2, replace(`r="E5"`, `r="XFD5"`)), "more than 256 columns"},
		{"a document type", altered(t, b, sheet2, replace(`<worksheet`, `<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet`)), "document type"},
		{"texts damaged", altered(t, b, "xl/sharedStrings.xml", func(s string) string { return s[:len(s)/2] }), "cannot be read"},
		{"no workbook", altered(t, b, "_rels/.rels", replace("officeDocument\"", "other\"")), "no Excel workbook"},
		{"a sheet within a sheet", altered(t, b, sheet2, replace(`<c r="A5"`, `<c r="A5"><c r="A5"/></c><c r="A6"`)), "a cell stands within a cell"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read(c.b, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v; want an error that says %q", got, err, c.want)
			}
		})
	}
	if _, err := Read(b, Options{Sheet: "Other"}); err == nil || !strings.Contains(err.Error(), "“Sheet1”, “Stocks”") {
		t.Errorf("an unknown sheet gives %v", err)
	}
	if got, err := Read(b, Options{Sheet: "Sheet1"}); err != nil || len(got.Rows) != 0 {
		t.Errorf("the empty sheet gives %v, %v", got, err)
	}
	flipped := bytes.Clone(b)
	flipped[inPart(t, b, sheet2)] ^= 0x10
	if got, err := Read(flipped, Options{}); err == nil {
		t.Errorf("a flipped bit gives %q", numbered(got))
	}
}

// parted makes a workbook of three parts, as they stand.
func parted(t testing.TB, sheet, texts, styles string) []byte {
	t.Helper()
	b, err := repack(&chosen{sheet: []byte(sheet), strings: []byte(texts), styles: []byte(styles)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzParts: whatever stands in the parts of a workbook, Read answers.
func FuzzParts(f *testing.F) {
	const ns = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	f.Add(`<worksheet`+ns+`><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>42784.5</v></c><c t="inlineStr"><is><t>x</t></is></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`,
		`<sst`+ns+`><si><t>a</t></si><si><r><t>b</t></r></si></sst>`,
		`<styleSheet`+ns+`><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yy"/></numFmts><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs></styleSheet>`)
	f.Add(`<worksheet`+ns+`><sheetData/></worksheet>`, noStrings, noStyles)
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		got, err := Read(parted(t, sheet, texts, styles), Options{})
		if err == nil {
			got.Suggest()
		} else if !strings.Contains(err.Error(), "Nothing was taken") {
			t.Fatalf("the error is %v", err)
		}
	})
}

// TestXLSXProgress: the checking can be stopped as well as the reading.
func TestXLSXProgress(t *testing.T) {
	var rows strings.Builder
	for range 2500 {
		rows.WriteString(`<row><c><v>1</v></c></row>`)
	}
	b := parted(t, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+rows.String()+`</sheetData></worksheet>`, noStrings, noStyles)
	var said []Progress
	got, err := Read(b, Options{Progress: func(p Progress) error { said = append(said, p); return nil }})
	if err != nil || len(got.Rows) != 2500 || len(said) != 5 {
		t.Fatalf("%d rows, progress %v, %v", len(got.Rows), said, err)
	}
	for i, p := range said {
		if p.Of != said[0].Of || i > 0 && p.Done <= said[i-1].Done || (i == 4) != (p.Done == p.Of) || (i >= 2) != (p.Rows > 0) {
			t.Errorf("step %d is %+v", i, p)
		}
	}
	for stop := range said {
		n, enough := 0, errors.New("enough")
		if _, err := Read(b, Options{Progress: func(Progress) error {
			if n++; n > stop {
				return enough
			}
			return nil
		}}); !errors.Is(err, enough) {
			t.Errorf("stopping at step %d gives %v", stop, err)
		}
	}
}

// TestBomb: a workbook that would unpack to far more than its size is refused before it is
// unpacked.
func TestBomb(t *testing.T) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	p, err := w.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(bytes.Repeat([]byte(" "), ratioFrom+1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(out.Bytes(), Options{}); err == nil || !strings.Contains(err.Error(), "more than 200 times its size") {
		t.Errorf("a bomb gives %v", err)
	}
}

func TestLookOfCode(t *testing.T) {
	for code, want := range map[string]look{
		"General": asNumber, "0.00": asNumber, `0" days"`: asNumber, `#,##0;[Red]-#,##0`: asNumber, "[h]:mm": asNumber, "h:mm": asNumber,
		"yyyy-mm-dd": asDay, "dd/mm/yy;@": asDay, `[$-409]d\-mmm\-yy`: asDay, "d/m/yyyy h:mm": asInstant, "0.0%": asPercent, `0\d`: asNumber, `"`: asNumber,
	} {
		if got := lookOfCode(code); got != want {
			t.Errorf("%q makes %d, not %d", code, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	for _, c := range []struct {
		name, src         string
		first, last, tags int
		column1           string
	}{
		{"first row", "date,value,unit\n2017-01-01,3,t\n2017-01-02,4,t\n", 1, 1, 0, "value"},
		{"under a title", "Stocks,,\nof 2017,,\n\ndate,value,unit\n2017-01-01,3,t\n", 4, 4, 0, "value"},
		{"HXL", "Legend,,\nWho,Where,What\nQui,Où,Quoi\n#org,#adm1 +name,#activity\nA,B,C\n", 2, 4, 4, "Where / Où"},
		{"errors are no tags", "#VALUE!,#N/A,#REF!\na,b,c\n1,2,3\n", 2, 2, 0, "b"},
		{"numbers only", "1,2\n3,4\n", 0, 0, 0, ""},
		{"words only", "a,b\nc,d\n", 1, 1, 0, "b"},
		{"empty", "", 0, 0, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Read([]byte(c.src), Options{})
			if err != nil {
				t.Fatal(err)
			}
			h := table.Suggest()
			if h.First != c.first || h.Last != c.last || h.Tags != c.tags {
				t.Errorf("the head is %d–%d with tags in %d, not %d–%d, %d", h.First, h.Last, h.Tags, c.first, c.last, c.tags)
			}
			if len(h.Columns) > 1 && h.Columns[1].Name != c.column1 {
				t.Errorf("column B is %q, not %q", h.Columns[1].Name, c.column1)
			}
		})
	}
}

// TestRealMatrix reads a humanitarian tracking matrix of about 7,800 activities, with its dirt.
func TestRealMatrix(t *testing.T) {
	dir := os.Getenv("ENTENTE_CORPUS")
	if dir == "" {
		dir = "../../../../shared/data"
	}
	b, err := os.ReadFile(filepath.Join(dir, "workplans", "ocha-mozambique-response-tracking-matrix-2019.xlsx"))
	if err != nil {
		t.Skip("the matrix is not here: set ENTENTE_CORPUS to a folder that has workplans/ to run this")
	}
	got, err := Read(b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := got.Suggest()
	if got.Sheet != "Data_Entry" || len(got.Sheets) != 6 || h.First != 6 || h.Last != 8 || h.Tags != 8 {
		t.Errorf("read %q of %d sheets with the head %d–%d, tags in %d", got.Sheet, len(got.Sheets), h.First, h.Last, h.Tags)
	}
	if len(got.Faults) != 19 || got.Faults[0] != (Fault{4, 21, "#VALUE!"}) {
		t.Errorf("%d faults, the first %v", len(got.Faults), got.Faults[0])
	}
	status := map[string]int{}
	for _, r := range got.Body(h) {
		status[r.Cell(28)]++
	}
	if status["Em curso"] != 1313 || status["Planejado"] != 633 || status["Concluído"] < 5900 {
		t.Errorf("activities by status: %v", status)
	}
	first := got.Body(h)[0]
	if first.Number != 9 || first.Cell(26) != "2019-03-15" || first.Cell(24) != "1492" || first.Cell(13) != "MZ09" {
		t.Errorf("the first activity is row %d: %q", first.Number, first.Cells)
	}
	if h.Columns[29].Name != "Comments" || h.Columns[29].Tag != "" {
		t.Errorf("column AD: %+v", h.Columns[29])
	}
	if h.Columns[21].Name != "Nb of Beneficiaries assisted / Número de beneficiários assistidos" || !strings.HasPrefix(h.Columns[24].Tag, "#") || h.Columns[22].Parts == nil {
		t.Errorf("columns V to Y: %+v", h.Columns[21:25])
	}
}
