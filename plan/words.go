package plan

import (
	"slices"
	"sync"

	"entente/accord"
	"entente/act"
	"entente/text"
)

// A reading is one revision that parties stand by, and what it says.
type reading struct {
	rev     *accord.Revision
	content act.Content
	who     []uint8
}

// readings are the revisions that the parties stand by: the one each holds, or else the one in
// force, which binds it. Where nothing is in force, a party without a position has no reading.
func (s *State) readings(e *Element) (out []reading, silent bool) {
	now := e.InForce()
	for p := range s.rule.Parties() {
		r := e.Position(uint8(p))
		if r == nil {
			r = now
		}
		if r == nil {
			silent = true
			continue
		}
		i := slices.IndexFunc(out, func(x reading) bool { return x.rev == r })
		if i < 0 {
			i = len(out)
			out = append(out, reading{rev: r, content: s.Content(r)})
		}
		out[i].who = append(out[i].who, uint8(p))
	}
	return out, silent
}

// A part picks the title or the text of a content.
type part func(*act.Content) text.Texts

func titleOf(c *act.Content) text.Texts { return c.Title }
func textOf(c *act.Content) text.Texts  { return c.Text }

// A bracketer shows an element's words with brackets.
type bracketer struct {
	s        *State
	e        *Element
	readings []reading
	silent   bool        // some party has neither a position nor a text in force
	base     act.Content // in force, or nothing
	shown    act.Content
}

func (s *State) bracketer(e *Element) *bracketer {
	b := &bracketer{s: s, e: e}
	if e.status == InBrackets {
		b.readings, b.silent = s.readings(e)
		for i := range b.readings {
			if b.readings[i].rev == e.InForce() {
				b.base = b.readings[i].content
			}
			if b.readings[i].rev == e.shown {
				b.shown = b.readings[i].content
			}
		}
		if b.base.Kind == 0 {
			b.base = s.Content(e.InForce())
		}
	}
	if b.shown.Kind == 0 {
		b.shown = s.Content(e.shown)
	}
	return b
}

// words are one part in one language, with brackets; ok is false where nobody has words for it in
// that language.
func (b *bracketer) words(of part, l text.Lang) (out LangText, ok bool) {
	out = LangText{Lang: l, Dir: l.Dir()}
	if len(b.readings) == 0 {
		t, ok := of(&b.shown).Get(l)
		out.Segments = []text.Segment{{Text: t}}
		return out, ok
	}
	var sides []text.Side
	said, differ := "", false
	for i := range b.readings {
		x := &b.readings[i]
		t, _ := of(&x.content).Get(l)
		if x.content.Struck {
			t = ""
		}
		differ = differ || len(sides) > 0 && t != sides[0].Text
		said = max(said, t)
		for _, p := range x.who {
			sides = append(sides, text.Side{Who: string(b.s.charter.Code(p)), Text: t})
		}
	}
	switch {
	case said == "":
		return out, false
	case !differ && b.silent:
		out.Segments = []text.Segment{{Text: said, Who: whose(sides), Place: 1, Alt: 1, Depth: 1}}
	case !differ:
		out.Segments = []text.Segment{{Text: said}}
	default:
		base, _ := of(&b.base).Get(l)
		out.Segments, out.Nodes = text.Bracket(base, sides), text.Dispute(base, sides)
	}
	return out, true
}

func whose(sides []text.Side) []string {
	out := make([]string, len(sides))
	for i, x := range sides {
		out[i] = x.Who
	}
	return out
}

// inLangs is one part in each of the group's languages that it has words in.
func (b *bracketer) inLangs(of part) []LangText {
	var out []LangText
	for _, l := range b.s.charter.Languages {
		if t, ok := b.words(of, l); ok {
			out = append(out, b.behind(t))
		}
	}
	return out
}

// behind marks a text of which the shown revision, or one that is held, says that its language still
// follows an earlier one.
func (b *bracketer) behind(t LangText) LangText {
	for i := range b.readings {
		if b.s.follows(&t, b.readings[i].rev, &b.readings[i].content) {
			return t
		}
	}
	if len(b.readings) == 0 && b.e.shown != nil {
		b.s.follows(&t, b.e.shown, &b.shown)
	}
	return t
}

// follows marks a text of which the revision says that its language still follows an earlier one.
func (s *State) follows(t *LangText, r *accord.Revision, c *act.Content) bool {
	i := slices.IndexFunc(c.Follows, func(f act.Following) bool { return f.Lang == t.Lang })
	if i >= 0 && !c.Struck {
		d := s.behindOf(r, c.Follows[i])
		t.Behind, t.Of, t.Follows = true, s.RevisionRef(r), d.Earlier
	}
	return t.Behind
}

// Brackets is how many brackets a reader of the element has to settle: those in the title and the
// text in the group's first language that has them, whether positions differ there or somebody has
// tabled them, and one for each other field on which positions differ; an element that is open has
// one at least, any other none.
func (s *State) Brackets(e *Element) int {
	if e.status != InBrackets {
		return 0
	}
	if n := e.brackets.Load(); n > 0 {
		return int(n) - 1
	}
	return s.bracketed(e).brackets
}

// A bracketed is the words of one element with brackets, in the group's languages.
type bracketed struct {
	title, text []LangText
	differences []Difference
	tabled      text.Tally // what stands in the words of the text that is being asked about
	brackets    int
}

// bracketed makes the words of an element with brackets, or finds them made.
func (s *State) bracketed(e *Element) *bracketed {
	if w := s.shelf.get(e); w != nil {
		return w
	}
	b := s.bracketer(e)
	w := &bracketed{title: b.inLangs(titleOf), text: b.inLangs(textOf)}
	if e.status != InBrackets {
		return w
	}
	w.differences = differences(b)
	asked := s.Content(e.Leading())
	w.tabled = s.tabledIn(&asked)
	w.brackets = max(1, len(w.differences)+firstBrackets(w.title)+firstBrackets(w.text))
	e.brackets.Store(int32(w.brackets) + 1)
	s.shelf.put(e, w)
	return w
}

func firstBrackets(list []LangText) int {
	for _, t := range list {
		if n := text.Brackets(t.Segments); n > 0 {
			return n
		}
	}
	return 0
}

// in keeps the languages asked for, in the order asked.
func in(list []LangText, langs []text.Lang) []LangText {
	var out []LangText
	for _, l := range langs {
		for _, t := range list {
			if t.Lang == l {
				out = append(out, t)
			}
		}
	}
	return out
}

// maxShelf is how many elements' bracketed words are kept at hand, some kilobytes each.
const maxShelf = 2048

// A shelf keeps bracketed words at hand: comparing texts word by word is most of the work of a
// page. What it gives out is shared and never changed.
type shelf struct {
	mu   sync.Mutex
	made map[*Element]*bracketed
}

func (h *shelf) get(e *Element) *bracketed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.made[e]
}

func (h *shelf) put(e *Element, w *bracketed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.made == nil || len(h.made) >= maxShelf {
		h.made = make(map[*Element]*bracketed, maxShelf/8)
	}
	h.made[e] = w
}

func (h *shelf) drop(e *Element) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.made, e)
}
