package compliance

import (
	"math"
	"slices"
	"strconv"

	"entente/plan"
)

// finding tells of a ruling.
func (b *Book) finding(p *plan.State, a *account, w *watch, s *sight, r ruling) Finding {
	f := Finding{Verdict: r.verdict, Own: r.own, Why: r.why, Unit: w.Unit, Age: -1, Sources: r.sources, Lesser: r.lesser, Problem: w.ready().fault}
	v := b.own(a, w, s)
	if r.point >= 0 {
		amount, day := v.track.At(r.point), v.track.Days[r.point]
		f.On, f.Value, f.Age = day.Date(), amount.String(), int(s.on-day)
		f.Grade = b.best(v, r.point)
		if r.sources == 0 {
			f.Sources = b.countSources(w, v, r.point, s)
		}
		if x := w.excess(amount); x > 0 && r.own == Exceeded {
			f.Excess = FormatFloat(x)
		}
	}
	for _, x := range r.sides {
		side := SideView{Party: p.Charter().Code(x.party), Verdict: verdictOf(x.result)}
		for i := range v.sides {
			if v.sides[i].party == x.party && r.point >= 0 {
				side.Value = v.sides[i].track.At(r.point).String()
			}
		}
		f.Sides = append(f.Sides, side)
	}
	bouts := b.bouts(a, w, s)
	if f.Episodes = len(bouts); f.Episodes > 0 {
		e := b.episode(a, w, s, bouts[len(bouts)-1])
		f.Last = &e
	}
	f.Because = b.because(a, w, s, &r, &f)
	return f
}

func verdictOf(r Result) Verdict {
	switch r.Outcome {
	case Holds:
		return Within
	case Broken:
		return Exceeded
	}
	return CannotTell
}

// best is the best grade of a point's entries.
func (b *Book) best(v *view, point int) string {
	var best uint8
	for _, x := range v.entriesOf(point) {
		if g := v.of.entries[x].grade; g != 0 && (best == 0 || g < best) {
			best = g
		}
	}
	return unpackGrade(best).String()
}

// countSources counts the different sources of the readings that count, within the time in which they
// are fresh.
func (b *Book) countSources(w *watch, v *view, point int, s *sight) int {
	seen, from := map[uint32]bool{}, w.window(s.on)
	for i := point; i >= 0 && v.track.Days[i] >= from; i-- {
		for _, x := range v.entriesOf(i) {
			seen[v.of.entries[x].source] = true
		}
	}
	return len(seen)
}

// excess is by how much an amount breaks a limit at the least; 0 where it does not, or the rule is none.
func (w *watch) excess(a Amount) float64 {
	c := w.ready()
	if !c.isLimit {
		return 0
	}
	switch bound := c.limit.Bound; {
	case a.Low > bound.High:
		return add(a.Low, -bound.High)
	case a.High < bound.Low:
		return add(bound.Low, -a.High)
	}
	return 0
}

// amountSaid is an amount in words: "114.4 t", "less than 130 t".
func amountSaid(a Amount, unit string) Sentence {
	u := unitArg(unit)
	low, high := !math.IsInf(a.Low, -1), !math.IsInf(a.High, 1)
	switch {
	case a.IsValue():
		return say("amount.value", "Value", number(Rounded(a.Low)), "Unit", u)
	case low && high:
		return say("amount.range", "Low", number(Rounded(a.Low)), "High", number(Rounded(a.High)), "Unit", u)
	case high && a.HighOpen:
		return say("amount.below", "Value", number(Rounded(a.High)), "Unit", u)
	case high:
		return say("amount.at-most", "Value", number(Rounded(a.High)), "Unit", u)
	case low && a.LowOpen:
		return say("amount.above", "Value", number(Rounded(a.Low)), "Unit", u)
	case low:
		return say("amount.at-least", "Value", number(Rounded(a.Low)), "Unit", u)
	}
	return say("amount.nothing")
}

// share is how far an amount is from a limit, in whole per cent of the limit.
func share(value, limit float64) int {
	if limit == 0 {
		return 0
	}
	gap := math.Abs(add(limit, -value))
	return int(math.Round(float64(gap/math.Abs(limit)) * 100))
}

// because tells in one sentence why the verdict is what it is.
func (b *Book) because(a *account, w *watch, s *sight, r *ruling, f *Finding) Sentence {
	own := b.becauseOwn(a, w, s, r, f)
	if r.why == InDispute {
		return say("because.dispute", "Own", phrase(own))
	}
	return own
}

