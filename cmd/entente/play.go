package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"entente/act"
	"entente/cmd/entente/story"
	"entente/group"
	"entente/internal/chancery"
	"entente/party"
	"entente/plan"
)

// A play is a story being played through the real doors: one server for each party, with its own
// folder, keys and files, linked over real lines.
type play struct {
	story *story.Story
	clock *storyClock
	towns []*town
	news  map[party.Code]map[string]bool // per party, elements that others spoke of since it last asked
	stop  context.CancelFunc
	lines sync.WaitGroup
}

// A town is one party's server in a play.
type town struct {
	*station
	of   *story.Party
	line net.Listener // for counterparts
	dir  string
}

// A storyClock tells the time of the story: as set while it is played, and from then on as the
// world's clock goes.
type storyClock struct {
	mu    sync.Mutex
	at    time.Time
	from  time.Time // when the story begins
	began time.Time // zero until it runs
	world func() time.Time
}

func (c *storyClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.began.IsZero() {
		return c.at
	}
	return c.at.Add(c.world().Sub(c.began))
}

// elapsed is how long the story has gone on: no jump of its clock is one of a clock that is wrong.
func (c *storyClock) elapsed() time.Duration { return c.now().Sub(c.from) }

func (c *storyClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *storyClock) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began = c.world()
}

// stage makes the parties' folders, keys, people and servers below a folder. Closing the play
// closes them all.
func stage(ctx context.Context, st *story.Story, dir string, world func() time.Time, log *slog.Logger) (*play, error) {
	p := &play{story: st, clock: &storyClock{at: st.Date, from: st.Date, world: world}}
	ctx, p.stop = context.WithCancel(ctx)
	for i := range st.Parties {
		t, err := p.settle(ctx, &st.Parties[i], dir, log)
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.towns = append(p.towns, t)
		p.lines.Go(func() {
			if err := t.exchange.Serve(ctx, t.line); err != nil && ctx.Err() == nil {
				log.Error("the line for counterparts has closed", "party", t.of.Code, "err", err)
			}
		})
	}
	return p, nil
}

// settle makes one party's folder and server.
func (p *play) settle(ctx context.Context, of *story.Party, dir string, log *slog.Logger) (*town, error) {
	t := &town{of: of, dir: filepath.Join(dir, strings.ToLower(string(of.Code)))}
	var err error
	if t.line, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, cannot("listen for counterparts", err)
	}
	h, err := makeHome(t.dir, rand.Reader, func(k party.Keys) party.Card {
		return k.Card(of.Code, of.Names, of.Languages, t.line.Addr().String())
	})
	if err != nil {
		return nil, errors.Join(err, t.line.Close())
	}
	if t.station, err = openStation(ctx, h, stationConfig{clock: p.clock.now, ran: p.clock.elapsed, log: log}); err != nil {
		return nil, errors.Join(err, t.line.Close())
	}
	people := slices.Clone(of.People)
	slices.SortStableFunc(people, func(a, b story.Person) int { return len(b.Powers) - len(a.Powers) }) // the first is an administrator
	for i := range people {
		if err := t.chancery.AddPerson(ctx, chancery.Who{Admin: true}, personRow(&people[i])); err != nil {
			return nil, errors.Join(err, t.close(), t.line.Close())
		}
	}
	return t, nil
}

// close stops the lines and closes the servers.
func (p *play) close() error {
	p.stop()
	p.lines.Wait()
	var errs []error
	for _, t := range p.towns {
		errs = append(errs, t.close())
	}
	return errors.Join(errs...)
}

func (p *play) town(code party.Code) *town {
	for _, t := range p.towns {
		if t.of.Code == code {
			return t
		}
	}
	return nil
}

// convener is the person who convenes groups and gives delegations for the party.
func (t *town) convener() party.Person {
	for _, p := range t.of.People {
		if slices.Contains(p.Powers, "convene") {
			return p.ID
		}
	}
	return ""
}

func (t *town) who(ctx context.Context, id party.Person) (chancery.Who, error) {
	return t.chancery.Local(ctx, id)
}

