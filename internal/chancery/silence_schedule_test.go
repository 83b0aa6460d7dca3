package chancery_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/act"
	"entente/internal/chancery"
	"entente/plan"
)

// TestAThousandSilences goes through random schedules of a silence between two and three servers: cut
// lines, delays, clocks that are wrong and clocks that are set, restarts before, at and after the
// end, and objections, counters and withdrawals that cross it. No server accepts that had not
// received the text in time, nor before the end by its own clock, nor against what it had seen; and
// where nothing stands against it, all accept.
func TestAThousandSilences(t *testing.T) {
	const lots = 4
	each := 250
	if testing.Short() {
		each = 25
	}
	var mu sync.Mutex
	outcomes := map[string]int{}
	t.Run("schedules", func(t *testing.T) {
		for lot := range lots {
			t.Run(fmt.Sprint(lot), func(t *testing.T) {
				t.Parallel()
				for i := range each {
					seed := uint64(lot*each + i)
					synctest.Test(t, func(t *testing.T) {
						s := newSchedule(t, seed)
						s.run()
						mu.Lock()
						defer mu.Unlock()
						outcomes[s.check()]++
					})
					if t.Failed() {
						t.Fatalf("schedule %d", seed)
					}
				}
			})
		}
	})
	for _, o := range []string{plan.SilenceAdopted, plan.SilenceBroken, plan.SilenceNotDelivered, plan.SilenceAwaiting, plan.SilenceWithdrawn} {
		if outcomes[o] < lots*each/100 && !t.Failed() {
			t.Errorf("only %d schedules end %s, so that little is shown: %v", outcomes[o], o, outcomes)
		}
	}
	t.Log(outcomes)
}

// A schedule is one story of a silence.
type schedule struct {
	*table
	rnd     *rand.Rand
	r       act.Hash
	until   time.Time // by the clock of the bubble, as the co-chair's server has it
	events  []event
	got     []time.Time // when a server had the text, by its own clock; zero for never
	broken  bool
	jumped  []bool // by more than is borne, while the server waited, and noticed before it stopped
	jumps   bool
	stopped []time.Time
	moved   []time.Time
}

type event struct {
	at time.Duration
	do func()
}

func newSchedule(t *testing.T, seed uint64) *schedule {
	rnd := rand.New(rand.NewPCG(seed, 7))
	n := 2 + rnd.IntN(2)
	s := &schedule{table: seat(t, n, nil), rnd: rnd, got: make([]time.Time, n), jumped: make([]bool, n),
		stopped: make([]time.Time, n), moved: make([]time.Time, n)}
	for _, w := range s.watches {
		if rnd.IntN(2) == 0 {
			w.set(s.span(time.Hour) - 30*time.Minute)
		}
	}
	in := threeDays + threeDays/100 + time.Minute + s.span(10*time.Hour)
	s.r = s.hush("G-1", in)
	s.until = time.Now().Add(in)
	s.plan(in)
	return s
}

// span is a random time up to a limit, in whole milliseconds.
func (s *schedule) span(limit time.Duration) time.Duration {
	return time.Duration(s.rnd.Int64N(limit.Milliseconds())) * time.Millisecond
}

// near is a random time from the beginning to some hours after the end, often close to the end.
func (s *schedule) near(in time.Duration) time.Duration {
	switch s.rnd.IntN(5) {
	case 0:
		return in + []time.Duration{-time.Minute, -time.Second, -time.Millisecond, 0, time.Millisecond, time.Second, time.Minute}[s.rnd.IntN(7)]
	case 1:
		return in - time.Hour + s.span(2*time.Hour)
	}
	return s.span(in + 5*time.Hour)
}

// plan makes the events of a schedule that lasts about so long.
func (s *schedule) plan(in time.Duration) {
	n := len(s.homes)
	for i := range n {
		for j := range n {
			if i == j {
				continue
			}
			cut := time.Duration(0) // how long the line stays down at first
			if s.rnd.IntN(4) == 0 {
				cut = s.span(in)
			}
			for range 2 + s.rnd.IntN(4) {
				s.add(cut+s.span(2*time.Hour), func() { s.bring(i, j) })
				s.add(s.near(in)+cut/4, func() { s.bring(i, j) })
			}
		}
	}
	for i := range n {
		if s.rnd.IntN(3) == 0 {
			down := s.near(in)
			s.add(down, func() { s.halt(i) })
			s.add(max(down, s.near(in)), func() { s.rise(i) })
		}
		if s.rnd.IntN(6) == 0 {
			by := []time.Duration{5 * time.Second, -50 * time.Second, 2 * time.Minute, -2 * time.Minute, 5 * time.Hour, -5 * time.Hour, 100 * time.Hour}[s.rnd.IntN(7)]
			s.add(s.near(in), func() { s.jump(i, by) })
		}
	}
	if s.rnd.IntN(3) == 0 {
		i, how := s.rnd.IntN(n), s.rnd.IntN(3)
		s.add(s.near(in), func() { s.speak(i, how) })
	}
	slices.SortStableFunc(s.events, func(a, b event) int { return int(a.at - b.at) })
}

func (s *schedule) add(at time.Duration, do func()) { s.events = append(s.events, event{at, do}) }

