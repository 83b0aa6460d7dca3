package act

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// MaxRef is the greatest length of a reference in bytes.
const MaxRef = 32

// A Ref is an element's reference within its group, such as "A-1.1.2". It is the element's
// id: chosen by whoever tables it first, and permanent. Texts that two parties table under
// one reference are rivals for its place.
type Ref string

const (
	maxRefLetters = 2
	maxRefDigits  = 6
	maxRefGroups  = 6
)

// ParseRef reads a reference: one or two capital letters, a hyphen, and one to six numbers
// (no leading zero, six digits at most) with full stops between.
func ParseRef(s string) (Ref, error) {
	if !refOK(s) {
		return "", fmt.Errorf("%.40q is no reference: write it like A-1.1.2", s)
	}
	return Ref(s), nil
}

func refOK(s string) bool {
	if len(s) > MaxRef {
		return false
	}
	i := 0
	for i < len(s) && s[i] >= 'A' && s[i] <= 'Z' {
		i++
	}
	if i == 0 || i > maxRefLetters || i == len(s) || s[i] != '-' {
		return false
	}
	i++
	for groups := 1; groups <= maxRefGroups; groups++ {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		if i == from || i-from > maxRefDigits || s[from] == '0' {
			return false
		}
		if i == len(s) {
			return true
		}
		if s[i] != '.' {
			return false
		}
		i++
	}
	return false
}

// String is the reference as it stands in addresses and acts: "A-1.1.2".
func (r Ref) String() string { return string(r) }

// Display is the reference as it stands on a page: "A 1.1.2".
func (r Ref) Display() string { return strings.Replace(string(r), "-", " ", 1) }

// Compare orders references: by letters, then number by number, so that comes after.
func (r Ref) Compare(o Ref) int {
	a, b := string(r), string(o)
	for {
		x, restA, moreA := strings.Cut(a, separatorOf(a))
		y, restB, moreB := strings.Cut(b, separatorOf(b))
		if x != y {
			return cmp.Or(compareNumbers(x, y), cmp.Compare(x, y))
		}
		if !moreA || !moreB {
			return cmp.Compare(len(restA), len(restB))
		}
		a, b = restA, restB
	}
}

// compareNumbers compares digits without leading zeros: more of them is greater.
func compareNumbers(x, y string) int {
	if x != "" && y != "" && x[0] <= '9' && y[0] <= '9' {
		return cmp.Compare(len(x), len(y))
	}
	return 0
}

func separatorOf(s string) string {
	if s != "" && s[0] >= 'A' {
		return "-"
	}
	return "."
}

// An ElementKind says what an element is to the plan. Its number is part of the format.
type ElementKind uint8

// The kinds of element.
const (
	Goal            ElementKind = 1 // an end
	Way             ElementKind = 2 // a line of effort
	Action          ElementKind = 3
	Means           ElementKind = 4
	Clause          ElementKind = 5 // a paragraph of the joint document that is no goal, way or means
	Statement       ElementKind = 6 // a public text that the plan answers to
	Passage         ElementKind = 7 // words marked in a statement
	Document        ElementKind = 8 // an instrument: exact revisions, and the digest of their text
	Package         ElementKind = 9 // exact revisions that stand or fall together
	Round           ElementKind = 10
	Agreement       ElementKind = 11 // an instrument whose keeping is watched
	Obligation      ElementKind = 12 // what somebody owes under an agreement
	Programme       ElementKind = 13 // something outside of any agreement that is followed
	Milestone       ElementKind = 14 // of a programme: watched as an obligation is
	Hypothesis      ElementKind = 15 // what a programme may be
	Assessment      ElementKind = 16 // the parties' joint verdict or estimate
	Extension       ElementKind = 17 // a stage of a dispute is given more days
	lastElementKind             = Extension
)

// Letter is the capital letter that the kind's references usually begin with.
func (k ElementKind) Letter() string {
	if k < 1 || int(k) >= len(elementKinds) {
		return ""
	}
	return elementKinds[k].letter
}

