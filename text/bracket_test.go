package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sides makes sides out of who, text, who, text …
func sides(list ...string) []Side {
	var out []Side
	for i := 0; i+1 < len(list); i += 2 {
		out = append(out, Side{Who: list[i], Text: list[i+1]})
	}
	return out
}

const (
	assessUS = "The Parties shall exchange their written assessments of each report of the Agency within thirty (30) days of its publication."
	assessIL = "The Parties shall exchange their written assessments of each report of the Agency within fourteen (14) days of its publication, and in any case before the Board of Governors meets."
)

func TestBracket(t *testing.T) {
	for _, c := range []struct {
		name  string
		sides []Side
		want  string
		count int
	}{
		{"nobody", nil, "", 0},
		{"one", sides("US", "May [sic] meet\\."), `May [sic] meet\\.`, 1},
		{"the same", sides("US", "May meet.", "IL", "May meet."), "May meet.", 0},
		{"assessments", sides("US", assessUS, "IL", assessIL),
			"The Parties shall exchange their written assessments of each report of the Agency within [US: thirty (30)] [IL: fourteen (14)] days of its publication[IL: , and in any case before the Board of Governors meets].", 3},
		{"steps", sides(
			"US", "Additional diplomatic steps may be taken by common accord to add pressure where a verified breach is not corrected.",
			"IL", "Additional diplomatic steps shall be taken by common accord to add pressure where a verified breach is not corrected within sixty (60) days."),
			"Additional diplomatic steps [US: may] [IL: shall] be taken by common accord to add pressure where a verified breach is not corrected [IL: within sixty (60) days].", 3},
		{"steps in Hebrew", sides(
			"ארה״ב", "ניתן לנקוט, בהסכמה הדדית, צעדים דיפלומטיים נוספים.",
			"ישראל", "יש לנקוט, בהסכמה הדדית, צעדים דיפלומטיים נוספים בתוך שישים (60) ימים."),
			"[ארה״ב: ניתן] [ישראל: יש] לנקוט, בהסכמה הדדית, צעדים דיפלומטיים נוספים [ישראל: בתוך שישים (60) ימים].", 3},
		{"Arabic", sides(
			"US", "يتبادل الطرفان التقييمات المكتوبة في غضون ثلاثين (30) يومًا.",
			"EG", "يتبادل الطرفان التقييمات المكتوبة في غضون أربعة عشر (14) يومًا."),
			"يتبادل الطرفان التقييمات المكتوبة في غضون [US: ثلاثين (30)] [EG: أربعة عشر (14)] يومًا.", 2},
		{"shared words share a bracket", sides("US", "They may meet.", "AU", "They may meet.", "IL", "They shall meet."),
			"They [US, AU: may] [IL: shall] meet.", 2},
		{"one has nothing there", sides("US", "They meet.", "IL", "They meet at once.", "FR", "They meet."),
			"They meet [IL: at once].", 1},
		{"a clause set off by commas", sides("US", "Each Party shall, as appropriate, inform the other Party.", "IL", "Each Party shall inform the other Party."),
			"Each Party shall[US: , as appropriate,] inform the other Party.", 1},
		{"one short word between", sides("US", "thirty days after publication", "IL", "fourteen days before publication"),
			"[US: thirty days after] [IL: fourteen days before] publication", 2},
		{"several words between", sides("US", "may consult the other Party daily", "IL", "shall consult the other Party weekly"),
			"[US: may] [IL: shall] consult the other Party [US: daily] [IL: weekly]", 4},
		{"parentheses stay whole", sides("US", "thirty (30) days", "IL", "forty (40) days", "FR", "days"),
			"[US: thirty (30)] [IL: forty (40)] days", 2},
		{"only the number", sides("US", "a period (30) of days", "IL", "a period (14) of days"), "a period ([US: 30] [IL: 14]) of days", 2},
		{"a hyphen splits nothing", sides("US", "twenty-one days", "IL", "twenty-two days"), "[US: twenty-one] [IL: twenty-two] days", 2},
		{"a sentence more", sides("US", "They meet. Done.", "IL", "They meet. Both report to the heads of delegation. Done."),
			"They meet. [IL: Both report to the heads of delegation.] Done.", 1},
		{"an item more", sides("US", "a) one;\nc) three.", "IL", "a) one;\nb) two;\nc) three."),
			"a) one;\n[IL: b) two;]\nc) three.", 1},
		{"nothing in common", sides("US", "One text", "IL", "Another thing"), "[US: One text] [IL: Another thing]", 2},
		{"all of it", sides("US", "", "IL", "A text."), "[IL: A text.]", 1},
		{"no island of one short word", sides("US", "They may be present", "IL", "They shall be present", "FR", "They be absent"),
			"They [US: may be present] [IL: shall be present] [FR: be absent]", 3},
		{"no island between two big differences", sides(
			"US", "Every site shall be opened to the inspectors of the Agency within two days of notice and fundamental repairs are finished by the operator at his own cost and without any delay",
			"IL", "Neither side moves centrifuges or heavy water out of the country during the talks and fundamental freedoms of its nationals remain as they were before that day, in law and in fact"),
			"[US: Every site shall be opened to the inspectors of the Agency within two days of notice and fundamental repairs are finished by the operator at his own cost and without any delay] [IL: Neither side moves centrifuges or heavy water out of the country during the talks and fundamental freedoms of its nationals remain as they were before that day, in law and in fact]", 2},
		{"a sentence from its start", sides("US", "They meet. They sign.", "IL", "They meet. They talk. They sign."),
			"They meet. [IL: They talk.] They sign.", 1},
		{"an addition before a parenthesis", sides("US", "notice (40) days", "IL", "notice (30) or (40) days"),
			"notice [IL: (30) or] (40) days", 1},
		{"sides in the order given", sides("US", "They may meet at noon.", "IL", "They shall meet at noon.", "FR", "They may meet.", "AU", "They may meet at noon."),
			"They [US, FR, AU: may] [IL: shall] meet [US, IL, AU: at noon].", 3},
		{"literal brackets", sides("US", "x [a] y", "IL", "x [b] y"), `x [[US: a] [IL: b]] y`, 3},
		{"spaces only", sides("US", "(30) days", "IL", "(30)days", "FR", "(30)\tdays"), "(30)[US: ␣] [FR: ⇥]days", 2},
		{"a line end", sides("US", "one\ntwo", "IL", "one two"), "one[US: ⏎] [IL: ␣]two", 2},
		{"brackets within", sides(
			"US", "The Parties meet. They shall report within thirty days to the heads of delegation. Done.",
			"AU", "The Parties meet. Done.",
			"IL", "The Parties meet. They shall report within fourteen days to the heads of delegation. Done."),
			"The Parties meet. [US, IL: They shall report within [US: thirty] [IL: fourteen] days to the heads of delegation.] Done.", 3},
		{"two alike, one apart", sides(
			"US", "The Ministry leads the response and reports weekly to the cluster.",
			"FR", "The Ministry leads the response and reports daily to the cluster.",
			"IL", "Responsibility rests with the two co-chairs."),
			"[US, FR: The Ministry leads the response and reports [US: weekly] [FR: daily] to the cluster] [IL: Responsibility rests with the two co-chairs].", 4},
		{"a bracket that begins with one", sides(
			"US", "Weekly reports go to the cluster and to the district officers", "FR", "Daily reports go to the cluster and to the district officers", "IL", ""),
			"[US, FR: [US: Weekly] [FR: Daily] reports go to the cluster and to the district officers]", 3},
	} {
		segments := Bracket("", c.sides)
		if got := FormatBrackets(segments); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if got := Brackets(segments); got != c.count {
			t.Errorf("%s: %d brackets, want %d", c.name, got, c.count)
		}
		bracketsHold(t, c.sides, segments)
	}
}

