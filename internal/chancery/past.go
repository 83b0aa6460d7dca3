package chancery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"entente/plan"
)

// # The text as it stood
//
// A page of the plan at another moment is made of a plan that is folded of the entries before it. The
// few that were asked for lately are kept. They are made a part at a time, so that no writer waits
// for one, and one after another, so that whoever asks for many takes one core and no more.

// Bounds of what is kept of other moments, over all groups.
const (
	maxPast      = 8       // plans
	maxPastActs  = 1 << 20 // entries in all of them together; the last one made is kept whatever its size
	maxPastLoads = 512     // counts of what was open at a moment
	pastAtOnce   = 2048    // entries folded between two chances for a writer
	maxPastTries = 4       // how often it is begun anew where the group was read again meanwhile
)

// errRestless says that a group was read again each time that its past was looked at.
var errRestless = errors.New("the group is being read again from its logs, so that its past cannot be shown now. Nothing was changed. Try again")

// past is the plans of other moments that are kept.
type past struct {
	once   sync.Once
	making chan struct{} // taken by whoever makes one: see begin

	mu    sync.Mutex // guards what follows
	plans []pastPlan // the one that was asked for last stands last
	loads map[pastKey]plan.Load
}

// A pastKey names a moment: the group, the plan that it is a part of, and its cut. When a group is
// read again from its logs, its plan is another one, and what was kept of the one before is let go.
type pastKey struct {
	in  *Group
	of  *plan.State
	cut string
}

type pastPlan struct {
	pastKey
	then *plan.State
	acts int
}

// begin waits until nobody else makes a plan of another moment.
func (k *past) begin(ctx context.Context) error {
	k.once.Do(func() { k.making = make(chan struct{}, 1) })
	select {
	case k.making <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end lets the next one begin.
func (k *past) end() { <-k.making }

func (k *past) get(key pastKey) *plan.State {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, p := range k.plans {
		if p.pastKey == key {
			k.plans = append(slices.Delete(k.plans, i, i+1), p)
			return p.then
		}
	}
	return nil
}

func (k *past) put(key pastKey, then *plan.State, acts int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.plans = slices.DeleteFunc(k.plans, func(p pastPlan) bool { return p.in == key.in && p.of != key.of })
	k.plans = append(k.plans, pastPlan{key, then, acts})
	all := 0
	for _, p := range k.plans {
		all += p.acts
	}
	for len(k.plans) > 1 && (len(k.plans) > maxPast || all > maxPastActs) {
		all -= k.plans[0].acts
		k.plans = slices.Delete(k.plans, 0, 1)
	}
}

func (k *past) load(key pastKey) (plan.Load, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, ok := k.loads[key]
	return l, ok
}

func (k *past) keep(key pastKey, l plan.Load) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.loads == nil || len(k.loads) >= maxPastLoads {
		k.loads = map[pastKey]plan.Load{}
	}
	maps.DeleteFunc(k.loads, func(o pastKey, _ plan.Load) bool { return o.in == key.in && o.of != key.of })
	k.loads[key] = l
}

// A Then is the plan as it stood at a moment.
type Then struct {
	plan.Moment
	Plan *plan.State
}

// Then calls f with the plan as it is, and as it stood at each of the moments: see
// plan.State.Moment for their names. As with View, f takes copies of what it needs. An error is a
// *plan.MomentError, or the context's.
func (g *Group) Then(ctx context.Context, moments []string, f func(now *plan.State, then []Then)) error {
	for range maxPastTries {
		again, err := g.then(ctx, moments, f)
		if err != nil || !again {
			return err
		}
	}
	return errRestless
}

func (g *Group) then(ctx context.Context, moments []string, f func(*plan.State, []Then)) (again bool, err error) {
	out := make([]Then, len(moments))
	var base *plan.State
	g.View(func(p *plan.State) {
		base = p
		for i, name := range moments {
			if out[i].Moment, err = p.Moment(name); err != nil {
				return
			}
		}
	})
	if err != nil {
		return false, err
	}
	for i := range out {
		if !out[i].Now {
			if out[i].Plan, err = g.pastPlan(ctx, base, out[i].Cut); out[i].Plan == nil {
				return err == nil, err
			}
		}
	}
	g.View(func(p *plan.State) {
		if again = p != base; again {
			return
		}
		for i := range out {
			if out[i].Now {
				out[i].Plan, out[i].Cut = p, p.Now()
			}
		}
		f(p, out)
	})
	return again, nil
}

// pastPlan finds or makes the plan at a cut; nil without an error where the group was read again.
func (g *Group) pastPlan(ctx context.Context, base *plan.State, cut plan.Cut) (*plan.State, error) {
	if err := g.awaitFor(ctx); err != nil { // it is folded of all that was read
		return nil, err
	}
	k, key := &g.c.past, pastKey{g, base, cut.String()}
	if then := k.get(key); then != nil {
		return then, nil
	}
	if err := k.begin(ctx); err != nil {
		return nil, err
	}
	defer k.end()
	if then := k.get(key); then != nil {
		return then, nil
	}
	told, err := g.retell(ctx, base, nil, cut)
	if told == nil {
		return nil, err
	}
	acts := 0
	for _, n := range cut {
		acts += n
	}
	k.put(key, told.State, acts)
	return told.State, nil
}

// retell folds up to a cut, going on from what was told before where that leads there; nil without
// an error where the group was read again.
func (g *Group) retell(ctx context.Context, base *plan.State, told *plan.Retelling, cut plan.Cut) (*plan.Retelling, error) {
	if told == nil || !told.Extend(cut) {
		g.View(func(p *plan.State) { told = base.Retell(cut) })
	}
	for whole := false; !whole; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		same := true
		g.View(func(p *plan.State) {
			if same = p == base; same {
				whole = told.Some(pastAtOnce)
			}
		})
		if !same {
			return nil, nil
		}
	}
	return told, nil
}

// Course tells how much was open as each round of talks opened and closed, and is now.
func (g *Group) Course(ctx context.Context) ([]plan.CoursePoint, error) {
	for range maxPastTries {
		out, again, err := g.course(ctx)
		if err != nil || !again {
			return out, err
		}
	}
	return nil, errRestless
}

func (g *Group) course(ctx context.Context) (out []plan.CoursePoint, again bool, err error) {
	if err := g.awaitFor(ctx); err != nil {
		return nil, false, err
	}
	var base *plan.State
	var moments []plan.Moment
	g.View(func(p *plan.State) { base, moments = p, p.Course() })
	k := &g.c.past
	var told *plan.Retelling
	for _, m := range moments[:len(moments)-1] {
		key := pastKey{g, base, m.Cut.String()}
		l, known := k.load(key)
		if !known {
			if err := k.begin(ctx); err != nil {
				return nil, false, err
			}
			told, err = g.retell(ctx, base, told, m.Cut)
			k.end()
			if told == nil {
				return nil, err == nil, err
			}
			g.View(func(*plan.State) { l = told.State.Load() })
			k.keep(key, l)
		}
		out = append(out, plan.CoursePoint{Moment: m, Load: l})
	}
	g.View(func(p *plan.State) {
		last := moments[len(moments)-1]
		last.Cut = p.Now()
		again = p != base
		out = append(out, plan.CoursePoint{Moment: last, Load: p.Load()})
	})
	return out, again, nil
}
