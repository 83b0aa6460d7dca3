package compliance

import (
	"math"
	"strconv"

	"entente/act"
	"entente/plan"
)

// A sight is a Moment made ready for readings to be held against it.
type sight struct {
	on    Day
	known Known
	by    Day
	until int64              // the first millisecond after by
	views map[sightKey]*view // made for what is known at another time than now

	fallen map[act.Ref]map[plan.Place]bool // and by agreement, the batches that stand no more then
	purse  *int                            // readings that may still be looked at to tell how verdicts came to be
}

// A sightKey names a view among those made for one sight.
type sightKey struct {
	of *column
	viewKey
}

// at is the same sight on another day.
func (s *sight) at(on Day) *sight {
	out := *s
	out.on = on
	return &out
}

// sightOf is the sight of a Moment; a day that is none is the last there is.
func sightOf(m Moment) *sight {
	s := &sight{known: m.Known, views: map[sightKey]*view{}, fallen: map[act.Ref]map[plan.Place]bool{}, purse: new(int)}
	*s.purse = maxLooks
	day, ok := DayOf(m.On)
	if !ok {
		day = maxDay
	}
	s.on, s.by = day, day
	if by, ok := DayOf(m.By); ok {
		s.by = by
	}
	s.until = (int64(s.by) + 1) * secondsADay * 1000
	return s
}

// knows reports whether an entry is known.
func (s *sight) knows(e *entry) bool {
	switch s.known {
	case KnownEntered:
		return e.at < s.until
	case KnownReported:
		return e.reported <= s.by && (e.reported != 0 || e.day <= s.by)
	}
	return true
}

// saw reports whether it is known that something was taken back or replaced.
func (s *sight) saw(d doer) bool {
	switch s.known {
	case KnownEntered:
		return d.at < s.until
	case KnownReported:
		return d.reported <= s.by
	}
	return true
}

// A viewKey says for which obligations a view is: those with that unit and that grade.
type viewKey struct {
	unit string
	need act.Grade
}

// A view is a column as a rule sees it: what is known and stands, one point a day, in one unit.
type view struct {
	of      *column
	kept    bool // with its column
	version int
	track   Track   // what counts: of the grade that is needed, or better
	first   []int32 // per point, where its entries begin in refs; one more at the end
	refs    []int32 // entries of the column
	sides   []side  // nil where the parties nowhere contradict each other
	lesser  *Track  // what readings below the grade say where there are any, else what counts; nil where there are none
	lowDays []Day   // days with readings below the grade
	odd     []Day   // days with readings in a unit that is not converted
}

// A side is what counts in one party's words.
type side struct {
	party uint8
	track Track
}

// view gives a column as obligations of a unit and a grade see it at a Moment; an empty one where the
// quantity has no column.
func (b *Book) view(a *account, conv *Converter, quantity, unit string, need act.Grade, s *sight) *view {
	c := a.columns[quantity]
	if c == nil {
		return &view{first: []int32{0}}
	}
	key := viewKey{unit, need}
	if s.known == KnownNow {
		c.mu.Lock()
		defer c.mu.Unlock()
		v := c.views[key]
		if v == nil && len(c.views) < maxViews {
			v = b.makeView(a, c, conv, unit, need, s)
			if c.views == nil {
				c.views = map[viewKey]*view{}
			}
			v.kept, c.views[key] = true, v
		}
		if v != nil {
			return v
		}
	}
	v := s.views[sightKey{c, key}]
	if v == nil {
		v = b.makeView(a, c, conv, unit, need, s)
		if len(s.views) >= maxViews {
			clear(s.views)
		}
		s.views[sightKey{c, key}] = v
	}
	return v
}

// maxViews is how many views of a column are kept, and for how many more a page has room at a time: a
// view is as large as its column, and anybody may propose obligations each in a unit of its own.
const maxViews = 32

// own is the view of the obligation's own quantity.
func (b *Book) own(a *account, w *watch, s *sight) *view {
	if s.known != KnownNow {
		return b.view(a, w.conv, w.Quantity, w.Unit, w.Grade, s)
	}
	if c := w.cache.Load(); c != nil && c.in == a && c.view.of != nil && c.view.version == c.view.of.version {
		return c.view
	}
	v := b.view(a, w.conv, w.Quantity, w.Unit, w.Grade, s)
	if v.kept {
		w.cache.Store(&seen{a, v})
	}
	return v
}

// seen is a watch's view of its own quantity as it was last made for an account. An account never puts
// another column in the place of one that it has.
type seen struct {
	in   *account
	view *view
}

// A viewer makes a view, day by day.
type viewer struct {
	b     *Book
	a     *account
	c     *column
	v     *view
	meets [37]bool
	units *scales
	clash []clash // days on which parties contradict each other
}

// A clash is a point of the view on which parties contradict each other, and what each says.
type clash struct {
	point int
	says  []saying
}

type saying struct {
	party  uint8
	amount Amount
}

func (b *Book) makeView(a *account, c *column, conv *Converter, unit string, need act.Grade, s *sight) *view {
	n := len(c.entries)
	r := viewer{b: b, a: a, c: c, meets: grades(need), units: b.scales(conv, unit), v: &view{of: c, version: c.version, first: make([]int32, 0, n+1), refs: make([]int32, 0, n)}}
	r.v.track.Days, r.v.track.Low, r.v.track.High = make([]Day, 0, n), make([]float64, 0, n), make([]float64, 0, n)
	var good, low []int32 // of one day
	for i := 0; i < n; {
		day := c.entries[i].day
		good, low = good[:0], low[:0]
		for ; i < n && c.entries[i].day == day; i++ {
			e := &c.entries[i]
			switch {
			case !s.knows(e) || a.gone(e, s) != "":
			case !r.units.can(e.unit):
				r.v.odd = append(r.v.odd, day)
			case r.meets[e.grade]:
				good = append(good, int32(i))
			default:
				low = append(low, int32(i))
			}
		}
		r.day(day, good, low)
	}
	r.v.first = append(r.v.first, int32(len(r.v.refs)))
	r.takeSides()
	return r.v
}

