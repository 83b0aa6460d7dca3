package readings

import (
	"strings"
	"unicode"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/export/sheet"
)

// Suggest makes a mapping out of what the head of a table says, for a person to look at. What
// it cannot tell it leaves open: a mapping that is suggested need not be whole (Check).
func Suggest(t *sheet.Table) Mapping { return SuggestAt(t, t.Suggest()) }

// SuggestAt makes a mapping for a head that a person has chosen.
func SuggestAt(t *sheet.Table, h sheet.Head) Mapping {
	m := Mapping{Version: mappingVersion, Sheet: t.Sheet, First: h.First, Last: h.Last}
	rows := t.Body(h)
	taken := map[int]bool{}
	for _, want := range wanted {
		best, rank := -1, 0
		for _, c := range h.Columns {
			if taken[c.Index] {
				continue
			}
			if n := want.rank(c); n > 0 && (best < 0 || n < rank) && (want.field == Value && n == 1 || want.fits(rows, c.Index)) {
				best, rank = c.Index, n
			}
		}
		if best >= 0 {
			taken[best] = true
			m.Columns = append(m.Columns, Use{Column: sheet.ColumnName(best), Name: h.Columns[best].Name, Tag: h.Columns[best].Tag, Field: want.field})
		}
	}
	m.Quantities = renames(rows, m.column(Quantity), QuantityName)
	m.Units = renames(rows, m.column(Unit), UnitCode)
	if i := m.column(Value); i >= 0 && t.Form == sheet.CSV {
		m.Decimal = decimalOf(rows, i)
	}
	if i := m.column(AsOf); i >= 0 {
		m.Days = orderOf(rows, i)
	}
	return m
}

// want is how a head names a field, the likeliest words first, and the HXL tags for it.
type want struct {
	field  Field
	words  []string
	tags   []string
	filter func(string) bool // what most cells must be, if that is asked
}

// wanted are the fields in the order in which columns are given to them. Words stand without
// spaces and marks.
var wanted = []want{
	{SourceGrade, []string{"sourcegrade", "gradeofsource", "sourcereliability", "reliability"}, nil, nil},
	{InfoGrade, []string{"informationgrade", "infograde", "gradeofinformation", "informationcredibility", "credibility"}, nil, nil},
	{Grade, []string{"grade", "admiraltygrade", "admiraltycode", "admiralty", "note/20"}, nil, nil},
	{Address, []string{"sourceurl", "url", "link", "address", "sourceaddress", "website", "webaddress", "lien"}, []string{"#meta+url", "#meta+link"}, nil},
	{Quote, []string{"sourcequote", "quote", "quotation", "excerpt", "verbatim", "citation"}, nil, nil},
	{Document, []string{"document", "documentnumber", "docno", "doc", "symbol", "documentsymbol"}, nil, nil},
	{Place, []string{"place", "page", "paragraph", "para", "placeindocument", "pagepara"}, nil, nil},
	{Sign, []string{"sign", "operator", "relation", "comparison", "qualifier", "bound"}, nil, nil},
	{Unit, []string{"unit", "units", "uom", "unitofmeasure", "unitofmeasurement", "measurementunit", "unité", "unite", "unidade"}, []string{"#indicator+unit", "#value+unit"}, nil},
	{Reported, []string{"reported", "reportedon", "reportdate", "dateofreport", "reportingdate", "publicationdate", "published", "datepublished"}, []string{"#date+reported", "#date+report"}, nil},
	{AsOf, []string{"asof", "asofdate", "dateasof", "observedon", "observationdate", "dateofobservation", "measuredon", "date", "day", "enddate", "periodend", "datefinal"},
		[]string{"#date+occurred", "#date", "#date+end", "#date+start"}, nil},
	{Value, []string{"value", "reading", "measurement", "figure", "amount", "actual", "result", "number", "quantity", "count", "total", "valeur", "valor"},
		[]string{"#indicator+num", "#value", "#reached+total", "#reached+ind", "#reached", "#affected+ind", "#beneficiary+total", "#beneficiary", "#affected"}, isAmount},
	{Quantity, []string{"quantity", "indicator", "indicatorname", "measure", "variable", "metric", "observed", "whatismeasured", "indicateur", "indicador"}, []string{"#indicator+name", "#indicator"}, isWords},
	{Title, []string{"source", "sourcetitle", "sourcename", "reportkind", "report", "title", "publication"}, []string{"#meta+source"}, nil},
	{Note, []string{"note", "notes", "comment", "comments", "remark", "remarks", "commentaire", "commentaires", "observations"}, []string{"#description", "#meta+comment"}, nil},
}

// rank says how well a column's head names the field: 1 for best, 0 for not at all.
func (w want) rank(c sheet.Column) int {
	for i, word := range w.words {
		for _, part := range append([]string{c.Name}, c.Parts...) {
			if bare(part) == word {
				return i + 1
			}
		}
	}
	tag := strings.ReplaceAll(strings.ToLower(c.Tag), " ", "")
	for i, known := range w.tags {
		if tag == known || strings.HasPrefix(tag, known+"+") {
			return len(w.words) + i + 1
		}
	}
	return 0
}

// looked is how many cells are looked at to tell what a column holds.
const looked = 50

// fits reports whether most of a column's first cells are what the field asks for.
func (w want) fits(rows []sheet.Row, column int) bool {
	if w.filter == nil {
		return true
	}
	some, fit := 0, 0
	for _, r := range rows {
		s := strings.TrimSpace(r.Cell(column))
		if s == "" {
			continue
		}
		if some++; w.filter(s) {
			fit++
		}
		if some == looked {
			break
		}
	}
	return fit*2 > some || some == 0
}

func isAmount(s string) bool {
	_, f := parseAmount(s, "", true)
	return f == nil || f.reason == AmbiguousNumber
}

