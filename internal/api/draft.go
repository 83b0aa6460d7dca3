package api

import (
	"strconv"
	"strings"

	"entente/accord"
	"entente/act"
	"entente/internal/chancery"
	"entente/party"
	"entente/plan"
)

// An Ask is a request for one act. Which of the fields mean something depends on Act:
//
//	table     a new element, or one's whole text of an element that is there
//	counter   one's text of an element, beginning from Of's: only what differs is given. Where words
//	          change in one authentic language, each other one is given too, or named in Same or Behind
//	strike    a text that would remove the element
//	accept    the text that Of holds, or the exact Revision
//	withdraw  one's position, with the reason in Text
//	remark    Sort and Text; reserve is a remark of the sort reservation
//	lift      ends one's remark Lifts, with Text
//	report    AsOf, Progress, Text
//	accredit  Delegates, in place of the delegation as it is
//	document  the joint document: all that is agreed now
//	offer     as counter, as a co-chair's text that no party holds by it: a bridging proposal
//	refer     as accept, ad referendum: until Until, when Role has to have confirmed; accept confirms it
//	object    a remark of the sort objection; it breaks a silence that runs
//	certify   the language versions of the text of Of, or of Revision, mean the same
//	package   Members: texts that stand or fall together
//	open      opens a round, with who is Present; close closes it
//	calendar  Rest and Holidays of one's own capital, in place of those said before
//	observe   Readings and their Sources, of an agreement or a programme; Marking, Text
//	take-back Batches of one's own observations that are to stand no more
//	attest    this party's verdicts on an agreement or a programme as of On: the server computes them
//	dispute   Step of a dispute about an obligation: On, By, Text; of Dispute where it replies or closes
//
// With Until, counter and table ask for silence.
type Ask struct {
	Act     string `json:"act"`
	Element string `json:"element,omitempty"` // table: empty for the next free reference
	Basis   string `json:"basis,omitempty"`   // of the element as it was read; empty for no check

	Kind      string    `json:"kind,omitempty"`
	Parent    *string   `json:"parent,omitempty"`
	Title     Words     `json:"title,omitempty"`
	Text      Words     `json:"text,omitempty"`
	Lead      *[]string `json:"lead,omitempty"`
	Support   *[]string `json:"support,omitempty"`
	Due       *string   `json:"due,omitempty"`
	Cites     *[]string `json:"cites,omitempty"`
	Source    Words     `json:"source,omitempty"`
	Marking   *string   `json:"marking,omitempty"`
	Order     *uint32   `json:"order,omitempty"`
	SaidBy    Words     `json:"said_by,omitempty"`
	SaidOn    *string   `json:"said_on,omitempty"`
	Paragraph *uint32   `json:"paragraph,omitempty"`
	Quote     *string   `json:"quote,omitempty"`
	Aside     Words     `json:"aside,omitempty"`
	Amount    *string   `json:"amount,omitempty"`
	Unit      Words     `json:"unit,omitempty"`

	Same   []string `json:"same,omitempty" doc:"counter: languages without words here that say the same already"`
	Behind []string `json:"behind,omitempty" doc:"counter: languages without words here that follow the text before"`

	Of       string `json:"of,omitempty"`
	Revision string `json:"revision,omitempty"`
	Sort     string `json:"sort,omitempty"`
	Lifts    string `json:"lifts,omitempty"`
	AsOf     string `json:"as_of,omitempty"`
	Progress string `json:"progress,omitempty"`

	Delegates []AskDelegate `json:"delegates,omitempty"`

	Terms     *AskAgreement  `json:"terms,omitempty" doc:"agreement, programme"`
	Watch     *AskWatch      `json:"watch,omitempty" doc:"obligation, milestone"`
	Judgement *AskJudgement  `json:"judgement,omitempty" doc:"assessment"`
	Extends   *AskExtends    `json:"extends,omitempty" doc:"extension"`
	Sources   []act.Citation `json:"sources,omitempty" doc:"observe: where the readings come from"`
	Readings  []AskReading   `json:"readings,omitempty" doc:"observe"`
	Batches   []string       `json:"batches,omitempty" doc:"take-back: by id"`
	Step      string         `json:"step,omitempty" doc:"dispute: start, reply or close"`
	Dispute   string         `json:"dispute,omitempty" doc:"dispute: the id of the act that started it; none for the only one that runs"`
	On        string         `json:"on,omitempty" doc:"attest, dispute: the day"`
	By        Words          `json:"by,omitempty" doc:"dispute: who did it, where it is not this party"`

	Until    string       `json:"until,omitempty" doc:"an instant with its zone: 2017-12-14T18:00+02:00"`
	Role     Words        `json:"role,omitempty" doc:"refer: whose confirmation is awaited"`
	Members  []AskMember  `json:"members,omitempty" doc:"package: the texts that stand or fall together"`
	Opens    *string      `json:"opens,omitempty" doc:"first day of a round"`
	Closes   *string      `json:"closes,omitempty" doc:"last day of a round"`
	Present  []act.Seated `json:"present,omitempty" doc:"open, close: who sat"`
	Rest     []string     `json:"rest,omitempty" doc:"calendar: days of the week on which the capital does not work"`
	Holidays []AskHoliday `json:"holidays,omitempty" doc:"calendar: other days on which it does not"`
}

