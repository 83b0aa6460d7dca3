package web

import (
	"context"
	"math"
	"strings"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
)

// The small picture of one obligation, in units of its drawing: readings against the limit. Time runs
// from left to right in every language.
const (
	sparkWide, sparkHigh  = 250.0, 112.0
	sparkLeft, sparkRight = 12.0, 238.0
	sparkTop, sparkFoot   = 12.0, 88.0
	sparkHead             = 0.22 // room beyond a limit, as a part of the height
	sparkArrow            = 9.0  // length of what says that a reading is a bound
	sparkFromZero         = 0.6  // the scale begins at zero where the lowest figure is below this part of the highest
)

// A spark is a small picture.
type spark struct {
	ID     string
	Name   string // what a screen reader calls it
	Told   string // and what it says of it
	Zones  []sparkZone
	Limits []sparkLimit
	Near   string // y of the line from which it is near; "" for none
	Solid  string // joins readings that are numbers
	Dotted string // joins where one of two is a bound
	Dots   []sparkDot
	First  string // the months at the ends of the axis
	Last   string
	Rows   []sparkRow // the table behind the drawing
}

// A sparkZone is where the obligation is not kept.
type sparkZone struct{ Y, High string }

// A sparkLimit is the line of a limit with its name.
type sparkLimit struct{ Y, TextY, Name string }

// A sparkDot is one reading: a dot, or where it is a bound a bar with an arrow.
type sparkDot struct {
	X, Y  string
	Size  string
	Shape string // "dot", "beyond", "near", "unsure"
	Bar   string // of a bound: the bar and its arrow, or the span from its lower to its upper end
	Mark  string // the sign within the octagon
}

type sparkRow struct {
	Day     act.Date
	Value   string
	Verdict act.Verdict
}

// sparkOf draws the latest readings of an obligation.
func sparkOf(ctx context.Context, sc scene, c compliance.Card) spark {
	p := locale.From(ctx)
	s := spark{ID: "spark-" + string(sc.handle()) + "-" + string(c.Ref), Name: locale.F(ctx, "monitor.spark", locale.Args{"Title": sc.best(c.Title).Text})}
	low, high := sparkScale(c)
	y := func(v float64) float64 {
		part := (v - low) / (high - low)
		return sparkFoot - float64((sparkFoot-sparkTop)*math.Min(math.Max(part, 0), 1))
	}
	days := make([]float64, len(c.Spark))
	for i, d := range c.Spark {
		days[i] = float64(noon(d.Day).Unix() / (24 * 3600))
	}
	x := func(i int) float64 {
		from, to := days[0], days[len(days)-1]
		if from == to {
			return (sparkLeft + sparkRight) / 2
		}
		return sparkLeft + float64((sparkRight-sparkLeft)*(days[i]-from)/(to-from))
	}
	s.limits(ctx, sc, c, y)
	s.draw(c.Spark, x, y)
	for _, d := range c.Spark {
		s.Rows = append(s.Rows, sparkRow{d.Day, dotValue(d), d.Verdict})
	}
	if n := len(c.Spark); n > 0 {
		s.First, s.Last = monthYear(p, c.Spark[0].Day), monthYear(p, c.Spark[n-1].Day)
		if s.First == s.Last && n > 1 {
			s.First, s.Last = day(ctx, c.Spark[0].Day), day(ctx, c.Spark[n-1].Day)
		}
		if s.First == s.Last {
			s.First = ""
		}
	}
	s.Told = s.spoken(ctx, sc, c)
	return s
}

// sparkScale is what the drawing reaches from and to: all figures and the limit, with room beyond it.
func sparkScale(c compliance.Card) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	take := func(v float64) {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	for _, d := range c.Spark {
		for _, v := range []*float64{d.Low, d.High} {
			if v != nil {
				take(*v)
			}
		}
	}
	if c.Limit != nil {
		take(c.Limit.Value)
		if c.Limit.Upper != nil {
			take(*c.Limit.Upper)
		}
	}
	if low > high {
		return 0, 1
	}
	if low >= 0 && low < high*sparkFromZero {
		low = 0
	}
	room := (high - low) * sparkHead
	if room == 0 {
		room = math.Max(math.Abs(high)*sparkHead, 1)
	}
	above, below := limitSides(c.Limit)
	if above || room == high-low || c.Limit == nil {
		high += room
	} else {
		high += room / 2
	}
	if below || low != 0 {
		low -= room
	}
	return low, high
}

