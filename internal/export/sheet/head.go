package sheet

import (
	"slices"
	"strings"
)

// Where a head is looked for, and how tall it may be.
const (
	headRows = 60 // of the rows that are not blank, the first
	maxHead  = 5  // rows of a head
)

// A Head is the rows of a table that name its columns: First to Last, as Row.Number; both 0
// where there is none. Tags is the row of HXL tags (hxlstandard.org) among them, or 0.
type Head struct {
	First   int      `json:"first"`
	Last    int      `json:"last"`
	Tags    int      `json:"tags,omitempty"`
	Columns []Column `json:"columns"`
}

// A Column is what a head says of a column.
type Column struct {
	Index int      `json:"index"`           // from 0
	Name  string   `json:"name"`            // what stands in the head, joined by “ / ”; may be empty
	Parts []string `json:"parts,omitempty"` // row by row, what is said twice once
	Tag   string   `json:"tag,omitempty"`   // "#beneficiary+total"
}

// Letter is the column's name in a spreadsheet.
func (c Column) Letter() string { return ColumnName(c.Index) }

// Suggest finds the head: the rows down to one of HXL tags, or the first broad row of
// different words, with the rows above and below it that cells merged sideways tie to it.
func (t *Table) Suggest() Head {
	rows := t.Rows[:min(len(t.Rows), headRows)]
	for i, r := range rows {
		if isTags(r) {
			first := i
			for first > 0 && i-first < maxHead-1 && adjoin(rows[first-1], rows[first]) && t.wordy(rows[first-1], t.breadth(r)) {
				first--
			}
			return t.HeadAt(rows[first].Number, r.Number)
		}
	}
	broadest := 0
	for _, r := range rows {
		broadest = max(broadest, filled(r))
	}
	for i, r := range rows {
		if !t.wordy(r, broadest) || i == len(rows)-1 && i > 0 {
			continue
		}
		first, last := i, i
		for first > 0 && i-first < maxHead-1 && adjoin(rows[first-1], rows[first]) && t.groups(rows[first-1]) {
			first--
		}
		for last+1 < len(rows) && last-first < maxHead-1 && adjoin(rows[last], rows[last+1]) && t.groups(rows[last]) && allWords(rows[last+1]) {
			last++
		}
		return t.HeadAt(rows[first].Number, rows[last].Number)
	}
	return t.HeadAt(0, 0)
}

// HeadAt makes the head of the rows first to last; 0, 0 for a table without one, whose
// columns have no names.
func (t *Table) HeadAt(first, last int) Head {
	h := Head{First: first, Last: last, Columns: make([]Column, t.Columns)}
	for i := range h.Columns {
		h.Columns[i].Index = i
	}
	for _, r := range t.Rows {
		if r.Number < first || r.Number > last {
			if r.Number > last {
				break
			}
			continue
		}
		tags := isTags(r)
		if tags {
			h.Tags = r.Number
		}
		for i := range h.Columns {
			if said := clean(r.Cell(i)); tags && isTag(said) {
				h.Columns[i].Tag = said
				continue
			}
			if said := t.said(r, i); said != "" && !slices.Contains(h.Columns[i].Parts, said) {
				h.Columns[i].Parts = append(h.Columns[i].Parts, said)
			}
		}
	}
	for i := range h.Columns {
		h.Columns[i].Name = strings.Join(h.Columns[i].Parts, " / ")
	}
	return h
}

// Body is the rows below the head.
func (t *Table) Body(h Head) []Row {
	i, _ := slices.BinarySearchFunc(t.Rows, h.Last+1, func(r Row, n int) int { return r.Number - n })
	return t.Rows[i:]
}

// said is what stands over a column in a row of the head: its own cell, or the one that it is
// merged with.
func (t *Table) said(r Row, column int) string {
	if s := clean(r.Cell(column)); s != "" {
		return s
	}
	for _, m := range t.merges {
		if r.Number >= m.top && r.Number <= m.bottom && column >= m.left && column <= m.right && r.Number == m.top {
			return clean(r.Cell(m.left))
		}
	}
	return ""
}

// clean is a cell's words on one line.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func adjoin(above, below Row) bool { return above.Number+1 == below.Number }

func filled(r Row) (n int) {
	for _, c := range r.Cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// breadth is how many columns a row says something over, merged ones counted.
func (t *Table) breadth(r Row) (n int) {
	for i := range t.Columns {
		if t.said(r, i) != "" {
			n++
		}
	}
	return n
}

// wordy reports whether a row may name columns: it is nearly as broad as asked, and its cells
// are words, most of them different.
func (t *Table) wordy(r Row, broad int) bool {
	n := t.breadth(r)
	if n == 0 || n*5 < broad*3 || !allWords(r) {
		return false
	}
	different := map[string]bool{}
	for _, c := range r.Cells {
		if s := clean(c); s != "" {
			different[s] = true
		}
	}
	return len(different)*5 >= filled(r)*4
}

// allWords reports whether no cell of the row is a number, a day or an error.
func allWords(r Row) bool {
	for _, c := range r.Cells {
		if s := strings.TrimSpace(c); s != "" && (strings.Trim(s, "0123456789.,-+/: %") == "" || IsError(s)) {
			return false
		}
	}
	return true
}

// IsError reports whether a cell holds what a spreadsheet writes in place of a value that it
// could not compute, such as "#VALUE!".
func IsError(cell string) bool {
	switch cell {
	case "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return false
}

// isTags reports whether a row is of HXL tags.
func isTags(r Row) bool {
	tags := 0
	for _, c := range r.Cells {
		if isTag(strings.TrimSpace(c)) {
			tags++
		}
	}
	return tags >= 2 && tags*2 >= filled(r)
}

// isTag reports whether s is an HXL tag with its attributes, such as "#adm1 +code"; the names
// of errors, such as "#N/A" and "#VALUE!", are none.
func isTag(s string) bool {
	tag, ok := strings.CutPrefix(s, "#")
	if !ok {
		return false
	}
	for part := range strings.SplitSeq(tag, "+") {
		part = strings.TrimSpace(part)
		if part == "" || strings.Trim(part[:1], letters) != "" || strings.Trim(part, letters+"0123456789_") != "" {
			return false
		}
	}
	return true
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// groups reports whether the row has cells merged sideways over some columns, but not over all.
func (t *Table) groups(r Row) bool {
	for _, m := range t.merges {
		if m.top == r.Number && m.right > m.left && m.right-m.left+1 < t.Columns && clean(r.Cell(m.left)) != "" {
			return true
		}
	}
	return false
}
