package ui

import (
	"strings"
	"testing"

	"entente/act"
)

// A verdict is told by a shape, a word and a colour; no two look alike, and only one is solid.
func TestVerdictsAreToldByShapeAndWord(t *testing.T) {
	seen := map[string]act.Verdict{}
	for _, tag := range []string{"en", "he"} {
		for v := act.Within; v <= act.Expired; v++ {
			got := render(t, tag, Verdict(v))
			if strings.Count(got, "<svg") != 1 || strings.TrimSpace(copied(got)) == "" {
				t.Errorf("%s %s: no shape or no word: %s", tag, v, got)
			}
			if strings.Contains(got, "v-bad") != (v == act.Exceeded) {
				t.Errorf("%s %s: only what is exceeded is solid: %s", tag, v, got)
			}
			if was, ok := seen[tag+got]; ok {
				t.Errorf("%s: %s and %s look alike", tag, v, was)
			}
			seen[tag+got] = v
		}
	}
	if got := render(t, "en", VerdictQuiet(act.Within)); !strings.Contains(got, "bare") || strings.TrimSpace(copied(got)) != "Within" {
		t.Errorf("within is not quiet in a table: %s", got)
	}
	if got := copied(render(t, "en", VerdictCount(act.Near, 3))); strings.Join(strings.Fields(got), " ") != "3 Near limit" {
		t.Errorf("a count: %q", got)
	}
}
