// Package story reads the demonstration plans: who the parties are, which groups they sit in,
// and act by act what they said, so that a demonstration can be played through the real doors.
//
// It is not a way into a log. Playing a story is the caller's work: here is only what is to be
// said, by whom, in which order. Nothing in a story is official; each carries a notice that says
// so, and every element says where it comes from.
//
// # Format
//
// A story is one JSON object (UTF-8, NFC), read strictly: unknown, repeated or capitalised names
// are refused, and so is anything after the end.
//
//	id, title, notice          "washington"; {lang: text}
//	languages, drafts          authentic languages; those whose text is a working draft
//	date                       when the groups are convened, RFC 3339
//	parties                    code, names, zone (IANA), capital, languages, rest (days of the week), holidays {on, name}, people
//	  people                   id, name, role, agency, powers (propose, accept, remark, convene, administer, certify)
//	groups                     number (0 is the plenary), name, terms, parties, chairs {party, person}, marking,
//	                           silence {hours, kinds} (at least, and on what), in_step (drift of languages locks agreement)
//	steps                      what is said until the page opens, in rising time
//	settle                     what is said after that, until nothing is open
//	margin                     what each party notes for itself: party, by, group, element, field, words, role, line;
//	                           an observation that is not shared: reading, from (its source)
//
// A step has at, party, by, group, act and element. By act:
//
//	table     kind, parent, order, title, text, lead, support, due, cites, source, marking;
//	          a statement instead of text: said_by, said_on, body {lang: [paragraph, …]};
//	          a passage: parent, paragraph (from 1), quote, aside (why no goal follows);
//	          means: amount, unit; a package: contains [{element, of}]; a round: opens, closes;
//	          an agreement: terms {bound, conversions, procedure}; an obligation or a milestone: watch
//	          {paragraph, owes, quantity, measure, rule, near, from, to, …}; an assessment: judgement
//	          {verdict, likelihood, confidence, as_of};
//	          until: under silence; offered: no party's own; follows {lang: party}: a language that is behind
//	accept    of: the party whose present text is accepted, or offered; a package with all that is in it
//	refer     of, until, role: accepted ad referendum
//	certify   of: its languages say the same
//	sit       sits (opens, closes), present [{party, person}]
//	withdraw  text: the reason
//	remark    sort (comment, objection, reservation, interpretation, scrutiny), text
//	report    as_of, progress (not begun, under way, done, stopped), text
//	observe   sources [{title, document, place, address, quote}], readings [{quantity, sign, value, measure, as_of,
//	          reported, source, grade, note, bears [{hypothesis, weight}]}]; of an agreement or a programme
//	attest    as_of: the verdicts that the party's server finds as of that day
//	dispute   disputes (starts, replies, closes), as_of, text; of an obligation
//
// A table step gives the element's whole content; nothing is inherited from an earlier one. A
// reference (parent, cites) is to an element tabled earlier in the same group or in the plenary.
//
// # Invariants of a Story
//
// Every text is there in every language of the story and passes text.Check. Every reference
// resolves; every quotation stands in the paragraph it names; every person has the power for the
// act; nobody accepts what nobody holds, nor comes to a text a second time. After settle no
// element is open. References are unique over all groups.
//
// # Example
//
//	s, err := story.Load("washington")
//	for _, step := range s.Steps { … }
package story

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/cmd/entente/stories"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// A Story is one demonstration plan.
type Story struct {
	ID        string
	Title     text.Texts  // of the whole plan
	Notice    text.Texts  // what this is and is not; shown on every page
	Languages []text.Lang // authentic languages, in the order of the file
	Drafts    []text.Lang // languages whose text is a working draft
	Date      time.Time   // when the groups are convened
	Parties   []Party     // in order of joining
	Groups    []Group     // by number, from the plenary
	Steps     []Step      // until the page opens
	Settle    []Step      // after that, until nothing is open
	Margin    []Note      // what each party notes for itself alone, when the page opens
}

// A Party is one of the parties, with its people.
type Party struct {
	Code      party.Code
	Names     text.Texts
	Zone      *time.Location
	Capital   text.Texts
	Languages []text.Lang
	Rest      []time.Weekday // days on which the capital does not work
	Holidays  []Holiday      // rising
	People    []Person
}

// A Person is one of a party's delegation. Every person of a story is invented.
type Person struct {
	ID     party.Person
	Name   text.Texts
	Role   text.Texts
	Agency text.Texts
	Powers []string // propose, accept, remark, convene, administer, certify
}

// A Group is a circle of the parties.
type Group struct {
	Number  uint32 // 0 is the plenary
	Name    text.Texts
	Terms   text.Texts   // terms of reference
	Parties []party.Code // in order of joining
	Chairs  []Chair
	Marking marking.Label // ceiling
	Silence *Silence      // nil where the group allows none
	InStep  bool          // no text is accepted while a language of it is behind
}

