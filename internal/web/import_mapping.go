package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"entente/internal/api"
	"entente/internal/export/readings"
	"entente/internal/export/sheet"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// What the columns of a file hold, as a form: it begins with what the file's head suggests, or with a
// mapping that was saved. What the form does not show of a mapping goes along unchanged.

// constantFields are the fields that can be said once for all rows, on the form.
var constantFields = []readings.Field{readings.Quantity, readings.Unit, readings.AsOf, readings.Reported, readings.Title, readings.Document, readings.Grade}

// look takes the first rows of the table, so that a person sees what the columns hold. A file that
// cannot be read has none; why is told elsewhere.
func (d *readingsImport) look(ask api.AskReadingImport) {
	t, err := sheet.Read(ask.File, sheet.Options{Sheet: ask.Sheet})
	if err != nil || d.Mapping == nil {
		return
	}
	head := t.HeadAt(d.Mapping.First, d.Mapping.Last)
	if d.Import == nil {
		d.Import = &api.ReadingImport{Sheets: t.Sheets, Sheet: t.Sheet, Columns: head.Columns}
	}
	body := t.Body(head)
	for _, row := range body[:min(len(body), sampleRows)] {
		cells := make([]string, len(head.Columns))
		for i, c := range head.Columns {
			cells[i] = row.Cell(c.Index)
		}
		d.table = append(d.table, cells)
	}
}

// suggestAt suggests a mapping for the sheet and the head that were typed.
func suggestAt(ask api.AskReadingImport) *readings.Mapping {
	t, err := sheet.Read(ask.File, sheet.Options{Sheet: ask.Sheet})
	if err != nil {
		return nil
	}
	h := t.Suggest()
	if ask.Mapping != nil && ask.Mapping.First > 0 && ask.Mapping.Sheet == t.Sheet {
		h = t.HeadAt(ask.Mapping.First, ask.Mapping.Last)
	}
	m := readings.SuggestAt(t, h)
	return &m
}

// noMapping is what the form carries of a file whose own form says what its parts hold.
const noMapping = "null"

// mappingTyped reads the form of a mapping, on top of the mapping that it began with; false where the
// file needs none.
func mappingTyped(r *http.Request, d *readingsImport) (readings.Mapping, bool) {
	p := locale.From(r.Context())
	if r.PostFormValue("mapping") == noMapping {
		return readings.Mapping{}, false
	}
	m, err := readings.ParseMapping([]byte(r.PostFormValue("mapping")))
	if err != nil && m.Version == 0 {
		m = readings.Mapping{Version: 1}
	}
	if !r.PostForm.Has("mapped") {
		return m, true
	}
	m.Sheet = r.PostFormValue("sheet")
	m.First, m.Last = whole(r, "first"), whole(r, "last")
	m.Days = readings.DayOrder(r.PostFormValue("days"))
	m.Decimal = r.PostFormValue("decimal")
	m.Blank = r.PostFormValue("blank") != ""
	m.Columns = columnsTyped(r, m.Columns)
	constants := maps.Clone(m.Constants)
	if constants == nil {
		constants = map[readings.Field]string{}
	}
	for _, f := range constantFields {
		if delete(constants, f); strings.TrimSpace(r.PostFormValue("constant-"+string(f))) != "" {
			constants[f] = strings.TrimSpace(text.Clean(r.PostFormValue("constant-" + string(f))))
		}
	}
	if m.Constants = constants; len(constants) == 0 {
		m.Constants = nil
	}
	for _, x := range []struct {
		name string
		into *map[string]string
	}{{"quantities", &m.Quantities}, {"units", &m.Units}, {"values", &m.Values}} {
		list, line := renamesTyped(r.PostFormValue(x.name))
		if line != "" {
			d.problems = append(d.problems, ui.Problem{Field: x.name, Words: p.F("import.rename.wrong", locale.Args{"Line": line})})
		}
		*x.into = list
	}
	return m, true
}

func whole(r *http.Request, name string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue(name)))
	return max(n, 0)
}

