package plan

import (
	"slices"

	"entente/act"
	"entente/text"
)

// A Note is a remark as a page shows it.
type Note struct {
	ID       act.Hash       `json:"id"` // names the remark where it is lifted
	Sort     act.RemarkSort `json:"sort"`
	Text     text.Texts     `json:"text"`
	Lifted   bool           `json:"lifted,omitempty"`
	Lifts    act.Hash       `json:"lifts,omitzero"`     // the remark of the same party that ends with this one
	Revision *RevisionRef   `json:"revision,omitempty"` // of which it speaks
	Stamp
}

// A Progress is a report as a page shows it.
type Progress struct {
	AsOf     act.Date     `json:"asOf"`
	Progress act.Progress `json:"progress"`
	Note     text.Texts   `json:"note,omitempty"`
	Stamp
}

// Verb is what the party does with the remark, as in the plain form of what is attached to a text:
// "[IL reserves: …]".
func (n Note) Verb() string {
	switch n.Sort {
	case act.Objection:
		return "opposes"
	case act.Reservation:
		return "reserves"
	case act.Scrutiny:
		return "reserves for scrutiny"
	case act.Interpretation:
		return "interprets"
	}
	return "remarks"
}

// notes are the remarks on an element that keep takes, oldest first; at most the last MaxRemarks.
func (s *State) notes(e *Element, keep func(remark) bool) []Note {
	var out []Note
	for _, r := range slices.Backward(e.remarks) {
		if len(out) == MaxRemarks {
			break
		}
		if keep(r) {
			out = append(out, s.note(r))
		}
	}
	slices.Reverse(out)
	return out
}

func (s *State) note(r remark) Note {
	a := s.Act(r.Place)
	b, _ := a.Body.(act.Remark)
	n := Note{ID: s.LeafHash(r.Place), Sort: b.Sort, Text: b.Text, Lifted: r.Lifted, Lifts: b.Lifts, Stamp: s.stamp(r.Place, &a)}
	if !b.Revision.IsZero() {
		n.Revision = s.RevisionRef(s.rule.Revision(b.Revision))
	}
	return n
}

// reports are what the parties have reported, oldest first; at most the last MaxRemarks.
func (s *State) reportsOf(e *Element) []Progress {
	list := e.reports[max(0, len(e.reports)-MaxRemarks):]
	var out []Progress
	for _, x := range list {
		a := s.Act(x.Place)
		b, _ := a.Body.(act.Report)
		out = append(out, Progress{b.AsOf, b.Progress, b.Note, s.stamp(x.Place, &a)})
	}
	return out
}
