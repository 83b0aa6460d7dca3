package chancery_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/ledger"
	"entente/ledger/memstore"
	"entente/party"
	"entente/plan"
	"entente/text"
)

const threeDays = 72 * time.Hour

// A watch is a server's clock: it can be wrong, and set.
type watch struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

func (w *watch) set(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += by
}

// A table is servers of one group, each with a watch of its own, in a bubble of time.
type table struct {
	t       *testing.T
	homes   []*home
	watches []*watch
	closed  []bool
}

var delegates = []string{"d.reyes", "n.amar", "k.lee"}

// seat makes servers of a group. The first is the co-chair's.
func seat(t *testing.T, n int, change func(*chancery.Terms)) *table {
	t.Helper()
	b := &table{t: t, closed: make([]bool, n)}
	terms := terms()
	for i := range n {
		keys, err := party.NewKeys(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		w := &watch{}
		code := []party.Code{"US", "IL", "AU"}[i]
		h := &home{t: t, keys: keys, card: keys.Card(code, names(string(code)+" party"), []text.Lang{"en"}, ""), desk: memdesk.New(),
			shelf: &shelves{stores: map[act.Hash]*memstore.Store{}, disks: map[act.Hash]*memdisk{}}, clock: w.now}
		h.open()
		person := party.Person(delegates[i])
		if err := h.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: person, Name: names(delegates[i]), Role: names("Delegate")}); err != nil {
			t.Fatal(err)
		}
		if h.who, err = h.Local(t.Context(), person); err != nil {
			t.Fatal(err)
		}
		b.homes, b.watches = append(b.homes, h), append(b.watches, w)
		terms.Members = append(terms.Members, h.member())
	}
	terms.Chairs = []group.Chair{{Party: "US", Person: "d.reyes"}}
	terms.Silence = group.Silence{Least: threeDays, Kinds: []act.ElementKind{act.Goal, act.Clause}}
	if change != nil {
		change(&terms)
	}
	b.convene(terms)
	return b
}

func (b *table) convene(terms chancery.Terms) {
	b.t.Helper()
	for _, h := range b.homes {
		for _, o := range b.homes {
			if h != o {
				row := chancery.CounterpartRow{Code: o.card.Code, Card: o.card.Format(o.keys), Confirmed: time.Now().UTC().Truncate(time.Millisecond), By: h.who.Person}
				if err := h.desk.PutCounterpart(b.t.Context(), row); err != nil {
					b.t.Fatal(err)
				}
			}
		}
	}
	g, err := b.homes[0].Convene(b.t.Context(), b.homes[0].who, terms)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, h := range b.homes[1:] {
		if _, err := h.Offered(b.t.Context(), g.Charter().Format(), "US"); err != nil {
			b.t.Fatal(err)
		}
		if _, err := h.Answer(b.t.Context(), h.who, g.ID(), true); err != nil {
			b.t.Fatal(err)
		}
	}
	b.meet()
}

// hand takes new entries across, without more cosignatures of old ones: checking these is most of the
// work. It reports whether there were any.
func hand(t *testing.T, from, to *home) bool {
	t.Helper()
	have := map[ledger.Log]uint64{}
	for _, h := range to.plenary().Heads() {
		have[h.Log] = h.Size
	}
	deltas := slices.DeleteFunc(from.plenary().Deltas(have, 1<<30), func(d chancery.Delta) bool { return len(d.Leaves) == 0 })
	if len(deltas) == 0 {
		return false
	}
	if _, err := to.plenary().Take(t.Context(), from.card.Code, deltas); err != nil {
		t.Fatal(err)
	}
	return true
}

// meet exchanges everything between all servers.
func (b *table) meet() {
	b.t.Helper()
	for range 12 {
		synctest.Wait()
		some := false
		for i, h := range b.homes {
			for j, o := range b.homes {
				if i != j && !b.closed[i] && !b.closed[j] {
					some = hand(b.t, h, o) || some
				}
			}
		}
		if !some {
			return
		}
	}
	b.t.Fatal("they never come to rest")
}

func (b *table) stop(i int) { b.homes[i].Close(); b.closed[i] = true }

func (b *table) start(i int) { b.homes[i].open(); b.closed[i] = false }

func (b *table) later(d time.Duration) { time.Sleep(d); synctest.Wait() }

