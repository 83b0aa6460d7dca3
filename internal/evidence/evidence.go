// Package evidence joins what a proof file shows with what follows from it: it computes the verdict on
// an obligation anew from the entries of a file, and says whether it is the one in the file.
//
// Package proof shows what the parties signed, and knows no verdicts; package compliance computes
// verdicts, and knows no files. This package reads no disk, no network and no clock: a file about a
// verdict (docs/spec/proof.md) says of which day it is, and what counts as known.
//
// A file holds the logs of all parties whole, up to their checkpoints, because a verdict is a function
// of everything: one reading less, or one correction, gives another. So nothing of the national margin
// is in it or counts, and nothing that a party had signed by then can have been left out.
//
// # Invariants
//
//   - The verdict and the claim come of the entries in the file alone: no server's word is asked.
//   - The same file gives the same answer everywhere.
//   - Nothing is computed of a file that fails a check.
//
// # Example
//
//	report, recount := evidence.Examine(file, cards...)
//	fmt.Println(report.Answer)
//	if recount != nil { fmt.Println(recount.Obligation.Headline) }
package evidence

import (
	"io"

	"entente/act"
	"entente/internal/compliance"
	"entente/party"
	"entente/plan"
	"entente/proof"
)

// nobody is the party that looks at a file: none of the group.
const nobody = 255

// A Recount is a verdict computed anew from the entries of a file.
type Recount struct {
	Claimed    compliance.Verdict    `json:"claimed"`
	Here       compliance.Verdict    `json:"here"`
	Same       bool                  `json:"same"`     // the verdict and the digest
	Readings   int                   `json:"readings"` // in the file, of all quantities and parties
	Obligation compliance.Obligation `json:"obligation"`
}

// Examine is proof.Examine, with the verdict of a file about one computed anew. The Recount is nil for
// files of other kinds, and where a check has failed before.
//
// A file brings its own rules and readings. What they can cost is bounded by its size alone, so that
// whoever examines files of strangers for strangers uses [ExamineWhere].
func Examine(r io.Reader, cards ...party.Card) (proof.Report, *Recount) {
	return ExamineWhere(r, func(proof.Report) bool { return true }, cards...)
}

// ExamineWhere is Examine that computes the verdict only where the report so far says that it may.
func ExamineWhere(r io.Reader, may func(proof.Report) bool, cards ...party.Card) (proof.Report, *Recount) {
	report, state := proof.Study(r, cards...)
	if report.Claim == nil || report.Failed > 0 || state == nil || !may(report) {
		return report, nil
	}
	c := report.Claim.Claim
	m, err := momentOf(c)
	if err != nil {
		return report, nil // the reader of files refuses such a one
	}
	book := compliance.NewBook(state)
	here, o, ok := claim(state, book, c.Obligation, m)
	if !ok {
		return report, nil // it is agreed, or a check would have failed
	}
	report.Settle(here.Verdict, here.Digest)
	return report, &Recount{Claimed: c.Verdict, Here: here.Verdict, Same: report.Valid, Readings: book.Readings(), Obligation: o}
}

// Claim is what a file may truly say of an obligation or a milestone at a moment, by the acts alone.
// False where it is not agreed, or what it stands under is not.
func Claim(state *plan.State, ref act.Ref, m compliance.Moment) (proof.Claim, bool) {
	c, _, ok := claim(state, compliance.NewBook(state), ref, m)
	return c, ok
}

func claim(state *plan.State, book *compliance.Book, ref act.Ref, m compliance.Moment) (proof.Claim, compliance.Obligation, bool) {
	o, ok := book.Obligation(state, ref, m, nobody)
	e := state.Element(ref)
	if !ok || e == nil || e.InForce() == nil {
		return proof.Claim{}, o, false
	}
	under := state.Element(e.Parent())
	if under == nil || under.InForce() == nil {
		return proof.Claim{}, o, false
	}
	c := proof.Claim{Obligation: ref, Revision: e.InForce().ID, Agreement: under.Ref(), Terms: under.InForce().ID,
		Verdict: o.Verdict, On: m.On, Known: m.Known.String()}
	if m.Known != compliance.KnownNow {
		c.By = m.By
		if c.By == "" {
			c.By = m.On
		}
	}
	c.Digest = c.Sum(state.Group(), compliance.DigestOf(state.Group(), c.Agreement, c.On, book.Verdicts(c.Agreement, m)))
	return c, o, true
}

// momentOf is the moment that a claim is of.
func momentOf(c proof.Claim) (compliance.Moment, error) {
	known, err := compliance.ParseKnown(c.Known)
	return compliance.Moment{On: c.On, Known: known, By: c.By}, err
}
