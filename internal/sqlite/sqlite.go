// Package sqlite makes the logs of a group and a party's own tables last, in SQLite files. SQL is
// written here and nowhere else.
//
// Two kinds of file:
//
//   - one for each group, a [Group], which is a [ledger.Store]: its logs, their checkpoints, the
//     evidence of forks. Leaves are stored as entry bundles (C2SP tlog-tiles): each commit adds one
//     short bundle, and when 256 leaves are together they are sealed into one row, so that a million
//     acts open by reading four thousand rows;
//   - one for the party itself, a [Party]: persons, passkeys, links, sessions, counterparts, groups,
//     invitations, the record of exchange, settings.
//
// It judges nothing: what is committed has been verified by the rooms above, and what is read is
// hashed again by them, since SQLite has no page checksums.
//
// # Invariants
//
//   - WAL with synchronous=FULL: when a commit returns, it is on the disk.
//   - A file carries an application id and a version; a file of another kind, of another group or of
//     a later version is refused and left untouched.
//   - Secrets of links and sessions are never stored, only their SHA-256.
//   - One connection writes; others read.
//
// # Example
//
//	st, err := sqlite.OpenGroup(ctx, filepath.Join(home, sqlite.GroupFile(id)), id)
//	err = st.Commit(ctx, batch)
//
// Sources: https://sqlite.org/wal.html, https://sqlite.org/pragma.html, https://sqlite.org/stricttables.html.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	modernc "modernc.org/sqlite"

	"entente/act"
)

// Numbers that every file carries in its header.
const (
	groupApplication = 0x456e7447 // "EntG"
	partyApplication = 0x456e7450 // "EntP"
)

// FormatVersion is the version of the tables in every file.
const FormatVersion = 1

// oldestLibrary is the first SQLite that is free of the faults this package would meet.
const oldestLibrary = "3.51.3"

const (
	busyMillis = 2000 // how long to wait for another program's lock
	maxReaders = 4    // read connections
	pageSize   = 4096 // bytes: a commit of one act writes few of them
)

// PartyFile is the name of the party's own file in its data folder.
const PartyFile = "party.db"

// GroupFile is the name of a group's file in the data folder.
func GroupFile(group act.Hash) string {
	return filepath.Join("groups", group.String()[:16]+".db")
}

// A file is one SQLite database: a connection that writes and some that read.
type file struct {
	path  string
	write *sql.DB
	read  *sql.DB
}

// A layout is what a kind of file is made of.
type layout struct {
	application int
	schema      string
	first       func(*sql.Tx) error // writes what a new file begins with; may be nil
}

// openFile opens or makes a database.
func openFile(ctx context.Context, path string, l layout) (*file, error) {
	// fdatasync is what every distribution's SQLite commits with; where it does not exist, fsync is used.
	_, _ = modernc.Fdatasync(true)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &Trouble{Kind: Unreachable, File: path, Doing: "open", err: fmt.Errorf("%s is a folder", path)}
	}
	if err := createPrivate(path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, openTrouble(path, err)
	}
	f := &file{path: path}
	write, err := connect(path, "&_txlock=immediate&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)")
	if err != nil {
		return nil, trouble(path, "open", err)
	}
	write.SetMaxOpenConns(1)
	f.write = write
	if err := f.prepare(ctx, l); err != nil {
		write.Close()
		return nil, err
	}
	f.read, err = connect(path, "&_pragma=query_only(1)")
	if err != nil {
		write.Close()
		return nil, trouble(path, "open", err)
	}
	readers := max(maxReaders, runtime.GOMAXPROCS(0))
	f.read.SetMaxOpenConns(readers)
	f.read.SetMaxIdleConns(readers)
	return f, nil
}

// createPrivate makes an empty file that only the program's own account may read. To SQLite it is an
// empty database, and the files that SQLite puts beside it are given the same rights.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// openTrouble is the trouble of a file that the system does not let us make.
func openTrouble(path string, err error) error {
	kind := Unreachable
	if errors.Is(err, os.ErrPermission) {
		kind = ReadOnly
	}
	return &Trouble{Kind: kind, File: path, Doing: "create", err: err}
}

