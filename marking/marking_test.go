package marking

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/party"
)

var few = []party.Code{"AU", "IL", "UK", "US"}

// labels draws every kind of label, that of nobody included.
func labels() *rapid.Generator[Label] {
	return rapid.Custom(func(t *rapid.T) Label {
		l := Label{TLP: rapid.SampledFrom(All()).Draw(t, "level")}
		if rapid.Bool().Draw(t, "listed") {
			l.Releasable = []party.Code{}
			for _, c := range few {
				if rapid.Bool().Draw(t, string(c)) {
					l.Releasable = append(l.Releasable, c)
				}
			}
		}
		return l
	})
}

func TestLattice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := labels().Draw(t, "a"), labels().Draw(t, "b"), labels().Draw(t, "c")
		j := Join(a, b)
		law := func(ok bool, what string) {
			if !ok {
				t.Fatalf("not %s: a=%s b=%s c=%s", what, a, b, c)
			}
		}
		law(a.Dominates(a), "reflexive")
		law(!a.Dominates(b) || !b.Dominates(a) || a.Equal(b), "antisymmetric")
		law(!a.Dominates(b) || !b.Dominates(c) || a.Dominates(c), "transitive")
		law(a.Dominates(Label{}), "bounded below by the zero label")
		law(j.Dominates(a) && j.Dominates(b), "an upper bound")
		law(!c.Dominates(a) || !c.Dominates(b) || c.Dominates(j), "the least upper bound")
		law(Join(a, a).Equal(a), "idempotent")
		law(j.Equal(Join(b, a)), "commutative")
		law(Join(j, c).Equal(Join(a, Join(b, c))), "associative")
		law(Join(a, Label{}).Equal(a), "with a neutral element")
		law(a.Dominates(b) == Join(a, b).Equal(a), "consistent")
		for _, p := range few {
			law(j.ReleasableTo(p) == (a.ReleasableTo(p) && b.ReleasableTo(p)), "releasing to whom both release")
			law(!a.Dominates(b) || !a.ReleasableTo(p) || b.ReleasableTo(p), "monotone")
		}
	})
}

func TestJoinSharesNothing(t *testing.T) {
	a := New(Amber, "US", "IL")
	j := Join(a, Label{})
	j.Releasable[0] = "XX"
	k := Join(Label{}, a)
	k.Releasable[0] = "XX"
	if !a.Equal(New(Amber, "IL", "US")) {
		t.Errorf("changing a join changed its part to %s", a)
	}
}

func TestFormatAndParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := labels().Draw(t, "label")
		back, err := Parse(l.String())
		if (err == nil) != (l.Check() == nil) {
			t.Fatalf("%s: Check says %v, Parse says %v", l, l.Check(), err)
		}
		if err == nil && !back.Equal(l) {
			t.Fatalf("%s came back as %s", l, back)
		}
	})
}

func TestString(t *testing.T) {
	for want, l := range map[string]Label{
		"TLP:CLEAR":                   {},
		"TLP:GREEN":                   New(Green),
		"TLP:AMBER REL IL":            New(Amber, "IL"),
		"TLP:AMBER+STRICT REL IL, US": New(AmberStrict, "US", "IL", "US"),
		"TLP:RED REL nobody":          Join(New(Red, "US"), New(Clear, "IL")),
	} {
		if l.String() != want {
			t.Errorf("%+v is written %q, want %q", l, l, want)
		}
	}
}

