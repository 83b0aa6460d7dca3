package exchange

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
)

// What one counterpart may ask of this server.
const (
	requestsPerSecond = 500
	requestBurst      = 500
	longestQueue      = 2 * time.Second  // a request that would wait longer for its turn is refused
	maxBusy           = 4                // requests of one counterpart at the same time
	heardWithin       = 40 * time.Second // who has asked that lately fetches by itself
	partsKept         = 10 * time.Minute // pieces of a counterpart's that wait for others, since the last
)

// A peer is what this server knows of a counterpart since it started. All of it may be forgotten.
type peer struct {
	code    party.Code
	limiter *rate.Limiter

	pushing sync.Mutex // one push at a time; guards what follows
	pushed  *assembler // pieces from its requests
	pushAt  time.Time  // when it last pushed

	pulling sync.Mutex // guards what follows
	pulled  *assembler // pieces from its answers
	pullAt  time.Time  // when it last answered

	mu      sync.Mutex            // guards what follows
	has     map[act.Hash]Holdings // what it said it has
	knows   map[act.Hash]bool     // groups it has named, or need not be offered
	offered map[act.Hash]bool     // groups that it has offered here
	busy    int
	heard   time.Time // when it last asked
	status  Status
	proofs  time.Time // when all checkpoints were last asked of it
	unheard time.Time // what it was sent without effect is not sent again before
}

func newPeer(code party.Code, common *pool) *peer {
	share := &purse{pool: common}
	return &peer{
		code: code, limiter: rate.NewLimiter(requestsPerSecond, requestBurst), has: map[act.Hash]Holdings{}, knows: map[act.Hash]bool{},
		offered: map[act.Hash]bool{}, pulled: newAssembler(share), pushed: newAssembler(share), status: Status{Code: code, State: Silent},
	}
}

// sweep lets go of pieces that wait in vain for others.
func (p *peer) sweep(now time.Time) {
	if p.pushing.TryLock() { // else it is being used
		if now.Sub(p.pushAt) > partsKept {
			p.pushed.clear()
		}
		p.pushing.Unlock()
	}
	if p.pulling.TryLock() {
		if now.Sub(p.pullAt) > partsKept {
			p.pulled.clear()
		}
		p.pulling.Unlock()
	}
}

// The states of a counterpart.
const (
	Silent      = "not-reached" // no attempt has ended yet, and it has not asked
	InStep      = "in-step"     // both hold the same
	CatchingUp  = "catching-up" // entries are on their way
	Unreachable = "unreachable" // the last attempt to reach it failed
	Refused     = "refused"     // it was reached, and something it sent or said was not accepted
)

// Status is how the exchange with one counterpart stands.
type Status struct {
	Code      party.Code    `json:"party"`
	Address   string        `json:"address,omitempty"` // empty where only the counterpart can reach this server
	State     string        `json:"state"`
	Queue     uint64        `json:"queue"`             // entries held here that it is not known to have
	Behind    uint64        `json:"behind"`            // entries it has that are not here
	Contact   time.Time     `json:"contact,omitzero"`  // when it last answered
	Heard     time.Time     `json:"heard,omitzero"`    // when it last asked
	Failing   time.Time     `json:"failing,omitzero"`  // since when attempts fail; zero while they do not
	Latency   time.Duration `json:"latency,omitempty"` // of the last answer that had not to wait, in nanoseconds
	Problem   string        `json:"problem,omitempty"` // what went wrong, and what to do
	Connected bool          `json:"connected"`         // a line is up, from one side or the other
}

// learn takes note of what the counterpart says it has. It returns, for this party's own logs, the
// sizes that are news.
func (p *peer) learn(groups []*chancery.Group, have []Holdings, known []act.Hash) map[ledger.Log][2]uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	mine := map[act.Hash]*chancery.Group{}
	for _, g := range groups {
		mine[g.ID()] = g
	}
	grown := map[ledger.Log][2]uint64{}
	for _, h := range have {
		g := mine[h.Group]
		if g == nil {
			continue
		}
		if before, ok := p.has[h.Group]; ok {
			p.compare(grown, g, before, h)
		}
		p.has[h.Group], p.knows[h.Group] = h, true
	}
	for _, id := range known {
		if mine[id] != nil {
			p.knows[id] = true
		}
	}
	return grown
}

// compare finds what the counterpart has newly verified of this party's own logs: it has cosigned
// the checkpoint.
func (p *peer) compare(grown map[ledger.Log][2]uint64, g *chancery.Group, before, now Holdings) {
	theirs, _ := g.Charter().Ordinal(p.code)
	was := map[uint32]uint64{}
	for _, l := range before.Logs {
		if l.Party == g.Self() {
			was[l.Epoch] = l.Size
		}
	}
	for _, l := range now.Logs {
		if l.Party == g.Self() && l.Size > was[l.Epoch] && l.Cosigned>>theirs&1 == 1 {
			grown[ledger.Log{Group: now.Group, Party: l.Party, Epoch: l.Epoch}] = [2]uint64{was[l.Epoch], l.Size}
		}
	}
}

// lacks makes the parcel of what the counterpart is known to lack.
func (p *peer) lacks(groups []*chancery.Group, limit int) Parcel {
	p.mu.Lock()
	defer p.mu.Unlock()
	out, _ := lacking(groups, p.has, p.knows, false, limit)
	return out
}

// measure compares what both hold.
func (p *peer) measure(groups []*chancery.Group) (queue, behind uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range groups {
		theirs := map[ledger.Log]uint64{}
		for _, l := range p.has[g.ID()].Logs {
			theirs[ledger.Log{Group: g.ID(), Party: l.Party, Epoch: l.Epoch}] = l.Size
		}
		for _, st := range g.Heads() {
			t := theirs[st.Log]
			delete(theirs, st.Log)
			queue += max(st.Size, t) - t
			behind += max(st.Size, t) - st.Size
		}
		for _, n := range theirs {
			behind += n
		}
	}
	return queue, behind
}

// fetches reports whether the counterpart asks by itself, so that nothing need be pushed to it.
func (p *peer) fetches(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.busy > 0 || now.Sub(p.heard) < heardWithin && !p.heard.IsZero()
}

// names lists the groups that the counterpart has offered and that are not joined.
func (p *peer) names(groups []*chancery.Group) []act.Hash {
	p.mu.Lock()
	defer p.mu.Unlock()
	joined := map[act.Hash]bool{}
	for _, g := range groups {
		joined[g.ID()] = true
	}
	var out []act.Hash
	for id := range p.offered {
		if !joined[id] {
			out = append(out, id)
		}
	}
	sortIDs(out)
	return out
}