// An AskDelegate is one person of a delegation as requested.
type AskDelegate struct {
	Person string   `json:"person"`
	Name   Words    `json:"name"`
	Role   Words    `json:"role,omitempty"`
	Agency Words    `json:"agency,omitempty"`
	Powers []string `json:"powers"`
}

// Draft turns a request into the act, as the plan stands now. before are drafts of the same
// sending: a new reference is none of theirs. It judges nothing: that is for chancery.Admit.
func Draft(p *plan.State, self uint8, ask Ask, before []chancery.Draft) (chancery.Draft, error) {
	d := drafter{p: p, self: self, ask: &ask, before: before}
	if ask.Element != "" {
		ref, err := ParseRef(ask.Element)
		if err != nil {
			return chancery.Draft{}, err
		}
		d.ref = ref
	}
	body, err := d.body()
	return chancery.Draft{Body: body, Basis: ask.Basis}, err
}

type drafter struct {
	p      *plan.State
	self   uint8
	ask    *Ask
	ref    act.Ref
	before []chancery.Draft
}

func (d *drafter) body() (act.Body, error) {
	switch d.ask.Act {
	case "table":
		return d.table()
	case "accredit":
		return d.accredit()
	case "document":
		return d.document()
	case "calendar":
		return d.calendar()
	case "package":
		return d.pack()
	}
	if d.ref == "" {
		return nil, badRequest("Say which element: its reference, like A-1.1.2. Nothing was sent.")
	}
	e := d.p.Element(d.ref)
	if e == nil && !d.comes(d.ref) {
		return nil, refuse("element", "There is no %s in this group. Nothing was sent. Look at the plan for the reference you mean.", d.ref.Display())
	}
	if body, is, err := d.watching(); is {
		return body, err
	}
	switch d.ask.Act {
	case "counter":
		return d.counter(e, false)
	case "strike":
		return d.counter(e, true)
	case "accept":
		return d.accept(e)
	case "withdraw":
		reason, err := d.ask.Text.Texts()
		return act.Withdraw{Element: d.ref, Reason: reason}, orMissing(err, len(reason) == 0, "Say why the text is withdrawn. The reason goes to all parties.")
	case "remark", "reserve", "lift":
		return d.remark(e)
	case "report":
		return d.report()
	}
	return d.talk(e)
}

func orMissing(err error, missing bool, sentence string) error {
	if err == nil && missing {
		return refuse("words", "%s Nothing was sent.", sentence)
	}
	return err
}

