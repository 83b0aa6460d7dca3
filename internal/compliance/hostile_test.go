package compliance

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"entente/act"
)

// soon fails where something takes far longer than what is in it can call for. What is held against it
// here took minutes or hours, or never ended.
func soon(t *testing.T, what string, f func()) {
	t.Helper()
	begin := time.Now()
	f()
	if d := time.Since(begin); d > 20*time.Second {
		t.Errorf("%s took %v", what, d)
	}
}

// TestTakingBackWhatTookBack: acts that each take back all before them are told apart without asking the
// same twice, and so is a long chain of them.
func TestTakingBackWhatTookBack(t *testing.T) {
	w := under(t, heavyWater())
	batches := []act.Hash{w.observe(0, "T-1", "heavy_water", "t", read{"2016-05-09", "131", nil})}
	for range 63 {
		batches = append(batches, w.say(0, act.Report{Element: "T-1", TakesBack: sorted(batches)}))
	}
	soon(t, "taking back", func() { expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": CannotTell}) })
	last := batches[len(batches)-1]
	for range 5_001 {
		last = w.say(0, act.Report{Element: "T-1", TakesBack: []act.Hash{last}})
	}
	soon(t, "a chain", func() { expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": CannotTell}) })
}

// TestTakingBackWhatIsNotThere: acts that name batches that nobody wrote cost what is in them, however
// many batches there are.
func TestTakingBackWhatIsNotThere(t *testing.T) {
	w := under(t, heavyWater())
	for i := range 20_000 {
		w.say(0, act.Report{Element: "T-1", Sources: []act.Citation{{Title: "x"}},
			Readings: []act.Reading{{Quantity: "heavy_water", Unit: "t", AsOf: "2016-05-09", Value: "1"}}})
		if i%200 == 0 {
			var none []act.Hash
			for n := range act.MaxTakesBack {
				none = append(none, act.Hash{1, byte(i >> 16), byte(i >> 8), byte(i), byte(n >> 8), byte(n)})
			}
			w.say(0, act.Report{Element: "T-1", TakesBack: none})
		}
	}
	p := w.state()
	soon(t, "naming what is not there", func() { NewBook(p) })
}

// TestTakingBackACrowdedDay: readings of one day are taken back in the time that reading them took.
func TestTakingBackACrowdedDay(t *testing.T) {
	w := under(t, heavyWater())
	var batches []act.Hash
	for i := range 60 {
		r := act.Report{Element: "T-1", Sources: []act.Citation{{Title: "x"}}}
		for n := range 1_000 {
			r.Readings = append(r.Readings, act.Reading{Quantity: "heavy_water", Unit: "t", AsOf: "2016-05-09", Value: fmt.Sprint(200 + i*1_000 + n)})
		}
		batches = append(batches, w.say(0, r))
	}
	expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": Exceeded})
	w.say(0, act.Report{Element: "T-1", TakesBack: sorted(batches)})
	soon(t, "a crowded day", func() { expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": CannotTell}) })
}

// TestManyDisputes: ten thousand disputes about one obligation, each with an answer, cost a look at each.
func TestManyDisputes(t *testing.T) {
	w := under(t, heavyWater())
	for range 20_000 {
		d := w.say(0, act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-01-01", Text: en("No.")})
		w.say(0, act.Dispute{Element: "O-1", Step: act.DisputeReply, Of: d, On: "2017-01-02", Text: en("Yes.")})
	}
	p := w.state()
	soon(t, "many disputes", func() {
		b := NewBook(p)
		if o, _ := b.Obligation(p, "O-1", Today("2017-02-01"), 0); len(o.Disputes) != MaxDisputes {
			t.Errorf("%d disputes are told", len(o.Disputes))
		}
		if n := len(b.Disputes(p, Today("2017-02-01"))); n != MaxDisputes {
			t.Errorf("%d disputes are listed", n)
		}
	})
}

// TestACrowdedDayOfSightings: a programme whose sightings are all of one day, each bearing on hypotheses,
// is told in the time that reading them takes.
func TestACrowdedDayOfSightings(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("F-1", act.Content{Kind: act.Programme, Title: en("Precision project")})
	for n := range 40 {
		w.say(0, act.Table{Element: act.Ref(fmt.Sprintf("H-%d", n+1)), Content: act.Content{Kind: act.Hypothesis, Parent: "F-1", Title: en("x")}})
	}
	for i := range 20 {
		r := act.Report{Element: "F-1", Sources: []act.Citation{{Title: "x"}}}
		for n := range 1_000 {
			r.Readings = append(r.Readings, act.Reading{Quantity: "sites", Unit: "1", AsOf: "2016-05-09", Value: fmt.Sprint(i*1_000 + n),
				Bears: []act.Bearing{{Hypothesis: "H-1", Weight: 1}}})
		}
		w.say(0, r)
	}
	p := w.state()
	soon(t, "a crowded day", func() {
		x, _ := NewBook(p).Programme(p, "F-1", Today("2016-06-01"), 0)
		if x.SightingsAll != 20_000 || len(x.Sightings) != MaxSightings || x.Hypotheses[0].Ref != "H-1" || x.Hypotheses[0].For != 20_000 {
			t.Errorf("%d sightings, %d told, %+v", x.SightingsAll, len(x.Sightings), x.Hypotheses[0])
		}
	})
}

// TestAttestsOnWhatIsOnlyProposed: another party's verdicts on agreements that it alone proposes are not
// computed again from all acts before them, and those on agreed ones are so once, however many there are.
func TestAttestsOnWhatIsOnlyProposed(t *testing.T) {
	const agreements = 120
	w := newWorld(t, 2)
	for i := range agreements {
		agreed, proposed := act.Ref(fmt.Sprintf("T-%d", 1+i)), act.Ref(fmt.Sprintf("T-%d", 1+agreements+i))
		w.agree(agreed, act.Content{Kind: act.Agreement, Title: en("x")})
		w.tell(1, act.Table{Element: proposed, Content: act.Content{Kind: act.Agreement, Title: en("x")}})
		for _, ref := range []act.Ref{agreed, proposed} {
			w.tell(1, act.Attest{Element: ref, On: "2017-12-01", Digest: act.Hash{1}, Findings: []act.Finding{{Element: "O-1", Verdict: act.Within}}})
		}
	}
	p := w.state()
	b := NewBook(p)
	for range 2 {
		for _, x := range b.Boards(p, Today("2017-12-01"), 0) {
			if len(x.Attested) != 1 || x.Attested[0].Same {
				t.Errorf("%s: %+v", x.Agreement, x.Attested)
			}
		}
		if n := len(b.recounts.done); n != agreements {
			t.Errorf("%d attests were computed again and are kept", n)
		}
	}
}

// TestUnitsWithoutEnd: another party's readings in ever more units leave every unit that is used later
// one that can be told, whatever was read before.
func TestUnitsWithoutEnd(t *testing.T) {
	w := under(t, heavyWater())
	for i := range 70 {
		r := act.Report{Element: "T-1", Sources: []act.Citation{{Title: "x"}}}
		for n := range 1_000 {
			r.Readings = append(r.Readings, act.Reading{Quantity: "x", Unit: fmt.Sprintf("{%d}", i*1_000+n), AsOf: "2016-05-09", Value: "1"})
		}
		w.say(1, r)
	}
	x := heavyWater()
	x.Quantity, x.Unit, x.Rule, x.Near = "enriched", "kg{U}", "enriched.latest() <= 300.0", ""
	w.obligation("O-2", "Enriched uranium", x)
	w.observe(0, "T-1", "enriched", "kg{U}", read{"2016-05-09", "301", nil})
	expect(t, w, "O-2", map[act.Date]Verdict{"2016-05-10": Exceeded})
}

func sorted(ids []act.Hash) []act.Hash {
	return slices.SortedFunc(slices.Values(ids), func(a, b act.Hash) int { return bytes.Compare(a[:], b[:]) })
}