// open links the servers, convenes the groups and gives the delegations.
func (p *play) open(ctx context.Context) error {
	first := p.towns[0]
	for i, a := range p.towns {
		for _, b := range p.towns[i+1:] {
			if err := p.link(ctx, a, b); err != nil {
				return fmt.Errorf("link %s and %s: %w", a.of.Code, b.of.Code, err)
			}
		}
	}
	var plenary act.Hash
	for i := range p.story.Groups {
		g := &p.story.Groups[i]
		if g.Number > 0 {
			own, ok := first.chancery.Group("0")
			if !ok {
				return fmt.Errorf("the plenary was not convened")
			}
			plenary = own.ID()
		}
		if err := p.convene(ctx, g, plenary); err != nil {
			return fmt.Errorf("convene group %d: %w", g.Number, err)
		}
	}
	if err := p.settleDown(ctx); err != nil {
		return err
	}
	for _, t := range p.towns {
		if err := p.accredit(ctx, t); err != nil {
			return fmt.Errorf("delegations of %s: %w", t.of.Code, err)
		}
	}
	return p.settleDown(ctx)
}

// link compares the numbers of two servers, as two people would over the telephone.
func (p *play) link(ctx context.Context, a, b *town) error {
	us, err := a.who(ctx, a.convener())
	if err != nil {
		return err
	}
	them, err := b.who(ctx, b.convener())
	if err != nil {
		return err
	}
	invitation, err := a.chancery.Invite(ctx, us, b.of.Code, b.of.Names, chancery.Terms{})
	if err != nil {
		return err
	}
	reply, err := b.chancery.TakeUp(ctx, them, invitation, a.home.card.Number().Last())
	if err != nil {
		return err
	}
	_, err = a.chancery.Accept(ctx, us, reply, b.home.card.Number().Last())
	return err
}

// convene lets the group's first party convene it and the others join.
func (p *play) convene(ctx context.Context, g *story.Group, plenary act.Hash) error {
	terms := chancery.Terms{Number: g.Number, Name: g.Name, Plan: p.story.Title, Terms: g.Terms, Notice: p.story.Notice,
		Languages: p.story.Languages, Ceiling: g.Marking, Plenary: plenary, InStep: g.InStep}
	var err error
	if terms.Silence, err = silenceOf(g.Silence); err != nil {
		return err
	}
	for _, c := range g.Chairs {
		terms.Chairs = append(terms.Chairs, group.Chair{Party: c.Party, Person: c.Person})
	}
	for _, code := range g.Parties {
		t := p.town(code)
		terms.Members = append(terms.Members, group.Member{Code: code, Names: t.of.Names, Signing: t.home.card.Signing,
			Zone: t.of.Zone.String(), Capital: t.of.Capital})
	}
	first := p.town(g.Parties[0])
	who, err := first.who(ctx, first.convener())
	if err != nil {
		return err
	}
	if _, err := first.chancery.Convene(ctx, who, terms); err != nil {
		return err
	}
	for _, code := range g.Parties[1:] {
		if err := p.join(ctx, p.town(code)); err != nil {
			return err
		}
	}
	return nil
}

// join fetches what a party is offered, and joins it.
func (p *play) join(ctx context.Context, t *town) error {
	if err := t.exchange.Fetch(ctx); err != nil {
		return err
	}
	who, err := t.who(ctx, t.convener())
	if err != nil {
		return err
	}
	rows, err := t.chancery.Invited(ctx, who)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if _, err := t.chancery.Answer(ctx, who, row.ID, true); err != nil {
			return err
		}
	}
	return nil
}

