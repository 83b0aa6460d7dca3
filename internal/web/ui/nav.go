package ui

import "entente/internal/web/locale"

// entry is one line of the navigation.
type entry struct {
	section Section
	href    string
	icon    Icon
	label   locale.Key
	key     string // after "g" on the keyboard
	count   int
	hot     bool // the count asks for something
}

// block is a group of lines under a small heading.
type block struct {
	label   locale.Key
	entries []entry
}

// navigation lists the entries of a frame. What belongs to a group is left out
// until there is one: an entry always leads somewhere.
func (f Frame) navigation() []block {
	blocks := []block{{entries: []entry{
		{section: Today, href: "/", icon: IconToday, label: "nav.today", key: "t", count: f.Decisions, hot: true},
	}}}
	var work []entry
	if f.Group != "" {
		work = append(work,
			entry{section: Plan, href: f.Group + "/plan", icon: IconTree, label: "nav.plan", key: "p"},
			entry{section: Document, href: f.Group + "/doc", icon: IconDocument, label: "nav.document", key: "d"},
			entry{section: Negotiation, href: f.Group + "/negotiation", icon: IconBracket, label: "nav.negotiation", key: "n", count: f.Open},
			entry{section: Board, href: "/board", icon: IconFlag, label: "nav.board", key: "b"},
			entry{section: Rounds, href: f.Group + "/rounds", icon: IconClock, label: "nav.rounds", key: "r"})
	}
	work = append(work, entry{section: Statements, href: "/s", icon: IconQuote, label: "nav.statements", key: "m"})
	return append(blocks,
		block{label: "nav.work", entries: work},
		block{label: "nav.follow", entries: []entry{{section: Monitor, href: "/monitor", icon: IconMonitor, label: "nav.monitor", key: "w"}}},
		block{label: "nav.link", entries: []entry{
			{section: Groups, href: "/groups", icon: IconPeople, label: "nav.groups"},
			{section: Counterparts, href: "/sync", icon: IconSync, label: "nav.counterparts", key: "s"},
			{section: Verify, href: "/verify", icon: IconVerify, label: "nav.verify"},
			{section: Settings, href: "/settings", icon: IconSettings, label: "nav.settings"},
		}})
}

// shortcut is one line of the key help.
type shortcut struct {
	keys []string
	does locale.Key
}

// shortcuts lists every key; entente.js knows the same ones.
func shortcuts() []shortcut {
	return []shortcut{
		{[]string{"/"}, "keys.search"},
		{[]string{"g", "t"}, "keys.today"},
		{[]string{"g", "p"}, "keys.plan"},
		{[]string{"g", "d"}, "keys.document"},
		{[]string{"g", "n"}, "keys.negotiation"},
		{[]string{"g", "b"}, "keys.board"},
		{[]string{"g", "r"}, "keys.rounds"},
		{[]string{"g", "m"}, "keys.statements"},
		{[]string{"g", "w"}, "keys.monitor"},
		{[]string{"g", "s"}, "keys.counterparts"},
		{[]string{"j", "k"}, "keys.move"},
		{[]string{"→", "←"}, "keys.branch"},
		{[]string{"Enter"}, "keys.details"},
		{[]string{"b", "B"}, "keys.bracket"},
		{[]string{"c"}, "keys.counter"},
		{[]string{"e"}, "keys.language"},
		{[]string{"?"}, "keys.all"},
	}
}
