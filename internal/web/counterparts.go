package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/ledger"
	"entente/party"
	"entente/text"
)

// syncData is the page Counterparts: how this server and the others stand.
type syncData struct {
	Number       party.Number  `json:"number"` // this party's own
	Counterparts []counterpart `json:"counterparts"`
	Record       []exchangeRow `json:"record"`
	MayLink      bool          `json:"may_link"`
	Sent         []sentFile    `json:"invitations,omitempty"` // that wait for a reply
	one          bool          // the page of one counterpart
	told         locale.Key
	problems     []ui.Problem
	admin        bool
	couriers     bool
}

// A counterpart is another party as this page tells of it.
type counterpart struct {
	Code      party.Code   `json:"code"`
	Names     text.Texts   `json:"names"`
	Number    party.Number `json:"number"`
	Confirmed int64        `json:"confirmed"` // milliseconds since 1970
	By        string       `json:"by,omitempty"`
	Address   string       `json:"address,omitempty"`
	Standing  api.Standing `json:"standing"`
	Rails     []rail       `json:"rails"`
	party     ui.Party
	set       string // the address that was set here
}

// An exchangeRow is one line of the exchange record.
type exchangeRow struct {
	At      int64      `json:"at"`
	Party   party.Code `json:"party"`
	What    string     `json:"what"`
	Group   string     `json:"group"`
	Entries int        `json:"entries"`
	Size    uint64     `json:"size,omitempty"`
	Root    string     `json:"root,omitempty"`
	Bundle  uint64     `json:"bundle,omitempty"`
	Result  string     `json:"result"`
	party   ui.Party
}

// A sentFile is an invitation that waits for its reply.
type sentFile struct {
	Code party.Code `json:"code"`
	At   int64      `json:"at"`
}

const (
	recordShown = 12  // lines of the exchange record on the page
	recordAll   = 500 // lines looked through for them
)

// syncPage shows how this server and its counterparts stand.
func (s *Server) syncPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.syncOf(r, v, "")
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return syncView(f, d) })
}

// counterpartPage is the same for one counterpart.
func (s *Server) counterpartPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.syncOf(r, v, pathCode(r))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return syncView(f, d) })
}

func pathCode(r *http.Request) party.Code {
	return party.Code(strings.TrimSuffix(r.PathValue("p"), jsonSuffix))
}

// syncOf gathers what the page says. Of groups it tells only those that the person may see.
func (s *Server) syncOf(r *http.Request, v visit, only party.Code) (syncData, error) {
	d := syncData{Number: s.chancery.Card().Number(), Counterparts: []counterpart{}, Record: []exchangeRow{}, told: toldKey(r), one: only != "",
		admin: v.who.Admin, couriers: s.couriers != nil, MayLink: s.chancery.MayConvene(v.who)}
	list, err := s.chancery.Known(r.Context(), v.who)
	if err != nil {
		return d, err
	}
	seen := s.chancery.Seen(v.who)
	for _, o := range list {
		if only == "" || o.Card.Code == only {
			d.Counterparts = append(d.Counterparts, s.counterpartOf(r, v, o, seen))
		}
	}
	if only != "" && len(d.Counterparts) == 0 {
		return d, chancery.ErrWithheld
	}
	if err := s.record(r, &d, only, seen); err != nil {
		return d, err
	}
	if d.MayLink && only == "" {
		rows, err := s.chancery.Invitations(r.Context())
		if err != nil {
			return d, err
		}
		for _, i := range rows {
			if i.State == chancery.InvitationSent && i.Expires.After(s.now()) {
				d.Sent = append(d.Sent, sentFile{i.Code, i.At.UnixMilli()})
			}
		}
	}
	return d, nil
}

func (s *Server) counterpartOf(r *http.Request, v visit, o chancery.Counterpart, seen []*chancery.Group) counterpart {
	c := counterpart{Code: o.Card.Code, Names: o.Card.Names, Number: o.Card.Number(), Confirmed: o.Confirmed.UnixMilli(), By: string(o.By),
		Address: o.Reach(), set: o.Address, party: s.counterpart(r, o.Card), Standing: api.Standing{State: api.ByHand}, Rails: []rail{}}
	if s.couriers != nil {
		c.Standing = s.couriers.Standing(o.Card.Code)
	}
	for _, g := range s.chancery.Shared(o.Card) {
		if slices.Contains(seen, g) {
			p, _ := g.Charter().Ordinal(o.Card.Code)
			c.Rails = append(c.Rails, railOf(g, p, s.sceneOf(r, v.who, g)))
		}
	}
	return c
}

