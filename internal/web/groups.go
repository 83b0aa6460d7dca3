package web

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// groupsData is the list of the groups that the person sits in, and of those that wait for an answer.
type groupsData struct {
	Groups     []groupLine    `json:"groups"`
	Invited    []invitedGroup `json:"invited"`
	MayConvene bool           `json:"may_convene"`
	Linked     bool           `json:"linked"` // there is a counterpart to convene a group with
	told       locale.Key
}

// A groupLine is a group in the list.
type groupLine struct {
	Group     string       `json:"group"`
	Number    uint32       `json:"number"`
	Name      text.Texts   `json:"name"`
	Parties   []party.Code `json:"parties"`
	Ceiling   string       `json:"ceiling"`
	Elements  int          `json:"elements"`
	Agreed    int          `json:"agreed"`
	Delegates int          `json:"delegates"` // of this party
	sc        scene
}

// An invitedGroup is a group that waits for this party's answer.
type invitedGroup struct {
	ID      string        `json:"id"`
	From    party.Code    `json:"from"`
	Charter group.Charter `json:"-"`
	Name    text.Texts    `json:"name"`

	NotCompared []party.Code `json:"not_compared,omitempty"` // members whose number nobody here has compared
}

// strangers names the members that this server is not linked with, in a language.
func (x invitedGroup) strangers(l text.Lang) string {
	names := make([]string, 0, len(x.NotCompared))
	for _, m := range x.Charter.Parties {
		if slices.Contains(x.NotCompared, m.Code) {
			names = append(names, m.Names.Best(l).Text+" ("+string(m.Code)+")")
		}
	}
	return strings.Join(names, ", ")
}

// groupsPage lists the groups.
func (s *Server) groupsPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := groupsData{Groups: []groupLine{}, told: toldKey(r), MayConvene: s.chancery.MayConvene(v.who)}
	for _, g := range s.chancery.Seen(v.who) {
		d.Groups = append(d.Groups, s.groupLineOf(r, v, g))
	}
	var err error
	if d.Invited, err = s.invitedGroups(r, v); err == nil {
		var list []chancery.Counterpart
		list, err = s.chancery.Known(r.Context(), v.who)
		d.Linked = len(list) > 0
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return groupsView(f, d) })
}

func (s *Server) groupLineOf(r *http.Request, v visit, g *chancery.Group) groupLine {
	c := g.Charter()
	l := groupLine{Group: g.Handle(), Number: c.Number, Name: c.Name, Parties: c.Codes(), Ceiling: c.Ceiling.String(), sc: s.sceneOf(r, v.who, g)}
	g.View(func(p *plan.State) {
		t := p.Totals()
		l.Elements, l.Agreed, l.Delegates = t.Elements, t.Agreed, len(p.Delegation(g.Self()).Delegates)
	})
	return l
}

