package chancery_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/ledger/memstore"
	"entente/marking"
	"entente/plan"
	"entente/text"
)

func agreement(ref act.Ref) act.Table {
	return act.Table{Element: ref, Content: act.Content{Kind: act.Agreement, Title: names("Plan of action"), Terms: &act.Terms{
		Bound:       []text.Texts{names("Iran")},
		Conversions: []act.Conversion{{Amount: "300", Unit: "kg{UF6}", Equals: "202.8", In: "kg{U}"}},
		Procedure:   []act.Stage{{Name: names("Joint Commission"), Days: 15}, {Name: names("Ministers"), Days: 15, Fixed: true}},
	}}}
}

func water(ref, parent act.Ref) act.Table {
	return act.Table{Element: ref, Content: act.Content{Kind: act.Obligation, Parent: parent, Title: names("Heavy water"),
		Watch: &act.Watch{Quantity: "heavy_water", Unit: "t", Rule: " heavy_water.latest()<=130.0 "}}}
}

func reading(value string, on act.Date) act.Reading {
	return act.Reading{Quantity: "heavy_water", Value: value, Unit: "t", AsOf: on}
}

func batch(ref act.Ref, list ...act.Reading) act.Report {
	return act.Report{Element: ref, Sources: []act.Citation{{Title: "Report"}}, Readings: list}
}

// watched is two linked parties that have agreed on an agreement and one obligation.
func watched(t *testing.T) (us, il *home) {
	t.Helper()
	us, il = linked(t)
	for _, body := range []act.Table{agreement("T-1"), water("O-1", "T-1")} {
		r := us.admit(body)
		exchange(t, us, il)
		il.admit(act.Accept{Element: body.Element, Revision: r.ID})
		exchange(t, us, il)
	}
	return us, il
}

// everything is all that a book says, as JSON.
func everything(t *testing.T, p *plan.State, b *compliance.Book, on act.Date) string {
	t.Helper()
	m := compliance.Today(on)
	all := []any{b.Boards(p, m, 0), b.Programmes(p, m, 0), b.Calendar(p, m), b.Disputes(p, m)}
	for _, ref := range b.Agreements() {
		board, _ := b.Board(p, ref, m, 0)
		for _, c := range board.Cards {
			o, _ := b.Obligation(p, c.Ref, m, 0)
			all = append(all, o)
		}
		attest, _ := b.Attest(p, ref, on)
		all = append(all, attest)
	}
	out, err := json.Marshal(all)
	if err != nil {
		t.Error(err)
	}
	return string(out)
}

func (h *home) board(t *testing.T, on act.Date) (board compliance.Board) {
	t.Helper()
	h.plenary().Watch(func(p *plan.State, b *compliance.Book) {
		board, _ = b.Board(p, "T-1", compliance.Today(on), h.plenary().Self())
	})
	return board
}

// TestVerdictsAreTheSameAtBoth: each computes them by itself, what one attests the other finds again,
// and the rule that was written is the canonical one.
func TestVerdictsAreTheSameAtBoth(t *testing.T) {
	us, il := watched(t)
	us.admit(batch("T-1", reading("130.9", "2016-02-17"), reading("120", "2016-03-01")))
	r := us.admit(act.Attest{Element: "T-1", On: "2016-02-20"})
	exchange(t, us, il)
	for _, h := range []*home{us, il} {
		board := h.board(t, "2016-02-20")
		if len(board.Cards) != 1 || board.Cards[0].Verdict != act.Exceeded || len(board.Attested) != 1 || !board.Attested[0].Same || board.Attested[0].Digest != board.Digest {
			t.Fatalf("%s: %+v", h.Self(), board)
		}
	}
	us.plenary().View(func(p *plan.State) {
		if w := p.Content(p.Element("O-1").InForce()).Watch; w.Rule != "heavy_water.latest() <= 130.0" {
			t.Errorf("the rule is written as %q", w.Rule)
		}
		body, _ := p.Act(r.Place).Body.(act.Attest)
		if len(body.Findings) != 1 || body.Findings[0].Verdict != act.Exceeded {
			t.Errorf("%+v", body)
		}
	})
}

