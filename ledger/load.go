package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"entente/act"
)

// loadChunk is how many bundles one worker reads at a time, and loadEach how many such jobs make
// another worker worth what it costs: most stores open one more connection for it.
const (
	loadChunk = 16
	loadEach  = 4
)

// Damaged says that what a store gave back is not what was signed.
type Damaged struct {
	Log Log
	Why string
}

func (e *Damaged) Error() string {
	return fmt.Sprintf("%s: the stored log is damaged: %s. Nothing was changed and nothing will be written to it. Make a copy of the folder, then run: entente recover", e.Log, e.Why)
}

// Each is called by Load with the leaves of every bundle just after they were hashed, from several
// goroutines at once and in no order. The slice is used again; the strings are views that stay.
type Each func(b *Book, first uint64, leaves []string)

// Load fills empty books from a store, states[i] into books[i]: it reads the bundles with several
// workers, hashes every leaf and every node, and compares size, root and signature with the
// checkpoint. A log that does not agree is a [*Damaged], and no book may then be used. each may
// be nil.
func Load(ctx context.Context, st Store, states []State, books []*Book, workers int, each Each) error {
	if len(states) != len(books) {
		return errors.New("load logs: not as many books as states")
	}
	roots := make([][]act.Hash, len(books))
	var jobs []loadJob
	for i, b := range books {
		if b.size != 0 || states[i].Log != b.log {
			return fmt.Errorf("%s: loaded into the wrong book", states[i].Log)
		}
		if states[i].Size > MaxEntries {
			return &Damaged{Log: b.log, Why: "its size is out of bounds"}
		}
		n := (states[i].Size + BundleLeaves - 1) / BundleLeaves
		b.tiles, roots[i] = make([]*tile, n), make([]act.Hash, n)
		for first := uint64(0); first < n; first += loadChunk {
			to := min((first+loadChunk)*BundleLeaves, states[i].Size)
			jobs = append(jobs, loadJob{b, roots[i], first * BundleLeaves, to})
		}
	}
	if err := runJobs(ctx, st, jobs, workers, each); err != nil {
		return err
	}
	for i, b := range books {
		if err := b.finish(states[i], roots[i]); err != nil {
			return err
		}
	}
	return nil
}

// A loadJob is a run of bundles of one book. Jobs share no tile.
type loadJob struct {
	b        *Book
	roots    []act.Hash
	from, to uint64
}

func runJobs(ctx context.Context, st Store, jobs []loadJob, workers int, each Each) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan loadJob, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	var wg sync.WaitGroup
	for range max(1, min(workers, (len(jobs)+loadEach-1)/loadEach)) {
		wg.Go(func() {
			var w loadWorker
			for j := range queue {
				if ctx.Err() != nil {
					return
				}
				if err := w.run(ctx, st, j, each); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

type loadWorker struct{ scratch []string }

func (w *loadWorker) run(ctx context.Context, st Store, j loadJob, each Each) error {
	next := j.from
	err := st.Read(ctx, j.b.log, j.from, j.to, func(first uint64, count int, bundle []byte) error {
		if first != next || first%BundleLeaves != 0 {
			return &Damaged{Log: j.b.log, Why: fmt.Sprintf("entry %d is missing", next)}
		}
		t, root, leaves, err := loadTile(bundle, w.scratch)
		if err != nil || len(leaves) != count || len(leaves) == 0 {
			return &Damaged{Log: j.b.log, Why: fmt.Sprintf("the entries from %d on are not in the form they were written", first)}
		}
		if next += uint64(count); next > j.to || next < j.to && count != BundleLeaves {
			return &Damaged{Log: j.b.log, Why: fmt.Sprintf("entry %d is missing", next)}
		}
		w.scratch = leaves
		j.b.tiles[first/BundleLeaves], j.roots[first/BundleLeaves] = t, root
		if each != nil {
			each(j.b, first, leaves)
		}
		return nil
	})
	if err == nil && next != j.to {
		err = &Damaged{Log: j.b.log, Why: fmt.Sprintf("entry %d is missing", next)}
	}
	return err
}

// finish builds the upper levels and compares with the checkpoint.
func (b *Book) finish(s State, roots []act.Hash) error {
	for i, t := range b.tiles {
		if t.count() == BundleLeaves {
			b.raise(roots[i])
		}
	}
	b.size = s.Size
	if s.Size == 0 && len(s.Note) == 0 {
		return nil
	}
	signed, err := Open(b.pub, b.origin, s.Note)
	if err != nil {
		return &Damaged{Log: b.log, Why: "its checkpoint is not one that its party signed"}
	}
	if root, _ := b.Root(b.size); signed.c.Size != b.size || signed.c.Root != root {
		return &Damaged{Log: b.log, Why: "its entries do not amount to its checkpoint"}
	}
	b.head = signed
	return nil
}
