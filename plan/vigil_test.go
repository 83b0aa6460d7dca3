package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"entente/accord"
	"entente/act"
	"entente/flat"
	"entente/group"
)

// keptSlowly is SilencesKept from the acts alone: every silence that was ever asked for is gone through.
func (s *State) keptSlowly(self uint8) (out []Waited, unseen bool) {
	for e, list := range s.table.silences {
		for _, at := range list {
			h := s.hushOf(e, at)
			if h == nil || h.void != "" || h.rev.IsAdopted() || e.Position(at.Party) != h.rev {
				continue
			}
			unseen = unseen || at.Party != self && s.rule.SeenBy(self, at.Party) <= h.rev.Ordinal
			broken := len(s.breaks(h)) > 0
			_, _, intime := s.receipt(h, self)
			if self != at.Party && !broken && h.came[self] < 0 && s.silenceLock(h, self) == "" && intime &&
				s.rule.Try(self, accord.Move{Kind: act.KindAccept, Element: e.Ref(), Revision: h.rev.ID}) == accord.Good {
				out = append(out, Waited{e.Ref(), h.rev.ID, h.until})
			}
		}
	}
	slices.SortFunc(out, func(a, b Waited) int {
		return cmp.Or(cmp.Compare(a.Until, b.Until), a.Element.Compare(b.Element), bytes.Compare(a.Revision[:], b.Revision[:]))
	})
	return out, unseen
}

// TestWhatIsKeptOfSilencesFollowsFromTheActs plays histories at random, read a few acts at a time: what
// is kept is what the acts say, here and in a plan that is restored, and changes only as
// SilenceTurns says.
func TestWhatIsKeptOfSilencesFollowsFromTheActs(t *testing.T) {
	const parties = 3
	rapid.Check(t, func(r *rapid.T) {
		w := newWorldOf(t, parties, func(c *group.Charter) {
			c.Silence = group.Silence{Least: 2 * time.Minute, Kinds: []act.ElementKind{act.Clause}}
			c.Chairs = []group.Chair{{Party: "US", Person: "d.reyes"}, {Party: "IL", Person: "d.reyes"}}
			c.InStep = true
		})
		v := slow{w, []int{1, 1, 1}}
		s := New(w.charter, v)
		var texts []act.Contained
		check := func() {
			turns := s.SilenceTurns()
			var before [parties][]Waited
			for p := range before {
				before[p] = s.SilencesKept(uint8(p))
			}
			s.Advance()
			back, err := Restore(w.charter, v, flat.NewReader(snapshotOf(s)))
			if err != nil {
				r.Fatal(err)
			}
			for p := range uint8(parties) {
				got := s.SilencesKept(p)
				want, unseen := s.keptSlowly(p)
				if !slices.Equal(got, want) || s.Unacknowledged(p) != unseen {
					r.Fatalf("party %d keeps %v, by the acts %v; unacknowledged %v, by the acts %v", p, got, want, s.Unacknowledged(p), unseen)
				}
				if s.SilenceTurns() == turns && !slices.Equal(got, before[p]) {
					r.Fatalf("party %d keeps %v, and kept %v before: untold", p, got, before[p])
				}
				if again := back.SilencesKept(p); !slices.Equal(again, got) || back.Unacknowledged(p) != unseen {
					r.Fatalf("restored, party %d keeps %v instead of %v", p, again, got)
				}
			}
		}
		for range rapid.IntRange(1, 40).Draw(r, "acts") {
			w.silentMove(r, &texts)
			if rapid.Bool().Draw(r, "read") {
				for p := range v.here {
					v.here[p] = rapid.IntRange(v.here[p], len(w.logs[p].leaves)).Draw(r, "here")
				}
				check()
			}
		}
		for p := range v.here {
			v.here[p] = len(w.logs[p].leaves)
		}
		check()
	})
}

// silentMove writes some act that silences may depend on.
func (w *world) silentMove(r *rapid.T, texts *[]act.Contained) {
	p := rapid.IntRange(0, len(w.logs)-1).Draw(r, "party")
	say := w.tell
	if rapid.IntRange(0, 3).Draw(r, "unseen") == 0 {
		say = func(p int, b act.Body) act.Hash { return w.say(p, b) }
	}
	c := act.Contained{Element: act.Ref(fmt.Sprint("C-", rapid.IntRange(1, 3).Draw(r, "element")))}
	if len(*texts) > 0 {
		c = rapid.SampledFrom(*texts).Draw(r, "text")
	}
	move := rapid.IntRange(0, 9).Draw(r, "move")
	if len(*texts) == 0 {
		move = 0
	}
	switch move {
	case 0, 1, 2:
		c.Element = act.Ref(fmt.Sprint("C-", rapid.IntRange(1, 3).Draw(r, "element")))
		content := act.Content{Kind: act.Clause, Text: en("x").With("he", "י")}
		if len(*texts) > 0 && rapid.Bool().Draw(r, "behind") {
			content.Follows = []act.Following{{Lang: "he", Revision: (*texts)[0].Revision}}
		}
		until := w.clock + rapid.Int64Range(1, 10).Draw(r, "minutes")*60_000
		c.Revision = say(p, act.Table{Element: c.Element, Content: content, Until: until, Offered: rapid.IntRange(0, 9).Draw(r, "offered") == 0})
		*texts = append(*texts, c)
	case 3:
		say(p, act.See{})
	case 4:
		say(p, act.Accept{Element: c.Element, Revision: c.Revision, Silent: rapid.Bool().Draw(r, "silent")})
	case 5:
		say(p, act.Confirm{Element: c.Element, Revision: c.Revision})
	case 6:
		say(p, act.Remark{Element: c.Element, Revision: c.Revision, Sort: act.Objection, Text: en("No.")})
	case 7:
		say(p, act.Refer{Element: c.Element, Revision: c.Revision, Until: w.clock + 60_000, Role: en("Minister")})
	case 8:
		say(p, act.Certify{Element: c.Element, Revision: c.Revision})
	default:
		if rapid.Bool().Draw(r, "package") {
			say(p, act.Table{Element: "K-1", Tied: true, Content: act.Content{Kind: act.Package, Title: en("P"), Contains: []act.Contained{c}}})
		} else {
			say(p, act.Withdraw{Element: c.Element, Reason: en("No.")})
		}
	}
}

