package text

// match is a unit that two sequences have in common, by its index in each.
type match struct{ i, j int }

// pair returns the matches of a and b in order; bound[i] says that a[i] follows
// a[i-1] at once also in the texts that a was made from.
func (al *aligner) pair(a []unit, bound []bool, b []unit) []match {
	w := &pairing{al: al, a: a, bound: bound, b: b}
	w.block(area{0, len(a), 0, len(b)}, 0)
	return w.out
}

// pairing is the state of one pair.
type pairing struct {
	al    *aligner
	a, b  []unit
	bound []bool
	out   []match
}

// area is a[i0:i1] against b[j0:j1].
type area struct{ i0, i1, j0, j1 int }

// empty reports whether there is nothing to match in r.
func (r area) empty() bool { return r.i0 >= r.i1 || r.j0 >= r.j1 }

// cells is the size of the table of r.
func (r area) cells() int { return (r.i1 - r.i0) * (r.j1 - r.j0) }

// block matches r: first what is the same at both ends, then the middle.
func (w *pairing) block(r area, depth int) {
	for !r.empty() && w.a[r.i0].id == w.b[r.j0].id {
		w.out = append(w.out, match{r.i0, r.j0})
		r.i0++
		r.j0++
	}
	end := r
	for !r.empty() && w.a[r.i1-1].id == w.b[r.j1-1].id {
		r.i1--
		r.j1--
	}
	if !r.empty() {
		w.middle(r, depth)
	}
	for i, j := r.i1, r.j1; i < end.i1; i, j = i+1, j+1 {
		w.out = append(w.out, match{i, j})
	}
}

// phrases are the lengths of phrases, in words, that big areas are cut at: first
// those that hardly recur by chance, then those that are rare even in a text
// that repeats itself, then single words.
var phrases = [...]int{5, 20, 1}

// middle matches an area whose ends differ: by a table if it is small enough,
// else around phrases that occur once on each side, else not at all.
func (w *pairing) middle(r area, depth int) {
	if n := r.cells(); n <= maxBlock && n <= w.al.cells {
		w.al.cells -= n
		w.table(r)
		return
	}
	if depth == maxDepth {
		return
	}
	var found []match
	for _, k := range phrases {
		if found = rising(w.once(r, k)); len(found) > 0 {
			break
		}
	}
	if len(found) == 0 {
		return
	}
	for _, m := range found {
		w.block(area{r.i0, m.i, r.j0, m.j}, depth+1)
		w.out = append(w.out, m)
		r.i0, r.j0 = m.i+1, m.j+1
	}
	w.block(r, depth+1)
}

// What a cell of a table remembers of how its two values came about.
const (
	fromMatch = iota // best: the match that ends here
	fromAbove        // best: without a's last unit
	fromLeft         // best: without b's last unit
	fromMask  = 3
	continued = 4 // the match goes on from the match before it
	noMatch   = -1 << 30
)

// table matches r so that the weight in common, less a price for every run of
// matches, is greatest. The price keeps stray short words from being taken for
// common ground.
func (w *pairing) table(r area) {
	n, m := r.i1-r.i0, r.j1-r.j0
	if len(w.al.trace) < n*m {
		w.al.trace = make([]uint8, n*m)
	}
	trace := w.al.trace[:n*m] // each cell is written before it is read
	// The row above, and the value to the upper left, of: the best of all
	// (best), the best that ends with a match of the two last units (ends).
	best, ends := make([]int32, m+1), make([]int32, m+1)
	for j := range ends {
		ends[j] = noMatch
	}
	for i := range n {
		a, bound := w.a[r.i0+i], w.bound[r.i0+i]
		diagBest, diagEnds := best[0], ends[0]
		row := trace[i*m : (i+1)*m]
		for j := range m {
			upBest, upEnds := best[j+1], ends[j+1]
			how, score, here := uint8(fromAbove), upBest, int32(noMatch)
			if best[j] > score {
				how, score = fromLeft, best[j]
			}
			if a.id == w.b[r.j0+j].id {
				here = diagBest - w.al.price
				var goes uint8
				if bound && diagEnds >= here {
					here, goes = diagEnds, continued
				}
				if here += a.weight; here > score {
					how, score = fromMatch, here
				}
				how |= goes
			}
			row[j] = how
			best[j+1], ends[j+1] = score, here
			diagBest, diagEnds = upBest, upEnds
		}
	}
	w.walk(r, trace, m)
}

