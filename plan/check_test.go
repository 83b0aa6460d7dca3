package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func equal(t testing.TB, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("not as wanted (-want +got):\n%s", d)
	}
}
