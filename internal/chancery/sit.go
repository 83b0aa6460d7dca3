package chancery

import (
	"entente/act"
	"entente/party"
	"entente/plan"
)

// mayWithout reports whether a co-chair may do something without the power that others need for it:
// open and close the rounds of talks.
func (s *step) mayWithout(who Who, b act.Body) bool {
	_, sits := b.(act.Sit)
	return sits && s.charter.ChairedBy(s.charter.Code(s.self), who.Person)
}

// checkSit sees to it that a round is opened once, and then closed once.
func (s *step) checkSit(b act.Sit, before []Draft) error {
	e := s.plan.Element(b.Round)
	if e == nil {
		return refuse("element", "There is no %s in this group. Nothing was sent. Look at the plan for the reference you mean.", b.Round.Display())
	}
	round, is := s.plan.Round(b.Round)
	if !is || round.Status == plan.Withdrawn || round.Status == plan.Removed {
		return refuse("no-round", "%s is no round of talks that stands. Nothing was sent. Propose a round first.", b.Round.Display())
	}
	for _, p := range b.Present {
		if _, ok := s.charter.Ordinal(p.Party); !ok {
			return refuse("party", "%s is not a party of this group. Nothing was sent.", p.Party)
		}
	}
	for _, d := range before {
		if o, ok := d.Body.(act.Sit); ok && o.Round == b.Round {
			return refuse("twice", "Two acts of one sending open or close %s. Nothing was sent. Send them one after the other.", b.Round.Display())
		}
	}
	return mayStep(round, b.Step)
}

func mayStep(r plan.Round, step act.SitStep) error {
	switch {
	case step == act.RoundOpens && r.Opened != nil:
		return refuse("round-opened", "%s was opened already, by %s. Nothing was sent. A round is opened once; propose another one.", r.Display, speaker(r.Opened))
	case step == act.RoundCloses && r.Opened == nil:
		return refuse("round-not-opened", "%s has not been opened. Nothing was sent. Open it first.", r.Display)
	case step == act.RoundCloses && r.Closed != nil:
		return refuse("round-closed", "%s was closed already, by %s. Nothing was sent. A round is closed once; propose another one.", r.Display, speaker(r.Closed))
	}
	return nil
}

// speaker names the party, and its person where one acted.
func speaker(x *plan.Sitting) party.Code {
	if x.By == "" {
		return x.Party
	}
	return x.Party + " (" + party.Code(x.By) + ")"
}
