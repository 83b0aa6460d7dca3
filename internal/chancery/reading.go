package chancery

import (
	"entente/ledger"
	"entente/plan"
)

// A reading is a group's acts read ahead of the fold, on all cores, while its logs are loaded: the
// fold itself goes one act after another, and is left with little to do.
type reading struct {
	gists   map[ledger.Log][][]plan.Gist // by bundle
	rows    [][][][]plan.Gist            // the same by party and epoch
	readers chan *reader
}

// A reader is what one goroutine reads with.
type reader struct {
	*plan.Reader
	seen map[ledger.Log][]uint64 // sizes of logs that acts name
}

func newReading(s *plan.State, logs []ledger.State, workers int) *reading {
	r := &reading{gists: make(map[ledger.Log][][]plan.Gist, len(logs)), readers: make(chan *reader, workers)}
	for _, l := range logs {
		r.gists[l.Log] = make([][]plan.Gist, (min(l.Size, ledger.MaxEntries)+ledger.BundleLeaves-1)/ledger.BundleLeaves)
	}
	for range cap(r.readers) {
		r.readers <- &reader{s.Reader(), map[ledger.Log][]uint64{}}
	}
	return r
}

// read is ledger.Load's Each.
func (r *reading) read(b *ledger.Book, first uint64, leaves []string) {
	w := <-r.readers
	defer func() { r.readers <- w }()
	log := b.Log()
	gists := make([]plan.Gist, len(leaves))
	for i, leaf := range leaves {
		gists[i] = w.Read(leaf, log.Party, log.Epoch, first+uint64(i))
		for _, s := range gists[i].Seen() {
			l := ledger.Log{Group: log.Group, Party: s.Party, Epoch: s.Epoch}
			w.seen[l] = append(w.seen[l], s.Size)
		}
	}
	r.gists[log][first/ledger.BundleLeaves] = gists
}

// lend gives the shelf what was read, and has its books work out the roots that the acts name.
func (r *reading) lend(state *plan.State, s *shelf) {
	seen := map[ledger.Log][]uint64{}
	var readers []*plan.Reader
	for range cap(r.readers) {
		w := <-r.readers
		readers = append(readers, w.Reader)
		for l, sizes := range w.seen {
			seen[l] = append(seen[l], sizes...)
		}
	}
	r.rows = make([][][][]plan.Gist, len(s.rows))
	for p := range s.rows {
		for _, b := range s.rows[p].books {
			r.rows[p] = append(r.rows[p], r.gists[b.Log()])
			b.Expect(seen[b.Log()])
		}
	}
	state.Expect(readers...)
	s.ahead = r
}

// end lets go of what was read ahead, and of what the books can work out again.
func (r *reading) end(s *shelf) {
	s.ahead = nil
	for p := range s.rows {
		for _, b := range s.rows[p].books {
			b.Release()
		}
	}
}

// Gist is plan.Gists's.
func (s *shelf) Gist(p uint8, ordinal int) *plan.Gist {
	if s.ahead == nil {
		return nil
	}
	_, i, here := s.find(p, ordinal)
	if !here {
		return nil
	}
	epoch, _ := s.Place(p, ordinal)
	return &s.ahead.rows[p][epoch][i/ledger.BundleLeaves][i%ledger.BundleLeaves]
}
