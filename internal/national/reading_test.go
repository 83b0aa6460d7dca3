package national

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"entente/act"
	"entente/text"
)

func observed() Body {
	return Body{Reading: &act.Reading{Quantity: "heavy_water_stock", Sign: act.Below, Value: "130.6", Unit: "t", AsOf: "2016-11-08", Reported: "2016-11-09",
		Grade: act.Grade{Source: 'B', Info: 2}, Note: "The attaché heard it at the plant, and was not sure."},
		Source: &act.Citation{Title: "Cable of the embassy, number 4471", Quote: "A little more than one hundred and thirty tonnes."}}
}

// TestAReadingIsKeptAndChanged: it stands until it has ended, and what it said before stays.
func TestAReadingIsKeptAndChanged(t *testing.T) {
	k := &kept{}
	m := open(t, k)
	e := write(t, m, reyes, Entry{Field: Reading, Element: "O-3", Body: observed()})
	b := observed()
	b.Reading.Value = "130.4"
	write(t, m, reyes, Entry{Number: e.Number, Element: "O-3", Body: b})
	for _, m := range []*Margins{m, open(t, k)} {
		list := m.Readings(here)
		if len(list) != 1 || list[0].Reading.Value != "130.4" || list[0].By != "d.reyes" {
			t.Fatalf("%+v", list)
		}
		if v := m.View(here, "O-3", nil); len(v.Readings) != 1 || len(v.Readings[0].Earlier) != 1 {
			t.Fatalf("%+v", v.Readings)
		}
	}
	if len(m.Readings(there)) != 0 {
		t.Fatal("another group has it")
	}
	write(t, m, reyes, Entry{Number: e.Number, Element: "O-3", Ended: true})
	if len(m.Readings(here)) != 0 || len(m.View(here, "O-3", nil).Ended) != 1 {
		t.Fatal("it did not end")
	}
	back, err := ParseBody(FormatBody(b))
	if err != nil || !reflect.DeepEqual(back, b) {
		t.Fatalf("%+v came back as %+v: %v", b, back, err)
	}
}

func TestReadingsThatAreRefused(t *testing.T) {
	m := open(t, &kept{})
	for name, spoil := range map[string]func(e *Entry){
		"beside nothing":          func(e *Entry) { e.Element = "" },
		"no reading":              func(e *Entry) { e.Reading = nil },
		"no source":               func(e *Entry) { e.Source = nil },
		"a source without a name": func(e *Entry) { e.Source.Title = "" },
		"no number":               func(e *Entry) { e.Reading.Value = "130.60" },
		"no quantity":             func(e *Entry) { e.Reading.Quantity = "Heavy water" },
		"no unit":                 func(e *Entry) { e.Reading.Unit = "" },
		"no day":                  func(e *Entry) { e.Reading.AsOf = "2016-02-30" },
		"no day of report":        func(e *Entry) { e.Reading.Reported = "yesterday" },
		"no grade":                func(e *Entry) { e.Reading.Grade = act.Grade{Source: 'X', Info: 9} },
		"no sign":                 func(e *Entry) { e.Reading.Sign = 9 },
		"another's reading":       func(e *Entry) { e.Reading.Replaces = &act.ReadingID{} },
		"a hidden character":      func(e *Entry) { e.Reading.Note = "a\u202eb" },
		"a long quotation":        func(e *Entry) { e.Source.Quote = strings.Repeat("x", act.MaxQuote+1) },
		"a long title":            func(e *Entry) { e.Source.Title = strings.Repeat("x", act.MaxCited+1) },
		"of another field":        func(e *Entry) { e.Field, e.Words = Note, en("x") },
	} {
		e := Entry{Field: Reading, Element: "O-3", Body: observed()}
		spoil(&e)
		var refused *Refused
		if _, err := m.Write(t.Context(), here, reyes, noon, e); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheGuardHoldsWordsOfAReading: its note and its source's words are words of the margin.
func TestTheGuardHoldsWordsOfAReading(t *testing.T) {
	m := open(t, &kept{})
	write(t, m, reyes, Entry{Field: Reading, Element: "O-3", Body: observed()})
	for _, words := range []string{"we know that the attaché heard it at the plant", "see Cable of the embassy, number 4471", "it was a little more than one hundred tonnes: a little more than one hundred and thirty"} {
		var held *Held
		if err := m.Guard(draft(words), all); !errors.As(err, &held) {
			t.Errorf("%q went out: %v", words, err)
		}
		d := draft(words)
		d.Known = func() []text.Texts { return []text.Texts{en(words)} }
		if err := m.Guard(d, all); err != nil {
			t.Errorf("%q, which the group has: %v", words, err)
		}
	}
}
