package plan

import (
	"crypto/sha256"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entente/act"
	"entente/text"
)

// TestRenderAsSpecified takes the example from the specification.
func TestRenderAsSpecified(t *testing.T) {
	spec, err := os.ReadFile("../docs/spec/document.md")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, 2)
	w.agree("G-1", act.Content{Title: en("Block any path"), Text: en("The Parties shall block any path.")})
	w.agree("C-1", act.Content{Title: en("Object"), Text: en("The Parties see eye to eye.")})
	s := w.state()
	c, err := s.Instrument("en")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Render(c.Contains, "en")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(spec), "```\n"+got+"```\n") {
		t.Errorf("not the example of docs/spec/document.md:\n%s", got)
	}
	equal(t, c.Digests[0].Sum, act.Hash(sha256.Sum256([]byte(got))))
}

func TestInstrument(t *testing.T) {
	w := talks(t)
	s := w.state()
	c, err := s.Instrument()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, len(c.Contains), 5) // what is only in brackets is not in it
	equal(t, len(c.Digests), 1)  // no Hebrew
	if err := s.CheckInstrument(c); err != nil {
		t.Error(err)
	}
	if _, err := s.Instrument("he"); err == nil {
		t.Error("a paragraph without Hebrew was rendered in Hebrew")
	}
	// It can be agreed on, and is still right when the plan has moved on.
	w.agree("D-1", c)
	w.agree("C-1", act.Content{Text: en("Otherwise.")})
	s = w.state()
	equal(t, s.Element("D-1").Status(), Agreed)
	if err := s.CheckInstrument(s.Content(s.Element("D-1").InForce())); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*act.Content){
		"order":    func(c *act.Content) { c.Contains[0], c.Contains[1] = c.Contains[1], c.Contains[0] },
		"twice":    func(c *act.Content) { c.Contains = append(c.Contains, c.Contains[0]) },
		"missing":  func(c *act.Content) { c.Contains = c.Contains[1:] },
		"digest":   func(c *act.Content) { c.Digests[0].Sum[3] ^= 1 },
		"language": func(c *act.Content) { c.Digests[0].Lang = "he" },
		"element":  func(c *act.Content) { c.Contains[0].Element = "C-7" },
		"open": func(c *act.Content) {
			c.Contains[0] = act.Contained{Element: "A-1.1.2", Revision: w.logs[0].hashes[len(w.logs[0].hashes)-1]}
		},
	} {
		bad := c
		bad.Contains, bad.Digests = append([]act.Contained(nil), c.Contains...), append([]act.Digest(nil), c.Digests...)
		spoil(&bad)
		if s.CheckInstrument(bad) == nil {
			t.Errorf("%s: a spoilt document passed", name)
		}
	}
}

// TestRenderIsPlain renders two different plans to different texts.
func TestRenderIsPlain(t *testing.T) {
	lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "", " a", "    a", "  · a", "¶ 1  C 1", "\ta"}), 1, 4)
	draw := func(r *rapid.T) string { return text.Clean(strings.Join(lines.Draw(r, "lines"), "\n")) }
	rapid.Check(t, func(r *rapid.T) {
		var out, said [2]string
		for i := range out {
			w := newWorld(t, 1)
			c := act.Content{Kind: act.Clause, Title: en(draw(r)), Text: en(draw(r))}
			for _, x := range []*text.Texts{&c.Title, &c.Text} {
				if (*x)[0].Text == "" {
					*x = nil
				}
			}
			if c.Title == nil && c.Text == nil {
				r.Skip("no words")
			}
			w.table(0, "C-1", c)
			s := w.state()
			doc, err := s.Instrument("en")
			if err != nil {
				r.Fatal(err)
			}
			out[i], _ = s.Render(doc.Contains, "en")
			t, _ := c.Title.Get("en")
			x, _ := c.Text.Get("en")
			said[i] = t + "\x00" + x
		}
		if (out[0] == out[1]) != (said[0] == said[1]) {
			r.Fatalf("%q and %q are rendered as\n%s\n%s", said[0], said[1], out[0], out[1])
		}
	})
}
