package national

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/party"
	"entente/text"
)

func TestEditsKeepTheEarlierOnes(t *testing.T) {
	k := &kept{}
	m := open(t, k)
	first := write(t, m, reyes, Entry{Field: Instruction, Element: "A-1", Body: Body{Words: en("Hold firm.")}})
	second := write(t, m, moore, Entry{Number: first.Number, Field: Instruction, Element: "A-1", Body: Body{Words: en("Hold firm until noon.")}})
	ended := write(t, m, reyes, Entry{Number: first.Number, Element: "A-1", Ended: true})
	if second.Revision != 2 || second.By != "k.moore" || ended.Revision != 3 || ended.Words[0].Text != "Hold firm until noon." {
		t.Fatalf("%+v %+v", second, ended)
	}
	for _, m := range []*Margins{m, open(t, k)} {
		v := m.View(here, "A-1", nil)
		if len(v.Instructions) != 0 || len(v.Ended) != 1 || len(v.Ended[0].Earlier) != 2 || v.Ended[0].Earlier[0].Words[0].Text != "Hold firm." || v.Ended[0].Earlier[0].By != "d.reyes" {
			t.Fatalf("%+v", v)
		}
	}
	if _, err := m.Write(t.Context(), here, reyes, noon, Entry{Number: first.Number, Element: "A-1", Body: Body{Words: en("Again")}}); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Fatalf("%v", err)
	}
}

func TestTheGroupsOwnStandsBesideEachElement(t *testing.T) {
	m := open(t, &kept{})
	write(t, m, reyes, Entry{Field: Instruction, Body: Body{Words: en("For all.")}})
	write(t, m, reyes, Entry{Field: Instruction, Element: "A-1", Body: Body{Words: en("For one.")}})
	for ref, want := range map[act.Ref]int{"": 1, "A-1": 2, "A-2": 1} {
		if v := m.View(here, ref, nil); len(v.Instructions) != want {
			t.Errorf("%q: %+v", ref, v.Instructions)
		}
	}
	if v := m.View(there, "A-1", nil); len(v.Instructions) != 0 {
		t.Errorf("another group: %+v", v)
	}
	if got := m.Elements(here); fmt.Sprint(got) != "[A-1]" {
		t.Errorf("%v", got)
	}
}

func TestRedLinesAreCheckedAgainstWhatIsOnTheTable(t *testing.T) {
	m := open(t, &kept{})
	e := write(t, m, reyes, Entry{Field: RedLines, Element: "A-1", Body: Body{Words: en("Never more than a month."), Line: &RedLine{Kind: InRange, Units: []string{"days"}, Max: "30"}}})
	said := []Said{{What: "text", Party: "US", Texts: en("within 30 days")}, {What: "text", Party: "IL", Revision: act.Hash{7}, Texts: en("within 60 days")}}
	v := m.View(here, "A-1", said)
	if len(v.Crossings) != 1 || v.Crossings[0].Number != e.Number || v.Crossings[0].Party != "IL" || v.Crossings[0].Says[0].Text != "Never more than a month." || v.Crossings[0].Lang != "en" || v.Crossings[0].At != 7 {
		t.Fatalf("%+v", v.Crossings)
	}
	if got := m.Crossings(here, "A-2", said); len(got) != 0 {
		t.Fatalf("another element: %+v", got)
	}
}

