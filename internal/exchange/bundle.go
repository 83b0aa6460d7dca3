package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
	"entente/plan"
)

// A Span is a run of entries of one log: from one index to before another.
type Span struct {
	Party party.Code `json:"party"`
	Epoch uint32     `json:"epoch"`
	From  uint64     `json:"from"`
	To    uint64     `json:"to"`
}

// A Written says what a bundle holds that was just written.
type Written struct {
	Cover
	Bytes   int    `json:"bytes"`
	Entries int    `json:"entries"`
	Spans   []Span `json:"spans"`
	Charter bool   `json:"charter"` // it invites the recipient to the group
}

// A Reading says what a bundle does, or would do.
type Reading struct {
	Cover
	Handle  string         `json:"group,omitempty"` // of the group here; empty where this party has not joined it
	Invites bool           `json:"invites"`         // it brings the charter of a group that waits for an answer
	Taken   chancery.Taken `json:"taken"`
	Missing []Span         `json:"missing"` // entries that neither this server nor the bundle has
	Last    uint64         `json:"last"`    // the greatest number of a bundle applied before; 0 for none
}

// WriteBundle writes all that a counterpart is not proved to hold of a group; whole, all there is.
// What it says has been published from now on, whether the medium arrives or not.
func (x *Exchange) WriteBundle(ctx context.Context, g *chancery.Group, to party.Code, whole bool) ([]byte, Written, error) {
	x.bundles.Lock()
	defer x.bundles.Unlock()
	o, err := x.member(ctx, g, to)
	if err != nil {
		return nil, Written{}, err
	}
	parcel, w, fresh, err := x.parcelFor(ctx, g, to, whole)
	if err != nil {
		return nil, Written{}, err
	}
	running, err := x.count(ctx, "bundle-written", to, g.ID())
	if err != nil {
		return nil, Written{}, err
	}
	w.Cover = Cover{From: x.c.Self(), Number: x.c.Card().Number(), To: to, Recipient: o.Card.Number(), Group: g.ID(),
		Running: running + 1, Made: x.c.Now().UTC().Truncate(time.Second)}
	file, err := SealBundle(x.c.Keys(), o.Card, w.Cover, parcel)
	if err != nil {
		return nil, Written{}, err
	}
	w.Bytes = len(file)
	// The number lasts before the file is given out: a crash in between skips a number, and does no harm.
	if err := x.setCount(ctx, "bundle-written", to, g.ID(), w.Running); err != nil {
		return nil, Written{}, err
	}
	if err := x.desk.PutSetting(ctx, countKey("bundle-notes", to, g.ID()), fresh); err != nil {
		return nil, Written{}, err
	}
	x.record(ctx, g, chancery.ExchangeRow{Party: to, What: "bundle-written", Log: ownLog(g), Entries: w.Entries, Bundle: w.Running, Result: "on-its-way"})
	return file, w, nil
}

// parcelFor makes the parcel of a bundle, and refuses one that would bring nothing.
func (x *Exchange) parcelFor(ctx context.Context, g *chancery.Group, to party.Code, whole bool) (p Parcel, w Written, fresh string, err error) {
	h, joined, err := x.provedTo(ctx, g, to)
	if err != nil {
		return p, w, "", err
	}
	if whole {
		h.Logs = nil
	}
	if w.Charter = !joined; w.Charter {
		c := g.Charter()
		p.Charters = [][]byte{c.Format()}
	}
	n, _ := news(g, h, whole, MaxBundleParcel)
	for _, q := range n.Pieces {
		if q.Note == nil {
			return p, w, "", tooLarge(MaxBundleParcel)
		}
		w.Entries += len(q.Leaves)
		if len(q.Leaves) > 0 {
			w.Spans = append(w.Spans, Span{g.Charter().Code(q.Party), q.Epoch, q.From, q.From + uint64(len(q.Leaves))})
		}
	}
	if len(n.Pieces) > 0 {
		p.Groups = []News{n}
	}
	if fresh, err = x.freshNotes(ctx, to, n, w.Entries); err != nil {
		return p, w, "", err
	}
	if p.Empty() || joined && !whole && w.Entries == 0 && fresh == "" {
		return p, w, "", refuse("nothing-new", "%s has proved that it holds everything of this group that is here. No bundle was written. To write one all the same, ask for the whole of it.", to)
	}
	return p, w, fresh, nil
}

