package compliance

import (
	"maps"
	"slices"
	"strings"

	"entente/act"
	"entente/party"
	"entente/plan"
)

// Finding is the verdict on one obligation or milestone, explained; false where there is none of that
// reference.
func (b *Book) Finding(p *plan.State, ref act.Ref, m Moment) (Finding, bool) {
	a, w := b.accountOf(ref)
	if w == nil {
		return Finding{}, false
	}
	s := sightOf(m)
	r := b.judge(a, w, s)
	f := b.finding(p, a, w, s, r)
	f.Since = b.since(a, w, s, r.verdict)
	f.Weighing = b.weigh(a, w, s, &r)
	return f, true
}

// Obligation is the page of one obligation or milestone; false where there is none of that reference.
// Self is the party on whose server it is asked.
func (b *Book) Obligation(p *plan.State, ref act.Ref, m Moment, self uint8) (Obligation, bool) {
	a, w := b.accountOf(ref)
	if w == nil {
		return Obligation{}, false
	}
	s := sightOf(m)
	r := b.judge(a, w, s)
	o := Obligation{
		Card: b.card(p, a, w, s), Moment: m, Text: w.content.Text, Verified: w.Verified, From: w.From, To: w.To,
		Quantity: w.Quantity, Rule: w.Rule, NearRule: w.Watch.Near, InWords: w.inWords(),
		Procedure: runningOf(a.procedure()), Joint: b.joint(p, ref),
	}
	o.Weighing = b.weigh(a, w, s, &r)
	o.Needs = w.needs(&o.Finding)
	b.tellPoints(p, a, w, s, &o)
	o.Episodes = b.episodes(a, w, s)
	o.History = b.history(a, w, s)
	o.Headline = b.headline(a, w, s, &r, &o.Finding, o.Episodes)
	o.Parties = b.parties(p, a, w, s, self, r.verdict)
	if o.Disputes = b.disputes(p, a, w, s); len(o.Disputes) > 0 {
		o.Dispute = &o.Disputes[0]
	}
	o.Trend, o.NoTrend = b.trend(a, w, s, &r)
	o.Gaps = b.gaps(p, a, w, s, &r, &o)
	o.WouldBe = b.would(a, w, s, &r, &o)
	return o, true
}

// tellPoints tells of the readings, those of the other quantities that the rule looks at too.
func (b *Book) tellPoints(p *plan.State, a *account, w *watch, s *sight, o *Obligation) {
	t := b.teller(p, a, s)
	o.Points, o.PointsAll, o.Gone = t.points(a.columns[w.Quantity], w, w.Unit, MaxPoints, b.byThemselves(a, w, s))
	for _, name := range b.beside(a, w) {
		unit := w.unitOf(name)
		if c := a.columns[name]; c != nil && a.units[name] == "" && len(c.entries) > 0 {
			unit = b.unitCode(c.entries[0].unit)
		}
		points, _, _ := t.points(a.columns[name], w, unit, MaxPoints, nil)
		if len(points) > 0 {
			o.Others = append(o.Others, Series{Quantity: name, Unit: unit, Points: points})
		}
	}
}

// maxBeside is how many other quantities are shown with an obligation.
const maxBeside = 8

// beside lists the other quantities that are shown with an obligation: those that its rule looks at, and
// those that nothing watches whose names begin with the same two words, or with the whole of its own,
// such as heavy_water_shipped beside heavy_water or heavy_water_stock.
func (b *Book) beside(a *account, w *watch) (out []string) {
	if rule := w.ready().rule; rule != nil {
		for _, name := range rule.names {
			if name != w.Quantity {
				out = append(out, name)
			}
		}
	}
	stem := w.Quantity
	if words := strings.SplitN(stem, "_", 3); len(words) == 3 {
		stem = words[0] + "_" + words[1]
	}
	for _, name := range slices.Sorted(maps.Keys(a.columns)) {
		if _, watched := a.units[name]; stem != "" && !watched && strings.HasPrefix(name, stem+"_") {
			out = append(out, name)
		}
	}
	return out[:min(len(out), maxBeside)]
}

// inWords is the rule in words, with what counts as near.
func (w *watch) inWords() Sentence {
	c := w.ready()
	switch {
	case c.fault != "":
		return say("because.rule")
	case c.rule == nil:
		return say("because.no-rule")
	}
	return RuleWords(c.rule, c.near, w.content.Title)
}

// needs is what a verdict needs, and how old the latest reading is.
func (w *watch) needs(f *Finding) Needs {
	n := Needs{Sources: max(1, int(w.Sources)), Grade: w.Grade.String(), Fresh: int(w.Fresh), Every: int(w.Every)}
	var parts []Sentence
	if n.Grade != "" {
		parts = append(parts, say("needs.graded", "N", count(n.Sources), "Grade", word(n.Grade)))
	} else {
		parts = append(parts, say("needs.sources", "N", count(n.Sources)))
	}
	if n.Fresh > 0 {
		parts = append(parts, say("needs.fresh", "N", count(n.Fresh)))
	}
	if n.Every > 0 {
		parts = append(parts, say("needs.every", "N", count(n.Every)))
	}
	switch {
	case f.Age > 0:
		parts = append(parts, say("needs.age", "N", count(f.Age)))
	case f.Age == 0:
		parts = append(parts, say("needs.age-today"))
	default:
		parts = append(parts, say("needs.none"))
	}
	n.Said = list(parts)
	return n
}

