package ledger

import "fmt"

// A NoteError says why a checkpoint, a cosignature, a proof or a file of this package was not
// believed. Nothing of it has been used.
type NoteError struct {
	What string // the thing that was read: "checkpoint", "evidence", …
	Why  string
}

func (e *NoteError) Error() string {
	return fmt.Sprintf("the %s cannot be trusted: %s. Nothing of it was used. Ask for it again; if it stays so, show it to the administrator of the party it came from", e.What, e.Why)
}

func badNote(format string, a ...any) error {
	return &NoteError{What: "checkpoint", Why: fmt.Sprintf(format, a...)}
}

// A Gap says that entries are missing between what is held and what was offered. It is not a
// breach: ask again from Have.
type Gap struct {
	Log  Log
	Have uint64 // entries held
	From uint64 // index of the first entry offered
	To   uint64 // one past the last entry offered
	Size uint64 // size of the checkpoint offered
}

func (e *Gap) Error() string {
	return fmt.Sprintf("%s: the offer carries entries %d to %d of %d, and %d are held. Nothing was added. Ask for the entries from %d on", e.Log, e.From, e.To, e.Size, e.Have, e.Have)
}

// A Mismatch says that the offered leaves do not amount to the root that was signed. Either they
// were altered on the way, or the log was forked before From: ask for it again from entry 0, and
// Offer will tell which.
type Mismatch struct {
	Log  Log
	From uint64
	Size uint64
}

func (e *Mismatch) Error() string {
	return fmt.Sprintf("%s: the entries offered from %d on do not amount to the root signed at size %d. Nothing was added. Ask for the whole log again, from entry 0: that shows whether they were damaged on the way or the log was forked", e.Log, e.From, e.Size)
}

// A Fork says that a party has signed two histories of one log. Its evidence convinces anybody.
type Fork struct {
	Log      Log
	Evidence Evidence
}

func (e *Fork) Error() string {
	a, b := e.Evidence.Claims()
	return fmt.Sprintf("%s: its party has signed two histories that cannot both be true, at sizes %d and %d. Nothing was added and the log must be frozen. Keep the evidence and show it to the other parties", e.Log, a.Size, b.Size)
}

// Moved is a lost compare-and-swap: the log in the store is not where the batch expected it.
type Moved struct {
	Log  Log
	Want uint64 // Batch.From
	Have uint64 // the size in the store
}

func (e *Moved) Error() string {
	return fmt.Sprintf("%s: the batch continues from entry %d, but the store holds %d. Nothing of the batch was written. Read the log again and retry", e.Log, e.Want, e.Have)
}
