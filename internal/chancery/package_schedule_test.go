package chancery_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/plan"
)

// TestPackagesAreNeverAdoptedInPart has two and three servers table, accept, counter and withdraw
// texts and packages of texts at random, with all that crosses on the way. A server that confirms one
// text of a package which its party holds has confirmed all of it, in one commit; a package that is
// adopted is adopted with all its texts, on every server at every moment; what all hold, with all
// that it stands together with, is adopted in the end; and all servers say the same.
func TestPackagesAreNeverAdoptedInPart(t *testing.T) {
	runs := 300
	if testing.Short() {
		runs = 30
	}
	adopted, freed := 0, 0
	for seed := range runs {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(uint64(seed), 11))
			w := &haggling{table: seat(t, 2+rnd.IntN(2), func(terms *chancery.Terms) { terms.Whole = seed%5 == 0 }), rnd: rnd}
			w.run(30 + rnd.IntN(60))
			a, f := w.check()
			adopted, freed = adopted+a, freed+f
		})
		if t.Failed() {
			t.Fatalf("run %d", seed)
		}
	}
	if !testing.Short() && (adopted < runs/10 || freed < runs/10) {
		t.Errorf("%d packages were adopted, and %d texts without theirs: little is shown", adopted, freed)
	}
	t.Logf("%d packages adopted, %d texts of packages adopted without them", adopted, freed)
}

type haggling struct {
	*table
	rnd *rand.Rand
}

var wares = []act.Ref{"G-1", "G-2", "G-3"}

func (w *haggling) run(steps int) {
	for range steps {
		i := w.rnd.IntN(len(w.homes))
		switch w.rnd.IntN(16) {
		case 0, 1, 2, 3, 4, 5:
			hand(w.t, w.homes[w.rnd.IntN(len(w.homes))], w.homes[i])
		case 6:
			w.homes[i].all(goal(wares[w.rnd.IntN(3)], []string{"One.", "Two.", "Three."}[w.rnd.IntN(3)]))
		case 7:
			w.homes[i].all(act.Withdraw{Element: append(wares, "K-1", "K-2")[w.rnd.IntN(5)], Reason: names("No.")})
		case 8, 9, 10, 11:
			w.accept(i, wares[w.rnd.IntN(3)])
		case 12, 13, 14:
			w.accept(i, []act.Ref{"K-1", "K-2"}[w.rnd.IntN(2)])
		case 15:
			w.parcel(i, []act.Ref{"K-1", "K-2"}[w.rnd.IntN(2)])
		}
		w.together()
	}
	w.meet()
	if w.rnd.IntN(2) == 0 { // in the end they want to agree
		for range 3 {
			for i := range w.homes {
				for _, ref := range append([]act.Ref{"K-1", "K-2"}, wares...) {
					w.accept(i, ref)
				}
				w.meet()
				w.together()
			}
		}
	}
}

// accept takes up somebody's text and, of a package, all that is in it.
func (w *haggling) accept(i int, ref act.Ref) {
	var bodies []act.Body
	self := uint8(i)
	w.homes[i].plenary().View(func(p *plan.State) {
		e := p.Element(ref)
		if e == nil {
			return
		}
		r := e.Position(uint8(w.rnd.IntN(len(w.homes))))
		if r == nil {
			return
		}
		for _, c := range p.Content(r).Contains {
			if m := p.Rule().Revision(c.Revision); m != nil && !m.IsAdopted() && p.Element(c.Element).Position(self) != m {
				bodies = append(bodies, act.Accept{Element: c.Element, Revision: c.Revision})
			}
		}
		bodies = append(bodies, act.Accept{Element: ref, Revision: r.ID})
	})
	if len(bodies) > 0 {
		w.homes[i].all(bodies...) // refused, or not
	}
}

// parcel makes a package of texts of anybody's, taking up those of others.
func (w *haggling) parcel(i int, ref act.Ref) {
	var bodies []act.Body
	k := act.Table{Element: ref, Content: act.Content{Kind: act.Package, Title: names("Package")}}
	w.homes[i].plenary().View(func(p *plan.State) {
		for _, x := range wares {
			e := p.Element(x)
			if e == nil || w.rnd.IntN(4) == 0 {
				continue
			}
			r := e.Position(uint8(w.rnd.IntN(len(w.homes))))
			if r == nil || r.IsAdopted() {
				continue
			}
			if e.Position(uint8(i)) != r {
				bodies = append(bodies, act.Accept{Element: x, Revision: r.ID})
			}
			k.Content.Contains = append(k.Content.Contains, act.Contained{Element: x, Revision: r.ID})
		}
	})
	if len(k.Content.Contains) > 0 {
		w.homes[i].all(append(bodies, k)...)
	}
}

