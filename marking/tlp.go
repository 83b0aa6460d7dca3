package marking

import "fmt"

// TLP is a level of the Traffic Light Protocol, version 2.0 (FIRST, August
// 2022, www.first.org/tlp). A greater value is narrower.
type TLP uint8

// The levels, from the widest to the narrowest.
const (
	Clear       TLP = iota // no limit
	Green                  // within the community
	Amber                  // need to know, within the organisation and its clients
	AmberStrict            // need to know, within the organisation only
	Red                    // for the named recipients only
)

// level is how one level looks: its label, and its colour on black.
type level struct{ label, colour string }

var levels = [...]level{
	Clear:       {"TLP:CLEAR", "#FFFFFF"},
	Green:       {"TLP:GREEN", "#33FF00"},
	Amber:       {"TLP:AMBER", "#FFC000"},
	AmberStrict: {"TLP:AMBER+STRICT", "#FFC000"},
	Red:         {"TLP:RED", "#FF2B2B"},
}

// All lists the levels, from the widest to the narrowest.
func All() []TLP { return []TLP{Clear, Green, Amber, AmberStrict, Red} }

// String writes the level as the standard does: "TLP:AMBER+STRICT".
func (t TLP) String() string {
	if int(t) >= len(levels) {
		return fmt.Sprintf("TLP:%d", uint8(t))
	}
	return levels[t].label
}

// Colour is the level's colour, in sRGB, to be shown on black.
func (t TLP) Colour() string {
	if int(t) >= len(levels) {
		t = Red
	}
	return levels[t].colour
}

// ParseTLP reads exactly what [TLP.String] writes for a known level.
func ParseTLP(s string) (TLP, error) {
	for _, t := range All() {
		if levels[t].label == s {
			return t, nil
		}
	}
	if s == "TLP:WHITE" {
		return 0, fmt.Errorf("TLP:WHITE is a level of version 1; since version 2.0 it is called TLP:CLEAR")
	}
	if len(s) > 40 {
		s = s[:40]
	}
	return 0, fmt.Errorf("%+q is no marking level: the levels are TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT and TLP:RED", s)
}

// MarshalText writes the level as String does.
func (t TLP) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *TLP) UnmarshalText(b []byte) error {
	v, err := ParseTLP(string(b))
	if err == nil {
		*t = v
	}
	return err
}
