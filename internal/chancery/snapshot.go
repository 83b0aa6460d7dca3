package chancery

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"

	"entente/act"
	"entente/flat"
	"entente/ledger"
	"entente/plan"
)

// A snapshot is a file beside a group's anchor from which its pages can be shown before its logs
// have been read: the folded plan (plan.State.Snapshot), and of every log its size, its root and the
// ribs of its full bundles. It is a cache. It proves nothing to anybody, is no part of a backup, and
// may be deleted at any time:
//
//	"EntSnap1"                                        8 bytes
//	build of the program                              length in 32 bits, text
//	plan.Edition                                      32 bits
//	group id                                          32 bytes
//	number of logs                                    32 bits; then of each:
//	    party, epoch, size                            8, 32 and 64 bits
//	    root, ribs of full bundles (ledger.Spine)      32 bytes, a column
//	the plan                                          as plan.State.Snapshot writes it
//	signature of this party over all of it            64 bytes, see snapshotDomain
//
// All of it is in the form of package flat. It is signed with the party's own key, so that nobody
// who can write the file, and has not the key, can make the server show another plan.
const (
	snapshotName   = "snapshot"
	snapshotNew    = "snapshot.new" // while it is being written
	snapshotMagic  = "EntSnap1"
	snapshotDomain = "entente snapshot v1\n" // before the SHA-256 of all that is signed
	maxBuild       = 1 << 10                 // bytes
)

// IsCache reports whether a file beside a group's anchor may be deleted at any time, and is no part
// of a backup.
func IsCache(name string) bool { return name == snapshotName || name == snapshotNew }

// usualSnapshotFrom is from how many entries on a group keeps a snapshot: fewer are read from the
// logs in a few milliseconds.
const usualSnapshotFrom = 1 << 12

// A snapshot is worth another where more than one in renewOf entries are not in it, and worth
// nothing where more than one in ignoreOf are.
const (
	renewOf  = 16
	ignoreOf = 4
)

// errSnapshot is what every file amounts to that is no snapshot of this program and group.
var errSnapshot = errors.New("it is not whole, or not of this program and group")

// A memory is what a snapshot says of one log.
type memory struct {
	log  ledger.Log
	was  ledger.Checkpoint // without an origin
	ribs []act.Hash        // of full bundles
}

// formatSnapshot writes a snapshot of logs that are here in full, and of what they were folded to.
func formatSnapshot(k ed25519.PrivateKey, build string, s *shelf, p *plan.State) []byte {
	var w, logs flat.Writer
	n := uint32(0)
	for _, r := range s.rows {
		for _, b := range r.books {
			root, _ := b.Root(b.Size())
			logs.U8(b.Log().Party)
			logs.U32(b.Log().Epoch)
			logs.U64(b.Size())
			logs.Bytes(root[:])
			var ribs flat.Writer
			for _, h := range b.Ribs() {
				ribs.Bytes(h[:])
			}
			logs.Column(ribs)
			n++
		}
	}
	writeHead(&w, build, s.id)
	w.U32(n)
	w.Bytes(logs)
	p.Snapshot(&w)
	w.Bytes(ed25519.Sign(k, snapshotText(w)))
	return w
}

func writeHead(w *flat.Writer, build string, group act.Hash) {
	build = build[:min(len(build), maxBuild)]
	w.Text(snapshotMagic)
	w.U32(uint32(len(build)))
	w.Text(build)
	w.U32(plan.Edition)
	w.Bytes(group[:])
}

// snapshotText is what is signed.
func snapshotText(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append([]byte(snapshotDomain), sum[:]...)
}

