package ui

// Icon names a line icon, drawn for this product on an 18 by 18 grid.
type Icon string

// The icons.
const (
	IconToday    Icon = "today"
	IconTree     Icon = "tree"
	IconDocument Icon = "document"
	IconBracket  Icon = "bracket"
	IconQuote    Icon = "quote"
	IconPen      Icon = "pen"
	IconPeople   Icon = "people"
	IconSync     Icon = "sync"
	IconSettings Icon = "settings"
	IconVerify   Icon = "verify"
	IconSearch   Icon = "search"
	IconMenu     Icon = "menu"
	IconCheck    Icon = "check"
	IconAgreed   Icon = "agreed"
	IconOk       Icon = "ok"
	IconWarn     Icon = "warn"
	IconBad      Icon = "bad"
	IconUnknown  Icon = "unknown"
	IconPending  Icon = "pending"
	IconClock    Icon = "clock"
	IconHand     Icon = "hand"
	IconHistory  Icon = "history"
	IconLock     Icon = "lock"
	IconKey      Icon = "key"
	IconPlus     Icon = "plus"
	IconDown     Icon = "down"
	IconNext     Icon = "next"
	IconPrevious Icon = "previous"
	IconOut      Icon = "out"
	IconPrint    Icon = "print"
	IconMore     Icon = "more"
	IconBundle   Icon = "bundle"
	IconStick    Icon = "stick"
	IconGlobe    Icon = "globe"
	IconLink     Icon = "link"
	IconFlag     Icon = "flag"
	IconRemark   Icon = "remark"
	IconUndo     Icon = "undo"
	IconExit     Icon = "exit"
	IconPhone    Icon = "phone"
	IconHelp     Icon = "help"
	IconStrike   Icon = "strike"
	IconScales   Icon = "scales"
	IconMonitor  Icon = "monitor"
)

// flips names the icons that point along the line of writing and are mirrored
// in languages written from right to left; ticks, clocks and rings are not.
var flips = map[Icon]bool{
	IconNext: true, IconPrevious: true, IconQuote: true, IconExit: true, IconUndo: true,
	IconTree: true, IconFlag: true, IconSettings: true,
}

