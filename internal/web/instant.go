package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// An instant is a time that somebody types: a day and an hour by the clock of one capital.
type instant struct {
	at   string // "2017-12-14T18:00", as a browser writes it
	zone string // IANA name of the capital's zone
}

const instantForm = "2006-01-02T15:04"

// instantOf is a time as a form shows it, by this party's clock.
func (c scene) instantOf(t time.Time) instant {
	zone := c.charter.Parties[c.self].Zone
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		zone, loc = "UTC", time.UTC
	}
	if t.IsZero() {
		return instant{zone: zone}
	}
	return instant{at: t.In(loc).Format(instantForm), zone: zone}
}

// read takes what was typed; what was not asked for stays.
func (i *instant) read(r *http.Request) {
	if r.PostForm.Has("until") {
		i.at = strings.TrimSpace(r.PostFormValue("until"))
	}
	if zone := r.PostFormValue("zone"); zone != "" {
		i.zone = zone
	}
}

// time is the instant, where it is one.
func (i instant) time() (time.Time, bool) {
	loc, err := time.LoadLocation(i.zone)
	if err != nil {
		return time.Time{}, false
	}
	for _, form := range []string{instantForm, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, i.at, loc); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// ask is the instant as a request gives it, or "".
func (i instant) ask() string {
	t, ok := i.time()
	if !ok {
		return ""
	}
	return t.Format(time.RFC3339)
}

// zoneChoices are the zones of the group's capitals, this party's first, and UTC.
func (c scene) zoneChoices(ctx context.Context, chosen string) []ui.Option {
	names := []string{c.charter.Parties[c.self].Zone}
	for _, m := range c.charter.Parties {
		names = append(names, m.Zone)
	}
	var out []ui.Option
	for _, name := range append(names, "UTC") {
		if name == "" || slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == name }) {
			continue
		}
		label := name
		if z, err := locale.ZoneOf(name); err == nil {
			label = locale.T(ctx, z.City)
		}
		out = append(out, ui.Option{Value: name, Label: label, On: name == chosen})
	}
	return out
}

// left says how long it is until then: "2 d 1 h".
func left(ctx context.Context, d time.Duration) string {
	switch days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour), int(d/time.Minute); {
	case d <= 0:
		return locale.T(ctx, "left.over")
	case days > 0 && hours%24 == 0:
		return locale.N(ctx, "left.whole.days", days)
	case hours > 0 && minutes%60 == 0 && days == 0:
		return locale.N(ctx, "left.whole.hours", hours)
	case days > 0:
		return locale.F(ctx, "left.days", locale.Args{"Days": days, "Hours": hours % 24})
	case hours > 0:
		return locale.F(ctx, "left.hours", locale.Args{"Hours": hours, "Minutes": minutes % 60})
	default:
		return locale.F(ctx, "left.minutes", locale.Args{"Minutes": max(minutes, 1)})
	}
}
