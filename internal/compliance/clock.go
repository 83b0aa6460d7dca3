package compliance

import (
	"slices"

	"entente/act"
	"entente/plan"
)

// # Disputes
//
// A dispute begins with a party's word, on the day that it names, and goes through the stages that the
// agreement's terms list. Each begins when the one before it has ended, or with it where it runs beside
// it; a stage of n days that begins on a day ends with the n-th day after it. Only an extension that the
// parties have agreed gives a stage more days, and a stage that is fixed gets none. The dispute ends
// when the party that started it says so: what another party says of its end is told, and stops no
// clock.

// A dispute is one procedure, as the acts about an obligation have it.
type dispute struct {
	id     act.Hash
	place  plan.Place
	at     int64 // when its start was entered
	body   act.Dispute
	on     Day
	closed Day // 0: it is not closed
	shut   int64
	steps  []step
	spans  []span
}

// A step is an act, or an agreed extension, of a dispute.
type step struct {
	name        string
	place       plan.Place
	at          int64
	body        act.Dispute
	stage, days int
}

// A span is a stage of a dispute by its days.
type span struct {
	start, end Day // end is its last day; minDay where that cannot be told
	extended   int
}

// disputesOf lists an obligation's disputes, in causal order.
func disputesOf(p *plan.State, a *account, e *plan.Element) (out []dispute) {
	byID := map[act.Hash]int{}
	for _, at := range p.Accounts(e.Ref()) {
		x := p.Act(at)
		body, ok := x.Body.(act.Dispute)
		if !ok {
			continue
		}
		on, ok := DayOf(body.On)
		if !ok {
			continue
		}
		if body.Step == act.DisputeStarts {
			id := p.LeafHash(at)
			byID[id] = len(out)
			out = append(out, dispute{id: id, place: at, at: x.At, body: body, on: on})
			continue
		}
		i, ok := byID[body.Of]
		if !ok {
			continue
		}
		d := &out[i]
		d.steps = append(d.steps, step{name: body.Step.String(), place: at, at: x.At, body: body})
		if body.Step == act.DisputeCloses && at.Party == d.place.Party && d.closed == 0 {
			d.closed, d.shut = max(on, d.on), x.At
		}
	}
	if len(out) == 0 {
		return nil
	}
	extend(p, e, out, byID)
	for i := range out {
		out[i].spans = spansOf(a.procedure(), out[i].on, out[i].steps)
	}
	return out
}

// extend takes the extensions in that the parties have agreed.
func extend(p *plan.State, e *plan.Element, disputes []dispute, byID map[act.Hash]int) {
	for _, c := range p.Children(e.Ref()) {
		r := c.InForce()
		if c.Kind() != act.Extension || r == nil {
			continue
		}
		content := p.Content(r)
		if content.Struck || content.Extends == nil {
			continue
		}
		if i, ok := byID[content.Extends.Dispute]; ok {
			at := plan.Place{Party: r.Party, Ordinal: uint32(r.Ordinal)}
			disputes[i].steps = append(disputes[i].steps, step{name: "extend", place: at, stage: int(content.Extends.Stage),
				days: int(content.Extends.Days), body: act.Dispute{Text: content.Text}})
		}
	}
}

func (a *account) procedure() []act.Stage {
	if a.content.Terms == nil {
		return nil
	}
	return a.content.Terms.Procedure
}

// spansOf lays the stages of a procedure out by days. Where a stage has no days, those after it begin
// on no day that can be told.
func spansOf(stages []act.Stage, on Day, steps []step) []span {
	out := make([]span, len(stages))
	begin, next := on, on
	for i, st := range stages {
		x := &out[i]
		if !st.Beside || i == 0 {
			begin = next
		}
		for _, s := range steps {
			if s.name == "extend" && s.stage == i+1 && !st.Fixed {
				x.extended = min(x.extended+s.days, act.MaxDays)
			}
		}
		x.start = begin
		switch {
		case begin == minDay || st.Days == 0:
			x.end, next = minDay, minDay
		default:
			x.end = begin + Day(st.Days) + Day(x.extended)
			if next != minDay {
				next = max(next, x.end)
			}
		}
	}
	return out
}

// runs reports whether the dispute has been started and not been closed by a day, by what is known.
func (d *dispute) runs(s *sight) bool {
	if s.on < d.on || s.known == KnownEntered && d.at >= s.until {
		return false
	}
	return !d.isClosed(s)
}

func (d *dispute) isClosed(s *sight) bool {
	return d.closed != 0 && s.on >= d.closed && (s.known != KnownEntered || d.shut < s.until)
}

// disputedOn reports whether a dispute about the obligation runs.
func (w *watch) disputedOn(s *sight) bool {
	for i := range w.cases {
		if w.cases[i].runs(s) {
			return true
		}
	}
	return false
}