func (b *Book) becauseOwn(a *account, w *watch, s *sight, r *ruling, f *Finding) Sentence {
	v := b.own(a, w, s)
	switch r.ownWhy {
	case NotBegun:
		return say("because.not-begun", "Day", dayArg(w.From))
	case Over:
		return say("because.over", "Day", dayArg(w.To))
	case NoReading:
		if q := r.result.Quantity; q != "" && q != w.Quantity {
			return say("because.no-reading-of", "Quantity", word(q))
		}
		return say("because.no-reading")
	case TooOld:
		return say("because.too-old", "Day", dayArg(f.On), "Age", count(f.Age), "N", count(int(w.Fresh)))
	case LowGrade:
		return say("because.low-grade", "Grade", word(w.Grade.String()))
	case FewSources:
		return say("because.few-sources", "Amount", phrase(w.amountAt(v, r.point)), "N", count(r.sources), "Grade", word(f.Grade), "Needs", count(int(w.Sources)), "Least", word(leastGrade(w)))
	case ByBound:
		return say("because.bound", "Amount", phrase(w.amountAt(v, r.point)), "Day", dayArg(f.On))
	case LesserWord:
		return say("because.lesser", "Amount", phrase(w.amountAt(v, r.point)), "Day", dayArg(f.On), "Grade", word(w.Grade.String()))
	case SidesDiffer:
		var parts []Sentence
		for _, x := range f.Sides {
			parts = append(parts, say("because.side", "Party", word(string(x.Party)), "Value", number(x.Value), "Unit", unitArg(w.Unit)))
		}
		return say("because.sides", "Day", dayArg(f.On), "Sides", phrase(list(parts)))
	case NearDay:
		return say("because.near-day", "Day", dayArg(w.ready().form.By))
	case DayToCome:
		if day := w.ready().form.By; day != "" {
			return say("because.not-due", "Day", dayArg(day))
		}
		return say("because.day-to-come")
	case OddUnit:
		return say("because.unit", "Unit", unitArg(w.Unit))
	case OddRule:
		return say("because.rule")
	case NoRule:
		return say("because.no-rule")
	}
	return w.becauseReading(v, r, f)
}

func leastGrade(w *watch) string {
	if w.Grade.IsZero() {
		return "–"
	}
	return w.Grade.String()
}

func (w *watch) amountAt(v *view, point int) Sentence {
	if point < 0 {
		return say("amount.nothing")
	}
	return amountSaid(v.track.At(point), w.Unit)
}

// becauseReading tells of a verdict that the readings decide.
func (w *watch) becauseReading(v *view, r *ruling, f *Finding) Sentence {
	c := w.ready()
	if r.point < 0 {
		return say("because.rule-" + r.result.Outcome.String())
	}
	amount := v.track.At(r.point)
	said, day := phrase(amountSaid(amount, w.Unit)), dayArg(f.On)
	if !c.byLatest {
		return say("because.by-rule-"+r.result.Outcome.String(), "Amount", said, "Day", day)
	}
	bound := c.limit.Bound
	atMost, atLeast := math.IsInf(bound.Low, -1), math.IsInf(bound.High, 1)
	limit := bound.High
	if atLeast {
		limit = bound.Low
	}
	limitSaid := phrase(amountSaid(Value(limit), w.Unit))
	switch {
	case r.result.Outcome == Broken && amount.High < bound.Low:
		return say("because.under", "Amount", said, "Day", day, "Excess", number(f.Excess), "Unit", unitArg(w.Unit), "Limit", phrase(amountSaid(Value(bound.Low), w.Unit)))
	case r.result.Outcome == Broken && f.Excess != "":
		return say("because.over-limit", "Amount", said, "Day", day, "Excess", number(f.Excess), "Unit", unitArg(w.Unit), "Limit", phrase(amountSaid(Value(bound.High), w.Unit)))
	case r.result.Outcome == Broken:
		return say("because.at-limit", "Amount", said, "Day", day, "Limit", limitSaid)
	case !amount.IsValue() || atMost == atLeast || limit == 0:
		return say("because.kept", "Amount", said, "Day", day)
	case amount.Low == limit:
		return say("because.at", "Amount", said, "Day", day)
	case atMost:
		return say("because.below", "Amount", said, "Day", day, "Share", count(share(amount.Low, limit)))
	}
	return say("because.above", "Amount", said, "Day", day, "Share", count(share(amount.Low, limit)))
}

// headline is the sentence over an obligation's page: why the verdict is what it is, what has changed
// since the reading before, and how often it was exceeded.
func (b *Book) headline(a *account, w *watch, s *sight, r *ruling, f *Finding, episodes []Episode) Sentence {
	parts := []Sentence{f.Because}
	v := b.own(a, w, s)
	if r.ownWhy == ByReading && r.point > 0 {
		now, before := v.track.At(r.point), v.track.At(r.point-1)
		if day := v.track.Days[r.point-1].Date(); now.IsValue() && before.IsValue() {
			switch d := add(now.Low, -before.Low); {
			case d > 0:
				parts = append(parts, say("headline.up", "By", number(Rounded(d)), "Unit", unitArg(w.Unit), "Day", dayArg(day)))
			case d < 0:
				parts = append(parts, say("headline.down", "By", number(Rounded(-d)), "Unit", unitArg(w.Unit), "Day", dayArg(day)))
			default:
				parts = append(parts, say("headline.same", "Day", dayArg(day)))
			}
		}
	}
	return list(append(parts, episodesSaid(w, episodes)))
}

