package plan

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
)

// early is a world of which everything was read ahead.
type early struct {
	*world
	gists [][]Gist
}

func (v early) Gist(p uint8, ordinal int) *Gist {
	if ordinal >= len(v.gists[p]) {
		return nil
	}
	return &v.gists[p][ordinal]
}

// TestReadAhead: acts read ahead by several readers make the same plan as acts read when their turn
// comes, also after Compact, and what was read ahead may be missing in part.
func TestReadAhead(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := scramble(t, r)
		want := pages(t, w.state())
		v := &early{w, make([][]Gist, len(w.logs))}
		s := New(w.charter, v)
		readers := []*Reader{s.Reader(), s.Reader()}
		for p := range w.logs {
			for i := range rapid.IntRange(0, len(w.logs[p].leaves)).Draw(r, "read ahead") {
				v.gists[p] = append(v.gists[p], readers[(p+i)%2].Read(w.logs[p].leaves[i], uint8(p), 0, uint64(i)))
			}
		}
		s.Expect(readers...)
		s.Advance()
		s.Compact()
		sound(t, s)
		if got := pages(t, s); got != want {
			t.Fatalf("read ahead, the plan is another: %s", firstDifference(got, want))
		}
	})
}

// TestNames: a Reader gives every reference one name, short or long.
func TestNames(t *testing.T) {
	s := newWorld(t, 2).state()
	r := s.Reader()
	for _, ref := range []act.Ref{"A-1", "A-1.1", "A-1.1.2", "AB-100000.100000.100000.100000", "A-999999.99999.9", "A-999999.99999.99"} {
		n := r.name(ref)
		for range 2 {
			if again := r.name(ref); again != n || n.ref != ref {
				t.Errorf("%s: %v, then %v", ref, n, again)
			}
		}
	}
	if r.name("") != nil {
		t.Error("a name of nothing")
	}
}

// TestMerge: a list of which the first items are in order is put in order, and nothing before the
// place that merge names has moved.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		list := rapid.SliceOfDistinct(rapid.Int(), rapid.ID[int]).Draw(r, "list")
		sorted := rapid.IntRange(0, len(list)).Draw(r, "sorted")
		slices.Sort(list[:sorted])
		before, want := slices.Clone(list), slices.Sorted(slices.Values(list))
		from := merge(list, sorted, cmp.Compare[int])
		if !slices.Equal(list, want) {
			t.Fatalf("%v, %d of them in order, became %v", before, sorted, list)
		}
		if !slices.Equal(list[:from], before[:from]) {
			t.Fatalf("something before %d has moved: %v, %v", from, before, list)
		}
	})
}
