package compliance

import (
	"math"

	"entente/act"
	"entente/plan"
)

// card is one obligation in small.
func (b *Book) card(p *plan.State, a *account, w *watch, s *sight) Card {
	r := b.judge(a, w, s)
	c := Card{
		Ref: w.ref, Display: w.ref.Display(), Agreement: a.ref, Title: w.content.Title, Paragraph: w.Paragraph, Owes: w.Owes,
		Agreed: w.agreed && a.agreed, Finding: b.finding(p, a, w, s, r), Next: b.expected(a, w, s),
	}
	c.Limit, c.Near = w.lines()
	v := b.own(a, w, s)
	exact := 0
	end := v.track.upTo(s.on)
	for i := max(0, end-MaxSpark); i < end; i++ {
		amount := v.track.At(i)
		if amount.IsValue() {
			exact++
		}
		c.Spark = append(c.Spark, dot(v.track.Days[i], amount, b.byItself(a, w, s, amount, v.track.Days[i])))
	}
	c.Draw = "cells"
	if exact > 1 && c.Limit != nil && !w.yesOrNo() {
		c.Draw = "line"
	}
	c.Cells = b.cells(a, w, s, v)
	c.Since = b.since(a, w, s, r.verdict)
	c.Figure = w.figure(v, &r, &c)
	c.Aim = w.aim(v, r.point)
	return c
}

// aim tells how far an indicator has come from its baseline to its target; nil where it has neither.
func (w *watch) aim(v *view, point int) *Aim {
	if w.Baseline == "" && w.Target == "" {
		return nil
	}
	out := &Aim{Baseline: w.Baseline, BaselineOn: w.BaselineOn, Target: w.Target, TargetOn: w.TargetOn}
	from, err := ParseFloat(w.Baseline)
	to, too := ParseFloat(w.Target)
	if err != nil || too != nil || from == to || point < 0 || !v.track.At(point).IsValue() {
		return out
	}
	way := add(v.track.At(point).Low, -from) / add(to, -from)
	share := int(math.Round(min(max(way, -maxShare), maxShare) * 100))
	out.Share = &share
	return out
}

// maxShare bounds how many times the way from baseline to target is told.
const maxShare = 100

// yesOrNo reports whether what is measured is only done or not, seen or not.
func (w *watch) yesOrNo() bool {
	f := w.ready().form
	return f.Kind == FormNone || w.Unit == "1" && (f.Kind == FormExactly || f.Kind == FormDone)
}

// cells are the verdicts by the last readings, at most so many.
const maxCells = 4

func (b *Book) cells(a *account, w *watch, s *sight, v *view) []Cell {
	var days []Day
	i, j := v.track.upTo(s.on)-1, upTo(v.lowDays, s.on)-1
	for len(days) < maxCells && (i >= 0 || j >= 0) {
		if i >= 0 && (j < 0 || v.track.Days[i] >= v.lowDays[j]) {
			if j >= 0 && v.lowDays[j] == v.track.Days[i] {
				j--
			}
			days = append(days, v.track.Days[i])
			i--
		} else {
			days = append(days, v.lowDays[j])
			j--
		}
	}
	out := make([]Cell, len(days))
	for k, day := range days {
		to := s.on
		if k > 0 {
			to = days[k-1] - 1
		}
		out[len(days)-1-k] = Cell{From: day.Date(), To: to.Date(), Verdict: b.judgeOwn(a, w, s.at(day)).verdict}
	}
	return out
}

// since is the day from which the verdict has been what it is.
func (b *Book) since(a *account, w *watch, s *sight, v Verdict) act.Date {
	days := b.turns(a, w, s)
	from := s.on
	for i := len(days) - 1; i >= 0; i-- {
		if b.judge(a, w, s.at(days[i])).verdict != v {
			break
		}
		from = days[i]
	}
	return from.Date()
}

// lines are a rule's limit and what is near it, as they are drawn.
func (w *watch) lines() (limit, near *Line) {
	c := w.ready()
	if !c.isLimit || c.limit.Of == MeasureCount || c.limit.Of == MeasureAge {
		return nil, nil
	}
	limit = lineOf(c.limit.Bound, w.Unit)
	if c.isNearLimit && c.nearLimit.Of == c.limit.Of {
		near = lineOf(c.nearLimit.Bound, w.Unit)
		near.Said = say("limit.near", "Value", number(near.Text), "Unit", unitArg(w.Unit))
	}
	return limit, near
}

