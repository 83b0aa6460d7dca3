package chancery_test

import (
	"context"
	"errors"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/plan"
)

func talks(ref act.Ref) act.Table {
	return act.Table{Element: ref, Content: act.Content{Kind: act.Round, Title: names("Talks"), Text: names("1. Sites"), Opens: "2017-12-12"}}
}

// refusedFor sends an act and expects it to be refused for a rule.
func (h *home) refusedFor(rule string, drafts ...chancery.Draft) {
	h.t.Helper()
	var refused *chancery.Refused
	if _, err := h.plenary().Admit(h.t.Context(), h.who, drafts...); !errors.As(err, &refused) || refused.Rule != rule {
		h.t.Errorf("%+v: %v, want it refused for %s", drafts[0].Body, err, rule)
	}
}

func sits(ref act.Ref, step act.SitStep, present ...act.Seated) chancery.Draft {
	return chancery.Draft{Body: act.Sit{Round: ref, Step: step, Present: present}}
}

func TestARoundIsOpenedOnceAndThenClosedOnce(t *testing.T) {
	us, il := linked(t)
	us.refusedFor("element", sits("R-1", act.RoundOpens))
	us.admit(goal("G-1", "No round."))
	us.refusedFor("no-round", sits("G-1", act.RoundOpens))
	us.admit(talks("R-1"))
	us.admit(talks("R-2"))
	us.admit(act.Withdraw{Element: "R-2", Reason: names("Not now.")})
	us.refusedFor("no-round", sits("R-2", act.RoundOpens))
	us.refusedFor("party", sits("R-1", act.RoundOpens, act.Seated{Party: "FR", Person: "x.y"}))
	us.refusedFor("round-not-opened", sits("R-1", act.RoundCloses))
	us.refusedFor("twice", sits("R-1", act.RoundOpens), sits("R-1", act.RoundCloses))
	exchange(t, us, il)
	il.admit(act.Sit{Round: "R-1", Step: act.RoundOpens})
	exchange(t, us, il)
	us.refusedFor("round-opened", sits("R-1", act.RoundOpens))
	us.admit(act.Sit{Round: "R-1", Step: act.RoundCloses, Present: []act.Seated{{Party: "IL", Person: "n.amar"}, {Party: "US", Person: "d.reyes"}}})
	us.refusedFor("round-closed", sits("R-1", act.RoundCloses))
	exchange(t, us, il)
	il.refusedFor("round-closed", sits("R-1", act.RoundCloses))
}

// Whoever may neither convene nor chairs the group opens no round.
func TestRoundsAreForChairsAndConveners(t *testing.T) {
	us, _ := linked(t)
	us.admit(talks("R-1"))
	if err := us.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "a.cole", Name: names("A. Cole")}); err != nil {
		t.Fatal(err)
	}
	us.admit(act.Accredit{Delegates: []act.Delegate{{Person: "a.cole", Name: names("A. Cole"), Powers: act.MayPropose},
		{Person: "d.reyes", Name: names("D. Reyes"), Powers: act.MayConvene | act.MayPropose}}})
	whole := us.who
	cole, err := us.Local(t.Context(), "a.cole")
	if err != nil {
		t.Fatal(err)
	}
	us.who = cole
	us.refusedFor("powers", sits("R-1", act.RoundOpens))
	us.who = whole
	us.admit(act.Sit{Round: "R-1", Step: act.RoundOpens})
}

func TestThePlanAsItStood(t *testing.T) {
	us, il := linked(t)
	us.admit(talks("R-1"))
	us.admit(goal("G-1", "One."))
	us.admit(act.Sit{Round: "R-1", Step: act.RoundOpens})
	us.admit(goal("G-1", "Two."))
	exchange(t, us, il)
	il.admit(goal("G-1", "Three."))
	exchange(t, us, il)
	us.admit(act.Sit{Round: "R-1", Step: act.RoundCloses})
	us.admit(goal("G-2", "Later."))
	exchange(t, us, il)
	for _, h := range []*home{us, il} {
		for range 2 { // made, then kept
			err := h.plenary().Then(t.Context(), []string{"R-1.opened", "R-1.closed", "now"}, func(now *plan.State, then []chancery.Then) {
				if then[2].Plan != now || then[0].Plan.Element("G-1") == nil || then[1].Plan.Element("G-2") != nil || now.Element("G-2") == nil {
					t.Error("the plan as it stood")
				}
				if n := len(then[0].Plan.Element("G-1").Revisions()); n != 1 {
					t.Errorf("%d texts as the round opened", n)
				}
				b := then[0].Plan.Changed(then[1].Plan, plan.BetweenQuery{})
				if b.Total != 2 || b.Rows[0].DeedsAll != 2 {
					t.Errorf("what changed in the round: %+v", b)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var wrong *plan.MomentError
		if err := h.plenary().Then(t.Context(), []string{"R-9.opened"}, nil); !errors.As(err, &wrong) {
			t.Errorf("a round that is not there: %v", err)
		}
		course, err := h.plenary().Course(t.Context())
		if err != nil || len(course) != 3 {
			t.Fatal(course, err)
		}
		if a, b, c := course[0], course[1], course[2]; a.Brackets != 2 || a.Open != 1 || b.Brackets < a.Brackets || !c.Now || c.Open != b.Open+1 {
			t.Errorf("the course of the talks: %+v", course)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := us.plenary().Then(ctx, []string{"US:2"}, func(*plan.State, []chancery.Then) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}