// disputes tells the disputes of an obligation that had begun by the sight's day: those that run, then
// the others, the latest first, MaxDisputes at most.
func (b *Book) disputes(p *plan.State, a *account, w *watch, s *sight) (out []Dispute) {
	for _, running := range []bool{true, false} {
		for i := len(w.cases) - 1; i >= 0 && len(out) < MaxDisputes; i-- {
			d := &w.cases[i]
			if s.on < d.on || s.known == KnownEntered && d.at >= s.until || d.runs(s) != running {
				continue
			}
			out = append(out, d.tell(p, a, w, s))
		}
	}
	return out
}

func (d *dispute) tell(p *plan.State, a *account, w *watch, s *sight) Dispute {
	out := Dispute{ID: d.id, Obligation: w.ref, Title: w.content.Title, Stamp: p.Stamp(d.place), On: d.body.On,
		By: d.body.By, Text: d.body.Text, Runs: d.runs(s)}
	out.Stages = d.stages(a, s)
	for i, x := range d.steps {
		if s.known == KnownEntered && x.at >= s.until {
			continue
		}
		if len(d.steps)-i <= MaxSteps {
			out.Steps = append(out.Steps, Step{Step: x.name, On: x.body.On, Stamp: p.Stamp(x.place), By: x.body.By, Text: x.body.Text, Stage: x.stage, Days: x.days})
		}
	}
	last := minDay
	for _, x := range d.spans {
		if x.end == minDay {
			last = minDay
			break
		}
		last = max(last, x.end)
	}
	if last != minDay {
		out.Ends = last.Date()
		out.RanOut = out.Runs && s.on > last
	}
	if d.isClosed(s) {
		out.Closed = d.closed.Date()
	}
	out.Said = out.say()
	return out
}

// stages tells where each stage stands on a day.
func (d *dispute) stages(a *account, s *sight) []Running {
	out := runningOf(a.procedure())
	first := true
	for i := range out {
		r, x := &out[i], d.spans[i]
		first = first && (i == 0 || r.Beside)
		r.Extended, r.Days = x.extended, r.Days+x.extended
		if x.start == minDay {
			r.State = StageAhead
			continue
		}
		r.Start = x.start.Date()
		if x.end != minDay {
			r.End = x.end.Date()
		}
		switch {
		case d.isClosed(s) && (x.end == minDay || x.end >= d.closed):
			r.State = StageCut
		case x.end != minDay && s.on > x.end:
			r.State = StagePast
		case s.on > x.start || first && s.on == x.start:
			r.State = StageRunning
			if x.end != minDay {
				r.Left = int(x.end - s.on)
			}
		default:
			r.State = StageAhead
		}
	}
	return out
}

// runningOf is a procedure without days.
func runningOf(stages []act.Stage) []Running {
	out := make([]Running, len(stages))
	for i, st := range stages {
		out[i] = Running{N: i + 1, Name: st.Name, Days: int(st.Days), Fixed: st.Fixed, Beside: st.Beside, Then: st.Then}
	}
	return out
}

// say tells how a dispute stands in one sentence.
func (d *Dispute) say() Sentence {
	switch {
	case d.Closed != "":
		return say("dispute.closed", "Day", dayArg(d.Closed))
	case d.RanOut:
		return say("dispute.ran-out", "Day", dayArg(d.Ends))
	case len(d.Stages) == 0:
		return say("dispute.no-procedure", "Day", dayArg(d.On))
	}
	var parts []Sentence
	for _, r := range d.Stages {
		switch {
		case r.State == StageRunning && r.End == "":
			parts = append(parts, say("dispute.stage.open", "Stage", count(r.N), "Name", textsArg(r.Name)))
		case r.State == StageRunning:
			parts = append(parts, say("dispute.stage", "Stage", count(r.N), "Name", textsArg(r.Name), "N", count(r.Left), "Day", dayArg(r.End)))
		}
	}
	return list(parts)
}

// Disputes lists the disputes that run at a Moment, of all agreements and programmes, by the last day
// of what runs now.
func (b *Book) Disputes(p *plan.State, m Moment) (out []Dispute) {
	s := sightOf(m)
	for _, ref := range b.order {
		for _, w := range b.accounts[ref].watches {
			for _, d := range b.disputes(p, b.accounts[ref], w, s) {
				if d.Runs {
					out = append(out, d)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Dispute) int { return compareDays(x.nextEnd(), y.nextEnd()) })
	return out
}

// nextEnd is the first last day of the stages that run.
func (d *Dispute) nextEnd() (end act.Date) {
	for _, r := range d.Stages {
		if r.State == StageRunning && r.End != "" && (end == "" || r.End < end) {
			end = r.End
		}
	}
	return end
}

// compareDays orders days, none last.
func compareDays(x, y act.Date) int {
	switch {
	case x == y:
		return 0
	case x == "" || y != "" && x > y:
		return 1
	}
	return -1
}
