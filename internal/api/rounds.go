package api

import (
	"errors"
	"net/http"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/national"
	"entente/party"
	"entente/plan"
)

// A RoundList lists the rounds of talks of a group.
type RoundList struct {
	Rounds []plan.Round `json:"rounds"`
	Total  int          `json:"total"`
}

func (s *Server) rounds(_ *http.Request, v visit, _ none) (out RoundList, err error) {
	v.group.View(func(p *plan.State) { out.Rounds, out.Total = p.Rounds() })
	return out, nil
}

// A RoundPage is one round, and how the state of the text went on over it.
type RoundPage struct {
	plan.Round
	Course []plan.CoursePoint `json:"course,omitempty"` // as it opened and closed, as far as it has
}

func (s *Server) round(r *http.Request, v visit, _ none) (out RoundPage, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return out, err
	}
	here := false
	v.group.View(func(p *plan.State) { out.Round, here = p.Round(ref) })
	if !here {
		return out, chancery.ErrWithheld
	}
	course, err := v.group.Course(r.Context())
	for _, x := range course {
		if x.Moment.Round == ref {
			out.Course = append(out.Course, x)
		}
	}
	return out, err
}

// A CourseList tells how much was open as each round opened and closed, and is now.
type CourseList struct {
	Points []plan.CoursePoint `json:"points"`
}

func (s *Server) course(r *http.Request, v visit, _ none) (out CourseList, err error) {
	out.Points, err = v.group.Course(r.Context())
	return out, err
}

// AskChanges names two moments.
type AskChanges struct {
	From  string `json:"from" doc:"a moment: R-2.opened, R-2.closed, a time such as 2017-12-12T10:00 (UTC unless it names a zone), an act such as US:12"`
	To    string `json:"to,omitempty" doc:"another; none for now"`
	Party string `json:"party,omitempty" doc:"only elements on which this party acted"`
	Window
}

// A ChangeList is what changed between two moments.
type ChangeList struct {
	Since plan.Moment `json:"since"`
	Until plan.Moment `json:"until"`
	plan.Between
}

func (s *Server) changes(r *http.Request, v visit, ask AskChanges) (out ChangeList, err error) {
	if ask.From == "" {
		return out, badRequest("Say since when: --from R-1.opened, or a time such as 2017-12-12T10:00.")
	}
	q := plan.BetweenQuery{Party: party.Code(ask.Party), Offset: ask.Offset, Limit: ask.Limit}
	err = v.group.Then(r.Context(), []string{ask.From, ask.To}, func(_ *plan.State, then []chancery.Then) {
		out = ChangeList{then[0].Moment, then[1].Moment, then[0].Plan.Changed(then[1].Plan, q)}
	})
	return out, momentFault(err)
}

// momentFault says of a name of a moment that leads nowhere why.
func momentFault(err error) error {
	var wrong *plan.MomentError
	if errors.As(err, &wrong) {
		return badRequest("%v.", wrong)
	}
	return err
}

// asOf calls f with the plan as it stood at a moment; with the plan as it is where none is named.
func asOf(r *http.Request, v visit, moment string, f func(*plan.State)) (*plan.Moment, error) {
	if moment == "" {
		v.group.View(f)
		return nil, nil
	}
	var at plan.Moment
	err := v.group.Then(r.Context(), []string{moment}, func(_ *plan.State, then []chancery.Then) {
		at = then[0].Moment
		f(then[0].Plan)
	})
	return &at, momentFault(err)
}

// AskMoment names a moment.
type AskMoment struct {
	At string `json:"at,omitempty" doc:"as it stood at a moment: R-2.opened, R-2.closed, a time such as 2017-12-12T10:00 (UTC unless it names a zone), an act such as US:12"`
}

// An OutlineAt is a level of the plan, and the moment as of which it stands where one was asked for.
type OutlineAt struct {
	plan.Outline
	Moment *plan.Moment `json:"moment,omitempty"`
}

// A DocumentAt is a part of the joint document, and the moment as of which it stands where one was
// asked for.
type DocumentAt struct {
	plan.Document
	Moment *plan.Moment `json:"moment,omitempty"`
}

// A DossierAt is all about one element, and the moment as of which it stands where one was asked for.
// Nothing can be done at another moment than now.
type DossierAt struct {
	plan.Dossier
	Moment *plan.Moment `json:"moment,omitempty"`
}

// AskBoard says which part of what is open to show, and how.
type AskBoard struct {
	In    string `json:"in,omitempty" doc:"turn, others, silence, ad-referendum, package, waiting or crossed"`
	Party string `json:"party,omitempty" doc:"only where the next word is this party's"`
	Kind  string `json:"kind,omitempty" doc:"only elements of this kind"`
	Sort  string `json:"sort,omitempty" doc:"ref, since, brackets or until"`
	Window
}

// A GroupBoard is all that is open in one group.
type GroupBoard struct {
	GroupLine
	plan.Board
}

// A BoardList is all that is open in every group of the person.
type BoardList struct {
	Groups []GroupBoard `json:"groups"`
}

func (s *Server) board(_ *http.Request, v visit, ask AskBoard) (out plan.Board, err error) {
	q, err := ask.query()
	if err != nil {
		return out, err
	}
	return s.boardOf(v, v.group, q), nil
}

func (s *Server) boards(_ *http.Request, v visit, ask AskBoard) (out BoardList, err error) {
	q, err := ask.query()
	if err != nil {
		return out, err
	}
	out.Groups = []GroupBoard{}
	for _, g := range s.seen(v) {
		out.Groups = append(out.Groups, GroupBoard{lineOf(g), s.boardOf(v, g, q)})
	}
	return out, nil
}

func (a AskBoard) query() (q plan.BoardQuery, err error) {
	q = plan.BoardQuery{In: a.In, Party: party.Code(a.Party), Sort: a.Sort, Offset: a.Offset, Limit: a.Limit}
	if a.Kind != "" {
		if q.Kind, err = act.ParseElementKind(a.Kind); err != nil {
			return q, badRequest("%v.", err)
		}
	}
	return q, nil
}

// boardOf is the board of one group. What waits for instructions is told to who sits in it alone.
func (s *Server) boardOf(v visit, g *chancery.Group, q plan.BoardQuery) (out plan.Board) {
	q.Viewer, q.Now = g.Self(), s.Chancery.Now().UnixMilli()
	if s.Margin != nil && g.Seats(v.who) {
		q.Marks = Awaited(s.Margin, g.ID())
	}
	g.View(func(p *plan.State) { out = p.Board(q) })
	return out
}

// Awaited tells of the elements of a group which wait for instructions, by the party's margin.
func Awaited(m *national.Margins, group act.Hash) map[act.Ref]plan.Mark {
	marks := map[act.Ref]plan.Mark{}
	for _, ref := range m.Elements(group) {
		for _, k := range m.View(group, ref, nil).Reasons {
			if k.Element == ref && k.Reason == national.Waiting && !k.Ended {
				marks[ref] = plan.Mark{Since: k.At.UnixMilli(), Note: k.Words.Best().Text}
			}
		}
	}
	return marks
}
