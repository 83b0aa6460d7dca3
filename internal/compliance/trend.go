package compliance

import (
	"math"
	"slices"
)

// # Trend
//
// A projection is made only where the data carry one: the rule is a limit on the latest reading, the
// verdict is within or near, and within the last [TrendDays] days there are at least [TrendLeast] exact
// values (bounds say nothing of a slope) that span at least [TrendSpan] days, the last of which is not
// older than they span. The slope is the median of the slopes between all pairs of values (Theil 1950,
// Sen 1968: one wild value does not move it), with Sen's 90 per cent interval; where the interval holds
// both signs, nothing is projected. A line is drawn no further ahead than the values span.

// What a projection needs.
const (
	TrendLeast = 5
	TrendSpan  = 28
	TrendDays  = 730

	trendMost = 200   // values, the latest
	ninety    = 1.645 // of the normal distribution: 90 per cent lie within so many deviations
)

// A sample is one exact value.
type sample struct{ x, y float64 }

// trend projects the readings to the limit, or says why not.
func (b *Book) trend(a *account, w *watch, s *sight, r *ruling) (*Trend, Sentence) {
	c := w.ready()
	if !c.byLatest || c.limit.Bound.IsValue() || w.yesOrNo() {
		return nil, say("trend.none-limit")
	}
	if r.own != Within && r.own != Near {
		return nil, say("trend.none-verdict")
	}
	samples := samplesOf(&b.own(a, w, s).track, s.on)
	if len(samples) < TrendLeast {
		return nil, say("trend.none-few", "N", count(len(samples)), "Days", count(TrendDays), "Needs", count(TrendLeast))
	}
	first, last := samples[0], samples[len(samples)-1]
	span := int(last.x - first.x)
	age := int(s.on) - int(last.x)
	switch {
	case span < TrendSpan:
		return nil, say("trend.none-short", "N", count(span), "Needs", count(TrendSpan))
	case age > span:
		return nil, say("trend.none-old", "N", count(age))
	}
	t := fit(samples)
	if t.Low <= 0 && t.High >= 0 {
		return nil, say("trend.none-spread")
	}
	t.From, t.To = Day(first.x).Date(), Day(last.x).Date()
	t.Method = say("trend.method", "N", count(t.Readings), "From", dayArg(t.From), "To", dayArg(t.To))
	t.reach(samples, c.limit.Bound, Day(last.x), span)
	return &t.Trend, Sentence{}
}

// samplesOf are the exact values of the last TrendDays days.
func samplesOf(t *Track, on Day) (out []sample) {
	for i := t.upTo(on - TrendDays); i < t.upTo(on); i++ {
		if a := t.At(i); a.IsValue() {
			out = append(out, sample{float64(t.Days[i]), a.Low})
		}
	}
	return out[max(0, len(out)-trendMost):]
}

// A fitted is a trend with the point that its lines go through.
type fitted struct {
	Trend
	x, y float64
}

// fit finds the slope and its interval.
func fit(samples []sample) *fitted {
	n := len(samples)
	slopes := make([]float64, 0, n*(n-1)/2)
	for i := range samples {
		for j := i + 1; j < n; j++ {
			if dx := samples[j].x - samples[i].x; dx > 0 {
				slopes = append(slopes, (samples[j].y-samples[i].y)/dx)
			}
		}
	}
	slices.Sort(slopes)
	spread := ninety * math.Sqrt(float64(n*(n-1)*(2*n+5))/18)
	m := float64(len(slopes))
	low, high := int(math.Floor((m-spread)/2))-1, int(math.Ceil((m+spread)/2))
	f := &fitted{Trend: Trend{Readings: n, PerDay: median(slopes), Low: slopes[max(0, low)], High: slopes[min(len(slopes)-1, high)]}}
	xs, ys := make([]float64, n), make([]float64, n)
	for i, p := range samples {
		xs[i], ys[i] = p.x, p.y
	}
	slices.Sort(ys)
	f.x, f.y = median(xs), median(ys)
	residual := make([]float64, n) // the line goes through the median of what the slope leaves over
	for i, p := range samples {
		residual[i] = p.y - float64(f.PerDay*(p.x-f.x))
	}
	slices.Sort(residual)
	f.y = median(residual)
	return f
}

// median is the middle of sorted numbers.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return float64(sorted[n/2-1]/2) + float64(sorted[n/2]/2)
}

// at is a line of some slope through the middle, on a day.
func (f *fitted) at(slope, x float64) float64 { return f.y + float64(slope*(x-f.x)) }

// when is the day on which a line of some slope reaches a value; false where it goes the other way.
func (f *fitted) when(slope, value float64) (Day, bool) {
	if slope == 0 || (value-f.y)/slope < 0 {
		return 0, false
	}
	x := math.Ceil(f.x + float64((value-f.y)/slope))
	return Day(min(x, float64(maxDay))), true
}

// reach says when the limit is reached, if it goes on so.
func (f *fitted) reach(samples []sample, bound Amount, last Day, span int) {
	limit := bound.High
	if f.PerDay < 0 {
		limit = bound.Low
	}
	if math.IsInf(limit, 0) {
		f.Said = say("trend.away")
		return
	}
	until := last + Day(span)
	from := dayArg(f.From)
	for _, d := range []Day{Day(samples[0].x), last, until} {
		low, high := f.at(f.Low, float64(d)), f.at(f.High, float64(d))
		low, high = min(low, high), max(low, high)
		f.Line = append(f.Line, Dot{Day: d.Date(), Low: &low, High: &high})
	}
	at, ok := f.when(f.PerDay, limit)
	if !ok || at > until || at <= last {
		f.Said = say("trend.not-soon", "From", from, "N", count(span))
		return
	}
	f.Reaches = at.Date()
	fast, slow := f.High, f.Low
	if f.PerDay < 0 {
		fast, slow = f.Low, f.High
	}
	early, _ := f.when(fast, limit)
	f.Earliest = max(early, last+1).Date()
	late, ok := f.when(slow, limit)
	if !ok || late > until {
		f.Said = say("trend.reaches-open", "From", from, "Day", dayArg(f.Reaches), "Earliest", dayArg(f.Earliest))
		return
	}
	f.Latest = late.Date()
	f.Said = say("trend.reaches", "From", from, "Day", dayArg(f.Reaches), "Earliest", dayArg(f.Earliest), "Latest", dayArg(f.Latest))
}
