package proof

import (
	"fmt"
	"strings"

	"entente/act"
	"entente/party"
	"entente/text"
)

// A Result is what came of one check.
type Result string

// The results.
const (
	OK      Result = "ok"
	Failed  Result = "failed"
	Skipped Result = "skipped" // this file cannot show it, or an earlier check has failed
)

// The names of the checks, in the order in which a Report has them.
const (
	CheckFile         = "file"         // the file is whole and in its one form
	CheckKeys         = "keys"         // the keys are those of the reader's cards
	CheckSignatures   = "signatures"   // every log's checkpoint is signed by its party
	CheckLogs         = "logs"         // every entry is the one that was signed
	CheckEpochs       = "epochs"       // every log begins with the charter, and goes on where it ended
	CheckCosignatures = "cosignatures" // the parties have cosigned each other's logs
	CheckRule         = "rule"         // the entries follow from one another
	CheckAdopted      = "adopted"      // every party has adopted exactly this revision
	CheckText         = "text"         // the rendered text is the text adopted, in every language
	CheckPersons      = "persons"      // who accepted had been named by its party
	CheckLater        = "later"        // what came after, as far as the file goes
	CheckFinding      = "finding"      // the verdict in the file is the one that its entries come to
	CheckFork         = "fork"         // evidence only: two checkpoints that cannot both be true
)

// The kinds of file that Examine knows.
const (
	KindProof    = "proof"
	KindEvidence = "evidence"
	KindUnknown  = "unknown" // it could not be read as either
)

// A Check is one thing that was checked.
type Check struct {
	Name     string  `json:"name"`
	Result   Result  `json:"result"`
	Sentence string  `json:"sentence"`
	Detail   string  `json:"detail,omitempty"`
	Where    []Where `json:"where,omitempty"`

	Form string `json:"-"` // the detail's format string, where it has places: by it the detail is found in other languages
	Args []any  `json:"-"` // what stands in its places
}

// tell sets the detail.
func (c *Check) tell(form string, args ...any) {
	c.Detail, c.Form, c.Args = fmt.Sprintf(form, args...), form, args
}

// A Where is a place in a file: what is known of it.
type Where struct {
	Party     party.Code `json:"party,omitempty"`
	Epoch     uint32     `json:"epoch,omitempty"`
	Entries   []uint64   `json:"entries,omitempty"` // one index, or the first and the last of several
	Paragraph int        `json:"paragraph,omitempty"`
	Element   act.Ref    `json:"element,omitempty"`
	Lang      text.Lang  `json:"lang,omitempty"`
	Byte      int64      `json:"byte,omitempty"` // offset in the file
}

// String says the place: "US entry 391, ¶ 7 (A 1.1.2)".
func (w Where) String() string {
	var out []string
	who := string(w.Party)
	if w.Epoch > 0 {
		who += fmt.Sprintf(" epoch %d", w.Epoch)
	}
	switch {
	case len(w.Entries) == 1:
		who += fmt.Sprintf(" entry %d", w.Entries[0])
	case len(w.Entries) > 1:
		who += fmt.Sprintf(" entries %d to %d", w.Entries[0], w.Entries[1])
	}
	if who != "" {
		out = append(out, who)
	}
	switch {
	case w.Paragraph > 0:
		out = append(out, fmt.Sprintf("¶ %d (%s)", w.Paragraph, w.Element.Display()))
	case w.Element != "":
		out = append(out, w.Element.Display())
	}
	if w.Lang != "" {
		out = append(out, string(w.Lang))
	}
	if w.Byte > 0 || len(out) == 0 {
		out = append(out, fmt.Sprintf("byte %d of the file", w.Byte))
	}
	return strings.Join(out, ", ")
}

// A Report says what a file proves and what it does not. It holds no pointers into the file.
type Report struct {
	Kind    string  `json:"kind"`
	Valid   bool    `json:"valid"`  // no check failed, and the file proves what it is there to prove
	Answer  string  `json:"answer"` // one sentence: "Yes. Both parties adopted exactly this text."
	Passed  int     `json:"passed"`
	Failed  int     `json:"failed"`
	Skipped int     `json:"skipped"`
	Checks  []Check `json:"checks"`

	Bytes        int64         `json:"bytes"`              // size of the file
	Document     *Document     `json:"document,omitempty"` // nil for a whole plan
	Claim        *Claimed      `json:"claim,omitempty"`    // of a file about a verdict
	Plan         *Plan         `json:"plan,omitempty"`
	Number       string        `json:"number,omitempty"` // six groups of five digits, of the document or the plan
	Signatories  []Signatory   `json:"signatories,omitempty"`
	Reservations []Reservation `json:"reservations,omitempty"` // scrutiny reservations and interpretative statements too: Sort tells
	Amendments   []Amendment   `json:"amendments,omitempty"`
	Parties      []Party       `json:"parties,omitempty"`
	Logs         []LogState    `json:"logs,omitempty"`
	AsOf         int64         `json:"asOf,omitempty"` // the latest time that an entry gives: testimony, ms since 1970

	Proves []string `json:"proves"` // what the file proves by itself
	Needs  []string `json:"needs"`  // what it cannot prove, and what would
}

