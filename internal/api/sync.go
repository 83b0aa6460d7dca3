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

// sync exchanges with one counterpart, or with all, at once.
func (s *Server) sync(r *http.Request, v visit) (any, error) {
	var ask struct {
		Party string `json:"party"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if s.Couriers == nil {
		return nil, refuse("exchange", "This server has no exchange. Nothing was sent.")
	}
	list, err := s.Chancery.Counterparts(r.Context())
	if err != nil {
		return nil, err
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
			return nil, rerr
		}
		lines = append(lines, s.linesAfter(v, o.Card, before, sent, err)...)
	}
	if !found {
		return nil, chancery.ErrWithheld
	}
	if broken != nil {
		return nil, broken
	}
	return map[string]any{"lines": lines}, nil
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

func (s *Server) exchanges(r *http.Request, v visit) (any, error) {
	_, limit, err := window(r)
	if err != nil {
		return nil, err
	}
	if limit == 0 || limit > maxEntries {
		limit = maxEntries
	}
	rows, err := s.Chancery.Exchanges(r.Context(), limit)
	if err != nil {
		return nil, err
	}
	visible := map[act.Hash]string{}
	for _, g := range s.seen(v) {
		visible[g.ID()] = g.Handle()
	}
	type row struct {
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
	out := []row{}
	for _, e := range rows {
		if h, ok := visible[e.Group]; ok {
			out = append(out, row{e.At.Format("2006-01-02T15:04:05Z07:00"), e.Party, h, e.What, e.Entries, e.Size, e.Root, e.Bundle, e.Result})
		}
	}
	return map[string]any{"exchanges": out}, nil
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

func (s *Server) writeBundle(r *http.Request, v visit) (any, error) {
	var ask struct {
		To    string `json:"to"`
		Group string `json:"group"`
		Whole bool   `json:"whole"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	g, ok := s.Chancery.Group(ask.Group)
	if !ok || !v.sees(g) || s.Couriers == nil {
		return nil, chancery.ErrWithheld
	}
	b, file, err := s.Couriers.WriteBundle(r.Context(), v.who, party.Code(ask.To), g.ID(), ask.Whole)
	if err != nil {
		return nil, err
	}
	return BundlePage{Bundle: b, File: base64.StdEncoding.EncodeToString(file)}, nil
}

func (s *Server) bundleFile(r *http.Request) ([]byte, error) {
	var ask struct {
		File string `json:"file"` // base64
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if s.Couriers == nil {
		return nil, chancery.ErrWithheld
	}
	b, err := base64.StdEncoding.DecodeString(ask.File)
	if err != nil {
		return nil, badRequest("The file in the request is not in base64. Nothing was changed.")
	}
	return b, nil
}

func (s *Server) readBundle(r *http.Request, v visit) (any, error) {
	file, err := s.bundleFile(r)
	if err != nil {
		return nil, err
	}
	b, t, err := s.Couriers.ReadBundle(r.Context(), file)
	if err != nil {
		return nil, err
	}
	if !s.mayTake(v, b) {
		return nil, chancery.ErrWithheld
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

func (s *Server) applyBundle(r *http.Request, v visit) (any, error) {
	file, err := s.bundleFile(r)
	if err != nil {
		return nil, err
	}
	if !v.owner() {
		if b, _, err := s.Couriers.ReadBundle(r.Context(), file); err == nil && !s.mayTake(v, b) {
			return nil, chancery.ErrWithheld
		}
	}
	b, t, err := s.Couriers.ApplyBundle(r.Context(), v.who, file)
	if err != nil {
		return nil, err
	}
	return pageOf(b, t), nil
}

func (s *Server) backup(r *http.Request, v visit) (any, error) {
	var ask struct {
		Folder string `json:"folder"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if !v.owner() || s.Backup == nil {
		return nil, refuse("powers", "Only the owner of the data folder makes backups. Nothing was written.")
	}
	if !filepath.IsAbs(ask.Folder) {
		return nil, badRequest("The folder for the backup must be given from the root. Nothing was written.")
	}
	return nil, s.Backup(r.Context(), ask.Folder)
}
