package readings

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/export/sheet"
	"entente/text"
)

// run is one reading of a table.
type run struct {
	Preview
	m      Mapping
	o      Options
	point  bool // a full stop is decimal in numbers as the spreadsheet keeps them
	width  int  // columns of the head
	values []valueColumn
	at     map[Field][]int // columns of the other fields
	where  []condition

	quantity, unit, sign, grade, source, info int // columns, or -1
	asOf, reported                            int

	sources map[act.Citation]int
	last    act.Citation // the one before, which is often the same
	lastAt  int
	seen    map[Key]int // the row that gave a reading
	keys    []Key       // of the row
	days    map[string]dayOr
	units   map[string]bool
	bad     bool // the row has a reject
}

type valueColumn struct {
	column         int
	quantity, unit string
}

type condition struct {
	column int
	is     map[string]bool
}

type dayOr struct {
	day act.Date
	f   *fault
}

// How many days, and units, a run remembers having read.
const (
	maxDays  = 4096
	maxUnits = 256
)

func newRun(t *sheet.Table, m Mapping, o Options) (*run, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	if m.Sheet != "" && m.Sheet != t.Sheet {
		return nil, fmt.Errorf("the mapping is of the sheet “%.60s”, and “%.60s” was read", m.Sheet, t.Sheet)
	}
	r := &run{m: m, o: o, point: t.Form == sheet.XLSX, at: map[Field][]int{}, sources: map[act.Citation]int{}, days: map[string]dayOr{}, units: map[string]bool{}}
	r.Rows = len(t.Body(sheet.Head{Last: m.Last}))
	r.seen = make(map[Key]int, r.Rows)
	r.width = t.Columns
	if m.Last > 0 {
		r.width = headWidth(t, m)
	}
	for _, u := range m.Columns {
		column, err := sheet.ParseColumn(u.Column)
		if err != nil {
			return nil, err
		}
		if column >= t.Columns {
			return nil, fmt.Errorf("the mapping names column %s, and the table ends with %s", u.Column, sheet.ColumnName(max(t.Columns, 1)-1))
		}
		if u.Field == Value {
			r.values = append(r.values, valueColumn{column, u.Quantity, u.Unit})
		}
		r.at[u.Field] = append(r.at[u.Field], column)
	}
	for _, c := range m.Where {
		column, err := sheet.ParseColumn(c.Column)
		if err != nil {
			return nil, err
		}
		is := map[string]bool{}
		for _, w := range c.Is {
			is[strings.TrimSpace(w)] = true
		}
		r.where = append(r.where, condition{column, is})
	}
	r.quantity, r.unit, r.sign = m.column(Quantity), m.column(Unit), m.column(Sign)
	r.grade, r.source, r.info = m.column(Grade), m.column(SourceGrade), m.column(InfoGrade)
	r.asOf, r.reported = m.column(AsOf), m.column(Reported)
	return r, nil
}

// headWidth is how many columns the head or the mapping speaks of.
func headWidth(t *sheet.Table, m Mapping) int {
	width := 0
	for _, r := range t.Rows {
		if r.Number >= m.First && r.Number <= m.Last {
			width = max(width, len(r.Cells))
		}
	}
	for _, u := range m.Columns {
		if i, err := sheet.ParseColumn(u.Column); err == nil {
			width = max(width, i+1)
		}
	}
	return width
}

// reject tells of a cell.
func (r *run) reject(row sheet.Row, column int, field Field, f *fault) {
	if r.bad = true; len(r.Rejects) == MaxRejects {
		r.Untold++
		return
	}
	r.Rejects = append(r.Rejects, Reject{Row: row.Number, Column: column, Field: field, Value: shown(row.Cell(column)), Reason: f.reason, Detail: f.detail, Says: f.says()})
}

// shown is as much of a value as is shown.
func shown(s string) string {
	if s = strings.ToValidUTF8(s, ""); len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}

// row makes the readings of a row.
func (r *run) row(row sheet.Row) {
	for _, c := range r.where {
		if !c.is[strings.TrimSpace(row.Cell(c.column))] {
			r.Passed++
			return
		}
	}
	r.bad = false
	defer func() {
		if r.bad {
			r.Rejected++
		}
	}()
	if len(row.Cells) > r.width {
		r.reject(row, r.width, "", &fault{Beyond, ""})
		return
	}
	first := len(r.Entries)
	for _, v := range r.values {
		r.value(row, v)
	}
	if len(r.Entries) == first && !r.bad {
		return // nothing in it, and that is no fault
	}
	shared, source := r.shared(row)
	if r.bad {
		r.Entries = r.Entries[:first] // a row is taken whole or not at all
		return
	}
	r.keep(row, first, shared, source)
}

