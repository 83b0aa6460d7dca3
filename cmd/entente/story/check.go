package story

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// check looks at the story as a whole: everything named is there.
func (s *Story) check() error {
	for _, check := range []func() error{s.checkParties, s.checkGroups} {
		if err := check(); err != nil {
			return err
		}
	}
	t := newTable(s)
	last := s.Date
	for _, part := range []struct {
		name  string
		steps []Step
	}{{"steps", s.Steps}, {"settle", s.Settle}} {
		for i := range part.steps {
			step := &part.steps[i]
			if err := s.checkStep(t, step, last); err != nil {
				return fmt.Errorf("%s: %w", place(part.name, i, string(step.Act), step.Element), err)
			}
			last = step.At
			t.play(step)
		}
	}
	if err := s.checkNotes(t); err != nil {
		return err
	}
	for _, e := range t.order {
		if e.open() {
			return fmt.Errorf("settle: %s of group %d is still open at the end", e.ref, e.group.Number)
		}
	}
	return nil
}

func (s *Story) checkParties() error {
	if s.ID == "" || !plainName(s.ID) {
		return fmt.Errorf("id: %.40q is no id: small letters and low lines", s.ID)
	}
	for i, p := range s.Parties {
		if s.Party(p.Code) != &s.Parties[i] {
			return fmt.Errorf("parties[%d]: %s stands twice", i, p.Code)
		}
		for j := range p.People {
			if p.Person(p.People[j].ID) != &p.People[j] {
				return fmt.Errorf("parties[%d] %s: %s stands twice", i, p.Code, p.People[j].ID)
			}
		}
		for _, l := range p.Languages {
			if !slices.Contains(s.Languages, l) {
				return fmt.Errorf("parties[%d] %s: %s is not a language of the story", i, p.Code, l)
			}
		}
	}
	for _, l := range s.Drafts {
		if !slices.Contains(s.Languages, l) {
			return fmt.Errorf("drafts: %s is not a language of the story", l)
		}
	}
	return nil
}

func (s *Story) checkGroups() error {
	if len(s.Groups) == 0 {
		return fmt.Errorf("groups: a story has a plenary at least")
	}
	for i, g := range s.Groups {
		at := fmt.Sprintf("groups[%d]", i)
		if int(g.Number) != i {
			return fmt.Errorf("%s: the groups are numbered from 0, in order; this has %d", at, g.Number)
		}
		if len(g.Parties) < 2 {
			return fmt.Errorf("%s: a group of a story has two parties at least", at)
		}
		for _, c := range g.Parties {
			if s.Party(c) == nil || !slices.Contains(s.Groups[0].Parties, c) {
				return fmt.Errorf("%s: %s is no party of the plenary", at, c)
			}
		}
		for _, c := range g.Chairs {
			if !slices.Contains(g.Parties, c.Party) || s.Party(c.Party).Person(c.Person) == nil {
				return fmt.Errorf("%s: the chair %s of %s is not here", at, c.Person, c.Party)
			}
		}
		for _, c := range g.Marking.Releasable {
			if s.Party(c) == nil {
				return fmt.Errorf("%s: the marking names %s, who is no party", at, c)
			}
		}
	}
	return nil
}

// needs is the power that each act takes.
var needs = map[Act]string{Table: "propose", Accept: "accept", Withdraw: "propose", Remark: "remark", Report: "remark", Refer: "accept",
	Certify: "certify", Sit: "propose", Observe: "remark", Attest: "remark", Dispute: "propose"}

func (s *Story) checkStep(t *table, step *Step, last time.Time) error {
	if !step.At.After(last) {
		return fmt.Errorf("the time %s is not after %s", step.At.Format(time.RFC3339), last.Format(time.RFC3339))
	}
	g := s.Group(step.Group)
	if g == nil || !slices.Contains(g.Parties, step.Party) {
		return fmt.Errorf("%s does not sit in group %d", step.Party, step.Group)
	}
	who := s.Party(step.Party).Person(step.By)
	if who == nil || !slices.Contains(who.Powers, needs[step.Act]) {
		return fmt.Errorf("%s of %s is not there, or lacks the power to %s", step.By, step.Party, needs[step.Act])
	}
	if err := s.checkTalks(t, g, step); err != nil {
		return err
	}
	e := t.elements[step.Element]
	if e != nil && e.group != g {
		return fmt.Errorf("the reference stands in group %d already; references are unique over all groups", e.group.Number)
	}
	if step.Act == Table {
		return s.checkContent(t, g, e, step)
	}
	if e == nil {
		return fmt.Errorf("nobody has tabled it yet")
	}
	if step.Act == Observe || step.Act == Attest {
		return t.checkObserved(e, step)
	}
	if step.Act == Dispute {
		return t.checkDispute(e, step)
	}
	return e.allows(step)
}

func (s *Story) checkContent(t *table, g *Group, e *element, step *Step) error {
	c := step.Content
	if e != nil && e.content.Kind != c.Kind {
		return fmt.Errorf("it is a %s already", e.content.Kind)
	}
	if !strings.HasPrefix(step.Element, letters[c.Kind]+"-") {
		return fmt.Errorf("the reference of a %s begins with %s", c.Kind, letters[c.Kind])
	}
	for _, p := range slices.Concat(c.Lead, c.Support) {
		if !slices.Contains(g.Parties, p) {
			return fmt.Errorf("%s does not sit in the group and can neither lead nor support", p)
		}
	}
	if c.Marking != nil && !g.Marking.Dominates(*c.Marking) {
		return fmt.Errorf("the marking %s is narrower than the group's, %s", c.Marking, g.Marking)
	}
	if c.Parent != "" && t.reach(g, c.Parent) == nil {
		return fmt.Errorf("the parent %s is not tabled in this group or the plenary", c.Parent)
	}
	for _, ref := range c.Cites {
		if p := t.reach(g, ref); p == nil || p.content.Kind != "passage" || p.content.Aside != nil {
			return fmt.Errorf("%s is no passage of this group or the plenary, or was set aside", ref)
		}
	}
	if c.Kind == "passage" {
		return s.checkPassage(t.reach(g, c.Parent), c)
	}
	return nil
}

func (s *Story) checkPassage(statement *element, c *Content) error {
	if statement == nil || statement.content.Kind != "statement" {
		return fmt.Errorf("a passage's parent is a statement")
	}
	if !strings.Contains(s.quoted(statement.content, c.Paragraph), c.Quote) {
		return fmt.Errorf("the words do not stand in paragraph %d of %s", c.Paragraph, c.Parent)
	}
	return nil
}
