package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/party"
)

// scramble writes a random history: texts under few references, of kinds that fit and that do
// not, accepted, crossed, withdrawn, confirmed too early, remarked on before they were seen.
func scramble(t testing.TB, r *rapid.T) *world {
	w := newWorld(t, rapid.IntRange(1, 4).Draw(r, "parties"))
	refs := []act.Ref{"G-1", "G-1.1", "W-1", "A-1", "A-1.1", "M-1", "C-1", "S-1", "P-1", "D-1", "R-1", "K-1", "T-1", "O-1"}
	revs := []act.Hash{}
	of := map[act.Hash]act.Ref{}
	notes := []act.Hash{{}}
	for range rapid.IntRange(1, 60).Draw(r, "acts") {
		p := rapid.IntRange(0, len(w.logs)-1).Draw(r, "party")
		ref := rapid.SampledFrom(refs).Draw(r, "ref")
		b := act.Body(act.See{})
		pick := act.Hash{1}
		if len(revs) > 0 {
			pick = rapid.SampledFrom(revs).Draw(r, "rev")
			if rapid.Bool().Draw(r, "fitting") {
				ref = of[pick]
			}
		}
		kind := rapid.IntRange(0, 17).Draw(r, "kind")
		switch kind {
		case 0, 1, 2:
			c := randomContent(r, ref, refs)
			if c.Kind == act.Package && len(revs) > 0 {
				c.Contains = []act.Contained{{Element: of[pick], Revision: pick}}
			}
			b = act.Table{Element: ref, Content: c, Offered: rapid.IntRange(0, 5).Draw(r, "offered") == 0, Tied: rapid.IntRange(0, 5).Draw(r, "tied") == 0,
				Until: rapid.SampledFrom([]int64{0, 0, 1_512_000_900_000}).Draw(r, "until")}
		case 3, 4, 5:
			b = act.Accept{Element: ref, Revision: pick, Tied: rapid.IntRange(0, 3).Draw(r, "tied") == 0}
		case 6:
			b = act.Withdraw{Element: ref, Reason: en("Reason.")}
		case 7, 8:
			b = act.Confirm{Element: ref, Revision: pick}
		case 9:
			b = act.Remark{Element: ref, Sort: rapid.SampledFrom([]act.RemarkSort{act.Comment, act.Reservation}).Draw(r, "sort"), Text: en("A remark."),
				Lifts: rapid.SampledFrom(notes).Draw(r, "lifts"), Revision: pick}
		case 10:
			b = act.Report{Element: ref, AsOf: "2018-01-01", Progress: act.Underway}
		case 16:
			o := observation("1")
			o.Element = ref
			b = o
		case 17:
			b = act.Dispute{Element: ref, Step: act.DisputeStarts, On: "2017-12-03", Text: en("It was passed.")}
		case 15:
			b = act.Refer{Element: ref, Revision: pick, Until: 1_512_000_900_000, Role: en("Minister")}
		case 13:
			b = act.Certify{Element: ref, Revision: pick}
		case 14:
			b = act.Calendar{Rest: act.Weekdays(rapid.IntRange(0, 3).Draw(r, "rest"))}
		case 11:
			w.put(p, rapid.StringN(0, 10, 10).Draw(r, "garbage"))
			continue
		case 12:
			b = act.Sit{Round: "R-1", Step: rapid.SampledFrom([]act.SitStep{act.RoundOpens, act.RoundCloses}).Draw(r, "step")}
		}
		seen := make([]int, len(w.logs))
		for q := range seen {
			if q == p || !rapid.Bool().Draw(r, "looks") {
				continue
			}
			seen[q] = max(seen[q], len(w.logs[q].leaves))
			for o := range seen {
				seen[o] = max(seen[o], w.sees[q][o])
			}
		}
		h := w.say(p, b, seen...)
		switch kind {
		case 0, 1, 2:
			revs, of[h] = append(revs, h), ref
		case 9:
			notes = append(notes, h)
		}
	}
	return w
}