// connect makes the pool for a path; nothing is opened yet.
func connect(path, more string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() +
		"?_pragma=busy_timeout(" + strconv.Itoa(busyMillis) + ")" +
		"&_defensive=1" + more
	c, err := modernc.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// prepare checks the library and the file's header, and writes the schema into a new file.
func (f *file) prepare(ctx context.Context, l layout) error {
	var version string
	if err := f.write.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return trouble(f.path, "open", err)
	}
	if olderThan(version, oldestLibrary) {
		return fmt.Errorf("this program was built with SQLite %s and needs %s or later. Nothing was opened. Build it again from its go.mod", version, oldestLibrary)
	}
	var app, user, tables int
	for _, q := range []struct {
		sql  string
		into *int
	}{{"PRAGMA application_id", &app}, {"PRAGMA user_version", &user}, {"SELECT count(*) FROM sqlite_schema", &tables}} {
		if err := f.write.QueryRowContext(ctx, q.sql).Scan(q.into); err != nil {
			return trouble(f.path, "open", err)
		}
	}
	switch {
	case app == 0 && user == 0 && tables == 0:
		return f.create(ctx, l)
	case app != l.application:
		return &Trouble{Kind: Foreign, File: f.path, Doing: "open", err: fmt.Errorf("application id %#x", app)}
	case user != FormatVersion:
		return &Trouble{Kind: Newer, File: f.path, Doing: "open", err: fmt.Errorf("version %d, this program knows %d", user, FormatVersion)}
	}
	var mode string
	if err := f.write.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil || mode != "wal" {
		return trouble(f.path, "open", wrapMode(mode, err))
	}
	return nil
}

// create writes the schema and the header's numbers. A crash before the commit leaves an empty
// database, which is created again.
func (f *file) create(ctx context.Context, l layout) error {
	var mode string
	if _, err := f.write.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size=%d", pageSize)); err != nil {
		return trouble(f.path, "create", err)
	}
	if err := f.write.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil || mode != "wal" {
		return trouble(f.path, "create", wrapMode(mode, err))
	}
	tx, err := f.write.BeginTx(ctx, nil)
	if err != nil {
		return trouble(f.path, "create", err)
	}
	defer tx.Rollback()
	numbers := fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d;", l.application, FormatVersion)
	if _, err := tx.ExecContext(ctx, l.schema+numbers); err != nil {
		return trouble(f.path, "create", err)
	}
	if l.first != nil {
		if err := l.first(tx); err != nil {
			return trouble(f.path, "create", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return trouble(f.path, "create", err)
	}
	return syncFolder(filepath.Dir(f.path))
}

func wrapMode(mode string, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("the journal mode is %q and must be wal", mode)
}

// olderThan compares versions of three numbers.
func olderThan(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range min(len(a), len(b)) {
		x, errx := strconv.Atoi(a[i])
		y, erry := strconv.Atoi(b[i])
		if errx != nil || erry != nil || x != y {
			return errx != nil || x < y
		}
	}
	return len(a) < len(b)
}

// Close closes all connections.
func (f *file) Close() error {
	rerr := f.read.Close()
	if err := f.write.Close(); err != nil {
		return trouble(f.path, "close", err)
	}
	return trouble(f.path, "close", rerr)
}

// Check lets SQLite go through the whole file. It finds damage to the file's structure, not to its
// content: that is what the logs' hashes are for.
func (f *file) Check(ctx context.Context) error {
	var said string
	if err := f.read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&said); err != nil {
		return trouble(f.path, "check", err)
	}
	if said != "ok" {
		return &Trouble{Kind: Damaged, File: f.path, Doing: "check", err: fmt.Errorf("%s", said)}
	}
	return nil
}

// Backup writes a copy of the file as it is now to a path where nothing is yet, and makes it last.
// Others may go on reading and writing.
func (f *file) Backup(ctx context.Context, path string) error {
	if err := createPrivate(path); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("copy %s: %s exists already. Nothing was written. Choose another name", f.path, path)
	} else if err != nil {
		return openTrouble(path, err)
	}
	own, err := connect(f.path, "")
	if err != nil {
		return trouble(path, "copy to", err)
	}
	defer own.Close()
	if _, err := own.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		os.Remove(path)
		return trouble(path, "copy to", err)
	}
	g, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("copy to %s: %w", path, err)
	}
	err = g.Sync()
	if cerr := g.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	return err
}
