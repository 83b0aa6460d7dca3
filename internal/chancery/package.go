package chancery

import (
	"slices"

	"entente/act"
	"entente/group"
)

// tie marks an act that stands or falls with others: one on a package, one on a text of a package
// that this party holds or takes up in the same sending, and every one in a group in which nothing
// is agreed until everything is. Such an act confirms nothing by itself; plan.State.Due says when
// the server confirms all of them together.
func (s *step) tie(body act.Body, together []Draft) act.Body {
	switch b := body.(type) {
	case act.Table:
		return tied(body, tiesTable(&s.charter, b))
	case act.Accept:
		return tied(body, s.charter.Whole || s.isPackage(b.Element) || s.inPackage(b.Revision, together))
	}
	return body
}

// tied is the act with that mark; the same, and not made anew, where it has it.
func tied(body act.Body, as bool) act.Body {
	switch b := body.(type) {
	case act.Table:
		if b.Tied != as {
			b.Tied = as
			return b
		}
	case act.Accept:
		if b.Tied != as {
			b.Tied = as
			return b
		}
	}
	return body
}

// tiesTable reports whether a text is tabled tied.
func tiesTable(c *group.Charter, b act.Table) bool { return c.Whole || b.Content.Kind == act.Package }

func (s *step) isPackage(ref act.Ref) bool {
	e := s.plan.Element(ref)
	return e != nil && e.Kind() == act.Package
}

// inPackage reports whether a revision is part of a package that this party holds, or that it
// accepts or makes with these drafts.
func (s *step) inPackage(revision act.Hash, drafts []Draft) bool {
	if slices.ContainsFunc(drafts, func(d Draft) bool { return makesPackageOf(d.Body, revision) }) {
		return true
	}
	for _, k := range s.plan.Packages(revision) {
		if s.plan.Element(k.Element).Position(s.self) == k {
			return true
		}
		if takesUp(drafts, k.ID) {
			return true
		}
	}
	return false
}

// takesUp reports whether one of the drafts accepts the revision.
func takesUp(drafts []Draft, revision act.Hash) bool {
	return slices.ContainsFunc(drafts, func(d Draft) bool { a, ok := d.Body.(act.Accept); return ok && a.Revision == revision })
}

// makesPackageOf reports whether an act tables a package that contains the revision.
func makesPackageOf(body act.Body, revision act.Hash) bool {
	t, ok := body.(act.Table)
	return ok && t.Content.Kind == act.Package && slices.ContainsFunc(t.Content.Contains, func(c act.Contained) bool { return c.Revision == revision })
}

// checkPackage sees to it that a package is taken as a whole, and that no text of it is left while
// the package is held.
func (s *step) checkPackage(body act.Body, before []Draft) error {
	switch b := body.(type) {
	case act.Table:
		if b.Content.Kind == act.Package && !b.Content.Struck && !b.Offered {
			return s.takesAll(b.Content.Contains, before)
		}
		return s.leavesNone(b.Element, b.Content.Kind == act.Package, b.Offered)
	case act.Accept:
		if r := s.plan.Rule().Revision(b.Revision); r != nil && s.isPackage(b.Element) {
			return s.takesAll(s.plan.Content(r).Contains, before)
		}
		return s.leavesNone(b.Element, s.isPackage(b.Element), false)
	case act.Withdraw:
		return s.leavesNone(b.Element, s.isPackage(b.Element), false)
	}
	return nil
}

// takesAll refuses a package of which this party does not hold every text, or take it up in the
// same sending, before the package itself.
func (s *step) takesAll(members []act.Contained, before []Draft) error {
	for _, m := range members {
		r := s.plan.Rule().Revision(m.Revision)
		if r == nil || r.Element != m.Element {
			return refuse("package", "The package names a text of %s that is not on the table here. Nothing was sent. Look at the element again, and make the package from what stands there.", m.Element.Display())
		}
		if r.IsAdopted() || s.plan.Element(m.Element).Position(s.self) == r {
			continue
		}
		if !takesUp(before, m.Revision) {
			return refuse("package", "The package stands or falls as a whole, and you do not hold its text of %s. Nothing was sent. Accept the texts of the package together with it.", m.Element.Display())
		}
	}
	return nil
}

// leavesNone refuses to leave one text of a package that this party holds.
func (s *step) leavesNone(ref act.Ref, itself, offered bool) error {
	e := s.plan.Element(ref)
	if e == nil || itself || offered {
		return nil
	}
	held := e.Position(s.self)
	if held == nil || held.IsAdopted() {
		return nil
	}
	for _, k := range s.plan.Packages(held.ID) {
		if s.plan.Element(k.Element).Position(s.self) == k {
			return refuse("package", "Your text of %s is part of package %s, which stands or falls as a whole. Nothing was sent. Withdraw the package first, or make a new one.", ref.Display(), k.Element.Display())
		}
	}
	return nil
}
