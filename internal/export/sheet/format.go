package sheet

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// The formats that cells are read with, in place of the file's own.
const (
	dayFormat     = "yyyy-mm-dd"
	instantFormat = "yyyy-mm-dd hh:mm:ss"
	percentFormat = "0.0000000000%" // trailing zeros are cut by percent
	general       = 0               // a number as it is kept
)

// A look is what the format of a cell makes of a number.
type look uint8

const (
	asNumber look = iota
	asDay
	asInstant
	asPercent
)

// plainFormats puts a plain format in the place of every format of the workbook, so that a
// number is read as it is kept and a day in one form, whatever the cell looks like.
func plainFormats(f *excelize.File) error {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return nil
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			codes[n.NumFmtID] = n.FormatCode
		}
	}
	looks := make([]look, len(f.Styles.CellXfs.Xf))
	for i := range looks {
		if id := f.Styles.CellXfs.Xf[i].NumFmtID; id != nil {
			looks[i] = lookOf(*id, codes)
		}
	}
	// The library hands out numbers of formats only by making styles of them.
	ids := map[look]int{asNumber: general}
	for l, code := range map[look]string{asDay: dayFormat, asInstant: instantFormat, asPercent: percentFormat} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return err
		}
		ids[l] = *f.Styles.CellXfs.Xf[style].NumFmtID
	}
	for i, l := range looks {
		id := ids[l]
		f.Styles.CellXfs.Xf[i].NumFmtID = &id
	}
	return nil
}

// lookOf says what a format makes of a number; formats without a code are built in (ECMA-376
// part 1, 18.8.30).
func lookOf(id int, codes map[int]string) look {
	if code, ok := codes[id]; ok {
		return lookOfCode(code)
	}
	switch {
	case id == 9 || id == 10:
		return asPercent
	case id == 22:
		return asInstant
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return asDay
	}
	return asNumber
}

// lookOfCode reads a format's code: what stands in quotation marks, in brackets or after a
// backslash is no part of a day. A format of hours alone is a length of time, a number.
func lookOfCode(code string) look {
	code, _, _ = strings.Cut(code, ";")
	var days, hours, share bool
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			i = skipTo(code, i+1, '"')
		case code[i] == '[':
			i = skipTo(code, i+1, ']')
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case c == 'y' || c == 'd':
			days = true
		case c == 'h' || c == 's':
			hours = true
		case code[i] == '%':
			share = true
		}
	}
	switch {
	case days && hours:
		return asInstant
	case days:
		return asDay
	case share:
		return asPercent
	}
	return asNumber
}

func skipTo(s string, i int, end byte) int {
	if j := strings.IndexByte(s[i:], end); j >= 0 {
		return i + j
	}
	return len(s)
}

// percent cuts the zeros that percentFormat leaves: 3.6700000000% is 3.67%.
func percent(cell string) string {
	digits, ok := strings.CutSuffix(cell, "%")
	i := strings.IndexByte(digits, '.')
	if !ok || i < 0 || len(digits)-i-1 != 10 {
		return cell
	}
	return strings.TrimRight(strings.TrimRight(digits, "0"), ".") + "%"
}
