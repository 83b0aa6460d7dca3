package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/party"
	"entente/text"
)

// hushed is a world whose charter allows silence of at least a day on clauses, with an element under
// silence for two days from now.
func hushed(t testing.TB, parties int) (w *world, r act.Hash, until int64) {
	w = newWorldOf(t, parties, func(c *group.Charter) {
		c.Silence = group.Silence{Least: 24 * time.Hour, Kinds: []act.ElementKind{act.Clause}}
		c.Chairs = []group.Chair{{Party: "US", Person: "d.reyes"}}
	})
	until = w.clock + (48 * time.Hour).Milliseconds()
	return w, w.tell(0, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: en("The Parties shall meet.")}, Until: until}), until
}

// at sets the time of the next act.
func (w *world) at(ms int64) *world { w.clock = ms - 60_000; return w }

// sheet is the action sheet, which must be the same as in a world that is read slowly.
func (w *world) sheet(r act.Hash, now int64) Silence {
	w.t.Helper()
	x, ok := w.state().Silence(r, now)
	if !ok {
		w.t.Fatal("no sheet")
	}
	return x
}

// due is what the party's server ought to accept by silence at that time by its clock.
func (w *world) due(self uint8, now int64) (out []act.Accept) {
	for _, x := range w.state().SilencesKept(self) {
		if x.Until <= now {
			out = append(out, x.Accept())
		}
	}
	return out
}

func silentStates(x Silence) string {
	var out []string
	for _, p := range x.Parties {
		out = append(out, p.State)
	}
	return strings.Join(out, " ")
}

const hour = int64(time.Hour / time.Millisecond)

func TestSheetOfSilence(t *testing.T) {
	for _, c := range []struct {
		name    string
		acts    func(w *world, r act.Hash, until int64)
		now     int64 // against the end
		outcome string
		states  string
	}{
		{"runs", func(w *world, r act.Hash, until int64) { w.tell(1, act.See{}) }, -1, SilenceRuns, "asked received unknown"},
		{"no word", func(w *world, r act.Hash, until int64) { w.tell(1, act.See{}) }, 0, SilenceNotDelivered, "asked received unknown"},
		{"received in time", func(w *world, r act.Hash, until int64) {
			w.tell(1, act.See{})
			w.at(until-24*hour).tell(2, act.See{})
		}, 0, SilenceAwaiting, "asked received received"},
		{"received too late", func(w *world, r act.Hash, until int64) {
			w.tell(1, act.See{})
			w.at(until-24*hour+1).tell(2, act.See{})
		}, 0, SilenceNotDelivered, "asked received late"},
		{"spoke too late without it", func(w *world, r act.Hash, until int64) {
			w.at(until-hour).say(2, act.See{})
		}, 0, SilenceNotDelivered, "asked unknown late"},
		{"adopted", func(w *world, r act.Hash, until int64) {
			w.tell(1, act.See{})
			w.tell(2, act.Accept{Element: "C-1", Revision: r})
			w.at(until).tell(1, act.Accept{Element: "C-1", Revision: r, Silent: true})
			w.tell(0, act.Confirm{Element: "C-1", Revision: r})
			w.tell(2, act.Confirm{Element: "C-1", Revision: r})
			w.tell(2, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: en("Afterwards.")}})
			w.tell(0, act.Withdraw{Element: "C-1", Reason: en("Afterwards.")})
		}, 1, SilenceAdopted, "asked by-silence accepted"},
		{"objection", func(w *world, r act.Hash, until int64) {
			w.tell(2, act.Remark{Element: "C-1", Revision: r, Sort: act.Objection, Text: en("No.")})
		}, -1, SilenceBroken, "asked unknown broke"},
		{"objection to another text", func(w *world, r act.Hash, until int64) {
			w.tell(2, act.Remark{Element: "C-1", Sort: act.Objection, Text: en("No.")})
		}, -1, SilenceRuns, "asked unknown received"},
		{"reservation", func(w *world, r act.Hash, until int64) {
			w.tell(2, act.Remark{Element: "C-1", Revision: r, Sort: act.Reservation, Text: en("But.")})
		}, -1, SilenceRuns, "asked unknown received"},
		{"crossed counter", func(w *world, r act.Hash, until int64) {
			w.say(2, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: en("Other.")}})
		}, -1, SilenceBroken, "asked unknown broke"},
		{"offered text", func(w *world, r act.Hash, until int64) {
			w.tell(2, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: en("Other.")}, Offered: true})
		}, -1, SilenceRuns, "asked unknown received"},
		{"replaced", func(w *world, r act.Hash, until int64) {
			w.tell(0, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: en("Other.")}})
		}, -1, SilenceWithdrawn, "broke unknown unknown"},
		{"left after its silence was given", func(w *world, r act.Hash, until int64) {
			w.tell(1, act.See{})
			w.at(until).tell(1, act.Accept{Element: "C-1", Revision: r, Silent: true})
			w.tell(1, act.Withdraw{Element: "C-1", Reason: en("No.")})
		}, 1, SilenceNotDelivered, "asked by-silence unknown"},
		{"broken, then agreed", func(w *world, r act.Hash, until int64) {
			w.tell(1, act.Remark{Element: "C-1", Revision: r, Sort: act.Objection, Text: en("No.")})
			w.tell(1, act.Accept{Element: "C-1", Revision: r})
			w.tell(2, act.Accept{Element: "C-1", Revision: r})
			w.tell(0, act.Confirm{Element: "C-1", Revision: r})
			w.tell(1, act.Confirm{Element: "C-1", Revision: r})
		}, -1, SilenceBroken, "asked broke accepted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, r, until := hushed(t, 3)
			c.acts(w, r, until)
			x := w.sheet(r, until+c.now)
			equal(t, x.Outcome, c.outcome)
			equal(t, silentStates(x), c.states)
			equal(t, x.Agreed, w.state().Rule().Revision(r).IsAdopted())
			if x.Sentence() == "" {
				t.Error("no words for it")
			}
		})
	}
}