func (s *Server) invitedGroups(r *http.Request, v visit) ([]invitedGroup, error) {
	rows, err := s.chancery.Invited(r.Context(), v.who)
	if err != nil || len(rows) == 0 {
		return []invitedGroup{}, err
	}
	known, err := s.chancery.Counterparts(r.Context()) // who may answer invitations sees all of them
	if err != nil {
		return nil, err
	}
	out := []invitedGroup{}
	for _, row := range rows {
		c, err := group.Parse(string(row.Charter))
		if err != nil {
			return nil, err
		}
		x := invitedGroup{ID: hex.EncodeToString(row.ID[:]), From: row.From, Charter: c, Name: c.Name}
		for _, m := range c.Parties {
			compared := slices.ContainsFunc(known, func(o chancery.Counterpart) bool { return o.Card.Code == m.Code && o.Card.Signing.Equal(m.Signing) })
			if m.Code != s.chancery.Self() && !compared {
				x.NotCompared = append(x.NotCompared, m.Code)
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// groupData is one group: who sits in it, and by which terms.
type groupData struct {
	groupLine
	Plan        text.Texts   `json:"plan"`
	Terms       text.Texts   `json:"terms,omitempty"`
	Languages   []text.Lang  `json:"languages"`
	Convened    int64        `json:"convened"`
	Delegations []delegation `json:"delegations"`
	ID          string       `json:"id"`
	told        locale.Key
}

// A delegation is whom one party has sent.
type delegation struct {
	Party     party.Code     `json:"party"`
	Joined    bool           `json:"joined"` // its log is here
	Delegates []act.Delegate `json:"delegates"`
	party     ui.Party
	chairs    []party.Person
	capital   string
	calendar  act.Calendar
	zone      string
}

// groupPage shows one group.
func (s *Server) groupPage(w http.ResponseWriter, r *http.Request, v visit) {
	g := v.group
	c := g.Charter()
	id := g.ID()
	d := groupData{groupLine: s.groupLineOf(r, v, g), Plan: c.Plan, Terms: c.Terms, Languages: c.Languages, Convened: c.Convened, told: toldKey(r), ID: id.Short()}
	g.View(func(p *plan.State) {
		for i, m := range c.Parties {
			x := delegation{Party: m.Code, Joined: p.Rule().Count(uint8(i)) > 0, Delegates: slices.Clone(p.Delegation(uint8(i)).Delegates),
				party: partyOf(s.lang(r), c, uint8(i)), capital: m.Capital.Best(s.lang(r)).Text,
				calendar: p.Calendar(uint8(i)), zone: m.Zone}
			for _, ch := range c.Chairs {
				if ch.Party == m.Code {
					x.chairs = append(x.chairs, ch.Person)
				}
			}
			d.Delegations = append(d.Delegations, x)
		}
	})
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return groupView(f, d) })
}

// inGroupPath is inGroup for addresses that end with the group's name, and may carry the suffix of
// the twin.
func (s *Server) inGroupPath(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("g", strings.TrimSuffix(r.PathValue("g"), jsonSuffix))
		s.inGroup(p)(w, r)
	}
}

// invitedPage shows an invitation, to be answered.
func (s *Server) invitedPage(w http.ResponseWriter, r *http.Request, v visit) {
	x, err := s.invitedBy(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, x, func(f ui.Frame) templ.Component { return invitedView(f, x) })
}

func (s *Server) invitedBy(r *http.Request, v visit) (invitedGroup, error) {
	list, err := s.invitedGroups(r, v)
	for _, x := range list {
		if x.ID == strings.TrimSuffix(r.PathValue("id"), jsonSuffix) {
			return x, nil
		}
	}
	if err == nil {
		err = chancery.ErrWithheld
	}
	return invitedGroup{}, err
}

// answerForm joins or declines.
func (s *Server) answerForm(w http.ResponseWriter, r *http.Request, v visit) {
	x, err := s.invitedBy(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	join := r.PostFormValue("answer") == "join"
	if !join && r.PostFormValue("answer") != "decline" {
		goTo(w, r, "/invitations/"+x.ID)
		return
	}
	g, err := s.chancery.Answer(r.Context(), v.who, x.Charter.ID(), join)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if g == nil {
		goTo(w, r, "/groups?told=declined")
		return
	}
	goTo(w, r, "/groups/"+g.Handle()+"?told=joined")
}

// conveneData is the form by which a group is convened.
type conveneData struct {
	Parties  []party.Code `json:"parties"` // that are known here
	form     groupForm
	problems []ui.Problem
	rows     []conveneRow
	own      conveneRow // of this party
	silence  string     // the shortest, in hours; empty for none
	kinds    []string   // of element, for which it may be asked
	whole    bool       // nothing is agreed until everything is
	inStep   bool       // no text is accepted while a language of it is behind
}

// hushedKinds are the kinds of element for which silence can be allowed.
var hushedKinds = []act.ElementKind{act.Goal, act.Way, act.Action, act.Means, act.Clause}

func (d conveneData) hushed(k act.ElementKind) bool { return slices.Contains(d.kinds, k.String()) }

// rules reads the rules of the group's talks into its terms.
func (d *conveneData) rules(ctx context.Context, t *chancery.Terms) (wrong []ui.Problem) {
	t.Whole, t.InStep = d.whole, d.inStep
	if d.silence == "" {
		return nil
	}
	hours, err := strconv.Atoi(d.silence)
	if err != nil || hours < 1 || time.Duration(hours)*time.Hour > group.MaxSilence {
		return []ui.Problem{{Field: "silence", Words: locale.T(ctx, "convene.silence.wrong")}}
	}
	t.Silence.Least = time.Duration(hours) * time.Hour
	for _, k := range hushedKinds {
		if len(d.kinds) == 0 || d.hushed(k) {
			t.Silence.Kinds = append(t.Silence.Kinds, k)
		}
	}
	slices.Sort(t.Silence.Kinds)
	return nil
}

type conveneRow struct {
	card   party.Card
	chosen bool
	zone   string
	name   string
	chair  string // the person who co-chairs for it; empty for nobody
}

func (s *Server) conveneOf(r *http.Request, v visit) (conveneData, error) {
	d := conveneData{form: s.groupForm(true), Parties: []party.Code{}}
	d.silence, d.kinds = strings.TrimSpace(r.PostFormValue("silence")), r.PostForm["silence-kind"]
	d.whole, d.inStep = r.PostFormValue("whole") != "", r.PostFormValue("in-step") != ""
	card := s.chancery.Card()
	d.own = conveneRow{card: card, chosen: true, name: card.Names.Best(s.lang(r)).Text, chair: r.PostFormValue("chair." + string(card.Code))}
	list, err := s.chancery.Known(r.Context(), v.who)
	if s.chancery.MayConvene(v.who) {
		list, err = s.chancery.Counterparts(r.Context())
	}
	for _, o := range list {
		code := string(o.Card.Code)
		d.Parties = append(d.Parties, o.Card.Code)
		d.rows = append(d.rows, conveneRow{o.Card, slices.Contains(r.PostForm["party"], code), r.PostFormValue("zone." + code), o.Card.Names.Best(s.lang(r)).Text,
			r.PostFormValue("chair." + code)})
	}
	return d, err
}

// chairs are the co-chairs that were named, one a party.
func (d conveneData) chairs(ctx context.Context) (out []group.Chair, wrong []ui.Problem) {
	for _, row := range append([]conveneRow{d.own}, d.rows...) {
		name, field := strings.TrimSpace(row.chair), "chair."+string(row.card.Code)
		if name == "" {
			continue
		}
		person, err := party.ParsePerson(name)
		switch {
		case err != nil:
			wrong = append(wrong, ui.Problem{Field: field, Words: locale.T(ctx, "convene.chair.wrong")})
		case !row.chosen:
			wrong = append(wrong, ui.Problem{Field: field, Words: locale.F(ctx, "convene.chair.absent", locale.Args{"Party": row.name})})
		default:
			out = append(out, group.Chair{Party: row.card.Code, Person: person})
		}
	}
	return out, wrong
}

// convenePage asks for the terms of a new group.
func (s *Server) convenePage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.conveneOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return conveneView(f, d) })
}

