package web

import (
	"context"
	"math"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// The chart “how the text opened and closed”, in units of its drawing. Moments stand from left to
// right in every language.
const (
	courseLeft, courseRight = 44.0, 700.0
	courseTop, courseFoot   = 24.0, 178.0
	courseTicks             = 3
	courseWidest            = 46.0 // a bar
	courseLabels            = 8    // moments named under the base line
	courseClauses           = 24   // clauses in the table
)

// A courseChart is how many brackets and options were open at each moment.
type courseChart struct {
	Grid    []chartMark
	Bars    []courseBar
	Lines   []chartLine
	Options bool // there were some
	points  []plan.CoursePoint
	sc      scene
}

// A courseBar is one moment.
type courseBar struct {
	X, Y, Width, Height string // the brackets
	OptX, OptY, OptH    string // the options, in front
	OptWidth            string
	Middle              string
	Value               string
	Above               string
	Name, Step          string // under the base line: "R 1", "opened"
}

func courseOf(ctx context.Context, sc scene, points []plan.CoursePoint) courseChart {
	c := courseChart{points: points, sc: sc}
	top := 1.0
	for _, p := range points {
		top = math.Max(top, float64(max(p.Brackets, p.Options)))
		c.Options = c.Options || p.Options > 0
	}
	step := math.Max(1, math.Ceil(niceStep(top/courseTicks)))
	top = step * math.Ceil(top/step)
	y := func(n int) float64 { return courseFoot - (courseFoot-courseTop)*float64(n)/top }
	for v := 0.0; v <= top+step/2; v += step {
		c.Grid = append(c.Grid, chartMark{At: unit(y(int(v))), Word: figure(v)})
	}
	slot := (courseRight - courseLeft) / float64(max(len(points), 1))
	wide := math.Min(courseWidest, slot*0.6)
	every := (len(points) + courseLabels - 1) / courseLabels
	for i, p := range points {
		middle := courseLeft + slot*(float64(i)+0.5)
		b := courseBar{Middle: unit(middle), X: unit(middle - wide/2), Y: unit(y(p.Brackets)), Width: unit(wide), Height: unit(courseFoot - y(p.Brackets)),
			OptX: unit(middle - wide/4), OptY: unit(y(p.Options)), OptH: unit(courseFoot - y(p.Options)), OptWidth: unit(wide / 2),
			Value: locale.Int(p.Brackets), Above: unit(y(p.Brackets) - 7)}
		if (len(points)-1-i)%max(every, 1) == 0 {
			b.Name, b.Step = courseName(ctx, p)
		}
		c.Bars = append(c.Bars, b)
	}
	if len(points) > 1 && len(sc.charter.Parties) <= partyColours {
		c.lines(slot, y)
	}
	return c
}

// lines draws for each party how many brackets held its words.
func (c *courseChart) lines(slot float64, y func(int) float64) {
	for i, m := range c.sc.charter.Parties {
		l := chartLine{Party: c.sc.party(m.Code)}
		var path strings.Builder
		for n, p := range c.points {
			x, at := unit(courseLeft+slot*(float64(n)+0.5)), unit(y(p.Parties[i].Brackets))
			path.WriteString(map[bool]string{true: "M", false: " L"}[n == 0] + x + " " + at)
			l.Dots = append(l.Dots, chartDot{X: x, Y: at})
		}
		l.Path = path.String()
		c.Lines = append(c.Lines, l)
	}
}

// courseName names a moment in two short lines.
func courseName(ctx context.Context, p plan.CoursePoint) (name, step string) {
	switch {
	case p.Round == "":
		return locale.T(ctx, "moment.now.short"), ""
	case p.Step == act.RoundOpens.String():
		return p.Round.Display(), locale.T(ctx, "course.opened")
	}
	return p.Round.Display(), locale.T(ctx, "course.closed")
}

// spoken says what the drawing shows.
func (c courseChart) spoken(ctx context.Context) string {
	out := []string{locale.T(ctx, "course.title") + "."}
	for _, p := range c.points {
		name, step := courseName(ctx, p)
		out = append(out, strings.TrimSpace(name+" "+step)+": "+locale.N(ctx, "state.brackets", p.Brackets)+", "+locale.N(ctx, "course.options.n", p.Options)+".")
	}
	return strings.Join(out, " ")
}

// A courseRow is one clause: its brackets and options at each moment.
type courseRow struct {
	Ref   act.Ref
	Cells []plan.ClauseLoad
}

// clauses are the clauses with the most brackets at any moment, by reference.
func (c courseChart) clauses() []courseRow {
	rows := map[act.Ref]*courseRow{}
	most := map[act.Ref]int{}
	for i, p := range c.points {
		for _, x := range p.Clauses {
			if rows[x.Ref] == nil {
				rows[x.Ref] = &courseRow{Ref: x.Ref, Cells: make([]plan.ClauseLoad, len(c.points))}
			}
			rows[x.Ref].Cells[i] = x
			most[x.Ref] = max(most[x.Ref], x.Brackets)
		}
	}
	out := make([]courseRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b courseRow) int {
		if most[a.Ref] != most[b.Ref] {
			return most[b.Ref] - most[a.Ref]
		}
		return a.Ref.Compare(b.Ref)
	})
	out = out[:min(len(out), courseClauses)]
	slices.SortFunc(out, func(a, b courseRow) int { return a.Ref.Compare(b.Ref) })
	return out
}

// courseHead is how a moment stands at the head of a column.
func courseHead(ctx context.Context, p plan.CoursePoint) string {
	name, step := courseName(ctx, p)
	if step == "" {
		return name
	}
	return name + " " + step
}

// courseColumns are the heads of the table behind the drawing.
func (c courseChart) columns(ctx context.Context) []ui.Column {
	out := []ui.Column{{Words: locale.T(ctx, "course.moment")}, {Words: locale.T(ctx, "course.agreed"), End: true},
		{Words: locale.T(ctx, "course.open"), End: true}, {Words: locale.T(ctx, "course.brackets"), End: true}, {Words: locale.T(ctx, "course.options"), End: true}}
	for _, m := range c.sc.charter.Parties {
		out = append(out, ui.Column{Words: locale.F(ctx, "course.of", locale.Args{"Party": string(m.Code)}), End: true},
			ui.Column{Words: locale.F(ctx, "course.turn", locale.Args{"Party": string(m.Code)}), End: true})
	}
	return out
}