// columnsTyped reads what each column is said to hold. A column keeps the name by which another file's
// is found.
func columnsTyped(r *http.Request, was []readings.Use) (out []readings.Use) {
	n := min(whole(r, "columns"), sheet.MaxColumns)
	for i := range n {
		id := strconv.Itoa(i)
		field := readings.Field(r.PostFormValue("field-" + id))
		if field == "" {
			continue
		}
		u := readings.Use{Column: sheet.ColumnName(i), Name: r.PostFormValue("head-" + id), Tag: r.PostFormValue("tag-" + id), Field: field}
		if field == readings.Value {
			u.Quantity, u.Unit = strings.TrimSpace(r.PostFormValue("quantity-"+id)), strings.TrimSpace(r.PostFormValue("unit-"+id))
		}
		out = append(out, u)
	}
	for _, u := range was { // a column that holds two fields keeps the second
		if i, err := sheet.ParseColumn(u.Column); err == nil && (i >= n || secondUse(was, u) && r.PostFormValue("field-"+strconv.Itoa(i)) != "") {
			out = append(out, u)
		}
	}
	return out
}

// secondUse reports whether a column is used before, for another field.
func secondUse(list []readings.Use, u readings.Use) bool {
	first := slices.IndexFunc(list, func(x readings.Use) bool { return x.Column == u.Column })
	return list[first].Field != u.Field
}

// renamesTyped reads renames as typed: “enriched uranium = uranium_stock”, one a line; and the line that
// is none.
func renamesTyped(typed string) (map[string]string, string) {
	out := map[string]string{}
	for _, line := range linesOf(typed) {
		i := strings.LastIndex(line, " = ")
		if i < 0 || strings.TrimSpace(line[:i]) == "" || strings.TrimSpace(line[i+3:]) == "" {
			return nil, line
		}
		out[strings.TrimSpace(line[:i])] = strings.TrimSpace(line[i+3:])
	}
	if len(out) == 0 {
		return nil, ""
	}
	return out, ""
}

// renamesShown are renames as they are typed.
func renamesShown(m map[string]string) string {
	lines := make([]string, 0, len(m))
	for _, from := range slices.Sorted(maps.Keys(m)) {
		lines = append(lines, from+" = "+m[from])
	}
	return strings.Join(lines, "\n")
}

// saveMapping gives the mapping as a file, for the next import of the same form.
func (s *Server) saveMapping(w http.ResponseWriter, ask api.AskReadingImport, d readingsImport) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="mapping-`+string(d.Element)+`.json"`)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(ask.Mapping); err != nil {
		s.log.Warn("a mapping could not be written", "err", err)
	}
}

// mappingHeld is the mapping as the form carries it.
func (d readingsImport) mappingHeld() string {
	b, err := json.Marshal(d.Mapping)
	if err != nil {
		return ""
	}
	return string(b)
}

// use is what a column is said to hold.
func (d readingsImport) use(column int) (out readings.Use) {
	if d.Mapping == nil {
		return out
	}
	for _, u := range d.Mapping.Columns {
		if i, err := sheet.ParseColumn(u.Column); err == nil && i == column {
			return u
		}
	}
	return out
}

// seen are the first values of a column.
func (d readingsImport) seen(column int) string {
	var out []string
	for _, row := range d.table {
		if column < len(row) && row[column] != "" {
			out = append(out, row[column])
		}
	}
	return strings.Join(out, " · ")
}

// fieldOptions are what a column can hold.
func (d readingsImport) fieldOptions(p *locale.Printer, has readings.Field) []ui.Option {
	out := []ui.Option{{Label: p.T("import.field.none"), On: has == ""}}
	for _, f := range readings.Fields() {
		out = append(out, ui.Option{Value: string(f), Label: p.T(readingKey(f)), On: f == has})
	}
	return out
}

// readingKey names a part of an observation.
func readingKey(f readings.Field) locale.Key {
	return locale.Key("reading." + strings.ToLower(string(f)))
}

// rejectSaid says why a cell was rejected.
func rejectSaid(p *locale.Printer, x readings.Reject) string {
	said := p.F(locale.Key("reject."+strings.ReplaceAll(string(x.Reason), " ", "-")), locale.Args{"Detail": x.Detail})
	if strings.HasPrefix(said, "⟦") {
		return x.Says
	}
	return said
}
