package act

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var refForm = regexp.MustCompile(`^[A-Z]{1,2}-[1-9][0-9]{0,5}(\.[1-9][0-9]{0,5}){0,5}$`)

func TestParseRef(t *testing.T) {
	for _, s := range []string{"A-1", "A-1.1.2", "AB-999999", "G-1.2.3.4.5.6", "ZZ-10.20"} {
		if r, err := ParseRef(s); err != nil || r.String() != s {
			t.Errorf("%s: %v", s, err)
		}
	}
	for _, s := range []string{"", "A", "A-", "-1", "a-1", "ABC-1", "A-0", "A-01", "A-1.", "A-1..2", "A-1.0", "A-1000000", "A-1.2.3.4.5.6.7", "A 1", "A-1 ", "A-1\n", "A-1.x", "Å-1", strings.Repeat("9", 99)} {
		if r, err := ParseRef(s); err == nil || !strings.Contains(err.Error(), "write it like A-1.1.2") {
			t.Errorf("%q: %s, %v", s, r, err)
		}
	}
	if got := Ref("A-1.1.2").Display(); got != "A 1.1.2" {
		t.Error(got)
	}
}

func TestRefForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Z]{0,3}-?[0-9]{0,7}(\.[0-9]{0,7}){0,7}`)).Draw(t, "s")
		if _, err := ParseRef(s); (err == nil) != (refForm.MatchString(s) && len(s) <= MaxRef) {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func TestRefOrder(t *testing.T) {
	want := []Ref{"A-1", "A-1.1", "A-1.2", "A-1.10", "A-2", "A-10", "AB-1", "B-1"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Ref.Compare)
	if !slices.Equal(got, want) {
		t.Error(got)
	}
}

// TestDays compares the calendar with that of the standard library, day for day and beyond.
func TestDays(t *testing.T) {
	for day := time.Date(1895, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2105; day = day.AddDate(0, 0, 1) {
		if s := day.Format(time.DateOnly); !dateOK(s) {
			t.Fatalf("%s is refused", s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.StringMatching(`[0-9]{4}-[0-1][0-9]-[0-3][0-9]`), rapid.StringMatching(`[0-9-]{9,11}`), rapid.String()).Draw(t, "s")
		_, err := time.Parse(time.DateOnly, s)
		if want := err == nil && len(s) == 10 && s[0] != '0'; dateOK(s) != want {
			t.Fatalf("%q: %v, not %v", s, dateOK(s), want)
		}
		if d, err := ParseDate(s); (err == nil) != dateOK(s) || (err == nil && string(d) != s) {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func TestAmounts(t *testing.T) {
	for s, want := range map[string]bool{"0": true, "2": true, "1.5": true, "0.25": true, "10": true, "120.05": true,
		"": false, ".": false, ".5": false, "5.": false, "00": false, "01": false, "1.50": false, "1..5": false, "1.5.5": false, "-1": false, "+1": false, "1e3": false, " 1": false, "١": false} {
		if amountOK(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// TestNames: every word that stands for a number is read back to it, and strangers are refused
// with the words that would do.
func TestNames(t *testing.T) {
	for k := KindConstitute; k <= lastKind; k++ {
		if b, err := k.MarshalText(); err != nil || string(b) != k.String() || k.String() == "unknown" {
			t.Errorf("kind %d is %s", k, k)
		}
	}
	seen := map[string]bool{}
	for k := Goal; k <= lastElementKind; k++ {
		if back, err := ParseElementKind(k.String()); err != nil || back != k || len(k.Letter()) != 1 || seen[k.Letter()] {
			t.Errorf("%s: %v, %v", k, back, err)
		}
		seen[k.Letter()] = true
	}
	for s := Comment; s <= lastRemarkSort; s++ {
		if back, err := ParseRemarkSort(s.String()); err != nil || back != s {
			t.Errorf("%s: %v, %v", s, back, err)
		}
	}
	for p := NotBegun; p <= Stopped; p++ {
		if back, err := ParseProgress(p.String()); err != nil || back != p {
			t.Errorf("%s: %v, %v", p, back, err)
		}
	}
	if Kind(0).String() != "unknown" || Kind(lastKind+1).String() != "unknown" || ElementKind(lastElementKind+1).String() != "unknown" || ElementKind(lastElementKind+1).Letter() != "" || RemarkSort(lastRemarkSort+1).String() != "unknown" || Progress(5).String() != "unknown" {
		t.Error("a number without a name has one")
	}
	for _, err := range []error{second(ParseElementKind("x")), second(ParseRemarkSort("")), second(ParseProgress("unknown")), second(ParsePowers([]string{"accept", "x"}))} {
		if err == nil || !strings.Contains(err.Error(), ",") {
			t.Error(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestPowers(t *testing.T) {
	for p := range allPowers + 1 {
		back, err := ParsePowers(p.Names())
		if err != nil || back != p || !p.Has(back) {
			t.Errorf("%v: %v, %v", p.Names(), back, err)
		}
	}
	if !allPowers.Has(MayAccept) || (MayPropose | MayRemark).Has(MayAccept|MayRemark) {
		t.Error("Has")
	}
}

// TestWeekdays: every set of days comes back, and what is no day is refused.
func TestWeekdays(t *testing.T) {
	for w := range allWeekdays + 1 {
		var back Weekdays
		b, err := w.MarshalText()
		if err == nil {
			err = back.UnmarshalText(b)
		}
		if err != nil || back != w {
			t.Errorf("%07b: %s, %07b, %v", w, b, back, err)
		}
	}
	w := On(time.Friday)
	if err := w.UnmarshalText([]byte("friday,someday")); err == nil || w != On(time.Friday) {
		t.Error(w, err)
	}
	if !w.Has(time.Friday) || w.Has(time.Saturday) {
		t.Error("Has")
	}
	for s := RoundOpens; s <= RoundCloses; s++ {
		var back SitStep
		if b, _ := s.MarshalText(); back.UnmarshalText(b) != nil || back != s {
			t.Error(s, back)
		}
	}
}

// TestJSON: the words and hashes of an act go through JSON unchanged.
func TestJSON(t *testing.T) {
	type words struct {
		Hash     Hash
		Kind     ElementKind
		Sort     RemarkSort
		Progress Progress
		Powers   Powers
		None     Powers
	}
	in := words{Hash{1, 2, 0xff}, Action, Reservation, Underway, MayAccept | MayConvene, 0}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"Hash":"0102ff` + strings.Repeat("00", 29) + `","Kind":"action","Sort":"reservation","Progress":"under way","Powers":"accept,convene","None":""}`; string(b) != want {
		t.Errorf("%s", b)
	}
	var out words
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Errorf("%+v, %v", out, err)
	}
	for _, bad := range []string{`{"Hash":"00"}`, `{"Kind":"x"}`, `{"Sort":"x"}`, `{"Progress":"x"}`, `{"Powers":"x"}`} {
		if err := json.Unmarshal([]byte(bad), &out); err == nil {
			t.Error(bad)
		}
	}
}

