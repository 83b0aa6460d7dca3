package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/plan"
)

// An AskMember names one text of a package: what Of holds, the exact Revision, or, with neither, the
// one that is being asked about.
type AskMember struct {
	Element  string `json:"element"`
	Of       string `json:"of,omitempty"`
	Revision string `json:"revision,omitempty"`
}

// An AskHoliday is a day on which one's capital does not work.
type AskHoliday struct {
	On   string `json:"on"`
	Name Words  `json:"name,omitempty"`
}

// A SilenceList gives the action sheets of an element's silence procedures, the latest last.
type SilenceList struct {
	Silences []plan.Silence `json:"silences"`
}

func (s *Server) silences(r *http.Request, v visit, _ none) (out SilenceList, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	here := false
	if out.Silences, here = v.group.Silences(ref); !here {
		return out, chancery.ErrWithheld
	}
	return out, nil
}

// talk makes the acts of talks that are about an element.
func (d *drafter) talk(e *plan.Element) (act.Body, error) {
	switch d.ask.Act {
	case "offer":
		b, err := d.counter(e, false)
		if t, ok := b.(act.Table); ok && err == nil {
			t.Offered = true
			return t, nil
		}
		return b, err
	case "refer":
		return d.refer(e)
	case "object":
		return d.object(e)
	case "certify":
		return d.certify(e)
	case "open":
		return d.sit(act.RoundOpens), nil
	case "close":
		return d.sit(act.RoundCloses), nil
	}
	return nil, badRequest("%.20q is no act: table, counter, strike, offer, accept, refer, withdraw, remark, reserve, object, lift, certify, package, report, open, close, calendar, observe, take-back, attest, dispute, accredit or document. Nothing was sent.", d.ask.Act)
}

// silence asks for silence where the request gives an end.
func (d *drafter) silence(t act.Table) (act.Body, error) {
	if d.ask.Until == "" {
		return t, nil
	}
	at, err := parseInstant(d.ask.Until)
	t.Until = at
	return t, err
}

// parseInstant reads an instant with its zone, as RFC 3339 has it; seconds may be left out.
func parseInstant(s string) (int64, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, s); err == nil && at.UnixMilli() > 0 && at.UnixMilli() <= act.MaxInstant {
			return at.UnixMilli(), nil
		}
	}
	return 0, badRequest("%.40q is no time: write it with its zone, like 2017-12-14T18:00+02:00. Nothing was sent.", s)
}

func (d *drafter) refer(e *plan.Element) (act.Body, error) {
	if e == nil {
		return nil, refuse("element", "There is no %s in this group yet. Nothing was sent.", d.ref.Display())
	}
	r, err := d.chosen(e)
	if err != nil {
		return nil, err
	}
	b := act.Refer{Element: d.ref, Revision: r.ID}
	if d.ask.Until == "" {
		return nil, refuse("until", "Accepting ad referendum needs a time by which your capital confirms. Nothing was sent. Say until when.")
	}
	if b.Until, err = parseInstant(d.ask.Until); err != nil {
		return nil, err
	}
	b.Role, err = d.ask.Role.Texts()
	return b, orMissing(err, len(b.Role) == 0, "Accepting ad referendum needs the role that confirms it, such as “Minister of Defence”.")
}

// object is an objection to the text under silence, where one is: that is the one that it breaks.
func (d *drafter) object(e *plan.Element) (act.Body, error) {
	b, err := d.remark(e)
	r, ok := b.(act.Remark)
	if err != nil || !ok || e == nil {
		return b, err
	}
	if d.ask.Of != "" || d.ask.Revision != "" {
		given, err := d.given(e)
		if err != nil {
			return nil, err
		}
		r.Revision = given.ID
		return r, nil
	}
	for _, x := range d.p.Silences(d.ref, 0) {
		if x.Outcome == plan.SilenceRuns && x.Revision.Place.Party != d.self {
			r.Revision = x.Revision.ID
		}
	}
	return r, nil
}

