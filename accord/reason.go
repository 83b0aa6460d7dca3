package accord

// A Reason is why an entry is void, or Good. Reasons are a closed list, the same at every node.
type Reason uint8

// The reasons. Their numbers are part of no format; their names are (docs/spec/accord.md).
const (
	Good         Reason = iota
	NoAct               // the entry is not a well-formed act
	WrongPlace          // it names another group, party, epoch or index than where it stands
	SeenStranger        // it has seen a party that is not another party of the group
	SeenRoot            // it names a root that is not that of the log at that size
	SeenBack            // it goes back behind what the log had seen before
	SeenOpen            // an act it has seen had seen more than it has
	Unseen              // it names a revision that it has not seen tabled
	OtherElement        // it names a revision of another element
	Again               // the party has held that revision before
	HoldsNone           // there is no position to withdraw
	NotHeld             // it confirms a revision that the party does not hold
	OthersNot           // it confirms a revision that it has not seen every other party hold
	Confirmed           // the party has confirmed that revision before
	BadCharter          // it opens a log with another charter than the group's
	Misplaced           // it opens a log or an epoch where none begins, or fails to where one does
)

var reasons = [...]struct{ name, sentence string }{
	Good:         {"good", "It counts."},
	NoAct:        {"no-act", "The entry is not a well-formed act."},
	WrongPlace:   {"wrong-place", "The act says that it stands somewhere else than it does."},
	SeenStranger: {"seen-stranger", "The act claims to have seen a party that is not another party of this group."},
	SeenRoot:     {"seen-root", "The act claims to have seen another history of a log than the one here."},
	SeenBack:     {"seen-back", "The act has seen less than an earlier act of the same log."},
	SeenOpen:     {"seen-open", "The act has not seen all that the acts it has seen had seen."},
	Unseen:       {"unseen", "The act names a revision that its writer had not seen."},
	OtherElement: {"other-element", "The act names a revision of another element."},
	Again:        {"again", "The party has held that revision before. To return to a text, it is tabled again."},
	HoldsNone:    {"holds-none", "The party holds no text of that element that it could withdraw."},
	NotHeld:      {"not-held", "The act confirms a revision that the party does not hold."},
	OthersNot:    {"others-not", "The act confirms a revision without having seen every other party hold it."},
	Confirmed:    {"confirmed", "The party has confirmed that revision before."},
	BadCharter:   {"bad-charter", "The act opens the log under another charter than the group's."},
	Misplaced:    {"misplaced", "A log begins with its charter, a later epoch with where the one before ended, and neither comes again."},
}

// String is the reason's name, as in JSON.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r].name
	}
	return "unknown"
}

// Sentence says the reason to a person.
func (r Reason) Sentence() string {
	if int(r) < len(reasons) {
		return reasons[r].sentence
	}
	return "The reason is not known to this program."
}

// MarshalText writes the reason's name.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// or keeps the first reason found.
func (r Reason) or(next Reason) Reason {
	if r != Good {
		return r
	}
	return next
}
