package web

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/web/locale"
)

// The chart of an obligation, in units of its drawing: its readings against its limit. Time runs from
// left to right in every language.
const (
	seriesLeft, seriesRight = 54.0, 776.0
	seriesTop, seriesFoot   = 24.0, 284.0
	seriesTicks             = 4    // lines of the grid, about
	seriesNamed             = 24   // up to so many points each has its figure beside it
	seriesDense             = 80   // more points than these are drawn small
	seriesEvents            = 4    // readings of other quantities that are named, the latest
	seriesHead              = 0.10 // of the height, above what is highest
	letterWidth             = 7.2  // of a figure in the drawing, about
	letterHeight            = 15.0
	arrowLength             = 22.0 // of a bound
)

// A seriesChart is what is drawn.
type seriesChart struct {
	Grid     []chartMark
	Ticks    []chartMark // of time
	Years    []chartMark
	Hatch    []seriesBand // beyond the limit
	Nears    []seriesBand
	Limits   []chartMark // where the limit is, and its name
	LimitEnd string      // where its name ends
	NearSaid *chartMark
	Join     []string // paths between readings
	Points   []seriesPoint
	Episodes []seriesSpell
	Events   []seriesEvent
	Now      *seriesEvent
	Next     *seriesEvent
	Trend    *seriesTrend
	Bounds   bool // some readings are bounds
	Lesser   bool // some do not count
	Own      bool // some are of the national margin
	Dense    bool // so many that each is drawn small

	placed []box
	scale  seriesScale
}

// A seriesBand is a part of the height.
type seriesBand struct{ Y, Height string }

// A seriesPoint is a reading as it is drawn: a point, or the ends of what is said.
type seriesPoint struct {
	Class   string // "exceeded", "within", with "less" where it does not count and "own" where it is of the margin
	Shape   string // "dot", "octagon", "diamond", "range", "below", "above"
	X, Y    string // the point, or the end that is known
	Y2      string // the other end of a range, or the tip of an arrow
	Path    string // of an octagon, a diamond or an arrow's tip
	Figure  string
	FX, FY  string
	Anchor  string
	Told    string // read out, and shown where the pointer rests
	Verdict act.Verdict
	at      float64
}

// A seriesSpell is an episode: from the first reading beyond to the last, and to when it was kept again.
type seriesSpell struct{ X, Width, Y, Back, BackX string }

// A seriesEvent is something that is named at a day.
type seriesEvent struct {
	X, Y1, Y2 string
	TX        string
	Anchor    string
	Lines     []chartMark
}

// A seriesTrend is where the readings lead to, and how sure that is.
type seriesTrend struct{ Band, Line string }

// seriesScale turns days and amounts into places.
type seriesScale struct {
	from, to  float64 // days since 1970
	low, high float64
}

func (s seriesScale) x(d float64) float64 {
	return seriesLeft + (seriesRight-seriesLeft)*(d-s.from)/math.Max(s.to-s.from, 1)
}

func (s seriesScale) y(v float64) float64 {
	v = math.Min(math.Max(v, s.low), s.high)
	return seriesFoot - (seriesFoot-seriesTop)*(v-s.low)/math.Max(s.high-s.low, 1e-12)
}

// box is a part of the drawing that is taken.
type box struct{ x1, y1, x2, y2 float64 }

func (b box) meets(o box) bool { return b.x1 < o.x2 && o.x1 < b.x2 && b.y1 < o.y2 && o.y1 < b.y2 }

// dayNumber is a day as a number of days; ok is false where none is said.
func dayNumber(d act.Date) (float64, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	return float64(t.Unix() / int64((24*time.Hour)/time.Second)), true
}

func dayOfNumber(n float64) time.Time {
	return time.Unix(int64(n)*int64((24*time.Hour)/time.Second), 0).UTC()
}

// seriesOf draws an obligation's readings; ok is false where there is nothing to draw.
func seriesOf(ctx context.Context, sc scene, o compliance.Obligation) (c seriesChart, ok bool) {
	if len(o.Points) == 0 {
		return c, false
	}
	if !c.measure(o) {
		return c, false
	}
	c.lines(ctx, sc, o)
	c.gridLines(o)
	c.days(locale.From(ctx))
	c.spells(o)
	c.readings(ctx, sc, o)
	c.Dense = len(c.Points) > seriesDense
	c.trend(o)
	c.moments(ctx, sc, o)
	c.figures(o)
	c.events(ctx, sc, o)
	return c, true
}