// record is the exchange record of the groups that the person may see.
func (s *Server) record(r *http.Request, d *syncData, only party.Code, seen []*chancery.Group) error {
	rows, err := s.chancery.Exchanges(r.Context(), recordAll)
	if err != nil {
		return err
	}
	for _, e := range rows {
		i := slices.IndexFunc(seen, func(g *chancery.Group) bool { return g.ID() == e.Group })
		if i < 0 || only != "" && e.Party != only || len(d.Record) == recordShown {
			continue
		}
		row := exchangeRow{At: e.At.UnixMilli(), Party: e.Party, What: e.What, Group: seen[i].Handle(), Entries: e.Entries, Size: e.Size,
			Bundle: e.Bundle, Result: e.Result, party: ui.Party{Ordinal: -1, Code: string(e.Party), Name: string(e.Party)}}
		if !e.Root.IsZero() {
			row.Root = e.Root.Short()
		}
		if p, ok := seen[i].Charter().Ordinal(e.Party); ok {
			row.party = partyOf(s.lang(r), seen[i].Charter(), p)
		}
		d.Record = append(d.Record, row)
	}
	return nil
}

// what tells a line of the record.
func (e exchangeRow) what() locale.Key {
	switch e.What {
	case "received":
		return "record.received"
	case "sent":
		return "record.sent"
	case "bundle-written":
		return "record.written"
	case "bundle-applied":
		return "record.applied"
	}
	return "record.refused"
}

// tryForm asks a counterpart at once.
func (s *Server) tryForm(w http.ResponseWriter, r *http.Request, v visit) {
	code := pathCode(r)
	list, err := s.chancery.Known(r.Context(), v.who)
	if here := slices.ContainsFunc(list, func(o chancery.Counterpart) bool { return o.Card.Code == code }); err != nil || !here || s.couriers == nil {
		s.fail(w, r, v, cmp.Or(err, chancery.ErrWithheld))
		return
	}
	told := "tried"
	if err := s.couriers.TryNow(r.Context(), code); err != nil {
		s.log.Info("a counterpart was tried without success", "party", code, "err", err)
		told = "untried"
	}
	goTo(w, r, "/sync/"+string(code)+"?told="+told)
}

// addressForm says where to reach a counterpart.
func (s *Server) addressForm(w http.ResponseWriter, r *http.Request, v visit) {
	code := pathCode(r)
	err := s.chancery.SetAddress(r.Context(), v.who, code, strings.TrimSpace(r.PostFormValue("address")))
	if err == nil {
		goTo(w, r, "/sync/"+string(code)+"?told=address")
		return
	}
	problems, ok := problemAt(r.Context(), err, map[string]string{"address": "address"})
	if !ok {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.syncOf(r, v, code)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.problems = problems
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return syncView(f, d) })
}

// evidenceFile gives the evidence against a party whose log changed its past.
func (s *Server) evidenceFile(w http.ResponseWriter, r *http.Request, v visit) {
	for _, g := range s.chancery.Seen(v.who) {
		p, member := g.Charter().Ordinal(pathCode(r))
		if ev, caught := g.Frozen(p); member && caught && g.Handle() == r.PathValue("g") {
			s.sendFile(w, "group-"+g.Handle()+"-"+string(g.Charter().Code(p))+".evidence", ledger.FormatEvidence(ev))
			return
		}
	}
	s.fail(w, r, v, chancery.ErrWithheld)
}

// sendFile sends a file to be kept.
func (s *Server) sendFile(w http.ResponseWriter, name string, file []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	if _, err := w.Write(file); err != nil {
		s.log.Warn("a file could not be sent", "err", err)
	}
}

// handleOf finds a group that the person may see by its id.
func (s *Server) handleOf(v visit, id act.Hash) (*chancery.Group, bool) {
	for _, g := range s.chancery.Seen(v.who) {
		if g.ID() == id {
			return g, true
		}
	}
	return nil, false
}

// linkWays are the ways to begin with a counterpart.
func linkWays(ctx context.Context) []ui.Way {
	return []ui.Way{
		{Href: "/sync/invite", Icon: ui.IconPlus, Title: locale.T(ctx, "link.invite"), Words: locale.T(ctx, "link.invite.words")},
		{Href: "/sync/join", Icon: ui.IconLink, Title: locale.T(ctx, "link.join"), Words: locale.T(ctx, "link.join.words")},
		{Href: "/sync/accept", Icon: ui.IconCheck, Title: locale.T(ctx, "link.accept"), Words: locale.T(ctx, "link.accept.words")},
	}
}

func apartTitle(ctx context.Context, c counterpart) string {
	if c.Standing.Since.IsZero() {
		return locale.F(ctx, "apart.never", locale.Args{"Party": c.party.Name})
	}
	return locale.F(ctx, "apart.since", locale.Args{"Party": c.party.Name, "When": locale.Moment(ctx, c.Standing.Since)})
}

func railTitle(x rail) string {
	name := x.sc.best(x.Name).Text
	if x.Number == 0 {
		return name
	}
	return strconv.Itoa(int(x.Number)) + " · " + name
}

// railSpoken says the two rails to a screen reader.
func railSpoken(ctx context.Context, x rail) string {
	return locale.F(ctx, "rail.spoken", locale.Args{"Ours": locale.Int(x.Ours), "Theirs": locale.Int(x.Theirs), "Us": x.mine.Name, "Them": x.other.Name,
		"Acked": locale.Int(x.Acked)})
}

// latency is the last round trip in milliseconds.
func latency(s api.Standing) string { return locale.Int(int(s.Latency.Milliseconds())) }
