package web

import (
	"testing"

	"entente/act"
	"entente/plan"
)

// TestALockedTextIsNotOffered: what the group accepts only in step is no choice until it is; another
// party's text, which is in step, stays one.
func TestALockedTextIsNotOffered(t *testing.T) {
	behind, whole := &plan.RevisionRef{ID: act.Hash{1}}, &plan.RevisionRef{ID: act.Hash{2}}
	d := elementData{sc: scene{powers: act.MayAccept}}
	d.Choices = []plan.Choice{{Act: "accept", Of: "US", Revision: behind}, {Act: "accept", Of: "FR", Revision: whole}}
	if n := len(d.accepts()); n != 2 {
		t.Fatalf("%d texts are offered where none is behind", n)
	}
	d.Drift = &plan.Drift{Revision: behind, Locked: true}
	if got := d.accepts(); len(got) != 1 || got[0].Of != "FR" {
		t.Errorf("offered: %+v", got)
	}
	d.Drift.Locked = false
	if n := len(d.accepts()); n != 2 {
		t.Errorf("%d texts are offered where the charter locks none", n)
	}
}
