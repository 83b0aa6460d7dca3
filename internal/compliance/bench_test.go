package compliance

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"entente/act"
	"entente/plan"
)

// crowd is a book of so many obligations with so many readings each, without a plan beneath it: the
// readings are put in as batches would put them.
func crowd(obligations, each int) *Book {
	b := newBook()
	a := &account{ref: "T-1", agreed: true, columns: map[string]*column{}, byRef: map[act.Ref]*watch{}, units: map[string]string{}}
	a.conv, _ = NewConverter(nil)
	b.accounts["T-1"], b.order = a, []act.Ref{"T-1"}
	source := b.sources.id(witness(&act.Citation{Title: "Quarterly report"}))
	for i := range obligations {
		q := "quantity_" + strconv.Itoa(i)
		limit := float64(100 + i%50)
		w := &watch{ref: act.Ref(fmt.Sprintf("O-%d.%d", 1+i/1000, 1+i%1000)), agreed: true, Watch: act.Watch{
			Quantity: q, Unit: "t", Rule: fmt.Sprintf("%s.latest() <= %.1f", q, limit), Near: fmt.Sprintf("%s.latest() >= %.1f", q, limit*0.95), Fresh: 120, Sources: 1,
			Grade: act.Grade{Source: 'B', Info: 2}}}
		a.watches, a.byRef[w.ref] = append(a.watches, w), w
		b.under[w.ref] = "T-1"
		fresh := make([]entry, each)
		for k := range fresh {
			r := act.Reading{Quantity: q, Unit: "t", Value: FormatFloat(float64((k*37+i*11)%int(limit+3)) + 0.5), AsOf: Day(10_000 + k*7).Date(), Grade: act.Grade{Source: 'A', Info: 2}}
			fresh[k], _ = b.entryOf(&r, source)
			fresh[k].ordinal, fresh[k].nth = uint32(i), uint16(k)
		}
		c := &column{}
		c.put(fresh)
		a.columns[q] = c
	}
	a.rewatch(nil)
	return b
}

// plainPass is what verdicts are measured against: one pass over the same numbers that counts those
// above their limit.
func plainPass(values [][]float64, limits []float64) (n int) {
	for i, v := range values {
		limit := limits[i]
		for _, x := range v {
			if x > limit {
				n++
			}
		}
	}
	return n
}

// BenchmarkVerdicts finds the verdicts of 10,000 obligations over 1,000,000 readings, against one plain
// pass over the same numbers in the same run: x-floor is to be below 10.
func BenchmarkVerdicts(b *testing.B) {
	const obligations, each = 10_000, 100
	before := heap()
	book := crowd(obligations, each)
	m := Today(Day(10_000 + each*7).Date())
	book.Verdicts("T-1", m) // reads the rules and lays the columns out, once
	kept := heap() - before
	a, s := book.accounts["T-1"], sightOf(m)
	values, limits := make([][]float64, obligations), make([]float64, obligations)
	for i, w := range a.watches {
		values[i], limits[i] = slices.Clone(book.own(a, w, s).track.Low), w.limit.Bound.High
	}
	var floor, took []time.Duration
	exceeded, above := 0, 0
	for b.Loop() {
		start := time.Now()
		above = plainPass(values, limits)
		floor = append(floor, time.Since(start))
		start = time.Now()
		exceeded = 0
		for _, f := range book.Verdicts("T-1", m) {
			if f.Verdict == Exceeded {
				exceeded++
			}
		}
		took = append(took, time.Since(start))
	}
	if above == 0 || exceeded == 0 {
		b.Fatal(above, exceeded)
	}
	b.ReportMetric(float64(slices.Min(took))/float64(slices.Min(floor)), "x-floor")
	b.ReportMetric(float64(slices.Min(took).Microseconds())/1000, "ms-verdicts")
	b.ReportMetric(float64(kept)/(obligations*each), "B/observation")
	runtime.KeepAlive(book)
}

// BenchmarkEpisodes goes through all readings of all obligations for the times in which they were not
// kept, against one plain pass over the same numbers.
func BenchmarkEpisodes(b *testing.B) {
	const obligations, each = 10_000, 100
	book := crowd(obligations, each)
	s := sightOf(Today(Day(10_000 + each*7).Date()))
	a := book.accounts["T-1"]
	values, limits := make([][]float64, obligations), make([]float64, obligations)
	for i, w := range a.watches {
		w.ready()
		values[i], limits[i] = slices.Clone(book.own(a, w, s).track.Low), w.limit.Bound.High
	}
	var floor, took []time.Duration
	n := 0
	for b.Loop() {
		start := time.Now()
		n += plainPass(values, limits)
		floor = append(floor, time.Since(start))
		start = time.Now()
		for _, w := range a.watches {
			book.judge(a, w, s)
			n += len(book.bouts(a, w, s))
		}
		took = append(took, time.Since(start))
	}
	b.ReportMetric(float64(slices.Min(took))/float64(slices.Min(floor)), "x-floor")
	runtime.KeepAlive(n)
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMemoryOfAReading keeps what a reading costs in memory, all told, below 200 bytes, for readings that
// came in batches of a hundred and for ones that were entered one by one.
func TestMemoryOfAReading(t *testing.T) {
	for _, size := range []int{1, 100} {
		w := under(t, heavyWater())
		const n = 20_000
		for i := 0; i < n; i += size {
			var reads []read
			for k := range size {
				reads = append(reads, read{(firstDay + Day((i+k)%2000)).Date(), strconv.Itoa(100 + (i+k)%40), nil})
			}
			w.observe(0, "T-1", "heavy_water", "t", reads...)
		}
		p := w.state()
		before := heap()
		b := NewBook(p)
		b.Verdicts("T-1", Today("2018-01-01"))
		each := float64(heap()-before) / n
		if each > 200 {
			t.Errorf("%.0f bytes a reading in batches of %d", each, size)
		}
		t.Logf("%.0f bytes a reading in batches of %d", each, size)
		runtime.KeepAlive(b)
		runtime.KeepAlive(p)
	}
}

// BenchmarkAdvance takes one batch more into a book of many.
func BenchmarkAdvance(b *testing.B) {
	w := under(b, heavyWater())
	for i := range 2_000 {
		w.observe(0, "T-1", "heavy_water", "t", read{(firstDay + Day(i)).Date(), "110", nil})
	}
	v := &partial{w, []int{len(w.logs[0].leaves), len(w.logs[1].leaves)}}
	s := plan.New(w.charter, v)
	s.Advance()
	book := NewBook(s)
	for b.Loop() {
		b.StopTimer()
		w.observe(0, "T-1", "heavy_water", "t", read{"2018-01-01", "111", nil})
		v.here[0] = len(w.logs[0].leaves)
		touched := s.Advance().Touched
		b.StartTimer()
		book.Advance(s, touched)
	}
}

// BenchmarkOpen makes a book of 100,000 readings, in batches of 500.
func BenchmarkOpen(b *testing.B) {
	w := under(b, heavyWater())
	const n, size = 100_000, 500
	for i := 0; i < n; i += size {
		var reads []read
		for k := range size {
			reads = append(reads, read{(firstDay + Day((i+k)%4000)).Date(), strconv.Itoa(100 + (i+k)%40), nil})
		}
		w.observe(i/size%2, "T-1", "heavy_water", "t", reads...)
	}
	p := w.state()
	for b.Loop() {
		NewBook(p)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/reading")
}
