package chancery

import (
	"errors"
	"strings"
	"time"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/release"
	"entente/marking"
	"entente/plan"
	"entente/text"
)

// maxAhead is how many days a reading may lie ahead of this server's clock: somewhere it is tomorrow
// already, and no observation is of the day after.
const maxAhead = 2

// soonest is the first day that is too far ahead.
func (s *step) soonest() act.Date {
	return act.Date(s.c.clock().UTC().Add(maxAhead * 24 * time.Hour).Format(time.DateOnly))
}

func (s *step) checkDay(day act.Date, what string) error {
	return checkDay(day, s.soonest(), what)
}

func checkDay(day, soonest act.Date, what string) error {
	if day > soonest {
		return refuse("day", "%s is a day to come, and %s has one that was. Nothing was sent. Look at the day.", day, what)
	}
	return nil
}

// watched finds an agreement or a programme, of this group, and of no other: what is observed is kept
// beside it.
func (s *step) watched(ref act.Ref, before []Draft) error {
	kind := kindAmong(before, ref)
	if e := s.plan.Element(ref); e != nil {
		kind = e.Kind()
		if gone := e.Status(); gone == plan.Withdrawn || gone == plan.Removed {
			return refuse("gone", "%s is watched no more. Nothing was sent.", ref.Display())
		}
	}
	switch kind {
	case act.Agreement, act.Programme:
		return nil
	case 0:
		return refuse("element", "There is no %s in this group. Nothing was sent. Look at the plan for the reference you mean.", ref.Display())
	}
	return refuse("watched", "%s is a %s, and observations are of an agreement or of a programme. Nothing was sent. Name the one that it stands under.", ref.Display(), kind)
}

// checkReport is the door of reports: on progress, and of observations.
func (s *step) checkReport(b act.Report, before []Draft) error {
	if !b.Observed() {
		return s.checkAbout(b.Element, b.Note)
	}
	if err := s.watched(b.Element, before); err != nil {
		return err
	}
	if err := s.checkLanguages(b.Note, false); err != nil {
		return err
	}
	label := marking.Label{TLP: s.charter.Ceiling.TLP}
	if b.Marking != nil {
		label = *b.Marking
	}
	if err := release.Into(label, s.charter.Ceiling, s.charter.Codes()); err != nil {
		return &HeldBack{err.Error()}
	}
	undoes, soonest, unit := len(b.TakesBack) > 0, s.soonest(), ""
	for i := range b.Readings {
		r := &b.Readings[i]
		if err := s.checkReading(b.Element, r, soonest, before); err != nil {
			return err
		}
		if r.Unit != unit { // there are many of one
			if _, err := compliance.ParseUnit(r.Unit); err != nil {
				return refuse("unit", "A reading of %s, as of %s, has no unit: %s Nothing was sent.", r.Quantity, r.AsOf, sentence(err))
			}
			unit = r.Unit
		}
		undoes = undoes || r.Replaces != nil
	}
	if !undoes {
		return nil
	}
	return s.checkUndone(b, before)
}

func (s *step) checkReading(of act.Ref, r *act.Reading, soonest act.Date, before []Draft) error {
	if err := checkDay(r.AsOf, soonest, "an observation"); err != nil {
		return err
	}
	if err := checkDay(r.Reported, soonest, "a report"); err != nil {
		return err
	}
	for _, x := range r.Bears {
		e := s.plan.Element(x.Hypothesis)
		here := e != nil && e.Kind() == act.Hypothesis && e.Parent() == of
		if !here && kindAmong(before, x.Hypothesis) != act.Hypothesis {
			return refuse("hypothesis", "%s is no hypothesis of %s. Nothing was sent. Propose it first.", x.Hypothesis.Display(), of.Display())
		}
	}
	return nil
}