func randomContent(r *rapid.T, ref act.Ref, refs []act.Ref) act.Content {
	c := act.Content{Kind: kindOf(ref), Title: en("Title"), Order: uint32(rapid.IntRange(0, 2).Draw(r, "order"))}
	if rapid.IntRange(0, 3).Draw(r, "odd kind") == 0 {
		c.Kind = rapid.SampledFrom([]act.ElementKind{act.Goal, act.Way, act.Action, act.Statement, act.Clause}).Draw(r, "other kind")
	}
	c.Text = en("The Parties " + rapid.SampledFrom([]string{"may", "shall", "will"}).Draw(r, "verb") + " meet. " + fmt.Sprint(rapid.IntRange(0, 3).Draw(r, "nonce")))
	c.Parent = rapid.SampledFrom(append([]act.Ref{""}, refs...)).Draw(r, "parent")
	c.Struck = rapid.IntRange(0, 8).Draw(r, "struck") == 0
	c.Due = rapid.SampledFrom([]act.Date{"", "2018-01-02", "2018-03-04"}).Draw(r, "due")
	switch c.Kind {
	case act.Round:
		c.Parent, c.Opens = "", "2017-12-12"
	case act.Passage:
		c.Parent, c.Paragraph, c.Quote = "S-1", 1, "Parties"
	case act.Document:
		c.Contains, c.Digests = []act.Contained{{Element: "A-1", Revision: act.Hash{1}}}, []act.Digest{{Lang: "en", Sum: act.Hash{2}}}
	case act.Package:
		c.Contains = []act.Contained{{Element: "A-1", Revision: act.Hash{1}}}
	case act.Obligation:
		c.Watch = &act.Watch{Quantity: "stock", Unit: "t", Rule: "stock.latest() <= 130.0"}
		if c.Parent == "" {
			c.Parent = "T-1"
		}
	case act.Goal:
		c.Cites = []act.Ref{"P-1"}
	case act.Action:
		c.Lead = []party.Code{"US"}
	}
	return c
}

// pages is every page of a plan as JSON.
func pages(t testing.TB, s *State) string {
	out := []any{s.Statements(), s.Gaps(), s.Parties(), s.Totals()}
	for _, q := range []OutlineQuery{{}, {Open: []act.Ref{"W-1", "A-1"}}, {Under: "G-1"}, {Kind: act.Action}, {Party: "US"}, {Turn: "US"}, {Offset: 2, Limit: 3}} {
		out = append(out, s.Outline(q))
	}
	for st := range statusCount {
		out = append(out, s.Outline(OutlineQuery{Status: &st}), s.Count(st))
	}
	for _, v := range []string{WithBrackets, AgreedText, ChangesSince} {
		out = append(out, s.Document(DocumentQuery{View: v, Since: 1}), s.Document(DocumentQuery{View: v, Offset: 1, Limit: 2}), s.Document(DocumentQuery{View: v, At: "A-1"}))
	}
	for p := range s.rule.Parties() {
		out = append(out, s.Briefing(BriefingQuery{Viewer: uint8(p)}), s.Negotiation(NegotiationQuery{Turn: s.charter.Code(uint8(p))}))
	}
	for _, ref := range allRefs(s) {
		d, _ := s.Dossier(ref, 0)
		c, _ := s.Coverage(ref)
		out = append(out, d, c, s.Revisions(ref), s.NextRef(act.Action, ref), s.NextOpen(ref, true))
	}
	voids, n := s.Voids(0)
	hits, m := s.Search("parties sh", 5)
	doc, err := s.Instrument()
	rounds, all := s.Rounds()
	out = append(out, voids, n, hits, m, doc, fmt.Sprint(err), rounds, all, s.Load(), s.Course())
	b, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func allRefs(s *State) []act.Ref {
	return slices.SortedFunc(maps.Keys(s.elements), act.Ref.Compare)
}

// TestSameActsSamePlan lets the same acts arrive all at once and one by one in another order.
func TestSameActsSamePlan(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := scramble(t, r)
		v := slow{w, make([]int, len(w.logs))}
		s := New(w.charter, v)
		warm := rapid.Bool().Draw(r, "warm")
		for {
			var left []int
			for p := range v.here {
				if v.here[p] < len(w.logs[p].leaves) {
					left = append(left, p)
				}
			}
			if len(left) == 0 {
				break
			}
			v.here[rapid.SampledFrom(left).Draw(r, "next")] += rapid.IntRange(0, 3).Draw(r, "step")
			for p := range v.here {
				v.here[p] = min(v.here[p], len(w.logs[p].leaves))
			}
			s.Advance()
			if warm {
				s.Warm()
			}
			sound(t, s)
		}
		got, want := pages(t, s), pages(t, w.state())
		if got != want {
			r.Fatalf("the plan depends on the order of arrival: %s", firstDifference(got, want))
		}
	})
}

