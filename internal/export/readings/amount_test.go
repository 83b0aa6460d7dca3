package readings

import (
	"strings"
	"testing"

	"entente/act"
)

func TestParseAmount(t *testing.T) {
	for _, c := range []struct {
		s, decimal string
		want       string // sign, value, unit; or the reason
	}{
		{"130.9", "", "= 130.9"}, {"300", "", "= 300"}, {"0", "", "= 0"}, {"-5", "", "= -5"}, {"−5", "", "= -5"}, {"+5", "", "= 5"},
		{"007.50", "", "= 7.5"}, {".5", "", "= 0.5"}, {"5.", "", "= 5"}, {"-0.0", "", "= 0"}, {"0.500", "", "= 0.5"},
		{"≤300", "", "<= 300"}, {"<= 300", "", "<= 300"}, {"=< 300", "", "<= 300"}, {"<130", "", "< 130"}, {">= 5", "", ">= 5"}, {"≥5", "", ">= 5"}, {"> 5", "", "> 5"}, {"= 5", "", "= 5"},
		{"did not exceed 300", "", "<= 300"}, {"Did not exceed 300 kg", "", "<= 300 kg"}, {"not more than 5", "", "<= 5"}, {"up to 5060", "", "<= 5060"},
		{"below 130 t", "", "< 130 t"}, {"at least 15 L", "", ">= 15 L"}, {"more than 2", "", "> 2"}, {"MAX 20", "", "<= 20"}, {"exceeded 130", "", "> 130"},
		{"1 234,5", "", "= 1234.5"}, {"1\u00a0234,5", "", "= 1234.5"}, {"1\u202f234\u202f567", "", "= 1234567"}, {"1'234.5", "", "= 1234.5"}, {"1’234", "", "= 1234"},
		{"1,234.5", "", "= 1234.5"}, {"1.234,5", "", "= 1234.5"}, {"1,234,567", "", "= 1234567"}, {"1.234.567", "", "= 1234567"}, {"1,5", "", "= 1.5"}, {"0,125", "", "= 0.125"},
		{"1,234", "", "ambiguous number"}, {"1.234", "", "ambiguous number"}, {"1,234", ".", "= 1234"}, {"1,234", ",", "= 1.234"}, {"1.234", ".", "= 1.234"}, {"1.234", ",", "= 1234"},
		{"1 234.567", "", "= 1234.567"}, {"12345,678", "", "= 12345.678"}, {"-1,234", "", "ambiguous number"},
		{"12,34,567", "", "bad groups"}, {"1,5", ".", "bad groups"}, {"1 23", "", "bad groups"}, {"1.5.2", "", "bad groups"},
		{"1.5E+3", "", "= 1500"}, {"2e-3 t", "", "= 0.002 t"}, {"1E20", "", "long number"}, {"123456789012345678901", "", "long number"}, {"1e999", "", "long number"}, {"1e-30", "", "long number"},
		{"3.67%", "", "= 3.67 %"}, {"101.7 kg U", "", "= 101.7 kg U"}, {"5 t", "", "= 5 t"}, {"٣٫٥", "", "= 3.5"}, {"۱۲۳", "", "= 123"},
		{"about 130", "", "vague"}, {"~130", "", "vague"}, {"approx. 130", "", "vague"}, {"c. 130", "", "vague"},
		{"100–130", "", "range"}, {"100 to 130", "", "range"}, {"100-130 t", "", "range"},
		{"", "", "no value"}, {"  ", "", "no value"}, {"-", "", "no value"}, {"n/a", "", "no value"}, {" – ", "", "no value"},
		{"none", "", "no number"}, {"<", "", "no number"}, {"overall 5", "", "no number"}, {"maximal 5", "", "no number"}, {"t 5", "", "no number"}, {"--5", "", "no number"}, {"5 000 000", "", "= 5000000"},
	} {
		a, f := parseAmount(c.s, c.decimal, false)
		got := strings.TrimSpace(a.sign.String() + " " + a.value + " " + a.unit)
		if f != nil {
			got = string(f.reason)
		}
		if got != c.want {
			t.Errorf("%q with the mark %q is %q, not %q", c.s, c.decimal, got, c.want)
		}
	}
	if a, f := parseAmount("1.234", "", true); f != nil || a.value != "1.234" {
		t.Errorf("a number that the spreadsheet keeps is %v, %v", a, f)
	}
}

