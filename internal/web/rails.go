package web

import (
	"cmp"
	"crypto/ed25519"
	"slices"
	"strconv"
	"strings"
	"time"

	"entente/internal/chancery"
	"entente/internal/web/ui"
	"entente/ledger"
	"entente/plan"
	"entente/text"
)

// A rail draws the two logs of a group side by side, ours above theirs, the last entries of each in
// an order that respects what each had seen. A sleeper across both is a checkpoint that both sides
// have signed: an entry of one that says how far it had seen of the other.
type rail struct {
	Group    string     `json:"group"`
	Name     text.Texts `json:"name"`
	Number   uint32     `json:"number"`
	Ours     int        `json:"ours"`               // entries of our log
	Theirs   int        `json:"theirs"`             // entries of theirs that are here
	Acked    int        `json:"acked"`              // entries of ours that they have said they hold
	Cosigned *time.Time `json:"cosigned,omitempty"` // when they last cosigned our log, by their clock
	Held     string     `json:"held,omitempty"`
	Frozen   bool       `json:"frozen,omitempty"`

	mine, other ui.Party
	points      []railPoint
	sleepers    []int // slots after which a sleeper lies
	sc          scene
}

// A railPoint is one entry on a rail.
type railPoint struct {
	ours bool
	rank int // entries that it stands on, and itself
	saw  int // entries of the other log that it had seen
}

const (
	railEntries  = 14 // of each log
	maxSleepers  = 7
	railWidth    = 528 // units of the drawing
	railStart    = 14
	railEnd      = 28
	railOurs     = 14 // heights of the two lines
	railTheirs   = 54
	railSize     = 68
	sleeperWidth = 6
)

// railOf reads how a group's two logs stand.
func railOf(g *chancery.Group, other uint8, sc scene) rail {
	c := g.Charter()
	out := rail{Group: g.Handle(), Name: c.Name, Number: c.Number, Held: g.Held(), sc: sc,
		mine: partyOf(sc.lang, c, g.Self()), other: partyOf(sc.lang, c, other)}
	_, out.Frozen = g.Frozen(other)
	g.View(func(p *plan.State) { out.read(p, g.Self(), other) })
	keys := make([]ed25519.PublicKey, len(c.Parties))
	for i, m := range c.Parties {
		keys[i] = m.Signing
	}
	var own ledger.Log
	for _, h := range g.Heads() {
		if h.Log.Party == g.Self() {
			own = h.Log
		}
	}
	head, _ := g.Head(own)
	signed, err := head.Cosigners(keys)
	for _, s := range signed {
		if err == nil && s.Party == other {
			at := s.At
			out.Cosigned, out.Acked = &at, out.Ours // a cosignature on the head covers all of it
		}
	}
	return out
}

func (r *rail) read(p *plan.State, self, other uint8) {
	rule := p.Rule()
	r.Ours, r.Theirs = rule.Count(self), rule.Count(other)
	if r.Theirs > 0 {
		r.Acked = rule.SawAt(other, r.Theirs-1, self)
	}
	add := func(party, against uint8, n int) {
		for o := max(0, n-railEntries); o < n; o++ {
			x := railPoint{ours: party == self, rank: o + 1, saw: rule.SawAt(party, o, against)}
			for q := range rule.Parties() {
				if q != int(party) {
					x.rank += rule.SawAt(party, o, uint8(q))
				}
			}
			r.points = append(r.points, x)
		}
	}
	add(self, other, r.Ours)
	add(other, self, r.Theirs)
	slices.SortStableFunc(r.points, func(a, b railPoint) int { return cmp.Compare(a.rank, b.rank) })
	last := map[bool]int{}
	for i, x := range r.points {
		was, drawn := last[x.ours]
		last[x.ours] = x.saw
		if drawn && x.saw > was {
			if n := len(r.sleepers); n > 0 && i-r.sleepers[n-1] < 2 {
				r.sleepers = r.sleepers[:n-1]
			}
			r.sleepers = append(r.sleepers, i)
		}
	}
	if n := len(r.points); r.Cosigned == nil && r.Acked >= r.Ours && n > 0 && (len(r.sleepers) == 0 || r.sleepers[len(r.sleepers)-1] != n-1) {
		r.sleepers = append(r.sleepers, n-1)
	}
	r.sleepers = r.sleepers[max(0, len(r.sleepers)-maxSleepers):]
}

// inStep reports whether each has what the other has said, as far as this server knows.
func (r rail) inStep() bool { return r.Acked >= r.Ours && !r.Frozen && r.Held == "" }

// at is where the slot of a point lies.
func (r rail) at(i int) float64 {
	room := float64(railWidth - railStart - railEnd)
	return railStart + room*float64(i)/float64(max(1, len(r.points)-1))
}

// drawing is the two rails as SVG: shapes and classes only, no words.
func (r rail) drawing() string {
	var b strings.Builder
	num := func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
	for _, i := range r.sleepers {
		b.WriteString(`<rect class="sleeper" x="` + num(r.at(i)+5) + `" y="1" width="` + strconv.Itoa(sleeperWidth) + `" height="66" rx="1.5"/>`)
	}
	end := float64(railWidth)
	lastTheirs := 0.0
	for i, x := range r.points {
		if !x.ours {
			lastTheirs = r.at(i)
		}
	}
	line := func(p ui.Party, y int, from, to float64, class string) {
		b.WriteString(`<line class="` + class + ` ` + partyClass(p) + `" x1="` + num(from) + `" x2="` + num(to) + `" y1="` + strconv.Itoa(y) + `" y2="` + strconv.Itoa(y) + `"/>`)
	}
	line(r.mine, railOurs, 0, end, "rl-line")
	if r.inStep() {
		line(r.other, railTheirs, 0, end, "rl-line")
	} else {
		line(r.other, railTheirs, 0, lastTheirs+8, "rl-line")
		line(r.other, railTheirs, lastTheirs+14, end, "rl-unseen")
	}
	for i, x := range r.points {
		p, y := r.other, railTheirs
		if x.ours {
			p, y = r.mine, railOurs
		}
		b.WriteString(railShape(p, num(r.at(i)), strconv.Itoa(y)))
	}
	return b.String()
}

// railShapes are the signs of the parties, by order of joining, around the origin.
var railShapes = [...]string{
	`<circle r="4.5"/>`, `<path d="M0-5.8 5.8 0 0 5.8-5.8 0z"/>`, `<path d="M0-5.5 5.4 4.5H-5.4z"/>`,
	`<path d="M-4.3-4.3h8.6v8.6h-8.6z"/>`, `<path d="M0-5.4 5.2-1.6 3.2 4.6H-3.2L-5.2-1.6z"/>`, `<path d="M-1.7-5h3.4v3.3H5v3.4H1.700V5h-3.400V1.700H-5v-3.400h3.300z"/>`,
}

func railShape(p ui.Party, x, y string) string {
	shape := railShapes[max(0, p.Ordinal)%len(railShapes)]
	return `<g class="rl-dot ` + partyClass(p) + `" transform="translate(` + x + ` ` + y + `)">` + shape + `</g>`
}
