package compliance

import (
	"cmp"
	"maps"
	"slices"

	"entente/act"
	"entente/plan"
)

// An account is what is observed of one agreement or programme.
type account struct {
	ref       act.Ref
	programme bool
	agreed    bool
	rev       act.Hash    // the agreement's text that was taken over
	content   act.Content // of the agreement, as it is in force or else shown
	conv      *Converter  // nil where the agreement's conversions are none
	convError string
	taken     []uint32            // per party, the ordinal after the last act that was taken in
	columns   map[string]*column  // by quantity
	attested  map[plan.Place]bool // which acts are attests
	attests   []plan.Place        // in causal order
	batches   []plan.Place        // in causal order
	doers     doers
	watches   []*watch // by reference
	byRef     map[act.Ref]*watch
	units     map[string]string // by quantity, the unit in which the agreement's rules speak of it
}

// doers are the acts by which readings came to stand no more.
type doers struct {
	undone   map[plan.Place][]doer     // by batch
	order    []plan.Place              // the batches taken back, of each party the latest first
	fallen   map[plan.Place]bool       // those of them that stand no more, by all that is known
	replaced map[act.ReadingID][]doer  // by reading
	ids      map[plan.Place]act.Hash   // of the batches concerned
	places   map[briefly]batch         // of all batches
	bears    map[sighted][]act.Bearing // of programmes: what sightings bear on
}

// briefly is the first half of a leaf hash, which is enough to tell batches apart.
type briefly [16]byte

func brief(h act.Hash) briefly { return briefly(h[:16]) }

// A batch is where one stands, and how many readings it has.
type batch struct {
	place plan.Place
	n     uint16
}

// sighted names a reading by its place.
type sighted struct {
	place plan.Place
	nth   uint16
}

// A doer is an act that takes something back or replaces it.
type doer struct {
	place    plan.Place
	at       int64
	reported Day
}

// read takes in the acts about the agreement that were not here before.
func (b *Book) read(p *plan.State, a *account) {
	fresh := map[string][]entry{}
	var acts []plan.Place
	places := p.Accounts(a.ref)
	for _, at := range places {
		if int(at.Party) < len(a.taken) && at.Ordinal >= a.taken[at.Party] {
			acts = append(acts, at)
		}
	}
	if len(acts) == 0 {
		return
	}
	doubts := map[plan.Place]doubt{}
	for _, at := range acts { // causes first: what an act takes back stands before it
		a.taken[at.Party] = max(a.taken[at.Party], at.Ordinal+1)
		x := p.Act(at)
		if _, ok := x.Body.(act.Attest); ok {
			a.attested[at] = true
			continue
		}
		if a.doers.places == nil {
			a.doers.places = map[briefly]batch{}
		}
		r, ok := x.Body.(act.Report)
		a.doers.places[brief(p.LeafHash(at))] = batch{at, uint16(len(r.Readings))}
		if ok {
			b.take(a, at, &x, &r, fresh)
			a.undo(at, &x, &r, doubts)
		}
	}
	a.attests, a.batches = nil, make([]plan.Place, 0, len(places))
	for _, at := range places {
		if a.attested[at] {
			a.attests = append(a.attests, at)
		} else {
			a.batches = append(a.batches, at)
		}
	}
	for quantity, entries := range fresh {
		c := a.columns[quantity]
		if c == nil {
			c = &column{}
			a.columns[quantity] = c
		}
		c.put(entries)
	}
	a.mark(doubts)
}

// take makes entries of a batch.
func (b *Book) take(a *account, at plan.Place, x *act.Act, r *act.Report, fresh map[string][]entry) {
	sources := make([]uint32, max(1, len(r.Sources)))
	for i := range r.Sources {
		sources[i] = b.sources.id(witness(&r.Sources[i]))
	}
	for i := range r.Readings {
		reading := &r.Readings[i]
		e, ok := b.entryOf(reading, sources[min(int(reading.Source), len(sources)-1)])
		if !ok {
			continue
		}
		e.at, e.party, e.ordinal, e.nth = x.At, at.Party, at.Ordinal, uint16(i)
		fresh[reading.Quantity] = append(fresh[reading.Quantity], e)
		if len(reading.Bears) > 0 {
			if a.doers.bears == nil {
				a.doers.bears = map[sighted][]act.Bearing{}
			}
			a.doers.bears[sighted{at, uint16(i)}] = reading.Bears
		}
	}
}