// together checks on every server that what is adopted of packages is adopted whole.
func (w *haggling) together() {
	for _, h := range w.homes {
		h.plenary().View(func(p *plan.State) {
			for _, ref := range []act.Ref{"K-1", "K-2"} {
				e := p.Element(ref)
				if e == nil {
					continue
				}
				for _, k := range e.Adopted() {
					for _, c := range p.Content(k).Contains {
						if !p.Rule().Revision(c.Revision).IsAdopted() {
							w.t.Errorf("%s: %s is adopted without its text of %s", h.card.Code, ref, c.Element)
						}
					}
				}
			}
		})
	}
}

// check checks the logs as they are at the end, and counts the packages that were adopted and the
// texts of packages that were adopted without them.
func (w *haggling) check() (adopted, freed int) {
	t := w.t
	w.homes[0].plenary().View(func(p *plan.State) {
		for q := range w.homes {
			w.checkLog(p, uint8(q))
			if p.Charter().Whole {
				w.checkWhole(p, uint8(q))
			}
		}
		for _, e := range p.Open() {
			r := e.Position(0)
			all := r != nil
			for q := range w.homes {
				all = all && e.Position(uint8(q)) == r
			}
			if all && !p.HeldBack(r) {
				t.Errorf("all hold one text of %s, which nothing holds back, and it is not adopted", e.Ref())
			}
		}
		for _, ref := range []act.Ref{"K-1", "K-2"} {
			if e := p.Element(ref); e != nil {
				adopted += len(e.Adopted())
				for _, k := range e.Revisions() {
					for _, c := range p.Content(k).Contains {
						if !k.IsAdopted() && p.Rule().Revision(c.Revision).IsAdopted() {
							freed++
						}
					}
				}
			}
		}
	})
	for _, ref := range append(slices.Clone(wares), "K-1", "K-2") {
		for _, h := range w.homes[1:] {
			if a, b := w.says(w.homes[0], ref), w.says(h, ref); !slices.Equal(a, b) {
				t.Errorf("%s: %v here, %v at %s", ref, a, b, h.card.Code)
			}
		}
	}
	return adopted, freed
}

// says is what a server says of an element.
func (w *haggling) says(h *home, ref act.Ref) (out []string) {
	h.plenary().View(func(p *plan.State) {
		if e := p.Element(ref); e != nil {
			out = append(out, e.Status().String())
			for _, r := range e.Adopted() {
				out = append(out, r.ID.String())
			}
		}
	})
	return out
}

// checkLog checks that a party has confirmed all of a package in one go, or nothing of it while it held it.
func (w *haggling) checkLog(p *plan.State, q uint8) {
	confirmed := map[act.Hash]int{} // by revision, in which run of confirmations
	var order []act.Confirm
	at := map[act.Hash]int{}
	run, confirming := 0, false
	for o, leaf := range w.log(q) {
		a, err := act.Decode(leaf)
		if err != nil {
			w.t.Fatal(err)
		}
		c, ok := a.Body.(act.Confirm)
		if ok && !confirming {
			run++
		}
		if confirming = ok; ok {
			confirmed[c.Revision], at[c.Revision] = run, o
			order = append(order, c)
		}
	}
	for _, c := range order {
		for _, ref := range []act.Ref{"K-1", "K-2"} {
			e := p.Element(ref)
			if e == nil {
				continue
			}
			for _, k := range e.Revisions() {
				members := p.Content(k).Contains
				if !k.HeldAt(q, at[c.Revision]) || c.Revision != k.ID && !slices.ContainsFunc(members, func(m act.Contained) bool { return m.Revision == c.Revision }) {
					continue
				}
				for _, m := range append(slices.Clone(members), act.Contained{Element: ref, Revision: k.ID}) {
					r := p.Rule().Revision(m.Revision)
					if confirmed[m.Revision] != confirmed[c.Revision] && !r.IsAdopted() && !r.ConfirmedBy(q) {
						w.t.Errorf("%s confirmed %s of %s while it held it, and not its text of %s", w.homes[q].card.Code, c.Element, ref, m.Element)
					}
				}
			}
		}
	}
}

// checkWhole checks that a party has confirmed nothing while something was open on which the
// parties did not hold the same, as far as it had seen.
func (w *haggling) checkWhole(p *plan.State, q uint8) {
	confirming := false
	for o, leaf := range w.log(q) {
		a, _ := act.Decode(leaf)
		_, ok := a.Body.(act.Confirm)
		if first := ok && !confirming; first {
			cut := p.CutAt(plan.Place{Party: q, Ordinal: uint32(o)})
			cut[q]--
			for _, e := range p.At(cut).Open() {
				for other := range w.homes {
					if r := e.Position(q); r == nil || e.Position(uint8(other)) != r {
						w.t.Errorf("%s confirmed while %s was open", w.homes[q].card.Code, e.Ref())
					}
				}
			}
		}
		confirming = ok
	}
}

// log is a party's log as its own server has it.
func (w *haggling) log(q uint8) (out []string) {
	g := w.homes[q].plenary()
	for _, d := range g.Deltas(map[ledger.Log]uint64{}, 1<<30) {
		if d.Log.Party == q {
			for _, leaf := range d.Leaves {
				out = append(out, string(leaf))
			}
		}
	}
	return out
}
