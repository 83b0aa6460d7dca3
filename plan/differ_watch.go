package plan

import (
	"fmt"
	"strings"

	"entente/act"
)

// What is said of what is watched, as one line a field, so that positions which differ there are seen
// to differ.

func watchOf(c *act.Content) act.Watch {
	if c.Watch == nil {
		return act.Watch{}
	}
	return *c.Watch
}

func judged(c *act.Content) act.Judgement {
	if c.Judgement == nil {
		return act.Judgement{}
	}
	return *c.Judgement
}

type terms struct{ act.Terms }

func termsOf(c *act.Content) terms {
	if c.Terms == nil {
		return terms{}
	}
	return terms{*c.Terms}
}

func (t terms) bound() string {
	names := make([]string, len(t.Bound))
	for i, b := range t.Bound {
		names[i] = oneLine(b)
	}
	return strings.Join(names, ", ")
}

func (t terms) conversions() string {
	lines := make([]string, len(t.Conversions))
	for i, c := range t.Conversions {
		lines[i] = fmt.Sprintf("%s %s = %s %s", c.Amount, c.Unit, c.Equals, c.In)
	}
	return strings.Join(lines, ", ")
}

// procedure writes a sign before the days of a stage that runs beside the one before it, and one
// after those of a stage that cannot be extended.
func (t terms) procedure() string {
	lines := make([]string, len(t.Procedure))
	for i, s := range t.Procedure {
		line := oneLine(s.Name) + ": "
		if s.Beside {
			line += "∥ "
		}
		line += fmt.Sprint(s.Days)
		if s.Fixed {
			line += " !"
		}
		if len(s.Then) > 0 {
			line += " → " + oneLine(s.Then)
		}
		lines[i] = line
	}
	return strings.Join(lines, "; ")
}

func extendsOf(c *act.Content) string {
	if x := c.Extends; x != nil {
		return fmt.Sprintf("%s: %d + %d", x.Dispute.Short(), x.Stage, x.Days)
	}
	return ""
}

func span(from, to act.Date) string {
	if from == "" && to == "" {
		return ""
	}
	return string(from) + " – " + string(to)
}

func dayed(value string, on act.Date) string {
	if on == "" {
		return value
	}
	return value + " (" + string(on) + ")"
}

func worded(n uint8, word fmt.Stringer) string {
	if n == 0 {
		return ""
	}
	return word.String()
}
