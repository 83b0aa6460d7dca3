package act

import (
	"fmt"
	"strings"

	"entente/text"
)

// Limits of what is said about an agreement that is watched.
const (
	MaxRule        = 2_000  // bytes of a rule
	MaxUnit        = 40     // bytes of a unit
	MaxQuantity    = 40     // bytes of a quantity's name
	MaxBound       = 200    // who are bound by one agreement
	MaxConversions = 100    // of one agreement
	MaxStages      = 20     // of a dispute procedure
	MaxDays        = 36_500 // a hundred years
	MaxWitnesses   = 20     // different sources that a verdict may need
)

// Terms are what an agreement, or a programme that is followed, says for all that stands under it.
type Terms struct {
	Bound       []text.Texts `json:"bound,omitempty"`       // who are bound by it; they need not be parties of the group
	Conversions []Conversion `json:"conversions,omitempty"` // of units: the only ones that are applied
	Procedure   []Stage      `json:"procedure,omitempty"`   // what follows when somebody disputes that it is kept
}

// A Conversion says what an amount in one unit is in another, as the agreement states it: 300
// kg{UF6} equals 202.8 kg{U}.
type Conversion struct {
	Amount string `json:"amount"` // decimal
	Unit   string `json:"unit"`
	Equals string `json:"equals"` // decimal
	In     string `json:"in"`     // the other unit
}

// A Stage is one step of a dispute procedure.
type Stage struct {
	Name   text.Texts `json:"name"`
	Days   uint32     `json:"days"`             // how long it lasts; 0 where no time is set
	Beside bool       `json:"beside,omitempty"` // it runs beside the stage before it, and begins with it
	Fixed  bool       `json:"fixed,omitempty"`  // it cannot be extended
	Then   text.Texts `json:"then,omitempty"`   // what follows when its time has run out
}

// A Watch says what is watched of an obligation or a milestone: the measured quantity, the rule, and
// what a verdict needs.
type Watch struct {
	Paragraph  string     `json:"paragraph,omitempty"` // where it stands in the agreement: "Annex I 14"
	Owes       text.Texts `json:"owes,omitempty"`      // who owes it
	Quantity   string     `json:"quantity,omitempty"`  // the name of what is measured: "heavy_water_stock"
	Unit       string     `json:"unit,omitempty"`      // of the numbers in the rule, UCUM-style: "t", "kg{U}", "%", "1"
	Rule       string     `json:"rule,omitempty"`      // in CEL, in its canonical form: true while the obligation is kept
	Near       string     `json:"near,omitempty"`      // in CEL: true where it is near its limit
	From       Date       `json:"from,omitempty"`      // the first day on which it applies
	To         Date       `json:"to,omitempty"`        // the last one; empty for no end
	Verified   text.Texts `json:"verified,omitempty"`  // how it is verified
	Every      uint32     `json:"every,omitempty"`     // days from one expected report to the next; 0 for none
	Fresh      uint32     `json:"fresh,omitempty"`     // how many days old a reading may be; 0 for any age
	Sources    uint8      `json:"sources,omitempty"`   // how many different sources a verdict needs; 0 for one
	Grade      Grade      `json:"grade,omitzero"`      // the least grade that counts; zero for any
	Baseline   string     `json:"baseline,omitempty"`  // of an indicator: where it began, in decimal
	BaselineOn Date       `json:"baselineOn,omitempty"`
	Target     string     `json:"target,omitempty"` // and where it is to be
	TargetOn   Date       `json:"targetOn,omitempty"`
}

// A Judgement is what an assessment says beside its words.
type Judgement struct {
	Verdict    Verdict    `json:"verdict,omitzero"`    // none where it is no verdict
	Likelihood Likelihood `json:"likelihood,omitzero"` // none where nothing is estimated
	Confidence Confidence `json:"confidence,omitzero"`
	AsOf       Date       `json:"asOf"`
}

// Extends says which stage of which dispute an extension gives more days.
type Extends struct {
	Dispute Hash   `json:"dispute"` // the leaf hash of the act that started it
	Stage   uint8  `json:"stage"`   // from 1
	Days    uint32 `json:"days"`
}

// A Verdict says whether an obligation is kept. Its number is part of the format.
type Verdict uint8

// The verdicts.
const (
	Within      Verdict = 1
	Near        Verdict = 2 // within its limit, and near it
	Exceeded    Verdict = 3
	CannotTell  Verdict = 4
	Disputed    Verdict = 5
	NotYetDue   Verdict = 6
	Expired     Verdict = 7
	lastVerdict         = Expired
)

var verdictNames = []string{"none", "within", "near", "exceeded", "cannot tell", "disputed", "not yet due", "expired"}

// String is the verdict's name.
func (v Verdict) String() string { return nameIn(verdictNames, uint8(v)) }

// ParseVerdict reads a verdict's name.
func ParseVerdict(s string) (Verdict, error) {
	n, err := numberIn(verdictNames, s, "verdict")
	return Verdict(n), err
}

// MarshalText writes the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the verdict's name.
func (v *Verdict) UnmarshalText(b []byte) (err error) {
	*v, err = ParseVerdict(string(b))
	return err
}

// A Likelihood is a word of estimative probability (ICD 203, Analytic Standards, 2015, D.6.e.(2)).
// Its number is part of the format.
type Likelihood uint8

