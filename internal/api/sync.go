package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"path/filepath"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/party"
	"entente/text"
)

// A Line is how one group stands with one counterpart after an exchange.
type Line struct {
	Party    party.Code `json:"party"`
	Group    string     `json:"group"`
	Name     text.Texts `json:"name"`
	Sent     int        `json:"sent"`     // entries of ours that the counterpart did not have before
	Received int        `json:"received"` // entries that are new here
	Ours     uint64     `json:"ours"`     // entries of our log
	Theirs   uint64     `json:"theirs"`   // entries of theirs that are here
	State    string     `json:"state"`
	Why      string     `json:"why,omitempty"`
}

// AskSync says with whom to exchange; nobody, for all.
type AskSync struct {
	Party string `json:"party,omitempty"`
}

// A LineList is how the groups stand after an exchange.
type LineList struct {
	Lines []Line `json:"lines"`
}

// sync exchanges with one counterpart, or with all, at once.
func (s *Server) sync(r *http.Request, v visit, ask AskSync) (out LineList, err error) {
	if s.Couriers == nil {
		return out, refuse("exchange", "This server has no exchange. Nothing was sent.")
	}
	list, err := s.Chancery.Counterparts(r.Context())
	if err != nil {
		return out, err
	}
	lines, found := []Line{}, ask.Party == ""
	var broken error
	for _, o := range list {
		if ask.Party != "" && string(o.Card.Code) != ask.Party {
			continue
		}
		found = true
		before, began := s.sizes(o.Card), s.Chancery.Now()
		err := s.Couriers.TryNow(r.Context(), o.Card.Code)
		if err != nil && isBreach(err) {
			broken = err
		}
		sent, rerr := s.sentSince(r.Context(), o.Card.Code, began)
		if rerr != nil {
			return out, rerr
		}
		lines = append(lines, s.linesAfter(v, o.Card, before, sent, err)...)
	}
	if !found {
		return out, chancery.ErrWithheld
	}
	return LineList{lines}, broken
}

// sizes is how far the shared groups' logs have come: ours and theirs.
func (s *Server) sizes(card party.Card) map[act.Hash][2]uint64 {
	out := map[act.Hash][2]uint64{}
	for _, g := range s.Chancery.Shared(card) {
		out[g.ID()] = pair(g, card.Code)
	}
	return out
}

// pair counts the entries of our log and of theirs over all epochs.
func pair(g *chancery.Group, code party.Code) (n [2]uint64) {
	theirs, _ := g.Charter().Ordinal(code)
	for _, h := range g.Heads() {
		switch h.Log.Party {
		case g.Self():
			n[0] += h.Size
		case theirs:
			n[1] += h.Size
		}
	}
	return n
}

// sentSince adds up, by group, what a counterpart has shown since then that it took of ours.
func (s *Server) sentSince(ctx context.Context, code party.Code, began time.Time) (map[act.Hash]int, error) {
	rows, err := s.Chancery.Exchanges(ctx, maxEntries)
	out := map[act.Hash]int{}
	for _, e := range rows {
		if e.Party == code && e.What == "sent" && !e.At.Before(began.Truncate(time.Millisecond)) {
			out[e.Group] += e.Entries
		}
	}
	return out, err
}

// linesAfter tells of the groups that the visitor may see.
func (s *Server) linesAfter(v visit, card party.Card, before map[act.Hash][2]uint64, sent map[act.Hash]int, err error) (out []Line) {
	st := s.Couriers.Standing(card.Code)
	for _, g := range s.Chancery.Shared(card) {
		if !v.sees(g) {
			continue
		}
		n := pair(g, card.Code)
		l := Line{Party: card.Code, Group: g.Handle(), Name: g.Charter().Name, Ours: n[0], Theirs: n[1],
			Sent: sent[g.ID()], Received: int(n[1] - before[g.ID()][1]), State: st.State, Why: st.Why}
		if err != nil && l.Why == "" {
			l.Why = err.Error()
		}
		out = append(out, l)
	}
	if len(out) == 0 {
		out = append(out, Line{Party: card.Code, State: st.State, Why: st.Why})
	}
	return out
}

// An ExchangeLine is one line of the record of exchange.
type ExchangeLine struct {
	At      string     `json:"at"`
	Party   party.Code `json:"party"`
	Group   string     `json:"group"`
	What    string     `json:"what"`
	Entries int        `json:"entries"`
	Size    uint64     `json:"size"`
	Root    act.Hash   `json:"root"`
	Bundle  uint64     `json:"bundle,omitempty"`
	Result  string     `json:"result"`
}

// An ExchangeList is the record of exchange, newest first.
type ExchangeList struct {
	Exchanges []ExchangeLine `json:"exchanges"`
}

