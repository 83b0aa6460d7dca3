package story

import (
	"strings"
	"testing"

	"entente/cmd/entente/stories"
)

// What is said of disputes, and of observations that are not shared, is held to as every other step is.
func TestBadDisputes(t *testing.T) {
	for _, c := range []struct{ story, name, old, new, want string }{
		{"cholera", "no step", `"disputes": "starts"`, `"disputes": "begins"`, "“disputes”"},
		{"cholera", "no day", `"disputes": "starts", "as_of": "2024-06-05"`, `"disputes": "starts"`, "“as_of”"},
		{"cholera", "answers nothing", `"disputes": "starts"`, `"disputes": "replies"`, "none that could be answered"},
		{"cholera", "starts twice", `"disputes": "replies"`, `"disputes": "starts"`, "runs already"},
		{"cholera", "closes what another started", `"disputes": "replies"`, `"disputes": "closes"`, "HC started the dispute"},
		{"cholera", "no obligation", `"act": "dispute", "element": "O-3"`, `"act": "dispute", "element": "T-1"`, "no obligation"},
		{"cholera", "without the power", `"by": "j.ferro", "group": 0, "act": "dispute"`, `"by": "x.ray", "group": 0, "act": "dispute"`, "lacks the power to propose"},
		{"cholera", "a step of another act", `"act": "attest", "element": "T-1"`, `"act": "attest", "disputes": "starts", "element": "T-1"`, "“disputes”"},
		{"washington", "reading without a source", `"from": {"title": "Invented source 4, which is not shared"}`, `"role": ""`, "a reading stands"},
		{"washington", "reading of nothing", `"element": "F-1", "field": "reading"`, `"field": "reading"`, "a reading stands"},
		{"washington", "reading without a number", `"value": "1", "measure": "{event}", "as_of": "2017-11-28"`, `"value": "one", "measure": "{event}", "as_of": "2017-11-28"`, "no quantity, value or measure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := stories.Files.ReadFile(c.story + suffix)
			if err != nil {
				t.Fatal(err)
			}
			spoilt := strings.Replace(string(b), c.old, c.new, 1)
			if spoilt == string(b) {
				t.Fatal("nothing was spoilt")
			}
			if _, err := Parse([]byte(spoilt)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; it should say %q", err, c.want)
			}
		})
	}
}

// The numbers that a reader of the civil demonstration is promised.
func TestCholeraIsWatched(t *testing.T) {
	n := load(t, "cholera").Tally(false)
	for kind, want := range map[string]int{"agreement": 1, "obligation": 6, "assessment": 1} {
		if n.PerKind[kind] != want {
			t.Errorf("%s: %d, not %d", kind, n.PerKind[kind], want)
		}
	}
}
