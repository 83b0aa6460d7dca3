package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// A scene is what the pages of one group speak with: the reader's language, the parties and their
// colours, and what the person who reads may do.
type scene struct {
	lang    text.Lang
	charter group.Charter
	self    uint8
	base    string // "/g/1"
	powers  act.Powers
	held    string // why nothing can be written; "" where it can
	now     time.Time
}

func (s *Server) scene(r *http.Request, v visit) scene { return s.sceneOf(r, v.who, v.group) }

func (s *Server) sceneOf(r *http.Request, who chancery.Who, g *chancery.Group) scene {
	return scene{lang: s.lang(r), charter: g.Charter(), self: g.Self(), base: "/g/" + g.Handle(), powers: g.Powers(who), held: houseSaid(locale.From(r.Context()), g.Held()), now: s.now()}
}

// may reports whether the person may do that for the party, and the server can write.
func (c scene) may(p act.Powers) bool { return c.held == "" && c.powers.Has(p) }

// party shows a party of the group; one that is none of it goes by its code.
func (c scene) party(code party.Code) ui.Party {
	if p, ok := c.charter.Ordinal(code); ok {
		return partyOf(c.lang, c.charter, p)
	}
	return ui.Party{Ordinal: -1, Code: string(code), Name: string(code)}
}

func (c scene) parties(codes []party.Code) []ui.Party {
	out := make([]ui.Party, len(codes))
	for i, code := range codes {
		out[i] = c.party(code)
	}
	return out
}

func (c scene) name(code party.Code) string { return c.party(code).Name }

// code is this party's.
func (c scene) code() party.Code { return c.charter.Code(c.self) }

// own is this party.
func (c scene) own() ui.Party { return partyOf(c.lang, c.charter, c.self) }

// others are the parties of the group but this one.
func (c scene) others() []ui.Party {
	all := partiesOf(c.lang, c.charter)
	return slices.Delete(all, int(c.self), int(c.self)+1)
}

// best is a text in the reader's language, or in the first of the group's that it has.
func (c scene) best(t text.Texts) text.Version {
	return t.Best(append([]text.Lang{c.lang}, c.charter.Languages...)...)
}

// reading is the language in which the reader is shown texts where only one is.
func (c scene) reading() text.Lang {
	if slices.Contains(c.charter.Languages, c.lang) {
		return c.lang
	}
	return c.charter.Languages[0]
}

// langs are the group's languages, the reader's first.
func (c scene) langs() []text.Lang {
	first := c.reading()
	out := []text.Lang{first}
	for _, l := range c.charter.Languages {
		if l != first {
			out = append(out, l)
		}
	}
	return out
}

// href is the address of an element's page, or of one below it.
func (c scene) href(ref act.Ref, below string) string {
	return c.base + "/e/" + string(ref) + below
}

// kindKey names a kind of element.
func kindKey(k act.ElementKind) locale.Key {
	switch k {
	case act.Goal:
		return "kind.goal"
	case act.Way:
		return "kind.way"
	case act.Action:
		return "kind.action"
	case act.Means:
		return "kind.means"
	case act.Statement:
		return "kind.statement"
	case act.Passage:
		return "kind.passage"
	case act.Document:
		return "kind.document"
	case act.Package:
		return "kind.package"
	case act.Round:
		return "kind.round"
	}
	return watchedKindKey(k)
}

// watchedKindKey names a kind of what is watched; any other is a clause.
func watchedKindKey(k act.ElementKind) locale.Key {
	switch k {
	case act.Agreement:
		return "kind.agreement"
	case act.Obligation:
		return "kind.obligation"
	case act.Programme:
		return "kind.programme"
	case act.Milestone:
		return "kind.milestone"
	case act.Hypothesis:
		return "kind.hypothesis"
	case act.Assessment:
		return "kind.assessment"
	case act.Extension:
		return "kind.extension"
	}
	return "kind.clause"
}

// stateOf is how a status is shown.
func stateOf(s plan.Status) ui.TextState {
	switch s {
	case plan.InBrackets:
		return ui.StateBrackets
	case plan.Reserved:
		return ui.StateReserved
	case plan.Withdrawn:
		return ui.StateWithdrawn
	case plan.Removed:
		return ui.StateStruck
	}
	return ui.StateAgreed
}

// markState is how the mark of a paragraph is shown.
func markState(mark string) ui.TextState {
	switch mark {
	case plan.MarkBracket:
		return ui.StateBrackets
	case plan.MarkReserved:
		return ui.StateReserved
	}
	return ui.StateAgreed
}

// stanceOf is how the badge of a party that stands so is filled.
func stanceOf(state string) ui.Stance {
	switch state {
	case plan.Accepts:
		return ui.Accepted
	case plan.Reserves:
		return ui.Reserved
	}
	return ui.NotYet
}

// allAccept reports whether every party has accepted.
func allAccept(list []plan.Stand) bool {
	return !slices.ContainsFunc(list, func(s plan.Stand) bool { return s.State != plan.Accepts })
}

func accepting(list []plan.Stand) (n int) {
	for _, s := range list {
		if s.State == plan.Accepts {
			n++
		}
	}
	return n
}

// when is the time that a stamp gives.
func when(ms int64) time.Time { return time.UnixMilli(ms) }

// day shows a calendar day. Noon in UTC is that day in every capital.
func day(ctx context.Context, d act.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return locale.Day(ctx, t.Add(12*time.Hour))
}

// groupName names a group in a list.
func (c scene) groupName(ctx context.Context, of group.Charter) string {
	name := of.Name.Best(c.lang).Text
	if of.Number == 0 {
		return name
	}
	return locale.F(ctx, "group.title", locale.Args{"Number": int(of.Number), "Name": name})
}

func isIn(code party.Code, list []party.Code) bool { return slices.Contains(list, code) }
