package compliance

import "entente/act"

// A ruling is a verdict and what it rests on, without words.
type ruling struct {
	verdict, own Verdict // own: what the readings say, where a dispute runs
	why, ownWhy  Reason
	point        int     // in the view of the obligation's quantity, the last one up to the day; -1 for none
	result       Result  // of the rule
	near         Outcome // of what counts as near
	sources      int     // different sources that speak for the result, where more than one is needed
	sides        []sided // where the parties' words decide differently
	lesser       bool    // a reading below the grade would break the rule
}

// A sided is what the rule comes to in one party's words.
type sided struct {
	party  uint8
	result Result
}

// judge is the verdict on an obligation by what is known.
func (b *Book) judge(a *account, w *watch, s *sight) ruling {
	r := b.judgeOwn(a, w, s)
	r.own, r.ownWhy = r.verdict, r.why
	if w.disputedOn(s) {
		r.verdict, r.why = Disputed, InDispute
	}
	return r
}

// judgeOwn is the verdict by the readings alone.
func (b *Book) judgeOwn(a *account, w *watch, s *sight) ruling {
	r := ruling{point: -1}
	c := w.ready()
	switch {
	case w.from != 0 && s.on < w.from:
		return r.say(NotYetDue, NotBegun)
	case w.to != 0 && s.on > w.to:
		return r.say(Expired, Over)
	case c.fault != "":
		return r.say(CannotTell, OddRule)
	case c.rule == nil:
		return r.say(CannotTell, NoRule)
	}
	v := b.own(a, w, s)
	r.point = v.track.upTo(s.on) - 1
	r.result = b.ask(a, w, s, &v.track)
	if r.result.Why == WhyNotDue {
		if w.near != nil && c.form.once() && b.askNear(a, w, s, &v.track) == Holds {
			return r.say(Near, NearDay)
		}
		return r.say(NotYetDue, DayToCome)
	}
	if verdict, why := w.reach(c, v, &r, s); verdict != Unjudged {
		return r.say(verdict, why)
	}
	if v.sides != nil && b.differ(a, w, s, v, &r) {
		return r.say(Disputed, SidesDiffer)
	}
	switch r.result.Why {
	case WhyNoReading:
		return r.say(CannotTell, NoReading)
	case WhyBound:
		return r.say(CannotTell, ByBound)
	case WhyFailed:
		return r.say(CannotTell, OddRule)
	}
	if w.sources > 1 {
		if r.sources = b.witnesses(a, w, c, v, &r, s); r.sources < int(w.sources) {
			return r.say(CannotTell, FewSources)
		}
	}
	return b.conclude(a, w, s, v, r)
}

// conclude is the verdict where the rule has decided.
func (b *Book) conclude(a *account, w *watch, s *sight, v *view, r ruling) ruling {
	if r.result.Outcome == Broken {
		return r.say(Exceeded, ByReading)
	}
	if v.lesser != nil && b.ask(a, w, s, v.lesser).Outcome == Broken {
		r.lesser = true
		return r.say(CannotTell, LesserWord)
	}
	if w.near != nil && !w.form.once() {
		r.near = b.askNear(a, w, s, &v.track)
		for i := range v.sides {
			if r.near != Holds {
				r.near = b.askNear(a, w, s, &v.sides[i].track)
			}
		}
		if r.near == Holds {
			return r.say(Near, ByReading)
		}
	}
	return r.say(Within, ByReading)
}

func (r ruling) say(v Verdict, why Reason) ruling {
	r.verdict, r.why = v, why
	return r
}

// reach finds what is missing for a verdict: a reading that counts, in the period.
func (w *watch) reach(c *compiled, v *view, r *ruling, s *sight) (Verdict, Reason) {
	if r.point >= 0 {
		fresh := w.fresh == 0 || s.on-v.track.Days[r.point] <= w.fresh
		if fresh || r.result.Outcome == Holds && c.form.once() {
			return Unjudged, ""
		}
	}
	switch {
	case lastIn(v.lowDays, w.window(s.on), s.on):
		return CannotTell, LowGrade
	case r.point >= 0:
		return CannotTell, TooOld
	case lastIn(v.odd, w.window(s.on), s.on):
		return CannotTell, OddUnit
	case c.form.follows():
		return NotYetDue, DayToCome // nothing has happened that calls for anything
	}
	return CannotTell, NoReading
}

// window is the first day of the time in which a reading must be, where the obligation sets one.
func (w *watch) window(on Day) Day {
	if w.fresh == 0 {
		return minDay
	}
	return on - w.fresh
}

// lastIn reports whether one of the days, which rise, is in from..to.
func lastIn(days []Day, from, to Day) bool {
	for i := len(days) - 1; i >= 0; i-- {
		if days[i] <= to {
			return days[i] >= from
		}
	}
	return false
}

