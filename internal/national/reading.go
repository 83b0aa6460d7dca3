package national

import (
	"slices"

	"entente/act"
	"entente/text"
)

// checkReading sees to it that a reading that is kept could also be one of a batch: what is noted here
// is computed with as what is shared is.
func (e Entry) checkReading() error {
	r, c := e.Reading, e.Source
	if e.Element == "" {
		return refuse("element", "An observation stands beside the agreement, the programme or the obligation that it is of.")
	}
	if !act.QuantityOK(r.Quantity) {
		return refuse("quantity", "%.60q is no name of a quantity: a small letter, then small letters, digits and low lines.", r.Quantity)
	}
	if !act.DecimalOK(r.Value) || r.Sign > act.Above {
		return refuse("value", "%.60q is no number: write it like 130, 0.5 or -12.25.", r.Value)
	}
	if !act.UnitOK(r.Unit) {
		return refuse("unit", "%.60q is no unit: write it like t, kg{U} or 1.", r.Unit)
	}
	if _, err := act.ParseDate(string(r.AsOf)); err != nil {
		return refuse("day", "%v.", err)
	}
	if r.Reported != "" {
		if _, err := act.ParseDate(string(r.Reported)); err != nil {
			return refuse("day", "%v.", err)
		}
	}
	if _, err := act.ParseGrade(r.Grade.String()); err != nil {
		return refuse("grade", "%v.", err)
	}
	if r.Replaces != nil || r.Source != 0 || len(r.Bears) > act.MaxBears {
		return refuse("reading", "An observation that is kept here is changed where it stands, and has one source.")
	}
	if c.Title == "" {
		return refuse("source", "Say where the observation comes from.")
	}
	return e.checkCited()
}

func (e Entry) checkCited() error {
	for _, s := range e.cited() {
		limit := act.MaxCited
		switch s {
		case e.Source.Quote:
			limit = act.MaxQuote
		case e.Reading.Note:
			limit = act.MaxReason
		}
		if len(s) > limit {
			return refuse("length", "What is said of the source has %d bytes, and here there is room for %d.", len(s), limit)
		}
		if err := text.Check(s); err != nil {
			return refuse("words", "The words cannot be kept: %v.", err)
		}
	}
	return nil
}

// cited lists the words of a reading: its note, and what is said of its source.
func (e Entry) cited() (out []string) {
	if e.Reading != nil {
		out = append(out, e.Reading.Note)
	}
	if c := e.Source; c != nil {
		out = append(out, c.Title, c.Document, c.Place, c.Address, c.Quote)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// Readings lists the readings of a group's margin that stand, by number.
func (m *Margins) Readings(group act.Hash) (out []Entry) {
	m.look(group, func(g *margin) {
		for _, k := range g.kept {
			if k.Field == Reading && !k.Ended {
				out = append(out, k.Entry)
			}
		}
	})
	return out
}
