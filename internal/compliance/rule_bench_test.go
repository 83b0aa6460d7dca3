package compliance

import (
	"math"
	"runtime"
	"testing"
	"time"

	"cel.dev/cel-go/common/types"
)

func pow10(k int) float64 { return math.Pow10(k) }

// BenchmarkEval asks rules by way of Eval, and in the same run the same compiled programs bare, with
// values that stand ready in a map: x-floor is how many times as long Eval takes, of the best batch of
// each, since whatever else the machine does makes batches longer and none shorter.
func BenchmarkEval(b *testing.B) {
	water := &Track{}
	for d := range Day(400) {
		water.Add(10*d, Value(float64(d%140)))
	}
	for name, written := range map[string]string{
		"limit":  "a.latest() <= 130.0",
		"range":  "a.latest() >= 100.0 && a.latest() <= 130.0",
		"window": "a.max(365) <= 130.0 || a.sum(365) < 4000.0 && now < date('1990-01-01')",
		"two":    "a.latest() + b.latest() <= 130.0",
		"by":     "a.by(139.0, date('1979-01-01'))",
	} {
		b.Run(name, func(b *testing.B) {
			rule, err := Compile(written, ab)
			if err != nil {
				b.Fatal(err)
			}
			tracks := []*Track{water, water}
			on := Day(3000)
			program, err := rule.program()
			if err != nil {
				b.Fatal(err)
			}
			bare := map[string]any{"now": types.Timestamp{Time: on.time()}}
			left := math.MaxInt
			for i, n := range rule.names {
				bare[n] = &seriesVal{name: n, track: tracks[i], on: on, left: &left}
			}
			const batch = 200
			ours, floor := time.Hour, time.Hour
			for b.Loop() {
				start := time.Now()
				for range batch {
					if rule.Eval(on, tracks).Why == WhyFailed {
						b.Fatal("failed")
					}
				}
				middle := time.Now()
				for range batch {
					if _, _, err := program.Eval(bare); err != nil {
						b.Fatal(err)
					}
				}
				ours, floor = min(ours, middle.Sub(start)), min(floor, time.Since(middle))
			}
			b.ReportMetric(float64(ours.Nanoseconds())/batch, "ns/eval")
			b.ReportMetric(float64(ours)/float64(floor), "x-floor")
		})
	}
}

// BenchmarkCompile reads the rule of one obligation.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile("a.latest() <= 130.0", ab); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHeld measures the memory that a rule takes while it is kept and was not asked.
func BenchmarkHeld(b *testing.B) {
	const n = 2_000
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		before, rules := held(), make([]*Rule, n)
		for i := range rules {
			var err error
			if rules[i], err = Compile("a.latest() <= "+FormatFloat(float64(i)), ab); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(held()-before)/n, "B/rule")
		runtime.KeepAlive(rules)
	}
}
