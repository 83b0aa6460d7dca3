package act

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/marking"
	"entente/party"
	"entente/text"
)

var (
	genHash = rapid.Custom(func(t *rapid.T) (h Hash) {
		copy(h[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		h[31] |= 1
		return h
	})
	genRef    = rapid.Map(rapid.StringMatching(`[A-Z]{1,2}-[1-9][0-9]{0,5}(\.[1-9][0-9]{0,3}){0,3}`), func(s string) Ref { return Ref(s) })
	genPerson = rapid.Map(rapid.StringMatching(`[a-z][a-z0-9.-]{0,39}`), func(s string) party.Person { return party.Person(s) })
	genCode   = rapid.Map(rapid.StringMatching(`[A-Z][A-Z0-9]{1,7}`), func(s string) party.Code { return party.Code(s) })
	genWords  = rapid.SampledFrom([]string{"a", "shall", "The Parties shall inspect.", "הצדדים", "يتفق الطرفان", "d’un commun accord", "x\ny", "30 days", "日本"})
	genDate   = rapid.SampledFrom([]Date{"1000-01-01", "2018-02-28", "2020-02-29", "9999-12-31"})
)

// genTexts is a text in one to three languages; of none where it may be.
func genTexts(least int) *rapid.Generator[text.Texts] {
	return rapid.Custom(func(t *rapid.T) text.Texts {
		langs := rapid.SliceOfNDistinct(rapid.SampledFrom([]text.Lang{"ar", "en", "fr", "he"}), least, 3, rapid.ID[text.Lang]).Draw(t, "languages")
		var out text.Texts
		for _, l := range langs {
			out = out.With(l, genWords.Draw(t, "words"))
		}
		return out
	})
}

// sorted is a list in order, each once; nil where it is empty.
func sorted[E interface{ ~string }](t *rapid.T, g *rapid.Generator[E], label string) []E {
	out := rapid.SliceOfN(g, 0, 4).Draw(t, label)
	slices.Sort(out)
	if out = slices.Compact(out); len(out) == 0 {
		return nil
	}
	return out
}

var genContent = rapid.Custom(func(t *rapid.T) Content {
	c := Content{Kind: rapid.SampledFrom([]ElementKind{Goal, Way, Action, Means, Clause, Statement, Passage, Document, Package, Round}).Draw(t, "kind"),
		Title: genTexts(1).Draw(t, "title"), Text: genTexts(0).Draw(t, "text"), Struck: rapid.Bool().Draw(t, "struck"),
		Lead: sorted(t, genCode, "lead"), Support: sorted(t, genCode, "support"), Cites: sorted(t, genRef, "cites"),
		Source: genTexts(0).Draw(t, "source"), Order: rapid.Uint32Range(0, MaxOrder).Draw(t, "order")}
	if rapid.Bool().Draw(t, "marked") {
		c.Marking = &marking.Label{TLP: marking.TLP(rapid.IntRange(0, 4).Draw(t, "level")), Releasable: sorted(t, genCode, "releasable")}
	}
	if rapid.Bool().Draw(t, "dated") {
		c.Due, c.SaidOn, c.SaidBy = genDate.Draw(t, "due"), genDate.Draw(t, "said on"), genTexts(1).Draw(t, "said by")
		c.Amount, c.Unit = rapid.SampledFrom([]string{"0", "2", "1.5", "0.25", "12345678901234567890"}).Draw(t, "amount"), genTexts(1).Draw(t, "unit")
	}
	switch c.Kind {
	case Passage:
		c.Parent, c.Paragraph, c.Quote = genRef.Draw(t, "statement"), rapid.Uint32Range(1, 99).Draw(t, "paragraph"), genWords.Draw(t, "quote")
		c.Aside = genTexts(0).Draw(t, "aside")
	case Round:
		c.Opens, c.Closes = genDate.Draw(t, "opens"), genDate.Draw(t, "closes")
	case Package:
		c.Contains = []Contained{{genRef.Draw(t, "element"), genHash.Draw(t, "revision")}}
	case Document:
		for range rapid.IntRange(1, 5).Draw(t, "contained") {
			c.Contains = append(c.Contains, Contained{genRef.Draw(t, "element"), genHash.Draw(t, "revision")})
		}
		for _, l := range genTexts(1).Draw(t, "languages").Langs() {
			c.Digests = append(c.Digests, Digest{l, genHash.Draw(t, "digest")})
		}
	}
	drawWatched(t, &c)
	if len(c.Text) > 0 && rapid.Bool().Draw(t, "behind") {
		c.Follows = []Following{{c.Text[0].Lang, genHash.Draw(t, "followed")}}
	}
	return c
})

var genBody = rapid.Custom(func(t *rapid.T) Body {
	switch Kind(rapid.IntRange(int(KindConstitute), int(lastKind)).Draw(t, "kind")) {
	case KindConstitute:
		return Constitute{rapid.StringN(1, 100, 300).Draw(t, "charter")}
	case KindResume:
		return Resume{rapid.Uint32Range(0, 1<<32-2).Draw(t, "epoch"), rapid.Uint64Range(0, MaxIndex).Draw(t, "size"), genHash.Draw(t, "root")}
	case KindAccredit:
		var b Accredit
		for _, p := range sorted(t, genPerson, "persons") {
			b.Delegates = append(b.Delegates, Delegate{p, genTexts(1).Draw(t, "name"), genTexts(0).Draw(t, "role"), genTexts(0).Draw(t, "agency"), Powers(rapid.Uint16Range(0, uint16(allPowers)).Draw(t, "powers"))})
		}
		return b
	case KindTable:
		return Table{genRef.Draw(t, "element"), genContent.Draw(t, "content"), rapid.Int64Range(0, MaxInstant).Draw(t, "until"),
			rapid.Bool().Draw(t, "offered"), rapid.Bool().Draw(t, "tied")}
	case KindAccept:
		return Accept{genRef.Draw(t, "element"), genHash.Draw(t, "revision"), rapid.Bool().Draw(t, "silent"), rapid.Bool().Draw(t, "tied")}
	case KindWithdraw:
		return Withdraw{genRef.Draw(t, "element"), genTexts(1).Draw(t, "reason")}
	case KindConfirm:
		return Confirm{genRef.Draw(t, "element"), genHash.Draw(t, "revision")}
	case KindRemark:
		b := Remark{Element: genRef.Draw(t, "element"), Sort: RemarkSort(rapid.IntRange(1, int(lastRemarkSort)).Draw(t, "sort")), Text: genTexts(1).Draw(t, "text")}
		if rapid.Bool().Draw(t, "lifts") {
			b.Revision, b.Lifts = genHash.Draw(t, "revision"), genHash.Draw(t, "lifted")
		}
		return b
	case KindReport:
		return drawReport(t)
	case KindAttest:
		b := Attest{Element: genRef.Draw(t, "element"), On: genDate.Draw(t, "on"), Digest: genHash.Draw(t, "digest")}
		for _, r := range sorted(t, genRef, "found") {
			b.Findings = append(b.Findings, Finding{r, Verdict(rapid.IntRange(1, int(lastVerdict)).Draw(t, "verdict"))})
		}
		return b
	case KindDispute:
		b := Dispute{Element: genRef.Draw(t, "element"), Step: DisputeStarts, On: genDate.Draw(t, "on"), By: genTexts(0).Draw(t, "by"), Text: genTexts(1).Draw(t, "text")}
		if rapid.Bool().Draw(t, "answered") {
			b.Step, b.Of = DisputeStep(rapid.IntRange(2, int(lastDisputeStep)).Draw(t, "step")), genHash.Draw(t, "of")
		}
		return b
	case KindRefer:
		return Refer{genRef.Draw(t, "element"), genHash.Draw(t, "revision"), rapid.Int64Range(1, MaxInstant).Draw(t, "until"), genTexts(1).Draw(t, "role")}
	case KindCalendar:
		b := Calendar{Rest: Weekdays(rapid.IntRange(0, int(allWeekdays)).Draw(t, "rest"))}
		for _, d := range sorted(t, genDate, "days") {
			b.Days = append(b.Days, Holiday{d, genTexts(0).Draw(t, "name")})
		}
		return b
	case KindSit:
		b := Sit{Round: genRef.Draw(t, "round"), Step: SitStep(rapid.IntRange(1, 2).Draw(t, "step"))}
		for _, p := range sorted(t, genPerson, "present") {
			b.Present = append(b.Present, Seated{"US", p})
		}
		return b
	case KindCertify:
		return Certify{genRef.Draw(t, "element"), genHash.Draw(t, "revision")}
	}
	return See{}
})

var genAct = rapid.Custom(func(t *rapid.T) Act {
	a := Act{Group: genHash.Draw(t, "group"), Party: rapid.Uint8Range(0, MaxParties-1).Draw(t, "party"), Epoch: rapid.Uint32().Draw(t, "epoch"),
		Index: rapid.Uint64Range(0, MaxIndex).Draw(t, "index"), At: rapid.Int64Range(minTime, maxTime).Draw(t, "at"), Body: genBody.Draw(t, "body")}
	if rapid.Bool().Draw(t, "by a person") {
		a.By = genPerson.Draw(t, "by")
	}
	for q := range uint8(MaxParties) {
		if q != a.Party && rapid.IntRange(0, 9).Draw(t, "seen") == 0 {
			a.Seen = append(a.Seen, Seen{q, rapid.Uint32().Draw(t, "epoch"), rapid.Uint64Range(0, MaxIndex).Draw(t, "size"), genHash.Draw(t, "root")})
		}
	}
	return a
})

// TestEveryActComesBack: what Encode takes, Decode gives back, field by field.
func TestEveryActComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := genAct.Draw(t, "act")
		leaf, err := Encode(a)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Decode(string(leaf)); err != nil || !reflect.DeepEqual(a, back) {
			t.Fatalf("%v\nwas  %+v\ncame %+v", err, a, back)
		}
	})
}

// TestDifferentActsDiffer: no two acts have the same bytes.
func TestDifferentActsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genAct.Draw(t, "one"), genAct.Draw(t, "other")
		if rapid.Bool().Draw(t, "same but for the body") {
			body := b.Body
			b = a
			b.Body = body
		}
		one, err := Encode(a)
		if err != nil {
			t.Fatal(err)
		}
		other, err := Encode(b)
		if err != nil {
			t.Fatal(err)
		}
		if same := reflect.DeepEqual(a, b); same != (string(one) == string(other)) || same != (LeafHash(one) == LeafHash(other)) {
			t.Fatalf("%x\n%x", one, other)
		}
	})
}
