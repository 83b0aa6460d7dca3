package exchange

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"time"

	"entente/internal/chancery"
)

// Status says how the exchange with every counterpart stands, in the order of their codes.
func (x *Exchange) Status(ctx context.Context) ([]Status, error) {
	list, err := x.c.Counterparts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Status, 0, len(list))
	for _, o := range list {
		out = append(out, x.statusOf(o))
	}
	slices.SortFunc(out, func(a, b Status) int { return cmp.Compare(a.Code, b.Code) })
	return out, nil
}

func (x *Exchange) statusOf(o chancery.Counterpart) Status {
	p := x.peer(o.Card.Code)
	queue, behind := p.measure(x.shared(o.Card))
	fetches := p.fetches(x.c.Now())
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.status
	s.Address, s.Queue, s.Behind, s.Heard = o.Reach(), queue, behind, p.heard
	up := s.Failing.IsZero() && !s.Contact.IsZero()
	s.Connected = up || fetches
	switch {
	case s.State == Refused:
	case !s.Connected && !s.Failing.IsZero():
		s.State = Unreachable
	case s.Contact.IsZero() && s.Heard.IsZero():
		s.State = Silent
	case queue == 0 && behind == 0:
		s.State = InStep
	default:
		s.State = CatchingUp
	}
	return s
}

// hear notes that a counterpart has asked.
func (x *Exchange) hear(p *peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = x.c.Now()
}

// reached notes an answer. problem is what of it could not be taken.
func (x *Exchange) reached(p *peer, began time.Time, atOnce bool, problem error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := x.c.Now()
	p.status.Contact, p.status.Failing = now, time.Time{}
	if atOnce {
		p.status.Latency = now.Sub(began)
	}
	p.status.State, p.status.Problem = CatchingUp, ""
	if problem != nil {
		p.status.State, p.status.Problem = Refused, short(problem)
		if p.status.Failing.IsZero() {
			p.status.Failing = now
		}
	}
}

// failed notes that no answer came.
func (x *Exchange) failed(p *peer, o chancery.Counterpart, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status.Failing.IsZero() {
		p.status.Failing = x.c.Now()
		x.log.Warn("a counterpart cannot be reached", "party", p.code, "err", short(err))
	}
	p.status.State, p.status.Problem = Unreachable, sentence(o, err)
}

func (x *Exchange) unaddressed(p *peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status.State == Unreachable {
		p.status.State = Silent
	}
	p.status.Failing, p.status.Problem = time.Time{}, ""
}

// sentence says to a person why a counterpart was not reached, and what to do.
func sentence(o chancery.Counterpart, err error) string {
	const untouched = " Nothing was lost: what is written here waits and goes over at the next contact."
	var dial *net.OpError
	var format *FormatError
	var alert tls.AlertError
	switch {
	case errors.Is(err, errStranger):
		return "At " + o.Reach() + " another server answered than that of " + string(o.Card.Code) + "." + untouched + " Check the address with your counterpart by telephone."
	case errors.As(err, &format):
		return "The server of " + string(o.Card.Code) + " answered something that cannot be read." + untouched + " Compare the versions of the two programs."
	case errors.As(err, &alert):
		return "The server of " + string(o.Card.Code) + " does not let this one in: it does not know its key." + untouched + " Compare numbers with your counterpart by telephone."
	case errors.As(err, &dial) && dial.Op == "dial":
		return "No line to " + o.Reach() + "." + untouched + " Check the network, or send a bundle."
	}
	return "The server of " + string(o.Card.Code) + " did not answer as it should (" + short(err) + ")." + untouched
}

// mayPush keeps what was pushed without effect from being pushed again and again.
func (x *Exchange) mayPush(p *peer) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !x.c.Now().Before(p.unheard)
}

func (x *Exchange) pushedInVain(p *peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unheard = x.c.Now().Add(pushAgain)
}

// wantsProofs reports whether all checkpoints are to be asked for: this server must first hear how
// far its own log had come.
func (x *Exchange) wantsProofs(p *peer, groups []*chancery.Group) bool {
	if !slices.ContainsFunc(groups, func(g *chancery.Group) bool { return g.Held() != "" }) {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := x.c.Now(); p.proofs.IsZero() || now.Sub(p.proofs) > proofsAgain {
		p.proofs = now
		return true
	}
	return false
}

// Fetch asks each counterpart that has an address until both are in step, and returns. Counterparts
// that cannot be reached are in the error; what the others had has been taken all the same.
func (x *Exchange) Fetch(ctx context.Context) error {
	list, err := x.c.Counterparts(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, o := range list {
		if o.Reach() != "" {
			errs = append(errs, x.fetch(ctx, o))
		}
	}
	return errors.Join(errs...)
}

func (x *Exchange) fetch(ctx context.Context, o chancery.Counterpart) error {
	line := &caller{x: x}
	defer line.hangUp()
	p := x.peer(o.Card.Code)
	for {
		r, err := x.round(ctx, o, p, line, 0)
		if err != nil {
			return err
		}
		if !r.more && !r.pushed && !r.changed {
			return nil
		}
	}
}
