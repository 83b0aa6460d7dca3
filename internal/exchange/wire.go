package exchange

import (
	"bytes"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"entente/act"
	"entente/ledger"
)

// Version is the version of the messages and of what a bundle carries.
const Version = 1

// Bounds of a message. Sizes are in bytes.
const (
	MaxGroups = 1024 // groups in one message
	MaxLogs   = 4096 // logs of one group: all parties, all epochs
	MaxWait   = 25   // seconds that an answer may be held back
)

// A Held is how much of one log somebody has: entries, and whose cosignatures on the checkpoint of
// that size, bit p for the party with ordinal p. Half a log that has no checkpoint yet counts too.
type Held struct {
	Party    uint8
	Epoch    uint32
	Size     uint64
	Cosigned uint64
}

// Holdings is what somebody has of one group.
type Holdings struct {
	Group act.Hash
	Logs  []Held // in the order of party and epoch
}

// A Piece is a run of entries of one log, with the checkpoint that ends with them. One without a
// checkpoint is to be continued; one without entries brings cosignatures.
type Piece struct {
	Party  uint8
	Epoch  uint32
	From   uint64
	Leaves [][]byte
	Note   []byte
}

// News is what one group brings.
type News struct {
	Group  act.Hash
	Pieces []Piece
}

// A Parcel is what goes from one party to another, on a line or in a bundle.
type Parcel struct {
	Charters [][]byte // of groups that the receiver does not seem to know
	Groups   []News
}

// Empty reports whether there is nothing in the parcel.
func (p Parcel) Empty() bool { return len(p.Charters) == 0 && len(p.Groups) == 0 }

// A Request asks a counterpart for what the asker lacks, and brings what the counterpart lacks.
type Request struct {
	Wait  uint8      // seconds to wait for news where there is none
	All   bool       // asks for the checkpoint of every log, even where nothing is new
	Have  []Holdings // of the groups that both belong to
	Known []act.Hash // groups whose charters need not be offered
	Push  Parcel
}

// A Response answers a Request.
type Response struct {
	Parcel Parcel
	Have   []Holdings // what the answering party has
	Known  []act.Hash
	More   bool // there is more to fetch at once
}

// The wire forms: arrays, fields in order.
type (
	wireHeld struct {
		_        struct{} `cbor:",toarray"`
		Party    uint8
		Epoch    uint32
		Size     uint64
		Cosigned uint64
	}
	wireHoldings struct {
		_     struct{} `cbor:",toarray"`
		Group []byte
		Logs  []wireHeld
	}
	wirePiece struct {
		_       struct{} `cbor:",toarray"`
		Party   uint8
		Epoch   uint32
		From    uint64
		Note    []byte
		Entries []byte // each leaf after its length in 16 bits, as in an entry bundle
	}
	wireNews struct {
		_      struct{} `cbor:",toarray"`
		Group  []byte
		Pieces []wirePiece
	}
	wireParcel struct {
		_        struct{} `cbor:",toarray"`
		Charters [][]byte
		Groups   []wireNews
	}
	wireRequest struct {
		_       struct{} `cbor:",toarray"`
		Version uint64
		Wait    uint8
		All     bool
		Have    []wireHoldings
		Known   [][]byte
		Push    wireParcel
	}
	wireResponse struct {
		_       struct{} `cbor:",toarray"`
		Version uint64
		Parcel  wireParcel
		Have    []wireHoldings
		Known   [][]byte
		More    bool
	}
	wireFile struct {
		_       struct{} `cbor:",toarray"`
		Version uint64
		Parcel  wireParcel
	}
)

// FormatRequest writes a request.
func FormatRequest(r Request) []byte {
	return encode(wireRequest{Version: Version, Wait: r.Wait, All: r.All, Have: toHoldings(r.Have), Known: toIDs(r.Known), Push: toParcel(r.Push)})
}

// ParseRequest reads what FormatRequest writes, and nothing else.
func ParseRequest(b []byte) (r Request, err error) {
	var w wireRequest
	if err := decode(b, &w, func() uint64 { return w.Version }); err != nil {
		return r, err
	}
	if w.Wait > MaxWait {
		return r, malformed("it asks to wait %d seconds; the limit is %d", w.Wait, MaxWait)
	}
	r.Wait, r.All = w.Wait, w.All
	if r.Have, err = fromHoldings(w.Have); err == nil {
		r.Known, err = fromIDs(w.Known)
	}
	if err == nil {
		r.Push, err = fromParcel(w.Push)
	}
	return r, err
}

