package plan

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/party"
)

// closed reports whether a cut holds whatever its entries had seen.
func closed(s *State, c Cut) bool {
	for p, n := range c {
		for q := range c {
			if n > 0 && p != q && s.rule.SawAt(uint8(p), n-1, uint8(q)) > c[q] {
				return false
			}
		}
	}
	return true
}

// TestCutsOfAnyHistory takes cuts of random histories: at everything that was judged the plan is the
// plan; wherever one cuts, the cut is closed, all before it is judged, it is what a fold of those
// entries alone is, and it comes to the same in one go and in parts.
func TestCutsOfAnyHistory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := scramble(t, r)
		s := w.state()
		if got, want := pages(t, s.At(s.Now())), pages(t, s); got != want {
			r.Fatalf("at the full cut it is another plan: %s", firstDifference(got, want))
		}
		c := make(Cut, len(w.logs))
		for p := range c {
			c[p] = rapid.IntRange(0, len(w.logs[p].leaves)).Draw(r, "upto")
		}
		p := uint8(rapid.IntRange(0, len(w.logs)-1).Draw(r, "of"))
		at := w.clock - 60_000*int64(rapid.IntRange(-1, 62).Draw(r, "ago"))
		cuts := []Cut{s.Closed(c), s.CutAsOf(at)}
		if n := s.rule.Count(p); n > 0 {
			o := rapid.IntRange(0, n-1).Draw(r, "act")
			cuts = append(cuts, s.CutAt(Place{p, uint32(o)}))
			if last := cuts[2]; s.rule.Void(p, o) == 0 && last[p] != o+1 {
				r.Fatalf("the cut of act %d of %d holds %d of its log", o, p, last[p])
			}
		}
		for i, c := range cuts {
			if !closed(s, c) || !c.Within(s.Now()) {
				r.Fatalf("cut %d, %v, is not closed", i, c)
			}
			then := s.At(c)
			if !then.Now().Equal(c) {
				r.Fatalf("of cut %v only %v was judged", c, then.Now())
			}
			sound(t, then)
			parts := s.Retell(c)
			for !parts.Some(rapid.IntRange(1, 5).Draw(r, "some")) {
			}
			if got, want := pages(t, parts.State), pages(t, then); got != want {
				r.Fatalf("told in parts it is another plan: %s", firstDifference(got, want))
			}
			for p, n := range c {
				for o := range n {
					if then.rule.Void(uint8(p), o) != s.rule.Void(uint8(p), o) {
						r.Fatalf("entry %d of %d is void for another reason", o, p)
					}
				}
			}
		}
		half := s.Retell(s.Closed(c))
		for !half.Some(3) {
		}
		if !half.Extend(s.Now()) {
			r.Fatal("it does not go on")
		}
		for !half.Some(3) {
		}
		if got, want := half.State.Now(), s.Now(); !got.Equal(want) {
			r.Fatalf("it went on to %v, not %v", got, want)
		}
	})
}

// TestMomentNames reads what a person may write for a cut.
func TestMomentNames(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("A-1", act.Content{Title: en("An action")})
	day := w.clock
	w.table(1, "A-2", act.Content{Title: en("Another")})
	s := w.state()
	for _, c := range []struct {
		name  string
		cut   Cut
		exact bool
	}{
		{"", s.Now(), true},
		{"now", s.Now(), true},
		{"US:1", Cut{1, 0}, true},
		{"IL:3", Cut{len(w.logs[0].leaves), 3}, true},
		{"2017-11-30T00:04", s.CutAsOf(1_512_000_000_000 + 4*60_000), false},
		{"2017-11-30T02:04+02:00", s.CutAsOf(1_512_000_000_000 + 4*60_000), false},
		{"2017-11-30", s.Now(), false},
		{"2017-11-29", Cut{0, 0}, false},
	} {
		m, err := s.Moment(c.name)
		if err != nil || !m.Cut.Equal(c.cut) || m.Exact != c.exact {
			t.Errorf("%q: %+v, %v; want %v", c.name, m, err, c.cut)
		}
	}
	if m, _ := s.Moment("2017-11-30T00:04"); m.Cut.Equal(s.Now()) || len(m.Cut) != 2 {
		t.Errorf("a moment in between is %v of %v", m.Cut, s.Now())
	}
	if then := s.At(s.CutAsOf(day)); then.Element("A-2") != nil || then.Element("A-1") == nil {
		t.Error("the plan of the day is not that of the day")
	}
	for _, bad := range []string{"R-1.opened", "A-1.closed", "FR:1", "US:0", "US:99", "yesterday", "US:-1", "2017-02-30", "R-1", ".opened"} {
		var e *MomentError
		if m, err := s.Moment(bad); !errors.As(err, &e) {
			t.Errorf("%q is %+v, %v", bad, m, err)
		}
	}
}

// A clock that was wrong for a while cuts a log where it first was ahead.
func TestWrongClocksCut(t *testing.T) {
	w := newWorld(t, 2)
	w.clock += 1e9
	w.table(0, "A-1", act.Content{Title: en("Ahead")})
	w.clock -= 1e9
	w.table(0, "A-2", act.Content{Title: en("Right again")})
	w.table(1, "A-3", act.Content{Title: en("By the other")})
	s := w.state()
	c := s.CutAsOf(w.clock)
	if want := (Cut{1, 1}); !slices.Equal(c, want) {
		t.Errorf("the cut is %v, not %v: what was seen beyond it is not before it", c, want)
	}
}

