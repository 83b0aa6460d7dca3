package main

import (
	"fmt"
	"slices"

	"entente/act"
	"entente/cmd/entente/story"
	"entente/internal/chancery"
	"entente/plan"
)

// bodyOf turns a step of a story into the act, as the speaking party sees the plan.
func bodyOf(p *plan.State, st *story.Step) (act.Body, error) {
	ref, err := act.ParseRef(st.Element)
	if err != nil {
		return nil, err
	}
	switch st.Act {
	case story.Table:
		c, err := contentOf(st.Content)
		if err == nil {
			err = others(p, ref, st.Content, &c)
		}
		return act.Table{Element: ref, Content: c, Until: unixMilli(st.Until), Offered: st.Offered}, err
	case story.Accept, story.Refer, story.Certify:
		r, err := meant(p, ref, st)
		if err != nil {
			return nil, err
		}
		switch st.Act {
		case story.Refer:
			return act.Refer{Element: ref, Revision: r, Until: unixMilli(st.Until), Role: st.Role}, nil
		case story.Certify:
			return act.Certify{Element: ref, Revision: r}, nil
		}
		return act.Accept{Element: ref, Revision: r}, nil
	case story.Sit:
		return sitting(ref, st), nil
	case story.Withdraw:
		return act.Withdraw{Element: ref, Reason: st.Text}, nil
	case story.Remark:
		b := act.Remark{Element: ref, Text: st.Text}
		if e := p.Element(ref); e != nil && e.Leading() != nil {
			b.Revision = e.Leading().ID
		}
		b.Sort, err = act.ParseRemarkSort(st.Sort)
		return b, err
	case story.Report:
		b := act.Report{Element: ref, Note: st.Text}
		if b.AsOf, err = act.ParseDate(st.AsOf); err != nil {
			return nil, err
		}
		b.Progress, err = act.ParseProgress(st.Progress)
		return b, err
	case story.Observe:
		return act.Report{Element: ref, Note: st.Text, Sources: st.Sources, Readings: st.Readings}, nil
	case story.Attest:
		b := act.Attest{Element: ref}
		b.On, err = act.ParseDate(st.AsOf)
		return b, err
	case story.Dispute:
		return disputing(p, ref, st)
	}
	return nil, fmt.Errorf("%q is no act of a story", st.Act)
}

// disputing is a step of a dispute; one that answers or closes is of the dispute that runs.
func disputing(p *plan.State, ref act.Ref, st *story.Step) (act.Body, error) {
	b := act.Dispute{Element: ref, Text: st.Text, Step: act.DisputeStarts}
	var err error
	if b.On, err = act.ParseDate(st.AsOf); err != nil || st.Disputes == "starts" {
		return b, err
	}
	b.Step = map[string]act.DisputeStep{"replies": act.DisputeReply, "closes": act.DisputeCloses}[st.Disputes]
	for _, at := range p.Accounts(ref) {
		if x, ok := p.Act(at).Body.(act.Dispute); ok && x.Step == act.DisputeStarts {
			b.Of = p.LeafHash(at)
		}
	}
	return b, nil
}

// contentOf turns the content of a story's step into that of an act.
func contentOf(s *story.Content) (c act.Content, err error) {
	c = act.Content{Title: s.Title, Text: s.Text, Lead: slices.Sorted(slices.Values(s.Lead)), Support: slices.Sorted(slices.Values(s.Support)),
		Source: s.Source, Marking: s.Marking, Order: s.Order, SaidBy: s.SaidBy, Paragraph: s.Paragraph, Quote: s.Quote, Aside: s.Aside,
		Amount: s.Amount, Unit: s.Unit, Terms: s.Terms, Watch: s.Watch, Judgement: s.Judgement}
	if c.Kind, err = act.ParseElementKind(s.Kind); err != nil {
		return c, err
	}
	for _, d := range []struct {
		from string
		into *act.Date
	}{{s.Due, &c.Due}, {s.SaidOn, &c.SaidOn}, {s.Opens, &c.Opens}, {s.Closes, &c.Closes}} {
		if d.from == "" {
			continue
		}
		if *d.into, err = act.ParseDate(d.from); err != nil {
			return c, err
		}
	}
	if s.Parent != "" {
		if c.Parent, err = act.ParseRef(s.Parent); err != nil {
			return c, err
		}
	}
	for _, name := range s.Cites {
		ref, err := act.ParseRef(name)
		if err != nil {
			return c, err
		}
		c.Cites = append(c.Cites, ref)
	}
	slices.Sort(c.Cites)
	return c, nil
}

// personRow is a person of a story as the server's own tables have it.
func personRow(p *story.Person) chancery.PersonRow {
	return chancery.PersonRow{ID: p.ID, Name: p.Name, Role: p.Role, Agency: p.Agency, Admin: slices.Contains(p.Powers, "administer")}
}

// delegate is a person of a story as a delegation names it.
func delegate(p *story.Person) (act.Delegate, error) {
	powers, err := act.ParsePowers(p.Powers)
	return act.Delegate{Person: p.ID, Name: p.Name, Role: p.Role, Agency: p.Agency, Powers: powers}, err
}
