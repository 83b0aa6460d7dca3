// Package act is the signed record: what one party says in one group, one act at a time.
//
// An act is an entry of a log. It names its own place (group, party, epoch, index), who acted,
// when by that party's clock, and what the writer had seen of the other logs; then comes its
// body, of one of a closed list of kinds. The rule that decides what acts amount to is not
// here: see package accord. Nor is the signature: a checkpoint of the log signs every act
// below it (package ledger).
//
// # Format
//
// An act is one item of deterministic CBOR (RFC 8949 §4.2): an array of ten,
//
//	[version, group, party, epoch, index, by, at, seen, kind, body]
//
// docs/spec/act.md gives every field. Decode is strict: definite lengths, shortest forms,
// known fields in order, no floats, no tags, NFC text of allowed characters, nothing after the
// end. What Decode takes, Encode writes again to the same bytes.
//
// # Invariants
//
//   - An encoded act has at most MaxLeaf bytes.
//   - Seen is a delta: it lists the other parties, in rising order, whose log has grown since
//     the writer's previous act in this group. A party that is not listed is unchanged.
//   - An Act made by Decode holds substrings of the leaf it came from and copies no text.
//
// # Example
//
//	leaf, err := act.Encode(act.Act{Group: g, Party: 0, Index: 7, By: "d.reyes", At: now,
//		Body: act.Accept{Element: "A-1.1.2", Revision: r}})
package act

import (
	"entente/marking"
	"entente/party"
	"entente/text"
)

// Version is the format's version, the first item of every act.
const Version = 1

// An Act is one entry of one party's log in one group.
type Act struct {
	Group Hash         // the group's id
	Party uint8        // the writer's ordinal in the group's charter
	Epoch uint32       // the writer's epoch, from 0
	Index uint64       // the place in this epoch's log, from 0
	By    party.Person // who acted; empty where the party's server acted by itself
	At    int64        // milliseconds since 1970 by the writer's clock: testimony, never a rule
	Seen  []Seen       // what more of the other logs the writer had verified and stored
	Body  Body
}

// Seen names a prefix of another party's log: an epoch, how many of its entries, and their root.
type Seen struct {
	Party uint8 // ordinal in the charter
	Epoch uint32
	Size  uint64
	Root  Hash
}

// A Kind tells the bodies apart. Its number is part of the format.
type Kind uint8

// The kinds of act.
const (
	KindConstitute Kind = 1  // the first act of a log: the whole charter
	KindResume     Kind = 2  // the first act of a later epoch: where the one before ended
	KindAccredit   Kind = 3  // who is in the delegation, and what each may do
	KindTable      Kind = 4  // a new revision of an element, and the party's position
	KindAccept     Kind = 5  // somebody else's revision becomes the party's position
	KindWithdraw   Kind = 6  // the position is left
	KindConfirm    Kind = 7  // the server has seen everybody hold the revision
	KindRemark     Kind = 8  // comment, objection, reservation, interpretative statement, scrutiny
	KindReport     Kind = 9  // how an action goes, or what was observed
	KindSee        Kind = 10 // nothing but what was seen
	KindRefer      Kind = 11 // accepted ad referendum: the capital has yet to confirm
	KindCalendar   Kind = 12 // on which days the party's capital does not work
	KindSit        Kind = 13 // a round of talks is opened or closed
	KindCertify    Kind = 14 // the language versions of a revision say the same
	KindAttest     Kind = 15 // what the party's server found of everything watched
	KindDispute    Kind = 16 // a dispute is started, answered or closed
	lastKind            = KindDispute
)

var kindNames = [...]string{KindConstitute: "constitute", KindResume: "resume", KindAccredit: "accredit",
	KindTable: "table", KindAccept: "accept", KindWithdraw: "withdraw", KindConfirm: "confirm",
	KindRemark: "remark", KindReport: "report", KindSee: "see", KindRefer: "refer", KindCalendar: "calendar",
	KindSit: "sit", KindCertify: "certify", KindAttest: "attest", KindDispute: "dispute"}

// String is the kind's name, as it stands in JSON and in messages.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "unknown"
}

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// A Body is what an act says. The implementations are the kinds of this package and no others.
type Body interface{ Kind() Kind }

// Constitute opens a party's log in a group by giving the charter it binds itself to.
type Constitute struct {
	Charter string // canonical bytes of the charter (package group)
}

// Resume opens a later epoch and says where the one before ended.
type Resume struct {
	Epoch uint32 // the epoch that ended
	Size  uint64 // how many entries it has
	Root  Hash   // its root at that size
}

// Accredit gives the party's delegation to the group, in place of any it gave before.
type Accredit struct{ Delegates []Delegate }

// A Delegate is one person of a delegation.
type Delegate struct {
	Person party.Person `json:"person"`
	Name   text.Texts   `json:"name"`
	Role   text.Texts   `json:"role,omitempty"` // such as "Head of delegation"
	Agency text.Texts   `json:"agency,omitempty"`
	Powers Powers       `json:"powers"`
}

// Table makes a revision of an element and, unless it is only offered, takes it as the party's
// position.
type Table struct {
	Element Ref
	Content Content
	Until   int64 // silence is asked for until then, in milliseconds since 1970; 0 where it is not
	Offered bool  // a Chair's or a bridging text: the writer's party holds it only once it accepts it
	Tied    bool  // it stands or falls with others: this act by itself confirms nothing
}

// Accept takes a revision that the party has not held as its position.
type Accept struct {
	Element  Ref
	Revision Hash
	Silent   bool // given by silence: the party's server wrote it when the time had run out
	Tied     bool // it stands or falls with others: this act by itself confirms nothing
}

