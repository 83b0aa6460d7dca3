package proof

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"strings"

	"entente/act"
	"entente/group"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// Examine reads a file of either kind, a proof or evidence of two histories, and says what it
// proves. The cards are the reader's own, from elsewhere. A file that cannot be read gives a
// Report too: its one check has failed.
func Examine(r io.Reader, cards ...party.Card) Report {
	report, _ := Study(r, cards...)
	return report
}

// Study is Examine for a program that goes on from there: it gives what the entries amount to, too.
// That is nil where the logs are not what their parties signed.
func Study(r io.Reader, cards ...party.Card) (Report, *plan.State) {
	var head bytes.Buffer
	_, err := io.CopyN(&head, r, int64(len(evidenceHeader)))
	whole := io.MultiReader(&head, r)
	if err == nil && head.String() == evidenceHeader {
		return examineEvidence(whole, cards), nil
	}
	f, err := Read(whole)
	if err != nil {
		return unreadable(err), nil
	}
	return f.Study(cards...)
}

func unreadable(err error) Report {
	r := Report{Kind: KindUnknown}
	c := Check{Name: CheckFile, Result: Failed, Sentence: "The file is not whole, or not a proof.", Detail: err.Error()}
	var d *Damage
	if errors.As(err, &d) {
		c.Detail, c.Where = sentence(d.Why), []Where{d.Where}
	}
	r.add(c)
	r.Answer = "No. " + c.Sentence
	r.Needs = []string{"Everything: ask for the file again."}
	return r
}

// sentence makes a clause into one.
func sentence(s string) string {
	for i, c := range s {
		if i == 0 {
			s = strings.ToUpper(string(c)) + s[len(string(c)):]
		}
		break
	}
	return strings.TrimSuffix(s, ".") + "."
}

// A verifier is one file being verified.
type verifier struct {
	file    File
	charter group.Charter
	logs    []logCheck
	shelf   *shelf
	state   *plan.State // nil where the logs are not what was signed
	keyed   int         // parties whose key was compared
	report  Report
}

// Verify checks the file and says what it proves. The cards are the reader's own, from elsewhere;
// without them the keys are taken as the file gives them, and the Report says so. The Report of
// one file and the same cards is always the same.
func (f File) Verify(cards ...party.Card) Report {
	report, _ := f.Study(cards...)
	return report
}

// Study is Verify for a program that goes on from there: see the function of that name.
func (f File) Study(cards ...party.Card) (Report, *plan.State) {
	v := &verifier{file: f, report: Report{Kind: KindProof, Bytes: f.bytes}}
	c, err := f.check()
	if err != nil {
		return unreadable(err), nil
	}
	v.charter = c
	whole := Check{Name: CheckFile, Result: OK, Sentence: "The file is whole."}
	whole.tell("%s, %s.", count(len(f.Logs), "log", "logs"), count(f.Entries(), "entry", "entries"))
	v.report.add(whole)
	v.keys(cards)
	v.logs = f.hash(c)
	signed := v.signatures()
	unaltered := v.entries()
	v.shelf = newShelf(c, v.logs)
	v.epochs()
	if signed && unaltered {
		v.state = plan.New(c, v.shelf)
		v.state.Advance()
	}
	v.rule()
	v.cosignatures()
	v.describe()
	switch {
	case f.Claim != nil:
		v.claimed()
	case f.About.IsPlan():
		v.plan()
	default:
		v.document()
	}
	v.conclude()
	return v.report, v.state
}

// all names all the parties of the group, as the subject of a sentence.
func (v *verifier) all() string {
	switch n := len(v.charter.Parties); n {
	case 1:
		return "The party"
	case 2:
		return "Both parties"
	default:
		return fmt.Sprintf("All %d parties", n)
	}
}

// A Count is a number of things, as it stands in a sentence: “1 entry”, “3 entries”.
type Count struct {
	N         int
	One, Many string // the thing's name in English
}

// String is the number with the name that goes with it.
func (c Count) String() string {
	if c.N == 1 {
		return "1 " + c.One
	}
	return fmt.Sprintf("%d %s", c.N, c.Many)
}

func count(n int, one, many string) Count { return Count{n, one, many} }

func list(codes []party.Code) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}

// keys compares the keys of the charter with the cards in the file and with the reader's own.
func (v *verifier) keys(own []party.Card) {
	wrong, lacking, strangers := v.compare(own)
	c := Check{Name: CheckKeys, Result: OK, Sentence: "The keys are those of the cards you have."}
	switch {
	case len(wrong) > 0:
		c.Result, c.Sentence = Failed, "A key is not the one on its party's card."
		for _, code := range wrong {
			c.Where = append(c.Where, Where{Party: code})
		}
		c.tell("The card of %s has another signing key than the one in the charter, with which this file was made.", list(wrong))
	case v.keyed == 0:
		c.Result, c.Sentence = Skipped, "The keys are as the file gives them."
		c.Detail = "You gave no card to compare them with. Compare the numbers below with ones you trust, or give the parties' cards."
	case len(lacking) > 0:
		c.Result, c.Sentence = Skipped, "Not all of the keys were compared."
		c.tell("You gave no card of %s. The other keys are those of the cards you have.", list(lacking))
	}
	if len(strangers) > 0 && c.Detail == "" {
		c.tell("The cards of %s were not needed: they are no parties of this group.", list(strangers))
	}
	v.report.add(c)
}

