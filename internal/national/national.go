// Package national is a party's own margin: what its people note beside the elements of a group
// for themselves alone. Instructions, fallback positions, red lines, discussion, who must clear a
// text before it is sent, why a bracket is kept, what is never said, observations that are not
// shared. It leaves the party's own server in no form.
//
// It holds what an entry of the margin is, what the entries amount to, how a red line is checked
// against a text, and the guard that finds words of the margin in a text that is about to be sent.
// It is pure: a [Store] keeps the entries, and clock and people are handed in. It is no part of
// the log: nothing here is signed, exchanged, proved or exported, and no room but internal/sqlite,
// internal/api, internal/web and cmd/entente can reach it (TestTheMarginIsWalledIn).
//
// # Entries
//
// An entry belongs to one group, and to one element of it or, with no element, to the whole group.
// It has a number that is never used twice in its group. Whoever changes an entry adds a revision
// to it; whoever ends it adds one that says so. The earlier revisions stay.
//
// # Red lines
//
// A red line is a number with its bounds, a phrase that must or must not stand, or a rule in CEL
// (https://cel.dev) over the variables
//
//	text     string   the text in one language
//	lang     string   that language, such as "en"
//	element  string   the reference, such as "A-1.1.2"
//	numbers  list     the numbers in the text: each a map with value, unit, words and position
//
// that is true where the text keeps to the red line:
//
//	numbers.all(n, n.unit != "days" || n.value <= 30.0)
//
// # The guard
//
// A text is held where it repeats [RunWords] or more consecutive words of the margin that the
// group does not have already, in any language and whatever stands between the words; where it has
// a phrase that is never said; where it bears a marking narrower than the group may hold; and
// where it has not been cleared as it stands by everybody who must clear it.
//
// # Invariants
//
//   - Who is not seated in this party's delegation to a group is told nothing of its margin.
//   - A clearance is of one exact text: another comma, and it has lapsed.
//   - A release lets one exact text out, once, with a reason that stays.
//   - Every bound is a named constant; a rule that could cost too much is refused when it is written.
//
// # Example
//
//	e, err := m.Write(ctx, group, hand, now, national.Entry{Field: national.Instruction, Element: "A-1.1.2", Body: national.Body{Words: words}})
//	err = m.Guard(ctx, draft, seated) // a *Held where the draft must not go out
package national

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// Bounds of the margin.
const (
	MaxWords     = 16 << 10 // bytes of an entry's words in one language
	MaxEntries   = 20_000   // entries of one group
	MaxRevisions = 200      // revisions of one entry
	MaxRedLines  = 64       // red lines that stand beside one element, or for the whole group
	MaxNeeds     = 16       // clearances that one element needs
	MaxNeverSay  = 1_000    // phrases that a group's delegation never says
	MaxPhrase    = 400      // bytes of a phrase, of a role or of a unit
	MaxUnits     = 16       // names of one unit
	MaxPosition  = 1_000    // the last number of a text that is counted
	MaxRule      = 2_000    // bytes of a rule
)

// A Field says what an entry is.
type Field string

// The fields of the margin.
const (
	Instruction Field = "instruction" // what the capital says to do
	Fallback    Field = "fallback"    // what may be settled for
	RedLines    Field = "red-line"    // what must not be crossed
	Note        Field = "note"        // discussion
	Clearance   Field = "clearance"   // who must clear a text before it is sent
	Cleared     Field = "cleared"     // somebody has cleared one exact text
	Bracket     Field = "reason"      // why a bracket is kept
	NeverSay    Field = "never-say"   // a phrase that must not go out
	Drafted     Field = "draft"       // a text that is being prepared
	Released    Field = "release"     // an exact text that may go out once although it was held
	Officer     Field = "officer"     // somebody who may release
	Reading     Field = "reading"     // an observation of what is watched, which the group is not told
)

var fields = []Field{Instruction, Fallback, RedLines, Note, Clearance, Cleared, Bracket, NeverSay, Drafted, Released, Officer, Reading}

// Fields lists the fields of the margin.
func Fields() []Field { return slices.Clone(fields) }

// ParseField reads a field's name.
func ParseField(s string) (Field, error) {
	if f := Field(s); slices.Contains(fields, f) {
		return f, nil
	}
	return "", fmt.Errorf("%.40q is no part of the margin", s)
}

// A Reason says why a bracket is kept.
type Reason string

// The reasons for a bracket.
const (
	Alternative Reason = "alternative" // two wordings of one thing
	Contentious Reason = "contentious" // the parties want different things
	Tactical    Reason = "tactical"    // to be given up for something else
	Waiting     Reason = "waiting"     // for instructions
	Weary       Reason = "weary"       // nobody had the strength to settle it
)

// ParseReason reads a reason's name.
func ParseReason(s string) (Reason, error) {
	switch r := Reason(s); r {
	case Alternative, Contentious, Tactical, Waiting, Weary:
		return r, nil
	}
	return "", fmt.Errorf("%.40q is no reason for a bracket: alternative, contentious, tactical, waiting (for instructions) or weary", s)
}

// An Entry is one revision of one entry of the margin.
type Entry struct {
	Number   uint64       `json:"number"`   // in its group, from 1
	Revision uint32       `json:"revision"` // of the entry, from 1
	Field    Field        `json:"field"`
	Element  act.Ref      `json:"element,omitempty"` // none for the whole group
	By       party.Person `json:"by"`
	At       time.Time    `json:"at"` // UTC, whole milliseconds
	Ended    bool         `json:"ended,omitempty"`
	Body
}

