package accord

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"entente/act"
)

// A schedule is one random run of a group: every party has a node of its own with its own part
// of the world. Letters are late, come twice or by way of others; nodes write with partial
// knowledge, crash and start again, begin new epochs; one party may lie.
type schedule struct {
	t     testing.TB
	rng   *rand.Rand
	w     *world
	nodes []*node
	liar  int // its ordinal, or -1
	calm  int // how much of what is written keeps to one text, in percent
	refs  []act.Ref
}

type node struct {
	view    *view
	s       *State
	adopted map[act.Ref][]act.Hash // what its screen has shown as adopted
}

func newSchedule(t testing.TB, seed uint64, parties int, lies bool) *schedule {
	rng := rand.New(rand.NewPCG(seed, 1))
	sc := &schedule{t: t, rng: rng, w: newWorld(parties), liar: -1, calm: rng.IntN(101)}
	sc.refs = []act.Ref{"A-1", "A-2"}[:1+rng.IntN(2)]
	if lies {
		sc.liar = rng.IntN(parties)
	}
	for range parties {
		sc.nodes = append(sc.nodes, &node{&view{sc.w, make([]int, parties)}, New(parties), map[act.Ref][]act.Hash{}})
	}
	return sc
}

func (sc *schedule) run(steps int) {
	for range steps {
		i := sc.rng.IntN(len(sc.nodes))
		switch n := sc.rng.IntN(100); {
		case n < 65:
			sc.deliver(i)
		case n < 97:
			sc.act(i)
		case n < 98:
			sc.restart(i)
		default:
			sc.w.resume(uint8(i))
			sc.own(i)
		}
	}
}

// own lets a node have what it has written.
func (sc *schedule) own(i int) {
	sc.nodes[i].view.have[i] = len(sc.w.logs[i])
	sc.advance(sc.nodes[i])
}

// deliver gives a node some of what another has of the logs: perhaps less than it has already.
func (sc *schedule) deliver(i int) {
	from := sc.nodes[sc.rng.IntN(len(sc.nodes))].view.have
	for q := range sc.nodes {
		to := &sc.nodes[i].view.have[q]
		if from[q] > *to && sc.rng.IntN(2) == 0 {
			*to += 1 + sc.rng.IntN(from[q]-*to)
		}
	}
	sc.advance(sc.nodes[i])
	if i != sc.liar && sc.rng.IntN(3) > 0 {
		sc.confirmRipe(i)
	}
}

// advance folds what came, and holds the node to what its screen has shown.
func (sc *schedule) advance(n *node) {
	n.s.Advance(n.view, func(j Judged) {
		if j.Adopted {
			if e := j.Element.Ref(); j.Element.InForce() != j.Revision {
				sc.t.Fatalf("%s: adopted %s, in force %s", e, nameOf(j.Revision), nameOf(j.Element.InForce()))
			}
		}
	})
	n.remember(sc.t)
}

func (n *node) remember(t testing.TB) {
	for _, ref := range n.s.Elements() {
		now := ids(n.s.Element(ref).Adopted())
		if before := n.adopted[ref]; len(now) < len(before) || !slices.Equal(before, now[:len(before)]) {
			t.Fatalf("%s: what was adopted is no longer: %d, then %d", ref, len(before), len(now))
		}
		n.adopted[ref] = now
	}
}

func ids(list []*Revision) []act.Hash {
	var out []act.Hash
	for _, r := range list {
		out = append(out, r.ID)
	}
	return out
}

// restart loses the node's memory and folds its part of the world again.
func (sc *schedule) restart(i int) {
	n := sc.nodes[i]
	before := show(n.s)
	n.s = fold(n.view)
	if after := show(n.s); after != before {
		sc.t.Fatalf("after the restart:\n%s\nbefore:\n%s", after, before)
	}
}

