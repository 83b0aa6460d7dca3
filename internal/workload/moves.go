package workload

import (
	"fmt"
	"strings"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// open writes the first two acts of a log.
func (g *room) open() error {
	var err error
	if g.logs[g.who].size == 0 {
		_, err = g.write("", act.Constitute{Charter: string(g.charter.Format())})
	} else {
		_, err = g.write(g.persons[0], delegation())
	}
	return err
}

// somebody is the person who acts.
func (g *room) somebody() party.Person { return g.persons[g.r.IntN(len(g.persons))] }

// table makes a new element or a new revision of one.
func (g *room) table() error {
	if len(g.elements) == 0 || !g.late && g.r.IntN(24) < 7 {
		e := g.number.next()
		e.tongue = g.tongues[g.r.IntN(len(g.tongues))]
		e.held = make([]*revision, len(g.logs))
		e.title = g.say(e.tongue, e.tongue.titles)
		e.lines = g.paragraph(e.tongue, minText+g.r.IntN(maxText-minText-180))
		g.elements = append(g.elements, e)
		return g.put(e)
	}
	e := g.any()
	e.lines = g.alter(e.tongue, e.lines)
	return g.put(e)
}

func (g *room) put(e *element) error {
	c := act.Content{Kind: e.kind, Parent: e.parent, Title: one(e.tongue, e.title), Text: one(e.tongue, strings.Join(e.lines, " "))}
	if e.kind == act.Action {
		c.Lead = []party.Code{g.codes[len(e.title)%len(g.codes)]}
		c.Due = act.Date(time.Unix(firstDay+int64(len(e.title))*20*86_400, 0).UTC().Format(time.DateOnly))
	}
	id, err := g.write(g.somebody(), act.Table{Element: e.ref, Content: c})
	e.focus = &revision{id: id, by: g.who}
	g.hold(e, e.focus)
	return err
}

func one(t *tongue, s string) text.Texts { return text.Texts{{Lang: t.lang, Text: s}} }

// hold makes the revision the writer's position, and a confirmation where that is already one.
func (g *room) hold(e *element, r *revision) {
	r.ever |= 1 << g.who
	e.held[g.who] = r
	if e.heldByAll(r) {
		r.confirmed |= 1 << g.who
		for p := range e.held {
			if r.confirmed>>p&1 == 0 {
				g.ripe[p] = append(g.ripe[p], e)
			}
		}
	}
	e.turn = g.turn
	if len(g.fresh) >= 2*recent {
		g.fresh = append(g.fresh[:0], g.fresh[recent:]...)
	}
	g.fresh = append(g.fresh, e)
}

func (g *room) accept(e *element) error {
	g.settled++
	_, err := g.write(g.somebody(), act.Accept{Element: e.ref, Revision: e.focus.id})
	g.hold(e, e.focus)
	return err
}

func (g *room) confirm(e *element) error {
	g.settled++
	r := e.held[g.who]
	r.confirmed |= 1 << g.who
	_, err := g.write("", act.Confirm{Element: e.ref, Revision: r.id})
	return err
}

func (g *room) remark(e *element) error {
	b := act.Remark{Element: e.ref, Sort: act.Comment}
	switch g.r.IntN(40) {
	case 0:
		b.Sort = act.Reservation
	case 1:
		b.Sort = act.Interpretation
	case 2, 3, 4:
		b.Sort = act.Objection
	}
	if g.r.IntN(2) == 0 {
		b.Revision = e.focus.id
	}
	s := g.say(e.tongue, e.tongue.comments)
	for range g.r.IntN(3) {
		s += " " + g.say(e.tongue, e.tongue.comments)
	}
	b.Text = one(e.tongue, s)
	_, err := g.write(g.somebody(), b)
	return err
}

func (g *room) report(e *element) error {
	_, err := g.write(g.somebody(), act.Report{
		Element: e.ref, AsOf: act.Date(time.UnixMilli(g.now).UTC().Format(time.DateOnly)),
		Progress: act.Progress(1 + g.r.IntN(int(act.Stopped))), Note: one(e.tongue, g.say(e.tongue, e.tongue.reports)),
	})
	return err
}

// Shape of the plan: how many below each.
const (
	waysOfGoal    = 5
	actionsOfWay  = 6
	meansOfAction = 2
)

// A numbering walks the plan's tree from the top down: a clause and a goal, each way below the
// goal, each action below the way, each of the action's means.
type numbering struct{ goal, way, action, means int }

func (n *numbering) next() *element {
	switch {
	case n.goal == 0 || n.way == waysOfGoal && n.action == actionsOfWay && n.means == meansOfAction:
		*n = numbering{goal: n.goal + 1}
		return &element{kind: act.Goal, ref: ref("G-%d", n.goal)}
	case n.way == 0 || n.action == actionsOfWay && n.means == meansOfAction:
		n.way, n.action, n.means = n.way+1, 0, 0
		return &element{kind: act.Way, ref: ref("W-%d.%d", n.goal, n.way), parent: ref("G-%d", n.goal)}
	case n.action == 0 || n.means == meansOfAction:
		n.action, n.means = n.action+1, 0
		return &element{kind: act.Action, ref: ref("A-%d.%d.%d", n.goal, n.way, n.action), parent: ref("W-%d.%d", n.goal, n.way)}
	}
	n.means++
	return &element{kind: act.Means, ref: ref("M-%d.%d.%d.%d", n.goal, n.way, n.action, n.means), parent: ref("A-%d.%d.%d", n.goal, n.way, n.action)}
}

func ref(format string, a ...any) act.Ref { return act.Ref(fmt.Sprintf(format, a...)) }
