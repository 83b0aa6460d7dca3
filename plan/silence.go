package plan

import (
	"slices"
	"sort"
	"strings"
	"time"

	"entente/accord"
	"entente/act"
	"entente/party"
	"entente/text"
)

// # Silence procedure
//
// A table act may ask for silence until an instant. Each party's own server then accepts the text
// at that instant by its own clock, if its own log shows that it had received the text at least the
// charter's minimum before, and it has seen nobody break the silence. Nothing of that is part of the
// rule of agreement, which sees acceptances like any others; what is said here is what the acts show.
// Their times are each party's own testimony.

// The outcomes of a silence procedure.
const (
	SilenceRuns         = "running"
	SilenceAdopted      = "adopted"
	SilenceBroken       = "broken"
	SilenceWithdrawn    = "withdrawn"     // left or replaced by the party that asked for it
	SilenceNotDelivered = "not-delivered" // the time is over, and some party had not received the text in time
	SilenceAwaiting     = "awaiting"      // the time is over, and acts are still to come
	SilenceVoid         = "void"          // the charter does not allow it
)

// Where a party stands in a silence procedure.
const (
	SilentAsked    = "asked"      // it asked for the silence
	SilentReceived = "received"   // its own log shows that it had the text in time
	SilentLate     = "late"       // its own log shows that it had not
	SilentUnknown  = "unknown"    // nothing that is here shows a receipt
	SilentAccepted = "accepted"   // a person accepted
	SilentGiven    = "by-silence" // its server accepted, the time being over
	SilentBroke    = "broke"
)

// Why a silence procedure is void, and why a party's server does not accept by silence.
const (
	NoSilence      = "not-allowed" // the charter allows none for that kind of element, or the text is only offered
	ShortSilence   = "too-short"   // less than the charter's minimum
	NotChair       = "not-chair"   // whoever asked co-chairs the group for nobody
	LockedByDrift  = "behind"      // a language of the text is behind, and the charter wants them in step
	LockedByBundle = "package"     // the party's own text stands or falls with a package
	LockedByRole   = "referendum"  // the party has left its acceptance to its capital, which has not confirmed
)

// A Silence is the action sheet of one silence procedure. It is the same at every node that holds
// the same acts, and is asked the same time.
type Silence struct {
	Item
	Revision     *RevisionRef  `json:"revision"` // its stamp says who asked, and when
	Until        int64         `json:"until"`    // milliseconds since 1970
	Least        int64         `json:"least"`    // the charter's minimum, in milliseconds
	Outcome      string        `json:"outcome"`
	Void         string        `json:"void,omitempty"` // NoSilence, NotChair or ShortSilence
	Parties      []SilentParty `json:"parties"`        // in order of joining
	Breaks       []Break       `json:"breaks,omitempty"`
	NotDelivered []party.Code  `json:"notDelivered,omitempty"` // as far as is known here, once the time is over
	Agreed       bool          `json:"agreed,omitempty"`       // the text was adopted, by silence or otherwise
	Held         string        `json:"held,omitempty"`         // why the server that is asked does not accept by itself: its own note, and not of the acts
}

// A SilentParty is one party's part in a silence procedure. The times are its own testimony.
type SilentParty struct {
	Party    party.Code `json:"party"`
	Ordinal  uint8      `json:"ordinal"`
	State    string     `json:"state"`
	Receipt  *Stamp     `json:"receipt,omitempty"`  // the first act of its log that had seen the text
	Answer   *Stamp     `json:"answer,omitempty"`   // the act by which it accepted
	Unproved bool       `json:"unproved,omitempty"` // accepted by silence, though its own log shows no receipt in time
	Lock     string     `json:"lock,omitempty"`     // why its server does not accept by silence
}

// A Break is an act that broke a silence, or by which the party that asked for it left its text.
type Break struct {
	Stamp
	How      string       `json:"how"`            // "objection", "counter", "other" (another text accepted), "withdrawal"
	Text     text.Texts   `json:"text,omitempty"` // why, in the party's words
	Revision *RevisionRef `json:"revision,omitempty"`
}

