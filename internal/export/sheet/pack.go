package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
)

// resave is what to do with a workbook that cannot be read.
const resave = "Open it in a spreadsheet, save it anew as .xlsx or as CSV, and try again."

// pack is a workbook's parts, none of them unpacked before it is asked for.
type pack struct {
	files map[string]*zip.File // by path in small letters, no slash before it
}

// openPack reads the directory of a workbook and holds its sizes against the bounds.
func openPack(b []byte) (*pack, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, wrong(resave, "the workbook is damaged or cut off: %v", err)
	}
	if len(z.File) > MaxParts {
		return nil, wrong("", "the workbook has %d parts, more than %d", len(z.File), MaxParts)
	}
	p := &pack{files: make(map[string]*zip.File, len(z.File))}
	total := uint64(0)
	for _, f := range z.File {
		if f.UncompressedSize64 > MaxUnzipped || total+f.UncompressedSize64 > MaxUnzipped {
			return nil, wrong("Divide it into parts.", "the workbook would unpack to more than %d bytes", MaxUnzipped)
		}
		total += f.UncompressedSize64
		name := partName(f.Name)
		if p.files[name] != nil {
			return nil, wrong(resave, "the workbook has the part %.60q twice", name)
		}
		p.files[name] = f
	}
	if total > ratioFrom && total > MaxRatio*uint64(len(b)) {
		return nil, wrong("", "the workbook would unpack to more than %d times its size", MaxRatio)
	}
	return p, nil
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// read unpacks a part whole and checks its sum; ok is false where there is none.
func (p *pack) read(name string) (b []byte, ok bool, err error) {
	f := p.files[partName(name)]
	if f == nil {
		return nil, false, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, true, wrong(resave, "the part %.60q of the workbook cannot be unpacked: %v", name, err)
	}
	b = make([]byte, 0, f.UncompressedSize64+bytes.MinRead)
	buf := bytes.NewBuffer(b)
	if _, err := buf.ReadFrom(io.LimitReader(r, MaxUnzipped+1)); err != nil {
		return nil, true, wrong(resave, "the part %.60q of the workbook is damaged: %v", name, err)
	}
	if buf.Len() > MaxUnzipped {
		return nil, true, wrong("Divide it into parts.", "the workbook would unpack to more than %d bytes", MaxUnzipped)
	}
	return buf.Bytes(), true, nil
}

// decode unpacks a part and reads it as XML into v; a missing part leaves v as it is.
func (p *pack) decode(name string, v any) (ok bool, err error) {
	b, ok, err := p.read(name)
	if err != nil || !ok {
		return ok, err
	}
	if err := xml.Unmarshal(b, v); err != nil {
		return true, wrong(resave, "the part %.60q of the workbook is damaged: %v", name, err)
	}
	return true, nil
}

// relations are the arrows from a part to others.
type relations struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
		Mode   string `xml:"TargetMode,attr"`
	}
}

// of reads the relations of a part; "" stands for the workbook file itself.
func (p *pack) of(part string) (relations, error) {
	var r relations
	_, err := p.decode(path.Join(path.Dir(part), "_rels", path.Base("/"+part)+".rels"), &r)
	return r, err
}

// target is the part that the first relation of a kind, or with an id, leads to.
func (r relations) target(from, kind, id string) (string, bool) {
	for _, x := range r.Relationship {
		if x.Mode == "External" || (kind != "" && path.Base(x.Type) != kind) || (id != "" && x.ID != id) {
			continue
		}
		if strings.HasPrefix(x.Target, "/") {
			return path.Clean(x.Target)[1:], true
		}
		return path.Join(path.Dir(from), x.Target), true
	}
	return "", false
}

// book is what a workbook says of itself.
type book struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Views []struct {
		Active int `xml:"activeTab,attr"`
	} `xml:"bookViews>workbookView"`
	Sheets []struct {
		Name  string     `xml:"name,attr"`
		State string     `xml:"state,attr"`
		Attrs []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

// id is the relation that leads to sheet i; its name has a prefix that differs.
func (b *book) id(i int) string {
	for _, a := range b.Sheets[i].Attrs {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// choose finds the sheet that was asked for, or the one that was open when the file was saved.
func (b *book) choose(name string) (int, error) {
	if len(b.Sheets) == 0 {
		return 0, wrong(resave, "the workbook has no sheet")
	}
	if name == "" {
		if len(b.Views) > 0 && b.Views[0].Active > 0 && b.Views[0].Active < len(b.Sheets) {
			return b.Views[0].Active, nil
		}
		for i, s := range b.Sheets {
			if s.State == "" || s.State == "visible" {
				return i, nil
			}
		}
		return 0, nil
	}
	var names []string
	for i, s := range b.Sheets {
		if s.Name == name {
			return i, nil
		}
		names = append(names, fmt.Sprintf("“%s”", s.Name))
	}
	return 0, wrong("Name one of these: "+strings.Join(names, ", ")+".", "the workbook has no sheet “%.60s”", name)
}

// chosen are the parts that matter for one sheet, unpacked and checked.
type chosen struct {
	book                   book
	index                  int
	sheet, strings, styles []byte
}

// parts unpacks what is needed to read one sheet.
func (p *pack) parts(sheet string) (*chosen, error) {
	top, err := p.of("")
	if err != nil {
		return nil, err
	}
	at, ok := top.target("", "officeDocument", "")
	if !ok {
		return nil, wrong("Save it from a spreadsheet as an Excel workbook (.xlsx).", "the file is packed, but no Excel workbook")
	}
	c := &chosen{}
	if ok, err := p.decode(at, &c.book); err != nil || !ok {
		return nil, orMissing(err, at)
	}
	if c.index, err = c.book.choose(sheet); err != nil {
		return nil, err
	}
	rels, err := p.of(at)
	if err != nil {
		return nil, err
	}
	name, ok := rels.target(at, "worksheet", c.book.id(c.index))
	if !ok {
		return nil, wrong("Name another sheet.", "“%.60s” is no sheet of cells, or is missing", c.book.Sheets[c.index].Name)
	}
	if c.sheet, ok, err = p.read(name); err != nil || !ok {
		return nil, orMissing(err, name)
	}
	for kind, to := range map[string]*[]byte{"sharedStrings": &c.strings, "styles": &c.styles} {
		if name, ok := rels.target(at, kind, ""); ok {
			if *to, ok, err = p.read(name); err != nil || !ok {
				return nil, orMissing(err, name)
			}
		}
	}
	return c, nil
}

func orMissing(err error, part string) error {
	if err != nil {
		return err
	}
	return wrong(resave, "the part %.60q of the workbook is missing", part)
}
