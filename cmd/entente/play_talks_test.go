package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/sqlite"
	"entente/plan"
)

// What the demonstration promises to show of the talks stands on both servers when its pages open, and
// both keep the silence that runs.
func TestPlayTalks(t *testing.T) {
	p := playStory(t, "washington")
	if err := p.margins(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.clock.run()
	now := p.clock.now().UnixMilli()
	for _, w := range p.towns {
		at := func(group string) *chancery.Group {
			g, ok := w.chancery.Group(group)
			if !ok {
				t.Fatalf("no group %s", group)
			}
			return g
		}
		silences, _ := at("1").Silences("A-1.3.1")
		if len(silences) != 1 || silences[0].Outcome != plan.SilenceRuns || silences[0].Held != "" {
			t.Errorf("%s: the silence on A 1.3.1 is %+v", w.of.Code, silences)
		}
		broken, _ := at("4").Silences("A-4.2.3")
		if len(broken) != 1 || broken[0].Outcome != plan.SilenceBroken {
			t.Errorf("%s: the silence on A 4.2.3 is %+v", w.of.Code, broken)
		}
		at("1").View(func(s *plan.State) {
			rounds, _ := s.Rounds()
			if len(rounds) != 2 || rounds[0].State != plan.RoundClosed || rounds[1].State != plan.RoundOpen || len(rounds[0].Sat) != 6 {
				t.Errorf("%s: the rounds are %+v", w.of.Code, rounds)
			}
			if s.Element("A-1.2.1").Offer() == nil {
				t.Errorf("%s: nothing is offered on A 1.2.1", w.of.Code)
			}
			if r := s.Element("C-1.1").InForce(); !s.CertifiedBy(r, 0) || !s.CertifiedBy(r, 1) {
				t.Errorf("%s: C 1.1 is not certified by both", w.of.Code)
			}
			for q := range uint8(2) {
				if c := s.Calendar(q); c.Rest == 0 || len(c.Days) < 5 {
					t.Errorf("%s: the calendar of party %d is %+v", w.of.Code, q, c)
				}
			}
		})
		at("0").View(func(s *plan.State) {
			if us := s.Element("C-5").Position(0); s.InStep(us) || !s.Charter().InStep {
				t.Errorf("%s: the Hebrew of C 5 is not behind, or locks nothing", w.of.Code)
			}
		})
		at("2").View(func(s *plan.State) {
			if k := s.Element("K-1").Position(0); k == nil || len(s.Packages(s.Element("A-2.3.2").Position(0).ID)) != 1 {
				t.Errorf("%s: no package on the table", w.of.Code)
			}
		})
		at("4").View(func(s *plan.State) {
			if _, stands := s.Referral("A-4.2.2", 1, now); !stands {
				t.Errorf("%s: A 4.2.2 is not accepted ad referendum", w.of.Code)
			}
		})
	}
	marginOf(t, p, p.towns[0], "A-1.1.2", 2, 1, 0)
	marginOf(t, p, p.towns[1], "A-1.1.2", 1, 1, 2)
	stays(t, p)
}

// marginOf looks at a margin of group 1: notes, red lines, and how often a text on the table crosses one.
func marginOf(t *testing.T, p *play, w *town, ref act.Ref, notes, lines, crossed int) {
	t.Helper()
	g, _ := w.chancery.Group("1")
	who, err := w.who(t.Context(), w.convener())
	if err != nil {
		t.Fatal(err)
	}
	page, err := api.MarginDesk{Chancery: w.chancery, Margins: w.api.Margin}.Element(t.Context(), g, who, ref)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Notes) != notes || len(page.RedLines) != lines || len(page.Crossings) != crossed || len(page.Instructions) != 1 {
		t.Errorf("the margin of %s beside %s: %d notes, %d red lines, crossings %+v", w.of.Code, ref, len(page.Notes), len(page.RedLines), page.Crossings)
	}
}

// stays looks for what stands in each party's margin in every other file that was written. Drafts are
// left out: they are made to be sent.
func stays(t *testing.T, p *play) {
	t.Helper()
	root, kept := filepath.Dir(p.towns[0].dir), 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, n := range p.story.Margin {
			own := filepath.Join(p.town(n.Party).dir, sqlite.MarginFile)
			mine := len(path) >= len(own) && path[:len(own)] == own // the file and its journal
			for _, v := range n.Words {
				switch there := bytes.Contains(b, []byte(v.Text)); {
				case there && mine:
					kept++
				case there && n.Field != "draft":
					t.Errorf("%s holds words of the margin of %s: %s", path, n.Party, v.Text)
				}
			}
		}
		return nil
	})
	if err != nil || kept == 0 {
		t.Errorf("%v; %d texts found where they are kept", err, kept)
	}
}

// Four parties have a text under silence and a package before them.
func TestPlayTalksAmongFour(t *testing.T) {
	p := playStory(t, "cholera")
	if err := p.margins(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, w := range p.towns {
		g, _ := w.chancery.Group("0")
		silences, _ := g.Silences("W-4.1")
		if len(silences) != 1 || silences[0].Outcome != plan.SilenceRuns || silences[0].Held != "" {
			t.Errorf("%s: the silence on W 4.1 is %+v", w.of.Code, silences)
		}
		g.View(func(s *plan.State) {
			if k := s.Element("K-1"); k == nil || k.Leading() == nil || len(s.Content(k.Leading()).Contains) != 2 {
				t.Errorf("%s: no package on the table", w.of.Code)
			}
		})
	}
}
