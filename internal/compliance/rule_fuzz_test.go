package compliance

import (
	"errors"
	"testing"
)

func FuzzRule(f *testing.F) {
	for _, seed := range []string{"a.latest() <= 130.0", "130 >= a.max(365) && !(b.age() > 3)", "a.by(20.0, date('2016-12-31'))", "a.each_followed(b, 30)",
		"now < date('2017-01-01') ? a.sum(30) < 1 : b.count(9) >= 2 || a.latest() + 2 * b.latest() - 1 != 3 / 2", "((((", "!!!!a", "a.latest() < 1e999", "a\n.latest()\n<1 // x", "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		rule, err := CompileNear(written, ab)
		if err != nil {
			var why *Fault
			if !errors.As(err, &why) || why.Text == "" || why.Key == "" {
				t.Fatalf("%q is refused without a reason: %v", written, err)
			}
			return
		}
		again, err := CompileNear(rule.Canonical(), ab)
		if err != nil || again.Canonical() != rule.Canonical() {
			t.Fatalf("%q became %q and then %v: %v", written, rule.Canonical(), again, err)
		}
		tracks := []*Track{trackOf("2016-02-17 130.9", "2016-02-24 <130"), trackOf("2016-03-01 3")}
		on := onDay("2016-03-02")
		x, y := rule.Eval(on, tracks), again.Eval(on, tracks)
		if x != y || x.Why == WhyFailed {
			t.Fatalf("%q gives %v, %q gives %v", written, x, rule.Canonical(), y)
		}
		if limit, ok := rule.Limit(); ok {
			if z := limit.Eval(on, tracks[0]); len(rule.names) == 1 && z.Outcome != x.Outcome {
				t.Fatalf("%q gives %v, and as a limit %v", written, x, z)
			}
		}
		if form, ok := rule.Shape(); ok {
			cel, err := form.Rule()
			if err != nil {
				t.Fatal(err)
			}
			if r, err := Compile(cel, ab); err != nil || r.Eval(on, tracks) != x {
				t.Fatalf("%q is recognised as %v, which is %q: %v", written, form, cel, err)
			}
		}
	})
}

func FuzzUnit(f *testing.F) {
	for _, seed := range []string{"t", "kg{U}", "m3/d", "%", "/d", "{centrifuge}", "1", "kg{", "a..b", "µ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		u, err := ParseUnit(code)
		if err == nil && u.String() != code {
			t.Fatalf("%q became %q", code, u)
		}
		if err == nil {
			if again, err := ParseUnit(u.String() + "." + u.String()); err != nil && 2*len(code) < 40 && code[0] != '/' {
				t.Fatalf("%q is a unit, and %q is none: %v", u, again, err)
			}
		}
	})
}

func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{"0", "-0.5", "130", "1.0", "1e3", "-", "0.1", "١"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseDecimal(s)
		if err != nil {
			return
		}
		if back, ok := FormatDecimal(r); !ok || back != s {
			t.Fatalf("%q came back as %q", s, back)
		}
		v, err := ParseFloat(s)
		if err != nil {
			t.Fatal(err)
		}
		if m, k, ok := tens(v); ok {
			if again := m / pow10(k); again != v {
				t.Fatalf("%q is %v, and %v", s, v, again)
			}
		}
	})
}