// TestASilenceWithoutReceiptIsMarked has a server that accepts by silence what its own log does not
// show that it had received in time.
func TestASilenceWithoutReceiptIsMarked(t *testing.T) {
	w, r, until := hushed(t, 2)
	w.at(until).tell(1, act.Accept{Element: "C-1", Revision: r, Silent: true})
	w.tell(0, act.Confirm{Element: "C-1", Revision: r})
	x := w.sheet(r, until+1)
	equal(t, x.Outcome, SilenceAdopted)
	equal(t, x.Parties[1].Unproved, true)
}

func TestSilenceThatTheCharterDoesNotAllow(t *testing.T) {
	w, _, _ := hushed(t, 2)
	put := func(ref act.Ref, c act.Content, hours int64, offered bool) Silence {
		return w.sheet(w.tell(0, act.Table{Element: ref, Content: c, Until: w.clock + hours*hour, Offered: offered}), 0)
	}
	equal(t, put("G-1", act.Content{Kind: act.Goal, Text: en("One.")}, 48, false).Void, NoSilence)
	equal(t, put("C-2", act.Content{Kind: act.Clause, Text: en("One.")}, 23, false).Void, ShortSilence)
	equal(t, put("C-3", act.Content{Kind: act.Clause, Text: en("One.")}, 48, true).Void, NoSilence)
	w.tell(1, act.See{})
	equal(t, len(w.state().SilencesKept(1)), 1) // C-1 only
	equal(t, len(w.due(1, w.clock+1000*hour)), 1)
	equal(t, len(w.due(0, w.clock+1000*hour)), 0) // who asked accepts nothing
}

// TestOnlyACoChairSilencesOthers has a party ask for silence that co-chairs nothing, past its own
// server's door: nobody accepts by it.
func TestOnlyACoChairSilencesOthers(t *testing.T) {
	w, _, _ := hushed(t, 3)
	until := w.clock + 48*hour
	r := w.tell(1, act.Table{Element: "C-9", Content: act.Content{Kind: act.Clause, Text: en("IL alone is right.")}, Until: until})
	w.tell(0, act.See{})
	w.tell(2, act.See{})
	x := w.sheet(r, until)
	equal(t, []any{x.Outcome, x.Void}, []any{SilenceVoid, NotChair})
	for _, p := range []uint8{0, 2} {
		for _, a := range w.due(p, until) {
			if a.Revision == r {
				t.Errorf("party %d accepts by silence what %s asked for", p, testCodes[1])
			}
		}
	}
}

