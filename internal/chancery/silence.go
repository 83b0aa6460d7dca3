package chancery

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"entente/act"
	"entente/plan"
)

// # Silence procedure
//
// A server that receives a text under silence writes at once that it has seen it, so that its own
// log proves the receipt. When the time is over by its own clock, it accepts the text, marked as
// given by silence: if its log shows the receipt at least the charter's minimum before, and
// nobody is known to have broken the silence (plan.State.SilencesKept). A server that was stopped
// then does so when it starts. One goroutine waits for all groups, woken by changes and by the next end.
//
// The clock is the server's own, and may be wrong. What can be known of that is known: the wall clock
// is compared with the time that has passed. Where the two have parted by more than maxClockJump
// since the text came, the server does not accept by itself, neither then nor after a restart, and
// says so.

// Bounds of the silence procedure.
const (
	maxClockJump = time.Minute // between the wall clock and the time that passed, while a silence runs
	maxNap       = time.Hour   // between two looks at the clocks while a silence runs
	silenceRetry = time.Minute // after what was due could not be written
)

// silenceFrozen says why nothing is accepted by silence in a group of which a log is frozen.
const silenceFrozen = "A party of this group was caught with two histories, so that what it has done is not known. This server does not accept by silence. Telephone your counterpart, and accept or object yourselves."

// settingClock begins the name of the setting that says why this server does not accept a text by
// silence: the rest is the revision.
const settingClock = "silence-clock/"

// keepSilences writes what silences bring about when their time is over, until quit is closed.
func (c *Chancery) keepSilences() {
	defer close(c.kept)
	for {
		var timer <-chan time.Time
		if wait, some := c.nextSilence(); some {
			timer = c.after(wait)
		}
		select {
		case <-c.quit:
			return
		case <-c.stirred:
		case <-timer:
		}
	}
}

