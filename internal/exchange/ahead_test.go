package exchange_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"entente/ledger/memstore"
)

// TestAskedAhead: a history of several messages comes over whole, with the next message asked for
// while the last is being taken, in one request a message and no more.
func TestAskedAhead(t *testing.T) {
	var m meter
	n, from, to := workloadHomes(t, 20_000, 0)
	want := total(from)
	m.here = func() bool { return total(to) >= want }
	n.wrap = m.wrap
	from.serve()
	if err := to.x.Fetch(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := total(to); got != want {
		t.Fatalf("%d of %d entries", got, want)
	}
	if turns := m.toNews.Load(); turns < 3 || turns > 6 {
		t.Errorf("%d turns for some five megabytes of entries", turns)
	}
}

// TestAskedAheadInVain: where what came cannot be taken, what was asked by it is thrown away, and the
// next attempt brings everything.
func TestAskedAheadInVain(t *testing.T) {
	_, from, to := workloadHomes(t, 20_000, 0)
	want := total(from)
	from.serve()
	var commits atomic.Int32
	var healed atomic.Bool
	for _, st := range to.shelf.stores {
		st.Fault = func(step string) memstore.Outcome {
			if step == memstore.StepCommit && !healed.Load() && commits.Add(1) > 2 {
				return memstore.Failed
			}
			return memstore.OK
		}
	}
	if err := to.x.Fetch(context.Background()); !errors.Is(err, memstore.ErrFault) {
		t.Fatalf("the fault did not show: %v", err)
	}
	healed.Store(true)
	if err := to.x.Fetch(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := total(to); got != want {
		t.Fatalf("%d of %d entries", got, want)
	}
}
