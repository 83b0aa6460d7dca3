package compliance

import (
	"math/big"
	"strings"
	"testing"

	"entente/act"
)

func TestUnits(t *testing.T) {
	for _, code := range []string{"t", "kg{U}", "kg{UF6}", "%", "1", "{centrifuge}", "m3/d", "/d", "kg.m/s2", "L/{person}.d", "%{U-235}", "10.m", "MW{th}", "{score}", strings.Repeat("a", 40)} {
		u, err := ParseUnit(code)
		if err != nil || u.String() != code {
			t.Errorf("%q: %v", code, err)
		}
	}
	for _, code := range []string{"", " ", "kg U", "kg{", "kg{}", "kg}", "kg{a{b}}", "kg{U}x", "kg/", "/", "//d", ".", "m..d", "µg", "t\n", "m-1", "0", "m0", "{a}3", strings.Repeat("a", 41)} {
		if u, err := ParseUnit(code); err == nil {
			t.Errorf("%q is read as a unit: %q", code, u)
		}
	}
}

func conversion(amount, unit, equals, in string) act.Conversion {
	return act.Conversion{Amount: amount, Unit: unit, Equals: equals, In: in}
}

func TestConversions(t *testing.T) {
	stated := []act.Conversion{conversion("300", "kg{UF6}", "202.8", "kg{U}"), conversion("1000", "kg{U}", "1", "t{U}"), conversion("1", "t", "1000", "kg")}
	c, err := NewConverter(stated)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct{ value, from, to, want string }{
		{"300", "kg{UF6}", "kg{U}", "202.8"},
		{"202.8", "kg{U}", "kg{UF6}", "300"},
		{"300", "kg{UF6}", "t{U}", "0.2028"},
		{"0.2028", "t{U}", "kg{UF6}", "300"},
		{"-1.5", "t", "kg", "-1500"},
		{"7", "m", "m", "7"},
		{"1", "kg{U}", "kg{UF6}", "1.479289940828"},
	} {
		got, err := c.Convert(k.value, k.from, k.to)
		if err != nil || ShowDecimal(got) != k.want {
			t.Errorf("%s %s in %s: %v %v, want %s", k.value, k.from, k.to, got, err, k.want)
		}
	}
	if v, err := c.Number("300", "kg{UF6}", "kg{U}"); err != nil || v != 202.8 {
		t.Errorf("%v %v", v, err)
	}
	_, err = c.Convert("3", "t", "t{U}")
	if err == nil || !strings.Contains(err.Error(), "3 t cannot be told in t{U}") {
		t.Errorf("no word of both units: %v", err)
	}
	if _, err := (*Converter)(nil).Convert("3", "t", "kg"); err == nil {
		t.Error("converted by nothing")
	}
	for name, wrong := range map[string]act.Conversion{
		"contradiction": conversion("1", "t{U}", "1", "kg{UF6}"), "none": conversion("0", "a", "1", "b"), "negative": conversion("1", "a", "-1", "b"),
		"same": conversion("1", "a", "1", "a"), "no number": conversion("1.50", "a", "1", "b"), "no unit": conversion("1", "a b", "1", "b"),
	} {
		if _, err := NewConverter(append(stated, wrong)); err == nil {
			t.Errorf("%s: %v is taken", name, wrong)
		}
	}
	if _, err := NewConverter(append(stated, conversion("600", "kg{UF6}", "0.4056", "t{U}"))); err != nil {
		t.Errorf("what agrees is refused: %v", err)
	}
}

// TestConversionsBeyondTheirSteps has two conversions contradict each other around a long way.
func TestConversionsBeyondTheirSteps(t *testing.T) {
	var stated []act.Conversion
	for _, p := range []string{"a b", "b c", "c d", "d e", "e f"} {
		from, to, _ := strings.Cut(p, " ")
		stated = append(stated, conversion("1", from, "2", to))
	}
	if c, err := NewConverter(stated); err != nil || !c.Can("a", "d") || c.Can("a", "e") {
		t.Errorf("a chain of %d is not what it is: %v", maxSteps, err)
	}
	if _, err := NewConverter(append(stated, conversion("1", "a", "31", "f"))); err == nil {
		t.Error("1 a is 32 f and 31 f")
	}
}

func TestDecimals(t *testing.T) {
	for _, s := range []string{"0", "1", "-1", "0.5", "-0.5", "130", "202.8", "12345678901234567890", "0.0000000000000000000000000000000000001"} {
		r, err := ParseDecimal(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if back, ok := FormatDecimal(r); !ok || back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	}
	for _, s := range []string{"", "-", "-0", "01", "1.", ".5", "1.0", "+1", "1e3", "0x1", "1/2", "1.2.3", "1,5", " 1", "١", "NaN", strings.Repeat("1", 41)} {
		if _, err := ParseDecimal(s); err == nil {
			t.Errorf("%q is read as a number", s)
		}
	}
	if got := ShowDecimal(big.NewRat(-1, 3)); got != "-0.333333333333" {
		t.Error(got)
	}
	if got := ShowDecimal(big.NewRat(-1, 1<<60)); got != "0" && got != "0.000000000000000000867361737988403547205962240695953369140625" {
		t.Error(got)
	}
}

func TestRounded(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{{130, "130"}, {143.0473372781065, "143.0473"}, {-143.0473372781065, "-143.0473"}, {0.0000123456, "0.0000123456"}, {1234567890, "1234567890"}, {202.8, "202.8"}, {0, "0"}} {
		if got := Rounded(c.v); got != c.want {
			t.Errorf("%v is written %s; want %s", c.v, got, c.want)
		}
	}
}
