package web

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// The readings of the chart of an obligation. A bound is drawn as a bound: the end that is known, and
// an arrow to where nothing is said.

// slugOf is a verdict's name in one word, for the stylesheet.
func slugOf(v act.Verdict) string { return strings.ReplaceAll(v.String(), " ", "-") }

// readings draws each reading, and joins those that are values.
func (c *seriesChart) readings(ctx context.Context, sc scene, o compliance.Obligation) {
	var join []seriesKnot
	for _, p := range o.Points {
		n, ok := dayNumber(p.Day)
		if !ok || p.Low == nil && p.High == nil {
			continue
		}
		x := c.scale.x(n)
		d := seriesPoint{Verdict: p.Verdict, X: unit(x), Class: slugOf(p.Verdict), Told: pointTold(ctx, sc, o, p), at: x}
		if !p.Counts {
			d.Class += " less"
			c.Lesser = true
		}
		if ownOnly(p) {
			d.Class += " own"
			c.Own = true
		}
		y := c.shape(&d, p)
		c.take(x-8, y-8, x+8, y+8)
		c.Points = append(c.Points, d)
		if p.Counts {
			join = append(join, seriesKnot{n, p})
		}
	}
	c.join(join)
}

// ownOnly reports whether a reading is in no log: all its entries are of the national margin.
func ownOnly(p compliance.Point) bool {
	return len(p.Entries) > 0 && !slices.ContainsFunc(p.Entries, func(e compliance.Entered) bool { return !e.Margin })
}

// shape gives a reading its form, and where its figure belongs.
func (c *seriesChart) shape(d *seriesPoint, p compliance.Point) float64 {
	switch {
	case p.Exact():
		y := c.scale.y(*p.Low)
		d.Shape, d.Y = "dot", unit(y)
		switch p.Verdict {
		case act.Exceeded:
			d.Shape, d.Path = "octagon", octagon(d.at, y)
		case act.Disputed:
			d.Shape, d.Path = "diamond", "M"+unit(d.at)+" "+unit(y-8)+"l8 8-8 8-8-8z"
		}
		return y
	case p.Low != nil && p.High != nil:
		d.Shape, d.Y, d.Y2 = "range", unit(c.scale.y(*p.High)), unit(c.scale.y(*p.Low))
		c.Bounds = true
		return c.scale.y(*p.High/2 + *p.Low/2)
	case p.High != nil:
		y := c.scale.y(*p.High)
		tip := math.Min(y+arrowLength, seriesFoot-2)
		d.Shape, d.Y, d.Y2 = "below", unit(y), unit(tip)
		d.Path = "M" + unit(d.at-4) + " " + unit(tip-5) + "l4 5 4-5"
		c.Bounds = true
		return y
	}
	y := c.scale.y(*p.Low)
	tip := math.Max(y-arrowLength, seriesTop+2)
	d.Shape, d.Y, d.Y2 = "above", unit(y), unit(tip)
	d.Path = "M" + unit(d.at-4) + " " + unit(tip+5) + "l4-5 4 5"
	c.Bounds = true
	return y
}

// octagon is the shape of what is exceeded, with its cross.
func octagon(x, y float64) string {
	return "M" + unit(x-3.2) + " " + unit(y-7.5) + "h6.4l4.3 4.3v6.4l-4.3 4.3h-6.4l-4.3-4.3v-6.4z"
}

// A seriesKnot is a reading that lines are drawn between.
type seriesKnot struct {
	day float64
	p   compliance.Point
}

// join draws dotted lines between values, day by day, but none that a bound between them contradicts.
func (c *seriesChart) join(list []seriesKnot) {
	type value struct{ day, v float64 }
	var values []value
	for i := 0; i < len(list); {
		day, sum, n := list[i].day, 0.0, 0
		for ; i < len(list) && list[i].day == day; i++ {
			if list[i].p.Exact() {
				sum += *list[i].p.Low
				n++
			}
		}
		if n > 0 {
			values = append(values, value{day, sum / float64(n)})
		}
	}
	for i := 1; i < len(values); i++ {
		a, b := values[i-1], values[i]
		contradicted := slices.ContainsFunc(list, func(k seriesKnot) bool {
			if k.day <= a.day || k.day >= b.day || k.p.Exact() {
				return false
			}
			share := (k.day - a.day) / (b.day - a.day)
			v := a.v + float64(share*(b.v-a.v))
			return k.p.High != nil && v > *k.p.High || k.p.Low != nil && v < *k.p.Low
		})
		if !contradicted {
			c.Join = append(c.Join, "M"+unit(c.scale.x(a.day))+" "+unit(c.scale.y(a.v))+" L"+unit(c.scale.x(b.day))+" "+unit(c.scale.y(b.v)))
		}
	}
}

