package proof

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"entente/act"
	"entente/party"
)

func TestWholeProof(t *testing.T) {
	w, about := treaty(t, 2, 3)
	b := written(t, w.file(about))
	r := examined(b, w.cards...)
	if !r.Valid || r.Failed != 0 || r.Skipped != 0 {
		t.Fatalf("not valid: %+v", r)
	}
	if r.Answer != "Yes. Both parties adopted exactly this text." || r.Number != Number(about.Revision).String() {
		t.Errorf("answer %q, number %q", r.Answer, r.Number)
	}
	if d := r.Document; d.Paragraphs != 3 || len(d.Texts) != 2 || d.Texts[1].Text == "" || d.Texts[1].Dir != "rtl" {
		t.Errorf("document %+v", d)
	}
	for i, s := range r.Signatories {
		if s.Person != "d.reyes" || s.Named == nil || s.Named.Index != 1 || s.Confirmed.At == 0 {
			t.Errorf("signatory %d: %+v", i, s)
		}
	}
	if r.Signatories[0].Act != "table" || r.Signatories[1].Act != "accept" {
		t.Errorf("acts %q and %q", r.Signatories[0].Act, r.Signatories[1].Act)
	}
	t.Log(r.Tally())
	for _, c := range r.Checks {
		t.Logf("%-13s %-8s %s %s", c.Name, c.Result, c.Sentence, c.Detail)
	}
}

func TestReadIsTheInverseOfWrite(t *testing.T) {
	w, about := treaty(t, 3, 2)
	for _, f := range []File{w.file(about), w.file(Subject{})} {
		b := written(t, f)
		g, err := Read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(written(t, g), b) {
			t.Error("written again, the file is not the same")
		}
		if g.bytes != int64(len(b)) || g.Entries() != f.Entries() || g.About != f.About {
			t.Errorf("read %d bytes, %d entries", g.bytes, g.Entries())
		}
	}
}

func TestReportIsTheSameEveryTime(t *testing.T) {
	w, about := treaty(t, 2, 2)
	b := written(t, w.file(about))
	first, second := examined(b, w.cards...), examined(b, w.cards...)
	if !reflect.DeepEqual(first, second) {
		t.Error("two reports of one file differ")
	}
	if _, err := json.Marshal(first); err != nil {
		t.Error(err)
	}
}

func TestKeys(t *testing.T) {
	w, about := treaty(t, 2, 1)
	b := written(t, w.file(about))
	other := keysOf(t, 50)
	false1 := other.Card("IL", w.cards[1].Names, w.cards[1].Languages, "")
	stranger := other.Card("EG", w.cards[1].Names, w.cards[1].Languages, "")
	for name, tc := range map[string]struct {
		cards []party.Card
		want  Result
		valid bool
	}{
		"none":        {nil, Skipped, true},
		"one":         {w.cards[:1], Skipped, true},
		"all":         {w.cards, OK, true},
		"a stranger":  {append([]party.Card{stranger}, w.cards...), OK, true},
		"a false one": {[]party.Card{w.cards[0], false1}, Failed, false},
	} {
		r := examined(b, tc.cards...)
		if c := result(r, CheckKeys); c.Result != tc.want || r.Valid != tc.valid {
			t.Errorf("%s: %s %s, valid %t", name, c.Result, c.Detail, r.Valid)
		}
	}
}

func TestWholePlan(t *testing.T) {
	w, _ := treaty(t, 2, 2)
	r := examined(written(t, w.file(Subject{})), w.cards...)
	if !r.Valid || r.Document != nil || r.Number == "" || r.Plan.Elements != 2 {
		t.Errorf("%+v", r)
	}
	w.agree("G-9", goal("More.", "עוד."))
	if again := examined(written(t, w.file(Subject{})), w.cards...); again.Number == r.Number {
		t.Error("a longer plan has the same number")
	}
}

func TestAmended(t *testing.T) {
	w, about := treaty(t, 2, 2)
	w.say(1, "d.reyes", act.Remark{Element: "G-1", Sort: act.Reservation, Text: both("Without prejudice.", "ללא פגיעה.")})
	w.agree("G-2", goal("The Parties shall meet often.", "הצדדים ייפגשו לעתים קרובות."))
	r := examined(written(t, w.file(about)), w.cards...)
	if !r.Valid || len(r.Amendments) != 1 || r.Amendments[0].Paragraph != 2 || r.Answer != "Yes. Both parties adopted exactly this text. It has been amended since." {
		t.Errorf("%v %+v", r.Answer, r.Amendments)
	}
	if len(r.Reservations) != 1 || r.Reservations[0].Party != "IL" || r.Reservations[0].Paragraph != 1 {
		t.Errorf("%+v", r.Reservations)
	}
	next := w.instrument("D-1")
	r = examined(written(t, w.file(about)), w.cards...)
	if len(r.Amendments) != 2 || r.Amendments[0].Element != "D-1" || r.Amendments[0].Paragraph != 0 {
		t.Errorf("%+v", r.Amendments)
	}
	if r = examined(written(t, w.file(next)), w.cards...); !r.Valid || len(r.Amendments) != 0 || r.Document.Count != 2 {
		t.Errorf("%+v", r)
	}
}