var elementKinds = [...]struct{ name, letter string }{
	Goal: {"goal", "G"}, Way: {"way", "W"}, Action: {"action", "A"}, Means: {"means", "M"},
	Clause: {"clause", "C"}, Statement: {"statement", "S"}, Passage: {"passage", "P"}, Document: {"document", "D"},
	Package: {"package", "K"}, Round: {"round", "R"}, Agreement: {"agreement", "T"}, Obligation: {"obligation", "O"},
	Programme: {"programme", "F"}, Milestone: {"milestone", "L"}, Hypothesis: {"hypothesis", "H"}, Assessment: {"assessment", "V"}, Extension: {"extension", "X"},
}

// String is the kind's name: "goal", "way", "action" and so on.
func (k ElementKind) String() string {
	if k < 1 || int(k) >= len(elementKinds) {
		return "unknown"
	}
	return elementKinds[k].name
}

// ParseElementKind reads a kind's name.
func ParseElementKind(s string) (ElementKind, error) {
	for k := Goal; int(k) < len(elementKinds); k++ {
		if elementKinds[k].name == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("%.20q is no kind of element: %s", s, elementKindNames())
}

func elementKindNames() string {
	var names []string
	for k := Goal; int(k) < len(elementKinds); k++ {
		names = append(names, elementKinds[k].name)
	}
	return strings.Join(names, ", ")
}

// MarshalText writes the kind's name.
func (k ElementKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote; the zero kind is “unknown”.
func (k *ElementKind) UnmarshalText(b []byte) error {
	if string(b) == "unknown" {
		*k = 0
		return nil
	}
	v, err := ParseElementKind(string(b))
	if err == nil {
		*k = v
	}
	return err
}

// A RemarkSort says what a remark is. Its number is part of the format.
type RemarkSort uint8

// The sorts of remark.
const (
	Comment        RemarkSort = 1
	Objection      RemarkSort = 2
	Reservation    RemarkSort = 3 // stays attached to the text wherever it is shown
	Interpretation RemarkSort = 4 // interpretative statement
	Scrutiny       RemarkSort = 5 // scrutiny reservation: somebody at home has yet to look at the text
	lastRemarkSort            = Scrutiny
)

var remarkSorts = [...]string{Comment: "comment", Objection: "objection", Reservation: "reservation", Interpretation: "interpretation", Scrutiny: "scrutiny"}

// String is the sort's name.
func (s RemarkSort) String() string {
	if s < 1 || int(s) >= len(remarkSorts) {
		return "unknown"
	}
	return remarkSorts[s]
}

// ParseRemarkSort reads a sort's name.
func ParseRemarkSort(s string) (RemarkSort, error) {
	for i := Comment; int(i) < len(remarkSorts); i++ {
		if remarkSorts[i] == s {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%.20q is no sort of remark: comment, objection, reservation, interpretation or scrutiny", s)
}

// MarshalText writes the sort's name.
func (s RemarkSort) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the sort's name.
func (s *RemarkSort) UnmarshalText(b []byte) error {
	v, err := ParseRemarkSort(string(b))
	if err == nil {
		*s = v
	}
	return err
}

// Progress says how far an element is carried out. Its number is part of the format.
type Progress uint8

// The steps of progress.
const (
	NotBegun Progress = 1
	Underway Progress = 2
	Done     Progress = 3
	Stopped  Progress = 4
)

var progressNames = [...]string{NotBegun: "not begun", Underway: "under way", Done: "done", Stopped: "stopped"}

// String is the step's name.
func (p Progress) String() string {
	if p < 1 || int(p) >= len(progressNames) {
		return "unknown"
	}
	return progressNames[p]
}

// ParseProgress reads a step's name.
func ParseProgress(s string) (Progress, error) {
	for i := NotBegun; int(i) < len(progressNames); i++ {
		if progressNames[i] == s {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%.20q is no progress: not begun, under way, done or stopped", s)
}

// MarshalText writes the step's name.
func (p Progress) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the step's name.
func (p *Progress) UnmarshalText(b []byte) error {
	v, err := ParseProgress(string(b))
	if err == nil {
		*p = v
	}
	return err
}

// A SitStep says what is done to a round. Its number is part of the format.
type SitStep uint8

// The steps of a round.
const (
	RoundOpens  SitStep = 1
	RoundCloses SitStep = 2
)

var sitSteps = [...]string{RoundOpens: "opens", RoundCloses: "closes"}

// String is the step's name.
func (s SitStep) String() string {
	if s < 1 || int(s) >= len(sitSteps) {
		return "unknown"
	}
	return sitSteps[s]
}

// MarshalText writes the step's name.
func (s SitStep) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the step's name.
func (s *SitStep) UnmarshalText(b []byte) error {
	for i := RoundOpens; int(i) < len(sitSteps); i++ {
		if sitSteps[i] == string(b) {
			*s = i
			return nil
		}
	}
	return fmt.Errorf("%.20q is nothing that is done to a round: opens or closes", b)
}

// Weekdays are days of the week, as a set.
type Weekdays uint8

// allWeekdays is the whole week.
const allWeekdays Weekdays = 1<<7 - 1

// On is the set of one day.
func On(d time.Weekday) Weekdays { return 1 << d }

// Has reports whether the day is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&On(d) != 0 }

// MarshalText writes the days with commas between: "friday,saturday".
func (w Weekdays) MarshalText() ([]byte, error) {
	var out []string
	for d := time.Sunday; d <= time.Saturday; d++ {
		if w.Has(d) {
			out = append(out, strings.ToLower(d.String()))
		}
	}
	return []byte(strings.Join(out, ",")), nil
}

// UnmarshalText reads what MarshalText wrote.
func (w *Weekdays) UnmarshalText(b []byte) error {
	var set Weekdays
next:
	for name := range strings.SplitSeq(string(b), ",") {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(name, d.String()) {
				set |= On(d)
				continue next
			}
		}
		if name != "" {
			return fmt.Errorf("%.20q is no day of the week: sunday, monday, tuesday, wednesday, thursday, friday or saturday", name)
		}
	}
	*w = set
	return nil
}

// A Date is a calendar day, "2017-12-19", or empty for none.
type Date string

// ParseDate reads a day that exists, of the years 1000 to 9999.
func ParseDate(s string) (Date, error) {
	if !dateOK(s) {
		return "", fmt.Errorf("%.20q is no day: write it like 2017-12-19", s)
	}
	return Date(s), nil
}

func dateOK(s string) bool {
	if len(s) != len("2017-12-19") || s[4] != '-' || s[7] != '-' {
		return false
	}
	for i := range len(s) {
		if i != 4 && i != 7 && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	number := func(s string) (n int) {
		for i := range len(s) {
			n = 10*n + int(s[i]-'0')
		}
		return n
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	return year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch {
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	case month != 2:
		return 31
	case year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	}
	return 28
}

// Powers are what a person may do for the party in a group: full powers, as a set.
type Powers uint16

// The powers.
const (
	MayPropose    Powers = 1 << iota // table, withdraw
	MayAccept                        // accept the other side's text
	MayRemark                        // remark, report
	MayConvene                       // give delegations, invite to groups
	MayAdminister                    // persons, keys, counterparts, settings
	MayCertify                       // say that language versions mean the same
	allPowers     = MayPropose | MayAccept | MayRemark | MayConvene | MayAdminister | MayCertify
)

var powerNames = []string{"propose", "accept", "remark", "convene", "administer", "certify"}

// Has reports whether every power of q is in p.
func (p Powers) Has(q Powers) bool { return p&q == q }

// Names lists the powers by name.
func (p Powers) Names() []string {
	var out []string
	for i, n := range powerNames {
		if p&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// ParsePowers reads a list of names.
func ParsePowers(names []string) (Powers, error) {
	var p Powers
next:
	for _, n := range names {
		for i, known := range powerNames {
			if n == known {
				p |= 1 << i
				continue next
			}
		}
		return 0, fmt.Errorf("%.20q is no power: %s", n, strings.Join(powerNames, ", "))
	}
	return p, nil
}

// MarshalText writes the powers with commas between.
func (p Powers) MarshalText() ([]byte, error) { return []byte(strings.Join(p.Names(), ",")), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Powers) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*p = 0
		return nil
	}
	v, err := ParsePowers(strings.Split(string(b), ","))
	if err == nil {
		*p = v
	}
	return err
}