// maxSheets is how many action sheets are shown with one element, the latest.
const maxSheets = 20

// Silences are the action sheets of an element's silence procedures, causes first; at most the last
// maxSheets. now is the time in milliseconds since 1970; where it is 0, no time is over.
func (s *State) Silences(ref act.Ref, now int64) []Silence {
	e := s.elements[ref]
	if e == nil {
		return nil
	}
	var out []Silence
	for _, at := range tail(ordered(s.table.silences[e]), maxSheets) {
		if h := s.hushOf(e, at); h != nil {
			out = append(out, s.sheet(h, now))
		}
	}
	return out
}

// Silence is the action sheet of the procedure on one revision.
func (s *State) Silence(revision act.Hash, now int64) (Silence, bool) {
	h := s.hush(revision)
	if h == nil {
		return Silence{}, false
	}
	return s.sheet(h, now), true
}

// RunningSilences are the sheets of the procedures that run at that time, or over whose end some
// act is still to come; soonest first.
func (s *State) RunningSilences(now int64) []Silence {
	var out []Silence
	for h := range s.pending {
		if !h.broken {
			out = append(out, s.sheet(h, now))
		}
	}
	return out
}

// A hush is one silence procedure as it is worked out.
type hush struct {
	e       *Element
	at      entry // the table act
	rev     *accord.Revision
	until   int64
	void    string
	follows bool   // some language of the text follows an earlier one
	came    []int  // per party, the ordinal of the act by which it came to the text; -1 for none
	mute    []bool // per party, whether it did so by silence

	broken bool   // somebody broke it; kept for those that State.vigil has, as is the next
	intime []bool // per party, whether its log shows that it had the text in time
}

func (s *State) hush(revision act.Hash) *hush {
	r := s.rule.Revision(revision)
	if r == nil {
		return nil
	}
	e := s.elements[r.Element]
	for _, at := range s.table.silences[e] {
		if at.Place == placeOf(r) {
			return s.hushOf(e, at)
		}
	}
	return nil
}

// Hushed reports whether some silence procedure was ever asked for in the group.
func (s *State) Hushed() bool { return len(s.table.silences) > 0 }

func (s *State) hushOf(e *Element, at entry) *hush {
	r := s.rule.Revision(s.LeafHash(at.Place))
	a := s.Act(at.Place)
	t, ok := a.Body.(act.Table)
	if !ok || r == nil {
		return nil
	}
	h := &hush{e: e, at: at, rev: r, until: t.Until, follows: len(t.Content.Follows) > 0, intime: make([]bool, s.rule.Parties())}
	switch {
	case t.Offered || t.Content.Kind == act.Package || !s.charter.Silence.Allows(t.Content.Kind):
		h.void = NoSilence
	case !s.charter.ChairedBy(s.charter.Code(at.Party), a.By): // its own door says so too, if it keeps to it
		h.void = NotChair
	case t.Until-a.At < s.least():
		h.void = ShortSilence
	}
	return h
}

func (s *State) least() int64 { return s.charter.Silence.Least.Milliseconds() }

// sheet works out one action sheet.
func (s *State) sheet(of *hush, now int64) Silence {
	own := *of // breaks writes to it
	h := &own
	out := Silence{Item: s.itemOf(h.e), Revision: s.RevisionRef(h.rev), Until: h.until, Least: s.least(), Void: h.void, Agreed: h.rev.IsAdopted()}
	out.Breaks = s.breaks(h)
	for p := range s.rule.Parties() {
		q := s.silentParty(h, uint8(p))
		if slices.ContainsFunc(out.Breaks, func(b Break) bool { return b.Party == q.Party }) {
			q.State = SilentBroke
		}
		out.Parties = append(out.Parties, q)
	}
	out.Outcome = s.outcome(h, &out, now)
	return out
}

