package chancery

import (
	"slices"
	"strings"

	"entente/accord"
	"entente/act"
	"entente/internal/release"
	"entente/marking"
	"entente/plan"
	"entente/text"
)

// A Draft is what a person has decided and not yet sent.
type Draft struct {
	Body  act.Body
	Basis string // plan.State.Basis of the element as the person read it; empty for no check

	prepared act.Prepared // the body, encoded before its turn came, tied or not
	tied     bool
	unfit    error // why it cannot be
}

// A Receipt says where an act now stands.
type Receipt struct {
	Place   plan.Place `json:"place"`
	Epoch   uint32     `json:"epoch"`
	Index   uint64     `json:"index"`
	ID      act.Hash   `json:"id"`      // its leaf hash: for a table act, the revision's id
	Adopted bool       `json:"adopted"` // with it, the revision it tabled was adopted
	Size    uint64     `json:"size"`    // of the party's log, now
}

// door is the one place where a person, full powers, group, label and rule are checked.
func (s *step) door(who Who, d Draft, before []Draft) error {
	delegate, seated := s.seat(who.Person)
	if !seated && !s.opens(who, d.Body) {
		return ErrWithheld
	}
	if need := powersFor(d.Body); !delegate.Powers.Has(need) && !s.opens(who, d.Body) && !(seated && s.mayWithout(who, d.Body)) {
		return refuse("powers", "You do not have full powers to %s in this group. Nothing was sent. Ask your head of delegation, or somebody who has them.", strings.Join(need.Names(), " and "))
	}
	if err := s.basis(d); err != nil {
		return err
	}
	if err := s.content(who, d.Body, before); err != nil {
		return err
	}
	if err := s.checkPackage(d.Body, before); err != nil {
		return err
	}
	if err := s.checkTalks(who, d.Body); err != nil {
		return err
	}
	if d.unfit != nil {
		return d.unfit
	}
	return s.rule(d.Body, before)
}

// opens reports whether an administrator gives a group its first delegation.
func (s *step) opens(who Who, b act.Body) bool {
	_, accredits := b.(act.Accredit)
	return who.Admin && accredits && len(s.plan.Delegation(s.self).Delegates) == 0
}

func powersFor(b act.Body) act.Powers {
	switch b.(type) {
	case act.Table, act.Withdraw, act.Dispute:
		return act.MayPropose
	case act.Accept, act.Refer:
		return act.MayAccept
	case act.Certify:
		return act.MayCertify
	case act.Remark, act.Report, act.Attest:
		return act.MayRemark
	}
	return act.MayConvene
}

// basis holds back what was decided on a text that has moved since.
func (s *step) basis(d Draft) error {
	ref := act.About(d.Body)
	if d.Basis == "" || ref == "" {
		return nil
	}
	if now := s.plan.Basis(ref); now != d.Basis {
		return &Moved{ref, now}
	}
	return nil
}

// rule tries the act against the rule of agreement: the same code that will judge it.
func (s *step) rule(b act.Body, before []Draft) error {
	m := accord.Move{Kind: b.Kind(), Element: act.About(b)}
	switch b := b.(type) {
	case act.Constitute, act.Resume, act.Confirm, act.See:
		return refuse("server", "Acts of that kind are written by the server itself. Nothing was sent.")
	case act.Remark, act.Report, act.Accredit, act.Refer, act.Certify, act.Calendar, act.Sit, act.Attest, act.Dispute:
		return nil
	case act.Accept:
		m.Revision = b.Revision
	}
	for _, o := range before {
		switch o.Body.(type) {
		case act.Table, act.Accept, act.Withdraw:
			if act.About(o.Body) == m.Element {
				return refuse("twice", "Two acts of one sending move %s. Nothing was sent. Send them one after the other.", m.Element.Display())
			}
		}
	}
	if why := s.plan.Rule().Try(s.self, m); why != accord.Good {
		return refuse(why.String(), "%s Nothing was sent.", why.Sentence())
	}
	return nil
}