func (sc *schedule) confirmRipe(i int) {
	for _, ref := range sc.refs {
		e := sc.nodes[i].s.Element(ref)
		if e == nil {
			continue
		}
		if r := e.Ripe(uint8(i)); r != nil {
			m := Move{Kind: act.KindConfirm, Element: ref, Revision: r.ID}
			if why := sc.nodes[i].s.Try(uint8(i), m); why != Good {
				sc.t.Fatalf("a confirmation of what is ripe is %v", why)
			}
			m.Seen = sc.delta(i, sc.counts(i))
			sc.write(i, m)
			if !r.ConfirmedBy(uint8(i)) {
				sc.t.Fatal("a confirmation that was due did not count")
			}
		}
	}
}

func (sc *schedule) write(i int, m Move) {
	sc.w.write(uint8(i), m)
	sc.own(i)
}

// counts is all that a node may say it has seen.
func (sc *schedule) counts(i int) []int {
	s := sc.nodes[i].s
	out := make([]int, len(sc.nodes))
	for q := range out {
		out[q] = s.Count(uint8(q))
	}
	out[i] = 0
	return out
}

// partly is a closed part of what a node may say it has seen, not behind what it has said.
func (sc *schedule) partly(i int) []int {
	s, most := sc.nodes[i].s, sc.counts(i)
	out := make([]int, len(most))
	for q := range out {
		if q != i {
			least := s.SeenBy(uint8(i), uint8(q))
			out[q] = least + sc.rng.IntN(most[q]-least+1)
		}
	}
	for grew := true; grew; {
		grew = false
		for q, n := range out {
			for o, m := range seenAt(s, q, n) {
				if o != i && o != q && m > out[o] {
					out[o], grew = m, true
				}
			}
		}
	}
	return out
}

// seenAt is what the last of the first count entries of a log had seen.
func seenAt(s *State, q, count int) []int {
	out := make([]int, s.Parties())
	if count > 0 {
		for o := range out {
			out[o] = s.SawAt(uint8(q), count-1, uint8(o))
		}
	}
	return out
}

func (sc *schedule) delta(i int, seen []int) []act.Seen {
	var out []act.Seen
	for q, n := range seen {
		if q != i && n > sc.nodes[i].s.SeenBy(uint8(i), uint8(q)) {
			out = append(out, sc.w.at(uint8(q), n))
		}
	}
	return out
}

// act writes something, with as much seen as it pleases.
func (sc *schedule) act(i int) {
	seen := sc.counts(i)
	if sc.rng.IntN(2) == 0 {
		seen = sc.partly(i)
	}
	m := sc.move(i)
	if sc.nodes[i].s.Try(uint8(i), m) != Good && sc.rng.IntN(4) > 0 {
		m = Move{Kind: act.KindSee}
	}
	m.Seen = sc.delta(i, seen)
	if i == sc.liar && sc.rng.IntN(2) == 0 {
		sc.lie(i, &m)
	}
	sc.write(i, m)
}

func (sc *schedule) move(i int) Move {
	ref := sc.refs[sc.rng.IntN(len(sc.refs))]
	m := Move{Kind: act.KindTable, Element: ref, Offered: sc.rng.IntN(8) == 0, Tied: sc.rng.IntN(8) == 0}
	e := sc.nodes[i].s.Element(ref)
	if e == nil {
		if i > 0 && sc.rng.IntN(4) > 0 {
			m.Kind = act.KindSee
		}
		return m
	}
	r := e.Revisions()[sc.rng.IntN(len(e.Revisions()))]
	if sc.rng.IntN(100) < sc.calm { // texts that nobody settles on try little
		if r = e.Revisions()[0]; r.IsAdopted() {
			r = e.Revisions()[len(e.Revisions())-1]
		}
	}
	switch n := sc.rng.IntN(40); {
	case n < 3 && (r.IsAdopted() || sc.rng.IntN(100) >= sc.calm):
	case n < 25:
		m.Kind, m.Revision = act.KindAccept, r.ID
	case n < 28 && sc.rng.IntN(100) >= sc.calm:
		m.Kind = act.KindWithdraw
	case n < 32:
		m.Kind, m.Revision = act.KindConfirm, r.ID
	default:
		m.Kind = act.KindSee
	}
	return m
}

