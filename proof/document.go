package proof

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"entente/accord"
	"entente/act"
	"entente/party"
	"entente/plan"
)

// notChecked is the detail of what was skipped because the logs cannot be believed.
const notChecked = "Not checked, because the logs are not as they were signed."

// rule checks that the entries follow from one another. What is void, or speaks of what is not
// here, is told of; it makes no proof invalid, or one party's word could spoil everybody's file.
func (v *verifier) rule() {
	c := Check{Name: CheckRule, Result: OK, Sentence: "The entries follow from one another."}
	if v.state == nil {
		v.report.add(Check{Name: CheckRule, Result: Skipped, Sentence: "Whether the entries follow from one another is not known.", Detail: notChecked})
		return
	}
	rule := v.state.Rule()
	voids, forks := 0, 0
	for p := range v.charter.Parties {
		n := rule.Count(uint8(p))
		for i := 0; i < n && rule.Voids(uint8(p)) > 0; i++ {
			why := rule.Void(uint8(p), i)
			if why == accord.Good {
				continue
			}
			voids++
			c.Where = append(c.Where, v.whereIs(uint8(p), i))
			if why == accord.SeenRoot {
				forks++
			}
		}
		if size := v.shelf.rows[p].size; n < size && c.Result == OK {
			c.Result, c.Sentence = Skipped, "Some entries speak of entries that are not in this file."
			c.tell("From %s on, %s of %s cannot be judged.", v.whereIs(uint8(p), n), count(size-n, "entry", "entries"), v.charter.Code(uint8(p)))
		}
	}
	switch {
	case forks > 0:
		c.Result, c.Sentence = Skipped, "An entry has seen another history of a log than the one in this file."
		c.Detail = "It counts for nothing. Either its writer was mistaken, or the party whose log it is has shown two histories: compare files with the other parties."
	case voids > 0 && c.Detail == "":
		c.tell("%s a rule and counts for nothing, the same for everybody.", count(voids, "entry breaks", "entries break"))
	}
	v.report.add(c)
}

func (v *verifier) whereIs(p uint8, ordinal int) Where {
	epoch, index := v.shelf.Place(p, ordinal)
	return Where{Party: v.charter.Code(p), Epoch: epoch, Entries: []uint64{index}}
}

// document is the end of a report about a document.
func (v *verifier) document() {
	if v.state == nil {
		v.report.add(Check{Name: CheckAdopted, Result: Skipped, Sentence: "Whether the document was adopted is not known.", Detail: notChecked})
		v.lostText()
		v.report.add(Check{Name: CheckPersons, Result: Skipped, Sentence: "Who accepted it is not known.", Detail: notChecked})
		v.report.add(Check{Name: CheckLater, Result: Skipped, Sentence: "Whether it was amended is not known.", Detail: notChecked})
		return
	}
	r := v.state.Rule().Revision(v.file.About.Revision)
	content := v.state.Content(r)
	if !v.adopted(r, content) {
		for _, c := range []Check{{Name: CheckText, Sentence: "The text was not compared."}, {Name: CheckPersons, Sentence: "Who accepted it is not known."},
			{Name: CheckLater, Sentence: "Whether it was amended is not known."}} {
			c.Result, c.Detail = Skipped, "Not checked, because the document was not adopted."
			v.report.add(c)
		}
		return
	}
	v.report.Number = Number(r.ID).String()
	v.report.Document = &Document{Element: r.Element, Display: r.Element.Display(), Revision: r.ID, Short: r.ID.Short(), Count: r.Number,
		Title: content.Title, Paragraphs: len(content.Contains)}
	v.text(content)
	v.persons(r)
	v.later(r, content)
	v.reserved(r.Element, content)
}

// lostText names the paragraphs whose words are gone.
func (v *verifier) lostText() {
	c := Check{Name: CheckText, Result: Skipped, Sentence: "The text was not compared.", Detail: notChecked}
	if lost := v.paragraphs().rest(nil); len(lost) > 0 {
		c.Result, c.Sentence, c.Where = Failed, "The text is not the one that was adopted.", lost
		c.tell("The words that were adopted are not in the file: %s.", joined(lost))
	}
	v.report.add(c)
}

