// Package memstore is a ledger.Store in memory, with faults on demand. It is for the tests of
// every room that needs a store; no server runs on it.
//
// A fault strikes at a named step, in one of two ways: the step fails and leaves nothing behind, or
// it fails after it has taken effect, as a disk does whose acknowledgement is lost. Code that is
// right under both is right under a crash.
//
//	st := memstore.New(group)
//	st.Fault = func(step string) memstore.Outcome { return memstore.Persisted }
//
// Invariant: a commit is whole or absent, whatever the fault.
package memstore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"entente/act"
	"entente/ledger"
)

// An Outcome is what becomes of a step.
type Outcome int

// The outcomes: the step goes well, it fails, it fails but has taken effect.
const (
	OK Outcome = iota
	Failed
	Persisted
)

// The steps at which Fault is asked.
const (
	StepLogs        = "logs"
	StepRead        = "read"
	StepCommit      = "commit"
	StepPutEvidence = "put evidence"
	StepEvidence    = "evidence"
)

// Steps are all the steps, for tests that go through them.
func Steps() []string {
	return []string{StepLogs, StepRead, StepCommit, StepPutEvidence, StepEvidence}
}

// ErrFault is the cause of every error that a fault made.
var ErrFault = errors.New("the disk failed, as the test wanted")

// Store is a group's store in memory.
type Store struct {
	// Fault decides the outcome of each step; nil for no faults. Set it before the store is used,
	// or between uses.
	Fault func(step string) Outcome

	group    act.Hash
	mu       sync.Mutex
	closed   bool
	logs     map[ledger.Log]*kept
	evidence []ledger.Kept
}

type kept struct {
	leaves [][]byte
	note   []byte
}

// New makes an empty store of one group.
func New(group act.Hash) *Store {
	return &Store{group: group, logs: map[ledger.Log]*kept{}}
}

var _ ledger.Store = (*Store)(nil)

func (s *Store) fault(step string) (Outcome, error) {
	if s.closed {
		return Failed, errors.New("the store is closed")
	}
	if s.Fault == nil {
		return OK, nil
	}
	o := s.Fault(step)
	if o == OK {
		return OK, nil
	}
	return o, fmt.Errorf("%s: %w", step, ErrFault)
}

// Logs is every log, in the order of party and epoch.
func (s *Store) Logs(context.Context) ([]ledger.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.fault(StepLogs); err != nil {
		return nil, err
	}
	var out []ledger.State
	for log, k := range s.logs {
		out = append(out, ledger.State{Log: log, Size: uint64(len(k.leaves)), Note: bytes.Clone(k.note)})
	}
	slices.SortFunc(out, func(a, b ledger.State) int {
		return cmp.Or(cmp.Compare(a.Log.Party, b.Log.Party), cmp.Compare(a.Log.Epoch, b.Log.Epoch))
	})
	return out, nil
}

// Read yields the leaves as entry bundles.
func (s *Store) Read(ctx context.Context, log ledger.Log, from, to uint64, yield func(uint64, int, []byte) error) error {
	s.mu.Lock()
	_, err := s.fault(StepRead)
	var leaves [][]byte
	if k := s.logs[log]; k != nil {
		leaves = k.leaves[:len(k.leaves):len(k.leaves)]
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if from%ledger.BundleLeaves != 0 {
		return fmt.Errorf("%s: read from entry %d, which begins no bundle", log, from)
	}
	to = min(to, uint64(len(leaves)))
	for first := from; first < to; first += ledger.BundleLeaves {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := leaves[first:min(first+ledger.BundleLeaves, to)]
		if err := yield(first, len(part), ledger.AppendBundle(nil, part...)); err != nil {
			return err
		}
	}
	return nil
}

// Commit writes all batches, or none.
func (s *Store) Commit(ctx context.Context, batches ...ledger.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	outcome, ferr := s.fault(StepCommit)
	if outcome == Failed {
		return ferr
	}
	size := map[ledger.Log]uint64{}
	for _, b := range batches {
		if err := ledger.CheckBatch(b); err != nil {
			return err
		}
		if b.Log.Group != s.group {
			return fmt.Errorf("%s does not belong to this group", b.Log)
		}
		if _, ok := size[b.Log]; !ok && s.logs[b.Log] != nil {
			size[b.Log] = uint64(len(s.logs[b.Log].leaves))
		}
		if have := size[b.Log]; have != b.From {
			return &ledger.Moved{Log: b.Log, Want: b.From, Have: have}
		}
		size[b.Log] = b.From + uint64(len(b.Leaves))
	}
	for _, b := range batches {
		s.write(b)
	}
	return ferr
}

func (s *Store) write(b ledger.Batch) {
	if b.Empty() {
		return
	}
	k := s.logs[b.Log]
	if k == nil {
		k = &kept{}
		s.logs[b.Log] = k
	}
	for _, leaf := range b.Leaves {
		k.leaves = append(k.leaves, bytes.Clone(leaf))
	}
	k.note = bytes.Clone(b.Note)
}

// Alter changes a stored entry behind everybody's back, as a failing disk does.
func (s *Store) Alter(log ledger.Log, index int, change func(leaf []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.logs[log]
	k.leaves = slices.Clone(k.leaves)
	k.leaves[index] = bytes.Clone(k.leaves[index])
	change(k.leaves[index])
}

// PutEvidence keeps a file.
func (s *Store) PutEvidence(_ context.Context, log ledger.Log, file []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	outcome, err := s.fault(StepPutEvidence)
	if outcome == Failed {
		return err
	}
	for _, k := range s.evidence {
		if k.Log == log && bytes.Equal(k.File, file) {
			return err
		}
	}
	s.evidence = append(s.evidence, ledger.Kept{Log: log, File: bytes.Clone(file)})
	return err
}

// Evidence is all that was kept, oldest first.
func (s *Store) Evidence(context.Context) ([]ledger.Kept, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.fault(StepEvidence); err != nil {
		return nil, err
	}
	return slices.Clone(s.evidence), nil
}

// Close ends the store's use.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// Copy is the store as it is now, without its fault: what a restored backup would be.
func (s *Store) Copy() *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := New(s.group)
	for log, k := range s.logs {
		c.logs[log] = &kept{leaves: slices.Clone(k.leaves), note: bytes.Clone(k.note)}
	}
	c.evidence = slices.Clone(s.evidence)
	return c
}
