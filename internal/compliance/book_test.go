package compliance

import (
	"sync"
	"testing"

	"entente/act"
)

// TestReplacedAndTakenBack follows one reading that is corrected, a batch that is taken back, and the
// taking back being taken back.
func TestReplacedAndTakenBack(t *testing.T) {
	w := under(t, heavyWater())
	first := w.observe(0, "T-1", "heavy_water", "t", read{"2016-05-09", "131", nil}, read{"2016-05-01", "120", nil})
	correct := read{"2016-05-09", "116.7", func(r *act.Reading) { r.Replaces = &act.ReadingID{Batch: first} }}
	expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": Exceeded})
	second := w.observe(0, "T-1", "heavy_water", "t", correct)
	expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": Within, "2016-05-02": Within})
	w.observe(1, "T-1", "heavy_water", "t", read{"2016-05-02", "115", func(r *act.Reading) { r.Replaces = &act.ReadingID{Batch: first, Nth: 1} }})
	if n := pointsOn(t, w, "2016-06-01"); n != 3 {
		t.Errorf("another party's correction took something away: %d points", n)
	}
	third := w.tell(0, act.Report{Element: "T-1", TakesBack: []act.Hash{second}})
	expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": Exceeded})
	w.tell(0, act.Report{Element: "T-1", TakesBack: []act.Hash{third}})
	expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": Within})
	w.tell(1, act.Report{Element: "T-1", TakesBack: []act.Hash{first}})
	expect(t, w, "O-1", map[act.Date]Verdict{"2016-05-10": Within})
	p := w.state()
	o, _ := NewBook(p).Obligation(p, "O-1", Today("2016-06-01"), 0)
	if len(o.Gone) != 1 || o.Gone[0].Gone != "replaced" || o.Gone[0].Value != "131" || o.Gone[0].ID.Batch != first {
		t.Errorf("gone %+v", o.Gone)
	}
	w.tell(0, act.Report{Element: "T-1", TakesBack: []act.Hash{first}})
	p = w.state()
	o, _ = NewBook(p).Obligation(p, "O-1", Today("2016-06-01"), 0)
	if len(o.Gone) != 2 || o.Gone[0].Gone != "taken-back" {
		t.Errorf("gone %+v", o.Gone)
	}
}

func pointsOn(t *testing.T, w *world, on act.Date) int {
	p := w.state()
	o, ok := NewBook(p).Obligation(p, "O-1", Today(on), 0)
	if !ok {
		t.Fatal("no obligation")
	}
	return len(o.Points)
}

// TestAsOf asks the three senses of a past day.
func TestAsOf(t *testing.T) {
	w := under(t, heavyWater())
	w.clock = at("2016-11-20")
	w.observe(0, "T-1", "heavy_water", "t", read{"2016-11-08", "130.1", func(r *act.Reading) { r.Reported = "2016-11-09" }})
	w.clock = at("2017-03-01")
	w.observe(0, "T-1", "heavy_water", "t", read{"2016-12-06", "129", func(r *act.Reading) { r.Reported = "2016-12-08" }})
	p := w.state()
	b := NewBook(p)
	for _, c := range []struct {
		on, by act.Date
		known  Known
		want   Verdict
	}{
		{"2016-11-08", "", KnownNow, Exceeded}, {"2016-11-08", "", KnownReported, CannotTell}, {"2016-11-09", "", KnownReported, Exceeded},
		{"2016-11-19", "", KnownEntered, CannotTell}, {"2016-11-20", "", KnownEntered, Exceeded},
		{"2016-12-07", "", KnownNow, Near}, {"2016-12-07", "", KnownReported, Exceeded}, {"2016-12-08", "", KnownReported, Near},
		{"2016-12-31", "", KnownEntered, Exceeded}, {"2016-12-31", "2017-03-01", KnownEntered, Near}, {"2016-11-10", "2017-03-01", KnownEntered, Exceeded},
	} {
		f, _ := b.Finding(p, "O-1", Moment{On: c.on, By: c.by, Known: c.known})
		if f.Verdict != c.want {
			t.Errorf("on %s by what was %s by %s: %s, want %s", c.on, c.known, c.by, f.Verdict, c.want)
		}
	}
}

