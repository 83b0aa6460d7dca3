package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/export/ical"
	"entente/plan"
)

// CalendarPath is where a person's calendar of deadlines is. A calendar program that knows no bearer
// token gives it as the password of basic authentication (RFC 7617), with any name.
const CalendarPath = "/v1/calendar.ics"

// Bounds of the calendar.
const (
	calendarEvery = 4 * time.Hour // how often it is asked for again
	firstYear     = 1000          // of what a calendar can hold
	lastYear      = 9999
	calendarBack  = 31 // days of what is past that it still shows
)

// A calendarFile is an answer in iCalendar.
type calendarFile []byte

func (calendarFile) media() string { return "text/calendar; charset=utf-8" }

// The calendar lies with whatever program reads it, on machines that are not this party's. It has no
// word of any text, no title and no name of a group: a reference, the number of the group on this
// server, and the kind of deadline. Readings of the national margin change nothing in it.
func (s *Server) calendarFeed(r *http.Request, v visit, _ none) (calendarFile, error) {
	if err := s.named(r.Context(), v); err != nil {
		return nil, err
	}
	now := s.Chancery.Now().UTC()
	c := ical.Calendar{Name: "Entente " + string(s.Chancery.Self()), Every: calendarEvery}
	groups := s.seen(v)
	for _, g := range groups {
		d := deadlines{group: g, pages: s.Pages, from: act.Date(now.AddDate(0, 0, -calendarBack).Format(time.DateOnly)), seen: map[string]bool{}}
		g.Watch(func(p *plan.State, b *compliance.Book) { d.take(p, b, now) })
		c.Events = append(c.Events, d.events[:min(len(d.events), ical.MaxEvents/len(groups))]...)
	}
	out, err := c.Encode(now)
	return out, err
}

// deadlines are the events of one group.
type deadlines struct {
	group  *chancery.Group
	pages  string
	from   act.Date
	events []ical.Event
	seen   map[string]bool
}

func (d *deadlines) take(p *plan.State, b *compliance.Book, now time.Time) {
	brief := p.Briefing(plan.BriefingQuery{Viewer: d.group.Self(), Today: d.from, Now: now.UnixMilli(), Limit: plan.MaxStory})
	for _, x := range brief.Ending {
		kind := "silence ends"
		if x.What == "referral" {
			kind = "acceptance ad referendum lapses"
		}
		d.add(ical.Event{At: time.UnixMilli(x.Until).UTC()}, x.Ref, kind, "")
	}
	for _, x := range brief.Dates {
		d.add(ical.Event{Day: x.Due}, x.Ref, "due", "")
	}
	today := compliance.Today(act.Date(now.Format(time.DateOnly)))
	for _, x := range b.Calendar(p, today) {
		d.add(ical.Event{Day: x.On}, x.Obligation, "report expected", "")
	}
	for _, x := range b.Disputes(p, today) {
		for _, stage := range x.Stages {
			if stage.End != "" && (stage.State == compliance.StageRunning || stage.State == compliance.StageAhead) {
				d.add(ical.Event{Day: stage.End}, x.Obligation, fmt.Sprintf("stage %d of dispute ends", stage.N), x.ID.String())
			}
		}
	}
}

// add adds an event of a day or an instant; which tells those of one kind and element apart. What lies
// beyond all calendars, which another party may write, is left out: the others stand.
func (d *deadlines) add(e ical.Event, ref act.Ref, kind, which string) {
	if e.Day == "" && (e.At.Year() < firstYear || e.At.Year() > lastYear) {
		return
	}
	if _, ok := compliance.DayOf(e.Day); e.Day != "" && !ok {
		return
	}
	id := d.group.ID()
	sum := sha256.Sum256([]byte(strings.Join([]string{"entente calendar v1", id.String(), string(ref), kind, which, string(e.Day), e.At.Format(time.RFC3339)}, "\n")))
	e.UID = hex.EncodeToString(sum[:16]) + "@entente"
	if d.seen[e.UID] {
		return
	}
	d.seen[e.UID] = true
	e.Summary = fmt.Sprintf("%s: %s (group %s)", ref.Display(), kind, d.group.Handle())
	if strings.HasPrefix(d.pages, "http") {
		e.Address = fmt.Sprintf("%s/g/%s/e/%s", strings.TrimRight(d.pages, "/"), d.group.Handle(), ref)
	}
	d.events = append(d.events, e)
}