// freshNotes is a digest of the checkpoints that a bundle without entries would bring, or empty
// where the last bundle brought the same.
func (x *Exchange) freshNotes(ctx context.Context, to party.Code, n News, entries int) (string, error) {
	h := sha256.New()
	for _, q := range n.Pieces {
		h.Write(q.Note)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	last, _, err := x.desk.Setting(ctx, countKey("bundle-notes", to, n.Group))
	if entries == 0 && last == sum {
		return "", err
	}
	return sum, err
}

// ownLog is this party's newest log in the group.
func ownLog(g *chancery.Group) ledger.Log {
	log := ledger.Log{Group: g.ID(), Party: g.Self()}
	for _, st := range g.Heads() {
		if st.Log.Party == g.Self() {
			log = st.Log
		}
	}
	return log
}

// member finds a counterpart that is a member of the group; ErrWithheld where it is none.
func (x *Exchange) member(ctx context.Context, g *chancery.Group, code party.Code) (chancery.Counterpart, error) {
	o, err := x.c.Counterpart(ctx, code)
	if err != nil {
		return o, err
	}
	for _, s := range x.shared(o.Card) {
		if s.ID() == g.ID() {
			return o, nil
		}
	}
	return o, chancery.ErrWithheld
}

// provedTo says what a member of the group has proved to hold of it: its own logs, what it has
// cosigned, what its acts have seen, and what it has said on a line. What is found is kept, since
// a cosignature is gone from here when its log has grown. joined is false while nothing of its own
// log is here.
func (x *Exchange) provedTo(ctx context.Context, g *chancery.Group, to party.Code) (h Holdings, joined bool, err error) {
	them, _ := g.Charter().Ordinal(to)
	known, err := x.kept(ctx, to, g.ID())
	if err != nil {
		return h, false, err
	}
	x.peer(to).said(g.ID(), them, known)
	seen := make([]int, len(g.Charter().Parties))
	g.View(func(s *plan.State) {
		for p := range seen {
			seen[p] = s.Rule().SeenBy(them, uint8(p))
		}
	})
	h.Group = g.ID()
	for _, st := range g.Heads() {
		l := Held{Party: st.Log.Party, Epoch: st.Log.Epoch}
		n := min(uint64(seen[l.Party]), st.Size)
		seen[l.Party] -= int(n)
		switch mask := cosigners(st.Note, g); {
		case l.Party == them:
			joined = true
			l.Size = st.Size
		case mask>>them&1 == 1:
			l.Size, l.Cosigned = st.Size, 1<<them
		default:
			l.Size = max(n, min(known[Held{Party: l.Party, Epoch: l.Epoch}], st.Size))
		}
		h.Logs = append(h.Logs, l)
	}
	return h, joined, x.keep(ctx, to, h)
}

// said adds what the counterpart has said on a line to have verified. The keys of known are Helds
// without a size.
func (p *peer) said(id act.Hash, them uint8, known map[Held]uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.has[id].Logs {
		if l.Cosigned>>them&1 == 1 {
			k := Held{Party: l.Party, Epoch: l.Epoch}
			known[k] = max(known[k], l.Size)
		}
	}
}

// kept reads what keep wrote: "party.epoch:size" for each log, with spaces between.
func (x *Exchange) kept(ctx context.Context, to party.Code, id act.Hash) (map[Held]uint64, error) {
	s, _, err := x.desk.Setting(ctx, countKey("proved", to, id))
	known := map[Held]uint64{}
	for word := range strings.FieldsSeq(s) {
		var k Held
		var n uint64
		if c, err := fmt.Sscanf(word, "%d.%d:%d", &k.Party, &k.Epoch, &n); err == nil && c == 3 {
			known[k] = n
		}
	}
	return known, err
}

func (x *Exchange) keep(ctx context.Context, to party.Code, h Holdings) error {
	var b []byte
	for _, l := range h.Logs {
		b = fmt.Appendf(b, "%d.%d:%d ", l.Party, l.Epoch, l.Size)
	}
	return x.desk.PutSetting(ctx, countKey("proved", to, h.Group), strings.TrimSpace(string(b)))
}

// count reads how many bundles there were; setCount writes it.
func (x *Exchange) count(ctx context.Context, what string, code party.Code, id act.Hash) (uint64, error) {
	s, ok, err := x.desk.Setting(ctx, countKey(what, code, id))
	if err != nil || !ok {
		return 0, err
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("the number of the last bundle cannot be read from this party's own file: %w. Nothing was written", err)
	}
	return n, nil
}

func (x *Exchange) setCount(ctx context.Context, what string, code party.Code, id act.Hash, n uint64) error {
	return x.desk.PutSetting(ctx, countKey(what, code, id), strconv.FormatUint(n, 10))
}

func countKey(what string, code party.Code, id act.Hash) string {
	return what + "/" + string(code) + "/" + id.String()
}

// open decrypts and verifies a bundle.
func (x *Exchange) open(ctx context.Context, file []byte) (Cover, chancery.Counterpart, Parcel, error) {
	s, err := OpenBundle(x.c.Keys(), file)
	if err != nil {
		return Cover{}, chancery.Counterpart{}, Parcel{}, err
	}
	o, err := x.c.Counterpart(ctx, s.Claim().From)
	if errors.Is(err, chancery.ErrWithheld) {
		return Cover{}, o, Parcel{}, refuse("unknown-sender", "This bundle says it comes from %s, which is not linked with this server. Nothing was read. Link the two servers first: entente invite %s", s.Claim().From, s.Claim().From)
	}
	if err != nil {
		return Cover{}, o, Parcel{}, err
	}
	p, err := s.Verify(o.Card, x.c.Card())
	if err != nil {
		return Cover{}, o, Parcel{}, err
	}
	if err := onlyOf(p, s.Claim().Group); err != nil {
		return Cover{}, o, Parcel{}, err
	}
	return s.Claim(), o, p, nil
}

// onlyOf sees to it that a bundle is about the group on its cover, and that every log in it is
// proved to its end.
func onlyOf(p Parcel, id act.Hash) error {
	if len(p.Charters) > 1 || len(p.Groups) > 1 || p.Empty() {
		return damaged("it is not about one group")
	}
	for _, c := range p.Charters {
		if group.IDOf(string(c)) != id {
			return damaged("it is about another group than its cover says")
		}
	}
	for _, n := range p.Groups {
		if n.Group != id {
			return damaged("it is about another group than its cover says")
		}
		for _, q := range n.Pieces {
			if q.Note == nil {
				return damaged("a log in it ends without a checkpoint")
			}
		}
	}
	return nil
}

// ReadBundle says what a bundle would do, and changes nothing.
func (x *Exchange) ReadBundle(ctx context.Context, file []byte) (Reading, error) {
	r, g, _, p, err := x.read(ctx, file)
	if err != nil || g == nil {
		return r, err
	}
	deltas := deltasOf(p)
	if r.Taken, err = g.Preview(deltas); err != nil {
		return r, err
	}
	r.missing(g, deltas)
	return r, nil
}

// ApplyBundle takes a bundle in: all of it or nothing, and a second time without effect. Logs of
// which entries are missing in between are left as they are, and named.
func (x *Exchange) ApplyBundle(ctx context.Context, file []byte) (Reading, error) {
	x.bundles.Lock()
	defer x.bundles.Unlock()
	r, g, o, p, err := x.read(ctx, file)
	if err != nil {
		return r, err
	}
	if g == nil {
		if _, err := x.c.Offered(ctx, p.Charters[0], o.Card.Code); err != nil {
			return r, err
		}
		if g = x.sharedGroup(o, r.Group); g == nil {
			return r, nil // the invitation now waits for an answer; the bundle can be applied after it
		}
		r.Handle, r.Invites = g.Handle(), false
	}
	deltas := deltasOf(p)
	before := g.Version()
	if r.Taken, err = g.Take(ctx, o.Card.Code, deltas); err != nil {
		x.record(ctx, g, chancery.ExchangeRow{Party: r.From, What: "refused", Log: ownLog(g), Bundle: r.Running, Result: short(err)})
		return r, err
	}
	r.missing(g, deltas)
	if g.Version() == before {
		return r, nil
	}
	result := "proved"
	if len(r.Missing) > 0 {
		result = "entries-missing"
	}
	x.record(ctx, g, chancery.ExchangeRow{Party: r.From, What: "bundle-applied", Log: x.senderLog(g, r.From), Entries: r.Taken.Entries, Bundle: r.Running, Result: result})
	if _, _, err := x.provedTo(ctx, g, r.From); err != nil {
		return r, err
	}
	return r, x.setCount(ctx, "bundle-applied", r.From, r.Group, max(r.Last, r.Running))
}

// read opens a bundle and finds its group; none where this party has not joined it yet.
func (x *Exchange) read(ctx context.Context, file []byte) (r Reading, g *chancery.Group, o chancery.Counterpart, p Parcel, err error) {
	if r.Cover, o, p, err = x.open(ctx, file); err != nil {
		return r, nil, o, p, err
	}
	if r.Last, err = x.count(ctx, "bundle-applied", r.From, r.Group); err != nil {
		return r, nil, o, p, err
	}
	if g = x.sharedGroup(o, r.Group); g != nil {
		r.Handle = g.Handle()
		return r, g, o, p, nil
	}
	if len(p.Charters) == 0 {
		return r, nil, o, p, refuse("unknown-group", "This bundle is about a group that this server has not joined together with %s, and brings no charter of it. Nothing was read. Ask %s for a bundle with everything in it.", r.From, r.From)
	}
	r.Invites = true
	return r, nil, o, p, nil
}

// sharedGroup finds a group that is shared with the counterpart, or nil.
func (x *Exchange) sharedGroup(o chancery.Counterpart, id act.Hash) *chancery.Group {
	for _, g := range x.shared(o.Card) {
		if g.ID() == id {
			return g
		}
	}
	return nil
}

// senderLog is the sender's newest log in the group.
func (x *Exchange) senderLog(g *chancery.Group, code party.Code) ledger.Log {
	p, _ := g.Charter().Ordinal(code)
	log := ledger.Log{Group: g.ID(), Party: p}
	for _, st := range g.Heads() {
		if st.Log.Party == p {
			log = st.Log
		}
	}
	return log
}

func deltasOf(p Parcel) []chancery.Delta {
	var out []chancery.Delta
	for _, n := range p.Groups {
		for _, q := range n.Pieces {
			out = append(out, chancery.Delta{Log: ledger.Log{Group: n.Group, Party: q.Party, Epoch: q.Epoch}, From: q.From, Leaves: q.Leaves, Note: q.Note})
		}
	}
	return out
}

// missing names the entries in the gaps.
func (r *Reading) missing(g *chancery.Group, deltas []chancery.Delta) {
	held := map[ledger.Log]uint64{}
	for _, st := range g.Heads() {
		held[st.Log] = st.Size
	}
	for _, gap := range r.Taken.Gaps {
		for _, d := range deltas {
			if d.Log == gap && d.From > held[gap] {
				r.Missing = append(r.Missing, Span{g.Charter().Code(gap.Party), gap.Epoch, held[gap], d.From})
			}
		}
	}
}
