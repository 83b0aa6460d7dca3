package story

import (
	"fmt"
	"slices"

	"entente/party"
)

// A table is what has been said so far: a plain reading of a story by itself, in the order of its
// steps, where everybody knows everything at once. The rule of agreement proper is package accord.
type table struct {
	story    *Story
	elements map[string]*element
	order    []*element // as first tabled
}

type element struct {
	group     *Group
	ref       string
	content   *Content   // as last tabled
	contents  []*Content // of every revision
	offer     int        // the text that is no party's own, or 0
	members   []member   // of a package
	packed    bool       // in a package that stands
	revisions int
	position  map[party.Code]int // the revision that the party holds, from 1; missing: none
	held      map[party.Code][]int
	adopted   []int
	reserved  bool
	disputed  party.Code // who started the dispute that runs about it; none: none runs
}

func newTable(s *Story) *table { return &table{story: s, elements: map[string]*element{}} }

// reach finds an element that a group may refer to: its own, or the plenary's.
func (t *table) reach(g *Group, ref string) *element {
	e := t.elements[ref]
	if e == nil || (e.group != g && e.group.Number != 0) {
		return nil
	}
	return e
}

// play takes in a step that has been checked.
func (t *table) play(step *Step) {
	e := t.elements[step.Element]
	if e == nil {
		e = &element{group: t.story.Group(step.Group), ref: step.Element, position: map[party.Code]int{}, held: map[party.Code][]int{}}
		t.elements[step.Element] = e
		t.order = append(t.order, e)
	}
	switch step.Act {
	case Table:
		e.revisions++
		e.content = step.Content
		e.contents = append(e.contents, step.Content)
		if step.Offered {
			e.offer = e.revisions
			return
		}
		t.pack(e, step)
		e.take(step.Party, e.revisions)
	case Accept:
		t.accept(e, step)
	case Withdraw:
		delete(e.position, step.Party)
	case Dispute:
		switch step.Disputes {
		case "starts":
			e.disputed = step.Party
		case "closes":
			e.disputed = ""
		}
	case Remark:
		e.reserved = e.reserved || step.Sort == "reservation" || step.Sort == "scrutiny"
	}
}

func (e *element) take(p party.Code, revision int) {
	e.position[p] = revision
	e.held[p] = append(e.held[p], revision)
	for _, c := range e.group.Parties {
		if e.position[c] != revision {
			return
		}
	}
	e.adopted = append(e.adopted, revision)
}

// A member is one text of a package.
type member struct {
	of       *element
	revision int
}

// pack takes in what a package contains: who tables it holds all of it.
func (t *table) pack(e *element, step *Step) {
	for _, c := range step.Content.Contains {
		m := member{t.elements[c.Element], t.elements[c.Element].position[c.Of]}
		if m.of.position[step.Party] != m.revision {
			m.of.take(step.Party, m.revision)
		}
		m.of.packed = true
		e.members = append(e.members, m)
	}
}

// accept takes in an acceptance: that of a package is one of all that is in it.
func (t *table) accept(e *element, step *Step) {
	for _, m := range e.members {
		if m.of.position[step.Party] != m.revision {
			m.of.take(step.Party, m.revision)
		}
	}
	e.take(step.Party, e.meant(step))
	if !e.open() {
		for _, m := range e.members {
			m.of.packed = false
		}
	}
}

// meant is the revision that an acceptance means, or 0.
func (e *element) meant(step *Step) int {
	if step.Offered {
		return e.offer
	}
	return e.position[step.Of]
}

// allows says why a step that is no table cannot be, or nil.
func (e *element) allows(step *Step) error {
	switch step.Act {
	case Accept:
		revision := e.meant(step)
		if e.packed {
			return fmt.Errorf("it is part of a package, which is accepted as a whole")
		}
		if revision == 0 || step.Of == step.Party {
			return fmt.Errorf("%s has no text of %s to accept", step.Party, step.Of)
		}
		if slices.Contains(e.held[step.Party], revision) {
			return fmt.Errorf("%s holds that text, or has left it; a party comes to a text once", step.Party)
		}
	case Refer, Certify:
		if e.position[step.Of] == 0 {
			return fmt.Errorf("%s holds no text of it", step.Of)
		}
	case Sit:
		if e.content.Kind != "round" {
			return fmt.Errorf("it is no round of talks")
		}
	case Withdraw:
		if e.position[step.Party] == 0 {
			return fmt.Errorf("%s holds no text of it", step.Party)
		}
	}
	return nil
}

// inForce is the revision last adopted, or 0.
func (e *element) inForce() int {
	if len(e.adopted) == 0 {
		return 0
	}
	return e.adopted[len(e.adopted)-1]
}

// open reports whether a party holds a text that is not in force.
func (e *element) open() bool {
	for _, revision := range e.position {
		if revision != e.inForce() {
			return true
		}
	}
	return false
}

// rival reports whether two parties hold different texts.
func (e *element) rival() bool {
	first := 0
	for _, revision := range e.position {
		if first != 0 && revision != first {
			return true
		}
		first = revision
	}
	return false
}

// A Tally counts what a story amounts to. Paragraphs are the elements of the plan: all but the
// statements and the passages marked in them, the packages, the rounds of talks and what is watched.
type Tally struct {
	Elements   int
	Statements int
	Passages   int
	Aside      int // passages set aside with a reason
	Unanswered int // passages that no element cites, and that are not set aside
	Goals      int
	Unfounded  int // goals that cite no passage
	Paragraphs int
	Agreed     int // paragraphs, those with a reservation included
	Brackets   int // paragraphs of which two parties hold different texts
	Waiting    int // other paragraphs with a text that not all have accepted
	Withdrawn  int // paragraphs that nobody holds and that were never adopted
	Reserved   int // paragraphs with a reservation
	Amended    int // paragraphs adopted more than once
	NoLead     int // paragraphs that somebody supports and nobody leads
	PerKind    map[string]int
}

// Tally counts the story as it stands when the page opens or, settled, at its end.
func (s *Story) Tally(settled bool) Tally {
	t := newTable(s)
	for i := range s.Steps {
		t.play(&s.Steps[i])
	}
	if settled {
		for i := range s.Settle {
			t.play(&s.Settle[i])
		}
	}
	n := Tally{Elements: len(t.order), PerKind: map[string]int{}}
	cited := map[string]bool{}
	for _, e := range t.order {
		for _, ref := range e.content.Cites {
			cited[ref] = true
		}
	}
	for _, e := range t.order {
		n.PerKind[e.content.Kind]++
		switch e.content.Kind {
		case "statement":
			n.Statements++
		case "passage":
			n.Passages++
			n.Aside += one(e.content.Aside != nil)
			n.Unanswered += one(e.content.Aside == nil && !cited[e.ref])
		case "package", "round":
		default:
			if !slices.Contains(watchedKinds, e.content.Kind) {
				n.paragraph(e)
			}
		}
	}
	return n
}

func (n *Tally) paragraph(e *element) {
	n.Paragraphs++
	n.Goals += one(e.content.Kind == "goal")
	n.Unfounded += one(e.content.Kind == "goal" && len(e.content.Cites) == 0)
	n.NoLead += one(len(e.content.Support) > 0 && len(e.content.Lead) == 0)
	n.Brackets += one(e.rival())
	n.Waiting += one(e.open() && !e.rival())
	n.Withdrawn += one(len(e.position) == 0 && len(e.adopted) == 0)
	n.Agreed += one(!e.open() && len(e.adopted) > 0)
	n.Reserved += one(e.reserved)
	n.Amended += one(len(e.adopted) > 1)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
