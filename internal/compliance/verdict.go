package compliance

import (
	"fmt"
	"strings"

	"entente/act"
)

// A Verdict is how it stands with an obligation at a Moment. It is package act's, as it is attested.
type Verdict = act.Verdict

// The verdicts.
const (
	Unjudged   Verdict = 0
	Within             = act.Within     // the rule holds
	Near               = act.Near       // it holds, and what the obligation calls near has come
	Exceeded           = act.Exceeded   // the rule is broken
	CannotTell         = act.CannotTell // no reading in the period, grade too low, too few sources, bounds that do not decide
	Disputed           = act.Disputed   // two parties' readings decide differently, or a dispute runs
	NotYetDue          = act.NotYetDue  // it does not apply yet, or its day has not come
	Expired            = act.Expired    // it applies no more
	verdicts           = 8
)

// Said is a verdict as a sentence that can be translated: "Within limit".
func Said(v Verdict) Sentence { return say("verdict." + slug(v)) }

// slug is a verdict's name without spaces: "cannot-tell".
func slug(v Verdict) string { return strings.ReplaceAll(v.String(), " ", "-") }

// Known says which of the readings count at a Moment.
type Known uint8

// The three senses of “as of a day”.
const (
	KnownNow      Known = 0 // all that is known today: what was true by then
	KnownEntered  Known = 1 // what had been entered by then, by the clock of who entered it: what the group knew
	KnownReported Known = 2 // what had been reported by then: what could be known
	knowns              = 3
)

var knownNames = [knowns]string{"now", "entered", "reported"}

// String is the sense's name: "now", "entered", "reported".
func (k Known) String() string {
	if k >= knowns {
		return "unknown"
	}
	return knownNames[k]
}

// ParseKnown reads a sense's name; nothing is "now".
func ParseKnown(s string) (Known, error) {
	for k, name := range knownNames {
		if s == name || s == "" {
			return Known(k), nil
		}
	}
	return 0, fmt.Errorf("%.20q does not say what is counted as known: now, entered or reported", s)
}

// MarshalText writes the sense's name.
func (k Known) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Known) UnmarshalText(b []byte) error {
	got, err := ParseKnown(string(b))
	if err == nil {
		*k = got
	}
	return err
}