// TestBracketBase: the base steers what is seen as common, and adds nothing.
func TestBracketBase(t *testing.T) {
	list := sides("US", "They may meet daily.", "IL", "They shall meet weekly.")
	for _, base := range []string{"", "They may meet.", "They must never meet, nor ever talk.", "Nothing of the sort"} {
		segments := Bracket(base, list)
		bracketsHold(t, list, segments)
		if got := FormatBrackets(segments); strings.Contains(got, "must") || strings.Contains(got, "sort") {
			t.Errorf("base %q shows in %s", base, got)
		}
	}
}

// bracketsHold checks what is true of the brackets of any texts.
func bracketsHold(t interface{ Fatalf(string, ...any) }, list []Side, segments []Segment) {
	for _, s := range list {
		if got := Reassemble(segments, s.Who); got != s.Text {
			t.Fatalf("%s has %q, reassembled it is %q\nof %v", s.Who, s.Text, got, segments)
		}
	}
	for i, s := range segments {
		common := s.Who == nil
		if s.Text == "" || common != (s.Depth == 0) || common != (s.Place == 0) || common != (s.Alt == 0) || s.Depth > 2 {
			t.Fatalf("segment %d of %q is out of form: %+v", i, list, s)
		}
		if !common && (len(s.Who) == 0 || len(s.Who) >= len(list) && len(list) > 0 && s.Depth == 2) {
			t.Fatalf("segment %d of %q belongs to nobody, or to all: %+v", i, list, s)
		}
		if i > 0 && common && segments[i-1].Who == nil {
			t.Fatalf("segments %d and %d of %q are both common", i-1, i, list)
		}
		if i > 0 && !common && segments[i-1].Place == s.Place && segments[i-1].Alt != s.Alt && s.Alt != segments[i-1].Alt+1 {
			t.Fatalf("alternatives of %q are out of order: %+v", list, segments)
		}
	}
	wholeWords(t, list, segments)
}

