// Package ui is what every page is made of: the shell around it (marking bars,
// header, navigation), party badges, states of a text, brackets, forms with
// their errors, tables, and the places where something is empty or wrong. The
// components are templ components; each writes HTML that works without a
// script, and none writes a style or a script of its own, because the pages'
// content security policy allows neither.
//
// Rules the components keep, and a page must keep too:
//
//   - Colour is information: it says who (a party) or how something stands, and
//     never without a shape and a word. Agreed is quiet, brackets are loud.
//   - Serif is what the parties wrote (class txt), sans is what the system says.
//   - Every sentence comes from package locale; dir and lang stand on every
//     stored text (Text, Brackets), <bdi> round references, numbers and hosts.
//   - Layout by logical properties only. No style attribute, no <style>, no
//     on… attribute, no physical left or right.
//   - A button says the act and its effect ("Send revision 5 to IL").
//   - Everything pressed is at least 24 px high, ours 36.
//
// A page:
//
//	templ planPage(f ui.Frame, v plan.Outline) {
//		@ui.Shell(f) {
//			@ui.Head(locale.T(ctx, "plan.title"), locale.T(ctx, "plan.lede"))
//			…
//		}
//	}
//
// Attributes that entente.js understands, all of them additions:
//
//	data-key="c"          a link that the key c follows (links only: no key sends a form)
//	data-row              a thing that j and k move to
//	data-toggle, data-details, aria-expanded, aria-level   on and in a data-row: a branch, and where Enter leads
//	data-next-bracket     the link b follows where the page shows no bracket itself
//	data-live id="…"      a region that is renewed when the server says something changed: wrap
//	                      what others can change, never a form somebody may be typing in
package ui

import (
	"strings"
	"time"
	"unicode/utf8"

	"entente/internal/web/assets"
	"entente/text"
)

// Section is an entry of the navigation.
type Section uint8

// The sections of the navigation, and none for pages outside it.
const (
	None Section = iota
	Today
	Plan
	Document
	Negotiation
	Board
	Rounds
	Statements
	Monitor
	Groups
	Counterparts
	Verify
	Settings
)

// Theme is the reader's choice of ground; System follows the reader's machine.
type Theme string

// The themes.
const (
	System Theme = ""
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// Party is a party as a page shows it.
type Party struct {
	Ordinal int        // place in the group's order of joining, from 0
	Code    string     // "US"
	Name    string     // in the reader's language: "United States"
	Letters text.Texts // on the badge, in languages that have their own ("ארה״ב"); elsewhere Code
}

// letters gives what stands on the badge beside words of a language.
func (p Party) letters(lang string) string {
	if s, ok := p.Letters.Get(text.Lang(lang)); ok {
		return s
	}
	return p.Code
}

// spoken gives what a screen reader says for the badge.
func (p Party) spoken() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Code
}

// colours is how many parties have a colour of their own; beyond it the letters
// and the shape tell them apart.
const colours = 6

// class gives the colour class of a party: p1 to p6 by order of joining, p0
// beyond.
func (p Party) class() string {
	if p.Ordinal < 0 || p.Ordinal >= colours {
		return "p0"
	}
	return "p" + string(rune('1'+p.Ordinal))
}

// Marking is what the bars at the top and bottom say.
type Marking struct {
	TLP        string // "TLP:AMBER+STRICT"
	Releasable string // "Releasable to US, IL", a whole sentence; "" leaves it out
	Scope      string // "Working group 1 · Nuclear agreement"
}

// class gives the colour of a TLP label, TLP 2.0 (first.org/tlp).
func (m Marking) class() string {
	switch strings.TrimPrefix(m.TLP, "TLP:") {
	case "RED":
		return "red"
	case "AMBER", "AMBER+STRICT":
		return "amber"
	case "GREEN":
		return "green"
	}
	return "clear"
}

// StepState says how this server and its counterparts stand.
type StepState uint8

// The states of the indicator in the header.
const (
	NoCounterpart StepState = iota // nobody is linked yet: nothing is shown
	InStep                         // each has what the other has said
	Behind                         // something is on its way
	Apart                          // a counterpart does not answer
	Broken                         // a counterpart's log changed its past
)

// Step is the indicator in the header.
type Step struct {
	State   StepState
	Parties []Party
	Since   time.Time // when last checked; zero leaves it out
}

// Person is who is signed in.
type Person struct {
	ID   string // "d.reyes"; "" when nobody is
	Name string // "D. Reyes"
	Role string // "Head of delegation"
}

// Initials gives the two letters of the round badge: "DR" for d.reyes.
func (p Person) Initials() string {
	name := p.Name
	if name == "" {
		name = p.ID
	}
	var out []rune
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == ' ' || r == '-' }) {
		r, _ := utf8.DecodeRuneInString(part)
		out = append(out, r)
		if len(out) == 2 {
			break
		}
	}
	return strings.ToUpper(string(out))
}

// Server is the box at the foot of the navigation.
type Server struct {
	Party Party
	Host  string // "entente.state.example"
}

// Frame is everything of a page that is not the page. The server fills most of
// it for every request (web.Server's frame); a page sets Title, Here and what
// it knows better.
type Frame struct {
	Title     string  // before " – Entente"
	Err       bool    // the page shows an error summary: the title starts "Error:"
	Here      Section // which entry of the navigation is the present page
	Marking   Marking
	Demo      string // the line of a demonstration; "" when this is none
	PlanTitle string // "Joint Strategic Work Plan"
	Step      Step
	Person    Person
	Server    Server
	Group     string // path of the group looked at, "/g/1"; "" before there is one
	Decisions int    // waiting for this person, shown at Today
	Open      int    // paragraphs in brackets, shown at Negotiation
	Path      string // path and query of this page, to come back to after a choice
	Query     string // words searched for, to stay in the box
	Live      string // address of the page's server-sent events; "" means none
	Theme     Theme
	Compact   bool
	Keys      bool     // single-letter keys are on
	Languages []string // the interface's, in the order of the switch
	Assets    *assets.Set
}