// sound checks what the plan keeps against what it says.
func sound(t testing.TB, s *State) {
	t.Helper()
	var total tally
	seen := 0
	var visit func(b *branch, up *Element, depth int) (sum tally, rows int32)
	visit = func(b *branch, up *Element, depth int) (sum tally, rows int32) {
		if depth > MaxDepth {
			t.Fatal("the tree is too deep")
		}
		for i, e := range b.kids {
			seen++
			if e.up != up || int(e.at) != i {
				t.Fatalf("%s does not stand where it stands", e.Ref())
			}
			want, kidRows := e.own.minus(&marks{}), int32(0)
			want[cRows] = 0
			if e.kids != nil {
				below, n := visit(e.kids, e, depth+1)
				below[cRows] = 0
				want.add(&below)
				kidRows = n
			}
			want[cRows] = min(want[cLive], 1)
			if e.opens() {
				want[cRows] += kidRows
			}
			if e.sum != want {
				t.Fatalf("%s counts %v, not %v", e.Ref(), e.sum, want)
			}
			sum.add(&want)
			rows += want[cRows]
		}
		for i, block := range b.blocks {
			var all tally
			for _, e := range b.kids[i*blockSize : min((i+1)*blockSize, len(b.kids))] {
				all.add(&e.sum)
			}
			if block != all {
				t.Fatalf("block %d counts %v, not %v", i, block, all)
			}
		}
		if b.rows != rows || b.dirty {
			t.Fatalf("a branch has %d rows, not %d", b.rows, rows)
		}
		return sum, rows
	}
	total, _ = visit(&s.roots, nil, 0)
	if total != s.sum || seen != len(s.elements) {
		t.Fatalf("%d of %d elements stand in the tree; counts %v, not %v", seen, len(s.elements), s.sum, total)
	}
	open := slices.Collect(func(yield func(act.Ref) bool) {
		for _, ref := range allRefs(s) {
			if s.elements[ref].Element.Open() && !yield(ref) {
				return
			}
		}
	})
	var listed []act.Ref
	for _, e := range s.Open() {
		listed = append(listed, e.Ref())
	}
	if !slices.Equal(open, listed) {
		t.Fatalf("open are %v, listed are %v", open, listed)
	}
}

// TestPagesAreWholes joins the pages of the outline and of the document.
func TestPagesAreWholes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := scramble(t, r).state()
		limit := rapid.IntRange(1, 4).Draw(r, "limit")
		var whole, parts []string
		whole = append(whole, rowRefs(s.Outline(OutlineQuery{Limit: MaxRows}))...)
		for o := 0; ; o += limit {
			p := s.Outline(OutlineQuery{Offset: o, Limit: limit})
			parts = append(parts, rowRefs(p)...)
			if !p.More {
				break
			}
		}
		equal(t, parts, whole)
		for _, v := range []string{WithBrackets, AgreedText, ChangesSince} {
			d := s.Document(DocumentQuery{View: v, Limit: MaxRows})
			if d.Total != len(d.Paragraphs) {
				t.Fatalf("%s: %d paragraphs of %d", v, len(d.Paragraphs), d.Total)
			}
			n := 0
			for o := 0; o < d.Total; o += limit {
				for _, p := range s.Document(DocumentQuery{View: v, Offset: o, Limit: limit}).Paragraphs {
					equal(t, p, d.Paragraphs[n])
					n++
				}
			}
			equal(t, n, d.Total)
		}
	})
}

func rowRefs(o Outline) (out []string) {
	for _, r := range o.Rows {
		out = append(out, fmt.Sprintf("%d %s", r.Depth, r.Ref))
	}
	return out
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d: %s, not %s, after %v", i, a[i], b[i], a[max(0, i-12):i])
		}
	}
	return "one is longer"
}

// TestManySiblings: counts hold in long branches too, of several blocks, whatever comes in between.
func TestManySiblings(t *testing.T) {
	for _, atEnd := range []bool{true, false} { // what is new comes last, but is looked at first
		w := newWorld(t, 2)
		ref := func(i int) act.Ref {
			if atEnd {
				return act.Ref(fmt.Sprintf("G-%d", 1000-i))
			}
			return act.Ref(fmt.Sprintf("G-%d", 1+i*7919%1009))
		}
		for i := range 3 * blockSize {
			w.table(0, ref(i), act.Content{Title: en("A goal"), Order: uint32(i*one(atEnd) + i%3)})
			if i%7 == 6 { // what counts no more stands before what is new
				w.tell(0, act.Withdraw{Element: ref(i / 2), Reason: en("No")})
			}
		}
		v := slow{w, make([]int, len(w.logs))}
		s := New(w.charter, v)
		for step := 1; v.here[0] < len(w.logs[0].leaves); step = step*3%64 + 1 {
			v.here[0] = min(v.here[0]+step, len(w.logs[0].leaves))
			v.here[1] = len(w.logs[1].leaves)
			s.Advance()
			sound(t, s)
		}
		if got, want := pages(t, s), pages(t, w.state()); got != want {
			t.Fatalf("step by step, the plan is another: %s", firstDifference(got, want))
		}
	}
}
