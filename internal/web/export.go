package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/ledger"
	"entente/party"
	"entente/plan"
	"entente/proof"
	"entente/text"
)

// maxTries is how often an export begins again because the plan changed while it was written.
const maxTries = 3

// docText gives the joint document as plain text: brackets as [US: …], marking at both ends.
func (s *Server) docText(w http.ResponseWriter, r *http.Request, v visit) {
	f := r.URL.Query()
	sc := s.scene(r, v)
	l := text.Lang(f.Get("lang"))
	if !slices.Contains(sc.charter.Languages, l) {
		l = sc.reading()
	}
	q := docQuery(f)
	q.Langs, q.Limit, q.Offset = []text.Lang{l}, plan.MaxRows, 0
	var b bytes.Buffer
	for range maxTries {
		b.Reset()
		before := v.group.Version()
		s.writeText(&b, r, v, sc, q, l)
		if v.group.Version() == before {
			break
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="joint-document-%s-%s-%s.txt"`, v.group.Handle(), q.View, l))
	if _, err := w.Write(b.Bytes()); err != nil {
		s.log.Warn("an export could not be written", "err", err)
	}
}

// writeText writes the document, so many paragraphs at a time.
func (s *Server) writeText(b *bytes.Buffer, r *http.Request, v visit, sc scene, q plan.DocumentQuery, l text.Lang) {
	p := locale.From(r.Context())
	mark := sc.charter.Ceiling.String() + " | " + p.F("marking.releasable", locale.Args{"Parties": joinCodes(sc.charter.Codes())}) + " | " + groupTitle(r, sc.charter)
	for first := true; ; first = false {
		var d plan.Document
		v.group.View(func(st *plan.State) { d = st.Document(q) })
		if first {
			fmt.Fprintf(b, "%s\n\n%s\n%s\n", mark, d.Title.Best(l).Text,
				p.F("doc.rolling", locale.Args{"N": locale.Int(d.Totals.Rolling), "Date": p.Day(sc.now)}))
			if notice := sc.charter.Notice.Best(l).Text; notice != "" {
				fmt.Fprintf(b, "%s\n", notice)
			}
		}
		for _, par := range d.Paragraphs {
			writeParagraph(b, par, l)
		}
		if !d.More || len(d.Paragraphs) == 0 {
			break
		}
		q.Offset += len(d.Paragraphs)
	}
	fmt.Fprintf(b, "\n%s\n", mark)
}

func writeParagraph(b *bytes.Buffer, par plan.Paragraph, l text.Lang) {
	fmt.Fprintf(b, "\n¶ %d  %s", par.Number, par.Display)
	if t, ok := langText(par.Title, l); ok {
		fmt.Fprintf(b, "  %s", following(t.Plain(), titleLine))
	}
	b.WriteString("\n")
	if spans, ok := spansIn(par.Changes, l); ok {
		b.WriteString(inset)
		writeChanges(b, spans)
	} else if t, ok := langText(par.Text, l); ok {
		fmt.Fprintf(b, "%s%s\n", inset, following(t.Plain(), inset))
	}
	for _, n := range par.Attached() {
		words := text.FormatBrackets([]text.Segment{{Text: n.Text.Best(l).Text}})
		fmt.Fprintf(b, "%s[%s %s: %s]\n", inset, n.Party, n.Verb(), following(words, inset))
	}
}

// How lines begin that are not the first of a title or a text: as in plan.State.Render, so that no
// line of somebody's words can be taken for another paragraph or another party's.
const (
	inset     = "    "
	titleLine = "  · "
)

func following(words, begin string) string { return strings.ReplaceAll(words, "\n", "\n"+begin) }

// writeChanges writes what was put in and what was taken out in the signs of plain text.
func writeChanges(b *bytes.Buffer, spans []text.Span) {
	for _, s := range spans {
		switch s.Op {
		case text.Put:
			fmt.Fprintf(b, "{+%s+}", following(s.Text, inset))
		case text.Cut:
			fmt.Fprintf(b, "{-%s-}", following(s.Text, inset))
		default:
			b.WriteString(following(s.Text, inset))
		}
	}
	b.WriteString("\n")
}

func joinCodes(list []party.Code) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}

// docProof gives the group's proof file: everything that the parties have signed, for a stranger to
// check. It is about a document where the address names one that was adopted.
func (s *Server) docProof(w http.ResponseWriter, r *http.Request, v visit) {
	var about proof.Subject
	if ref, err := act.ParseRef(r.URL.Query().Get("about")); err == nil {
		v.group.View(func(p *plan.State) {
			if e := p.Element(ref); e != nil && e.Kind() == act.Document && e.Shown(len(v.group.Charter().Parties)) != nil {
				about = proof.Subject{Document: ref, Revision: e.Shown(len(v.group.Charter().Parties)).ID}
			}
		})
		if about.IsPlan() {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
	}
	file, err := s.proofOf(r, v.group, about)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	name := "plan-" + v.group.Handle()
	if !about.IsPlan() {
		name = string(about.Document)
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.entente"`)
	if err := proof.Write(w, file); err != nil {
		s.log.Warn("a proof could not be written", "err", err)
	}
}

// allBytes asks for logs to their end.
const allBytes = 1 << 40

// proofOf gathers the logs of a group with their checkpoints, and the cards of its parties.
func (s *Server) proofOf(r *http.Request, g *chancery.Group, about proof.Subject) (proof.File, error) {
	c := g.Charter()
	f := proof.File{About: about, Charter: string(c.Format())}
	known, err := s.chancery.Counterparts(r.Context())
	if err != nil {
		return f, err
	}
	for _, m := range c.Parties {
		if m.Code == s.chancery.Self() {
			f.Cards = append(f.Cards, s.chancery.Card())
		}
		for _, o := range known {
			if o.Card.Code == m.Code && o.Card.Signing.Equal(m.Signing) {
				f.Cards = append(f.Cards, o.Card)
			}
		}
	}
	for _, d := range g.Deltas(map[ledger.Log]uint64{}, allBytes) {
		l := proof.Log{Party: d.Log.Party, Epoch: d.Log.Epoch, Note: d.Note}
		for _, leaf := range d.Leaves {
			l.Leaves = append(l.Leaves, string(leaf))
		}
		f.Logs = append(f.Logs, l)
	}
	return f, nil
}