// hush tables a text under silence that ends in so much time by the co-chair's clock.
func (b *table) hush(ref act.Ref, in time.Duration) act.Hash {
	b.t.Helper()
	body := goal(ref, "Block any path.")
	body.Until = b.watches[0].now().Add(in).UnixMilli()
	return b.homes[0].admit(body).ID
}

// sheet is the action sheet at a server, by its own clock.
func (b *table) sheet(i int, r act.Hash) plan.Silence {
	var out plan.Silence
	b.homes[i].plenary().View(func(p *plan.State) { out, _ = p.Silence(r, b.watches[i].now().UnixMilli()) })
	return out
}

func (b *table) outcomes(r act.Hash, want string) {
	b.t.Helper()
	for i := range b.homes {
		if x := b.sheet(i, r); x.Outcome != want {
			b.t.Errorf("%s says %s, not %s: %+v", b.homes[i].card.Code, x.Outcome, want, x)
		}
	}
}

func TestSilenceAdopts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 3, nil)
		r := b.hush("G-1", 80*time.Hour)
		b.meet()
		b.outcomes(r, plan.SilenceRuns)
		b.later(80*time.Hour - time.Minute)
		b.meet()
		b.outcomes(r, plan.SilenceRuns)
		b.later(2 * time.Minute)
		b.outcomes(r, plan.SilenceAwaiting)
		b.meet()
		b.outcomes(r, plan.SilenceAdopted)
		for _, p := range b.sheet(2, r).Parties[1:] {
			if p.State != plan.SilentGiven || p.Unproved || p.Receipt == nil || p.Answer.By != "" {
				t.Errorf("%+v", p)
			}
		}
	})
}

func TestSilenceIsBroken(t *testing.T) {
	for name, breaks := range map[string]func(b *table, r act.Hash){
		"objection": func(b *table, r act.Hash) {
			b.homes[1].admit(act.Remark{Element: "G-1", Revision: r, Sort: act.Objection, Text: names("Our capital has doubts.")})
		},
		"counter": func(b *table, r act.Hash) { b.homes[1].admit(goal("G-1", "Block some paths.")) },
		"withdrawal": func(b *table, r act.Hash) {
			b.homes[1].admit(act.Accept{Element: "G-1", Revision: r})
			b.homes[1].admit(act.Withdraw{Element: "G-1", Reason: names("Our capital has doubts.")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := seat(t, 3, nil)
				r := b.hush("G-1", 80*time.Hour)
				b.meet()
				b.later(79 * time.Hour)
				breaks(b, r)
				b.later(2 * time.Hour) // nobody else has heard of it: AU keeps silent
				b.meet()
				b.outcomes(r, plan.SilenceBroken)
				x := b.sheet(0, r)
				if x.Breaks[0].How != name || x.Breaks[0].Party != "IL" || x.Agreed || !strings.HasPrefix(x.Sentence(), "Broken by IL, at 2000-01-04 07:00 UTC") {
					t.Errorf("%+v: %s", x.Breaks, x.Sentence())
				}
				if b.homes[0].status("G-1") != plan.InBrackets {
					t.Error("adopted though one party broke the silence")
				}
			})
		})
	}
}

func TestSilenceOfWhoWasCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		r := b.hush("G-1", 80*time.Hour)
		b.later(9 * time.Hour) // less than the minimum is left
		b.meet()
		b.later(80 * time.Hour)
		b.meet()
		b.outcomes(r, plan.SilenceNotDelivered)
		if x := b.sheet(0, r); len(x.NotDelivered) != 1 || x.Parties[1].State != plan.SilentLate || x.Parties[1].Receipt == nil {
			t.Errorf("%+v", x)
		}
		b.homes[1].admit(act.Accept{Element: "G-1", Revision: r})
		b.meet()
		b.outcomes(r, plan.SilenceAdopted)
	})
}

func TestSilenceEndsWhileTheServerIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		r := b.hush("G-1", 80*time.Hour)
		b.meet()
		b.stop(1)
		b.later(200 * time.Hour)
		b.outcomes0(r, plan.SilenceAwaiting)
		b.start(1)
		b.meet()
		b.outcomes(r, plan.SilenceAdopted)
	})
}

func (b *table) outcomes0(r act.Hash, want string) {
	b.t.Helper()
	if x := b.sheet(0, r); x.Outcome != want {
		b.t.Errorf("%s, not %s", x.Outcome, want)
	}
}

