package web

import (
	"net/http"
	"strings"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A visit is one request of somebody, and the group it is about.
type visit struct {
	who   chancery.Who
	group *chancery.Group // nil where the page is about none
	json  bool            // the twin was asked for
}

// A page answers the request of somebody who is signed in.
type page func(w http.ResponseWriter, r *http.Request, v visit)

// signedIn wraps a page: who is not signed in is sent to the sign-in page, and comes back.
func (s *Server) signedIn(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := visit{json: wantsJSON(r)}
		who, err := s.session(r)
		if err != nil {
			s.turnAway(w, r, v, err)
			return
		}
		v.who = who
		p(w, r, v)
	}
}

// inGroup wraps a page of a group: to who does not sit in its delegation it does not exist.
func (s *Server) inGroup(p page) http.HandlerFunc {
	return s.signedIn(func(w http.ResponseWriter, r *http.Request, v visit) {
		g, ok := s.chancery.Group(r.PathValue("g"))
		if !ok || !g.Seats(v.who) {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
		v.group = g
		p(w, r, v)
	})
}

func wantsJSON(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, jsonSuffix) }

const jsonSuffix = ".json"

// pathRef is the element reference in an address, with the twin's suffix taken off.
func pathRef(r *http.Request) (act.Ref, error) {
	ref, err := act.ParseRef(strings.TrimSuffix(r.PathValue("ref"), jsonSuffix))
	if err != nil {
		return "", chancery.ErrWithheld
	}
	return ref, nil
}

// frame fills what every page has around it.
func (s *Server) frame(r *http.Request, v visit) ui.Frame {
	pref := preferences(r)
	f := ui.Frame{
		Path: r.URL.RequestURI(), Theme: ui.Theme(pref.theme), Compact: pref.density == "compact", Keys: pref.keys != "off",
		Languages: s.book.Languages(), Assets: s.assets, Live: "/events",
	}
	if v.who.Person == "" {
		f.Live = ""
		return f
	}
	f.Person = ui.Person{ID: string(v.who.Person), Name: v.who.Name.Best(s.lang(r)).Text}
	f.Server = s.serverBox(r)
	f.Step = s.step(r, v.who)
	seen := s.chancery.Seen(v.who)
	f.Decisions = s.decisions(seen)
	f.Live = "/events?seen=" + versions(seen)
	g := v.group
	if g == nil {
		g = s.lastGroup(r, seen)
	}
	if g != nil {
		s.frameGroup(r, &f, g, v.group != nil)
	}
	return f
}

// frameGroup fills what a page says of the group it is about, or of the one last looked at.
func (s *Server) frameGroup(r *http.Request, f *ui.Frame, g *chancery.Group, about bool) {
	c := g.Charter()
	l := s.lang(r)
	f.Group = "/g/" + g.Handle()
	f.PlanTitle = c.Plan.Best(l).Text
	f.Demo = c.Notice.Best(l).Text
	g.View(func(p *plan.State) { f.Open = p.Count(plan.InBrackets) })
	scope := locale.T(r.Context(), "marking.all")
	if about {
		scope = groupTitle(r, c)
	}
	codes := make([]string, len(c.Parties))
	for i, m := range c.Parties {
		codes[i] = string(m.Code)
	}
	f.Marking = ui.Marking{TLP: c.Ceiling.TLP.String(), Scope: scope,
		Releasable: locale.F(r.Context(), "marking.releasable", locale.Args{"Parties": strings.Join(codes, ", ")})}
}

// groupTitle names a group: "Working group 1 · Nuclear agreement", or the plenary's name alone.
func groupTitle(r *http.Request, c group.Charter) string {
	name := c.Name.Best(text.Lang(locale.From(r.Context()).Tag())).Text
	if c.Number == 0 {
		return name
	}
	return locale.F(r.Context(), "group.title", locale.Args{"Number": int(c.Number), "Name": name})
}

// decisions counts the elements on which it is this party's turn, over the groups. A group is
// counted anew only when it has changed.
func (s *Server) decisions(groups []*chancery.Group) (n int) {
	for _, g := range groups {
		at := g.Version() + 1
		if c, ok := s.turns.Load(g.ID()); ok && c.(turnCount).at == at {
			n += c.(turnCount).n
			continue
		}
		c := turnCount{at: at}
		g.View(func(p *plan.State) {
			for _, e := range p.Open() {
				if p.TurnOf(e, g.Self()) {
					c.n++
				}
			}
		})
		s.turns.Store(g.ID(), c)
		n += c.n
	}
	return n
}

type turnCount struct {
	at uint64
	n  int
}

// lang is the language of the interface for the request.
func (s *Server) lang(r *http.Request) text.Lang { return text.Lang(locale.From(r.Context()).Tag()) }

// partyOf shows a party of a group.
func partyOf(l text.Lang, c group.Charter, p uint8) ui.Party {
	m := c.Parties[p]
	return ui.Party{Ordinal: int(p), Code: string(m.Code), Name: m.Names.Best(l).Text}
}

// ordinals shows all parties of a group, in order of joining.
func partiesOf(l text.Lang, c group.Charter) []ui.Party {
	out := make([]ui.Party, len(c.Parties))
	for i := range out {
		out[i] = partyOf(l, c, uint8(i))
	}
	return out
}

// serverBox is the box that says whose server this is.
func (s *Server) serverBox(r *http.Request) ui.Server {
	card := s.chancery.Card()
	box := ui.Server{Party: ui.Party{Code: string(card.Code), Name: card.Names.Best(s.lang(r)).Text}, Host: r.Host}
	for _, g := range s.chancery.Groups() {
		box.Party.Ordinal = int(g.Self())
		break
	}
	return box
}

// lastGroup is the group whose pages the person looked at last, else the first.
func (s *Server) lastGroup(r *http.Request, seen []*chancery.Group) *chancery.Group {
	handle := preferences(r).group
	for _, g := range seen {
		if g.Handle() == handle {
			return g
		}
	}
	if len(seen) > 0 {
		return seen[0]
	}
	return nil
}

// step is how the counterparts stand that the person may know of, for the header.
func (s *Server) step(r *http.Request, who chancery.Who) ui.Step {
	if s.couriers == nil {
		return ui.Step{}
	}
	list, err := s.chancery.Known(r.Context(), who)
	if err != nil || len(list) == 0 {
		return ui.Step{}
	}
	out := ui.Step{State: ui.InStep}
	for _, o := range list {
		st := s.couriers.Standing(o.Card.Code)
		if worst := stepState(st.State); worst > out.State {
			out = ui.Step{State: worst}
		}
		if stepState(st.State) == out.State {
			out.Parties = append(out.Parties, s.counterpart(r, o.Card))
			out.Since = st.LastContact
		}
	}
	return out
}

// counterpart shows a party by its card, in the colour of the first group shared with it.
func (s *Server) counterpart(r *http.Request, card party.Card) ui.Party {
	out := ui.Party{Ordinal: -1, Code: string(card.Code), Name: card.Names.Best(s.lang(r)).Text}
	for _, g := range s.chancery.Shared(card) {
		if p, ok := g.Charter().Ordinal(card.Code); ok {
			out.Ordinal = int(p)
			break
		}
	}
	return out
}