func TestParseRefusals(t *testing.T) {
	var many []string
	for i := range MaxReleasable + 1 {
		many = append(many, "A"+string(rune('A'+i/26))+string(rune('A'+i%26)))
	}
	for _, s := range []string{
		"", "AMBER", "TLP:amber", "tlp:AMBER", "TLP:WHITE", "TLP:AMBER STRICT", "TLP: AMBER", "TLP:AMBER ", " TLP:AMBER", "TLP:5",
		"TLP:AMBER REL", "TLP:AMBER REL ", "TLP:AMBER REL us", "TLP:AMBER REL US,IL", "TLP:AMBER REL US, IL", "TLP:AMBER REL IL, IL",
		"TLP:AMBER REL IL, US ", "TLP:AMBER REL IL, US, ", "TLP:AMBER  REL IL", "TLP:RED REL nobody", "TLP:RED REL US REL US",
		"TLP:RED REL " + strings.Join(many, ", "), strings.Repeat("T", 1<<20),
	} {
		if l, err := Parse(s); err == nil {
			t.Errorf("Parse(%.40q) = %s, want a refusal", s, l)
		} else if len(err.Error()) > 400 {
			t.Errorf("the refusal of %.40q has %d bytes", s, len(err.Error()))
		}
	}
	if _, err := Parse("TLP:RED REL " + strings.Join(many[:MaxReleasable], ", ")); err != nil {
		t.Errorf("a list of %d parties: %v", MaxReleasable, err)
	}
}

func TestCheck(t *testing.T) {
	for name, l := range map[string]Label{
		"an unknown level": {TLP: Red + 1},
		"nobody":           {Releasable: []party.Code{}},
		"out of order":     {Releasable: []party.Code{"US", "IL"}},
		"one twice":        {Releasable: []party.Code{"US", "US"}},
		"no code":          {Releasable: []party.Code{"us"}},
		"too many":         {Releasable: slices.Repeat([]party.Code{"US"}, MaxReleasable+1)},
	} {
		if l.Check() == nil {
			t.Errorf("%s: %s passes", name, l)
		}
	}
}

func TestNobodyIsNotEverybody(t *testing.T) {
	none := Join(New(Clear, "US"), New(Clear, "IL"))
	if none.ReleasableTo("US") || none.ReleasableTo("IL") || none.ReleasableTo("UK") {
		t.Error("a text under two labels with no party in common is released to somebody")
	}
	if none.Check() == nil {
		t.Error("a label of nobody may stand in a record")
	}
	if none.Equal(Label{}) || (Label{}).Dominates(none) {
		t.Error("a label of nobody is taken for one of everybody")
	}
}

func TestTLP(t *testing.T) {
	colours := map[TLP]string{Clear: "#FFFFFF", Green: "#33FF00", Amber: "#FFC000", AmberStrict: "#FFC000", Red: "#FF2B2B"}
	for i, l := range All() {
		if int(l) != i {
			t.Errorf("%s is number %d", l, i)
		}
		if back, err := ParseTLP(l.String()); err != nil || back != l {
			t.Errorf("%s came back as %s, %v", l, back, err)
		}
		if l.Colour() != colours[l] {
			t.Errorf("%s is %s, want %s", l, l.Colour(), colours[l])
		}
	}
	if TLP(99).String() != "TLP:99" || TLP(99).Colour() != Red.Colour() {
		t.Errorf("an unknown level is %s in %s", TLP(99), TLP(99).Colour())
	}
}

func TestText(t *testing.T) {
	type page struct {
		Level TLP
		Label Label
	}
	in := page{AmberStrict, New(Red, "IL", "US")}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"Level":"TLP:AMBER+STRICT","Label":"TLP:RED REL IL, US"}` {
		t.Errorf("written %s, %v", b, err)
	}
	var out page
	if err := json.Unmarshal(b, &out); err != nil || out.Level != in.Level || !out.Label.Equal(in.Label) {
		t.Errorf("came back as %+v, %v", out, err)
	}
	for _, bad := range []string{`{"Level":"RED"}`, `{"Label":"RED"}`} {
		if json.Unmarshal([]byte(bad), &out) == nil || out.Level != in.Level || !out.Label.Equal(in.Label) {
			t.Errorf("%s was read, or changed what was there", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"TLP:CLEAR", "TLP:AMBER+STRICT REL IL, US", "TLP:RED REL nobody", "TLP:AMBER REL US, IL", " REL "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := Parse(s)
		if err != nil {
			return
		}
		if l.String() != s || l.Check() != nil {
			t.Fatalf("%q is written %q (%v)", s, l, l.Check())
		}
	})
}