// A doubt is what of a batch may stand no more: all of it, or some readings.
type doubt struct {
	all  bool
	some map[uint16]bool
}

// undo notes what an act takes back or replaces. Only a party's own earlier readings are.
func (a *account) undo(at plan.Place, x *act.Act, r *act.Report, doubts map[plan.Place]doubt) {
	d := &a.doers
	if d.undone == nil {
		d.undone, d.replaced, d.ids = map[plan.Place][]doer{}, map[act.ReadingID][]doer{}, map[plan.Place]act.Hash{}
	}
	for _, h := range r.TakesBack {
		if of, ok := a.batch(at, h); ok {
			d.undone[of] = append(d.undone[of], doer{place: at, at: x.At})
			doubts[of] = doubt{all: true}
		}
	}
	for i := range r.Readings {
		id := r.Readings[i].Replaces
		if id == nil {
			continue
		}
		if of, ok := a.batch(at, id.Batch); ok {
			d.ids[of] = id.Batch
			d.replaced[*id] = append(d.replaced[*id], doer{at, x.At, dayOf(r.Readings[i].Reported)})
			x := doubts[of]
			if x.some == nil {
				x.some = map[uint16]bool{}
			}
			x.some[id.Nth] = true
			doubts[of] = x
		}
	}
}

// batch finds an earlier batch of the same party by its leaf hash.
func (a *account) batch(by plan.Place, h act.Hash) (plan.Place, bool) {
	of, ok := a.doers.places[brief(h)]
	return of.place, ok && of.place.Party == by.Party && of.place.Ordinal < by.Ordinal
}

// mark marks the entries that may stand no more, in one pass however many they are, and settles which
// batches stand by all that is known.
func (a *account) mark(doubts map[plan.Place]doubt) {
	if len(doubts) == 0 {
		return
	}
	for _, c := range a.columns {
		found := false
		for i := range c.entries {
			e := &c.entries[i]
			if x, ok := doubts[e.place()]; ok && e.flags&ofMargin == 0 && (x.all || x.some[e.nth]) {
				e.flags |= doubted
				found = true
			}
		}
		if found {
			c.changed()
		}
	}
	a.doers.order = slices.SortedFunc(maps.Keys(a.doers.undone), func(x, y plan.Place) int {
		return cmp.Or(cmp.Compare(x.Party, y.Party), cmp.Compare(y.Ordinal, x.Ordinal))
	})
	a.doers.fallen = a.fall(&sight{})
}

// fall finds the batches that something takes back that stands itself. What takes a batch back is always
// later in the same log: from the latest on, each is asked once.
func (a *account) fall(m *sight) map[plan.Place]bool {
	fallen := map[plan.Place]bool{}
	for _, batch := range a.doers.order {
		for _, d := range a.doers.undone[batch] {
			if m.saw(d) && !fallen[d.place] {
				fallen[batch] = true
				break
			}
		}
	}
	return fallen
}

// gone says whether, by what is known, an entry stands no more, and how that came: "replaced" or
// "taken-back"; empty where it stands.
func (a *account) gone(e *entry, m *sight) string {
	if e.flags&doubted == 0 {
		return ""
	}
	if !a.stands(e.place(), m) {
		return "taken-back"
	}
	if id, ok := a.doers.ids[e.place()]; ok {
		for _, d := range a.doers.replaced[act.ReadingID{Batch: id, Nth: e.nth}] {
			if m.saw(d) && a.stands(d.place, m) {
				return "replaced"
			}
		}
	}
	return ""
}

// stands reports whether nothing that stands itself takes a batch back.
func (a *account) stands(batch plan.Place, m *sight) bool {
	if m.known == KnownNow {
		return !a.doers.fallen[batch]
	}
	fallen, ok := m.fallen[a.ref]
	if !ok {
		fallen = a.fall(m)
		m.fallen[a.ref] = fallen
	}
	return !fallen[batch]
}

// with is the account with entries on top; what it has is shared.
func (a *account) with(fresh map[string][]entry) *account {
	out := *a
	out.columns = maps.Clone(a.columns)
	for q, entries := range fresh {
		c := &column{}
		if had := a.columns[q]; had != nil {
			c.entries = slices.Clone(had.entries)
		}
		c.put(entries)
		out.columns[q] = c
	}
	return &out
}