// comes reports whether an earlier draft of the same sending tables the element.
func (d *drafter) comes(ref act.Ref) bool {
	for _, b := range d.before {
		if t, ok := b.Body.(act.Table); ok && t.Element == ref {
			return true
		}
	}
	return false
}

func (d *drafter) table() (act.Body, error) {
	kind, err := act.ParseElementKind(d.ask.Kind)
	if err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	c := act.Content{Kind: kind}
	if err := d.fill(&c); err != nil {
		return nil, err
	}
	if d.ref == "" {
		if d.ref, err = d.free(kind, c.Parent); err != nil {
			return nil, err
		}
	}
	return d.silence(act.Table{Element: d.ref, Content: c})
}

// counter begins from the text of Of, or of whoever speaks, and changes what was given.
func (d *drafter) counter(e *plan.Element, strike bool) (act.Body, error) {
	if e == nil {
		return nil, refuse("element", "There is no %s in this group yet. Nothing was sent.", d.ref.Display())
	}
	base := e.Leading()
	if base == nil || d.ask.Of == "" && base.EverHeldBy(d.self) && e.Position(d.self) != nil {
		base = e.Position(d.self)
	}
	if base == nil {
		base = e.Shown(d.p.Rule().Parties())
	}
	if d.ask.Of != "" || d.ask.Revision != "" {
		given, err := d.given(e)
		if err != nil {
			return nil, err
		}
		base = given
	}
	c := d.p.Content(base)
	if strike {
		c.Struck = true
		return act.Table{Element: d.ref, Content: c}, nil
	}
	was := c
	c.Struck = false
	if err := d.fill(&c); err != nil {
		return nil, err
	}
	if err := d.alongside(&c, was, base.ID); err != nil {
		return nil, err
	}
	return d.silence(act.Table{Element: d.ref, Content: c})
}

func (d *drafter) heldBy(e *plan.Element) (*accord.Revision, error) {
	code, err := party.ParseCode(d.ask.Of)
	if err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	p, ok := d.p.Charter().Ordinal(code)
	if !ok {
		return nil, refuse("party", "%s is not a party of this group. Nothing was sent.", code)
	}
	if e != nil {
		if r := e.Position(p); r != nil {
			return r, nil
		}
	}
	return nil, refuse("unseen", "%s holds no text of %s. Nothing was sent.", code, d.ref.Display())
}

func (d *drafter) accept(e *plan.Element) (act.Body, error) {
	if e == nil {
		return nil, refuse("element", "There is no %s in this group yet. Nothing was sent.", d.ref.Display())
	}
	r, err := d.chosen(e)
	if err != nil {
		return nil, err
	}
	return act.Accept{Element: d.ref, Revision: r.ID}, nil
}

// given is the text that the request names: the exact Revision, or what Of holds.
func (d *drafter) given(e *plan.Element) (*accord.Revision, error) {
	if d.ask.Revision == "" {
		return d.heldBy(e)
	}
	var id act.Hash
	if err := id.UnmarshalText([]byte(d.ask.Revision)); err != nil {
		return nil, badRequest("%.80q is no revision. Nothing was sent.", d.ask.Revision)
	}
	r := d.p.Rule().Revision(id)
	if r == nil || r.Element != d.ref {
		return nil, refuse("unseen", "%s has no such text here. Nothing was sent. Look at it again.", d.ref.Display())
	}
	return r, nil
}

// chosen is the text that the request names, or the only one of others that is on the table.
func (d *drafter) chosen(e *plan.Element) (*accord.Revision, error) {
	if d.ask.Revision != "" || d.ask.Of != "" {
		return d.given(e)
	}
	offered := e.Offer()
	for q := range d.p.Rule().Parties() {
		r := e.Position(uint8(q))
		if q == int(d.self) || r == nil || r == offered || r == e.Position(d.self) || r == e.InForce() {
			continue
		}
		if offered != nil {
			return nil, refuse("which", "Several texts of %s are on the table. Nothing was sent. Say whose you accept: --of PARTY", d.ref.Display())
		}
		offered = r
	}
	if offered == nil {
		return nil, refuse("nothing", "No other party holds a text of %s that could be accepted. Nothing was sent.", d.ref.Display())
	}
	return offered, nil
}

