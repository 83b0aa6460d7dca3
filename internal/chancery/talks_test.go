package chancery_test

import (
	"testing"
	"testing/synctest"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/plan"
	"entente/text"
)

// dossier is what a server says of an element, by its own clock.
func (b *table) dossier(i int, ref act.Ref) (d plan.Dossier) {
	h := b.homes[i]
	h.plenary().View(func(p *plan.State) { d, _ = p.DossierAt(ref, h.plenary().Self(), b.watches[i].now().UnixMilli()) })
	return d
}

// all sends several drafts at once.
func (h *home) all(bodies ...act.Body) ([]chancery.Receipt, error) {
	var drafts []chancery.Draft
	for _, b := range bodies {
		drafts = append(drafts, chancery.Draft{Body: b})
	}
	return h.plenary().Admit(h.t.Context(), h.who, drafts...)
}

func (h *home) delegate(role string, powers act.Powers) {
	h.admit(act.Accredit{Delegates: []act.Delegate{
		{Person: h.who.Person, Name: names("One"), Role: names(role), Powers: powers},
		{Person: "z.chief", Name: names("Two"), Role: names("Head"), Powers: act.MayConvene}}})
}

func TestAdReferendum(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		us, il := b.homes[0], b.homes[1]
		r := us.admit(goal("G-1", "Block any path.")).ID
		b.meet()
		refer := act.Refer{Element: "G-1", Revision: r, Until: time.Now().Add(100 * time.Hour).UnixMilli(), Role: names("Minister of Defence")}
		late := refer
		late.Until = time.Now().UnixMilli()
		il.refused("referendum", late)
		us.refused("again", refer)
		il.admit(refer)
		b.meet()
		for i := range b.homes {
			d := b.dossier(i, "G-1")
			if d.AdReferendum == nil || d.AdReferendum.Revision.ID != r || len(d.Referrals) != 1 || d.Referrals[0].Lapsed || d.Status != plan.InBrackets {
				t.Errorf("%+v", d.Talks)
			}
		}
		il.delegate("Delegate", act.MayAccept|act.MayPropose|act.MayRemark)
		il.refused("referendum", act.Accept{Element: "G-1", Revision: r})
		b.later(101 * time.Hour)
		if d := b.dossier(0, "G-1"); d.AdReferendum != nil || !d.Referrals[0].Lapsed {
			t.Errorf("it has not lapsed: %+v", d.Talks)
		}
		il.admit(act.Accept{Element: "G-1", Revision: r}) // as anybody may, now
		b.meet()
		if d := b.dossier(0, "G-1"); d.Status != plan.Agreed || len(d.Referrals) != 0 {
			t.Errorf("%v %+v", d.Status, d.Talks)
		}
	})
}

func TestAdReferendumIsConfirmedByTheRoleNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		us, il := b.homes[0], b.homes[1]
		r := us.admit(goal("G-1", "Block any path.")).ID
		b.meet()
		il.admit(act.Refer{Element: "G-1", Revision: r, Until: time.Now().Add(100 * time.Hour).UnixMilli(), Role: names("Minister of Defence")})
		il.delegate("minister of defence", act.MayAccept)
		il.admit(act.Accept{Element: "G-1", Revision: r})
		b.meet()
		if us.status("G-1") != plan.Agreed {
			t.Error("the capital confirmed, and it is not agreed")
		}
	})
}

func TestAnOfferIsTheChairsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		us, il := b.homes[0], b.homes[1]
		us.admit(goal("G-1", "Block any path."))
		b.meet()
		il.admit(goal("G-1", "Block some paths."))
		b.meet()
		offer := goal("G-1", "Block the paths named in the annex.")
		offer.Offered = true
		il.refused("chair", offer)
		r := us.admit(offer).ID
		b.meet()
		for i := range b.homes {
			d := b.dossier(i, "G-1")
			if d.Offer == nil || d.Offer.Attribution != plan.CoChair || d.Offer.Revision.ID != r || len(d.Positions) != 2 || d.Positions[0].Revision.ID == r {
				t.Fatalf("%+v", d.Offer)
			}
			accepts := false
			for _, c := range d.Choices {
				accepts = accepts || c.Act == "accept" && c.Offered && c.Revision.ID == r
			}
			if !accepts || !d.Turn {
				t.Errorf("%d cannot accept what is offered, or is not asked to: %+v", i, d.Choices)
			}
		}
		us.admit(act.Accept{Element: "G-1", Revision: r})
		il.admit(act.Accept{Element: "G-1", Revision: r})
		b.meet()
		if us.status("G-1") != plan.Agreed || b.dossier(1, "G-1").Offer != nil {
			t.Error("both accepted what was offered, and it is not agreed")
		}
	})
}

func TestLanguagesInStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, func(terms *chancery.Terms) {
			terms.Languages = []text.Lang{"en", "he"}
			terms.Name, terms.Plan = names("Plenary").With("he", "מליאה"), names("Plan").With("he", "תוכנית")
			terms.InStep = true
		})
		us, il := b.homes[0], b.homes[1]
		both := func(e, h string) act.Table {
			return act.Table{Element: "G-1", Content: act.Content{Kind: act.Goal, Title: names("Goal").With("he", "יעד"), Text: names(e).With("he", h)}}
		}
		us.delegate("Legal adviser", 1<<6-1)
		il.delegate("Legal adviser", 1<<6-1)
		one := us.admit(both("One.", "אחת.")).ID
		body := both("Two.", "אחת.")
		body.Content.Follows = []act.Following{{Lang: "he", Revision: act.Hash{1}}}
		us.refused("follows", body)
		body.Content.Follows[0].Revision = one
		body.Until = time.Now().Add(80 * time.Hour).UnixMilli()
		two := us.admit(body).ID
		b.meet()
		il.refused("behind", act.Accept{Element: "G-1", Revision: two})
		il.refused("behind", act.Refer{Element: "G-1", Revision: two, Until: time.Now().Add(time.Hour).UnixMilli(), Role: names("Minister")})
		il.refused("left", act.Certify{Element: "G-1", Revision: one})
		d := b.dossier(1, "G-1")
		if d.Drift == nil || d.Drift.InStep || !d.Drift.Locked || len(d.Drift.Behind) != 1 || d.Drift.Behind[0].Earlier.ID != one || d.Drift.Revision.ID != two {
			t.Fatalf("%+v", d.Drift)
		}
		if !d.Words[1].Behind || d.Words[0].Behind || d.Words[1].Follows.ID != one {
			t.Errorf("%+v", d.Words)
		}
		b.later(81 * time.Hour)
		if x := b.sheet(1, two); x.Parties[1].Lock != plan.LockedByDrift || x.Parties[1].State != plan.SilentReceived {
			t.Errorf("accepted by silence though a language is behind: %+v", x)
		}
		il.admit(act.Certify{Element: "G-1", Revision: two})
		il.refused("again", act.Certify{Element: "G-1", Revision: two})
		il.refused("behind", act.Accept{Element: "G-1", Revision: two}) // the other party has not
		us.admit(act.Certify{Element: "G-1", Revision: two})
		b.meet() // and now the silence is given
		if d := b.dossier(0, "G-1"); d.Status != plan.Agreed || !d.Drift.InStep || len(d.Drift.Certified) != 2 {
			t.Errorf("%v %+v", d.Status, d.Drift)
		}
	})
}

func TestPackageStandsOrFallsAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		us, il := b.homes[0], b.homes[1]
		one, two := us.admit(goal("G-1", "One.")).ID, us.admit(goal("G-2", "Two.")).ID
		b.meet()
		parcel := func(ref act.Ref, members ...act.Contained) act.Table {
			return act.Table{Element: ref, Content: act.Content{Kind: act.Package, Title: names("Package"), Contains: members}}
		}
		both := []act.Contained{{Element: "G-1", Revision: one}, {Element: "G-2", Revision: two}}
		il.refused("package", parcel("K-1", both...)) // it holds none of them
		k := us.admit(parcel("K-1", both...)).ID
		b.meet()
		il.refused("package", act.Accept{Element: "K-1", Revision: k})
		us.refused("package", act.Withdraw{Element: "G-1", Reason: names("No.")})
		us.refused("package", goal("G-2", "Two and a half."))
		other := il.admit(goal("G-2", "Two, or three.")).ID
		b.meet()
		us.refused("package", act.Accept{Element: "G-2", Revision: other})
		il.admit(act.Accept{Element: "G-1", Revision: one})
		b.meet()
		d := b.dossier(0, "G-1")
		if us.status("G-1") != plan.InBrackets || !d.HeldBack || len(d.Packages) != 1 || d.Packages[0].Ref != "K-1" {
			t.Fatalf("one text of a package was adopted: %v %+v", us.status("G-1"), d.Talks)
		}
		if _, err := il.all(act.Accept{Element: "G-2", Revision: two}, act.Accept{Element: "K-1", Revision: k}); err != nil {
			t.Fatal(err)
		}
		b.meet()
		for _, ref := range []act.Ref{"G-1", "G-2", "K-1"} {
			if us.status(ref) != plan.Agreed || il.status(ref) != plan.Agreed {
				t.Errorf("%s: %v, %v", ref, us.status(ref), il.status(ref))
			}
		}
	})
}