// limitSides says on which sides of its line or lines a limit is passed.
func limitSides(l *compliance.Line) (above, below bool) {
	if l == nil {
		return false, false
	}
	if l.Upper != nil {
		return true, true
	}
	switch l.Sense {
	case "at-most", "below":
		return true, false
	case "at-least", "above":
		return false, true
	}
	return true, true
}

// limits draws the limit: its line with its name, and hatched what is beyond it.
func (s *spark) limits(ctx context.Context, sc scene, c compliance.Card, y func(float64) float64) {
	if c.Near != nil {
		s.Near = unit(y(c.Near.Value))
	}
	if c.Limit == nil {
		return
	}
	above, below := limitSides(c.Limit)
	first, last := y(c.Limit.Value), y(c.Limit.Value)
	if c.Limit.Upper != nil {
		last = y(*c.Limit.Upper)
	}
	if above && c.Limit.Sense != "equal" {
		s.Zones = append(s.Zones, sparkZone{unit(sparkTop), unit(last - sparkTop)})
	}
	if below && c.Limit.Sense != "equal" {
		s.Zones = append(s.Zones, sparkZone{unit(first), unit(sparkFoot - first)})
	}
	name := inLine(locale.From(ctx), told(ctx, sc, c.Limit.Said))
	at := last - 5
	if !above {
		at = first + 14
	}
	s.Limits = append(s.Limits, sparkLimit{unit(last), unit(at), name})
	if first != last {
		s.Limits = append(s.Limits, sparkLimit{Y: unit(first)})
	}
}

// draw puts the readings and what joins them.
func (s *spark) draw(dots []compliance.Dot, x func(int) float64, y func(float64) float64) {
	var solid, dotted strings.Builder
	for i, d := range dots {
		at, bar := dotPlace(d, x(i), y)
		m := sparkDot{X: unit(x(i)), Y: unit(at), Size: "3.5", Shape: dotShape(d.Verdict), Bar: bar}
		if i == len(dots)-1 {
			m.Size = "5"
		}
		if m.Shape == "beyond" {
			m.Bar, m.Mark = sparkOctagon(x(i), at), sparkCross(x(i), at)
		}
		s.Dots = append(s.Dots, m)
		if i == 0 {
			continue
		}
		before, _ := dotPlace(dots[i-1], x(i-1), y)
		path := &dotted
		if d.Exact() && dots[i-1].Exact() {
			path = &solid
		}
		path.WriteString("M" + unit(x(i-1)) + " " + unit(before) + "L" + unit(x(i)) + " " + unit(at))
	}
	s.Solid, s.Dotted = solid.String(), dotted.String()
}

// dotPlace is where a reading stands, and how a bound is drawn: a bar at its end and an arrow into what
// is left open, or a span from one end to the other.
func dotPlace(d compliance.Dot, x float64, y func(float64) float64) (at float64, bar string) {
	left, right := unit(x-5), unit(x+5)
	switch {
	case d.Exact():
		return y(*d.Low), ""
	case d.Low != nil && d.High != nil:
		a, b := y(*d.Low), y(*d.High)
		return (a + b) / 2, "M" + left + " " + unit(a) + "H" + right + "M" + left + " " + unit(b) + "H" + right + "M" + unit(x) + " " + unit(a) + "V" + unit(b)
	case d.High != nil:
		a := y(*d.High)
		return a, "M" + left + " " + unit(a) + "H" + right + sparkArrowed(x, a, sparkArrow)
	case d.Low != nil:
		a := y(*d.Low)
		return a, "M" + left + " " + unit(a) + "H" + right + sparkArrowed(x, a, -sparkArrow)
	}
	return (sparkTop + sparkFoot) / 2, ""
}

func sparkArrowed(x, from, by float64) string {
	back := math.Copysign(3, by)
	return "M" + unit(x) + " " + unit(from) + "V" + unit(from+by) + "M" + unit(x-3) + " " + unit(from+by-back) + "L" + unit(x) + " " + unit(from+by) + "L" + unit(x+3) + " " + unit(from+by-back)
}