// FormatResponse writes a response.
func FormatResponse(r Response) []byte {
	return encode(wireResponse{Version: Version, Parcel: toParcel(r.Parcel), Have: toHoldings(r.Have), Known: toIDs(r.Known), More: r.More})
}

// ParseResponse reads what FormatResponse writes, and nothing else.
func ParseResponse(b []byte) (r Response, err error) {
	var w wireResponse
	if err := decode(b, &w, func() uint64 { return w.Version }); err != nil {
		return r, err
	}
	r.More = w.More
	if r.Parcel, err = fromParcel(w.Parcel); err == nil {
		r.Have, err = fromHoldings(w.Have)
	}
	if err == nil {
		r.Known, err = fromIDs(w.Known)
	}
	return r, err
}

// FormatParcel writes a parcel by itself, as a bundle carries it.
func FormatParcel(p Parcel) []byte { return encode(wireFile{Version: Version, Parcel: toParcel(p)}) }

// ParseParcel reads what FormatParcel writes, and nothing else.
func ParseParcel(b []byte) (Parcel, error) {
	var w wireFile
	if err := decode(b, &w, func() uint64 { return w.Version }); err != nil {
		return Parcel{}, err
	}
	return fromParcel(w.Parcel)
}

// A FormatError says that what came is no message of this protocol. Nothing of it was used.
type FormatError struct{ Why string }

// Error says what is wrong with it.
func (e *FormatError) Error() string {
	return "what came is not a message of this version, or was damaged on the way: " + e.Why + ". Nothing of it was used"
}

func malformed(format string, a ...any) error { return &FormatError{fmt.Sprintf(format, a...)} }

func encode(v any) []byte {
	opts := cbor.CoreDetEncOptions()
	opts.NilContainers = cbor.NilContainerAsEmpty
	mode, err := opts.EncMode()
	if err != nil {
		panic("exchange: the encoding options are constants: " + err.Error())
	}
	b, err := mode.Marshal(v)
	if err != nil {
		panic("exchange: a struct of plain fields always encodes: " + err.Error())
	}
	return b
}

// decode reads v strictly: it must be written again as the same bytes.
func decode(b []byte, v any, version func() uint64) error {
	mode, err := cbor.DecOptions{
		IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden, MaxNestedLevels: 10, MaxArrayElements: 1 << 16, MaxMapPairs: 16,
	}.DecMode()
	if err != nil {
		return err
	}
	if len(b) < 2 || b[0]>>5 != 4 {
		return malformed("it is no list")
	}
	if b[1] != Version {
		return malformed("its first item is not the version %d", Version)
	}
	if err := mode.Unmarshal(b, v); err != nil {
		return malformed("%v", err)
	}
	if version() != Version {
		return malformed("it is of version %d", version())
	}
	if !bytes.Equal(encode(v), b) {
		return malformed("it is not in its one form")
	}
	return nil
}

func toIDs(ids []act.Hash) [][]byte {
	var out [][]byte
	for _, id := range ids {
		out = append(out, id[:])
	}
	return out
}

func fromID(b []byte) (act.Hash, error) {
	if len(b) != act.HashSize {
		return act.Hash{}, malformed("a group's id has %d bytes", len(b))
	}
	return act.Hash(b), nil
}

func fromIDs(w [][]byte) (out []act.Hash, err error) {
	if len(w) > MaxGroups {
		return nil, malformed("it names %d groups; the limit is %d", len(w), MaxGroups)
	}
	for i, b := range w {
		id, err := fromID(b)
		if err != nil {
			return nil, err
		}
		if i > 0 && bytes.Compare(w[i-1], b) >= 0 {
			return nil, errOrder
		}
		out = append(out, id)
	}
	return out, nil
}

var errOrder = error(&FormatError{"groups or logs are out of order or twice"})

func toHoldings(list []Holdings) []wireHoldings {
	var out []wireHoldings
	for _, h := range list {
		w := wireHoldings{Group: h.Group[:]}
		for _, l := range h.Logs {
			w.Logs = append(w.Logs, wireHeld{Party: l.Party, Epoch: l.Epoch, Size: l.Size, Cosigned: l.Cosigned})
		}
		out = append(out, w)
	}
	return out
}