// Withdraw leaves the party's position on an element.
type Withdraw struct {
	Element Ref
	Reason  text.Texts
}

// Confirm says that the party holds the revision and has seen every other party hold it.
type Confirm struct {
	Element  Ref
	Revision Hash
}

// Remark is one party's word about an element. It needs nobody's consent and binds nobody.
type Remark struct {
	Element  Ref
	Revision Hash // the revision it speaks of; zero for the element as such
	Sort     RemarkSort
	Text     text.Texts
	Lifts    Hash // the leaf hash of an earlier remark of the same party that ends with this one
}

// Report is one party's word: on how an element is being carried out, or a batch of observations of
// what is watched of an agreement or a programme.
type Report struct {
	Element  Ref
	AsOf     Date     // of progress
	Progress Progress // how far it is; 0 where the report is of observations
	Note     text.Texts

	Sources   []Citation // where the observations come from
	Readings  []Reading
	TakesBack []Hash         // the party's earlier batches that no longer stand, by leaf hash, in order
	Marking   *marking.Label // of the observations; nil: the group's ceiling
}

// See says only what was seen.
type See struct{}

// Refer accepts a revision ad referendum. It is one party's word and moves no position: an accept
// act confirms it, and where none does before Until, it has lapsed.
type Refer struct {
	Element  Ref
	Revision Hash
	Until    int64      // milliseconds since 1970
	Role     text.Texts // whose confirmation is awaited, such as "Minister of Defence"
}

// Calendar says on which days the party's capital does not work, in place of what it said before.
type Calendar struct {
	Rest Weekdays
	Days []Holiday // in order of their dates, each once
}

// A Holiday is a day on which a capital does not work.
type Holiday struct {
	On   Date       `json:"on"`
	Name text.Texts `json:"name,omitempty"`
}

// Sit opens or closes a round of talks. What its writer had seen is the text as it stood then.
type Sit struct {
	Round   Ref
	Step    SitStep
	Present []Seated // who sat, in order of party and person, each once
}

// Seated is a person at the table.
type Seated struct {
	Party  party.Code   `json:"party"`
	Person party.Person `json:"person"`
}

// Certify says that the language versions of a revision mean the same: a legal adviser's word.
type Certify struct {
	Element  Ref
	Revision Hash
}

// Kind is KindConstitute.
func (Constitute) Kind() Kind { return KindConstitute }

// Kind is KindResume.
func (Resume) Kind() Kind { return KindResume }

// Kind is KindAccredit.
func (Accredit) Kind() Kind { return KindAccredit }

// Kind is KindTable.
func (Table) Kind() Kind { return KindTable }

// Kind is KindAccept.
func (Accept) Kind() Kind { return KindAccept }

// Kind is KindWithdraw.
func (Withdraw) Kind() Kind { return KindWithdraw }

// Kind is KindConfirm.
func (Confirm) Kind() Kind { return KindConfirm }

// Kind is KindRemark.
func (Remark) Kind() Kind { return KindRemark }

// Kind is KindReport.
func (Report) Kind() Kind { return KindReport }

// Kind is KindSee.
func (See) Kind() Kind { return KindSee }

// Kind is KindRefer.
func (Refer) Kind() Kind { return KindRefer }

// Kind is KindCalendar.
func (Calendar) Kind() Kind { return KindCalendar }

// Kind is KindSit.
func (Sit) Kind() Kind { return KindSit }

// Kind is KindCertify.
func (Certify) Kind() Kind { return KindCertify }

// Content is what a revision says: one exact content of an element, all its languages included.
type Content struct {
	Kind    ElementKind
	Parent  Ref        // the element this one serves; empty at the top
	Title   text.Texts // heading, in the group's languages
	Text    text.Texts // the words the parties bind themselves to
	Struck  bool       // agreed on, this removes the element
	Lead    []party.Code
	Support []party.Code
	Due     Date
	Cites   []Ref          // marked passages (goals) that this element answers to
	Source  text.Texts     // where it comes from: "as reported by Axios"
	Marking *marking.Label // nil: the group's ceiling
	Order   uint32         // place among siblings, ahead of the reference; 0: by the reference

	// Statements.
	SaidBy text.Texts
	SaidOn Date

	// Marked passages of a statement.
	Paragraph uint32     // which paragraph of the parent statement, from 1
	Quote     string     // the marked words, as they stand there
	Aside     text.Texts // why no goal follows from it; nil where one should

	// Means.
	Amount string // decimal number, such as "2" or "1.5"; empty where not counted
	Unit   text.Texts

	// Documents (instruments), and of these two packages only the first.
	Contains []Contained
	Digests  []Digest

	// Rounds of talks, whose Text is the agenda.
	Opens, Closes Date

	// Follows lists the languages whose words are not of this revision but still those of an
	// earlier one: such a version is behind.
	Follows []Following

	// What is watched: each of these in its own kinds of element only.
	Terms     *Terms     // agreements, programmes
	Watch     *Watch     // obligations, milestones
	Judgement *Judgement // assessments
	Extends   *Extends   // extensions
}

// Following says which revision the words of one language still follow.
type Following struct {
	Lang     text.Lang `json:"lang"`
	Revision Hash      `json:"revision"`
}

// Contained names one exact revision that a document or a package contains.
type Contained struct {
	Element  Ref  `json:"element"`
	Revision Hash `json:"revision"`
}

// Digest is the SHA-256 of a document's rendered text in one authentic language.
type Digest struct {
	Lang text.Lang `json:"lang"`
	Sum  Hash      `json:"sum"`
}