func TestEpochs(t *testing.T) {
	w, about := treaty(t, 2, 1)
	old := w.books[1][0]
	root, _ := old.Root(old.Size())
	w.begin(1)
	w.say(1, "", act.Resume{Epoch: 0, Size: old.Size(), Root: root})
	w.agree("G-2", goal("Afterwards.", "אחר כך."))
	b := written(t, w.file(about))
	if r := examined(b, w.cards...); !r.Valid || r.Skipped != 0 {
		t.Fatalf("%+v", r.Checks)
	}
	f := w.file(about) // an epoch that ended elsewhere than it says
	cut := ledgerOf(w, 1, old.Size()-1)
	f.Logs[1] = cut
	if c := result(examined(written(t, f), w.cards...), CheckEpochs); c.Result != Failed || c.Where[0].Party != "IL" {
		t.Errorf("%+v", c)
	}
}

func TestNotAdopted(t *testing.T) {
	w := newWorld(t, 3)
	w.agree("G-1", goal("Text.", "טקסט."))
	c, err := w.state.Instrument()
	if err != nil {
		t.Fatal(err)
	}
	id := w.say(0, "d.reyes", act.Table{Element: "D-1", Content: c})
	w.say(1, "d.reyes", act.Accept{Element: "D-1", Revision: id})
	r := examined(written(t, w.file(Subject{"D-1", id})), w.cards...)
	if got := result(r, CheckAdopted); got.Result != Failed || r.Valid || r.Number != "" {
		t.Errorf("%+v", got)
	}
	goalID := w.state.Element("G-1").InForce().ID
	for name, about := range map[string]Subject{"no such revision": {"D-1", act.Hash{1}}, "no document": {"G-1", goalID}, "another element's": {"D-1", goalID}} {
		if got := result(examined(written(t, w.file(about)), w.cards...), CheckAdopted); got.Result != Failed {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWrongDigest(t *testing.T) {
	w := newWorld(t, 2)
	w.agree("G-1", goal("The Parties should meet.", "הצדדים ייפגשו."))
	c, err := w.state.Instrument()
	if err != nil {
		t.Fatal(err)
	}
	c.Digests[1].Sum[0]++
	r := examined(written(t, w.file(Subject{"D-1", w.agree("D-1", c)})), w.cards...)
	if got := result(r, CheckText); r.Valid || got.Result != Failed || got.Where[0].Lang != "he" {
		t.Errorf("%+v", got)
	}
}

// One party's word cannot spoil what all have adopted before.
func TestNobodySpoilsAProof(t *testing.T) {
	t.Run("a void entry", func(t *testing.T) {
		w, about := treaty(t, 2, 1)
		w.say(1, "d.reyes", act.Confirm{Element: "D-1", Revision: about.Revision})
		r := examined(written(t, w.file(about)), w.cards...)
		if c := result(r, CheckRule); !r.Valid || c.Result != OK || len(c.Where) != 1 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("a false root", func(t *testing.T) {
		w, about := treaty(t, 2, 1)
		w.claim(1, act.Seen{Party: 0, Size: 3, Root: act.Hash{5}})
		r := examined(written(t, w.file(about)), w.cards...)
		if c := result(r, CheckRule); !r.Valid || c.Result != Skipped {
			t.Errorf("%+v", c)
		}
	})
	t.Run("what is not here", func(t *testing.T) {
		w, about := treaty(t, 2, 1)
		w.claim(1, act.Seen{Party: 0, Size: 3000, Root: act.Hash{5}})
		r := examined(written(t, w.file(about)), w.cards...)
		if c := result(r, CheckRule); !r.Valid || c.Result != Skipped {
			t.Errorf("%+v", c)
		}
	})
	t.Run("no act at all", func(t *testing.T) {
		w, about := treaty(t, 2, 1)
		w.books[1][0].Append([]byte("garbage"))
		r := examined(written(t, w.file(about)), w.cards...)
		if c := result(r, CheckRule); !r.Valid || c.Result != OK || len(c.Where) != 1 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("somebody not named", func(t *testing.T) {
		w := newWorld(t, 2)
		w.agree("G-1", goal("Text.", "טקסט."))
		c, err := w.state.Instrument()
		if err != nil {
			t.Fatal(err)
		}
		id := w.say(0, "d.reyes", act.Table{Element: "D-1", Content: c})
		w.say(1, "x.nobody", act.Accept{Element: "D-1", Revision: id})
		w.say(0, "", act.Confirm{Element: "D-1", Revision: id})
		r := examined(written(t, w.file(Subject{"D-1", id})), w.cards...)
		if c := result(r, CheckPersons); !r.Valid || c.Result != Skipped || r.Signatories[1].Named != nil {
			t.Errorf("%+v", c)
		}
	})
}
