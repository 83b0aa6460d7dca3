package api

import (
	"testing"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/export/ical"
)

// TestADeadlineBeyondAllCalendarsKeepsNobodyFromTheirs: what another party's log says of the year 287396
// is left out of the calendar, and the rest of it is told.
func TestADeadlineBeyondAllCalendarsKeepsNobodyFromTheirs(t *testing.T) {
	d := deadlines{group: &chancery.Group{}, seen: map[string]bool{}}
	d.add(ical.Event{At: time.UnixMilli(act.MaxInstant).UTC()}, "A-1", "silence ends", "")
	d.add(ical.Event{At: time.UnixMilli(0).UTC().AddDate(-1900, 0, 0)}, "A-2", "silence ends", "")
	d.add(ical.Event{Day: "10017-01-01"}, "O-1", "report expected", "")
	d.add(ical.Event{Day: "2017-01-01"}, "O-2", "report expected", "")
	c := ical.Calendar{Name: "Entente US", Events: d.events}
	if _, err := c.Encode(time.UnixMilli(0)); err != nil || len(d.events) != 1 {
		t.Errorf("%d events: %v", len(d.events), err)
	}
}