func TestEntriesThatAreRefused(t *testing.T) {
	m := open(t, &kept{})
	note := write(t, m, moore, Entry{Field: Note, Element: "A-1", Body: Body{Words: en("A thought.")}})
	line := write(t, m, moore, Entry{Field: NeverSay, Body: Body{Words: en("Lantern")}})
	need := write(t, m, chief, Entry{Field: Clearance, Element: "A-1", Body: Body{Person: "k.moore"}})
	for _, c := range []struct {
		name string
		e    Entry
	}{
		{"nothing", Entry{}},
		{"no field", Entry{Field: "diary", Body: Body{Words: en("x")}}},
		{"no words", Entry{Field: Instruction}},
		{"a language of nowhere", Entry{Field: Note, Body: Body{Words: text.Texts{{Lang: "xx", Text: "x"}}}}},
		{"a hidden character", Entry{Field: Note, Body: Body{Words: en("a\u202eb")}}},
		{"too long", Entry{Field: Note, Body: Body{Words: en(strings.Repeat("x", MaxWords+1))}}},
		{"a long phrase", Entry{Field: NeverSay, Body: Body{Words: en(strings.Repeat("x", MaxPhrase+1))}}},
		{"a phrase without words", Entry{Field: NeverSay, Body: Body{Words: en("…")}}},
		{"no such element", Entry{Field: Note, Element: "A1", Body: Body{Words: en("x")}}},
		{"a red line that is none", Entry{Field: RedLines, Body: Body{Words: en("x")}}},
		{"a clearance of nobody", Entry{Field: Clearance, Element: "A-1"}},
		{"a clearance of two", Entry{Field: Clearance, Element: "A-1", Body: Body{Person: "d.reyes", Role: "minister"}}},
		{"a bracket for no reason", Entry{Field: Bracket, Element: "A-1", Body: Body{Words: en("x")}}},
		{"a reason that is none", Entry{Field: Bracket, Element: "A-1", Body: Body{Reason: "spite"}}},
		{"a note with a red line", Entry{Field: Note, Body: Body{Words: en("x"), Line: &RedLine{Kind: InRange, Position: 1, Max: "1"}}}},
		{"an instruction of somebody", Entry{Field: Instruction, Body: Body{Words: en("x"), Person: "d.reyes"}}},
		{"an officer named by anybody", Entry{Field: Officer, Body: Body{Person: "d.reyes"}}},
		{"the end of nothing", Entry{Field: Note, Ended: true, Body: Body{Words: en("x")}}},
		{"a number of nowhere", Entry{Number: 77, Field: Note, Element: "A-1", Body: Body{Words: en("x")}}},
		{"another's note", Entry{Number: note.Number, Field: Note, Element: "A-1", Body: Body{Words: en("x")}}},
		{"another field", Entry{Number: note.Number, Field: Fallback, Element: "A-1", Body: Body{Words: en("x")}}},
		{"another element", Entry{Number: note.Number, Field: Note, Element: "A-2", Body: Body{Words: en("x")}}},
		{"another's phrase", Entry{Number: line.Number, Ended: true}},
		{"another's clearance", Entry{Number: need.Number, Element: "A-1", Ended: true}},
		{"a clearance that is changed", Entry{Number: need.Number, Element: "A-1", Body: Body{Person: "d.reyes"}}},
	} {
		var refused *Refused
		if _, err := m.Write(t.Context(), here, reyes, noon, c.e); !errors.As(err, &refused) || !strings.Contains(err.Error(), "Nothing was written") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := len(m.group[here].kept); n != 3 {
		t.Errorf("%d entries were kept", n)
	}
}

func TestBoundsOfTheMargin(t *testing.T) {
	m := open(t, &kept{})
	for range MaxNeeds {
		write(t, m, chief, Entry{Field: Clearance, Element: "A-1", Body: Body{Person: "k.moore"}})
	}
	if _, err := m.Write(t.Context(), here, chief, noon, Entry{Field: Clearance, Element: "A-1", Body: Body{Person: "k.moore"}}); err == nil {
		t.Error("clearances without end")
	}
	e := write(t, m, chief, Entry{Field: Note, Body: Body{Words: en("x")}})
	for range MaxRevisions - 1 {
		e = write(t, m, chief, Entry{Number: e.Number, Body: Body{Words: en("x")}})
	}
	if _, err := m.Write(t.Context(), here, chief, noon, Entry{Number: e.Number, Body: Body{Words: en("x")}}); err == nil {
		t.Error("revisions without end")
	}
	m.group[here].bytes = MaxGroupWords
	if _, err := m.Write(t.Context(), here, chief, noon, Entry{Field: Note, Body: Body{Words: en("x")}}); err == nil {
		t.Error("words without end")
	}
}

// TestWhatIsNotStoredIsNotThere: a store that fails leaves the margin as it was.
func TestWhatIsNotStoredIsNotThere(t *testing.T) {
	k := &kept{}
	m := open(t, k)
	k.fail = errors.New("no disk")
	if _, err := m.Write(t.Context(), here, reyes, noon, Entry{Field: Note, Body: Body{Words: en("x")}}); !errors.Is(err, k.fail) {
		t.Fatalf("%v", err)
	}
	k.fail = nil
	if e := write(t, m, reyes, Entry{Field: Note, Body: Body{Words: en("y")}}); e.Number != 1 || len(m.View(here, "", nil).Notes) != 1 {
		t.Fatalf("%+v", e)
	}
}

func TestAStoreThatLostARowIsNotBelieved(t *testing.T) {
	k := &kept{}
	m := open(t, k)
	write(t, m, reyes, Entry{Field: Note, Body: Body{Words: en("x")}})
	write(t, m, reyes, Entry{Field: Note, Body: Body{Words: en("y")}})
	k.rows, k.of = k.rows[1:], k.of[1:]
	if _, err := Open(context.Background(), k); err == nil {
		t.Fatal("it was opened")
	}
}

func TestBodiesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Body{Words: en(rapid.StringMatching(`[a-z<&> ]{1,20}`).Draw(t, "words")), Role: rapid.StringMatching(`[a-z]{0,8}`).Draw(t, "role"),
			Person: party.Person(rapid.SampledFrom([]string{"", "d.reyes"}).Draw(t, "person")), For: rapid.Uint64().Draw(t, "for"),
			Draft: act.Hash{rapid.Byte().Draw(t, "draft")}}
		if rapid.Bool().Draw(t, "line") {
			b.Line = &RedLine{Kind: MustNot, Phrase: en("x"), Langs: []text.Lang{"he"}}
		}
		got, err := ParseBody(FormatBody(b))
		if err != nil || !reflect.DeepEqual(got, b) {
			t.Fatalf("%+v came back as %+v: %v", b, got, err)
		}
	})
}

func FuzzParseBody(f *testing.F) {
	f.Add([]byte(`{"words":[{"lang":"en","text":"x"}]}`))
	f.Add([]byte(`{"line":{"kind":"rule","rule":"true"},"for":3}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := ParseBody(raw)
		if err == nil && string(FormatBody(b)) != string(raw) {
			t.Fatal("what parses does not come back")
		}
	})
}
