package national

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"entente/act"
	"entente/marking"
	"entente/text"
)

// kept is a store in memory that a test can look into, and break.
type kept struct {
	rows []Entry
	of   []act.Hash
	fail error
}

func (k *kept) Add(_ context.Context, group act.Hash, e Entry) error {
	if k.fail != nil {
		return k.fail
	}
	body, err := ParseBody(FormatBody(e.Body))
	if err != nil {
		return err
	}
	e.Body = body
	k.rows, k.of = append(k.rows, e), append(k.of, group)
	return nil
}

func (k *kept) Each(_ context.Context, take func(act.Hash, Entry) error) error {
	at := make([]int, len(k.rows))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return int(k.rows[a].Number) - int(k.rows[b].Number) })
	for _, i := range at {
		if err := take(k.of[i], k.rows[i]); err != nil {
			return err
		}
	}
	return nil
}

var (
	here   = act.Hash{1}
	there  = act.Hash{2}
	noon   = time.Date(2017, 12, 12, 12, 0, 0, 0, time.UTC)
	reyes  = Hand{Person: "d.reyes", Roles: []string{"Planner"}}
	moore  = Hand{Person: "k.moore", Roles: []string{"Legal adviser", "יועץ משפטי"}}
	chief  = Hand{Person: "h.chief", Steward: true}
	all    = func(act.Hash) bool { return true }
	nobody = func(act.Hash) bool { return false }
)

