package readings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/export/sheet"
)

// MaxMapping is the greatest length of a mapping's JSON, in bytes, MaxRenames how many names one
// list of renames may have, and MaxWhere how many conditions there may be: each row is held
// against all of them.
const (
	MaxMapping = 256 << 10
	MaxRenames = 2000
	MaxWhere   = 64
)

// mappingVersion is the version of the form of mappings.
const mappingVersion = 1

// A Field is a part of a reading, or of its source, that a column or a constant gives.
type Field string

// The fields.
const (
	Quantity    Field = "quantity"
	Sign        Field = "sign"
	Value       Field = "value"
	Unit        Field = "unit"
	AsOf        Field = "asOf"
	Reported    Field = "reported"
	Title       Field = "title" // of the source, and so on
	Document    Field = "document"
	Place       Field = "place"
	Address     Field = "address"
	Quote       Field = "quote"
	Grade       Field = "grade"       // both letters of the Admiralty code: "B2"
	SourceGrade Field = "sourceGrade" // A to F
	InfoGrade   Field = "infoGrade"   // 1 to 6
	Note        Field = "note"
)

// Fields are all fields, in the order in which a page shows them.
func Fields() []Field {
	return []Field{Quantity, Sign, Value, Unit, AsOf, Reported, Title, Document, Place, Address, Quote, Grade, SourceGrade, InfoGrade, Note}
}

// prose are the fields of words: several columns may give one of them, joined by “ · ”.
func (f Field) prose() bool {
	return f == Title || f == Document || f == Place || f == Quote || f == Note
}

// A DayOrder says what comes first in a day such as 3/4/2017.
type DayOrder string

// The orders. Days written with the year first, or with the name of the month, need none.
const (
	Unstated DayOrder = ""    // days that could be read both ways are refused
	DayFirst DayOrder = "dmy" // 3/4/2017 is 3 April
	MonthDay DayOrder = "mdy" // 3/4/2017 is 4 March
)

// A Mapping says what the columns of a table hold. It is saved as JSON and can be used on the
// next file of the same form (Fit).
type Mapping struct {
	Version    int               `json:"version"`         // 1
	Sheet      string            `json:"sheet,omitempty"` // of a workbook; empty for the one that is open
	First      int               `json:"first"`           // row of the head; 0 where there is none
	Last       int               `json:"last"`            // the last one
	Columns    []Use             `json:"columns"`
	Constants  map[Field]string  `json:"constants,omitempty"`  // for every row, where its columns say nothing
	Quantities map[string]string `json:"quantities,omitempty"` // what the file calls them → their names
	Units      map[string]string `json:"units,omitempty"`      // what the file calls them → their codes
	Values     map[string]string `json:"values,omitempty"`     // words in place of values → values: "Complete" → "3"
	Where      []Condition       `json:"where,omitempty"`      // all must hold; other rows are passed over
	Days       DayOrder          `json:"days,omitempty"`
	Decimal    string            `json:"decimal,omitempty"` // "." or ","; empty where numbers show it themselves
	Blank      bool              `json:"blank,omitempty"`   // cells without a value are passed over, not rejected
}

// A Use says what a column holds. A column of values may have its own quantity and unit; so
// a broad table gives several readings a row.
type Use struct {
	Column   string `json:"column"`         // "C"
	Name     string `json:"name,omitempty"` // what its head says, by which Fit finds it again
	Tag      string `json:"tag,omitempty"`  // and its HXL tag
	Field    Field  `json:"field"`
	Quantity string `json:"quantity,omitempty"` // of a column of values
	Unit     string `json:"unit,omitempty"`     // of a column of values
}

// A Condition holds for rows whose cell in a column is one of some words.
type Condition struct {
	Column string   `json:"column"`
	Name   string   `json:"name,omitempty"`
	Tag    string   `json:"tag,omitempty"`
	Is     []string `json:"is"`
}

