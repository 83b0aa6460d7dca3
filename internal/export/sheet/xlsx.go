package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads one sheet of a workbook. Only parts that were unpacked whole and checked are
// handed to the library, in a small workbook of their own, which is never written down.
func readXLSX(b []byte, o Options) (*Table, error) {
	p, err := openPack(b)
	if err != nil {
		return nil, err
	}
	parts, err := p.parts(o.Sheet)
	if err != nil {
		return nil, err
	}
	seen, err := check(parts.sheet, o)
	if err != nil {
		return nil, err
	}
	t := &Table{Form: XLSX, Sheet: parts.book.Sheets[parts.index].Name, Faults: seen.faults, Untold: seen.untold, merges: seen.merges}
	for _, s := range parts.book.Sheets {
		t.Sheets = append(t.Sheets, Sheet{s.Name, s.State != "" && s.State != "visible"})
	}
	small, err := repack(parts)
	if err != nil {
		return nil, err
	}
	return t, t.fill(small, seen, o)
}

// The parts of the small workbook.
const (
	onlySheet = "Sheet1"

	smallTypes = `<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	smallTop = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	smallRelations = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	smallBook = `<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="%t"/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	noStrings = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`
	noStyles  = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`
)

// repack makes the small workbook.
func repack(c *chosen) ([]byte, error) {
	since1904 := c.book.Properties.Date1904 == "1" || strings.EqualFold(c.book.Properties.Date1904, "true")
	if c.strings == nil {
		c.strings = []byte(noStrings)
	}
	if c.styles == nil {
		c.styles = []byte(noStyles)
	}
	var out bytes.Buffer
	out.Grow(len(c.sheet) + len(c.strings) + len(c.styles) + 8<<10)
	z := zip.NewWriter(&out)
	for _, part := range []struct {
		name string
		b    []byte
	}{
		{"[Content_Types].xml", []byte(smallTypes)}, {"_rels/.rels", []byte(smallTop)},
		{"xl/workbook.xml", fmt.Appendf(nil, smallBook, since1904)}, {"xl/_rels/workbook.xml.rels", []byte(smallRelations)},
		{"xl/styles.xml", c.styles}, {"xl/sharedStrings.xml", c.strings}, {"xl/worksheets/sheet1.xml", c.sheet},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(part.b)
		}
		if err != nil {
			return nil, wrong(resave, "the workbook cannot be read: %v", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, wrong(resave, "the workbook cannot be read: %v", err)
	}
	return out.Bytes(), nil
}

// fill reads the rows of the small workbook into the table. What the library makes of
// hostile parts is not ours to promise: should it give up, the file is refused.
func (t *Table) fill(small []byte, seen *checker, o Options) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = wrong(resave, "the workbook cannot be read: %v", r)
		}
	}()
	const limit = int64(MaxUnzipped) + 1<<20 // one for all: nothing is put aside on disk
	f, err := excelize.OpenReader(bytes.NewReader(small), excelize.Options{UnzipSizeLimit: limit, UnzipXMLSizeLimit: limit})
	if err != nil {
		return wrong(resave, "the workbook cannot be read: %v", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := plainFormats(f); err != nil {
		return wrong(resave, "the formats of the workbook cannot be read: %v", err)
	}
	rows, err := f.Rows(onlySheet)
	if err != nil {
		return wrong(resave, "the sheet cannot be read: %v", err)
	}
	if err := t.rows(rows, seen, o); err != nil {
		return err
	}
	if f.SharedStrings != nil && seen.strings > len(f.SharedStrings.SI) {
		return wrong(resave, "the sheet is damaged: it needs %d texts, and the workbook has %d", seen.strings, len(f.SharedStrings.SI))
	}
	return rows.Close()
}

// rows takes every row out of the iterator.
func (t *Table) rows(it *excelize.Rows, seen *checker, o Options) error {
	cells := 0
	t.Rows = make([]Row, 0, min(seen.rows, MaxRows))
	for number := 1; it.Next(); number++ {
		row, err := it.Columns()
		if err != nil {
			return &Error{Row: number, Column: -1, What: fmt.Sprintf("the row cannot be read: %v", err), Next: resave}
		}
		for i := range row {
			row[i] = percent(row[i])
		}
		if err := t.add(number, row, &cells); err != nil {
			return err
		}
		if number%progressEvery == 0 {
			p := seen.read(number)
			p.Rows = len(t.Rows)
			if err := o.tell(p); err != nil {
				return err
			}
		}
	}
	if err := it.Error(); err != nil {
		return wrong(resave, "the sheet cannot be read: %v", err)
	}
	return o.tell(Progress{len(t.Rows), 2 * seen.size, 2 * seen.size})
}