// figures puts the values beside the points: all where there are few, and else those that matter.
func (c *seriesChart) figures(o compliance.Obligation) {
	if o.Limit != nil && len(c.Limits) > 0 {
		y := c.scale.y(o.Limit.Value)
		c.take(seriesLeft, y-1, seriesRight, y+1)
	}
	order := make([]int, 0, len(c.Points))
	if n := len(c.Points); n > 0 {
		order = append(order, n-1)
	}
	for i, p := range c.Points {
		if p.Verdict == act.Exceeded && i != len(c.Points)-1 {
			order = append(order, i)
		}
	}
	if len(c.Points) <= seriesNamed {
		for i, p := range c.Points {
			if p.Verdict != act.Exceeded && i != len(c.Points)-1 {
				order = append(order, i)
			}
		}
	}
	drawn, latest := 0, -1
	index := map[int]compliance.Point{}
	for _, p := range o.Points { // the points that were drawn, in turn
		if _, ok := dayNumber(p.Day); ok && (p.Low != nil || p.High != nil) {
			if index[drawn] = p; p.Exact() {
				latest = drawn
			}
			drawn++
		}
	}
	for _, i := range order[:min(len(order), 2*seriesNamed)] {
		p := index[i]
		words := figureOf(p)
		if i == latest {
			words = strings.TrimSpace(words + " " + shortUnit(o.Unit))
		}
		c.figure(&c.Points[i], p, words)
	}
}

// figureOf is the value as it stands beside a point.
func figureOf(p compliance.Point) string { return bareSigns.Replace(cmp.Or(p.Shown, p.Value)) }

var bareSigns = strings.NewReplacer("<=", "≤", ">=", "≥")

// shortUnit is a unit for the drawing, in letters alone.
func shortUnit(code string) string {
	if code == "1" || strings.HasPrefix(code, "{") {
		return ""
	}
	return strings.Join(strings.Fields(strings.NewReplacer("{", " ", "}", " ").Replace(code)), " ")
}

// figure finds a free place beside a point; where there is none, the figure is left out: the table has it.
func (c *seriesChart) figure(d *seriesPoint, p compliance.Point, words string) {
	y := c.pointY(p)
	wide := letterWidth * float64(len([]rune(words)))
	for _, at := range []struct {
		dx, dy float64
		anchor string
	}{{13, 5, "start"}, {13, -6, "start"}, {13, 18, "start"}, {-13, 5, "end"}, {0, -14, "middle"}, {0, 24, "middle"}, {-13, -8, "end"}, {-13, 18, "end"}} {
		b := box{d.at + at.dx, y + at.dy - 12, d.at + at.dx + wide, y + at.dy + 2}
		switch at.anchor {
		case "end":
			b.x1, b.x2 = d.at+at.dx-wide, d.at+at.dx
		case "middle":
			b.x1, b.x2 = d.at-wide/2, d.at+wide/2
		}
		if b.x1 < seriesLeft || b.x2 > seriesRight+2 || b.y1 < 8 || b.y2 > seriesFoot || slices.ContainsFunc(c.placed, b.meets) {
			continue
		}
		c.placed = append(c.placed, b)
		d.Figure, d.FX, d.FY, d.Anchor = words, unit(d.at+at.dx), unit(y+at.dy), at.anchor
		return
	}
}

func (c *seriesChart) pointY(p compliance.Point) float64 {
	switch {
	case p.Low == nil:
		return c.scale.y(*p.High)
	case p.High == nil:
		return c.scale.y(*p.Low)
	}
	return c.scale.y(*p.Low/2 + *p.High/2)
}

// pointTold says one reading: its day, its value, where it is from.
func pointTold(ctx context.Context, sc scene, o compliance.Obligation, p compliance.Point) string {
	pr := locale.From(ctx)
	out := []string{fullDay(pr, string(p.Day)) + ": " + sayValue(ctx, cmp.Or(p.Shown, p.Value), o.Unit), pr.T(ui.VerdictKey(p.Verdict))}
	if len(p.Entries) > 0 {
		if s := p.Entries[0].Source.Title; s != "" {
			out = append(out, s)
		}
		if p.Grade != "" {
			out = append(out, p.Grade)
		}
	}
	return strings.Join(out, ". ")
}

// sayValue says a value or a bound with its unit: “at most 300 kg UF6”.
func sayValue(ctx context.Context, value, code string) string {
	p := locale.From(ctx)
	u := unitSaid(p, code)
	with := func(v string) string { return strings.TrimSpace(alongLine(p, v) + " " + u) }
	for _, s := range []struct {
		sign string
		key  locale.Key
	}{{"<=", "value.atmost"}, {">=", "value.atleast"}, {"≤", "value.atmost"}, {"≥", "value.atleast"}, {"<", "value.below"}, {">", "value.above"}} {
		if rest, ok := strings.CutPrefix(value, s.sign); ok {
			return p.F(s.key, locale.Args{"Value": with(strings.TrimSpace(rest))})
		}
	}
	return with(value)
}
