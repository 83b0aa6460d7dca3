package compliance

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"entente/accord"
	"entente/act"
	"entente/plan"
)

// A watch is one obligation or milestone as verdicts need it.
type watch struct {
	ref     act.Ref
	kind    act.ElementKind
	agreed  bool
	rev     *accord.Revision
	content act.Content
	act.Watch
	from, to   Day // 0 for none
	meets      [37]bool
	quantities []Quantity // that its rules name and the agreement has
	conv       *Converter
	cases      []dispute
	once       sync.Once
	compiled
	cache atomic.Pointer[view]
}

// compiled is what a watch's rules are when they have been read.
type compiled struct {
	rule, near  *Rule // nil where there is none, or it cannot be read
	limit       Limit
	isLimit     bool // the rule is one comparison with a constant
	nearLimit   Limit
	isNearLimit bool
	form        Form   // its kind is 0 where the rule has no plain form
	fault       string // why a rule cannot be asked
}

// watch takes over from the plan the obligations of an agreement, and what it says for them.
func (b *Book) watch(p *plan.State, a *account) {
	e := p.Element(a.ref)
	a.programme, a.agreed = e.Kind() == act.Programme, e.InForce() != nil
	a.content = p.Content(e.Shown(len(p.Parties())))
	a.conv, a.convError = nil, ""
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
	for ref, up := range b.under {
		if up == a.ref {
			delete(b.under, ref)
		}
	}
	had := a.byRef
	a.watches, a.byRef, a.units = nil, map[act.Ref]*watch{}, map[string]string{}
	for _, c := range p.Children(a.ref) {
		if w := a.watchOf(p, c, had[c.Ref()]); w != nil {
			a.watches = append(a.watches, w)
			a.byRef[w.ref], b.under[w.ref] = w, a.ref
		}
	}
	slices.SortFunc(a.watches, func(x, y *watch) int { return x.ref.Compare(y.ref) })
	for _, c := range a.columns {
		c.changed()
	}
	a.rewatch()
}

// watchOf is what is watched of an element; nil where it is nothing that is.
func (a *account) watchOf(p *plan.State, e *plan.Element, had *watch) *watch {
	s := e.Status()
	if k := e.Kind(); k != act.Obligation && k != act.Milestone || s == plan.Withdrawn || s == plan.Removed {
		return nil
	}
	rev := e.Shown(len(p.Parties()))
	w := &watch{ref: e.Ref(), kind: e.Kind(), agreed: e.InForce() != nil, rev: rev}
	if had != nil && had.rev == rev {
		w.content = had.content
	} else {
		w.content = p.Content(rev)
	}
	if w.content.Watch != nil {
		w.Watch = *w.content.Watch
	}
	w.cases = disputesOf(p, a, e)
	return w
}

// rewatch settles the units in which rules speak of quantities, and readies each watch to read its rules
// when they are first asked.
func (a *account) rewatch() {
	for _, w := range a.watches {
		if _, known := a.units[w.Quantity]; !known && w.Quantity != "" && w.agreed {
			a.units[w.Quantity] = w.Unit
		}
	}
	for _, w := range a.watches {
		if _, known := a.units[w.Quantity]; !known && w.Quantity != "" {
			a.units[w.Quantity] = w.Unit
		}
	}
	for _, w := range a.watches {
		w.from = dayOf(w.From)
		w.to = dayOf(w.To)
		w.meets = grades(w.Grade)
		w.conv = a.conv
		w.quantities = a.named(&w.Watch)
	}
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