// TestAClockThatJumps has a server whose clock is set while a silence runs: it does not accept by
// itself, neither then nor after a restart, and says so.
func TestAClockThatJumps(t *testing.T) {
	for _, by := range []time.Duration{-2 * time.Hour, 2 * time.Minute, 200 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			b := seat(t, 2, nil)
			r := b.hush("G-1", 80*time.Hour)
			b.meet()
			b.later(time.Hour)
			b.watches[1].set(by)
			b.later(2 * time.Hour)
			if b.homes[1].plenary().SilenceHeld(r) == "" {
				t.Error("the server says nothing")
			}
			b.watches[1].set(-by)
			b.stop(1)
			b.later(time.Hour)
			b.start(1)
			b.later(200 * time.Hour)
			b.meet()
			b.outcomes(r, plan.SilenceAwaiting)
			if list, _ := b.homes[1].plenary().Silences("G-1"); len(list) != 1 || list[0].Held == "" {
				t.Error("the server says nothing after it was started again")
			}
			b.homes[1].admit(act.Accept{Element: "G-1", Revision: r})
			b.meet()
			b.outcomes(r, plan.SilenceAdopted)
		})
	}
}

func TestAClockThatDriftsALittleDoesNoHarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, nil)
		b.watches[1].set(-25 * time.Minute) // wrong, but steady
		r := b.hush("G-1", 80*time.Hour)
		b.meet()
		b.later(time.Hour)
		b.watches[1].set(30 * time.Second)
		b.later(79*time.Hour + 10*time.Minute)
		b.meet()
		b.outcomes0(r, plan.SilenceAwaiting) // not over by the receiver's own clock
		b.later(20 * time.Minute)
		b.meet()
		b.outcomes(r, plan.SilenceAdopted)
	})
}

// refused sends a draft and wants it refused by that rule.
func (h *home) refused(rule string, body act.Body) string {
	h.t.Helper()
	_, err := h.plenary().Admit(h.t.Context(), h.who, chancery.Draft{Body: body})
	var no *chancery.Refused
	if !errors.As(err, &no) || no.Rule != rule {
		h.t.Errorf("%T: %v, not refused by %q", body, err, rule)
		return ""
	}
	return no.Sentence
}

func TestTheDoorOfSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := seat(t, 2, func(terms *chancery.Terms) { terms.Members[1].Zone = "Asia/Jerusalem" })
		us, il := b.homes[0], b.homes[1]
		il.admit(act.Calendar{Rest: act.On(time.Friday) | act.On(time.Saturday), Days: []act.Holiday{{On: "2000-01-09", Name: names("A day of remembrance")}}})
		b.meet()
		ask := func(ref act.Ref, until time.Time) act.Table {
			body := goal(ref, "Block any path.")
			if ref[0] == 'A' {
				body.Content.Kind = act.Action
			}
			body.Until = until.UnixMilli()
			return body
		}
		now := time.Now() // Saturday 1 January 2000
		good := now.Add(5*24*time.Hour + 10*time.Hour)
		il.refused("chair", ask("G-1", good))
		us.refused("silence", ask("A-1", good))
		us.refused("silence", ask("G-1", now.Add(threeDays)))
		us.refused("silence", ask("G-1", now.Add(400*24*time.Hour)))
		if s := us.refused("holiday", ask("G-1", now.Add(6*24*time.Hour))); !strings.Contains(s, "Friday 2000-01-07") || !strings.Contains(s, "IL") {
			t.Error(s)
		}
		if s := us.refused("holiday", ask("G-1", now.Add(7*24*time.Hour+23*time.Hour))); !strings.Contains(s, "Sunday 2000-01-09") || !strings.Contains(s, "remembrance") {
			t.Error(s) // still Saturday in London
		}
		offer := ask("G-1", good)
		offer.Offered = true
		us.refused("silence", offer)
		k := ask("K-1", good)
		k.Content = act.Content{Kind: act.Package, Title: names("Package"), Contains: []act.Contained{{Element: "G-1", Revision: act.Hash{1}}}}
		us.refused("package", k)
		r := us.admit(ask("G-1", good)).ID
		b.meet()
		il.refused("server", act.Accept{Element: "G-1", Revision: r, Silent: true})
	})
}