func (s *State) outcome(h *hush, x *Silence, now int64) string {
	switch {
	case h.void != "":
		return SilenceVoid
	case len(x.Breaks) > 0 && x.Breaks[0].Stamp.Place.Party == h.at.Party:
		return SilenceWithdrawn
	case len(x.Breaks) > 0:
		return SilenceBroken
	case x.Agreed:
		return SilenceAdopted
	case now < h.until:
		return SilenceRuns
	}
	for _, p := range x.Parties {
		if p.State == SilentLate || p.State == SilentUnknown {
			x.NotDelivered = append(x.NotDelivered, p.Party)
		}
	}
	if len(x.NotDelivered) > 0 {
		return SilenceNotDelivered
	}
	return SilenceAwaiting
}

// silentParty tells one party's part.
func (s *State) silentParty(h *hush, p uint8) SilentParty {
	q := SilentParty{Party: s.charter.Code(p), Ordinal: p, State: SilentAsked}
	if p == h.at.Party {
		return q
	}
	intime := false
	q.State, q.Receipt, intime = s.receipt(h, p)
	if at := h.came[p]; at >= 0 {
		st := s.Stamp(Place{p, uint32(at)})
		q.Answer, q.State = &st, SilentAccepted
		if h.mute[p] {
			q.State, q.Unproved = SilentGiven, !intime
		}
		return q
	}
	q.Lock = s.silenceLock(h, p)
	return q
}

// receipt finds the first act of the party's log that had seen the text, and whether it says that
// this was in time.
func (s *State) receipt(h *hush, p uint8) (state string, at *Stamp, intime bool) {
	n := s.rule.Count(p)
	o := sort.Search(n, func(i int) bool { return s.rule.SawAt(p, i, h.at.Party) > h.rev.Ordinal })
	latest := h.until - s.least()
	if o == n { // what it wrote too late without having seen the text shows as much
		if n > 0 && s.Stamp(Place{p, uint32(n - 1)}).At > latest {
			return SilentLate, nil, false
		}
		return SilentUnknown, nil, false
	}
	st := s.Stamp(Place{p, uint32(o)})
	if st.At > latest {
		return SilentLate, &st, false
	}
	return SilentReceived, &st, true
}

// silenceLock says why the party's server would not accept the text by silence.
func (s *State) silenceLock(h *hush, p uint8) string {
	if s.charter.InStep && h.follows && !s.InStep(h.rev) {
		return LockedByDrift
	}
	if r, _, _ := s.referral(h.e, p); r == h.rev { // standing or lapsed: silence is no capital's confirmation
		return LockedByRole
	}
	if held := h.e.Position(p); held != nil && !held.IsAdopted() {
		for _, k := range s.Packages(held.ID) {
			if s.elements[k.Element].Position(p) == k {
				return LockedByBundle
			}
		}
	}
	return ""
}

// breaks lists the acts that broke the silence, causes first: what a party did on the element that
// the text's own party had not seen when it asked for silence. What a party did after it had come to
// the text is no breach where the text was adopted, and none where its time was over.
func (s *State) breaks(h *hush) []Break {
	h.came, h.mute = make([]int, s.rule.Parties()), make([]bool, s.rule.Parties())
	for p := range h.came {
		h.came[p] = -1
	}
	h.came[h.at.Party] = h.rev.Ordinal
	var out []Break
	var scan act.Scanner // most acts about an element are none of these: a scan makes no copies
	for _, x := range h.e.story {
		if !s.since(h, x) || !s.mayBreak(&scan, x, h.rev) {
			continue
		}
		a := s.Act(x.Place)
		b := s.breach(h, &a, x)
		if b == nil {
			continue
		}
		came := h.came[x.Party]
		over := came >= 0 && came < int(x.Ordinal) && (h.rev.IsAdopted() || x.Party != h.at.Party && (h.mute[x.Party] || a.At > h.until))
		if !over {
			out = append(out, *b)
		}
	}
	return out
}

// since reports whether the act is one that the table act had not seen.
func (s *State) since(h *hush, x entry) bool {
	if x.Party == h.at.Party {
		return int(x.Ordinal) > h.rev.Ordinal
	}
	return int(x.Ordinal) >= s.rule.SawAt(h.at.Party, h.rev.Ordinal, x.Party)
}

