package act

import (
	"entente/party"
	"entente/text"
)

// Limits of the texts in bodies, in bytes of one language version.
const (
	MaxReason = 4 << 10
	MaxRemark = 16 << 10
	MaxName   = 200
)

// writeBody writes a body as a map of its fields, empty ones left out.
func writeBody(w *writer, b Body) {
	m := w.fields()
	switch b := b.(type) {
	case Constitute:
		m.key(1).bytes(b.Charter)
	case Resume:
		m.key(1).uint(uint64(b.Epoch))
		m.key(2).uint(b.Size)
		m.key(3).hash(b.Root)
	case Accredit:
		writeDelegates(m.key(1), b.Delegates)
	case Table:
		m.key(1).text(string(b.Element))
		writeContent(m.key(2), b.Content)
		putUint(m, 3, uint64(b.Until))
		putYes(m, 4, b.Offered)
		putYes(m, 5, b.Tied)
	case Accept:
		m.key(1).text(string(b.Element))
		m.key(2).hash(b.Revision)
		putYes(m, 3, b.Silent)
		putYes(m, 4, b.Tied)
	case Withdraw:
		m.key(1).text(string(b.Element))
		putTexts(m, 2, b.Reason)
	case Confirm:
		m.key(1).text(string(b.Element))
		m.key(2).hash(b.Revision)
	case Remark:
		writeRemark(m, b)
	case Report:
		writeReport(m, b)
	case See:
	case Refer:
		m.key(1).text(string(b.Element))
		m.key(2).hash(b.Revision)
		m.key(3).uint(uint64(b.Until))
		putTexts(m, 4, b.Role)
	case Calendar:
		writeCalendar(m, b)
	case Sit:
		writeSit(m, b)
	case Certify:
		m.key(1).text(string(b.Element))
		m.key(2).hash(b.Revision)
	case Attest:
		writeAttest(m, b)
	case Dispute:
		writeDispute(m, b)
	}
}

func putYes(m fieldMap, key uint64, yes bool) {
	if yes {
		m.key(key).yes()
	}
}

func writeRemark(m fieldMap, b Remark) {
	m.key(1).text(string(b.Element))
	if !b.Revision.IsZero() {
		m.key(2).hash(b.Revision)
	}
	m.key(3).uint(uint64(b.Sort))
	putTexts(m, 4, b.Text)
	if !b.Lifts.IsZero() {
		m.key(5).hash(b.Lifts)
	}
}

func putTexts(m fieldMap, key uint64, t text.Texts) {
	if len(t) > 0 {
		writeTexts(m.key(key), t)
	}
}

// readBody reads the body of the given kind and checks that what it needs is there.
func readBody(r *reader, k Kind) Body {
	switch k {
	case KindConstitute:
		return readConstitute(r)
	case KindResume:
		return readResume(r)
	case KindAccredit:
		return readAccredit(r)
	case KindTable:
		var b Table
		readTable(r, &b)
		return b
	case KindAccept:
		return readAccept(r)
	case KindConfirm:
		e, rev := readChoice(r)
		return Confirm{e, rev}
	case KindWithdraw:
		return readWithdraw(r)
	case KindRemark:
		return readRemark(r)
	case KindReport:
		return readReport(r)
	case KindSee:
		for f := r.fields(0); r.next(&f); {
		}
		return See{}
	case KindRefer:
		return readRefer(r)
	case KindCalendar:
		return readCalendar(r)
	case KindSit:
		return readSit(r)
	case KindCertify:
		e, rev := readChoice(r)
		return Certify{e, rev}
	case KindAttest:
		return readAttest(r)
	case KindDispute:
		return readDispute(r)
	}
	r.fail("kind %d is not known", k)
	return nil
}

func (r *reader) need(ok bool, what string) {
	if !ok && r.err == nil {
		r.fail("%s is missing", what)
	}
}

func readConstitute(r *reader) (b Constitute) {
	for f := r.fields(1); r.next(&f); {
		b.Charter = r.bytes(MaxCharter)
	}
	r.need(b.Charter != "", "the charter")
	return b
}

