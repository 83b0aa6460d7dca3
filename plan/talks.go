package plan

import (
	"cmp"
	"slices"

	"entente/accord"
	"entente/act"
	"entente/party"
)

// Talks is where the talks about one element stand, beside what each party holds.
type Talks struct {
	Silence      *Silence      `json:"silence,omitempty"`   // the procedure that runs, or over whose end acts are still to come
	Referrals    []Referral    `json:"referrals,omitempty"` // accepted ad referendum
	AdReferendum *AdReferendum `json:"adReferendum,omitempty"`
	Scrutiny     []party.Code  `json:"scrutiny,omitempty"` // who has a scrutiny reservation that stands
	Drift        *Drift        `json:"drift,omitempty"`    // of the text asked about, where a language of it is behind or somebody has certified it
	Offered      *RevisionRef  `json:"offered,omitempty"`  // the Chair's or bridging text that stands
	Packages     []Item        `json:"packages,omitempty"` // that stand, and contain a text of the element or are one
	HeldBack     bool          `json:"heldBack,omitempty"` // all hold one text, and it waits for others that stand or fall with it
}

// AdReferendum is a text that is agreed but for the confirmation of one capital or more.
type AdReferendum struct {
	Revision *RevisionRef `json:"revision"`
	Until    int64        `json:"until"` // when the first of the referrals lapses
}

// Talks tells where the talks about an element stand at that time, in milliseconds since 1970; where
// it is 0, no time is over.
func (s *State) Talks(ref act.Ref, now int64) Talks {
	e := s.elements[ref]
	if e == nil {
		return Talks{}
	}
	t := Talks{Referrals: s.Referrals(ref, now), Scrutiny: s.scrutiny(e), Offered: s.RevisionRef(e.Offer()), Silence: s.silenceOf(e, now)}
	if r, until := s.AdReferendum(ref, now); r != nil {
		t.AdReferendum = &AdReferendum{r, until}
	}
	if r := e.Leading(); r != nil {
		if c := s.Content(r); len(c.Follows) > 0 || len(s.certified(r)) > 0 {
			d := s.drift(r, &c)
			t.Drift = &d
		}
	}
	t.Packages = s.packageItems(e)
	if r := e.Position(0); r != nil && !r.IsAdopted() && s.held(e.Element, r) {
		t.HeldBack = s.HeldBack(r)
	}
	return t
}

// silenceOf is the sheet of the procedure on the element that may still come to something; of
// several, the one asked for last.
func (s *State) silenceOf(e *Element, now int64) *Silence {
	list := ordered(s.table.silences[e])
	for _, at := range slices.Backward(list) {
		h := s.hushOf(e, at)
		if h == nil || h.rev.IsAdopted() || e.Position(at.Party) != h.rev {
			continue
		}
		x := s.sheet(h, now)
		if x.Outcome == SilenceRuns || x.Outcome == SilenceAwaiting || x.Outcome == SilenceNotDelivered {
			return &x
		}
	}
	return nil
}

// scrutiny lists, in order of joining, the parties with a scrutiny reservation that stands.
func (s *State) scrutiny(e *Element) []party.Code {
	bits := uint64(0)
	for _, r := range e.remarks {
		if r.Sort == act.Scrutiny && !r.Lifted {
			bits |= 1 << r.Party
		}
	}
	return s.codesOf(bits)
}

// packageItems names, each once, the packages that stand and contain a text of the element that
// some party holds, or are one.
func (s *State) packageItems(e *Element) []Item {
	if len(s.table.tied) == 0 {
		return nil
	}
	var out []Item
	var known []act.Ref
	for p := range s.rule.Parties() {
		r := e.Position(uint8(p))
		if r == nil {
			continue
		}
		for _, k := range s.Packages(r.ID) {
			if !slices.Contains(known, k.Element) {
				known = append(known, k.Element)
				out = append(out, s.item(k.Element))
			}
		}
	}
	return out
}

// attached reports whether a remark stays with the text wherever it is shown.
func attached(r remark) bool {
	return !r.Lifted && (r.Sort == act.Reservation || r.Sort == act.Scrutiny)
}

// interpretive reports whether a remark is an interpretative statement that stands.
func interpretive(r remark) bool { return !r.Lifted && r.Sort == act.Interpretation }

// offer is the offered text that stands, as a page shows it, against the text in force or the first
// that is held.
func (s *State) offer(b *bracketer) *Position {
	o := b.e.Offer()
	if o == nil {
		return nil
	}
	c := s.Content(o)
	at := s.position(b, b.held(), o.Party, o, &c)
	at.Attribution = s.attribution(o)
	return &at
}

// The attributions of a text that is offered and held by nobody as its own.
const (
	CoChair   = "co-chair" // the charter names whoever offered it as a co-chair
	Unchaired = "no-chair" // it does not: a server's own door would not have let it pass
)

// attribution tells whose text an offer is. The rule takes one of anybody; that it is a co-chair's,
// the charter says.
func (s *State) attribution(o *accord.Revision) string {
	if s.charter.ChairedBy(s.charter.Code(o.Party), s.Act(placeOf(o)).By) {
		return CoChair
	}
	return Unchaired
}

// deadlines lists the ends of silence procedures and of referrals that are not over at that time,
// soonest first.
func (s *State) deadlines(viewer uint8, now int64) []Deadline {
	out := []Deadline{}
	for h := range s.pending {
		if now < h.until && !h.broken {
			out = append(out, Deadline{Item: s.itemOf(h.e), What: "silence", Until: h.until, Party: s.charter.Code(h.at.Party),
				Revision: s.RevisionRef(h.rev), Own: s.seated(viewer) && s.staysSilent(h, viewer)})
		}
	}
	for e := range s.table.referrals {
		for p := range s.rule.Parties() {
			if r, b, _ := s.referral(e, uint8(p)); r != nil && now < b.Until {
				out = append(out, Deadline{Item: s.itemOf(e), What: "referral", Until: b.Until, Party: s.charter.Code(uint8(p)),
					Revision: s.RevisionRef(r), Role: b.Role, Own: uint8(p) == viewer})
			}
		}
	}
	slices.SortFunc(out, func(a, b Deadline) int {
		return cmp.Or(cmp.Compare(a.Until, b.Until), a.Ref.Compare(b.Ref), cmp.Compare(a.What, b.What), cmp.Compare(a.Party, b.Party))
	})
	return out
}

// openTo reports whether the party could accept the revision now, by the rule.
func (s *State) openTo(viewer uint8, e *Element, r *accord.Revision) bool {
	return s.rule.Try(viewer, accord.Move{Kind: act.KindAccept, Element: e.Ref(), Revision: r.ID}) == accord.Good
}