func TestParseDay(t *testing.T) {
	for _, c := range []struct {
		s     string
		order DayOrder
		want  string
	}{
		{"2017-02-18", "", "2017-02-18"}, {"2017-02-18 13:30:00", "", "2017-02-18"}, {"2017-02-18T13:30:00Z", "", "2017-02-18"}, {"2017/2/8", "", "2017-02-08"}, {"20170218", "", "2017-02-18"},
		{"18/02/2017", "", "2017-02-18"}, {"02/18/2017", "", "2017-02-18"}, {"18.2.2017", "", "2017-02-18"}, {"18-02-2017 13:30", "", "2017-02-18"}, {"4/4/2017", "", "2017-04-04"},
		{"3/4/2017", "", "ambiguous day"}, {"3/4/2017", DayFirst, "2017-04-03"}, {"3/4/2017", MonthDay, "2017-03-04"}, {"18/02/2017", MonthDay, "bad day"}, {"02/18/2017", DayFirst, "bad day"},
		{"3/4/17", "", "short year"}, {"18 Feb 17", "", "short year"},
		{"18 February 2017", "", "2017-02-18"}, {"February 18, 2017", "", "2017-02-18"}, {"18-Feb-2017", "", "2017-02-18"}, {"2017 Feb 18", "", "2017-02-18"}, {"1er août 2017", "", "2017-08-01"}, {"18th Sept. 2017", "", "2017-09-18"},
		{"18 juillet 2017", "", "2017-07-18"}, {"18 jui 2017", "", "bad day"}, {"١٨/٠٢/٢٠١٧", "", "2017-02-18"},
		{"30/02/2017", "", "bad day"}, {"2017-02-30", "", "bad day"}, {"2017", "", "bad day"}, {"Feb 2017", "", "bad day"}, {"43539", "", "bad day"}, {"15-21 June", "", "bad day"}, {"yesterday", "", "bad day"}, {"2017-02-18x", "", "bad day"}, {"13/13/2017", "", "bad day"}, {"0999-01-01", "", "bad day"},
	} {
		d, f := parseDay(c.s, c.order)
		got := string(d)
		if f != nil {
			got = string(f.reason)
		}
		if got != c.want {
			t.Errorf("%q in the order %q is %q, not %q", c.s, c.order, got, c.want)
		}
	}
}

func TestUnitCode(t *testing.T) {
	for s, want := range map[string]string{
		"tonnes": "t", "Metric Tons": "t", "kg UF6": "kg{UF6}", "kg U": "kg{U}", "% U-235": "%{U-235}", "percent": "%", "kg{U}": "kg{U}", "t": "t",
		"count": "1", "people": "{person}", "food parcels": "{food_parcels}", "": "", "…": "",
	} {
		if got := UnitCode(s); got != want {
			t.Errorf("%q is %q, not %q", s, got, want)
		}
	}
}

func TestQuantityName(t *testing.T) {
	for s, want := range map[string]string{
		"enriched_uranium_stock_UF6": "enriched_uranium_stock_uf6", "Heavy water (t)": "heavy_water_t", "  12 wells": "wells", "é": "", "": "",
		"Number of people with access to improved water sources": "number_of_people_with_access_to_improved",
	} {
		if got := QuantityName(s); got != want || got != "" && !act.QuantityOK(got) {
			t.Errorf("%q is %q, not %q", s, got, want)
		}
	}
}

// FuzzAmount: whatever stands in a cell, what is read of it is a number in its one form, and read
// again it is the same.
func FuzzAmount(f *testing.F) {
	for _, s := range []string{"130.9", "≤300", "did not exceed 300 kg", "1 234,5", "1.234", "1.5E+3", "100–130", "3.67%", "٣٫٥"} {
		f.Add(s, "")
		f.Add(s, ",")
	}
	f.Fuzz(func(t *testing.T, s, decimal string) {
		if decimal != "" && decimal != "." {
			decimal = ","
		}
		a, fault := parseAmount(s, decimal, false)
		if fault != nil {
			if fault.says() == "" || strings.Contains(fault.says(), "%!") {
				t.Fatalf("%q is refused with %q", s, fault.says())
			}
			return
		}
		if !act.DecimalOK(a.value) {
			t.Fatalf("%q is %q", s, a.value)
		}
		if again, fault := parseAmount(a.sign.String()+a.value, ".", false); fault != nil || again.value != a.value || again.sign != a.sign {
			t.Fatalf("%q is %s %s, and read again %v, %v", s, a.sign, a.value, again, fault)
		}
	})
}

// FuzzDay: what is read as a day is one.
func FuzzDay(f *testing.F) {
	for _, s := range []string{"2017-02-18", "18/02/2017", "3/4/2017", "February 18, 2017", "18 Feb 2017 13:30", "20170218"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, order := range []DayOrder{Unstated, DayFirst, MonthDay} {
			d, fault := parseDay(s, order)
			if fault != nil {
				continue
			}
			if _, err := act.ParseDate(string(d)); err != nil {
				t.Fatalf("%q is %q", s, d)
			}
			if order == Unstated {
				one, bad := parseDay(s, DayFirst)
				other, bad2 := parseDay(s, MonthDay)
				if bad == nil && bad2 == nil && one != other {
					t.Fatalf("%q is guessed to be %q", s, d)
				}
			}
		}
	})
}