// openSnapshot checks whose a snapshot is, and returns what it remembers of the logs and where the
// plan is to be read.
func openSnapshot(b []byte, key ed25519.PublicKey, build string, group act.Hash) ([]memory, *flat.Reader, error) {
	at := len(b) - ed25519.SignatureSize
	var head flat.Writer
	writeHead(&head, build, group)
	if at < len(head) || string(b[:len(head)]) != string(head) || !ed25519.Verify(key, snapshotText(b[:at]), b[at:]) {
		return nil, nil, errSnapshot
	}
	r := flat.NewReader(b[len(head):at])
	var out []memory
	for n := r.U32(); n > 0 && r.OK(); n-- {
		m := memory{log: ledger.Log{Group: group, Party: r.U8(), Epoch: r.U32()}}
		m.was.Size = r.U64()
		copy(m.was.Root[:], r.Bytes(act.HashSize))
		ribs := r.Run()
		m.ribs = make([]act.Hash, len(ribs)/act.HashSize)
		for i := range m.ribs {
			m.ribs[i] = act.Hash(ribs[i*act.HashSize : (i+1)*act.HashSize])
		}
		out = append(out, m)
	}
	if !r.OK() {
		return nil, nil, errSnapshot
	}
	return out, r, nil
}

// writeSnapshot puts a snapshot in its place. A crash at any step leaves the one before it, or none,
// or one that is not whole and is not read.
func writeSnapshot(disk ledger.Disk, b []byte) error {
	f, err := disk.Create(snapshotNew)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := disk.Rename(snapshotNew, snapshotName); err != nil {
		return err
	}
	return disk.Sync()
}

// discard makes the snapshot empty, so that it is not read again.
func (g *Group) discard() {
	f, err := g.disk.Create(snapshotName)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		g.c.log.Warn("a snapshot could not be taken away", "group", g.handle, "err", err)
	}
}

// keepSnapshot writes a snapshot where one is worth it. The group is whole.
func (g *Group) keepSnapshot() {
	g.mu.RLock()
	n := g.shelf.entries()
	if g.c.snapshotFrom < 0 || n < g.c.snapshotFrom || n-g.kept <= n/renewOf || g.hold != "" || len(g.shelf.pending) > 0 {
		g.mu.RUnlock()
		return
	}
	b := formatSnapshot(g.c.keys.Signing(), g.c.build, g.shelf, g.plan)
	g.mu.RUnlock()
	if err := writeSnapshot(g.disk, b); err != nil {
		g.c.log.Warn("a snapshot could not be written: the next start reads the logs", "group", g.handle, "err", err)
		return
	}
	g.kept = n
}

// entries is how many there are in all logs.
func (s *shelf) entries() (n int) {
	for p := range s.rows {
		n += s.rows[p].count()
	}
	return n
}

// recall matches what a snapshot remembers with the logs in the store, and opens each. It is an
// error where a log is shorter than it was, or has another history, or too much has come since.
func (g *Group) recall(memories []memory, states []ledger.State) (*sketch, int, error) {
	known := make(map[ledger.Log]memory, len(memories))
	before, now := uint64(0), uint64(0)
	for _, m := range memories {
		if _, twice := known[m.log]; twice {
			return nil, 0, errSnapshot
		}
		known[m.log] = m
		before += m.was.Size
	}
	k := newSketch(len(g.charter.Parties), g.upset)
	for i, st := range states {
		if st.Log.Group != g.id || int(st.Log.Party) >= len(k.rows) || st.Size > ledger.MaxEntries {
			return nil, 0, &ledger.Damaged{Log: st.Log, Why: "it belongs to another group"}
		}
		now += st.Size
		m, old := known[st.Log]
		delete(known, st.Log)
		ended := i+1 < len(states) && states[i+1].Log.Party == st.Log.Party
		if ended && old && m.was.Size != st.Size {
			if _, next := known[states[i+1].Log]; next { // it grew under an epoch that was there already
				return nil, 0, ledger.ErrAnotherHistory
			}
		}
		spine, err := ledger.OpenSpine(g.ctx, g.store, st, g.charter.Parties[st.Log.Party].Signing, m.was, m.ribs)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", st.Log, err)
		}
		if !k.put(spine) {
			return nil, 0, errSnapshot
		}
	}
	if len(known) > 0 || now > math.MaxInt32 || now-before > now/ignoreOf {
		return nil, 0, ledger.ErrAnotherHistory
	}
	return k, int(before), nil
}