// ask asks the obligation's rule with a track in the place of its own quantity.
func (b *Book) ask(a *account, w *watch, s *sight, own *Track) Result {
	if w.isLimit {
		return w.limit.Eval(s.on, own)
	}
	return w.rule.Eval(s.on, b.tracks(a, w, s, w.rule, own))
}

// askNear asks what counts as near.
func (b *Book) askNear(a *account, w *watch, s *sight, own *Track) Outcome {
	if w.isNearLimit {
		return w.nearLimit.Eval(s.on, own).Outcome
	}
	return w.near.Eval(s.on, b.tracks(a, w, s, w.near, own)).Outcome
}

// tracks are the tracks that a rule looks at.
func (b *Book) tracks(a *account, w *watch, s *sight, r *Rule, own *Track) []*Track {
	out := make([]*Track, len(r.names))
	for i, name := range r.names {
		if name == w.Quantity {
			out[i] = own
		} else {
			out[i] = &b.view(a, w.conv, name, w.unitOf(name), w.Grade, s).track
		}
	}
	return out
}

// differ asks the rule in each party's words. Where one is kept and another broken, they differ; where
// some decide and others do not, those that do decide.
func (b *Book) differ(a *account, w *watch, s *sight, v *view, r *ruling) bool {
	r.sides = nil
	var found [Broken + 1]bool
	for i := range v.sides {
		x := b.ask(a, w, s, &v.sides[i].track)
		r.sides = append(r.sides, sided{v.sides[i].party, x})
		found[x.Outcome] = true
		if x.Outcome != Undecided && r.result.Outcome == Undecided {
			r.result = x
		}
	}
	if found[Holds] && found[Broken] {
		return true
	}
	r.sides = nil
	return false
}

// witnesses counts the different sources, within the time in which readings are fresh, that speak for
// the result: of a limit on the latest reading those whose own reading comes to the same; of any other
// rule all whose readings count.
func (b *Book) witnesses(a *account, w *watch, c *compiled, v *view, r *ruling, s *sight) int {
	from := w.window(s.on)
	seen, last := map[uint32]bool{}, uint32(0)
	for i := r.point; i >= 0 && v.track.Days[i] >= from; i-- {
		if c.byLatest && c.limit.Judge(v.track.At(i)) != r.result.Outcome {
			continue
		}
		for _, x := range v.entriesOf(i) {
			if source := v.of.entries[x].source; len(seen) == 0 || source != last {
				seen[source], last = true, source
			}
		}
	}
	return len(seen)
}

// byItself is the verdict on one point of the view: what the rule would say if it were the latest.
func (b *Book) byItself(a *account, w *watch, s *sight, amount Amount, day Day) Verdict {
	c := w.ready()
	if c.rule == nil {
		return CannotTell
	}
	if !c.byLatest {
		r := b.judgeOwn(a, w, s.at(day))
		return r.verdict
	}
	switch c.limit.Judge(amount) {
	case Broken:
		return Exceeded
	case Undecided:
		return CannotTell
	}
	if c.isNearLimit && c.nearLimit.Of == MeasureLatest && c.nearLimit.Judge(amount) == Holds {
		return Near
	}
	return Within
}

// byThemselves judges points by themselves, where that takes much only the latest of them.
func (b *Book) byThemselves(a *account, w *watch, s *sight) func(Amount, Day) Verdict {
	from := minDay
	if !w.ready().byLatest {
		v := b.own(a, w, s)
		if n, end := b.most(a, w, s, v), v.track.upTo(s.on); n < end {
			from = v.track.Days[end-n]
		}
	}
	return func(x Amount, d Day) Verdict {
		if d < from {
			return Unjudged
		}
		return b.byItself(a, w, s, x, d)
	}
}

// Verdicts are the verdicts on all agreed obligations of an agreement at a Moment, by reference.
func (b *Book) Verdicts(agreement act.Ref, m Moment) []act.Finding {
	a := b.accounts[agreement]
	if a == nil {
		return nil
	}
	s := sightOf(m)
	out := make([]act.Finding, 0, len(a.watches))
	for _, w := range a.watches {
		if w.agreed {
			out = append(out, act.Finding{Element: w.ref, Verdict: b.judge(a, w, s).verdict})
		}
	}
	return out
}

// once reports whether a form asks for something that, once reached by its day, stays so.
func (f *Form) once() bool {
	return f.Kind == FormDone || f.Kind == FormTarget || f.Kind == FormTargetDown
}

// follows reports whether a form asks for something that follows on events.
func (f *Form) follows() bool { return f.Kind == FormFollowed }

// due is the day by which a form asks for something.
func (f *Form) due() (Day, bool) { return DayOf(f.By) }
