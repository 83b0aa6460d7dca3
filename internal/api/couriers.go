package api

import (
	"context"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/party"
)

// Couriers is what pages and commands need of the exchange with counterparts (package exchange
// has it; this room only names it).
type Couriers interface {
	// Standing says how it stands with a counterpart.
	Standing(code party.Code) Standing
	// TryNow asks for an exchange at once, and waits until it is done or has failed.
	TryNow(ctx context.Context, code party.Code) error
	// WriteBundle makes a bundle of a group for a counterpart: all that it is not known to have or,
	// where whole, all there is.
	WriteBundle(ctx context.Context, who chancery.Who, to party.Code, group act.Hash, whole bool) (Bundle, []byte, error)
	// ReadBundle says what a bundle is and what it would change. It changes nothing.
	ReadBundle(ctx context.Context, file []byte) (Bundle, chancery.Taken, error)
	// ApplyBundle applies a bundle: all of it or nothing.
	ApplyBundle(ctx context.Context, who chancery.Who, file []byte) (Bundle, chancery.Taken, error)
}

// The states of a counterpart.
const (
	InStep = "in-step" // each has what the other has said
	Behind = "behind"  // something is on its way
	Apart  = "apart"   // the counterpart does not answer
	ByHand = "by-hand" // no address: bundles carry the exchange
	Broken = "broken"  // its log changed its past
)

// Standing says how it stands with a counterpart.
type Standing struct {
	State       string         `json:"state"`
	LastContact time.Time      `json:"last_contact"`     // zero: never since the start
	Latency     time.Duration  `json:"latency"`          // of the last round trip, nanoseconds in JSON
	Since       time.Time      `json:"since"`            // since when it is so
	Why         string         `json:"why,omitempty"`    // a sentence, where it does not answer or is broken
	Waiting     int            `json:"waiting"`          // entries of ours that it is not known to have
	Coming      int            `json:"coming,omitempty"` // entries of its own that are not here yet, as far as is known
	Theirs      map[string]int `json:"theirs,omitempty"` // per group handle, entries of ours it has acknowledged
}

// Bundle is what stands on the outside of a bundle, once it has been opened.
type Bundle struct {
	Number  uint64     `json:"number"`
	From    party.Code `json:"from"`
	To      party.Code `json:"to"`
	Group   act.Hash   `json:"group"`
	Handle  string     `json:"handle"`
	Made    time.Time  `json:"made"`
	Entries int        `json:"entries"`
	Size    int        `json:"size"`              // bytes of the file
	Invites bool       `json:"invites,omitempty"` // it brings a group that waits for an answer here
	Last    uint64     `json:"last,omitempty"`    // number of the last one applied before
	Missing []Span     `json:"missing,omitempty"` // entries that neither this server nor the bundle has
}

// Span is a run of entries of one log: from one index to before another.
type Span struct {
	Party party.Code `json:"party"`
	Epoch uint32     `json:"epoch"`
	From  uint64     `json:"from"`
	To    uint64     `json:"to"`
}
