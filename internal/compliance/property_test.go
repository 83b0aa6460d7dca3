package compliance

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/plan"
)

// An item is a reading that some party enters.
type item struct {
	party int
	read
}

const firstDay Day = 17_000 // 2016-07-18

// drawItem draws a reading of heavy water.
func drawItem(t *rapid.T) item {
	grade := rapid.SampledFrom([]string{"A2", "B2", "C3", ""}).Draw(t, "grade")
	source := uint16(rapid.IntRange(0, 2).Draw(t, "source"))
	reported := rapid.IntRange(0, 20).Draw(t, "reported")
	day := firstDay + Day(rapid.IntRange(0, 60).Draw(t, "day")*5)
	return item{rapid.IntRange(0, 1).Draw(t, "party"), read{
		day.Date(), rapid.SampledFrom([]string{"110", "125", "129.5", "130", "130.1", "131", "<130", "<=131", ">130", ">=120"}).Draw(t, "value"),
		func(r *act.Reading) {
			graded(grade)(r)
			from(source)(r)
			if reported > 0 {
				r.Reported = (day + Day(reported)).Date()
			}
		},
	}}
}

// drawWatch draws what a verdict on heavy water needs.
func drawWatch(t *rapid.T) act.Watch {
	x := heavyWater()
	x.Rule = rapid.SampledFrom([]string{"heavy_water.latest() <= 130.0", "heavy_water.max(90) < 131.0", "heavy_water.latest() >= 120.0 && heavy_water.latest() <= 130.0",
		`heavy_water.by(130.0, date("2016-12-01"))`, "heavy_water.latest() - heavy_water.min(200) <= 10.0"}).Draw(t, "rule")
	x.Near = rapid.SampledFrom([]string{"", "heavy_water.latest() >= 123.5"}).Draw(t, "near")
	x.Fresh = rapid.SampledFrom([]uint32{0, 40}).Draw(t, "fresh")
	x.Sources = rapid.SampledFrom([]uint8{0, 2}).Draw(t, "sources")
	graded := rapid.SampledFrom([]string{"", "B2", "F6"}).Draw(t, "needs")
	x.Grade, _ = act.ParseGrade(graded)
	x.From = ""
	c, err := (&Book{}).Check(act.Content{Kind: act.Obligation, Watch: &x})
	if err != nil {
		t.Fatal(err)
	}
	return *c.Watch
}

// under is a world with one obligation.
func under(t testing.TB, x act.Watch) *world {
	w := newWorld(t, 2)
	w.agreement()
	w.obligation("O-1", "Stock of heavy water", x)
	return w
}

// enter writes items in batches of at most so many, each of one party.
func (w *world) enter(items []item, most int) {
	for len(items) > 0 {
		n := 1
		for n < len(items) && n < most && items[n].party == items[0].party {
			n++
		}
		var reads []read
		for _, x := range items[:n] {
			reads = append(reads, x.read)
		}
		w.observe(items[0].party, "T-1", "heavy_water", "t", reads...)
		items = items[n:]
	}
}

// told is what the findings on O-1 say on some days, without who entered what and when.
func told(w *world, from, to Day) (out []string) {
	p := w.state()
	b := NewBook(p)
	for d := from; d <= to; d += 7 {
		for _, k := range []Known{KnownNow, KnownReported} {
			f, ok := b.Finding(p, "O-1", Moment{On: d.Date(), Known: k})
			if !ok {
				return nil
			}
			said, err := json.Marshal(f)
			if err != nil {
				return nil
			}
			out = append(out, fmt.Sprint(d.Date(), k, " ", string(said)))
		}
	}
	return out
}

// same compares what was told, and shows the first difference.
func same(t *rapid.T, what string, a, b []string) {
	if i := slices.IndexFunc(a, func(s string) bool { return !slices.Contains(b, s) }); i >= 0 || len(a) != len(b) || len(a) == 0 {
		i = max(i, 0)
		t.Fatalf("%s: of %d and %d\n%s\n%s", what, len(a), len(b), a[min(i, len(a)-1)], b[min(i, len(b)-1)])
	}
}

