package act

import (
	"entente/marking"
	"entente/party"
	"entente/text"
)

// Limits of a revision's content.
const (
	MaxTitle    = 400  // bytes of a heading in one language
	MaxSource   = 1000 // bytes of a provenance in one language
	MaxQuote    = 4000 // bytes of a marked passage
	MaxCites    = 64   // passages one element answers to
	MaxContains = 1200 // revisions one document contains
	MaxAmount   = 20   // digits of an amount
	MaxOrder    = 1 << 30
	fieldCount  = 28
)

// Numbers of the content's fields: part of the format.
const (
	fieldKind = iota + 1
	fieldParent
	fieldTitle
	fieldText
	fieldStruck
	fieldLead
	fieldSupport
	fieldDue
	fieldCites
	fieldSource
	fieldMarking
	fieldOrder
	fieldSaidBy
	fieldSaidOn
	fieldParagraph
	fieldQuote
	fieldAside
	fieldAmount
	fieldUnit
	fieldContains
	fieldDigests
	fieldOpens
	fieldCloses
	fieldFollows
	fieldTerms
	fieldWatch
	fieldJudgement
	fieldExtends
)

func writeContent(w *writer, c Content) {
	m := w.fields()
	m.key(fieldKind).uint(uint64(c.Kind))
	putText(m, fieldParent, string(c.Parent))
	putTexts(m, fieldTitle, c.Title)
	putTexts(m, fieldText, c.Text)
	if c.Struck {
		m.key(fieldStruck).yes()
	}
	putCodes(m, fieldLead, c.Lead)
	putCodes(m, fieldSupport, c.Support)
	putText(m, fieldDue, string(c.Due))
	putRefs(m, fieldCites, c.Cites)
	putTexts(m, fieldSource, c.Source)
	if c.Marking != nil {
		writeMarking(m.key(fieldMarking), c.Marking)
	}
	putUint(m, fieldOrder, uint64(c.Order))
	putTexts(m, fieldSaidBy, c.SaidBy)
	putText(m, fieldSaidOn, string(c.SaidOn))
	putUint(m, fieldParagraph, uint64(c.Paragraph))
	putText(m, fieldQuote, c.Quote)
	putTexts(m, fieldAside, c.Aside)
	putText(m, fieldAmount, c.Amount)
	putTexts(m, fieldUnit, c.Unit)
	writeDocument(m, c)
	writeWatched(m, c)
}

// writeMarking refuses a label that is releasable to nobody: written as an empty list it would
// come back as one that is releasable to all.
func writeMarking(w *writer, l *marking.Label) {
	if err := l.Check(); err != nil {
		w.err = err
	}
	w.list(2)
	w.uint(uint64(l.TLP))
	writeCodes(w, l.Releasable)
}

func writeDocument(m fieldMap, c Content) {
	if len(c.Contains) > 0 {
		w := m.key(fieldContains)
		w.list(len(c.Contains))
		for _, in := range c.Contains {
			w.list(2)
			w.text(string(in.Element))
			w.hash(in.Revision)
		}
	}
	if len(c.Digests) > 0 {
		w := m.key(fieldDigests)
		w.list(len(c.Digests))
		for _, d := range c.Digests {
			w.list(2)
			w.text(string(d.Lang))
			w.hash(d.Sum)
		}
	}
	putText(m, fieldOpens, string(c.Opens))
	putText(m, fieldCloses, string(c.Closes))
	if len(c.Follows) > 0 {
		w := m.key(fieldFollows)
		w.list(len(c.Follows))
		for _, f := range c.Follows {
			w.list(2)
			w.text(string(f.Lang))
			w.hash(f.Revision)
		}
	}
}

func putText(m fieldMap, key uint64, s string) {
	if s != "" {
		m.key(key).text(s)
	}
}

func putUint(m fieldMap, key, v uint64) {
	if v != 0 {
		m.key(key).uint(v)
	}
}

func putRefs(m fieldMap, key uint64, refs []Ref) {
	if len(refs) == 0 {
		return
	}
	w := m.key(key)
	w.list(len(refs))
	for _, r := range refs {
		w.text(string(r))
	}
}

