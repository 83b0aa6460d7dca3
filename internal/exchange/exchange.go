// Package exchange is where a party's server meets its counterparts: it serves and pulls logs over
// a line of its own, and reads and writes bundles where there is no line.
//
// It is not where anything is decided. What comes in is handed to package chancery, which verifies
// it, cosigns it and makes it last; what goes out is what chancery holds. It knows no page and no
// person.
//
// # On a line
//
// A line is TLS 1.3 in which both ends prove their exchange keys. Who is no counterpart is refused
// in the handshake, before a byte of a request is read. On it runs HTTP/1.1 with one request that
// matters, POST /v1/pull: the asker says what it has, and the answer brings what it lacks, as soon
// as there is something, or after Request.Wait seconds. Both servers ask, so that both are up to
// date in one round trip; where only one can reach the other, its requests also bring what the
// other lacks. Any member of a group passes on the logs of all. docs/spec/exchange.md says
// all of it.
//
// # By bundle
//
// A bundle is a file: the same Parcel that an answer carries, signed by its sender for one
// recipient and encrypted to it. docs/spec/bundle.md says how.
//
// # Invariants
//
//   - A counterpart is shown the groups that it is a member of under the key known here, and
//     nothing else: a group that it may not see and one that does not exist look alike.
//   - Nothing of what comes in is used before the checkpoint over it is here and verified.
//   - Every message, line, wait and memory has a bound; one counterpart that stalls, floods, sends
//     garbage or goes away takes nothing from the others.
//   - Everything is idempotent: what comes twice changes nothing.
//
// # Example
//
//	x := exchange.New(exchange.Config{Chancery: c, Desk: desk, …})
//	go x.Serve(ctx, listener)
//	x.Run(ctx)
package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
)

// maxPacking is how many messages are packed or unpacked at the same time; the others wait.
const maxPacking = 2

// Config is what an Exchange is made of. All of it is needed but Log.
type Config struct {
	Chancery *chancery.Chancery
	Desk     chancery.Desk // keeps the exchange record and counts bundles
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	After    func(time.Duration) <-chan time.Time // waits, between attempts and for news
	Random   io.Reader                            // spreads attempts
	Log      *slog.Logger
}

// An Exchange talks to all counterparts of one server.
type Exchange struct {
	c      *chancery.Chancery
	desk   chancery.Desk
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	after  func(time.Duration) <-chan time.Time
	random io.Reader
	log    *slog.Logger
	packer *packer

	mu      sync.Mutex
	peers   map[party.Code]*peer
	pool    pool
	bundles sync.Mutex // one bundle at a time: their numbers count
}

// New prepares an Exchange. Nothing is dialled or served yet.
func New(cfg Config) *Exchange {
	x := &Exchange{c: cfg.Chancery, desk: cfg.Desk, dial: cfg.Dial, after: cfg.After, random: cfg.Random, log: cfg.Log, peers: map[party.Code]*peer{},
		packer: newPacker(MaxMessage, maxPacking)}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	return x
}

// byKey finds the counterpart that holds an exchange key.
func (x *Exchange) byKey(ctx context.Context, key ed25519.PublicKey) (chancery.Counterpart, bool) {
	list, err := x.c.Counterparts(ctx)
	if err != nil {
		x.log.Error("counterparts could not be read", "err", err)
	}
	for _, o := range list {
		if o.Card.Exchange.Equal(key) {
			return o, true
		}
	}
	return chancery.Counterpart{}, false
}

// peer is what is known of a counterpart since this server started.
func (x *Exchange) peer(code party.Code) *peer {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := x.peers[code]
	if p == nil {
		p = newPeer(code, &x.pool)
		x.peers[code] = p
	}
	return p
}

// sweep lets go of what counterparts have begun to send and not ended.
func (x *Exchange) sweep() {
	x.mu.Lock()
	peers := slices.Collect(maps.Values(x.peers))
	x.mu.Unlock()
	for _, p := range peers {
		p.sweep(x.c.Now())
	}
}

// shared lists the groups shared with a counterpart, in the order of their ids.
func (x *Exchange) shared(card party.Card) []*chancery.Group {
	list := x.c.Shared(card)
	slices.SortFunc(list, func(a, b *chancery.Group) int {
		x, y := a.ID(), b.ID()
		return bytes.Compare(x[:], y[:])
	})
	return list
}

// holdings says what is held of the groups, together with the pieces that wait in asm.
func holdings(groups []*chancery.Group, asm *assembler) []Holdings {
	out := make([]Holdings, 0, len(groups))
	for _, g := range groups {
		h := Holdings{Group: g.ID()}
		proved := map[ledger.Log]bool{}
		for _, st := range g.Heads() {
			l := Held{Party: st.Log.Party, Epoch: st.Log.Epoch, Size: asm.have(st.Log, st.Size)}
			if l.Size == st.Size {
				l.Cosigned = cosigners(st.Note, g)
			}
			proved[st.Log] = true
			h.Logs = append(h.Logs, l)
		}
		for log := range asm.parts {
			if log.Group == h.Group && !proved[log] {
				h.Logs = append(h.Logs, Held{Party: log.Party, Epoch: log.Epoch, Size: asm.have(log, 0)})
			}
		}
		slices.SortFunc(h.Logs, func(a, b Held) int {
			if a.Party != b.Party {
				return int(a.Party) - int(b.Party)
			}
			return int(int64(a.Epoch) - int64(b.Epoch))
		})
		out = append(out, h)
	}
	return out
}

// cosigners reads from a verified note who has cosigned it, as a set of ordinals.
func cosigners(note []byte, g *chancery.Group) uint64 {
	var set uint64
	for p, m := range g.Charter().Parties {
		if bytes.Contains(note, []byte("\n— "+ledger.CosignerName(m.Signing)+" ")) {
			set |= 1 << p
		}
	}
	return set
}

// lacking makes the parcel of what somebody lacks who holds have. more says that it was cut short.
// Groups that the holder has not named are offered by their charters, except those it knows. all
// adds the checkpoints that bring nothing new.
func lacking(groups []*chancery.Group, have map[act.Hash]Holdings, known map[act.Hash]bool, all bool, limit int) (p Parcel, more bool) {
	for _, g := range groups {
		h, named := have[g.ID()]
		if !named {
			if !known[g.ID()] {
				c := g.Charter()
				p.Charters = append(p.Charters, c.Format())
			}
			continue
		}
		n, rest := news(g, h, all, limit)
		limit = rest
		if len(n.Pieces) > 0 {
			p.Groups = append(p.Groups, n)
		}
	}
	return p, limit <= 0
}

// news is what the holder of h lacks of one group, and what is left of the limit.
func news(g *chancery.Group, h Holdings, all bool, limit int) (News, int) {
	n := News{Group: g.ID()}
	have, cosigned := map[ledger.Log]uint64{}, map[ledger.Log]uint64{}
	for _, l := range h.Logs {
		log := ledger.Log{Group: n.Group, Party: l.Party, Epoch: l.Epoch}
		have[log], cosigned[log] = l.Size, l.Cosigned
	}
	for _, d := range g.Deltas(have, limit) {
		for _, leaf := range d.Leaves {
			limit -= len(leaf)
		}
		if len(d.Leaves) == 0 && (d.Note == nil || !all && cosigners(d.Note, g)&^cosigned[d.Log] == 0) {
			continue
		}
		n.Pieces = append(n.Pieces, Piece{Party: d.Log.Party, Epoch: d.Log.Epoch, From: d.From, Leaves: d.Leaves, Note: d.Note})
	}
	return n, limit
}