// TestOnlyACoChairsTextIsCalledSo has a person offer a text who co-chairs nothing, past its own
// server's door: it stands on the table as whose it is, and not as the Chair's.
func TestOnlyACoChairsTextIsCalledSo(t *testing.T) {
	for _, c := range []struct {
		by   int
		want string
	}{{0, CoChair}, {1, Unchaired}} {
		w, _, _ := hushed(t, 3)
		w.table(2, "C-9", act.Content{Text: en("One.")})
		w.tell(c.by, act.Table{Element: "C-9", Content: act.Content{Kind: act.Clause, Text: en("A bridge.")}, Offered: true})
		d, _ := w.state().Dossier("C-9", 2)
		last := d.History[len(d.History)-1]
		equal(t, []any{d.Offer.Attribution, d.Offer.Party, last.Offered, last.Chaired}, []any{c.want, testCodes[c.by], true, c.want == CoChair})
	}
}

// TestBriefingTellsOfTheOfferThatCalls: where a bridging text is what is put before a party, that text is named,
// until the party answers it or another makes a later move.
func TestBriefingTellsOfTheOfferThatCalls(t *testing.T) {
	w, _, _ := hushed(t, 3)
	w.table(2, "C-9", act.Content{Text: en("One.")})
	w.table(1, "C-9", act.Content{Text: en("Two.")})
	offer := w.tell(0, act.Table{Element: "C-9", Content: act.Content{Kind: act.Clause, Text: en("A bridge.")}, Offered: true})
	told := func(viewer uint8) (string, party.Code, act.Hash) {
		for _, d := range w.state().Briefing(BriefingQuery{Viewer: viewer}).YoursToDecide {
			if d.Ref == "C-9" {
				return d.Move, d.By.Party, d.Revision.ID
			}
		}
		return "", "", act.Hash{}
	}
	for _, viewer := range []uint8{0, 1, 2} {
		move, by, text := told(viewer)
		equal(t, []any{move, by, text}, []any{DidOffer, party.Code("US"), offer})
	}
	later := w.table(2, "C-9", act.Content{Text: en("Three.")})
	move, by, text := told(1)
	equal(t, []any{move, by, text}, []any{"countered", party.Code("AU"), later})
}

// TestSilenceIsNoCapitalsConfirmation has a party leave its acceptance of a text under silence to
// its minister: its server does not accept in the minister's place, not even when the time for it is
// over.
func TestSilenceIsNoCapitalsConfirmation(t *testing.T) {
	for _, ends := range []int64{-hour, hour} {
		w, r, until := hushed(t, 2)
		w.tell(1, act.See{})
		equal(t, len(w.due(1, until)), 1)
		w.tell(1, act.Refer{Element: "C-1", Revision: r, Until: until + ends, Role: en("Minister")})
		equal(t, len(w.due(1, until)), 0)
		equal(t, w.sheet(r, until).Parties[1].Lock, LockedByRole)
		w.tell(1, act.Accept{Element: "C-1", Revision: r}) // the minister has
		w.tell(0, act.Confirm{Element: "C-1", Revision: r})
		equal(t, w.sheet(r, until).Outcome, SilenceAdopted)
	}
}

func TestBriefingNamesWhatEnds(t *testing.T) {
	w, r, until := hushed(t, 2)
	w.tell(1, act.See{})
	two := w.table(0, "C-2", act.Content{Text: en("One.")})
	w.tell(1, act.Refer{Element: "C-2", Revision: two, Until: until - hour, Role: en("Minister")})
	b := w.state().Briefing(BriefingQuery{Viewer: 1, Now: w.clock})
	equal(t, []any{b.EndingAll, b.Ending[0].What, b.Ending[0].Own, b.Ending[1].What, b.Ending[1].Own, b.Ending[1].Revision.ID},
		[]any{2, "referral", true, "silence", true, r})
	equal(t, []int64{b.YoursToDecide[0].Silence, b.YoursToDecide[1].Referral.Until}, []int64{until, until - hour})
	b = w.state().Briefing(BriefingQuery{Viewer: 0, Now: until - 1})
	equal(t, []any{b.EndingAll, b.Ending[0].What, b.Ending[0].Own}, []any{1, "silence", false})
	equal(t, w.state().Briefing(BriefingQuery{Viewer: 0, Now: until}).EndingAll, 0)
	day := act.Date(time.UnixMilli(until).UTC().AddDate(0, 0, 1).Format(time.DateOnly))
	equal(t, w.state().Briefing(BriefingQuery{Viewer: 0, Today: day}).EndingAll, 0)
}

