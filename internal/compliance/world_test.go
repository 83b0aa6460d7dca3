package compliance

import (
	"crypto/ed25519"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/marking"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A world is a group whose parties write logs that are kept in memory.
type world struct {
	t       testing.TB
	charter group.Charter
	id      act.Hash
	logs    []memLog
	sees    [][]int
	clock   int64
}

type memLog struct {
	leaves []string
	hashes []act.Hash
	roots  []act.Hash // by size
}

var testCodes = []party.Code{"US", "IL", "AU"}

func newWorld(t testing.TB, parties int) *world {
	w := &world{t: t, logs: make([]memLog, parties), sees: make([][]int, parties), clock: at("2017-12-01")}
	w.charter = group.Charter{
		Name: en("Nuclear agreement"), Plan: en("Joint Strategic Work Plan"),
		Languages: []text.Lang{"en"}, Ceiling: marking.Label{TLP: marking.Amber},
	}
	for p := range parties {
		seed := make([]byte, ed25519.SeedSize)
		seed[0] = byte(p + 1)
		key := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
		w.charter.Parties = append(w.charter.Parties, group.Member{Code: testCodes[p], Names: en(string(testCodes[p])), Signing: key})
		w.sees[p] = make([]int, parties)
		w.logs[p].roots = []act.Hash{{}}
	}
	if err := w.charter.Check(); err != nil {
		t.Fatal(err)
	}
	w.id = w.charter.ID()
	for p := range parties {
		w.say(p, act.Constitute{Charter: string(w.charter.Format())})
	}
	return w
}

func en(s string) text.Texts { return text.Texts{{Lang: "en", Text: s}} }

// at is noon of a day, in milliseconds.
func at(day act.Date) int64 {
	t, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour).UnixMilli()
}

// say writes an act that has seen what the party had seen before.
func (w *world) say(p int, b act.Body, seen ...int) act.Hash {
	w.clock += 1000
	a := act.Act{Group: w.id, Party: uint8(p), Index: uint64(len(w.logs[p].leaves)), By: "d.reyes", At: w.clock, Body: b}
	if b.Kind() == act.KindConfirm {
		a.By = ""
	}
	for q := range w.logs {
		if n := w.sees[p][q]; q != p && len(seen) > q && seen[q] > n {
			w.sees[p][q] = seen[q]
			a.Seen = append(a.Seen, act.Seen{Party: uint8(q), Size: uint64(seen[q]), Root: w.logs[q].roots[seen[q]]})
		}
	}
	leaf, err := act.Encode(a)
	if err != nil {
		w.t.Fatal(err)
	}
	l := &w.logs[p]
	h := act.LeafHash(leaf)
	last := l.roots[len(l.roots)-1]
	l.leaves, l.hashes = append(l.leaves, string(leaf)), append(l.hashes, h)
	l.roots = append(l.roots, sha256.Sum256(append(last[:], h[:]...)))
	return h
}

// tell writes an act that has seen everything there is.
func (w *world) tell(p int, b act.Body) act.Hash {
	seen := make([]int, len(w.logs))
	for q := range w.logs {
		seen[q] = len(w.logs[q].leaves)
	}
	return w.say(p, b, seen...)
}

// agree tables a text and has all accept and confirm it.
func (w *world) agree(ref act.Ref, c act.Content) act.Hash {
	r := w.tell(0, act.Table{Element: ref, Content: c})
	for p := 1; p < len(w.logs); p++ {
		w.tell(p, act.Accept{Element: ref, Revision: r})
	}
	for p := 0; p < len(w.logs)-1; p++ {
		w.tell(p, act.Confirm{Element: ref, Revision: r})
	}
	return r
}

func (w *world) Leaf(p uint8, ordinal int) (string, bool) {
	if l := w.logs[p].leaves; ordinal < len(l) {
		return l[ordinal], true
	}
	return "", false
}
func (w *world) LeafHash(p uint8, ordinal int) act.Hash      { return w.logs[p].hashes[ordinal] }
func (w *world) Place(p uint8, ordinal int) (uint32, uint64) { return 0, uint64(ordinal) }
func (w *world) Prefix(p uint8, epoch uint32, size uint64) (int, act.Hash, bool) {
	if epoch != 0 || size > uint64(len(w.logs[p].leaves)) {
		return 0, act.Hash{}, false
	}
	return int(size), w.logs[p].roots[size], true
}