// prepare encodes drafts in their sender's goroutine, so that the writer need not; and finds those
// that cannot be written at all, before anything of their order is.
func (g *Group) prepare(who Who, drafts []Draft) []Draft {
	out := slices.Clone(drafts)
	for i := range out {
		d := &out[i]
		var err error
		body := d.Body
		switch b := body.(type) {
		case act.Table:
			d.tied = tiesTable(&g.charter, b)
		case act.Accept:
			d.tied = g.charter.Whole
		}
		body = tied(body, d.tied)
		d.Body = body // so that it need not be made again
		if filled(body) {
			continue
		}
		if d.prepared, err = act.Prepare(who.Person, body, len(g.charter.Parties)-1); err != nil {
			d.unfit = unfit(err)
		}
	}
	return out
}

func unfit(err error) error {
	return refuse("format", "This cannot be sent as it stands: %s. Nothing was sent.", err.Error())
}

// preparedAs gives what was prepared, if it is that body.
func (d *Draft) preparedAs(body act.Body) act.Prepared {
	tied := false
	switch b := body.(type) {
	case act.Table:
		tied = b.Tied
	case act.Accept:
		tied = b.Tied
	}
	if tied != d.tied {
		return act.Prepared{}
	}
	return d.prepared
}

// content checks what an act says against the charter and the plan.
func (s *step) content(who Who, b act.Body, before []Draft) error {
	switch b := b.(type) {
	case act.Table:
		return s.checkTable(who, b, before)
	case act.Withdraw:
		if e := s.plan.Element(b.Element); e != nil && e.InForce() != nil && e.Position(s.self) == e.InForce() {
			return refuse("agreed", "%s is agreed, and withdrawing would not undo that: it would only leave you without a position, which no acceptance gives back. Nothing was sent. To change an agreed text, propose another; to end it, propose to strike it.", b.Element.Display())
		}
		return s.checkLanguages(b.Reason, false)
	case act.Remark:
		return s.checkAbout(b.Element, b.Text)
	case act.Report:
		return s.checkReport(b, before)
	case act.Attest:
		return s.checkAttest(b, before)
	case act.Dispute:
		return s.checkDispute(b)
	case act.Accredit:
		return s.checkDelegation(b)
	case act.Sit:
		return s.checkSit(b, before)
	}
	return nil
}

func (s *step) checkAbout(ref act.Ref, words text.Texts) error {
	if s.plan.Element(ref) == nil {
		return refuse("element", "There is no %s in this group. Nothing was sent. Look at the plan for the reference you mean.", ref.Display())
	}
	return s.checkLanguages(words, false)
}

// checkLanguages sees to it that a text keeps to the group's languages; whole asks for all of them.
func (s *step) checkLanguages(t text.Texts, whole bool) error {
	for _, v := range t {
		if !slices.Contains(s.charter.Languages, v.Lang) {
			return refuse("language", "The group works in %s, and a text is in %s. Nothing was sent.", langs(s.charter.Languages), v.Lang)
		}
	}
	for _, l := range s.charter.Languages {
		if _, ok := t.Get(l); !ok && whole && len(t) > 0 {
			return refuse("language", "The text is missing in %s. All languages of the group are equally authentic. Nothing was sent. Write the missing version.", l.Autonym())
		}
	}
	return nil
}

func (s *step) checkTable(who Who, b act.Table, before []Draft) error {
	c := b.Content
	if c.Kind != act.Statement && c.Kind != act.Document {
		for _, t := range []text.Texts{c.Title, c.Text} {
			if err := s.checkLanguages(t, true); err != nil {
				return err
			}
		}
	}
	if err := s.checkPlace(who, b, before); err != nil {
		return err
	}
	if err := s.checkWatched(b, before); err != nil {
		return err
	}
	for _, code := range slices.Concat(c.Lead, c.Support) {
		if _, ok := s.charter.Ordinal(code); !ok {
			return refuse("party", "%s is not a party of this group. Nothing was sent.", code)
		}
	}
	label := marking.Label{TLP: s.charter.Ceiling.TLP}
	if c.Marking != nil {
		label = *c.Marking
	}
	if err := release.Into(label, s.charter.Ceiling, s.charter.Codes()); err != nil {
		return &HeldBack{err.Error()}
	}
	return s.checkPassage(b, before)
}