// TestMarginReadings puts a reading of the margin on top, and looks that the shared book, and what would
// be attested, do not know of it.
func TestMarginReadings(t *testing.T) {
	w := under(t, heavyWater())
	w.observe(0, "T-1", "heavy_water", "t", read{"2016-05-09", "116", nil})
	p := w.state()
	b := NewBook(p)
	own := b.With([]Extra{{Agreement: "T-1", Party: 0, By: "d.reyes", At: at("2016-06-01"), Source: act.Citation{Title: "Cable 12"},
		Reading: read{"2016-05-20", "131", nil}.reading("heavy_water", "t")}})
	if v, _ := verdict(t, own, p, "O-1", "2016-06-01"); v != Exceeded {
		t.Errorf("with the margin: %s", v)
	}
	if v, _ := verdict(t, b, p, "O-1", "2016-06-01"); v != Within {
		t.Errorf("without it: %s", v)
	}
	o, _ := own.Obligation(p, "O-1", Today("2016-06-01"), 0)
	if n := len(o.Points); n != 2 || !o.Points[1].Entries[0].Margin || o.Points[1].Entries[0].Source.Title != "Cable 12" {
		t.Errorf("points %+v", o.Points)
	}
	x, _ := b.Attest(p, "T-1", "2016-06-01")
	y, _ := own.Attest(p, "T-1", "2016-06-01")
	if x.Digest != y.Digest || x.Findings[0].Verdict != act.Within {
		t.Errorf("attested %+v and %+v", x, y)
	}
	if b.Readings() != 1 || own.Readings() != 2 {
		t.Errorf("%d and %d readings", b.Readings(), own.Readings())
	}
}

// TestAttestsAreRecounted compares a counterpart's verdicts: one that comes out the same, one that was
// made without what is known here, and one that is false.
func TestAttestsAreRecounted(t *testing.T) {
	w := under(t, heavyWater())
	w.observe(0, "T-1", "heavy_water", "t", read{"2016-05-09", "116", nil})
	attest := func(change func(*act.Attest)) *Attested {
		p := w.state()
		x, ok := NewBook(p).Attest(p, "T-1", "2016-06-01")
		if !ok {
			t.Fatal("nothing to attest")
		}
		if change != nil {
			change(&x)
		}
		w.tell(1, x)
		w.observe(0, "T-1", "heavy_water", "t", read{"2016-05-20", "131", nil}) // later than what the attest had seen
		p = w.state()
		board, _ := NewBook(p).Board(p, "T-1", Today("2016-06-01"), 0)
		if len(board.Attested) != 1 {
			t.Fatalf("%d attested", len(board.Attested))
		}
		return &board.Attested[0]
	}
	x := attest(nil)
	if !x.Same || x.Party != "IL" || x.N != 1 || x.Current || x.Said.English != "The same verdict on the server of IL." {
		t.Errorf("an honest attest: %+v", x)
	}
	x = attest(func(a *act.Attest) { a.Findings[0].Verdict = act.Near })
	if x.Same || len(x.Differ) != 1 || x.Differ[0].Here != Exceeded || x.Refs[0] != "O-1" {
		t.Errorf("a false verdict: %+v", x)
	}
	x = attest(func(a *act.Attest) { a.Digest[0] ^= 1 })
	if x.Same || len(x.Differ) != 0 || x.Said.Key != "attest.digest" {
		t.Errorf("a false number: %+v", x)
	}
	p := w.state()
	o, _ := NewBook(p).Obligation(p, "O-1", Today("2016-06-01"), 0)
	if len(o.Parties) != 2 || !o.Parties[0].Own || o.Parties[0].Verdict != Exceeded || o.Parties[1].Verdict != Exceeded || !o.Parties[1].Same {
		t.Errorf("parties %+v", o.Parties)
	}
}

