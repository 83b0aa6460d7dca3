package plan

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"entente/act"
	"entente/text"
)

// Render writes the canonical text of a document in one language: what the digest of an
// instrument is over. docs/spec/document.md is its specification. contains are adopted revisions,
// in the order in which they stand in the document; each must have its words in the language.
func (s *State) Render(contains []act.Contained, l text.Lang) (string, error) {
	var b strings.Builder
	title, ok := s.PlanTitle().Get(l)
	if !ok {
		return "", fmt.Errorf("the plan has no title in %s", l.Autonym())
	}
	writeTitle(&b, "", title)
	for i, in := range contains {
		c, err := s.contained(in)
		if err != nil {
			return "", err
		}
		if err := renderParagraph(&b, i+1, in.Element, &c, l); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// contained is what an adopted revision says.
func (s *State) contained(in act.Contained) (act.Content, error) {
	r := s.rule.Revision(in.Revision)
	if r == nil || r.Element != in.Element {
		return act.Content{}, fmt.Errorf("there is no revision %s of %s here", in.Revision.Short(), in.Element.Display())
	}
	if !r.IsAdopted() {
		return act.Content{}, fmt.Errorf("revision %s of %s is not agreed", in.Revision.Short(), in.Element.Display())
	}
	return s.Content(r), nil
}

func renderParagraph(b *strings.Builder, n int, ref act.Ref, c *act.Content, l text.Lang) error {
	title, hasTitle := c.Title.Get(l)
	words, hasWords := c.Text.Get(l)
	if len(c.Title) > 0 && !hasTitle || len(c.Text) > 0 && !hasWords {
		return fmt.Errorf("%s has no words in %s", ref.Display(), l.Autonym())
	}
	head := fmt.Sprintf("¶ %d  %s", n, ref.Display())
	if hasTitle {
		head += "  "
	}
	b.WriteString("\n")
	writeTitle(b, head, title)
	if hasWords {
		b.WriteString(indent + strings.ReplaceAll(words, "\n", "\n"+indent) + "\n")
	}
	return nil
}

// How lines begin that are not the first of a paragraph: those of its words, and those of a
// title that has several. No line can be taken for another sort.
const (
	indent    = "    "
	titleLine = "  · "
)

func writeTitle(b *strings.Builder, head, title string) {
	b.WriteString(head + strings.ReplaceAll(title, "\n", "\n"+titleLine) + "\n")
}

// Instrument is the content of a document that contains everything in force, in the order of the
// joint document, with the digest of its text in each language. With no languages given, it takes
// those of the group in which every paragraph has words.
func (s *State) Instrument(langs ...text.Lang) (act.Content, error) {
	c := act.Content{Kind: act.Document, Title: s.PlanTitle()}
	if n := int(s.sum[cForce]); n > act.MaxContains {
		return act.Content{}, fmt.Errorf("a document holds at most %d paragraphs, and %d are agreed. Nothing was written. Make one document for each working group", act.MaxContains, n)
	}
	s.roots.walk(cForce, 0, func(e *Element) bool {
		c.Contains = append(c.Contains, act.Contained{Element: e.Ref(), Revision: e.InForce().ID})
		return true
	})
	if len(c.Contains) == 0 {
		return act.Content{}, fmt.Errorf("nothing is agreed yet, so there is nothing to put into a document")
	}
	var last error
	for _, l := range s.langs(langs) {
		sum, err := s.digest(c.Contains, l)
		switch {
		case err == nil:
			c.Digests = append(c.Digests, act.Digest{Lang: l, Sum: sum})
		case len(langs) > 0:
			return act.Content{}, err
		default:
			last = err
		}
	}
	if len(c.Digests) == 0 {
		return act.Content{}, last
	}
	slices.SortFunc(c.Digests, func(a, b act.Digest) int { return strings.Compare(string(a.Lang), string(b.Lang)) })
	return c, nil
}

func (s *State) digest(contains []act.Contained, l text.Lang) (act.Hash, error) {
	t, err := s.Render(contains, l)
	if err != nil {
		return act.Hash{}, err
	}
	return sha256.Sum256([]byte(t)), nil
}

// CheckInstrument says what is wrong with the content of a document: a revision that is not
// agreed, an element that is contained twice, or a text whose digest differs; or nil.
func (s *State) CheckInstrument(c act.Content) error {
	if c.Kind != act.Document || len(c.Contains) == 0 || len(c.Digests) == 0 {
		return fmt.Errorf("this is not the content of a document")
	}
	had := make(map[act.Ref]bool, len(c.Contains))
	for _, in := range c.Contains {
		if had[in.Element] {
			return fmt.Errorf("the document contains %s twice", in.Element.Display())
		}
		had[in.Element] = true
	}
	for _, d := range c.Digests {
		sum, err := s.digest(c.Contains, d.Lang)
		if err != nil {
			return err
		}
		if sum != d.Sum {
			return fmt.Errorf("the text in %s is not the one that the document names", d.Lang.Autonym())
		}
	}
	return nil
}
