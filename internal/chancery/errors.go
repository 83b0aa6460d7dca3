package chancery

import (
	"errors"
	"fmt"

	"entente/act"
)

// A Refused act breaks a rule at the door. Nothing was written.
type Refused struct {
	Rule     string // a short name, the same in every language
	Sentence string // what happened, what was left untouched, what to do next
	Form     string // the sentence's format string: by it the sentence is found in other languages
	Args     []any  // what stands in its places
}

// Error is the sentence.
func (e *Refused) Error() string { return e.Sentence }

func refuse(rule, format string, args ...any) error { return Refuse(rule, format, args...) }

// Refuse makes a refusal, for the rooms above that refuse by themselves. The format string is a
// literal: a test looks for each of them in the other languages.
func Refuse(rule, format string, args ...any) error {
	return &Refused{Rule: rule, Sentence: fmt.Sprintf(format, args...), Form: format, Args: args}
}

// Moved says that the element has changed since the person read it. Nothing was written.
type Moved struct {
	Element act.Ref
	Now     string // its basis now
}

// MovedForm is the form of what Moved says: the element stands in its place.
const MovedForm = "%s has moved since you read it. Nothing was sent. Look at what changed, then decide again."

// Error says what happened and what to do.
func (e *Moved) Error() string {
	return fmt.Sprintf(MovedForm, e.Element)
}

// HeldBack says that the marking, or the party's own guard, forbids to let something go out. Nothing
// was written.
type HeldBack struct{ Why string }

// Error says what was held back.
func (e *HeldBack) Error() string { return e.Why }

// ErrWithheld is the answer to whatever does not exist, or does not exist for who asks.
var ErrWithheld = errors.New("there is nothing here by that name")

// Closed says why this server may not write to a group, or may not take from a party.
type Closed struct {
	Why  string
	Form string // the format string where it has places: by it the sentence is found in other languages
	Args []any  // what stands in its places
}

func shut(format string, args ...any) error {
	return &Closed{Why: fmt.Sprintf(format, args...), Form: format, Args: args}
}

// Error says why.
func (e *Closed) Error() string { return e.Why }
