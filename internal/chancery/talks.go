package chancery

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the capitals' zones, whatever the machine has installed

	"entente/accord"
	"entente/act"
	"entente/group"
	"entente/plan"
)

// Bounds of what is asked for at the table.
const (
	silenceMargin = 100                  // a silence is longer than the minimum by a hundredth, for the text to get there
	maxReferral   = 366 * 24 * time.Hour // until an acceptance ad referendum is confirmed
)

// checkTalks is the door of what is done at the table beyond proposing and accepting: silence, ad
// referendum, offers, certificates, and the lock of languages that are out of step.
func (s *step) checkTalks(who Who, body act.Body) error {
	switch b := body.(type) {
	case act.Table:
		return s.checkAsked(who, b)
	case act.Accept:
		return s.checkAccept(who, b)
	case act.Refer:
		return s.checkRefer(b)
	case act.Certify:
		return s.checkCertify(b)
	case act.Calendar:
		for _, d := range b.Days {
			if err := s.checkLanguages(d.Name, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// chairs reports whether the person co-chairs the group for this party.
func (s *step) chairs(who Who) bool { return s.charter.ChairedBy(s.c.Self(), who.Person) }

// checkAsked checks what a table act asks for beside its text.
func (s *step) checkAsked(who Who, b act.Table) error {
	if b.Offered && !s.chairs(who) {
		return refuse("chair", "Only a co-chair of the group offers a text that is no party's own. Nothing was sent. Propose it as your own, or ask a co-chair.")
	}
	if b.Offered && (b.Content.Kind == act.Package || b.Content.Kind == act.Round) {
		return refuse("offered", "A %s is not offered. Nothing was sent. Propose it as your own.", b.Content.Kind)
	}
	for _, f := range b.Content.Follows {
		if r := s.plan.Rule().Revision(f.Revision); r == nil || r.Element != b.Element {
			return refuse("follows", "The %s version is said to follow a text of %s that is not here. Nothing was sent.", f.Lang.Autonym(), b.Element.Display())
		}
	}
	if s.charter.InStep && len(b.Content.Follows) > 0 && len(s.charter.Parties) == 1 {
		return s.behind(b.Element, b.Content.Follows)
	}
	if b.Until == 0 {
		return nil
	}
	return s.checkUntil(who, b)
}

// checkUntil checks a silence that is asked for.
func (s *step) checkUntil(who Who, b act.Table) error {
	rule := s.charter.Silence
	switch {
	case !s.chairs(who):
		return refuse("chair", "Only a co-chair of the group puts a text under silence. Nothing was sent. Ask a co-chair, or propose it without.")
	case b.Offered || b.Content.Kind == act.Package:
		return refuse("silence", "Silence is for a text that a party holds: a package and an offered text are accepted by persons. Nothing was sent.")
	case !rule.Allows(b.Content.Kind):
		return refuse("silence", "The group's charter allows no silence on a %s. Nothing was sent. Propose it without.", b.Content.Kind)
	}
	now, until := s.c.clock(), time.UnixMilli(b.Until)
	if least := rule.Least + rule.Least/silenceMargin; until.Sub(now) < least {
		return refuse("silence", "A silence in this group is at least %s, with a little more for the text to get there: it can end at %s UTC at the soonest. Nothing was sent. Choose a later end.",
			period(rule.Least), now.Add(least).UTC().Format("2006-01-02 15:04:05"))
	}
	if until.Sub(now) > group.MaxSilence {
		return refuse("silence", "A silence ends within a year. Nothing was sent. Choose an earlier end.")
	}
	return s.checkWorkingDay(until)
}

// checkWorkingDay refuses an end on a day on which some party's capital does not work.
func (s *step) checkWorkingDay(until time.Time) error {
	for p, m := range s.charter.Parties {
		zone, err := time.LoadLocation(m.Zone)
		if err != nil {
			return refuse("zone", "The time zone of %s, %s, is not known to this server, so that the end cannot be held against its calendar. Nothing was sent.", m.Code, m.Zone)
		}
		calendar := s.plan.Calendar(uint8(p))
		local := until.In(zone)
		day := act.Date(local.Format(time.DateOnly))
		if i := slices.IndexFunc(calendar.Days, func(d act.Holiday) bool { return d.On == day }); i >= 0 {
			name := ""
			if n := calendar.Days[i].Name; len(n) > 0 {
				name = ", " + n[0].Text
			}
			return refuse("holiday", "The silence would end on %s by the time of %s, a holiday there%s. Nothing was sent. Choose another day.", local.Format("Monday 2006-01-02"), m.Code, name)
		}
		if calendar.Rest.Has(local.Weekday()) {
			return refuse("holiday", "The silence would end on %s by the time of %s, where that is a day of rest. Nothing was sent. Choose another day.", local.Format("Monday 2006-01-02"), m.Code)
		}
	}
	return nil
}

// period writes a time of whole hours as such.
func period(d time.Duration) string {
	if d%time.Hour == 0 {
		return strings.TrimSuffix(d.String(), "0m0s")
	}
	return d.String()
}

// checkAccept sees to it that what is accepted may be: its languages are in step where the charter
// asks for that, and whoever confirms what was accepted ad referendum is the one it was left to.
func (s *step) checkAccept(who Who, b act.Accept) error {
	if b.Silent {
		return refuse("server", "Acceptance by silence is written by the server itself, when the time is over. Nothing was sent. To accept now, accept.")
	}
	r := s.plan.Rule().Revision(b.Revision)
	if r == nil || r.Element != b.Element {
		return nil // the rule says so
	}
	if err := s.inStep(r); err != nil {
		return err
	}
	ref, stands := s.plan.Referral(b.Element, s.self, s.c.clock().UnixMilli())
	if !stands || ref.Revision != b.Revision {
		return nil
	}
	d, _ := s.seat(who.Person)
	if plan.SameRole(ref.Role, d.Role) || d.Powers.Has(act.MayConvene) {
		return nil
	}
	return refuse("referendum", "%s is accepted ad referendum, and its confirmation is left to: %s. Nothing was sent. Ask them, or somebody who gives the delegation its powers.", b.Element.Display(), ref.Role[0].Text)
}

// inStep refuses a text of which a language is behind, where the charter asks for that.
func (s *step) inStep(r *accord.Revision) error {
	if !s.charter.InStep || s.plan.InStep(r) {
		return nil
	}
	return s.behind(r.Element, s.plan.Content(r).Follows)
}

func (s *step) behind(ref act.Ref, follows []act.Following) error {
	var names []string
	for _, f := range follows {
		names = append(names, f.Lang.Autonym())
	}
	return refuse("behind", "The text of %s is not in step: %s still follows an earlier revision, and this group agrees on no text whose languages differ. Nothing was sent. Counter with the missing version, or have a legal adviser of each party certify that they mean the same.", ref.Display(), strings.Join(names, ", "))
}

// onTable finds a revision that some party holds, or that is offered and stands.
func (s *step) onTable(ref act.Ref, revision act.Hash) (*accord.Revision, error) {
	e, r := s.plan.Element(ref), s.plan.Rule().Revision(revision)
	if e == nil || r == nil || r.Element != ref {
		return nil, refuse("unseen", "There is no such text of %s here. Nothing was sent. Look at the element again.", ref.Display())
	}
	held := e.Offer() == r
	for p := range s.charter.Parties {
		held = held || e.Position(uint8(p)) == r
	}
	if !held {
		return nil, refuse("left", "No party holds that text of %s any more. Nothing was sent. Look at the element again.", ref.Display())
	}
	return r, nil
}

func (s *step) checkRefer(b act.Refer) error {
	if err := s.checkLanguages(b.Role, false); err != nil {
		return err
	}
	r, err := s.onTable(b.Element, b.Revision)
	if err != nil {
		return err
	}
	if why := s.plan.Rule().Try(s.self, accord.Move{Kind: act.KindAccept, Element: b.Element, Revision: b.Revision}); why != accord.Good {
		return refuse(why.String(), "%s Nothing was sent.", why.Sentence())
	}
	if s.isPackage(b.Element) {
		return refuse("package", "A package is accepted or not, with all that is in it. Nothing was sent. Accept its texts ad referendum one by one.")
	}
	now := s.c.clock()
	if until := time.UnixMilli(b.Until); !until.After(now) || until.Sub(now) > maxReferral {
		return refuse("referendum", "The confirmation of your capital must come at a time that is still ahead, and within a year. Nothing was sent. Choose another.")
	}
	return s.inStep(r)
}

func (s *step) checkCertify(b act.Certify) error {
	r, err := s.onTable(b.Element, b.Revision)
	if err != nil {
		return err
	}
	if len(s.plan.Content(r).Text) < 2 {
		return refuse("languages", "That text of %s is in one language only. Nothing was sent. There is nothing that could differ.", b.Element.Display())
	}
	if s.plan.CertifiedBy(r, s.self) {
		return refuse("again", "Your party has certified that text of %s already. Nothing was sent.", b.Element.Display())
	}
	return nil
}