// adopted checks that every party adopted the revision, and that it is a document.
func (v *verifier) adopted(r *accord.Revision, content act.Content) bool {
	about := v.file.About
	c := Check{Name: CheckAdopted, Result: Failed, Where: []Where{{Element: about.Document}}}
	switch {
	case r == nil || r.Element != about.Document:
		c.Sentence = "The document is not in the logs."
		c.tell("No entry here tables revision %s of %s.", about.Revision.Short(), about.Document.Display())
	case content.Kind != act.Document:
		c.Sentence = "What the file is about is no document."
		c.tell("%s is a %s.", about.Document.Display(), content.Kind)
	case !r.IsAdopted():
		var lacks []party.Code
		for p := range v.charter.Parties {
			if !r.ConfirmedBy(uint8(p)) {
				lacks = append(lacks, v.charter.Code(uint8(p)))
			}
		}
		c.Sentence = "The document was not adopted."
		c.tell("The log of %s holds no valid confirmation of it.", list(lacks))
	default:
		c.Result, c.Sentence, c.Where = OK, v.all()+" adopted exactly this revision.", nil
		for p := range v.charter.Parties {
			c.Where = append(c.Where, v.whereIs(uint8(p), v.confirmedAt(r, uint8(p))))
		}
		c.Detail = "Its confirmation stands at " + joined(c.Where) + "."
	}
	v.report.add(c)
	return c.Result == OK
}

// heldAt is the ordinal of the act by which the party came to hold a revision.
func (v *verifier) heldAt(r *accord.Revision, p uint8) int {
	if r.Party == p {
		return r.Ordinal
	}
	for n := 1; n <= v.state.Rule().Count(p); n++ {
		if r.HeldAt(p, n) {
			return n - 1
		}
	}
	return 0
}

// confirmedAt is the ordinal of the party's confirmation: a confirm act while it held the
// revision, or else the act by which it came to hold it.
func (v *verifier) confirmedAt(r *accord.Revision, p uint8) int {
	held := v.heldAt(r, p)
	for n := held + 1; n < v.state.Rule().Count(p) && r.HeldAt(p, n); n++ {
		leaf, _ := v.shelf.Leaf(p, n)
		if !strings.Contains(leaf, string(r.ID[:])) || v.state.Rule().Void(p, n) != accord.Good {
			continue
		}
		if b, ok := v.state.Act(plan.Place{Party: p, Ordinal: uint32(n)}).Body.(act.Confirm); ok && b.Revision == r.ID {
			return n
		}
	}
	return held
}

// text renders the document anew in every language and compares it with what was adopted.
func (v *verifier) text(content act.Content) {
	c := Check{Name: CheckText, Result: OK, Sentence: "The text is unaltered."}
	d, room := v.report.Document, MaxTexts
	seen := map[act.Ref]bool{}
	for i, in := range content.Contains {
		if seen[in.Element] {
			c.Result = Failed
			c.tell("It contains %s twice.", in.Element.Display())
			c.Where = append(c.Where, Where{Paragraph: i + 1, Element: in.Element})
		}
		seen[in.Element] = true
	}
	for _, want := range content.Digests {
		d.Languages = append(d.Languages, want.Lang)
		d.Texts = append(d.Texts, Text{Lang: want.Lang, Dir: want.Lang.Dir(), Sum: want.Sum})
		if c.Result == Failed {
			continue
		}
		words, err := v.state.Render(content.Contains, want.Lang)
		if err == nil && sha256.Sum256([]byte(words)) != want.Sum {
			err = fmt.Errorf("the text in %s is not the one whose digest was adopted", want.Lang.Autonym())
		}
		if err != nil {
			c.Result, c.Detail = Failed, sentence(err.Error())
			c.Where = append(c.Where, Where{Element: v.file.About.Document, Lang: want.Lang})
			continue
		}
		if room -= len(words); room >= 0 {
			d.Texts[len(d.Texts)-1].Text = words
		}
	}
	if c.Result == OK {
		c.tell("%s, every paragraph: %s.", count(len(d.Languages), "language", "languages"), languages(d.Languages))
	} else {
		c.Sentence = "The text is not the one that was adopted."
	}
	v.report.add(c)
}

// persons says who took the document for its party, and where the party had named that person.
func (v *verifier) persons(r *accord.Revision) {
	c := Check{Name: CheckPersons, Result: OK, Sentence: "Those who accepted it had been named by their parties."}
	var lacks []party.Code
	for p := range v.charter.Parties {
		s, ok := v.signatory(r, uint8(p))
		if ok {
			c.Where = append(c.Where, Where{Party: s.Party, Epoch: s.Named.Epoch, Entries: []uint64{s.Named.Index}})
		} else {
			lacks = append(lacks, s.Party)
		}
		v.report.Signatories = append(v.report.Signatories, s)
	}
	if c.Detail = "Named at " + joined(c.Where) + ", before they did so."; len(lacks) > 0 {
		c.Result, c.Sentence = Skipped, "The file does not show that everybody who accepted it had been named for that."
		c.tell("The log of %s names nobody of that name with the power to do so. The party is bound all the same: its log is signed with its key.", list(lacks))
	}
	v.report.add(c)
}