func (v *verifier) compare(own []party.Card) (wrong, lacking, strangers []party.Code) {
	for _, m := range v.charter.Parties {
		p := Party{Code: m.Code, Names: m.Names, Signing: m.Signing}
		same := true
		for _, c := range v.file.Cards {
			if c.Code == m.Code {
				same, p.Number = m.Signing.Equal(c.Signing), c.Number().String()
			}
		}
		for _, c := range own {
			if c.Code == m.Code {
				p.Compared = true
				same = same && m.Signing.Equal(c.Signing)
			}
		}
		if !same {
			wrong, p.Compared = append(wrong, m.Code), false
		} else if p.Compared {
			v.keyed++
		} else {
			lacking = append(lacking, m.Code)
		}
		v.report.Parties = append(v.report.Parties, p)
	}
	for _, c := range own {
		if _, known := v.charter.Ordinal(c.Code); !known {
			strangers = append(strangers, c.Code)
		}
	}
	return wrong, lacking, strangers
}

func signingKeys(c group.Charter) []ed25519.PublicKey {
	out := make([]ed25519.PublicKey, len(c.Parties))
	for i, m := range c.Parties {
		out[i] = m.Signing
	}
	return out
}

// describe fills in what the file is about, as far as it can be believed.
func (v *verifier) describe() {
	v.report.Plan = &Plan{Group: group.IDOf(v.file.Charter), Name: v.charter.Name, Title: v.charter.Plan, Notice: v.charter.Notice,
		Marking: v.charter.Ceiling.String()}
	if v.state == nil {
		return
	}
	v.report.Plan.Elements = v.state.Count(plan.Agreed) + v.state.Count(plan.Reserved)
	for i := range v.logs {
		l := &v.logs[i]
		s := &v.report.Logs[i]
		if a, err := act.Decode(l.book.Leaf(l.book.Size() - 1)); err == nil {
			s.At = a.At
			v.report.AsOf = max(v.report.AsOf, a.At)
		}
	}
}

// plan is the end of a report about a whole plan.
func (v *verifier) plan() {
	if v.state != nil {
		v.report.Number = PlanNumber(v.state.Group(), v.shelf.all()).String()
	}
}

// conclude gives the verdict, and says what is proved and what is not.
func (v *verifier) conclude() {
	r := &v.report
	r.Valid = r.Failed == 0
	if first, some := r.First(); some {
		r.Answer = "No. " + first.Sentence
		r.Proves, r.Needs = []string{}, []string{"Everything: ask for the file again, and show this one to the party it is said to come from."}
		return
	}
	r.Proves = []string{fmt.Sprintf("The owners of the keys in this file signed all %s in it. None was changed, left out in between, or moved.", count(v.file.Entries(), "entry", "entries"))}
	if r.Claim != nil {
		v.concludeClaim()
		return
	}
	r.Answer = "Yes. The logs are whole, and every entry is one that its party signed."
	if d := r.Document; d != nil {
		r.Answer = fmt.Sprintf("Yes. %s adopted exactly this text.", v.all())
		if len(r.Amendments) > 0 {
			r.Answer += " It has been amended since."
		}
		r.Proves = append(r.Proves, fmt.Sprintf("%s adopted revision %s of %s, and its text in %s is the one shown.", v.all(), d.Short, d.Display, languages(d.Languages)))
	}
	v.needs()
}

func (v *verifier) needs() {
	r := &v.report
	var lacking []party.Code
	for _, p := range r.Parties {
		if !p.Compared {
			lacking = append(lacking, p.Code)
		}
	}
	if v.keyed > 0 {
		r.Proves = append(r.Proves, fmt.Sprintf("%s those on the cards that you gave.", count(v.keyed, "key is", "of the keys are")))
	}
	if len(lacking) > 0 {
		r.Needs = append(r.Needs, fmt.Sprintf("Whose keys they are (%s): only a card or a number that you have from elsewhere tells.", list(lacking)))
	}
	r.Needs = append(r.Needs,
		"Whether anything was said later: ask a party for a newer file.",
		"When it was said: every time is the word of the party that gives it.",
		"Whether a party has shown somebody else another history: compare this file with theirs.")
}

func languages(langs []text.Lang) string {
	out := make([]string, len(langs))
	for i, l := range langs {
		out[i] = l.Autonym()
	}
	return strings.Join(out, ", ")
}