// conveneForm convenes a group.
func (s *Server) conveneForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.conveneOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	terms, wrong := d.form.read(r, s)
	d.problems = wrong
	for _, row := range d.rows {
		if _, err := locale.ZoneOf(row.zone); err != nil && row.zone != "" {
			d.problems = append(d.problems, ui.Problem{Field: "zone." + string(row.card.Code), Words: locale.T(r.Context(), "convene.zone.wrong")})
		} else if row.chosen {
			terms.Members = append(terms.Members, group.Member{Code: row.card.Code, Names: row.card.Names, Signing: row.card.Signing, Zone: row.zone})
		}
	}
	chairs, wrong := d.chairs(r.Context())
	terms.Chairs, d.problems = chairs, append(d.problems, wrong...)
	d.problems = append(d.problems, d.rules(r.Context(), &terms)...)
	if len(d.problems) == 0 {
		g, err := s.chancery.Convene(r.Context(), v.who, terms)
		if err == nil {
			goTo(w, r, "/groups/"+g.Handle()+"?told=convened")
			return
		}
		if !s.refusedHere(w, r, v, err, &d.problems, nil) {
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return conveneView(f, d) })
}

// delegationData is the form by which a party sends its delegation.
type delegationData struct {
	Group    string `json:"group"`
	Rows     []delegateRow
	problems []ui.Problem
	sc       scene
	basis    string // how the delegation stood when the form was opened
}

