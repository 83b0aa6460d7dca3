// Package ical writes calendars as RFC 5545 (iCalendar) wants them, with the calendar's name
// and how often to ask for it as RFC 7986 adds. It only writes: what a calendar may say is the
// business of whoever makes the events.
//
// An event is of a whole day or of an instant; instants are written in UTC, so that no table
// of time zones is needed. There are no alarms: whoever reads the calendar sets them. Nothing
// that a calendar says makes its reader busy.
//
// # Invariants, kept by tests
//
//   - The same calendar and stamp give the same bytes, whatever order its events came in.
//   - Lines end with CRLF and have at most 75 octets; no character is cut by a fold.
//   - What another program parses out is what was put in.
//   - UIDs are the caller's, stable from one writing to the next, and none stands twice.
//
// Bounds: MaxEvents events, MaxText bytes of one text, MaxUID of a UID.
//
//	c := ical.Calendar{Name: "Deadlines", Events: []ical.Event{{UID: "O-1-report@example.org", Summary: "O-1: report", Day: "2017-02-18"}}}
//	err := c.Write(w, now)
package ical

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"entente/act"
)

// Bounds of what is written.
const (
	MaxEvents = 20_000
	MaxText   = 8 << 10 // bytes of one text
	MaxUID    = 200     // bytes of a UID
	maxLine   = 75      // octets of a line, its end left out (RFC 5545, 3.1)
)

// product names the program that made a calendar (RFC 5545, 3.7.3).
const product = "-//Entente//Calendar//EN"

// A Calendar is what is written as one file or feed.
type Calendar struct {
	Name   string        // may be empty
	Every  time.Duration // how often to ask for it again; 0 to leave that open
	Events []Event
}

// An Event is of a day, or of an instant. Exactly one of Day and At is set.
type Event struct {
	UID     string
	Summary string
	Text    string   // may be empty
	Address string   // where it can be read; an absolute URL; may be empty
	Kinds   []string // categories

	Day  act.Date // the first day of an event of whole days
	Days int      // how many; 0 for one

	At    time.Time // of an event of an instant
	Until time.Time // its end; zero where it has none
}

// Write writes the calendar. The stamp is the instant at which it is written. An event that
// cannot be written is an error, and nothing is written then.
func (c Calendar) Write(w io.Writer, stamp time.Time) error {
	b, err := c.Encode(stamp)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// Encode gives the calendar's bytes.
func (c Calendar) Encode(stamp time.Time) ([]byte, error) {
	if len(c.Events) > MaxEvents {
		return nil, fmt.Errorf("the calendar has %d events, more than %d", len(c.Events), MaxEvents)
	}
	events := slices.Clone(c.Events)
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.start(), b.start()), cmp.Compare(a.UID, b.UID))
	})
	l := &lines{b: make([]byte, 0, 512+256*len(events))}
	l.plain("BEGIN", "VCALENDAR")
	l.plain("VERSION", "2.0")
	l.plain("PRODID", product)
	l.plain("CALSCALE", "GREGORIAN")
	l.plain("METHOD", "PUBLISH")
	if c.Name != "" {
		l.text("NAME", c.Name)
		l.text("X-WR-CALNAME", c.Name) // for programs older than RFC 7986
	}
	if minutes := int(c.Every.Minutes()); minutes > 0 {
		l.plain("REFRESH-INTERVAL;VALUE=DURATION", fmt.Sprintf("PT%dM", minutes))
	}
	seen := make(map[string]bool, len(events))
	for _, e := range events {
		if seen[e.UID] {
			return nil, fmt.Errorf("two events have the UID %.60q", e.UID)
		}
		seen[e.UID] = true
		if err := l.event(e, stamp); err != nil {
			return nil, fmt.Errorf("the event %.60q: %w", e.UID, err)
		}
	}
	l.plain("END", "VCALENDAR")
	return l.b, l.err
}

// start orders events: days come before the instants in them.
func (e Event) start() string {
	if e.Day != "" {
		return string(e.Day)
	}
	return e.At.UTC().Format("2006-01-02T15:04:05")
}