func (d *drafter) remark(e *plan.Element) (act.Body, error) {
	words, err := d.ask.Text.Texts()
	if err := orMissing(err, len(words) == 0, "A remark needs words."); err != nil {
		return nil, err
	}
	b := act.Remark{Element: d.ref, Text: words, Sort: act.Comment}
	if e != nil {
		if r := e.Leading(); r != nil {
			b.Revision = r.ID
		}
	}
	switch {
	case d.ask.Act == "reserve" && d.ask.Sort == "":
		b.Sort = act.Reservation
	case d.ask.Act == "object":
		b.Sort = act.Objection
	case d.ask.Sort != "":
		if b.Sort, err = act.ParseRemarkSort(d.ask.Sort); err != nil {
			return nil, badRequest("%v. Nothing was sent.", err)
		}
	}
	if d.ask.Act == "lift" {
		if d.ask.Lifts == "" {
			d.ask.Lifts = d.ownReservation()
		}
		if err := b.Lifts.UnmarshalText([]byte(d.ask.Lifts)); err != nil || b.Lifts.IsZero() {
			return nil, refuse("lift", "There is no reservation of yours on %s that stands. Nothing was sent.", d.ref.Display())
		}
	}
	return b, nil
}

// ownReservation is the id of the last reservation of one's own that stands, or "".
func (d *drafter) ownReservation() string {
	dossier, ok := d.p.Dossier(d.ref, d.self)
	if !ok {
		return ""
	}
	id := ""
	for _, n := range dossier.Reserved {
		if n.Place.Party == d.self {
			id = d.p.LeafHash(n.Place).String()
		}
	}
	return id
}

func (d *drafter) report() (act.Body, error) {
	b := act.Report{Element: d.ref}
	var err error
	if b.AsOf, err = act.ParseDate(d.ask.AsOf); err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	if b.Progress, err = act.ParseProgress(d.ask.Progress); err != nil {
		return nil, badRequest("%v. Nothing was sent.", err)
	}
	b.Note, err = d.ask.Text.Texts()
	return b, err
}

func (d *drafter) accredit() (act.Body, error) {
	var b act.Accredit
	for _, a := range d.ask.Delegates {
		g, err := a.delegate()
		if err != nil {
			return nil, err
		}
		b.Delegates = append(b.Delegates, g)
	}
	sortDelegates(b.Delegates)
	return b, nil
}

// free is the next free reference of a kind below a parent; drafts of the same sending count.
func (d *drafter) free(kind act.ElementKind, parent act.Ref) (act.Ref, error) {
	ref := d.p.NextRef(kind, parent)
	for ref != "" && d.comes(ref) {
		at := strings.LastIndexAny(string(ref), "-.") + 1
		n, err := strconv.Atoi(string(ref)[at:])
		if err != nil {
			break
		}
		next, err := act.ParseRef(string(ref)[:at] + strconv.Itoa(n+1))
		if err != nil {
			break
		}
		ref = next
	}
	if ref == "" || d.comes(ref) || d.p.Element(ref) != nil {
		return "", refuse("reference", "There is no free reference below %s. Nothing was sent. Choose one yourself.", parent.Display())
	}
	return ref, nil
}

// document is the joint document: everything agreed now, in its order, with its digests.
func (d *drafter) document() (act.Body, error) {
	c, err := d.p.Instrument()
	if err != nil {
		return nil, refuse("document", "%v.", strings.TrimSuffix(err.Error(), "."))
	}
	if d.ref == "" {
		if d.ref, err = d.free(act.Document, ""); err != nil {
			return nil, err
		}
	}
	return act.Table{Element: d.ref, Content: c}, nil
}