// checkPlace sees to it that an element keeps its kind and stands under one that is there.
func (s *step) checkPlace(who Who, b act.Table, before []Draft) error {
	if e := s.plan.Element(b.Element); e != nil && e.Kind() != b.Content.Kind {
		return refuse("kind", "%s is a %s here, and a reference keeps its kind. Nothing was sent. Choose another reference.", b.Element.Display(), e.Kind())
	}
	for _, ref := range append([]act.Ref{b.Content.Parent}, b.Content.Cites...) {
		if ref == "" {
			continue
		}
		kind := s.kindOf(who, ref, before)
		if kind == 0 {
			return refuse("element", "%s names %s, which is neither in this group nor in a plenary that you sit in. Nothing was sent.", b.Element.Display(), ref.Display())
		}
		if ref == b.Content.Parent && !plan.MayStandUnder(b.Element, b.Content.Kind, ref, kind) {
			return refuse("parent", "A %s cannot stand under the %s %s. Nothing was sent. Ends come first, then ways, actions and means.", b.Content.Kind, kind, ref.Display())
		}
	}
	return nil
}

// kindOf finds what a reference names: an element of this group, one that the same order tables, or
// one of the plenary above, for who sits there too: to anybody else the plenary does not exist.
// References go upward only, so that no lock waits for itself.
func (s *step) kindOf(who Who, ref act.Ref, before []Draft) act.ElementKind {
	if e := s.plan.Element(ref); e != nil {
		return e.Kind()
	}
	if kind := kindAmong(before, ref); kind != 0 {
		return kind
	}
	var kind act.ElementKind
	if plenary, ok := s.c.GroupByID(s.charter.Plenary); ok && !s.charter.Plenary.IsZero() && plenary.Seats(who) {
		plenary.View(func(p *plan.State) {
			if e := p.Element(ref); e != nil {
				kind = e.Kind()
			}
		})
	}
	return kind
}

func kindAmong(drafts []Draft, ref act.Ref) act.ElementKind {
	for _, d := range drafts {
		if t, ok := d.Body.(act.Table); ok && t.Element == ref {
			return t.Content.Kind
		}
	}
	return 0
}

// checkPassage sees to it that a marked passage stands word for word in its statement.
func (s *step) checkPassage(b act.Table, before []Draft) error {
	if b.Content.Kind != act.Passage || b.Content.Struck {
		return nil
	}
	var statement act.Content
	if e := s.plan.Element(b.Content.Parent); e != nil {
		statement = s.plan.Content(e.Shown(len(s.charter.Parties)))
	}
	for _, d := range before {
		if t, ok := d.Body.(act.Table); ok && t.Element == b.Content.Parent {
			statement = t.Content
		}
	}
	for _, v := range statement.Text {
		if p := plan.Paragraphs(v.Text); int(b.Content.Paragraph) <= len(p) && strings.Contains(p[b.Content.Paragraph-1], b.Content.Quote) {
			return nil
		}
	}
	return refuse("quote", "Those words do not stand in paragraph %d of %s. Nothing was sent. Mark the passage exactly as it stands there.", b.Content.Paragraph, b.Content.Parent.Display())
}

func (s *step) checkDelegation(b act.Accredit) error {
	for _, d := range b.Delegates {
		if d.Powers.Has(act.MayConvene) {
			return nil
		}
	}
	return refuse("delegation", "Nobody in that delegation may give delegations, so that it could never be changed again. Nothing was sent. Give at least one person the power to convene.")
}

// langs names languages in themselves.
func langs(list []text.Lang) string {
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = l.Autonym()
	}
	return strings.Join(names, ", ")
}
