// Package sheet reads tables out of files that spreadsheets write, and writes rows as
// CSV. It knows cells, rows and heads; it does not know what a column means, and keeps
// nothing: bytes in, a Table out.
//
// # What is read
//
//   - CSV (RFC 4180) in UTF-8, with or without a byte order mark, and in UTF-16 with one;
//     fields parted by comma, semicolon or tab, told from the first lines, or named in a
//     first line “sep=;”.
//   - XLSX and XLSM (ECMA-376, ISO/IEC 29500). Macros are ignored, never run. A formula is
//     read as the value that the spreadsheet kept of it; one whose value is an error
//     (#VALUE!, #REF!) is told in Table.Faults and stands in its cell as that word.
//     Numbers are read as they are kept, to fifteen digits, not as their format rounds
//     them; percentages keep their sign; cells whose format is a day are read as
//     2017-02-18, with the time after it where the format shows one.
//
// # Invariants, kept by tests
//
//   - A file is read whole or refused: XML that is cut off or out of order, a string that
//     is not there, a quotation mark that is never closed are errors that say where.
//   - Row.Number is the number that a spreadsheet shows beside the row, column 0 is A.
//   - Rows without a single character are left out; their numbers are not given away.
//   - Nothing is written to disk, however large the file is.
//
// # Bounds
//
// MaxBytes of a file; MaxUnzipped bytes, MaxRatio times its size and MaxParts parts once
// unpacked; MaxRows rows, MaxColumns columns, MaxCells cells, MaxCell bytes of one cell.
//
//	t, err := sheet.Read(b, sheet.Options{})
//	head := t.Suggest()
//	for _, row := range t.Body(head) {
//		fmt.Println(row.Number, row.Cell(0))
//	}
package sheet

import (
	"bytes"
	"fmt"
	"strings"
)

// Bounds of what is read.
const (
	MaxBytes    = 64 << 20  // bytes of a file
	MaxUnzipped = 128 << 20 // bytes of all parts of a workbook, unpacked
	MaxRatio    = 200       // how many times its packed size a workbook may be, from ratioFrom on
	MaxParts    = 4096      // parts of a workbook
	MaxRows     = 500_000   // rows of a table
	MaxColumns  = 256       // columns of a table
	MaxCells    = 8_000_000 // cells of a table
	MaxCell     = 32 << 10  // bytes of one cell
	MaxFaults   = 1000      // faults that are told one by one
	ratioFrom   = 16 << 20  // a small workbook may be packed as well as it can be
)

// progressEvery is how many rows pass between two calls of Options.Progress.
const progressEvery = 1000

// A Form is the kind of file a table was read from.
type Form uint8

// The forms of file.
const (
	CSV Form = iota + 1
	XLSX
)

// String is the form's name.
func (f Form) String() string {
	switch f {
	case CSV:
		return "CSV"
	case XLSX:
		return "XLSX"
	}
	return "unknown"
}

// MarshalText writes the form's name.
func (f Form) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Options say how to read. The zero Options read any file.
type Options struct {
	Sheet     string // the sheet to read; empty for the one that was open when the file was saved
	Separator rune   // of CSV: comma, semicolon or tab; 0 to be told from the file
	Ours      bool   // WriteCSV wrote the file: the apostrophes it put before formulas are taken off
	// Progress, where it is set, is told now and then how far the reading is. Whatever
	// error it gives stops the reading and is given back.
	Progress func(Progress) error
}

// Progress is how far a long reading is: Rows of the table read, and Done of Of bytes (those
// of a sheet of a workbook count twice: it is checked before it is read).
type Progress struct {
	Rows, Done, Of int
}

// A Sheet is one sheet of a workbook.
type Sheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
}

// A Table is one sheet that was read.
type Table struct {
	Form      Form    `json:"form"`
	Sheets    []Sheet `json:"sheets,omitempty"`    // all there are in the workbook
	Sheet     string  `json:"sheet,omitempty"`     // the one that was read
	Separator string  `json:"separator,omitempty"` // of CSV
	Encoding  string  `json:"encoding,omitempty"`  // of CSV: UTF-8, UTF-16LE, UTF-16BE
	Columns   int     `json:"columns"`             // of the broadest row
	Rows      []Row   `json:"rows"`                // those that are not blank, in order
	Faults    []Fault `json:"faults,omitempty"`    // cells whose formula gave no value
	Untold    int     `json:"untold,omitempty"`    // faults past MaxFaults

	merges []merge
}

// A Row is one row that is not blank. Cells past its last are empty.
type Row struct {
	Number int      `json:"number"` // from 1, as the spreadsheet shows it
	Cells  []string `json:"cells"`
}