func readResume(r *reader) (b Resume) {
	seen := 0
	for f := r.fields(3); r.next(&f); {
		seen++
		switch f.key {
		case 1:
			b.Epoch = uint32(r.uint(1<<32 - 2))
		case 2:
			b.Size = r.uint(MaxIndex)
		case 3:
			b.Root = r.hash()
		}
	}
	r.need(seen == 3, "the epoch, size or root")
	return b
}

func readChoice(r *reader) (e Ref, rev Hash) {
	for f := r.fields(2); r.next(&f); {
		if f.key == 1 {
			e = readRef(r)
		} else {
			rev = r.hash()
		}
	}
	r.need(e != "" && !rev.IsZero(), "the element or the revision")
	return e, rev
}

func readTable(r *reader, b *Table) {
	for f := r.fields(5); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			readContent(r, &b.Content)
		case 3:
			b.Until = int64(positive(r, MaxInstant))
		case 4:
			b.Offered = r.yes()
		case 5:
			b.Tied = r.yes()
		}
	}
	r.need(b.Element != "" && b.Content.Kind != 0, "the element or its content")
}

func readWithdraw(r *reader) (b Withdraw) {
	for f := r.fields(2); r.next(&f); {
		if f.key == 1 {
			b.Element = readRef(r)
		} else {
			b.Reason = readTexts(r, MaxReason)
		}
	}
	r.need(b.Element != "" && len(b.Reason) > 0, "the element or the reason")
	return b
}

func readRemark(r *reader) (b Remark) {
	for f := r.fields(5); r.next(&f); {
		switch f.key {
		case 1:
			b.Element = readRef(r)
		case 2:
			b.Revision = nonZero(r)
		case 3:
			b.Sort = RemarkSort(r.uint(uint64(lastRemarkSort)))
		case 4:
			b.Text = readTexts(r, MaxRemark)
		case 5:
			b.Lifts = nonZero(r)
		}
	}
	r.need(b.Element != "" && b.Sort != 0 && len(b.Text) > 0, "the element, the sort or the text")
	return b
}

// nonZero reads a hash that is left out where it would be zero.
func nonZero(r *reader) Hash {
	h := r.hash()
	if r.err == nil && h.IsZero() {
		r.fail("a field that means nothing is left out, not written")
	}
	return h
}

func writeDelegates(w *writer, list []Delegate) {
	w.list(len(list))
	for _, d := range list {
		m := w.fields()
		m.key(1).text(string(d.Person))
		putTexts(m, 2, d.Name)
		putTexts(m, 3, d.Role)
		putTexts(m, 4, d.Agency)
		m.key(5).uint(uint64(d.Powers))
	}
}

func readAccredit(r *reader) (b Accredit) {
	given := false
	for f := r.fields(1); r.next(&f); {
		given = true
		n := r.list(MaxDelegates)
		for i := range n {
			d := readDelegate(r)
			if r.err != nil {
				return
			}
			if i > 0 && d.Person <= b.Delegates[i-1].Person {
				r.fail("delegates out of order or twice")
			}
			b.Delegates = append(b.Delegates, d)
		}
	}
	r.need(given, "the list of delegates")
	return b
}

func readDelegate(r *reader) (d Delegate) {
	powers := false
	for f := r.fields(5); r.next(&f); {
		switch f.key {
		case 1:
			p, err := party.ParsePerson(r.text(MaxPerson))
			if err != nil {
				r.fail("%v", err)
			}
			d.Person = p
		case 2:
			d.Name = readTexts(r, MaxName)
		case 3:
			d.Role = readTexts(r, MaxName)
		case 4:
			d.Agency = readTexts(r, MaxName)
		case 5:
			d.Powers, powers = Powers(r.uint(uint64(allPowers))), true
		}
	}
	r.need(d.Person != "" && len(d.Name) > 0 && powers, "the person, the name or the powers")
	return d
}

// About is the element that a body is about; "" for none.
func About(b Body) Ref {
	switch b := b.(type) {
	case Table:
		return b.Element
	case Accept:
		return b.Element
	case Withdraw:
		return b.Element
	case Confirm:
		return b.Element
	case Remark:
		return b.Element
	case Report:
		return b.Element
	case Refer:
		return b.Element
	case Sit:
		return b.Round
	case Certify:
		return b.Element
	case Attest:
		return b.Element
	case Dispute:
		return b.Element
	}
	return ""
}
