package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
)

// The chart “how the texts have moved”, in units of its drawing. Time runs from left to right in
// every language.
const (
	chartLeft, chartRight = 64.0, 560.0
	chartTop, chartFoot   = 41.0, 176.0
	chartTicks            = 3 // lines above the base line
)

// A chart is one number that parties wrote in their texts, over time.
type chart struct {
	Label  string // the word after the number: "days"
	Lines  []chartLine
	Grid   []chartMark
	Dates  []chartMark
	Rows   []chartRow // the table behind the drawing
	Apart  float64    // how far the last values of two parties are from one another
	Was    float64    // how far they were when both had one
	WasOn  time.Time
	Two    bool // two parties, both with a value
	GapTop string
	GapEnd string
}

// A chartLine is one party's number.
type chartLine struct {
	Party ui.Party
	Path  string
	Dots  []chartDot
	Last  float64
	Y     string // where its name stands
	X     string
	Named string // the value beside the name
}

// A chartDot is a value from a moment on. Its figure stands above it, unless the party's name does.
type chartDot struct{ X, Y, Value, Above string }

// A chartMark is a line of the grid or a day on the axis.
type chartMark struct {
	At   string // x or y
	Word string
	Time time.Time
}

type chartRow struct {
	Party ui.Party
	At    time.Time
	Value string
}

// chartsOf draws each number that moved.
func chartsOf(sc scene, list []plan.Series, now time.Time) []chart {
	var out []chart
	for _, s := range list {
		if len(s.Points) > 1 {
			out = append(out, chartOf(sc, s, now))
		}
	}
	return out
}

func chartOf(sc scene, s plan.Series, now time.Time) chart {
	c := chart{Label: s.Label}
	points := slices.Clone(s.Points)
	slices.SortStableFunc(points, func(a, b plan.Point) int { return int(min(max(a.At-b.At, -1), 1)) })
	from, to := points[0].At, max(points[len(points)-1].At, now.UnixMilli())
	span := points[len(points)-1].At - from
	to = max(to, from+span*13/12) // the last value stands for a while
	if to-from > 2*span {         // a long wait would press the moves together
		to = from + max(span*5/4, 1)
	}
	top := 0.0
	for _, p := range points {
		top = math.Max(top, p.Value)
	}
	step := niceStep(top / chartTicks)
	top = step * math.Ceil(top/step)
	x := func(at int64) float64 {
		return chartLeft + (chartRight-chartLeft)*float64(at-from)/float64(max(to-from, 1))
	}
	y := func(v float64) float64 { return chartFoot - (chartFoot-chartTop)*v/math.Max(top, 1e-9) }
	for v := 0.0; v <= top+step/2; v += step {
		c.Grid = append(c.Grid, chartMark{At: unit(y(v)), Word: figure(v)})
	}
	c.days(points, x)
	for _, m := range sc.charter.Parties {
		if l, ok := c.line(sc, m.Code, points, x, y); ok {
			c.Lines = append(c.Lines, l)
		}
	}
	c.distance(points, y)
	return c
}

// line draws one party's number as steps: it stands until the party writes another.
func (c *chart) line(sc scene, code party.Code, points []plan.Point, x func(int64) float64, y func(float64) float64) (chartLine, bool) {
	l := chartLine{Party: sc.party(code)}
	var own []plan.Point
	for _, p := range points {
		if p.Party == code {
			own = append(own, p)
		}
	}
	if len(own) == 0 {
		return l, false
	}
	var path strings.Builder
	longest, widest := 0, -1.0
	for i, p := range own {
		px, py := x(p.At), y(p.Value)
		if i == 0 {
			fmt.Fprintf(&path, "M%s %s", unit(px), unit(py))
		} else {
			fmt.Fprintf(&path, " H%s V%s", unit(px), unit(py))
		}
		end := chartRight
		if i+1 < len(own) {
			end = x(own[i+1].At)
		}
		if end-px > widest {
			longest, widest = i, end-px
			l.X, l.Y, l.Named = unit((px+end)/2), unit(py-9), figure(p.Value)
		}
		l.Dots = append(l.Dots, chartDot{unit(px), unit(py), figure(p.Value), unit(py - 10)})
		c.Rows = append(c.Rows, chartRow{l.Party, when(p.At), figure(p.Value)})
	}
	l.Dots[longest].Value = ""
	l.Last = own[len(own)-1].Value
	fmt.Fprintf(&path, " H%s", unit(chartRight))
	l.Path = path.String()
	return l, true
}

// days puts at most five days on the axis, none too near the one before.
func (c *chart) days(points []plan.Point, x func(int64) float64) {
	last := -1e9
	for _, p := range points {
		if at := x(p.At); at-last > 90 {
			c.Dates = append(c.Dates, chartMark{At: unit(at), Time: when(p.At)})
			last = at
		}
	}
}

// distance says how far two parties are apart, and how far they were.
func (c *chart) distance(points []plan.Point, y func(float64) float64) {
	if len(c.Lines) != 2 {
		return
	}
	c.Two, c.Apart = true, math.Abs(c.Lines[0].Last-c.Lines[1].Last)
	top, foot := y(math.Max(c.Lines[0].Last, c.Lines[1].Last)), y(math.Min(c.Lines[0].Last, c.Lines[1].Last))
	c.GapTop, c.GapEnd = unit(top), unit(foot)
	first := map[party.Code]float64{}
	for _, p := range points {
		if _, had := first[p.Party]; had && len(first) < 2 {
			first[p.Party] = p.Value
		} else if !had {
			first[p.Party] = p.Value
			if len(first) == 2 {
				c.WasOn = when(p.At)
			}
		}
	}
	values := make([]float64, 0, 2)
	for _, v := range first {
		values = append(values, v)
	}
	c.Was = math.Abs(values[0] - values[1])
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(v float64) float64 {
	if v <= 0 {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 1.5, 2, 5, 10} {
		if f*ten >= v {
			return f * ten
		}
	}
	return 10 * ten
}

func unit(v float64) string   { return strconv.FormatFloat(v, 'f', 1, 64) }
func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