// ParseMapping reads a mapping that was saved as JSON.
func ParseMapping(b []byte) (Mapping, error) {
	if len(b) > MaxMapping {
		return Mapping{}, fmt.Errorf("the mapping has %d bytes, more than %d", len(b), MaxMapping)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var m Mapping
	if err := d.Decode(&m); err != nil {
		return Mapping{}, fmt.Errorf("the mapping is not in form: %w", err)
	}
	if d.More() {
		return Mapping{}, fmt.Errorf("the mapping is not in form: something stands after it")
	}
	return m, m.Check()
}

// column is the place of the first column of a field, or -1.
func (m *Mapping) column(f Field) int {
	for _, u := range m.Columns {
		if u.Field == f {
			if i, err := sheet.ParseColumn(u.Column); err == nil {
				return i
			}
		}
	}
	return -1
}

// Check says what is wrong with a mapping whatever the table, or nil.
func (m *Mapping) Check() error {
	switch {
	case m.Version != mappingVersion:
		return fmt.Errorf("the mapping is of version %d; this program knows %d", m.Version, mappingVersion)
	case m.First < 0 || m.Last < m.First || (m.First == 0) != (m.Last == 0):
		return fmt.Errorf("rows %d to %d are no head", m.First, m.Last)
	case m.Days != Unstated && m.Days != DayFirst && m.Days != MonthDay:
		return fmt.Errorf("%.10q is no order of days: dmy or mdy", m.Days)
	case m.Decimal != "" && m.Decimal != "." && m.Decimal != ",":
		return fmt.Errorf("%.10q is no decimal mark: a full stop or a comma", m.Decimal)
	case len(m.Quantities) > MaxRenames || len(m.Units) > MaxRenames || len(m.Values) > MaxRenames:
		return fmt.Errorf("a list of names has more than %d", MaxRenames)
	case len(m.Where) > MaxWhere:
		return fmt.Errorf("there are %d conditions, more than %d", len(m.Where), MaxWhere)
	}
	if err := m.checkColumns(); err != nil {
		return err
	}
	if err := m.checkNames(); err != nil {
		return err
	}
	return m.checkNeeds()
}

func (m *Mapping) checkColumns() error {
	used, fields := map[string]bool{}, map[Field]int{}
	for _, u := range m.Columns {
		if _, err := sheet.ParseColumn(u.Column); err != nil {
			return err
		}
		switch {
		case !slices.Contains(Fields(), u.Field):
			return fmt.Errorf("column %s is said to hold %.20q, which is no part of a reading", u.Column, u.Field)
		case used[u.Column+" "+string(u.Field)]:
			return fmt.Errorf("column %s is said to hold %s twice", u.Column, u.Field)
		case u.Field != Value && (u.Quantity != "" || u.Unit != ""):
			return fmt.Errorf("column %s has a quantity or unit of its own and holds no values", u.Column)
		}
		used[u.Column+" "+string(u.Field)] = true
		if fields[u.Field]++; fields[u.Field] > 1 && u.Field != Value && !u.Field.prose() {
			return fmt.Errorf("two columns are said to hold the %s", u.Field)
		}
	}
	for _, c := range m.Where {
		if _, err := sheet.ParseColumn(c.Column); err != nil {
			return err
		}
	}
	for f := range m.Constants {
		if !slices.Contains(Fields(), f) || f == Value {
			return fmt.Errorf("%.20q is no constant of readings", f)
		}
	}
	return nil
}

func (m *Mapping) checkNames() error {
	for from, to := range m.Quantities {
		if !act.QuantityOK(to) {
			return badName(to, "“"+from+"” is to be called ")
		}
	}
	for from, to := range m.Units {
		if _, err := compliance.ParseUnit(to); err != nil {
			return fmt.Errorf("“%.40s” is to be called %.50q, which is no unit: a code like t, kg{U} or %%", from, to)
		}
	}
	for _, u := range m.Columns {
		if u.Quantity != "" && !act.QuantityOK(u.Quantity) {
			return badName(u.Quantity, "the quantity of column "+u.Column+" is ")
		}
		if _, err := compliance.ParseUnit(u.Unit); u.Unit != "" && err != nil {
			return fmt.Errorf("the unit of column %s is %.50q, which is none: a code like t, kg{U} or %%", u.Column, u.Unit)
		}
	}
	return nil
}

func badName(name, what string) error {
	return fmt.Errorf("%s%.50q, which is no name of a quantity: a to z, 0 to 9 and _, a letter first, at most %d", what, name, act.MaxQuantity)
}

// checkNeeds asks for what no reading can do without. Its unit may stand beside the value.
func (m *Mapping) checkNeeds() error {
	has := func(f Field) bool { return m.column(f) >= 0 || strings.TrimSpace(m.Constants[f]) != "" }
	switch {
	case m.column(Value) < 0:
		return fmt.Errorf("no column holds the value")
	case !has(AsOf):
		return fmt.Errorf("no column holds the day that the value is of, and none is said for all rows")
	case has(Quantity):
		return nil
	}
	for _, u := range m.Columns {
		if u.Field == Value && u.Quantity == "" {
			return fmt.Errorf("nothing says which quantity the values of column %s are of", u.Column)
		}
	}
	return nil
}

// Fit finds the mapping's columns in the head of another file: where they stood, or by the names
// that they had. It also takes over where the head is.
func (m Mapping) Fit(h sheet.Head) (Mapping, error) {
	m.First, m.Last = h.First, h.Last
	m.Columns, m.Where = slices.Clone(m.Columns), slices.Clone(m.Where)
	for i := range m.Columns {
		at, err := find(h, m.Columns[i].Column, m.Columns[i].Name, m.Columns[i].Tag)
		if err != nil {
			return Mapping{}, err
		}
		m.Columns[i].Column = at
	}
	for i := range m.Where {
		at, err := find(h, m.Where[i].Column, m.Where[i].Name, m.Where[i].Tag)
		if err != nil {
			return Mapping{}, err
		}
		m.Where[i].Column = at
	}
	return m, m.Check()
}

func find(h sheet.Head, column, name, tag string) (string, error) {
	at, err := sheet.ParseColumn(column)
	if err != nil {
		return "", err
	}
	if name == "" && tag == "" {
		return column, nil
	}
	if at < len(h.Columns) && h.Columns[at].Name == name && h.Columns[at].Tag == tag {
		return column, nil
	}
	found := ""
	for _, c := range h.Columns {
		if c.Name == name && c.Tag == tag {
			if found != "" {
				return "", fmt.Errorf("the file has two columns “%.60s”: say anew which one is meant", name)
			}
			found = c.Letter()
		}
	}
	if found == "" {
		return "", fmt.Errorf("the file has no column “%.60s”: the mapping is of another form of file", name)
	}
	return found, nil
}
