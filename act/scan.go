package act

import "fmt"

// A Scanner reads act after act and keeps none: it is as strict as Decode, and leaves in its
// fields what the rule of agreement and the plan need, until the next Scan. It is for whoever goes
// through a whole log; it is not for concurrent use.
type Scanner struct {
	Act           // without its Body
	Kind     Kind // of the body
	Element  Ref  // that the act is about; "" for none
	Tied     bool // an accept act that confirms nothing by itself
	Observed bool // a report of observations, not of progress
	Revision Hash // that it accepts, confirms or speaks of
	Sort     RemarkSort
	Lifts    Hash   // the remark that ends with this one
	Charter  string // of a constitute act
	Table    Table  // where it is one

	r    reader
	room room
}

// Scan reads one act, and fails where Decode fails. The fields are substrings of leaf, or lists
// that the next Scan overwrites.
func (s *Scanner) Scan(leaf string) error {
	if len(leaf) > MaxLeaf {
		return &FormatError{fmt.Errorf("%d bytes, the limit is %d", len(leaf), MaxLeaf)}
	}
	m := &s.room
	m.texts, m.codes, m.refs = m.texts[:0], m.codes[:0], m.refs[:0]
	s.r = reader{s: leaf, room: m}
	s.Act = Act{}
	readEnvelope(&s.r, &s.Act)
	s.Element, s.Revision, s.Sort, s.Lifts, s.Charter, s.Tied, s.Observed = "", Hash{}, 0, Hash{}, "", false, false
	s.Kind = Kind(s.r.uint(uint64(lastKind)))
	s.body()
	return s.r.end()
}

func (s *Scanner) body() {
	r := &s.r
	switch s.Kind {
	case KindTable:
		s.Table = Table{}
		readTable(r, &s.Table)
		s.Element = s.Table.Element
	case KindAccept:
		b := readAccept(r)
		s.Element, s.Revision, s.Tied = b.Element, b.Revision, b.Tied
	case KindConfirm, KindCertify:
		s.Element, s.Revision = readChoice(r)
	case KindRefer:
		b := readRefer(r)
		s.Element, s.Revision = b.Element, b.Revision
	case KindSit:
		s.Element = readSit(r).Round
	case KindWithdraw:
		s.Element = readWithdraw(r).Element
	case KindRemark:
		b := readRemark(r)
		s.Element, s.Revision, s.Sort, s.Lifts = b.Element, b.Revision, b.Sort, b.Lifts
	case KindReport:
		b := readReport(r)
		s.Element, s.Observed = b.Element, b.Observed()
	case KindAttest:
		s.Element = readAttest(r).Element
	case KindDispute:
		s.Element = readDispute(r).Element
	case KindConstitute:
		s.Charter = readConstitute(r).Charter
	default:
		readBody(r, s.Kind)
	}
}
