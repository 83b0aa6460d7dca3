package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/export/plain"
	"entente/ledger"
	"entente/plan"
	"entente/proof"
	"entente/text"
)

// ProofFile gathers everything that the parties of a group have signed, up to their checkpoints,
// into one proof: about a document's revision in force or, where ref is empty, about the whole
// plan. The cards of the parties that are known here go with it.
func ProofFile(ctx context.Context, c *chancery.Chancery, g *chancery.Group, ref act.Ref) (proof.File, error) {
	charter := g.Charter()
	f := proof.File{Charter: string(charter.Format())}
	if ref != "" {
		missing := true
		g.View(func(p *plan.State) {
			if e := p.Element(ref); e != nil && e.Kind() == act.Document && e.InForce() != nil {
				f.About, missing = proof.Subject{Document: ref, Revision: e.InForce().ID}, false
			}
		})
		if missing {
			return f, refuse("document", "%s is no document that all parties have agreed on. Nothing was written. Look at the plan for the documents there are.", ref.Display())
		}
	}
	known, err := c.Counterparts(ctx)
	if err != nil {
		return f, err
	}
	for _, m := range charter.Parties {
		if m.Code == c.Self() {
			f.Cards = append(f.Cards, c.Card())
			continue
		}
		for _, o := range known {
			if o.Card.Code == m.Code && o.Card.Signing.Equal(m.Signing) {
				f.Cards = append(f.Cards, o.Card)
			}
		}
	}
	for _, h := range g.Heads() {
		l := proof.Log{Party: h.Log.Party, Epoch: h.Log.Epoch, Note: h.Note}
		g.Book(h.Log, func(b *ledger.Book) {
			for i := range h.Size {
				l.Leaves = append(l.Leaves, b.Leaf(i))
			}
		})
		f.Logs = append(f.Logs, l)
	}
	return f, nil
}

// WriteProof writes the proof of a document or a plan.
func WriteProof(ctx context.Context, w io.Writer, c *chancery.Chancery, g *chancery.Group, ref act.Ref) error {
	f, err := ProofFile(ctx, c, g, ref)
	if err != nil {
		return err
	}
	return proof.Write(w, f)
}

// DocumentText is the canonical text of a document in force in one language, what its digest is over.
func DocumentText(p *plan.State, ref act.Ref, l text.Lang) (string, error) {
	e := p.Element(ref)
	if e == nil || e.Kind() != act.Document || e.InForce() == nil {
		return "", refuse("document", "%s is no document that all parties have agreed on. Nothing was written. Look at the plan for the documents there are.", ref.Display())
	}
	words, err := p.Render(p.Content(e.InForce()).Contains, l)
	if err != nil {
		return "", refuse("document", "The document cannot be written in %s: %v. Nothing was written.", l.Autonym(), err)
	}
	return words, nil
}

// AskProof says what a proof is to be about.
type AskProof struct {
	About string `json:"about,omitempty" doc:"the reference of a document; none for the whole plan"`
}

// proofFile answers with the bytes of a proof, not with JSON.
func (s *Server) proofFile(r *http.Request, v visit, ask AskProof) (rawFile, error) {
	var ref act.Ref
	var err error
	if ask.About != "" {
		if ref, err = ParseRef(ask.About); err != nil {
			return nil, err
		}
	}
	var file bytes.Buffer
	err = WriteProof(r.Context(), &file, s.Chancery, v.group, ref)
	return file.Bytes(), err
}

// AskText asks for words in one language.
type AskText struct {
	Lang string `json:"lang" doc:"the language, as in en"`
	Ref  string `json:"ref,omitempty" doc:"the reference of a document; none for the rolling text"`
	As   string `json:"as,omitempty" doc:"of the rolling text: plain for the form that an import reads again"`
}

// A PlainText is words without their form.
type PlainText struct {
	Text string `json:"text"`
}

// asPlain asks for the plain form of docs/spec/brackets.md.
const asPlain = "plain"

