package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// The days on which the capitals of a group do not work: no silence ends on one of them.

// calendarData is the form by which a party says on which days its capital does not work.
type calendarData struct {
	Group    string       `json:"group"`
	Calendar act.Calendar `json:"calendar"`
	sc       scene
	days     string // holidays as typed: one a line
	problems []ui.Problem
}

func (s *Server) calendarOf(r *http.Request, v visit) (calendarData, error) {
	d := calendarData{Group: v.group.Handle(), sc: s.scene(r, v)}
	if !d.sc.powers.Has(act.MayConvene) {
		return d, chancery.ErrWithheld
	}
	v.group.View(func(p *plan.State) { d.Calendar = p.Calendar(v.group.Self()) })
	var lines []string
	for _, h := range d.Calendar.Days {
		lines = append(lines, strings.TrimSpace(string(h.On)+" "+d.sc.best(h.Name).Text))
	}
	d.days = strings.Join(lines, "\n")
	return d, nil
}

// calendarPage asks on which days the party's capital does not work.
func (s *Server) calendarPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.calendarOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return calendarView(f, d) })
}

// calendarForm says it to all parties.
func (s *Server) calendarForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.calendarOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	ask := api.Ask{Act: "calendar", Rest: r.PostForm["rest"], Holidays: d.read(r)}
	if len(d.problems) == 0 {
		if _, err = api.Send(r.Context(), v.group, v.who, ask); err == nil {
			goTo(w, r, "/groups/"+d.Group+"?told=calendar")
			return
		}
		d.problems = []ui.Problem{{Field: "days", Words: s.faultOf(r, err).Message}}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return calendarView(f, d) })
}

// read takes the days that were typed, one a line: the date, then what the day is called. A name that
// is there in other languages is kept with its day.
func (d *calendarData) read(r *http.Request) (out []api.AskHoliday) {
	d.days = text.Clean(r.PostFormValue("days"))
	d.Calendar.Rest = 0
	for w := time.Sunday; w <= time.Saturday; w++ {
		if slices.Contains(r.PostForm["rest"], weekdayName(w)) {
			d.Calendar.Rest |= act.On(w)
		}
	}
	for line := range strings.Lines(d.days) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		on, name, _ := strings.Cut(line, " ")
		day, err := act.ParseDate(on)
		if err != nil {
			d.problems = append(d.problems, ui.Problem{Field: "days", Words: locale.F(r.Context(), "calendar.line", locale.Args{"Line": line})})
			continue
		}
		h := api.AskHoliday{On: on, Name: api.Words{}}
		if i := slices.IndexFunc(d.Calendar.Days, func(h act.Holiday) bool { return h.On == day }); i >= 0 && d.sc.best(d.Calendar.Days[i].Name).Text == strings.TrimSpace(name) {
			for _, v := range d.Calendar.Days[i].Name {
				h.Name[string(v.Lang)] = v.Text
			}
		} else if name = strings.TrimSpace(name); name != "" {
			h.Name[string(d.sc.reading())] = name
		}
		out = append(out, h)
	}
	return out
}

func weekdayName(w time.Weekday) string { return strings.ToLower(w.String()) }

// restWords are the days of the week on which a capital does not work.
func restWords(ctx context.Context, rest act.Weekdays) string {
	var out []string
	for w := time.Sunday; w <= time.Saturday; w++ {
		if rest.Has(w) {
			out = append(out, weekdayWords(ctx, w))
		}
	}
	if len(out) == 0 {
		return locale.T(ctx, "calendar.norest")
	}
	return strings.Join(out, ", ")
}

// weekdayWords is a day of the week: noon in UTC on such a day.
func weekdayWords(ctx context.Context, w time.Weekday) string {
	return locale.From(ctx).Weekday(w)
}

// silenceRule says what the charter allows of silence.
func silenceRule(ctx context.Context, d groupData) string {
	s := d.sc.charter.Silence
	if len(s.Kinds) == 0 {
		return locale.T(ctx, "group.silence.none")
	}
	var kinds []string
	for _, k := range s.Kinds {
		kinds = append(kinds, locale.T(ctx, kindKey(k)))
	}
	return locale.F(ctx, "group.silence.words", locale.Args{"Least": left(ctx, s.Least), "Kinds": strings.Join(kinds, ", ")})
}

// holidays are the days of a delegation's calendar that are still ahead.
func (x delegation) holidays(now time.Time) (out []act.Holiday) {
	today := act.Date(now.UTC().Format(time.DateOnly))
	for _, h := range x.calendar.Days {
		if h.On >= today {
			out = append(out, h)
		}
	}
	return out
}
