package memstore

import (
	"context"
	"fmt"

	"entente/ledger"
)

// Faulty puts faults in front of any store, such as one on a disk.
type Faulty struct {
	ledger.Store
	// Fault decides the outcome of each step; nil for no faults.
	Fault func(step string) Outcome
}

// through runs a step of the store beneath, unless the fault strikes first.
func (f *Faulty) through(step string, run func() error) error {
	o := OK
	if f.Fault != nil {
		o = f.Fault(step)
	}
	if o == Failed {
		return fmt.Errorf("%s: %w", step, ErrFault)
	}
	if err := run(); err != nil {
		return err
	}
	if o == Persisted {
		return fmt.Errorf("%s: %w", step, ErrFault)
	}
	return nil
}

// Logs is the store's, or a fault.
func (f *Faulty) Logs(ctx context.Context) (out []ledger.State, err error) {
	err = f.through(StepLogs, func() error { out, err = f.Store.Logs(ctx); return err })
	return out, err
}

// Read is the store's, or a fault.
func (f *Faulty) Read(ctx context.Context, log ledger.Log, from, to uint64, yield func(uint64, int, []byte) error) error {
	return f.through(StepRead, func() error { return f.Store.Read(ctx, log, from, to, yield) })
}

// Commit is the store's, or a fault before or after it.
func (f *Faulty) Commit(ctx context.Context, batches ...ledger.Batch) error {
	return f.through(StepCommit, func() error { return f.Store.Commit(ctx, batches...) })
}

// PutEvidence is the store's, or a fault before or after it.
func (f *Faulty) PutEvidence(ctx context.Context, log ledger.Log, file []byte) error {
	return f.through(StepPutEvidence, func() error { return f.Store.PutEvidence(ctx, log, file) })
}

// Evidence is the store's, or a fault.
func (f *Faulty) Evidence(ctx context.Context) (out []ledger.Kept, err error) {
	err = f.through(StepEvidence, func() error { out, err = f.Store.Evidence(ctx); return err })
	return out, err
}