func (s *schedule) run() {
	began := time.Now()
	for _, e := range s.events {
		s.later(e.at - time.Since(began))
		e.do()
		synctest.Wait()
	}
	for i := range s.homes {
		s.rise(i)
	}
	s.later(time.Until(s.until) + 12*time.Hour)
	s.all()
	s.later(2 * time.Hour)
	s.all()
}

// all brings everything everywhere.
func (s *schedule) all() {
	for i := range s.homes {
		for j := range s.homes {
			if i != j {
				s.bring(i, j)
			}
		}
	}
	s.meet()
}

// bring takes what one server has to another.
func (s *schedule) bring(from, to int) {
	if s.closed[from] || s.closed[to] {
		return
	}
	hand(s.t, s.homes[from], s.homes[to])
	s.homes[to].plenary().View(func(p *plan.State) {
		if p.Rule().Revision(s.r) != nil && s.got[to].IsZero() {
			s.got[to] = s.watches[to].now()
		}
	})
}

func (s *schedule) halt(i int) {
	if !s.closed[i] {
		s.stop(i)
		s.stopped[i] = time.Now()
		if !s.moved[i].IsZero() && time.Since(s.moved[i]) < time.Hour+time.Minute {
			s.jumped[i] = false // it may have stopped before it looked at its clock
		}
	}
}

func (s *schedule) rise(i int) {
	if s.closed[i] {
		s.start(i)
	}
}

func (s *schedule) jump(i int, by time.Duration) {
	s.watches[i].set(by)
	if by.Abs() > time.Minute {
		s.jumps = true
		s.moved[i] = time.Now()
		answered := false
		if !s.closed[i] {
			answered = s.sheet(i, s.r).party(i).Answer != nil
		}
		s.jumped[i] = !s.closed[i] && !s.got[i].IsZero() && !answered
	}
}

// speak has a person break the silence, or the co-chair withdraw the text.
func (s *schedule) speak(i, how int) {
	if s.closed[i] || i != 0 && s.got[i].IsZero() {
		return
	}
	var body act.Body = act.Remark{Element: "G-1", Revision: s.r, Sort: act.Objection, Text: names("No.")}
	switch {
	case i == 0:
		body = act.Withdraw{Element: "G-1", Reason: names("No.")}
	case how == 1:
		body = goal("G-1", "Block some paths.")
	case how == 2:
		body = act.Withdraw{Element: "G-1", Reason: names("No.")}
	}
	_, err := s.homes[i].plenary().Admit(s.t.Context(), s.homes[i].who, chancery.Draft{Body: body})
	s.broken = s.broken || err == nil // refused: nothing to withdraw, or agreed already
}

// party is one party's part; nothing where the text is not here.
func (x heard) party(i int) plan.SilentParty {
	if i >= len(x.Parties) {
		return plan.SilentParty{}
	}
	return x.Parties[i]
}

type heard struct{ plan.Silence }

func (s *schedule) sheet(i int, r act.Hash) heard { return heard{s.table.sheet(i, r)} }

// check says how the story ended, and what is wrong with that.
func (s *schedule) check() string {
	t := s.t
	x := s.sheet(0, s.r)
	for i := range s.homes[1:] {
		o := s.table.sheet(i+1, s.r)
		if d := cmp.Diff(x.Silence, o); d != "" {
			t.Errorf("the sheets differ:\n%s", d)
		}
	}
	all := true
	for i := 1; i < len(s.homes); i++ {
		q := x.party(i)
		intime := !s.got[i].IsZero() && s.got[i].UnixMilli() <= x.Until-x.Least
		if q.State == plan.SilentGiven {
			s.checkGiven(i, x.Silence, q, intime)
		}
		quiet := !s.broken && !s.jumps
		if quiet && intime != (q.State == plan.SilentGiven) {
			t.Errorf("%s had the text in time: %v, and its state is %s", q.Party, intime, q.State)
		}
		all = all && q.State == plan.SilentGiven
	}
	agreed := s.homes[0].status("G-1") == plan.Agreed
	if agreed && !all {
		t.Error("adopted without every party's silence")
	}
	if all && !s.broken && x.Outcome != plan.SilenceAdopted {
		t.Errorf("all were silent, and it ends %s", x.Outcome)
	}
	return x.Outcome
}

// checkGiven checks one acceptance by silence against what the test knows.
func (s *schedule) checkGiven(i int, x plan.Silence, q plan.SilentParty, intime bool) {
	t := s.t
	if !intime || q.Unproved || q.Receipt == nil || q.Receipt.At < s.got[i].UnixMilli() {
		t.Errorf("%s accepted by silence what it had not received in time: at %v, sheet %+v", q.Party, s.got[i], q)
	}
	if q.Answer.At < x.Until {
		t.Errorf("%s accepted by silence before the end by its own clock", q.Party)
	}
	if s.jumped[i] {
		t.Errorf("%s accepted by silence though its clock was set meanwhile", q.Party)
	}
	s.homes[i].plenary().View(func(p *plan.State) {
		for _, b := range x.Breaks {
			at, answer := b.Stamp.Place, q.Answer.Place
			if at.Party == answer.Party && at.Ordinal < answer.Ordinal || p.Rule().SawAt(answer.Party, int(answer.Ordinal), at.Party) > int(at.Ordinal) {
				t.Errorf("%s accepted by silence though it had seen %s break it", q.Party, b.Party)
			}
		}
	})
}