func sit(w *world, p int, ref act.Ref, step act.SitStep, who ...act.Seated) Place {
	w.tell(p, act.Sit{Round: ref, Step: step, Present: who})
	return Place{uint8(p), uint32(len(w.logs[p].leaves) - 1)}
}

func round(opens act.Date) act.Content {
	return act.Content{Kind: act.Round, Title: en("Round"), Text: en("1. Verification"), Opens: opens}
}

func TestRounds(t *testing.T) {
	w := newWorld(t, 2)
	w.table(0, "R-2", round("2017-12-13"))
	w.table(0, "R-1", round("2017-12-12"))
	w.table(0, "R-10", round("2018-01-10"))
	w.tell(0, act.Withdraw{Element: "R-10", Reason: en("No")})
	open := sit(w, 1, "R-1", act.RoundOpens, act.Seated{Party: "IL", Person: "n.barak"}, act.Seated{Party: "US", Person: "d.reyes"})
	w.table(0, "A-1", act.Content{Title: en("During")})
	shut := sit(w, 0, "R-1", act.RoundCloses, act.Seated{Party: "US", Person: "a.cole"}, act.Seated{Party: "US", Person: "d.reyes"})
	sit(w, 1, "R-1", act.RoundCloses)
	w.table(0, "A-2", act.Content{Title: en("After")})
	s := w.state()
	list, all := s.Rounds()
	if all != 2 || len(list) != 2 || list[0].Ref != "R-1" || list[1].Ref != "R-2" {
		t.Fatalf("rounds: %+v", list)
	}
	r := list[0]
	if r.Number != 1 || r.State != RoundClosed || r.Opened.Place != open || r.Closed.Place != shut || r.Opened.Party != "IL" {
		t.Errorf("the round is %+v", r)
	}
	want := []act.Seated{{Party: "US", Person: "a.cole"}, {Party: "US", Person: "d.reyes"}, {Party: "IL", Person: "n.barak"}}
	if !slices.Equal(r.Sat, want) {
		t.Errorf("there sat %v", r.Sat)
	}
	if list[1].State != RoundPlanned || list[1].Opens != "2017-12-13" || list[1].Opened != nil {
		t.Errorf("the other is %+v", list[1])
	}
	opened, err := s.Moment("R-1.opened")
	if err != nil || opened.By.Party != party.Code("IL") {
		t.Fatal(opened, err)
	}
	closing, _ := s.Moment("R-1.closed")
	if then := s.At(opened.Cut); then.Element("A-1") != nil || then.Element("R-2") == nil {
		t.Error("the text as the round opened")
	}
	if then := s.At(closing.Cut); then.Element("A-1") == nil || then.Element("A-2") != nil {
		t.Error("the text as the round closed")
	}
	if _, err := s.Moment("R-2.opened"); err == nil {
		t.Error("a round that was not opened has a moment")
	}
}

// Two parties open one round without knowing of each other: at every node the same one counts.
func TestTwoOpenOneRound(t *testing.T) {
	w := newWorld(t, 3)
	w.table(0, "R-1", round("2017-12-12"))
	for p := range 3 {
		w.tell(p, act.See{})
	}
	for _, p := range []int{2, 1} {
		w.say(p, act.Sit{Round: "R-1", Step: act.RoundOpens})
	}
	first := w.state()
	r, _ := first.Round("R-1")
	if r.Opened == nil || r.Opened.Party != "IL" {
		t.Fatalf("opened by %+v: of two that know as much, the one that joined first", r.Opened)
	}
	v := slow{w, []int{len(w.logs[0].leaves), 1, len(w.logs[2].leaves)}}
	v.here[1] = len(w.logs[1].leaves) - 1
	late := New(w.charter, v)
	late.Advance()
	if r, _ := late.Round("R-1"); r.Opened == nil || r.Opened.Party != "AU" {
		t.Errorf("before the other is known: %+v", r.Opened)
	}
	v.here[1]++
	late.Advance()
	if r, _ := late.Round("R-1"); r.Opened.Party != "IL" {
		t.Errorf("after it is known: %+v", r.Opened)
	}
}

// FuzzMoment reads anything as the name of a moment: it is one, with a closed cut, or is refused with a reason.
func FuzzMoment(f *testing.F) {
	w := newWorld(f, 2)
	w.table(0, "R-1", round("2017-12-12"))
	sit(w, 0, "R-1", act.RoundOpens)
	s := w.state()
	for _, name := range []string{"now", "R-1.opened", "R-1.closed", "US:1", "IL:99999999999999999999", "2017-12-12T10:00", "2017-12-12T10:00:00+02:00", "2017-11-30", "9999-12-31", "0000-01-01T00:00Z", ":", "R-1:1", ".closed"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		m, err := s.Moment(name)
		var wrong *MomentError
		if err != nil {
			if !errors.As(err, &wrong) || wrong.Why == "" {
				t.Fatalf("%q: %v", name, err)
			}
			return
		}
		if !closed(s, m.Cut) || !m.Cut.Within(s.Now()) || m.Now != m.Cut.Equal(s.Now()) && !m.Exact {
			t.Fatalf("%q is %+v", name, m)
		}
	})
}