func (l *lines) event(e Event, stamp time.Time) error {
	if err := checkUID(e.UID); err != nil {
		return err
	}
	if e.Summary == "" {
		return errors.New("it has no summary")
	}
	l.plain("BEGIN", "VEVENT")
	l.plain("UID", e.UID)
	l.plain("DTSTAMP", instant(stamp))
	if err := l.when(e); err != nil {
		return err
	}
	l.text("SUMMARY", e.Summary)
	if e.Text != "" {
		l.text("DESCRIPTION", e.Text)
	}
	if e.Address != "" {
		if err := checkAddress(e.Address); err != nil {
			return err
		}
		l.plain("URL", e.Address)
	}
	if len(e.Kinds) > 0 {
		l.list("CATEGORIES", e.Kinds)
	}
	l.plain("TRANSP", "TRANSPARENT")
	l.plain("END", "VEVENT")
	return l.err
}

// when writes the start and the end, which is the first day or instant no longer within.
func (l *lines) when(e Event) error {
	switch {
	case (e.Day != "") == !e.At.IsZero():
		return errors.New("it is of a day or of an instant, one of the two")
	case e.Day != "":
		day, err := time.Parse(time.DateOnly, string(e.Day))
		if err != nil || e.Days < 0 || e.Days > act.MaxDays || !e.Until.IsZero() {
			return fmt.Errorf("%.20q for %d days is no stretch of days", e.Day, e.Days)
		}
		l.plain("DTSTART;VALUE=DATE", day.Format("20060102"))
		l.plain("DTEND;VALUE=DATE", day.AddDate(0, 0, max(e.Days, 1)).Format("20060102"))
	case e.Days != 0 || !inRange(e.At) || !e.Until.IsZero() && (!inRange(e.Until) || e.Until.Before(e.At)):
		return errors.New("it ends before it begins, or lies outside the years 1000 to 9999")
	default:
		l.plain("DTSTART", instant(e.At))
		if e.Until.After(e.At) {
			l.plain("DTEND", instant(e.Until))
		}
	}
	return nil
}

func inRange(t time.Time) bool { y := t.UTC().Year(); return y >= 1000 && y <= 9999 }

func instant(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

func checkUID(s string) error {
	if s == "" || len(s) > MaxUID {
		return fmt.Errorf("a UID has 1 to %d characters", MaxUID)
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' || strings.IndexByte(`;,:\"`, s[i]) >= 0 {
			return errors.New("a UID is of letters, digits and marks without a meaning to calendars")
		}
	}
	return nil
}

func checkAddress(s string) error {
	if len(s) > MaxText || !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		return errors.New("its address is no absolute one")
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return errors.New("its address has characters that an address writes otherwise")
		}
	}
	return nil
}

// lines are what was written so far, and the first thing that could not be.
type lines struct {
	b   []byte
	err error
}

// plain writes a property whose value needs no escaping.
func (l *lines) plain(name, value string) { l.fold(name + ":" + value) }

// text writes a property of words.
func (l *lines) text(name, value string) { l.fold(name + ":" + l.escape(value)) }

// list writes a property of several words.
func (l *lines) list(name string, values []string) {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = l.escape(v)
	}
	l.fold(name + ":" + strings.Join(out, ","))
}

// escape writes words as a TEXT value (RFC 5545, 3.3.11). Ends of lines are kept; other
// control characters have no form there, and are refused.
func (l *lines) escape(s string) string {
	if len(s) > MaxText {
		l.fail(fmt.Errorf("a text has %d bytes, more than %d", len(s), MaxText))
		return ""
	}
	if !utf8.ValidString(s) {
		l.fail(errors.New("a text is not in UTF-8"))
		return ""
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' && r != '\t' || r == 0x7f:
			l.fail(fmt.Errorf("a text has the control character %U", r))
			return ""
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (l *lines) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

// fold writes a line, cut between characters into pieces of at most maxLine octets; a piece
// that goes on begins with a space.
func (l *lines) fold(s string) {
	room := maxLine
	for len(s) > room {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		l.b = append(append(l.b, s[:cut]...), "\r\n "...)
		s, room = s[cut:], maxLine-1
	}
	l.b = append(append(l.b, s...), "\r\n"...)
}
