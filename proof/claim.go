package proof

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"entente/act"
	"entente/ledger"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// The senses in which a claim's readings count as known.
const (
	KnownNow      = "now"      // all that is in the file
	KnownEntered  = "entered"  // what had been entered by a day, by the clock of who entered it
	KnownReported = "reported" // what had been reported by a day
)

// A Claim is what a file about a verdict says: how it stood with an obligation at a moment. This
// package shows what the parties signed, and that the obligation is agreed; whether the verdict
// follows (docs/spec/watch.md) is for whoever computes it: see [Study] and [Report.Settle].
type Claim struct {
	Obligation act.Ref     `json:"obligation"` // or a milestone
	Revision   act.Hash    `json:"revision"`   // its revision in force
	Agreement  act.Ref     `json:"agreement"`  // or the programme that the milestone is of
	Terms      act.Hash    `json:"terms"`      // the agreement's revision in force: its conversions and its procedure
	Verdict    act.Verdict `json:"verdict"`
	On         act.Date    `json:"on"` // the day that the verdict is of
	Known      string      `json:"known"`
	By         act.Date    `json:"by,omitempty"` // the day of Known; empty with now
	Digest     act.Hash    `json:"digest"`       // see Sum
}

// claimDomain and claimNumberDomain separate the hashes over a claim from all other uses of SHA-256.
const (
	claimDomain       = "entente finding v1\n"
	claimNumberDomain = "entente finding number v1\n"
)

// The words that the lines of a claim begin with.
const (
	wordVerdict = "verdict"
	wordUnder   = "under"
	wordFinding = "finding"
	noDay       = "-"
)

// lines are the claim as a file has it, without its digest.
func (c Claim) lines() string {
	by := string(c.By)
	if by == "" {
		by = noDay
	}
	verdict := strings.ReplaceAll(c.Verdict.String(), " ", "-")
	return fmt.Sprintf("about %s %s %s\n%s %s %s\n%s %s %s %s %s", wordVerdict, c.Obligation, c.Revision, wordUnder, c.Agreement, c.Terms,
		wordFinding, verdict, c.On, c.Known, by)
}

// Sum is the digest that a true claim has: the SHA-256 over "entente finding v1\n", the group id, the
// digest of the verdicts on all that is agreed under the agreement at that moment (docs/spec/watch.md,
// as attests have it), and the claim's lines up to the digest.
func (c Claim) Sum(group, verdicts act.Hash) act.Hash {
	return sha256.Sum256(slices.Concat([]byte(claimDomain), group[:], verdicts[:], []byte(c.lines())))
}

// ClaimNumber is the number of a verdict as of these logs. It stands for the claim, by its digest, and
// for every entry, as PlanNumber does.
func ClaimNumber(group act.Hash, c Claim, books []*ledger.Book) party.Number {
	return party.NumberOf(sumOf(claimNumberDomain, slices.Concat(group[:], c.Digest[:]), books))
}

// check says what is wrong with the shape of a claim.
func (c Claim) check() error {
	for _, ref := range []act.Ref{c.Obligation, c.Agreement} {
		if _, err := act.ParseRef(string(ref)); err != nil {
			return err
		}
	}
	if v, err := act.ParseVerdict(c.Verdict.String()); err != nil || v == 0 {
		return fmt.Errorf("a claim without a verdict")
	}
	if _, err := act.ParseDate(string(c.On)); err != nil {
		return err
	}
	switch c.Known {
	case KnownNow:
		if c.By != "" {
			return fmt.Errorf("a claim by all that is known now names the day %s", c.By)
		}
	case KnownEntered, KnownReported:
		if _, err := act.ParseDate(string(c.By)); err != nil {
			return err
		}
	default:
		return fmt.Errorf("a claim that does not say what counts as known")
	}
	if c.Revision.IsZero() || c.Terms.IsZero() || c.Digest.IsZero() {
		return fmt.Errorf("a claim without its revisions, or without its digest")
	}
	return nil
}