// TestAPackageOfWhatIsJustAccepted has a party accept a text and make a package of it in one sending:
// the acceptance, which all others were waiting for, adopts nothing by itself.
func TestAPackageOfWhatIsJustAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		us, il := b.homes[0], b.homes[1]
		one := us.admit(goal("G-1", "One.")).ID
		b.meet()
		two := il.admit(goal("G-2", "Two.")).ID
		sent, err := il.all(act.Accept{Element: "G-1", Revision: one}, act.Table{Element: "K-1", Content: act.Content{Kind: act.Package, Title: names("Package"),
			Contains: []act.Contained{{Element: "G-1", Revision: one}, {Element: "G-2", Revision: two}}}})
		if err != nil {
			t.Fatal(err)
		}
		b.meet()
		if us.status("G-1") != plan.InBrackets || !b.dossier(0, "G-1").HeldBack {
			t.Error("one text of a package was adopted")
		}
		il.plenary().View(func(p *plan.State) {
			if b, ok := p.Act(sent[0].Place).Body.(act.Accept); !ok || !b.Tied {
				t.Error("the acceptance confirms by itself")
			}
		})
	})
}

// TestAPackageThatIsLeftFreesItsTexts has a package withdrawn, and another amended.
func TestAPackageThatIsLeftFreesItsTexts(t *testing.T) {
	for name, leave := range map[string]act.Body{
		"withdrawn": act.Withdraw{Element: "K-1", Reason: names("No.")},
		"amended":   nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := seat(t, 2, nil)
				us, il := b.homes[0], b.homes[1]
				one, two := us.admit(goal("G-1", "One.")).ID, us.admit(goal("G-2", "Two.")).ID
				content := act.Content{Kind: act.Package, Title: names("Package"), Contains: []act.Contained{{Element: "G-1", Revision: one}, {Element: "G-2", Revision: two}}}
				us.admit(act.Table{Element: "K-1", Content: content})
				b.meet()
				il.admit(act.Accept{Element: "G-1", Revision: one})
				b.meet()
				if us.status("G-1") != plan.InBrackets {
					t.Fatal("adopted in part")
				}
				if leave == nil {
					content.Contains = content.Contains[1:]
					leave = act.Table{Element: "K-1", Content: content}
				}
				us.admit(leave)
				b.meet()
				if us.status("G-1") != plan.Agreed || il.status("G-1") != plan.Agreed {
					t.Errorf("the package was left, and its text waits: %v, %v", us.status("G-1"), il.status("G-1"))
				}
			})
		})
	}
}

func TestNothingIsAgreedUntilEverythingIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, func(terms *chancery.Terms) { terms.Whole = true })
		us, il := b.homes[0], b.homes[1]
		one, two := us.admit(goal("G-1", "One.")).ID, us.admit(goal("G-2", "Two.")).ID
		b.meet()
		il.admit(act.Accept{Element: "G-1", Revision: one})
		b.meet()
		if us.status("G-1") != plan.InBrackets || !b.dossier(0, "G-1").HeldBack {
			t.Fatal("agreed while something is open")
		}
		il.admit(act.Accept{Element: "G-2", Revision: two})
		b.meet()
		if us.status("G-1") != plan.Agreed || il.status("G-2") != plan.Agreed {
			t.Error("everything is agreed, and nothing is")
		}
	})
}

func TestScrutinyAndInterpretation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		us, il := b.homes[0], b.homes[1]
		r := us.admit(goal("G-1", "Block any path.")).ID
		b.meet()
		il.admit(act.Remark{Element: "G-1", Revision: r, Sort: act.Scrutiny, Text: names("Parliament has yet to look at it.")})
		il.admit(act.Remark{Element: "G-1", Revision: r, Sort: act.Interpretation, Text: names("Any path means every path.")})
		il.admit(act.Accept{Element: "G-1", Revision: r})
		b.meet()
		d := b.dossier(1, "G-1")
		if d.Status != plan.Reserved || len(d.Scrutiny) != 1 || len(d.Reserved) != 1 || len(d.Interpretations) != 1 {
			t.Fatalf("%v %+v", d.Status, d.Talks)
		}
		us.homeDocument(t, func(p plan.Paragraph) bool {
			return len(p.Reservations) == 1 && p.Reservations[0].Sort == act.Scrutiny && len(p.Interpretations) == 1
		})
		il.admit(act.Remark{Element: "G-1", Revision: r, Sort: act.Comment, Text: names("It has."), Lifts: d.Reserved[0].ID})
		b.meet()
		if d := b.dossier(0, "G-1"); d.Status != plan.Agreed || len(d.Scrutiny) != 0 || len(d.Interpretations) != 1 {
			t.Errorf("%v %+v", d.Status, d.Talks)
		}
	})
}

func (h *home) homeDocument(t *testing.T, ok func(plan.Paragraph) bool) {
	t.Helper()
	h.plenary().View(func(p *plan.State) {
		d := p.Document(plan.DocumentQuery{View: plan.AgreedText})
		if len(d.Paragraphs) != 1 || !ok(d.Paragraphs[0]) {
			t.Errorf("%+v", d.Paragraphs)
		}
	})
}