// TestTheDoorOfWhatIsWatched refuses what could not be meant, with the rule that it breaks.
func TestTheDoorOfWhatIsWatched(t *testing.T) {
	us, il := watched(t)
	r := il.admit(batch("T-1", reading("100", "2016-02-17")))
	d := il.admit(act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-12-01", Text: names("Too much.")})
	exchange(t, us, il)
	red := marking.New(marking.Red)
	correct := reading("1", "2016-01-01")
	correct.Replaces = &act.ReadingID{Batch: r.ID}
	late := water("O-2", "T-1")
	late.Content.Watch.Owes = text.Texts{{Lang: "he", Text: "איראן"}}
	for want, body := range map[string]act.Body{
		"element":    batch("T-9", reading("1", "2016-01-01")),
		"watched":    batch("O-1", reading("1", "2016-01-01")),
		"day":        batch("T-1", reading("1", "2018-01-01")),
		"replaced":   batch("T-1", correct), // it is the other's
		"taken-back": act.Report{Element: "T-1", TakesBack: []act.Hash{r.ID}},
		"closer":     act.Dispute{Element: "O-1", Step: act.DisputeCloses, Of: d.ID, On: "2017-12-02", Text: names("Done.")},
		"dispute":    act.Dispute{Element: "O-1", Step: act.DisputeReply, Of: r.ID, On: "2017-12-02", Text: names("No.")},
		"obligation": act.Dispute{Element: "T-1", Step: act.DisputeStarts, On: "2017-12-02", Text: names("No.")},
		"language":   late,
		"nothing":    act.Attest{Element: "F-1", On: "2017-12-01"},
		"fixed": act.Table{Element: "X-1", Content: act.Content{Kind: act.Extension, Parent: "O-1", Title: names("More days"),
			Extends: &act.Extends{Dispute: d.ID, Stage: 2, Days: 5}}},
		"stage": act.Table{Element: "X-1", Content: act.Content{Kind: act.Extension, Parent: "O-1", Title: names("More days"),
			Extends: &act.Extends{Dispute: d.ID, Stage: 3, Days: 5}}},
		"rule": act.Table{Element: "O-2", Content: act.Content{Kind: act.Obligation, Parent: "T-1", Title: names("x"),
			Watch: &act.Watch{Quantity: "heavy_water", Unit: "t", Rule: strings.Repeat("(", 600)}}},
	} {
		if want == "nothing" {
			us.admit(act.Table{Element: "F-1", Content: act.Content{Kind: act.Programme, Title: names("Followed")}})
		}
		if _, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: body}); rule(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	marked := batch("T-1", reading("1", "2016-01-01"))
	marked.Marking = &red
	var held *chancery.HeldBack
	if _, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: marked}); !errors.As(err, &held) {
		t.Errorf("a narrower marking: %v", err)
	}
	us.admit(act.Dispute{Element: "O-1", Step: act.DisputeReply, Of: d.ID, On: "2017-12-02", Text: names("It is not so.")})
	us.admit(act.Table{Element: "X-1", Content: act.Content{Kind: act.Extension, Parent: "O-1", Title: names("More days"), Extends: &act.Extends{Dispute: d.ID, Stage: 1, Days: 5}}})
	il.admit(act.Dispute{Element: "O-1", Step: act.DisputeCloses, Of: d.ID, On: "2017-12-02", Text: names("Settled.")})
	exchange(t, us, il)
	if _, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: act.Dispute{Element: "O-1", Step: act.DisputeReply, Of: d.ID, On: "2017-12-03", Text: names("x")}}); rule(err) != "closed" {
		t.Errorf("a reply to what is closed: %v", err)
	}
}

