package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/party"
	"entente/text"
)

// A Silence says for which kinds of element a group allows the silence procedure, and how long it
// lasts at least.
type Silence struct {
	Hours uint32
	Kinds []string
}

// A Holiday is a day on which a capital does not work.
type Holiday struct {
	On   string // 2017-12-25
	Name text.Texts
}

// A Seat is one person at the table of a round of talks.
type Seat = Chair

// A Member is one text of a package: the one that a party holds.
type Member struct {
	Element string
	Of      party.Code
}

// A Note is one entry of a party's national margin. It is said to nobody, and is no step.
type Note struct {
	Party   party.Code
	By      party.Person
	Group   uint32
	Element string // "" for the whole group
	Field   string // instruction, fallback, red-line, note, clearance, never-say; draft; reading
	Words   text.Texts
	Role    string        // clearance: who must give it
	Line    *Line         // red-line
	Reading *act.Reading  // reading: an observation that is not shared
	From    *act.Citation // and where it was read
}

// A Line is a red line: a number within bounds, or a phrase that must stand in the text.
type Line struct {
	Units    []string
	Min, Max string
	Must     text.Texts
}

type (
	wireSilence struct {
		Hours uint32   `json:"hours"`
		Kinds []string `json:"kinds"`
	}
	wireHoliday struct {
		On   string    `json:"on"`
		Name wireTexts `json:"name"`
	}
	wireMember struct {
		Element string `json:"element"`
		Of      string `json:"of"`
	}
	wireNote struct {
		Party   string       `json:"party"`
		By      string       `json:"by"`
		Group   *uint32      `json:"group"`
		Element string       `json:"element"`
		Field   string       `json:"field"`
		Words   wireTexts    `json:"words"`
		Role    string       `json:"role"`
		Line    *wireLine    `json:"line"`
		Reading *wireReading `json:"reading"`
		From    *wireSource  `json:"from"`
	}
	wireLine struct {
		Units []string  `json:"units"`
		Min   string    `json:"min"`
		Max   string    `json:"max"`
		Must  wireTexts `json:"must"`
	}
	// wireTalks is what a step has of what is done at the table beyond proposing and accepting.
	wireTalks struct {
		Until   string      `json:"until"`
		Offered bool        `json:"offered"`
		Role    wireTexts   `json:"role"`
		Sits    string      `json:"sits"`
		Present []wireChair `json:"present"`
	}
)

var (
	fields = []string{"instruction", "fallback", "red-line", "note", "clearance", "never-say", "draft", "reading"}
	sits   = []string{"opens", "closes"}
)

func (r *reader) calendar(at string, p *Party, w *wireParty) {
	for _, name := range w.Rest {
		i := slices.IndexFunc(weekdays(), func(d time.Weekday) bool { return strings.ToLower(d.String()) == name })
		if i < 0 || slices.Contains(p.Rest, time.Weekday(i)) {
			r.fail(at+": rest", "%.20q is no day of the week, or stands twice", name)
			return
		}
		p.Rest = append(p.Rest, time.Weekday(i))
	}
	for _, h := range w.Holidays {
		on := r.day(at+": holidays", h.On)
		if n := len(p.Holidays); n > 0 && on <= p.Holidays[n-1].On {
			r.fail(at+": holidays", "%s does not come after %s", on, p.Holidays[n-1].On)
		}
		p.Holidays = append(p.Holidays, Holiday{on, r.texts(at+": holidays", h.Name, true)})
	}
}

func weekdays() []time.Weekday {
	return []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
}

func (r *reader) silence(at string, w *wireSilence) *Silence {
	if w == nil {
		return nil
	}
	if w.Hours == 0 || len(w.Kinds) == 0 {
		r.fail(at, "a silence has hours and kinds")
	}
	for i, k := range w.Kinds {
		if _, ok := letters[k]; !ok || k == "package" || slices.Contains(w.Kinds[:i], k) {
			r.fail(at, "%.20q is no kind that can be under silence, or stands twice", k)
		}
	}
	return &Silence{w.Hours, w.Kinds}
}

// talks reads what a step has of what is done at the table, and asks for what its act needs.
func (r *reader) talks(at string, s *Step, w *wireStep) {
	if w.Until != "" {
		s.Until = r.time(at+": until", w.Until)
	}
	s.Offered, s.Sits, s.Role = w.Offered, w.Sits, r.texts(at+": role", w.Role, false)
	for _, c := range w.Present {
		s.Present = append(s.Present, Seat{parsed(r, at+": present", c.Party, party.ParseCode), parsed(r, at+": present", c.Person, party.ParsePerson)})
	}
	need := func(name string, there, wanted bool) {
		if there != wanted {
			r.fail(at, "a step has “%s” where its act needs it, and nowhere else", name)
		}
	}
	need("until", w.Until != "", s.Act == Refer || s.Act == Table && w.Until != "")
	need("offered", w.Offered, w.Offered && (s.Act == Table || s.Act == Accept))
	need("role", s.Role != nil, s.Act == Refer)
	need("sits", slices.Contains(sits, w.Sits), s.Act == Sit)
	need("present", len(w.Present) > 0, s.Act == Sit)
}

