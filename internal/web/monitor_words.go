package web

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// watchHref is the address of an obligation's or a milestone's page.
func watchHref(sc scene, ref act.Ref) string { return sc.base + "/monitor/" + string(ref) }

// monitorHref is the page on which it is shown how it stands with an element that is watched; "" where
// there is none.
func (c scene) monitorHref(k act.ElementKind, ref act.Ref) string {
	switch k {
	case act.Agreement:
		return c.base + "/agreement/" + string(ref)
	case act.Programme:
		return c.base + "/programme/" + string(ref)
	case act.Obligation, act.Milestone:
		return watchHref(c, ref)
	}
	return ""
}

// linked is a link as a component.
func linked(href, said string) templ.Component {
	return inked(func(k *ink) {
		k.raw(`<a href="`)
		k.words(href)
		k.raw(`">`)
		k.words(said)
		k.raw(`</a>`)
	})
}

// boardTitle names an agreement.
func boardTitle(ctx context.Context, sc scene, b compliance.Board) string {
	if t := sc.best(b.Title).Text; t != "" {
		return t
	}
	return locale.T(ctx, "kind.agreement") + " " + b.Display
}

// cardTitle names an obligation.
func cardTitle(ctx context.Context, sc scene, c compliance.Card) string {
	if t := sc.best(c.Title).Text; t != "" {
		return t
	}
	return locale.T(ctx, "kind.obligation") + " " + c.Display
}

// boundNames are those who are bound by an agreement, in one line.
func boundNames(sc scene, b compliance.Board) string {
	names := make([]string, len(b.Bound))
	for i, t := range b.Bound {
		names[i] = sc.best(t).Text
	}
	return strings.Join(names, ", ")
}

// figureParts parts a figure into the number that is shown large and what is said of it.
func figureParts(ctx context.Context, sc scene, s compliance.Sentence) (large, rest string) {
	whole := told(ctx, sc, s)
	if v, has := s.Args["Value"]; has {
		large = placed(ctx, sc, v)
		if after, begins := strings.CutPrefix(whole, large); begins && large != "" {
			return large, strings.TrimSpace(after)
		}
	}
	if utf8.RuneCountInString(whole) <= largeFigure {
		return whole, ""
	}
	return "", whole
}

// largeFigure is how many characters of a figure without one number are shown large.
const largeFigure = 20

// gradeWords say what a grade means: how reliable the source, how credible the information.
func gradeWords(ctx context.Context, grade string) string {
	g, err := act.ParseGrade(grade)
	if err != nil || g.IsZero() {
		return ""
	}
	return locale.F(ctx, "grade.words", locale.Args{"Source": locale.T(ctx, sourceGrades[g.Source-'A']), "Info": locale.T(ctx, infoGrades[g.Info-1])})
}

var sourceGrades = [...]locale.Key{"grade.source.a", "grade.source.b", "grade.source.c", "grade.source.d", "grade.source.e", "grade.source.f"}

var infoGrades = [...]locale.Key{"grade.info.1", "grade.info.2", "grade.info.3", "grade.info.4", "grade.info.5", "grade.info.6"}

// monitorColumns are the heads of the list.
func monitorColumns(p *locale.Printer) []ui.Column {
	return []ui.Column{{Words: p.T("monitor.col.obligation")}, {Words: p.T("monitor.col.verdict")}, {Words: p.T("monitor.col.why")}, {Words: p.T("monitor.col.figure")},
		{Words: p.T("monitor.col.grade")}, {Words: p.T("monitor.col.day")}, {Words: p.T("monitor.col.next")}}
}

// expectedWords say when a report is expected, or how late it is.
func expectedWords(ctx context.Context, e compliance.Expected) string {
	if e.Overdue > 0 {
		return locale.N(ctx, "monitor.late", e.Overdue)
	}
	return fullDay(locale.From(ctx), string(e.On))
}

// A reportMonth is the reports that are expected in one month, or those that are overdue.
type reportMonth struct {
	overdue bool
	month   act.Date // its first report
	list    []compliance.Expected
}

// reportMonths puts reports by month, those that are overdue first.
func reportMonths(list []compliance.Expected) (out []reportMonth) {
	for _, e := range list {
		n := len(out) - 1
		late := e.Overdue > 0
		if n < 0 || out[n].overdue != late || !late && monthOf(out[n].month) != monthOf(e.On) {
			out = append(out, reportMonth{overdue: late, month: e.On})
			n++
		}
		out[n].list = append(out[n].list, e)
	}
	return out
}

func monthOf(d act.Date) string { return string(d[:min(len("2017-02"), len(d))]) }

// monthFull is a month with its year: “February 2018”.
func monthFull(p *locale.Printer, d act.Date) string {
	t := noon(d)
	if t.IsZero() {
		return string(d)
	}
	return p.F("date.monthyear", locale.Args{"Month": p.T(monthNames[t.Month()-1]), "Year": string(d[:4])})
}

var monthNames = [...]locale.Key{"month.1", "month.2", "month.3", "month.4", "month.5", "month.6", "month.7", "month.8", "month.9", "month.10", "month.11", "month.12"}

// dayOfMonth is the day of the month.
func dayOfMonth(d act.Date) string {
	if len(d) != len("2017-02-22") {
		return string(d)
	}
	return strings.TrimPrefix(string(d[8:]), "0")
}
