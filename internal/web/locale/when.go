package locale

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the capitals' zones, whatever the machine has installed
)

// zoneCities names the capitals the pages know; the key is an IANA zone.
var zoneCities = map[string]Key{
	"America/New_York": "zone.washington",
	"Asia/Jerusalem":   "zone.jerusalem",
	"Europe/Zurich":    "zone.geneva",
	"Asia/Aden":        "zone.aden",
	"Africa/Khartoum":  "zone.khartoum",
	"Europe/Paris":     "zone.paris",
	"UTC":              "zone.utc",
}

// ZoneOf finds a zone by its IANA name ("Asia/Jerusalem"). A zone without a
// city of its own among the sentences goes by UTC, never by a guess.
func ZoneOf(iana string) (Zone, error) {
	city, ok := zoneCities[iana]
	if !ok {
		return Zone{}, fmt.Errorf("locale: no capital is known for the time zone %q; UTC is always there", iana)
	}
	loc, err := time.LoadLocation(iana)
	if err != nil {
		return Zone{}, fmt.Errorf("locale: %w", err)
	}
	return Zone{City: city, Location: loc}, nil
}

// UTC is the zone shown where no capital's is set.
func UTC() Zone { return Zone{City: "zone.utc", Location: time.UTC} }

// monthKeys and dayKeys are written out so that the test of keys finds them.
var monthKeys = [12]Key{
	"month.1", "month.2", "month.3", "month.4", "month.5", "month.6",
	"month.7", "month.8", "month.9", "month.10", "month.11", "month.12",
}

var monthShortKeys = [12]Key{
	"month.short.1", "month.short.2", "month.short.3", "month.short.4", "month.short.5", "month.short.6",
	"month.short.7", "month.short.8", "month.short.9", "month.short.10", "month.short.11", "month.short.12",
}

var weekdayKeys = [7]Key{
	"weekday.0", "weekday.1", "weekday.2", "weekday.3", "weekday.4", "weekday.5", "weekday.6",
}

var weekdayShortKeys = [7]Key{
	"weekday.short.0", "weekday.short.1", "weekday.short.2", "weekday.short.3",
	"weekday.short.4", "weekday.short.5", "weekday.short.6",
}

// home is the zone a date without a zone is told in: the reader's own.
func (p *Printer) home() Zone {
	if len(p.zones) == 0 {
		return UTC()
	}
	return p.zones[0]
}

// Day gives a date in the reader's own zone: "14 Dec", with the year where it
// is not the present one.
func (p *Printer) Day(t time.Time) string {
	t = t.In(p.home().Location)
	args := Args{"Day": t.Day(), "Month": p.T(monthShortKeys[t.Month()-1]), "Year": t.Year()}
	if t.Year() != p.now.In(p.home().Location).Year() {
		return p.F("date.dayyear", args)
	}
	return p.F("date.day", args)
}

// LongDay gives a date in full: "Tuesday 12 December 2017".
func (p *Printer) LongDay(t time.Time) string {
	t = t.In(p.home().Location)
	return p.F("date.long", Args{
		"Weekday": p.T(weekdayKeys[t.Weekday()]), "Day": t.Day(),
		"Month": p.T(monthKeys[t.Month()-1]), "Year": t.Year(),
	})
}

// WeekdayShort gives the short name of the day of the week ("Thu").
func (p *Printer) WeekdayShort(t time.Time) string {
	return p.T(weekdayShortKeys[t.In(p.home().Location).Weekday()])
}

// Weekday gives the name of a day of the week ("Thursday").
func (p *Printer) Weekday(d time.Weekday) string { return p.T(weekdayKeys[d]) }

// MonthShort gives the short name of the month ("Dec").
func (p *Printer) MonthShort(t time.Time) string {
	return p.T(monthShortKeys[t.In(p.home().Location).Month()-1])
}

// DayNumber gives the day of the month in the reader's own zone.
func (p *Printer) DayNumber(t time.Time) string {
	return strconv.Itoa(t.In(p.home().Location).Day())
}

// Clock gives the hour in the reader's own zone: "09:14".
func (p *Printer) Clock(t time.Time) string { return t.In(p.home().Location).Format("15:04") }

// Moment gives date and hour in the reader's own zone: "14 Dec, 18:00".
func (p *Printer) Moment(t time.Time) string {
	return p.F("date.moment", Args{"Date": p.Day(t), "Time": p.Clock(t)})
}

// Clocks gives the hour in every capital: "18:00 Jerusalem · 11:00 Washington".
// A capital where it is another day says which.
func (p *Printer) Clocks(t time.Time) string {
	zones := p.zones
	if len(zones) == 0 {
		zones = []Zone{UTC()}
	}
	first := t.In(zones[0].Location)
	parts := make([]string, 0, len(zones))
	for _, z := range zones {
		local := t.In(z.Location)
		args := Args{"Time": local.Format("15:04"), "City": p.T(z.City)}
		if local.YearDay() != first.YearDay() {
			args["Date"] = p.F("date.day", Args{"Day": local.Day(), "Month": p.T(monthShortKeys[local.Month()-1])})
			parts = append(parts, p.F("date.cityday", args))
			continue
		}
		parts = append(parts, p.F("date.city", args))
	}
	return strings.Join(parts, " · ")
}

// Deadline gives date and hour in every capital's zone:
// "Thu 14 Dec, 18:00 Jerusalem · 11:00 Washington".
func (p *Printer) Deadline(t time.Time) string {
	return p.F("date.deadline", Args{"Weekday": p.WeekdayShort(t), "Date": p.Day(t), "Clocks": p.Clocks(t)})
}

// Ago says how long since a moment, coarsely: "4 min ago", "yesterday",
// "6 days ago", and a date beyond a month.
func (p *Printer) Ago(t time.Time) string {
	d := p.now.Sub(t)
	switch {
	case d < time.Minute:
		return p.T("ago.now")
	case d < time.Hour:
		return p.N("ago.minutes", int(d/time.Minute))
	case d < 24*time.Hour:
		return p.N("ago.hours", int(d/time.Hour))
	case d < 31*24*time.Hour:
		return p.N("ago.days", int(d/(24*time.Hour)))
	}
	return p.Day(t)
}

// Int writes a whole number with a narrow space between thousands: "1 204".
func Int(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return sign + s
}

// Day gives a date in the reader's language and zone.
func Day(ctx context.Context, t time.Time) string { return From(ctx).Day(t) }

// LongDay gives a date in full.
func LongDay(ctx context.Context, t time.Time) string { return From(ctx).LongDay(t) }

// Moment gives date and hour.
func Moment(ctx context.Context, t time.Time) string { return From(ctx).Moment(t) }

// Clocks gives the hour in every capital.
func Clocks(ctx context.Context, t time.Time) string { return From(ctx).Clocks(t) }

// Deadline gives date and hour in every capital's zone.
func Deadline(ctx context.Context, t time.Time) string { return From(ctx).Deadline(t) }

// Ago says how long since a moment.
func Ago(ctx context.Context, t time.Time) string { return From(ctx).Ago(t) }

// Clock gives the hour in the reader's own zone.
func Clock(ctx context.Context, t time.Time) string { return From(ctx).Clock(t) }

// Capitals lists the time zones that have a city among the sentences, by their IANA names.
func Capitals() []string { return slices.Sorted(maps.Keys(zoneCities)) }