// documentText answers with the text of a document, or of what stands of the plan in brackets.
func (s *Server) documentText(_ *http.Request, v visit, ask AskText) (out PlainText, err error) {
	lang, err := text.ParseLang(ask.Lang)
	if err != nil {
		return out, badRequest("%v.", err)
	}
	if ask.As != "" && (ask.As != asPlain || ask.Ref != "") {
		return out, badRequest("%.20q: only the rolling text is given in another form, and only as plain.", ask.As)
	}
	v.group.View(func(p *plan.State) {
		if ask.Ref != "" {
			var ref act.Ref
			if ref, err = ParseRef(ask.Ref); err == nil {
				out.Text, err = DocumentText(p, ref, lang)
			}
			return
		}
		if ask.As == asPlain {
			out.Text = plain.Write(paragraphs(p, lang), lang)
		} else {
			out.Text = RollingText(p, lang)
		}
	})
	switch {
	case err != nil:
	case ask.As == asPlain:
		out.Text = fronted(v.group.Charter(), lang, out.Text)
	default:
		out.Text = marked(v.group.Charter(), lang, out.Text)
	}
	return out, err
}

// marked puts a group's marking above and below words that leave it: how narrowly they are to be
// handled, to whom they may be released, and of which group they are. The words between are as they were.
func marked(c group.Charter, l text.Lang, words string) string {
	line := markingLine(c, l)
	top := line
	if notice := c.Notice.Best(l).Text; notice != "" {
		top += notice + "\n"
	}
	return top + "\n" + words + "\n" + line
}

func markingLine(c group.Charter, l text.Lang) string {
	codes := make([]string, len(c.Parties))
	for i, m := range c.Parties {
		codes[i] = string(m.Code)
	}
	return fmt.Sprintf("%s | Releasable to %s | %s\n", c.Ceiling, strings.Join(codes, ", "), oneLine(c.Name.Best(l).Text))
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// fronted puts the same before words that may be read again: as front matter, which is no part of them.
func fronted(c group.Charter, l text.Lang, words string) string {
	top := "---\nmarking: " + markingLine(c, l)
	if notice := c.Notice.Best(l).Text; notice != "" {
		top += "notice: " + oneLine(notice) + "\n"
	}
	return top + "---\n\n" + words
}

// paragraphs are all of the joint document in one language.
func paragraphs(p *plan.State, l text.Lang) (out []plan.Paragraph) {
	q := plan.DocumentQuery{Langs: []text.Lang{l}, Limit: plan.MaxRows}
	for {
		d := p.Document(q)
		out = append(out, d.Paragraphs...)
		if !d.More {
			return out
		}
		q.Offset += len(d.Paragraphs)
	}
}

// RollingText is the joint document as it stands, as plain text: brackets as “[US: …]”, and
// reservations below their paragraphs.
func RollingText(p *plan.State, l text.Lang) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", p.Document(plan.DocumentQuery{Langs: []text.Lang{l}, Limit: 1}).Title.Best(l).Text)
	for _, x := range paragraphs(p, l) {
		fmt.Fprintf(&b, "\n¶ %d  %s", x.Number, x.Display)
		writeSegments(&b, "  ", titleLine, x.Title)
		writeSegments(&b, "\n"+inset, inset, x.Text)
		b.WriteString("\n")
		for _, n := range x.Attached() {
			fmt.Fprintf(&b, "%s[%s %s: %s]\n", inset, n.Party, n.Verb(), following(text.FormatBrackets([]text.Segment{{Text: n.Text.Best(l).Text}}), inset))
		}
	}
	return b.String()
}

// How lines begin that are not the first of a title or a text: as in plan.State.Render, so that no
// line of somebody's words can be taken for another paragraph or another party's.
const (
	inset     = "    "
	titleLine = "  · "
)

func following(words, begin string) string { return strings.ReplaceAll(words, "\n", "\n"+begin) }

func writeSegments(b *bytes.Buffer, before, begin string, words []plan.LangText) {
	for _, w := range words {
		if len(w.Segments) > 0 {
			b.WriteString(before + following(w.Plain(), begin))
		}
	}
}