// measure finds how much time and which amounts the drawing holds.
func (c *seriesChart) measure(o compliance.Obligation) bool {
	low, high := math.Inf(1), math.Inf(-1)
	take := func(v *float64) {
		if v != nil && !math.IsInf(*v, 0) && !math.IsNaN(*v) {
			low, high = math.Min(low, *v), math.Max(high, *v)
		}
	}
	first, last := math.Inf(1), math.Inf(-1)
	span := func(d act.Date) {
		if n, ok := dayNumber(d); ok {
			first, last = math.Min(first, n), math.Max(last, n)
		}
	}
	for _, p := range o.Points {
		take(p.Low)
		take(p.High)
		span(p.Day)
	}
	if math.IsInf(low, 0) || math.IsInf(first, 0) {
		return false
	}
	for _, l := range []*compliance.Line{o.Limit, o.Near} {
		if l != nil {
			take(&l.Value)
			take(l.Upper)
		}
	}
	span(o.Moment.On)
	if o.Next != nil {
		span(o.Next.On)
	}
	read := math.Max(last-first, 1)
	if o.Trend != nil && len(o.Trend.Line) > 0 {
		if n, ok := dayNumber(o.Trend.Line[len(o.Trend.Line)-1].Day); ok {
			last = math.Max(last, math.Min(n, last+read/2)) // a far projection would press the readings together
		}
	}
	c.scale.from, c.scale.to = first-math.Max(read*0.04, 2), last+math.Max(read*0.05, 4)
	gap := high - low
	if gap <= 0 {
		gap = math.Max(math.Abs(high)*0.2, 1)
	}
	c.scale.high = high + gap*seriesHead*2
	c.scale.low = low - gap*seriesHead
	if low >= 0 && (c.scale.low < 0 || low < 0.3*high) {
		c.scale.low = 0
	}
	step := niceStep((c.scale.high - c.scale.low) / seriesTicks)
	c.scale.low = step * math.Floor(c.scale.low/step)
	return true
}

// lines draws the limit, what is beyond it, and what is near it.
func (c *seriesChart) lines(ctx context.Context, sc scene, o compliance.Obligation) {
	c.LimitEnd = unit(seriesRight - 4)
	if l := o.Limit; l != nil {
		c.Limits = append(c.Limits, chartMark{At: unit(c.scale.y(l.Value)), Word: inDrawing(ctx, told(ctx, sc, l.Said))})
		top, foot := seriesTop, seriesFoot
		y := c.scale.y(l.Value)
		c.take(seriesRight-4-letterWidth*float64(len([]rune(c.Limits[0].Word))), y-18, seriesRight, y)
		switch {
		case l.Upper != nil:
			c.hatch(top, c.scale.y(*l.Upper))
			c.hatch(y, foot)
			c.Limits = append(c.Limits, chartMark{At: unit(c.scale.y(*l.Upper))})
		case l.Sense == "at-least" || l.Sense == "above":
			c.hatch(y, foot)
		case l.Sense == "equal":
			c.hatch(top, y)
			c.hatch(y, foot)
		default:
			c.hatch(top, y)
		}
		c.near(ctx, sc, o)
	}
}

func (c *seriesChart) hatch(y1, y2 float64) {
	if y2-y1 >= 1 {
		c.Hatch = append(c.Hatch, seriesBand{unit(y1), unit(y2 - y1)})
	}
}

// near draws what lies between the limit and where nearness begins.
func (c *seriesChart) near(ctx context.Context, sc scene, o compliance.Obligation) {
	if o.Near == nil {
		return
	}
	y, limit := c.scale.y(o.Near.Value), c.scale.y(o.Limit.Value)
	if o.Near.Upper != nil {
		limit = c.scale.y(*o.Near.Upper)
	}
	y1, y2 := math.Min(y, limit), math.Max(y, limit)
	if y2-y1 < 2 {
		return
	}
	c.Nears = append(c.Nears, seriesBand{unit(y1), unit(y2 - y1)})
	at := y2 - 6
	if y < limit { // of a lower limit: nearness begins above it
		at = y1 + 13
	}
	c.NearSaid = &chartMark{At: unit(at), Word: inDrawing(ctx, told(ctx, sc, o.Near.Said))}
	c.take(seriesRight-4-letterWidth*float64(len([]rune(c.NearSaid.Word))), at-12, seriesRight, at+3)
}

// inDrawing keeps words that run from right to left together in a drawing that runs from left to right.
func inDrawing(ctx context.Context, words string) string {
	if locale.From(ctx).Dir() == "ltr" {
		return words
	}
	return "\u2067" + words + "\u2069"
}