// TestWhoMaySayWhatIsWatched: observations and verdicts take the power to remark, disputes that to propose.
func TestWhoMaySayWhatIsWatched(t *testing.T) {
	us, _ := watched(t)
	if err := us.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "k.moore", Name: names("K. Moore")}); err != nil {
		t.Fatal(err)
	}
	moore, err := us.Local(t.Context(), "k.moore")
	if err != nil {
		t.Fatal(err)
	}
	bodies := []act.Body{batch("T-1", reading("1", "2016-01-01")), act.Attest{Element: "T-1", On: "2016-01-01"},
		act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-12-01", Text: names("x")}}
	for _, powers := range []act.Powers{0, act.MayRemark, act.MayPropose} {
		us.admit(act.Accredit{Delegates: []act.Delegate{{Person: us.who.Person, Name: names("x"), Powers: act.MayConvene | act.MayRemark | act.MayPropose},
			{Person: "k.moore", Name: names("x"), Powers: powers}}})
		for i, body := range bodies {
			_, err := us.plenary().Admit(t.Context(), moore, chancery.Draft{Body: body})
			if may := powers == act.MayRemark && i < 2 || powers == act.MayPropose && i == 2; may != (err == nil) {
				t.Errorf("%v, %s: %v", powers.Names(), body.Kind(), err)
			}
		}
	}
}

// TestAnythingMayStandInAnothersLog: whatever a counterpart's program writes past its door, nothing
// breaks, one's own readings stand, and a false attest is told as such.
func TestAnythingMayStandInAnothersLog(t *testing.T) {
	us, il := watched(t)
	own := us.admit(batch("T-1", reading("130.9", "2016-02-17")))
	mine := us.admit(act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-12-01", Text: names("x")})
	exchange(t, us, il)
	liar := newLiar(t, il, us)
	replaces := reading("1", "2016-02-17")
	replaces.Replaces = &act.ReadingID{Batch: own.ID}
	bears := reading("1", "2016-02-18")
	bears.Bears = []act.Bearing{{Hypothesis: "H-7", Weight: 2}}
	odd := reading("99999999999999999999", "9999-12-31")
	odd.Unit, odd.Reported = "}}{", "1000-01-01"
	watch := func(ref act.Ref, w act.Watch) act.Table {
		return act.Table{Element: ref, Content: act.Content{Kind: act.Obligation, Parent: "T-1", Title: names("x"), Watch: &w}}
	}
	liar.say(
		batch("T-9", odd), batch("O-1", odd), batch("T-1", odd, odd, bears, replaces),
		act.Report{Element: "T-1", TakesBack: []act.Hash{own.ID}},
		act.Attest{Element: "T-1", On: "2016-02-20", Digest: act.Hash{1}, Findings: []act.Finding{{Element: "O-1", Verdict: act.Within}, {Element: "O-77", Verdict: act.Within}}},
		act.Attest{Element: "T-9", On: "9999-12-31", Digest: act.Hash{1}},
		act.Dispute{Element: "O-99", Step: act.DisputeStarts, On: "9999-12-31", Text: names("x")},
		act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "1000-01-01", Text: names("x")},
		act.Dispute{Element: "O-1", Step: act.DisputeCloses, Of: mine.ID, On: "1000-01-01", Text: names("x")},
		act.Dispute{Element: "O-1", Step: act.DisputeReply, Of: act.Hash{7}, On: "2017-01-01", Text: names("x")},
		watch("O-2", act.Watch{Quantity: "heavy_water", Unit: "t", Rule: strings.Repeat("(", act.MaxRule)}),
		watch("O-3", act.Watch{Quantity: "now", Unit: "}{", Rule: "now.latest() <= 1.0", Near: "true ||"}),
		watch("O-4", act.Watch{Quantity: "q", Unit: "t", Rule: "[1,2,3].all(x, [1,2,3].all(y, q.latest() > 1.0))", Every: act.MaxDays, Fresh: act.MaxDays, From: "1000-01-01", To: "9999-12-31"}),
		watch("O-5", act.Watch{}),
		act.Table{Element: "T-1", Content: act.Content{Kind: act.Agreement, Title: names("x"), Terms: &act.Terms{Conversions: []act.Conversion{{Amount: "1", Unit: "}", Equals: "2", In: "t"}, {Amount: "1", Unit: "t", Equals: "2", In: "t"}}}}},
		act.Table{Element: "X-9", Content: act.Content{Kind: act.Extension, Parent: "O-1", Title: names("x"), Extends: &act.Extends{Dispute: mine.ID, Stage: act.MaxStages, Days: act.MaxDays}}},
		act.Table{Element: "V-9", Content: act.Content{Kind: act.Assessment, Parent: "O-1", Title: names("x"), Judgement: &act.Judgement{Verdict: act.Expired, AsOf: "9999-12-31"}}},
		act.Table{Element: "F-9", Content: act.Content{Kind: act.Programme, Title: names("x")}},
		act.Table{Element: "H-9", Content: act.Content{Kind: act.Hypothesis, Parent: "F-9", Title: names("x")}},
		batch("F-9", bears),
	)
	for _, on := range []act.Date{"1000-01-01", "2016-02-20", "2017-12-12", "9999-12-31"} {
		us.plenary().Watch(func(p *plan.State, b *compliance.Book) { everything(t, p, b, on) })
	}
	board := us.board(t, "2016-02-17")
	var told *compliance.Card
	for i := range board.Cards {
		if board.Cards[i].Ref == "O-1" {
			told = &board.Cards[i]
		}
	}
	if told == nil || told.Own != act.Exceeded && told.Own != act.Disputed || len(board.Attested) != 1 || board.Attested[0].Same {
		t.Fatalf("%+v\n%+v", told, board.Attested)
	}
	us.plenary().Watch(func(p *plan.State, b *compliance.Book) {
		if !b.Stands(p, "T-1", us.plenary().Self(), act.ReadingID{Batch: own.ID}) || !b.BatchStands(p, "T-1", us.plenary().Self(), own.ID) {
			t.Error("another party took one's own reading back")
		}
	})
	us.admit(batch("T-1", reading("129", "2016-02-21"))) // the door goes on
}

