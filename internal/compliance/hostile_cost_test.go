package compliance

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"entente/act"
)

// many has one party write so many readings, one a day, of a source each.
func (w *world) many(p, n int, quantity, unit string) {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	for n > 0 {
		r := act.Report{Element: "T-1", Sources: []act.Citation{{Title: "x"}}}
		for range min(n, 800) {
			r.Readings = append(r.Readings, act.Reading{Quantity: quantity, Unit: unit, AsOf: act.Date(day.Format(time.DateOnly)), Value: "1"})
			day = day.AddDate(0, 0, 1)
		}
		n -= len(r.Readings)
		w.say(p, r)
	}
}

// TestViewsAreBounded: proposals without end, each in a unit and a grade of its own, keep no copy each of
// all readings.
func TestViewsAreBounded(t *testing.T) {
	w := under(t, heavyWater())
	w.many(1, 20_000, "heavy_water", "t")
	for i := range 400 {
		x := heavyWater()
		x.Unit = fmt.Sprintf("{%d}", i)
		w.say(1, act.Table{Element: act.Ref(fmt.Sprintf("O-%d", i+10)), Content: act.Content{Kind: act.Obligation, Parent: "T-1", Title: en("x"), Watch: &x}})
	}
	p := w.state()
	b := NewBook(p)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	soon(t, "a board", func() {
		board, _ := b.Board(p, "T-1", Today("2017-01-01"), 0)
		if board.Total != 401 {
			t.Errorf("%d obligations", board.Total)
		}
	})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 100<<20 {
		t.Errorf("views take %d bytes", grown)
	}
	runtime.KeepAlive(b)
}

// TestRulesThatLookFarBack: the page of an obligation whose verdict looks at all readings, again for every
// day on which it could have become another, comes in a moment.
func TestRulesThatLookFarBack(t *testing.T) {
	for _, x := range []act.Watch{
		{Rule: "q.latest() <= 130.0", Sources: 2},
		{Rule: "q.sum(36500) <= 130.0 || q.sum(36400) <= 130.0 || q.sum(36300) <= 130.0 || q.sum(36200) <= 130.0 || q.sum(36100) <= 130.0 || q.sum(36000) <= 130.0 || q.sum(35000) <= 130.0 || q.sum(34000) <= 130.0"},
		{Rule: "q.max(36500) <= 130.0"},
	} {
		x.Quantity, x.Unit = "q", "t"
		w := newWorld(t, 2)
		w.agreement()
		w.obligation("O-1", "Far back", x)
		w.many(1, 40_000, "q", "t")
		p := w.state()
		b := NewBook(p)
		begin := time.Now()
		o, ok := b.Obligation(p, "O-1", Today("2017-01-01"), 0)
		if d := time.Since(begin); d > 5*time.Second || !ok || len(o.Points) != MaxPoints {
			t.Errorf("%s from %d sources: %v", x.Rule, x.Sources, d)
		}
		t.Log(x.Rule, x.Sources, time.Since(begin))
	}
}