// drawings holds the shapes of each icon.
var drawings = map[Icon]string{
	IconToday:    `<path d="M2.5 10.5h3.2l1 2h4.6l1-2h3.2"/><path d="M2.5 10.5 4.6 3.5h8.8l2.1 7v4h-13z"/>`,
	IconTree:     `<rect x="2.5" y="2.5" width="5" height="4" rx=".8"/><rect x="10.5" y="6.8" width="5" height="4" rx=".8"/><rect x="10.5" y="12.5" width="5" height="3" rx=".8"/><path d="M5 6.5V14h5.5M5 8.8h5.5"/>`,
	IconDocument: `<path d="M4 1.8h6.5L14 5.3v10.9H4z"/><path d="M10.3 2v3.5h3.5M6.3 8.5h5.4M6.3 11h5.4M6.3 13.4h3"/>`,
	IconBracket:  `<path d="M6 3H3v12h3M12 3h3v12h-3M6.4 9h5.2"/>`,
	IconQuote:    `<path d="M3 12.5c2.6-.6 3.6-2.4 3.6-5V4.7H2.8v4h2.6M10.4 12.5c2.6-.6 3.6-2.4 3.6-5V4.7h-3.8v4h2.6"/>`,
	IconPen:      `<path d="M2 15.5h14"/><path d="M4 12.7c-.3-1.4 0-2.4 1-3.4l6.6-6.6 2.6 2.6-6.6 6.6c-1 1-2 1.2-3.6.8z"/>`,
	IconPeople:   `<circle cx="6" cy="6.2" r="2.6"/><path d="M1.8 15c.3-2.9 1.9-4.4 4.2-4.4s3.9 1.5 4.2 4.4"/><path d="M11.3 3.9a2.5 2.5 0 0 1 0 4.7M12.4 10.9c2 .4 3.4 1.8 3.7 4.1"/>`,
	IconSync:     `<path d="M2.5 7a6.6 6.6 0 0 1 11.8-1.7M15.5 11a6.6 6.6 0 0 1-11.8 1.7"/><path d="M14.8 2v3.5h-3.5M3.2 16v-3.5h3.5"/>`,
	IconSettings: `<path d="M2.5 5h7M13.5 5h2M2.5 13h2M8.5 13h7"/><circle cx="11.5" cy="5" r="1.9"/><circle cx="6.5" cy="13" r="1.9"/>`,
	IconVerify:   `<path d="M9 1.8 15 4v4.5c0 3.8-2.4 6.3-6 7.7-3.6-1.4-6-3.9-6-7.7V4z"/><path d="m6 9 2.2 2.2L12.2 7"/>`,
	IconSearch:   `<circle cx="8" cy="8" r="5"/><path d="m11.8 11.8 3.7 3.7"/>`,
	IconMenu:     `<path d="M2.5 4.5h13M2.5 9h13M2.5 13.5h13"/>`,
	IconCheck:    `<path d="m3.5 9.5 3.6 3.6 7.4-8"/>`,
	IconAgreed:   `<path d="m1.5 9.5 3.3 3.3 6-6.8M8 12l.9.9 7.3-8"/>`,
	IconOk:       `<circle cx="9" cy="9" r="7"/><path d="m5.8 9.3 2.3 2.3 4.2-4.8"/>`,
	IconWarn:     `<path d="M9 2.2 16.5 15h-15z"/><path d="M9 7v3.7M9 12.9v.1"/>`,
	IconBad:      `<path d="M6 1.8h6L16.2 6v6L12 16.2H6L1.8 12V6z"/><path d="m6.5 6.5 5 5M11.5 6.5l-5 5"/>`,
	IconUnknown:  `<circle cx="9" cy="9" r="7" stroke-dasharray="2.6 2"/><path d="M7 7.2c.1-1.2.9-1.9 2.1-1.9 1.2 0 2 .7 2 1.7 0 1.5-2 1.5-2 3.1M9.1 12.7v.1"/>`,
	IconPending:  `<circle cx="9" cy="9" r="7" stroke-dasharray="2.6 2"/>`,
	IconClock:    `<circle cx="9" cy="9" r="7"/><path d="M9 5v4.2l2.8 1.7"/>`,
	IconHand:     `<path d="M5 9.5V4.7a1.1 1.1 0 0 1 2.2 0V8 3.3a1.1 1.1 0 0 1 2.2 0V8 4.2a1.1 1.1 0 0 1 2.2 0v5-2.5a1.1 1.1 0 0 1 2.2 0V11c0 3-1.9 5-4.7 5-2.6 0-3.8-1.2-5.2-3.6L2.4 10c.9-1 1.9-.6 2.6.4z"/>`,
	IconHistory:  `<path d="M2.5 9A6.5 6.5 0 1 0 5 3.9L3 5.5"/><path d="M2.8 2.3v3.4h3.4M9 5.5V9l2.5 1.6"/>`,
	IconLock:     `<rect x="3.5" y="8" width="11" height="7.5" rx="1.2"/><path d="M5.8 8V5.8a3.2 3.2 0 0 1 6.4 0V8"/>`,
	IconKey:      `<circle cx="5.8" cy="12.2" r="3"/><path d="m8 10 6.5-6.5M11.5 6.5l2.2 2.2"/>`,
	IconPlus:     `<path d="M9 3.5v11M3.5 9h11"/>`,
	IconDown:     `<path d="m4 6.5 5 5 5-5"/>`,
	IconNext:     `<path d="m6.5 4 5 5-5 5"/>`,
	IconPrevious: `<path d="m11.5 4-5 5 5 5"/>`,
	IconOut:      `<path d="M9 2.5v9M5 8l4 4 4-4M3 15.5h12"/>`,
	IconPrint:    `<path d="M5 6.5V2.5h8v4M5 12.5H3V7h12v5.5h-2"/><rect x="5" y="10.5" width="8" height="5"/>`,
	IconMore:     `<path d="M4 9h.01M9 9h.01M14 9h.01" stroke-width="2.4"/>`,
	IconBundle:   `<path d="M9 1.8 15.5 5v8L9 16.2 2.5 13V5z"/><path d="M2.7 5.2 9 8.3l6.3-3.1M9 8.3v7.7"/>`,
	IconStick:    `<rect x="5.5" y="7" width="7" height="9" rx="1.2"/><path d="M7 7V2.5h4V7M8.2 4.7v.1M9.8 4.7v.1"/>`,
	IconGlobe:    `<circle cx="9" cy="9" r="7"/><path d="M2 9h14M9 2c2.2 2 3.2 4.3 3.2 7S11.2 14 9 16c-2.2-2-3.2-4.3-3.2-7S6.8 4 9 2z"/>`,
	IconLink:     `<path d="M7.5 10.5 10.5 7.5M8 5.5l1.7-1.7a3 3 0 0 1 4.3 4.3L12.3 9.8M10 12.5l-1.7 1.7A3 3 0 0 1 4 9.9l1.7-1.7"/>`,
	IconFlag:     `<path d="M4.5 16V2.8h8.8l-1.9 3 1.9 3H4.5"/>`,
	IconRemark:   `<path d="M2.5 3.5h13v9H8.5L5 15.5v-3H2.5z"/>`,
	IconUndo:     `<path d="M6.5 3.5 3 7l3.5 3.5"/><path d="M3.3 7h7.2a4 4 0 0 1 0 8H7"/>`,
	IconExit:     `<path d="M8 3H3.5v12H8M11.5 5.5 15 9l-3.5 3.5M15 9H7"/>`,
	IconPhone:    `<path d="M4.3 2.5h2.6l1.3 3.4-1.8 1.3c.8 1.9 2.1 3.3 4.1 4.2l1.4-1.8 3.4 1.4v2.5c0 1-.8 1.8-1.8 1.7C7.4 14.8 3 10.4 2.6 4.300c-.1-1 .7-1.8 1.7-1.800z"/>`,
	IconHelp:     `<circle cx="9" cy="9" r="7"/><path d="M7 7.2c.1-1.2.9-1.9 2.1-1.9 1.2 0 2 .7 2 1.7 0 1.5-2 1.5-2 3.100M9.1 12.700v.1"/>`,
	IconStrike:   `<path d="M2.5 9h13M13 5.300C12.5 4 11 3.3 9 3.300c-2.5 0-4 1.2-4 2.900M5 12.500c.5 1.4 2 2.2 4 2.2 2.6 0 4.2-1.2 4.2-3"/>`,
	IconScales:   `<path d="M9 2.5v13M5.5 15.5h7M3 5l6-1.5L15 5"/><path d="M1.5 10.5 3.3 5.3l1.8 5.2c-.9 1.1-2.7 1.1-3.6 0zM12.9 10.5l1.8-5.2 1.8 5.2c-.9 1.1-2.7 1.1-3.6 0z"/>`,
	IconMonitor:  `<path d="M2 15.5h14"/><path d="M2 5.2h14" stroke-dasharray="2 2"/><path d="m2.5 12.5 3.6-3 3 1.8 3-4.5 3.4 2"/>`,
}

// brandMark is the product's mark: two brackets that meet.
const brandMark = `<path d="M10.5 3.5H4.5v17h6"/><path d="M13.5 3.5h6v17h-6"/><path d="M8.2 12h7.6" stroke-width="2"/>`

// shapes holds the sign of a party by order of joining, repeating after six.
var shapes = [colours]string{
	`<circle cx="5" cy="5" r="4.2"/>`,
	`<path d="M5 .2 9.8 5 5 9.8.2 5z"/>`,
	`<path d="M5 .6 9.8 9.400H.2z"/>`,
	`<path d="M.8.8h8.400v8.400H.8z"/>`,
	`<path d="M5 .3 9.8 3.9 8 9.600H2L.2 3.900z"/>`,
	`<path d="M3.3.3h3.400v3h3v3.400h-3v3H3.300v-3h-3V3.300h3z"/>`,
}

// class gives the classes of an icon.
func (i Icon) class(size string) string {
	c := "i"
	if size != "" {
		c += " " + size
	}
	if flips[i] {
		c += " flip"
	}
	return c
}
