package compliance

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
)

// trendOf is the trend of some values, ten days apart up to 1 June 2017.
func trendOf(t *testing.T, values ...string) (*Trend, Sentence) {
	t.Helper()
	last, _ := DayOf("2017-06-01")
	w := under(t, heavyWater())
	var reads []read
	for i, v := range values {
		reads = append(reads, read{(last - Day(10*(len(values)-1-i))).Date(), v, nil})
	}
	w.observe(0, "T-1", "heavy_water", "t", reads...)
	p := w.state()
	o, _ := NewBook(p).Obligation(p, "O-1", Today("2017-06-05"), 0)
	return o.Trend, o.NoTrend
}

// TestTrend projects where the data carry it, and says why not where they do not.
func TestTrend(t *testing.T) {
	x, none := trendOf(t, "110", "112", "114", "116", "118", "120")
	if x == nil || x.PerDay != 0.2 || x.Reaches != "2017-07-21" || x.Readings != 6 || x.From != "2017-04-12" {
		t.Fatalf("a straight line: %+v, %s", x, none)
	}
	if x, _ = trendOf(t, "110", "112", "114.5", "90", "118", "120", "122.3"); x == nil || x.PerDay < 0.15 || x.PerDay > 0.25 || x.Reaches == "" || x.Earliest > x.Reaches {
		t.Errorf("with one wild value: %+v", x)
	}
	if x, _ = trendOf(t, "120", "118", "116", "114", "112"); x == nil || x.Said.Key != "trend.away" || x.Reaches != "" {
		t.Errorf("away from the limit: %+v", x)
	}
	if x, _ = trendOf(t, "100", "100.1", "100.2", "100.3", "100.4", "100.5"); x == nil || x.Said.Key != "trend.not-soon" || x.Reaches != "" {
		t.Errorf("too slow to reach it: %+v", x)
	}
	for name, c := range map[string]struct {
		values []string
		why    string
	}{
		"few":     {[]string{"110", "112", "114", "116"}, "trend.none-few"},
		"bounds":  {[]string{"<110", "<112", "<114", "<116", "<118", "<120"}, "trend.none-few"},
		"to, fro": {[]string{"110", "120", "109", "121", "108", "122", "110"}, "trend.none-spread"},
		"beyond":  {[]string{"110", "115", "120", "125", "131"}, "trend.none-verdict"},
	} {
		if x, none := trendOf(t, c.values...); x != nil || none.Key != c.why || none.English == "" {
			t.Errorf("%s: %+v, %q", name, x, none.Key)
		}
	}
}

// TestFitIsTheLine finds a line that is there, whatever its slope, and an interval that holds the slope.
func TestFitIsTheLine(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		slope := float64(rapid.IntRange(-50, 50).Draw(rt, "slope")) / 16
		base := float64(rapid.IntRange(-100, 100).Draw(rt, "base"))
		noise := rapid.SliceOfN(rapid.IntRange(-8, 8), 5, 40).Draw(rt, "noise")
		var clean, noisy []sample
		for i, n := range noise {
			x := float64(i * 7)
			clean = append(clean, sample{x, base + float64(slope*x)})
			noisy = append(noisy, sample{x, base + float64(slope*x) + float64(n)})
		}
		f := fit(clean)
		if f.PerDay != slope || f.Low != slope || f.High != slope || math.Abs(f.at(f.PerDay, 70)-(base+70*slope)) > 1e-9 {
			rt.Fatalf("a line of %v from %v: %+v", slope, base, f)
		}
		if f = fit(noisy); f.Low > f.PerDay || f.High < f.PerDay {
			rt.Fatalf("an interval without its slope: %+v", f)
		}
	})
}

// TestWhatIsMissing lists gaps and what would change the verdict.
func TestWhatIsMissing(t *testing.T) {
	x := heavyWater()
	x.Sources, x.Grade, x.Fresh, x.Every = 2, act.Grade{Source: 'B', Info: 2}, 120, 90
	w := under(t, x)
	p := w.state()
	o, _ := NewBook(p).Obligation(p, "O-1", Today("2016-06-01"), 0)
	has := func(what string, want ...string) {
		t.Helper()
		for _, k := range want {
			found := false
			for _, g := range o.Gaps {
				found = found || g.Said.Key == k
			}
			for _, s := range o.WouldBe {
				found = found || s.Key == k
			}
			if !found {
				t.Errorf("%s: no %s in %+v, %+v", what, k, o.Gaps, o.WouldBe)
			}
		}
	}
	has("nothing read", "gap.no-reading", "gap.never", "would.reading", "would.graded")
	if o.Needs.Said.English != "Needs 2 sources at B2 or better. Not older than 120 days. A report is expected every 90 days. There is no reading yet." {
		t.Errorf("needs %q", o.Needs.Said)
	}
	for i := range 3 {
		w.observe(0, "T-1", "heavy_water", "t", read{act.Date("2016-02-0" + strconv.Itoa(i+1)), "116", nil})
	}
	w.observe(0, "T-1", "heavy_water", "t", read{"2016-02-10", "117", graded("C3")})
	p = w.state()
	o, _ = NewBook(p).Obligation(p, "O-1", Today("2016-05-20"), 0)
	has("one source", "gap.single-source", "gap.low-grade", "gap.overdue", "gap.party", "would.second")
	if o.Figure.English != "One source, A2" || o.Because.English != "One source, A2, says 116 t. The rule asks for 2, graded B2 or better." {
		t.Errorf("figure %q because %q", o.Figure, o.Because)
	}
	if o.Next == nil || o.Next.On != "2016-05-10" || o.Next.Overdue != 10 {
		t.Errorf("next %+v", o.Next)
	}
	w.observe(1, "T-1", "heavy_water", "t", read{"2016-02-20", "117", from(1)})
	p = w.state()
	o, _ = NewBook(p).Obligation(p, "O-1", Today("2016-05-20"), 0)
	has("kept", "would.above", "would.stale")
	if len(o.Cells) != 4 || o.Cells[3].Verdict != Within || o.Cells[3].To != "2016-05-20" || o.Since != "2016-02-20" {
		t.Errorf("cells %+v since %s", o.Cells, o.Since)
	}
}
