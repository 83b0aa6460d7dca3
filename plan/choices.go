package plan

import (
	"entente/accord"
	"entente/act"
)

// choices are the acts that the viewer's party could take now by the rule. Whether the person may
// take them for the party is not the plan's to say.
func (s *State) choices(e *Element, viewer uint8, reserved []Note) []Choice {
	if !s.seated(viewer) {
		return nil
	}
	var out []Choice
	try := func(m accord.Move) bool {
		m.Element = e.Ref()
		return s.rule.Try(viewer, m) == accord.Good
	}
	offered := map[*accord.Revision]bool{}
	for q := range s.rule.Parties() {
		r := e.Position(uint8(q))
		if r == nil || q == int(viewer) || offered[r] || r == e.InForce() {
			continue
		}
		offered[r] = true
		if try(accord.Move{Kind: act.KindAccept, Revision: r.ID}) {
			out = append(out, Choice{Act: "accept", Of: s.charter.Code(uint8(q)), Revision: s.RevisionRef(r)})
		}
	}
	if try(accord.Move{Kind: act.KindTable}) {
		out = append(out, Choice{Act: "counter"})
	}
	if e.reservers&(1<<viewer) == 0 {
		out = append(out, Choice{Act: "reserve"})
	}
	mine := e.Position(viewer)
	if mine != nil && mine != e.InForce() && try(accord.Move{Kind: act.KindWithdraw}) {
		out = append(out, Choice{Act: "withdraw", Revision: s.RevisionRef(mine)})
	}
	out = append(out, Choice{Act: "remark"})
	for i := range reserved {
		if reserved[i].Place.Party == viewer {
			out = append(out, Choice{Act: "lift", Note: &reserved[i]})
		}
	}
	if e.InForce() != nil && !e.struck {
		out = append(out, Choice{Act: "report"})
	}
	return out
}