// episodesSaid tells how often an obligation was exceeded, and by how much at most.
func episodesSaid(w *watch, episodes []Episode) Sentence {
	if len(episodes) == 0 {
		return Sentence{}
	}
	most := 0.0
	for _, e := range episodes {
		if x, err := strconv.ParseFloat(e.Excess, 64); err == nil {
			most = max(most, x)
		}
	}
	last := episodes[len(episodes)-1]
	key := "headline.exceeded"
	if len(episodes) == 2 {
		key = "headline.exceeded-twice"
	}
	if most > 0 {
		return say(key+"-by", "N", count(len(episodes)), "Day", dayArg(last.From), "Most", number(Rounded(most)), "Unit", unitArg(w.Unit))
	}
	return say(key, "N", count(len(episodes)), "Day", dayArg(last.From))
}

// episode tells of a bout.
func (b *Book) episode(a *account, w *watch, s *sight, x bout) Episode {
	e := Episode{From: x.from.Date(), To: x.to.Date(), Readings: x.readings}
	if x.back != minDay {
		e.Back = x.back.Date()
	}
	if x.before != minDay {
		e.Before = x.before.Date()
	}
	v := b.own(a, w, s)
	first, _ := slices.BinarySearch(v.track.Days, x.from)
	end := v.track.upTo(x.to)
	var reported Day
	peak := -1
	for i := first; i < end; i++ {
		by := w.excess(v.track.At(i))
		if peak < 0 || by > w.excess(v.track.At(peak)) {
			peak = i
		}
		for _, n := range v.entriesOf(i) {
			if d := v.of.entries[n].reported; d != 0 && (reported == 0 || d < reported) && by > 0 {
				reported = d
			}
		}
	}
	if reported != 0 {
		e.Reported = reported.Date()
	}
	if peak >= 0 {
		e.Peak, e.PeakOn = v.track.At(peak).String(), v.track.Days[peak].Date()
		if by := w.excess(v.track.At(peak)); by > 0 {
			e.Excess = FormatFloat(by)
		}
	}
	return e
}

// episodes tells of all bouts, the latest MaxEpisodes.
func (b *Book) episodes(a *account, w *watch, s *sight) []Episode {
	bouts := b.bouts(a, w, s)
	bouts = bouts[max(0, len(bouts)-MaxEpisodes):]
	out := make([]Episode, len(bouts))
	for i, x := range bouts {
		out[i] = b.episode(a, w, s, x)
	}
	return out
}

// weigh shows the arithmetic of a ruling.
func (b *Book) weigh(a *account, w *watch, s *sight, r *ruling) *Weighing {
	c := w.ready()
	v := b.own(a, w, s)
	out := &Weighing{Rule: w.Rule, Near: w.Watch.Near, Holds: r.result.Outcome.String(), Reads: v.track.upTo(s.on),
		Skipped: upTo(v.lowDays, s.on) + upTo(v.odd, s.on)}
	if w.near != nil {
		out.IsNear = r.near.String()
	}
	if r.point >= 0 {
		out.Steps = append(out.Steps, latestStep(w.Quantity, v.track.Days[r.point], v.track.At(r.point)))
		out.Steps = append(out.Steps, b.conversions(w, v, r.point)...)
	}
	if c.rule == nil {
		return out
	}
	for _, name := range c.rule.names {
		if name == w.Quantity {
			continue
		}
		other := b.view(a, w.conv, name, w.unitOf(name), w.Grade, s)
		if day, amount, ok := other.track.Latest(s.on); ok {
			out.Steps = append(out.Steps, latestStep(name, day, amount))
		}
	}
	if amount, ok := v.track.Measure(c.limit.Of, s.on, c.limit.Days); ok && c.isLimit {
		if c.limit.Of != MeasureLatest {
			days := ""
			if c.limit.Days > 0 {
				days = strconv.Itoa(c.limit.Days)
			}
			out.Steps = append(out.Steps, w.Quantity+"."+c.limit.Of.String()+"("+days+") = "+amount.String())
		}
		out.Steps = append(out.Steps, amount.String()+" ∈ "+boundText(c.limit.Bound))
	}
	return out
}

func latestStep(quantity string, day Day, amount Amount) string {
	return quantity + ".latest() = " + amount.String() + " (" + string(day.Date()) + ")"
}

// conversions shows how the readings of a point became ones in the obligation's unit.
func (b *Book) conversions(w *watch, v *view, point int) (out []string) {
	scale := b.scales(w.conv, w.Unit)
	for _, x := range v.entriesOf(point) {
		e := &v.of.entries[x]
		if e.unit == scale.same {
			continue
		}
		step := e.amount().String() + " " + b.unitCode(e.unit) + " = " + scale.convert(e.unit, e.amount()).String() + " " + w.Unit
		if !slices.Contains(out, step) {
			out = append(out, step)
		}
	}
	return out
}

// boundText is an interval as mathematics writes it.
func boundText(b Amount) string {
	open, shut := "[", "]"
	if b.LowOpen || math.IsInf(b.Low, -1) {
		open = "("
	}
	if b.HighOpen || math.IsInf(b.High, 1) {
		shut = ")"
	}
	end := func(x float64) string {
		switch {
		case math.IsInf(x, 1):
			return "∞"
		case math.IsInf(x, -1):
			return "−∞"
		}
		return FormatFloat(x)
	}
	return open + end(b.Low) + ", " + end(b.High) + shut
}