// claim takes the lines of a claim; the first of them was read.
func (in *input) claim() (*Claim, error) {
	c := &Claim{}
	var err error
	if c.Obligation, c.Revision, err = in.revision("about " + wordVerdict); err != nil {
		return nil, err
	}
	if err := in.next(); err != nil {
		return nil, err
	}
	if c.Agreement, c.Terms, err = in.revision(wordUnder); err != nil {
		return nil, err
	}
	if err := in.next(); err != nil {
		return nil, err
	}
	f := strings.Split(in.line, " ")
	if len(f) != 6 || f[0] != wordFinding {
		return nil, in.damage("a line that begins %q is expected", wordFinding)
	}
	c.Verdict, err = act.ParseVerdict(strings.ReplaceAll(f[1], "-", " "))
	if err == nil {
		c.Digest, err = act.ParseHash(f[5])
	}
	c.On, c.Known, c.By = act.Date(f[2]), f[3], act.Date(f[4])
	if c.By == noDay {
		c.By = ""
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return nil, in.damage("it does not say which verdict it is about: %v", err)
	}
	if !strings.HasSuffix(c.lines()+" "+c.Digest.String(), "\n"+in.line) {
		return nil, in.damage("the verdict is not written in its one form")
	}
	return c, nil
}

// revision takes the line that was read apart: words, a reference, and one of its revisions.
func (in *input) revision(words string) (ref act.Ref, id act.Hash, err error) {
	rest, ok := strings.CutPrefix(in.line, words+" ")
	name, sum, _ := strings.Cut(rest, " ")
	if ref, err = act.ParseRef(name); err == nil {
		id, err = act.ParseHash(sum)
	}
	if !ok || err != nil || id.IsZero() {
		return "", id, in.damage("a line of the form %q is expected, with a reference and a revision", words)
	}
	return ref, id, nil
}

// Claimed is a claim, and what it is about as far as the file shows.
type Claimed struct {
	Claim
	Display   string       `json:"display"`
	Title     text.Texts   `json:"title,omitempty"`
	Count     int          `json:"count"` // "revision 2"
	Paragraph string       `json:"paragraph,omitempty"`
	Under     string       `json:"under"` // the agreement's reference as it is shown
	Name      text.Texts   `json:"name,omitempty"`
	Here      *act.Verdict `json:"here,omitempty"` // what was computed from the entries, where it was
}

// claimed is the end of a report about a verdict.
func (v *verifier) claimed() {
	c := v.file.Claim
	v.report.Claim = &Claimed{Claim: *c, Display: c.Obligation.Display(), Under: c.Agreement.Display()}
	finding := Check{Name: CheckFinding, Result: Skipped, Sentence: "The verdict was not computed.",
		Detail: "This check was made by a program that does not compute verdicts. One that does compares its own with the one in the file."}
	if v.state == nil {
		v.report.add(Check{Name: CheckAdopted, Result: Skipped, Sentence: "Whether the obligation is agreed is not known.", Detail: notChecked})
		v.report.add(Check{Name: CheckPersons, Result: Skipped, Sentence: "Who accepted it is not known.", Detail: notChecked})
		finding.Detail = notChecked
		v.report.add(finding)
		return
	}
	if !v.agreed(c) {
		v.report.add(Check{Name: CheckPersons, Result: Skipped, Sentence: "Who accepted it is not known.", Detail: "Not checked, because the obligation is not agreed."})
		finding.Detail = "Not checked, because the obligation is not agreed."
		v.report.add(finding)
		return
	}
	r := v.state.Rule().Revision(c.Revision)
	content := v.state.Content(r)
	d := v.report.Claim
	d.Title, d.Count = content.Title, r.Number
	if content.Watch != nil {
		d.Paragraph = content.Watch.Paragraph
	}
	d.Name = v.state.Content(v.state.Rule().Revision(c.Terms)).Title
	v.report.Number = ClaimNumber(v.state.Group(), *c, v.shelf.all()).String()
	v.persons(r)
	v.report.add(finding)
}

