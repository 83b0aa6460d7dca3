package web

import (
	"entente/act"
	"entente/plan"
)

// A takenUp is one text of a package, and what accepting the whole does to it.
type takenUp struct {
	plan.Item
	Revision *plan.RevisionRef `json:"revision"`
	Held     bool              `json:"held"` // the party holds it already, or it is in force
}

// takesUp lists the texts that stand or fall with a package.
func takesUp(p *plan.State, self uint8, kind act.ElementKind, at *plan.Position) (out []takenUp) {
	if kind != act.Package || at == nil {
		return nil
	}
	for _, m := range at.Content.Contains {
		t := takenUp{Revision: p.RevisionRef(p.Rule().Revision(m.Revision))}
		if row, ok := p.Row(m.Element); ok {
			t.Item = row.Item
		} else {
			t.Ref, t.Display = m.Element, m.Element.Display()
		}
		if r := p.Rule().Revision(m.Revision); r != nil {
			e := p.Element(m.Element)
			t.Held = r.IsAdopted() || e != nil && e.Position(self) == r
		}
		out = append(out, t)
	}
	return out
}
