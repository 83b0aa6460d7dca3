package chancery

import (
	"context"
	"time"

	"entente/act"
	"entente/ledger"
	"entente/party"
	"entente/text"
)

// A Desk keeps the party's own tables: its people, their sessions, its counterparts, its groups.
// Nothing in it is ever shown to another party. Every method is one transaction. Times are UTC
// and whole milliseconds. What is not there is reported by a false, not by an error.
type Desk interface {
	PutPerson(ctx context.Context, p PersonRow) error // new or changed, by id
	People(ctx context.Context) ([]PersonRow, error)  // by id, removed ones included
	Person(ctx context.Context, id party.Person) (PersonRow, bool, error)
	// RemovePerson marks the person removed, ends all the person's sessions, links and passkeys, and
	// revokes the person's tokens.
	RemovePerson(ctx context.Context, id party.Person, at time.Time) error

	PutLink(ctx context.Context, l LinkRow) error
	// UseLink finds an unused link of that digest that has not expired, and marks it used, at once.
	UseLink(ctx context.Context, sum [32]byte, now time.Time) (LinkRow, bool, error)

	PutSession(ctx context.Context, s SessionRow) error // new or changed, by digest
	Session(ctx context.Context, sum [32]byte) (SessionRow, bool, error)
	EndSession(ctx context.Context, sum [32]byte) error

	PutPasskey(ctx context.Context, k PasskeyRow) error // new or changed, by credential id
	Passkeys(ctx context.Context, id party.Person) ([]PasskeyRow, error)
	RemovePasskey(ctx context.Context, id []byte) error // by credential id; none there is no error

	PutToken(ctx context.Context, t TokenRow) error // new, by digest
	Token(ctx context.Context, sum [32]byte) (TokenRow, bool, error)
	Tokens(ctx context.Context) ([]TokenRow, error) // newest first, then by id
	TouchToken(ctx context.Context, sum [32]byte, at time.Time) error
	EndToken(ctx context.Context, sum [32]byte, at time.Time) error
	DropTokens(ctx context.Context, before time.Time) error // that expired before

	PutCounterpart(ctx context.Context, c CounterpartRow) error // new or changed, by code
	Counterparts(ctx context.Context) ([]CounterpartRow, error) // by code

	PutGroup(ctx context.Context, g GroupRow) error // new or changed, by id
	Groups(ctx context.Context) ([]GroupRow, error) // by handle, then id

	PutInvitation(ctx context.Context, i InvitationRow) error // new or changed, by id
	Invitations(ctx context.Context) ([]InvitationRow, error) // newest first

	AddExchange(ctx context.Context, e ExchangeRow) error
	// Exchanges lists the newest records, at most limit of them.
	Exchanges(ctx context.Context, limit int) ([]ExchangeRow, error)

	PutSetting(ctx context.Context, key, value string) error
	Setting(ctx context.Context, key string) (string, bool, error)

	Close() error
}

// A PersonRow is somebody of this party who may sign in.
type PersonRow struct {
	ID      party.Person
	Name    text.Texts
	Role    text.Texts
	Agency  text.Texts
	Admin   bool // may add people, counterparts and groups
	Added   time.Time
	Removed time.Time // zero while the person is there
}

// A LinkRow is a one-time link for signing in. Only the SHA-256 of its secret is kept.
type LinkRow struct {
	Sum     [32]byte
	Person  party.Person
	Expires time.Time
	Used    time.Time // zero while it is unused
}

// A SessionRow is a signed-in browser. Only the SHA-256 of its token is kept.
type SessionRow struct {
	Sum     [32]byte
	Person  party.Person
	Began   time.Time
	Seen    time.Time
	Expires time.Time
}

// A PasskeyRow is one security key of a person.
type PasskeyRow struct {
	ID     []byte // credential id, at most 1,023 bytes
	Person party.Person
	Name   string
	Blob   []byte // the library's record of it
	Added  time.Time
	Used   time.Time
}

// A CounterpartRow is another party that this server knows.
type CounterpartRow struct {
	Code      party.Code
	Card      []byte // its public card
	Confirmed time.Time
	By        party.Person // who compared the numbers
	Address   string       // where to reach it, if not where the card says
}

// The states of a group on this server.
const (
	GroupInvited  = "invited" // its charter is here, and waits for somebody to join
	GroupJoined   = "joined"
	GroupDeclined = "declined"
)

// A GroupRow is a group that this party belongs to or is invited to.
type GroupRow struct {
	ID      act.Hash
	Handle  string // the N of /g/N on this server
	Charter []byte
	State   string
	From    party.Code // who sent the charter
	At      time.Time
}

// The states of an invitation to another party.
const (
	InvitationSent     = "sent"     // made here; the reply is awaited
	InvitationJoining  = "joining"  // made there and taken up here; the charter is awaited
	InvitationFinished = "finished" // the group has been convened or joined
)

// An InvitationRow is an invitation between this party and one that it may not know yet.
type InvitationRow struct {
	ID      [16]byte
	Code    party.Code // the other party
	State   string
	Terms   []byte // the group as proposed: a charter in which the invited party's key is missing
	Expires time.Time
	At      time.Time
}

// An ExchangeRow is one line of the exchange record.
type ExchangeRow struct {
	At      time.Time
	Party   party.Code
	Group   act.Hash
	What    string // received, sent, bundle-written, bundle-applied, refused, forked
	Log     ledger.Log
	Entries int    // how many entries went over
	Size    uint64 // the checkpoint's size
	Root    act.Hash
	Bundle  uint64 // the bundle's number; 0 for none
	Result  string // proved, on-its-way, or what went wrong
}

// Shelves opens the stores of groups.
type Shelves interface {
	// OpenGroup opens or makes the store of a group, and the folder in which its anchor stands.
	OpenGroup(ctx context.Context, id act.Hash) (ledger.Store, ledger.Disk, error)
}