func isWords(s string) bool { return !isAmount(s) }

// bare is a head without spaces, marks and capitals, for comparison.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// maxDistinct is how many different names of a column get a suggestion.
const maxDistinct = 200

// renames suggests names for the different cells of a column that are none themselves.
func renames(rows []sheet.Row, column int, to func(string) string) map[string]string {
	if column < 0 {
		return nil
	}
	out, seen := map[string]string{}, map[string]bool{}
	for _, r := range rows {
		s := strings.TrimSpace(r.Cell(column))
		if s == "" || seen[s] || sheet.IsError(s) {
			continue
		}
		if len(seen) == maxDistinct {
			break
		}
		seen[s] = true
		if name := to(s); name != "" && name != s {
			out[s] = name
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// QuantityName makes a quantity's name of words: small letters, digits, underscores between;
// empty where nothing is left of them.
func QuantityName(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
			gap = false
		default:
			gap = true
		}
	}
	name := b.String()
	if len(name) > act.MaxQuantity {
		name = strings.TrimRight(name[:act.MaxQuantity], "_")
	}
	return name
}

// unitCodes are codes of units by the words that files use.
var unitCodes = map[string]string{
	"t": "t", "kg": "kg", "g": "g", "m": "m", "km": "km", "m2": "m2", "m3": "m3", "%": "%",
	"tonnes": "t", "tonne": "t", "metric tonnes": "t", "metric tons": "t", "metric ton": "t", "mt": "t",
	"tons": "{ton}", "ton": "{ton}", // of which there are several
	"kilograms": "kg", "kilogram": "kg", "kilogrammes": "kg", "kgs": "kg", "grams": "g", "gram": "g",
	"litres": "L", "litre": "L", "liters": "L", "liter": "L", "cubic metres": "m3", "cubic meters": "m3", "m³": "m3", "m²": "m2",
	"metres": "m", "meters": "m", "kilometres": "km", "kilometers": "km", "hectares": "har", "hectare": "har", "ha": "har",
	"percent": "%", "per cent": "%", "percentage": "%", "pct": "%",
	"count": "1", "number": "1", "units": "1", "unit": "1", "#": "1", "score": "{score}", "scores": "{score}",
	"persons": "{person}", "people": "{person}", "individuals": "{person}", "number of people": "{person}", "number of persons": "{person}", "beneficiaries": "{person}", "person": "{person}",
	"households": "{household}", "household": "{household}", "hh": "{household}", "# hh": "{household}",
	"days": "d", "day": "d", "hours": "h", "hour": "h", "centrifuges": "{centrifuge}",
	"litres per person per day": "L/{person}/d", "l/p/d": "L/{person}/d",
}

// KnownUnit is the code of a unit that files write in well-known words, such as “hectares”.
func KnownUnit(s string) (code string, ok bool) {
	code, ok = unitCodes[strings.ToLower(strings.Join(strings.Fields(s), " "))]
	return code, ok
}

// UnitCode makes a unit's code of words, as far as they are known: “tonnes” is t, “kg UF6” is
// kg{UF6}, “% U-235” is %{U-235}. What is a code already is given back; what is not known gives
// a code of its own in braces, or nothing.
func UnitCode(s string) string {
	low := strings.ToLower(strings.Join(strings.Fields(s), " "))
	if code, ok := unitCodes[low]; ok {
		return code
	}
	first, rest, two := strings.Cut(strings.Join(strings.Fields(s), " "), " ")
	if two {
		code, known := unitCodes[strings.ToLower(first)]
		if !known && (first == "t" || first == "kg" || first == "g" || first == "%" || first == "L" || first == "m3") {
			code, known = first, true
		}
		if annotated := code + "{" + strings.ReplaceAll(rest, " ", "_") + "}"; known && code != "1" && isUnit(annotated) {
			return annotated
		}
	}
	if isUnit(s) {
		return s
	}
	if name := QuantityName(s); name != "" && len(name)+2 <= act.MaxUnit {
		return "{" + name + "}"
	}
	return ""
}

func isUnit(code string) bool {
	_, err := compliance.ParseUnit(code)
	return err == nil
}

// decimalOf tells the decimal mark of a column from a number that can be read one way only;
// empty where there is none, or where they differ.
func decimalOf(rows []sheet.Row, column int) string {
	marks := map[rune]bool{}
	for _, r := range rows {
		number, _ := cutNumber(afterSign(r.Cell(column)))
		if mark := decimalMark(strings.TrimLeft(number, "+-"), "", false); mark == '.' || mark == ',' {
			marks[mark] = true
		}
	}
	if len(marks) == 1 {
		if marks[','] {
			return ","
		}
		return "."
	}
	return ""
}

func afterSign(s string) string {
	s = strings.TrimSpace(westernDigits(s))
	if s == "" {
		return ""
	}
	s, _, _ = cutSign(s)
	return s
}

// orderOf tells the order of days of a column from days that can be read one way only; none
// where there is no such day, or where they differ.
func orderOf(rows []sheet.Row, column int) DayOrder {
	found := map[DayOrder]bool{}
	for _, r := range rows {
		s := r.Cell(column)
		if len(s) > 4 && s[4] == '-' {
			continue
		}
		if _, f := parseDay(s, Unstated); f != nil {
			continue
		}
		_, dayFirst := parseDay(s, DayFirst)
		_, monthFirst := parseDay(s, MonthDay)
		switch {
		case dayFirst == nil && monthFirst != nil:
			found[DayFirst] = true
		case monthFirst == nil && dayFirst != nil:
			found[MonthDay] = true
		}
	}
	if len(found) == 1 {
		for order := range found {
			return order
		}
	}
	return Unstated
}
