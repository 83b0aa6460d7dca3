package group

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// Limits of a charter's texts, in bytes of one language version.
const (
	MaxName  = 200
	MaxTerms = 8 << 10
	maxZone  = 40
)

// Check says what is wrong with a charter, or nil. What passes is read again from what Format
// writes.
func (c Charter) Check() error {
	if n := len(c.Parties); n < 1 || n > act.MaxParties {
		return fmt.Errorf("a group has 1 to %d parties, this has %d", act.MaxParties, n)
	}
	for _, check := range []func() error{c.checkTexts, c.checkParties, c.checkChairs, c.Silence.check, c.Ceiling.Check} {
		if err := check(); err != nil {
			return err
		}
	}
	if (c.Number == 0) != c.Plenary.IsZero() {
		return fmt.Errorf("the plenary has number 0 and no group above it; a working group has a number and a plenary")
	}
	if n := len(c.Format()); n > act.MaxCharter {
		return tooLong(n)
	}
	return nil
}

func (c Charter) checkTexts() error {
	if n := len(c.Languages); n < 1 || n > text.MaxLangs {
		return fmt.Errorf("a group needs 1 to %d languages, this has %d", text.MaxLangs, n)
	}
	for i, l := range c.Languages {
		if !l.Known() {
			return fmt.Errorf("%.20q is not a language that this program knows", string(l))
		}
		if slices.Contains(c.Languages[:i], l) {
			return fmt.Errorf("the group has %s as a language twice", l)
		}
		if _, ok := c.Name.Get(l); !ok {
			return fmt.Errorf("the group's name is missing in %s", l)
		}
	}
	for _, t := range []struct {
		what  string
		words text.Texts
		check func(text.Texts) error
	}{{"name", c.Name, checkLine}, {"plan's title", c.Plan, checkLine}, {"terms of reference", c.Terms, checkTerms}, {"notice", c.Notice, checkTerms}} {
		if err := t.check(t.words); err != nil {
			return fmt.Errorf("the group's %s: %w", t.what, err)
		}
	}
	return nil
}

// check wants both a shortest time and kinds of element, or neither.
func (s Silence) check() error {
	if s.Least == 0 && len(s.Kinds) == 0 {
		return nil
	}
	if s.Least < time.Millisecond || s.Least > MaxSilence || s.Least%time.Millisecond != 0 {
		return fmt.Errorf("the shortest silence is %s: it must be whole milliseconds, at least one and at most %s", s.Least, MaxSilence)
	}
	if len(s.Kinds) == 0 {
		return fmt.Errorf("a silence procedure needs the kinds of element for which it may be asked")
	}
	for i, k := range s.Kinds {
		if k.Letter() == "" || i > 0 && k <= s.Kinds[i-1] {
			return fmt.Errorf("the kinds of element under silence are not known, not in order, or twice")
		}
	}
	return nil
}

func checkTerms(t text.Texts) error { return checkWords(t, MaxTerms) }

// checkLine wants a name: one line, with nothing around it that would not show. Names stand in
// lists and headings, where a second line would pass for something else.
func checkLine(t text.Texts) error {
	for _, v := range t {
		if strings.ContainsAny(v.Text, "\n\t") || strings.TrimSpace(v.Text) != v.Text {
			return fmt.Errorf("the %s version is not one line, or has a space at an end", v.Lang)
		}
	}
	return checkWords(t, MaxName)
}

func checkWords(t text.Texts, limit int) error {
	if len(t) > text.MaxLangs {
		return fmt.Errorf("%d languages, the limit is %d", len(t), text.MaxLangs)
	}
	for _, v := range t {
		if len(v.Text) > limit {
			return fmt.Errorf("the %s version has %d bytes, the limit is %d", v.Lang, len(v.Text), limit)
		}
	}
	return t.Check()
}

func (c Charter) checkParties() error {
	for i, m := range c.Parties {
		if err := m.check(); err != nil {
			return err
		}
		for _, o := range c.Parties[:i] {
			if o.Code == m.Code || party.LooksAlike(o.Code, m.Code) {
				return fmt.Errorf("two parties called %s and %s cannot be told apart", o.Code, m.Code)
			}
			if o.Signing.Equal(m.Signing) {
				return fmt.Errorf("%s and %s have the same key", o.Code, m.Code)
			}
		}
	}
	return nil
}

func (m Member) check() error {
	if _, err := party.ParseCode(string(m.Code)); err != nil {
		return err
	}
	if err := party.CheckPublicKey(m.Signing); err != nil && !m.Invited() {
		return fmt.Errorf("the key of %s: %w", m.Code, err)
	}
	if len(m.Names) == 0 {
		return fmt.Errorf("%s needs a name", m.Code)
	}
	if err := checkLine(m.Names); err != nil {
		return fmt.Errorf("the name of %s: %w", m.Code, err)
	}
	if err := checkLine(m.Capital); err != nil {
		return fmt.Errorf("the capital of %s: %w", m.Code, err)
	}
	if !zoneOK(m.Zone) {
		return fmt.Errorf("%.40q is no time zone; one is written like Asia/Jerusalem", m.Zone)
	}
	return nil
}

// zoneOK checks the form of a zone's name only: which zones there are differs from one machine
// to the next, and a charter must be good everywhere or nowhere.
func zoneOK(s string) bool {
	if len(s) > maxZone {
		return false
	}
	for _, c := range []byte(s) {
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !letter && (c < '+' || c > '9' || c == ',' || c == '.') && c != '_' {
			return false
		}
	}
	return true
}

func (c Charter) checkChairs() error {
	for i, ch := range c.Chairs {
		if _, ok := c.Ordinal(ch.Party); !ok {
			return fmt.Errorf("co-chair %.40q is of %.20q, which is not a party of the group", string(ch.Person), string(ch.Party))
		}
		if _, err := party.ParsePerson(string(ch.Person)); err != nil {
			return err
		}
		if slices.Contains(c.Chairs[:i], ch) {
			return fmt.Errorf("%s of %s is a co-chair twice", ch.Person, ch.Party)
		}
	}
	return nil
}