// joint lists the assessments of an element, by reference.
func (b *Book) joint(p *plan.State, ref act.Ref) (out []Joint) {
	for _, e := range p.Children(ref) {
		if s := e.Status(); e.Kind() != act.Assessment || s == plan.Withdrawn || s == plan.Removed {
			continue
		}
		c := p.Content(e.Shown(len(p.Parties())))
		j := Joint{Ref: e.Ref(), Display: e.Ref().Display(), Title: c.Title, Text: c.Text, Status: e.Status()}
		if c.Judgement != nil {
			j.Verdict, j.AsOf = c.Judgement.Verdict, c.Judgement.AsOf
			if c.Judgement.Likelihood != 0 {
				j.Likelihood = c.Judgement.Likelihood.String()
			}
			if c.Judgement.Confidence != 0 {
				j.Confidence = c.Judgement.Confidence.String()
			}
		}
		if row, ok := p.Row(e.Ref()); ok {
			j.Stands = row.Stands
		}
		out = append(out, j)
	}
	return out
}

// gaps are what is missing.
func (b *Book) gaps(p *plan.State, a *account, w *watch, s *sight, r *ruling, o *Obligation) (out []Gap) {
	put := func(kind string, said Sentence) { out = append(out, Gap{kind, said}) }
	if f := w.ready().fault; f != "" {
		put("rule", say("gap.rule", "Problem", word(f)))
	}
	if a.convError != "" {
		put("unit", say("gap.conversions", "Problem", word(a.convError)))
	}
	v := b.own(a, w, s)
	low, odd := between(v.lowDays, w.window(s.on), s.on), between(v.odd, w.window(s.on), s.on)
	if r.point < 0 && low == 0 && odd == 0 && w.Quantity != "" {
		put("no-reading", say("gap.no-reading"))
	}
	switch e := o.Next; {
	case e == nil || e.Overdue == 0:
	case e.After == "":
		put("overdue", say("gap.never", "Day", dayArg(e.On)))
	default:
		put("overdue", say("gap.overdue", "N", count(e.Overdue), "Day", dayArg(e.On)))
	}
	if r.point >= 0 && b.countSources(w, v, r.point, s) == 1 {
		put("single-source", say("gap.single-source"))
	}
	if low > 0 {
		put("low-grade", say("gap.low-grade", "N", count(low), "Grade", word(w.Grade.String())))
	}
	if odd > 0 {
		put("unit", say("gap.unit", "N", count(odd), "Unit", unitArg(w.Unit)))
	}
	entered := map[party.Code]bool{}
	for i := range o.Points {
		for _, x := range o.Points[i].Entries {
			entered[x.Party] = true
		}
	}
	for _, member := range p.Parties() {
		if len(entered) > 0 && !entered[member.Code] {
			put("party", say("gap.party", "Party", word(string(member.Code))))
		}
	}
	return out
}

// between counts the days, which rise, in from..to.
func between(days []Day, from, to Day) int {
	i, _ := slices.BinarySearch(days, from)
	return max(0, upTo(days, to)-i)
}

// would is what would change the verdict.
func (b *Book) would(a *account, w *watch, s *sight, r *ruling, o *Obligation) (out []Sentence) {
	if r.why == InDispute {
		out = append(out, say("would.close"))
	}
	v := b.own(a, w, s)
	switch r.ownWhy {
	case FewSources:
		switch missing := int(w.Sources) - r.sources; {
		case missing > 1:
			out = append(out, say("would.more", "N", count(missing), "Grade", word(leastGrade(w))))
		case w.Grade.IsZero():
			out = append(out, say("would.second-any"))
		default:
			out = append(out, say("would.second", "Grade", word(w.Grade.String())))
		}
	case NoReading, TooOld:
		if from := w.window(s.on); from != minDay {
			out = append(out, say("would.reading", "From", dayArg(from.Date())))
		}
		fallthrough
	case LowGrade, LesserWord:
		if !w.Grade.IsZero() {
			out = append(out, say("would.graded", "Grade", word(w.Grade.String())))
		}
	case ByBound:
		out = append(out, say("would.exact"))
	case SidesDiffer:
		out = append(out, say("would.agree", "Day", dayArg(v.track.Days[r.point].Date())))
	case OddUnit:
		out = append(out, say("would.unit", "Unit", unitArg(w.Unit)))
	case DayToCome, NearDay:
		if day := w.form.By; day != "" {
			out = append(out, say("would.day", "Day", dayArg(day)))
		}
	case ByReading:
		out = append(out, w.beyond(r)...)
		if w.Fresh > 0 && !w.form.once() {
			out = append(out, say("would.stale", "Day", dayArg((v.track.Days[r.point]+Day(w.Fresh)+1).Date())))
		}
	}
	return out
}

// beyond says which reading would break a limit, or end its being broken.
func (w *watch) beyond(r *ruling) (out []Sentence) {
	c := w.ready()
	if !c.byLatest {
		return nil
	}
	bound := c.limit.Bound
	if r.result.Outcome == Broken {
		return []Sentence{say("would.within", "Limit", phrase(amountSaid(bound, w.Unit)))}
	}
	limit := func(x float64) Arg { return phrase(amountSaid(Value(x), w.Unit)) }
	if line := lineOf(bound, w.Unit); line.Sense != "at-least" && line.Sense != "above" {
		key := "would.above"
		if bound.HighOpen {
			key = "would.at-or-above"
		}
		out = append(out, say(key, "Limit", limit(bound.High)))
	}
	if line := lineOf(bound, w.Unit); line.Sense != "at-most" && line.Sense != "below" {
		key := "would.below"
		if bound.LowOpen {
			key = "would.at-or-below"
		}
		out = append(out, say(key, "Limit", limit(bound.Low)))
	}
	return out
}
