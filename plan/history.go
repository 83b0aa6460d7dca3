package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
)

// history tells the acts about an element, causes first, void ones among them; the latest
// MaxHistory, and how many there are in all.
func (s *State) history(e *Element) ([]Event, int) {
	all := len(e.story) + len(s.voidOf[e.Ref()])
	list := slices.Clone(tail(e.story, MaxHistory))
	list = append(list, s.lastVoids(s.voidOf[e.Ref()], MaxHistory)...)
	slices.SortFunc(list, entry.compare)
	list = tail(list, MaxHistory)
	out := make([]Event, 0, len(list))
	var before *accord.Revision // the last one tabled
	for _, x := range list {
		ev := s.event(x, &before)
		ev.Adopted = s.completed(x)
		out = append(out, ev)
	}
	return out, all
}

// lastVoids are the last n of a list of void entries, causes first.
func (s *State) lastVoids(list []entry, n int) []entry {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.SortFunc(list, entry.compare)
	return tail(list, n)
}

// completed reports whether a revision became adopted with this act.
func (s *State) completed(x entry) bool {
	_, ok := slices.BinarySearchFunc(s.lists.adopted.items, x, func(a adoption, x entry) int { return a.entry.compare(x) })
	return ok
}

func (s *State) event(x entry, before **accord.Revision) Event {
	a := s.Act(x.Place)
	ev := Event{Stamp: s.stamp(x.Place, &a)}
	if why := s.rule.Void(x.Party, int(x.Ordinal)); why != accord.Good {
		ev.Void, ev.Why = why.String(), why.Sentence()
	}
	if a.Body == nil {
		return ev
	}
	ev.Kind = a.Body.Kind().String()
	switch b := a.Body.(type) {
	case act.Table:
		s.tabled(&ev, x, b, before)
	case act.Accept:
		ev.Revision, ev.Silent = s.RevisionRef(s.rule.Revision(b.Revision)), b.Silent
	case act.Refer:
		ev.Revision, ev.Until, ev.Text = s.RevisionRef(s.rule.Revision(b.Revision)), b.Until, b.Role
	case act.Certify:
		ev.Revision = s.RevisionRef(s.rule.Revision(b.Revision))
	case act.Sit:
		ev.Sort = b.Step.String()
	case act.Confirm:
		ev.Revision = s.RevisionRef(s.rule.Revision(b.Revision))
	case act.Withdraw:
		ev.Text = b.Reason
	case act.Remark:
		ev.Sort, ev.Text = b.Sort.String(), b.Text
		ev.Revision = s.RevisionRef(s.rule.Revision(b.Revision))
	case act.Report:
		ev.Sort, ev.Text = b.Progress.String(), b.Note
		if b.Observed() {
			ev.Sort = Observed
		}
	case act.Dispute:
		ev.Sort, ev.Text = b.Step.String(), b.Text
	}
	return ev
}

func (s *State) tabled(ev *Event, x entry, b act.Table, before **accord.Revision) {
	r := s.rule.Revision(s.LeafHash(x.Place))
	if ev.Void != "" || r == nil {
		return
	}
	ev.Revision, ev.Until, ev.Offered = s.RevisionRef(r), b.Until, b.Offered
	ev.Chaired = b.Offered && s.attribution(r) == CoChair
	if was := *before; was != nil {
		c := s.Content(was)
		ev.Changed, ev.Before = changed(&c, &b.Content), &was.ID
	}
	*before = r
}

// A Comparison is how one revision of an element differs from another.
type Comparison struct {
	Item
	From    *RevisionRef `json:"from"`
	To      *RevisionRef `json:"to"`
	Title   []LangSpans  `json:"title,omitempty"`
	Text    []LangSpans  `json:"text,omitempty"`
	Fields  []Difference `json:"fields,omitempty"` // other fields that differ: the two values, in order
	Changed []string     `json:"changed,omitempty"`
}

// Compare tells how revision b differs from revision a of the same element.
func (s *State) Compare(a, b act.Hash) (Comparison, bool) {
	x, y := s.rule.Revision(a), s.rule.Revision(b)
	if x == nil || y == nil || x.Element != y.Element {
		return Comparison{}, false
	}
	was, now := s.Content(x), s.Content(y)
	c := Comparison{Item: s.item(x.Element), From: s.RevisionRef(x), To: s.RevisionRef(y), Changed: changed(&was, &now)}
	c.Title = diffs(was.Title, now.Title, s.charter.Languages)
	c.Text = diffs(was.Text, now.Text, s.charter.Languages)
	for _, f := range fields {
		if v, w := f.of(&was), f.of(&now); v != w {
			c.Fields = append(c.Fields, Difference{f.name, []Value{{Value: v}, {Value: w}}})
		}
	}
	return c, true
}

// Revisions lists the revisions of an element in the order in which they were tabled, causes
// first; at most the last MaxHistory.
func (s *State) Revisions(ref act.Ref) []*RevisionRef {
	e := s.elements[ref]
	if e == nil {
		return nil
	}
	var out []*RevisionRef
	for _, x := range slices.Backward(e.story) {
		if len(out) == MaxHistory {
			break
		}
		a := s.Act(x.Place)
		if _, ok := a.Body.(act.Table); !ok {
			continue
		}
		if r := s.rule.Revision(s.LeafHash(x.Place)); r != nil {
			out = append(out, s.RevisionRef(r))
		}
	}
	slices.Reverse(out)
	return out
}
