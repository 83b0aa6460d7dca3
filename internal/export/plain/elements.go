package plain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"entente/act"
	"entente/text"
)

// place is where elements are put.
type place struct {
	ref    string // "C-1."
	parent act.Ref
	level  int
	n      int // references given so far
}

// elements makes elements of what stands at p: one of each block, but plain
// paragraphs and options without paragraphs of their own are put into the text
// of the paragraph before them.
func (r *reader) elements(list []*block, p *place) error {
	solo := 0 // options left of a choice that is not put into one text
	for len(list) > 0 {
		b := list[0]
		rest := list[1:]
		var words strings.Builder
		marks := b.marks
		options := 0
		switch {
		case b.heading > 0:
		case b.option != "":
			if solo > 0 {
				solo--
				break
			}
			n, whole := choice(list)
			if !whole {
				solo = n - 1
				break
			}
			for _, o := range list[:n] {
				addOption(&words, o)
				marks[1] = o.lastMark()
			}
			options, b, rest = n, &block{line: b.line}, list[n:]
		}
		kids := b.kids
		if len(kids) == 0 && options == 0 {
			if err := r.element(b, b.bodyWords(), marks, 0, nil, p); err != nil {
				return err
			}
			list = rest
			continue
		}
		if options == 0 {
			words.WriteString(b.bodyWords())
		}
		if b.number != "" || b.option != "" {
			var in int
			in, options = inText(&words, kids, options)
			if in > 0 {
				marks[1] = kids[in-1].lastMark()
			}
			kids = kids[in:]
		}
		if err := r.element(b, words.String(), marks, options, kids, p); err != nil {
			return err
		}
		list = rest
	}
	return nil
}

// bodyWords are the words of b that are not its title.
func (b *block) bodyWords() string {
	if b.heading > 0 {
		return ""
	}
	return b.words
}

// inText writes what of kids goes into the text of their paragraph, and returns
// how many of them and how many options there are by now.
func inText(words *strings.Builder, kids []*block, options int) (int, int) {
	in := 0
	for in < len(kids) {
		k := kids[in]
		n := 1
		switch {
		case k.option != "":
			var whole bool
			if n, whole = choice(kids[in:]); !whole {
				return in, options
			}
			for _, o := range kids[in : in+n] {
				addOption(words, o)
			}
			options += n
		case k.number != "" || len(k.kids) > 0:
			return in, options
		default:
			newLine(words)
			words.WriteString(k.words)
		}
		in += n
	}
	return in, options
}

// choice returns how many options list begins with, and whether none of them has
// paragraphs of its own and all together fit into a text.
func choice(list []*block) (n int, whole bool) {
	size := 0
	for whole = true; n < len(list) && list[n].option != ""; n++ {
		whole = whole && list[n].leaf()
		size += len(list[n].words) + len(list[n].word) + len(list[n].option) + len(" :\n")
		for _, k := range list[n].kids {
			size += len(k.words) + len("\n  ")
		}
	}
	return n, whole && size <= text.MaxText/2
}

// newLine begins a new line, if words are not at the start.
func newLine(words *strings.Builder) {
	if words.Len() > 0 {
		words.WriteByte('\n')
	}
}

// addOption writes an option in the plain form.
func addOption(words *strings.Builder, o *block) {
	newLine(words)
	words.WriteString(o.word + " " + o.option + ":")
	if o.words != "" {
		words.WriteByte(' ')
		indented(words, o.words)
	}
	for i, k := range o.kids {
		if i == 0 && o.words == "" && !strings.Contains(k.words, "\n") {
			words.WriteString(" " + k.words)
			continue
		}
		words.WriteString("\n  ")
		indented(words, k.words)
	}
}

// indented writes words whose further lines belong to the option before them.
func indented(words *strings.Builder, s string) {
	words.WriteString(strings.ReplaceAll(s, "\n", "\n  "))
}

// lastMark returns where the brackets of b and of what stands under it end.
func (b *block) lastMark() int32 {
	last := b.marks[1]
	for _, k := range b.kids {
		last = k.lastMark()
	}
	return last
}

// element makes the element of b, and those under it.
func (r *reader) element(b *block, words string, marks [2]int32, options int, kids []*block, p *place) error {
	title := ""
	switch {
	case b.heading > 0:
		title = b.words
	case b.option == "" && b.number == "":
	case b.number != "":
		title = b.number
	case b.option != "":
		title = b.word + " " + b.option + ":"
		options++
	}
	if len(title) > act.MaxTitle {
		if words != "" {
			title += "\n" + words
		}
		title, words = "", title
	}
	if trimmed(title) == "" && trimmed(words) == "" {
		return r.elements(kids, p)
	}
	ref, err := r.put(b, title, words, marks, options, p)
	if err != nil || len(kids) == 0 {
		return err
	}
	if p.level+1 == MaxLevels || len(ref) > act.MaxRef-8 {
		return r.elements(kids, p)
	}
	return r.elements(kids, &place{ref: string(ref) + ".", parent: ref, level: p.level + 1})
}

// put adds the drafts of one element: more than one where its text is too long.
func (r *reader) put(b *block, title, words string, marks [2]int32, options int, p *place) (first act.Ref, err error) {
	for {
		part, rest := splitText(words)
		p.n++
		ref, err := act.ParseRef(p.ref + strconv.Itoa(p.n))
		if err != nil {
			return "", fmt.Errorf("line %d: %w", b.line, err)
		}
		if len(r.draft.Elements) == MaxElements {
			return "", fmt.Errorf("line %d: there are more than %d paragraphs: read the text in parts", b.line, MaxElements)
		}
		r.draft.Elements = append(r.draft.Elements, Element{Ref: ref, Parent: p.parent, Title: trimmed(title), Text: trimmed(part), Number: b.num, Line: b.line, Level: p.level})
		e := &r.draft.Elements[len(r.draft.Elements)-1]
		if first == "" {
			first = ref
			e.Count = r.count(marks)
			e.Count.Options = int32(options)
			r.refs = append(r.refs, refMarks{ref, marks, b.heading > 0})
			if b.heading > 0 {
				r.draft.Articles = append(r.draft.Articles, Article{Ref: ref, Title: title})
			}
		} else {
			r.problem(b.line, 1, fmt.Sprintf("the text before is longer than %d bytes; it goes on here", text.MaxText))
		}
		if words, title = rest, ""; words == "" {
			return first, nil
		}
	}
}

// splitText cuts a text that is too long: at the end of a line, a sentence or a
// word, whichever there is.
func splitText(s string) (part, rest string) {
	if len(s) <= text.MaxText {
		return s, ""
	}
	const room = text.MaxText / 2
	at := text.MaxText
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	for _, end := range []string{"\n", ". ", "; ", " "} {
		if n := strings.LastIndex(s[:at], end); n > room {
			at = n + len(end)
			break
		}
	}
	return s[:at], s[at:]
}

// trimmed takes white space off the end of s, as text.Clean does; the lines of s
// are clean one by one.
func trimmed(s string) string { return strings.TrimRight(s, " \t\n") }
