package readings

import (
	"strings"

	"entente/internal/compliance"
	"entente/internal/export/sheet"
)

// SuggestFor makes a mapping for a head, as SuggestAt does, toward quantities that an agreement
// knows: a name in the file that is one of theirs with something after it becomes theirs, and a
// unit that differs from the only one of its kind by a note in braces becomes that.
func SuggestFor(t *sheet.Table, h sheet.Head, known []compliance.Quantity) Mapping {
	m := SuggestAt(t, h)
	rows := t.Body(h)
	m.Quantities = renames(rows, m.column(Quantity), func(s string) string { return quantityToward(s, known) })
	m.Units = renames(rows, m.column(Unit), func(s string) string { return unitToward(s, known) })
	return m
}

// quantityToward is the known name that a file's name begins with, the longest; else a name made of it.
func quantityToward(s string, known []compliance.Quantity) string {
	name, best := QuantityName(s), ""
	for _, q := range known {
		if name == q.Name {
			return name
		}
		if strings.HasPrefix(name, q.Name+"_") && len(q.Name) > len(best) {
			best = q.Name
		}
	}
	if best != "" {
		return best
	}
	return name
}

// unitToward is the code of a file's unit, or the known one that has no note in braces where the
// file's has.
func unitToward(s string, known []compliance.Quantity) string {
	code := UnitCode(s)
	bare, _, noted := strings.Cut(code, "{")
	toward := ""
	for _, q := range known {
		if q.Unit == code {
			return code
		}
		if noted && bare != "" && q.Unit == bare {
			toward = bare
		}
	}
	if toward != "" {
		return toward
	}
	return code
}
