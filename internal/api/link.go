package api

import (
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// AskTerms are the terms of a group as requested. Parties lists the others that are known here; a
// party that an invitation is for is added by the invitation.
type AskTerms struct {
	Number    uint32     `json:"number"`
	Name      Words      `json:"name"`
	Plan      Words      `json:"plan,omitempty"`
	Terms     Words      `json:"terms,omitempty"`
	Notice    Words      `json:"notice,omitempty"`
	Languages []string   `json:"languages,omitempty"` // this party's that the name is in, where none are given
	Ceiling   string     `json:"ceiling,omitempty"`   // TLP:AMBER+STRICT where none is given
	Chairs    []Chair    `json:"chairs,omitempty"`
	Parties   []AskParty `json:"parties,omitempty"`
	Self      AskParty   `json:"self"` // this party's capital and zone

	Silence      string   `json:"silence,omitempty" doc:"the shortest silence that may be asked for, such as 72h; empty for no silence procedure"`
	SilenceKinds []string `json:"silence_kinds,omitempty" doc:"kinds of element for which it may be asked; all that are agreed, where none are given"`
	Whole        bool     `json:"whole,omitempty" doc:"nothing is agreed until everything is agreed"`
	InStep       bool     `json:"in_step,omitempty" doc:"no text is accepted while a language of it is behind"`
}

// An AskParty is a member of a group as requested.
type AskParty struct {
	Code    string `json:"code,omitempty"`
	Names   Words  `json:"names,omitempty"`
	Zone    string `json:"zone,omitempty"` // IANA
	Capital Words  `json:"capital,omitempty"`
}

// termsOf reads the terms of a group. The members are this party and the known ones.
func (s *Server) termsOf(r *http.Request, a AskTerms) (t chancery.Terms, err error) {
	t.Number, t.Ceiling = a.Number, marking.Label{TLP: marking.AmberStrict}
	for _, x := range []struct {
		given Words
		field *text.Texts
	}{{a.Name, &t.Name}, {a.Plan, &t.Plan}, {a.Terms, &t.Terms}, {a.Notice, &t.Notice}} {
		if *x.field, err = x.given.Texts(); err != nil {
			return t, err
		}
	}
	if a.Ceiling != "" {
		if t.Ceiling, err = marking.Parse(a.Ceiling); err != nil {
			return t, badRequest("%v. Nothing was changed.", err)
		}
	}
	if t.Languages, err = s.languages(a.Languages, t.Name); err != nil {
		return t, err
	}
	for _, c := range a.Chairs {
		t.Chairs = append(t.Chairs, group.Chair{Party: c.Party, Person: c.Person})
	}
	if a.Number != 0 {
		if g, ok := s.plenary(); ok {
			t.Plenary = g.ID()
		}
	}
	if err := a.rules(&t); err != nil {
		return t, err
	}
	t.Members, err = s.members(r, a)
	return t, err
}

// rules reads how the group comes to agree.
func (a AskTerms) rules(t *chancery.Terms) (err error) {
	t.Whole, t.InStep = a.Whole, a.InStep
	if a.Silence == "" {
		return nil
	}
	if t.Silence.Least, err = time.ParseDuration(a.Silence); err != nil {
		return badRequest("%.20q is no time: write it like 72h. Nothing was changed.", a.Silence)
	}
	t.Silence.Kinds = []act.ElementKind{act.Goal, act.Way, act.Action, act.Means, act.Clause}
	if len(a.SilenceKinds) > 0 {
		t.Silence.Kinds = nil
	}
	for _, name := range a.SilenceKinds {
		kind, err := act.ParseElementKind(name)
		if err != nil {
			return badRequest("%v. Nothing was changed.", err)
		}
		t.Silence.Kinds = append(t.Silence.Kinds, kind)
	}
	slices.Sort(t.Silence.Kinds)
	t.Silence.Kinds = slices.Compact(t.Silence.Kinds)
	return nil
}

// languages are the authentic languages asked for or, where none were, those of this party in
// which the group has a name.
func (s *Server) languages(asked []string, name text.Texts) (out []text.Lang, err error) {
	for _, l := range asked {
		lang, err := text.ParseLang(l)
		if err != nil {
			return nil, badRequest("%v. Nothing was changed.", err)
		}
		out = append(out, lang)
	}
	if len(asked) > 0 {
		return out, nil
	}
	for _, l := range s.Chancery.Card().Languages {
		if _, named := name.Get(l); named {
			out = append(out, l)
		}
	}
	return out, nil
}

// plenary is the first group that is one.
func (s *Server) plenary() (*chancery.Group, bool) {
	for _, g := range s.Chancery.Groups() {
		if g.Charter().Number == 0 {
			return g, true
		}
	}
	return nil, false
}

func (s *Server) members(r *http.Request, a AskTerms) ([]group.Member, error) {
	self := s.Chancery.Card()
	me, err := a.Self.member(self)
	if err != nil {
		return nil, err
	}
	out := []group.Member{me}
	for _, p := range a.Parties {
		code, err := party.ParseCode(p.Code)
		if err != nil {
			return nil, badRequest("%v. Nothing was changed.", err)
		}
		if code == self.Code {
			return nil, badRequest("%s is this party: it is in the group in any case. Nothing was changed.", code)
		}
		o, err := s.Chancery.Counterpart(r.Context(), code)
		if err != nil {
			return nil, refuse("stranger", "%s is not known here. Nothing was changed. Link the two servers first: entente invite %s", code, code)
		}
		m, err := p.member(o.Card)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// member completes what a card says of a party.
func (a AskParty) member(c party.Card) (group.Member, error) {
	m := group.Member{Code: c.Code, Names: c.Names, Signing: c.Signing, Zone: a.Zone}
	var err error
	m.Capital, err = a.Capital.Texts()
	return m, err
}

func (s *Server) convene(r *http.Request, v visit, ask AskTerms) (out GroupLine, err error) {
	t, err := s.termsOf(r, ask)
	if err != nil {
		return out, err
	}
	g, err := s.Chancery.Convene(r.Context(), v.who, t)
	if err != nil {
		return out, err
	}
	return lineOf(g), nil
}

// AskInvitation says whom to invite, and to what.
type AskInvitation struct {
	Party AskParty  `json:"party"`
	Group *AskTerms `json:"group,omitempty" doc:"the group; none for the link alone"`
}

// A WrittenFile is an invitation or a reply, and this party's own number to be compared.
type WrittenFile struct {
	File   string       `json:"file"`
	Number party.Number `json:"number"`
}

// invite makes an invitation file, with a group or, where the terms have no name, for the link alone.
func (s *Server) invite(r *http.Request, v visit, ask AskInvitation) (out WrittenFile, err error) {
	code, err := party.ParseCode(ask.Party.Code)
	if err != nil {
		return out, badRequest("%v. Nothing was written.", err)
	}
	names, err := ask.Party.Names.Texts()
	if err != nil {
		return out, err
	}
	var t chancery.Terms
	if ask.Group != nil {
		if t, err = s.termsOf(r, *ask.Group); err != nil {
			return out, err
		}
		m, err := ask.Party.member(party.Card{Code: code, Names: names})
		if err != nil {
			return out, err
		}
		t.Members = append(t.Members, m)
	}
	file, err := s.Chancery.Invite(r.Context(), v.who, code, names, t)
	return WrittenFile{string(file), s.Chancery.Card().Number()}, err
}

// A LinkFile is an invitation or a reply in a request, and the confirmed last group of a number.
type LinkFile struct {
	File    string `json:"file"`
	Confirm string `json:"confirm,omitempty"`
}

// An InvitationPage is what an invitation says, before anything is confirmed.
type InvitationPage struct {
	From    Card         `json:"from"`
	Invited party.Code   `json:"invited"`
	Expires string       `json:"expires"`
	Name    text.Texts   `json:"name,omitempty"`
	Terms   text.Texts   `json:"terms,omitempty"`
	Parties []party.Code `json:"parties,omitempty"`
	Ceiling string       `json:"ceiling,omitempty"`
}

func (s *Server) readInvitation(_ *http.Request, _ visit, ask LinkFile) (out InvitationPage, err error) {
	inv, err := s.Chancery.ReadInvitation([]byte(ask.File))
	if err != nil {
		return out, err
	}
	out = InvitationPage{From: cardOf(inv.Card), Invited: inv.Invited, Expires: inv.Expires.Format("2006-01-02T15:04:05Z07:00")}
	if c := inv.Group; len(c.Name) > 0 {
		out.Name, out.Terms, out.Parties, out.Ceiling = c.Name, c.Terms, c.Codes(), c.Ceiling.String()
	}
	return out, nil
}

func (s *Server) join(r *http.Request, v visit, ask LinkFile) (WrittenFile, error) {
	reply, err := s.Chancery.TakeUp(r.Context(), v.who, []byte(ask.File), ask.Confirm)
	return WrittenFile{string(reply), s.Chancery.Card().Number()}, err
}

// A ReplyPage is what a reply says, before anything is confirmed.
type ReplyPage struct {
	From Card `json:"from"`
}

func (s *Server) readReply(r *http.Request, _ visit, ask LinkFile) (out ReplyPage, err error) {
	reply, err := s.Chancery.ReadReply(r.Context(), []byte(ask.File))
	if err != nil {
		return out, err
	}
	return ReplyPage{cardOf(reply.Card)}, nil
}

// A Linked party is one whose reply was taken up, with the group if there is one.
type Linked struct {
	Party party.Code `json:"party"`
	Group *GroupLine `json:"group,omitempty"`
}

func (s *Server) accept(r *http.Request, v visit, ask LinkFile) (out Linked, err error) {
	reply, err := s.Chancery.ReadReply(r.Context(), []byte(ask.File))
	if err != nil {
		return out, err
	}
	g, err := s.Chancery.Accept(r.Context(), v.who, []byte(ask.File), ask.Confirm)
	if err != nil {
		return out, err
	}
	out.Party = reply.Card.Code
	if g != nil {
		l := lineOf(g)
		out.Group = &l
	}
	return out, nil
}

// An Invited is a group that this party is invited to and has not answered.
type Invited struct {
	ID      act.Hash     `json:"id"`
	Handle  string       `json:"group"`
	From    party.Code   `json:"from"`
	Name    text.Texts   `json:"name"`
	Terms   text.Texts   `json:"terms,omitempty"`
	Parties []party.Code `json:"parties"`
	Ceiling string       `json:"ceiling"`
}

// An InvitedList lists the groups that wait for an answer.
type InvitedList struct {
	Invited []Invited `json:"invited"`
}

func (s *Server) invited(r *http.Request, v visit, _ none) (InvitedList, error) {
	rows, err := s.Chancery.Invited(r.Context(), v.who)
	out := InvitedList{[]Invited{}}
	for _, row := range rows {
		c, err := group.Parse(string(row.Charter))
		if err != nil {
			return out, err
		}
		out.Invited = append(out.Invited, Invited{row.ID, row.Handle, row.From, c.Name, c.Terms, c.Codes(), c.Ceiling.String()})
	}
	return out, err
}

// AskAnswer joins a group or declines it.
type AskAnswer struct {
	Join bool `json:"join"`
}

// An Answered invitation is the group, where it was joined.
type Answered struct{ *GroupLine }

func (s *Server) answerInvitation(r *http.Request, v visit, ask AskAnswer) (out Answered, err error) {
	raw, err := hex.DecodeString(r.PathValue("id"))
	if err != nil || len(raw) != act.HashSize {
		return out, chancery.ErrWithheld
	}
	g, err := s.Chancery.Answer(r.Context(), v.who, act.Hash(raw), ask.Join)
	if err == nil && g != nil {
		l := lineOf(g)
		out.GroupLine = &l
	}
	return out, err
}

// A CounterpartPage tells of a counterpart and how it stands.
type CounterpartPage struct {
	Card
	Confirmed string       `json:"confirmed"`
	By        party.Person `json:"by,omitempty"`
	Reach     string       `json:"reach,omitempty"` // the address that is tried
	Groups    []string     `json:"groups"`
	Standing  *Standing    `json:"standing,omitempty"`
}

// A CounterpartList lists the counterparts that the person may know; to a program, those with which
// it has a group.
type CounterpartList struct {
	Counterparts []CounterpartPage `json:"counterparts"`
}

func (s *Server) counterparts(r *http.Request, v visit, _ none) (CounterpartList, error) {
	list, err := s.Chancery.Known(r.Context(), v.who)
	seen := s.seen(v)
	out := CounterpartList{[]CounterpartPage{}}
	for _, o := range list {
		p := CounterpartPage{Card: cardOf(o.Card), Confirmed: o.Confirmed.Format("2006-01-02T15:04:05Z07:00"), By: o.By, Reach: o.Reach(), Groups: []string{}}
		for _, g := range s.Chancery.Shared(o.Card) {
			if slices.Contains(seen, g) {
				p.Groups = append(p.Groups, g.Handle())
			}
		}
		if v.grant != nil && len(p.Groups) == 0 {
			continue
		}
		if s.Couriers != nil {
			st := s.Couriers.Standing(o.Card.Code)
			st.Theirs = maps.Clone(st.Theirs)
			maps.DeleteFunc(st.Theirs, func(handle string, _ int) bool { return !slices.Contains(p.Groups, handle) })
			p.Standing = &st
		}
		out.Counterparts = append(out.Counterparts, p)
	}
	return out, err
}

// AskAddress says where a counterpart is reached.
type AskAddress struct {
	Address string `json:"address"`
}

func (s *Server) address(r *http.Request, v visit, ask AskAddress) (none, error) {
	return none{}, s.Chancery.SetAddress(r.Context(), v.who, party.Code(r.PathValue("code")), ask.Address)
}
