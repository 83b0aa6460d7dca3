package plain

import (
	"strings"

	"entente/plan"
	"entente/text"
)

// step is how far each level is further in, in columns.
const step = 4

// Write writes paragraphs of a joint document in the plain form, in one language:
// brackets with whose they are, reservations after what they are about. Titles
// stand on lines that begin with #, one for each level; numbers of paragraphs and
// options stand before their words. What is written here and has no computed
// bracket, Read reads again as the same titles and texts.
func Write(paragraphs []plan.Paragraph, l text.Lang) string {
	w := &writer{lang: l}
	for i := range paragraphs {
		w.paragraph(&paragraphs[i])
	}
	return strings.TrimLeft(w.b.String(), "\n")
}

// writer is the state of one Write.
type writer struct {
	b     strings.Builder
	lang  text.Lang
	under int // levels of headings above
}

// paragraph writes one paragraph of the document.
func (w *writer) paragraph(p *plan.Paragraph) {
	title, words := w.words(p.Title), w.words(p.Text)
	if title != "" && !leads(title) {
		w.under = p.Level + 1
		w.b.WriteString("\n" + strings.Repeat("#", p.Level+1) + " " + strings.ReplaceAll(title, "\n", " ") + "\n")
		title = ""
	}
	inset := strings.Repeat(" ", step*max(p.Level-w.under, 0))
	if title != "" || words != "" {
		w.b.WriteString("\n" + inset)
		w.b.WriteString(title)
		switch _, alone := looseNumber(title); {
		case title == "" || words == "":
		case alone > 0: // "Pp12" has a line of its own
			w.b.WriteString("\n" + inset + strings.Repeat(" ", step))
		default:
			w.b.WriteByte(' ')
		}
		w.lines(words, inset+strings.Repeat(" ", step))
	}
	for _, n := range p.Reservations {
		reason, _ := n.Text.Get(w.lang)
		if reason == "" {
			reason = n.Text.Best().Text
		}
		node := text.Node{Kind: text.NodeBracket, Who: []string{string(n.Party)}, Verb: text.Reserves, Nodes: text.NodesOf([]text.Segment{{Text: reason}})}
		w.b.WriteString("\n" + inset)
		w.lines(text.FormatNodes([]text.Node{node}), inset+strings.Repeat(" ", step))
	}
}

// words returns what list has in the writer's language, in the plain form.
func (w *writer) words(list []plan.LangText) string {
	for _, t := range list {
		if t.Lang == w.lang {
			return t.Plain()
		}
	}
	return ""
}

// lines writes words of several lines: those after the first further in, with an
// empty line before each that is no option.
func (w *writer) lines(words, inset string) {
	for i, s := range strings.Split(words, "\n") {
		if _, _, _, ok := optionHead(s); i > 0 && !ok {
			w.b.WriteByte('\n')
		}
		if i > 0 {
			w.b.WriteString(inset)
		}
		w.b.WriteString(s + "\n")
	}
}

// leads reports whether a title is the number of a paragraph or an option, which
// stands before its words on one line.
func leads(title string) bool {
	if n, size := text.ParseNumber(title); size == len(title) && n.Base != "" {
		return true
	}
	if _, size := looseNumber(title); size > 0 {
		return true
	}
	if _, size := looseNumber(title + " A"); size == len(title) {
		return true
	}
	_, _, rest, ok := optionHead(title)
	return ok && rest == ""
}