// TestOrderOfEntryChangesNothing enters the same readings in another order and in other batches.
func TestOrderOfEntryChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := drawWatch(rt)
		items := rapid.SliceOfN(rapid.Custom(drawItem), 0, 10).Draw(rt, "items")
		a, b := under(t, x), under(t, x)
		a.enter(items, 3)
		b.enter(rapid.Permutation(items).Draw(rt, "order"), rapid.IntRange(1, 4).Draw(rt, "batch"))
		same(rt, "another order", told(a, firstDay-10, firstDay+330), told(b, firstDay-10, firstDay+330))
	})
}

// TestAReadingTouchesItsPeriodOnly adds one reading: no verdict of an earlier day becomes another, nor,
// where the rule looks at the latest reading alone, any from the next reading that counts.
func TestAReadingTouchesItsPeriodOnly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := drawWatch(rt)
		items := rapid.SliceOfN(rapid.Custom(drawItem), 0, 8).Draw(rt, "items")
		more := drawItem(rt)
		day, _ := DayOf(more.day)
		a, b := under(t, x), under(t, x)
		a.enter(items, 3)
		b.enter(append(slices.Clone(items), more), 3)
		same(rt, "days before it", told(a, day-100, day-1), told(b, day-100, day-1))
		if x.Rule != "heavy_water.latest() <= 130.0" || x.Sources > 1 {
			return
		}
		next := Day(0)
		for _, i := range items {
			r := i.reading("heavy_water", "t")
			if d, _ := DayOf(i.day); d > day && r.Grade.Meets(x.Grade) && (next == 0 || d < next) {
				next = d
			}
		}
		if next == 0 {
			return
		}
		p, q := a.state(), b.state()
		for d := next; d < next+60; d += 7 {
			v, why := verdict(t, NewBook(p), p, "O-1", d.Date())
			if u, whyNow := verdict(t, NewBook(q), q, "O-1", d.Date()); u != v || why != whyNow {
				rt.Fatalf("on %s: %s (%s) without a reading of %s, %s (%s) with it", d.Date(), v, why, more.day, u, whyNow)
			}
		}
	})
}

// TestATrialComesToTheSame tries an obligation before it is tabled.
func TestATrialComesToTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := drawWatch(rt)
		w := newWorld(t, 2)
		w.agreement()
		w.enter(rapid.SliceOfN(rapid.Custom(drawItem), 0, 10).Draw(rt, "items"), 3)
		m := Today((firstDay + Day(rapid.IntRange(0, 330).Draw(rt, "on"))).Date())
		p := w.state()
		c := act.Content{Kind: act.Obligation, Parent: "T-1", Title: en("Stock of heavy water"), Watch: &x}
		trial, err := NewBook(p).Try(p, "T-1", "O-1", c, m)
		if err != nil {
			rt.Fatal(err)
		}
		w.obligation("O-1", "Stock of heavy water", x)
		p = w.state()
		o, _ := NewBook(p).Obligation(p, "O-1", m, 0)
		if before := NewBook(p); len(before.accounts["T-1"].watches) != 1 {
			rt.Fatal("not tabled")
		}
		trial.Card.Agreed = true
		o.Weighing = nil
		for _, pair := range [][2]any{{trial.Card, o.Card}, {trial.Episodes, o.Episodes}, {trial.History, o.History}, {trial.Points, o.Points}, {trial.InWords, o.InWords}} {
			if a, b := asJSON(t, pair[0]), asJSON(t, pair[1]); a != b {
				rt.Fatalf("tried\n%s\nagreed\n%s", a, b)
			}
		}
	})
}

func asJSON(t testing.TB, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A partial view of the world's logs, that grows.
type partial struct {
	*world
	here []int
}

func (v *partial) Leaf(p uint8, ordinal int) (string, bool) {
	if ordinal >= v.here[p] {
		return "", false
	}
	return v.world.Leaf(p, ordinal)
}

func (v *partial) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	if size > uint64(v.here[p]) {
		return 0, act.Hash{}, false
	}
	return v.world.Prefix(p, epoch, size)
}