// keep completes a row's readings and leaves out those that stand already or repeat a row.
func (r *run) keep(row sheet.Row, first int, shared act.Reading, source act.Citation) {
	kept, already, keys := first, 0, r.keys[:0]
	for _, e := range r.Entries[first:] {
		x := &e.Reading
		x.AsOf, x.Reported, x.Grade, x.Note = shared.AsOf, shared.Reported, shared.Grade, shared.Note
		key := KeyOf(*x, source)
		if r.o.Standing[key] {
			already++
			continue
		}
		if other, twice := r.seen[key]; twice {
			r.reject(row, -1, "", &fault{Repeat, strconv.Itoa(other)})
			for _, k := range keys {
				delete(r.seen, k)
			}
			r.Entries = r.Entries[:first] // nothing of the row
			return
		}
		r.seen[key] = row.Number
		keys = append(keys, key)
		e.Source = r.sourceAt(source)
		r.Entries[kept] = e
		kept++
	}
	r.keys, r.Already, r.Entries = keys, r.Already+already, r.Entries[:kept]
}

// sourceAt is the place of a source among those of the preview.
func (r *run) sourceAt(c act.Citation) int {
	if len(r.Sources) > 0 && c == r.last {
		return r.lastAt
	}
	i, ok := r.sources[c]
	if !ok {
		i = len(r.Sources)
		r.sources[c] = i
		r.Sources = append(r.Sources, c)
	}
	r.last, r.lastAt = c, i
	return i
}

// cell is a field's cell, trimmed; what a formula failed to compute is told.
func (r *run) cell(row sheet.Row, column int, field Field) (string, bool) {
	s := strings.TrimSpace(row.Cell(column))
	if s != "" && s[0] == '#' && sheet.IsError(s) {
		r.reject(row, column, field, &fault{Fault, ""})
		return "", false
	}
	return s, true
}

// orConstant is a field's cell, or what the mapping says for all rows.
func (r *run) orConstant(row sheet.Row, column int, field Field) (string, bool) {
	s, ok := r.cell(row, column, field)
	if ok && s == "" {
		s = strings.TrimSpace(r.m.Constants[field])
	}
	return s, ok
}

// value makes the reading of one cell of values.
func (r *run) value(row sheet.Row, v valueColumn) {
	s, ok := r.cell(row, v.column, Value)
	if !ok {
		return
	}
	if to, ok := r.m.Values[s]; ok {
		s = to
	}
	a, f := parseAmount(s, r.m.Decimal, r.point)
	if f != nil && f.reason == NoValue && r.m.Blank {
		r.Blank++
		return
	}
	if f != nil {
		r.reject(row, v.column, Value, f)
		return
	}
	x := act.Reading{Value: a.value}
	x.Sign, ok = r.signOf(row, v.column, a)
	var named, measured bool
	x.Quantity, named = r.quantityOf(row, v)
	x.Unit, measured = r.unitOf(row, v, a)
	if ok && named && measured {
		r.Entries = append(r.Entries, Entry{Row: row.Number, Reading: x})
	}
}

func (r *run) signOf(row sheet.Row, column int, a amount) (act.Sign, bool) {
	s, ok := r.orConstant(row, r.sign, Sign)
	if !ok {
		return 0, false
	}
	sign, signed, ok := parseSign(s)
	switch {
	case !ok:
		r.reject(row, r.sign, Sign, &fault{BadSign, ""})
		return 0, false
	case a.signed && signed && a.sign != sign:
		r.reject(row, column, Value, &fault{TwoSigns, ""})
		return 0, false
	case a.signed:
		return a.sign, true
	}
	return sign, true
}

func (r *run) quantityOf(row sheet.Row, v valueColumn) (string, bool) {
	if v.quantity != "" {
		return v.quantity, true
	}
	s, ok := r.orConstant(row, r.quantity, Quantity)
	if !ok {
		return "", false
	}
	if to, ok := r.m.Quantities[s]; ok {
		return to, true
	}
	switch {
	case s == "":
		r.reject(row, r.quantity, Quantity, &fault{NoQuantity, ""})
	case !act.QuantityOK(s):
		r.reject(row, r.quantity, Quantity, &fault{BadQuantity, ""})
	default:
		return s, true
	}
	return "", false
}

func (r *run) unitOf(row sheet.Row, v valueColumn, a amount) (string, bool) {
	stated := v.unit
	if stated == "" {
		s, ok := r.orConstant(row, r.unit, Unit)
		if !ok {
			return "", false
		}
		stated = r.named(s)
	}
	beside := r.named(a.unit)
	switch {
	case stated == "":
		stated = beside
	case beside != "" && beside != stated:
		r.reject(row, v.column, Value, &fault{TwoUnits, cut(a.unit)})
		return "", false
	}
	switch {
	case stated == "":
		r.reject(row, v.column, Unit, &fault{NoUnit, ""})
	case !r.isUnit(stated):
		column := r.unit
		if column < 0 {
			column = v.column
		}
		r.reject(row, column, Unit, &fault{BadUnit, ""})
	default:
		return stated, true
	}
	return "", false
}

