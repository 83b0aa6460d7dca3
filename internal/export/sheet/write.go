package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// WriteCSV writes rows as CSV (RFC 4180, UTF-8, CRLF), safe to open in a spreadsheet: a
// cell that would be taken for a formula has an apostrophe before it (Neutral).
func WriteCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var safe []string
	for _, row := range rows {
		safe = safe[:0]
		for _, cell := range row {
			safe = append(safe, Neutral(cell))
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Neutral puts an apostrophe before a cell that a spreadsheet would take for a formula: one
// that begins with = + - @, a tab or the end of a line, and is no number. So that Original can
// take it off again, a cell that has such an apostrophe already gets another.
func Neutral(cell string) string {
	if isFormula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Original takes off the apostrophe that Neutral put on: Original(Neutral(s)) is s.
func Original(cell string) string {
	rest, ok := strings.CutPrefix(cell, "'")
	if ok && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// isFormula reports whether a spreadsheet would compute the cell. The full-width forms are
// taken for their narrow ones by some.
func isFormula(cell string) bool {
	switch {
	case cell == "":
		return false
	case strings.IndexByte("=@\t\r\n", cell[0]) >= 0:
		return true
	case cell[0] == '+' || cell[0] == '-':
		return !isNumber(cell[1:])
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, wide) {
			return true
		}
	}
	return false
}

// isNumber reports whether s is digits with at most one decimal mark among them.
func isNumber(s string) bool {
	marks := 0
	for i := range len(s) {
		switch {
		case s[i] >= '0' && s[i] <= '9':
		case (s[i] == '.' || s[i] == ',') && i > 0 && i < len(s)-1:
			marks++
		default:
			return false
		}
	}
	return s != "" && marks <= 1
}
