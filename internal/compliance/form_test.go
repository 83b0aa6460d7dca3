package compliance

import (
	"encoding/json"
	"errors"
	"testing"

	"entente/text"
)

func TestForms(t *testing.T) {
	water := text.Texts{{Lang: "en", Text: "Stock of heavy water"}}
	for _, c := range []struct {
		form             Form
		unit, rule, near string
		words            string
	}{
		{Form{Kind: FormAtMost, Quantity: "q", Value: "130", Near: "123.5"}, "t", "q.latest() <= 130.0", "q.latest() >= 123.5",
			"The stock of heavy water stays at or below 130 t. It is near its limit from 123.5 t."},
		{Form{Kind: FormBelow, Quantity: "q", Value: "0.5"}, "1", "q.latest() < 0.5", "", "The stock of heavy water stays below 0.5."},
		{Form{Kind: FormAtLeast, Quantity: "q", Value: "15", Near: "16"}, "L", "q.latest() >= 15.0", "q.latest() <= 16.0",
			"The stock of heavy water stays at or above 15 L. It is near its limit from 16 L down."},
		{Form{Kind: FormAbove, Quantity: "q", Value: "-3"}, "kg{U}", "q.latest() > -3.0", "", "The stock of heavy water stays above -3 kg U."},
		{Form{Kind: FormBetween, Quantity: "q", Value: "1", High: "5", NearLow: "2", Near: "4.5"}, "%", "q.latest() >= 1.0 && q.latest() <= 5.0", "q.latest() <= 2.0 || q.latest() >= 4.5",
			"The stock of heavy water stays between 1 and 5 %. It is near its limits from 4.5 % up and from 2 % down."},
		{Form{Kind: FormExactly, Quantity: "q", Value: "1"}, "1", "q.latest() == 1.0", "", "Stock of heavy water: the reading is 1."},
		{Form{Kind: FormNone, Quantity: "q"}, "1", "q.latest() == 0.0", "", "Stock of heavy water: none is observed."},
		{Form{Kind: FormScore, Quantity: "q", Value: "2"}, ScoreUnit, "q.latest() >= 2.0", "", "Stock of heavy water: scored at least 2 of 3 (intermediate)."},
		{Form{Kind: FormDone, Quantity: "q", By: "2016-01-16", NearDays: 16}, "1", `q.by(1.0, date("2016-01-16"))`, `now >= date("2015-12-31")`,
			"Stock of heavy water: done by 16 January 2016. It is near its day from 31 December 2015."},
		{Form{Kind: FormTarget, Quantity: "q", Value: "80", By: "2018-12-31"}, "%", `q.by(80.0, date("2018-12-31"))`, "", "The stock of heavy water comes up to 80 % by 31 December 2018."},
		{Form{Kind: FormTargetDown, Quantity: "q", Value: "5", By: "2018-12-31"}, "%", `q.down_by(5.0, date("2018-12-31"))`, "", "The stock of heavy water comes down to 5 % by 31 December 2018."},
		{Form{Kind: FormFollowed, Quantity: "q", Other: "notice", Days: 30}, "1", "q.each_followed(notice, 30)", "", "Stock of heavy water: each is followed by notice within 30 days."},
		{Form{Kind: FormFollowed, Quantity: "q", Other: "notice", Days: 1}, "1", "q.each_followed(notice, 1)", "", "Stock of heavy water: each is followed by notice within a day."},
		{Form{Kind: FormSumAtMost, Quantity: "q", Value: "20", Days: 365, Near: "19"}, "t", "q.sum(365) <= 20.0", "q.sum(365) >= 19.0",
			"Stock of heavy water: at most 20 t in all in any 365 days. It is near its limit from 19 t."},
		{Form{Kind: FormSumAtLeast, Quantity: "q", Value: "20", Days: 365}, "t", "q.sum(365) >= 20.0", "", "Stock of heavy water: at least 20 t in all in any 365 days."},
		{Form{Kind: FormCountAtMost, Quantity: "q", Value: "4", Days: 365}, "t", "q.count(365) <= 4.0", "", "Stock of heavy water: at most 4 readings in any 365 days."},
		{Form{Kind: FormCountAtLeast, Quantity: "q", Value: "4", Days: 365}, "t", "q.count(365) >= 4.0", "", "Stock of heavy water: at least 4 readings in any 365 days."},
		{Form{Kind: FormMaxAtMost, Quantity: "q", Value: "4", Days: 90}, "t", "q.max(90) <= 4.0", "", "The stock of heavy water stays at or below 4 t at every reading of the last 90 days."},
		{Form{Kind: FormMinAtLeast, Quantity: "q", Value: "4", Days: 90}, "t", "q.min(90) >= 4.0", "", "The stock of heavy water stays at or above 4 t at every reading of the last 90 days."},
	} {
		quantities := []Quantity{{"q", c.unit}, {"notice", "1"}}
		cel, err := c.form.Rule()
		if err != nil || cel != c.rule {
			t.Errorf("%v writes %s %v, want %s", c.form, cel, err, c.rule)
			continue
		}
		rule, err := Compile(cel, quantities)
		if err != nil || rule.Canonical() != cel {
			t.Fatalf("%s: %v", cel, err)
		}
		cel, err = c.form.NearRule()
		if err != nil || cel != c.near {
			t.Errorf("%v writes %s %v, want %s", c.form, cel, err, c.near)
		}
		var near *Rule
		if cel != "" {
			if near, err = CompileNear(cel, quantities); err != nil || near.Canonical() != cel {
				t.Fatalf("%s: %v", cel, err)
			}
		}
		if got, ok := rule.Shape(); !ok {
			t.Errorf("%s is not recognised", c.rule)
		} else if got, ok = got.WithNear(near); !ok || got != c.form {
			t.Errorf("%s is recognised as %v, want %v", c.rule, got, c.form)
		}
		if got := RuleWords(rule, near, water); got.English != c.words {
			t.Errorf("%s: %s\nwant: %s", c.rule, got.English, c.words)
		}
		var back Form
		if b, err := json.Marshal(c.form); err != nil || json.Unmarshal(b, &back) != nil || back != c.form {
			t.Errorf("%s came back as %v", b, back)
		}
	}
}