// The words, with the per cent that they stand for.
const (
	AlmostNoChance    Likelihood = 1 // 1 to 5
	VeryUnlikely      Likelihood = 2 // 5 to 20
	Unlikely          Likelihood = 3 // 20 to 45
	RoughlyEvenChance Likelihood = 4 // 45 to 55
	Likely            Likelihood = 5 // 55 to 80
	VeryLikely        Likelihood = 6 // 80 to 95
	AlmostCertain     Likelihood = 7 // 95 to 99
	lastLikelihood               = AlmostCertain
)

var likelihoodNames = []string{"none", "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain"}

// String is the word itself.
func (l Likelihood) String() string { return nameIn(likelihoodNames, uint8(l)) }

// ParseLikelihood reads a word of estimative probability.
func ParseLikelihood(s string) (Likelihood, error) {
	n, err := numberIn(likelihoodNames, s, "word of estimative probability")
	return Likelihood(n), err
}

// MarshalText writes the word.
func (l Likelihood) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads the word.
func (l *Likelihood) UnmarshalText(b []byte) (err error) {
	*l, err = ParseLikelihood(string(b))
	return err
}

// A Confidence is how well founded a judgement is, apart from how likely it says something is. Its
// number is part of the format.
type Confidence uint8

// The levels of confidence.
const (
	LowConfidence      Confidence = 1
	ModerateConfidence Confidence = 2
	HighConfidence     Confidence = 3
	lastConfidence                = HighConfidence
)

var confidenceNames = []string{"none", "low", "moderate", "high"}

// String is the level's name.
func (c Confidence) String() string { return nameIn(confidenceNames, uint8(c)) }

// ParseConfidence reads a level's name.
func ParseConfidence(s string) (Confidence, error) {
	n, err := numberIn(confidenceNames, s, "level of confidence")
	return Confidence(n), err
}

// MarshalText writes the level's name.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the level's name.
func (c *Confidence) UnmarshalText(b []byte) (err error) {
	*c, err = ParseConfidence(string(b))
	return err
}

// A Grade is what the Admiralty code says of an observation: how reliable its source is, A to F, and
// how credible the information, 1 to 6, judged apart (NATO AJP-2.1). The zero Grade is none.
type Grade struct {
	Source byte  // 'A' (completely reliable) to 'E' (unreliable), 'F' (cannot be judged); 0 for none
	Info   uint8 // 1 (confirmed) to 5 (improbable), 6 (cannot be judged); 0 for none
}

// ParseGrade reads a grade like "B2"; empty for none.
func ParseGrade(s string) (Grade, error) {
	if s == "" {
		return Grade{}, nil
	}
	if len(s) == 2 && s[0] >= 'A' && s[0] <= 'F' && s[1] >= '1' && s[1] <= '6' {
		return Grade{s[0], s[1] - '0'}, nil
	}
	return Grade{}, fmt.Errorf("%.20q is no grade: a letter A to F for the source and a number 1 to 6 for the information, such as B2", s)
}

// IsZero reports whether there is no grade.
func (g Grade) IsZero() bool { return g == Grade{} }

// String is the grade as it is written: "B2"; empty for none.
func (g Grade) String() string {
	if g.IsZero() {
		return ""
	}
	return string([]byte{g.Source, '0' + g.Info})
}

// Meets reports whether the grade is at least the one that is needed, in both respects. Where none
// is needed, every grade does; F and 6 are no judgement and meet only what asks for nothing.
func (g Grade) Meets(need Grade) bool {
	return need.IsZero() || !g.IsZero() && (g.Source <= need.Source && g.Source != 'F' || need.Source == 'F') &&
		(g.Info <= need.Info && g.Info != 6 || need.Info == 6)
}

// MarshalText writes the grade.
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads a grade.
func (g *Grade) UnmarshalText(b []byte) (err error) {
	*g, err = ParseGrade(string(b))
	return err
}

// code is the grade's number in the format, 1 to 36.
func (g Grade) code() uint64 { return uint64(g.Source-'A')*6 + uint64(g.Info) }

func gradeOf(code uint64) Grade {
	if code == 0 {
		return Grade{}
	}
	return Grade{'A' + byte((code-1)/6), uint8((code-1)%6) + 1}
}

const maxGrade = 36

func nameIn(names []string, n uint8) string {
	if int(n) >= len(names) {
		return "unknown"
	}
	return names[n]
}

func numberIn(names []string, s, what string) (uint8, error) {
	for i, n := range names {
		if n == s {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("%.40q is no %s: %s", s, what, strings.Join(names[1:], ", "))
}

// QuantityOK reports whether a name can be that of a measured quantity: a lower-case letter, then
// lower-case letters, digits and low lines.
func QuantityOK(s string) bool {
	if s == "" || len(s) > MaxQuantity || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// UnitOK reports whether a unit can be written: 1 to MaxUnit visible characters of ASCII without
// spaces. Whether it means something is for whoever computes with it.
func UnitOK(s string) bool {
	if s == "" || len(s) > MaxUnit {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// DecimalOK reports whether s is a decimal number in its one form: no exponent, no needless zero,
// no sign but a minus, and no minus before zero.
func DecimalOK(s string) bool {
	bare, minus := strings.CutPrefix(s, "-")
	return len(s) <= MaxAmount && amountOK(bare) && !(minus && bare == "0")
}