// checkUndone sees to it that what is replaced or taken back is this party's own, and still stands.
func (s *step) checkUndone(b act.Report, before []Draft) error {
	gone, replaced := map[act.Hash]bool{}, map[act.ReadingID]bool{}
	for _, d := range before { // these were asked about before
		if o, ok := d.Body.(act.Report); ok && o.Element == b.Element {
			for _, h := range o.TakesBack {
				gone[h] = true
			}
			for i := range o.Readings {
				if id := o.Readings[i].Replaces; id != nil {
					replaced[*id] = true
				}
			}
		}
	}
	for _, h := range b.TakesBack {
		if gone[h] || !s.watch.look(s.plan).BatchStands(s.plan, b.Element, s.self, h) {
			return refuse("taken-back", "%s is no batch of observations of yours on %s that stands. Nothing was sent. Look at the agreement for your batches.", h.Short(), b.Element.Display())
		}
		gone[h] = true
	}
	for i := range b.Readings {
		id := b.Readings[i].Replaces
		if id == nil {
			continue
		}
		if replaced[*id] || gone[id.Batch] || !s.watch.look(s.plan).Stands(s.plan, b.Element, s.self, *id) {
			return refuse("replaced", "The observation that is to be corrected as of %s is none of yours on %s that stands. Nothing was sent. Look at it again.", b.Readings[i].AsOf, b.Element.Display())
		}
		replaced[*id] = true
	}
	return nil
}

// checkAttest sees to it that what this server computes is signed alone: nothing sent with it could be
// part of it.
func (s *step) checkAttest(b act.Attest, before []Draft) error {
	if len(before) > 0 {
		return refuse("alone", "Verdicts are sent by themselves. Nothing was sent. Send the other acts first.")
	}
	if err := s.watched(b.Element, nil); err != nil {
		return err
	}
	return s.checkDay(b.On, "an attested verdict")
}

// attest fills in what this server computes of an agreement, of what is in the acts alone: readings of
// the national margin are no part of it.
func (s *step) attest(b act.Attest) (act.Body, error) {
	if err := s.advance(); err != nil {
		return nil, err
	}
	out, ok := s.watch.look(s.plan).Attest(s.plan, b.Element, b.On)
	if !ok {
		return nil, refuse("nothing", "Under %s nothing is agreed that could be judged, or more than the %d verdicts that one act holds. Nothing was sent.", b.Element.Display(), act.MaxFindings)
	}
	return out, nil
}

// checkDispute is the door of the steps of a dispute: one party's word.
func (s *step) checkDispute(b act.Dispute) error {
	e := s.plan.Element(b.Element)
	if e == nil || e.Kind() != act.Obligation && e.Kind() != act.Milestone {
		return refuse("obligation", "There is no obligation %s in this group. Nothing was sent. A dispute is about an obligation.", b.Element.Display())
	}
	if err := errors.Join(s.checkLanguages(b.By, false), s.checkLanguages(b.Text, false)); err != nil {
		return err
	}
	if err := s.checkDay(b.On, "a step of a dispute"); err != nil {
		return err
	}
	if b.Step == act.DisputeStarts {
		up := s.plan.Element(e.Parent())
		if up == nil {
			return refuse("procedure", "%s stands under no agreement. Nothing was sent.", b.Element.Display())
		}
		if t := s.plan.Content(up.Shown(len(s.charter.Parties))).Terms; t == nil || len(t.Procedure) == 0 {
			return refuse("procedure", "%s has no dispute procedure. Nothing was sent. Propose one as part of the agreement first.", up.Ref().Display())
		}
		return nil
	}
	return s.checkStep(b)
}

// checkStep sees to it that a reply or a close is of a dispute that was started and not closed; its
// starter alone closes it.
func (s *step) checkStep(b act.Dispute) error {
	var begun *act.Dispute
	var by uint8
	for _, at := range s.plan.Accounts(b.Element) {
		x, ok := s.plan.Act(at).Body.(act.Dispute)
		switch {
		case ok && x.Step == act.DisputeStarts && s.plan.LeafHash(at) == b.Of:
			begun, by = &x, at.Party
		case ok && x.Step == act.DisputeCloses && x.Of == b.Of && begun != nil && at.Party == by:
			return refuse("closed", "The dispute about %s was closed on %s. Nothing was sent. Start another one.", b.Element.Display(), x.On)
		}
	}
	switch {
	case begun == nil:
		return noDispute(b.Element)
	case b.On < begun.On:
		return refuse("day", "The dispute began on %s, and this is of a day before. Nothing was sent. Look at the day.", begun.On)
	case b.Step == act.DisputeCloses && by != s.self:
		return refuse("closer", "%s started the dispute, and closes it. Nothing was sent. Reply to it instead.", s.charter.Code(by))
	}
	return nil
}

func noDispute(obligation act.Ref) error {
	return refuse("dispute", "No such dispute about %s runs. Nothing was sent. Look at the obligation for the disputes there are.", obligation.Display())
}

