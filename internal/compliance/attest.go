package compliance

import (
	"slices"
	"strings"
	"sync"

	"entente/act"
	"entente/plan"
)

// Attest is what a person's press would sign: the verdicts on the agreed obligations as of a day, by the
// acts alone. Readings of the national margin are no part of it. False where there is no such agreement,
// or nothing agreed in it.
func (b *Book) Attest(p *plan.State, agreement act.Ref, on act.Date) (act.Attest, bool) {
	if b.base != nil {
		return b.base.Attest(p, agreement, on)
	}
	a := b.accounts[agreement]
	if a == nil {
		return act.Attest{}, false
	}
	agreed, _ := b.findings(a, sightOf(Today(on)))
	if len(agreed) == 0 || len(agreed) > act.MaxFindings {
		return act.Attest{}, false
	}
	return act.Attest{Element: agreement, On: on, Digest: DigestOf(p.Group(), agreement, on, agreed), Findings: asInActs(agreed)}, true
}

// asInActs puts findings in the order in which acts hold them.
func asInActs(findings []act.Finding) []act.Finding {
	return slices.SortedFunc(slices.Values(findings), func(a, b act.Finding) int { return strings.Compare(string(a.Element), string(b.Element)) })
}

// recounts keeps what attests come to when they are computed again: an act and what it had seen never
// change.
type recounts struct {
	mu   sync.Mutex
	done map[plan.Place]recount
	kept int // verdicts in them
}

// Bounds of what is kept before it is forgotten.
const (
	maxRecounts  = 4_096
	maxRecounted = 200_000 // verdicts
)

type recount struct {
	digest   act.Hash
	findings []act.Finding
}

// recount computes again what an attest says, from what it had seen alone.
func (b *Book) recount(p *plan.State, at plan.Place, x *act.Attest) recount {
	b.recounts.mu.Lock()
	defer b.recounts.mu.Unlock()
	if r, ok := b.recounts.done[at]; ok {
		return r
	}
	var r recount
	if e := p.Element(x.Element); e == nil || e.InForce() == nil {
		return r // it never was agreed: there was nothing to attest, and nothing to fold for it
	}
	then := p.At(p.CutAt(at))
	if own, ok := newBookOf(then, x.Element).Attest(then, x.Element, x.On); ok {
		r = recount{own.Digest, own.Findings}
	}
	if b.recounts.done == nil || len(b.recounts.done) >= maxRecounts || b.recounts.kept >= maxRecounted {
		b.recounts.done, b.recounts.kept = map[plan.Place]recount{}, 0
	}
	b.recounts.done[at] = r
	b.recounts.kept += len(r.findings)
	return r
}

// latestAttests are per party its latest attest that is known.
func (b *Book) latestAttests(p *plan.State, a *account, s *sight) []plan.Place {
	out := make([]plan.Place, 0, len(p.Parties()))
	for _, at := range slices.Backward(a.attests) {
		known := s.known != KnownEntered || p.Stamp(at).At < s.until
		if known && !slices.ContainsFunc(out, func(o plan.Place) bool { return o.Party == at.Party }) {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(x, y plan.Place) int { return int(x.Party) - int(y.Party) })
	return out
}

// attested tells of each party's latest attest on an agreement, and whether it comes out the same here.
func (b *Book) attested(p *plan.State, a *account, s *sight, digest act.Hash) (out []Attested) {
	for _, at := range b.latestAttests(p, a, s) {
		body, ok := p.Act(at).Body.(act.Attest)
		if !ok {
			continue
		}
		r := b.recount(p, at, &body)
		x := Attested{Party: p.Charter().Code(at.Party), On: body.On, Stamp: p.Stamp(at), Digest: body.Digest, Here: r.digest,
			N: len(body.Findings), Current: body.Digest == digest}
		for _, f := range body.Findings {
			if here := verdictIn(r.findings, f.Element); here != f.Verdict {
				x.Refs = append(x.Refs, f.Element)
				x.Differ = append(x.Differ, Comparison{Party: x.Party, Verdict: f.Verdict, Here: here, On: body.On})
			}
		}
		for _, f := range r.findings {
			if verdictIn(body.Findings, f.Element) == Unjudged {
				x.Refs = append(x.Refs, f.Element)
				x.Differ = append(x.Differ, Comparison{Party: x.Party, Here: f.Verdict, On: body.On, Missing: true})
			}
		}
		x.Same = len(x.Differ) == 0 && body.Digest == r.digest
		switch who := word(string(x.Party)); {
		case x.Same:
			x.Said = say("attest.same", "N", count(x.N), "Party", who)
		case len(x.Differ) > 0:
			x.Said = say("attest.differ", "N", count(len(x.Differ)), "Party", who)
		default:
			x.Said = say("attest.digest", "Party", who)
		}
		out = append(out, x)
	}
	return out
}

func verdictIn(findings []act.Finding, ref act.Ref) Verdict {
	for _, f := range findings {
		if f.Element == ref {
			return f.Verdict
		}
	}
	return Unjudged
}

// parties compares the parties' verdicts on one obligation: what is computed here, and what each other
// party has attested.
func (b *Book) parties(p *plan.State, a *account, w *watch, s *sight, self uint8, own Verdict) []Comparison {
	latest := b.latestAttests(p, a, s)
	var out []Comparison
	for _, member := range p.Parties() {
		c := Comparison{Party: member.Code, Own: member.Ordinal == self}
		if i := slices.IndexFunc(latest, func(at plan.Place) bool { return at.Party == member.Ordinal }); i >= 0 {
			at := latest[i]
			stamp := p.Stamp(at)
			body, _ := p.Act(at).Body.(act.Attest)
			r := b.recount(p, at, &body)
			c.Stamp, c.On = &stamp, body.On
			c.Verdict, c.Here = verdictIn(body.Findings, w.ref), verdictIn(r.findings, w.ref)
			c.Same, c.Missing = c.Verdict == c.Here, c.Verdict == Unjudged
		} else {
			c.Missing = true
		}
		if c.Own {
			c.Verdict, c.Missing = own, false
		}
		out = append(out, c)
	}
	return out
}