// play writes a story of readings, corrections, undone batches, disputes, extensions and attests.
func play(rt *rapid.T, w *world) {
	var batches [2][]act.Hash
	var disputes []act.Hash
	for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
		p := rapid.IntRange(0, 1).Draw(rt, "who")
		say := w.tell
		if rapid.Bool().Draw(rt, "blind") {
			say = func(p int, b act.Body) act.Hash { return w.say(p, b) }
		}
		r := act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Quarterly report"}, {Title: "Reuters"}, {Title: "Overhead images"}}}
		switch rapid.IntRange(0, 7).Draw(rt, "step") {
		case 0, 1, 2:
			for range rapid.IntRange(1, 3).Draw(rt, "readings") {
				r.Readings = append(r.Readings, drawItem(rt).reading("heavy_water", "t"))
			}
			batches[p] = append(batches[p], say(p, r))
		case 3:
			if n := len(batches[p]); n > 0 {
				x := drawItem(rt).reading("heavy_water", "t")
				x.Replaces = &act.ReadingID{Batch: batches[p][rapid.IntRange(0, n-1).Draw(rt, "of")]}
				r.Readings = append(r.Readings, x)
				batches[p] = append(batches[p], say(p, r))
			}
		case 4:
			if n := len(batches[p]); n > 0 {
				r.TakesBack = []act.Hash{batches[p][rapid.IntRange(0, n-1).Draw(rt, "of")]}
				r.Sources = nil
				batches[p] = append(batches[p], say(p, r))
			}
		case 5:
			disputes = append(disputes, say(p, act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: (firstDay + 100).Date(), Text: en("We ask.")}))
		case 6:
			if n := len(disputes); n > 0 {
				say(p, act.Dispute{Element: "O-1", Step: act.DisputeCloses, Of: disputes[0], On: (firstDay + 120).Date(), Text: en("Settled.")})
				if rapid.Bool().Draw(rt, "extend") {
					w.agree(act.Ref(fmt.Sprintf("X-%d", i+1)), act.Content{Kind: act.Extension, Parent: "O-1", Title: en("Ten days more"), Extends: &act.Extends{Dispute: disputes[0], Stage: 1, Days: 10}})
				}
			}
		case 7:
			s := w.state()
			if a, ok := NewBook(s).Attest(s, "T-1", (firstDay + 200).Date()); ok {
				w.tell(p, a)
			}
		}
	}
}

// TestTwoNodesFindTheSame lets the logs arrive in two different ways, the book following one of them
// entry by entry.
func TestTwoNodesFindTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := under(t, drawWatch(rt))
		play(rt, w)
		v := &partial{w, make([]int, 2)}
		s := plan.New(w.charter, v)
		b := NewBook(s)
		for v.here[0] < len(w.logs[0].leaves) || v.here[1] < len(w.logs[1].leaves) {
			p := rapid.IntRange(0, 1).Draw(rt, "arrives")
			v.here[p] = min(v.here[p]+rapid.IntRange(1, 6).Draw(rt, "entries"), len(w.logs[p].leaves))
			b.Advance(s, s.Advance().Touched)
			if rapid.Bool().Draw(rt, "asked") {
				b.Board(s, "T-1", Today((firstDay + 150).Date()), 0)
			}
		}
		whole := w.state()
		other := NewBook(whole)
		for _, m := range []Moment{Today((firstDay + 150).Date()), {On: (firstDay + 300).Date(), Known: KnownEntered}, {On: (firstDay + 300).Date(), Known: KnownReported}} {
			for what, f := range map[string]func(*Book, *plan.State) any{
				"board":      func(b *Book, p *plan.State) any { x, _ := b.Board(p, "T-1", m, 0); return x },
				"obligation": func(b *Book, p *plan.State) any { x, _ := b.Obligation(p, "O-1", m, 0); return x },
				"disputes":   func(b *Book, p *plan.State) any { return b.Disputes(p, m) },
			} {
				if x, y := asJSON(t, f(b, s)), asJSON(t, f(other, whole)); x != y {
					rt.Fatalf("%s: following\n%s\nat once\n%s", what, x, y)
				}
			}
		}
	})
}