// A delegateRow is one person of this server, and what that person may do in the group.
type delegateRow struct {
	Person party.Person `json:"person"`
	Powers []string     `json:"powers"`
	row    chancery.PersonRow
	gone   bool // sits in the delegation, and was removed from this server
}

var allPowers = []struct {
	power act.Powers
	words locale.Key
}{{act.MayPropose, "powers.propose"}, {act.MayAccept, "powers.accept"}, {act.MayRemark, "powers.remark"}, {act.MayConvene, "powers.convene"}, {act.MayCertify, "powers.certify"}}

func (s *Server) delegationOf(r *http.Request, v visit) (delegationData, error) {
	d := delegationData{Group: v.group.Handle(), sc: s.scene(r, v)}
	people, err := s.chancery.People(r.Context())
	if err != nil {
		return d, err
	}
	var seats plan.Delegation
	v.group.View(func(p *plan.State) { seats = p.Delegation(v.group.Self()) })
	d.basis = strings.Join([]string{locale.Int(int(seats.Place.Ordinal)), locale.Int(len(seats.Delegates))}, ".")
	for _, p := range people {
		row := delegateRow{Person: p.ID, row: p}
		for _, x := range seats.Delegates {
			if x.Person == p.ID {
				row.Powers = x.Powers.Names()
			}
		}
		if p.Removed.IsZero() {
			d.Rows = append(d.Rows, row)
		}
	}
	return d, nil
}

// delegationPage asks who sits for this party, with which powers.
func (s *Server) delegationPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.delegationOf(r, v)
	if err == nil && !d.sc.powers.Has(act.MayConvene) {
		err = chancery.ErrWithheld
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return delegationView(f, d) })
}

// delegationForm sends the delegation to all parties of the group.
func (s *Server) delegationForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.delegationOf(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	var b act.Accredit
	convenes := false
	for i, row := range d.Rows {
		names := r.PostForm["powers."+string(row.Person)]
		powers, err := act.ParsePowers(names)
		if err != nil {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
		d.Rows[i].Powers = names
		if powers == 0 {
			continue
		}
		convenes = convenes || powers.Has(act.MayConvene)
		b.Delegates = append(b.Delegates, act.Delegate{Person: row.Person, Name: row.row.Name, Role: row.row.Role, Agency: row.row.Agency, Powers: powers})
	}
	switch {
	case r.PostFormValue("basis") != d.basis:
		d.problems = []ui.Problem{{Words: locale.T(r.Context(), "delegation.moved")}}
	case !convenes:
		d.problems = []ui.Problem{{Field: "delegates", Words: locale.T(r.Context(), "delegation.convener")}}
	default:
		if _, err = v.group.Admit(r.Context(), v.who, chancery.Draft{Body: b}); err == nil {
			goTo(w, r, "/groups/"+v.group.Handle()+"?told=delegation")
			return
		}
		if !s.refusedHere(w, r, v, err, &d.problems, nil) {
			return
		}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return delegationView(f, d) })
}