func TestFormsThatAreNone(t *testing.T) {
	ok := Form{Kind: FormAtMost, Quantity: "q", Value: "130"}
	with := func(change func(f *Form)) Form {
		f := ok
		change(&f)
		return f
	}
	for name, f := range map[string]Form{
		"no kind":             with(func(f *Form) { f.Kind = 0 }),
		"no quantity":         with(func(f *Form) { f.Quantity = "" }),
		"odd quantity":        with(func(f *Form) { f.Quantity = "Heavy water" }),
		"reserved":            with(func(f *Form) { f.Quantity = "now" }),
		"no value":            with(func(f *Form) { f.Value = "" }),
		"odd value":           with(func(f *Form) { f.Value = "1e3" }),
		"injection":           with(func(f *Form) { f.Value = "1 || true" }),
		"days":                with(func(f *Form) { f.Days = 3 }),
		"near above":          with(func(f *Form) { f.Near = "131" }),
		"near below":          with(func(f *Form) { f.Kind, f.Near = FormAtLeast, "129" }),
		"score":               with(func(f *Form) { f.Kind, f.Value = FormScore, "4" }),
		"half a score":        with(func(f *Form) { f.Kind, f.Value = FormScore, "1.5" }),
		"empty range":         with(func(f *Form) { f.Kind, f.High = FormBetween, "129" }),
		"no day":              with(func(f *Form) { f.Kind = FormTarget }),
		"a day that is none":  with(func(f *Form) { f.Kind, f.By = FormTarget, "2017-02-30" }),
		"before the calendar": with(func(f *Form) { f.Kind, f.By, f.NearDays = FormTarget, "1000-01-02", 9 }),
		"too many days":       with(func(f *Form) { f.Kind, f.Days = FormSumAtMost, 36_501 }),
		"no other":            {Kind: FormFollowed, Quantity: "q", Days: 3},
		"odd other":           {Kind: FormFollowed, Quantity: "q", Other: "q, 3) || (q", Days: 3},
		"near a none":         {Kind: FormNone, Quantity: "q", Near: "1"},
	} {
		var fault *Fault
		if rule, err := f.Rule(); !errors.As(err, &fault) {
			t.Errorf("%s: writes %s", name, rule)
		}
		if rule, err := f.NearRule(); err == nil {
			t.Errorf("%s: is near at %s", name, rule)
		}
	}
	for _, rule := range []string{"level.latest() != 0", "level.latest() + 1 <= 2", "level.age() <= 3", "level.latest() <= 1 && score.latest() <= 2",
		"level.latest() <= 1 || level.latest() <= 2", "now > date('2017-01-01') || level.latest() < 1", "level.latest() < 1e300"} {
		if f, ok := ruleOf(t, rule).Shape(); ok {
			t.Errorf("%s is recognised as %v", rule, f)
		}
	}
}

func TestWordsOfWhatHasNoForm(t *testing.T) {
	rule := ruleOf(t, "level.latest() + 1 <= 2")
	near, err := CompileNear("level.latest() > 0.5", theQuantities)
	if err != nil {
		t.Fatal(err)
	}
	want := "level: kept while level.latest() + 1.0 <= 2.0 is true. It is near while level.latest() > 0.5 is true."
	if got := RuleWords(rule, near, nil); got.English != want {
		t.Errorf("%s\nwant: %s", got.English, want)
	}
	for _, title := range []string{"IR-1 centrifuges at Natanz", "The stock of it", "Staff", ""} {
		f := Form{Kind: FormBelow, Quantity: "q", Value: "3"}
		if got := f.Words(text.Texts{{Lang: "en", Text: title}}, "1").English; title != "" && got != title+" stays below 3." {
			t.Error(got)
		}
	}
}