func (w *world) state() *plan.State {
	s := plan.New(w.charter, w)
	s.Advance()
	return s
}

// agreement is an agreement with the conversion and the procedure of the 2015 nuclear agreement.
func (w *world) agreement() act.Ref {
	stage := func(name string, days uint32, beside, fixed bool) act.Stage {
		return act.Stage{Name: en(name), Days: days, Beside: beside, Fixed: fixed}
	}
	w.agree("T-1", act.Content{Kind: act.Agreement, Title: en("2015 nuclear agreement"), Terms: &act.Terms{
		Bound:       []text.Texts{en("Iran")},
		Conversions: []act.Conversion{{Amount: "300", Unit: "kg{UF6}", Equals: "202.8", In: "kg{U}"}},
		Procedure: []act.Stage{
			stage("Joint Commission", 15, false, false), stage("Ministers", 15, false, false),
			stage("Advisory Board", 15, true, false), stage("Commission considers the opinion", 5, false, true), stage("Security Council", 30, false, true),
		},
	}})
	return "T-1"
}

// obligation agrees on an obligation under T-1.
func (w *world) obligation(ref act.Ref, title string, x act.Watch) act.Ref {
	w.agree(ref, act.Content{Kind: act.Obligation, Parent: "T-1", Title: en(title), Watch: &x})
	return ref
}

// heavyWater is the limit on heavy water.
func heavyWater() act.Watch {
	return act.Watch{Paragraph: "Annex I 14", Quantity: "heavy_water", Unit: "t", Rule: "heavy_water.latest() <= 130.0", Near: "heavy_water.latest() >= 123.5", From: "2016-01-16"}
}

// A read is a reading in short.
type read struct {
	day   act.Date
	value string // "130.9", "<130"
	more  func(*act.Reading)
}

// reading makes a reading of a quantity.
func (x read) reading(quantity, unit string) act.Reading {
	r := act.Reading{Quantity: quantity, Unit: unit, AsOf: x.day, Value: x.value, Grade: act.Grade{Source: 'A', Info: 2}}
	for _, sign := range []act.Sign{act.AtMost, act.AtLeast, act.Below, act.Above} {
		if n := len(sign.String()); len(x.value) > n && x.value[:n] == sign.String() {
			r.Sign, r.Value = sign, x.value[n:]
			break
		}
	}
	if x.more != nil {
		x.more(&r)
	}
	return r
}

// observe writes one batch.
func (w *world) observe(p int, ref act.Ref, quantity, unit string, reads ...read) act.Hash {
	r := act.Report{Element: ref, Sources: []act.Citation{{Title: "Quarterly report"}, {Title: "Reuters"}, {Title: "Overhead images"}}}
	for _, x := range reads {
		r.Readings = append(r.Readings, x.reading(quantity, unit))
	}
	return w.tell(p, r)
}

// graded sets a reading's grade.
func graded(s string) func(*act.Reading) {
	g, err := act.ParseGrade(s)
	if err != nil {
		panic(err)
	}
	return func(r *act.Reading) { r.Grade = g }
}

// from sets which source a reading is from.
func from(n uint16) func(*act.Reading) { return func(r *act.Reading) { r.Source = n } }

// verdict is the verdict on an obligation on a day, as now known.
func verdict(t testing.TB, b *Book, p *plan.State, ref act.Ref, on act.Date) (Verdict, Reason) {
	t.Helper()
	f, ok := b.Finding(p, ref, Today(on))
	if !ok {
		t.Fatalf("no finding of %s", ref)
	}
	return f.Verdict, f.Why
}

// expect checks the verdicts of some days.
func expect(t *testing.T, w *world, ref act.Ref, want map[act.Date]Verdict) {
	t.Helper()
	p := w.state()
	b := NewBook(p)
	days := make([]act.Date, 0, len(want))
	for d := range want {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days {
		if v, why := verdict(t, b, p, ref, d); v != want[d] {
			t.Errorf("%s on %s: %s (%s), want %s", ref, d, v, why, want[d])
		}
	}
}
