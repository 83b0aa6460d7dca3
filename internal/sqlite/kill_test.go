package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"entente/internal/sqlite"
	"entente/ledger"
)

// childEnv names the file that a child process of TestKilledInMidCommit writes to.
const childEnv = "ENTENTE_TEST_KILL"

const kills = 200

// TestKilledInMidCommit kills a process that commits, 200 times, at a moment that is anywhere in a
// commit, and looks after each: nothing acknowledged is lost, nothing is there twice, and of a
// commit to two logs both are there or neither.
func TestKilledInMidCommit(t *testing.T) {
	if path := os.Getenv(childEnv); path != "" {
		commitForever(path)
	}
	if testing.Short() {
		t.Skip("starts 200 processes")
	}
	path := filepath.Join(t.TempDir(), "g.db")
	r := rand.New(rand.NewPCG(1, 2))
	acked := uint64(0)
	inMid := 0
	for round := range kills {
		told := runAndKill(t, path, r)
		if told < acked {
			t.Fatalf("round %d: the child began with fewer than %d entries", round, acked)
		}
		acked = told
		size := inspect(t, path, acked)
		if size > acked {
			inMid++
		}
		acked = size // what is there now has been seen, and must stay
	}
	t.Logf("%d entries; %d of %d kills came between a commit and its acknowledgement", acked, inMid, kills)
}

// runAndKill starts a child, kills it some acknowledgements later, and returns the size that it
// acknowledged last.
func runAndKill(t *testing.T, path string, r *rand.Rand) uint64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledInMidCommit$")
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	out := must(cmd.StdoutPipe())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	last := uint64(0)
	take := func() {
		n, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		last = n
	}
	for range 1 + r.IntN(12) {
		if !lines.Scan() {
			t.Fatalf("the child ended by itself: %v", cmd.Wait())
		}
		take()
	}
	for until := time.Now().Add(time.Duration(r.IntN(700)) * time.Microsecond); time.Now().Before(until); {
		// into the middle of the next commit
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // what it had said before it died
		take()
	}
	_ = cmd.Wait() // it was killed: the error says so
	return last
}

// inspect loads the file, checks it against what was acknowledged, and returns its size.
func inspect(t *testing.T, path string, acked uint64) uint64 {
	t.Helper()
	st := open(t, path)
	defer st.Close()
	books, err := load(st)
	if err != nil {
		t.Fatal(err)
	}
	a, b := books[logOf(0)], books[logOf(1)]
	if a == nil || b == nil || a.Size() != b.Size() {
		t.Fatal("one log has more than the other: half a commit")
	}
	if a.Size() < acked {
		t.Fatalf("%d entries were acknowledged, %d are there", acked, a.Size())
	}
	for i := range a.Size() {
		if a.Leaf(i) != string(numbered(0, i)) || b.Leaf(i) != string(numbered(1, i)) {
			t.Fatalf("entry %d is %q", i, a.Leaf(i))
		}
	}
	return a.Size()
}

// numbered is the only entry that may stand at an index of a log.
func numbered(log int, i uint64) []byte {
	return []byte(fmt.Sprintf("log %d entry %d %s", log, i, strings.Repeat("x", int(i%200))))
}

// commitForever is the child: it commits one to forty entries to two logs at a time, and writes
// the new size after each commit.
func commitForever(path string) {
	ctx := context.Background()
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
	st, err := sqlite.OpenGroup(ctx, path, group)
	if err != nil {
		fail(err)
	}
	loaded, err := load(st)
	if err != nil {
		fail(err)
	}
	var books [2]*ledger.Book
	for p := range books {
		if books[p] = loaded[logOf(p)]; books[p] == nil {
			books[p] = ledger.NewBook(logOf(p), pub(p))
		}
	}
	for n := uint64(1); ; n = n%40 + 13 {
		var batches []ledger.Batch
		for p, b := range books {
			var leaves [][]byte
			for i := range n {
				leaves = append(leaves, numbered(p, b.Size()+i))
			}
			batches = append(batches, must(b.Draft(key(p), leaves...)))
		}
		if err := st.Commit(ctx, batches...); err != nil {
			fail(err)
		}
		fmt.Println(books[0].Size() + n)
		if err := errors.Join(books[0].Apply(batches[0]), books[1].Apply(batches[1])); err != nil {
			fail(err)
		}
	}
}