func TestReferrals(t *testing.T) {
	w := newWorld(t, 3)
	r := w.table(0, "C-1", act.Content{Text: en("One.")})
	until := w.clock + 24*hour
	refer := act.Refer{Element: "C-1", Revision: r, Until: until, Role: en("Minister")}
	w.say(1, refer) // of what it has not seen
	equal(t, len(w.state().Referrals("C-1", 0)), 0)
	w.tell(1, refer)
	if all, _ := w.state().AdReferendum("C-1", 0); all != nil {
		t.Error("one party has not spoken")
	}
	w.tell(2, refer)
	all, first := w.state().AdReferendum("C-1", until-1)
	equal(t, []any{all.ID, first}, []any{r, until})
	if all, _ := w.state().AdReferendum("C-1", until); all != nil {
		t.Error("it has not lapsed")
	}
	equal(t, []bool{w.state().Referrals("C-1", until)[0].Lapsed, w.state().Referrals("C-1", until-1)[0].Lapsed}, []bool{true, false})
	w.tell(1, act.Accept{Element: "C-1", Revision: r})
	equal(t, len(w.state().Referrals("C-1", 0)), 1)
	w.table(0, "C-1", act.Content{Text: en("Two.")}) // AU's word is about the text before
	if all, _ := w.state().AdReferendum("C-1", 0); all != nil {
		t.Error("the text has moved on")
	}
	w.table(2, "C-1", act.Content{Text: en("Three.")})
	equal(t, len(w.state().Referrals("C-1", 0)), 0)
}

func TestCertificates(t *testing.T) {
	w := newWorld(t, 2)
	both := func(e, h string) act.Content { return act.Content{Text: en(e).With("he", h)} }
	one := w.table(0, "C-1", both("One.", "אחת."))
	c := both("Two.", "אחת.")
	c.Follows = []act.Following{{Lang: "he", Revision: one}}
	two := w.table(0, "C-1", c)
	w.say(1, act.Certify{Element: "C-1", Revision: two}) // unseen
	w.tell(1, act.Certify{Element: "C-1", Revision: one})
	drift := func() Drift { d, _ := w.state().Drift(two); return d }
	equal(t, []any{drift().InStep, len(drift().Certified)}, []any{false, 0})
	w.tell(1, act.Certify{Element: "C-1", Revision: two})
	w.tell(1, act.Certify{Element: "C-1", Revision: two})
	equal(t, []any{drift().InStep, len(drift().Certified)}, []any{false, 1})
	w.tell(0, act.Certify{Element: "C-1", Revision: two})
	equal(t, []any{drift().InStep, len(drift().Certified), drift().Certified[0].Party}, []any{true, 2, party.Code("US")})
	equal(t, drift().Behind, []Behind{{Lang: text.Lang("he"), Follows: one, Earlier: w.state().RevisionRef(w.state().Rule().Revision(one))}})
}

// TestALockedTextIsNoChoice: what the charter accepts only in step is no choice until it is; another
// party's text, which is in step, stays one. Where the charter locks none, none is left out.
func TestALockedTextIsNoChoice(t *testing.T) {
	for _, locks := range []bool{true, false} {
		w := newWorldOf(t, 3, func(c *group.Charter) { c.InStep = locks })
		one := w.table(0, "C-1", act.Content{Text: en("One.").With("he", "אחת.")})
		behind := w.table(0, "C-1", act.Content{Text: en("Two.").With("he", "אחת."), Follows: []act.Following{{Lang: "he", Revision: one}}})
		w.table(2, "C-1", act.Content{Text: en("Three.").With("he", "שלוש.")})
		w.tell(1, act.See{})
		of := func(name string) (out []party.Code) {
			d, _ := w.state().Dossier("C-1", 1)
			for _, c := range d.Choices {
				if c.Act == name {
					out = append(out, c.Of)
				}
			}
			return out
		}
		all, whole := []party.Code{"US", "AU"}, []party.Code{"AU"}
		if !locks {
			whole = all
		}
		equal(t, [][]party.Code{of("accept"), of("refer")}, [][]party.Code{whole, whole})
		for p := range 3 {
			w.tell(p, act.Certify{Element: "C-1", Revision: behind})
		}
		equal(t, [][]party.Code{of("accept"), of("refer")}, [][]party.Code{all, all})
	}
}