// TestTheBookFollowsThePlan lets many read while both write and take: the book is always the plan's.
func TestTheBookFollowsThePlan(t *testing.T) {
	us, il := watched(t)
	const rounds = 12
	var readers, writing sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				us.plenary().Watch(func(p *plan.State, b *compliance.Book) {
					if got, want := everything(t, p, b, "2016-12-31"), everything(t, p, compliance.NewBook(p), "2016-12-31"); got != want {
						t.Errorf("the book says\n%s\nand the plan\n%s", got, want)
					}
				})
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writing.Go(func() {
		for i := range rounds {
			day := act.Date(fmt.Sprintf("2016-%02d-01", i+1))
			r, err := us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: batch("T-1", reading(strconv.Itoa(120+i), day))})
			if err == nil && i%3 == 0 {
				_, err = us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: act.Report{Element: "T-1", TakesBack: []act.Hash{r[0].ID}}})
			}
			if err == nil && i%4 == 0 {
				_, err = us.plenary().Admit(t.Context(), us.who, chancery.Draft{Body: act.Attest{Element: "T-1", On: day}})
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	writing.Go(func() {
		for i := range rounds {
			il.admit(batch("T-1", reading(strconv.Itoa(125+i), act.Date(fmt.Sprintf("2016-%02d-02", i+1)))))
			give(t, il, us)
		}
	})
	writing.Wait()
	close(done)
	readers.Wait()
	us.Close()
	us.open()
	if board := us.board(t, "2016-12-31"); board.Cards[0].Verdict != act.Exceeded {
		t.Errorf("after it was opened anew: %+v", board.Cards[0].Finding)
	}
}

// manyBatches are so many reports of so many readings.
func manyBatches(n, of int) []chancery.Draft {
	drafts := make([]chancery.Draft, n)
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range drafts {
		var list []act.Reading
		for j := range of {
			list = append(list, reading(strconv.Itoa(i*of+j+1), act.Date(day.AddDate(0, 0, (i*of+j)%6000).Format(time.DateOnly))))
		}
		drafts[i].Body = batch("T-1", list...)
	}
	return drafts
}