// running finds a dispute about an obligation of which a stage runs or is ahead today.
func (s *step) running(id act.Hash, obligation act.Ref) (compliance.Dispute, error) {
	today := act.Date(s.c.clock().UTC().Format(time.DateOnly))
	for _, d := range s.watch.look(s.plan).Disputes(s.plan, compliance.Today(today)) {
		if d.ID == id && d.Obligation == obligation {
			return d, nil
		}
	}
	return compliance.Dispute{}, noDispute(obligation)
}

// checkWatched is the door of the texts by which something is watched: words in the group's languages,
// what they stand under in this group, and a rule that can be asked.
func (s *step) checkWatched(b act.Table, before []Draft) error {
	c := b.Content
	switch c.Kind {
	case act.Agreement, act.Programme, act.Obligation, act.Milestone, act.Hypothesis, act.Assessment, act.Extension:
	default:
		return nil
	}
	if c.Struck {
		return nil
	}
	for _, t := range wordsOf(&c) {
		if err := s.checkLanguages(t, true); err != nil {
			return err
		}
	}
	if c.Parent != "" && s.plan.Element(c.Parent) == nil && kindAmong(before, c.Parent) == 0 {
		return refuse("above", "%s stands under %s, which is of another group. Nothing was sent. What is watched stands in the group that watches.", b.Element.Display(), c.Parent.Display())
	}
	if c.Judgement != nil {
		if err := s.checkDay(c.Judgement.AsOf, "an assessment"); err != nil {
			return err
		}
	}
	if c.Extends != nil {
		return s.checkExtends(b.Element, &c)
	}
	return nil
}

// checkExtends sees to it that the stage is there and may be extended, and that the dispute runs.
func (s *step) checkExtends(ref act.Ref, c *act.Content) error {
	x := c.Extends
	d, err := s.running(x.Dispute, c.Parent)
	if err != nil {
		return err
	}
	if int(x.Stage) > len(d.Stages) {
		return refuse("stage", "The procedure has %d stages, and %s extends stage %d. Nothing was sent.", len(d.Stages), ref.Display(), x.Stage)
	}
	switch stage := d.Stages[x.Stage-1]; {
	case stage.Fixed:
		return refuse("fixed", "Stage %d of the procedure cannot be extended: the agreement says so. Nothing was sent.", x.Stage)
	case stage.Days == 0:
		return refuse("fixed", "Stage %d of the procedure has no time that could be extended. Nothing was sent.", x.Stage)
	case stage.State == compliance.StagePast:
		return refuse("stage-over", "Stage %d of the dispute is over since %s. Nothing was sent.", x.Stage, stage.End)
	}
	return nil
}

// settled makes the act as it is to be written, where this server has a part in what it says: a rule in
// its canonical form, and what is attested.
func (s *step) settled(d *Draft, by Who) error {
	if !filled(d.Body) {
		return nil
	}
	var body act.Body
	var err error
	switch b := d.Body.(type) {
	case act.Attest:
		body, err = s.attest(b)
	case act.Table:
		b.Content, err = s.watch.look(s.plan).Check(b.Content)
		if body = b; err != nil {
			err = refuse("rule", "%s cannot be watched so: %s Nothing was sent.", b.Element.Display(), sentence(err))
		}
	}
	if err != nil {
		return err
	}
	ready, err := act.Prepare(by.Person, body, len(s.charter.Parties)-1)
	if err != nil {
		return unfit(err)
	}
	d.Body, d.prepared = body, ready
	return nil
}

// filled reports whether this server has a part in what the act says, so that it is not encoded
// before its turn.
func filled(b act.Body) bool {
	switch b := b.(type) {
	case act.Attest:
		return true
	case act.Table:
		c := b.Content
		return !c.Struck && (c.Terms != nil || c.Watch != nil)
	}
	return false
}

// wordsOf lists the texts that what is watched says beside its title and its words.
func wordsOf(c *act.Content) (out []text.Texts) {
	if t := c.Terms; t != nil {
		out = append(out, t.Bound...)
		for _, stage := range t.Procedure {
			out = append(out, stage.Name, stage.Then)
		}
	}
	if w := c.Watch; w != nil {
		out = append(out, w.Owes, w.Verified)
	}
	return out
}

// sentence ends what somebody was told with a full stop.
func sentence(err error) string { return strings.TrimRight(err.Error(), ". ") + "." }