func (s *Server) exchanges(r *http.Request, v visit, ask Window) (ExchangeList, error) {
	out, limit := ExchangeList{[]ExchangeLine{}}, ask.Limit
	if limit == 0 || limit > maxEntries {
		limit = maxEntries
	}
	rows, err := s.Chancery.Exchanges(r.Context(), limit)
	visible := map[act.Hash]string{}
	for _, g := range s.seen(v) {
		visible[g.ID()] = g.Handle()
	}
	for _, e := range rows {
		if h, ok := visible[e.Group]; ok {
			out.Exchanges = append(out.Exchanges, ExchangeLine{e.At.Format("2006-01-02T15:04:05Z07:00"), e.Party, h, e.What, e.Entries, e.Size, e.Root, e.Bundle, e.Result})
		}
	}
	return out, err
}

// A BundlePage tells of a bundle and what it changes, or would change.
type BundlePage struct {
	Bundle
	File    string             `json:"file,omitempty"` // base64, of one that was written
	New     int                `json:"new"`            // entries that are new here
	By      map[party.Code]int `json:"by,omitempty"`
	Kinds   map[string]int     `json:"kinds,omitempty"`
	Adopted []act.Ref          `json:"adopted,omitempty"`
}

func pageOf(b Bundle, t chancery.Taken) BundlePage {
	p := BundlePage{Bundle: b, New: t.Entries, By: t.By, Adopted: t.Adopted, Kinds: map[string]int{}}
	for k, n := range t.Kinds {
		p.Kinds[k.String()] = n
	}
	return p
}

// AskBundle asks for a bundle of a group for a counterpart.
type AskBundle struct {
	To    string `json:"to"`
	Group string `json:"group"`
	Whole bool   `json:"whole,omitempty" doc:"all there is, not only what it is not known to have"`
}

func (s *Server) writeBundle(r *http.Request, v visit, ask AskBundle) (out BundlePage, err error) {
	g, ok := s.Chancery.Group(ask.Group)
	if !ok || !v.sees(g) || s.Couriers == nil {
		return out, chancery.ErrWithheld
	}
	b, file, err := s.Couriers.WriteBundle(r.Context(), v.who, party.Code(ask.To), g.ID(), ask.Whole)
	if err != nil {
		return out, err
	}
	return BundlePage{Bundle: b, File: base64.StdEncoding.EncodeToString(file)}, nil
}

// A BundleFile is a bundle in a request.
type BundleFile struct {
	File string `json:"file" doc:"the bundle, in base64"`
}

func (s *Server) bundleFile(ask BundleFile) ([]byte, error) {
	if s.Couriers == nil {
		return nil, chancery.ErrWithheld
	}
	b, err := base64.StdEncoding.DecodeString(ask.File)
	if err != nil {
		return nil, badRequest("The file in the request is not in base64. Nothing was changed.")
	}
	return b, nil
}

func (s *Server) readBundle(r *http.Request, v visit, ask BundleFile) (out BundlePage, err error) {
	file, err := s.bundleFile(ask)
	if err != nil {
		return out, err
	}
	b, t, err := s.Couriers.ReadBundle(r.Context(), file)
	if err != nil {
		return out, err
	}
	if !s.mayTake(v, b) {
		return out, chancery.ErrWithheld
	}
	return pageOf(b, t), nil
}

// mayTake keeps a bundle to those who see its group, and an invitation to those who may answer it.
func (s *Server) mayTake(v visit, b Bundle) bool {
	if g, joined := s.Chancery.GroupByID(b.Group); joined {
		return v.sees(g)
	}
	return v.owner() || s.Chancery.MayConvene(v.who)
}

func (s *Server) applyBundle(r *http.Request, v visit, ask BundleFile) (out BundlePage, err error) {
	file, err := s.bundleFile(ask)
	if err != nil {
		return out, err
	}
	if !v.owner() {
		if b, _, err := s.Couriers.ReadBundle(r.Context(), file); err == nil && !s.mayTake(v, b) {
			return out, chancery.ErrWithheld
		}
	}
	b, t, err := s.Couriers.ApplyBundle(r.Context(), v.who, file)
	if err != nil {
		return out, err
	}
	return pageOf(b, t), nil
}

// AskBackup says where a backup is to go.
type AskBackup struct {
	Folder string `json:"folder" doc:"a folder on the server's machine, from the root"`
}

func (s *Server) backup(r *http.Request, v visit, ask AskBackup) (none, error) {
	if !v.owner() || s.Backup == nil {
		return none{}, refuse("powers", "Only the owner of the data folder makes backups. Nothing was written.")
	}
	if !filepath.IsAbs(ask.Folder) {
		return none{}, badRequest("The folder for the backup must be given from the root. Nothing was written.")
	}
	return none{}, s.Backup(r.Context(), ask.Folder)
}
