package compliance

import (
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
	replaced map[act.ReadingID][]doer  // by reading
	ids      map[plan.Place]act.Hash   // of the batches concerned
	places   map[act.Hash]plan.Place   // and back
	bears    map[plan.Place][]bearings // of programmes: what sightings bear on
}

// A doer is an act that takes something back or replaces it.
type doer struct {
	place    plan.Place
	at       int64
	reported Day
}

// bearings are what one reading of a batch bears on.
type bearings struct {
	nth   uint16
	bears []act.Bearing
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
	var later []func()
	for _, at := range acts {
		a.taken[at.Party] = max(a.taken[at.Party], at.Ordinal+1)
		x := p.Act(at)
		if _, ok := x.Body.(act.Attest); ok {
			a.attested[at] = true
		}
		if r, ok := x.Body.(act.Report); ok {
			b.take(a, at, &x, &r, fresh)
			if len(r.TakesBack) > 0 || slices.ContainsFunc(r.Readings, func(r act.Reading) bool { return r.Replaces != nil }) {
				later = append(later, func() { a.undo(p, at, &x, &r) })
			}
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
	for _, f := range later {
		f()
	}
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
				a.doers.bears = map[plan.Place][]bearings{}
			}
			a.doers.bears[at] = append(a.doers.bears[at], bearings{uint16(i), reading.Bears})
		}
	}
}

// undo marks what an act takes back or replaces. Only a party's own earlier readings are.
func (a *account) undo(p *plan.State, at plan.Place, x *act.Act, r *act.Report) {
	d := &a.doers
	if d.undone == nil {
		d.undone, d.replaced = map[plan.Place][]doer{}, map[act.ReadingID][]doer{}
		d.ids, d.places = map[plan.Place]act.Hash{}, map[act.Hash]plan.Place{}
	}
	for _, h := range r.TakesBack {
		if of, ok := a.batch(p, at, h); ok {
			d.undone[of] = append(d.undone[of], doer{place: at, at: x.At})
			a.doubt(p, of, -1)
		}
	}
	for i := range r.Readings {
		if id := r.Readings[i].Replaces; id != nil {
			if of, ok := a.batch(p, at, id.Batch); ok {
				reported := dayOf(r.Readings[i].Reported)
				d.replaced[*id] = append(d.replaced[*id], doer{at, x.At, reported})
				a.doubt(p, of, int(id.Nth))
			}
		}
	}
}

// batch finds an earlier batch of the same party by its leaf hash.
func (a *account) batch(p *plan.State, by plan.Place, h act.Hash) (plan.Place, bool) {
	if at, ok := a.doers.places[h]; ok {
		return at, at.Party == by.Party && at.Ordinal < by.Ordinal
	}
	for _, at := range a.batches {
		if at.Party == by.Party && at.Ordinal < by.Ordinal && p.LeafHash(at) == h {
			a.doers.places[h], a.doers.ids[at] = at, h
			return at, true
		}
	}
	return plan.Place{}, false
}

// doubt marks the entries of a batch, or one of them, as such that may stand no more.
func (a *account) doubt(p *plan.State, at plan.Place, nth int) {
	r, ok := p.Act(at).Body.(act.Report)
	if !ok {
		return
	}
	for i := range r.Readings {
		c := a.columns[r.Readings[i].Quantity]
		if nth >= 0 && i != nth || c == nil {
			continue
		}
		if day, ok := DayOf(r.Readings[i].AsOf); ok {
			if j := c.find(day, at, uint16(i)); j >= 0 {
				c.entries[j].flags |= doubted
				c.changed()
			}
		}
	}
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
	for _, d := range a.doers.undone[batch] {
		if m.saw(d) && a.stands(d.place, m) {
			return false
		}
	}
	return true
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
