package ledger_test

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"

	"pgregory.net/rapid"

	"entente/ledger"
)

// stepped is a record with the entries from one index to before another.
func stepped(turn uint64, from, to int) ledger.Anchored {
	step := must(grown(from).Draft(key(0), leavesOf(from, to)...))
	return ledger.Anchored{Turn: turn, Anchor: step.Anchor(), Step: step}
}

// leastSector is what every disk writes whole or not at all, in bytes.
const leastSector = 512

// placer is a disk that writes in place, and tears what it writes when it fails.
type placer struct {
	*disk
	torn int // bytes of what is written that get there
}

func (p placer) Place(name string, b []byte, at int64) error {
	effect, err := p.strike()
	whole := bytes.Clone(p.files[name])
	if effect {
		copy(whole[at:], b)
	} else {
		copy(whole[at:], b[:min(len(b), p.torn)])
	}
	p.files[name], p.names[name] = whole, whole
	return err
}

// TestAnchorInPlace: a record in place that fails, tears or takes effect and fails leaves the record
// before or the new one, with or without a step, of more entries or of fewer; and the file goes on
// being written from there, by whoever had it or by whoever opens it anew.
func TestAnchorInPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := placer{disk: newDisk()}
		f, _, err := ledger.OpenAnchor(p, "anchor")
		if err != nil {
			t.Fatal(err)
		}
		may := []ledger.Anchored{{}} // the last that was acknowledged, and those tried since
		for i := range 30 {
			p.disk.failAt = -1
			if i > 0 && rapid.Bool().Draw(t, "fail") {
				p.disk.failAt, p.disk.persisted = p.disk.step, rapid.Bool().Draw(t, "persisted")
				p.torn = leastSector * rapid.IntRange(0, 10).Draw(t, "torn")
			}
			from := rapid.IntRange(1, 20).Draw(t, "from")
			a := stepped(0, from, from+rapid.IntRange(1, 30).Draw(t, "entries"))
			if rapid.Bool().Draw(t, "without") {
				a.Step = ledger.Batch{}
			}
			if err := f.Put(a.Anchor, a.Step); err == nil {
				may = nil
			}
			may = append(may, a)
			crashed := rapid.Bool().Draw(t, "crash")
			if crashed {
				p.disk = p.crash()
			}
			g, got, err := ledger.OpenAnchor(p, "anchor")
			if err != nil || !among(got, may) {
				t.Fatalf("%+v, %v; it may be one of %d others", got, err, len(may))
			}
			if crashed || rapid.Bool().Draw(t, "opened anew") {
				f, may = g, []ledger.Anchored{got}
			}
		}
	})
}

func among(a ledger.Anchored, all []ledger.Anchored) bool {
	for _, b := range all {
		if a.Anchor == b.Anchor && bytes.Equal(a.Step.Note, b.Step.Note) && len(a.Step.Leaves) == len(b.Step.Leaves) {
			return true
		}
	}
	return false
}

// TestAnchorSteps: what fits is found again and can be offered to the book that lacks it; what does
// not fit is known beforehand.
func TestAnchorSteps(t *testing.T) {
	p := placer{disk: newDisk()}
	f, none, err := ledger.OpenAnchor(p, "anchor")
	if err != nil || none.Turn != 0 {
		t.Fatalf("%+v, %v", none, err)
	}
	a := stepped(0, 5, 9)
	if !f.Fits(a.Step) {
		t.Fatal("four small entries do not fit")
	}
	for range 3 { // both slots, and over the first again
		if err := f.Put(a.Anchor, a.Step); err != nil {
			t.Fatal(err)
		}
	}
	_, got, err := ledger.OpenAnchor(p, "anchor")
	if err != nil || got.Turn != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	batch, err := grown(5).Offer(got.Step.Note, got.Step.From, got.Step.Leaves)
	if err != nil || len(batch.Leaves) != 4 || batch.Anchor() != a.Anchor {
		t.Fatalf("%+v, %v", batch, err)
	}
	large := must(grown(5).Draft(key(0), make([][]byte, 0)...))
	large.Leaves = [][]byte{make([]byte, 60_000), make([]byte, 5_000)}
	many := must(grown(5).Draft(key(0), leavesOf(5, 5+ledger.BundleLeaves+1)...))
	if f.Fits(large) || f.Fits(many) || f.Fits(ledger.Batch{}) {
		t.Error("what has no room fits")
	}
	// The largest that fits has room.
	for size := 55_000; ; size += 97 {
		b := must(grown(5).Draft(key(0), make([]byte, size)))
		if !f.Fits(b) {
			break
		}
		if err := f.Put(b.Anchor(), b); err != nil {
			t.Fatal(err)
		}
		if _, got, err := ledger.OpenAnchor(p, "anchor"); err != nil || got.Anchor != b.Anchor() {
			t.Fatalf("%d bytes: %v", size, err)
		}
	}
	p.files["anchor"] = p.files["anchor"][:100]
	if _, _, err := ledger.OpenAnchor(p, "anchor"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a cut file: %v", err)
	}
}
