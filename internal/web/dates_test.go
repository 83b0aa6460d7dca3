package web

import (
	"slices"
	"testing"
	"time"

	"entente/plan"
)

// TestDatesStandInOrder: what ends and what is due stand in one order of days; on one day, what ends
// comes first.
func TestDatesStandInOrder(t *testing.T) {
	at := func(day int) int64 { return time.Date(2017, 12, day, 16, 0, 0, 0, time.UTC).UnixMilli() }
	var d todayData
	for _, day := range []int{14, 19} {
		d.ending = append(d.ending, groupEnding{Deadline: plan.Deadline{What: "silence", Until: at(day)}})
	}
	d.dates = []groupDate{{DueDate: plan.DueDate{Due: "2017-12-13"}}, {DueDate: plan.DueDate{Due: "2017-12-14"}}, {DueDate: plan.DueDate{Due: "2018-01-09"}}}
	var got []string
	for _, x := range d.days() {
		what := "due"
		if x.ending != nil {
			what = "ends"
		}
		got = append(got, x.at.UTC().Format(time.DateOnly)+" "+what)
	}
	want := []string{"2017-12-13 due", "2017-12-14 ends", "2017-12-14 due", "2017-12-19 ends", "2018-01-09 due"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
