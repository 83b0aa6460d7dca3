package plan

import (
	"cmp"
	"slices"
	"strings"

	"entente/act"
	"entente/text"
)

// A StatementSummary is a statement in the list of statements.
type StatementSummary struct {
	Item
	SaidBy     text.Texts `json:"saidBy,omitempty"`
	SaidOn     act.Date   `json:"saidOn,omitempty"`
	Paragraphs int        `json:"paragraphs"`
	Counts     Counts     `json:"counts"`
}

// Counts says how the marked passages of a statement are covered.
type Counts struct {
	Passages  int `json:"passages"`
	Leads     int `json:"leads"`     // some element of the plan answers to it
	Aside     int `json:"aside"`     // set aside, with a reason
	Uncovered int `json:"uncovered"` // neither
}

// Coverage is a statement with its passages, and the goals that answer to them.
type Coverage struct {
	StatementSummary
	Source       text.Texts      `json:"source,omitempty"`
	Words        []StatementText `json:"words"` // the paragraphs
	Goals        []GoalCoverage  `json:"goals"`
	GoalsAll     int             `json:"goalsAll"`
	WithPassage  int             `json:"goalsWithPassage"`
	WithoutOne   int             `json:"goalsWithoutPassage"`
	PassagesElse []Passage       `json:"passagesElsewhere,omitempty"` // whose words are not in the paragraph they name
}

// A StatementText is one numbered paragraph of a statement.
type StatementText struct {
	Number   int        `json:"number"` // from 1
	Text     text.Texts `json:"text"`
	Passages []Passage  `json:"passages,omitempty"` // by language and place
}

// The states of a passage.
const (
	Leads     = "leads"
	SetAside  = "aside"
	Uncovered = "uncovered"
)

// A Passage is words marked in a paragraph.
type Passage struct {
	Item
	Paragraph int        `json:"paragraph"`
	Lang      text.Lang  `json:"lang,omitempty"` // the language of the words
	From      int        `json:"from"`           // bytes from the beginning of the paragraph in that language
	To        int        `json:"to"`
	Quote     string     `json:"quote"`
	State     string     `json:"state"` // Leads, SetAside or Uncovered
	Aside     text.Texts `json:"aside,omitempty"`
	LeadsTo   []Item     `json:"leadsTo,omitempty"`
}

// A GoalCoverage is a goal beside a statement.
type GoalCoverage struct {
	Item
	Passages []act.Ref `json:"passages,omitempty"` // of this statement, that it answers to
	Ways     int       `json:"ways"`
	Actions  int       `json:"actions"`
	Agreed   int       `json:"agreed"` // paragraphs in it
	Of       int       `json:"of"`
}

// Statements lists the statements, by reference.
func (s *State) Statements() []StatementSummary {
	out := []StatementSummary{}
	from, to := s.roots.firstOf(act.Statement)
	for _, e := range s.roots.kids[from:to] {
		if e.status == Withdrawn || e.status == Removed || len(out) == MaxRows {
			continue
		}
		sum := s.summary(e, s.Content(e.shown))
		if e.kids != nil {
			for _, p := range e.kids.kids {
				sum.Counts.add(s.passageState(p))
			}
		}
		out = append(out, sum)
	}
	return out
}

func (s *State) summary(e *Element, c act.Content) StatementSummary {
	most := 0
	for _, v := range c.Text {
		most = max(most, len(Paragraphs(v.Text)))
	}
	return StatementSummary{Item: Item{Ref: e.Ref(), Display: e.Ref().Display(), Kind: e.kind, Title: c.Title, Status: e.status},
		SaidBy: c.SaidBy, SaidOn: c.SaidOn, Paragraphs: most}
}

func (c *Counts) add(state string) {
	switch state {
	case Leads:
		c.Leads++
	case SetAside:
		c.Aside++
	case Uncovered:
		c.Uncovered++
	default:
		return
	}
	c.Passages++
}

// passageState says how a passage is covered; "" for one that does not stand.
func (s *State) passageState(p *Element) string {
	switch {
	case p.status == Withdrawn || p.status == Removed:
		return ""
	case slices.ContainsFunc(s.citing[p.Ref()], func(o *Element) bool { return o.own[cLive] != 0 }):
		return Leads
	case p.aside:
		return SetAside
	}
	return Uncovered
}

