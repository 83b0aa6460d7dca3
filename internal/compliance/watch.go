package compliance

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"entente/act"
	"entente/plan"
)

// A watch is one obligation or milestone as verdicts need it. What every verdict asks stands first and
// close together.
type watch struct {
	from, to Day // 0 for none
	fresh    Day // 0 for any age
	sources  uint8
	agreed   bool
	once     sync.Once
	compiled
	cache atomic.Pointer[seen]
	cases []dispute
	conv  *Converter

	ref        act.Ref
	quantities []Quantity // that its rules name and the agreement has
	meets      [37]bool
	content    act.Content
	act.Watch
}

// compiled is what a watch's rules are when they have been read.
type compiled struct {
	rule, near       *Rule // nil where there is none, or it cannot be read
	isLimit          bool  // the rule is one comparison of the obligation's own quantity with a constant
	byLatest         bool  // and of its latest reading
	isNearLimit      bool
	limit, nearLimit Limit
	fault            string // why a rule cannot be asked
	form             Form   // its kind is 0 where the rule has no plain form
}

// watch takes over from the plan the obligations of an agreement, and what it says for them. Those that
// were not touched stay as they are, while the agreement does.
func (b *Book) watch(p *plan.State, a *account, touched map[act.Ref]bool) {
	e := p.Element(a.ref)
	rev := e.Shown(len(p.Parties()))
	same := a.conv != nil && rev.ID == a.rev
	a.programme, a.agreed = e.Kind() == act.Programme, e.InForce() != nil
	if same && len(touched) == 1 && touched[""] {
		return // only what was observed
	}
	if !same {
		a.settle(p, e)
	}
	had, units := a.byRef, a.units
	a.watches, a.byRef = nil, map[act.Ref]*watch{}
	for ref := range had {
		delete(b.under, ref)
	}
	for _, c := range p.Children(a.ref) {
		w := had[c.Ref()]
		if !same || w == nil || touched[c.Ref()] {
			w = a.watchOf(p, c)
		}
		if w != nil {
			a.watches = append(a.watches, w)
			a.byRef[w.ref], b.under[w.ref] = w, a.ref
		}
	}
	slices.SortFunc(a.watches, func(x, y *watch) int { return x.ref.Compare(y.ref) })
	a.rewatch(units)
}

// settle takes over the agreement's own text, and with it the conversions.
func (a *account) settle(p *plan.State, e *plan.Element) {
	rev := e.Shown(len(p.Parties()))
	a.rev, a.content, a.convError = rev.ID, p.Content(rev), ""
	var terms act.Terms
	if a.content.Terms != nil {
		terms = *a.content.Terms
	}
	conv, err := NewConverter(terms.Conversions)
	if err != nil {
		a.convError = err.Error()
		conv, _ = NewConverter(nil)
	}
	a.conv = conv
	for _, c := range a.columns {
		c.changed()
	}
}

// watchOf is what is watched of an element; nil where it is nothing that is.
func (a *account) watchOf(p *plan.State, e *plan.Element) *watch {
	s := e.Status()
	if k := e.Kind(); k != act.Obligation && k != act.Milestone || s == plan.Withdrawn || s == plan.Removed {
		return nil
	}
	w := &watch{ref: e.Ref(), agreed: e.InForce() != nil, content: p.Content(e.Shown(len(p.Parties())))}
	if w.content.Watch != nil {
		w.Watch = *w.content.Watch
	}
	w.cases = disputesOf(p, a, e)
	return w
}

// rewatch settles the units in which rules speak of quantities, and readies each watch to read its rules
// when they are first asked. One that is ready stays so where no unit has become another.
func (a *account) rewatch(before map[string]string) {
	a.units = map[string]string{}
	for _, agreed := range []bool{true, false} {
		for _, w := range a.watches {
			if _, known := a.units[w.Quantity]; !known && w.Quantity != "" && w.agreed == agreed {
				a.units[w.Quantity] = w.Unit
			}
		}
	}
	sameUnits := maps.Equal(a.units, before)
	for i, w := range a.watches {
		if w.conv == a.conv && sameUnits {
			continue
		}
		a.watches[i] = a.ready(w)
		a.byRef[w.ref] = a.watches[i]
	}
}

// ready is a watch whose rules are yet to be read, in the units that now stand.
func (a *account) ready(w *watch) *watch {
	out := &watch{ref: w.ref, agreed: w.agreed, content: w.content, Watch: w.Watch, cases: w.cases, conv: a.conv, meets: grades(w.Grade)}
	out.from, out.to, out.fresh, out.sources = dayOf(w.From), dayOf(w.To), Day(w.Fresh), w.Sources
	out.quantities = a.named(&w.Watch)
	return out
}

// named lists the quantities that a watch's rules may mean: of those that the agreement has, the ones
// whose names stand in them, and its own.
func (a *account) named(w *act.Watch) []Quantity {
	var out []Quantity
	if w.Quantity != "" {
		out = append(out, Quantity{Name: w.Quantity, Unit: w.Unit})
	}
	for _, name := range identifiers(w.Rule + " " + w.Near) {
		unit, ok := a.units[name]
		if ok && !slices.ContainsFunc(out, func(q Quantity) bool { return q.Name == name }) {
			out = append(out, Quantity{Name: name, Unit: unit})
		}
	}
	return out
}

// identifiers lists the words of a rule that could be names, in order.
func identifiers(rule string) []string {
	return strings.FieldsFunc(rule, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
	})
}

// ready reads the rules, once.
func (w *watch) ready() *compiled {
	w.once.Do(func() { w.compiled = compileWatch(&w.Watch, w.quantities) })
	return &w.compiled
}

func compileWatch(w *act.Watch, quantities []Quantity) (c compiled) {
	if w.Rule == "" {
		return c
	}
	rule, err := Compile(w.Rule, quantities)
	if err != nil {
		c.fault = err.Error()
		return c
	}
	c.rule = rule
	c.limit, c.isLimit = rule.Limit()
	c.isLimit = c.isLimit && c.limit.Quantity == w.Quantity
	c.byLatest = c.isLimit && c.limit.Of == MeasureLatest
	if form, ok := rule.Shape(); ok {
		c.form = form
	}
	if w.Near != "" {
		near, err := CompileNear(w.Near, quantities)
		if err != nil {
			c.fault = err.Error()
			return c
		}
		c.near = near
		c.nearLimit, c.isNearLimit = near.Limit()
		c.isNearLimit = c.isNearLimit && c.nearLimit.Quantity == w.Quantity
	}
	return c
}

// unitOf is the unit in which the rule speaks of a quantity.
func (w *watch) unitOf(quantity string) string {
	for _, q := range w.quantities {
		if q.Name == quantity {
			return q.Unit
		}
	}
	return w.Unit
}