// TestProposedIsNotCounted looks that an obligation that is not agreed is shown and not counted.
func TestProposedIsNotCounted(t *testing.T) {
	w := under(t, heavyWater())
	x := heavyWater()
	w.tell(0, act.Table{Element: "O-2", Content: act.Content{Kind: act.Obligation, Parent: "T-1", Title: en("Another"), Watch: &x}})
	w.observe(0, "T-1", "heavy_water", "t", read{"2016-05-09", "116", nil})
	p := w.state()
	b := NewBook(p)
	board, _ := b.Board(p, "T-1", Today("2016-06-01"), 0)
	if board.Total != 2 || board.Cards[1].Ref != "O-2" || board.Cards[1].Agreed || board.Cards[1].Verdict != Within || board.Counts[0].N != 1 {
		t.Errorf("board %+v", board)
	}
	if a, _ := b.Attest(p, "T-1", "2016-06-01"); len(a.Findings) != 1 {
		t.Errorf("attest %+v", a)
	}
	w.agree("O-1", act.Content{Kind: act.Obligation, Parent: "T-1", Title: en("Stock"), Struck: true})
	b.Advance(p, nil)
	p = w.state()
	b.Advance(p, []act.Ref{"O-1"})
	if _, ok := b.Obligation(p, "O-1", Today("2016-06-01"), 0); ok {
		t.Error("a struck obligation is still watched")
	}
	w.agree("T-1", act.Content{Kind: act.Agreement, Title: en("Agreement"), Struck: true})
	p = w.state()
	b.Advance(p, []act.Ref{"T-1"})
	if _, ok := b.Obligation(p, "O-2", Today("2016-06-01"), 0); ok || len(b.Agreements()) != 0 {
		t.Error("a struck agreement is still watched")
	}
	w.agreement()
	p = w.state()
	b.Advance(p, []act.Ref{"T-1"})
	if v, _ := verdict(t, b, p, "O-2", "2016-06-01"); v != Within {
		t.Errorf("an agreement that came back: %s", v)
	}
}

// TestNothingThere asks for what is not there.
func TestNothingThere(t *testing.T) {
	w := newWorld(t, 1)
	p := w.state()
	b := NewBook(p)
	if _, ok := b.Board(p, "T-1", Today("2016-06-01"), 0); ok {
		t.Error("a board")
	}
	if _, ok := b.Obligation(p, "O-1", Today("2016-06-01"), 0); ok {
		t.Error("an obligation")
	}
	if _, ok := b.Programme(p, "F-1", Today("2016-06-01"), 0); ok {
		t.Error("a programme")
	}
	if _, ok := b.Attest(p, "T-1", "2016-06-01"); ok {
		t.Error("an attest")
	}
	if b.Boards(p, Moment{}, 0) != nil || b.Calendar(p, Moment{}) != nil || b.Disputes(p, Moment{}) != nil || b.Verdicts("T-1", Moment{}) != nil {
		t.Error("something")
	}
	w = under(t, heavyWater())
	p = w.state()
	for _, on := range []act.Date{"", "0001-01-01", "9999-12-31", "nonsense"} {
		if _, ok := NewBook(p).Obligation(p, "O-1", Today(on), 0); !ok {
			t.Errorf("nothing on %q", on)
		}
	}
}

// TestManyReadersAtOnce asks the same book from many sides, with and without readings of the margin: what
// is made when it is first asked is made once, or comes out the same.
func TestManyReadersAtOnce(t *testing.T) {
	w := nuclear(t, nil)
	p := w.state()
	a, _ := NewBook(p).Attest(p, "T-1", "2017-12-12")
	w.tell(1, a)
	p = w.state()
	b := NewBook(p)
	want := asJSON(t, func() any { x, _ := NewBook(p).Board(p, "T-1", Today("2017-12-12"), 0); return x }())
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			book := b
			if i%2 == 1 {
				book = b.With([]Extra{{Agreement: "T-1", Reading: read{"2018-01-01", "131", nil}.reading("heavy_water", "t")}})
			}
			x, _ := book.Board(p, "T-1", Today("2017-12-12"), 0)
			if got := asJSON(t, x); got != want {
				t.Errorf("reader %d was told\n%s\nwant\n%s", i, got, want)
			}
			book.Obligation(p, "O-7", Moment{On: "2017-12-12", Known: KnownReported}, 0)
		})
	}
	all.Wait()
}