// Coverage tells of one statement: its paragraphs, the passages marked in them and what they lead
// to, and of each goal of the group which passages it answers to.
func (s *State) Coverage(statement act.Ref) (Coverage, bool) {
	e := s.elements[statement]
	if e == nil || e.kind != act.Statement {
		return Coverage{}, false
	}
	c := s.Content(e.shown)
	v := Coverage{StatementSummary: s.summary(e, c), Source: c.Source, Words: statementTexts(c.Text), Goals: []GoalCoverage{}}
	mine := map[act.Ref]bool{}
	if e.kids != nil {
		for _, p := range e.kids.kids {
			state := s.passageState(p)
			v.Counts.add(state)
			if state != "" && len(mine) < MaxPassages {
				mine[p.Ref()] = true
				v.put(s.passage(p, state))
			}
		}
	}
	for i := range v.Words {
		slices.SortStableFunc(v.Words[i].Passages, func(a, b Passage) int {
			return cmp.Or(cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To))
		})
	}
	s.coverGoals(&v, mine)
	return v, true
}

func statementTexts(t text.Texts) []StatementText {
	out := []StatementText{}
	for _, v := range t {
		for i, p := range Paragraphs(v.Text) {
			if i == len(out) {
				out = append(out, StatementText{Number: i + 1})
			}
			out[i].Text = out[i].Text.With(v.Lang, p)
		}
	}
	return out
}

func (s *State) passage(p *Element, state string) Passage {
	c := s.Content(p.shown)
	out := Passage{
		Item:      Item{Ref: p.Ref(), Display: p.Ref().Display(), Kind: p.kind, Title: c.Title, Status: p.status},
		Paragraph: int(c.Paragraph), Quote: c.Quote, State: state, Aside: c.Aside,
	}
	for _, o := range s.citers(p.Ref()) {
		out.LeadsTo = append(out.LeadsTo, s.itemOf(o))
	}
	return out
}

// put finds the words of a passage in the paragraph that it names.
func (v *Coverage) put(p Passage) {
	if p.Paragraph < 1 || p.Paragraph > len(v.Words) {
		v.PassagesElse = append(v.PassagesElse, p)
		return
	}
	w := &v.Words[p.Paragraph-1]
	for _, t := range w.Text {
		if i := strings.Index(t.Text, p.Quote); i >= 0 {
			p.Lang, p.From, p.To = t.Lang, i, i+len(p.Quote)
			w.Passages = append(w.Passages, p)
			return
		}
	}
	v.PassagesElse = append(v.PassagesElse, p)
}

// coverGoals lists the goals at the top of the plan, and anything else that answers to a passage
// of the statement.
func (s *State) coverGoals(v *Coverage, mine map[act.Ref]bool) {
	from, to := s.roots.firstOf(act.Goal)
	others := map[*Element]bool{}
	for ref := range mine {
		for _, o := range s.citers(ref) {
			others[o] = true
		}
	}
	take := func(e *Element) {
		g := s.goalCoverage(e, mine)
		v.GoalsAll++
		if len(g.Passages) > 0 {
			v.WithPassage++
		} else {
			v.WithoutOne++
		}
		if len(v.Goals) < MaxPassages {
			g.Title = s.Content(e.shown).Title
			v.Goals = append(v.Goals, g)
		}
	}
	for _, e := range s.roots.kids[from:to] {
		if e.sum[cLive] > 0 {
			take(e)
		}
		delete(others, e)
	}
	rest := make([]*Element, 0, len(others))
	for e := range others {
		rest = append(rest, e)
	}
	slices.SortFunc(rest, (*Element).compare)
	for _, e := range rest {
		take(e)
	}
}

func (s *State) goalCoverage(e *Element, mine map[act.Ref]bool) GoalCoverage {
	g := GoalCoverage{
		Item: Item{Ref: e.Ref(), Display: e.Ref().Display(), Kind: e.kind, Status: e.status},
		Ways: int(e.sum[cWays] - int32(e.own[cWays])), Actions: int(e.sum[cActions] - int32(e.own[cActions])), Agreed: int(e.sum[cAgreed]), Of: int(e.sum[cLive]),
	}
	for _, ref := range e.cites {
		if mine[ref] {
			g.Passages = append(g.Passages, ref)
		}
	}
	return g
}
