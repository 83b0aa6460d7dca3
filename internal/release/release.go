// Package release says what may be shown or sent to whom.
//
// It decides by labels alone (package marking): it reads no text and knows no person. The
// chancery asks it before anything is written to a group, since a group's log is what its
// other parties will read.
//
// # Example
//
//	if err := release.Into(label, charter.Ceiling, charter.Codes()); err != nil { … held back … }
package release

import (
	"fmt"

	"entente/marking"
	"entente/party"
)

// Into says whether a text with the label may enter a group with that ceiling and those parties;
// nil if it may. The error is a sentence for the person who sends.
func Into(label, ceiling marking.Label, parties []party.Code) error {
	if label.TLP > ceiling.TLP {
		return fmt.Errorf("the text is marked %s, and the group may hold nothing narrower than %s. Nothing was sent. Choose a group for it, or another marking", label.TLP, ceiling.TLP)
	}
	if label.Releasable == nil {
		return nil
	}
	for _, p := range parties {
		if !label.ReleasableTo(p) {
			return fmt.Errorf("the text is not releasable to %s, which is a party of the group. Nothing was sent. Choose a group for it, or another marking", p)
		}
	}
	return nil
}