// contained reads what only packages, rounds and texts that are behind have.
func (r *reader) contained(at string, c *Content, w *wireContent) {
	c.Opens, c.Closes = r.day(at+": opens", w.Opens), r.day(at+": closes", w.Closes)
	for _, m := range w.Contains {
		c.Contains = append(c.Contains, Member{r.ref(at+": contains", m.Element), parsed(r, at+": contains", m.Of, party.ParseCode)})
	}
	for _, l := range r.langs {
		if of, ok := w.Follows[string(l)]; ok {
			c.Follows = append(c.Follows, Following{l, parsed(r, at+": follows", of, party.ParseCode)})
		}
	}
	if len(c.Follows) != len(w.Follows) || len(c.Follows) >= len(r.langs) {
		r.fail(at+": follows", "a language is not one of the story's, or all are behind")
	}
}

// notes reads the national margins.
func (r *reader) notes(list []wireNote) (out []Note) {
	for i, w := range list {
		at := fmt.Sprintf("margin[%d], %.20s %.40s", i, w.Field, w.Element)
		n := Note{Party: parsed(r, at, w.Party, party.ParseCode), By: parsed(r, at, w.By, party.ParsePerson), Field: w.Field, Role: w.Role,
			Words: r.texts(at+": words", w.Words, w.Field != "red-line" && w.Field != "clearance" && w.Field != "reading")}
		if w.Group == nil || !slices.Contains(fields, w.Field) || (w.Field == "red-line") != (w.Line != nil) || (w.Field == "clearance") != (w.Role != "") ||
			(w.Field == "reading") != (w.Reading != nil) || (w.Field == "reading") != (w.From != nil) || w.Field == "reading" && w.Element == "" {
			r.fail(at, "the group is missing, the field is none of %s, or a line or a role or a reading stands where it means nothing", strings.Join(fields, ", "))
			return nil
		}
		n.Group = *w.Group
		if w.Element != "" {
			n.Element = r.ref(at, w.Element)
		}
		if w.Reading != nil {
			v, from := r.reading(at, w.Reading), r.citation(at, *w.From)
			n.Reading, n.From = &v, &from
		}
		if w.Line != nil {
			n.Line = &Line{w.Line.Units, w.Line.Min, w.Line.Max, r.texts(at+": must", w.Line.Must, false)}
		}
		out = append(out, n)
	}
	return out
}

// checkTalks looks at a step of the talks beside what every step is held to.
func (s *Story) checkTalks(t *table, g *Group, step *Step) error {
	chairs := slices.Contains(g.Chairs, Chair{step.Party, step.By})
	if (step.Offered && step.Act == Table || step.Act == Sit || step.Act == Table && !step.Until.IsZero()) && !chairs {
		return fmt.Errorf("%s does not co-chair the group", step.By)
	}
	if !step.Until.IsZero() && !step.Until.After(step.At) {
		return fmt.Errorf("until is not ahead")
	}
	if step.Act == Table && !step.Until.IsZero() {
		if g.Silence == nil || !slices.Contains(g.Silence.Kinds, step.Content.Kind) || step.Until.Sub(step.At) <= time.Duration(g.Silence.Hours)*time.Hour {
			return fmt.Errorf("the group allows no such silence on a %s", step.Content.Kind)
		}
	}
	for _, p := range step.Present {
		if !slices.Contains(g.Parties, p.Party) || s.Party(p.Party).Person(p.Person) == nil {
			return fmt.Errorf("%s of %s is not here and cannot sit", p.Person, p.Party)
		}
	}
	if step.Content == nil {
		return nil
	}
	return t.checkContained(g, step)
}

// checkContained looks at what a text says of other texts: a package of its members, a text that is
// behind of the one that it follows.
func (t *table) checkContained(g *Group, step *Step) error {
	c := step.Content
	for _, m := range c.Contains {
		e := t.elements[m.Element]
		if e == nil || e.group != g || e.position[m.Of] == 0 {
			return fmt.Errorf("%s has no text of %s for a package", m.Of, m.Element)
		}
	}
	e := t.elements[step.Element]
	for _, f := range c.Follows {
		if e == nil || e.position[f.Of] == 0 {
			return fmt.Errorf("%s has no text that could be followed", f.Of)
		}
		was, _ := e.contents[e.position[f.Of]-1].Text.Get(f.Lang)
		if is, _ := c.Text.Get(f.Lang); is != was {
			return fmt.Errorf("the %s text is not the one of %s that it is said to follow", f.Lang, f.Of)
		}
	}
	return nil
}

// checkNotes sees to it that who notes something in a margin sits there, beside something that is.
func (s *Story) checkNotes(t *table) error {
	for i, n := range s.Margin {
		g := s.Group(n.Group)
		if g == nil || !slices.Contains(g.Parties, n.Party) || s.Party(n.Party).Person(n.By) == nil {
			return fmt.Errorf("margin[%d]: %s of %s does not sit in group %d", i, n.By, n.Party, n.Group)
		}
		if e := t.elements[n.Element]; n.Element != "" && (e == nil || e.group != g) {
			return fmt.Errorf("margin[%d]: %s is not tabled in group %d", i, n.Element, n.Group)
		}
	}
	return nil
}
