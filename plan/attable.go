package plan

import (
	"slices"

	"entente/accord"
	"entente/act"
)

// atTable is what the acts say about the talks themselves. Little of it is there for most elements,
// so that it is kept apart from them. Lists stand in the order in which acts were judged here;
// whoever shows one asks for ordered.
type atTable struct {
	silences     map[*Element][]entry // table acts that ask for silence
	referrals    map[*Element][]entry // acceptances ad referendum
	certificates map[*Element][]entry
	sittings     map[*Element][]entry
	accounts     map[*Element][]entry            // observations, what a party's server found, steps of disputes
	packages     map[act.Hash][]*accord.Revision // by revision, those of packages that contain it
	tied         []*Element                      // elements of which some revision is a package, each once
	calendars    []Place                         // per party, its last calendar act
	dated        uint64                          // the parties that have one, as bits
}

func newAtTable(parties int) atTable {
	return atTable{silences: map[*Element][]entry{}, referrals: map[*Element][]entry{}, certificates: map[*Element][]entry{},
		sittings: map[*Element][]entry{}, accounts: map[*Element][]entry{}, packages: map[act.Hash][]*accord.Revision{}, calendars: make([]Place, parties)}
}

// ordered is a list of acts with causes first, the same at every node.
func ordered(list []entry) []entry {
	return slices.SortedFunc(slices.Values(list), entry.compare)
}

// tabled keeps what a table act says about the talks.
func (f *fold) tabled(e *Element, g *Gist, at entry) {
	if g.more.until != 0 {
		f.table.silences[e] = append(f.table.silences[e], at)
	}
	if g.more.kind != act.Package {
		return
	}
	if !slices.Contains(f.table.tied, e) {
		f.table.tied = append(f.table.tied, e)
	}
	r := f.rule.Revision(f.LeafHash(at.Place))
	for _, c := range g.more.contains {
		f.table.packages[c.Revision] = append(f.table.packages[c.Revision], r)
	}
}

// spoken keeps an act that is one party's word about the talks, where it is about an element that
// its writer had seen tabled.
func (f *fold) spoken(g *Gist, at entry) {
	if g.kind == act.KindCalendar {
		f.table.calendars[at.Party] = at.Place
		f.table.dated |= 1 << at.Party
		f.out.Seated = true
		return
	}
	e := f.known(g.element, at)
	if e == nil {
		return
	}
	f.note(e, at)
	list := f.table.accounts
	switch g.kind {
	case act.KindRefer:
		list = f.table.referrals
	case act.KindCertify:
		list = f.table.certificates
	case act.KindSit:
		list = f.table.sittings
	}
	list[e] = append(list[e], at)
}

// Calendar is what the party last said about its capital's days of rest.
func (s *State) Calendar(party uint8) act.Calendar {
	if s.table.dated&(1<<party) == 0 {
		return act.Calendar{}
	}
	c, _ := s.Act(s.table.calendars[party]).Body.(act.Calendar)
	return c
}