// stir has the ends of silences looked at again.
func (c *Chancery) stir() {
	select {
	case c.stirred <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// nextSilence has written what is due in every group, and says how long to wait for the next end.
func (c *Chancery) nextSilence() (wait time.Duration, some bool) {
	wait = maxNap
	for _, g := range c.Groups() {
		if w, kept := g.keepSilence(); kept {
			wait, some = min(wait, w), true
		}
	}
	return wait, some
}

// keepSilence has written what is due in the group, and says how long to wait for the next end.
func (g *Group) keepSilence() (wait time.Duration, some bool) {
	select {
	case <-g.whole:
	default: // its logs are still being read; catchUp stirs
		return 0, false
	}
	due, wait, some := g.nextEnd()
	if !due {
		return wait, some
	}
	o := &order{ctx: g.ctx, silence: true}
	if g.enqueue(o); o.err != nil && g.ctx.Err() == nil {
		g.c.log.Error("an acceptance by silence could not be written", "group", g.handle, "err", o.err)
	}
	if due, wait, some = g.nextEnd(); due {
		return silenceRetry, true
	}
	return wait, some
}

// nextEnd reports whether some silence that this server keeps is over, and how long the next runs.
func (g *Group) nextEnd() (due bool, wait time.Duration, some bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.hold != "" || !g.plan.Hushed() || len(g.frozen) > 0 {
		return false, 0, false
	}
	kept := g.keptSilences()
	now := g.c.clock().UnixMilli()
	for _, w := range kept {
		switch {
		case g.vigil.clocks[w.Revision].distrust != "":
		case w.Until <= now:
			due = true
		default: // soonest first
			return due, time.Duration(min(w.Until-now, maxNap.Milliseconds())) * time.Millisecond, true
		}
	}
	return due, 0, false
}

// stay accepts by silence what is due. The lock is held.
func (s *step) stay() {
	if s.hold != "" || s.shelf.last(s.self) == nil || !s.plan.Hushed() || len(s.frozen) > 0 {
		return
	}
	kept := s.keptSilences()
	now := s.c.clock().UnixMilli()
	for _, w := range kept {
		if w.Until > now || s.vigil.clocks[w.Revision].distrust != "" {
			continue
		}
		if _, err := s.fold("", s.tie(w.Accept(), nil)); err != nil {
			s.c.log.Error("an acceptance by silence was refused", "group", s.handle, "element", w.Element, "err", err)
		}
	}
}

// acknowledge writes that texts under silence have been seen, where nothing else has. The lock is
// held, and what was written before is folded.
func (s *step) acknowledge() {
	if s.hold != "" || s.shelf.last(s.self) == nil || !s.plan.Hushed() {
		return
	}
	if s.plan.Unacknowledged(s.self) {
		_, err := s.fold("", act.See{})
		if err == nil {
			err = s.advance()
		}
		if err != nil {
			s.c.log.Error("a receipt was refused", "group", s.handle, "err", err)
			return
		}
	}
	s.keptSilences()
}

// A clock is what a server knows of its own clock for one silence.
type clock struct {
	ahead    time.Duration // of the time that passed, when the text came or the server started
	distrust string        // why it does not accept by itself; empty where it does
}

// A vigil is what a server knows of the silences that it keeps in a group.
type vigil struct {
	kept        []plan.Waited
	of          *plan.State // of which kept was asked, when it had changed so often
	turns       uint64
	clocks      map[act.Hash]clock
	least, most time.Duration // of what clocks that are trusted say of ahead
}

// keptSilences are the silences that this server keeps, soonest first. Of a plan in which nothing has
// changed for them they are not looked for again. For each, the wall clock is compared with the time
// that has passed. The lock is held.
func (g *Group) keptSilences() []plan.Waited {
	v, turns := &g.vigil, g.plan.SilenceTurns()
	same := v.of == g.plan && v.turns == turns
	if !same {
		v.kept, v.of, v.turns = g.plan.SilencesKept(g.self), g.plan, turns
	}
	if len(v.kept) == 0 {
		v.clocks = nil
		return nil
	}
	ahead := time.Duration(g.c.clock().UnixMilli())*time.Millisecond - g.c.elapsed()
	if !same || jumped(ahead-v.least) || jumped(v.most-ahead) {
		g.watchClocks(ahead)
	}
	return v.kept
}

// jumped reports whether the clock has moved by more than it may.
func jumped(by time.Duration) bool { return by.Round(time.Second).Abs() > maxClockJump }

// watchClocks notes how far the wall clock is ahead of the time that has passed, for silences that
// have come to be kept, and finds those since whose beginning it has jumped. The lock is held.
func (g *Group) watchClocks(ahead time.Duration) {
	v := &g.vigil
	was := v.clocks
	v.clocks, v.least, v.most = make(map[act.Hash]clock, len(v.kept)), ahead, ahead
	for _, w := range v.kept {
		c, known := was[w.Revision]
		if !known {
			c = clock{ahead, g.distrusted(w.Revision)}
		}
		if c.distrust == "" && jumped(ahead-c.ahead) {
			c.distrust = fmt.Sprintf("The clock of this server has moved by %s against the time that passed while the silence ran, so that its end cannot be told from it. The server does not accept by itself. Look at the clock, and accept or object yourselves.", (ahead - c.ahead).Round(time.Second))
			g.keepDistrust(w.Revision, c.distrust)
		}
		if v.clocks[w.Revision] = c; c.distrust == "" {
			v.least, v.most = min(v.least, c.ahead), max(v.most, c.ahead)
		}
	}
}

// distrusted reads what an earlier run of the server has found about its clock.
func (g *Group) distrusted(revision act.Hash) string {
	why, known, err := g.c.desk.Setting(context.WithoutCancel(g.ctx), settingClock+hex.EncodeToString(revision[:]))
	switch {
	case err != nil:
		g.c.log.Error("what is known of the clock cannot be read", "group", g.handle, "err", err)
		return "What is known of this server's clock cannot be read, so that it does not accept by itself. Accept or object yourselves."
	case known:
		return why
	}
	return ""
}

func (g *Group) keepDistrust(revision act.Hash, why string) {
	g.c.log.Error("the clock has jumped while a silence ran; nothing is accepted by it", "group", g.handle, "revision", revision.Short(), "why", why)
	if err := g.c.desk.PutSetting(context.WithoutCancel(g.ctx), settingClock+hex.EncodeToString(revision[:]), why); err != nil {
		g.c.log.Error("what is known of the clock cannot be kept", "group", g.handle, "err", err)
	}
}

// Silences are the action sheets of an element by the server's clock, with its own notes; here tells
// whether there is such an element.
func (g *Group) Silences(ref act.Ref) (list []plan.Silence, here bool) {
	now := g.c.clock().UnixMilli()
	g.View(func(p *plan.State) { list, here = p.Silences(ref, now), p.Element(ref) != nil })
	for i := range list {
		list[i].Held = g.note(&list[i])
	}
	return list, here
}

// note is what this server has to say about a procedure that is not over for it.
func (g *Group) note(x *plan.Silence) string {
	switch own := x.Parties[g.self].State; {
	case own != plan.SilentReceived && own != plan.SilentUnknown:
		return ""
	case x.Outcome == plan.SilenceRuns || x.Outcome == plan.SilenceAwaiting || x.Outcome == plan.SilenceNotDelivered:
		return g.SilenceHeld(x.Revision.ID)
	}
	return ""
}

// SilenceHeld says why this server does not accept a text by silence when the time is over, beside
// what its action sheet shows; empty where it does.
func (g *Group) SilenceHeld(revision act.Hash) string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.hold != "" {
		return g.hold
	}
	if len(g.frozen) > 0 {
		return silenceFrozen
	}
	return g.vigil.clocks[revision].distrust
}