// Cell is the cell in a column, counted from 0; empty where there is none.
func (r Row) Cell(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// A Fault is a cell whose formula gave no value.
type Fault struct {
	Row    int    `json:"row"`
	Column int    `json:"column"` // from 0
	Text   string `json:"text"`   // "#VALUE!"
}

// merge is a rectangle of cells shown as one; ends are inclusive, columns from 0.
type merge struct {
	top, left, bottom, right int
}

// An Error says what is wrong with a file, and where.
type Error struct {
	Row    int    `json:"row,omitempty"`  // as Row.Number; 0 where it is about the whole file
	Column int    `json:"column"`         // from 0; -1 where it is about the whole row or file
	Line   int    `json:"line,omitempty"` // of a CSV file, as an editor counts, where it says more than the row
	What   string `json:"what"`
	Next   string `json:"next,omitempty"` // what to do
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Row > 0 {
		fmt.Fprintf(&b, "row %d", e.Row)
		if e.Column >= 0 {
			fmt.Fprintf(&b, ", column %s", ColumnName(e.Column))
		}
		b.WriteString(": ")
	} else if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	b.WriteString(e.What)
	b.WriteString(". Nothing was taken from the file.")
	if e.Next != "" {
		b.WriteString(" " + e.Next)
	}
	return b.String()
}

// wrong is an error about the whole file.
func wrong(next, format string, args ...any) *Error {
	return &Error{Column: -1, What: fmt.Sprintf(format, args...), Next: next}
}

// ColumnName is a column's name in a spreadsheet: A for 0, AA for 26.
func ColumnName(column int) string {
	if column < 0 {
		return "?"
	}
	var b [8]byte
	i := len(b)
	for n := column + 1; n > 0 && i > 0; n = (n - 1) / 26 {
		i--
		b[i] = byte('A' + (n-1)%26)
	}
	return string(b[i:])
}

// ParseColumn reads a column's name: 0 for A, 26 for AA. Names past MaxColumns are none.
func ParseColumn(s string) (int, error) {
	n := 0
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' || n > MaxColumns {
			n = 0
			break
		}
		n = 26*n + int(s[i]-'A') + 1
	}
	if n == 0 || n > MaxColumns {
		return 0, fmt.Errorf("%.10q is no column: write it like C, at most %s", s, ColumnName(MaxColumns-1))
	}
	return n - 1, nil
}

// Read reads a file, whichever form it has. Its errors are of type *Error, or what
// Options.Progress gave.
func Read(b []byte, o Options) (*Table, error) {
	switch {
	case len(b) > MaxBytes:
		return nil, wrong("Divide it into parts.", "the file has %d bytes, more than %d", len(b), MaxBytes)
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return readXLSX(b, o)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return nil, wrong("Save it as an Excel workbook (.xlsx) without a password, or as CSV.", "the file is an old (.xls) or encrypted workbook, which this program does not read")
	case bytes.HasPrefix(b, []byte("%PDF")):
		return nil, wrong("Find the figures as a spreadsheet or as CSV.", "the file is a PDF, not a table")
	}
	return readCSV(b, o)
}

// tell reports progress, if anybody listens.
func (o Options) tell(p Progress) error {
	if o.Progress == nil {
		return nil
	}
	return o.Progress(p)
}

// add puts a row into the table: trailing empty cells are cut, a blank row is left out.
func (t *Table) add(number int, cells []string, cellsSoFar *int) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if len(cells) > MaxColumns {
		return &Error{Row: number, Column: len(cells) - 1, What: fmt.Sprintf("there are more than %d columns", MaxColumns), Next: "Keep the columns that are needed."}
	}
	if len(t.Rows) == MaxRows {
		return &Error{Row: number, Column: -1, What: fmt.Sprintf("there are more than %d rows", MaxRows), Next: "Divide the file into parts."}
	}
	for i, c := range cells {
		if len(c) > MaxCell {
			return &Error{Row: number, Column: i, What: fmt.Sprintf("the cell has %d bytes, more than %d", len(c), MaxCell), Next: "Shorten it."}
		}
	}
	if *cellsSoFar += len(cells); *cellsSoFar > MaxCells {
		return &Error{Row: number, Column: -1, What: fmt.Sprintf("there are more than %d cells", MaxCells), Next: "Divide the file into parts."}
	}
	t.Rows = append(t.Rows, Row{number, cells[:len(cells):len(cells)]})
	t.Columns = max(t.Columns, len(cells))
	return nil
}
