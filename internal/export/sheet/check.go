package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxMerges is how many rectangles of merged cells are remembered, and mergesTo the last row
// that they may begin in: they matter for heads only.
const (
	maxMerges = 10_000
	mergesTo  = 100
)

// checker goes through the XML of a sheet before a cell of it is read. The library that
// reads cells passes over XML that is cut off, over cells out of order and over strings that
// are not there; the checker refuses them, and notes what the library does not tell.
type checker struct {
	dec     *xml.Decoder
	o       Options
	size    int // bytes of the sheet
	row     int // that we are in, and the last one
	column  int // of the last cell in it
	inRow   bool
	rows    int
	cells   int
	strings int // one more than the greatest index of a shared string
	faults  []Fault
	untold  int
	merges  []merge
}

// check goes through a sheet.
func check(b []byte, o Options) (*checker, error) {
	c := &checker{dec: xml.NewDecoder(bytes.NewReader(b)), o: o, size: len(b)}
	for data := false; ; {
		tok, err := c.dec.Token()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return nil, c.wrong("the sheet is damaged: %v", err)
		}
		switch el := tok.(type) {
		case xml.Directive:
			return nil, c.wrong("the sheet has a document type, which no spreadsheet writes")
		case xml.StartElement:
			switch {
			case el.Name.Local == "sheetData":
				data = true
			case el.Name.Local == "mergeCell":
				c.merge(el)
			case data:
				err = c.start(el)
			}
		case xml.EndElement:
			switch el.Name.Local {
			case "sheetData":
				data = false
			case "row":
				c.inRow = false
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

func (c *checker) wrong(format string, args ...any) error {
	return &Error{Row: c.row, Column: -1, What: fmt.Sprintf(format, args...), Next: resave}
}

// read is how far the reading of rows is, after the checking.
func (c *checker) read(row int) Progress {
	done := c.size
	if c.row > 0 {
		done += int(float64(c.size) * float64(min(row, c.row)) / float64(c.row))
	}
	return Progress{Done: done, Of: 2 * c.size}
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// start takes the beginning of a row or a cell.
func (c *checker) start(el xml.StartElement) error {
	switch {
	case el.Name.Local == "row" && !c.inRow:
		number := c.row + 1
		if r := attr(el, "r"); r != "" {
			n, err := strconv.Atoi(r)
			if err != nil || n < number || n > 1<<20 {
				return c.wrong("the sheet is damaged: its row %.20q stands after row %d", r, c.row)
			}
			number = n
		}
		c.row, c.column, c.inRow = number, -1, true
		if c.rows++; c.rows%progressEvery == 0 {
			return c.o.tell(Progress{0, int(c.dec.InputOffset()), 2 * c.size})
		}
		return nil
	case el.Name.Local == "c" && c.inRow:
		return c.cell(el)
	}
	return c.wrong("the sheet is damaged: a %.20q stands where none can", el.Name.Local)
}

// cell takes a whole cell: where it is, and its value if that is an error or a shared string.
func (c *checker) cell(el xml.StartElement) error {
	column := c.column + 1
	if r := attr(el, "r"); r != "" {
		col, row, err := parseCell(r)
		if err != nil || col < column || row != c.row {
			return c.wrong("the sheet is damaged: the cell %.20q stands out of order", r)
		}
		column = col
	}
	c.column = column
	kind := attr(el, "t")
	value, err := c.value(kind == "s" || kind == "e")
	if err != nil {
		return err
	}
	if value == "" {
		return nil
	}
	if c.cells++; c.cells > MaxCells {
		return &Error{Row: c.row, Column: -1, What: fmt.Sprintf("there are more than %d cells", MaxCells), Next: "Divide the file into parts."}
	}
	if column >= MaxColumns {
		return &Error{Row: c.row, Column: -1, What: fmt.Sprintf("there are more than %d columns", MaxColumns), Next: "Keep the columns that are needed."}
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > 1<<30 {
			return c.wrong("the sheet is damaged: %.20q is no number of a text", value)
		}
		c.strings = max(c.strings, n+1)
	case "e":
		if len(c.faults) < MaxFaults {
			c.faults = append(c.faults, Fault{c.row, column, value})
		} else {
			c.untold++
		}
	}
	return nil
}

// value reads to the end of a cell and gives what is in its v, trimmed, if that is wanted,
// or a mark that there is something.
func (c *checker) value(wanted bool) (string, error) {
	var text []byte
	some, inV := false, false
	for depth := 1; depth > 0; {
		tok, err := c.dec.Token()
		if err != nil {
			return "", c.wrong("the sheet is damaged: %v", err)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			if depth++; el.Name.Local == "c" || el.Name.Local == "row" {
				return "", c.wrong("the sheet is damaged: a cell stands within a cell")
			}
			inV = el.Name.Local == "v"
			some = some || inV || el.Name.Local == "is"
		case xml.EndElement:
			depth--
			inV = false
		case xml.CharData:
			if wanted && inV {
				text = append(text, el...)
			}
		}
	}
	if wanted {
		return strings.TrimSpace(string(text)), nil
	}
	if some {
		return "…", nil
	}
	return "", nil
}

// merge notes merged cells; what is no rectangle of cells merges nothing.
func (c *checker) merge(el xml.StartElement) {
	from, to, _ := strings.Cut(attr(el, "ref"), ":")
	left, top, err := parseCell(from)
	right, bottom, err2 := parseCell(to)
	if err != nil || err2 != nil || left > right || top > bottom || top > mergesTo || len(c.merges) == maxMerges {
		return
	}
	c.merges = append(c.merges, merge{top, left, bottom, right})
}

// parseCell reads the name of a cell, such as B12; the column is counted from 0. Columns past
// MaxColumns are told by their number, for a sheet may have formats there.
func parseCell(s string) (column, row int, err error) {
	i := 0
	for i < len(s) && i < 4 && s[i] >= 'A' && s[i] <= 'Z' {
		column = 26*column + int(s[i]-'A') + 1
		i++
	}
	row, err = strconv.Atoi(s[i:])
	if err != nil || column == 0 || row < 1 || s[i] < '0' || s[i] > '9' {
		return 0, 0, fmt.Errorf("%.20q is no cell", s)
	}
	return column - 1, row, nil
}
