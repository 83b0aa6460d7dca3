package web

import (
	"context"
	"net/http"
	"time"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// The day that a page of what is watched is of, and what of it is counted as known: “as it was known
// on …”. An address says it by “on” (a day) and “by” (entered, reported, or now for all that is known
// today).

// momentAskOf is what an address asks for; a day or a sense that is none is left out.
func momentAskOf(r *http.Request) (ask api.AskMonitor) {
	f := r.URL.Query()
	if d, err := act.ParseDate(f.Get("on")); err == nil {
		ask.On = string(d)
	}
	if k, err := compliance.ParseKnown(f.Get("by")); err == nil && k != compliance.KnownNow && ask.On != "" {
		ask.By, ask.Known = k.String(), ask.On
	}
	return ask
}

// past reports whether a page shows another day than today.
func past(ask api.AskMonitor) bool { return ask.On != "" }

// query is what an address keeps of a moment, as pairs of names and values.
func momentQuery(ask api.AskMonitor) (out [][2]string) {
	if ask.On != "" {
		out = append(out, [2]string{"on", ask.On})
	}
	if ask.By != "" {
		out = append(out, [2]string{"by", ask.By})
	}
	return out
}

// replayOptions are the senses of “as of a day”.
func replayOptions(p *locale.Printer, ask api.AskMonitor) []ui.Option {
	return []ui.Option{
		{Value: compliance.KnownEntered.String(), Label: p.T("replay.entered"), On: ask.By == compliance.KnownEntered.String() || ask.On == ""},
		{Value: compliance.KnownReported.String(), Label: p.T("replay.reported"), On: ask.By == compliance.KnownReported.String()},
		{Value: compliance.KnownNow.String(), Label: p.T("replay.now"), On: ask.By == "" && ask.On != ""},
	}
}

// replaySaid names the moment of a page.
func replaySaid(ctx context.Context, ask api.AskMonitor) string {
	args := locale.Args{"Day": fullDay(locale.From(ctx), ask.On)}
	switch ask.By {
	case compliance.KnownEntered.String():
		return locale.F(ctx, "replay.said.entered", args)
	case compliance.KnownReported.String():
		return locale.F(ctx, "replay.said.reported", args)
	}
	return locale.F(ctx, "replay.said.now", args)
}

// replayMeans says what counts at such a moment.
func replayMeans(ctx context.Context, ask api.AskMonitor) string {
	switch ask.By {
	case compliance.KnownEntered.String():
		return locale.T(ctx, "replay.means.entered")
	case compliance.KnownReported.String():
		return locale.T(ctx, "replay.means.reported")
	}
	return locale.T(ctx, "replay.means.now")
}

// today is the day at this party's capital.
func (s *Server) today(g *chancery.Group) act.Date {
	home := locale.UTC()
	if z := capitals(g); len(z) > 0 {
		home = z[0]
	}
	return act.Date(s.now().In(home.Location).Format(time.DateOnly))
}

// monitorDesk is what is watched, with what the person's delegation keeps for itself.
func (s *Server) monitorDesk() api.MonitorDesk {
	return api.MonitorDesk{Chancery: s.chancery, Margins: s.margin}
}