// mayBreak reports whether the act is of a kind that breach looks at.
func (s *State) mayBreak(scan *act.Scanner, x entry, r *accord.Revision) bool {
	leaf, _ := s.logs.Leaf(x.Party, int(x.Ordinal))
	if scan.Scan(leaf) != nil {
		return false
	}
	switch scan.Kind {
	case act.KindTable, act.KindAccept, act.KindWithdraw:
		return true
	case act.KindRemark:
		return scan.Sort == act.Objection && scan.Revision == r.ID
	}
	return false
}

// breach is the break that an act is, or nil. It notes acceptances of the text.
func (s *State) breach(h *hush, a *act.Act, x entry) *Break {
	out := &Break{Stamp: s.stamp(x.Place, a)}
	switch b := a.Body.(type) {
	case act.Table:
		if b.Offered {
			return nil
		}
		out.How, out.Revision = "counter", s.RevisionRef(s.rule.Revision(s.LeafHash(x.Place)))
	case act.Accept:
		if b.Revision == h.rev.ID {
			h.came[x.Party], h.mute[x.Party] = int(x.Ordinal), b.Silent
			return nil
		}
		out.How, out.Revision = "other", s.RevisionRef(s.rule.Revision(b.Revision))
	case act.Withdraw:
		out.How, out.Text = "withdrawal", b.Reason
	case act.Remark:
		if b.Sort != act.Objection || b.Revision != h.rev.ID {
			return nil
		}
		out.How, out.Text = "objection", b.Text
	default:
		return nil
	}
	return out
}

// staysSilent reports whether nothing that is known here stands against accepting the text by
// silence, but that the time is not over. It is asked about procedures that are kept.
func (s *State) staysSilent(h *hush, self uint8) bool {
	if self == h.at.Party || h.broken || h.came[self] >= 0 || !h.intime[self] || s.silenceLock(h, self) != "" {
		return false
	}
	return s.rule.Try(self, accord.Move{Kind: act.KindAccept, Element: h.e.Ref(), Revision: h.rev.ID}) == accord.Good
}

// A Waited is a silence procedure that a party's server keeps: on which text, and when it ends.
type Waited struct {
	Element  act.Ref
	Revision act.Hash
	Until    int64
}

// Accept is what the server writes when the time is over by its clock.
func (w Waited) Accept() act.Accept {
	return act.Accept{Element: w.Element, Revision: w.Revision, Silent: true}
}

// SilencesKept lists what the party's server will accept by silence if nothing happens before,
// soonest first.
func (s *State) SilencesKept(self uint8) []Waited {
	var out []Waited
	for h := range s.pending {
		if s.staysSilent(h, self) {
			out = append(out, Waited{h.e.Ref(), h.rev.ID, h.until})
		}
	}
	return out
}

// Sentence says how the procedure ended or stands, in English, with times in UTC.
func (x Silence) Sentence() string {
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04 UTC") }
	switch x.Outcome {
	case SilenceAdopted:
		return "Adopted."
	case SilenceRuns:
		return "Under silence until " + at(x.Until) + "."
	case SilenceVoid:
		return "The charter does not allow this silence: no server accepts by it."
	case SilenceAwaiting:
		return "The silence ended " + at(x.Until) + "; acts are still to come."
	case SilenceNotDelivered:
		return "Not delivered in time to " + joined(x.NotDelivered) + ", as far as is known here."
	}
	b := x.Breaks[0]
	out := "Broken by "
	if x.Outcome == SilenceWithdrawn {
		out = "Withdrawn by "
	}
	out += string(b.Party) + ", at " + at(b.At)
	switch b.How {
	case "counter":
		out += ", with another text"
	case "other":
		out += ", accepting another text"
	}
	if len(b.Text) > 0 {
		out += ", because: " + b.Text[0].Text
	}
	return strings.TrimRight(out, ".") + "."
}

func joined(codes []party.Code) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}