// lie breaks one rule or another.
func (sc *schedule) lie(i int, m *Move) {
	q := uint8((i + 1 + sc.rng.IntN(len(sc.nodes)-1)) % len(sc.nodes))
	n := sc.w.at(q, sc.rng.IntN(sc.nodes[i].s.Count(q)+1))
	switch sc.rng.IntN(8) {
	case 0: // another history
		n.Root[31] = 'x'
	case 1: // a history that has not happened
		n.Size += uint64(sc.rng.IntN(3))
		n.Root[31] = 'x'
	case 2: // a party that there is not
		n.Party = uint8(len(sc.nodes) + sc.rng.IntN(3))
	case 3: // itself
		n.Party = uint8(i)
	case 4: // back, or not closed
	case 5: // a revision of another element
		m.Element = "A-9"
	case 6: // a revision that nobody has tabled
		m.Kind, m.Revision[30] = act.KindAccept, 'x'
	default: // out of place, or no act at all
		m.Flaw = []Reason{NoAct, WrongPlace, Misplaced, BadCharter}[sc.rng.IntN(4)]
	}
	m.Seen = slices.DeleteFunc(m.Seen, func(o act.Seen) bool { return o.Party == n.Party })
	m.Seen = append(m.Seen, n)
	slices.SortFunc(m.Seen, func(a, b act.Seen) int { return int(a.Party) - int(b.Party) })
}

// finish lets everything reach everybody: all must say the same, and nothing that stood on any
// screen as adopted may be gone.
func (sc *schedule) finish() *State {
	all := fold(sc.w.all())
	want := show(all)
	for i, n := range sc.nodes {
		copy(n.view.have, sc.w.lengths())
		sc.advance(n)
		if got := show(n.s); got != want {
			sc.t.Fatalf("node %d has\n%s\nothers have\n%s", i, got, want)
		}
		for q := range sc.nodes {
			if held := len(sc.w.logs[q]) - n.s.Count(uint8(q)); held > 0 && sc.liar < 0 {
				sc.t.Fatalf("%d entries of log %d are held for ever", held, q)
			}
		}
	}
	return all
}

// TestSchedules plays thousands of random runs of two to five parties.
func TestSchedules(t *testing.T) {
	runs := 6000
	if testing.Short() {
		runs = 600
	}
	adopted, void, acts := 0, 0, 0
	for seed := range uint64(runs) {
		parties := 2 + int(seed%4)
		sc := newSchedule(t, seed, parties, seed%3 == 0)
		sc.run(30 + int(seed%7)*12*parties)
		s := sc.finish()
		for _, ref := range s.Elements() {
			adopted += len(s.Element(ref).Adopted())
		}
		for p := range parties {
			acts, void = acts+s.Count(uint8(p)), void+s.Voids(uint8(p))
		}
	}
	t.Logf("%d schedules, %d acts, %d of them void, %d adoptions", runs, acts, void, adopted)
	if adopted < runs/6 || void < runs {
		t.Error("the schedules do not try much")
	}
}

// TestAgainstModel compares the production state with the second implementation after every
// step of every node.
func TestAgainstModel(t *testing.T) {
	runs := 3000
	if testing.Short() {
		runs = 60
	}
	for seed := range uint64(runs) {
		parties := 1 + int(seed%4)
		sc := newSchedule(t, seed+1e6, parties, seed%2 == 0 && parties > 1)
		for step := range 24 + int(seed%5)*6 {
			sc.run(1)
			n := sc.nodes[sc.rng.IntN(parties)]
			if diff := newModel(n.view).compare(n.s); diff != "" {
				t.Fatalf("seed %d, step %d:\n%s\n%s", seed, step, diff, sc.w)
			}
		}
		sc.finish()
	}
}

// String is the whole world, one entry a line.
func (w *world) String() string {
	var b []byte
	for p, log := range w.logs {
		for i, m := range log {
			b = fmt.Appendf(b, "%d:%d %v %s %.3x… flaw=%v seen", p, i, m.Kind, m.Element, m.Revision[:16], m.Flaw)
			for _, n := range m.Seen {
				b = fmt.Appendf(b, " %d·%d:%d", n.Party, n.Epoch, n.Size)
			}
			b = append(b, '\n')
		}
	}
	return string(b)
}