// TestManyBatchesAreAllOrNothing: an import is one commit. Whatever step of it fails, none of it is
// there, or all of it.
func TestManyBatchesAreAllOrNothing(t *testing.T) {
	const batches = 60
	for _, f := range []fault{
		{kind: memstore.StepCommit, nth: 1, o: memstore.Failed}, {kind: memstore.StepCommit, nth: 1, o: memstore.Failed, after: memstore.Failed},
		{kind: memstore.StepCommit, nth: 1, o: memstore.Persisted, after: memstore.Failed}, {placing: true, kind: "place", nth: 1, o: memstore.Failed, after: memstore.Failed},
		{kind: memstore.StepCommit, nth: 2, o: memstore.Failed},
	} {
		us, _ := watched(t)
		us.Close()
		all := newFaults(f)
		us.openFlaky(all)
		count := func() (n int) {
			us.plenary().Watch(func(p *plan.State, b *compliance.Book) { n = b.Readings() })
			return n
		}
		all.arm(true)
		_, err := us.plenary().Admit(t.Context(), us.who, manyBatches(batches, 200)...)
		all.arm(false)
		if n := count(); err == nil && n != batches*200 || err != nil && n != 0 && us.plenary().Held() == "" {
			t.Errorf("%+v: %d readings are shown: %v", f, n, err)
		}
		us.Close()
		us.open()
		n := count()
		if n != 0 && n != batches*200 || err == nil && n == 0 {
			t.Errorf("%+v: %d readings are there after a start: %v", f, n, err)
		}
		if n == 0 {
			if _, err := us.plenary().Admit(t.Context(), us.who, manyBatches(batches, 200)...); err != nil {
				t.Errorf("%+v: again: %v", f, err)
			}
		}
	}
	us, _ := watched(t)
	drafts := manyBatches(30, 50)
	drafts[29].Body = batch("T-1", reading("1", "2999-01-01"))
	if _, err := us.plenary().Admit(t.Context(), us.who, drafts...); rule(err) != "day" {
		t.Fatal(err)
	}
	us.plenary().Watch(func(p *plan.State, b *compliance.Book) {
		if b.Readings() != 0 {
			t.Error("part of what was refused is there")
		}
	})
}

// TestTheBookOfAnEarlyPlan: what is watched is shown from a snapshot as it is from the logs, before they
// are read, while they take the snapshot's place, and after.
func TestTheBookOfAnEarlyPlan(t *testing.T) {
	us, il := watched(t)
	us.admit(batch("T-1", reading("130.9", "2016-02-17"), reading("120", "2016-03-01")))
	us.admit(act.Attest{Element: "T-1", On: "2016-02-20"})
	for i := range 3 { // more than one bundle of entries
		if _, err := us.plenary().Admit(t.Context(), us.who, manyBatches(100, i+1)...); err != nil {
			t.Fatal(err)
		}
	}
	exchange(t, us, il)
	all := func() (out string) {
		us.plenary().Watch(func(p *plan.State, b *compliance.Book) { out = everything(t, p, b, "2016-12-31") })
		return out
	}
	us.Close()
	us.openAs(opening{groups: us.shelf, from: 1})
	want := all()
	us.Close() // a snapshot is written
	gate := make(chan struct{})
	us.openAs(opening{groups: gated{us.shelf, 1, gate}, from: 1})
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		if us.Settle(over) == nil {
			t.Fatal("the snapshot was not used")
		}
	}
	if got := all(); got != want {
		t.Errorf("from the snapshot:\n%s\nfrom the logs:\n%s", got, want)
	}
	close(gate)
	if err := us.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := all(); got != want {
		t.Errorf("after the logs were read:\n%s\nbefore:\n%s", got, want)
	}
	us.admit(batch("T-1", reading("131", "2016-12-30")))
	if us.board(t, "2016-12-31").Cards[0].Verdict != act.Exceeded {
		t.Error("the book does not go on")
	}
}
