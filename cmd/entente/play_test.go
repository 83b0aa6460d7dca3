package main

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"entente/cmd/entente/story"
	"entente/plan"
)

func playStory(t *testing.T, name string) *play {
	t.Helper()
	st, err := story.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	p, err := stage(ctx, st, t.TempDir(), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	if err := p.open(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.steps(ctx, st.Steps); err != nil {
		t.Fatal(err)
	}
	return p
}

// totals adds up the groups of the party that sits in all of them.
func (p *play) totals(t *testing.T) (n plan.Totals) {
	for i := range p.story.Groups {
		g, ok := p.towns[0].chancery.Group(strconv.Itoa(i))
		if !ok {
			t.Fatalf("no group %d", i)
		}
		g.View(func(s *plan.State) {
			x := s.Totals()
			n.Elements += x.Elements
			n.Agreed += x.Agreed
			n.InBrackets += x.InBrackets
			n.Reserved += x.Reserved
			n.Withdrawn += x.Withdrawn
			if _, voids := s.Voids(1); voids > 0 {
				t.Errorf("%d void entries in group %d", voids, i)
			}
		})
	}
	return n
}

func TestTheStoriesPlay(t *testing.T) {
	for _, name := range story.Names() {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			p := playStory(t, name)
			t.Log(time.Since(began))
			n, want := p.totals(t), p.story.Tally(false)
			if n.InBrackets != want.Brackets+want.Waiting || n.Agreed+n.Reserved != want.Agreed || n.Withdrawn != want.Withdrawn {
				t.Errorf("the plan has %+v, the story says %+v", n, want)
			}
			if err := p.steps(context.Background(), p.story.Settle); err != nil {
				t.Fatal(err)
			}
			if n := p.totals(t); n.InBrackets != 0 {
				t.Errorf("settled, and %d still in brackets", n.InBrackets)
			}
			t.Log(time.Since(began))
		})
	}
}