// agreed checks that the obligation and its agreement are in force, in these very revisions.
func (v *verifier) agreed(c *Claim) bool {
	k := Check{Name: CheckAdopted, Result: Failed}
	o, under := v.state.Element(c.Obligation), v.state.Element(c.Agreement)
	stands := func(e *plan.Element, id act.Hash) bool { return e != nil && e.InForce() != nil && e.InForce().ID == id }
	switch {
	case !stands(o, c.Revision) || o.Kind() != act.Obligation && o.Kind() != act.Milestone || v.state.Content(o.InForce()).Struck:
		k.Sentence, k.Where = "The obligation is not agreed.", []Where{{Element: c.Obligation}}
		k.tell("Revision %s of %s is not in force in these logs, or it is no obligation.", c.Revision.Short(), c.Obligation.Display())
	case !stands(under, c.Terms) || o.Parent() != c.Agreement:
		k.Sentence, k.Where = "The agreement that the obligation stands under is not agreed.", []Where{{Element: c.Agreement}}
		k.tell("Revision %s of %s is not in force in these logs, or the obligation does not stand under it.", c.Terms.Short(), c.Agreement.Display())
	default:
		k.Result, k.Sentence = OK, v.all()+" adopted the obligation and its agreement, and both are in force."
		r := o.InForce()
		for p := range v.charter.Parties {
			k.Where = append(k.Where, v.whereIs(uint8(p), v.confirmedAt(r, uint8(p))))
		}
		k.Detail = "Its confirmation stands at " + joined(k.Where) + "."
	}
	v.report.add(k)
	return k.Result == OK
}

// concludeClaim says of a file about a verdict what it proves before anybody has computed it.
func (v *verifier) concludeClaim() {
	r := &v.report
	c := r.Claim
	r.Valid = false // until somebody has computed it
	r.Answer = "Not shown. The entries are as they were signed, and the verdict was not computed."
	r.Proves = append(r.Proves,
		"Each log is here whole, up to its checkpoint: no reading, correction or dispute that its party had signed by then was left out.",
		fmt.Sprintf("%s adopted revision %s of %s, and revision %s of %s that it stands under.", v.all(), c.Revision.Short(), c.Display, c.Terms.Short(), c.Under))
	v.needs()
	r.Needs = append(r.Needs,
		"Whether the readings are true: each is the word of the party that entered it, with the source that it names.",
		"What a party knows and has not entered: only what it signed is here.")
}

// Settle enters what a program has computed from the entries that [Study] gives: the verdict on the
// same obligation at the same moment, and the digest that a claim of it has (Claim.Sum). It changes
// nothing in a report of another kind, and none where a check has failed.
func (r *Report) Settle(here act.Verdict, digest act.Hash) {
	if r.Claim == nil || r.Failed > 0 || r.Claim.Here != nil {
		return
	}
	claimed := r.Claim.Verdict
	r.Claim.Here = &here
	k := Check{Name: CheckFinding, Result: OK, Sentence: "The verdict follows from what the parties signed."}
	switch {
	case here != claimed:
		k.Result, k.Sentence = Failed, "The verdict is not the one that follows from what the parties signed."
		k.tell("The file says “%s”, and the entries come to “%s”.", claimed, here)
	case digest != r.Claim.Digest:
		k.Result, k.Sentence = Failed, "The verdict is the same, and its digest is not."
		k.Detail = "The moment, a revision, or another verdict under the same agreement is not as the file says."
	default:
		k.tell("Computed anew from the entries: “%s”, as the file says, and with the same digest.", here)
	}
	if k.Result == Failed {
		k.Where = []Where{{Element: r.Claim.Obligation}}
	}
	before := r.Checks
	r.Checks, r.Passed, r.Failed, r.Skipped = nil, 0, 0, 0
	for _, c := range before {
		if c.Name == CheckFinding {
			c = k
		}
		r.add(c)
	}
	r.Valid = r.Failed == 0
	if !r.Valid {
		r.Answer = "No. " + k.Sentence
		return
	}
	r.Answer = fmt.Sprintf("Yes. The verdict follows from what the parties signed: %s, %s on %s.", r.Claim.Display, here, r.Claim.On)
	r.Proves = append(r.Proves, "The verdict is the one that the entries in this file come to, by the rule that was agreed.")
}