func fromHoldings(w []wireHoldings) (out []Holdings, err error) {
	if len(w) > MaxGroups {
		return nil, malformed("it names %d groups; the limit is %d", len(w), MaxGroups)
	}
	for i, g := range w {
		h := Holdings{}
		if h.Group, err = fromID(g.Group); err != nil {
			return nil, err
		}
		if i > 0 && bytes.Compare(w[i-1].Group, g.Group) >= 0 {
			return nil, errOrder
		}
		if len(g.Logs) > MaxLogs {
			return nil, malformed("%d logs of one group; the limit is %d", len(g.Logs), MaxLogs)
		}
		for j, l := range g.Logs {
			if l.Party >= act.MaxParties || l.Size > ledger.MaxEntries || l.Cosigned >= 1<<act.MaxParties {
				return nil, malformed("a log is out of bounds")
			}
			if j > 0 && (g.Logs[j-1].Party > l.Party || g.Logs[j-1].Party == l.Party && g.Logs[j-1].Epoch >= l.Epoch) {
				return nil, errOrder
			}
			h.Logs = append(h.Logs, Held{Party: l.Party, Epoch: l.Epoch, Size: l.Size, Cosigned: l.Cosigned})
		}
		out = append(out, h)
	}
	return out, nil
}

func toParcel(p Parcel) wireParcel {
	w := wireParcel{Charters: p.Charters}
	for _, g := range p.Groups {
		n := wireNews{Group: g.Group[:]}
		for _, q := range g.Pieces {
			size := 0
			for _, l := range q.Leaves {
				size += 2 + len(l)
			}
			n.Pieces = append(n.Pieces, wirePiece{Party: q.Party, Epoch: q.Epoch, From: q.From, Note: q.Note,
				Entries: ledger.AppendBundle(make([]byte, 0, size), q.Leaves...)})
		}
		w.Groups = append(w.Groups, n)
	}
	return w
}

func fromParcel(w wireParcel) (p Parcel, err error) {
	if len(w.Groups) > MaxGroups || len(w.Charters) > MaxGroups {
		return p, malformed("it brings more than %d groups", MaxGroups)
	}
	for _, c := range w.Charters {
		if len(c) == 0 || len(c) > act.MaxCharter {
			return p, malformed("a charter of %d bytes; the limit is %d", len(c), act.MaxCharter)
		}
	}
	if len(w.Charters) > 0 {
		p.Charters = w.Charters
	}
	for i, g := range w.Groups {
		n := News{}
		if n.Group, err = fromID(g.Group); err != nil {
			return p, err
		}
		if i > 0 && bytes.Compare(w.Groups[i-1].Group, g.Group) >= 0 {
			return p, errOrder
		}
		if len(g.Pieces) == 0 || len(g.Pieces) > MaxLogs {
			return p, malformed("a group brings %d pieces of logs", len(g.Pieces))
		}
		for j, q := range g.Pieces {
			piece, err := fromPiece(q)
			if err != nil {
				return p, err
			}
			if j > 0 && (g.Pieces[j-1].Party > q.Party || g.Pieces[j-1].Party == q.Party && g.Pieces[j-1].Epoch >= q.Epoch) {
				return p, errOrder
			}
			n.Pieces = append(n.Pieces, piece)
		}
		p.Groups = append(p.Groups, n)
	}
	return p, nil
}

func fromPiece(w wirePiece) (Piece, error) {
	p := Piece{Party: w.Party, Epoch: w.Epoch, From: w.From}
	if w.Party >= act.MaxParties || w.From > ledger.MaxEntries || len(w.Note) > ledger.MaxNote {
		return p, malformed("a piece of a log is out of bounds")
	}
	if len(w.Note) > 0 {
		p.Note = w.Note
	}
	if len(w.Note) == 0 && len(w.Entries) == 0 {
		return p, malformed("a piece of a log is empty")
	}
	var err error
	if p.Leaves, err = ledger.SplitEntries(w.Entries, ledger.MaxOffer); err != nil {
		return p, malformed("%v", err)
	}
	return p, nil
}