// gridLines draws the lines of even amounts, but none on the limit.
func (c *seriesChart) gridLines(o compliance.Obligation) {
	step := niceStep((c.scale.high - c.scale.low) / seriesTicks)
	for v := c.scale.low; v <= c.scale.high; v += step {
		y := c.scale.y(v)
		v = math.Round(v/step) * step
		if o.Limit != nil && math.Abs(y-c.scale.y(o.Limit.Value)) < 9 && v != c.scale.low {
			continue
		}
		c.Grid = append(c.Grid, chartMark{At: unit(y), Word: grouped(trimmed(v, step))})
	}
}

// trimmed is a number with as many places as its step needs.
func trimmed(v, step float64) string {
	places := 0
	for s := step; places < 6 && math.Abs(s-math.Round(s)) > 1e-9; places++ {
		s *= 10
	}
	pow := math.Pow10(places)
	return figure(math.Round(v*pow) / pow)
}

// grouped parts the thousands of a figure that has more than four digits.
func grouped(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	minus := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	if len(whole) > 4 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "\u202f" + whole[i:]
		}
	}
	if minus {
		whole = "-" + whole
	}
	if rest != "" {
		return whole + "." + rest
	}
	return whole
}

// days names months and years on the axis, as many as have room.
func (c *seriesChart) days(p *locale.Printer) {
	from, to := dayOfNumber(math.Ceil(c.scale.from)), dayOfNumber(c.scale.to)
	months := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	if months <= 2 {
		c.weeks(p, from, to)
		return
	}
	every := 1
	for _, n := range []int{1, 2, 3, 6, 12, 24, 60, 120, 240} {
		if every = n; months/n <= 11 {
			break
		}
	}
	for t := time.Date(from.Year(), 1, 1, 0, 0, 0, 0, time.UTC); !t.After(to); t = t.AddDate(0, every, 0) {
		if t.Before(from) {
			continue
		}
		mark := chartMark{At: unit(c.scale.x(float64(t.Unix() / 86400))), Time: t}
		if mark.Word = p.T(monthShort[t.Month()-1]); every >= 12 {
			mark.Word = t.Format("2006")
		}
		c.Ticks = append(c.Ticks, mark)
	}
	if every < 12 {
		c.years(from, to)
	}
}

