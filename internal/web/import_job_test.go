package web

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"entente/internal/api"
	"entente/internal/chancery"
	"entente/party"
)

// TestImportsOfOnePersonAreBounded: of each person one file is read at a time and some imports are kept;
// nobody's imports push another's out, and others' do not wait for more than there is room.
func TestImportsOfOnePersonAreBounded(t *testing.T) {
	var l importJobs
	now := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
	l.keep("other", &importJob{who: "other", began: now}, now)
	for i := range 2 * jobsHeld {
		l.keep(fmt.Sprint(i), &importJob{who: "greedy", began: now.Add(time.Duration(i+1) * time.Second)}, now)
	}
	if len(l.jobs) != jobsEach+1 || l.jobs["other"] == nil || l.jobs[fmt.Sprint(2*jobsHeld-1)] == nil {
		t.Errorf("%d imports are held", len(l.jobs))
	}
	end, err := l.begin(t.Context(), "greedy")
	if err != nil {
		t.Fatal(err)
	}
	var refused *chancery.Refused
	if _, err := l.begin(t.Context(), "greedy"); !errors.As(err, &refused) {
		t.Errorf("a second file at the same time: %v", err)
	}
	var ends []func()
	for i := range atOnce - 1 {
		end, err := l.begin(t.Context(), party.Person(fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.begin(over, "late"); !errors.Is(err, context.Canceled) {
		t.Errorf("more files at the same time than there is room for: %v", err)
	}
	end()
	if end, err = l.begin(t.Context(), "greedy"); err != nil {
		t.Error(err)
	}
	for _, f := range append(ends, end) {
		f()
	}
}

// TestAFileThatBreaksItsReaderEndsNothing: what goes wrong while a file is read beside all requests is
// told on its page, and the server goes on.
func TestAFileThatBreaksItsReaderEndsNothing(t *testing.T) {
	j := &importJob{}
	j.run(func(step func(done, of int)) (api.ReadingImport, error) {
		step(1, 2)
		panic("index out of range")
	})
	if !j.over || !errors.Is(j.err, errBroken) || j.done != 1 {
		t.Errorf("%+v", j)
	}
}