// walk goes back through the trace of a table and takes its matches over.
func (w *pairing) walk(r area, trace []uint8, m int) {
	start := len(w.out)
	run := false // inside a run of matches
	for i, j := r.i1-r.i0-1, m-1; i >= 0 && j >= 0; {
		how := trace[i*m+j]
		switch {
		case run || how&fromMask == fromMatch:
			w.out = append(w.out, match{r.i0 + i, r.j0 + j})
			run = how&continued != 0
			i, j = i-1, j-1
		case how&fromMask == fromAbove:
			i--
		default:
			j--
		}
	}
	for x, y := start, len(w.out)-1; x < y; x, y = x+1, y-1 {
		w.out[x], w.out[y] = w.out[y], w.out[x]
	}
}

// once returns, in order of a, where phrases of k units begin that occur just
// once on each side of r. A single word counts only with a neighbour in common.
func (w *pairing) once(r area, k int) []match {
	const twice = -2
	where := make(map[uint64]match, r.i1-r.i0)
	for i := r.i0; i+k <= r.i1; i++ {
		h := phrase(w.a[i : i+k])
		if _, ok := where[h]; ok {
			where[h] = match{twice, twice}
		} else {
			where[h] = match{i, -1}
		}
	}
	for j := r.j0; j+k <= r.j1; j++ {
		h := phrase(w.b[j : j+k])
		switch m, ok := where[h]; {
		case !ok:
		case m.j == -1:
			where[h] = match{m.i, j}
		default:
			where[h] = match{twice, twice}
		}
	}
	var list []match
	for i := r.i0; i+k <= r.i1; i++ {
		m := where[phrase(w.a[i:i+k])]
		if m.i == i && m.j >= 0 && w.a[i].id == w.b[m.j].id && (k > 1 || w.neighbour(m, r)) {
			list = append(list, m)
		}
	}
	return list
}

// phrase returns a number for a run of units. Two phrases with one number cost
// quality, never truth: only units that are equal are matched.
func phrase(list []unit) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := uint64(offset)
	for _, u := range list {
		h = (h ^ uint64(uint32(u.id))) * prime
	}
	return h
}

// neighbour reports whether what stands before or after m is the same too.
func (w *pairing) neighbour(m match, r area) bool {
	return m.i > r.i0 && m.j > r.j0 && w.a[m.i-1].id == w.b[m.j-1].id ||
		m.i+1 < r.i1 && m.j+1 < r.j1 && w.a[m.i+1].id == w.b[m.j+1].id
}

// rising returns the longest part of list, which rises in i, that rises in j too.
func rising(list []match) []match {
	var ends []int // ends[k]: the lowest end of a rising part of length k+1
	before := make([]int, len(list))
	for n, m := range list {
		lo, hi := 0, len(ends)
		for lo < hi {
			if mid := (lo + hi) / 2; list[ends[mid]].j < m.j {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		if lo > 0 {
			before[n] = ends[lo-1]
		}
		if lo == len(ends) {
			ends = append(ends, n)
		} else {
			ends[lo] = n
		}
	}
	if len(ends) == 0 {
		return nil
	}
	out := make([]match, len(ends))
	for k, n := len(ends)-1, ends[len(ends)-1]; k >= 0; k, n = k-1, before[n] {
		out[k] = list[n]
	}
	return out
}
