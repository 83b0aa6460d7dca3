package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entente/ledger"
)

// Commit writes all batches in one transaction, or none. It is the commit point of the house: a
// crash before the last step leaves the file as it was, for the write-ahead log has no commit
// record; a crash after it leaves all of it, whether or not the caller heard so.
func (g *Group) Commit(ctx context.Context, batches ...ledger.Batch) error {
	for _, b := range batches {
		if err := errors.Join(g.check(b.Log), ledger.CheckBatch(b)); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.begun(ctx); err != nil {
		return err
	}
	// From here on nobody may call it off half way.
	ctx = context.WithoutCancel(ctx)
	if _, err := g.stmt.begin.ExecContext(ctx); err != nil {
		return trouble(g.path, "write to", err)
	}
	for _, b := range batches {
		if err := g.put(ctx, b); err != nil {
			return g.rollback(ctx, err)
		}
	}
	if _, err := g.stmt.commit.ExecContext(ctx); err != nil {
		return g.rollback(ctx, err)
	}
	return nil
}

// rollback ends a failed transaction. SQLite has ended some kinds itself; then this says so, and
// the error is of no interest.
func (g *Group) rollback(ctx context.Context, cause error) error {
	_, _ = g.stmt.rollback.ExecContext(ctx)
	var moved *ledger.Moved
	if errors.As(cause, &moved) {
		return cause
	}
	return trouble(g.path, "write to", cause)
}

// put writes one batch inside the transaction.
func (g *Group) put(ctx context.Context, b ledger.Batch) error {
	if b.Empty() {
		return nil
	}
	size := b.From + uint64(len(b.Leaves))
	if err := g.advance(ctx, b, size); err != nil {
		return err
	}
	leaves := b.Leaves
	for at := b.From; len(leaves) > 0; {
		n := min(len(leaves), int(ledger.BundleLeaves-at%ledger.BundleLeaves))
		data := ledger.AppendBundle(nil, leaves[:n]...)
		next := at + uint64(n)
		var err error
		if next%ledger.BundleLeaves == 0 {
			err = g.seal(ctx, b.Log, next-ledger.BundleLeaves, at, data)
		} else {
			_, err = g.stmt.insert.ExecContext(ctx, placeOf(b.Log, at), n, data)
		}
		if err != nil {
			return err
		}
		at, leaves = next, leaves[n:]
	}
	return nil
}

// advance is the compare-and-swap of a log's size and checkpoint.
func (g *Group) advance(ctx context.Context, b ledger.Batch, size uint64) error {
	res, err := g.stmt.advance.ExecContext(ctx, size, b.Note, b.Log.Party, b.Log.Epoch, b.From)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	var have uint64
	err = g.stmt.size.QueryRowContext(ctx, b.Log.Party, b.Log.Epoch).Scan(&have)
	if errors.Is(err, sql.ErrNoRows) {
		if b.From == 0 {
			_, err = g.stmt.add.ExecContext(ctx, size, b.Note, b.Log.Party, b.Log.Epoch)
			return err
		}
		have, err = 0, nil
	}
	if err != nil {
		return err
	}
	return &ledger.Moved{Log: b.Log, Want: b.From, Have: have}
}

// seal makes one row of a full bundle: what is stored of it already, and last, which begins at.
func (g *Group) seal(ctx context.Context, l ledger.Log, first, at uint64, last []byte) error {
	from, to := placeOf(l, first), placeOf(l, first)+ledger.BundleLeaves
	if at != first {
		rows, err := g.stmt.tile.QueryContext(ctx, from, to)
		if err != nil {
			return err
		}
		var whole []byte
		next := first
		for rows.Next() {
			var place int64
			var count uint64
			var data sql.RawBytes
			if err := rows.Scan(&place, &count, &data); err != nil {
				rows.Close()
				return err
			}
			if indexOf(place) != next {
				break
			}
			whole, next = append(whole, data...), next+count
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		if next != at {
			return &Trouble{Kind: Damaged, File: g.path, Doing: "write to", err: fmt.Errorf("%s: entry %d is missing", l, next)}
		}
		if _, err := g.stmt.clear.ExecContext(ctx, from, to); err != nil {
			return err
		}
		last = append(whole, last...)
	}
	_, err := g.stmt.insert.ExecContext(ctx, from, ledger.BundleLeaves, last)
	return err
}