func putCodes(m fieldMap, key uint64, codes []party.Code) {
	if len(codes) > 0 {
		writeCodes(m.key(key), codes)
	}
}

func writeCodes(w *writer, codes []party.Code) {
	w.list(len(codes))
	for _, c := range codes {
		w.text(string(c))
	}
}

func readContent(r *reader, c *Content) {
	for f := r.fields(fieldCount); r.next(&f); {
		switch f.key {
		case fieldKind:
			c.Kind = ElementKind(r.uint(uint64(lastElementKind)))
		case fieldParent:
			c.Parent = readRef(r)
		case fieldTitle:
			c.Title = readTexts(r, MaxTitle)
		case fieldText:
			c.Text = readTexts(r, text.MaxText)
		case fieldStruck:
			c.Struck = r.yes()
		case fieldLead:
			c.Lead = readCodes(r, 1)
		case fieldSupport:
			c.Support = readCodes(r, 1)
		case fieldDue:
			c.Due = readDate(r)
		case fieldCites:
			c.Cites = readRefs(r)
		case fieldSource:
			c.Source = readTexts(r, MaxSource)
		case fieldMarking:
			c.Marking = readMarking(r)
		case fieldOrder:
			c.Order = uint32(positive(r, MaxOrder))
		default:
			readSpecial(r, f.key, c)
		}
	}
	checkContent(r, c)
}

// readSpecial reads the fields that only some kinds of element have.
func readSpecial(r *reader, k uint64, c *Content) {
	switch k {
	case fieldSaidBy:
		c.SaidBy = readTexts(r, MaxName)
	case fieldSaidOn:
		c.SaidOn = readDate(r)
	case fieldParagraph:
		c.Paragraph = uint32(positive(r, MaxOrder))
	case fieldQuote:
		c.Quote = readProse(r, MaxQuote)
	case fieldAside:
		c.Aside = readTexts(r, MaxReason)
	case fieldAmount:
		c.Amount = r.text(MaxAmount)
		if r.err == nil && !amountOK(c.Amount) {
			r.fail("%q is no amount", c.Amount)
		}
	case fieldUnit:
		c.Unit = readTexts(r, MaxName)
	case fieldContains:
		c.Contains = readContains(r)
	case fieldDigests:
		c.Digests = readDigests(r)
	case fieldOpens:
		c.Opens = readDate(r)
	case fieldCloses:
		c.Closes = readDate(r)
	case fieldFollows:
		c.Follows = readFollows(r)
	case fieldTerms:
		c.Terms = readTerms(r)
	case fieldWatch:
		c.Watch = readWatch(r)
	case fieldJudgement:
		c.Judgement = readJudgement(r)
	case fieldExtends:
		c.Extends = readExtends(r)
	}
}

// checkContent asks for what each kind cannot do without, and for nothing where it means nothing.
func checkContent(r *reader, c *Content) {
	if r.err != nil {
		return
	}
	r.need(c.Kind != 0, "the kind of element")
	r.need(len(c.Title) > 0 || len(c.Text) > 0 || c.Quote != "" || c.Struck, "a title or a text")
	isPassage := c.Kind == Passage
	if (c.Quote != "" || c.Paragraph != 0 || len(c.Aside) > 0) && !isPassage {
		r.fail("only a marked passage has a paragraph, a quotation or a reason to be set aside")
	}
	if isPassage && !c.Struck {
		r.need(c.Quote != "" && c.Paragraph != 0 && c.Parent != "", "the passage's statement, paragraph or words")
	}
	if len(c.Digests) > 0 && c.Kind != Document || len(c.Contains) > 0 && c.Kind != Document && c.Kind != Package {
		r.fail("only a document or a package contains revisions, and only a document has digests")
	}
	if c.Kind == Package && !c.Struck {
		r.need(len(c.Contains) > 0, "what the package contains")
	}
	if (c.Opens != "" || c.Closes != "") && c.Kind != Round {
		r.fail("only a round opens and closes")
	}
	if c.Kind == Round && !c.Struck {
		r.need(c.Opens != "", "the day on which the round opens")
	}
	for _, f := range c.Follows {
		if _, has := c.Text.Get(f.Lang); !has {
			r.fail("a language that has no text follows nothing")
		}
	}
	if c.Kind == Document && !c.Struck {
		r.need(len(c.Contains) > 0 && len(c.Digests) > 0, "what the document contains, or its digest")
	}
	checkWatched(r, c)
}