func open(t testing.TB, k *kept) *Margins {
	t.Helper()
	m, err := Open(context.Background(), k)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func write(t testing.TB, m *Margins, h Hand, e Entry) Entry {
	t.Helper()
	out, err := m.Write(context.Background(), here, h, noon, e)
	if err != nil {
		t.Fatalf("%+v: %v", e, err)
	}
	return out
}

func draft(words string) Draft {
	return Draft{Group: here, Element: "A-1", Tables: true, Said: []Said{{What: "text", Texts: en(words)}},
		Ceiling: marking.New(marking.Amber), Self: "US"}
}

func TestTheGuardHolds(t *testing.T) {
	m := open(t, &kept{})
	write(t, m, reyes, Entry{Field: Fallback, Element: "A-1", Body: Body{Words: en("If pressed, settle for twenty-one days and a joint inspection.")}})
	write(t, m, reyes, Entry{Field: Instruction, Element: "A-1", Body: Body{Words: text.Texts{{Lang: "he", Text: "אין להסכים לבדיקה משותפת לפני סוף השנה"}}}})
	write(t, m, reyes, Entry{Field: NeverSay, Body: Body{Words: en("Project Lantern")}})
	write(t, m, reyes, Entry{Field: Drafted, Element: "A-1", Body: Body{Words: en("The Parties shall exchange data at the end of every month."), Draft: act.Hash{9}}})
	for _, c := range []struct {
		name, words, says string
	}{
		{"words that stand in a fallback", "We could settle for TWENTY ONE days, and a joint visit.", "settle for TWENTY ONE days, and a joint"},
		{"with other signs between them", "Settle — for “twenty-one” days (and) a …", "twenty-one"},
		{"in another language", "הצד השני אמר: אין להסכים לבדיקה משותפת לפני כן", "אין להסכים"},
		{"a phrase that is never said", "It concerns project lantern.", "project lantern"},
		{"a phrase with accents", "Projéct Lantern", "never-say"},
		{"a marking in the words", "This is TLP:RED.", "marking"},
		{"a narrower one", "TLP:AMBER+STRICT and so on", "AMBER+STRICT"},
		{"words for one party alone", "This is US only.", "US only"},
		{"four words of it", "settle for twenty days and a joint visit", ""},
		{"the group's own marking", "This is TLP:AMBER, or TLP:GREEN.", ""},
		{"other words for us", "It gives us only what we need.", ""},
		{"a draft's words, which are meant to go out", "The Parties shall exchange data at the end of every month.", ""},
		{"short words that are common", "if it is to be so", ""},
	} {
		err := m.Guard(draft(c.words), all)
		var held *Held
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.says != "" && (!errors.As(err, &held) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "Nothing was sent")):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestTheGuardKnowsWhatTheOthersHave(t *testing.T) {
	m := open(t, &kept{})
	write(t, m, reyes, Entry{Field: Note, Element: "A-1", Body: Body{Words: en("Israel says: the Parties shall exchange data within thirty days of a request; too long.")}})
	d := draft("The Parties shall exchange data within thirty days of a request.")
	if err := m.Guard(d, all); err == nil {
		t.Fatal("words of the margin went out")
	}
	d.Known = func() []text.Texts {
		return []text.Texts{en("The Parties shall exchange data within thirty days of a request.")}
	}
	if err := m.Guard(d, all); err != nil {
		t.Fatalf("words that the group has: %v", err)
	}
	d.Said[0].Texts = en("The Parties shall exchange data within thirty days of a request; too long.")
	if err := m.Guard(d, all); err == nil {
		t.Fatal("and words that it has not")
	}
}

// TestWhoIsNotSeatedIsToldNothing: words of another group's margin are held, and nothing is told of it.
func TestWhoIsNotSeatedIsToldNothing(t *testing.T) {
	m := open(t, &kept{})
	write(t, m, reyes, Entry{Field: Fallback, Element: "A-1", Body: Body{Words: en("If pressed, settle for twenty-one days.")}})
	d := draft("If pressed settle for twenty-one days.")
	d.Group = there
	for _, seated := range []func(act.Hash) bool{nobody, all} {
		var held *Held
		if err := m.Guard(d, seated); !errors.As(err, &held) {
			t.Fatalf("%v", err)
		}
		told := strings.Contains(held.Why, "A 1") || strings.Contains(held.Why, "fallback") || len(held.Hits) > 0
		if told != seated(here) {
			t.Errorf("%+v", held)
		}
	}
}

func TestAReleaseLetsOneTextOutOnce(t *testing.T) {
	k := &kept{}
	m := open(t, k)
	write(t, m, reyes, Entry{Field: Fallback, Element: "A-1", Body: Body{Words: en("If pressed, settle for twenty-one days.")}})
	d := draft("If pressed settle for twenty-one days.")
	release := Entry{Field: Released, Element: "A-1", Body: Body{Words: en("The minister agreed by telephone."), Draft: d.Digest()}}
	if _, err := m.Write(t.Context(), here, reyes, noon, release); err == nil {
		t.Fatal("anybody releases")
	}
	write(t, m, chief, Entry{Field: Officer, Body: Body{Person: "d.reyes"}})
	if _, err := m.Write(t.Context(), here, reyes, noon, Entry{Field: Released, Element: "A-1", Body: Body{Draft: d.Digest()}}); err == nil {
		t.Fatal("without a reason")
	}
	write(t, m, reyes, release)
	other := draft("If pressed, settle for twenty-one days.") // a comma more
	if m.Guard(d, all) != nil || m.Guard(other, all) == nil {
		t.Fatal("not that text, or not only that text")
	}
	if err := m.Sent(t.Context(), d, "d.reyes", noon); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*Margins{m, open(t, k)} { // and it is kept
		if err := m.Guard(d, all); err == nil {
			t.Fatal("twice")
		}
		if v := m.View(here, "A-1", nil); len(v.Releases) != 0 || len(v.Ended) != 1 || len(v.Ended[0].Words) == 0 {
			t.Fatalf("the release is not on record: %+v", v.Ended)
		}
	}
}

func TestAClearanceIsOfOneExactText(t *testing.T) {
	m := open(t, &kept{})
	need := write(t, m, chief, Entry{Field: Clearance, Element: "A-1", Body: Body{Role: "legal adviser"}})
	every := write(t, m, chief, Entry{Field: Clearance, Body: Body{Person: "d.reyes"}})
	d := draft("The Parties shall meet.")
	var held *Held
	if err := m.Guard(d, all); !errors.As(err, &held) || fmt.Sprint(held.Missing) != "[d.reyes legal adviser]" {
		t.Fatalf("%v", err)
	}
	give := func(h Hand, n uint64, d Draft) error {
		_, err := m.Write(t.Context(), here, h, noon, Entry{Field: Cleared, Element: "A-1", Body: Body{For: n, Draft: d.Digest()}})
		return err
	}
	if give(reyes, need.Number, d) == nil || give(moore, every.Number, d) == nil || give(moore, 99, d) == nil {
		t.Fatal("somebody else clears")
	}
	write(t, m, reyes, Entry{Field: Drafted, Element: "A-1", Body: Body{Words: d.Said[0].Texts, Draft: d.Digest()}})
	if err := errors.Join(give(moore, need.Number, d), give(reyes, every.Number, d)); err != nil {
		t.Fatal(err)
	}
	if err := m.Guard(d, all); err != nil {
		t.Fatal(err)
	}
	changed := draft("The Parties may meet.")
	if err := m.Guard(changed, all); err == nil {
		t.Fatal("another text")
	}
	remark := d
	remark.Tables = false
	if err := m.Guard(remark, all); err != nil {
		t.Fatalf("a remark needs no clearance: %v", err)
	}
	if v := m.View(here, "A-1", nil); len(v.Clearances) != 2 || v.Clearances[0].Given == nil || v.Clearances[1].Given == nil {
		t.Fatalf("%+v", v.Clearances)
	}
	e, _ := m.Draft(here, "A-1")
	write(t, m, moore, Entry{Number: e.Number, Field: Drafted, Element: "A-1", Body: Body{Words: changed.Said[0].Texts, Draft: changed.Digest()}})
	if v := m.View(here, "A-1", nil); v.Clearances[0].Given != nil || len(v.Clearances[0].Lapsed) != 1 || len(v.Drafts) != 1 || len(v.Drafts[0].Earlier) != 1 {
		t.Fatalf("the clearance has not lapsed: %+v", v.Clearances)
	}
}

// TestNothingSlipsThrough: whatever stands around a run of the margin, and however it is set, is held.
func TestNothingSlipsThrough(t *testing.T) {
	vocabulary := []string{"inspection", "thirty", "days", "plant", "settle", "שלושים", "ימים", "Lantern", "étage", "ٱلمراقبة"}
	rapid.Check(t, func(t *rapid.T) {
		pick := rapid.SliceOfN(rapid.SampledFrom(vocabulary), RunWords+3, 30).Draw(t, "margin")
		m, err := Open(context.Background(), &kept{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write(context.Background(), here, reyes, noon, Entry{Field: Note, Element: "A-1", Body: Body{Words: en(strings.Join(pick, " "))}}); err != nil {
			t.Fatal(err)
		}
		from := rapid.IntRange(0, len(pick)-RunWords-3).Draw(t, "from")
		taken := pick[from : from+RunWords+3]
		between := rapid.SampledFrom([]string{" ", ", ", "\n", " — ", "-"}).Draw(t, "between")
		words := rapid.SampledFrom([]string{"", "Quite another matter. "}).Draw(t, "before") + strings.ToUpper(strings.Join(taken, between)) + rapid.SampledFrom([]string{"", " And so on."}).Draw(t, "after")
		if err := m.Guard(draft(words), all); err == nil {
			t.Fatalf("%q went out although %q is kept", words, pick)
		}
	})
}
