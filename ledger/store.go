package ledger

import "context"

// State is one log as a store has it.
type State struct {
	Log  Log
	Size uint64 // entries
	Note []byte // the checkpoint of that size, with its cosignatures
}

// Kept is a piece of evidence in a store.
type Kept struct {
	Log  Log
	File []byte // see FormatEvidence
}

// A Store makes the logs of one group last. Its methods may be called at the same time; Commit and
// PutEvidence one after another.
type Store interface {
	// Logs is every log in the store, in the order of party and epoch.
	Logs(ctx context.Context) ([]State, error)

	// Read yields the leaves of a log from one index to before another, in order, as entry bundles
	// (see AppendBundle) that begin at a multiple of BundleLeaves. from must be such a multiple;
	// to may be the log's size or another such multiple. The bundle belongs to the receiver, who must not
	// change it, nor use the store before Read returns.
	Read(ctx context.Context, log Log, from, to uint64, yield func(first uint64, count int, bundle []byte) error) error

	// Commit writes all batches, or none. When it returns nil, they last, whatever happens next.
	// Each batch's From must be the size of its log in the store, which is 0 for a log it has not;
	// otherwise the error is a *Moved. After any other error what was written is unknown: read
	// Logs again before going on.
	Commit(ctx context.Context, batches ...Batch) error

	// PutEvidence keeps a file of evidence for ever. Putting it twice is putting it once.
	PutEvidence(ctx context.Context, log Log, file []byte) error

	// Evidence is all the evidence kept, oldest first.
	Evidence(ctx context.Context) ([]Kept, error)

	// Close ends the store's use.
	Close() error
}

// CheckBatch refuses a batch that no store may write, whatever it holds: leaves without a note, or
// leaves out of bounds.
func CheckBatch(b Batch) error {
	if len(b.Leaves) > 0 && len(b.Note) == 0 || len(b.Note) > MaxNote || b.From > MaxEntries {
		return badNote("a batch has entries and no checkpoint, or one out of bounds")
	}
	return checkLeaves(b.Leaves)
}
