package api

import (
	"net/http"
	"time"

	"entente/accord"
	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
	"entente/plan"
)

// maxEntries is how many entries of a log are told at once.
const maxEntries = 500

// A LogHead is how far a party's log has come here.
type LogHead struct {
	Party    party.Code `json:"party"`
	Epoch    uint32     `json:"epoch"`
	Size     uint64     `json:"size"`
	Root     act.Hash   `json:"root"`
	Origin   string     `json:"origin"`
	Cosigned []Cosigner `json:"cosigned,omitempty"`
	Frozen   bool       `json:"frozen,omitempty"`
}

// A Cosigner is a party that has checked and stored a log up to its checkpoint.
type Cosigner struct {
	Party party.Code `json:"party"`
	At    time.Time  `json:"at"`
}

// An Entry is one entry of a log as it is told.
type Entry struct {
	plan.Stamp
	ID      act.Hash `json:"id"`
	Kind    string   `json:"kind"` // the act's kind; "unreadable" for what is no act
	Element act.Ref  `json:"element,omitempty"`
	Void    string   `json:"void,omitempty"`
	Why     string   `json:"why,omitempty"`
}

// A Log is a part of a group's logs.
type Log struct {
	Heads   []LogHead `json:"heads"`
	Entries []Entry   `json:"entries"` // of one party, in order; none where no party was asked for
	Offset  int       `json:"offset"`
	Total   int       `json:"total"`
}

// AskLog asks for a part of the logs.
type AskLog struct {
	Party  string `json:"party,omitempty" doc:"whose entries; none for how far the logs have come alone"`
	Offset int    `json:"offset,omitempty" doc:"of the first entry"`
	Limit  int    `json:"limit,omitempty" doc:"of entries, at most 500"`
}

// log tells how far the logs have come and, of one party's, the entries.
func (s *Server) log(_ *http.Request, v visit, ask AskLog) (out Log, err error) {
	offset, limit := ask.Offset, ask.Limit
	if limit == 0 || limit > maxEntries {
		limit = maxEntries
	}
	out = Log{Entries: []Entry{}, Offset: offset}
	if out.Heads, err = Heads(v.group); err != nil || ask.Party == "" {
		return out, err
	}
	p, ok := v.group.Charter().Ordinal(party.Code(ask.Party))
	if !ok {
		return out, chancery.ErrWithheld
	}
	v.group.View(func(st *plan.State) {
		out.Total = st.Rule().Count(p)
		for i := offset; i < min(out.Total, offset+limit); i++ {
			out.Entries = append(out.Entries, entryAt(st, plan.Place{Party: p, Ordinal: uint32(i)}))
		}
	})
	return out, nil
}

func entryAt(st *plan.State, at plan.Place) Entry {
	e := Entry{Stamp: st.Stamp(at), ID: st.LeafHash(at), Kind: "unreadable"}
	if a := st.Act(at); a.Body != nil {
		e.Kind, e.Element = a.Body.Kind().String(), act.About(a.Body)
	}
	if why := st.Rule().Void(at.Party, int(at.Ordinal)); why != accord.Good {
		e.Void, e.Why = why.String(), why.Sentence()
	}
	return e
}

// Heads tells how far every log of a group has come here, and who has cosigned that.
func Heads(g *chancery.Group) ([]LogHead, error) {
	c := g.Charter()
	keys := g.SigningKeys()
	out := []LogHead{}
	for _, h := range g.Heads() {
		key := c.Parties[h.Log.Party].Signing
		origin := ledger.Origin(h.Log.Group, key, h.Log.Epoch)
		signed, err := ledger.Open(key, origin, h.Note)
		if err != nil {
			return nil, err
		}
		head := LogHead{Party: c.Code(h.Log.Party), Epoch: h.Log.Epoch, Size: h.Size, Root: signed.Checkpoint().Root, Origin: origin}
		_, head.Frozen = g.Frozen(h.Log.Party)
		by, err := signed.Cosigners(keys)
		if err != nil {
			return nil, err
		}
		for _, o := range by {
			head.Cosigned = append(head.Cosigned, Cosigner{c.Code(o.Party), o.At})
		}
		out = append(out, head)
	}
	return out, nil
}