// TestAPackageLocksASilence: a party's server does not accept by silence while the party's own text
// stands or falls with a package, and is told when that begins and ends.
func TestAPackageLocksASilence(t *testing.T) {
	w, _, _ := hushed(t, 2)
	own := w.table(1, "C-2", act.Content{Text: en("Ours.")})
	w.tell(0, act.Table{Element: "C-2", Content: act.Content{Kind: act.Clause, Text: en("Theirs.")}, Until: w.clock + 48*hour})
	w.tell(1, act.See{})
	here := slow{w, []int{len(w.logs[0].leaves), len(w.logs[1].leaves)}}
	s := New(w.charter, here)
	s.Advance()
	for i, b := range []act.Body{
		act.Table{Element: "K-1", Tied: true, Content: act.Content{Kind: act.Package, Title: en("P"), Contains: []act.Contained{{Element: "C-2", Revision: own}}}},
		act.Withdraw{Element: "K-1", Reason: en("No.")},
	} {
		turns := s.SilenceTurns()
		w.tell(1, b)
		here.here[1]++
		s.Advance()
		equal(t, []any{len(s.SilencesKept(1)), s.SilenceTurns() != turns}, []any{1 + i, true})
	}
}

// A counted reader counts how many entries are read.
type counted struct {
	*world
	read *int
}

func (c counted) Leaf(p uint8, ordinal int) (string, bool) {
	*c.read++
	return c.world.Leaf(p, ordinal)
}

// amid is a world in which that many silences run, and its plan.
func amid(t testing.TB, silences int) (*world, *State, *int) {
	w, _, _ := hushed(t, 2)
	for i := 1; i < silences; i++ {
		w.clock -= 60_000 // all in one minute
		w.say(0, act.Table{Element: act.Ref(fmt.Sprint("C-", i+1)), Content: act.Content{Kind: act.Clause, Text: en("x")}, Until: w.clock + 48*hour})
	}
	w.tell(1, act.See{})
	read := new(int)
	s := New(w.charter, counted{w, read})
	s.Advance()
	if n := len(s.SilencesKept(1)); n != silences {
		t.Fatalf("%d of %d silences are kept", n, silences)
	}
	return w, s, read
}

// TestAnActCostsWhatItIsAbout: an act, about a silence or not, has the same entries read whether ten
// silences run or a thousand.
func TestAnActCostsWhatItIsAbout(t *testing.T) {
	costs := func(silences int) (out []int) {
		w, s, read := amid(t, silences)
		for _, b := range []act.Body{
			act.Table{Element: "G-1", Content: act.Content{Kind: act.Goal, Title: en("x")}}, act.See{},
			act.Table{Element: "C-2000", Content: act.Content{Kind: act.Clause, Text: en("x")}, Until: w.clock + 48*hour},
			act.Remark{Element: "C-1", Revision: s.Element("C-1").Leading().ID, Sort: act.Objection, Text: en("No.")},
		} {
			*read = 0
			w.tell(len(out)%2, b)
			turns := s.SilenceTurns()
			s.Advance()
			s.Unacknowledged(1)
			s.SilencesKept(1)
			out = append(out, *read)
			if about := len(out) > 2; about != (turns != s.SilenceTurns()) {
				t.Errorf("act %d: told as about a silence: %v", len(out), !about)
			}
		}
		return out
	}
	few, many := costs(10), costs(1000)
	if !slices.Equal(few, many) {
		t.Errorf("amid ten silences %v entries are read, amid a thousand %v", few, many)
	}
}

// BenchmarkAmidSilences is an act about something else while silences run, with what a server asks
// after each: x-floor is against one running silence.
func BenchmarkAmidSilences(b *testing.B) {
	took := func(silences, acts int) time.Duration {
		w, s, _ := amid(b, silences)
		start := time.Now()
		for range acts {
			w.say(0, act.See{})
			s.Advance()
			s.Unacknowledged(1)
			s.SilenceTurns()
		}
		return time.Since(start)
	}
	var one, many time.Duration
	for b.Loop() {
		one += took(1, 1000)
		many += took(10_000, 1000)
	}
	b.ReportMetric(float64(many)/float64(one), "x-floor")
}
