package chancery_test

import (
	"testing"

	"entente/internal/chancery"
	"entente/ledger/memstore"
)

// TestFailedJoinIsTriedAgain: an invitation that was taken up is spent when the group has been
// joined and not before: a disk that fails at that moment costs nothing but time.
func TestFailedJoinIsTriedAgain(t *testing.T) {
	ctx := t.Context()
	us, il := newHome(t, "US", "United States", "d.reyes"), newHome(t, "IL", "Israel", "n.amar")
	inv, err := us.Invite(ctx, us.who, "IL", names("Israel"), terms(us.member()))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := il.TakeUp(ctx, il.who, inv, us.card.Number().Last())
	if err != nil {
		t.Fatal(err)
	}
	g, err := us.Accept(ctx, us.who, reply, il.card.Number().Last())
	if err != nil {
		t.Fatal(err)
	}
	state := func() string {
		rows, err := il.desk.Invitations(ctx)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d invitations, %v", len(rows), err)
		}
		return rows[0].State
	}
	il.Close()
	f := newFaults(fault{kind: memstore.StepCommit, nth: 1, o: memstore.Failed})
	il.openFlaky(f)
	f.arm(true)
	if joined, err := il.Offered(ctx, g.Charter().Format(), "US"); err == nil || joined || state() != chancery.InvitationJoining {
		t.Fatalf("joined %v, %v; the invitation is %s", joined, err, state())
	}
	if joined, err := il.Offered(ctx, g.Charter().Format(), "US"); err != nil || !joined || state() != chancery.InvitationFinished {
		t.Fatalf("at the second try: joined %v, %v; the invitation is %s", joined, err, state())
	}
	exchange(t, us, il)

	// A crash between the two: the group is joined, and the invitation still waits.
	rows, _ := il.desk.Invitations(ctx)
	rows[0].State = chancery.InvitationJoining
	if err := il.desk.PutInvitation(ctx, rows[0]); err != nil {
		t.Fatal(err)
	}
	if fresh, err := il.Offered(ctx, g.Charter().Format(), "US"); err != nil || fresh || state() != chancery.InvitationFinished {
		t.Fatalf("after a crash: new %v, %v; the invitation is %s", fresh, err, state())
	}
}