// accredit gives a party's delegations: in each group the co-chairs, whoever speaks there or notes
// something in the margin, and those who may give delegations; and the days on which its capital rests.
func (p *play) accredit(ctx context.Context, t *town) error {
	who, err := t.who(ctx, t.convener())
	if err != nil {
		return err
	}
	for i := range p.story.Groups {
		g := &p.story.Groups[i]
		own, ok := t.chancery.Group(strconv.FormatUint(uint64(g.Number), 10))
		if !ok || !slices.Contains(g.Parties, t.of.Code) {
			continue
		}
		var body act.Accredit
		for j := range t.of.People {
			person := &t.of.People[j]
			if !p.sits(g, t.of.Code, person) {
				continue
			}
			d, err := delegate(person)
			if err != nil {
				return err
			}
			body.Delegates = append(body.Delegates, d)
		}
		slices.SortFunc(body.Delegates, func(a, b act.Delegate) int { return strings.Compare(string(a.Person), string(b.Person)) })
		if _, err := own.Admit(ctx, who, chancery.Draft{Body: body}); err != nil {
			return err
		}
		if err := t.keepCalendar(ctx, own, who); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) sits(g *story.Group, code party.Code, person *story.Person) bool {
	speaks := func(st story.Step) bool { return st.Group == g.Number && st.Party == code && st.By == person.ID }
	notes := func(n story.Note) bool { return n.Group == g.Number && n.Party == code && n.By == person.ID }
	return g.Number == 0 || slices.ContainsFunc(p.story.Margin, notes) || slices.Contains(person.Powers, "convene") ||
		slices.ContainsFunc(g.Chairs, func(c story.Chair) bool { return c.Party == code && c.Person == person.ID }) ||
		slices.ContainsFunc(p.story.Steps, speaks) || slices.ContainsFunc(p.story.Settle, speaks)
}

// steps plays what the parties say. Before a party speaks of what others have spoken of since, it
// fetches what they said.
func (p *play) steps(ctx context.Context, steps []story.Step) error {
	p.news = map[party.Code]map[string]bool{}
	for i := range steps {
		st := &steps[i]
		p.clock.set(st.At)
		t := p.town(st.Party)
		if p.unheard(st) {
			if err := t.exchange.Fetch(ctx); err != nil {
				return err
			}
			delete(p.news, st.Party)
		}
		if err := t.say(ctx, st); err != nil {
			return fmt.Errorf("%s, %s: %s of %s by %s: %w", st.At.Format(time.DateTime), st.Party, st.Act, st.Element, st.By, err)
		}
		for _, o := range p.towns {
			if o != t && p.news[o.of.Code] == nil {
				p.news[o.of.Code] = map[string]bool{}
			}
			if o != t {
				p.news[o.of.Code][st.Element] = true
			}
		}
	}
	return p.settleDown(ctx)
}

// unheard reports whether a step is about anything that its party has not heard of yet.
func (p *play) unheard(st *story.Step) bool {
	news := p.news[st.Party]
	about := []string{st.Element}
	if c := st.Content; c != nil {
		about = append(append(about, c.Parent), c.Cites...)
		for _, m := range c.Contains {
			about = append(about, m.Element)
		}
	}
	return slices.ContainsFunc(about, func(ref string) bool { return news[ref] })
}

func (t *town) say(ctx context.Context, st *story.Step) error {
	g, ok := t.chancery.Group(strconv.FormatUint(uint64(st.Group), 10))
	if !ok {
		return chancery.ErrWithheld
	}
	who, err := t.who(ctx, st.By)
	if err != nil {
		return err
	}
	var drafts []chancery.Draft
	g.View(func(s *plan.State) { drafts, err = draftsOf(s, g.Self(), st) })
	if err != nil {
		return err
	}
	_, err = g.Admit(ctx, who, drafts...)
	return err
}

// maxRounds bounds how often the servers may have to ask each other until nothing is new.
const maxRounds = 40

// settleDown lets the servers exchange until all hold the same and have cosigned it.
func (p *play) settleDown(ctx context.Context) error {
	for range maxRounds {
		before := p.versions()
		for _, t := range p.towns {
			if err := t.exchange.Fetch(ctx); err != nil {
				return err
			}
		}
		if p.versions() == before {
			return nil
		}
	}
	return errors.New("the servers do not come to rest")
}

func (p *play) versions() (n uint64) {
	for _, t := range p.towns {
		for _, g := range t.chancery.Groups() {
			n += g.Version() + 1
		}
	}
	return n
}