// day takes one day in.
func (r *viewer) day(day Day, good, low []int32) {
	v := r.v
	if len(low) > 0 {
		v.lowDays = append(v.lowDays, day)
		if v.lesser == nil {
			v.lesser = v.track.copy(0)
		}
		amount, _ := r.together(low)
		v.lesser.Add(day, amount)
	}
	if len(good) == 0 {
		return
	}
	v.first = append(v.first, int32(len(v.refs)))
	v.refs = append(v.refs, good...)
	var amount Amount
	if len(good) == 1 {
		amount = r.amount(good[0])
	} else {
		var says []saying
		if amount, says = r.together(good); says != nil {
			r.clash = append(r.clash, clash{len(v.track.Days), says})
		}
	}
	v.track.Add(day, amount)
	if v.lesser != nil && len(low) == 0 {
		v.lesser.Add(day, amount)
	}
}

// together is what the entries of one day say: what they have in common, of each party for itself and
// then of all. Where the parties have nothing in common it is all that lies between them, and what each
// says is told apart.
func (r *viewer) together(entries []int32) (Amount, []saying) {
	var says []saying
	for i := 0; i < len(entries); {
		party := r.c.entries[entries[i]].party
		var own []Amount
		for _, x := range entries {
			if e := &r.c.entries[x]; e.party == party {
				own = append(own, r.amount(x))
			}
		}
		amount, _ := common(own)
		says = append(says, saying{party, amount})
		for i++; i < len(entries) && said(says, r.c.entries[entries[i]].party); i++ {
		}
	}
	all := make([]Amount, len(says))
	for i := range says {
		all[i] = says[i].amount
	}
	amount, agree := common(all)
	if agree {
		return amount, nil
	}
	return amount, says
}

func said(says []saying, party uint8) bool {
	for _, s := range says {
		if s.party == party {
			return true
		}
	}
	return false
}

// common is what amounts have in common; where they have nothing, all that lies between them, and false.
func common(all []Amount) (Amount, bool) {
	inter, hull := all[0], all[0]
	for _, a := range all[1:] {
		inter, hull = inter.both(a), hull.hull(a)
	}
	if inter.empty() {
		return hull, false
	}
	return inter, true
}

// amount is an entry in the view's unit.
func (r *viewer) amount(i int32) Amount {
	e := &r.c.entries[i]
	return r.units.convert(e.unit, e.amount())
}

// takeSides makes for each party that is contradicted somewhere the track in its words.
func (r *viewer) takeSides() {
	if len(r.clash) == 0 {
		return
	}
	var parties [256]bool
	for _, c := range r.clash {
		for _, s := range c.says {
			parties[s.party] = true
		}
	}
	for p, in := range parties {
		if !in {
			continue
		}
		t := r.v.track.copy(0)
		if t.Open == nil {
			t.Open = make([]Ends, len(t.Days))
		}
		for _, c := range r.clash {
			for _, s := range c.says {
				if int(s.party) == p {
					t.set(c.point, s.amount)
				}
			}
		}
		r.v.sides = append(r.v.sides, side{uint8(p), *t})
	}
}

// copy is a track of its own with the same points, and room for more.
func (t *Track) copy(room int) *Track {
	out := &Track{
		Days: append(make([]Day, 0, len(t.Days)+room), t.Days...),
		Low:  append(make([]float64, 0, len(t.Low)+room), t.Low...),
		High: append(make([]float64, 0, len(t.High)+room), t.High...),
	}
	if t.Open != nil {
		out.Open = append(make([]Ends, 0, len(t.Open)+room), t.Open...)
	}
	return out
}

// set puts another amount in the place of one. The track has its ends.
func (t *Track) set(i int, a Amount) {
	t.Low[i], t.High[i], t.Open[i] = a.Low, a.High, 0
	if a.LowOpen {
		t.Open[i] |= LowOpen
	}
	if a.HighOpen {
		t.Open[i] |= HighOpen
	}
}

// entriesOf are the entries of a point.
func (v *view) entriesOf(point int) []int32 { return v.refs[v.first[point]:v.first[point+1]] }

// A scales is how readings in each unit become readings in one.
type scales struct {
	unit  string
	b     *Book
	conv  *Converter
	known map[uint32]bool // which units it converts
	same  uint32          // the number of its own unit; noUnit where no reading has it
}

func (b *Book) scales(conv *Converter, unit string) *scales {
	return &scales{unit: unit, b: b, conv: conv, known: map[uint32]bool{}, same: b.units.find(unit)}
}

// can reports whether a unit can be converted.
func (s *scales) can(unit uint32) bool {
	if unit == s.same {
		return true
	}
	can, known := s.known[unit]
	if !known {
		can = s.conv.Can(s.b.unitCode(unit), s.unit)
		s.known[unit] = can
	}
	return can
}

// convert makes an amount one of the scales' unit, by the decimals that its ends were written as.
func (s *scales) convert(unit uint32, a Amount) Amount {
	if unit == s.same {
		return a
	}
	from := s.b.unitCode(unit)
	a.Low, a.High = s.end(a.Low, from), s.end(a.High, from)
	return a
}

func (s *scales) end(x float64, from string) float64 {
	if math.IsInf(x, 0) {
		return x
	}
	y, err := s.conv.Number(strconv.FormatFloat(x, 'f', -1, 64), from, s.unit)
	if err != nil {
		return x
	}
	return y
}