func (v *verifier) signatory(r *accord.Revision, p uint8) (s Signatory, named bool) {
	held := v.heldAt(r, p)
	a := v.state.Act(plan.Place{Party: p, Ordinal: uint32(held)})
	s = Signatory{Party: v.charter.Code(p), Person: a.By, Act: a.Body.Kind().String(),
		Held: v.shelf.stamp(v.state, p, held), Confirmed: v.shelf.stamp(v.state, p, v.confirmedAt(r, p))}
	power := act.MayAccept
	if r.Party == p {
		power = act.MayPropose
	}
	at, delegates := v.delegation(p, held)
	for _, d := range delegates {
		if d.Person == a.By && d.Powers.Has(power) {
			stamp := v.shelf.stamp(v.state, p, at)
			s.Name, s.Role, s.Named = d.Name, d.Role, &stamp
			return s, true
		}
	}
	return s, false
}

// delegation is whom the party had named last before an act of its own, and where.
func (v *verifier) delegation(p uint8, before int) (int, []act.Delegate) {
	if d := v.state.Delegation(p); d.Delegates != nil && int(d.Place.Ordinal) < before {
		return int(d.Place.Ordinal), d.Delegates
	}
	for n := before - 1; n >= 0; n-- {
		if b, ok := v.state.Act(plan.Place{Party: p, Ordinal: uint32(n)}).Body.(act.Accredit); ok && v.state.Rule().Void(p, n) == accord.Good {
			return n, b.Delegates
		}
	}
	return 0, nil
}

// later lists what was adopted after the document, of it and of what it contains.
func (v *verifier) later(r *accord.Revision, content act.Content) {
	e := v.state.Element(r.Element)
	if now := e.InForce(); now != r {
		v.amended(e, 0)
	}
	for i, in := range content.Contains {
		if e := v.state.Element(in.Element); e != nil && e.InForce() != nil && e.InForce().ID != in.Revision {
			v.amended(e, i+1)
		}
	}
	c := Check{Name: CheckLater, Result: OK, Sentence: "No later amendment is in this file.", Detail: "Ask a party for anything newer."}
	if list := v.report.Amendments; len(list) > 0 {
		c.Sentence = "It has been amended since."
		c.Detail = "Later texts are in this file. What was adopted then is unaltered; what is in force now differs."
		for _, a := range list {
			c.Where = append(c.Where, Where{Paragraph: a.Paragraph, Element: a.Element})
		}
	}
	v.report.add(c)
}

func (v *verifier) amended(e *plan.Element, paragraph int) {
	if len(v.report.Amendments) == MaxListed {
		return
	}
	now := e.InForce()
	v.report.Amendments = append(v.report.Amendments, Amendment{Element: e.Ref(), Display: e.Ref().Display(), Paragraph: paragraph,
		Revision: now.ID, Short: now.ID.Short(), Removed: v.state.Content(now).Struck})
}

// reserved lists the reservations that stand on the document and on its paragraphs.
func (v *verifier) reserved(document act.Ref, content act.Content) {
	if d, ok := v.state.Dossier(document, act.MaxParties); ok {
		v.reserve(document, 0, slices.Concat(d.Reserved, d.Interpretations))
	}
	for i, in := range content.Contains {
		page := v.state.Document(plan.DocumentQuery{View: plan.AgreedText, At: in.Element, Limit: 1})
		if j := slices.IndexFunc(page.Paragraphs, func(p plan.Paragraph) bool { return p.Ref == in.Element }); j >= 0 {
			v.reserve(in.Element, i+1, page.Paragraphs[j].Attached())
		}
	}
}

func (v *verifier) reserve(ref act.Ref, paragraph int, notes []plan.Note) {
	for _, n := range notes {
		if n.Lifted || len(v.report.Reservations) == MaxListed {
			continue
		}
		v.report.Reservations = append(v.report.Reservations, Reservation{Sort: n.Sort, Party: n.Party, Element: ref, Display: ref.Display(),
			Paragraph: paragraph, Text: n.Text, At: n.At})
	}
}
