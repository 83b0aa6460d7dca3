package compliance

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
)

// A plain restatement of how a limit on the latest reading is judged (docs/spec/watch.md §2 and §4), with
// readings as sets of numbers on a grid that has every value that is drawn, one between each two, and one
// beyond either end. It shares nothing with what it is held against but the acts.

var modelGrid = func() (grid []float64) {
	values := []float64{100, 110, 120, 125, 129.5, 130, 130.1, 131, 140}
	for i, v := range values {
		if i > 0 {
			grid = append(grid, (values[i-1]+v)/2)
		}
		grid = append(grid, v)
	}
	return grid
}()

type numbers []bool // by place in the grid

func modelNumbers(value string) numbers {
	digits := strings.TrimLeft(value, "<>=")
	sign := strings.TrimSuffix(value, digits)
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		panic(err)
	}
	out := make(numbers, len(modelGrid))
	for i, x := range modelGrid {
		out[i] = map[string]bool{"": x == v, "<": x < v, "<=": x <= v, ">": x > v, ">=": x >= v}[sign]
	}
	return out
}

// modelTogether is what sets have in common; where that is nothing, all from the least to the greatest of
// them, and false.
func modelTogether(sets []numbers) (numbers, bool) {
	out, some := slices.Clone(sets[0]), false
	for i := range out {
		for _, s := range sets[1:] {
			out[i] = out[i] && s[i]
		}
		some = some || out[i]
	}
	if some {
		return out, true
	}
	first, last := len(out), -1
	for _, s := range sets {
		for i, in := range s {
			if in {
				first, last = min(first, i), max(last, i)
			}
		}
	}
	for i := range out {
		out[i] = i >= first && i <= last
	}
	return out, false
}

// modelAll reports whether every number of a set is of some kind.
func modelAll(s numbers, is func(float64) bool) bool {
	for i, in := range s {
		if in && !is(modelGrid[i]) {
			return false
		}
	}
	return true
}

func modelKept(s numbers) Outcome {
	switch {
	case modelAll(s, func(x float64) bool { return x <= 130 }):
		return Holds
	case modelAll(s, func(x float64) bool { return x > 130 }):
		return Broken
	}
	return Undecided
}

// modelDay is what the readings of one day say: together, and where the parties contradict each other
// what each says.
func modelDay(items []item) (all numbers, sides []numbers) {
	for party := range 2 {
		var own []numbers
		for _, x := range items {
			if x.party == party {
				own = append(own, modelNumbers(x.value))
			}
		}
		if len(own) > 0 {
			s, _ := modelTogether(own)
			sides = append(sides, s)
		}
	}
	all, agree := modelTogether(sides)
	if agree {
		return all, nil
	}
	return all, sides
}

// modelVerdict is the verdict on a day.
func modelVerdict(items []item, x act.Watch, on act.Date) Verdict {
	fresh := func(d act.Date) bool {
		a, _ := DayOf(d)
		b, _ := DayOf(on)
		return x.Fresh == 0 || int(b-a) <= int(x.Fresh)
	}
	byDay, low := map[act.Date][]item{}, map[act.Date][]item{}
	var latest, latestLow act.Date
	for _, i := range items {
		switch r := i.reading("heavy_water", "t"); {
		case i.day > on:
		case r.Grade.Meets(x.Grade):
			byDay[i.day], latest = append(byDay[i.day], i), max(latest, i.day)
		default:
			low[i.day], latestLow = append(low[i.day], i), max(latestLow, i.day)
		}
	}
	if latest == "" || !fresh(latest) {
		return CannotTell
	}
	all, sides := modelDay(byDay[latest])
	kept := modelKept(all)
	var says [Broken + 1]bool
	for _, s := range sides {
		o := modelKept(s)
		if says[o] = true; o != Undecided && kept == Undecided {
			kept = o
		}
	}
	switch {
	case says[Holds] && says[Broken]:
		return Disputed
	case kept == Undecided:
		return CannotTell
	}
	sources := map[uint16]bool{}
	for d, list := range byDay {
		if s, _ := modelDay(list); fresh(d) && modelKept(s) == kept {
			for _, i := range list {
				sources[i.reading("heavy_water", "t").Source] = true
			}
		}
	}
	if len(sources) < int(x.Sources) && x.Sources > 1 {
		return CannotTell
	}
	if kept == Broken {
		return Exceeded
	}
	if latestLow >= latest && latestLow != "" {
		if s, _ := modelDay(low[latestLow]); modelKept(s) == Broken {
			return CannotTell
		}
	}
	near := func(s numbers) bool { return modelAll(s, func(x float64) bool { return x >= 123.5 }) }
	if x.Near != "" && (near(all) || slices.ContainsFunc(sides, near)) {
		return Near
	}
	return Within
}

// TestVerdictsAreAsRestated holds verdicts against the restatement.
func TestVerdictsAreAsRestated(t *testing.T) {
	seen := map[Verdict]int{}
	rapid.Check(t, func(rt *rapid.T) {
		x := drawWatch(rt)
		x.Rule = "heavy_water.latest() <= 130.0"
		items := rapid.SliceOfN(rapid.Custom(drawItem), 1, 6).Draw(rt, "items")
		if rapid.Bool().Draw(rt, "close") { // many of one day, so that they meet
			for i := range items {
				items[i].day = (firstDay + Day(5*(i%2))).Date()
			}
		}
		w := under(t, x)
		w.enter(items, 2)
		p := w.state()
		b := NewBook(p)
		for _, i := range items {
			day, _ := DayOf(i.day)
			for _, on := range []Day{day, day + 40, day + 41} {
				want := modelVerdict(items, x, on.Date())
				got, why := verdict(t, b, p, "O-1", on.Date())
				if seen[got]++; got != want {
					rt.Fatalf("on %s: %s (%s), restated %s", on.Date(), got, why, want)
				}
			}
		}
	})
	for _, v := range []Verdict{Within, Near, Exceeded, CannotTell, Disputed} {
		if seen[v] == 0 {
			t.Errorf("%s was never asked", v)
		}
	}
}
