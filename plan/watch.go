package plan

import "entente/act"

// Observed is the sort of an event, and of news, that is of observations and not of progress.
const Observed = DidObserve

// Agreements lists the agreements that are watched and then the programmes that are followed, as
// they stand at the top of the plan; those that were withdrawn or struck out too.
func (s *State) Agreements() []*Element {
	var out []*Element
	for _, kind := range []act.ElementKind{act.Agreement, act.Programme} {
		from, to := s.roots.firstOf(kind)
		out = append(out, s.roots.kids[from:to]...)
	}
	return out
}

// Accounts lists the acts that are one party's word on what is watched: batches of observations of
// an agreement or a programme, what a party's server found of it, and the steps of disputes about
// an obligation. Causes come first, and the order is the same at every node.
func (s *State) Accounts(ref act.Ref) []Place {
	e := s.elements[ref]
	if e == nil {
		return nil
	}
	list := ordered(s.table.accounts[e])
	out := make([]Place, len(list))
	for i, x := range list {
		out[i] = x.Place
	}
	return out
}
