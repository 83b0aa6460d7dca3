package national

import (
	"fmt"
	"slices"
	"sync"

	"entente/act"
	"entente/text"
)

// A Kept entry is an entry as it stands, with the revisions before it.
type Kept struct {
	Entry
	Earlier []Entry `json:"earlier,omitempty"` // oldest first
}

// A margin is what the entries of one group amount to.
type margin struct {
	kept   []*Kept // by number: number n at n-1
	at     map[act.Ref][]*Kept
	bytes  int // of words, in all
	guard  runs
	read   sync.Mutex // guards rules
	rules  map[string]program
	unread map[string]error
}

// MaxGroupWords is how many bytes of words the margin of one group holds, earlier revisions with them.
const MaxGroupWords = 32 << 20

func newMargin() *margin {
	return &margin{at: map[act.Ref][]*Kept{}, guard: newRuns(), rules: map[string]program{}, unread: map[string]error{}}
}

// add takes the next revision of an entry that was kept.
func (m *margin) add(e Entry) error {
	switch {
	case e.Number == uint64(len(m.kept))+1 && e.Revision == 1:
		k := &Kept{Entry: e}
		m.kept = append(m.kept, k)
		m.at[e.Element] = append(m.at[e.Element], k)
	case e.Number == 0 || e.Number > uint64(len(m.kept)) || e.Revision != m.kept[e.Number-1].Revision+1:
		return fmt.Errorf("entry %d of the margin, revision %d, does not follow on what is kept", e.Number, e.Revision)
	default:
		k := m.kept[e.Number-1]
		k.Earlier = append(k.Earlier, k.Entry)
		k.Entry = e
	}
	m.bytes += weight(e)
	m.guard.add(e)
	return nil
}

func weight(e Entry) (n int) {
	for _, v := range slices.Concat(e.Words, e.Title) {
		n += len(v.Text)
	}
	for _, s := range e.cited() {
		n += len(s)
	}
	return n
}

// entry finds an entry by its number.
func (m *margin) entry(number uint64) (*Kept, bool) {
	if number == 0 || number > uint64(len(m.kept)) {
		return nil, false
	}
	return m.kept[number-1], true
}

// standing lists the entries of a field that have not ended, of the element and of the whole group.
func (m *margin) standing(ref act.Ref, f Field) (out []*Kept) {
	refs := []act.Ref{""}
	if ref != "" {
		refs = append(refs, ref)
	}
	for _, r := range refs {
		for _, k := range m.at[r] {
			if k.Field == f && !k.Ended {
				out = append(out, k)
			}
		}
	}
	return out
}

// program compiles a rule once.
func (m *margin) program(rule string) (program, error) {
	m.read.Lock()
	defer m.read.Unlock()
	if p, ok := m.rules[rule]; ok {
		return p, nil
	}
	if err, ok := m.unread[rule]; ok {
		return program{}, err
	}
	p, err := compile(rule)
	if err != nil {
		m.unread[rule] = err
		return program{}, err
	}
	m.rules[rule] = p
	return p, nil
}

// crossings checks texts of an element against its red lines and the whole group's.
func (m *margin) crossings(ref act.Ref, said []Said) []Crossing {
	out := []Crossing{}
	for _, k := range m.standing(ref, RedLines) {
		for _, s := range said {
			for _, c := range k.Line.cross(ref, s, m.program) {
				c.Number, c.Says = k.Number, k.Words
				out = append(out, c)
			}
		}
	}
	return out
}

// A View is the margin beside one element, or of a whole group: the content of its place on a page.
type View struct {
	Element      act.Ref    `json:"element,omitempty"`
	Instructions []Kept     `json:"instructions"`
	Fallbacks    []Kept     `json:"fallbacks"`
	RedLines     []Kept     `json:"redLines"`
	Crossings    []Crossing `json:"crossings"` // red lines that texts on the table cross
	Notes        []Kept     `json:"notes"`
	Readings     []Kept     `json:"readings"`
	Reasons      []Kept     `json:"reasons"`
	NeverSay     []Kept     `json:"neverSay"`
	Clearances   []Need     `json:"clearances"`
	Drafts       []Kept     `json:"drafts"`
	Releases     []Kept     `json:"releases"` // not used yet
	Officers     []Kept     `json:"officers"`
	Ended        []Kept     `json:"ended"`
}

// A Need is somebody who must clear a text, and whether the draft as it stands has been cleared.
type Need struct {
	Kept
	Given  *Entry  `json:"given,omitempty"`  // for the latest draft, word for word
	Lapsed []Entry `json:"lapsed,omitempty"` // given for texts that were changed since
}

// view shows the margin of an element, with what stands for the whole group; of the group for none.
func (m *margin) view(ref act.Ref) View {
	v := View{Element: ref, Crossings: []Crossing{}, Clearances: []Need{}, Ended: []Kept{}}
	for f, into := range map[Field]*[]Kept{Instruction: &v.Instructions, Fallback: &v.Fallbacks, RedLines: &v.RedLines, Note: &v.Notes, Reading: &v.Readings,
		Bracket: &v.Reasons, NeverSay: &v.NeverSay, Drafted: &v.Drafts, Released: &v.Releases, Officer: &v.Officers} {
		*into = []Kept{}
		for _, k := range m.standing(ref, f) {
			*into = append(*into, k.copy())
		}
	}
	for _, k := range m.at[ref] {
		if k.Ended {
			v.Ended = append(v.Ended, k.copy())
		}
	}
	var draft act.Hash
	if d := m.draft(ref); d != nil {
		draft = d.Draft
	}
	for _, k := range m.standing(ref, Clearance) {
		v.Clearances = append(v.Clearances, m.need(ref, k, draft))
	}
	return v
}

func (k *Kept) copy() Kept { return Kept{k.Entry, slices.Clone(k.Earlier)} }

// draft is the element's draft as it stands: the last that was written and has not ended.
func (m *margin) draft(ref act.Ref) *Kept {
	for _, k := range slices.Backward(m.at[ref]) {
		if k.Field == Drafted && !k.Ended {
			return k
		}
	}
	return nil
}

// need says how a clearance stands for an element's draft.
func (m *margin) need(ref act.Ref, k *Kept, draft act.Hash) Need {
	n := Need{Kept: k.copy()}
	for _, c := range m.at[ref] {
		switch {
		case c.Field != Cleared || c.For != k.Number || c.Ended:
		case !draft.IsZero() && c.Draft == draft:
			given := c.Entry
			n.Given = &given
		default:
			n.Lapsed = append(n.Lapsed, c.Entry)
		}
	}
	return n
}

// uncleared lists who has yet to clear a text.
func (m *margin) uncleared(ref act.Ref, draft act.Hash) (who []string) {
	for _, k := range m.standing(ref, Clearance) {
		if m.need(ref, k, draft).Given == nil {
			who = append(who, k.whose())
		}
	}
	return who
}

// whose names who must clear.
func (e Entry) whose() string {
	if e.Person != "" {
		return string(e.Person)
	}
	return e.Role
}

// mayClear reports whether the person may give a clearance.
func (e Entry) mayClear(h Hand) bool {
	if e.Person != "" {
		return e.Person == h.Person
	}
	return slices.ContainsFunc(h.Roles, func(r string) bool { return text.Fold(r) == text.Fold(e.Role) })
}