func TestHash(t *testing.T) {
	leaf := []byte("a leaf")
	if LeafHash(leaf) != Hash(sha256.Sum256(append([]byte{0}, leaf...))) {
		t.Error("the leaf hash is not that of RFC 6962")
	}
	h := Hash{0x7f, 0x3a, 0xc2, 0x1e}
	if h.Short() != "7f3a c21e" || h.IsZero() || !(Hash{}).IsZero() {
		t.Error(h.Short())
	}
	if back, err := ParseHash(h.String()); err != nil || back != h {
		t.Error(err)
	}
	for _, s := range []string{"", "7f", strings.ToUpper(h.String()), h.String()[1:] + "g", h.String() + "00"} {
		if _, err := ParseHash(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

// TestRefOrderIsOne: an order by letters, then by the numbers as numbers.
func TestRefOrderIsOne(t *testing.T) {
	key := func(r Ref) (letters string, numbers []int) {
		letters, rest, _ := strings.Cut(string(r), "-")
		for _, n := range strings.Split(rest, ".") {
			v, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, v)
		}
		return letters, numbers
	}
	near := rapid.Map(rapid.StringMatching(`[AB]{1,2}-[1-9][0-9]{0,1}(\.[1-9][0-9]{0,1}){0,3}`), func(s string) Ref { return Ref(s) })
	rapid.Check(t, func(t *rapid.T) {
		a, b := near.Draw(t, "a"), near.Draw(t, "b")
		la, na := key(a)
		lb, nb := key(b)
		want := cmp.Or(strings.Compare(la, lb), slices.Compare(na, nb))
		if got := a.Compare(b); (got < 0) != (want < 0) || (got > 0) != (want > 0) {
			t.Fatalf("%s and %s: %d, not %d", a, b, got, want)
		}
	})
}