// A Chair is one of a group's co-chairs.
type Chair struct {
	Party  party.Code
	Person party.Person
}

// An Act says what a step does.
type Act string

// The acts of a story.
const (
	Table    Act = "table"
	Accept   Act = "accept"
	Withdraw Act = "withdraw"
	Remark   Act = "remark"
	Report   Act = "report"
	Refer    Act = "refer"
	Certify  Act = "certify"
	Sit      Act = "sit"
	Observe  Act = "observe"
	Attest   Act = "attest"
	Dispute  Act = "dispute"
)

// A Step is one act, said by one person at one time.
type Step struct {
	At       time.Time
	Party    party.Code
	By       party.Person
	Group    uint32
	Act      Act
	Element  string         // reference, such as "A-1.1.2"
	Content  *Content       // table only
	Of       party.Code     // accept, refer, certify: whose present text
	Offered  bool           // table: no party's own; accept: the text that is offered
	Until    time.Time      // table: silence is asked for until then; refer: when it lapses
	Role     text.Texts     // refer: who is to confirm
	Sits     string         // sit: opens or closes
	Present  []Seat         // sit: who sat
	Sort     string         // remark: comment, objection, reservation, interpretation, scrutiny
	Text     text.Texts     // withdraw: the reason; remark and report: the words
	AsOf     string         // report, attest, dispute: the day, 2017-12-12
	Progress string         // report: not begun, under way, done, stopped
	Sources  []act.Citation // observe
	Readings []act.Reading  // observe
	Disputes string         // dispute: starts, replies or closes
}

// Content is the whole content of an element as a step tables it.
type Content struct {
	Kind      string // goal, way, action, means, clause, statement, passage, package, round, and the kinds that are watched
	Parent    string // reference, or ""
	Order     uint32
	Title     text.Texts
	Text      text.Texts // of a statement: Body, with a blank line between paragraphs
	Lead      []party.Code
	Support   []party.Code
	Due       string   // a day, or ""
	Cites     []string // references of passages
	Source    text.Texts
	Marking   *marking.Label // nil: as the group
	SaidBy    text.Texts
	SaidOn    string
	Body      []text.Texts // paragraphs of a statement
	Paragraph uint32       // of the statement, from 1
	Quote     string
	Aside     text.Texts // why no goal follows; nil where one should
	Amount    string
	Unit      text.Texts
	Follows   []Following // languages whose words are still those of another text
	Contains  []Member    // of a package
	Opens     string      // of a round, as planned
	Closes    string
	Terms     *act.Terms     // of an agreement
	Watch     *act.Watch     // of an obligation or a milestone
	Judgement *act.Judgement // of an assessment
}

// Following says whose present text the words of a language still are.
type Following struct {
	Lang text.Lang
	Of   party.Code
}

const suffix = ".json"

// Names lists the stories that Load knows, in alphabetical order.
func Names() []string {
	files, _ := fs.Glob(stories.Files, "*"+suffix) // the pattern is well-formed, nothing else fails
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, suffix)
	}
	return files
}

// Load reads one of the embedded stories.
func Load(name string) (*Story, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("there is no scenario %.40q: choose one of %s", name, strings.Join(Names(), ", "))
	}
	b, err := stories.Files.ReadFile(name + suffix)
	if err != nil {
		return nil, fmt.Errorf("reading the scenario %s: %w", name, err)
	}
	s, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", name, suffix, err)
	}
	if s.ID != name {
		return nil, fmt.Errorf("%s%s: its id is %.40q", name, suffix, s.ID)
	}
	return s, nil
}

// Party returns the party of that code, or nil.
func (s *Story) Party(c party.Code) *Party {
	for i := range s.Parties {
		if s.Parties[i].Code == c {
			return &s.Parties[i]
		}
	}
	return nil
}

// Group returns the group of that number, or nil.
func (s *Story) Group(n uint32) *Group {
	for i := range s.Groups {
		if s.Groups[i].Number == n {
			return &s.Groups[i]
		}
	}
	return nil
}

// Person returns the party's person of that id, or nil.
func (p *Party) Person(id party.Person) *Person {
	for i := range p.People {
		if p.People[i].ID == id {
			return &p.People[i]
		}
	}
	return nil
}

// quoted returns the paragraph of a statement's original language that a passage is marked in,
// or "" where there is none. The original is the story's first language.
func (s *Story) quoted(statement *Content, paragraph uint32) string {
	if paragraph == 0 || int(paragraph) > len(statement.Body) {
		return ""
	}
	p, _ := statement.Body[paragraph-1].Get(s.Languages[0])
	return p
}