// TestPackagesWithATextInCommonWaitForEachOther has a text in a package that all hold, and in another
// that one party holds alone.
func TestPackagesWithATextInCommonWaitForEachOther(t *testing.T) {
	w := newWorld(t, 2)
	one := w.table(0, "C-1", act.Content{Text: en("One.")})
	two := w.table(0, "C-2", act.Content{Text: en("Two.")})
	three := w.table(0, "C-3", act.Content{Text: en("Three.")})
	parcel := func(ref act.Ref, list ...act.Contained) act.Hash {
		return w.tell(0, act.Table{Element: ref, Tied: true, Content: act.Content{Kind: act.Package, Title: en("P"), Contains: list}})
	}
	k := parcel("K-1", act.Contained{Element: "C-1", Revision: one}, act.Contained{Element: "C-2", Revision: two})
	parcel("K-2", act.Contained{Element: "C-2", Revision: two}, act.Contained{Element: "C-3", Revision: three})
	w.tell(1, act.Accept{Element: "C-1", Revision: one, Tied: true})
	w.tell(1, act.Accept{Element: "C-2", Revision: two, Tied: true})
	w.tell(1, act.Accept{Element: "K-1", Revision: k, Tied: true})
	s := w.state()
	equal(t, s.Due(0, []act.Ref{"C-1", "C-2", "C-3", "K-1", "K-2"}), []act.Confirm(nil))
	d, _ := s.Dossier("C-1", 0)
	equal(t, []any{d.HeldBack, len(d.Packages)}, []any{true, 1})
	w.tell(0, act.Withdraw{Element: "K-2", Reason: en("No.")})
	equal(t, len(w.state().Due(0, []act.Ref{"K-2"})), 3)
}

// TestTalksDoNotDependOnTheOrder reads the same acts in two orders.
func TestTalksDoNotDependOnTheOrder(t *testing.T) {
	w, r, until := hushed(t, 3)
	w.say(2, act.Table{Element: "C-1", Content: act.Content{Kind: act.Clause, Text: en("Crossed.")}})
	w.tell(1, act.See{})
	w.say(1, act.Refer{Element: "C-1", Revision: r, Until: until, Role: en("Minister")})
	w.tell(1, act.Remark{Element: "C-1", Revision: r, Sort: act.Objection, Text: en("No.")})
	w.tell(2, act.Certify{Element: "C-1", Revision: r})
	whole := w.state()
	for _, first := range []int{0, 1, 2} {
		v := slow{w, make([]int, 3)}
		s := New(w.charter, v)
		for i := range 3 {
			p := (first + i) % 3
			v.here[p] = len(w.logs[p].leaves)
			s.Advance()
		}
		equal(t, s.Talks("C-1", until), whole.Talks("C-1", until))
		equal(t, s.Silences("C-1", until), whole.Silences("C-1", until))
	}
}

// TestPackagesAreLookedAtOnce: many packages over the same texts cost as many times as there are
// packages, and not as many times as there are texts too. What is counted is memory that is asked
// for, which is the same on every machine.
func TestPackagesAreLookedAtOnce(t *testing.T) {
	const texts, packages = 60, 12
	w := newWorld(t, 2)
	var list []act.Contained
	for i := range texts {
		ref := act.Ref(fmt.Sprintf("C-%d", i+1))
		list = append(list, act.Contained{Element: ref, Revision: w.table(0, ref, act.Content{Text: en("x")})})
	}
	for k := range packages {
		w.tell(1, act.Table{Element: act.Ref(fmt.Sprintf("K-%d", k+1)), Tied: true, Content: act.Content{Kind: act.Package, Title: en("P"), Contains: list}})
	}
	s := w.state()
	k := s.Element("K-1").Leading()
	once := testing.AllocsPerRun(3, func() { s.Content(k) })
	if got := testing.AllocsPerRun(3, func() { s.Due(0, []act.Ref{"C-1"}) }); got > 5*packages*once+20*texts {
		t.Errorf("%v allocations, where one package takes %v", got, once)
	}
	if len(s.Due(0, []act.Ref{"C-1"})) != 0 {
		t.Error("something of a package that only one party holds is confirmed")
	}
}
