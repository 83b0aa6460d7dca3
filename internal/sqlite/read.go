package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"entente/ledger"
)

const readSQL = "SELECT place, count, data FROM bundles WHERE place >= ? AND place < ? ORDER BY place"

// Read yields the leaves of a log as entry bundles, each row's bytes copied once, from SQLite's page
// into the bundle. Several reads may run at the same time, each on a connection of its own.
func (g *Group) Read(ctx context.Context, l ledger.Log, from, to uint64, yield func(first uint64, count int, bundle []byte) error) error {
	if err := g.check(l); err != nil {
		return err
	}
	if from%ledger.BundleLeaves != 0 || to > ledger.MaxEntries {
		return fmt.Errorf("%s: read from entry %d to %d, which are no bundles", l, from, to)
	}
	conn, done, err := g.reader(ctx)
	if err != nil {
		return err
	}
	defer done()
	m := merger{to: to, next: from, yield: yield}
	// The driver's own interface is used because database/sql would copy every bundle once more.
	// The driver hands out a new slice for every row.
	err = conn.Raw(func(c any) error {
		q, ok := c.(driver.QueryerContext)
		if !ok {
			return errors.New("the SQLite driver has no direct queries")
		}
		rows, err := q.QueryContext(ctx, readSQL, []driver.NamedValue{
			{Ordinal: 1, Value: placeOf(l, from)}, {Ordinal: 2, Value: placeOf(l, to)}})
		if err != nil {
			return trouble(g.path, "read", err)
		}
		defer rows.Close()
		return m.run(rows)
	})
	if errors.Is(err, errRow) {
		return &Trouble{Kind: Damaged, File: g.path, Doing: "read", err: err}
	}
	var stop stopped
	if errors.As(err, &stop) {
		return stop.error
	}
	return trouble(g.path, "read", err)
}

var errRow = errors.New("a row of entries is not in the form it was written")

// stopped carries an error of the receiver's past those of SQLite.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// A merger joins the short rows at the end of a log to one bundle.
type merger struct {
	to    uint64
	next  uint64 // index of the next leaf expected
	first uint64 // index of the first leaf in part
	count int
	part  []byte
	yield func(first uint64, count int, bundle []byte) error
}

func (m *merger) run(rows driver.Rows) error {
	var row [3]driver.Value
	for {
		if err := rows.Next(row[:]); err == io.EOF {
			return m.flush()
		} else if err != nil {
			return err
		}
		place, ok1 := row[0].(int64)
		count, ok2 := row[1].(int64)
		data, ok3 := row[2].([]byte)
		if !ok1 || !ok2 || !ok3 || count < 1 || count > ledger.BundleLeaves {
			return errRow
		}
		if err := m.add(indexOf(place), int(count), data); err != nil {
			return err
		}
	}
}

// add takes one row. What it finds missing it passes on as it is: the reader of the log says so,
// for it knows the checkpoint.
func (m *merger) add(first uint64, count int, data []byte) error {
	if m.part != nil && (first != m.first+uint64(m.count) || first%ledger.BundleLeaves == 0) {
		if err := m.flush(); err != nil {
			return err
		}
	}
	if over := first + uint64(count); over > m.to { // sealed since the size was read
		count -= int(over - m.to)
		cut := cutBundle(data, count)
		if cut < 0 {
			return errRow
		}
		data = data[:cut]
	}
	if m.part == nil {
		m.first, m.count, m.part = first, count, data
		return nil
	}
	m.part = append(m.part, data...)
	m.count += count
	return nil
}

func (m *merger) flush() error {
	if m.part == nil {
		return nil
	}
	err := m.yield(m.first, m.count, m.part)
	m.part = nil
	if err != nil {
		return stopped{err}
	}
	return nil
}

// cutBundle is the length in bytes of the first n leaves of a bundle, or −1.
func cutBundle(b []byte, n int) int {
	at := 0
	for range n {
		if len(b)-at < 2 {
			return -1
		}
		at += 2 + int(b[at])<<8 + int(b[at+1])
		if at > len(b) {
			return -1
		}
	}
	return at
}
