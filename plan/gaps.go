package plan

import (
	"entente/act"
)

// Gaps are what the plan lacks. Each list is cut at MaxStory and has its count beside it.
type Gaps struct {
	NoLead       []Item `json:"noLead"` // actions without a lead
	NoLeadAll    int    `json:"noLeadAll"`
	NoDue        []Item `json:"noDue"` // actions without a date
	NoDueAll     int    `json:"noDueAll"`
	NoMeans      []Item `json:"noMeans"` // actions without means
	NoMeansAll   int    `json:"noMeansAll"`
	NoWay        []Item `json:"noWay"` // goals without a way or an action
	NoWayAll     int    `json:"noWayAll"`
	NoPassage    []Item `json:"noPassage"` // goals that answer to no passage, where there are statements
	NoPassageAll int    `json:"noPassageAll"`
}

// Gaps looks through the whole plan for what is missing.
func (s *State) Gaps() Gaps {
	g := Gaps{NoLead: []Item{}, NoDue: []Item{}, NoMeans: []Item{}, NoWay: []Item{}, NoPassage: []Item{}}
	from, to := s.roots.firstOf(act.Statement)
	spoken := to > from
	note := func(missing bool, e *Element, list *[]Item, all *int) {
		if !missing {
			return
		}
		if *all++; len(*list) < MaxStory {
			*list = append(*list, s.itemOf(e))
		}
	}
	s.roots.walk(cLive, 0, func(e *Element) bool {
		switch e.kind {
		case act.Action:
			note(e.leads == 0, e, &g.NoLead, &g.NoLeadAll)
			note(e.due == "", e, &g.NoDue, &g.NoDueAll)
			note(!e.hasMeans(), e, &g.NoMeans, &g.NoMeansAll)
		case act.Goal:
			note(e.sum[cWays]+e.sum[cActions] == 0, e, &g.NoWay, &g.NoWayAll)
			note(spoken && len(e.cites) == 0, e, &g.NoPassage, &g.NoPassageAll)
		}
		return true
	})
	return g
}

func (e *Element) hasMeans() bool {
	if e.kids == nil {
		return false
	}
	from, to := e.kids.firstOf(act.Means)
	return e.kids.between(from, to, cLive) > 0
}