// A Body is what an entry says. Which of it means something depends on the field.
type Body struct {
	Words  text.Texts   `json:"words,omitempty"`  // what is noted; of a draft, its text
	Title  text.Texts   `json:"title,omitempty"`  // draft
	Line   *RedLine     `json:"line,omitempty"`   // red line
	Person party.Person `json:"person,omitempty"` // clearance, officer: whose it is
	Role   string       `json:"role,omitempty"`   // clearance: of anybody who has the role
	For    uint64       `json:"for,omitempty"`    // cleared: the number of the clearance
	Draft  act.Hash     `json:"draft,omitzero"`   // draft, cleared, release: the exact text; see Digest
	Reason Reason       `json:"reason,omitempty"` // bracket
	Of     party.Code   `json:"of,omitempty"`     // bracket: whose words stand in it

	Reading *act.Reading  `json:"reading,omitempty"` // reading
	Source  *act.Citation `json:"source,omitempty"`  // reading: where it comes from
}

// A Refused entry breaks a rule of the margin. Nothing was written.
type Refused struct {
	Rule     string // a short name
	Sentence string // what happened, what was left untouched, what to do next
	Form     string // the sentence's format string without its end: by it the sentence is found in other languages
	Args     []any  // what stands in its places
}

// Error is the sentence.
func (e *Refused) Error() string { return e.Sentence }

func refuse(rule, format string, args ...any) error {
	return &Refused{rule, fmt.Sprintf(format, args...) + " Nothing was written.", format, args}
}

// needs says what an entry of each field cannot do without; what it does not name it may not have.
var needs = map[Field]struct{ must, may string }{
	Instruction: {must: "words"}, Fallback: {must: "words"}, Note: {must: "words"}, NeverSay: {must: "words"},
	RedLines:  {must: "line", may: "words"},
	Clearance: {must: "who", may: "words"},
	Cleared:   {must: "for draft", may: "words"},
	Bracket:   {must: "reason", may: "words of"},
	Drafted:   {must: "draft", may: "words title"},
	Released:  {must: "words draft"},
	Officer:   {must: "person"},
	Reading:   {must: "reading source", may: "words"},
}

// Check reports the first thing that is wrong with what an entry says.
func (e Entry) Check() error {
	need, known := needs[e.Field]
	if !known {
		return refuse("field", "%.40q is no part of the margin.", string(e.Field))
	}
	if e.Element != "" {
		if _, err := act.ParseRef(string(e.Element)); err != nil {
			return refuse("element", "%v.", err)
		}
	}
	for name, here := range map[string]bool{"words": len(e.Words) > 0, "title": len(e.Title) > 0, "line": e.Line != nil,
		"person": e.Person != "" && e.Field == Officer, "who": e.Field == Clearance && (e.Person != "") != (e.Role != ""), "for": e.For != 0, "draft": !e.Draft.IsZero(),
		"reason": e.Reason != "", "of": e.Of != "", "reading": e.Reading != nil, "source": e.Source != nil} {
		must, may := slices.Contains(strings.Fields(need.must), name), slices.Contains(strings.Fields(need.may), name)
		if must && !here {
			return refuse(name, "%s: %s.", e.Field, missing[name])
		}
		if here && !must && !may {
			return refuse(name, "%s: it has no place for that (%s).", e.Field, name)
		}
	}
	if e.Field != Clearance && e.Role != "" || e.Person != "" && e.Field != Clearance && e.Field != Officer {
		return refuse("who", "%s: it is nobody's in particular.", e.Field)
	}
	return e.checkParts()
}

var missing = map[string]string{
	"words": "it needs words", "line": "say where the red line runs", "person": "say who", "who": "say who must clear, a person or a role, and not both",
	"for": "say which clearance is given", "draft": "say for which exact text", "reason": "say why: alternative, contentious, tactical, waiting or weary",
	"reading": "say what was observed", "source": "say where the observation comes from",
}

func (e Entry) checkParts() error {
	if err := checkWords(e.Words, e.Field); err != nil {
		return err
	}
	if err := checkWords(e.Title, e.Field); err != nil {
		return err
	}
	if e.Person != "" {
		if _, err := party.ParsePerson(string(e.Person)); err != nil {
			return refuse("person", "%v.", err)
		}
	}
	if len(e.Role) > MaxPhrase || e.Role != strings.TrimSpace(e.Role) || text.Check(e.Role) != nil {
		return refuse("role", "A role is at most %d bytes of plain words.", MaxPhrase)
	}
	if e.Of != "" {
		if _, err := party.ParseCode(string(e.Of)); err != nil {
			return refuse("party", "%v.", err)
		}
	}
	if e.Reason != "" {
		if _, err := ParseReason(string(e.Reason)); err != nil {
			return refuse("reason", "%v.", err)
		}
	}
	if e.Line != nil {
		return e.Line.Check()
	}
	if e.Reading != nil && e.Source != nil {
		return e.checkReading()
	}
	return nil
}

func checkWords(t text.Texts, f Field) error {
	if err := t.Check(); err != nil {
		return refuse("words", "The words cannot be kept: %v.", err)
	}
	limit := MaxWords
	switch f {
	case NeverSay:
		limit = MaxPhrase
	case Drafted:
		limit = text.MaxText
	}
	for _, v := range t {
		if len(v.Text) > limit {
			return refuse("length", "The %s words have %d bytes, and here there is room for %d.", v.Lang.Autonym(), len(v.Text), limit)
		}
		if f == NeverSay && len(words(v.Text)) == 0 {
			return refuse("words", "A phrase that is never said needs words; this has none.")
		}
	}
	return nil
}
