package api

import (
	"slices"
	"strings"

	"entente/act"
	"entente/party"
	"entente/text"
)

// fill puts what the request gives into a content; what it does not give stays as it is.
func (d *drafter) fill(c *act.Content) error {
	for _, t := range []struct {
		given Words
		field *text.Texts
	}{{d.ask.Title, &c.Title}, {d.ask.Text, &c.Text}, {d.ask.Source, &c.Source}, {d.ask.SaidBy, &c.SaidBy}, {d.ask.Aside, &c.Aside}, {d.ask.Unit, &c.Unit}} {
		if t.given == nil {
			continue
		}
		filled, err := t.given.over(*t.field)
		if err != nil {
			return err
		}
		*t.field = filled
	}
	if err := d.fillLists(c); err != nil {
		return err
	}
	if err := d.fillWatched(c); err != nil {
		return err
	}
	return d.fillWords(c)
}

func (d *drafter) fillLists(c *act.Content) (err error) {
	if d.ask.Lead != nil {
		if c.Lead, err = parseCodes(*d.ask.Lead); err != nil {
			return err
		}
	}
	if d.ask.Support != nil {
		if c.Support, err = parseCodes(*d.ask.Support); err != nil {
			return err
		}
	}
	if d.ask.Cites != nil {
		c.Cites, err = parseRefs(*d.ask.Cites)
	}
	return err
}

func (d *drafter) fillWords(c *act.Content) (err error) {
	if d.ask.Parent != nil {
		c.Parent = ""
		if *d.ask.Parent != "" {
			if c.Parent, err = ParseRef(*d.ask.Parent); err != nil {
				return err
			}
		}
	}
	if d.ask.Due != nil {
		if c.Due, err = parseDate(*d.ask.Due); err != nil {
			return err
		}
	}
	if d.ask.SaidOn != nil {
		if c.SaidOn, err = parseDate(*d.ask.SaidOn); err != nil {
			return err
		}
	}
	if d.ask.Marking != nil {
		if c.Marking, err = parseMarking(*d.ask.Marking); err != nil {
			return err
		}
	}
	if d.ask.Quote != nil {
		c.Quote = text.Clean(*d.ask.Quote)
		if err := text.Check(c.Quote); err != nil {
			return refuse("characters", "The passage cannot be sent: %v. Nothing was sent.", plainly(err))
		}
	}
	if d.ask.Opens != nil {
		if c.Opens, err = parseDate(*d.ask.Opens); err != nil {
			return err
		}
	}
	if d.ask.Closes != nil {
		if c.Closes, err = parseDate(*d.ask.Closes); err != nil {
			return err
		}
	}
	if d.ask.Paragraph != nil {
		c.Paragraph = *d.ask.Paragraph
	}
	if d.ask.Order != nil {
		c.Order = *d.ask.Order
	}
	if d.ask.Amount != nil {
		c.Amount = strings.TrimSpace(*d.ask.Amount)
	}
	return nil
}

// delegate reads one person of a delegation.
func (a AskDelegate) delegate() (g act.Delegate, err error) {
	if g.Person, err = party.ParsePerson(a.Person); err != nil {
		return g, badRequest("%v. Nothing was sent.", err)
	}
	if g.Powers, err = act.ParsePowers(a.Powers); err != nil {
		return g, badRequest("%v. Nothing was sent.", err)
	}
	for _, t := range []struct {
		given Words
		field *text.Texts
	}{{a.Name, &g.Name}, {a.Role, &g.Role}, {a.Agency, &g.Agency}} {
		if *t.field, err = t.given.Texts(); err != nil {
			return g, err
		}
	}
	return g, nil
}

func sortDelegates(list []act.Delegate) {
	slices.SortFunc(list, func(a, b act.Delegate) int { return strings.Compare(string(a.Person), string(b.Person)) })
}