func lineOf(b Amount, unit string) *Line {
	l := &Line{Sense: "at-most", Value: b.High}
	low, high := !math.IsInf(b.Low, -1), !math.IsInf(b.High, 1)
	switch {
	case low && high && b.IsValue():
		l.Sense = "equal"
	case low && high:
		upper := b.High
		l.Sense, l.Value, l.Upper = "between", b.Low, &upper
	case high && b.HighOpen:
		l.Sense = "below"
	case low && b.LowOpen:
		l.Sense, l.Value = "above", b.Low
	case low:
		l.Sense, l.Value = "at-least", b.Low
	}
	l.Text = FormatFloat(l.Value)
	switch {
	case l.Upper != nil:
		l.Said = say("limit.range", "Low", number(l.Text), "High", number(FormatFloat(*l.Upper)), "Unit", unitArg(unit))
	case low && !high:
		l.Said = say("limit.at-least", "Value", number(l.Text), "Unit", unitArg(unit))
	default:
		l.Said = say("limit.at-most", "Value", number(l.Text), "Unit", unitArg(unit))
	}
	return l
}

// figure is what stands large on a card.
func (w *watch) figure(v *view, r *ruling, c *Card) Sentence {
	if r.own == CannotTell && r.ownWhy == FewSources {
		return say("figure.source", "N", count(r.sources), "Grade", word(c.Grade))
	}
	due, dated := w.form.due()
	switch {
	case r.ownWhy == NoRule:
		return say("figure.words")
	case r.ownWhy == NotBegun:
		return say("figure.from", "Day", dayArg(w.from.Date()))
	case r.own == NotYetDue && dated:
		return say("figure.by", "Day", dayArg(due.Date()))
	case r.point < 0 && r.ownWhy == NoReading:
		return say("figure.unread")
	case r.point < 0 || r.own == CannotTell && r.ownWhy != ByBound && r.ownWhy != LesserWord || r.own == Expired:
		return say("figure.verdict", "Verdict", phrase(Said(r.own)))
	}
	amount := v.track.At(r.point)
	form := w.form
	switch {
	case form.Kind == FormNone && r.result.Outcome == Holds:
		return say("figure.none")
	case w.yesOrNo() && form.Kind != FormNone && r.result.Outcome == Holds:
		return say("figure.held")
	case w.yesOrNo() && form.Kind != FormNone && r.result.Outcome == Broken:
		return say("figure.not-held")
	case c.Limit == nil || !amount.IsValue() || c.Limit.Upper != nil || c.Limit.Sense == "equal":
		return say("figure.amount", "Amount", phrase(amountSaid(amount, w.Unit)))
	case form.Kind == FormScore:
		return say("figure.score", "Value", number(Rounded(amount.Low)), "Limit", number(c.Limit.Text))
	case c.Limit.Sense == "at-least" || c.Limit.Sense == "above":
		return say("figure.least", "Value", number(Rounded(amount.Low)), "Limit", number(c.Limit.Text), "Unit", unitArg(w.Unit))
	}
	return say("figure.of", "Value", number(Rounded(amount.Low)), "Limit", number(c.Limit.Text), "Unit", unitArg(w.Unit))
}

// expected is the next report that is expected of an obligation; nil where none is.
func (b *Book) expected(a *account, w *watch, s *sight) *Expected {
	if w.Every == 0 || !w.agreed || w.to != 0 && s.on > w.to {
		return nil
	}
	v := b.own(a, w, s)
	last := Day(minDay)
	for _, days := range [][]Day{v.track.Days, v.lowDays, v.odd} {
		if n := upTo(days, s.on); n > 0 {
			last = max(last, days[n-1])
		}
	}
	e := &Expected{Obligation: w.ref, Title: w.content.Title, Every: int(w.Every)}
	from := last
	switch {
	case last != minDay:
		e.After = last.Date()
	case w.from != 0:
		from = w.from
	default:
		return nil
	}
	on := from + Day(w.Every)
	if w.to != 0 && on > w.to {
		return nil
	}
	e.On, e.Overdue = on.Date(), int(max(0, s.on-on))
	return e
}
