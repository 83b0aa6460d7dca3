package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
	"entente/group"
)

// choices are the acts that the viewer's party could take now by the rule and the charter. Whether
// the person may take them for the party is not the plan's to say.
func (s *State) choices(e *Element, viewer uint8, d *Dossier) []Choice {
	if !s.seated(viewer) {
		return nil
	}
	var out []Choice
	try := func(m accord.Move) bool {
		m.Element = e.Ref()
		return s.rule.Try(viewer, m) == accord.Good
	}
	open := s.onTable(e, viewer)
	for _, c := range open {
		out = append(out, c)
	}
	if try(accord.Move{Kind: act.KindTable}) {
		out = append(out, Choice{Act: "counter"})
		out = append(out, s.chairChoices(e, viewer)...)
	}
	for _, c := range open {
		c.Act = "refer"
		out = append(out, c)
	}
	if x := d.Silence; x != nil && x.Outcome == SilenceRuns && x.Revision.Place.Party != viewer {
		out = append(out, Choice{Act: "object", Of: x.Revision.Party, Revision: x.Revision})
	}
	stands := func(sort act.RemarkSort) bool {
		return slices.ContainsFunc(e.remarks, func(r remark) bool { return r.Sort == sort && !r.Lifted && r.Party == viewer })
	}
	for _, c := range []struct {
		act  string
		sort act.RemarkSort
	}{{"reserve", act.Reservation}, {"scrutiny", act.Scrutiny}} {
		if !stands(c.sort) {
			out = append(out, Choice{Act: c.act})
		}
	}
	mine := e.Position(viewer)
	if mine != nil && mine != e.InForce() && try(accord.Move{Kind: act.KindWithdraw}) {
		out = append(out, Choice{Act: "withdraw", Revision: s.RevisionRef(mine)})
	}
	out = append(out, Choice{Act: "remark"}, Choice{Act: "interpret"})
	for _, notes := range [][]Note{d.Reserved, d.Interpretations} {
		for i := range notes {
			if notes[i].Place.Party == viewer {
				out = append(out, Choice{Act: "lift", Note: &notes[i]})
			}
		}
	}
	if r := e.Leading(); r != nil && len(s.charter.Languages) > 1 && !s.CertifiedBy(r, viewer) && len(s.Content(r).Text) > 1 {
		out = append(out, Choice{Act: "certify", Revision: s.RevisionRef(r)})
	}
	if e.InForce() != nil && !e.struck {
		out = append(out, Choice{Act: "report"})
	}
	return out
}

// onTable lists the texts that the viewer's party could accept: those that others hold, and the
// offer that stands; but none that the charter locks because a language of it is behind.
func (s *State) onTable(e *Element, viewer uint8) (out []Choice) {
	known := map[*accord.Revision]bool{}
	add := func(r *accord.Revision, of uint8, offered bool) {
		if r == nil || known[r] || r == e.InForce() || r == e.Position(viewer) {
			return
		}
		known[r] = true
		if s.openTo(viewer, e, r) && !(s.charter.InStep && !s.InStep(r)) {
			out = append(out, Choice{Act: "accept", Of: s.charter.Code(of), Revision: s.RevisionRef(r), Offered: offered})
		}
	}
	offer := e.Offer()
	for q := range s.rule.Parties() {
		if r := e.Position(uint8(q)); q != int(viewer) {
			add(r, uint8(q), r != nil && r == offer)
		}
	}
	if offer != nil {
		add(offer, offer.Party, true)
	}
	return out
}

// chairChoices are what only co-chairs may do: to put a text under silence, and to offer one.
func (s *State) chairChoices(e *Element, viewer uint8) (out []Choice) {
	code := s.charter.Code(viewer)
	if !slices.ContainsFunc(s.charter.Chairs, func(c group.Chair) bool { return c.Party == code }) {
		return nil
	}
	if e.kind != act.Package && s.charter.Silence.Allows(e.kind) {
		out = append(out, Choice{Act: "silence"})
	}
	if e.kind != act.Package {
		out = append(out, Choice{Act: "offer"})
	}
	return out
}