func sparkOctagon(x, y float64) string {
	const r, h = 5.2, 2.2
	return "M" + unit(x-h) + " " + unit(y-r) + "H" + unit(x+h) + "L" + unit(x+r) + " " + unit(y-h) + "V" + unit(y+h) + "L" + unit(x+h) + " " + unit(y+r) + "H" + unit(x-h) + "L" + unit(x-r) + " " + unit(y+h) + "V" + unit(y-h) + "z"
}

func sparkCross(x, y float64) string {
	const r = 2.0
	return "M" + unit(x-r) + " " + unit(y-r) + "L" + unit(x+r) + " " + unit(y+r) + "M" + unit(x+r) + " " + unit(y-r) + "L" + unit(x-r) + " " + unit(y+r)
}

// dotShape is how a reading by itself is marked: only what is not as it should be has a shape of its own.
func dotShape(v act.Verdict) string {
	switch v {
	case act.Exceeded:
		return "beyond"
	case act.Near:
		return "near"
	case act.CannotTell, act.Disputed:
		return "unsure"
	}
	return "dot"
}

// dotValue is a reading in figures: "114.4", "<= 300", "3 – 5".
func dotValue(d compliance.Dot) string {
	switch {
	case d.Exact():
		return figure(*d.Low)
	case d.Low != nil && d.High != nil:
		return figure(*d.Low) + " – " + figure(*d.High)
	case d.High != nil:
		return "≤ " + figure(*d.High)
	case d.Low != nil:
		return "≥ " + figure(*d.Low)
	}
	return "–"
}

// spoken says in words what the picture shows.
func (s spark) spoken(ctx context.Context, sc scene, c compliance.Card) string {
	var out []string
	if c.Limit != nil {
		out = append(out, told(ctx, sc, c.Limit.Said)+".")
	}
	if n := len(c.Spark); n > 0 {
		beyond := 0
		for _, d := range c.Spark {
			if d.Verdict == act.Exceeded {
				beyond++
			}
		}
		out = append(out, locale.NF(ctx, "monitor.spark.told", n, locale.Args{"From": fullDay(locale.From(ctx), string(c.Spark[0].Day)), "To": fullDay(locale.From(ctx), string(c.Spark[n-1].Day))}))
		if beyond > 0 {
			out = append(out, locale.N(ctx, "monitor.spark.beyond", beyond))
		}
	}
	return strings.Join(out, " ")
}

// monthYear is a month in short: “Feb 2017”.
func monthYear(p *locale.Printer, d act.Date) string {
	if len(d) < len("2017-02") {
		return string(d)
	}
	return p.F("date.monthyear", locale.Args{"Month": monthName(p, d), "Year": string(d[:4])})
}

// monthName is the month of a day in short: “Feb”.
func monthName(p *locale.Printer, d act.Date) string {
	t := noon(d)
	if t.IsZero() {
		return string(d)
	}
	return p.T(monthShort[t.Month()-1])
}

// inLine keeps a sentence in the direction of its language within a drawing, whose lines run from left
// to right (UAX #9).
func inLine(p *locale.Printer, s string) string {
	if s == "" || p.Dir() == "ltr" {
		return s
	}
	return "\u2067" + s + "\u2069"
}

// cellIcon is the sign of a verdict in a cell.
func cellIcon(v act.Verdict) ui.Icon {
	switch v {
	case act.Within:
		return ui.IconCheck
	case act.Near:
		return ui.IconWarn
	case act.Exceeded:
		return ui.IconBad
	case act.CannotTell:
		return ui.IconUnknown
	case act.Disputed:
		return ui.IconScales
	}
	return ""
}

// cellClass is the ground of a verdict in a cell.
func cellClass(v act.Verdict) string {
	switch v {
	case act.Within:
		return "ok"
	case act.Near:
		return "near"
	case act.Exceeded:
		return "bad"
	case act.CannotTell:
		return "unk"
	case act.Disputed:
		return "dis"
	}
	return "due"
}

// cellWords names a cell's period; the last of them has its year.
func cellWords(p *locale.Printer, list []compliance.Cell, i int) string {
	if i == len(list)-1 || list[i].To[:min(4, len(list[i].To))] != list[i+1].To[:min(4, len(list[i+1].To))] {
		return monthYear(p, list[i].To)
	}
	return monthName(p, list[i].To)
}