// isUnit reports whether a code is one that verdicts can compute with.
func (r *run) isUnit(code string) bool {
	ok, known := r.units[code]
	if !known {
		_, err := compliance.ParseUnit(code)
		ok = err == nil
		if len(r.units) < maxUnits {
			r.units[code] = ok
		}
	}
	return ok
}

// named is what the mapping calls a unit.
func (r *run) named(unit string) string {
	if to, ok := r.m.Units[unit]; ok {
		return to
	}
	return unit
}

func cut(s string) string {
	if len(s) > act.MaxUnit {
		return strings.ToValidUTF8(s[:act.MaxUnit], "") + "…"
	}
	return s
}

// shared is what all readings of a row have in common.
func (r *run) shared(row sheet.Row) (x act.Reading, c act.Citation) {
	x.AsOf = r.day(row, r.asOf, AsOf, true)
	x.Reported = r.day(row, r.reported, Reported, false)
	x.Grade = r.gradeOf(row)
	x.Note = r.prose(row, Note, act.MaxReason, "")
	c.Title = r.prose(row, Title, act.MaxCited, r.o.Source.Title)
	c.Document = r.prose(row, Document, act.MaxCited, r.o.Source.Document)
	c.Place = r.prose(row, Place, act.MaxCited, r.o.Source.Place)
	c.Address = r.prose(row, Address, act.MaxCited, r.o.Source.Address)
	c.Quote = r.prose(row, Quote, act.MaxQuote, r.o.Source.Quote)
	if c.Title == "" && !r.bad {
		r.reject(row, r.m.column(Title), Title, &fault{NoSource, ""})
	}
	return x, c
}

func (r *run) day(row sheet.Row, column int, field Field, needed bool) act.Date {
	s, ok := r.orConstant(row, column, field)
	if !ok {
		return ""
	}
	if s == "" {
		if needed {
			r.reject(row, column, field, &fault{NoDay, ""})
		}
		return ""
	}
	got, known := r.days[s]
	if !known {
		got.day, got.f = parseDay(s, r.m.Days)
		if len(r.days) < maxDays {
			r.days[s] = got
		}
	}
	if got.f != nil {
		r.reject(row, column, field, got.f)
	}
	return got.day
}

func (r *run) gradeOf(row sheet.Row) act.Grade {
	whole, ok := r.orConstant(row, r.grade, Grade)
	source, ok2 := r.orConstant(row, r.source, SourceGrade)
	info, ok3 := r.orConstant(row, r.info, InfoGrade)
	if !ok || !ok2 || !ok3 {
		return act.Grade{}
	}
	column := r.grade
	if whole == "" {
		if (source == "") != (info == "") {
			r.reject(row, max(r.source, r.info), Grade, &fault{HalfGrade, ""})
			return act.Grade{}
		}
		whole, column = source+info, r.source
	}
	g, err := act.ParseGrade(strings.ToUpper(whole))
	if err != nil {
		r.reject(row, column, Grade, &fault{BadGrade, ""})
	}
	return g
}

// prose is a field of words: its columns joined, or the constant, or what is known besides.
func (r *run) prose(row sheet.Row, field Field, limit int, otherwise string) string {
	columns := r.at[field]
	joined, column := "", -1
	for _, c := range columns {
		s, ok := r.cell(row, c, field)
		if !ok {
			return ""
		}
		if s != "" {
			if column = c; joined != "" {
				joined += " · "
			}
			joined += s
		}
	}
	if joined == "" {
		joined = strings.TrimSpace(r.m.Constants[field])
	}
	if joined == "" {
		joined = otherwise
	}
	if joined == "" {
		return ""
	}
	plain := isPlain(joined)
	if !plain {
		joined = text.Clean(joined)
	}
	if len(joined) > limit {
		r.reject(row, column, field, &fault{LongText, strconv.Itoa(limit)})
		return ""
	}
	if plain {
		return joined
	}
	if err := text.Check(joined); err != nil {
		r.reject(row, column, field, &fault{BadText, why(err)})
		return ""
	}
	return joined
}

// isPlain reports whether a trimmed text is of one line of ASCII, with which nothing can be wrong.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// why is what is wrong with a text.
func why(err error) string {
	var c *text.CharError
	if errors.As(err, &c) {
		return c.Error()
	}
	return err.Error()
}

// Counts says how many readings there are of each quantity, in order of their names.
func (p *Preview) Counts() (names []string, counts map[string]int) {
	counts = map[string]int{}
	for _, e := range p.Entries {
		counts[e.Reading.Quantity]++
	}
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, counts
}
