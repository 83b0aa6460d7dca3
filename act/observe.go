package act

import (
	"fmt"
	"strconv"
	"strings"

	"entente/text"
)

// Limits of a batch of observations.
const (
	MaxReadings  = 4_000
	MaxCitations = 1_000
	MaxTakesBack = 1_000 // batches taken back by one act
	MaxCited     = 1_000 // bytes of a source's title, document, place or address
	MaxBears     = 40    // hypotheses that one sighting bears on
	MaxWeight    = 2     // how strongly, either way
	MaxFindings  = 1_500 // verdicts attested by one act
)

// A Citation is where observations come from, as whoever entered them wrote it.
type Citation struct {
	Title    string `json:"title"`              // "Quarterly report", "Reuters"
	Document string `json:"document,omitempty"` // its number: "GOV/2016/8"
	Place    string `json:"place,omitempty"`    // page or paragraph
	Address  string `json:"address,omitempty"`  // where it can be read
	Quote    string `json:"quote,omitempty"`    // its words
}

// A Reading is one observation of a quantity: a value or a bound, on a day.
type Reading struct {
	Quantity string     `json:"quantity"`
	Sign     Sign       `json:"sign"`
	Value    string     `json:"value"` // decimal
	Unit     string     `json:"unit"`
	AsOf     Date       `json:"asOf"`               // the day that it is of
	Reported Date       `json:"reported,omitempty"` // the day on which it was reported
	Source   uint16     `json:"source"`             // which of the batch's sources, from 0
	Grade    Grade      `json:"grade,omitzero"`
	Note     string     `json:"note,omitempty"`
	Replaces *ReadingID `json:"replaces,omitempty"` // an earlier reading of the same party that this one corrects
	Bears    []Bearing  `json:"bears,omitempty"`    // on hypotheses, by reference
}

// A ReadingID names a reading: the leaf hash of its batch, and its place in it from 0.
type ReadingID struct {
	Batch Hash
	Nth   uint16
}

// String writes the id: hexadecimal, a full stop, the place.
func (id ReadingID) String() string { return id.Batch.String() + "." + strconv.Itoa(int(id.Nth)) }

// ParseReadingID reads what String wrote.
func ParseReadingID(s string) (id ReadingID, err error) {
	batch, nth, _ := strings.Cut(s, ".")
	n, bad := strconv.ParseUint(nth, 10, 16)
	if id.Batch, err = ParseHash(batch); err != nil || bad != nil || strconv.FormatUint(n, 10) != nth || n >= MaxReadings {
		return ReadingID{}, fmt.Errorf("%.80q names no observation", s)
	}
	id.Nth = uint16(n)
	return id, nil
}

// MarshalText writes the id.
func (id ReadingID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads an id.
func (id *ReadingID) UnmarshalText(b []byte) (err error) {
	*id, err = ParseReadingID(string(b))
	return err
}

// A Bearing is how a sighting bears on a hypothesis: for it (above 0) or against it.
type Bearing struct {
	Hypothesis Ref  `json:"hypothesis"`
	Weight     int8 `json:"weight"` // -2 (rules it out) to 2 (speaks strongly for it), never 0
}

// A Sign says whether a reading is a value, or a bound of one. Its number is part of the format.
type Sign uint8

// The signs.
const (
	Exactly  Sign = 0
	Below    Sign = 1
	AtMost   Sign = 2
	AtLeast  Sign = 3
	Above    Sign = 4
	lastSign      = Above
)

var signs = []string{"=", "<", "<=", ">=", ">"}

// String is the sign itself: "=", "<", "<=", ">=" or ">".
func (s Sign) String() string { return nameIn(signs, uint8(s)) }

// ParseSign reads a sign.
func ParseSign(s string) (Sign, error) {
	for i, v := range signs {
		if v == s {
			return Sign(i), nil
		}
	}
	return 0, fmt.Errorf("%.20q is no sign: =, <, <=, >= or >", s)
}

// MarshalText writes the sign.
func (s Sign) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a sign.
func (s *Sign) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSign(string(b))
	return err
}

// An Attest is one party's word on what its server computed: the verdicts on everything watched of
// an agreement or a programme as of a day, over what the act's writer had seen.
type Attest struct {
	Element  Ref
	On       Date
	Digest   Hash // of the findings, as package compliance writes them
	Findings []Finding
}

// A Finding is the verdict on one obligation or milestone.
type Finding struct {
	Element Ref     `json:"element"`
	Verdict Verdict `json:"verdict"`
}

// A Dispute starts, answers or closes a dispute about an obligation: one party's word. How long its
// stages last is in the agreement's terms; an extension is an element of its own.
type Dispute struct {
	Element Ref // the obligation
	Step    DisputeStep
	Of      Hash       // what is answered or closed: the leaf hash of the act that started it
	On      Date       // the day from which days count
	By      text.Texts // who did it, where that is not the party whose log this is
	Text    text.Texts
}

// A DisputeStep says what is done to a dispute. Its number is part of the format.
type DisputeStep uint8

// The steps.
const (
	DisputeStarts   DisputeStep = 1
	DisputeReply    DisputeStep = 2
	DisputeCloses   DisputeStep = 3
	lastDisputeStep             = DisputeCloses
)

var disputeSteps = []string{"none", "start", "reply", "close"}

// String is the step's name.
func (s DisputeStep) String() string { return nameIn(disputeSteps, uint8(s)) }

// ParseDisputeStep reads a step's name.
func ParseDisputeStep(s string) (DisputeStep, error) {
	n, err := numberIn(disputeSteps, s, "step of a dispute")
	return DisputeStep(n), err
}

// MarshalText writes the step's name.
func (s DisputeStep) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a step's name.
func (s *DisputeStep) UnmarshalText(b []byte) (err error) {
	*s, err = ParseDisputeStep(string(b))
	return err
}

// Kind is KindAttest.
func (Attest) Kind() Kind { return KindAttest }

// Kind is KindDispute.
func (Dispute) Kind() Kind { return KindDispute }
