// Package workload makes histories of any length: what parties would have said to one another, as
// valid entries of their logs, the same for the same seed.
//
// It is for benchmarks, for tests that need more than a handful of acts, and for a command that
// fills a server to try it out. It is not a demonstration: its sentences have the length and the
// repetitions of prose and no meaning.
//
// # What is in a history
//
// Of every hundred acts about 40 table a revision (a quarter of them of a new element, so that
// there is one element for ten acts), 30 accept one or confirm one, 20 are remarks and 10 reports.
// A revision has 200 to 600 bytes of text; a quarter of the elements is in Hebrew. The parties
// write in turns of some ten acts. At the beginning of a turn the writer has seen everything that
// was said before it or, one time in six, everything but the turn before: then letters cross.
// Every server confirms at once what it has seen all the others hold. With a silent party among
// them, nothing is adopted.
//
// # Invariants
//
//   - Every act is good under the rule of agreement, wherever the history is cut off between two
//     Bursts.
//   - Whatever an act has seen stands in the same Burst or an earlier one.
//   - The same Config makes the same bytes, and Run(a), Run(b) the same as Run(a+b), save that the
//     checkpoints are taken where a Burst ends.
//
// # Example
//
//	w, err := workload.New(workload.Config{Seed: 1})
//	err = w.Run(100_000, func(b workload.Burst) error {
//		return stores[b.Group].Commit(ctx, b.Batches...)
//	})
package workload

import (
	"context"
	"fmt"
	"math/rand/v2"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/party"
)

// Config says which history to make. The zero value of a field is its default.
type Config struct {
	Seed    uint64
	Parties int // 2; at most act.MaxParties
	Silent  int // 0: how many of the parties, the last ones, write nothing and have seen nothing
	Groups  int // 5; at least one, all parties in each
	Burst   int // 1024: how many acts of one group are gathered before they are given out
}

// A Member is one party with all its secrets.
type Member struct {
	Keys party.Keys
	Card party.Card
}

// A Workload is a history in the making. It is not safe for concurrent use.
type Workload struct {
	config  Config
	r       *rand.Rand
	members []Member
	groups  []*room
	current *room // whose turn is not over
}

// A Burst is what was said next in one group: for each log that grew, its new entries under a
// checkpoint that its party has signed and all others that are not silent have cosigned.
type Burst struct {
	Group   int // index among Charters
	Acts    int
	Batches []ledger.Batch
}

// New prepares a history. No act is made yet.
func New(c Config) (*Workload, error) {
	c.Parties, c.Groups, c.Burst = or(c.Parties, 2), or(c.Groups, 5), or(c.Burst, 1024)
	if c.Parties < 1 || c.Parties > act.MaxParties || c.Groups < 1 || c.Burst < 1 || c.Silent < 0 || c.Silent >= c.Parties {
		return nil, fmt.Errorf("a workload has 1 to %d parties that are not all silent, and at least one group and one act in a burst", act.MaxParties)
	}
	w := &Workload{config: c, r: rand.New(rand.NewPCG(c.Seed, 1))}
	var err error
	if w.members, err = cast(c.Seed, c.Parties); err != nil {
		return nil, err
	}
	var plenary act.Hash
	for i := range c.Groups {
		g, err := newRoom(w, i, plenary)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			plenary = g.id
		}
		w.groups = append(w.groups, g)
	}
	return w, nil
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Members are the parties, in the order of their ordinals in every group.
func (w *Workload) Members() []Member { return w.members }

// Charters are the groups' charters: the plenary's, then those of working groups.
func (w *Workload) Charters() []group.Charter {
	out := make([]group.Charter, len(w.groups))
	for i, g := range w.groups {
		out[i] = g.charter
	}
	return out
}

// Logs lists every log of a group, by ordinal. A workload has no second epochs.
func (w *Workload) Logs(group int) []ledger.Log {
	g := w.groups[group]
	out := make([]ledger.Log, len(g.logs))
	for i := range g.logs {
		out[i] = g.logs[i].log
	}
	return out
}

// Run makes that many more acts, over all groups, and gives them out burst by burst; what it has
// made when it returns has been given out. It stops at the first error of emit, after which the
// Workload must not be used again.
func (w *Workload) Run(acts int, emit func(Burst) error) error {
	for range acts {
		g := w.current
		if g == nil {
			g = w.groups[w.r.IntN(len(w.groups))]
			g.begin()
			w.current = g
		}
		if err := g.speak(); err != nil {
			return err
		}
		if g.left <= 0 && len(g.todo) == 0 {
			w.current = nil
		}
		if g.pending >= w.config.Burst {
			if err := g.give(emit); err != nil {
				return err
			}
		}
	}
	for _, g := range w.groups {
		if err := g.give(emit); err != nil {
			return err
		}
	}
	return nil
}

// Fill runs the workload into stores, one for each group.
func (w *Workload) Fill(ctx context.Context, acts int, stores ...ledger.Store) error {
	if len(stores) != len(w.groups) {
		return fmt.Errorf("%d stores for %d groups", len(stores), len(w.groups))
	}
	return w.Run(acts, func(b Burst) error { return stores[b.Group].Commit(ctx, b.Batches...) })
}