// wholeWords checks that no bracket begins or ends within a word of any side.
func wholeWords(t interface{ Fatalf(string, ...any) }, list []Side, segments []Segment) {
	for _, side := range list {
		ends, at := map[int]bool{0: true}, 0
		for _, w := range Words(side.Text) {
			at += len(w.Text)
			ends[at] = true
			if w.Kind == Space {
				for i := range len(w.Text) {
					ends[at-i] = true
				}
			}
		}
		at = 0
		for _, s := range segments {
			if s.Who != nil && !slices.Contains(s.Who, side.Who) {
				continue
			}
			if at += len(s.Text); !ends[at] {
				t.Fatalf("%q is split at byte %d: %+v", side.Text, at, segments)
			}
		}
	}
}

// drafts draws a base text and sides made from it by cutting, putting and
// replacing words.
func drafts() *rapid.Generator[[]Side] {
	word := rapid.SampledFrom(strings.Split("the|The Parties|shall|may|not|thirty|(30)|days|of|report|, |. |;|\n|(|)|[|]|twenty-one|הצדדים|שלושים|יום|في|غضون|  ", "|"))
	text := rapid.Custom(func(t *rapid.T) []string { return rapid.SliceOfN(word, 0, 24).Draw(t, "words") })
	return rapid.Custom(func(t *rapid.T) []Side {
		base := text.Draw(t, "base")
		out := make([]Side, rapid.IntRange(1, 6).Draw(t, "sides"))
		for n := range out {
			mine := slices.Clone(base)
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				at := rapid.IntRange(0, len(mine)).Draw(t, "at")
				to := min(len(mine), at+rapid.IntRange(0, 5).Draw(t, "cut"))
				mine = slices.Replace(mine, at, to, rapid.SliceOfN(word, 0, 5).Draw(t, "put")...)
			}
			out[n] = Side{Who: fmt.Sprintf("P%d", n), Text: strings.Join(mine, " ")}
		}
		return out
	})
}

func TestBracketProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drafts().Draw(t, "drafts")
		base := rapid.SampledFrom([]string{"", list[0].Text, "the Parties shall report."}).Draw(t, "base")
		segments := Bracket(base, list)
		bracketsHold(t, list, segments)
		plain := FormatBrackets(segments)
		if opens, closes := bare(plain, '['), bare(plain, ']'); opens != closes || opens != Brackets(segments) {
			t.Fatalf("%d brackets open, %d close, %d are counted: %s", opens, closes, Brackets(segments), plain)
		}
		if again, problems := ParseBrackets(plain); len(problems) > 0 || TallyOf(again).Brackets != Brackets(segments) || computed(again) != computed(NodesOf(segments)) {
			t.Fatalf("%s is read as %s: %v", plain, sketch(again), problems)
		}
		if again := FormatBrackets(Bracket(base, list)); again != plain {
			t.Fatalf("the same sides give %q and %q", plain, again)
		}
	})
}

// computed counts the brackets in nodes that say whose they are.
func computed(nodes []Node) int {
	n := 0
	for _, x := range nodes {
		if len(x.Who) > 0 {
			n++
		}
		n += computed(x.Nodes)
	}
	return n
}

// bare counts the c in s that have no backslash before them.
func bare(s string, c byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case c:
			n++
		}
	}
	return n
}

func FuzzBracket(f *testing.F) {
	f.Add("", assessUS, assessIL, "")
	f.Add(assessUS, assessIL, "within", assessUS)
	f.Add("a b c", "a (b c", "a b) c", "a [x] \\ c")
	f.Add("", "א ב ג", "א ד ג", "\xff\n\n \u0301")
	f.Fuzz(func(t *testing.T, base, a, b, c string) {
		list := sides("US", a, "IL", b, "AU", c)
		segments := Bracket(base, list)
		bracketsHold(t, list, segments)
		if FormatBrackets(segments) == "" && a+b+c != "" {
			t.Fatalf("%q is shown as nothing", list)
		}
	})
}