// A Plan says of which group the file is.
type Plan struct {
	Group    act.Hash   `json:"group"`
	Name     text.Texts `json:"name"`
	Title    text.Texts `json:"title,omitempty"`
	Notice   text.Texts `json:"notice,omitempty"`
	Marking  string     `json:"marking"`  // the narrowest that the group may hold: treat the file as that
	Elements int        `json:"elements"` // paragraphs of the plan with a text in force
}

// A Document is the revision that the file is about.
type Document struct {
	Element    act.Ref     `json:"element"`
	Display    string      `json:"display"`
	Revision   act.Hash    `json:"revision"`
	Short      string      `json:"short"`
	Count      int         `json:"count"` // "revision 7"
	Title      text.Texts  `json:"title,omitempty"`
	Languages  []text.Lang `json:"languages"`
	Paragraphs int         `json:"paragraphs"`
	Texts      []Text      `json:"texts"`
}

// A Text is the document in one authentic language.
type Text struct {
	Lang text.Lang `json:"lang"`
	Dir  string    `json:"dir"`
	Sum  act.Hash  `json:"sum"`            // SHA-256 of the text, as the parties adopted it
	Text string    `json:"text,omitempty"` // empty where it did not agree, or there was too much
}

// A Stamp is where an act stands, and what time it gives.
type Stamp struct {
	Epoch uint32 `json:"epoch"`
	Index uint64 `json:"index"`
	At    int64  `json:"at"` // milliseconds since 1970 by the party's clock: testimony
}

// A Signatory is one party's part in the adoption.
type Signatory struct {
	Party     party.Code   `json:"party"`
	Person    party.Person `json:"person,omitempty"`
	Name      text.Texts   `json:"name,omitempty"` // of the person, as its party had given it
	Role      text.Texts   `json:"role,omitempty"`
	Act       string       `json:"act"` // "table" or "accept": how the party came to hold it
	Held      Stamp        `json:"held"`
	Confirmed Stamp        `json:"confirmed"` // where its confirmation stands
	Named     *Stamp       `json:"named,omitempty"`
}

// An Amendment is a text adopted after the one in the document, or in place of the document.
type Amendment struct {
	Element   act.Ref  `json:"element"`
	Display   string   `json:"display"`
	Paragraph int      `json:"paragraph,omitempty"` // 0 for the document itself
	Revision  act.Hash `json:"revision"`
	Short     string   `json:"short"`
	Removed   bool     `json:"removed,omitempty"` // it was struck out
}

// A Reservation is one that stands, on the document or on a paragraph of it; or an interpretative
// statement.
type Reservation struct {
	Sort      act.RemarkSort `json:"sort"`
	Party     party.Code     `json:"party"`
	Element   act.Ref        `json:"element"`
	Display   string         `json:"display"`
	Paragraph int            `json:"paragraph,omitempty"`
	Text      text.Texts     `json:"text"`
	At        int64          `json:"at"`
}

// A Party is a party of the group, as the charter in the file gives it.
type Party struct {
	Code     party.Code `json:"code"`
	Names    text.Texts `json:"names"`
	Signing  []byte     `json:"signing"`          // its public key, base64 in JSON
	Number   string     `json:"number,omitempty"` // of the card in the file, if there is one
	Compared bool       `json:"compared"`         // with a card that the reader had from elsewhere
}

// A LogState is one log as the file has it.
type LogState struct {
	Party    party.Code  `json:"party"`
	Epoch    uint32      `json:"epoch"`
	Entries  int         `json:"entries"`
	At       int64       `json:"at,omitempty"` // the time that its last entry gives
	Cosigned []Cosigning `json:"cosigned,omitempty"`
}

// A Cosigning is a cosignature under a log's checkpoint.
type Cosigning struct {
	Party party.Code `json:"party"`
	At    int64      `json:"at"` // milliseconds since 1970, by the cosigner's clock, to the second
}

// add adds a check and counts it.
func (r *Report) add(c Check) {
	if len(c.Where) > MaxListed {
		c.Where = c.Where[:MaxListed]
	}
	r.Checks = append(r.Checks, c)
	switch c.Result {
	case OK:
		r.Passed++
	case Failed:
		r.Failed++
	default:
		r.Skipped++
	}
}

// First is the first check that failed; false where none did.
func (r Report) First() (Check, bool) {
	for _, c := range r.Checks {
		if c.Result == Failed {
			return c, true
		}
	}
	return Check{}, false
}

// Tally says how many checks passed, failed and were skipped: "11 checks passed, none failed, 1
// skipped."
func (r Report) Tally() string {
	few := func(n int, word string) string {
		if n == 0 {
			return "none " + word
		}
		return fmt.Sprintf("%d %s", n, word)
	}
	checks := "checks"
	if r.Passed == 1 {
		checks = "check"
	}
	return fmt.Sprintf("%d %s passed, %s, %s.", r.Passed, checks, few(r.Failed, "failed"), few(r.Skipped, "skipped"))
}

// joined puts places into one line, not too long a one.
func joined(where []Where) string {
	const most = 8
	var out []string
	for i, w := range where {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(where)-most))
			break
		}
		out = append(out, w.String())
	}
	return strings.Join(out, "; ")
}