func (d *drafter) certify(e *plan.Element) (act.Body, error) {
	if e == nil {
		return nil, refuse("element", "There is no %s in this group yet. Nothing was sent.", d.ref.Display())
	}
	r := e.Leading()
	if d.ask.Of != "" || d.ask.Revision != "" {
		given, err := d.given(e)
		if err != nil {
			return nil, err
		}
		r = given
	}
	if r == nil {
		return nil, refuse("nothing", "Nobody holds a text of %s whose languages could be compared. Nothing was sent.", d.ref.Display())
	}
	return act.Certify{Element: d.ref, Revision: r.ID}, nil
}

func (d *drafter) sit(step act.SitStep) act.Body {
	b := act.Sit{Round: d.ref, Step: step, Present: slices.Clone(d.ask.Present)}
	slices.SortFunc(b.Present, func(x, y act.Seated) int {
		return cmp.Or(strings.Compare(string(x.Party), string(y.Party)), strings.Compare(string(x.Person), string(y.Person)))
	})
	b.Present = slices.Compact(b.Present)
	return b
}

// pack makes a package of texts that are on the table.
func (d *drafter) pack() (act.Body, error) {
	c := act.Content{Kind: act.Package}
	if err := d.fill(&c); err != nil {
		return nil, err
	}
	for _, t := range d.ask.Members {
		in, err := d.member(t)
		if err != nil {
			return nil, err
		}
		c.Contains = append(c.Contains, in)
	}
	if len(c.Contains) == 0 {
		return nil, refuse("package", "A package needs the texts that stand or fall together. Nothing was sent.")
	}
	if d.ref == "" {
		var err error
		if d.ref, err = d.free(act.Package, ""); err != nil {
			return nil, err
		}
	}
	return act.Table{Element: d.ref, Content: c}, nil
}

// member finds one text of a package.
func (d *drafter) member(t AskMember) (in act.Contained, err error) {
	if in.Element, err = ParseRef(t.Element); err != nil {
		return in, err
	}
	e := d.p.Element(in.Element)
	if e == nil {
		return in, refuse("element", "There is no %s in this group. Nothing was sent.", in.Element.Display())
	}
	r := e.Leading()
	if t.Of != "" || t.Revision != "" {
		one := drafter{p: d.p, self: d.self, ask: &Ask{Of: t.Of, Revision: t.Revision}, ref: in.Element}
		if r, err = one.given(e); err != nil {
			return in, err
		}
	}
	if r == nil {
		return in, refuse("nothing", "Nobody holds a text of %s. Nothing was sent.", in.Element.Display())
	}
	in.Revision = r.ID
	return in, nil
}

// whole lists, ahead of an act that takes up a package, the acceptances of those of its texts that
// the party does not hold yet.
func whole(p *plan.State, self uint8, body act.Body) []act.Body {
	var members []act.Contained
	switch b := body.(type) {
	case act.Table:
		if b.Content.Kind == act.Package && !b.Content.Struck && !b.Offered {
			members = b.Content.Contains
		}
	case act.Accept:
		e, r := p.Element(b.Element), p.Rule().Revision(b.Revision)
		if e != nil && r != nil && e.Kind() == act.Package {
			members = p.Content(r).Contains
		}
	}
	var out []act.Body
	for _, m := range members {
		r := p.Rule().Revision(m.Revision)
		if r != nil && r.Element == m.Element && !r.IsAdopted() && !r.EverHeldBy(self) {
			out = append(out, act.Accept{Element: m.Element, Revision: m.Revision})
		}
	}
	return out
}

func (d *drafter) calendar() (act.Body, error) {
	var b act.Calendar
	if err := b.Rest.UnmarshalText([]byte(strings.Join(d.ask.Rest, ","))); err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	for _, h := range d.ask.Holidays {
		on, err := act.ParseDate(h.On)
		if err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
		name, err := h.Name.Texts()
		if err != nil {
			return nil, err
		}
		b.Days = append(b.Days, act.Holiday{On: on, Name: name})
	}
	slices.SortFunc(b.Days, func(x, y act.Holiday) int { return strings.Compare(string(x.On), string(y.On)) })
	return b, nil
}