// years names each year under the middle of what is seen of it.
func (c *seriesChart) years(from, to time.Time) {
	for y := from.Year(); y <= to.Year(); y++ {
		a := math.Max(c.scale.x(float64(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Unix()/86400)), seriesLeft)
		b := math.Min(c.scale.x(float64(time.Date(y+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()/86400)), seriesRight)
		if b-a > 34 {
			c.Years = append(c.Years, chartMark{At: unit((a + b) / 2), Word: time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")})
		}
	}
}

// weeks names days, where the drawing holds a few weeks alone.
func (c *seriesChart) weeks(p *locale.Printer, from, to time.Time) {
	step := max(1, int(to.Sub(from).Hours()/24)/6)
	for t := from; !t.After(to); t = t.AddDate(0, 0, step) {
		c.Ticks = append(c.Ticks, chartMark{At: unit(c.scale.x(float64(t.Unix() / 86400))),
			Word: p.F("date.day", locale.Args{"Day": t.Day(), "Month": p.T(monthShort[t.Month()-1])}), Time: t})
	}
}

// spells draws how long each episode lasted, along the limit.
func (c *seriesChart) spells(o compliance.Obligation) {
	if o.Limit == nil {
		return
	}
	for _, e := range o.Episodes {
		from, ok := dayNumber(e.From)
		to, ok2 := dayNumber(e.To)
		if !ok || !ok2 {
			continue
		}
		x1, x2 := c.scale.x(from), c.scale.x(to)
		s := seriesSpell{X: unit(x1 - 2), Width: unit(math.Max(x2-x1, 0) + 4), Y: unit(c.scale.y(o.Limit.Value) - 2)}
		if back, ok := dayNumber(e.Back); ok {
			s.Back, s.BackX = unit(x2), unit(c.scale.x(back))
		}
		c.Episodes = append(c.Episodes, s)
	}
}

// trend draws where the readings lead, within what is drawn.
func (c *seriesChart) trend(o compliance.Obligation) {
	if o.Trend == nil || len(o.Trend.Line) < 2 {
		return
	}
	var over, under, middle []string
	for _, d := range o.Trend.Line {
		n, ok := dayNumber(d.Day)
		if !ok || d.Low == nil || d.High == nil || n > c.scale.to {
			continue
		}
		x := unit(c.scale.x(n))
		over = append(over, x+" "+unit(c.scale.y(*d.High)))
		under = append(under, x+" "+unit(c.scale.y(*d.Low)))
		middle = append(middle, x+" "+unit(c.scale.y(*d.Low/2+*d.High/2)))
	}
	if len(middle) < 2 {
		return
	}
	slices.Reverse(under)
	c.Trend = &seriesTrend{Band: "M" + strings.Join(over, " L") + " L" + strings.Join(under, " L") + "Z", Line: "M" + strings.Join(middle, " L")}
}

// moments draws the day that is asked about, and the next report.
func (c *seriesChart) moments(ctx context.Context, sc scene, o compliance.Obligation) {
	p := locale.From(ctx)
	if n, ok := dayNumber(o.Moment.On); ok {
		x := c.scale.x(n)
		word := p.T("series.today")
		if o.Moment.On != act.Date(sc.now.UTC().Format(time.DateOnly)) {
			word = fullDay(p, string(o.Moment.On))
		}
		c.Now = &seriesEvent{X: unit(x), Y1: unit(seriesTop), Y2: unit(seriesFoot), TX: unit(x + 5), Anchor: "start", Lines: []chartMark{{At: unit(seriesFoot - 8), Word: inDrawing(ctx, word)}}}
		wide := letterWidth*float64(len([]rune(word))) + 8
		if x+wide > seriesRight {
			c.Now.TX, c.Now.Anchor = unit(x-5), "end"
			c.take(x-wide, seriesFoot-22, x, seriesFoot)
		} else {
			c.take(x, seriesFoot-22, x+wide, seriesFoot)
		}
	}
	if o.Next == nil {
		return
	}
	if n, ok := dayNumber(o.Next.On); ok {
		key := locale.Key("series.next")
		if o.Next.Overdue > 0 {
			key = "series.due"
		}
		c.Next = c.event(ctx, c.scale.x(n), []string{p.T(key), fullDay(p, string(o.Next.On))}, seriesFoot)
	}
}

// event finds room for words about a day, and the line that leads to them from y.
func (c *seriesChart) event(ctx context.Context, x float64, words []string, from float64) *seriesEvent {
	wide := 0.0
	for _, w := range words {
		wide = math.Max(wide, 6.6*float64(len([]rune(w))))
	}
	tall := letterHeight*float64(len(words)) + 2
	middle := math.Min(math.Max(x, seriesLeft+wide/2), seriesRight-wide/2)
	for _, y := range []float64{seriesFoot - tall - 14, seriesFoot - tall - 44, seriesFoot - tall - 80, seriesFoot - tall - 116, seriesTop + 34, seriesTop + 4} {
		b := box{middle - wide/2 - 3, y - 2, middle + wide/2 + 3, y + tall}
		if slices.ContainsFunc(c.placed, b.meets) {
			continue
		}
		c.placed = append(c.placed, b)
		e := &seriesEvent{X: unit(x), TX: unit(middle), Anchor: "middle", Y1: unit(math.Min(from, y+tall+2)), Y2: unit(math.Max(from, y+tall+2))}
		if from < y {
			e.Y1, e.Y2 = unit(from), unit(y-2)
		}
		for i, w := range words {
			e.Lines = append(e.Lines, chartMark{At: unit(y + 11 + letterHeight*float64(i)), Word: inDrawing(ctx, w)})
		}
		return e
	}
	return nil
}

func (c *seriesChart) take(x1, y1, x2, y2 float64) {
	c.placed = append(c.placed, box{x1, y1, x2, y2})
}

// events names readings of other quantities that stand beside this one: what was shipped out.
func (c *seriesChart) events(ctx context.Context, sc scene, o compliance.Obligation) {
	type event struct {
		at    float64
		words []string
	}
	var list []event
	for _, s := range o.Others {
		for _, p := range s.Points {
			n, ok := dayNumber(p.Day)
			if !ok || n < c.scale.from || n > c.scale.to {
				continue
			}
			list = append(list, event{n, []string{sayValue(ctx, cmp.Or(p.Shown, p.Value), s.Unit) + " " + quantityBeside(s.Quantity, o.Quantity), fullDay(locale.From(ctx), string(p.Day))}})
		}
	}
	slices.SortFunc(list, func(a, b event) int { return cmp.Compare(b.at, a.at) })
	from := seriesTop
	if o.Limit != nil {
		from = c.scale.y(o.Limit.Value)
	}
	for _, e := range list[:min(len(list), seriesEvents)] {
		if got := c.event(ctx, c.scale.x(e.at), e.words, from); got != nil {
			c.Events = append(c.Events, *got)
		}
	}
}

// quantityBeside names a quantity without the words that it shares with the one that it stands
// beside: "heavy_water_shipped_out" beside "heavy_water_stock" is “shipped out”.
func quantityBeside(name, beside string) string {
	words, others := strings.Split(name, "_"), strings.Split(beside, "_")
	for len(words) > 1 && len(others) > 0 && words[0] == others[0] {
		words, others = words[1:], others[1:]
	}
	return strings.Join(words, " ")
}