func positive(r *reader, limit uint64) uint64 {
	v := r.uint(limit)
	if r.err == nil && v == 0 {
		r.fail("a field that means nothing is left out, not written")
	}
	return v
}

func readCodes(r *reader, least int) []party.Code {
	n := r.list(MaxParties)
	if r.err == nil && n < least {
		r.fail("an empty list is left out, not written")
	}
	if n == 0 || r.err != nil {
		return nil
	}
	out := lists(r, roomForCodes, n)
	for i := range out {
		c, err := party.ParseCode(r.text(party.MaxCode))
		if err != nil {
			r.fail("%v", err)
		}
		if r.err == nil && i > 0 && c <= out[i-1] {
			r.fail("parties out of order or twice")
		}
		out[i] = c
	}
	return out
}

func readRefs(r *reader) []Ref {
	n := r.list(MaxCites)
	if r.err == nil && n == 0 {
		r.fail("an empty list is left out, not written")
	}
	if r.err != nil {
		return nil
	}
	out := lists(r, roomForRefs, n)
	for i := range out {
		out[i] = readRef(r)
		if r.err == nil && i > 0 && out[i] <= out[i-1] {
			r.fail("references out of order or twice")
		}
	}
	return out
}

func readMarking(r *reader) *marking.Label {
	r.tuple(2)
	l := &marking.Label{TLP: marking.TLP(r.uint(uint64(marking.Red))), Releasable: readCodes(r, 0)}
	if r.err == nil {
		if err := l.Check(); err != nil {
			r.fail("%v", err)
		}
	}
	return l
}

func readContains(r *reader) []Contained {
	n := r.list(MaxContains)
	if r.err == nil && n == 0 {
		r.fail("an empty list is left out, not written")
	}
	if r.err != nil {
		return nil
	}
	out := make([]Contained, n)
	for i := range out {
		r.tuple(2)
		out[i] = Contained{readRef(r), nonZero(r)}
	}
	return out
}

func readDigests(r *reader) (out []Digest) {
	readByLang(r, func(l text.Lang, h Hash) { out = append(out, Digest{l, h}) })
	return out
}

func readFollows(r *reader) (out []Following) {
	readByLang(r, func(l text.Lang, h Hash) { out = append(out, Following{l, h}) })
	return out
}

// readByLang reads a list of pairs of a language and a hash, in order of language.
func readByLang(r *reader, each func(text.Lang, Hash)) {
	n := r.list(text.MaxLangs)
	if r.err == nil && n == 0 {
		r.fail("an empty list is left out, not written")
	}
	last := text.Lang("")
	for i := 0; i < n && r.err == nil; i++ {
		r.tuple(2)
		lang, err := text.ParseLang(r.text(3))
		if err != nil {
			r.fail("%v", err)
		}
		sum := nonZero(r)
		if r.err == nil && lang <= last {
			r.fail("languages out of order or twice")
		}
		if r.err == nil {
			each(lang, sum)
		}
		last = lang
	}
}

// amountOK takes a decimal number without a sign, exponent, or needless zero.
func amountOK(s string) bool {
	digits, point := 0, -1
	for i := range len(s) {
		switch {
		case s[i] == '.' && point < 0 && i > 0:
			point = i
		case s[i] >= '0' && s[i] <= '9':
			digits++
		default:
			return false
		}
	}
	if digits == 0 || (s[0] == '0' && len(s) > 1 && s[1] != '.') {
		return false
	}
	return point < 0 || (point < len(s)-1 && s[len(s)-1] != '0')
}
