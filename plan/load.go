package plan

import (
	"slices"

	"entente/act"
	"entente/party"
	"entente/text"
)

// MaxClauses is how many open elements a Load names one by one: those with the most brackets.
const MaxClauses = 200

// A Load is how much of the text is open: what the chart of the talks shows of one moment. It counts
// paragraphs of the plan, and not the rounds, packages and statements that are proposed beside them.
type Load struct {
	Paragraphs int          `json:"paragraphs"` // that stand
	Agreed     int          `json:"agreed"`     // of them, those agreed, with reservations or without
	Open       int          `json:"open"`       // of them, those in brackets
	Brackets   int          `json:"brackets"`
	Options    int          `json:"options"`
	Parties    []PartyLoad  `json:"parties"` // in order of joining
	Kinds      []KindLoad   `json:"kinds,omitempty"`
	Clauses    []ClauseLoad `json:"clauses,omitempty"` // by reference; at most MaxClauses
}

// A PartyLoad is how much is open on a party's account.
type PartyLoad struct {
	Party    party.Code `json:"party"`
	Brackets int        `json:"brackets"` // that hold words or values of this party
	Turns    int        `json:"turns"`    // open elements on which the next word is this party's
}

// A KindLoad is how much is open among the elements of one kind.
type KindLoad struct {
	Kind     act.ElementKind `json:"kind"`
	Open     int             `json:"open"`
	Brackets int             `json:"brackets"`
}

// A ClauseLoad is how much is open in one element.
type ClauseLoad struct {
	Ref      act.Ref         `json:"ref"`
	Kind     act.ElementKind `json:"kind"`
	Brackets int             `json:"brackets"`
	Options  int             `json:"options"`
}

// Load counts what is open. It looks at every open element and at the words of each, once until the
// next act. The lists in it are shared, and nobody changes them.
func (s *State) Load() Load {
	k := &s.board
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.load == nil {
		l := s.makeLoad()
		k.load = &l
	}
	return *k.load
}

func (s *State) makeLoad() Load {
	t := s.Totals()
	l := Load{Paragraphs: t.Elements, Agreed: t.Agreed + t.Reserved, Parties: make([]PartyLoad, s.rule.Parties())}
	for p := range l.Parties {
		l.Parties[p] = PartyLoad{Party: s.charter.Code(uint8(p))}
	}
	kinds := map[act.ElementKind]*KindLoad{}
	for _, e := range s.lists.open.items {
		if !e.Counted() {
			continue
		}
		w := s.bracketed(e)
		l.Open++
		l.Brackets += w.brackets
		l.Options += w.tabled.Options
		for p := range l.Parties {
			l.Parties[p].Brackets += w.heldBy(l.Parties[p].Party)
			l.Parties[p].Turns += one(s.TurnOf(e, uint8(p)))
		}
		k := kinds[e.kind]
		if k == nil {
			k = &KindLoad{Kind: e.kind}
			kinds[e.kind] = k
		}
		k.Open, k.Brackets = k.Open+1, k.Brackets+w.brackets
		l.Clauses = append(l.Clauses, ClauseLoad{e.Ref(), e.kind, w.brackets, w.tabled.Options})
	}
	for _, k := range kinds {
		l.Kinds = append(l.Kinds, *k)
	}
	slices.SortFunc(l.Kinds, func(a, b KindLoad) int { return ranks[a.Kind] - ranks[b.Kind] })
	l.Clauses = heaviest(l.Clauses)
	return l
}

// heaviest keeps the elements with the most brackets, by reference as before.
func heaviest(list []ClauseLoad) []ClauseLoad {
	if len(list) <= MaxClauses {
		return list
	}
	slices.SortStableFunc(list, func(a, b ClauseLoad) int { return b.Brackets - a.Brackets })
	list = slices.Clone(list[:MaxClauses])
	slices.SortFunc(list, func(a, b ClauseLoad) int { return a.Ref.Compare(b.Ref) })
	return list
}

// heldBy is how many of the brackets hold words of the party, or a value of a field.
func (w *bracketed) heldBy(code party.Code) (n int) {
	for _, d := range w.differences {
		for _, v := range d.Values {
			if slices.Contains(v.Parties, code) {
				n++
			}
		}
	}
	for _, list := range [][]LangText{w.title, w.text} {
		for _, t := range list {
			if text.Brackets(t.Segments) > 0 {
				n += ownBrackets(t.Segments, string(code))
				break
			}
		}
	}
	return n
}

// ownBrackets counts the outer brackets that hold words of one side.
func ownBrackets(list []text.Segment, who string) (n int) {
	place, alt := 0, 0
	for _, g := range list {
		if g.Depth > 0 && (g.Place != place || g.Alt != alt) && slices.Contains(g.Who, who) {
			place, alt, n = g.Place, g.Alt, n+1
		}
	}
	return n
}

// tabledIn counts the brackets and options that stand in the words of a text that somebody tabled,
// in the group's first language that has any.
func (s *State) tabledIn(c *act.Content) text.Tally {
	var out text.Tally
	for _, t := range []text.Texts{c.Title, c.Text} {
		for _, l := range s.charter.Languages {
			words, _ := t.Get(l)
			nodes, _ := text.ParseBrackets(words)
			if n := text.TallyOf(nodes); n.Brackets+n.Options > 0 {
				out.Add(n)
				break
			}
		}
	}
	return out
}

// A CoursePoint is how much was open at one moment of the talks.
type CoursePoint struct {
	Moment
	Load
}

// MaxCourse is how many moments the course of the talks goes through: the latest.
const MaxCourse = 24

// Course names the moments at which the state of the text is counted: as each round opened and
// closed, causes first, and now.
func (s *State) Course() []Moment {
	type sat struct {
		entry
		Moment
	}
	var list []sat
	rounds, _ := s.Rounds()
	for i := range rounds {
		for _, x := range []*Sitting{rounds[i].Opened, rounds[i].Closed} {
			if x != nil {
				end := map[act.SitStep]string{act.RoundOpens: roundOpened, act.RoundCloses: roundClosed}[x.Step]
				list = append(list, sat{s.entryAt(x.Place), Moment{Name: string(rounds[i].Ref) + end, Cut: x.Cut, Exact: true,
					Round: rounds[i].Ref, Step: x.Step.String(), By: &x.Stamp, At: x.At}})
			}
		}
	}
	slices.SortFunc(list, func(a, b sat) int { return a.entry.compare(b.entry) })
	var out []Moment
	for _, x := range tail(list, MaxCourse-1) {
		out = append(out, x.Moment)
	}
	return append(out, Moment{Name: "now", Cut: s.Now(), Exact: true, Now: true})
}
