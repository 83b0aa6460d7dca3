package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/exchange"
	"entente/internal/national"
	"entente/internal/sqlite"
	"entente/ledger"
	"entente/party"
)

// A station is one party's server, opened: its chancery, its exchange and its API, without the
// doors to the network.
type station struct {
	home     *home
	desk     *sqlite.Party
	margin   *sqlite.Margin
	shelves  *openShelves
	chancery *chancery.Chancery
	exchange *exchange.Exchange
	api      *api.Server
	log      *slog.Logger
}

// What a station is made with.
type stationConfig struct {
	clock func() time.Time
	ran   func() time.Duration // how long the server has run, whatever the clock says; nil for the machine's own count
	log   *slog.Logger
	pages string // where people reach the pages
	gauge *gauge // told of every entry that is read; nil where nobody asks
}

// openStation opens the server in a data folder that is held. Closing it lets go of the folder.
func openStation(ctx context.Context, h *home, cfg stationConfig) (_ *station, err error) {
	s := &station{home: h, log: cfg.log, shelves: &openShelves{Shelves: sqlite.Shelves(h.dir), gauge: cfg.gauge, open: map[act.Hash]*sqlite.Group{}}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.desk, err = sqlite.OpenParty(ctx, h.path(sqlite.PartyFile)); err != nil {
		return nil, err
	}
	if s.margin, err = sqlite.OpenMargin(ctx, h.path(sqlite.MarginFile)); err != nil {
		return nil, err
	}
	margins, err := national.Open(ctx, s.margin)
	if err != nil {
		return nil, err
	}
	place, err := h.place()
	if err != nil {
		return nil, err
	}
	s.chancery, err = chancery.Open(ctx, chancery.Config{Keys: h.keys, Card: h.card, Desk: s.desk, Groups: s.shelves, Clock: cfg.clock, Elapsed: cfg.ran,
		Random: rand.Reader, Log: cfg.log, Place: place, Build: thisBuild(), Guard: api.Guard(margins, h.card.Code, s.groupByID, cfg.clock)})
	if err != nil {
		return nil, err
	}
	s.exchange = exchange.New(exchange.Config{Chancery: s.chancery, Desk: s.desk, Dial: (&net.Dialer{Timeout: dialTime}).DialContext,
		After: time.After, Random: rand.Reader, Log: cfg.log})
	s.api = api.New(api.Config{Chancery: s.chancery, Couriers: couriers{s}, Place: place, Pages: cfg.pages, Backup: s.backup, Margin: margins, Log: cfg.log})
	return s, nil
}

// openAlone opens a station where nothing else goes on in the process. Garbage is not collected
// meanwhile: nearly all that is made stays, and what does not is less than what is borne afterwards.
func (m *Main) openAlone(ctx context.Context, h *home, cfg stationConfig) (*station, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	cfg.gauge = &gauge{}
	defer m.follow("opening "+h.dir, "entries", cfg.gauge.look)()
	return openStation(ctx, h, cfg)
}

const dialTime = 10 * time.Second // to reach a counterpart's address

// groupByID finds a group, once the chancery is open.
func (s *station) groupByID(id act.Hash) (*chancery.Group, bool) { return s.chancery.GroupByID(id) }

// close stops what was opened and lets go of the folder.
func (s *station) close() error {
	var errs []error
	if s.chancery != nil {
		errs = append(errs, s.chancery.Close())
	}
	if s.desk != nil {
		errs = append(errs, s.desk.Close())
	}
	if s.margin != nil {
		errs = append(errs, s.margin.Close())
	}
	return errors.Join(append(errs, s.home.release())...)
}

// keepEvidence writes the evidence of every fork that was caught to a file of its own, once.
func (s *station) keepEvidence() (files []string, err error) {
	for _, g := range s.chancery.Groups() {
		for p := range g.Charter().Parties {
			ev, caught := g.Frozen(uint8(p))
			if !caught {
				continue
			}
			name := "group-" + g.Handle() + "-" + string(g.Charter().Code(uint8(p))) + ".evidence"
			path := s.home.path(filepath.Join(evidenceDir, name))
			if _, err := os.Lstat(path); err == nil {
				files = append(files, path)
				continue
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return files, cannot("keep the evidence", err)
			}
			if err := writeNew(path, ledger.FormatEvidence(ev), 0o644); err != nil {
				return files, err
			}
			files = append(files, path)
		}
	}
	return files, nil
}

// couriers is the exchange as the pages and the API see it.
type couriers struct{ s *station }

var _ api.Couriers = couriers{}

// Standing says how it stands with a counterpart.
func (c couriers) Standing(code party.Code) api.Standing {
	list, err := c.s.exchange.Status(context.Background())
	if err != nil {
		c.s.log.Error("counterparts could not be read", "err", err)
	}
	for _, st := range list {
		if st.Code == code {
			return c.standing(st)
		}
	}
	return api.Standing{State: api.ByHand}
}

func (c couriers) standing(st exchange.Status) api.Standing {
	out := api.Standing{State: api.Behind, LastContact: st.Contact, Latency: st.Latency, Since: st.Failing, Why: st.Problem, Waiting: int(st.Queue), Coming: int(st.Behind)}
	if st.Heard.After(out.LastContact) {
		out.LastContact = st.Heard
	}
	switch st.State {
	case exchange.InStep:
		out.State = api.InStep
	case exchange.Unreachable:
		out.State = api.Apart
	case exchange.Refused:
		out.State = api.Broken
	case exchange.Silent:
		out.State = api.Apart
		if st.Address == "" {
			out.State = api.ByHand
		}
	}
	for _, g := range c.s.chancery.Groups() {
		if p, member := g.Charter().Ordinal(st.Code); member {
			if _, caught := g.Frozen(p); caught {
				out.State = api.Broken
			}
		}
	}
	return out
}

// maxTries is how often TryNow asks where something is still on its way: what the server's own
// courier sent a moment before is confirmed by the next answer only.
const maxTries = 8

// TryNow exchanges at once, until both are in step.
func (c couriers) TryNow(ctx context.Context, code party.Code) error {
	for range maxTries {
		if err := c.s.exchange.FetchFrom(ctx, code); err != nil {
			return c.withEvidence(err)
		}
		if c.Standing(code).State != api.Behind {
			break
		}
	}
	return nil
}

// withEvidence adds to the news of a fork where its evidence is and what to do.
func (c couriers) withEvidence(err error) error {
	var fork *ledger.Fork
	if !errors.As(err, &fork) {
		return err
	}
	files, kept := c.s.keepEvidence()
	if kept != nil {
		c.s.log.Error("evidence could not be written to a file", "err", kept)
	}
	return fmt.Errorf("%w\nIt may be a restored backup; it may be tampering. Nothing more is taken from that party, and both versions are kept:\n  %s\nTelephone your counterpart before anything else", err, strings.Join(files, "\n  "))
}

// WriteBundle writes what a counterpart is not known to have of a group.
func (c couriers) WriteBundle(ctx context.Context, who chancery.Who, to party.Code, id act.Hash, whole bool) (api.Bundle, []byte, error) {
	g, ok := c.s.chancery.GroupByID(id)
	if !ok {
		return api.Bundle{}, nil, chancery.ErrWithheld
	}
	file, w, err := c.s.exchange.WriteBundle(ctx, g, to, whole)
	if err != nil {
		return api.Bundle{}, nil, err
	}
	return api.Bundle{Number: w.Running, From: w.From, To: w.To, Group: id, Handle: g.Handle(), Made: w.Made, Entries: w.Entries, Size: len(file)}, file, nil
}

// ReadBundle says what a bundle would change.
func (c couriers) ReadBundle(ctx context.Context, file []byte) (api.Bundle, chancery.Taken, error) {
	r, err := c.s.exchange.ReadBundle(ctx, file)
	return c.reading(r, len(file)), r.Taken, err
}

// ApplyBundle takes a bundle in.
func (c couriers) ApplyBundle(ctx context.Context, who chancery.Who, file []byte) (api.Bundle, chancery.Taken, error) {
	r, err := c.s.exchange.ApplyBundle(ctx, file)
	return c.reading(r, len(file)), r.Taken, c.withEvidence(err)
}

func (c couriers) reading(r exchange.Reading, size int) api.Bundle {
	b := api.Bundle{Number: r.Running, From: r.From, To: r.To, Group: r.Group, Handle: r.Handle, Made: r.Made, Entries: r.Taken.Entries, Size: size, Invites: r.Invites, Last: r.Last}
	for _, m := range r.Missing {
		b.Missing = append(b.Missing, api.Span{Party: m.Party, Epoch: m.Epoch, From: m.From, To: m.To})
	}
	return b
}

// discard is a log that says nothing.
func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
