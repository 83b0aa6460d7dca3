// Package readings turns the rows of a table into observations: a Mapping says which column
// holds what, Read applies it and tells every row that it could not take, and why, and
// Preview.Batches cuts what it took into reports that acts can hold. It gives drafts only:
// it knows no log, no server and no person.
//
// # What it never does
//
//   - It does not guess. 3/4/2017 is refused until the mapping says which comes first, day or
//     month; 1,234 until it says which mark is decimal; “about 130” is no value and no bound.
//   - It does not convert. A unit may get another name (“tonnes” → t); amounts stay as they are.
//   - It does not pass over anything in silence: a row is taken, or told among Rejects, or
//     counted as already there, as without a value, or as passed over by the mapping's own rule.
//
// # Values
//
// A value is a decimal number, or a bound written as a sign (≤300, <130, >= 5) or in words
// (“did not exceed 300”, “below 130”, “at least 15”). Digits may be parted in threes by
// spaces, apostrophes, commas or full stops. A unit may stand after the number.
//
// # Idempotence
//
// Two readings are the same where everything that was written of them is (KeyOf). Rows whose
// reading stands already are counted as there, so that an import can be repeated; rows that
// repeat another row of the same file are told among Rejects, since one of them would be lost.
//
// # Bounds
//
// Those of package sheet; MaxRejects rejected cells told one by one; MaxMapping bytes of a
// mapping; what package act allows for each text.
//
//	m := readings.Suggest(table)
//	p, err := readings.Read(table, m, readings.Options{})
//	if err == nil && p.Rejected == 0 {
//		for _, report := range p.Batches("T-1", nil) {
//			// draft an act of it
//		}
//	}
package readings

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"entente/act"
	"entente/internal/export/sheet"
)

// Bounds of what is told.
const (
	MaxRejects = 1000 // rejected cells that are told one by one
	maxShown   = 120  // bytes of a rejected value that are shown
)

// progressEvery is how many rows pass between two calls of Options.Progress.
const progressEvery = 1000

// Options say what is known besides the table and its mapping.
type Options struct {
	// Standing are the readings that stand already: rows of the same are left out, and counted.
	Standing map[Key]bool
	// Source fills in what the rows do not say of where they come from; its title may be the
	// name of the file.
	Source act.Citation
	// Progress, where it is set, is told now and then how many rows of how many are done.
	// Whatever error it gives stops the reading and is given back.
	Progress func(done, of int) error
}

// An Entry is one reading that a row gave. Its Reading.Source is 0 until Batches puts it into
// a report; Source is its place in Preview.Sources.
type Entry struct {
	Row     int         `json:"row"`
	Reading act.Reading `json:"reading"`
	Source  int         `json:"source"`
}

// A Preview is what a table would bring in, and what of it would be left out.
type Preview struct {
	Rows     int            `json:"rows"`              // below the head, blank ones left out
	Entries  []Entry        `json:"entries"`           // in the order of the rows
	Sources  []act.Citation `json:"sources"`           // each once
	Rejects  []Reject       `json:"rejects,omitempty"` // in the order of the rows
	Untold   int            `json:"untold,omitempty"`  // rejects past MaxRejects
	Rejected int            `json:"rejected"`          // rows that have at least one reject
	Already  int            `json:"already"`           // readings that stand already
	Blank    int            `json:"blank"`             // cells without a value, where the mapping passes over them
	Passed   int            `json:"passed"`            // rows passed over by the mapping's conditions
}

// A Reject is a cell, or a row, of which no reading could be made.
type Reject struct {
	Row    int    `json:"row"`              // as the spreadsheet shows it; the line, in a file without rows
	Column int    `json:"column"`           // from 0; -1 where it is about the whole row
	Field  Field  `json:"field,omitempty"`  // what was looked for
	Value  string `json:"value,omitempty"`  // what stands there, cut if it is long
	Reason Reason `json:"reason"`           // by which pages translate it
	Detail string `json:"detail,omitempty"` // what the reason speaks of
	Where  string `json:"where,omitempty"`  // in a file without rows: what it is of
	Says   string `json:"says"`             // in English
}

// Place is where a reject is, as a spreadsheet names it: "C12", or "row 12"; in a file without
// rows "line 12".
func (r Reject) Place() string {
	if r.Where != "" {
		return fmt.Sprintf("line %d", r.Row)
	}
	return place(r.Row, r.Column)
}

// NewReject makes the reject of a place in a file without rows.
func NewReject(line int, where string, field Field, value string, reason Reason, detail string) Reject {
	f := &fault{reason, detail}
	return Reject{Row: line, Column: -1, Field: field, Value: shown(value), Reason: reason, Detail: detail, Where: where, Says: f.says()}
}

// ParseValue reads a value or a bound, with the unit that may stand after it; decimal is the
// decimal mark, or empty where the number shows it. The reason is empty where it can be read.
func ParseValue(s, decimal string) (sign act.Sign, value, unit string, why Reason, detail string) {
	a, f := parseAmount(s, decimal, decimal == ".")
	if f != nil {
		return 0, "", "", f.reason, f.detail
	}
	return a.sign, a.value, a.unit, "", ""
}

// A Key is what two readings have in common that are the same.
type Key [16]byte

// KeyOf makes the key of a reading and its source: everything that was written of it, but not
// what it bears on or replaces.
func KeyOf(r act.Reading, c act.Citation) Key {
	b := make([]byte, 0, 512)
	for _, s := range [...]string{
		r.Quantity, r.Sign.String(), r.Value, r.Unit, string(r.AsOf), string(r.Reported), r.Grade.String(), r.Note,
		c.Title, c.Document, c.Place, c.Address, c.Quote,
	} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	sum := sha256.Sum256(b)
	return Key(sum[:16])
}

// Keys adds the keys of a report's readings to a set.
func Keys(set map[Key]bool, r act.Report) {
	for _, x := range r.Readings {
		if int(x.Source) < len(r.Sources) {
			set[KeyOf(x, r.Sources[x.Source])] = true
		}
	}
}

// Read makes readings of a table by a mapping. Its errors are the mapping's, or what
// Options.Progress gave; what is wrong with rows is in the preview.
func Read(t *sheet.Table, m Mapping, o Options) (*Preview, error) {
	r, err := newRun(t, m, o)
	if err != nil {
		return nil, err
	}
	rows := t.Body(sheet.Head{Last: m.Last})
	r.Entries = make([]Entry, 0, len(rows)*len(r.values))
	for i, row := range rows {
		r.row(row)
		if (i+1)%progressEvery == 0 && o.Progress != nil {
			if err := o.Progress(i+1, len(rows)); err != nil {
				return nil, err
			}
		}
	}
	if o.Progress != nil {
		if err := o.Progress(len(rows), len(rows)); err != nil {
			return nil, err
		}
	}
	return &r.Preview, nil
}
